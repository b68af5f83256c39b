/* Trusted lists: made and signed when the test runs, then read, believed and refused. */
#include "tests/check.h"

#include "tests/scratch.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/xml.h"
#include "signer/path.h"
#include "signer/path_text.h"
#include "signer/process_text.h"
#include "signer/signer.h"
#include "signer/signer_text.h"
#include "signer/trust_text.h"
#include "signer/trusted_list.h"

#define TYPE "http://uri.etsi.org/TrstSvc/Svctype/"
#define STATUS "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
#define OLD_STATUS "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/"
#define ONLY "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"

static struct {
    struct pki_person list_signer, stranger, authority, person, stamper;
    char directory[SCRATCH_NAME];
    int64_t now_ms;
} world;

static int make_world(void **state)
{
    (void)state;
    xml_init();
    scratch_make("trusted_list", world.directory);
    world.now_ms = clock_now_ms(&clock_system);
    pki_make(&(struct pki_wish){.name = "Nơi lập danh sách", .key = "p256"}, &world.list_signer);
    pki_make(&(struct pki_wish){.name = "Nơi lập danh sách", .key = "p256"}, &world.stranger);
    pki_make(
        &(struct pki_wish){.name = "Nơi cấp", .key = "p256", .ca = true, .key_usage = "keyCertSign,cRLSign"},
        &world.authority);
    pki_make(&(struct pki_wish){.name = "Ai đó", .key = "p256", .issuer = &world.authority}, &world.person);
    pki_make(&(struct pki_wish){.name = "Dấu thời gian",
                                .key = "p256",
                                .issuer = &world.authority,
                                .purpose = "critical,timeStamping"},
             &world.stamper);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    pki_clear(&world.list_signer);
    pki_clear(&world.stranger);
    pki_clear(&world.authority);
    pki_clear(&world.person);
    pki_clear(&world.stamper);
    return 0;
}

/* ---- lists */

/* One line of a service's history, the newest first. */
struct line {
    const char *type, *status;
    const char *since; /* NULL: an hour ago */
    const char *only;
};

static void write_line(const struct line *line, struct buffer *out)
{
    char hour_ago[CLOCK_TEXT_SIZE];
    clock_iso_utc(world.now_ms - 3600000, hour_ago);
    buffer_format(out,
                  "<ServiceTypeIdentifier>%s</ServiceTypeIdentifier><ServiceName><Name xml:lang=\"vi\">Dịch "
                  "vụ</Name><Name xml:lang=\"en\">Service</Name></ServiceName><ServiceDigitalIdentity>"
                  "<DigitalId><X509Certificate>",
                  line->type);
    base64_append(out, buffer_span(&world.authority.der));
    buffer_format(out,
                  "</X509Certificate></DigitalId></ServiceDigitalIdentity><ServiceStatus>%s</ServiceStatus>"
                  "<StatusStartingTime>%s</StatusStartingTime>",
                  line->status, line->since ? line->since : hour_ago);
    if (line->only)
        buffer_format(
            out,
            "<ServiceInformationExtensions><Extension Critical=\"true\"><AdditionalServiceInformation>"
            "<URI xml:lang=\"en\">%s</URI></AdditionalServiceInformation></Extension>"
            "</ServiceInformationExtensions>",
            line->only);
}

static void write_list(const struct line *lines, size_t count, const char *next_update, struct buffer *out)
{
    char issued[CLOCK_TEXT_SIZE];
    clock_iso_utc(world.now_ms - 3600000, issued);
    buffer_format(
        out,
        "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\" Id=\"vn\"><SchemeInformation>"
        "<TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber>"
        "<SchemeOperatorName><Name xml:lang=\"en\">Operator</Name></SchemeOperatorName>"
        "<SchemeTerritory>VN</SchemeTerritory><ListIssueDateTime>%s</ListIssueDateTime>"
        "<NextUpdate><dateTime>%s</dateTime></NextUpdate></SchemeInformation>"
        "<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>"
        "<Name xml:lang=\"vi\">Nhà cung cấp</Name></TSPName></TSPInformation><TSPServices><TSPService>",
        issued, next_update);
    for (size_t i = 0; i < count && lines[i].type; i++) {
        static const char *const open[] = {"<ServiceInformation>", "<ServiceHistory><ServiceHistoryInstance>",
                                           "<ServiceHistoryInstance>"};
        buffer_text(out, open[i < 2 ? i : 2]);
        write_line(&lines[i], out);
        buffer_text(out, i == 0 ? "</ServiceInformation>" : "</ServiceHistoryInstance>");
        if (i > 0 && (i + 1 == count || !lines[i + 1].type))
            buffer_text(out, "</ServiceHistory>");
    }
    buffer_text(out, "</TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>"
                     "</TrustServiceStatusList>");
}

static void sign(const struct pki_person *signer, struct span text, struct buffer *ret_signed)
{
    const struct clock then = {.fixed_ms = world.now_ms - 3600000};
    struct signing how = {.certificate = buffer_span(&signer->der), .clock = &then};
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct source document = source_of(text);
    enum digest_algorithm algorithm;
    struct error err = {0};
    assert_true(signer_prepare(&how, &document, &pending, &err));
    struct span to_sign = pending_digest(pending, &algorithm);
    pki_sign(signer, algorithm, to_sign, &signature);
    struct sink sink = sink_buffer(ret_signed);
    assert_true(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
}

static const struct line granted[] = {{TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00Z", NULL}};

static void signed_list(const struct line *lines, size_t count, const char *next_update,
                        struct buffer *ret_list)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    write_list(lines, count, next_update, &text);
    sign(&world.list_signer, buffer_span(&text), ret_list);
}

static bool open_list(struct span xml, struct trusted_list *ret_list, struct error *err)
{
    struct certificates pinned CLEANUP(certificates_clear) = {0};
    assert_true(certificates_add(&pinned, buffer_span(&world.list_signer.der), err));
    return trusted_list_open(xml, &pinned, "vn", ret_list, err);
}

static void a_list_is_read_with_its_history(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {TYPE "CA/QC", STATUS "withdrawn", "2024-01-01T00:00:00Z", NULL},
        {TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00.000Z", ONLY "ForeSeals"},
        {TYPE "CA/QC", OLD_STATUS "undersupervision", "2010-01-01T00:00:00Z", NULL},
    };
    struct buffer xml CLEANUP(buffer_clear) = {0};
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    struct error err = {0};
    signed_list(lines, COUNT_OF(lines), "2100-01-01T00:00:00Z", &xml);
    assert_true(open_list(buffer_span(&xml), &list, &err));
    assert_string_equal(list.territory, "VN");
    assert_int_equal(list.sequence, 7);
    assert_int_equal(list.service_count, 1);
    const struct trusted_service *service = &list.services[0];
    assert_string_equal(service->name, "Service");
    assert_string_equal(service->provider, "Nhà cung cấp");
    assert_int_equal(service->certificates.count, 1);
    assert_int_equal(service->period_count, 3);
    assert_string_equal(service->periods[0].status, "undersupervision");
    assert_int_equal(service->periods[0].uses, TRUST_MAY_SIGN | TRUST_MAY_SEAL);
    assert_int_equal(service->periods[0].until_ms, service->periods[1].from_ms);
    assert_int_equal(service->periods[1].uses, TRUST_MAY_SEAL);
    assert_int_equal(service->periods[2].uses, 0);
    assert_int_equal(service->periods[2].until_ms, 0);
}

/* ---- who signed it */

enum harm { NO_HARM, UNSIGNED, BY_A_STRANGER, ALTERED, ALTERED_SIGNATURE, SIGNED_PART };

static const struct {
    const char *sentence;
    enum harm harm;
    const struct text *why; /* NULL: believed */
} forgeries[] = {
    {"signed by whom we know", NO_HARM, NULL},
    {"not signed at all", UNSIGNED, &TEXT_PINNED_UNSIGNED},
    {"signed by somebody of the same name", BY_A_STRANGER, &TEXT_PINNED_UNSIGNED},
    {"a service granted after signing", ALTERED, &TEXT_PINNED_BROKEN},
    {"another signature value", ALTERED_SIGNATURE, &TEXT_PINNED_BROKEN},
    {"a signed list inside another list", SIGNED_PART, &TEXT_PINNED_BROKEN},
};

static void replace(struct buffer *text, const char *from, const char *to)
{
    size_t at = span_find(buffer_span(text), span_text(from), 0);
    assert_true(at != SIZE_MAX && strlen(from) == strlen(to));
    memcpy(text->data + at, to, strlen(to));
}

static void forge(enum harm harm, struct buffer *ret_xml)
{
    struct buffer plain CLEANUP(buffer_clear) = {0}, good CLEANUP(buffer_clear) = {0};
    static const struct line withdrawn[] = {{TYPE "CA/QC", STATUS "revoked", "2020-01-01T00:00:00Z", NULL}};
    write_list(harm == ALTERED ? withdrawn : granted, 1, "2100-01-01T00:00:00Z", &plain);
    sign(harm == BY_A_STRANGER ? &world.stranger : &world.list_signer, buffer_span(&plain), &good);
    if (harm == SIGNED_PART) {
        size_t end = span_find(buffer_span(&plain), SPAN_LITERAL("<TrustServiceProviderList>"), 0);
        buffer_append(ret_xml, span_slice(buffer_span(&plain), 0, end));
        buffer_append(ret_xml, buffer_span(&good));
        buffer_append(ret_xml, span_slice(buffer_span(&plain), end, SIZE_MAX));
        return;
    }
    buffer_append(ret_xml, harm == UNSIGNED ? buffer_span(&plain) : buffer_span(&good));
    if (harm == ALTERED)
        replace(ret_xml, "/revoked", "/granted");
    if (harm == ALTERED_SIGNATURE) {
        size_t at = span_find(buffer_span(ret_xml), SPAN_LITERAL("SignatureValue"), 0);
        at = span_find(buffer_span(ret_xml), SPAN_LITERAL(">"), at) + 8;
        ret_xml->data[at] = ret_xml->data[at] == 'A' ? 'B' : 'A';
    }
}

static void only_a_list_signed_as_a_whole_by_its_pinned_signer_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forgeries); i++) {
        struct buffer xml CLEANUP(buffer_clear) = {0};
        struct trusted_list list CLEANUP(trusted_list_clear) = {0};
        struct error err = {0};
        forge(forgeries[i].harm, &xml);
        bool good = open_list(buffer_span(&xml), &list, &err);
        if (!good && err.text)
            print_message("%s: %s\n", forgeries[i].sentence, err.text->en);
        check_row(good == !forgeries[i].why && (good || err.text == forgeries[i].why), forgeries[i].sentence);
    }
}

static const struct {
    const char *sentence, *from, *to;
} damages[] = {
    {"without a version", "TSLVersionIdentifier", "TSLVersionIdentifiex"},
    {"without a date", "ListIssueDateTime", "ListIssueDateTimx"},
    {"with a date that is none", "<ListIssueDateTime>2", "<ListIssueDateTime>x"},
    {"with a service without a status", "ServiceStatus", "ServiceStatux"},
    {"with a service without a time", "StatusStartingTime", "StatusStartingTimx"},
    {"with another root", "<TrustServiceStatusList", "<TrustServiceStatusLisx"},
    {"without information about itself", "SchemeInformation", "SchemeInformatiox"},
};

static void a_list_that_does_not_follow_the_standard_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        struct trusted_list list CLEANUP(trusted_list_clear) = {0};
        struct error err = {0};
        write_list(granted, 1, "2100-01-01T00:00:00Z", &text);
        size_t end = strlen(damages[i].from);
        for (size_t at = 0; (at = span_find(buffer_span(&text), span_text(damages[i].from), at)) != SIZE_MAX;)
            text.data[at + end - 1] = (uint8_t)damages[i].to[end - 1];
        check_row(!trusted_list_read(buffer_span(&text), &list, &err) && err.code == ERR_MALFORMED,
                  damages[i].sentence);
    }
}

/* ---- what follows from it */

static struct trust *trust_of(struct span xml)
{
    static const char conf[] = "[list \"vn\"]\nfile = vn.xml\nsigner = signer.der.pinned\ntree = cong-cong\n";
    const char *paths[] = {world.directory};
    struct trust *trust = NULL;
    struct error err = {0};
    scratch_save(world.directory, "vn.xml", xml);
    scratch_save(world.directory, "signer.der.pinned", buffer_span(&world.list_signer.der));
    scratch_save(world.directory, "anchors.conf", span_text(conf));
    assert_true(trust_load(paths, 1, &trust, &err));
    return trust;
}

static const struct {
    const char *sentence;
    struct line lines[3];
    const struct pki_person *signer;
    const struct text *why;
} rows[] = {
    {"a granted authority's people may sign",
     {{TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     NULL},
    {"also one that is listed for certificates of any kind",
     {{TYPE "CA/PKC", STATUS "recognisedatnationallevel", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     NULL},
    {"not before it was granted",
     {{TYPE "CA/QC", STATUS "granted", "2099-01-01T00:00:00Z", NULL}},
     &world.person,
     &TEXT_ANCHOR_PERIOD},
    {"nor people whose certificates it issued before",
     {{TYPE "CA/QC", STATUS "granted", NULL, NULL}},
     &world.person,
     &TEXT_ANCHOR_ISSUED},
    {"not after it was withdrawn",
     {{TYPE "CA/QC", STATUS "withdrawn", "2021-01-01T00:00:00Z", NULL},
      {TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     &TEXT_ANCHOR_PERIOD},
    {"but again when it was granted again",
     {{TYPE "CA/QC", STATUS "granted", "2022-01-01T00:00:00Z", NULL},
      {TYPE "CA/QC", STATUS "withdrawn", "2021-01-01T00:00:00Z", NULL},
      {TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     NULL},
    {"an authority that was never granted is no anchor at all",
     {{TYPE "CA/QC", STATUS "withdrawn", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     &TEXT_NO_ANCHORS},
    {"a service for timestamps vouches for no people",
     {{TYPE "TSA/QTST", STATUS "granted", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     &TEXT_PATH_ANCHOR_USE},
    {"nor does one for web sites",
     {{TYPE "CA/QC", STATUS "granted", "2020-01-01T00:00:00Z", ONLY "ForWebSiteAuthentication"}},
     &world.person,
     &TEXT_NO_ANCHORS},
    {"nor a service of a type that we do not look at",
     {{TYPE "EDS/Q", STATUS "granted", "2020-01-01T00:00:00Z", NULL}},
     &world.person,
     &TEXT_NO_ANCHORS},
};

static void a_signer_stands_as_the_list_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer xml CLEANUP(buffer_clear) = {0};
        struct finding finding = {0};
        struct error err = {0};
        signed_list(rows[i].lines, COUNT_OF(rows[i].lines), "2100-01-01T00:00:00Z", &xml);
        struct trust *trust CLEANUP(trust_free) = trust_of(buffer_span(&xml));
        const struct verification how = {.trust = trust};
        const struct signed_facts facts = {
            .signer = rows[i].signer->certificate, .value = SPAN_LITERAL("a signature"), .bound = true};
        struct process *process CLEANUP(process_free) = process_new(&how);
        assert_true(process_judge(process, &facts, &finding, &err));
        bool said = false;
        for (size_t k = 0; k < finding.reason_count; k++)
            said |= finding.reasons[k].text == rows[i].why;
        check_row(rows[i].why ? said && finding.indication == INDETERMINATE
                              : finding.indication == TOTAL_PASSED && strcmp(finding.tree, "cong-cong") == 0,
                  rows[i].sentence);
    }
}

static void an_old_list_is_used_and_remembered_as_old(void **state)
{
    (void)state;
    struct buffer xml CLEANUP(buffer_clear) = {0};
    signed_list(granted, 1, "2021-06-01T00:00:00Z", &xml);
    struct trust *trust CLEANUP(trust_free) = trust_of(buffer_span(&xml));
    assert_int_equal(trust_anchor_count(trust), 1);
    assert_int_equal(trust_list_count(trust), 1);
    assert_string_equal(trust_list_at(trust, 0)->name, "vn");
    assert_true(trust_list_at(trust, 0)->next_update_ms < world.now_ms);
    assert_int_equal(trust_list_at(trust, 0)->anchors, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_read_with_its_history),
        cmocka_unit_test(only_a_list_signed_as_a_whole_by_its_pinned_signer_counts),
        cmocka_unit_test(a_list_that_does_not_follow_the_standard_is_refused),
        cmocka_unit_test(a_signer_stands_as_the_list_says),
        cmocka_unit_test(an_old_list_is_used_and_remembered_as_old),
    };
    return cmocka_run_group_tests_name("trusted_list", tests, make_world, end_world);
}
