#include "tests/check.h"

#include "tests/cms_make.h"

#include <time.h>

#include "signer/der.h"

static struct span or_data(struct span type)
{
    return type.size ? type : OID_DATA;
}

void cms_make_attribute(struct span type, struct span values, struct buffer *out)
{
    size_t attribute = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OID, type);
    der_write(out, DER_SET, values);
    der_close(out, attribute);
}

static void put(struct span type, uint8_t tag, struct span value, struct buffer *out)
{
    struct buffer one CLEANUP(buffer_clear) = {0};
    der_write(&one, tag, value);
    cms_make_attribute(type, buffer_span(&one), out);
}

static void put_binding(const struct cms_wish *wish, struct buffer *out)
{
    struct buffer value CLEANUP(buffer_clear) = {0};
    struct digest_value hash =
        digest_of(DIGEST_SHA256, wish->bound_to_other ? SPAN_LITERAL("khác") : buffer_span(&wish->who->der));
    size_t signing = der_open(&value, DER_SEQUENCE), list = der_open(&value, DER_SEQUENCE),
           id = der_open(&value, DER_SEQUENCE);
    der_write(&value, DER_OCTETS, digest_span(&hash));
    der_close(&value, id);
    der_close(&value, list);
    der_close(&value, signing);
    cms_make_attribute(OID_CERTIFICATE_V2, buffer_span(&value), out);
}

static void put_attributes(const struct cms_wish *wish, struct buffer *out)
{
    struct buffer items CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(wish->digest, wish->content);
    if (!wish->counter)
        put(OID_CONTENT_TYPE, DER_OID, or_data(wish->content_type), &items);
    put(OID_MESSAGE_DIGEST, DER_OCTETS, digest_span(&digest), &items);
    if (!wish->unbound)
        put_binding(wish, &items);
    if (wish->signing_time)
        put(OID_SIGNING_TIME, DER_UTC_TIME, SPAN_LITERAL("251121090000Z"), &items);
    buffer_append(&items, wish->more);
    der_write_set(out, DER_SET, buffer_span(&items));
}

static void put_algorithm(struct span oid, struct buffer *out)
{
    size_t opened = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OID, oid);
    der_close(out, opened);
}

static enum signature_scheme scheme_of(const struct pki_person *who)
{
    return EVP_PKEY_is_a(who->key, "RSA")       ? SCHEME_RSA
           : EVP_PKEY_is_a(who->key, "ED25519") ? SCHEME_ED25519
           : EVP_PKEY_is_a(who->key, "DSA")     ? SCHEME_DSA
                                                : SCHEME_ECDSA;
}

static void sign_octets(const struct pki_person *who, struct span octets, struct buffer *ret_signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = 0;
    assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, who->key), 1);
    assert_int_equal(EVP_DigestSign(context, NULL, &size, octets.data, octets.size), 1);
    uint8_t *room = buffer_reserve(ret_signature, size);
    assert_int_equal(EVP_DigestSign(context, room, &size, octets.data, octets.size), 1);
    ret_signature->size += size;
    EVP_MD_CTX_free(context);
}

void cms_make_signer(const struct cms_wish *wish, struct buffer *ret_info)
{
    static const uint8_t one[] = {1};
    struct buffer attributes CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct der_certificate names;
    enum digest_algorithm algorithm = wish->two_digests ? wish->attribute : wish->digest;
    enum signature_scheme scheme = scheme_of(wish->who);
    assert_true(der_certificate_read(buffer_span(&wish->who->der), &names));
    put_attributes(wish, &attributes);
    struct digest_value digest = digest_of(algorithm, buffer_span(&attributes));
    if (scheme == SCHEME_ED25519)
        sign_octets(wish->who, buffer_span(&attributes), &signature);
    else
        pki_sign(wish->who, algorithm, digest_span(&digest), &signature);

    struct buffer *out = ret_info;
    size_t info = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(one, 1));
    size_t id = der_open(out, DER_SEQUENCE);
    buffer_append(out, names.issuer);
    der_write(out, DER_INTEGER, names.serial);
    der_close(out, id);
    put_algorithm(digest_oid(wish->digest), out);
    struct reader r = reader_of(buffer_span(&attributes));
    if (wish->stripped)
        buffer_append(wish->stripped, buffer_span(&attributes));
    else
        der_write(out, DER_CONTEXT_MADE, der_read(&r, DER_SET));
    put_algorithm(scheme == SCHEME_ED25519 ? SPAN_LITERAL("\x2B\x65\x70") : signature_oid(scheme, algorithm),
                  out);
    der_write(out, DER_OCTETS, buffer_span(&signature));
    if (wish->unsigned_attributes.size)
        der_write(out, DER_CONTEXT_MADE + 1, wish->unsigned_attributes);
    der_close(out, info);
    assert_false(out->failed);
}

/* Every digest algorithm is announced: which ones stand there is another test's affair. */
static void put_digests(struct buffer *out)
{
    size_t set = der_open(out, DER_SET);
    for (int i = 0; i < DIGEST_ALGORITHMS; i++)
        put_algorithm(digest_oid((enum digest_algorithm)i), out);
    der_close(out, set);
}

void cms_make(const struct cms_around *around, struct buffer *ret_cms)
{
    static const uint8_t one[] = {1};
    struct buffer *out = ret_cms;
    size_t info = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OID, OID_SIGNED_DATA);
    size_t explicit = der_open(out, DER_CONTEXT_MADE), data = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(one, 1));
    put_digests(out);
    size_t content = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OID, or_data(around->content_type));
    if (around->content) {
        size_t inside = der_open(out, DER_CONTEXT_MADE);
        der_write(out, DER_OCTETS, *around->content);
        der_close(out, inside);
    }
    der_close(out, content);
    size_t certificates = der_open(out, DER_CONTEXT_MADE);
    for (size_t i = 0; i < around->people_count; i++)
        buffer_append(out, buffer_span(&around->people[i]->der));
    der_close(out, certificates);
    if (around->crls.size)
        der_write(out, DER_CONTEXT_MADE + 1, around->crls);
    der_write(out, DER_SET, around->signers);
    der_close(out, data);
    der_close(out, explicit);
    der_close(out, info);
    assert_false(out->failed);
}

static void make_info(const struct token_wish *wish, struct buffer *out)
{
    static const uint8_t one[] = {1};
    struct digest_value digest = digest_of(wish->digest, wish->about);
    size_t info = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(one, 1));
    der_write(out, DER_OID, SPAN_LITERAL("\x2A\x03\x04"));
    size_t imprint = der_open(out, DER_SEQUENCE);
    put_algorithm(digest_oid(wish->digest), out);
    der_write(out, DER_OCTETS, wish->imprint.size ? wish->imprint : digest_span(&digest));
    der_close(out, imprint);
    der_write(out, DER_INTEGER, SPAN_LITERAL("\x2A"));
    char now[24];
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(now, sizeof(now), "%Y%m%d%H%M%SZ", &utc);
    der_write(out, DER_GENERALIZED_TIME, span_text(wish->time ? wish->time : now));
    if (wish->nonce)
        der_write(out, DER_INTEGER, span_text(wish->nonce));
    buffer_append(out, wish->behind);
    der_close(out, info);
}

void cms_make_token(const struct token_wish *wish, struct buffer *ret_token)
{
    struct buffer info CLEANUP(buffer_clear) = {0}, signers CLEANUP(buffer_clear) = {0};
    make_info(wish, &info);
    struct span content = buffer_span(&info);
    struct cms_wish signer = {.who = wish->authority,
                              .content = content,
                              .content_type = OID_TIMESTAMP,
                              .digest = wish->signed_with,
                              .unbound = wish->unbound,
                              .unsigned_attributes = wish->unsigned_attributes};
    for (int i = 0; i <= wish->two_signers; i++)
        cms_make_signer(&signer, &signers);
    struct cms_around around = {.content_type = OID_TIMESTAMP,
                                .content = &content,
                                .people = &wish->authority,
                                .people_count = 1,
                                .signers = buffer_span(&signers)};
    cms_make(&around, ret_token);
}
