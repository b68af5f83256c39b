/* How many documents a second the store accepts, each answered after its commit is on the disk, beside what the disk does
 * alone: one append of 4 KB and one fdatasync after the other.
 *
 *     bench_store [SECONDS]      each line runs that long (1 unless named), in a directory under /var/tmp */
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>

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

int main(int argc, char **argv)
{
    static const int callers[] = {1, 8, 32, 128};
    struct fixture fixture = {.directory = "/var/tmp/vanthu-bench-XXXXXX"};
    struct fixture *state = &fixture;
    if (argc > 1)
        seconds = atof(argv[1]);
    if (!mkdtemp(fixture.directory))
        return 70;
    fixture_reopen(&fixture);
    printf("%-28s %12s %12s %8s\n", "document, 3 copies, durable", "accepts/s", "fdatasync/s", "ratio");
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        double disk = raw_fsyncs(fixture.directory), store = accepts(fixture.store, callers[i]);
        printf("%17d caller(s) %12.0f %12.0f %8.2f\n", callers[i], store, disk, store / disk);
    }
    store_close(&state->store);
    return nftw(fixture.directory, fixture_remove, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 70;
}
