/* How many documents a second the store accepts, each answered after its commit is on the disk, beside what the disk does
 * alone: one append of 4 KB and one fdatasync after the other. Then how many go from there to their receivers' mailboxes.
 *
 *     bench_store [SECONDS]      each line runs that long (1 unless named), in a directory under /var/tmp */
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>

#include "exchange/passage.h"
#include "tests/store_fixture.h"

static double seconds = 1;

static double raw_fsyncs(const char *directory)
{
    char path[96];
    static const char page[4096];
    size_t count = 0;
    snprintf(path, sizeof(path), "%s/raw", directory);
    int fd CLEANUP(fd_close) = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int64_t begin = clock_monotonic_ms(), end = begin + (int64_t)(seconds * 1000);
    while (clock_monotonic_ms() < end && write(fd, page, sizeof(page)) == sizeof(page) && fdatasync(fd) == 0)
        count++;
    return (double)count * 1000 / (double)(clock_monotonic_ms() - begin);
}

struct sender {
    struct store *store;
    int number, callers;
    int64_t end;
    size_t accepted;
};

static void *send_on(void *context)
{
    struct sender *sender = context;
    while (clock_monotonic_ms() < sender->end) {
        char id[48];
        struct receipt receipt;
        struct error err = {0};
        snprintf(id, sizeof(id), "%d.%d.%zu", sender->callers, sender->number, sender->accepted);
        struct words words = {.channel = CHANNEL_API,
                              .from = "H99.05",
                              .document_id = id,
                              .text = id,
                              .repeat_key = id,
                              .to = {"G98", "H98", "H97"}};
        if (!accept_words(sender->store, &words, &receipt, &err))
            exit(70);
        sender->accepted++;
    }
    return NULL;
}

static double accepts(struct store *store, int callers)
{
    pthread_t threads[256];
    struct sender senders[256];
    size_t accepted = 0;
    int64_t begin = clock_monotonic_ms();
    for (int i = 0; i < callers; i++) {
        senders[i] = (struct sender){store, i, callers, begin + (int64_t)(seconds * 1000), 0};
        if (pthread_create(&threads[i], NULL, send_on, &senders[i]) != 0)
            exit(70);
    }
    for (int i = 0; i < callers; i++) {
        pthread_join(threads[i], NULL);
        accepted += senders[i].accepted;
    }
    return (double)accepted * 1000 / (double)(clock_monotonic_ms() - begin);
}

/* Packages of a system: checked (without checkers), filed, three copies routed; each step a commit of its own. */
static double routes(struct store *store, unsigned workers)
{
    enum { DOCUMENTS = 1000 };
    struct passage *passage CLEANUP(passage_close) = NULL;
    struct store_figures figures = {0};
    struct error err = {0};
    for (int i = 0; i < DOCUMENTS; i++) {
        char id[48];
        struct receipt receipt;
        snprintf(id, sizeof(id), "w%u.%d", workers, i);
        struct words words = {.channel = CHANNEL_AXIS,
                              .from = "H99.05",
                              .document_id = id,
                              .text = id,
                              .to = {"G98", "H98", "H97"}};
        if (!accept_words(store, &words, &receipt, &err))
            exit(70);
    }
    int64_t begin = clock_monotonic_ms();
    if (!passage_open(&(struct passage_settings){.store = store}, &passage, &err)
        || !passage_start(passage, workers, &err))
        exit(70);
    do {
        usleep(1000);
        if (!store_figures(store, &figures, &err))
            exit(70);
    } while (figures.stages[STAGE_ARRIVED] + figures.stages[STAGE_CHECKED] + figures.stages[STAGE_FILED] > 0);
    return (double)DOCUMENTS * 1000 / (double)(clock_monotonic_ms() - begin);
}

static void bench_accepts(struct fixture *fixture)
{
    static const int callers[] = {1, 8, 32, 128};
    printf("%-28s %12s %12s %8s\n", "document, 3 copies, durable", "accepts/s", "fdatasync/s", "ratio");
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        double disk = raw_fsyncs(fixture->directory), store = accepts(fixture->store, callers[i]);
        printf("%17d caller(s) %12.0f %12.0f %8.2f\n", callers[i], store, disk, store / disk);
    }
}

static void bench_routes(struct store *store)
{
    static const unsigned workers[] = {1, 4, 16};
    printf("%-28s %12s\n", "package to three mailboxes", "routed/s");
    for (size_t i = 0; i < COUNT_OF(workers); i++)
        printf("%17u worker(s) %12.0f\n", workers[i], routes(store, workers[i]));
}

int main(int argc, char **argv)
{
    struct fixture fixture = {.directory = "/var/tmp/vanthu-bench-XXXXXX"};
    if (argc > 1)
        seconds = atof(argv[1]);
    if (!mkdtemp(fixture.directory))
        return 70;
    fixture_reopen(&fixture);
    register_agency(fixture.store, "00.98.W00", "G98");
    register_agency(fixture.store, "00.98.W00", "H98");
    register_agency(fixture.store, "00.98.W00", "H97");
    bench_routes(fixture.store);
    bench_accepts(&fixture);
    store_close(&fixture.store);
    return nftw(fixture.directory, fixture_remove, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 70;
}
