#include "signer/lookup.h"

#include <pthread.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/fetch.h"
#include "signer/evidence.h"
#include "signer/revocation_cache.h"
#include "signer/revocation_peek.h"
#include "signer/revocation_text.h"

enum {
    NONCE_SIZE = 16, /* RFC 9654, 2.1: 32 at best; older responders take no more than 16 or so */
    ISSUER_MS = 7 * 24 * 3600 * 1000, /* a certificate does not change, but its place may */
    UNSAID_MS = 5 * 60 * 1000, /* without nextUpdate newer data are there at any time (RFC 6960, 2.4) */
    MAX_SILENT = 64,           /* servers that did not answer */
    MAX_REASONS = 4,           /* about what could not be had, in one verdict */
    HTTP_OK = 200
};

/* A server that did not answer a moment ago is not waited for again. */
struct silent {
    char host[WANTED_URL_SIZE];
    int64_t until_ms; /* of clock_monotonic_ms */
};

struct lookup {
    /* set by lookup_open, never changed */
    struct lookup_settings how;
    struct clock clock;
    struct revocation_cache *cache;
    /* under lock */
    pthread_mutex_t lock;
    struct silent silent[MAX_SILENT]; /* a ring */
    size_t next_silent;
};

/* What one document has been looked up for. */
struct tried {
    struct wanted wanted;
    bool from_cache, from_network, failed;
};

struct search {
    struct lookup *lookup;
    struct buffer evidence; /* struct verification's frame */
    struct tried tried[LOOKUP_MAX_TRIED];
    size_t tried_count;
    int64_t until_ms;  /* of clock_monotonic_ms */
    int64_t newest_ms; /* of what was handed in: its thisUpdate; 0: nothing */
    bool gained;       /* in this round */
};

static const enum evidence_kind evidence_kinds[] = {
    [WANTED_ISSUER] = EVIDENCE_CERTIFICATE, [WANTED_OCSP] = EVIDENCE_OCSP, [WANTED_CRL] = EVIDENCE_CRL};

bool lookup_open(const struct lookup_settings *settings, struct lookup **ret_lookup, struct error *err)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    if (!lookup)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pthread_mutex_init(&lookup->lock, NULL);
    lookup->how = *settings;
    lookup->clock = settings->clock ? *settings->clock : clock_system;
    lookup->how.clock = &lookup->clock;
    lookup->how.cache = NULL; /* the caller's string, and the cache's from here on */
    const struct revocation_cache_settings cache = {
        .directory = settings->cache, .limit = settings->cache_limit, .clock = &lookup->clock};
    if (!revocation_cache_open(&cache, &lookup->cache, err)) {
        lookup_close(&lookup);
        return false;
    }
    *ret_lookup = lookup;
    return true;
}

void lookup_close(struct lookup **lookup)
{
    if (!*lookup)
        return;
    revocation_cache_close(&(*lookup)->cache);
    pthread_mutex_destroy(&(*lookup)->lock);
    free(*lookup);
    *lookup = NULL;
}

/* ---- servers that are silent */

/* "http://host:port" */
static void host_of(const char *url, char ret_host[static WANTED_URL_SIZE])
{
    const char *start = strstr(url, "://"), *end = start ? strchr(start + 3, '/') : NULL;
    snprintf(ret_host, WANTED_URL_SIZE, "%.*s", (int)(end ? (size_t)(end - url) : strlen(url)), url);
}

static bool is_silent(struct lookup *lookup, const char *url)
{
    char host[WANTED_URL_SIZE];
    bool silent = false;
    int64_t now_ms = clock_monotonic_ms();
    host_of(url, host);
    pthread_mutex_lock(&lookup->lock);
    for (size_t i = 0; i < MAX_SILENT; i++)
        silent = silent || (lookup->silent[i].until_ms > now_ms && strcmp(lookup->silent[i].host, host) == 0);
    pthread_mutex_unlock(&lookup->lock);
    return silent;
}

static void note_silent(struct lookup *lookup, const char *url)
{
    pthread_mutex_lock(&lookup->lock);
    struct silent *silent = &lookup->silent[lookup->next_silent++ % MAX_SILENT];
    host_of(url, silent->host);
    silent->until_ms = clock_monotonic_ms() + REVOCATION_CACHE_FAILED_MS;
    pthread_mutex_unlock(&lookup->lock);
}

/* ---- what came */

struct handing {
    struct search *search;
    bool room;
};

static void hand_in(void *context, struct span der)
{
    struct handing *handing = context;
    struct buffer *evidence = &handing->search->evidence;
    if (evidence->size + der.size > LOOKUP_MAX_EVIDENCE)
        return;
    buffer_u8(evidence, EVIDENCE_CERTIFICATE);
    buffer_sized(evidence, der);
    handing->room = true;
}

/* False when it is not what was asked for. */
static bool take(struct search *search, enum wanted_kind kind, struct span bytes)
{
    struct revocation_dates dates = {0};
    struct span nonce;
    struct handing handing = {.search = search};
    if (kind == WANTED_ISSUER) {
        revocation_peek_certificates(bytes, hand_in, &handing);
        return handing.room;
    }
    bool fits =
        kind == WANTED_CRL ? revocation_peek_crl(bytes, &dates) : revocation_peek_ocsp(bytes, &dates, &nonce);
    if (!fits || search->evidence.size + bytes.size > LOOKUP_MAX_EVIDENCE)
        return false;
    buffer_u8(&search->evidence, (uint8_t)evidence_kinds[kind]);
    buffer_sized(&search->evidence, bytes);
    if (dates.this_update_ms > search->newest_ms)
        search->newest_ms = dates.this_update_ms;
    return true;
}

static int64_t fresh_until(const struct lookup *lookup, enum wanted_kind kind, struct span bytes)
{
    struct revocation_dates dates = {0};
    struct span nonce;
    int64_t now_ms = clock_now_ms(&lookup->clock);
    if (kind == WANTED_ISSUER)
        return now_ms + ISSUER_MS;
    if (!(kind == WANTED_CRL ? revocation_peek_crl(bytes, &dates)
                             : revocation_peek_ocsp(bytes, &dates, &nonce)))
        return now_ms;
    return dates.next_update_ms ? dates.next_update_ms : now_ms + UNSAID_MS;
}

/* ---- fetching */

static bool send(struct search *search, const struct wanted *wanted, struct span body,
                 struct fetch_answer *answer, struct error *err)
{
    static const char *const ocsp[] = {"Content-Type: application/ocsp-request",
                                       "Accept: application/ocsp-response", NULL};
    const struct lookup_settings *how = &search->lookup->how;
    int64_t left_ms = search->until_ms - clock_monotonic_ms();
    int64_t one_ms = how->fetch_ms ? how->fetch_ms : LOOKUP_FETCH_MS;
    if (left_ms <= 0)
        return fail(err, ERR_TIMEOUT, &TEXT_FETCH_LATE, wanted->url);
    const struct fetch_request request = {.method = body.size ? "POST" : "GET",
                                          .url = wanted->url,
                                          .headers = body.size ? ocsp : NULL,
                                          .body = body,
                                          .deadline_ms = left_ms < one_ms ? left_ms : one_ms,
                                          .limit =
                                              wanted->kind == WANTED_CRL ? LOOKUP_MAX_LIST : LOOKUP_MAX_SMALL,
                                          .allow_private = how->allow_private};
    if (!fetch(&request, answer, err)) {
        /* who had only what was left of the document's time was not waited for */
        if (left_ms >= one_ms && (err->code == ERR_TIMEOUT || err->code == ERR_PEER_AWAY))
            note_silent(search->lookup, wanted->url);
        return false;
    }
    return answer->status == HTTP_OK || fail(err, ERR_PEER_AWAY, &TEXT_REVOCATION_ANSWER, wanted->url);
}

/* RFC 6960, 4.4.1: an answer to another question than ours may be an old one; many responders answer without a
 * nonce, from a store (RFC 5019), and their dates must do. */
static bool ask_ocsp(struct search *search, const struct wanted *wanted, struct fetch_answer *answer,
                     struct error *err)
{
    uint8_t nonce[NONCE_SIZE];
    struct buffer request CLEANUP(buffer_clear) = {0};
    struct revocation_dates dates;
    struct span said, cert_id = span_of(wanted->cert_id, wanted->cert_id_size);
    random_bytes(nonce, sizeof(nonce));
    revocation_ask(cert_id, span_of(nonce, sizeof(nonce)), &request);
    if (request.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!send(search, wanted, buffer_span(&request), answer, err))
        return false;
    if (!revocation_peek_ocsp(buffer_span(&answer->body), &dates, &said))
        return fail(err, ERR_PEER_AWAY, &TEXT_REVOCATION_ANSWER, wanted->url);
    return said.size == 0 || span_equal(said, span_of(nonce, sizeof(nonce)))
           || fail(err, ERR_PEER_AWAY, &TEXT_REVOCATION_NONCE, wanted->url);
}

static bool fetch_wanted(struct search *search, const struct wanted *wanted, const struct revocation_key *key)
{
    struct fetch_answer answer CLEANUP(fetch_answer_clear) = {0};
    struct error why = {0};
    struct lookup *lookup = search->lookup;
    bool good = wanted->kind == WANTED_OCSP ? ask_ocsp(search, wanted, &answer, &why)
                                            : send(search, wanted, (struct span){0}, &answer, &why);
    if (good && take(search, wanted->kind, buffer_span(&answer.body))) {
        revocation_cache_write(lookup->cache, key, buffer_span(&answer.body),
                               fresh_until(lookup, wanted->kind, buffer_span(&answer.body)));
        return true;
    }
    /* a budget that has run out says nothing about the server; nor does a rule of ours */
    if (why.code != ERR_FORBIDDEN && clock_monotonic_ms() < search->until_ms)
        revocation_cache_fail(lookup->cache, key);
    return false;
}

/* ---- one address */

static struct tried *tried_of(struct search *search, const struct wanted *wanted)
{
    for (size_t i = 0; i < search->tried_count; i++)
        if (wanted_equal(&search->tried[i].wanted, wanted))
            return &search->tried[i];
    if (search->tried_count == LOOKUP_MAX_TRIED)
        return NULL;
    struct tried *tried = &search->tried[search->tried_count++];
    *tried = (struct tried){.wanted = *wanted};
    return tried;
}

/* What is there, and how much it is worth. Old data are handed in too: better than nothing, and dated. */
static enum revocation_cached look_in_cache(struct search *search, struct tried *tried,
                                            const struct revocation_key *key)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    enum revocation_cached found = revocation_cache_read(search->lookup->cache, key, &bytes, NULL);
    bool there = bytes.size > 0 && take(search, tried->wanted.kind, buffer_span(&bytes));
    search->gained |= there;
    return found == REVOCATION_CACHED_FRESH && !there ? REVOCATION_CACHED_NONE : found;
}

/* With the turn in hand the cache is asked again: somebody may have fetched it meanwhile. */
static bool take_turn_and_fetch(struct search *search, struct tried *tried, const struct revocation_key *key,
                                bool known_fresh)
{
    struct revocation_turn turn CLEANUP(revocation_turn_end) = {.fd = -1};
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    tried->from_network = true;
    if (!revocation_turn_take(search->lookup->cache, key, search->until_ms, &turn))
        return false;
    if (!known_fresh) {
        enum revocation_cached found = revocation_cache_read(search->lookup->cache, key, &bytes, NULL);
        if (found == REVOCATION_CACHED_FAILED)
            return false;
        if (found == REVOCATION_CACHED_FRESH && take(search, tried->wanted.kind, buffer_span(&bytes)))
            return true;
    }
    return !is_silent(search->lookup, tried->wanted.url) && fetch_wanted(search, &tried->wanted, key);
}

/* Whether something new came of it. What the cache had and was not enough is fetched. */
static bool get(struct search *search, const struct wanted *wanted)
{
    struct tried *tried = tried_of(search, wanted);
    struct revocation_key key =
        revocation_key_of(wanted->kind, wanted->url, span_of(wanted->cert_id, wanted->cert_id_size));
    bool was_kept = tried && tried->from_cache && !tried->from_network;
    if (!tried || tried->from_network)
        return false;
    if (!tried->from_cache) {
        enum revocation_cached found = look_in_cache(search, tried, &key);
        tried->from_cache = true;
        if (found == REVOCATION_CACHED_FRESH)
            return true;
        tried->failed = true; /* until it is fetched */
        if (found == REVOCATION_CACHED_FAILED)
            tried->from_network = true;
    }
    if (search->lookup->how.offline || tried->from_network) {
        tried->failed = true;
        return false;
    }
    bool got = take_turn_and_fetch(search, tried, &key, was_kept && !tried->failed);
    tried->failed = !got;
    search->gained |= got;
    return got;
}

/* Of each group the first that can be had. */
static void get_all(struct search *search, const struct wanted_list *list)
{
    bool had[UINT8_MAX + 1] = {false};
    search->gained = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct wanted *wanted = &list->items[i];
        if (!had[wanted->group])
            had[wanted->group] = get(search, wanted);
    }
}

/* ---- the document */

/* Whether anything in this verdict hangs on what could not be had. */
static bool matters(const struct verdict *verdict)
{
    return verdict->wanted.count > 0 && verdict_overall(verdict) != TOTAL_PASSED;
}

static void explain(const struct search *search, struct verdict *verdict)
{
    char when[CLOCK_TEXT_SIZE];
    bool offline = search->lookup->how.offline;
    size_t said = 0;
    if (!matters(verdict))
        return;
    for (size_t i = 0; i < search->tried_count && said < MAX_REASONS; i++) {
        char host[WANTED_URL_SIZE];
        host_of(search->tried[i].wanted.url, host);
        bool repeated = false;
        for (size_t k = 0; k < i; k++)
            repeated = repeated || strncmp(search->tried[k].wanted.url, host, strlen(host)) == 0;
        if (!search->tried[i].failed || repeated)
            continue;
        verdict_reason(verdict, offline ? &TEXT_LOOKUP_OFFLINE : &TEXT_LOOKUP_FAILED, host, NULL);
        said++;
    }
    if (search->newest_ms) {
        clock_person(search->newest_ms, when);
        verdict_reason(verdict, &TEXT_LOOKUP_AS_OF, when, NULL);
    }
}

static void search_clear(struct search **search)
{
    if (*search)
        buffer_clear(&(*search)->evidence);
    free(*search);
    *search = NULL;
}

static bool check_again(struct search *search, struct checker_pool *pool, const struct checker_job *job,
                        struct verdict *verdict, struct error *err)
{
    struct checker_job with = *job;
    verdict_clear(verdict);
    if (search->evidence.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    with.evidence = buffer_span(&search->evidence);
    return checker_check(pool, &with, verdict, err);
}

bool lookup_check(struct lookup *lookup, struct checker_pool *pool, const struct checker_job *job,
                  struct verdict *ret_verdict, struct error *err)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct search *search CLEANUP(search_clear) = NULL;
    if (!checker_check(pool, job, &verdict, err))
        return false;
    if (lookup && verdict.wanted.count > 0) {
        search = calloc(1, sizeof(*search));
        if (!search)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        search->lookup = lookup;
        search->until_ms =
            clock_monotonic_ms() + (lookup->how.document_ms ? lookup->how.document_ms : LOOKUP_DOCUMENT_MS);
        buffer_append(&search->evidence, job->evidence);
        for (int round = 0; round < LOOKUP_ROUNDS && verdict.wanted.count > 0; round++) {
            get_all(search, &verdict.wanted);
            if (!search->gained)
                break;
            if (!check_again(search, pool, job, &verdict, err))
                return false;
        }
        explain(search, &verdict);
    }
    *ret_verdict = verdict;
    verdict = (struct verdict){0};
    return true;
}
