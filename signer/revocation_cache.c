#include "signer/revocation_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/base_text.h"
#include "base/sink.h"

enum {
    KIND_BYTES = 0,
    KIND_FAILURE = 1,
    HEAD_SIZE = 6 + 1 + 8 + 8 + SHA256_SIZE + 4,
    FILE_MAX = HEAD_SIZE + REVOCATION_CACHE_ITEM_MAX + SHA256_SIZE,
    MAX_TURNS = 64,     /* fetches of this process under way */
    POLL_MS = 20,       /* between two looks at another process's lock */
    LEFT_OVER_S = 3600, /* a temporary file this old belongs to nobody any more */
    MAX_FILES = 65536,
    DIRECTORY_MODE = 0700
};

#define MAGIC SPAN_LITERAL("VTREV1")
#define SUFFIX ".rev"
#define FAILURE_SUFFIX ".away"

struct revocation_cache {
    /* set by revocation_cache_open, never changed */
    char *directory; /* NULL: nothing is kept */
    uint64_t limit;
    struct clock clock;
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct revocation_key turns[MAX_TURNS];
    size_t turn_count;
};

/* ---- opening */

/* Like mkdir -p; what cannot be made is found out when it is used. */
static void make_directories(const char *path)
{
    char *copy CLEANUP(free_clear) = strdup(path);
    for (char *at = copy ? strchr(copy + 1, '/') : NULL; at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(copy, DIRECTORY_MODE);
        *at = '/';
    }
    mkdir(path, DIRECTORY_MODE);
}

bool revocation_cache_open(const struct revocation_cache_settings *settings,
                           struct revocation_cache **ret_cache, struct error *err)
{
    struct revocation_cache *cache = calloc(1, sizeof(*cache));
    if (!cache)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    cache->limit = settings->limit ? settings->limit : REVOCATION_CACHE_LIMIT;
    cache->clock = settings->clock ? *settings->clock : clock_system;
    cache->directory = settings->directory ? strdup(settings->directory) : NULL;
    if (settings->directory && !cache->directory) {
        revocation_cache_close(&cache);
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    if (cache->directory)
        make_directories(cache->directory);
    *ret_cache = cache;
    return true;
}

void revocation_cache_close(struct revocation_cache **cache)
{
    if (!*cache)
        return;
    pthread_mutex_destroy(&(*cache)->lock);
    pthread_cond_destroy(&(*cache)->ended);
    free((*cache)->directory);
    free(*cache);
    *cache = NULL;
}

struct revocation_key revocation_key_of(unsigned kind, const char *url, struct span cert_id)
{
    struct revocation_key key;
    struct digest_value value;
    struct digest *digest = digest_new(DIGEST_SHA256);
    const uint8_t of_kind = (uint8_t)kind;
    digest_add(digest, span_of(&of_kind, sizeof(of_kind)));
    digest_add(digest, span_of(url, strlen(url) + 1)); /* its end too, so that nothing flows into the other */
    digest_add(digest, cert_id);
    value = digest_finish(digest);
    digest_free(&digest);
    memcpy(key.bytes, value.bytes, sizeof(key.bytes));
    return key;
}

static char *path_of(const struct revocation_cache *cache, const struct revocation_key *key,
                     const char *suffix)
{
    char name[SHA256_HEX_SIZE], *path = NULL;
    hex_text(span_of(key->bytes, sizeof(key->bytes)), name);
    return cache->directory && asprintf(&path, "%s/%s%s", cache->directory, name, suffix) >= 0 ? path : NULL;
}

/* ---- one file: magic, kind, when it was stored, until when it is fresh, key, bytes, digest of all that */

static void write_item(const struct revocation_key *key, unsigned kind, int64_t stored_ms, int64_t until_ms,
                       struct span bytes, struct buffer *ret_file)
{
    buffer_append(ret_file, MAGIC);
    buffer_u8(ret_file, (uint8_t)kind);
    buffer_u64(ret_file, (uint64_t)stored_ms);
    buffer_u64(ret_file, (uint64_t)until_ms);
    buffer_append(ret_file, span_of(key->bytes, sizeof(key->bytes)));
    buffer_sized(ret_file, bytes);
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(ret_file));
    buffer_append(ret_file, digest_span(&digest));
}

struct item {
    unsigned kind;
    int64_t stored_ms, until_ms;
    struct span bytes;
};

static bool read_item(struct span file, const struct revocation_key *key, struct item *ret_item)
{
    if (file.size < HEAD_SIZE + SHA256_SIZE)
        return false;
    struct digest_value digest = digest_of(DIGEST_SHA256, span_slice(file, 0, file.size - SHA256_SIZE));
    struct reader r = reader_of(file);
    struct span magic = read_span(&r, MAGIC.size);
    ret_item->kind = read_u8(&r);
    ret_item->stored_ms = (int64_t)read_u64(&r);
    ret_item->until_ms = (int64_t)read_u64(&r);
    struct span about = read_span(&r, SHA256_SIZE);
    ret_item->bytes = read_sized(&r, REVOCATION_CACHE_ITEM_MAX);
    struct span said = read_span(&r, SHA256_SIZE);
    return !r.failed && r.left.size == 0 && span_equal(magic, MAGIC) && ret_item->kind <= KIND_FAILURE
           && span_equal(about, span_of(key->bytes, SHA256_SIZE)) && span_equal(said, digest_span(&digest));
}

/* What is damaged, or was put there by a stranger's hand, goes. */
static bool load(struct revocation_cache *cache, const struct revocation_key *key, const char *suffix,
                 struct buffer *file, struct item *ret_item)
{
    struct error unreadable = {0};
    char *path CLEANUP(free_clear) = path_of(cache, key, suffix);
    if (!path || !file_read(path, FILE_MAX, file, &unreadable))
        return false;
    if (read_item(buffer_span(file), key, ret_item))
        return true;
    unlink(path);
    return false;
}

enum revocation_cached revocation_cache_read(struct revocation_cache *cache, const struct revocation_key *key,
                                             struct buffer *ret_bytes, int64_t *ret_stored_ms)
{
    struct buffer file CLEANUP(buffer_clear) = {0}, failure CLEANUP(buffer_clear) = {0};
    struct item item, failed;
    int64_t now_ms = clock_now_ms(&cache->clock);
    bool there = load(cache, key, SUFFIX, &file, &item) && item.kind == KIND_BYTES;
    if (there && item.until_ms > now_ms && item.stored_ms <= now_ms) {
        buffer_append(ret_bytes, item.bytes);
        if (ret_stored_ms)
            *ret_stored_ms = item.stored_ms;
        return REVOCATION_CACHED_FRESH;
    }
    if (there) {
        buffer_append(ret_bytes, item.bytes);
        if (ret_stored_ms)
            *ret_stored_ms = item.stored_ms;
    }
    if (load(cache, key, FAILURE_SUFFIX, &failure, &failed) && failed.kind == KIND_FAILURE
        && failed.until_ms > now_ms && failed.stored_ms <= now_ms)
        return REVOCATION_CACHED_FAILED;
    return there ? REVOCATION_CACHED_OLD : REVOCATION_CACHED_NONE;
}

/* ---- keeping within the limit */

struct kept {
    char name[256];
    struct timespec changed;
    uint64_t size;
};

static int oldest_first(const void *a, const void *b)
{
    const struct kept *left = a, *right = b;
    if (left->changed.tv_sec != right->changed.tv_sec)
        return left->changed.tv_sec < right->changed.tv_sec ? -1 : 1;
    return (left->changed.tv_nsec > right->changed.tv_nsec)
           - (left->changed.tv_nsec < right->changed.tv_nsec);
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t size = strlen(name), end = strlen(suffix);
    return size >= end && strcmp(name + size - end, suffix) == 0;
}

/* Our files of the directory; what a killed process has left behind goes at once. */
static size_t list_files(int directory, DIR *entries, struct kept **ret_files)
{
    struct kept *files = NULL;
    size_t count = 0, room = 0;
    for (const struct dirent *entry; (entry = readdir(entries)) && count < MAX_FILES;) {
        struct stat about;
        bool ours = ends_in(entry->d_name, SUFFIX) || ends_in(entry->d_name, FAILURE_SUFFIX);
        bool left_over = ends_in(entry->d_name, ".tmp");
        if ((!ours && !left_over) || fstatat(directory, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (left_over) {
            if (about.st_mtime + LEFT_OVER_S < time(NULL))
                unlinkat(directory, entry->d_name, 0);
            continue;
        }
        if (count == room) {
            struct kept *grown = realloc(files, (room = room ? 2 * room : 64) * sizeof(*files));
            if (!grown)
                break;
            files = grown;
        }
        files[count] = (struct kept){.changed = about.st_mtim, .size = (uint64_t)about.st_size};
        snprintf(files[count].name, sizeof(files[count].name), "%s", entry->d_name);
        count++;
    }
    *ret_files = files;
    return count;
}

static void evict(const struct revocation_cache *cache)
{
    DIR *entries = opendir(cache->directory);
    struct kept *files CLEANUP(free_clear) = NULL;
    uint64_t all = 0;
    if (!entries)
        return;
    size_t count = list_files(dirfd(entries), entries, &files);
    for (size_t i = 0; i < count; i++)
        all += files[i].size;
    if (all > cache->limit)
        qsort(files, count, sizeof(*files), oldest_first);
    for (size_t i = 0; i < count && all > cache->limit; i++)
        if (unlinkat(dirfd(entries), files[i].name, 0) == 0)
            all -= files[i].size;
    closedir(entries);
}

/* ---- writing */

static bool store(struct revocation_cache *cache, const struct revocation_key *key, const char *suffix,
                  struct span file)
{
    struct error unwritable = {0}; /* then nothing is kept, and the next one fetches again */
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    char *path CLEANUP(free_clear) = path_of(cache, key, suffix);
    return path && out_file_open(path, true, &out, &unwritable) && fd_write_all(out.fd, file, &unwritable)
           && out_file_commit(&out, &unwritable);
}

void revocation_cache_write(struct revocation_cache *cache, const struct revocation_key *key,
                            struct span bytes, int64_t until_ms)
{
    struct buffer file CLEANUP(buffer_clear) = {0};
    char *away CLEANUP(free_clear) = path_of(cache, key, FAILURE_SUFFIX);
    if (!cache->directory || bytes.size > REVOCATION_CACHE_ITEM_MAX)
        return;
    write_item(key, KIND_BYTES, clock_now_ms(&cache->clock), until_ms, bytes, &file);
    if (file.failed || !store(cache, key, SUFFIX, buffer_span(&file)))
        return;
    if (away)
        unlink(away);
    evict(cache);
}

void revocation_cache_fail(struct revocation_cache *cache, const struct revocation_key *key)
{
    struct buffer file CLEANUP(buffer_clear) = {0};
    int64_t now_ms = clock_now_ms(&cache->clock);
    if (!cache->directory)
        return;
    write_item(key, KIND_FAILURE, now_ms, now_ms + REVOCATION_CACHE_FAILED_MS, (struct span){0}, &file);
    if (!file.failed && store(cache, key, FAILURE_SUFFIX, buffer_span(&file)))
        evict(cache);
}

/* ---- turns */

static size_t find_turn(const struct revocation_cache *cache, const struct revocation_key *key)
{
    for (size_t i = 0; i < cache->turn_count; i++)
        if (memcmp(&cache->turns[i], key, sizeof(*key)) == 0)
            return i;
    return SIZE_MAX;
}

static bool take_here(struct revocation_cache *cache, const struct revocation_key *key, int64_t until_ms)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    bool late = false, taken;
    pthread_mutex_lock(&cache->lock);
    while ((find_turn(cache, key) != SIZE_MAX || cache->turn_count == MAX_TURNS) && !late)
        late = pthread_cond_timedwait(&cache->ended, &cache->lock, &until) == ETIMEDOUT;
    taken = find_turn(cache, key) == SIZE_MAX && cache->turn_count < MAX_TURNS;
    if (taken)
        cache->turns[cache->turn_count++] = *key;
    pthread_mutex_unlock(&cache->lock);
    return taken;
}

/* One file for all keys: each locks a byte of it, far out, where its digest says. Nothing is left behind. */
static bool take_there(const struct revocation_cache *cache, const struct revocation_key *key,
                       int64_t until_ms, int *ret_fd)
{
    struct reader r = reader_of(span_of(key->bytes, sizeof(key->bytes)));
    struct flock place = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)(read_u64(&r) >> 2), .l_len = 1};
    char *path CLEANUP(free_clear) = NULL;
    if (!cache->directory || asprintf(&path, "%s/turns", cache->directory) < 0) {
        path = NULL;
        return true;
    }
    int fd CLEANUP(fd_close) = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (fd >= 0 && fcntl(fd, F_OFD_SETLK, &place) != 0) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return true; /* no locks in this file system */
        if (clock_monotonic_ms() >= until_ms)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000}, NULL);
    }
    *ret_fd = fd_take(&fd);
    return true;
}

bool revocation_turn_take(struct revocation_cache *cache, const struct revocation_key *key, int64_t until_ms,
                          struct revocation_turn *ret_turn)
{
    struct revocation_turn turn = {.cache = cache, .key = *key, .fd = -1};
    if (!take_here(cache, key, until_ms))
        return false;
    turn.held = true;
    if (!take_there(cache, key, until_ms, &turn.fd)) {
        revocation_turn_end(&turn);
        return false;
    }
    *ret_turn = turn;
    return true;
}

void revocation_turn_end(struct revocation_turn *turn)
{
    if (!turn->held)
        return;
    fd_close(&turn->fd);
    pthread_mutex_lock(&turn->cache->lock);
    size_t at = find_turn(turn->cache, &turn->key);
    if (at != SIZE_MAX)
        turn->cache->turns[at] = turn->cache->turns[--turn->cache->turn_count];
    pthread_cond_broadcast(&turn->cache->ended);
    pthread_mutex_unlock(&turn->cache->lock);
    turn->held = false;
}
