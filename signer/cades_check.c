#include "signer/cades_check.h"

#include <stdio.h>

#include "base/base_text.h"
#include "signer/cades_text.h"
#include "signer/cms.h"
#include "signer/cms_judge.h"
#include "signer/der.h"
#include "signer/signer_text.h"

enum { COUNTER_MAX_DEPTH = 4 /* counter-signatures of counter-signatures */ };

/* One SignedData that is being judged. */
struct look {
    struct process *process;
    const struct cms_signed_data *data;
    const char *where;
    struct verdict *verdict;
    struct cades_outside outside; /* of the signers, not of those who countersigned */
};

static bool digest_file(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                        struct error *err)
{
    return detached_digest(context, algorithm, ret_digest, err);
}

/* What a signer or a counter-signer signs. */
struct signed_file {
    struct detached *file; /* NULL: not at hand */
    bool outside;          /* of the CMS */
};

static bool add_finding(struct look *look, enum finding_kind kind, size_t of, struct finding **ret_finding,
                        struct error *err)
{
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", VERDICT_MAX_SIGNATURES);
    if (look->verdict->count >= VERDICT_MAX_SIGNATURES)
        return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_SIGNATURES, limit);
    struct finding *finding = verdict_add(look->verdict);
    if (!finding)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    finding->kind = kind;
    finding->of = (unsigned)of;
    snprintf(finding->format, sizeof(finding->format), "CMS-NOT-ETSI");
    snprintf(finding->field, sizeof(finding->field), "%s", look->where);
    *ret_finding = finding;
    return true;
}

static bool judge_signer(struct look *look, struct span info, const struct signed_file *content,
                         struct cms_signer *ret_signer, struct error *err)
{
    struct finding *finding = &look->verdict->findings[look->verdict->count - 1];
    struct signed_content digests = {digest_file, content->file};
    struct cms_look at = {.process = look->process,
                          .kind = finding->kind == FINDING_COUNTER_SIGNATURE ? CMS_COUNTER : CMS_DOCUMENT,
                          .data = look->data,
                          .content = content->file ? &digests : NULL,
                          .file = content->outside ? content->file : NULL,
                          .finding = finding};
    struct cades_outside outside = at.kind == CMS_DOCUMENT ? look->outside : (struct cades_outside){0};
    bool good,
        done = cms_look(&at, info, &good, err) && cms_finish(&at, good, outside.stamps, outside.count, err);
    finding->covers_whole_file = good && content->file && at.kind == CMS_DOCUMENT;
    *ret_signer = at.signer;
    cms_look_clear(&at);
    return done;
}

static bool judge_counters(struct look *look, const struct cms_signer *of, size_t index, unsigned depth,
                           struct error *err);

static bool judge_counter(struct look *look, struct span info, const struct cms_signer *of, size_t index,
                          unsigned depth, struct error *err)
{
    struct detached value = {.name = "", .bytes = of->signature};
    struct finding *finding;
    struct cms_signer signer;
    if (!add_finding(look, FINDING_COUNTER_SIGNATURE, index, &finding, err))
        return false;
    size_t own = look->verdict->count - 1;
    if (depth == 0) {
        char limit[16];
        snprintf(limit, sizeof(limit), "%d", COUNTER_MAX_DEPTH);
        finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, &TEXT_CADES_TOO_DEEP, limit, NULL);
        return true;
    }
    return judge_signer(look, info, &(struct signed_file){&value, false}, &signer, err)
           && judge_counters(look, &signer, own, depth - 1, err);
}

/* RFC 5652, 11.4: each value is a SignerInfo over the signature value; several may stand in several attributes. */
static bool judge_counters(struct look *look, const struct cms_signer *of, size_t index, unsigned depth,
                           struct error *err)
{
    struct cms_attributes attributes;
    if (!cms_attributes_list(of->unsigned_attributes, &attributes))
        return true;
    for (size_t i = 0; i < attributes.count; i++) {
        struct reader r = reader_of(attributes.all[i].values);
        if (cms_unsigned_kind_of(attributes.all[i].type) != UNSIGNED_COUNTER_SIGNATURE)
            continue;
        while (r.left.size > 0 && !r.failed) {
            struct reader info = {der_any(&r).whole, false};
            if (!judge_counter(look, der_read(&info, DER_SEQUENCE), of, index, depth, err))
                return false;
        }
    }
    return true;
}

/* Content that stands inside and outside must be one. */
static bool inside_is_outside(const struct detached *inside, const struct detached *outside, bool *ret_same,
                              struct error *err)
{
    struct digest_value one, other;
    if (!detached_digest(inside, DIGEST_SHA256, &one, err)
        || !detached_digest(outside, DIGEST_SHA256, &other, err))
        return false;
    *ret_same = span_equal(digest_span(&one), digest_span(&other));
    return true;
}

static bool judge_signers(struct look *look, const struct signed_file *content, bool same, struct error *err)
{
    for (size_t i = 0; i < look->data->signer_count; i++) {
        struct finding *finding;
        struct cms_signer signer;
        if (!add_finding(look, FINDING_SIGNATURE, 0, &finding, err))
            return false;
        size_t own = look->verdict->count - 1;
        if (!same)
            finding_worsen(finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_HASH_DIFFERS, NULL);
        if (!judge_signer(look, look->data->signers[i], content, &signer, err)
            || !judge_counters(look, &signer, own, COUNTER_MAX_DEPTH, err))
            return false;
    }
    return true;
}

static bool judge_data(struct look *look, const struct detached *outside, struct error *err)
{
    struct detached_memo memo = {0};
    struct detached inside = {.name = "", .bytes = look->data->content, .memo = &memo}, given = {0};
    struct signed_file content = {look->data->has_content ? &inside : NULL, false};
    bool same = true;
    if (outside && look->data->has_content) {
        if (!inside_is_outside(&inside, outside, &same, err))
            return false;
    } else if (outside) {
        given = *outside;
        if (!given.memo)
            given.memo = &memo;
        content = (struct signed_file){&given, true};
    }
    return cms_take_sets(look->process, look->data, err) && judge_signers(look, &content, same, err);
}

/* Takes it apart; what cannot be read is one finding, and *ret_read says so. */
static bool read_data(struct look *look, struct span cms, struct cms_signed_data *data, bool *ret_read,
                      struct error *err)
{
    struct finding unread = {0}, *finding;
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", CMS_MAX_SIZE >> 20);
    if (cms.size > CMS_MAX_SIZE)
        return fail(err, ERR_TOO_LARGE, &TEXT_CADES_TOO_LARGE, limit);
    *ret_read = cms_read(cms, data, &unread);
    if (*ret_read)
        return true;
    if (data->pieces.failed)
        return fail(err, ERR_TOO_LARGE, &TEXT_CHECK_MEMORY);
    if (!add_finding(look, FINDING_SIGNATURE, 0, &finding, err))
        return false;
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, unread.reasons[0].text,
                   unread.reasons[0].arg[0], NULL);
    return true;
}

bool cades_judge(struct process *process, struct span cms, const struct detached *content,
                 const struct cades_outside *outside, const char *where, struct verdict *verdict,
                 struct error *err)
{
    struct cms_signed_data data = {0};
    struct look look = {.process = process, .data = &data, .where = where, .verdict = verdict};
    if (outside)
        look.outside = *outside;
    bool read, done = read_data(&look, cms, &data, &read, err) && (!read || judge_data(&look, content, err));
    cms_clear(&data);
    return done;
}

/* Whether this file is what the first signer signed. */
static bool is_content(const struct cms_signed_data *data, const struct detached *file)
{
    struct finding unread = {0};
    struct error damaged = {0};
    struct cms_signer signer;
    struct cms_signed_attributes attributes = {0};
    struct cms_algorithms algorithms;
    struct digest_value digest;
    return data->signer_count > 0 && cms_signer_read(data->signers[0], &signer, &unread)
           && signer.signed_attributes.size
           && cms_signed_attributes_read(signer.signed_attributes, false, &attributes, &unread)
           && cms_algorithms_read(&signer, &attributes, NULL, &algorithms, &unread)
           && detached_digest(file, algorithms.digest, &digest, &damaged)
           && span_equal(digest_span(&digest), attributes.message_digest);
}

/* The only file that was handed in, or of several the one that fits. */
static const struct detached *choose_content(const struct verification *how,
                                             const struct cms_signed_data *data)
{
    if (how->detached_count == 1)
        return &how->detached[0];
    for (size_t i = 0; i < how->detached_count; i++)
        if (is_content(data, &how->detached[i]))
            return &how->detached[i];
    return NULL;
}

/* A token that stands alone (RFC 3161, 3.2). */
static bool judge_token(struct look *look, struct span cms, const struct detached *file, struct error *err)
{
    struct finding *finding;
    struct detached given = file ? *file : (struct detached){0};
    struct signed_content content = {digest_file, &given};
    struct cms_judging how = {.process = look->process, .timestamp = true};
    if (!add_finding(look, FINDING_TIMESTAMP, 0, &finding, err))
        return false;
    finding->format[0] = '\0';
    finding->covers_whole_file = file != NULL;
    return cms_judge(&how, cms, file ? &content : NULL, finding, err);
}

/* Nothing changed when every signature is about the content and none is broken. */
static enum changed what_changed(const struct verdict *verdict)
{
    enum changed changed = verdict->count ? CHANGED_NO : CHANGED_UNKNOWN;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->kind == FINDING_COUNTER_SIGNATURE)
            continue;
        if (finding->sub == SUB_HASH_FAILURE)
            return CHANGED_YES;
        if (finding->indication == TOTAL_FAILED || !finding->covers_whole_file)
            changed = CHANGED_UNKNOWN;
    }
    return changed;
}

static bool check_cms(struct process *process, struct span cms, struct verdict *verdict, struct error *err)
{
    struct cms_signed_data data = {0};
    struct look look = {.process = process, .data = &data, .where = "", .verdict = verdict};
    bool read, done = read_data(&look, cms, &data, &read, err);
    if (done && read) {
        const struct detached *file = choose_content(process_how(process), &data);
        done = span_equal(data.content_type, OID_TIMESTAMP) ? judge_token(&look, cms, file, err)
                                                            : judge_data(&look, file, err);
    }
    cms_clear(&data);
    verdict->changed_after_signing = what_changed(verdict);
    return done;
}

/* RFC 7468, 9: what stands between the lines; or base64 alone. */
static bool decode_text(struct span text, struct buffer *ret_cms, struct error *err)
{
    if (span_starts(text, "-----BEGIN ")) {
        size_t from = span_find(text, SPAN_LITERAL("\n"), 0);
        size_t to = span_find(text, SPAN_LITERAL("-----END "), 0);
        text = to != SIZE_MAX && from < to ? span_slice(text, from, to - from) : (struct span){0};
    }
    if (text.size > 0 && base64_read(text, ret_cms))
        return true;
    return ret_cms->failed ? fail(err, ERR_TOO_LARGE, &TEXT_CHECK_MEMORY)
                           : fail(err, ERR_MALFORMED, &TEXT_CADES_NOT_BASE64);
}

bool cades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err)
{
    struct buffer decoded CLEANUP(buffer_clear) = {0};
    struct span cms = document->bytes;
    bool is_text = cms.size > 0 && cms.data[0] != DER_SEQUENCE;
    if (is_text) {
        if (!decode_text(cms, &decoded, err))
            return false;
        cms = buffer_span(&decoded);
    }
    struct process *process CLEANUP(process_free) = process_new(how);
    if (!process)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    return check_cms(process, cms, verdict, err);
}
