/* The making of a CMS signature, in two halves around the key. */
#include "signer/cms.h"

#include <time.h>

#include "base/base_text.h"
#include "signer/algorithms.h"
#include "signer/der.h"
#include "signer/signer_text.h"

enum {
    CMS_VERSION = 1 /* RFC 5652, 5.1 and 5.3: certificates of X.509 alone, signer by issuer and serial */
};

static void write_oid(struct buffer *out, struct span oid)
{
    der_write(out, DER_OID, oid);
}

/* SEQUENCE { type, SET { value } }; the value stands between open and close. */
static size_t open_attribute(struct buffer *out, struct span type, size_t *ret_values)
{
    size_t attribute = der_open(out, DER_SEQUENCE);
    write_oid(out, type);
    *ret_values = der_open(out, DER_SET);
    return attribute;
}

static void close_attribute(struct buffer *out, size_t attribute, size_t values)
{
    der_close(out, values);
    der_close(out, attribute);
}

static void write_attribute(struct buffer *out, struct span type, uint8_t tag, struct span value)
{
    size_t values, attribute = open_attribute(out, type, &values);
    der_write(out, tag, value);
    close_attribute(out, attribute, values);
}

/* RFC 5035, 3: the hash is SHA-256, which is not named because it is the default. issuerSerial is left out:
 * it is only a hint (EN 319 122-1, 5.2.2.3), the hash binds. */
static void write_signing_certificate(struct buffer *out, struct span certificate)
{
    struct digest_value hash = digest_of(DIGEST_SHA256, certificate);
    size_t values, attribute = open_attribute(out, OID_CERTIFICATE_V2, &values);
    size_t signing = der_open(out, DER_SEQUENCE), list = der_open(out, DER_SEQUENCE),
           id = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OCTETS, digest_span(&hash));
    der_close(out, id);
    der_close(out, list);
    der_close(out, signing);
    close_attribute(out, attribute, values);
}

/* RFC 5652, 11.3: UTCTime, two digits of the year, up to 2049; GeneralizedTime after. */
static void write_signing_time(struct buffer *out, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    char text[24] = "";
    gmtime_r(&seconds, &utc);
    struct span all = span_of(text, strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &utc));
    bool short_year = utc.tm_year < 150;
    write_attribute(out, OID_SIGNING_TIME, short_year ? DER_UTC_TIME : DER_GENERALIZED_TIME,
                    span_slice(all, short_year ? 2 : 0, SIZE_MAX));
}

static bool written(const struct buffer *buffer, struct error *err)
{
    return !buffer->failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

bool cms_attributes(struct span content_digest, struct span certificate, int64_t signing_time_ms,
                    struct buffer *ret_attributes, struct error *err)
{
    struct buffer items CLEANUP(buffer_clear) = {0};
    size_t values, attribute = open_attribute(&items, OID_CONTENT_TYPE, &values);
    write_oid(&items, OID_DATA);
    close_attribute(&items, attribute, values);
    write_attribute(&items, OID_MESSAGE_DIGEST, DER_OCTETS, content_digest);
    write_signing_certificate(&items, certificate);
    if (signing_time_ms)
        write_signing_time(&items, signing_time_ms);
    der_write_set(ret_attributes, DER_SET, buffer_span(&items));
    return written(&items, err) && written(ret_attributes, err);
}

static void write_digest_algorithm(struct buffer *out, enum digest_algorithm algorithm)
{
    size_t opened = der_open(out, DER_SEQUENCE); /* RFC 5754, 2: without parameters */
    write_oid(out, digest_oid(algorithm));
    der_close(out, opened);
}

static void write_signature_algorithm(struct buffer *out, enum signature_scheme scheme,
                                      enum digest_algorithm algorithm)
{
    size_t opened = der_open(out, DER_SEQUENCE);
    write_oid(out, signature_oid(scheme, algorithm));
    if (scheme == SCHEME_RSA)
        der_write(out, DER_NULL, (struct span){0}); /* RFC 5754, 3.2: NULL for RSA, absent for ECDSA (3.3) */
    der_close(out, opened);
}

static void write_certificates(struct buffer *out, struct span certificate, const struct certificates *chain)
{
    struct buffer items CLEANUP(buffer_clear) = {0};
    buffer_append(&items, certificate);
    for (size_t i = 0; chain && i < chain->count; i++)
        if (!span_equal(buffer_span(&chain->der[i]), certificate))
            buffer_append(&items, buffer_span(&chain->der[i]));
    der_write_set(out, DER_CONTEXT_MADE, buffer_span(&items));
    out->failed |= items.failed;
}

/* unsignedAttrs [1] with id-aa-timeStampToken (RFC 3161, A; EN 319 122-1, 5.3). The token stays as it was made. */
static void write_stamp(struct buffer *out, struct span token)
{
    size_t all = der_open(out, DER_CONTEXT_MADE + 1), values,
           attribute = open_attribute(out, OID_SIGNATURE_STAMP, &values);
    buffer_append(out, token);
    close_attribute(out, attribute, values);
    der_close(out, all);
}

static void write_signer(struct buffer *out, const struct der_certificate *signer,
                         enum digest_algorithm algorithm, struct span attributes, struct span signature,
                         struct span token)
{
    static const uint8_t version[] = {CMS_VERSION};
    bool rsa = span_equal(signer->key_algorithm, OID_RSA);
    size_t infos = der_open(out, DER_SET), info = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(version, 1));
    size_t id = der_open(out, DER_SEQUENCE);
    buffer_append(out, signer->issuer);
    der_write(out, DER_INTEGER, signer->serial);
    der_close(out, id);
    write_digest_algorithm(out, algorithm);
    struct reader r = reader_of(attributes);
    der_write(out, DER_CONTEXT_MADE, der_read(&r, DER_SET));
    write_signature_algorithm(out, rsa ? SCHEME_RSA : SCHEME_ECDSA, algorithm);
    der_write(out, DER_OCTETS, signature);
    if (token.size)
        write_stamp(out, token);
    der_close(out, info);
    der_close(out, infos);
    out->failed |= r.failed;
}

bool cms_assemble(enum digest_algorithm algorithm, struct span attributes, struct span signature,
                  struct span certificate, const struct certificates *chain, struct span token,
                  struct buffer *ret_cms, struct error *err)
{
    static const uint8_t version[] = {CMS_VERSION};
    struct der_certificate signer;
    if (!der_certificate_read(certificate, &signer))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_CERTIFICATE);

    struct buffer *out = ret_cms;
    size_t info = der_open(out, DER_SEQUENCE);
    write_oid(out, OID_SIGNED_DATA);
    size_t explicit = der_open(out, DER_CONTEXT_MADE), data = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(version, 1));
    size_t algorithms = der_open(out, DER_SET);
    write_digest_algorithm(out, algorithm);
    der_close(out, algorithms);
    size_t content = der_open(out, DER_SEQUENCE); /* detached: a type and nothing */
    write_oid(out, OID_DATA);
    der_close(out, content);
    write_certificates(out, certificate, chain);
    write_signer(out, &signer, algorithm, attributes, signature, token);
    der_close(out, data);
    der_close(out, explicit);
    der_close(out, info);
    return written(out, err);
}
