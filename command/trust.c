/* vanthu trust list, check: what is trusted, and whether it still holds. */
#include "command/trust.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/digest.h"
#include "command/command.h"
#include "command/places.h"
#include "command/trust_text.h"
#include "signer/signer_text.h"
#include "signer/trust_bundle.h"
#include "signer/trust_conf.h"

TEXTS_DEFINE(TRUST_COMMAND_TEXTS, trust_command_texts)

struct list_options {
    const char *directory;
    bool json, english;
};

static const struct option list_options[] = {
    {"--dir", OPTION_TEXT, false, offsetof(struct list_options, directory), "DIR",
     "the directory of trust; default ~/.config/vanthu/trust"},
    {"--english", OPTION_SWITCH, false, offsetof(struct list_options, english), NULL, "in English"},
    {"--json", OPTION_SWITCH, false, offsetof(struct list_options, json), NULL,
     "one JSON object for each, one a line"},
};

static const char list_manual[] =
    "Every anchor with the tree of authorities it belongs to, what it is trusted for, its\n"
    "validity and the SHA-256 of the certificate. verify uses this directory when --trust is\n"
    "not given; serve when its settings name it.\n"
    "\n"
    "Exit codes: 0 shown, 65 something in it cannot be used, 66 there is none.\n"
    "\n"
    "Examples:\n"
    "  vanthu trust list\n"
    "  vanthu trust list --dir /etc/vanthu/trust --json\n";

static const char check_manual[] =
    "Reads the directory as verify does, verifies the signatures of its lists, and names what\n"
    "has ended or will within 30 days: certificates, periods of trust, trusted lists and\n"
    "revocation lists.\n"
    "\n"
    "Exit codes: 0 all is in force, 1 something has ended or soon will, 65 something in it\n"
    "cannot be used, 66 there is none.\n"
    "\n"
    "Example:\n"
    "  vanthu trust check --dir /etc/vanthu/trust\n";

/* ---- shared */

bool trust_directory(const char *asked, char **ret_directory, struct error *err)
{
    *ret_directory = place_trust(asked);
    return *ret_directory || fail(err, ERR_USAGE, &TEXT_TRUST_NO_PLACE);
}

bool trust_path(const char *directory, const char *name, char **ret_path, struct error *err)
{
    if (asprintf(ret_path, "%s/%s", directory, name) >= 0)
        return true;
    *ret_path = NULL;
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

void trust_fingerprint(X509 *certificate, char ret_text[static FINGERPRINT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ret_text[0] = '\0';
    if (X509_digest(certificate, digest_evp(DIGEST_SHA256), digest, &size) == 1 && size == SHA256_SIZE)
        hex_text(span_of(digest, size), ret_text);
}

void trust_day(int64_t ms, char ret_day[static 16])
{
    char whole[CLOCK_TEXT_SIZE] = "";
    if (ms)
        clock_iso_vietnam(ms, whole);
    snprintf(ret_day, 16, "%.10s", whole);
}

static int64_t time_of(const ASN1_TIME *time)
{
    struct tm utc;
    return time && ASN1_TIME_to_tm(time, &utc) == 1 ? (int64_t)timegm(&utc) * 1000 : 0;
}

void trust_dates(X509 *certificate, int64_t *ret_from_ms, int64_t *ret_until_ms)
{
    *ret_from_ms = time_of(X509_get0_notBefore(certificate));
    *ret_until_ms = time_of(X509_get0_notAfter(certificate));
}

void trust_uses(unsigned uses, size_t room, char *ret_text)
{
    size_t at = 0;
    ret_text[0] = '\0';
    for (int use = 0; use < TRUST_USE_COUNT; use++)
        if (uses & 1u << use && at < room)
            at += (size_t)snprintf(ret_text + at, room - at, "%s%s", at ? ", " : "",
                                   trust_use_name((enum trust_use)use));
}

void trust_print(json_t *value)
{
    struct buffer line CLEANUP(buffer_clear) = {0};
    json_write(value, &line);
    json_decref(value);
    printf("%s\n", buffer_string(&line));
}

/* ---- list */

static unsigned uses_now(const struct trust_anchor *anchor, int64_t now_ms)
{
    unsigned uses = 0;
    for (unsigned use = 0; use < TRUST_USE_COUNT; use++)
        if (trust_anchor_in_force(anchor, 1u << use, now_ms))
            uses |= 1u << use;
    return uses;
}

static json_t *word_or_null(const char *word)
{
    return word[0] ? json_string(word) : json_null();
}

static json_t *uses_json(unsigned uses)
{
    json_t *list = json_array();
    for (int use = 0; use < TRUST_USE_COUNT; use++)
        if (uses & 1u << use)
            json_array_append_new(list, json_string(trust_use_name((enum trust_use)use)));
    return list;
}

static json_t *periods_json(const struct trust_anchor *anchor)
{
    json_t *list = json_array();
    for (size_t i = 0; i < anchor->period_count; i++) {
        const struct trust_period *period = &anchor->periods[i];
        char from[16], until[16];
        trust_day(period->from_ms, from);
        trust_day(period->until_ms, until);
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "from", word_or_null(from), "until",
                                              word_or_null(until), "uses", uses_json(period->uses), "status",
                                              word_or_null(period->status)));
    }
    return list;
}

static void print_anchor_json(const struct trust_anchor *anchor, int64_t now_ms)
{
    char name[TRUST_NAME_SIZE], fingerprint[FINGERPRINT_SIZE], from[16], until[16];
    int64_t from_ms, until_ms;
    certificate_name(X509_get_subject_name(anchor->certificate), sizeof(name), name);
    trust_fingerprint(anchor->certificate, fingerprint);
    trust_dates(anchor->certificate, &from_ms, &until_ms);
    trust_day(from_ms, from);
    trust_day(until_ms, until);
    trust_print(json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "subject", name,
                          "fingerprint", fingerprint, "tree", word_or_null(anchor->tree), "uses",
                          uses_json(uses_now(anchor, now_ms)), "not_before", from, "not_after", until,
                          "source", anchor->source, "kind", anchor->listed ? "list" : "file", "note",
                          word_or_null(anchor->note), "periods", periods_json(anchor)));
}

static void print_anchor(const struct trust_anchor *anchor, int64_t now_ms, enum language language)
{
    char name[TRUST_NAME_SIZE], fingerprint[FINGERPRINT_SIZE], from[16], until[16], uses[64];
    const struct text *tree = trust_tree_text(anchor->tree);
    int64_t from_ms, until_ms;
    certificate_name(X509_get_subject_name(anchor->certificate), sizeof(name), name);
    trust_fingerprint(anchor->certificate, fingerprint);
    trust_dates(anchor->certificate, &from_ms, &until_ms);
    trust_day(from_ms, from);
    trust_day(until_ms, until);
    trust_uses(uses_now(anchor, now_ms), sizeof(uses), uses);
    printf("%s\n    %s: %s%s%s%s\n    %s · %s … %s · %s\n    sha256 %s\n", name,
           language == LANGUAGE_VI ? "hệ thống" : "tree", anchor->tree[0] ? anchor->tree : "-",
           tree ? " (" : "",
           !tree                     ? ""
           : language == LANGUAGE_VI ? tree->vi
                                     : tree->en,
           tree ? ")" : "",
           uses[0]                   ? uses
           : language == LANGUAGE_VI ? "hiện không còn được tin"
                                     : "not trusted now",
           from, until, anchor->source, fingerprint);
}

static bool load(const char *asked, char **ret_directory, struct trust **ret_trust, struct error *err)
{
    if (!trust_directory(asked, ret_directory, err))
        return false;
    const char *paths[] = {*ret_directory};
    if (trust_load(paths, 1, ret_trust, err))
        return true;
    if (err->text != &TEXT_TRUST_NOTHING && access(*ret_directory, F_OK) == 0)
        return false;
    error_clear(err);
    return fail(err, ERR_NOT_FOUND, &TEXT_TRUST_EMPTY, *ret_directory);
}

static int list(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    const struct list_options *asked = given;
    char *directory CLEANUP(free_clear) = NULL;
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    if (!load(asked->directory, &directory, &trust, &err))
        return command_fail(&err, asked->json);
    int64_t now_ms = clock_now_ms(&clock_system);
    for (size_t i = 0; i < trust_anchor_count(trust); i++) {
        if (asked->json)
            print_anchor_json(trust_anchor_at(trust, i), now_ms);
        else
            print_anchor(trust_anchor_at(trust, i), now_ms, asked->english ? LANGUAGE_EN : LANGUAGE_VI);
    }
    return EXIT_YES;
}

/* ---- check */

enum { SOON_DAYS = 30 };
static const int64_t day_ms = 86400000;

struct checking {
    const struct list_options *asked;
    int64_t now_ms;
    size_t ended;
};

struct kind {
    const char *word, *vi, *en;
};
static const struct kind of_certificate = {"certificate", "Chứng thư", "Certificate"},
                         of_trust = {"trust", "Thời hạn tin cậy", "Trust in"},
                         of_list = {"list", "Danh sách tin cậy", "Trusted list"},
                         of_crl = {"crl", "Danh sách thu hồi", "Revocation list"};

/* What has ended, or will soon; `until_ms` 0 never does. */
static void check_end(struct checking *checking, const struct kind *what, const char *name, int64_t until_ms)
{
    char day[16];
    if (until_ms == 0 || until_ms > checking->now_ms + SOON_DAYS * day_ms)
        return;
    bool ended = until_ms <= checking->now_ms;
    trust_day(until_ms, day);
    checking->ended++;
    if (checking->asked->json)
        trust_print(json_pack("{s:s, s:s, s:s, s:b}", "what", what->word, "name", name, "until", day, "ended",
                              ended));
    else if (checking->asked->english)
        printf("%s %s: %s on %s\n", what->en, name, ended ? "ended" : "ends", day);
    else
        printf("%s %s: %s ngày %s\n", what->vi, name, ended ? "đã hết hạn" : "sẽ hết hạn", day);
}

static void check_anchor(struct checking *checking, const struct trust_anchor *anchor)
{
    char name[TRUST_NAME_SIZE];
    int64_t from_ms, until_ms;
    const struct trust_period *last = &anchor->periods[anchor->period_count - 1];
    if (last->uses == 0)
        return; /* withdrawn, and meant to be */
    certificate_name(X509_get_subject_name(anchor->certificate), sizeof(name), name);
    trust_dates(anchor->certificate, &from_ms, &until_ms);
    check_end(checking, &of_certificate, name, until_ms);
    check_end(checking, &of_trust, name, last->until_ms);
}

static void check_crl(struct checking *checking, X509_CRL *crl)
{
    char name[TRUST_NAME_SIZE];
    certificate_name(X509_CRL_get_issuer(crl), sizeof(name), name);
    check_end(checking, &of_crl, name, time_of(X509_CRL_get0_nextUpdate(crl)));
}

static int check(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    struct checking checking = {.asked = given, .now_ms = clock_now_ms(&clock_system)};
    char *directory CLEANUP(free_clear) = NULL;
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    if (!load(checking.asked->directory, &directory, &trust, &err))
        return command_fail(&err, checking.asked->json);
    if (trust_anchor_count(trust) == 0) {
        fail(&err, ERR_NOT_FOUND, &TEXT_TRUST_EMPTY, directory);
        return command_fail(&err, checking.asked->json);
    }
    for (size_t i = 0; i < trust_anchor_count(trust); i++)
        check_anchor(&checking, trust_anchor_at(trust, i));
    for (size_t i = 0; i < trust_list_count(trust); i++)
        check_end(&checking, &of_list, trust_list_at(trust, i)->name,
                  trust_list_at(trust, i)->next_update_ms);
    for (size_t i = 0; i < trust_crl_count(trust); i++)
        check_crl(&checking, trust_crl_at(trust, i)->crl);
    if (checking.ended == 0 && !checking.asked->json)
        printf(checking.asked->english
                   ? "%zu anchors, %zu trusted lists, %zu revocation lists: all in force.\n"
                   : "%zu gốc tin cậy, %zu danh sách tin cậy, %zu danh sách thu hồi: đều "
                     "còn hiệu lực.\n",
               trust_anchor_count(trust), trust_list_count(trust), trust_crl_count(trust));
    return checking.ended ? EXIT_NO : EXIT_YES;
}

const struct command command_trust_list = {
    .name = "trust list",
    .usage = "[--dir DIR] [--json]",
    .vi = "Liệt kê các gốc tin cậy",
    .en = "Lists what is trusted",
    .manual = list_manual,
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .size = sizeof(struct list_options),
    .run = list,
};
const struct command command_trust_check = {
    .name = "trust check",
    .usage = "[--dir DIR] [--json]",
    .vi = "Xem những gì được tin còn hiệu lực không",
    .en = "Tells whether what is trusted still holds",
    .manual = check_manual,
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .size = sizeof(struct list_options),
    .run = check,
};
