#include "hsm/key_pkcs11.h"

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/pin_note.h"

enum { SESSION_PAUSE_MS = 50 }; /* before asking the token again for one more session */

/* PKCS #11 pads with blanks and ends with nothing. */
static void padded_text(const CK_UTF8CHAR *from, size_t size, size_t room, char *ret_text)
{
    while (size > 0 && (from[size - 1] == ' ' || from[size - 1] == '\0'))
        size--;
    text_clean((const char *)from, size, room, ret_text);
}

void token_open(struct token *token, struct pkcs11_source *source, PKCS11_SLOT *slot)
{
    token->source = source;
    token->call = source->module.call;
    token->slot = slot;
    token->id = PKCS11_get_slotid_from_slot(slot);
    token->call->C_GetTokenInfo(token->id, &token->info);
    padded_text(token->info.label, sizeof(token->info.label), sizeof(token->label), token->label);
    padded_text(token->info.serialNumber, sizeof(token->info.serialNumber), sizeof(token->serial),
                token->serial);
    token->anchor = CK_INVALID_HANDLE;
    pthread_mutex_init(&token->lock, NULL);
    pthread_mutex_init(&token->login_lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&token->returned, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void token_close(struct token *token)
{
    pthread_cond_destroy(&token->returned);
    pthread_mutex_destroy(&token->login_lock);
    pthread_mutex_destroy(&token->lock);
}

bool token_failed(struct token *token, const char *call, CK_RV rv, struct error *err)
{
    switch (rv_class(rv)) {
    case RV_CALL:
        fail(err, ERR_KEY_UNUSABLE, &TEXT_KEY_REFUSED, token->label);
        break;
    case RV_BUSY:
        fail(err, ERR_BUSY, &TEXT_TOKEN_BUSY, token->label);
        break;
    case RV_PIN:
    case RV_DEVICE:
        atomic_store(&token->source->lost, true);
        fail(err, ERR_TOKEN_AWAY, &TEXT_TOKEN_GONE, token->label);
        break;
    case RV_OK:
    case RV_UNCLEAR:
        if (atomic_fetch_add(&token->unclear, 1) + 1 >= TOKEN_UNCLEAR_MAX)
            atomic_store(&token->source->lost, true);
        fail(err, ERR_TOKEN_AWAY, &TEXT_TOKEN_GONE, token->label);
        break;
    }
    return error_rv(err, call, rv);
}

/* ---- sessions */

static bool idle_take(struct token *token, CK_SESSION_HANDLE *ret_session)
{
    if (token->idle_count == 0)
        return false;
    *ret_session = token->idle[--token->idle_count];
    return true;
}

static CK_RV session_open(struct token *token, CK_SESSION_HANDLE *ret_session)
{
    CK_RV rv = token->call->C_OpenSession(token->id, CKF_SERIAL_SESSION, NULL, NULL, ret_session);
    pthread_mutex_lock(&token->lock);
    token->open_count += rv == CKR_OK;
    pthread_mutex_unlock(&token->lock);
    return rv;
}

/* The token has no more sessions: one of ours will come back, or another program's, of which nobody tells us. */
static void session_wait(struct token *token, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    pthread_mutex_lock(&token->lock);
    if (token->idle_count == 0)
        pthread_cond_timedwait(&token->returned, &token->lock, &until);
    pthread_mutex_unlock(&token->lock);
}

bool token_session_take(struct token *token, int64_t until_ms, CK_SESSION_HANDLE *ret_session,
                        struct error *err)
{
    for (;;) {
        pthread_mutex_lock(&token->lock);
        bool taken = idle_take(token, ret_session);
        pthread_mutex_unlock(&token->lock);
        if (taken)
            return true;

        CK_RV rv = session_open(token, ret_session);
        if (rv == CKR_OK)
            return true;
        int64_t now = clock_monotonic_ms();
        if (rv_class(rv) != RV_BUSY || now >= until_ms)
            return token_failed(token, "C_OpenSession", rv, err);
        session_wait(token, now + SESSION_PAUSE_MS < until_ms ? now + SESSION_PAUSE_MS : until_ms);
    }
}

void token_session_give(struct token *token, CK_SESSION_HANDLE session)
{
    pthread_mutex_lock(&token->lock);
    bool kept = token->idle_count < COUNT_OF(token->idle);
    if (kept)
        token->idle[token->idle_count++] = session;
    pthread_cond_signal(&token->returned);
    pthread_mutex_unlock(&token->lock);
    if (!kept)
        token_session_drop(token, session);
}

void token_session_drop(struct token *token, CK_SESSION_HANDLE session)
{
    token->call->C_CloseSession(session);
    pthread_mutex_lock(&token->lock);
    token->open_count--;
    pthread_cond_signal(&token->returned);
    pthread_mutex_unlock(&token->lock);
}

/* ---- the login */

/* The flags that say how near the token is to locking itself, as they are now. */
static bool pin_flags_allow(struct token *token, bool *ret_needed, struct error *err)
{
    CK_TOKEN_INFO now;
    CK_RV rv = token->call->C_GetTokenInfo(token->id, &now);
    if (rv != CKR_OK)
        return token_failed(token, "C_GetTokenInfo", rv, err);
    *ret_needed = (now.flags & CKF_LOGIN_REQUIRED) != 0;
    if (now.flags & CKF_USER_PIN_LOCKED)
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_LOCKED, token->label);
    if (now.flags & CKF_USER_PIN_FINAL_TRY)
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FINAL_TRY, token->label);
    return true;
}

static enum pin_outcome login_outcome(CK_RV rv)
{
    switch (rv == CKR_USER_ALREADY_LOGGED_IN ? RV_OK : rv_class(rv)) {
    case RV_OK:
        return PIN_ACCEPTED;
    case RV_PIN:
        return PIN_REFUSED;
    case RV_DEVICE:
    case RV_BUSY:
    case RV_CALL:
        return PIN_NOT_TRIED; /* a token that had looked at the PIN would have said so */
    case RV_UNCLEAR:
        break;
    }
    return PIN_UNKNOWN;
}

static bool login_failed(struct token *token, const struct pin_try *attempt, CK_RV rv, struct error *err)
{
    const char *pin_file = token->source->settings->pin_file;
    switch (login_outcome(rv)) {
    case PIN_REFUSED:
        fail(err, ERR_PIN_BLOCKED, rv == CKR_PIN_LOCKED ? &TEXT_PIN_LOCKED : &TEXT_PIN_REFUSED, token->label,
             pin_file, attempt->path);
        return error_rv(err, "C_Login", rv);
    case PIN_UNKNOWN:
        fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_UNSURE, token->label, pin_file, attempt->path);
        return error_rv(err, "C_Login", rv);
    case PIN_ACCEPTED:
    case PIN_NOT_TRIED:
        break;
    }
    return token_failed(token, "C_Login", rv, err);
}

/* One try, noted before and settled after. */
static bool login_try(struct token *token, CK_SESSION_HANDLE session, CK_USER_TYPE user, int64_t until_ms,
                      struct error *err)
{
    struct pin pin CLEANUP(pin_wipe) = {0};
    struct pin_try attempt CLEANUP(pin_try_close) = {.directory = -1};
    const struct pin_use use = {.notes = token->source->notes,
                                .token = token->label,
                                .serial = token->serial,
                                .pin_file = token->source->settings->pin_file,
                                .until_ms = until_ms};
    if (!pin_read(use.pin_file, &pin, err) || !pin_note_begin(&use, pin_span(&pin), &attempt, err))
        return false;

    CK_RV rv = token->call->C_Login(session, user, pin.text, pin.size);
    pin_wipe(&pin);
    enum pin_outcome outcome = login_outcome(rv);
    if (!pin_note_end(&attempt, outcome, err))
        return false;
    return outcome == PIN_ACCEPTED || login_failed(token, &attempt, rv, err);
}

static bool login_with_anchor(struct token *token, int64_t until_ms, struct error *err)
{
    if (token->anchor == CK_INVALID_HANDLE && !token_session_take(token, until_ms, &token->anchor, err))
        return false;
    bool needed = true;
    if (!pin_flags_allow(token, &needed, err))
        return false;
    return !needed || login_try(token, token->anchor, CKU_USER, until_ms, err);
}

bool token_login(struct token *token, int64_t until_ms, struct error *err)
{
    if (atomic_load(&token->logged_in))
        return true;
    pthread_mutex_lock(&token->login_lock);
    bool done = atomic_load(&token->logged_in) || login_with_anchor(token, until_ms, err);
    atomic_store(&token->logged_in, done);
    pthread_mutex_unlock(&token->login_lock);
    return done;
}

bool token_login_once_more(struct token *token, CK_SESSION_HANDLE session, int64_t until_ms,
                           struct error *err)
{
    bool needed = true;
    return pin_flags_allow(token, &needed, err)
           && login_try(token, session, CKU_CONTEXT_SPECIFIC, until_ms, err);
}
