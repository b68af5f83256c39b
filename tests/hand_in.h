/* A document of one file handed in as our API does it, for tests. Include after tests/check.h. */
#pragma once

#include "exchange/intake.h"

struct hand_in {
    const char *header, *name;
    struct span bytes;
    const char *sign_key, *seal_key;
    const char *repeat_key;
};

static UNUSED void blob_of(struct store *store, struct span bytes, struct blob *ret_blob)
{
    struct blob_writer *writer = NULL;
    struct error err = {0};
    assert_true(blob_begin(store_blobs(store), &writer, &err));
    assert_true(blob_add(writer, bytes, &err));
    assert_true(blob_commit(&writer, ret_blob, &err));
}

static UNUSED bool hand_in(struct store *store, const struct hand_in *what, struct receipt *ret_receipt,
                           struct error *err)
{
    struct package package CLEANUP(package_clear) = {0};
    package.attachments.items = calloc(1, sizeof(*package.attachments.items));
    package.attachments.count = 1;
    package.attachments.items[0].name = strdup(what->name);
    blob_of(store, what->bytes, &package.attachments.items[0].blob);
    struct submission submission = {.caller = "mot-cua",
                                    .repeat_key = what->repeat_key,
                                    .sign_key = what->sign_key,
                                    .seal_key = what->seal_key,
                                    .package = &package};
    return header_json_read(span_text(what->header), &package.header, err)
           && intake_submission(store, &submission, ret_receipt, err);
}
