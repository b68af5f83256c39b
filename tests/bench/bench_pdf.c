/* What signing and verifying a PDF costs, beside what cannot be avoided: one RSA-2048 signature in software
 * for a small document, cp and sha256sum for a large one, one signature for a hundred. Exit 1 when a limit of the table is
 * missed.
 *
 *     bench_pdf [LARGE]      size of the large document: 1G unless named; 0 leaves it out */
#include "tests/check.h"

#include "tests/pdf_make.h"
#include "tests/pki.h"

#include <openssl/rsa.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#include "base/sink.h"
#include "signer/signer.h"
#include "signer/verifier.h"

enum { ROUNDS = 1000, VERIFY_WANTED = 1000, ANON_WANTED_KIB = 64 << 10, LARGE_WANTED = 3 };
/* A signature among a hundred costs what one among ten does, but for the lists of fields and annotations that each
 * revision writes anew, ten times as long. */
enum { FEW = 10, MANY = 100, MANY_ROUNDS = 5 };
static const double MANY_WANTED = 2;

static const uint64_t LARGE_MAX = UINT64_C(16) << 30;

static struct {
    struct pki_person root, leader;
    struct trust *trust;
    char directory[64];
    bool missed;
} world;

static double now(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static void must(bool done, const struct error *err)
{
    char line[256];
    check_row(done, error_sentence(err, LANGUAGE_EN, sizeof(line), line));
}

static void line(const char *what, double value, const char *unit, double limit, bool at_least)
{
    bool met = at_least ? value >= limit : value <= limit;
    world.missed |= !met;
    printf("%-58s %10.2f %-8s %s %8.2f  %s\n", what, value, unit, at_least ? ">=" : "<=", limit,
           met ? "met" : "MISSED");
    fflush(stdout);
}

static struct signing how_to_sign(void)
{
    return (struct signing){.format = FORMAT_PADES,
                            .digest = DIGEST_SHA256,
                            .certificate = buffer_span(&world.leader.der),
                            .reason = "Phê duyệt",
                            .clock = &clock_system};
}

/* Signs; adds the CPU of everything but the key to *cpu. */
static void sign(const struct source *source, struct sink *sink, double *cpu)
{
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct signing how = how_to_sign();
    enum digest_algorithm algorithm;
    double begin = now(CLOCK_THREAD_CPUTIME_ID);
    must(signer_prepare(&how, source, &pending, &err), &err);
    *cpu += now(CLOCK_THREAD_CPUTIME_ID) - begin;
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(&world.leader, algorithm, digest, &signature);
    begin = now(CLOCK_THREAD_CPUTIME_ID);
    must(signer_complete(pending, source, buffer_span(&signature), sink, &err), &err);
    *cpu += now(CLOCK_THREAD_CPUTIME_ID) - begin;
}

static double software_signature(void)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("127"));
    double begin = now(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < ROUNDS; i++) {
        struct buffer signature CLEANUP(buffer_clear) = {0};
        pki_sign(&world.leader, DIGEST_SHA256, digest_span(&digest), &signature);
    }
    return (now(CLOCK_THREAD_CPUTIME_ID) - begin) / ROUNDS;
}

static double sign_small(struct span pdf, struct buffer *ret_signed)
{
    double cpu = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct source source = source_of(pdf);
        ret_signed->size = 0;
        struct sink sink = sink_buffer(ret_signed);
        sign(&source, &sink, &cpu);
    }
    return cpu / ROUNDS;
}

static double verify_rounds(struct span pdf, size_t signatures, int rounds)
{
    struct verification how = {.trust = world.trust};
    struct source source = source_of(pdf);
    double begin = now(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < rounds; i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        must(verifier_check(&how, &source, &verdict, &err), &err);
        assert_int_equal(verdict.count, signatures);
        assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    }
    return rounds / (now(CLOCK_THREAD_CPUTIME_ID) - begin);
}

static double verify_small(struct span pdf, size_t signatures)
{
    return verify_rounds(pdf, signatures, ROUNDS);
}

static void measure_small(const char *name, const char *path)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0}, once CLEANUP(buffer_clear) = {0},
                      twice CLEANUP(buffer_clear) = {0};
    char what[96];
    double key = software_signature();
    pdf_read(path, &pdf);
    double cpu = sign_small(buffer_span(&pdf), &once);
    snprintf(what, sizeof(what), "%s (%zu KiB): CPU to sign / RSA-2048 signature (%.2f ms)", name,
             pdf.size / 1024, key * 1e3);
    line(what, cpu / key, "x", 1, false);
    snprintf(what, sizeof(what), "%s: verified a second and core, one signature", name);
    line(what, verify_small(buffer_span(&once), 1), "/s", VERIFY_WANTED, true);
    sign_small(buffer_span(&once), &twice);
    snprintf(what, sizeof(what), "%s: the same, two signatures", name);
    line(what, verify_small(buffer_span(&twice), 2), "/s", VERIFY_WANTED, true);
}

/* One signature upon the other; seconds to look at one of so many. */
static double verify_many(const char *path, size_t signatures)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    double cpu = 0;
    pdf_read(path, &pdf);
    for (size_t i = 0; i < signatures; i++) {
        struct buffer next CLEANUP(buffer_clear) = {0};
        struct source source = source_of(buffer_span(&pdf));
        struct sink sink = sink_buffer(&next);
        sign(&source, &sink, &cpu);
        buffer_clear(&pdf);
        pdf = next;
        next = (struct buffer){0};
    }
    return 1 / (verify_rounds(buffer_span(&pdf), signatures, MANY_ROUNDS) * (double)signatures);
}

static void measure_many(const char *path)
{
    double one = verify_many(path, 1), few = verify_many(path, FEW), many = verify_many(path, MANY);
    printf("CPU of one signature among 1: %.2f ms, among %d: %.2f ms, among %d: %.2f ms\n", one * 1e3, FEW,
           few * 1e3, MANY, many * 1e3);
    line("a signature among 100 / among 10", many / few, "x", MANY_WANTED, false);
}

/* As the command does it: a private copy, a new file that appears whole. */
static void sign_file(const char *in, const char *out)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    struct error err = {0};
    double cpu = 0;
    must(source_open(in, world.directory, LARGE_MAX, &source, &err), &err);
    must(out_file_open(out, true, &file, &err), &err);
    struct sink sink = sink_fd(file.fd);
    sign(&source, &sink, &cpu);
    must(out_file_commit(&file, &err), &err);
}

static void verify_file(const char *in, const char *unused)
{
    (void)unused;
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification how = {.trust = world.trust};
    struct error err = {0};
    must(source_open(in, world.directory, LARGE_MAX, &source, &err), &err);
    must(verifier_check(&how, &source, &verdict, &err), &err);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
}

static long anonymous_kib(pid_t child)
{
    char path[64], text[256];
    long kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)child);
    FILE *status = fopen(path, "r");
    while (status && fgets(text, sizeof(text), status))
        if (strncmp(text, "RssAnon:", 8) == 0)
            kib = strtol(text + 8, NULL, 10);
    if (status)
        fclose(status);
    return kib;
}

/* Runs in a process of its own and watches its anonymous memory; seconds. */
static double watched(void (*work)(const char *in, const char *out), const char *in, const char *out,
                      long *ret_kib)
{
    double begin = now(CLOCK_MONOTONIC);
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        work(in, out);
        _exit(0);
    }
    *ret_kib = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        long kib = anonymous_kib(child);
        *ret_kib = kib > *ret_kib ? kib : *ret_kib;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    assert_int_equal(status, 0);
    return now(CLOCK_MONOTONIC) - begin;
}

static double timed(const char *format, const char *a, const char *b)
{
    char command[512];
    snprintf(command, sizeof(command), format, a, b);
    double begin = now(CLOCK_MONOTONIC);
    assert_int_equal(system(command), 0);
    return now(CLOCK_MONOTONIC) - begin;
}

static void measure_large(const char *size)
{
    char in[128], out[128];
    long kib;
    snprintf(in, sizeof(in), "%s/large.pdf", world.directory);
    snprintf(out, sizeof(out), "%s/signed.pdf", world.directory);
    timed(BUILD_DIR "/sample-pdf --bytes %s -o %s", size, in);
    double plain = timed("cp %s %s", in, out) + timed("sha256sum %s >%s.sum", in, out);
    double seconds = watched(sign_file, in, out, &kib);
    printf("%s: cp + sha256sum take %.2f s\n", size, plain);
    line("large: time to sign / (cp + sha256sum)", seconds / plain, "x", LARGE_WANTED, false);
    line("large: anonymous memory while signing", (double)kib / 1024, "MiB", ANON_WANTED_KIB / 1024.0, false);
    seconds = watched(verify_file, out, NULL, &kib);
    line("large: time to verify / (cp + sha256sum)", seconds / plain, "x", LARGE_WANTED, false);
    line("large: anonymous memory while verifying", (double)kib / 1024, "MiB", ANON_WANTED_KIB / 1024.0,
         false);
}

static void make_world(void)
{
    char path[128];
    struct error err = {0};
    strcpy(world.directory, "/var/tmp/bench_pdf.XXXXXX");
    assert_non_null(mkdtemp(world.directory));
    pki_make(&(struct pki_wish){.name = "Gốc", .ca = true, .key_usage = "keyCertSign,cRLSign"}, &world.root);
    pki_make(
        &(struct pki_wish){.name = "Nguyễn Văn Mẫu", .issuer = &world.root, .key_usage = "nonRepudiation"},
        &world.leader);
    snprintf(path, sizeof(path), "%s/root.pem", world.directory);
    const struct pki_person *roots[] = {&world.root};
    pki_save(path, roots, 1, (struct span){0});
    const char *paths[] = {path};
    must(trust_load(paths, 1, &world.trust, &err), &err);
}

int main(int argc, char **argv)
{
    const char *large = argc > 1 ? argv[1] : "1G";
    char plain[128], packed[128], command[128];
    make_world();
    snprintf(plain, sizeof(plain), "%s/small.pdf", world.directory);
    snprintf(packed, sizeof(packed), "%s/packed.pdf", world.directory);
    timed(BUILD_DIR "/sample-pdf -o %s%s", plain, "");
    timed("qpdf --object-streams=generate %s %s", plain, packed);
    measure_small("table", plain);
    measure_small("object streams", packed);
    measure_many(plain);
    if (strcmp(large, "0") != 0)
        measure_large(large);
    snprintf(command, sizeof(command), "rm -r %s", world.directory);
    assert_int_equal(system(command), 0);
    return world.missed;
}
