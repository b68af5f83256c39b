#include "tests/check.h"

#include "tests/pades_craft.h"

#include <stdio.h>

#include "signer/cms.h"

struct pdf_plan craft_plan(const char *signature)
{
    struct pdf_plan plan = pdf_plain;
    plan.objects[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</SigFlags 3 /Fields [5 0 R]>>>>";
    plan.objects[5] = "<</FT /Sig /T <FEFF004B00FD00200064007500791EC70074> /V 6 0 R>>";
    plan.objects[6] = signature;
    return plan;
}

static void fill_number(struct buffer *pdf, const char *room, uint64_t number)
{
    char digits[16];
    size_t at = span_find(buffer_span(pdf), span_text(room), 0);
    assert_true(at != SIZE_MAX);
    snprintf(digits, sizeof(digits), "%-10llu", (unsigned long long)number);
    memcpy(pdf->data + at, digits, 10);
}

struct digest_value craft_range(enum digest_algorithm algorithm, struct buffer *pdf, struct span *ret_digits)
{
    size_t digits = span_find(buffer_span(pdf), SPAN_LITERAL("<" CRAFT_ZEROS_512), 0);
    assert_true(digits != SIZE_MAX);
    const uint8_t *close = memchr(pdf->data + digits, '>', pdf->size - digits);
    assert_non_null(close);
    size_t behind = (size_t)(close - pdf->data) + 1;
    fill_number(pdf, "1111111111", digits);
    fill_number(pdf, "2222222222", behind);
    fill_number(pdf, "3333333333", pdf->size - behind);
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    digest_add(digest, span_slice(buffer_span(pdf), 0, digits));
    digest_add(digest, span_slice(buffer_span(pdf), behind, SIZE_MAX));
    *ret_digits = span_of(pdf->data + digits + 1, behind - digits - 2);
    return digest_finish(digest);
}

void craft_sign(const struct pki_person *person, struct buffer *pdf)
{
    struct buffer attributes CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                             cms CLEANUP(buffer_clear) = {0};
    struct certificates chain = {0};
    struct error err = {0};
    struct span digits;
    struct digest_value content = craft_range(DIGEST_SHA256, pdf, &digits);
    assert_true(cms_attributes(digest_span(&content), buffer_span(&person->der), 0, &attributes, &err));
    struct digest_value to_sign = digest_of(DIGEST_SHA256, buffer_span(&attributes));
    pki_sign(person, DIGEST_SHA256, digest_span(&to_sign), &signature);
    assert_true(cms_assemble(DIGEST_SHA256, buffer_span(&attributes), buffer_span(&signature),
                             buffer_span(&person->der), &chain, (struct span){0}, &cms, &err));
    assert_true(2 * cms.size < digits.size);
    uint8_t *room = pdf->data + (digits.data - pdf->data);
    hex_text(buffer_span(&cms), (char *)room);
    room[2 * cms.size] = '0';
}
