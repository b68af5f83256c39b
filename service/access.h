/* Who may do what. Callers of /api/v1 bring a bearer token: 256 random bits whose SHA-256 alone is stored. A token lists its
 * rights, the keys it may use and the agencies it may send for; it has none by default. Anybody may ask the public pages, so often per
 * minute and address. Secrets of axis systems are here too. Read-only after access_open but for the counters, which lock themselves. */
#pragma once

#include "service/http.h"
#include "service/service_settings.h"

enum right { RIGHT_SIGN = 1, RIGHT_VERIFY = 2, RIGHT_SUBMIT = 4, RIGHT_READ = 8 };

struct caller {
    const char *name;
    unsigned rights;
    const char *const *keys, *const *agencies;
    uint8_t hash[SHA256_SIZE];
};

struct axis_system {
    const struct system_section *settings;
    struct buffer secret;
};

struct access;
bool access_open(const struct service_settings *settings, struct access **ret_access, struct error *err)
    MUST_USE;
void access_close(struct access **access);

/* For a route's admit: finds the caller of the bearer token and demands the right. UNAUTHENTICATED, FORBIDDEN. */
bool access_require(struct access *access, struct http_request *request, enum right right, struct error *err)
    MUST_USE;
/* Whether the caller's token lists the key; FORBIDDEN. */
bool access_key(const struct caller *caller, const char *key_uri, struct error *err) MUST_USE;
bool access_agency(const struct caller *caller, const char *code);
/* NULL when there is none. */
const struct axis_system *access_system(const struct access *access, const char *system_id);

/* One more question from that address: false when it has asked too often this minute (BUSY with HTTP 429). */
bool access_public(struct access *access, const char *address, int64_t now_ms, struct error *err) MUST_USE;
