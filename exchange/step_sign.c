#include "exchange/exchange_text.h"
#include "exchange/passage_steps.h"
#include "signer/signer.h"
#include "signer/verifier.h"

/* The leader's signature, then the agency's: the same work with two keys, on every PDF and XML file, the main one first. What is
 * signed already stays signed: a token that goes away in the middle costs one file, not all. */

struct mark {
    const char *key;
    bool has_signature, has_seal; /* what a part bears once this key has signed it */
};

static bool bears(const struct part *part, const struct mark *mark)
{
    return mark->has_seal ? part->has_seal : part->has_signature;
}

static bool signable(struct span bytes)
{
    enum document_kind kind = document_kind_of(bytes);
    return kind == DOCUMENT_PDF || kind == DOCUMENT_XML;
}

static bool sign_to_blob(struct passage *passage, const char *key, const struct key_description *about,
                         const struct source *document, struct blob *ret_blob, struct error *err)
{
    struct blob_writer *writer CLEANUP(blob_abort) = NULL;
    struct signing how = {
        .format = FORMAT_AUTO,
        .digest = DIGEST_SHA256,
        .certificate = buffer_span(&about->certificate),
        .chain = passage->settings.chain,
        .clock = store_clock(passage->settings.store),
    };
    if (!blob_begin(store_blobs(passage->settings.store), &writer, err))
        return false;
    struct sink sink = blob_sink(writer);
    return signer_sign(passage->settings.hsm, key, &how, document, &sink, NULL, err)
           && sink_finish(&sink, err) && blob_commit(&writer, ret_blob, err);
}

static bool part_sign(struct passage *passage, const struct part *part, const struct mark *mark,
                      const struct key_description *about, struct part_change *change, bool *ret_signed,
                      struct error *err)
{
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    if (!store_body(passage->settings.store, part->blob, &body, err))
        return false;
    *ret_signed = signable(body.source.bytes);
    if (!*ret_signed)
        return true;
    change->has_signature = part->has_signature || mark->has_signature;
    change->has_seal = part->has_seal || mark->has_seal;
    return sign_to_blob(passage, mark->key, about, &body.source, &change->blob, err);
}

static bool parts_sign(struct passage *passage, const struct document *document, const struct mark *mark,
                       struct change *change, struct error *err)
{
    struct key_description about CLEANUP(key_description_clear) = {0};
    size_t signed_parts = 0;
    change->parts = calloc(document->part_count + 1, sizeof(*change->parts));
    if (!change->parts)
        return fail(err, ERR_BUSY, NULL);
    if (!hsm_describe(passage->settings.hsm, mark->key, &about, err))
        return false;
    for (size_t i = 0; i < document->part_count; i++) {
        struct part_change *part = &change->parts[change->part_count];
        bool is_signed = bears(&document->parts[i], mark);
        signed_parts += is_signed;
        if (is_signed)
            continue;
        part->position = i;
        if (!part_sign(passage, &document->parts[i], mark, &about, part, &is_signed, err))
            return false;
        signed_parts += is_signed;
        change->part_count += is_signed;
    }
    return signed_parts > 0 || fail(err, ERR_REFUSED, &TEXT_NOTHING_TO_SIGN);
}

static bool mark_parts(struct passage *passage, const struct document *document, const struct mark *mark,
                       struct change *change, struct error *err)
{
    if (!mark->key[0])
        return true;
    if (!passage->settings.hsm)
        return fail(err, ERR_TOKEN_AWAY, &TEXT_WAIT_NO_KEYS);
    return parts_sign(passage, document, mark, change, err);
}

bool step_sign(struct passage *passage, const struct document *document, struct change *change,
               struct error *err)
{
    const struct mark mark = {.key = document->sign_key, .has_signature = true};
    return mark_parts(passage, document, &mark, change, err);
}

bool step_seal(struct passage *passage, const struct document *document, struct change *change,
               struct error *err)
{
    const struct mark mark = {.key = document->seal_key, .has_seal = true};
    return mark_parts(passage, document, &mark, change, err);
}
