/* Revocation data that were fetched, kept as files of one directory that processes share: the service, and every
 * command. What is read is compared with the digest that was written, and forgotten when it differs; what is written
 * appears whole or not at all. A failure is remembered for a while too. While one fetches, all others that want
 * the same wait, in this process and in others. A directory that cannot be used is none: everything works
 * without, and slower. Any thread may call. */
#pragma once

#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"

struct revocation_cache;

struct revocation_cache_settings {
    const char *directory; /* made when it is not there; NULL: nothing is kept */
    uint64_t limit;        /* bytes of all files; the oldest give way; 0: REVOCATION_CACHE_LIMIT */
    const struct clock *clock;
};

enum {
    REVOCATION_CACHE_LIMIT = 256 << 20,
    REVOCATION_CACHE_ITEM_MAX = 16 << 20,
    REVOCATION_CACHE_FAILED_MS = 60 * 1000 /* a failure is remembered */
};

bool revocation_cache_open(const struct revocation_cache_settings *settings,
                           struct revocation_cache **ret_cache, struct error *err) MUST_USE;
void revocation_cache_close(struct revocation_cache **cache);

struct revocation_key {
    uint8_t bytes[SHA256_SIZE];
};
/* What is asked where: a kind of thing (enum wanted_kind), an address, and for OCSP the CertID. Any certificate names an
 * address of a list as one of its issuer's certificate: that there is none says nothing about the list. */
struct revocation_key revocation_key_of(unsigned kind, const char *url, struct span cert_id);

enum revocation_cached {
    REVOCATION_CACHED_NONE,
    REVOCATION_CACHED_FRESH,
    REVOCATION_CACHED_OLD,   /* past its time; better than nothing */
    REVOCATION_CACHED_FAILED /* fetching it failed a moment ago */
};
/* Appends to ret_bytes what is there, fresh or old. ret_stored_ms: when it was put there; may be NULL. */
enum revocation_cached revocation_cache_read(struct revocation_cache *cache, const struct revocation_key *key,
                                             struct buffer *ret_bytes, int64_t *ret_stored_ms);
/* Keeps it; fresh until then. */
void revocation_cache_write(struct revocation_cache *cache, const struct revocation_key *key,
                            struct span bytes, int64_t until_ms);
/* Notes that it could not be had; what is there, old as it may be, stays. */
void revocation_cache_fail(struct revocation_cache *cache, const struct revocation_key *key);

/* The right to fetch: false when somebody else still does at that time (of clock_monotonic_ms). */
struct revocation_turn {
    struct revocation_cache *cache;
    struct revocation_key key;
    int fd;
    bool held;
};
bool revocation_turn_take(struct revocation_cache *cache, const struct revocation_key *key, int64_t until_ms,
                          struct revocation_turn *ret_turn) MUST_USE;
void revocation_turn_end(struct revocation_turn *turn);
