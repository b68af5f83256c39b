/* XML whose signature stays good while something else is put where people and programs look. */
#include "tests/check.h"

#include "tests/trust_world.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/signer_text.h"
#include "signer/verifier.h"

/* <Goi><KetQua Id="kq">…</KetQua><ds:Signature> over #kq */
static struct buffer signed_xml;

static void run(const char *command)
{
    char line[1024];
    snprintf(line, sizeof(line), "cd %s && %s", world.directory, command);
    assert_int_equal(system(line), 0);
}

static const char template[] =
    "<Goi><KetQua Id=\"kq\"><So>127</So></KetQua><ds:Signature "
    "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
    "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
    "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference "
    "URI=\"#kq\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
    "</ds:Transforms><ds:DigestMethod "
    "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>"
    "</ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo>"
    "</ds:Signature></Goi>";

static void sign_by_xmlsec(void)
{
    char path[SCRATCH_PATH];
    struct error err = {0};
    scratch_save(world.directory, "template.xml", span_text(template));
    run("xmlsec1 --sign --privkey-pem leader.key,leader.pem --id-attr:Id KetQua --output signed.xml "
        "template.xml 2>said");
    scratch_path(world.directory, "signed.xml", path);
    assert_true(file_read(path, 1 << 20, &signed_xml, &err));
}

static int make_world(void **state)
{
    trust_world_make(state);
    scratch_save_person(world.directory, "leader", &world.leader);
    sign_by_xmlsec();
    return 0;
}

static int end_world(void **state)
{
    buffer_clear(&signed_xml);
    return trust_world_end(state);
}

#define XADES(name, inside)                                                                                  \
    "<x:" name " xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\">" inside "</x:" name ">"
#define DSIG(name, inside)                                                                                   \
    "<d:" name " xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">" inside "</d:" name ">"
#define FALSE_RESULT "<KetQua><So>999</So></KetQua>"
#define SIGNED "<KetQua Id=\"kq\">"

static const struct {
    const char *sentence, *at, *put; /* in front of the first `at` */
    enum indication indication;
} rows[] = {
    {"as it was signed", SIGNED, "", TOTAL_PASSED},
    {"white space and comments beside it say nothing", SIGNED, "\n <!-- x --> ", TOTAL_PASSED},
    {"another element says something by its name", SIGNED, "<ThuHoi/>", INDETERMINATE},
    {"an identifier makes it no better", SIGNED, "<ThuHoi Id=\"a\"/>", INDETERMINATE},
    {"so does one deeper inside", SIGNED, "<Them><ThuHoi/></Them>", INDETERMINATE},
    {"an instruction may change how it is shown", SIGNED, "<?xml-stylesheet href=\"a.xsl\"?>", INDETERMINATE},
    {"one in front of the root too", "<Goi>", "<?xml-stylesheet href=\"a.xsl\"?>", INDETERMINATE},
    {"content called a counter-signature is a signature, and a bad one", SIGNED,
     XADES("CounterSignature", DSIG("Signature", DSIG("Object", FALSE_RESULT))), TOTAL_FAILED},
    {"content called a signature too", SIGNED, DSIG("Signature", FALSE_RESULT), TOTAL_FAILED},
    {"content in an object of the signature is nobody's", "</ds:Signature>", DSIG("Object", FALSE_RESULT),
     INDETERMINATE},
};

static enum indication judge(struct span text)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification how = {.trust = world.trust};
    struct source document = source_of(text);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, &verdict, &err));
    return verdict_overall(&verdict);
}

static void what_nobody_signed_is_not_passed_off(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer wrapped CLEANUP(buffer_clear) = {0};
        struct span original = buffer_span(&signed_xml);
        size_t at = span_find(original, span_text(rows[i].at), 0);
        assert_int_not_equal(at, SIZE_MAX);
        buffer_append(&wrapped, span_slice(original, 0, at));
        buffer_text(&wrapped, rows[i].put);
        buffer_append(&wrapped, span_slice(original, at, SIZE_MAX));
        check_row(judge(buffer_span(&wrapped)) == rows[i].indication, rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_signed_is_not_passed_off),
    };
    return cmocka_run_group_tests_name("xades_wrap", tests, make_world, end_world);
}
