/* Timestamps that are asked for (RFC 3161): a good one is taken, each bad answer is refused by name and the next
 * authority is asked; and signatures with them are B-T, for us and for others. */
#include "tests/check.h"

#include "tests/pades_world.h"
#include "tests/responder.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/sink.h"
#include "signer/signer.h"
#include "signer/timestamp_text.h"

enum { DEADLINE_MS = 700 };

static struct {
    struct pki_person root, stamper, weak, person, other_root;
    struct trust *trust, *other_trust;
    struct responder first, second, with_weak_key;
    char first_url[RESPONDER_URL_SIZE], second_url[RESPONDER_URL_SIZE], weak_url[RESPONDER_URL_SIZE];
} tsa;

static void make_person(const char *name, const char *purpose, struct pki_person *ret_person)
{
    pki_make(
        &(struct pki_wish){
            .name = name, .issuer = &tsa.root, .key_usage = "digitalSignature", .purpose = purpose},
        ret_person);
}

static void make_trust(const struct pki_person *root, struct trust **ret_trust)
{
    struct certificates roots CLEANUP(certificates_clear) = {0};
    struct error err = {0};
    assert_true(certificates_add(&roots, buffer_span(&root->der), &err));
    assert_true(trust_of_certificates(&roots, ret_trust, &err));
}

static void start(struct responder *responder, const struct pki_person *stamper,
                  char ret_url[static RESPONDER_URL_SIZE])
{
    responder_open(responder);
    responder->issuer = &tsa.root;
    responder->stamper = stamper;
    responder->stranger = &tsa.person;
    responder_serve(responder);
    responder_tsa_url(responder, ret_url);
}

static int make_world(void **state)
{
    trust_world_make(state);
    pki_make(&(struct pki_wish){.name = "Gốc dấu thời gian", .ca = true, .key_usage = "keyCertSign"},
             &tsa.root);
    pki_make(&(struct pki_wish){.name = "Gốc khác", .ca = true, .key_usage = "keyCertSign"}, &tsa.other_root);
    make_person("Dấu thời gian", "critical,timeStamping", &tsa.stamper);
    make_person("Cá nhân", NULL, &tsa.person);
    make_trust(&tsa.root, &tsa.trust);
    make_trust(&tsa.other_root, &tsa.other_trust);
    pki_make(&(struct pki_wish){.name = "Khóa ngắn",
                                .issuer = &tsa.root,
                                .key = "rsa1024",
                                .key_usage = "digitalSignature",
                                .purpose = "critical,timeStamping"},
             &tsa.weak);
    start(&tsa.first, &tsa.stamper, tsa.first_url);
    start(&tsa.second, &tsa.stamper, tsa.second_url);
    start(&tsa.with_weak_key, &tsa.weak, tsa.weak_url);
    return 0;
}

static int end_world(void **state)
{
    struct pki_person *everybody[] = {&tsa.root, &tsa.stamper, &tsa.weak, &tsa.person, &tsa.other_root};
    for (size_t i = 0; i < COUNT_OF(everybody); i++)
        pki_clear(everybody[i]);
    trust_free(&tsa.trust);
    trust_free(&tsa.other_trust);
    buffer_clear(&tsa.first.first_stamp);
    buffer_clear(&tsa.second.first_stamp);
    buffer_clear(&tsa.with_weak_key.first_stamp);
    return trust_world_end(state);
}

static const struct digest_value *imprint(void)
{
    static struct digest_value digest;
    digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("Quyết định số 127/QĐ-UBND"));
    return &digest;
}

static const struct {
    const char *sentence;
    int manner;
    const struct text *refusal; /* NULL: it is taken */
} answers[] = {
    {"a good timestamp is taken", RESPOND_WELL, NULL},
    {"one that was granted with modifications is judged by what it is", RESPOND_WITH_MODS, NULL},
    {"one that takes a while is waited for", RESPOND_SLOWLY, NULL},
    {"a rejection is told", RESPOND_REFUSED, &TEXT_TSA_REFUSED},
    {"one for another request is refused", RESPOND_NONCE, &TEXT_TSA_OTHER_NONCE},
    {"one for no request in particular is refused", RESPOND_NO_NONCE, &TEXT_TSA_OTHER_NONCE},
    {"one that was given before is refused", RESPOND_REPLAY, &TEXT_TSA_OTHER_NONCE},
    {"one about something else is refused", RESPOND_IMPRINT, &TEXT_TSA_OTHER_IMPRINT},
    {"one by somebody who may not stamp is refused", RESPOND_STRANGER, &TEXT_TSA_SIGNER_PURPOSE},
    {"one that was changed is refused", RESPOND_FORGED, &TEXT_TSA_FORGED},
    {"one from before its signer's certificate is refused", RESPOND_OLD, &TEXT_TSA_SIGNER_OUT_OF_DATE},
    {"one signed with a broken algorithm is refused", RESPOND_WEAK, &TEXT_TSA_WEAK},
    {"one that has no room is refused", RESPOND_LENGTHY, &TEXT_TSA_TOKEN_TOO_LARGE},
    {"a web page is no timestamp", RESPOND_GARBAGE, &TEXT_TSA_ANSWER_MALFORMED},
    {"an error of HTTP is told", RESPOND_ERROR, &TEXT_TSA_HTTP},
    {"nobody is sent elsewhere", RESPOND_REDIRECT, &TEXT_TSA_HTTP},
    {"one that does not come is not waited for", RESPOND_HANG, &TEXT_FETCH_LATE},
    {"one without end is not read", RESPOND_HUGE, &TEXT_FETCH_TOO_LARGE},
};

static void every_answer_is_taken_or_refused_by_name(void **state)
{
    (void)state;
    const char *urls[] = {tsa.first_url};
    const struct timestamp_authorities authorities = {
        .urls = urls, .url_count = 1, .deadline_ms = DEADLINE_MS, .trust = tsa.trust};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct buffer token CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        tsa.first.tsa = answers[i].manner;
        bool taken = timestamp_ask(&authorities, imprint(), &token, &err);
        if (taken != !answers[i].refusal || (!taken && err.text != answers[i].refusal))
            print_error("%s (%s)\n", err.text ? err.text->name : "taken", err.cause);
        check_row(taken == !answers[i].refusal && (token.size > 0) == taken, answers[i].sentence);
        check_row(taken || (err.text == answers[i].refusal && err.code == ERR_PEER_AWAY),
                  answers[i].sentence);
        check_row(taken || strcmp(err.arg[0], tsa.first_url) == 0, answers[i].sentence);
    }
}

static void the_next_authority_is_asked(void **state)
{
    (void)state;
    const char *urls[] = {tsa.first_url, tsa.second_url};
    const struct timestamp_authorities authorities = {
        .urls = urls, .url_count = 2, .deadline_ms = DEADLINE_MS};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct buffer token CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        tsa.first.tsa = answers[i].manner;
        tsa.second.tsa = RESPOND_WELL;
        int before = tsa.second.tsa_count;
        check_row(timestamp_ask(&authorities, imprint(), &token, &err), answers[i].sentence);
        check_row(tsa.second.tsa_count - before == (answers[i].refusal != NULL), answers[i].sentence);
    }
    struct buffer token CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    tsa.first.tsa = RESPOND_NONCE;
    tsa.second.tsa = RESPOND_ERROR;
    assert_false(timestamp_ask(&authorities, imprint(), &token, &err));
    assert_ptr_equal(err.text, &TEXT_TSA_HTTP);
    assert_string_equal(err.arg[0], tsa.second_url);
    assert_non_null(strstr(err.cause, tsa.first_url)); /* what was wrong with each */
    assert_int_equal(token.size, 0);
}

static void what_the_settings_ask_of_authorities_is_asked(void **state)
{
    (void)state;
    const struct {
        const char *sentence, *url, *policy;
        const struct trust *trust;
        const struct text *refusal;
        enum error_code code;
    } rows[] = {
        {"one under the policy that was asked for is taken", tsa.first_url, "1.2.3.4", NULL, NULL, ERR_NONE},
        {"one under another policy is refused", tsa.first_url, "1.2.3.5", NULL, &TEXT_TSA_OTHER_POLICY,
         ERR_PEER_AWAY},
        {"what is no policy is said so", tsa.first_url, "một", NULL, &TEXT_TSA_POLICY_UNREADABLE, ERR_USAGE},
        {"an authority under our anchors is taken", tsa.first_url, NULL, tsa.trust, NULL, ERR_NONE},
        {"one under others is refused", tsa.first_url, NULL, tsa.other_trust, &TEXT_TSA_SIGNER_UNKNOWN,
         ERR_PEER_AWAY},
        {"without anchors that is for readers to judge", tsa.first_url, NULL, NULL, NULL, ERR_NONE},
        {"a key of 1024 bits proves nothing", tsa.weak_url, NULL, NULL, &TEXT_TSA_WEAK, ERR_PEER_AWAY},
        {"nobody listens there", "http://127.0.0.1:1/", NULL, NULL, &TEXT_FETCH_AWAY, ERR_PEER_AWAY},
        {"what is no address is said so", "tsa.example", NULL, NULL, &TEXT_FETCH_URL, ERR_USAGE},
    };
    tsa.first.tsa = RESPOND_WELL;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer token CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        const struct timestamp_authorities authorities = {.urls = &rows[i].url,
                                                          .url_count = 1,
                                                          .deadline_ms = DEADLINE_MS,
                                                          .policy = rows[i].policy,
                                                          .trust = rows[i].trust};
        bool taken = timestamp_ask(&authorities, imprint(), &token, &err);
        check_row(taken == !rows[i].refusal
                      && (taken || (err.text == rows[i].refusal && err.code == rows[i].code)),
                  rows[i].sentence);
    }
}

/* ---- signatures */

static const char xml_text[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ketqua>Cấp phép</ketqua>\n";

static void make_document(enum signature_format format, struct buffer *ret_document)
{
    if (format == FORMAT_PADES)
        pdf_make(&pdf_plain, ret_document);
    else
        buffer_text(ret_document, xml_text);
}

static bool stamp_with(const struct pki_person *person, struct pending *pending, struct buffer *ret_signature,
                       struct error *err)
{
    const char *urls[] = {tsa.first_url};
    const struct timestamp_authorities authorities = {
        .urls = urls, .url_count = 1, .deadline_ms = DEADLINE_MS, .trust = tsa.trust};
    enum digest_algorithm algorithm;
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(person, algorithm, digest, ret_signature);
    return signer_stamp(pending, &authorities, buffer_span(ret_signature), err);
}

struct kind {
    const char *sentence;
    enum signature_format format;
    enum signature_packaging packaging;
    const char *name; /* as the verifier says it */
};

/* The pending signature is stored and read back once stamped. */
static void sign_stamped(const struct pki_person *person, const struct kind *kind, struct span document,
                         struct buffer *ret_product)
{
    struct pending *prepared CLEANUP(pending_free) = NULL, *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0}, stored CLEANUP(buffer_clear) = {0};
    struct source source = source_of(document);
    struct sink sink = sink_buffer(ret_product);
    struct error err = {0};
    const struct signing how = {.format = kind->format,
                                .packaging = kind->packaging,
                                .level = LEVEL_B_T,
                                .certificate = buffer_span(&person->der),
                                .clock = &clock_system};
    bool done =
        signer_prepare(&how, &source, &prepared, &err) && stamp_with(person, prepared, &signature, &err);
    if (done) {
        pending_write(prepared, &stored);
        done = pending_read(buffer_span(&stored), &pending, &err) && pending_level(pending) == LEVEL_B_T
               && signer_complete(pending, &source, buffer_span(&signature), &sink, &err);
    }
    if (!done)
        print_error("%s (%s)\n", err.text ? err.text->name : "?", err.cause);
    check_row(done, kind->sentence);
}

/* `beside`: what a signature that stands apart is about. */
static void is_at_level_t(struct span product, struct span beside, size_t signatures, const struct kind *kind)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    const struct detached detached = {.name = "", .bytes = beside};
    struct source source = source_of(product);
    struct certificates roots CLEANUP(certificates_clear) = {0};
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    assert_true(certificates_add(&roots, buffer_span(&world.root.der), &err)
                && certificates_add(&roots, buffer_span(&tsa.root.der), &err)
                && trust_of_certificates(&roots, &trust, &err));
    const struct verification how = {
        .trust = trust, .detached = &detached, .detached_count = kind->packaging == PACKAGING_DETACHED};
    check_row(verifier_check(&how, &source, &verdict, &err), kind->sentence);
    check_row(verdict.count == signatures && verdict_overall(&verdict) == TOTAL_PASSED, kind->sentence);
    for (size_t i = 0; i < verdict.count; i++) {
        const struct finding *finding = &verdict.findings[i];
        const struct stamp_finding *stamp = &finding->stamps[0];
        check_row(strcmp(finding->format, kind->name) == 0 && finding->stamp_count == 1, kind->sentence);
        check_row(stamp->indication == TOTAL_PASSED && stamp->kind == STAMP_SIGNATURE, kind->sentence);
        check_row(finding->best_signature_time_ms == stamp->time_ms, kind->sentence);
    }
}

static const struct kind kinds[] = {
    {"a PDF is signed at level T, twice", FORMAT_PADES, PACKAGING_AUTO, "PAdES-BASELINE-T"},
    {"so is XML", FORMAT_XADES, PACKAGING_AUTO, "XAdES-BASELINE-T"},
    {"and any file, beside it", FORMAT_CADES, PACKAGING_DETACHED, "CAdES-BASELINE-T"},
    {"around it", FORMAT_CADES, PACKAGING_ENVELOPING, "CAdES-BASELINE-T"},
    {"in a container", FORMAT_ASIC_S, PACKAGING_AUTO, "CAdES-BASELINE-T"},
    {"and in one with a manifest", FORMAT_ASIC_E, PACKAGING_AUTO, "CAdES-BASELINE-T"},
};
enum { KINDS_IN_PLACE = 2 /* of them: what can be signed again */ };

static void signatures_are_stamped(void **state)
{
    (void)state;
    const struct pki_person *people[] = {&world.leader, &world.agency}; /* RSA, ECDSA */
    tsa.first.tsa = RESPOND_WELL;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (size_t n = 0; n < COUNT_OF(people); n++) {
            struct buffer document CLEANUP(buffer_clear) = {0}, once CLEANUP(buffer_clear) = {0},
                                   twice CLEANUP(buffer_clear) = {0};
            make_document(kinds[i].format, &document);
            sign_stamped(people[n], &kinds[i], buffer_span(&document), &once);
            is_at_level_t(buffer_span(&once), buffer_span(&document), 1, &kinds[i]);
            if (i >= KINDS_IN_PLACE)
                continue;
            sign_stamped(people[1 - n], &kinds[i], buffer_span(&once), &twice);
            is_at_level_t(buffer_span(&twice), buffer_span(&document), 2, &kinds[i]);
        }
}

static void poppler_accepts_them(void **state)
{
    (void)state;
    struct buffer plain CLEANUP(buffer_clear) = {0}, pdf CLEANUP(buffer_clear) = {0};
    tsa.first.tsa = RESPOND_WELL;
    pdf_make(&pdf_plain, &plain);
    sign_stamped(&world.leader, &kinds[0], buffer_span(&plain), &pdf);
    assert_int_equal(ask(buffer_span(&pdf), "qpdf --check %s >/dev/null 2>&1"), 0);
    assert_int_equal(ask(buffer_span(&pdf), "pdfsig -nocert %s 2>/dev/null | grep -q 'Signature is Valid'"),
                     0);
}

/* The level that was wanted decides what room is kept, the token what is made. */
static void without_its_timestamp_it_is_level_b(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS_IN_PLACE; i++) {
        struct buffer document CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                               product CLEANUP(buffer_clear) = {0};
        struct pending *pending CLEANUP(pending_free) = NULL;
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        const struct signing how = {
            .level = LEVEL_B_T, .certificate = buffer_span(&world.leader.der), .clock = &clock_system};
        make_document(kinds[i].format, &document);
        struct source source = source_of(buffer_span(&document));
        struct sink sink = sink_buffer(&product);
        tsa.first.tsa = RESPOND_REFUSED;
        assert_true(signer_prepare(&how, &source, &pending, &err));
        assert_false(stamp_with(&world.leader, pending, &signature, &err));
        assert_int_equal(pending_level(pending), LEVEL_B_B);
        error_clear(&err);
        assert_true(signer_complete(pending, &source, buffer_span(&signature), &sink, &err));
        check(buffer_span(&product), &verdict);
        assert_int_equal(verdict.findings[0].format[strlen(verdict.findings[0].format) - 1], 'B');
    }
}

/* Our own check of the product notices a timestamp of something else. */
static void a_timestamp_of_another_value_is_not_embedded(void **state)
{
    (void)state;
    tsa.first.tsa = RESPOND_WELL;
    for (size_t i = 0; i < KINDS_IN_PLACE; i++) {
        struct buffer document CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                               other CLEANUP(buffer_clear) = {0}, product CLEANUP(buffer_clear) = {0};
        struct pending *pending CLEANUP(pending_free) = NULL;
        struct error err = {0};
        const struct signing how = {
            .level = LEVEL_B_T, .certificate = buffer_span(&world.agency.der), .clock = &clock_system};
        make_document(kinds[i].format, &document);
        struct source source = source_of(buffer_span(&document));
        struct sink sink = sink_buffer(&product);
        enum digest_algorithm algorithm;
        assert_true(signer_prepare(&how, &source, &pending, &err));
        assert_true(stamp_with(&world.agency, pending, &other, &err));
        struct span digest = pending_digest(pending, &algorithm);
        pki_sign(&world.agency, algorithm, digest, &signature); /* ECDSA: another one each time */
        assert_false(signer_complete(pending, &source, buffer_span(&signature), &sink, &err));
        assert_int_equal(err.code, ERR_INTERNAL);
    }
}

static void level_t_needs_an_authority(void **state)
{
    (void)state;
    struct buffer document CLEANUP(buffer_clear) = {0};
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct error err = {0};
    const struct signing how = {
        .level = LEVEL_B_T, .certificate = buffer_span(&world.leader.der), .clock = &clock_system};
    make_document(FORMAT_XADES, &document);
    struct source source = source_of(buffer_span(&document));
    assert_true(signer_prepare(&how, &source, &pending, &err));
    assert_false(signer_stamp(pending, NULL, SPAN_LITERAL("x"), &err));
    assert_ptr_equal(err.text, &TEXT_TSA_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_taken_or_refused_by_name),
        cmocka_unit_test(the_next_authority_is_asked),
        cmocka_unit_test(what_the_settings_ask_of_authorities_is_asked),
        cmocka_unit_test(signatures_are_stamped),
        cmocka_unit_test(poppler_accepts_them),
        cmocka_unit_test(without_its_timestamp_it_is_level_b),
        cmocka_unit_test(a_timestamp_of_another_value_is_not_embedded),
        cmocka_unit_test(level_t_needs_an_authority),
    };
    return cmocka_run_group_tests_name("timestamp_client", tests, make_world, end_world);
}
