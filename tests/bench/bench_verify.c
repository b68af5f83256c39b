/* What looking at a signature costs: small documents with warm caches, in CPU time of one core, chain to an anchor
 * included. And what signing costs besides the key: prepare, complete and the check of our own work, against one RSA-2048 signature in software.
 * Prints a table; ends with 1 when a promise is missed. Measure on a release build, nothing else running. */
#include "tests/check.h"

#include "tests/pki.h"

#include <stdio.h>
#include <time.h>

#include "base/xml.h"
#include "signer/checker.h"
#include "signer/cms.h"
#include "signer/signer.h"

enum {
    ROUNDS = 7, /* the median counts */
    ROUND_OPERATIONS = 400,
    VERIFY_PER_SECOND = 1000, /* and core */
    SMALL_KIB = 128,
    LARGE_TIMES = 16, /* as large */
    LARGE_ROUNDS = 20,
};
static const double LINEAR = 1.5; /* what a byte of a large document may cost more than one of a small */

static struct {
    struct pki_person root, authority, rsa, ec;
    struct certificates chain;
    struct trust *trust;
    struct buffer cms[2], xml[2];
    struct checker_pool *pool;
} world;

static const char small_text[] =
    "<KetQua xmlns=\"urn:mau\"><SoKyHieu>127/QĐ-UBND</SoKyHieu><NoiDung>Cấp phép xây dựng nhà ở riêng lẻ tại "
    "thôn Mẫu, xã Mẫu, tỉnh Mẫu cho ông Nguyễn Văn Mẫu</NoiDung></KetQua>";

static double now_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Median seconds of one operation. */
static double measure(void (*operation)(size_t kind), size_t kind, clockid_t clock)
{
    double took[ROUNDS];
    operation(kind); /* warm */
    for (size_t round = 0; round < ROUNDS; round++) {
        double began = now_s(clock);
        for (size_t i = 0; i < ROUND_OPERATIONS; i++)
            operation(kind);
        took[round] = (now_s(clock) - began) / ROUND_OPERATIONS;
    }
    qsort(took, ROUNDS, sizeof(took[0]), by_size);
    return took[ROUNDS / 2];
}

/* ---- what is measured; kind 0 is RSA-2048, 1 is P-256 */

static const struct pki_person *signer_of(size_t kind)
{
    return kind ? &world.ec : &world.rsa;
}

static bool digest_text(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                        struct error *err)
{
    (void)context;
    (void)err;
    *ret_digest = digest_of(algorithm, span_text(small_text));
    return true;
}

static void judge_cms(size_t kind)
{
    const struct verification verification = {.trust = world.trust};
    struct process *process CLEANUP(process_free) = process_new(&verification);
    const struct cms_judging how = {.process = process, .pades = true};
    const struct signed_content content = {.digest = digest_text};
    struct finding finding = {0};
    struct error err = {0};
    assert_true(cms_judge(&how, buffer_span(&world.cms[kind]), &content, &finding, &err));
    assert_int_equal(finding.indication, TOTAL_PASSED);
}

static void judge_bytes(struct span xml)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(xml);
    assert_true(verifier_check(&(struct verification){.trust = world.trust}, &document, &verdict, &err));
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
}

static void judge_xml(size_t kind)
{
    judge_bytes(buffer_span(&world.xml[kind]));
}

static void judge_next_door(size_t kind)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(buffer_span(&world.xml[kind]));
    assert_true(checker_check(world.pool, &(struct checker_job){.document = &document}, &verdict, &err));
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
}

static void make_cms(size_t kind, struct buffer *ret_cms, bool with_key)
{
    const struct pki_person *signer = signer_of(kind);
    struct buffer attributes CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, span_text(small_text));
    assert_true(cms_attributes(digest_span(&digest), buffer_span(&signer->der), 0, &attributes, &err));
    digest = digest_of(DIGEST_SHA256, buffer_span(&attributes));
    if (with_key)
        pki_sign(signer, DIGEST_SHA256, digest_span(&digest), &signature);
    else
        buffer_append(&signature, span_of(digest.bytes, 64));
    assert_true(cms_assemble(DIGEST_SHA256, buffer_span(&attributes), buffer_span(&signature),
                             buffer_span(&signer->der), &world.chain, (struct span){0}, ret_cms, &err));
}

static void build_cms(size_t kind)
{
    struct buffer cms CLEANUP(buffer_clear) = {0};
    make_cms(kind, &cms, false);
}

static void sign_software(size_t kind)
{
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, span_text(small_text));
    pki_sign(signer_of(kind), DIGEST_SHA256, digest_span(&digest), &signature);
}

static void sign_text(size_t kind, struct span text, struct buffer *ret_xml)
{
    struct signing how = {
        .certificate = buffer_span(&signer_of(kind)->der), .chain = &world.chain, .clock = &clock_system};
    struct source document = source_of(text);
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    enum digest_algorithm algorithm;
    assert_true(signer_prepare(&how, &document, &pending, &err));
    pki_sign(signer_of(kind), DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    struct sink sink = sink_buffer(ret_xml);
    assert_true(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
}

static void make_xml(size_t kind, struct buffer *ret_xml)
{
    sign_text(kind, span_text(small_text), ret_xml);
}

static void sign_xml(size_t kind)
{
    struct buffer xml CLEANUP(buffer_clear) = {0};
    make_xml(kind, &xml);
}

/* Seconds for each byte of an XML of so many KiB. */
static double judge_sized(size_t kib)
{
    struct buffer text CLEANUP(buffer_clear) = {0}, xml CLEANUP(buffer_clear) = {0};
    buffer_text(&text, "<BangKe>");
    while (text.size < kib * 1024)
        buffer_text(&text, small_text);
    buffer_text(&text, "</BangKe>");
    sign_text(0, buffer_span(&text), &xml);
    double began = now_s(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < LARGE_ROUNDS; i++)
        judge_bytes(buffer_span(&xml));
    return (now_s(CLOCK_PROCESS_CPUTIME_ID) - began) / LARGE_ROUNDS / (double)xml.size;
}

/* ---- the table */

static bool missed;

static void row(const char *what, double seconds, double limit)
{
    bool good = limit == 0 || seconds <= limit;
    missed |= !good;
    printf("%-58s %8.0f us %9.0f /s", what, seconds * 1e6, 1 / seconds);
    if (limit > 0)
        printf("   at most %5.0f us: %s", limit * 1e6, good ? "kept" : "MISSED");
    printf("\n");
}

static void row_of_sizes(void)
{
    double small = judge_sized(SMALL_KIB), large = judge_sized((size_t)SMALL_KIB * LARGE_TIMES);
    bool good = large <= LINEAR * small;
    missed |= !good;
    printf("a byte of an XML of %d KiB costs %.1f ns, of one of %d KiB %.1f ns   at most %.1f times: %s\n",
           SMALL_KIB, small * 1e9, SMALL_KIB * LARGE_TIMES, large * 1e9, LINEAR, good ? "kept" : "MISSED");
}

static void make_world(void)
{
    struct error err = {0};
    char path[] = "/tmp/bench_verify.XXXXXX";
    close(mkstemp(path));
    pki_make(&(struct pki_wish){.name = "Gốc", .ca = true, .key_usage = "keyCertSign"}, &world.root);
    pki_make(
        &(struct pki_wish){.name = "Nơi cấp", .issuer = &world.root, .ca = true, .key_usage = "keyCertSign"},
        &world.authority);
    pki_make(&(struct pki_wish){.name = "Mẫu", .issuer = &world.authority, .key_usage = "digitalSignature"},
             &world.rsa);
    pki_make(
        &(struct pki_wish){
            .name = "Mẫu", .issuer = &world.authority, .key = "p256", .key_usage = "digitalSignature"},
        &world.ec);
    const struct pki_person *anchors[] = {&world.root};
    const char *paths[] = {path};
    pki_save(path, anchors, 1, (struct span){0});
    assert_true(trust_load(paths, 1, &world.trust, &err));
    unlink(path);
    assert_true(certificates_add(&world.chain, buffer_span(&world.authority.der), &err));
    for (size_t kind = 0; kind < 2; kind++) {
        make_cms(kind, &world.cms[kind], true);
        make_xml(kind, &world.xml[kind]);
    }
    const struct checker_settings checkers = {.trust = world.trust};
    assert_true(checker_pool_open(&checkers, &world.pool, &err));
}

static void run(void **state)
{
    (void)state;
    const double limit = 1.0 / VERIFY_PER_SECOND;
    make_world();
    double software = measure(sign_software, 0, CLOCK_PROCESS_CPUTIME_ID),
           ec = measure(sign_software, 1, CLOCK_PROCESS_CPUTIME_ID);
    row("RSA-2048 signature in software", software, 0);
    row("judge a CMS signature, RSA-2048, chain of three", measure(judge_cms, 0, CLOCK_PROCESS_CPUTIME_ID),
        limit);
    row("judge a CMS signature, P-256", measure(judge_cms, 1, CLOCK_PROCESS_CPUTIME_ID), limit);
    row("judge a small XML, RSA-2048, chain of three", measure(judge_xml, 0, CLOCK_PROCESS_CPUTIME_ID),
        limit);
    row("judge a small XML, P-256", measure(judge_xml, 1, CLOCK_PROCESS_CPUTIME_ID), limit);
    row("the same by a checker process, as time passes", measure(judge_next_door, 1, CLOCK_MONOTONIC), 0);
    row("build a CMS signature, without the key", measure(build_cms, 0, CLOCK_PROCESS_CPUTIME_ID), software);
    row("sign a small XML, checked, without the key (RSA-2048)",
        measure(sign_xml, 0, CLOCK_PROCESS_CPUTIME_ID) - software, software);
    row("sign a small XML, checked, without the key (P-256)",
        measure(sign_xml, 1, CLOCK_PROCESS_CPUTIME_ID) - ec, software);
    row_of_sizes();
    checker_pool_close(&world.pool);
}

int main(int argc, char **argv)
{
    xml_init();
    if (argc == 2 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    const struct CMUnitTest tests[] = {cmocka_unit_test(run)};
    int failed = cmocka_run_group_tests_name("bench_verify", tests, NULL, NULL);
    return failed || missed;
}
