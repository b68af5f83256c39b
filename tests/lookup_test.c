/* What a check misses is fetched from real servers on loopback, kept, and handed in: good, revoked, unknown, servers
 * that lie, hang, send too much or point elsewhere; many askers, one question; and caches that are poisoned,
 * unwritable, or half written. This program is its own checker: `lookup_test checker`. */
#include "tests/check.h"

#include "tests/responder.h"
#include "tests/scratch.h"
#include "tests/verdict_says.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/child.h"
#include "base/sink.h"
#include "base/xml.h"
#include "signer/lookup.h"
#include "signer/revocation_text.h"
#include "signer/signer.h"

enum { FETCH_MS = 400, DOCUMENT_MS = 1500 };

static struct {
    struct pki_person root, stranger, delegate, authority, person, low;
    struct responder responder; /* root's */
    struct responder below;     /* authority's, which the document does not bring along */
    struct trust *trust;
    struct checker_pool *pool;
    struct buffer document, deep; /* signed by person, issued by root; by low, issued by authority */
    char directory[SCRATCH_NAME], caches[80];
    unsigned cache_count;
} world;

static void make_responder(struct responder *responder, const struct pki_person *issuer)
{
    responder_open(responder);
    responder->issuer = issuer;
    responder->stranger = &world.stranger;
    responder->delegate = &world.delegate;
}

static void make_person(const char *name, const struct responder *responder, bool ca,
                        struct pki_person *ret_person)
{
    char access[200], list[100];
    snprintf(access, sizeof(access),
             "authorityInfoAccess=OCSP;URI:http://127.0.0.1:%u/ocsp,caIssuers;URI:http://127.0.0.1:%u/issuer",
             responder->port, responder->port);
    snprintf(list, sizeof(list), "crlDistributionPoints=URI:http://127.0.0.1:%u/crl", responder->port);
    pki_make(&(struct pki_wish){.name = name,
                                .issuer = responder->issuer,
                                .key = "p256",
                                .ca = ca,
                                .key_usage = ca ? "keyCertSign,cRLSign" : "digitalSignature",
                                .extensions = {access, list}},
             ret_person);
}

static void sign(const struct pki_person *person, struct buffer *ret_document)
{
    struct signing how = {.certificate = buffer_span(&person->der), .clock = &clock_system};
    struct source document = source_of(SPAN_LITERAL("<KetQua><So>127</So></KetQua>"));
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    enum digest_algorithm algorithm;
    assert_true(signer_prepare(&how, &document, &pending, &err));
    pki_sign(person, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    struct sink sink = sink_buffer(ret_document);
    assert_true(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
}

static int make_world(void **state)
{
    (void)state;
    struct error err = {0};
    xml_init();
    signal(SIGPIPE, SIG_IGN);
    scratch_make("lookup", world.directory);
    const struct pki_wish root = {
        .name = "Gốc", .key = "p256", .ca = true, .key_usage = "keyCertSign,cRLSign,digitalSignature"};
    pki_make(&root, &world.root);
    pki_make(&root, &world.stranger); /* of the same name, with another key */
    pki_make(&(struct pki_wish){.name = "OCSP",
                                .issuer = &world.root,
                                .key = "p256",
                                .key_usage = "digitalSignature",
                                .purpose = "OCSPSigning",
                                .extensions = {"noCheck=ignored"}},
             &world.delegate);
    make_responder(&world.responder, &world.root);
    make_responder(&world.below, &world.authority);
    make_person("CA", &world.responder, true, &world.authority);
    make_person("Nguyễn Văn Mẫu", &world.responder, false, &world.person);
    make_person("Trần Thị Thư", &world.below, false, &world.low);
    world.responder.subject = &world.person;
    world.below.subject = &world.low;
    responder_serve(&world.responder);
    responder_serve(&world.below);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    assert_true(
        checker_pool_open(&(struct checker_settings){.count = 2, .trust = world.trust}, &world.pool, &err));
    sign(&world.person, &world.document);
    sign(&world.low, &world.deep);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    checker_pool_close(&world.pool);
    trust_free(&world.trust);
    buffer_clear(&world.document);
    buffer_clear(&world.deep);
    struct pki_person *people[] = {&world.root, &world.stranger,  &world.delegate,
                                   &world.low,  &world.authority, &world.person};
    for (size_t i = 0; i < COUNT_OF(people); i++)
        pki_clear(people[i]);
    return 0;
}

/* A new empty cache, and servers that behave. */
static int start_afresh(void **state)
{
    (void)state;
    snprintf(world.caches, sizeof(world.caches), "%s/cache%u", world.directory, ++world.cache_count);
    struct responder *both[] = {&world.responder, &world.below};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        both[i]->ocsp = both[i]->crl = both[i]->serves_issuer = RESPOND_WELL;
        both[i]->ocsp_count = both[i]->crl_count = both[i]->issuer_count = 0;
    }
    return 0;
}

static struct lookup *open_lookup(bool offline, const char *cache, const struct clock *clock)
{
    struct lookup *lookup = NULL;
    struct error err = {0};
    const struct lookup_settings settings = {.cache = cache,
                                             .offline = offline,
                                             .allow_private = true,
                                             .fetch_ms = FETCH_MS,
                                             .document_ms = DOCUMENT_MS,
                                             .clock = clock};
    assert_true(lookup_open(&settings, &lookup, &err));
    return lookup;
}

static void check_at(struct lookup *lookup, struct span bytes, int64_t at_ms, struct verdict *ret_verdict)
{
    struct source document = source_of(bytes);
    struct error err = {0};
    const struct checker_job job = {.document = &document, .at_ms = at_ms};
    bool looked = lookup_check(lookup, world.pool, &job, ret_verdict, &err);
    if (!looked)
        print_error("%s %s\n", err.text ? err.text->en : "?", err.cause);
    assert_true(looked);
    assert_int_equal(ret_verdict->count, 1);
}

static void look(struct lookup *lookup, struct verdict *ret_verdict)
{
    check_at(lookup, buffer_span(&world.document), 0, ret_verdict);
}

static void show(const struct verdict *verdict)
{
    const struct finding *finding = &verdict->findings[0];
    const char *sub = sub_indication_name(finding->sub);
    print_error("  %s %s; OCSP asked %d, CRL %d\n", indication_name(finding->indication), sub ? sub : "",
                world.responder.ocsp_count, world.responder.crl_count);
    for (size_t i = 0; i < finding->reason_count; i++)
        print_error("  %s (%s)\n", finding->reasons[i].text->en, finding->reasons[i].arg[0]);
    for (size_t i = 0; i < verdict->reason_count; i++)
        print_error("  %s (%s)\n", verdict->reasons[i].text->en, verdict->reasons[i].arg[0]);
}

static void what_the_servers_say_decides(void **state)
{
    static const struct {
        const char *sentence;
        int ocsp, crl;
        bool passes, revoked; /* neither: nobody knows */
        int ocsp_asked, crl_asked;
    } rows[] = {
        {"a good answer is enough", RESPOND_WELL, RESPOND_ERROR, true, false, 1, 0},
        {"an answer without a nonce is one", RESPOND_NO_NONCE, RESPOND_ERROR, true, false, 1, 0},
        {"a delegate may answer", RESPOND_DELEGATE, RESPOND_ERROR, true, false, 1, 0},
        {"revoked is revoked", RESPOND_REVOKED, RESPOND_WELL, false, true, 1, 0},
        {"who is unknown to OCSP is looked up in the list", RESPOND_UNKNOWN, RESPOND_WELL, true, false, 1, 1},
        {"unknown is never good", RESPOND_UNKNOWN, RESPOND_ERROR, false, false, 1, 1},
        {"another nonce is no answer", RESPOND_NONCE, RESPOND_ERROR, false, false, 1, 1},
        {"a stranger's answer is none", RESPOND_STRANGER, RESPOND_ERROR, false, false, 1, 1},
        {"an answer of the day before yesterday is none", RESPOND_OLD, RESPOND_ERROR, false, false, 1, 1},
        {"without OCSP the list says good", RESPOND_ERROR, RESPOND_WELL, true, false, 1, 1},
        {"without OCSP the list says revoked", RESPOND_ERROR, RESPOND_REVOKED, false, true, 1, 1},
        {"a stranger's list is none", RESPOND_ERROR, RESPOND_STRANGER, false, false, 1, 1},
        {"an old list is none", RESPOND_ERROR, RESPOND_OLD, false, false, 1, 1},
        {"garbage is none", RESPOND_GARBAGE, RESPOND_GARBAGE, false, false, 1, 1},
        {"too much is none", RESPOND_HUGE, RESPOND_HUGE, false, false, 1, 1},
        {"nobody is followed elsewhere", RESPOND_REDIRECT, RESPOND_REDIRECT, false, false, 1, 1},
        {"who hangs is not waited for twice", RESPOND_HANG, RESPOND_HANG, false, false, 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        start_afresh(state);
        struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, NULL);
        world.responder.ocsp = rows[i].ocsp;
        world.responder.crl = rows[i].crl;
        int64_t began = clock_monotonic_ms();
        look(lookup, &verdict);
        const struct finding *finding = &verdict.findings[0];
        bool passes = finding->indication == TOTAL_PASSED,
             revoked = finding->sub == SUB_REVOKED || finding->sub == SUB_REVOKED_NO_POE,
             unknown = finding->indication == INDETERMINATE && finding->sub == SUB_TRY_LATER;
        bool good = passes == rows[i].passes && revoked == rows[i].revoked
                    && unknown == (!rows[i].passes && !rows[i].revoked)
                    && (!unknown || verdict_says(&verdict, &TEXT_LOOKUP_FAILED)
                        || verdict_says(&verdict, &TEXT_LOOKUP_AS_OF))
                    && world.responder.ocsp_count == rows[i].ocsp_asked
                    && world.responder.crl_count == rows[i].crl_asked
                    && clock_monotonic_ms() - began < 2 * DOCUMENT_MS;
        if (!good)
            show(&verdict);
        check_row(good, rows[i].sentence);
    }
}

static void private_addresses_are_not_asked(void **state)
{
    (void)state;
    struct lookup *lookup CLEANUP(lookup_close) = NULL;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_true(lookup_open(&(struct lookup_settings){.cache = world.caches}, &lookup, &err));
    look(lookup, &verdict);
    assert_int_equal(verdict.findings[0].sub, SUB_TRY_LATER);
    assert_int_equal(world.responder.ocsp_count + world.responder.crl_count, 0);
}

/* Issuer, then its revocation and the signer's. */
static void a_missing_issuer_is_fetched_and_asked_about(void **state)
{
    (void)state;
    struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, NULL);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check_at(lookup, buffer_span(&world.deep), 0, &verdict);
    if (verdict.findings[0].indication != TOTAL_PASSED)
        show(&verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_PASSED);
    assert_int_equal(world.below.issuer_count, 1);
    assert_int_equal(world.below.ocsp_count, 1);
    assert_int_equal(world.responder.ocsp_count, 1);
}

static void what_was_fetched_is_kept_until_its_next_update(void **state)
{
    (void)state;
    const struct clock tomorrow = {.fixed_ms = clock_now_ms(&clock_system) + INT64_C(2) * 3600 * 1000};
    struct lookup *lookup = open_lookup(false, world.caches, NULL);
    struct verdict first CLEANUP(verdict_clear) = {0}, again CLEANUP(verdict_clear) = {0},
                         later CLEANUP(verdict_clear) = {0};
    look(lookup, &first);
    lookup_close(&lookup);
    lookup = open_lookup(false, world.caches, NULL); /* another process, as far as the cache can see */
    look(lookup, &again);
    lookup_close(&lookup);
    assert_int_equal(again.findings[0].indication, TOTAL_PASSED);
    assert_int_equal(world.responder.ocsp_count, 1);
    lookup = open_lookup(false, world.caches, &tomorrow);
    world.responder.ocsp = RESPOND_REVOKED;
    look(lookup, &later);
    lookup_close(&lookup);
    assert_int_equal(world.responder.ocsp_count, 2);
    assert_int_equal(later.findings[0].indication, INDETERMINATE);
    assert_int_not_equal(later.findings[0].sub, SUB_TRY_LATER);
}

static void a_failure_is_remembered_for_a_while(void **state)
{
    (void)state;
    const struct clock soon = {.fixed_ms = clock_now_ms(&clock_system) + INT64_C(120) * 1000};
    world.responder.ocsp = world.responder.crl = RESPOND_ERROR;
    for (int i = 0; i < 3; i++) {
        struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, i < 2 ? NULL : &soon);
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        look(lookup, &verdict);
        assert_int_equal(verdict.findings[0].sub, SUB_TRY_LATER);
        assert_int_equal(world.responder.ocsp_count, i < 2 ? 1 : 2);
    }
}

/* Its issuer is nobody's, and its certificate is said to lie where the list of others lies. */
static void what_a_forger_has_us_ask_for_spoils_nobodys_list(void **state)
{
    (void)state;
    struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, NULL);
    struct buffer document CLEANUP(buffer_clear) = {0};
    struct verdict forged CLEANUP(verdict_clear) = {0}, honest CLEANUP(verdict_clear) = {0};
    struct pki_person forger;
    char access[100];
    snprintf(access, sizeof(access), "authorityInfoAccess=caIssuers;URI:http://127.0.0.1:%u/crl",
             world.responder.port);
    pki_make(&(struct pki_wish){.name = "Kẻ giả mạo",
                                .issuer = &world.stranger,
                                .key = "p256",
                                .key_usage = "digitalSignature",
                                .extensions = {access}},
             &forger);
    sign(&forger, &document);
    check_at(lookup, buffer_span(&document), 0, &forged);
    assert_int_equal(forged.findings[0].sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    assert_int_equal(world.responder.crl_count, 1);
    world.responder.ocsp = RESPOND_ERROR;
    look(lookup, &honest);
    assert_int_equal(honest.findings[0].indication, TOTAL_PASSED);
    pki_clear(&forger);
}

static void offline_nothing_is_asked_and_the_verdict_says_so(void **state)
{
    (void)state;
    struct lookup *online = open_lookup(false, world.caches, NULL),
                  *offline = open_lookup(true, world.caches, NULL);
    struct verdict nothing CLEANUP(verdict_clear) = {0}, kept CLEANUP(verdict_clear) = {0},
                           old CLEANUP(verdict_clear) = {0}, fetched CLEANUP(verdict_clear) = {0};
    look(offline, &nothing);
    assert_int_equal(nothing.findings[0].sub, SUB_TRY_LATER);
    assert_true(verdict_says(&nothing, &TEXT_LOOKUP_OFFLINE));
    assert_false(verdict_says(&nothing, &TEXT_LOOKUP_AS_OF));
    look(online, &fetched);
    int asked = world.responder.ocsp_count;
    look(offline, &kept);
    assert_int_equal(kept.findings[0].indication, TOTAL_PASSED);
    check_at(offline, buffer_span(&world.document), clock_now_ms(&clock_system) + INT64_C(3) * 3600 * 1000,
             &old);
    assert_int_equal(old.findings[0].sub, SUB_TRY_LATER);
    assert_true(verdict_says(&old, &TEXT_LOOKUP_AS_OF));
    assert_int_equal(world.responder.ocsp_count, asked);
    lookup_close(&online);
    lookup_close(&offline);
}

static void *look_in_a_thread(void *context)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    look(context, &verdict);
    return verdict.findings[0].indication == TOTAL_PASSED ? context : NULL;
}

static void many_threads_ask_once(void **state)
{
    (void)state;
    struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, NULL);
    pthread_t threads[6];
    world.responder.ocsp = RESPOND_SLOWLY;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look_in_a_thread, lookup), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *passed = NULL;
        pthread_join(threads[i], &passed);
        assert_non_null(passed);
    }
    assert_int_equal(world.responder.ocsp_count, 1);
}

/* `lookup_test look TRUST CACHE FILE`: one process more. */
static int look_alone(char **argv)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    const char *paths[] = {argv[2]};
    struct error err = {0};
    if (!file_read(argv[4], 1 << 20, &bytes, &err) || !trust_load(paths, 1, &world.trust, &err)
        || !checker_pool_open(&(struct checker_settings){.count = 1, .trust = world.trust}, &world.pool,
                              &err))
        return 1;
    struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, argv[3], NULL);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check_at(lookup, buffer_span(&bytes), 0, &verdict);
    checker_pool_close(&world.pool);
    trust_free(&world.trust);
    return verdict.findings[0].indication == TOTAL_PASSED ? 0 : 2;
}

static void many_processes_ask_once(void **state)
{
    (void)state;
    char root[128], file[128];
    pid_t pids[3];
    struct sink sink;
    struct error err = {0};
    snprintf(root, sizeof(root), "%s/root.pem", world.directory);
    snprintf(file, sizeof(file), "%s/document.xml", world.directory);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    sink = sink_fd(fd);
    sink_write(&sink, buffer_span(&world.document));
    assert_true(sink_finish(&sink, &err));
    close(fd);
    world.responder.ocsp = RESPOND_SLOWLY;
    const char *args[] = {"lookup_test", "look", root, world.caches, file, NULL};
    for (size_t i = 0; i < COUNT_OF(pids); i++)
        assert_true(child_start(NULL, args, -1, &pids[i], &err));
    for (size_t i = 0; i < COUNT_OF(pids); i++)
        assert_int_equal(child_wait(&pids[i]), 0);
    assert_int_equal(world.responder.ocsp_count, 1);
}

/* ---- caches that somebody has been at */

static size_t list_kept(char ret_paths[static 8][512])
{
    DIR *directory = opendir(world.caches);
    size_t count = 0;
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) && count < 8;)
        if (strstr(entry->d_name, ".rev"))
            snprintf(ret_paths[count++], 512, "%s/%s", world.caches, entry->d_name);
    closedir(directory);
    return count;
}

static void a_poisoned_cache_is_noticed(void **state)
{
    static const char *const ways[] = {"a bit flipped", "cut off", "empty", "another file's content"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        char paths[8][512];
        struct verdict first CLEANUP(verdict_clear) = {0}, again CLEANUP(verdict_clear) = {0};
        start_afresh(state);
        struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, world.caches, NULL);
        look(lookup, &first);
        assert_int_equal(list_kept(paths), 1);
        int fd = open(paths[0], O_RDWR);
        struct stat about;
        assert_int_equal(fstat(fd, &about), 0);
        char byte = 0;
        if (i == 0) {
            assert_int_equal(pread(fd, &byte, 1, 100), 1);
            byte ^= 1;
            assert_int_equal(pwrite(fd, &byte, 1, 100), 1);
        } else if (i == 3) {
            assert_int_equal(pwrite(fd, "X", 1, 25), 1); /* in the key */
        } else {
            assert_int_equal(ftruncate(fd, i == 1 ? about.st_size / 2 : 0), 0);
        }
        close(fd);
        look(lookup, &again);
        check_row(again.findings[0].indication == TOTAL_PASSED && world.responder.ocsp_count == 2, ways[i]);
    }
}

static void a_cache_that_cannot_be_written_is_none(void **state)
{
    (void)state;
    struct lookup *lookup CLEANUP(lookup_close) = open_lookup(false, "/proc/nothing/revocation", NULL);
    struct lookup *without CLEANUP(lookup_close) = open_lookup(false, NULL, NULL);
    struct verdict verdict CLEANUP(verdict_clear) = {0}, again CLEANUP(verdict_clear) = {0};
    look(lookup, &verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_PASSED);
    look(without, &again);
    assert_int_equal(again.findings[0].indication, TOTAL_PASSED);
    assert_int_equal(world.responder.ocsp_count, 2);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    if (argc == 5 && strcmp(argv[1], "look") == 0)
        return look_alone(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_servers_say_decides),
        cmocka_unit_test_setup(private_addresses_are_not_asked, start_afresh),
        cmocka_unit_test_setup(a_missing_issuer_is_fetched_and_asked_about, start_afresh),
        cmocka_unit_test_setup(what_was_fetched_is_kept_until_its_next_update, start_afresh),
        cmocka_unit_test_setup(a_failure_is_remembered_for_a_while, start_afresh),
        cmocka_unit_test_setup(what_a_forger_has_us_ask_for_spoils_nobodys_list, start_afresh),
        cmocka_unit_test_setup(offline_nothing_is_asked_and_the_verdict_says_so, start_afresh),
        cmocka_unit_test_setup(many_threads_ask_once, start_afresh),
        cmocka_unit_test_setup(many_processes_ask_once, start_afresh),
        cmocka_unit_test(a_poisoned_cache_is_noticed),
        cmocka_unit_test_setup(a_cache_that_cannot_be_written_is_none, start_afresh),
    };
    return cmocka_run_group_tests_name("lookup", tests, make_world, end_world);
}
