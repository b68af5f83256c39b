/* Attacks on XML signatures, each with its honest twin: signed content moved and replaced (XSW 1 to 8 and their XAdES
 * kin), identifiers given twice, comments, transforms that run programs, references to other places, message
 * authentication codes in place of signatures, properties, manifests and counter-signatures of somebody else. */
#include "tests/check.h"

#include "tests/stamp_make.h"
#include "tests/trust_world.h"
#include "tests/xml_make.h"

#include <libxml/c14n.h>

#include "base/clock.h"
#include "base/xml.h"
#include "signer/verifier.h"

#define NS_DS "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
#define NS_X "xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\""
#define EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"
#define TRANSFORM(algorithm, inside) "<ds:Transform Algorithm=\"" algorithm "\">" inside "</ds:Transform>"
#define ENVELOPED TRANSFORM("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "")
#define REFERENCE(uri, attributes, transforms)                                                               \
    "<ds:Reference URI=\"" uri "\"" attributes "><ds:Transforms>" transforms TRANSFORM(                      \
        EXCLUSIVE,                                                                                           \
        "") "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"       \
            "<ds:DigestValue/></ds:Reference>"
#define OCTETS(uri)                                                                                          \
    "<ds:Reference URI=\"" uri "\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>" \
    "<ds:DigestValue/></ds:Reference>"
#define INFO(method, references)                                                                             \
    "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE                                       \
    "\"/><ds:SignatureMethod Algorithm=\""                                                                   \
    "http://www.w3.org/2001/04/xmldsig-more#" method references "</ds:SignedInfo>"
#define RSA "rsa-sha256\"/>"
#define KEY_INFO                                                                                             \
    "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>@CERTIFICATE@</ds:X509Certificate></ds:X509Data></"        \
    "ds:KeyInfo>"
#define SIGNATURE(id, info, objects)                                                                         \
    "<ds:Signature " NS_DS " Id=\"" id "\">" info "<ds:SignatureValue Id=\"" id "-V\"/>" KEY_INFO objects    \
    "</ds:Signature>"
#define OBJECT(inside) "<ds:Object>" inside "</ds:Object>"
/* XAdES */
#define PROPERTIES_OF(target, id, unsigned_properties)                                                       \
    "<x:QualifyingProperties " NS_X " Target=\"#" target "\"><x:SignedProperties Id=\"" id                   \
    "\"><x:SignedSignatureProperties><x:SigningTime>2025-01-01T00:00:00Z</"                                  \
    "x:SigningTime><x:SigningCertificateV2>"                                                                 \
    "<x:Cert><x:CertDigest><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"         \
    "<ds:DigestValue>@CERTIFICATE-DIGEST@</ds:DigestValue></x:CertDigest></x:Cert></x:SigningCertificateV2>" \
    "</x:SignedSignatureProperties></x:SignedProperties>" unsigned_properties "</x:QualifyingProperties>"
#define TO_PROPERTIES(id) REFERENCE("#" id, " Type=\"http://uri.etsi.org/01903#SignedProperties\"", "")
#define XADES(id, references, unsigned_properties)                                                           \
    SIGNATURE(id, INFO(RSA, references TO_PROPERTIES(id "-P")),                                              \
              OBJECT(PROPERTIES_OF(id, id "-P", unsigned_properties)))
#define UNSIGNED(inside)                                                                                     \
    "<x:UnsignedProperties><x:UnsignedSignatureProperties>" inside                                           \
    "</x:UnsignedSignatureProperties></x:UnsignedProperties>"

#define RESULT "<KetQua Id=\"kq\"><So>127</So></KetQua>"
#define FORGED "<KetQua Id=\"moi\"><So>999</So></KetQua>"

static void look(struct span text, const struct detached *files, size_t count, struct verdict *ret_verdict)
{
    struct verification how = {.trust = world.trust, .detached = files, .detached_count = count};
    struct source document = source_of(text);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, ret_verdict, &err));
    assert_true(ret_verdict->count > 0);
}

/* The worst of what is found. */
static struct finding worst(struct span text, const struct detached *files, size_t count)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    look(text, files, count, &verdict);
    struct finding found = verdict.findings[0];
    for (size_t i = 1; i < verdict.count; i++)
        if (verdict.findings[i].indication == TOTAL_FAILED || found.indication == TOTAL_PASSED)
            found = verdict.findings[i];
    return found;
}

static void check_found(const char *sentence, const struct finding *found, enum indication indication,
                        enum sub_indication sub)
{
    if (found->indication != indication || found->sub != sub)
        print_error("%s: %s/%s\n", sentence, indication_name(found->indication),
                    sub_indication_name(found->sub));
    check_row(found->indication == indication && found->sub == sub, sentence);
}

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

static void files_beside_are_looked_up_by_name_alone(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *template, *name, *content;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"a file by its name", SIGNATURE("S", INFO(RSA, OCTETS("a.txt")), ""), "a.txt", "127", TOTAL_PASSED,
         SUB_NONE},
        {"a name with a blank", SIGNATURE("S", INFO(RSA, OCTETS("a%20b.txt")), ""), "a b.txt", "127",
         TOTAL_PASSED, SUB_NONE},
        {"another content", SIGNATURE("S", INFO(RSA, OCTETS("a.txt")), ""), "a.txt", "128", TOTAL_FAILED,
         SUB_HASH_FAILURE},
        {"another name", SIGNATURE("S", INFO(RSA, OCTETS("a.txt")), ""), "b.txt", "127", INDETERMINATE,
         SUB_SIGNED_DATA_NOT_FOUND},
        {"a way out of the folder", SIGNATURE("S", INFO(RSA, OCTETS("../a.txt")), ""), "a.txt", "127",
         INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
        {"a canonical form of the file", SIGNATURE("S", INFO(RSA, REFERENCE("a.xml", "", "")), ""), "a.xml",
         "<a  b = '127'/>", TOTAL_PASSED, SUB_NONE},
        {"a file that is no XML where its form is signed",
         SIGNATURE("S", INFO(RSA, REFERENCE("a.xml", "", "")), ""), "a.xml", "<a", INDETERMINATE,
         SUB_SIG_CONSTRAINTS_FAILURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0};
        const char *name = strcmp(rows[i].name, "b.txt") == 0 ? "a.txt" : rows[i].name;
        bool xml = strcmp(rows[i].name, "a.xml") == 0;
        const struct detached theirs[] = {
            {.name = name, .bytes = xml ? span_text("<a b=\"127\"/>") : span_text("127")}};
        const struct detached ours[] = {{.name = rows[i].name, .bytes = span_text(rows[i].content)}};
        xml_make(&world.leader, rows[i].template, theirs, 1, &made);
        struct finding found = worst(buffer_span(&made), ours, 1);
        check_found(rows[i].sentence, &found, rows[i].indication, rows[i].sub);
    }
}

/* The second and third cost nothing: what they sign has been digested. */
static void a_digest_is_remembered_for_the_same_nodes_alone(void **state)
{
    (void)state;
#define NOT_SIGNATURES                                                                                       \
    TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116",                                                \
              "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")
#define INCLUSIVE TRANSFORM("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "")
    static const char template[] = "<Goi xmlns:y=\"urn:y\">" RESULT SIGNATURE(
        "A", INFO(RSA, REFERENCE("", "", NOT_SIGNATURES) REFERENCE("#kq", "", "")), "")
        SIGNATURE("B", INFO(RSA, REFERENCE("", "", NOT_SIGNATURES) REFERENCE("#kq", "", "")), "") SIGNATURE(
            "C", INFO(RSA, REFERENCE("", "", NOT_SIGNATURES) REFERENCE("#kq", "", INCLUSIVE)), "") "</Goi>";
    struct buffer made CLEANUP(buffer_clear) = {0};
    xml_make(&world.leader, template, NULL, 0, &made);
    struct finding found = worst(buffer_span(&made), NULL, 0);
    check_found("three signatures over the same", &found, TOTAL_PASSED, SUB_NONE);
    xml_replace(&made, "127", "128");
    found = worst(buffer_span(&made), NULL, 0);
    check_found("and all see a change", &found, TOTAL_FAILED, SUB_HASH_FAILURE);
}

#define COUNTERS " Type=\"http://uri.etsi.org/01903#CountersignedSignature\""
static void a_confirmation_stands_behind_what_it_confirms(void **state)
{
    (void)state;
    struct buffer made CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    xml_make(&world.leader,
             "<Goi>" RESULT SIGNATURE("E", INFO(RSA, REFERENCE("#D-V", COUNTERS, "")), "")
                 SIGNATURE("F", INFO(RSA, REFERENCE("#S-V", COUNTERS, "")), "")
                     XADES("T", REFERENCE("#kq", "", ""), "")
                         XADES("S", REFERENCE("#kq", "", ""),
                               UNSIGNED("<x:CounterSignature>" XADES(
                                   "C", REFERENCE("#S-V", "", ""),
                                   UNSIGNED("<x:CounterSignature>" XADES(
                                       "D", REFERENCE("#C-V", "", ""),
                                       "") "</x:CounterSignature>")) "</x:CounterSignature>")) "</Goi>",
             NULL, 0, &made);
    look(buffer_span(&made), NULL, 0, &verdict);
    assert_int_equal(verdict.count, 6);
    static const struct {
        const char *field;
        enum finding_kind kind;
        unsigned of;
    } wanted[] = {{"T", FINDING_SIGNATURE, 0},         {"S", FINDING_SIGNATURE, 0},
                  {"C", FINDING_COUNTER_SIGNATURE, 1}, {"D", FINDING_COUNTER_SIGNATURE, 2},
                  {"E", FINDING_COUNTER_SIGNATURE, 3}, {"F", FINDING_COUNTER_SIGNATURE, 1}};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        check_row(verdict.findings[i].indication == TOTAL_PASSED && verdict.findings[i].kind == wanted[i].kind
                      && verdict.findings[i].of == wanted[i].of
                      && strcmp(verdict.findings[i].field, wanted[i].field) == 0,
                  wanted[i].field);
}

/* What a timestamp is about, put together from the text of the document, each piece canonical by itself. */
struct piece {
    const char *from, *to;
};

static void put_canonical(struct span document, const struct piece *piece, struct buffer *ret_octets)
{
    struct span element = xml_cut(document, piece->from, piece->to);
    struct buffer text CLEANUP(buffer_clear) = {0};
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    xmlChar *canonical CLEANUP(xml_char_clear) = NULL;
    struct error err = {0};
    size_t name = strcspn(piece->from, " >");
    buffer_append(&text, span_slice(element, 0, name));
    buffer_text(&text, " " NS_DS " " NS_X " ");
    buffer_append(&text, span_slice(element, name, SIZE_MAX));
    assert_true(xml_read(buffer_span(&text), &doc, &err));
    int size = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, &canonical);
    assert_true(size > 0);
    buffer_append(ret_octets, span_of(canonical, (size_t)size));
}

static void token_over(struct span octets, struct buffer *ret_text)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, octets);
    struct buffer token CLEANUP(buffer_clear) = {0};
    stamp_make(&world.authority, DIGEST_SHA256, digest_span(&digest), clock_now_ms(&clock_system), &token);
    base64_append(ret_text, buffer_span(&token));
}

#define STAMP(name)                                                                                          \
    "<" name "><ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE                                            \
    "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp></" name ">"
#define LISTS                                                                                                \
    "<x:CompleteCertificateRefs><x:CertRefs/></x:CompleteCertificateRefs>"                                   \
    "<x:CompleteRevocationRefs><x:CRLRefs/></x:CompleteRevocationRefs>"
#define STAMPED(properties) "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), UNSIGNED(properties)) "</Goi>"
#define VALUE                                                                                                \
    {                                                                                                        \
        "<ds:SignatureValue", "</ds:SignatureValue>"                                                         \
    }
#define LISTED                                                                                               \
    {"<x:CompleteCertificateRefs", "</x:CompleteCertificateRefs>"},                                          \
    {                                                                                                        \
        "<x:CompleteRevocationRefs", "</x:CompleteRevocationRefs>"                                           \
    }

static const struct {
    const char *sentence, *template;
    enum stamp_kind kind;
    struct piece pieces[10];
    enum sub_indication sub;
} stamped_rows[] = {
    {"the signature value", STAMPED(STAMP("x:SignatureTimeStamp")), STAMP_SIGNATURE, {VALUE}, SUB_NONE},
    {"not the content",
     STAMPED(STAMP("x:SignatureTimeStamp")),
     STAMP_SIGNATURE,
     {{"<KetQua", "</KetQua>"}},
     SUB_HASH_FAILURE},
    {"value and lists",
     STAMPED(LISTS STAMP("x:SigAndRefsTimeStamp")),
     STAMP_REFERENCES,
     {VALUE, LISTED},
     SUB_NONE},
    {"the lists alone", STAMPED(LISTS STAMP("x:RefsOnlyTimeStamp")), STAMP_REFERENCES, {LISTED}, SUB_NONE},
    {"not lists that stand behind it",
     STAMPED(STAMP("x:RefsOnlyTimeStamp") LISTS),
     STAMP_REFERENCES,
     {LISTED},
     SUB_HASH_FAILURE},
    {"all of it, in the archive's order",
     STAMPED(LISTS
             "<a:ArchiveTimeStamp xmlns:a=\"http://uri.etsi.org/01903/v1.4.1#\"><ds:CanonicalizationMethod "
             "Algorithm=\"" EXCLUSIVE "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp>"
             "</a:ArchiveTimeStamp>"),
     STAMP_ARCHIVE,
     {{"<KetQua", "</KetQua>"},
      {"<x:SignedProperties", "</x:SignedProperties>"},
      {"<ds:SignedInfo", "</ds:SignedInfo>"},
      VALUE,
      {"<ds:KeyInfo", "</ds:KeyInfo>"},
      LISTED},
     SUB_NONE},
    {"not in another order",
     STAMPED(LISTS
             "<a:ArchiveTimeStamp xmlns:a=\"http://uri.etsi.org/01903/v1.4.1#\"><ds:CanonicalizationMethod "
             "Algorithm=\"" EXCLUSIVE "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp>"
             "</a:ArchiveTimeStamp>"),
     STAMP_ARCHIVE,
     {{"<x:SignedProperties", "</x:SignedProperties>"},
      {"<KetQua", "</KetQua>"},
      {"<ds:SignedInfo", "</ds:SignedInfo>"},
      VALUE,
      {"<ds:KeyInfo", "</ds:KeyInfo>"},
      LISTED},
     SUB_HASH_FAILURE},
};

static void a_timestamp_is_about_its_pieces_in_their_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stamped_rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0}, octets CLEANUP(buffer_clear) = {0},
                           token CLEANUP(buffer_clear) = {0};
        xml_make(&world.leader, stamped_rows[i].template, NULL, 0, &made);
        for (size_t k = 0; k < COUNT_OF(stamped_rows[i].pieces) && stamped_rows[i].pieces[k].from; k++)
            put_canonical(buffer_span(&made), &stamped_rows[i].pieces[k], &octets);
        token_over(buffer_span(&octets), &token);
        xml_replace(&made, "@TOKEN@", buffer_string(&token));
        struct finding found = worst(buffer_span(&made), NULL, 0);
        if (found.stamps[0].sub != stamped_rows[i].sub)
            print_error("%s: %s\n", stamped_rows[i].sentence, sub_indication_name(found.stamps[0].sub));
        check_row(found.stamp_count == 1 && found.stamps[0].kind == stamped_rows[i].kind
                      && found.stamps[0].sub == stamped_rows[i].sub,
                  stamped_rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrapped_never_passes),
        cmocka_unit_test(what_is_signed_is_judged),
        cmocka_unit_test(what_is_changed_is_found),
        cmocka_unit_test(a_certificate_without_a_readable_key_has_signed_nothing),
        cmocka_unit_test(files_beside_are_looked_up_by_name_alone),
        cmocka_unit_test(a_timestamp_is_about_its_pieces_in_their_order),
        cmocka_unit_test(a_digest_is_remembered_for_the_same_nodes_alone),
        cmocka_unit_test(a_confirmation_stands_behind_what_it_confirms),
    };
    return cmocka_run_group_tests_name("xades_attack", tests, trust_world_make, trust_world_end);
}
