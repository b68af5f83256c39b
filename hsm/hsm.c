/* The door: from a key's names to the keeper that has it. Who asks, waits out restarts, and takes the next name when one is
 * away, stands here; how one keeper is asked, in station.c. */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/key_uri.h"
#include "hsm/known_key.h"

enum { HSM_STATIONS_MAX = 16, PAUSE_FIRST_MS = 20, PAUSE_MAX_MS = 250 };

struct own_station {
    struct station station;
    enum key_uri_kind kind;
    char *path; /* module or file; NULL: the default module */
};

struct hsm {
    /* set by hsm_open, never changed */
    bool by_socket;
    struct hsm_settings settings;
    char *program, *module, *pin_file, *notes;
    int64_t deadline_ms;
    struct known_keys *known; /* its own lock inside */
    /* under lock; only ever added to */
    pthread_mutex_t lock;
    struct own_station *stations[HSM_STATIONS_MAX];
    size_t count;
};

/* ---- opening */

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static struct own_station *station_add(struct hsm *hsm, enum key_uri_kind kind, const char *path)
{
    struct own_station *own = calloc(1, sizeof(*own));
    if (!own)
        return NULL;
    own->kind = kind;
    own->path = copy(path);
    hsm->stations[hsm->count++] = own;
    return own;
}

static bool sockets_open(struct hsm *hsm, const char *const *sockets, struct error *err)
{
    for (; *sockets; sockets++) {
        if (hsm->count == HSM_STATIONS_MAX)
            return fail(err, ERR_USAGE, &TEXT_TOO_MANY_KEEPERS);
        struct own_station *own = station_add(hsm, KEY_URI_PKCS11, *sockets);
        if (!own)
            return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
        station_open_socket(&own->station, own->path, hsm->deadline_ms);
    }
    return true;
}

bool hsm_open(const struct hsm_settings *settings, struct hsm **ret_hsm, struct error *err)
{
    struct hsm *hsm CLEANUP(hsm_close) = calloc(1, sizeof(*hsm));
    if (!hsm)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    pthread_mutex_init(&hsm->lock, NULL);
    hsm->by_socket = settings->sockets != NULL;
    hsm->program = copy(settings->program);
    hsm->module = copy(settings->module);
    hsm->pin_file = copy(settings->pin_file);
    hsm->notes = copy(settings->notes);
    hsm->deadline_ms = settings->deadline_ms > 0 ? settings->deadline_ms : HSM_DEADLINE_MS;
    if (hsm->deadline_ms > HSM_DEADLINE_MAX_MS)
        hsm->deadline_ms = HSM_DEADLINE_MAX_MS;
    hsm->known = known_keys_new();
    if (!hsm->known)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    if (hsm->by_socket && !sockets_open(hsm, settings->sockets, err))
        return false;
    *ret_hsm = TAKE(hsm);
    return true;
}

void hsm_close(struct hsm **hsm)
{
    struct hsm *own = *hsm;
    if (!own)
        return;
    for (size_t i = 0; i < own->count; i++) {
        station_close(&own->stations[i]->station);
        free(own->stations[i]->path);
        free(own->stations[i]);
    }
    known_keys_free(&own->known);
    pthread_mutex_destroy(&own->lock);
    free(own->program);
    free(own->module);
    free(own->pin_file);
    free(own->notes);
    free(own);
    *hsm = NULL;
}

/* ---- which keepers may have a key */

struct candidates {
    struct station *station[HSM_STATIONS_MAX];
    size_t count;
};

static bool same_path(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Under lock: the keeper of that module or file, started for it when it is asked first. */
static struct station *station_for(struct hsm *hsm, enum key_uri_kind kind, const char *path)
{
    for (size_t i = 0; i < hsm->count; i++)
        if (hsm->stations[i]->kind == kind && same_path(hsm->stations[i]->path, path))
            return &hsm->stations[i]->station;
    struct own_station *own = hsm->count < HSM_STATIONS_MAX ? station_add(hsm, kind, path) : NULL;
    if (!own)
        return NULL;
    struct keeper_settings settings = {.program = hsm->program,
                                       .pkcs11 = kind == KEY_URI_PKCS11,
                                       .pin_file = hsm->pin_file,
                                       .notes = hsm->notes};
    if (kind == KEY_URI_PKCS11)
        settings.module = own->path;
    else
        settings.files[0] = own->path;
    station_open_post(&own->station, &settings, hsm->deadline_ms);
    return &own->station;
}

static bool candidates_for(struct hsm *hsm, enum key_uri_kind kind, const char *path,
                           struct candidates *ret_stations, struct error *err)
{
    pthread_mutex_lock(&hsm->lock);
    ret_stations->count = 0;
    if (hsm->by_socket) {
        for (size_t i = 0; i < hsm->count; i++)
            ret_stations->station[ret_stations->count++] = &hsm->stations[i]->station;
    } else if ((ret_stations->station[0] = station_for(hsm, kind, path && *path ? path : hsm->module))
               != NULL) {
        ret_stations->count = 1;
    }
    pthread_mutex_unlock(&hsm->lock);
    return ret_stations->count > 0 || fail(err, ERR_USAGE, &TEXT_TOO_MANY_KEEPERS);
}

/* ---- meeting a key */

static bool describe_at(struct hsm *hsm, struct station *station, const char *uri, int64_t until_ms,
                        struct known_key **ret_key, struct error *err)
{
    struct keeper_request request = {.verb = KEEPER_DESCRIBE};
    struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
    snprintf(request.uri, sizeof(request.uri), "%s", uri);
    return station_ask(station, &request, until_ms, &answer, err)
           && known_keys_put(hsm->known, uri, &answer.keys[0], station, station_generation(station), ret_key,
                             err);
}

/* "Not found" from several keepers becomes one, with the keys of all of them. */
static void not_found_join(struct error *said, const struct error *more)
{
    char both[2 * TEXT_ARG_SIZE + 2];
    snprintf(both, sizeof(both), "%s, %s", said->arg[1], more->arg[1]);
    text_clean(both, strlen(both), TEXT_ARG_SIZE, said->arg[1]);
}

/* Asks every keeper that may have it, each within its share of the time. One that is away may be the one: its error counts more
 * than "not found". */
static bool describe_anywhere(struct hsm *hsm, const char *uri, int64_t until_ms, struct known_key **ret_key,
                              struct error *err)
{
    struct key_uri name CLEANUP(key_uri_clear) = {0};
    struct candidates stations;
    if (!key_uri_read(span_text(uri), &name, err)
        || !candidates_for(hsm, name.kind, name.path, &stations, err))
        return false;
    struct error said = {0};
    for (size_t i = 0; i < stations.count; i++) {
        int64_t now = clock_monotonic_ms(), share = (until_ms - now) / (int64_t)(stations.count - i);
        struct error why = {0};
        if (describe_at(hsm, stations.station[i], uri, now + share, ret_key, &why))
            return true;
        if (said.code == ERR_NONE || (said.code == ERR_NOT_FOUND && why.code != ERR_NOT_FOUND))
            said = why;
        else if (said.code == ERR_NOT_FOUND && why.text == said.text)
            not_found_join(&said, &why);
    }
    *err = said;
    return false;
}

/* For signing any keeper's description will do: the keeper is told which public key is meant. */
static bool meet(struct hsm *hsm, const char *uri, int64_t until_ms, struct known_key **ret_key,
                 struct error *err)
{
    *ret_key = known_keys_get(hsm->known, uri);
    return *ret_key || describe_anywhere(hsm, uri, until_ms, ret_key, err);
}

/* For describing only the present keeper's: the token may hold a renewed certificate. */
static bool meet_afresh(struct hsm *hsm, const char *uri, int64_t until_ms, struct known_key **ret_key,
                        struct error *err)
{
    *ret_key = known_keys_get(hsm->known, uri);
    if (*ret_key && (*ret_key)->generation == station_generation((*ret_key)->station))
        return true;
    known_key_release(ret_key);
    return describe_anywhere(hsm, uri, until_ms, ret_key, err);
}

/* ---- through any of a key's names, as long as it may help */

struct attempt {
    struct hsm *hsm;
    const struct key_uris *uris;
    const struct keeper_request *request; /* what is to be signed; NULL: the description is wanted */
    struct key_description *ret_key;      /* one of these two is filled */
    struct buffer *ret_signature;
};

static bool sign_at(struct hsm *hsm, const struct known_key *key, struct keeper_request *request,
                    int64_t until_ms, struct buffer *ret_signature, struct error *err)
{
    struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
    memcpy(request->public_key, key->fingerprint, SHA256_SIZE);
    if (!station_ask(key->station, request, until_ms, &answer, err)) {
        if (err->code == ERR_NOT_FOUND || err->text == &TEXT_KEY_CHANGED)
            known_keys_forget(hsm->known, request->uri);
        return false;
    }
    if (!known_key_verify(key, request->algorithm, digest_span(&request->digest),
                          buffer_span(&answer.signature)))
        return fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNATURE_WRONG, key->description.label);
    *ret_signature = answer.signature;
    answer.signature = (struct buffer){0};
    return true;
}

/* Only copies of one key may share a line: the first name that was ever met says which. */
static bool is_same_key(const struct attempt *attempt, size_t which, const struct known_key *key,
                        struct error *err)
{
    const struct key_uris *uris = attempt->uris;
    for (size_t i = 0; i < uris->count; i++) {
        struct known_key *other CLEANUP(known_key_release) =
            i == which ? NULL : known_keys_get(attempt->hsm->known, uris->text[i]);
        if (other && memcmp(other->fingerprint, key->fingerprint, SHA256_SIZE) != 0)
            return fail(err, ERR_KEY_UNUSABLE, &TEXT_KEYS_DIFFER, uris->text[i], uris->text[which]);
    }
    return true;
}

static bool describe_name(const struct attempt *attempt, size_t which, int64_t until_ms, struct error *err)
{
    struct known_key *key CLEANUP(known_key_release) = NULL;
    return meet_afresh(attempt->hsm, attempt->uris->text[which], until_ms, &key, err)
           && is_same_key(attempt, which, key, err)
           && (key_description_copy(&key->description, attempt->ret_key)
               || fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY));
}

static bool sign_name(const struct attempt *attempt, size_t which, int64_t until_ms, struct error *err)
{
    struct known_key *key CLEANUP(known_key_release) = NULL;
    struct keeper_request request = *attempt->request;
    memcpy(request.uri, attempt->uris->text[which], sizeof(request.uri));
    return meet(attempt->hsm, request.uri, until_ms, &key, err) && is_same_key(attempt, which, key, err)
           && sign_at(attempt->hsm, key, &request, until_ms, attempt->ret_signature, err);
}

/* Each name gets its share of the time. What a retry may cure is said before what it may not. */
static bool try_names(const struct attempt *attempt, int64_t until_ms, struct error *err)
{
    struct error said = {0};
    for (size_t i = 0; i < attempt->uris->count; i++) {
        int64_t now = clock_monotonic_ms(), left = until_ms > now ? until_ms - now : 0;
        int64_t share_ms = now + left / (int64_t)(attempt->uris->count - i);
        struct error why = {0};
        if (attempt->request ? sign_name(attempt, i, share_ms, &why)
                             : describe_name(attempt, i, share_ms, &why))
            return true;
        if (said.code == ERR_NONE || (error_meaning(why.code)->retry && !error_meaning(said.code)->retry))
            said = why;
    }
    *err = said;
    return false;
}

/* A keeper on its way up is waited for; a token only when it was there before: else somebody has to plug it in. */
static bool waiting_helps(const struct attempt *attempt, const struct error *err)
{
    if (err->code != ERR_TOKEN_AWAY || station_is_between_keepers(err))
        return err->code == ERR_TOKEN_AWAY;
    for (size_t i = 0; i < attempt->uris->count; i++) {
        struct known_key *known CLEANUP(known_key_release) =
            known_keys_get(attempt->hsm->known, attempt->uris->text[i]);
        if (known)
            return true;
    }
    return false;
}

/* Why the first try failed says more than that the last one was cut short. */
static bool try_until(const struct attempt *attempt, struct error *err)
{
    int64_t until_ms = clock_monotonic_ms() + attempt->hsm->deadline_ms;
    struct error before = {0};
    for (int64_t pause = PAUSE_FIRST_MS;; pause = pause * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause * 2) {
        if (try_names(attempt, until_ms, err))
            return true;
        if (err->code == ERR_TIMEOUT && before.code != ERR_NONE)
            *err = before;
        if (!waiting_helps(attempt, err) || clock_monotonic_ms() + pause >= until_ms)
            return false;
        before = *err;
        nanosleep(&(struct timespec){.tv_nsec = pause * 1000000}, NULL);
    }
}

/* ---- the door itself */

bool hsm_describe(struct hsm *hsm, const char *uri, struct key_description *ret_key, struct error *err)
{
    struct key_uris uris;
    const struct attempt attempt = {.hsm = hsm, .uris = &uris, .ret_key = ret_key};
    return key_uris_read(uri, &uris, err) && try_until(&attempt, err);
}

bool hsm_sign(struct hsm *hsm, const char *uri, enum digest_algorithm algorithm, struct span digest,
              struct buffer *ret_signature, struct error *err)
{
    struct key_uris uris;
    struct keeper_request request = {.verb = KEEPER_SIGN, .algorithm = algorithm};
    const struct attempt attempt = {
        .hsm = hsm, .uris = &uris, .request = &request, .ret_signature = ret_signature};
    if (algorithm > DIGEST_SHA512 || digest.size != digest_size(algorithm))
        return fail(err, ERR_USAGE, &TEXT_DIGEST_UNFIT);
    memcpy(request.digest.bytes, digest.data, digest.size);
    request.digest.size = digest.size;
    return key_uris_read(uri, &uris, err) && try_until(&attempt, err);
}

/* Takes the answer's keys. */
static bool keys_append(struct keeper_answer *answer, struct key_description **keys, size_t *count,
                        struct error *err)
{
    struct key_description *grown = realloc(*keys, (*count + answer->count + 1) * sizeof(*grown));
    if (!grown)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    *keys = grown;
    if (answer->count > 0)
        memcpy(grown + *count, answer->keys, answer->count * sizeof(*grown));
    *count += answer->count;
    answer->count = 0; /* what is in them is ours now */
    return true;
}

static bool list_at(struct hsm *hsm, struct station *station, struct keeper_answer *ret_answer,
                    struct error *err)
{
    int64_t until_ms = clock_monotonic_ms() + hsm->deadline_ms;
    for (;;) {
        struct keeper_request request = {.verb = KEEPER_LIST};
        if (station_ask(station, &request, until_ms, ret_answer, err))
            return true;
        if (!station_is_between_keepers(err) || clock_monotonic_ms() + PAUSE_MAX_MS >= until_ms)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MAX_MS * 1000000}, NULL);
    }
}

bool hsm_list(struct hsm *hsm, struct key_description **ret_keys, size_t *ret_count, struct error *err)
{
    struct candidates stations;
    struct key_description *keys = NULL;
    struct error why = {0};
    size_t count = 0;
    if (!candidates_for(hsm, KEY_URI_PKCS11, NULL, &stations, err))
        return false;
    for (size_t i = 0; i < stations.count; i++) {
        struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
        if (list_at(hsm, stations.station[i], &answer, &why) && keys_append(&answer, &keys, &count, &why))
            continue;
    }
    if (count == 0 && why.code != ERR_NONE) {
        free(keys);
        *err = why;
        return false;
    }
    *ret_keys = keys;
    *ret_count = count;
    return true;
}
