/* Attacks on XML signatures, each with its honest twin: signed content moved and replaced (XSW 1 to 8 and their XAdES
 * kin), identifiers given twice, comments, transforms that run programs, references to other places, message
 * authentication codes in place of signatures, properties and manifests of somebody else. */
#include "tests/check.h"

#include "tests/xades_shape.h"

#define FORGED "<KetQua Id=\"moi\"><So>999</So></KetQua>"

/* Where the pieces of a signed document are put: {o} what was signed, {s} the signature, {b} and {e} the signature before
 * and from its end tag on. */
static void put_together(const char *form, struct span original, struct span signature,
                         struct buffer *ret_text)
{
    struct span end = SPAN_LITERAL("</ds:Signature>");
    for (const char *at = form; *at; at++) {
        struct span piece = span_of(at, 1);
        if (at[0] == '{' && at[1] && at[2] == '}') {
            piece = at[1] == 'o'   ? original
                    : at[1] == 's' ? signature
                    : at[1] == 'b' ? span_slice(signature, 0, signature.size - end.size)
                                   : end;
            at += 2;
        }
        buffer_append(ret_text, piece);
    }
}

/* "On breaking SAML: be whoever you want to be" (USENIX Security 2012), for any document. */
static void what_is_wrapped_never_passes(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *form;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"as it was signed", "<Goi>{o}{s}</Goi>", TOTAL_PASSED, SUB_NONE},
        {"XSW 1: the original inside the signature, around it a forged one",
         "<KetQua><So>999</So>{b}{o}{e}</KetQua>", TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"XSW 2: the original beside the signature inside a forged one",
         "<KetQua><So>999</So>{o}{s}</KetQua>", INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
        {"XSW 3: a forged one before the original", "<Goi>" FORGED "{o}{s}</Goi>", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"XSW 4: a forged one around the original",
         "<Goi><KetQua Id=\"moi\"><So>999</So>{o}</KetQua>{s}</Goi>", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"XSW 5: the signature goes with the forged one",
         "<Goi><KetQua Id=\"moi\"><So>999</So>{s}</KetQua>{o}</Goi>", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"XSW 6: and takes the original in", "<Goi><KetQua Id=\"moi\"><So>999</So>{b}{o}{e}</KetQua></Goi>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"XSW 7: an extension with the same identifier",
         "<Goi><MoRong><KetQua Id=\"kq\"><So>999</So></KetQua></MoRong>{o}{s}</Goi>", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"XSW 8: the original in an object of the signature",
         "<Goi><KetQua Id=\"moi\"><So>999</So></KetQua>{b}<ds:Object>{o}</ds:Object>{e}</Goi>", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"the original among what nobody reads, a forged one in its place",
         "<Goi>" FORGED "<Bo><Qua>{o}</Qua></Bo>{s}</Goi>", INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
        {"an identifier spelt another way", "<Goi><KetQua ID=\"kq\"><So>999</So></KetQua>{o}{s}</Goi>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"an identifier of XML itself", "<Goi><KetQua xml:id=\"kq\"><So>999</So></KetQua>{o}{s}</Goi>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"an identifier from another namespace", "<Goi><KetQua xmlns:w=\"urn:w\" w:Id=\"kq\"/>{o}{s}</Goi>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"the original taken away", "<Goi>" FORGED "{s}</Goi>", INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
        {"the signature inside a signature that is none",
         "<Goi>{o}<ds:Signature " NS_DS ">{s}</ds:Signature></Goi>", TOTAL_FAILED, SUB_FORMAT_FAILURE},
    };
    struct buffer made CLEANUP(buffer_clear) = {0};
    xml_make(&world.leader, "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "")), "") "</Goi>",
             NULL, 0, &made);
    struct span signature = xml_cut(buffer_span(&made), "<ds:Signature ", "</ds:Signature>");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        put_together(rows[i].form, span_text(RESULT), signature, &text);
        struct finding found = worst(buffer_span(&text), NULL, 0);
        check_found(rows[i].sentence, &found, rows[i].indication, rows[i].sub);
    }
}

/* A whole document with a signature, signed as it stands. */
static const struct {
    const char *sentence, *template;
    enum indication indication;
    enum sub_indication sub;
} signed_rows[] = {
    {"an enveloped signature",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("", "", ENVELOPED)), "") "</Goi>", TOTAL_PASSED,
     SUB_NONE},
    {"an enveloping one",
     SIGNATURE("S", INFO(RSA, REFERENCE("#o", "", "")), "<ds:Object Id=\"o\">127</ds:Object>"), TOTAL_PASSED,
     SUB_NONE},
    {"one around base64",
     SIGNATURE("S",
               INFO(RSA, "<ds:Reference URI=\"#o\"><ds:Transforms>" TRANSFORM(
                             "http://www.w3.org/2000/09/xmldsig#base64",
                             "") "</ds:Transforms><ds:DigestMethod "
                                 "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>"
                                 "</ds:Reference>"),
               "<ds:Object Id=\"o\">MTI3</ds:Object>"),
     TOTAL_PASSED, SUB_NONE},
    {"base64 signs the text alone, not the elements around it",
     SIGNATURE("S",
               INFO(RSA, "<ds:Reference URI=\"#o\"><ds:Transforms>" TRANSFORM(
                             "http://www.w3.org/2000/09/xmldsig#base64",
                             "") "</ds:Transforms><ds:DigestMethod "
                                 "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>"
                                 "</ds:Reference>"),
               "<ds:Object Id=\"o\"><Huy>MTI3</Huy></ds:Object>"),
     INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    {"a XAdES one", "<Goi>" RESULT XADES("S", REFERENCE("", "", ENVELOPED), "") "</Goi>", TOTAL_PASSED,
     SUB_NONE},
    {"a stylesheet that makes what is digested",
     "<Goi>" RESULT SIGNATURE(
         "S",
         INFO(RSA, REFERENCE("#kq", "",
                             TRANSFORM("http://www.w3.org/TR/1999/REC-xslt-19991116",
                                       "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" "
                                       "version=\"1.0\"/>"))),
         "") "</Goi>",
     INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    {"an expression that is none",
     "<Goi>" RESULT SIGNATURE("S",
                              INFO(RSA, REFERENCE("#kq", "",
                                                  TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116",
                                                            "<ds:XPath>self::q[</ds:XPath>"))),
                              "") "</Goi>",
     INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    {"an expression that takes too long",
     "<Goi>" RESULT SIGNATURE(
         "S",
         INFO(RSA, REFERENCE("#kq", "",
                             TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116",
                                       "<ds:XPath>count(//*[count(//*[count(//*[count(//*[count(//*) > "
                                       "0]) > 0]) > 0]) > 0]) > 0</ds:XPath>"))),
         "") "</Goi>",
     INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    {"a file of this machine",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, OCTETS("file:///etc/hostname")), "") "</Goi>", INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND},
    {"an address", "<Goi>" RESULT SIGNATURE("S", INFO(RSA, OCTETS("http://127.0.0.1:9/")), "") "</Goi>",
     INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
    {"a pointer that searches",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, OCTETS("#xpointer(//So)")), "") "</Goi>", INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND},
    {"a code made with the public key as its secret",
     "<Goi>" RESULT SIGNATURE("S", INFO("hmac-sha256\"/>", REFERENCE("#kq", "", "")), "") "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"a value of which only a part should be checked",
     "<Goi>" RESULT SIGNATURE(
         "S",
         INFO("rsa-sha256\"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>",
              REFERENCE("#kq", "", "")),
         "") "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"what is called an object is none",
     "<Goi>" RESULT SIGNATURE(
         "S", INFO(RSA, REFERENCE("#kq", " Type=\"http://www.w3.org/2000/09/xmldsig#Object\"", "")),
         "") "</Goi>",
     INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
    /* XAdES: whose properties? */
    {"properties that stand somewhere else",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "") TO_PROPERTIES("P")),
                              "") "<Qua>" PROPERTIES_OF("S", "P", "") "</Qua></Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"properties moved into a wrapper, others in their place",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "") TO_PROPERTIES("P")),
                              OBJECT("<Qua>" PROPERTIES_OF("S", "P", "") "</Qua>")
                                  OBJECT(PROPERTIES_OF("S", "Q", ""))) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"properties that no reference signs",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "")),
                              OBJECT(PROPERTIES_OF("S", "P", ""))) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"properties signed through a filter that may leave some out",
     "<Goi>" RESULT SIGNATURE("S",
                              INFO(RSA, REFERENCE("#kq", "", "") REFERENCE(
                                            "#P", " Type=\"http://uri.etsi.org/01903#SignedProperties\"",
                                            TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116",
                                                      "<ds:XPath>self::*</ds:XPath>"))),
                              OBJECT(PROPERTIES_OF("S", "P", ""))) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"two sets of properties",
     "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "") TO_PROPERTIES("P")),
                              OBJECT(PROPERTIES_OF("S", "P", ""))
                                  OBJECT(PROPERTIES_OF("S", "Q", ""))) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"the properties of another signature",
     "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), "")
         SIGNATURE("T", INFO(RSA, REFERENCE("#kq", "", "") TO_PROPERTIES("S-P")), "") "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"properties that name another signature",
     "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), "")
         SIGNATURE("T", INFO(RSA, REFERENCE("#kq", "", "") TO_PROPERTIES("T-P")),
                   OBJECT(PROPERTIES_OF("S", "T-P", ""))) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    /* counter-signatures */
    {"a counter-signature",
     "<Goi>" RESULT XADES(
         "S", REFERENCE("#kq", "", ""),
         UNSIGNED("<x:CounterSignature>" XADES(
             "C", REFERENCE("#S-V", " Type=\"http://uri.etsi.org/01903#CountersignedSignature\"", ""),
             "") "</x:CounterSignature>")) "</Goi>",
     TOTAL_PASSED, SUB_NONE},
    {"a counter-signature about something else",
     "<Goi>" RESULT XADES(
         "S", REFERENCE("#kq", "", ""),
         UNSIGNED("<x:CounterSignature>" XADES(
             "C", REFERENCE("#kq", " Type=\"http://uri.etsi.org/01903#CountersignedSignature\"", ""),
             "") "</x:CounterSignature>")) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    {"a counter-signature of another signature",
     "<Goi>" RESULT XADES("T", REFERENCE("#kq", "", ""), "")
         XADES("S", REFERENCE("#kq", "", ""),
               UNSIGNED("<x:CounterSignature>" XADES("C", REFERENCE("#T-V", "", ""),
                                                     "") "</x:CounterSignature>")) "</Goi>",
     TOTAL_FAILED, SUB_FORMAT_FAILURE},
    /* manifests */
    {"a manifest of what is here",
     "<Goi>" RESULT SIGNATURE(
         "S", INFO(RSA, REFERENCE("#m", " Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"", "")),
         OBJECT("<ds:Manifest Id=\"m\">" REFERENCE("#kq", "", "") "</ds:Manifest>")) "</Goi>",
     TOTAL_PASSED, SUB_NONE},
    {"a manifest of what is elsewhere",
     "<Goi>" RESULT SIGNATURE(
         "S", INFO(RSA, REFERENCE("#kq", "", "") REFERENCE("#m", "", "")),
         OBJECT("<ds:Manifest Id=\"m\">" OCTETS("phu-luc.pdf") "</ds:Manifest>")) "</Goi>",
     INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    {"a manifest put into a wrapper, another in its place",
     "<Goi>" RESULT SIGNATURE(
         "S",
         INFO(RSA, REFERENCE("#kq", "", "")
                       REFERENCE("#m", " Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"", "")),
         OBJECT("<Qua>" OBJECT(
             "<ds:Manifest Id=\"m\">" REFERENCE("#kq", "", "") "</ds:Manifest>") "</Qua>")) "</Goi>",
     INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
};

static void what_is_signed_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(signed_rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0};
        xml_make(&world.leader, signed_rows[i].template, NULL, 0, &made);
        struct finding found = worst(buffer_span(&made), NULL, 0);
        check_found(signed_rows[i].sentence, &found, signed_rows[i].indication, signed_rows[i].sub);
    }
}

/* Changed after it was signed. */
static void what_is_changed_is_found(void **state)
{
    (void)state;
#define MANIFEST                                                                                             \
    SIGNATURE("S", INFO(RSA, REFERENCE("#m", "", "")),                                                       \
              OBJECT("<ds:Manifest Id=\"m\">" REFERENCE("#kq", "", "") "</ds:Manifest>"))
    static const char plain[] = "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), "") "</Goi>",
                      listed[] = "<Goi>" RESULT MANIFEST "</Goi>";
    static const struct {
        const char *sentence, *template, *from, *to;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"a changed value", plain, "127", "128", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"a comment in a digest", plain, "<ds:DigestValue>", "<ds:DigestValue><!-- -->", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"a comment in the signature value", plain, "<ds:SignatureValue Id=\"S-V\">",
         "<ds:SignatureValue Id=\"S-V\"><!-- -->", TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"a comment in a signed number", plain, "127", "12<!-- -->7", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"a comment beside a signed number", plain, "<So>127", "<!-- --><So>127", TOTAL_PASSED, SUB_NONE},
        {"a second signature value", plain, "<ds:KeyInfo>",
         "<ds:SignatureValue>AA==</ds:SignatureValue><ds:KeyInfo>", TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"a stranger in the signature", plain, "<ds:KeyInfo>", "<KetQua/><ds:KeyInfo>", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"a wrapper around what is signed", plain, "<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>",
         TOTAL_FAILED, SUB_FORMAT_FAILURE},
        {"content behind the manifest's back", listed, "127", "128", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"a manifest that is changed itself", listed, "<ds:Manifest Id=\"m\">",
         "<ds:Manifest Id=\"m\" x=\"\">", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"properties that name nobody", plain, "Target=\"#S\"", "Target=\"#nobody\"", TOTAL_PASSED, SUB_NONE},
        {"properties that name the content", plain, "Target=\"#S\"", "Target=\"#kq\"", TOTAL_FAILED,
         SUB_FORMAT_FAILURE},
        {"another claimed time", plain, "2025-01-01", "2024-01-01", TOTAL_FAILED, SUB_HASH_FAILURE},
        {"a certificate that cannot be fetched", plain, "<ds:X509Data>",
         "<ds:RetrievalMethod URI=\"http://127.0.0.1:9/\"/><ds:X509Data>", TOTAL_PASSED, SUB_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0};
        xml_make(&world.leader, rows[i].template, NULL, 0, &made);
        xml_replace(&made, rows[i].from, rows[i].to);
        struct finding found = worst(buffer_span(&made), NULL, 0);
        check_found(rows[i].sentence, &found, rows[i].indication, rows[i].sub);
    }
}

/* X.509 names an algorithm for the key that nobody knows. */
static void a_certificate_without_a_readable_key_has_signed_nothing(void **state)
{
    (void)state;
    static const char rsa[] = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";
    struct buffer made CLEANUP(buffer_clear) = {0}, theirs CLEANUP(buffer_clear) = {0},
                       ours CLEANUP(buffer_clear) = {0}, der CLEANUP(buffer_clear) = {0};
    xml_make(&world.leader, "<Goi>" RESULT SIGNATURE("S", INFO(RSA, REFERENCE("#kq", "", "")), "") "</Goi>",
             NULL, 0, &made);
    buffer_append(&der, buffer_span(&world.leader.der));
    base64_append(&theirs, buffer_span(&der));
    size_t at = span_find(buffer_span(&der), SPAN_LITERAL(rsa), 0);
    assert_int_not_equal(at, SIZE_MAX);
    der.data[at + sizeof(rsa) - 2] = 0x63;
    base64_append(&ours, buffer_span(&der));
    xml_replace(&made, buffer_string(&theirs), buffer_string(&ours));
    struct finding found = worst(buffer_span(&made), NULL, 0);
    check_found("an unreadable key", &found, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrapped_never_passes),
        cmocka_unit_test(what_is_signed_is_judged),
        cmocka_unit_test(what_is_changed_is_found),
        cmocka_unit_test(a_certificate_without_a_readable_key_has_signed_nothing),
    };
    return cmocka_run_group_tests_name("xades_attack", tests, trust_world_make, trust_world_end);
}
