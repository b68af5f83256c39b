/* Every sample of the corpus, cut short at every fiftieth of its length and with a hundred single bytes changed: no
 * crash, no input that takes long, and nothing passes that did not pass before. The anchors are the self-signed
 * certificates found in the sample, the time is that of its signatures, and no algorithm is too old, so that honest
 * samples can pass.
 *
 *     corpus_mutations [SAMPLE]      only the samples whose name begins so
 *
 * VANTHU_SOAK=1: every mutation; else a seeded share of them. VANTHU_SEED: another choice (1). The child that looks is
 * replaced when it dies; what it died of is named and kept in BUILD_DIR/soak. Exit code 1 when anything was found. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "base/xml.h"
#include "signer/checker_sandbox.h"
#include "signer/policy.h"
#include "tests/soak/corpus.h"

enum {
    CUTS = 50,
    CHANGES = 100,
    SHARE_PERCENT = 2,
    CPU_SECONDS = 2,
    SLOWER = 10, /* with a sanitizer */
    HANG_SECONDS = 60
};

/* What the child is at, and what it counted: shared with the parent, who reads it when the child has died. */
struct progress {
    size_t samples; /* begun */
    size_t inputs, passing;
    size_t found;
    char name[SAMPLE_MAX_NAME];
    char what[96];
    size_t size;
};

static struct {
    struct progress *progress;
    uint8_t *input; /* shared too: what the child is looking at */
    struct policy policy;
    bool all;
    uint64_t seed, state;
    const char *only;
} world;

enum { LARGEST_INPUT = 64 << 20 };

/* libxmlsec1 1.2 loses 24 bytes when the text of a base64 transform is no base64: its output buffer is not freed when
 * closing it fails. It carries no symbols for that function. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libxmlsec1.so";
}

/* splitmix64 */
static uint64_t chance(void)
{
    uint64_t z = world.state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void begin_chance(const char *name)
{
    world.state = world.seed;
    for (; *name; name++)
        world.state = (world.state ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
}

static bool taken(void)
{
    return chance() % 100 < SHARE_PERCENT || world.all;
}

static void keep_input(void)
{
    char path[SAMPLE_MAX_NAME + 64];
    mkdir(BUILD_DIR "/soak", 0755);
    snprintf(path, sizeof(path), BUILD_DIR "/soak/found-%zu", world.progress->found++);
    FILE *file = fopen(path, "we");
    if (!file)
        return;
    fwrite(world.input, 1, world.progress->size, file);
    fclose(file);
    printf("    kept as %s\n", path);
}

static void found(const char *why)
{
    printf("%s, %s: %s\n", world.progress->name, world.progress->what, why);
    keep_input();
    fflush(stdout);
}

static double cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Ends us (SIGPROF) after so much CPU time; 0: not at all. */
static void set_timer(int seconds)
{
    const struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

/* Looks at `size` bytes of the input, an exact copy so that a sanitizer sees a read past its end. */
static bool look(const struct verification *how, struct verdict *ret_verdict)
{
    struct error err = {0};
    struct buffer exact CLEANUP(buffer_clear) = {0};
    buffer_append(&exact, span_of(world.input, world.progress->size));
    struct source document = source_of(buffer_span(&exact));
    double begun = cpu();
    set_timer(HANG_SECONDS);
    world.progress->inputs++;
    bool looked = verifier_check(how, &document, ret_verdict, &err);
    set_timer(0);
    if (cpu() - begun > CPU_SECONDS * (checker_memory_can_be_limited() ? 1 : SLOWER))
        found("takes too long");
    return looked;
}

static size_t passed(const struct verification *how)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    size_t count = 0;
    if (!look(how, &verdict))
        return 0;
    for (size_t i = 0; i < verdict.count; i++)
        count += verdict.findings[i].indication == TOTAL_PASSED;
    return count;
}

/* When the sample's signatures were made, as far as they say. */
static int64_t signed_at(const struct verification *how)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    int64_t latest = 0;
    if (!look(how, &verdict))
        return 0;
    for (size_t i = 0; i < verdict.count; i++)
        if (verdict.findings[i].claimed_time_ms > latest)
            latest = verdict.findings[i].claimed_time_ms;
    return latest;
}

static void input_is(struct span bytes, const char *what)
{
    memcpy(world.input, bytes.data, bytes.size);
    world.progress->size = bytes.size;
    snprintf(world.progress->what, sizeof(world.progress->what), "%s", what);
}

static void cut(const struct verification *how, size_t before)
{
    size_t whole = world.progress->size;
    for (size_t i = 0; i < CUTS; i++) {
        if (!taken())
            continue;
        world.progress->size = whole * i / CUTS;
        snprintf(world.progress->what, sizeof(world.progress->what), "cut to %zu bytes",
                 world.progress->size);
        if (passed(how) > before)
            found("passes, and the whole does not");
    }
    world.progress->size = whole;
}

static void change(const struct verification *how, size_t before)
{
    for (size_t i = 0; i < CHANGES && world.progress->size > 0; i++) {
        size_t at = chance() % world.progress->size;
        uint8_t was = world.input[at];
        uint8_t is = (uint8_t)(was ^ (1 + chance() % 255));
        if (!taken())
            continue;
        world.input[at] = is;
        snprintf(world.progress->what, sizeof(world.progress->what), "byte %zu is %02x instead of %02x", at,
                 is, was);
        if (passed(how) > before)
            found("passes, and unchanged it does not");
        world.input[at] = was;
    }
}

static void look_at_sample(const struct sample *sample)
{
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct verification how = {
        .policy = &world.policy, .detached = sample->beside, .detached_count = sample->beside_count};
    if (sample->bytes.size > LARGEST_INPUT)
        return;
    begin_chance(sample->name);
    input_is(buffer_span(&sample->bytes), "unchanged");
    how.at_ms = signed_at(&how);
    how.trust = trust = sample_trust(sample);
    size_t before = passed(&how);
    world.progress->passing += before > 0;
    cut(&how, before);
    change(&how, before);
}

/* From the sample behind those that were begun. */
static void look_at_rest(void)
{
    struct corpus corpus CLEANUP(corpus_close) = {0};
    size_t number = 0;
    if (!corpus_open(&corpus))
        return;
    while (true) {
        struct sample sample CLEANUP(sample_clear) = {0};
        if (!corpus_next(&corpus, &sample))
            return;
        if (number++ < world.progress->samples)
            continue;
        world.progress->samples = number;
        if (strncmp(sample.name, world.only, strlen(world.only)) != 0)
            continue;
        snprintf(world.progress->name, sizeof(world.progress->name), "%s", sample.name);
        look_at_sample(&sample);
    }
}

/* True when the child came to the end of the corpus. */
static bool child_ends_well(void)
{
    int status = 0;
    char why[64];
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        look_at_rest();
        world.progress->name[0] = '\0';
        exit(0); /* a sanitizer looks for leaks now */
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    if (status == 0)
        return true;
    if (!world.progress->name[0]) {
        printf("the end: what was reported above\n");
        world.progress->found++;
        return true;
    }
    snprintf(why, sizeof(why), WIFSIGNALED(status) ? "killed by signal %d" : "exit code %d",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    found(why);
    return false;
}

static void make_policy(void)
{
    world.policy = *policy_default();
    for (size_t i = 0; i < world.policy.algorithm_count; i++)
        world.policy.algorithms[i].until_ms = INT64_MAX;
}

static void *shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

int main(int argc, char **argv)
{
    const char *seed = getenv("VANTHU_SEED");
    const char *all = getenv("VANTHU_SOAK");
    world.progress = shared(sizeof(*world.progress));
    world.input = shared(LARGEST_INPUT);
    world.seed = seed ? strtoull(seed, NULL, 10) : 1;
    world.all = all && strcmp(all, "1") == 0;
    world.only = argc > 1 ? argv[1] : "";
    xml_init();
    make_policy();
    while (!child_ends_well()) {
    }
    printf("%zu samples, %zu of them pass with their own anchors; %zu inputs, %zu findings (seed %llu)\n",
           world.progress->samples, world.progress->passing, world.progress->inputs, world.progress->found,
           (unsigned long long)world.seed);
    return world.progress->found > 0;
}
