/* The cache of revocation data: whole or absent, whatever happens to whoever writes; within its limit; one at a time
 * for one address. */
#include "tests/check.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utime.h>

#include "signer/revocation_cache.h"

enum { ITEM_SIZE = 300000, HOUR_MS = 3600 * 1000 };

static char directory[64];
static struct clock now = {.fixed_ms = 1741921500000};

static struct revocation_cache *open_cache(uint64_t limit)
{
    struct revocation_cache *cache = NULL;
    struct error err = {0};
    const struct revocation_cache_settings settings = {.directory = directory, .limit = limit, .clock = &now};
    assert_true(revocation_cache_open(&settings, &cache, &err));
    return cache;
}

static struct revocation_key key_of(const char *url)
{
    return revocation_key_of(0, url, (struct span){0});
}

static enum revocation_cached state_of(struct revocation_cache *cache, const char *url)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct revocation_key key = key_of(url);
    return revocation_cache_read(cache, &key, &bytes, NULL);
}

static void put(struct revocation_cache *cache, const char *url, struct span bytes)
{
    struct revocation_key key = key_of(url);
    revocation_cache_write(cache, &key, bytes, now.fixed_ms + HOUR_MS);
}

static size_t count_files(const char *suffix)
{
    DIR *entries = opendir(directory);
    size_t count = 0;
    assert_non_null(entries);
    for (const struct dirent *entry; (entry = readdir(entries));)
        count += strstr(entry->d_name, suffix) != NULL;
    closedir(entries);
    return count;
}

static void what_is_kept_grows_old_and_stays(void **state)
{
    (void)state;
    struct revocation_cache *cache = open_cache(0);
    assert_int_equal(state_of(cache, "http://a/"), REVOCATION_CACHED_NONE);
    put(cache, "http://a/", SPAN_LITERAL("list"));
    assert_int_equal(state_of(cache, "http://a/"), REVOCATION_CACHED_FRESH);
    assert_int_equal(state_of(cache, "http://b/"), REVOCATION_CACHED_NONE);
    revocation_cache_close(&cache);
    now.fixed_ms += 2 * HOUR_MS;
    cache = open_cache(0);
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct revocation_key key = key_of("http://a/");
    int64_t stored_ms = 0;
    assert_int_equal(revocation_cache_read(cache, &key, &bytes, &stored_ms), REVOCATION_CACHED_OLD);
    assert_true(span_is(buffer_span(&bytes), "list"));
    assert_int_equal(stored_ms, now.fixed_ms - 2 * HOUR_MS);
    revocation_cache_close(&cache);
}

static void a_failure_hides_nothing_and_is_forgotten(void **state)
{
    (void)state;
    struct revocation_cache *cache = open_cache(0);
    struct revocation_key key = key_of("http://c/");
    revocation_cache_fail(cache, &key);
    assert_int_equal(state_of(cache, "http://c/"), REVOCATION_CACHED_FAILED);
    put(cache, "http://c/", SPAN_LITERAL("list"));
    assert_int_equal(state_of(cache, "http://c/"), REVOCATION_CACHED_FRESH);
    revocation_cache_fail(cache, &key);
    assert_int_equal(state_of(cache, "http://c/"), REVOCATION_CACHED_FRESH);
    revocation_cache_close(&cache);
    now.fixed_ms += HOUR_MS + REVOCATION_CACHE_FAILED_MS;
    cache = open_cache(0);
    assert_int_equal(state_of(cache, "http://c/"), REVOCATION_CACHED_OLD);
    revocation_cache_close(&cache);
}

/* An address and a question never look like another address. */
static void keys_differ_where_their_parts_flow_together(void **state)
{
    (void)state;
    struct revocation_key a = revocation_key_of(0, "http://a/", SPAN_LITERAL("bc")),
                          b = revocation_key_of(0, "http://a/b", SPAN_LITERAL("c")),
                          c = revocation_key_of(0, "http://a/bc", (struct span){0}),
                          d = revocation_key_of(1, "http://a/bc", (struct span){0});
    assert_memory_not_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(&b, &c, sizeof(b));
    assert_memory_not_equal(&c, &d, sizeof(c));
}

static void the_oldest_give_way(void **state)
{
    (void)state;
    static const uint8_t waste[ITEM_SIZE];
    struct revocation_cache *cache = open_cache(4 * ITEM_SIZE);
    char url[32];
    for (int i = 0; i < 10; i++) {
        snprintf(url, sizeof(url), "http://old/%d", i);
        put(cache, url, span_of(waste, sizeof(waste)));
        usleep(5000); /* the file system's clock is coarse */
    }
    assert_true(count_files(".rev") <= 4);
    assert_int_equal(state_of(cache, "http://old/9"), REVOCATION_CACHED_FRESH);
    assert_int_equal(state_of(cache, "http://old/0"), REVOCATION_CACHED_NONE);
    revocation_cache_close(&cache);
}

static void what_a_killed_process_left_is_cleared_away(void **state)
{
    (void)state;
    char path[128];
    struct revocation_cache *cache = open_cache(0);
    snprintf(path, sizeof(path), "%s/x.rev.0123456789ab.tmp", directory);
    fclose(fopen(path, "w"));
    put(cache, "http://d/", SPAN_LITERAL("list"));
    assert_int_equal(count_files(".tmp"), 1); /* it may be somebody's at work */
    assert_int_equal(utime(path, &(struct utimbuf){1, 1}), 0);
    put(cache, "http://d/", SPAN_LITERAL("list"));
    assert_int_equal(count_files(".tmp"), 0);
    revocation_cache_close(&cache);
}

/* Writes the same address again and again until it is killed: all 'a', then all 'b'. */
static void write_for_ever(void)
{
    static uint8_t bytes[ITEM_SIZE];
    struct revocation_cache *cache = open_cache(0);
    for (int i = 0;; i++) {
        memset(bytes, 'a' + i % 2, sizeof(bytes));
        put(cache, "http://killed/", span_of(bytes, sizeof(bytes)));
    }
}

static void whoever_is_killed_while_writing_leaves_it_whole(void **state)
{
    (void)state;
    struct revocation_cache *cache = open_cache(0);
    struct revocation_key key = key_of("http://killed/");
    for (int i = 0; i < 12; i++) {
        pid_t pid = fork();
        if (pid == 0)
            write_for_ever();
        usleep(5000 + (unsigned)i * 1700);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        enum revocation_cached found = revocation_cache_read(cache, &key, &bytes, NULL);
        if (found == REVOCATION_CACHED_NONE)
            continue;
        assert_int_equal(bytes.size, ITEM_SIZE);
        for (size_t k = 1; k < bytes.size; k++)
            assert_int_equal(bytes.data[k], bytes.data[0]);
    }
    revocation_cache_close(&cache);
}

struct taking {
    struct revocation_cache *cache;
    _Atomic int inside, most;
};

static void *take_turns(void *context)
{
    struct taking *taking = context;
    struct revocation_key key = key_of("http://turns/");
    for (int i = 0; i < 10; i++) {
        struct revocation_turn turn CLEANUP(revocation_turn_end) = {.fd = -1};
        if (!revocation_turn_take(taking->cache, &key, clock_monotonic_ms() + 20000, &turn))
            return context;
        int inside = ++taking->inside;
        if (inside > taking->most)
            taking->most = inside;
        usleep(500);
        taking->inside--;
    }
    return NULL;
}

static void one_fetches_at_a_time(void **state)
{
    (void)state;
    struct taking taking = {.cache = open_cache(0)};
    pthread_t threads[6];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_create(&threads[i], NULL, take_turns, &taking);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(taking.most, 1);
    revocation_cache_close(&taking.cache);
}

/* Another process is another opening of the same directory; its end, however it comes, ends its turn. */
static void turns_hold_between_processes(void **state)
{
    (void)state;
    struct revocation_key key = key_of("http://far/"), other = key_of("http://near/");
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct revocation_turn turn;
        bool taken = revocation_turn_take(open_cache(0), &key, clock_monotonic_ms() + 1000, &turn);
        if (write(told[1], taken ? "y" : "n", 1) == 1)
            pause();
        _exit(0);
    }
    char said = 0;
    assert_int_equal(read(told[0], &said, 1), 1);
    assert_int_equal(said, 'y');
    struct revocation_cache *cache = open_cache(0);
    struct revocation_turn turn CLEANUP(revocation_turn_end) = {.fd = -1},
                                free_one CLEANUP(revocation_turn_end) = {.fd = -1};
    assert_false(revocation_turn_take(cache, &key, clock_monotonic_ms() + 100, &turn));
    assert_true(revocation_turn_take(cache, &other, clock_monotonic_ms() + 100, &free_one));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_true(revocation_turn_take(cache, &key, clock_monotonic_ms() + 1000, &turn));
    revocation_turn_end(&turn);
    revocation_turn_end(&free_one);
    revocation_cache_close(&cache);
    close(told[0]);
    close(told[1]);
}

static int start(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/revocation_cache.XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_grows_old_and_stays),
        cmocka_unit_test(a_failure_hides_nothing_and_is_forgotten),
        cmocka_unit_test(keys_differ_where_their_parts_flow_together),
        cmocka_unit_test(the_oldest_give_way),
        cmocka_unit_test(what_a_killed_process_left_is_cleared_away),
        cmocka_unit_test(whoever_is_killed_while_writing_leaves_it_whole),
        cmocka_unit_test(one_fetches_at_a_time),
        cmocka_unit_test(turns_hold_between_processes),
    };
    return cmocka_run_group_tests_name("revocation_cache", tests, start, end);
}
