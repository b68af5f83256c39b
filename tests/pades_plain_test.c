/* Signatures of the oldest kind, adbe.x509.rsa_sha1: PKCS #1 and a certificate, no CMS. */
#include "tests/check.h"

#include "tests/pades_craft.h"

#include <stdio.h>

#include "signer/signer_text.h"

/* Room for one certificate, as a string of its own, and where the other parts of the dictionary stand. */
static void make(const char *cert, enum digest_algorithm algorithm, const struct pki_person *signer,
                 struct buffer *ret_pdf)
{
    char *text = malloc(32 << 10);
    struct buffer value CLEANUP(buffer_clear) = {0};
    struct span digits;
    assert_non_null(text);
    snprintf(text, 32 << 10,
             "<</Type /Sig /SubFilter /adbe.x509.rsa_sha1 /Cert %s /ByteRange " CRAFT_RANGE
             " /Contents <" CRAFT_DIGITS ">>>",
             cert);
    struct pdf_plan plan = craft_plan(text);
    pdf_make(&plan, ret_pdf);
    free(text);
    struct digest_value digest = craft_range(algorithm, ret_pdf, &digits);
    pki_sign(signer, algorithm, digest_span(&digest), &value);
    struct buffer octets CLEANUP(buffer_clear) = {0};
    buffer_u8(&octets, 0x04);
    buffer_u8(&octets, 0x82);
    buffer_u16(&octets, (uint16_t)value.size);
    buffer_append(&octets, buffer_span(&value));
    uint8_t *room = ret_pdf->data + (digits.data - ret_pdf->data);
    hex_text(buffer_span(&octets), (char *)room);
    room[2 * octets.size] = '0';
}

static void cert_text(const struct pki_person *first, const struct pki_person *second, char *ret_text)
{
    char *at = ret_text;
    *at++ = '[';
    for (unsigned i = 0; i < 2; i++) {
        const struct pki_person *person = i ? second : first;
        *at++ = '<';
        hex_text(buffer_span(&person->der), at);
        at += 2 * person->der.size;
        *at++ = '>';
    }
    memcpy(at, "]", 2);
}

static const struct {
    const char *sentence;
    enum digest_algorithm algorithm;
    bool own_certificate, own_key, changed;
    enum indication indication;
    enum sub_indication sub;
} rows[] = {
    {"over SHA-256 it passes for what it is", DIGEST_SHA256, true, true, false, TOTAL_PASSED, SUB_NONE},
    {"a changed document fails", DIGEST_SHA256, true, true, true, TOTAL_FAILED, SUB_HASH_FAILURE},
    {"another's key fails", DIGEST_SHA256, true, false, false, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE},
    {"over SHA-1 it proves nothing any more", DIGEST_SHA1, true, true, false, INDETERMINATE,
     SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE},
    {"without the certificate nobody has signed", DIGEST_SHA256, false, true, false, INDETERMINATE,
     SUB_NO_SIGNING_CERTIFICATE_FOUND},
};

static void a_bare_signature_is_judged_for_what_it_is(void **state)
{
    (void)state;
    struct pki_person stranger = {0};
    pki_make(&(struct pki_wish){.name = "Người lạ"}, &stranger);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        static char cert[16 << 10];
        cert_text(&world.leader, &world.root, cert);
        make(rows[i].own_certificate ? cert : "()", rows[i].algorithm,
             rows[i].own_key ? &world.leader : &stranger, &pdf);
        if (rows[i].changed)
            pdf.data[span_find(buffer_span(&pdf), SPAN_LITERAL("Quyet"), 0)] ^= 1;
        check(buffer_span(&pdf), &verdict);
        const struct finding *finding = verdict.findings;
        if (verdict.count == 1 && finding->indication != rows[i].indication)
            print_error("%s\n", finding->reason_count ? finding->reasons[0].text->name : "");
        check_row(verdict.count == 1 && finding->indication == rows[i].indication
                      && finding->sub == rows[i].sub && strcmp(finding->format, "PDF-NOT-ETSI") == 0,
                  rows[i].sentence);
    }
    pki_clear(&stranger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_signature_is_judged_for_what_it_is),
    };
    return cmocka_run_group_tests(tests, trust_world_make, trust_world_end);
}
