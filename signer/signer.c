#include "signer/signer.h"

#include <time.h>

#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/format.h"
#include "signer/path.h"
#include "signer/signer_text.h"
#include "signer/timestamp_text.h"

enum { SIGNING_KEY_MIN_BITS = 112 /* of security: RSA-2048, P-256 (ETSI TS 119 312) */ };

static const struct format_ops *const formats[] = {&format_pades, &format_xades, &format_cades,
                                                   &format_asic_s, &format_asic_e};

const struct format_ops *format_of_kind(enum document_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (formats[i]->kind == kind)
            return formats[i];
    return NULL;
}

const struct format_ops *format_of(enum signature_format format)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (formats[i]->format == format)
            return formats[i];
    return NULL;
}

const char *signature_format_name(enum signature_format format)
{
    const struct format_ops *ops = format_of(format);
    return ops ? ops->name : NULL;
}

static const char *const level_names[] = {[LEVEL_B_B] = "B-B", [LEVEL_B_T] = "B-T"};
_Static_assert(COUNT_OF(level_names) == SIGNATURE_LEVELS, "every level has a name");

const char *signature_level_name(enum signature_level level)
{
    return level_names[level];
}

bool signature_level_read(const char *name, enum signature_level *ret_level)
{
    for (size_t i = 0; i < COUNT_OF(level_names); i++)
        if (strcmp(name, level_names[i]) == 0) {
            *ret_level = (enum signature_level)i;
            return true;
        }
    return false;
}

static int64_t to_ms(const ASN1_TIME *time)
{
    struct tm utc;
    return time && ASN1_TIME_to_tm(time, &utc) == 1 ? (int64_t)timegm(&utc) * 1000 : 0;
}

/* What would make every verifier say no is refused before anybody signs. */
static bool certificate_may_sign(const struct signing *how, struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    if (!certificate_read(how->certificate, &certificate, err))
        return false;
    const struct text *why = certificate_may_not_sign(certificate);
    if (why)
        return fail(err, ERR_KEY_UNUSABLE, why);

    int64_t now = clock_now_ms(how->clock), from = to_ms(X509_get0_notBefore(certificate)),
            to = to_ms(X509_get0_notAfter(certificate));
    char day[CLOCK_TEXT_SIZE];
    clock_person(now < from ? from : to, day);
    if (now < from)
        return fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNING_NOT_YET, day);
    if (now > to)
        return fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNING_EXPIRED, day);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    bool known = key && (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "EC"));
    if (!known || EVP_PKEY_get_security_bits(key) < SIGNING_KEY_MIN_BITS)
        return fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNING_KEY_WEAK);
    return true;
}

bool signer_prepare(const struct signing *how, const struct source *document, struct pending **ret_pending,
                    struct error *err)
{
    const struct format_ops *format;
    enum signature_packaging packaging;
    if (!format_choose(how, document, &format, &packaging, err) || !certificate_may_sign(how, err))
        return false;
    struct pending *pending CLEANUP(pending_free) = calloc(1, sizeof(*pending));
    if (!pending)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pending->format = format->format;
    pending->packaging = packaging;
    pending->level = how->level;
    pending->digest_algorithm = how->digest;
    pending->document_size = document->bytes.size;
    buffer_append(&pending->certificate, how->certificate);
    for (size_t i = 0; how->chain && i < how->chain->count; i++)
        if (!certificates_add(&pending->chain, buffer_span(&how->chain->der[i]), err))
            return false;
    if (pending->certificate.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!format->prepare(how, document, pending, err))
        return false;
    if (pending->document_digest.size
        == 0) /* a format that digests the document anyhow has done both at once */
        pending->document_digest = digest_of(DIGEST_SHA256, document->bytes);
    *ret_pending = TAKE(pending);
    return true;
}

struct span pending_digest(const struct pending *pending, enum digest_algorithm *ret_algorithm)
{
    *ret_algorithm = pending->digest_algorithm;
    return digest_span(&pending->to_sign);
}

enum signature_format pending_format(const struct pending *pending)
{
    return pending->format;
}

enum signature_level pending_level(const struct pending *pending)
{
    return pending->token.size ? LEVEL_B_T : LEVEL_B_B;
}

void pending_free(struct pending **pending)
{
    if (!*pending)
        return;
    buffer_clear(&(*pending)->signed_attributes);
    buffer_clear(&(*pending)->certificate);
    certificates_clear(&(*pending)->chain);
    buffer_clear(&(*pending)->addition);
    buffer_clear(&(*pending)->document_name);
    buffer_clear(&(*pending)->token);
    free(*pending);
    *pending = NULL;
}

/* EN 319 142-1 and EN 319 132-1, 6.3: one timestamp about the signature value, and good as far as its own bytes
 * go. */
static bool is_stamped(const struct finding *finding)
{
    return finding->stamp_count > 0 && finding->stamps[0].kind == STAMP_SIGNATURE
           && finding->stamps[0].indication == INDETERMINATE
           && finding->stamps[0].sub == SUB_NO_CERTIFICATE_CHAIN_FOUND;
}

/* Ours: made with this certificate, and good as far as the document goes (nobody is trusted here: the
 * question is our work). */
static bool is_ours(const struct pending *pending, const struct finding *finding)
{
    struct finding ours = {0};
    struct error unreadable = {0};
    X509 *certificate CLEANUP(x509_clear) = NULL;
    if (!certificate_read(buffer_span(&pending->certificate), &certificate, &unreadable))
        return false;
    finding_name_signer(&ours, certificate);
    return finding->indication == INDETERMINATE && finding->sub == SUB_NO_CERTIFICATE_CHAIN_FOUND
           && finding->covers_whole_file && (pending->token.size == 0 || is_stamped(finding))
           && strcmp(ours.serial, finding->serial) == 0 && strcmp(ours.issuer, finding->issuer) == 0;
}

/* Every product passes our own verifier before it counts, with the document beside it where it stands apart. */
static bool check_product(const struct pending *pending, const struct source *document,
                          const struct source *product, struct error *err)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    const struct detached beside = {.name = "", .bytes = document->bytes};
    bool apart = pending->packaging == PACKAGING_DETACHED;
    if (!verifier_check(&(struct verification){.detached = &beside, .detached_count = apart}, product,
                        &verdict, err))
        return false;
    bool found = false;
    for (size_t i = 0; i < verdict.count; i++) {
        const struct finding *finding = &verdict.findings[i];
        if (finding->indication == TOTAL_FAILED) {
            fail(err, ERR_REFUSED, &TEXT_PRODUCT_BROKEN, finding->field);
            return error_cause(err, "%s", finding->reason_count ? finding->reasons[0].text->en : "?");
        }
        found = found || is_ours(pending, finding);
    }
    return found || fail(err, ERR_INTERNAL, &TEXT_PRODUCT_UNSOUND);
}

/* A sink that cannot be read back gets the product only after it was checked. */
static bool complete_by_way_of_spool(const struct format_ops *format, const struct pending *pending,
                                     const struct source *document, struct span signature,
                                     struct sink *signed_document, struct error *err)
{
    int fd CLEANUP(fd_close) = -1;
    uint64_t expected = document->bytes.size + pending->addition.size + 2 * pending->token.size;
    if (!spool_file(NULL, expected, &fd, err))
        return false;
    struct sink spool = sink_fd(fd);
    struct source product CLEANUP(source_close) = source_of((struct span){0});
    if (!format->complete(pending, document, signature, &spool, err) || !sink_finish(&spool, err)
        || !source_map_fd(fd, &product, err))
        return false;
    fd = -1;
    if (!check_product(pending, document, &product, err))
        return false;
    sink_write(signed_document, product.bytes);
    return sink_finish(signed_document, err);
}

static bool complete_and_check(const struct format_ops *format, const struct pending *pending,
                               const struct source *document, struct span signature,
                               struct sink *signed_document, struct error *err)
{
    struct source product CLEANUP(source_close) = source_of((struct span){0});
    uint64_t from = signed_document->written;
    if (!sink_can_read_back(signed_document))
        return complete_by_way_of_spool(format, pending, document, signature, signed_document, err);
    if (!format->complete(pending, document, signature, signed_document, err)
        || !sink_finish(signed_document, err))
        return false;
    return sink_read_back(signed_document, from, &product, err)
           && check_product(pending, document, &product, err);
}

bool signer_stamp(struct pending *pending, const struct timestamp_authorities *authorities,
                  struct span signature, struct error *err)
{
    const struct format_ops *format = format_of(pending->format);
    struct digest_value imprint;
    if (!authorities || authorities->url_count == 0)
        return fail(err, ERR_USAGE, &TEXT_TSA_NONE, signature_level_name(pending->level));
    if (!format || pending->level < LEVEL_B_T)
        return fail(err, ERR_INTERNAL, &TEXT_PENDING_DAMAGED);
    if (!format->imprint)
        imprint = digest_of(DIGEST_SHA256, signature);
    else if (!format->imprint(pending, signature, &imprint, err))
        return false;
    buffer_clear(&pending->token);
    return timestamp_ask(authorities, &imprint, &pending->token, err);
}

/* The signature covers the document, so that another one of the same size cannot pass the check of the
 * product. Only when it has not passed is the document digested once more, to say why. */
bool signer_complete(const struct pending *pending, const struct source *document, struct span signature,
                     struct sink *signed_document, struct error *err)
{
    const struct format_ops *format = format_of(pending->format);
    if (!format || document->bytes.size != pending->document_size)
        return fail(err, ERR_CONFLICT, &TEXT_ANOTHER_DOCUMENT);
    if (complete_and_check(format, pending, document, signature, signed_document, err))
        return true;
    struct digest_value digest = digest_of(DIGEST_SHA256, document->bytes);
    if (!span_equal(digest_span(&digest), digest_span(&pending->document_digest)))
        return fail(err, ERR_CONFLICT, &TEXT_ANOTHER_DOCUMENT);
    return false;
}
