#include "exchange/addressees.h"

#include <stdio.h>

#include "exchange/agency.h"
#include "exchange/exchange_text.h"
#include "exchange/store.h"

typedef char code_key[AGENCY_CODE_SIZE];

struct choice {
    const struct header *header;
    size_t count;    /* of recipients in the package */
    code_key *keys;  /* one for each */
    bool *wanted;    /* one for each: the call names it */
    bool wants_some; /* one is wanted at least */
};

/* A status has no To: it goes to whom it answers (edxml.md 7.1). */
static size_t count_of(const struct header *header)
{
    return header->kind == PACKAGE_STATUS ? header->response_for.count : header->to.count;
}

static const struct agency_code *code_of(const struct header *header, size_t i)
{
    return header->kind == PACKAGE_STATUS ? &header->response_for.items[i].code : &header->to.items[i].code;
}

static const char *name_of(const struct header *header, size_t i)
{
    return header->kind == PACKAGE_STATUS ? NULL : header->to.items[i].name;
}

static bool check_count(size_t count, struct error *err)
{
    char most[16];
    snprintf(most, sizeof(most), "%d", RECIPIENTS_MAX);
    if (count == 0)
        return fail(err, ERR_REFUSED, &TEXT_RECIPIENT_MISSING);
    return count <= RECIPIENTS_MAX || fail(err, ERR_TOO_LARGE, &TEXT_RECIPIENTS_TOO_MANY, most);
}

static bool choice_begin(const struct header *header, struct arena *arena, struct choice *choice,
                         struct error *err)
{
    *choice = (struct choice){.header = header, .count = count_of(header)};
    if (!check_count(choice->count, err))
        return false;
    choice->keys = arena_take(arena, choice->count * sizeof(*choice->keys));
    choice->wanted = arena_take(arena, choice->count * sizeof(*choice->wanted));
    if (!choice->keys || !choice->wanted)
        return fail(err, ERR_BUSY, NULL);
    for (size_t i = 0; i < choice->count; i++) {
        if (agency_code_empty(code_of(header, i)))
            return fail(err, ERR_REFUSED, &TEXT_RECIPIENT_MISSING);
        agency_code_key(code_of(header, i), choice->keys[i]);
    }
    return true;
}

static bool want(struct choice *choice, const struct agency_code *code)
{
    code_key key;
    bool found = false;
    agency_code_key(code, key);
    for (size_t i = 0; i < choice->count; i++)
        if (strcmp(choice->keys[i], key) == 0)
            found = choice->wanted[i] = choice->wants_some = true;
    return found;
}

static bool want_text(struct choice *choice, const char *text)
{
    struct agency_code code;
    return text && agency_code_read(span_text(text), &code) && want(choice, &code);
}

/* Named by this code, or by the other one of its agency. What names nobody is left over from an earlier call. */
static bool want_agency(struct store *store, struct choice *choice, const struct agency_code *code,
                        struct error *err)
{
    struct agency_list found CLEANUP(agency_list_clear) = {0};
    struct error unknown = {0};
    if (want(choice, code))
        return true;
    if (agency_find(store, code->text, &found, &unknown)) {
        if (!want_text(choice, found.agencies[0].code))
            want_text(choice, found.agencies[0].other_code);
        return true;
    }
    if (unknown.code == ERR_NOT_FOUND)
        return true;
    *err = unknown;
    return false;
}

bool addressees_choose(struct store *store, const struct header *header, const struct agency_code *to,
                       size_t to_count, struct arena *arena, struct recipient **ret_recipients,
                       size_t *ret_count, struct error *err)
{
    struct choice choice;
    if (!choice_begin(header, arena, &choice, err))
        return false;
    for (size_t i = 0; i < to_count && header->kind != PACKAGE_STATUS; i++)
        if (!want_agency(store, &choice, &to[i], err))
            return false;
    struct recipient *recipients = arena_take(arena, choice.count * sizeof(*recipients));
    if (!recipients)
        return fail(err, ERR_BUSY, NULL);
    size_t count = 0;
    for (size_t i = 0; i < choice.count; i++)
        if (choice.wanted[i] || !choice.wants_some)
            recipients[count++] = (struct recipient){code_of(header, i)->text, name_of(header, i)};
    *ret_recipients = recipients;
    *ret_count = count;
    return true;
}
