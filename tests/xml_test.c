/* The one door for XML: what is refused, by which rule, whatever the pieces. */
#include "tests/check.h"

#include "base/base_text.h"
#include "base/xml.h"

static char *repeated(const char *piece, size_t times)
{
    size_t size = strlen(piece);
    char *text = malloc(size * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * size, piece, size);
    text[size * times] = '\0';
    return text;
}

static const struct {
    const char *sentence, *xml;
    const struct text *refusal; /* NULL: it is read */
} rows[] = {
    {"a plain document is read", "<?xml version=\"1.0\"?><a b='c>d'>x<!-- - --><![CDATA[ <]] ]]></a>", NULL},
    {"a byte-order mark is read", "\xEF\xBB\xBF<a/>", NULL},
    {"Latin-1 that is ASCII is read", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", NULL},
    {"so is any other part of ISO 8859", "<?xml version=\"1.0\" encoding=\"iso-8859-2\"?><a/>", NULL},
    {"but nothing that would read otherwise",
     "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xC3\xA1</a>", &TEXT_XML_ENCODING},
    {"another encoding is refused", "<?xml version=\"1.0\" encoding=\"windows-1258\"?><a/>",
     &TEXT_XML_ENCODING},
    {"a DOCTYPE is refused", "<!DOCTYPE a><a/>", &TEXT_XML_DOCTYPE},
    {"an entity bomb is refused before it is parsed", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
     &TEXT_XML_DOCTYPE},
    {"an unknown entity is refused", "<a>&b;</a>", &TEXT_XML_MALFORMED},
    {"an overlong UTF-8 form is refused", "<a>\xC0\xAF</a>", &TEXT_XML_NOT_UTF8},
    {"a surrogate is refused", "<a>\xED\xA0\x80</a>", &TEXT_XML_NOT_UTF8},
    {"a control character is refused", "<a>\x01</a>", &TEXT_XML_CONTROL},
    {"a tag inside a tag is refused", "<a <b/></a>", &TEXT_XML_MALFORMED_AT},
    {"an unclosed element is refused", "<a><b></a>", &TEXT_XML_MALFORMED},
    {"text after the root is refused", "<a/>x", &TEXT_XML_MALFORMED},
    {"nothing is refused", "", &TEXT_XML_MALFORMED},
};

static void documents_are_read_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
        struct error err = {0};
        bool read = xml_read(span_text(rows[i].xml), &doc, &err);
        check_row(read == !rows[i].refusal && (read || err.text == rows[i].refusal), rows[i].sentence);
    }
}

static void other_encodings_are_read_where_others_made_them(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        struct span xml;
        const char *text; /* NULL: it is refused */
    } encoded[] = {
        {"UTF-8 stays", SPAN_LITERAL("<a>\xC3\xA9</a>"), "é"},
        {"ISO 8859-1", SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>"), "é"},
        {"ISO 8859-2", SPAN_LITERAL("<?xml version='1.0' encoding='iso-8859-2'?><a>\xB1</a>"), "ą"},
        {"ISO 8859-15", SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a>\xA4</a>"), "€"},
        {"windows-1252", SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"Windows-1252\"?><a>\x80\xE9</a>"),
         "€é"},
        {"a byte that means nothing there",
         SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\x81</a>"), NULL},
        {"UTF-16, little end first", SPAN_LITERAL("\xFF\xFE<\0a\0>\0\xBF\x1E\x3D\xD8\0\xDE<\0/\0a\0>\0"),
         "ế😀"},
        {"UTF-16, big end first", SPAN_LITERAL("\xFE\xFF\0<\0a\0>\x1E\xBF\0<\0/\0a\0>"), "ế"},
        {"UTF-16 that says so",
         SPAN_LITERAL(
             "\xFE\xFF\0<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0\061\0.\0\060\0'\0 "
             "\0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0U\0T\0F\0-\0\061\0\066\0'\0?\0>\0<\0a\0>\0b\0<\0/\0a\0>"),
         "b"},
        {"half a letter of UTF-16", SPAN_LITERAL("\xFE\xFF\0<\0a\0>\xD8\x3D\0<\0/\0a\0>"), NULL},
        {"an odd number of bytes", SPAN_LITERAL("\xFE\xFF\0<\0a\0/\0>\0"), NULL},
        {"an encoding that is not known", SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"EBCDIC-US\"?><a/>"),
         NULL},
        {"a DOCTYPE in another encoding",
         SPAN_LITERAL("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!DOCTYPE a><a/>"), NULL},
    };
    for (size_t i = 0; i < COUNT_OF(encoded); i++) {
        xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
        char *text CLEANUP(free_clear) = NULL;
        struct error err = {0};
        bool read = xml_read_any(encoded[i].xml, &doc, &err) && xml_text(xmlDocGetRootElement(doc), &text);
        check_row(encoded[i].text ? read && strcmp(text, encoded[i].text) == 0 : !read, encoded[i].sentence);
    }
}

static void refused(char *xml, const struct text *refusal, const char *sentence)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error err = {0};
    check_row(!xml_read(span_text(xml), &doc, &err) && err.text == refusal, sentence);
    free(xml);
}

static void limits_are_named(void **state)
{
    (void)state;
    refused(repeated("<a>", 1000000), &TEXT_XML_TOO_DEEP, "a million elements inside each other are refused");
    char *spaces = repeated(" ", 5 << 20), *tag = malloc((5 << 20) + 8);
    sprintf(tag, "<a%s/>", spaces);
    free(spaces);
    refused(tag, &TEXT_XML_MONSTER_TAG, "a tag of 5 MB is refused");
    char *attributes = repeated(" a=''", 300), *many = malloc(2000);
    sprintf(many, "<b%s/>", attributes);
    free(attributes);
    refused(many, &TEXT_XML_MANY_ATTRIBUTES, "three hundred attributes are refused");
}

static void the_guard_says_the_same_for_every_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span xml = span_text(rows[i].xml);
        struct error whole = {0};
        struct xml_guard at_once = xml_guard_of(XML_MAX_DEPTH);
        bool good = xml_guard_scan(&at_once, xml, &whole);
        for (size_t cut = 0; cut <= xml.size; cut++) {
            struct xml_guard guard = xml_guard_of(XML_MAX_DEPTH);
            struct error err = {0};
            bool same = xml_guard_scan(&guard, span_slice(xml, 0, cut), &err)
                        && xml_guard_scan(&guard, span_slice(xml, cut, SIZE_MAX), &err);
            check_row(same == good && err.text == whole.text, rows[i].sentence);
        }
    }
}

static void text_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error err = {0};
    assert_true(
        xml_read(SPAN_LITERAL("<r><a> x &amp; y\n</a><a>1<!-- 2 -->3</a><b>4<c/></b></r>"), &doc, &err));
    xmlNode *root = xmlDocGetRootElement(doc), *first = xml_first(root, NULL, "a");
    char *text CLEANUP(free_clear) = NULL;
    assert_true(xml_text(first, &text));
    assert_string_equal(text, "x & y");
    char *none = NULL;
    check_row(!xml_text(xml_next(first, NULL, "a"), &none), "a comment inside a value is refused");
    check_row(!xml_text(xml_first(root, NULL, "b"), &none), "an element inside a value is refused");
    bool many;
    assert_null(xml_only(root, NULL, "a", &many));
    assert_true(many);
}

int main(void)
{
    xml_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read_or_refused_by_name),
        cmocka_unit_test(other_encodings_are_read_where_others_made_them),
        cmocka_unit_test(limits_are_named),
        cmocka_unit_test(the_guard_says_the_same_for_every_split),
        cmocka_unit_test(text_is_taken_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
