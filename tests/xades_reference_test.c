/* What the references of XML signatures lead to: files beside the document, nodes that were digested before, and the
 * signatures that a counter-signature confirms. */
#include "tests/check.h"

#include "tests/xades_shape.h"

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
        {"a comment that splits a value of the file, where it is not signed",
         SIGNATURE("S", INFO(RSA, REFERENCE("c.xml", "", "")), ""), "c.xml", "<a><b>1<!-- -->999</b></a>",
         INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
        {"one that splits nothing", SIGNATURE("S", INFO(RSA, REFERENCE("c.xml", "", "")), ""), "c.xml",
         "<a><b>1999</b><!-- --></a>", TOTAL_PASSED, SUB_NONE},
        {"a part of the file, the rest of which is anybody's",
         SIGNATURE("S",
                   INFO(RSA, REFERENCE("c.xml", "",
                                       TRANSFORM("http://www.w3.org/TR/1999/REC-xpath-19991116",
                                                 "<ds:XPath>ancestor-or-self::b</ds:XPath>"))),
                   ""),
         "c.xml", "<a><b>1999</b><So>999</So></a>", INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0};
        const char *name = strcmp(rows[i].name, "b.txt") == 0 ? "a.txt" : rows[i].name;
        const char *signed_content = strcmp(name, "a.xml") == 0   ? "<a b=\"127\"/>"
                                     : strcmp(name, "c.xml") == 0 ? "<a><b>1999</b></a>"
                                                                  : "127";
        const struct detached theirs[] = {{.name = name, .bytes = span_text(signed_content)}};
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

#define FORGED "<KetQua Id=\"moi\"><So>999</So></KetQua>"

/* Parts of a signature that nobody signs: a reader that searches by name may find there first what it looks for. */
static void what_is_slipped_into_a_signature_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *key,
            *object; /* slipped into the first KeyInfo; beside it, into the confirmation */
        enum sub_indication sub;
    } rows[] = {
        {"nothing", "", "", SUB_NONE},
        {"what KeyInfo is for", "<ds:KeyName>Mẫu</ds:KeyName>", "", SUB_NONE},
        {"content among the keys", FORGED, "", SUB_SIG_CONSTRAINTS_FAILURE},
        {"content deep among the keys", "<ds:X509Data>" FORGED "</ds:X509Data>", "",
         SUB_SIG_CONSTRAINTS_FAILURE},
        {"content in an object of a confirmation", "", "<ds:Object>" FORGED "</ds:Object>",
         SUB_SIG_CONSTRAINTS_FAILURE},
    };
    struct buffer made CLEANUP(buffer_clear) = {0};
    xml_make(&world.leader,
             "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), "")
                 SIGNATURE("F", INFO(RSA, REFERENCE("#S-V", COUNTERS, "")), "@OBJECT@") "</Goi>",
             NULL, 0, &made);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer text CLEANUP(buffer_clear) = {0}, key CLEANUP(buffer_clear) = {0};
        buffer_append(&text, buffer_span(&made));
        buffer_text(&key, rows[i].key);
        buffer_text(&key, "</ds:KeyInfo>");
        xml_replace(&text, "</ds:KeyInfo>", buffer_string(&key));
        xml_replace(&text, "@OBJECT@", rows[i].object);
        struct finding found = worst(buffer_span(&text), NULL, 0);
        check_found(rows[i].sentence, &found, rows[i].sub == SUB_NONE ? TOTAL_PASSED : INDETERMINATE,
                    rows[i].sub);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_beside_are_looked_up_by_name_alone),
        cmocka_unit_test(a_digest_is_remembered_for_the_same_nodes_alone),
        cmocka_unit_test(a_confirmation_stands_behind_what_it_confirms),
        cmocka_unit_test(what_is_slipped_into_a_signature_is_found),
    };
    return cmocka_run_group_tests_name("xades_reference", tests, trust_world_make, trust_world_end);
}
