#include "service/access.h"

#include <pthread.h>
#include <stdio.h>
#include <strings.h>

#include "base/base_text.h"
#include "service/service_text.h"

enum { SECRET_MAX = 4096, ADDRESSES = 4096, MINUTE_MS = 60000 };

/* How often an address asked in the current minute; a slot is shared by addresses of one hash, which errs on the strict side. */
struct counter {
    int64_t minute;
    unsigned asked;
};

struct access {
    struct caller *callers;
    size_t caller_count;
    struct axis_system *systems;
    size_t system_count;
    unsigned per_minute;
    pthread_mutex_t lock; /* of the counters */
    struct counter counters[ADDRESSES];
};

static const struct {
    const char *name;
    enum right right;
} rights[] = {{"sign", RIGHT_SIGN}, {"verify", RIGHT_VERIFY}, {"submit", RIGHT_SUBMIT}, {"read", RIGHT_READ}};

static struct span without_line_end(const struct buffer *buffer)
{
    struct span text = buffer_span(buffer);
    while (text.size > 0 && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == '\r'))
        text.size--;
    return text;
}

static bool read_rights(const char *const *names, unsigned *ret_rights, struct error *err)
{
    for (; names && *names; names++) {
        unsigned found = 0;
        for (size_t i = 0; i < COUNT_OF(rights); i++)
            if (strcmp(rights[i].name, *names) == 0)
                found = rights[i].right;
        if (!found)
            return fail(err, ERR_MALFORMED, &TEXT_SETTING_VALUE, "rights", *names,
                        "sign, verify, submit, read");
        *ret_rights |= found;
    }
    return true;
}

static bool open_token(const struct token_section *token, struct caller *caller, struct error *err)
{
    struct buffer hash CLEANUP(buffer_clear) = {0};
    *caller = (struct caller){.name = token->name, .keys = token->keys, .agencies = token->agencies};
    if (!file_read(token->hash_file, SECRET_MAX, &hash, err)
        || !read_rights(token->rights, &caller->rights, err))
        return false;
    if (!hex_read(without_line_end(&hash), SHA256_SIZE, caller->hash))
        return fail(err, ERR_MALFORMED, &TEXT_SETTING_VALUE, "hash-file", token->hash_file, "SHA-256");
    return true;
}

static bool open_system(const struct system_section *settings, struct axis_system *system, struct error *err)
{
    struct buffer secret CLEANUP(buffer_wipe) = {0};
    system->settings = settings;
    if (!file_read(settings->secret_file, SECRET_MAX, &secret, err))
        return false;
    buffer_append(&system->secret, without_line_end(&secret));
    return system->secret.size > 0
               ? true
               : fail(err, ERR_MALFORMED, &TEXT_SETTING_VALUE, "secret-file", settings->secret_file, "text");
}

bool access_open(const struct service_settings *settings, struct access **ret_access, struct error *err)
{
    struct access *access CLEANUP(access_close) = calloc(1, sizeof(*access));
    if (!access)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pthread_mutex_init(&access->lock, NULL);
    access->per_minute = (unsigned)settings->limits->public_per_minute;
    access->callers = calloc(settings->token_count + 1, sizeof(*access->callers));
    access->systems = calloc(settings->system_count + 1, sizeof(*access->systems));
    if (!access->callers || !access->systems)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (; access->caller_count < settings->token_count; access->caller_count++)
        if (!open_token(settings->tokens[access->caller_count], &access->callers[access->caller_count], err))
            return false;
    for (; access->system_count < settings->system_count; access->system_count++)
        if (!open_system(settings->systems[access->system_count], &access->systems[access->system_count],
                         err))
            return false;
    *ret_access = TAKE(access);
    return true;
}

void access_close(struct access **owner)
{
    struct access *access = *owner;
    if (!access)
        return;
    for (size_t i = 0; i < access->system_count; i++)
        buffer_wipe(&access->systems[i].secret);
    pthread_mutex_destroy(&access->lock);
    free(access->systems);
    free(access->callers);
    free(access);
    *owner = NULL;
}

static const struct caller *find_caller(const struct access *access, const char *token)
{
    struct digest_value hash = digest_of(DIGEST_SHA256, span_text(token));
    const struct caller *found = NULL;
    for (size_t i = 0; i < access->caller_count; i++)
        if (span_equal_secret(digest_span(&hash), span_of(access->callers[i].hash, SHA256_SIZE)))
            found = &access->callers[i];
    return found;
}

bool access_require(struct access *access, struct http_request *request, enum right right, struct error *err)
{
    const char *header = http_header(request, "Authorization");
    if (!header || strncasecmp(header, "Bearer ", 7) != 0)
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_TOKEN_MISSING);
    const struct caller *caller = find_caller(access, header + 7 + strspn(header + 7, " "));
    if (!caller)
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_TOKEN_UNKNOWN);
    const char *name = "";
    for (size_t i = 0; i < COUNT_OF(rights); i++)
        if (rights[i].right == right)
            name = rights[i].name;
    if (!(caller->rights & right))
        return fail(err, ERR_FORBIDDEN, &TEXT_TOKEN_RIGHT, caller->name, name);
    request->caller = caller;
    return true;
}

static bool listed(const char *const *list, const char *word)
{
    for (; list && *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

bool access_key(const struct caller *caller, const char *key_uri, struct error *err)
{
    return listed(caller->keys, key_uri) ? true
                                         : fail(err, ERR_FORBIDDEN, &TEXT_TOKEN_KEY, caller->name, key_uri);
}

bool access_agency(const struct caller *caller, const char *code)
{
    return listed(caller->agencies, code);
}

const struct axis_system *access_system(const struct access *access, const char *system_id)
{
    for (size_t i = 0; i < access->system_count; i++)
        if (strcmp(access->systems[i].settings->id, system_id) == 0)
            return &access->systems[i];
    return NULL;
}

static size_t address_slot(const char *address)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (; *address; address++)
        hash = (hash ^ (uint8_t)*address) * 16777619U;
    return hash % ADDRESSES;
}

bool access_public(struct access *access, const char *address, int64_t now_ms, struct error *err)
{
    struct counter *counter = &access->counters[address_slot(address)];
    pthread_mutex_lock(&access->lock);
    int64_t minute = now_ms / MINUTE_MS;
    if (counter->minute != minute)
        *counter = (struct counter){.minute = minute};
    bool allowed = ++counter->asked <= access->per_minute;
    pthread_mutex_unlock(&access->lock);
    return allowed ? true : fail(err, ERR_TOO_MANY, &TEXT_HTTP_TOO_MANY);
}
