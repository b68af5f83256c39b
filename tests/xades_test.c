/* XML judged: what is moved, changed or added anywhere is refused, and what xmlsec1 signs is judged by what it covers. */
#include "tests/check.h"

#include "tests/xades_world.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/signer_text.h"

static int make_world(void **state)
{
    trust_world_make(state);
    scratch_save_person(world.directory, "leader", &world.leader);
    return 0;
}

/* Replaces the first `from` of a signed document. */
static void replace(const struct buffer *text, const char *from, const char *to, struct buffer *ret_text)
{
    size_t at = span_find(buffer_span(text), span_text(from), 0);
    assert_int_not_equal(at, SIZE_MAX);
    buffer_append(ret_text, span_slice(buffer_span(text), 0, at));
    buffer_text(ret_text, to);
    buffer_append(ret_text, span_slice(buffer_span(text), at + strlen(from), SIZE_MAX));
}

static void tampering_is_named_for_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *from, *to;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"a changed number", "127/", "128/", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"an added element", "</SoKyHieu>", "</SoKyHieu><x/>", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"a changed claimed time", "<xades:SigningTime>2", "<xades:SigningTime>1", TOTAL_FAILED,
         SUB_HASH_FAILURE},
        {"a reference digest that is no base64", "<ds:DigestValue>", "<ds:DigestValue>A", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"a changed SignedInfo", "URI=\"\">", "URI=\"\" Type=\"x\">", TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE},
        {"properties of something else", "Target=\"#S", "Target=\"#kq\" x=\"", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"a second set of properties", "</ds:Signature>",
         "<ds:Object><xades:QualifyingProperties "
         "xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\"/></ds:Object></ds:Signature>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"an unsigned object with content", "</ds:Signature>",
         "<ds:Object><NoiDung>khác</NoiDung></ds:Object></ds:Signature>", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"content among the unsigned properties", "</xades:QualifyingProperties>",
         "<xades:UnsignedProperties><NoiDung>khác</NoiDung></xades:UnsignedProperties></"
         "xades:QualifyingProperties>",
         INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
        {"a reference to a file", "URI=\"\"", "URI=\"file:///etc/hostname\"", TOTAL_FAILED,
         SUB_SIG_CRYPTO_FAILURE},
        {"a reference to an address", "URI=\"\"", "URI=\"http://127.0.0.1:9/\"", TOTAL_FAILED,
         SUB_SIG_CRYPTO_FAILURE},
        {"a reference with an expression", "URI=\"\"", "URI=\"#xpointer(//SoKyHieu)\"", TOTAL_FAILED,
         SUB_SIG_CRYPTO_FAILURE},
        {"a stylesheet among the transforms", "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
         "http://www.w3.org/TR/1999/REC-xslt-19991116", TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE},
        {"a shared secret instead of a key", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
         "http://www.w3.org/2000/09/xmldsig#hmac-sha1", TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"another algorithm over the same key", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
         "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE},
        {"no certificate", "<ds:X509Certificate>", "<ds:X509Certificate>A", INDETERMINATE,
         SUB_NO_SIGNING_CERTIFICATE_FOUND},
        {"a second SignedInfo", "<ds:SignedInfo ", "<ds:SignedInfo></ds:SignedInfo><ds:SignedInfo ",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
    };
    struct buffer text CLEANUP(buffer_clear) = {0};
    sign(&world.leader, span_text(result_text), &text);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer changed CLEANUP(buffer_clear) = {0};
        replace(&text, rows[i].from, rows[i].to, &changed);
        struct finding finding = judge(buffer_span(&changed));
        if (finding.indication != rows[i].indication || finding.sub != rows[i].sub)
            print_error("%s: %s %s\n", rows[i].sentence, indication_name(finding.indication),
                        sub_indication_name(finding.sub));
        check_row(finding.indication == rows[i].indication && finding.sub == rows[i].sub, rows[i].sentence);
    }
}

/* A few bits mean nothing, such as the last ones of a base64 text. The verdict may then stay, but what it
 * says must stay too. */
static void no_flipped_bit_changes_what_is_said(void **state)
{
    (void)state;
    struct buffer text CLEANUP(buffer_clear) = {0};
    sign(&world.agency, span_text("<KetQua><So>127</So></KetQua>"), &text);
    struct finding good = judge(buffer_span(&text));
    for (size_t i = 0; i < text.size; i++) {
        uint8_t bit = (uint8_t)(1U << i % 7);
        text.data[i] ^= bit;
        struct finding finding = judge(buffer_span(&text));
        bool same = strcmp(finding.subject, good.subject) == 0
                    && finding.claimed_time_ms == good.claimed_time_ms
                    && strcmp(finding.covered[0], good.covered[0]) == 0;
        if (finding.indication == TOTAL_PASSED && !same)
            print_error("byte %zu\n", i);
        assert_false(finding.indication == TOTAL_PASSED && !same);
        text.data[i] ^= bit;
    }
}

/* What xmlsec1 makes of a document with one reference. */
static void sign_by_xmlsec(const char *content, const char *uri, const char *transforms,
                           struct buffer *ret_signed)
{
    struct buffer template CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    char unsigned_path[SCRATCH_PATH], command[900], path[SCRATCH_PATH];
    buffer_format(&template,
                  "<Goi>%s<ds:Signature "
                  "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod "
                  "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod "
                  "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference "
                  "URI=\"%s\"><ds:Transforms>%s"
                  "<ds:Transform "
                  "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod "
                  "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/></ds:Reference></"
                  "ds:SignedInfo>"
                  "<ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature></Goi>",
                  content, uri, transforms);
    scratch_save(world.directory, "template.xml", buffer_span(&template));
    scratch_path(world.directory, "template.xml", unsigned_path);
    snprintf(path, sizeof(path), "%s/theirs.xml", world.directory);
    snprintf(command, sizeof(command),
             "cd %s && xmlsec1 --sign --privkey-pem leader.key,leader.pem --id-attr:Id KetQua --output %s %s "
             "2>said",
             world.directory, path, unsigned_path);
    assert_int_equal(system(command), 0);
    assert_true(file_read(path, 1 << 20, ret_signed, &err));
}

#define TRANSFORM(algorithm, inside) "<ds:Transform Algorithm=\"" algorithm "\">" inside "</ds:Transform>"
#define ENVELOPED TRANSFORM("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "")
#define XPATH(expression)                                                                                    \
    TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>" expression "</ds:XPath>")
#define FILTER(kind, expression)                                                                             \
    TRANSFORM("http://www.w3.org/2002/06/xmldsig-filter2",                                                   \
              "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"" kind                \
              "\">" expression "</f:XPath>")

static void what_xmlsec_signs_is_judged_by_what_it_covers(void **state)
{
    (void)state;
    static const char plain[] = "<KetQua Id=\"kq\"><So>127</So></KetQua>";
    static const struct {
        const char *sentence, *content, *uri, *transforms;
        enum indication indication;
        const char *covered;
    } rows[] = {
        {"the whole document", plain, "", ENVELOPED, TOTAL_PASSED, "/Goi"},
        {"the whole, by pointer", plain, "#xpointer(/)", ENVELOPED, TOTAL_PASSED, "/Goi"},
        {"the whole without any signature", plain, "", XPATH("not(ancestor-or-self::ds:Signature)"),
         TOTAL_PASSED, "/Goi"},
        {"the same by a filter", plain, "", FILTER("subtract", "/descendant::ds:Signature"), TOTAL_PASSED,
         "/Goi"},
        {"a filter that keeps one part", plain, "", FILTER("intersect", "/descendant::KetQua"), TOTAL_PASSED,
         "/Goi/KetQua"},
        {"an expression that keeps one part", plain, "", XPATH("ancestor-or-self::KetQua"), TOTAL_PASSED,
         "/Goi/KetQua"},
        {"a filter that leaves content out", "<KetQua/><So>127</So>", "",
         FILTER("intersect", "/descendant::KetQua"), INDETERMINATE, "/Goi/KetQua"},
        {"an expression that leaves content out", plain, "",
         XPATH("not(ancestor-or-self::So or ancestor-or-self::ds:Signature)"), INDETERMINATE, ""},
        {"an expression that leaves names to anybody", "<k:KetQua xmlns:k=\"urn:k\"/>", "",
         XPATH("not(ancestor-or-self::ds:Signature) and (self::* or self::text())"), INDETERMINATE, ""},
        {"an expression of its own place", plain, "",
         XPATH("count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) > "
               "count(ancestor-or-self::ds:Signature)"),
         TOTAL_PASSED, "/Goi"},
        {"the part that holds all content", plain, "#kq", "", TOTAL_PASSED, "/Goi/KetQua"},
        {"the same by pointer", plain, "#xpointer(id('kq'))", "", TOTAL_PASSED, "/Goi/KetQua"},
        {"a part, with more beside it", "<KetQua Id=\"kq\"/><So>127</So>", "#kq", "", INDETERMINATE,
         "/Goi/KetQua"},
        {"a part, with an attribute outside", "<KetQua Id=\"kq\"/><So so=\"127\"/>", "#kq", "", INDETERMINATE,
         "/Goi/KetQua"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer theirs CLEANUP(buffer_clear) = {0};
        sign_by_xmlsec(rows[i].content, rows[i].uri, rows[i].transforms, &theirs);
        struct finding finding = judge(buffer_span(&theirs));
        check_row(finding.indication == rows[i].indication && strcmp(finding.covered[0], rows[i].covered) == 0
                      && strcmp(finding.format, "XML-NOT-ETSI") == 0,
                  rows[i].sentence);
    }
}

/* The signed element goes into the signature's own object, another takes its place. */
static void wrapping_never_passes(void **state)
{
    (void)state;
    struct buffer theirs CLEANUP(buffer_clear) = {0}, wrapped CLEANUP(buffer_clear) = {0},
                         aside CLEANUP(buffer_clear) = {0};
    sign_by_xmlsec("<KetQua Id=\"kq\"><So>127</So></KetQua>", "#kq", "", &theirs);
    replace(&theirs, "<KetQua Id=\"kq\"><So>127</So></KetQua>", "<KetQua><So>999</So></KetQua>", &aside);
    replace(&aside, "</ds:Signature>",
            "<ds:Object><KetQua Id=\"kq\"><So>127</So></KetQua></ds:Object></ds:Signature>", &wrapped);
    struct finding finding = judge(buffer_span(&wrapped));
    assert_int_equal(finding.indication, INDETERMINATE);
    assert_int_equal(finding.sub, SUB_SIG_CONSTRAINTS_FAILURE);
    assert_string_equal(finding.covered[0], "/Goi/Signature/Object/KetQua");

    struct buffer twice CLEANUP(buffer_clear) = {0};
    replace(&theirs, "<KetQua Id=\"kq\">", "<KetQua Id=\"kq\"><So>999</So></KetQua><KetQua Id=\"kq\">",
            &twice);
    finding = judge(buffer_span(&twice));
    assert_int_equal(finding.indication, TOTAL_FAILED);
    assert_int_equal(finding.sub, SUB_FORMAT_FAILURE);
}

static void an_unsigned_document_says_so(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_true(check(span_text(result_text), &verdict, &err));
    assert_int_equal(verdict.count, 0);
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_NO_SIGNATURE);
    assert_int_equal(verdict_overall(&verdict), INDETERMINATE);
}

static void a_limit_that_is_reached_is_a_verdict(void **state)
{
    (void)state;
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    buffer_text(&text, "<a>");
    for (int i = 0; i <= VERDICT_MAX_SIGNATURES; i++)
        buffer_text(&text, "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>");
    buffer_text(&text, "</a>");
    assert_true(check(buffer_span(&text), &verdict, &err));
    assert_int_equal(err.code, ERR_NONE);
    assert_int_equal(verdict.count, 0);
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_TOO_MANY_SIGNATURES);
    assert_string_equal(verdict.reasons[0].arg[0], "256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tampering_is_named_for_what_it_is),
        cmocka_unit_test(no_flipped_bit_changes_what_is_said),
        cmocka_unit_test(what_xmlsec_signs_is_judged_by_what_it_covers),
        cmocka_unit_test(wrapping_never_passes),
        cmocka_unit_test(an_unsigned_document_says_so),
        cmocka_unit_test(a_limit_that_is_reached_is_a_verdict),
    };
    return cmocka_run_group_tests_name("xades", tests, make_world, trust_world_end);
}
