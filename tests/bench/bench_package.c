/* Making and opening a package of one large PDF, beside what nobody can go below: one pass of base64, SHA-256 and writing the same
 * bytes, in the same run. A table; exit 1 when slower than the least share of that, or when it takes more anonymous memory.
 *
 *     bench_package [MEGABYTES [DIRECTORY]] */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/xml.h"
#include "exchange/package.h"

enum {
    MEGABYTES = 1024,
    STEP = 192 << 10, /* bytes at a time: a multiple of 3 and of 4 */
    MEMORY_MOST = 64, /* MiB of anonymous memory */
    LEAST_SHARE = 70, /* percent of the yardstick's speed */
    ROUNDS = 3,       /* the fastest counts: the disk has moods */
};

static char directory[256];

static void die(const char *what)
{
    fprintf(stderr, "bench_package: %s: %s\n", what, strerror(errno));
    exit(70);
}

static const char *in(const char *name)
{
    static char paths[4][320];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
    return path;
}

/* --- memory: the greatest RssAnon that a second thread has seen --- */

static atomic_long anonymous_most;
static atomic_bool watching;

static long anonymous_now(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof(line), status))
        if (sscanf(line, "RssAnon: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

static void *watch(void *nothing)
{
    (void)nothing;
    while (watching) {
        long now = anonymous_now();
        if (now > anonymous_most)
            anonymous_most = now;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    return NULL;
}

/* --- what is measured --- */

static int open_new(const char *path)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        die(path);
    return fd;
}

static void write_whole(int fd, const void *bytes, size_t size)
{
    struct error err = {0};
    if (!fd_write_all(fd, span_of(bytes, size), &err))
        die("write");
}

static void flush(int fd)
{
    if (fdatasync(fd) != 0)
        die("fdatasync");
    close(fd);
}

static void make_input(size_t megabytes)
{
    static uint8_t chunk[1 << 20];
    int fd = open_new(in("cong-van.pdf"));
    for (size_t i = 0; i < megabytes; i++) {
        random_bytes(chunk, sizeof(chunk));
        if (i == 0)
            memcpy(chunk, "%PDF-1.7\n", sizeof("%PDF-1.7\n"));
        write_whole(fd, chunk, sizeof(chunk));
    }
    flush(fd);
    static const char header[] =
        "{\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"}],\"number\":\"1\",\"notation\":\"STN\","
        "\"date\":\"2025-06-02\",\"subject\":\"V/v\"}";
    fd = open_new(in("header"));
    write_whole(fd, header, sizeof(header) - 1);
    flush(fd);
}

/* Reads `from`, digests, codes one way or the other, writes `to`. */
static void yardstick(const char *from, const char *to, bool decode)
{
    static uint8_t raw[STEP + 4];
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    struct buffer out CLEANUP(buffer_clear) = {0};
    struct base64_decoder decoder = {0};
    int input = open(from, O_RDONLY | O_CLOEXEC), output = open_new(to);
    ssize_t got;
    while ((got = read(input, raw, STEP)) > 0) {
        out.size = 0;
        if (decode) {
            uint8_t *room = buffer_reserve(&out, STEP);
            out.size = room ? base64_decode(&decoder, span_of(raw, (size_t)got), room) : 0;
        } else {
            base64_append(&out, span_of(raw, (size_t)got));
        }
        digest_add(digest, decode ? buffer_span(&out) : span_of(raw, (size_t)got));
        write_whole(output, out.data, out.size);
    }
    digest_finish(digest);
    close(input);
    flush(output);
}

static void yardstick_make(void)
{
    yardstick(in("cong-van.pdf"), in("coded"), false);
}

static void yardstick_open(void)
{
    yardstick(in("coded"), in("decoded"), true);
}

static void make(void)
{
    const char *path = in("cong-van.pdf");
    struct error err = {0};
    struct sink sink = sink_fd(open_new(in("cong-van.edxml")));
    if (!package_make(in("header"), &path, 1, &clock_system, &sink, NULL, &err))
        die(err.text->name);
    flush(sink.fd);
}

static void open_it(void)
{
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    if (!package_open_file(in("cong-van.edxml"), in("opened"), true, NULL, &package, &err))
        die(err.text->name);
}

/* Seconds on the clock, and seconds of processor. */
struct spent {
    double wall, processor;
};

static double processor_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct spent measure(void (*run)(void))
{
    int64_t began = clock_monotonic_ms();
    double processor = processor_now();
    run();
    return (struct spent){(double)(clock_monotonic_ms() - began) / 1000, processor_now() - processor};
}

static struct spent measure_watched(void (*run)(void))
{
    pthread_t watcher;
    anonymous_most = 0;
    watching = true;
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        die("pthread_create");
    struct spent spent = measure(run);
    watching = false;
    pthread_join(watcher, NULL);
    return spent;
}

/* --- the table --- */

struct measured {
    const char *name;
    void (*yardstick)(void), (*run)(void);
    const char *yardstick_writes, *run_writes;
};

static struct spent least_of(struct spent a, struct spent b)
{
    return (struct spent){a.wall < b.wall ? a.wall : b.wall,
                          a.processor < b.processor ? a.processor : b.processor};
}

static bool report(const struct measured *measured, size_t megabytes)
{
    struct spent least = {1e9, 1e9}, ours = least;
    long memory = 0;
    for (int i = 0; i < ROUNDS; i++) {
        unlink(in(measured->yardstick_writes)); /* both begin with memory that the other has given back */
        least = least_of(least, measure(measured->yardstick));
        unlink(in(measured->run_writes));
        ours = least_of(ours, measure_watched(measured->run));
        memory = anonymous_most > memory ? anonymous_most : memory;
    }
    double share = 100 * least.wall / ours.wall, anonymous = (double)memory / 1024;
    bool good = share >= LEAST_SHARE && anonymous <= MEMORY_MOST;
    printf("%-14s %8.0f MB/s %8.0f MB/s %6.0f %% %9.0f %% %9.1f MiB   %s\n", measured->name,
           (double)megabytes / least.wall, (double)megabytes / ours.wall, share,
           100 * least.processor / ours.processor, anonymous, good ? "" : "MISSED");
    fflush(stdout);
    return good;
}

static void clean(void)
{
    static const char *const names[] = {"cong-van.pdf",      "header",         "coded",
                                        "decoded",           "cong-van.edxml", "opened/cong-van.pdf",
                                        "opened/header.json"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unlink(in(names[i]));
    rmdir(in("opened"));
    rmdir(directory);
}

int main(int argc, char **argv)
{
    static const struct measured rows[] = {
        {"package make", yardstick_make, make, "coded", "cong-van.edxml"},
        {"package open", yardstick_open, open_it, "decoded", "opened/cong-van.pdf"},
    };
    size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : MEGABYTES;
    snprintf(directory, sizeof(directory), "%s/bench_package.XXXXXX", argc > 2 ? argv[2] : "/var/tmp");
    if (megabytes == 0 || !mkdtemp(directory))
        die("usage: bench_package [MEGABYTES [DIRECTORY]]");
    xml_init();
    make_input(megabytes);
    printf("%zu MB, best of %d; base64 + SHA-256 + write beside vanthu; least %d %%, most %d MiB\n",
           megabytes, ROUNDS, LEAST_SHARE, MEMORY_MOST);
    printf("%-14s %13s %13s %8s %11s %13s\n", "", "yardstick", "vanthu", "share", "processor", "anonymous");
    bool good = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        good &= report(&rows[i], megabytes);
    clean();
    return good ? 0 : 1;
}
