/* The timestamps of a signer: what each one's imprint must be the digest of, and what it proves (EN 319 122-1, 5.2.8,
 * 5.3, 5.5 and annex A). For the CMS rooms alone. */
#pragma once

#include "signer/cms_evidence.h"
#include "signer/cms_look.h"
#include "signer/cms_unsigned.h"

struct cms_stamps;

/* What one timestamp is about. */
struct cms_imprint {
    const struct cms_stamps *all;
    enum cms_unsigned_kind kind;
    struct span token;
    int64_t time_ms;          /* what it says; unread: 0 */
    struct digest_value said; /* its imprint; unread: empty */
    struct span *proves;
    size_t prove_count, prove_room;
    bool not_at_hand; /* the content that it covers is not */
};

struct cms_stamps {
    const struct cms_look *look;
    struct cms_attributes attributes; /* unsigned */
    bool has[UNSIGNED_KINDS];
    struct cms_imprint imprints[VERDICT_MAX_STAMPS];
    struct stamp stamps[VERDICT_MAX_STAMPS]; /* oldest first; those that can be judged */
    size_t imprint_count, count;
    bool too_many;
};

/* Lists them. False only for faults of ours; unsigned attributes that cannot be read are none. */
bool cms_stamps_collect(const struct cms_look *look, struct cms_stamps *ret_stamps, struct error *err)
    MUST_USE;
void cms_stamps_clear(struct cms_stamps *stamps);

/* The digest of what an archive timestamp covers (cms_archive.c). An empty one, which nothing equals, when
 * something that it covers is missing. */
bool cms_archive_digest(const struct cms_imprint *imprint, enum digest_algorithm algorithm,
                        struct digest_value *ret_digest, struct error *err) MUST_USE;
/* Visits what an archive timestamp covers. */
bool cms_archive_visit(const struct cms_imprint *imprint, const struct cms_visitor *visitor,
                       struct error *err) MUST_USE;
