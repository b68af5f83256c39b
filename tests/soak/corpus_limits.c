/* What a checker process spends on each sample of the corpus: seconds of CPU and anonymous memory, which must stay within
 * the limits that hold for any input. This very program, started again as `corpus_limits checker`, is the checker.
 *
 *     corpus_limits
 *
 * A sanitizer multiplies both; built with one, only the checker's own limits must hold. Exit code 1 when a limit is
 * missed or a sample gets no answer. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/xml.h"
#include "signer/checker.h"
#include "signer/checker_sandbox.h"
#include "signer/signer_text.h"
#include "tests/soak/corpus.h"

static const double CPU_SECONDS = 2;
enum { ANON_KIB = 64 << 10, LOOK_EVERY_NS = 200000 };

static struct {
    struct checker_pool *pool;
    _Atomic pid_t checker;
    /* the watcher's: the most so far for this sample */
    atomic_long anon_kib;
    atomic_bool done;
    double worst_cpu;
    long worst_kib;
    size_t samples, missed;
} world;

/* The only child of a process. */
static pid_t child_of(pid_t parent)
{
    char path[64];
    int pid = 0;
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *children = fopen(path, "re");
    if (children && fscanf(children, "%d", &pid) != 1)
        pid = 0;
    if (children)
        fclose(children);
    return pid;
}

static long anonymous_kib(pid_t pid)
{
    char path[64], text[256];
    long kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "re");
    while (status && fgets(text, sizeof(text), status))
        if (strncmp(text, "RssAnon:", 8) == 0)
            kib = strtol(text + 8, NULL, 10);
    if (status)
        fclose(status);
    return kib;
}

static void *watch(void *unused)
{
    (void)unused;
    while (!atomic_load(&world.done)) {
        pid_t copy = child_of(world.checker); /* the one that looks at the sample */
        long kib = copy ? anonymous_kib(copy) : 0;
        if (kib > atomic_load(&world.anon_kib))
            atomic_store(&world.anon_kib, kib);
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
    }
    return NULL;
}

static bool answered(const struct verdict *verdict)
{
    static const struct text *const silent[] = {&TEXT_CHECK_DEADLINE, &TEXT_CHECK_DIED, &TEXT_CHECK_NONSENSE,
                                                &TEXT_CHECK_MEMORY};
    for (size_t i = 0; i < verdict->reason_count; i++)
        for (size_t k = 0; k < COUNT_OF(silent); k++)
            if (verdict->reasons[i].text == silent[k])
                return false;
    return true;
}

static void look_at(const struct sample *sample)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(buffer_span(&sample->bytes));
    int64_t cpu_us = 0;
    world.checker = child_of(getpid());
    atomic_store(&world.anon_kib, anonymous_kib(world.checker));
    bool looked = checker_check(
        world.pool, &(struct checker_job){.document = &document, .ret_cpu_us = &cpu_us}, &verdict, &err);
    bool silent = looked && !answered(&verdict);
    double cpu = silent ? 0 : (double)cpu_us * 1e-6;
    long kib = atomic_load(&world.anon_kib);
    bool kept = !silent && (!checker_memory_can_be_limited() || (cpu <= CPU_SECONDS && kib <= ANON_KIB));
    if (!kept)
        printf("%s: %.2f s of CPU, %.1f MiB%s%s\n", sample->name, cpu, (double)kib / 1024,
               silent ? ", no answer: " : "", silent ? verdict.reasons[0].text->name : "");
    world.samples++;
    world.missed += !kept;
    world.worst_cpu = cpu > world.worst_cpu ? cpu : world.worst_cpu;
    world.worst_kib = kib > world.worst_kib ? kib : world.worst_kib;
}

static void look_at_all(struct corpus *corpus)
{
    while (true) {
        struct sample sample CLEANUP(sample_clear) = {0};
        if (!corpus_next(corpus, &sample))
            return;
        look_at(&sample);
    }
}

/* One short document: the checker is there and has what it needs. */
static void warm(void)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(SPAN_LITERAL("<KetQua/>"));
    if (!checker_check(world.pool, &(struct checker_job){.document = &document}, &verdict, &err))
        abort();
    world.checker = child_of(getpid());
}

int main(int argc, char **argv)
{
    struct corpus corpus CLEANUP(corpus_close) = {0};
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    pthread_t watcher;
    xml_init();
    if (argc == 2 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    if (!corpus_open(&corpus))
        return 0;
    if (!trust_load(NULL, 0, &trust, &err)
        || !checker_pool_open(&(struct checker_settings){.count = 1, .trust = trust}, &world.pool, &err))
        abort();
    warm();
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        abort();
    look_at_all(&corpus);
    atomic_store(&world.done, true);
    pthread_join(watcher, NULL);
    checker_pool_close(&world.pool);
    printf("%zu samples, %zu missed a limit; at most %.3f s of CPU and %.1f MiB of anonymous memory%s\n",
           world.samples, world.missed, world.worst_cpu, (double)world.worst_kib / 1024,
           checker_memory_can_be_limited() ? "" : " (a sanitizer's too)");
    return world.missed > 0;
}
