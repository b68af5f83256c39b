/* What we write: as the axis writes, whole, the same every time, and readable again. */
#include "tests/check.h"

#include <fcntl.h>
#include <libxml/xmlschemas.h>

#include "exchange/edxml_table.h"
#include "tests/packages.h"

static struct blobs *scratch;

static int open_scratch(void **state)
{
    struct error err = {0};
    return packages_make_directory(state)
           || !blobs_open_scratch(packages_directory, BLOB_SMALL, &scratch, &err);
}

static int close_scratch(void **state)
{
    blobs_close(&scratch);
    return packages_remove_directory(state);
}

/* --- our own words for it --- */

/* The contents of a package that was read, as sources to write it from; the caller closes `count` of them. */
static size_t sources_of(const struct package *package, struct source *sources, struct content *contents)
{
    struct error err = {0};
    for (size_t i = 0; i < package->attachments.count; i++) {
        assert_true(blob_source(scratch, &package->attachments.items[i].blob, &sources[i], &err));
        contents[i] = content_of_source(&sources[i]);
    }
    return package->attachments.count;
}

static void write_again(const struct package *package, struct buffer *ret_wire)
{
    struct source sources[PACKAGE_MAX_ATTACHMENTS];
    struct content contents[PACKAGE_MAX_ATTACHMENTS];
    struct package_writer *writer CLEANUP(package_writer_free) = NULL;
    struct sink sink = sink_buffer(ret_wire);
    struct error err = {0};
    size_t count = sources_of(package, sources, contents);
    assert_true(package_writer_new(package, contents, packages_directory, &writer, &err));
    assert_true(package_writer_write(writer, &sink, &err));
    assert_int_equal(package_writer_size(writer), ret_wire->size);
    for (size_t i = 0; i < count; i++)
        source_close(&sources[i]);
}

static void read_clean(struct span wire, struct package *ret_package)
{
    struct buffer room CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    bool read = package_read(wire, scratch, NULL, ret_package, &err);
    assert_string_equal(packages_outcome(read, ret_package, &err, &room), "clean");
}

static void check_same(const struct package *a, const struct package *b)
{
    struct buffer left CLEANUP(buffer_clear) = {0}, right CLEANUP(buffer_clear) = {0};
    struct package_identity first, second;
    header_json_write(&a->header, &left);
    header_json_write(&b->header, &right);
    assert_string_equal(buffer_string(&left), buffer_string(&right));
    assert_int_equal(a->attachments.count, b->attachments.count);
    for (size_t i = 0; i < a->attachments.count; i++) {
        assert_string_equal(a->attachments.items[i].blob.sha256, b->attachments.items[i].blob.sha256);
        assert_string_equal(a->attachments.items[i].name, b->attachments.items[i].name);
    }
    package_identity(a, &first);
    package_identity(b, &second);
    assert_string_equal(first.key, second.key);
    assert_string_equal(first.content, second.content);
}

static void quiet(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static bool is_valid(struct span wire, const char *schema_name)
{
    char path[256];
    snprintf(path, sizeof(path), SOURCE_DIR "/schemas/%s.xsd", schema_name);
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(path);
    xmlSchema *schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(schema);
    xmlSchemaSetValidErrors(validator, quiet, quiet, NULL);
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error err = {0};
    assert_true(xml_read(wire, &doc, &err));
    int result = xmlSchemaValidateDoc(validator, doc);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    return result == 0;
}

/* --- round trips --- */

static const char *const messages[] = {"new", "recall", "update", "replacement", "status"};

static void what_was_read_is_written_and_read_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        struct buffer wire CLEANUP(buffer_clear) = {0}, again CLEANUP(buffer_clear) = {0},
                           third CLEANUP(buffer_clear) = {0};
        struct package package CLEANUP(package_clear) = {0}, back CLEANUP(package_clear) = {0};
        packages_load(messages[i], &wire);
        read_clean(buffer_span(&wire), &package);
        write_again(&package, &again);
        read_clean(buffer_span(&again), &back);
        check_same(&package, &back);
        write_again(&back, &third);
        check_row(span_equal(buffer_span(&again), buffer_span(&third)),
                  "the same package gives the same bytes");
        check_row(is_valid(buffer_span(&again), i < 4 ? "edxml" : "status"),
                  "what we write our schemas accept");
    }
}

static void the_schemas_refuse_what_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *message, *from, *to;
    } rows[] = {
        {"new", "2025/06/20", "2025-06-20"},
        {"new", "<edXML:Subject>", "<edXML:Color/><edXML:Subject>"},
        {"new", "<edXML:Priority>2", "<edXML:Priority>9"},
        {"recall", "<AttachmentName>", "<AttachmentName>../"},
        {"status", "<edXML:StatusCode>03", "<edXML:StatusCode>07"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer wire CLEANUP(buffer_clear) = {0};
        packages_load(rows[i].message, &wire);
        packages_replace(&wire, span_text(rows[i].from), span_text(rows[i].to));
        check_row(!is_valid(buffer_span(&wire), strcmp(rows[i].message, "status") == 0 ? "status" : "edxml"),
                  rows[i].to);
    }
}

/* --- headers nobody thought of --- */

static uint32_t dice = 1;

static uint32_t roll(uint32_t sides)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % sides;
}

/* Begins and ends with what is no blank: blanks around a text do not survive the wire. */
static wire_text random_text(unsigned length)
{
    static const char *const pieces[] = {"a", "Ậ", "<",   "&",   ">",   "\"", "]]>", " x",
                                         "đ", "'", "\n.", "\r.", "\t.", "€",  "😀",   "0"};
    struct buffer text CLEANUP(buffer_clear) = {0};
    size_t most = length && length < 20 ? length : 20;
    buffer_text(&text, pieces[roll(7)]);
    for (size_t count = 1 + roll((uint32_t)most / 3 + 1); count > 0; count--)
        buffer_text(&text, pieces[roll(COUNT_OF(pieces))]);
    return strdup(buffer_string(&text));
}

static void fill_group(const struct element_group *group, void *base, enum package_kind kind);

static void fill_code(struct agency_code *code)
{
    char text[16];
    snprintf(text, sizeof(text), "H%02u.%02u", (unsigned)roll(100), (unsigned)roll(100));
    assert_true(agency_code_read(span_text(text), code));
}

static void fill_list(const struct element *element, void *field, enum package_kind kind)
{
    for (uint32_t count = 1 + roll(3); count > 0; count--) {
        void *item = element_list_grow(field, element_item_size(element));
        if (element->kind == ELEMENT_LIST)
            fill_group(element->group, item, kind);
        else if (element->kind == ELEMENT_TEXTS)
            *(wire_text *)item = random_text(element->length);
        else
            fill_code(item);
    }
}

static void fill_element(const struct element *element, void *field, enum package_kind kind)
{
    char text[16];
    switch (element->kind) {
    case ELEMENT_GROUP:
        fill_group(element->group, field, kind);
        break;
    case ELEMENT_LIST:
    case ELEMENT_TEXTS:
    case ELEMENT_CODES:
        fill_list(element, field, kind);
        break;
    case ELEMENT_TEXT:
        *(wire_text *)field = random_text(element->length);
        break;
    case ELEMENT_CODE:
        fill_code(field);
        break;
    case ELEMENT_DATE:
        snprintf(text, sizeof(text), "20%02u-%02u-%02u", (unsigned)roll(100), 1 + (unsigned)roll(12),
                 1 + (unsigned)roll(28));
        assert_true(date_read(span_text(text), '-', field));
        break;
    case ELEMENT_TIME:
        *(int64_t *)field = (1700000000 + (int64_t)roll(1 << 20)) * 1000;
        break;
    case ELEMENT_BUSINESS:
        *(struct number *)field = (struct number){(int32_t)roll(4), true};
        break;
    case ELEMENT_STATUS:
        *(struct number *)field = (struct number){1 + (int32_t)roll(6), true};
        break;
    case ELEMENT_FLAG:
        *(struct number *)field = (struct number){(int32_t)roll(2), true};
        break;
    default:
        *(struct number *)field =
            (struct number){(int32_t)roll(element->most ? element->most + 1 : 1000), true};
        break;
    }
}

/* Required ones always, the others half the time; those of the other kind never. */
static void fill_group(const struct element_group *group, void *base, enum package_kind kind)
{
    static const char *const of_status[] = {"From", "ResponseFor", "MessageHeader", "StatusCode",
                                            "Timestamp"};
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        bool mine = kind == PACKAGE_EDOC || strcmp(element->json ? element->json : "", "trace") != 0;
        bool needed =
            element->flags & (ELEMENT_REQUIRED | ELEMENT_OF_EDOC) || strcmp(element->name, "To") == 0;
        for (size_t k = 0; k < COUNT_OF(of_status); k++)
            needed |= kind == PACKAGE_STATUS && strcmp(element->name, of_status[k]) == 0;
        needed |= strcmp(element->name, "From") == 0;
        mine &=
            kind == PACKAGE_EDOC ? !(element->flags & ELEMENT_OF_STATUS) : strcmp(element->name, "To") != 0;
        if (element->flags & ELEMENT_ALIAS || !mine || (!needed && roll(2)))
            continue;
        fill_element(element, element_field(base, element), kind);
    }
}

static void drop_all_but_one(struct responses *responses)
{
    for (size_t i = 1; i < responses->count; i++) {
        free(responses->items[i].number);
        free(responses->items[i].document_id);
    }
    responses->count = 1;
}

static void headers_of_every_shape_survive(void **state)
{
    (void)state;
    for (dice = 1; dice < 400; dice += 7) {
        uint32_t seed = dice;
        struct package package CLEANUP(package_clear) = {0}, back CLEANUP(package_clear) = {0};
        struct buffer wire CLEANUP(buffer_clear) = {0}, json CLEANUP(buffer_clear) = {0},
                           again CLEANUP(buffer_clear) = {0};
        struct header header CLEANUP(header_clear) = {0};
        struct error err = {0};
        package.header.kind = seed % 3 == 0 ? PACKAGE_STATUS : PACKAGE_EDOC;
        fill_group(&edxml_header, &package.header, package.header.kind);
        if (package.header.kind == PACKAGE_STATUS && package.header.response_for.count > 1)
            drop_all_but_one(&package.header.response_for);
        header_json_write(&package.header, &json);
        assert_true(header_json_read(buffer_span(&json), &header, &err));
        header_json_write(&header, &again);
        assert_string_equal(buffer_string(&json), buffer_string(&again));

        write_again(&package, &wire);
        if (!package_read(buffer_span(&wire), scratch, NULL, &back, &err))
            print_error("seed %u: %s %s\n", (unsigned)seed, err.text->name, err.arg[0]);
        again.size = 0;
        header_json_write(&back.header, &again);
        assert_string_equal(buffer_string(&json), buffer_string(&again));
        dice = seed;
    }
}

/* --- how files travel --- */

static void make_package(const char *name, struct package *package)
{
    static const char json[] = "{\"from\":{\"code\":\"H97.11\",\"name\":\"Sở\"},\"to\":[{\"code\":\"G97\","
                               "\"name\":\"Bộ\"}],\"number\":\"1\","
                               "\"notation\":\"STN\",\"date\":\"2025-06-02\",\"subject\":\"V/v\"}";
    struct error err = {0};
    assert_true(header_json_read(SPAN_LITERAL(json), &package->header, &err));
    assert_true(header_complete(&package->header, &clock_system, &err));
    if (!name)
        return;
    struct attachment *attachment = element_list_grow(&package->attachments, sizeof(*attachment));
    attachment->name = strdup(name);
}

static const struct {
    const char *sentence, *name, *content, *content_type;
    bool wrapped;
    const char *refusal;
} file_rows[] = {
    {"a PDF travels as it is", "a.PDF", "%PDF-1.4\n", "application/pdf", false, NULL},
    {"a ZIP travels as it is", "a.zip", "PK\3\4", "application/zip", false, NULL},
    {"a text travels in a ZIP", "a.csv", "1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n",
     "application/zip", true, NULL},
    {"an Office file travels in a ZIP", "a.docx", "PK\3\4 docx", "application/zip", true, NULL},
    {"a file without extension travels in a ZIP", "a", "x", "application/zip", true, NULL},
    {"an empty file travels in a ZIP", "a.txt", "", "application/zip", true, NULL},
    {"a PDF that is none is refused", "a.pdf", "text", NULL, false, "PACKAGE_NOT_PDF"},
    {"a ZIP that is none is refused", "a.zip", "text", NULL, false, "PACKAGE_NOT_ZIP"},
    {"a name that is a path is refused", "../a.pdf", "%PDF-1.4\n", NULL, false, "PACKAGE_NAME_PATH"},
    {"a name that bears a marking is refused", "(Tối mật) a.pdf", "%PDF-1.4\n", NULL, false,
     "PACKAGE_SECRET"},
};

static void files_travel_as_peers_can_read_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(file_rows); i++) {
        struct package package CLEANUP(package_clear) = {0}, back CLEANUP(package_clear) = {0};
        struct buffer wire CLEANUP(buffer_clear) = {0};
        struct content content = content_of_span(span_text(file_rows[i].content));
        struct sink sink = sink_buffer(&wire);
        struct error err = {0};
        make_package(file_rows[i].name, &package);
        bool written = package_write(&package, &content, packages_directory, &sink, &err);
        check_row(written == !file_rows[i].refusal
                      && (written || strcmp(err.text->name, file_rows[i].refusal) == 0),
                  file_rows[i].sentence);
        if (!written)
            continue;
        assert_true(package_read(buffer_span(&wire), scratch, NULL, &back, &err));
        const struct attachment *attachment = &back.attachments.items[0];
        check_row(strcmp(attachment->content_type, file_rows[i].content_type) == 0, file_rows[i].sentence);
        check_row(attachment->unwrapped == file_rows[i].wrapped, file_rows[i].sentence);
        check_row(span_is(buffer_span(&attachment->blob.bytes), file_rows[i].content), file_rows[i].sentence);
    }
}

static void large_files_are_compressed_or_stored_whichever_is_smaller(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    uint8_t *bytes CLEANUP(free_clear) = malloc(SIZE);
    for (int random = 0; random < 2; random++) {
        struct package package CLEANUP(package_clear) = {0}, back CLEANUP(package_clear) = {0};
        struct buffer wire CLEANUP(buffer_clear) = {0};
        struct content content = content_of_span(span_of(bytes, SIZE));
        struct source source CLEANUP(source_close) = {.fd = -1};
        struct sink sink = sink_buffer(&wire);
        struct error err = {0};
        memset(bytes, 'x', SIZE);
        if (random)
            random_bytes(bytes, SIZE);
        make_package("a.bin", &package);
        assert_true(package_write(&package, &content, packages_directory, &sink, &err));
        assert_true(random ? wire.size > SIZE / 3 * 4 : wire.size < SIZE / 50);
        assert_true(package_read(buffer_span(&wire), scratch, NULL, &back, &err));
        assert_true(blob_source(scratch, &back.attachments.items[0].blob, &source, &err));
        assert_true(span_equal(source.bytes, span_of(bytes, SIZE)));
    }
}

static void a_file_that_shrinks_while_it_is_sent_is_refused(void **state)
{
    (void)state;
    struct package package CLEANUP(package_clear) = {0};
    struct package_writer *writer CLEANUP(package_writer_free) = NULL;
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct sink sink = sink_buffer(&wire);
    struct content content;
    struct error err = {0};
    int fd CLEANUP(fd_close) = -1;
    assert_true(spool_file(packages_directory, 100, &fd, &err));
    assert_true(fd_write_all(fd, SPAN_LITERAL("%PDF-1.4 and more than that"), &err));
    assert_true(content_of_fd(fd, &content, &err));
    make_package("a.pdf", &package);
    assert_true(package_writer_new(&package, &content, packages_directory, &writer, &err));
    assert_int_equal(ftruncate(fd, 10), 0);
    assert_false(package_writer_write(writer, &sink, &err));
    assert_string_equal(err.text->name, "PACKAGE_CONTENT_CHANGED");
}

static void the_lines_are_those_of_the_axis(void **state)
{
    (void)state;
    struct package package CLEANUP(package_clear) = {0};
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct sink sink = sink_buffer(&wire);
    struct error err = {0};
    static const struct clock clock = {.fixed_ms = 1748827800000};
    static const char json[] = "{\"kind\":\"status\",\"from\":{\"code\":\"G97\"},\"response_for\":[{\"code\":"
                               "\"H97.11\",\"number\":\"1/A&B\","
                               "\"document_id\":\"x\",\"date\":\"2025-06-02\"}],\"status\":\"02\"}";
    assert_true(header_json_read(SPAN_LITERAL(json), &package.header, &err));
    assert_true(header_complete(&package.header, &clock, &err));
    assert_true(package_write(&package, NULL, NULL, &sink, &err));
    assert_string_equal(buffer_string(&wire),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
                        "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\r\n"
                        "  <edXML:edXMLEnvelope xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\r\n"
                        "    <edXML:edXMLHeader>\r\n"
                        "      <edXML:MessageHeader>\r\n"
                        "        <edXML:From>\r\n"
                        "          <edXML:OrganId>G97</edXML:OrganId>\r\n"
                        "        </edXML:From>\r\n"
                        "        <edXML:ResponseFor>\r\n"
                        "          <edXML:OrganId>H97.11</edXML:OrganId>\r\n"
                        "          <edXML:Code>1/A&amp;B</edXML:Code>\r\n"
                        "          <edXML:DocumentId>x</edXML:DocumentId>\r\n"
                        "          <edXML:PromulgationDate>2025/06/02</edXML:PromulgationDate>\r\n"
                        "        </edXML:ResponseFor>\r\n"
                        "        <edXML:StatusCode>02</edXML:StatusCode>\r\n"
                        "        <edXML:Timestamp>2025/06/02 08:30:00</edXML:Timestamp>\r\n"
                        "      </edXML:MessageHeader>\r\n"
                        "    </edXML:edXMLHeader>\r\n"
                        "  </edXML:edXMLEnvelope>\r\n"
                        "</edXML>\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_read_is_written_and_read_the_same),
        cmocka_unit_test(the_schemas_refuse_what_they_should),
        cmocka_unit_test(headers_of_every_shape_survive),
        cmocka_unit_test(files_travel_as_peers_can_read_them),
        cmocka_unit_test(large_files_are_compressed_or_stored_whichever_is_smaller),
        cmocka_unit_test(a_file_that_shrinks_while_it_is_sent_is_refused),
        cmocka_unit_test(the_lines_are_those_of_the_axis),
    };
    return cmocka_run_group_tests_name("edxml_write", tests, open_scratch, close_scratch);
}
