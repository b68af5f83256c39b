/* vanthu trust update: successors of trusted lists and revocation lists, from where they are published. */
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>

#include "base/base_text.h"
#include "base/fetch.h"
#include "base/sink.h"
#include "command/command.h"
#include "command/trust.h"
#include "command/trust_text.h"
#include "signer/trust_conf.h"
#include "signer/trusted_list.h"

struct update_options {
    const char *directory;
    bool allow_private, force, json;
};

static const struct option options[] = {
    {"--dir", OPTION_TEXT, false, offsetof(struct update_options, directory), "DIR",
     "the directory of trust; default ~/.config/vanthu/trust"},
    {"--allow-private", OPTION_SWITCH, false, offsetof(struct update_options, allow_private), NULL,
     "fetch from private and loopback addresses too"},
    {"--force", OPTION_SWITCH, false, offsetof(struct update_options, force), NULL,
     "take what is older than the copy at hand"},
    {"--json", OPTION_SWITCH, false, offsetof(struct update_options, json), NULL,
     "one JSON object for each, one a line"},
};

static const char manual[] =
    "Fetches every list and revocation list for which anchors.conf names an address. A list\n"
    "is taken when its pinned signer signed it and it is not older than the copy at hand, a\n"
    "revocation list when the issuer of the copy at hand signed it. What fails stays as it\n"
    "is. Run it daily, from cron or a systemd timer.\n"
    "\n"
    "Exit codes: 0 all is current, 1 one was refused, 66 nothing\n"
    "names an address, 69 one could not be fetched.\n"
    "\n"
    "Example:\n"
    "  vanthu trust update --dir /etc/vanthu/trust\n";

enum { FETCH_LIST_LIMIT = 32 << 20, FETCH_LIST_MS = 60000 };

struct update {
    const struct update_options *asked;
    const char *directory;
    size_t count;
    int result;
};

static bool get(const struct update *update, const char *url, struct buffer *ret_bytes, struct error *err)
{
    const struct fetch_request request = {.method = "GET",
                                          .url = url,
                                          .limit = FETCH_LIST_LIMIT,
                                          .deadline_ms = FETCH_LIST_MS,
                                          .allow_private = update->asked->allow_private};
    struct fetch_answer answer CLEANUP(fetch_answer_clear) = {0};
    char status[16];
    if (!fetch(&request, &answer, err))
        return false;
    snprintf(status, sizeof(status), "%d", answer.status);
    if (answer.status != 200)
        return fail(err, ERR_PEER_AWAY, &TEXT_TRUST_HTTP, url, status);
    *ret_bytes = answer.body;
    answer.body = (struct buffer){0};
    return true;
}

static bool put(const char *path, struct span bytes, struct error *err)
{
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    return out_file_open(path, true, &out, err) && fd_write_all(out.fd, bytes, err)
           && out_file_commit(&out, err);
}

/* TS 119 612, 5.3.2 and 5.3.14: numbers and dates only grow. */
static bool is_older(const struct trusted_list *fresh, const struct trusted_list *present)
{
    return fresh->issued_ms < present->issued_ms || fresh->sequence < present->sequence;
}

static bool update_list(const struct update *update, const struct trust_conf_list *conf, bool *ret_changed,
                        struct error *err)
{
    struct buffer before CLEANUP(buffer_clear) = {0}, after CLEANUP(buffer_clear) = {0};
    struct certificates signers CLEANUP(certificates_clear) = {0};
    struct trusted_list present CLEANUP(trusted_list_clear) = {0}, fresh CLEANUP(trusted_list_clear) = {0};
    if (!certificates_load(conf->signer, &signers, err)
        || !file_read(conf->file, TRUST_MAX_FILE, &before, err)
        || !trusted_list_read(buffer_span(&before), &present, err) || !get(update, conf->url, &after, err)
        || !trusted_list_open(buffer_span(&after), &signers, conf->url, &fresh, err))
        return false;
    *ret_changed = !span_equal(buffer_span(&before), buffer_span(&after));
    if (is_older(&fresh, &present) && !update->asked->force)
        return fail(err, ERR_CONFLICT, &TEXT_TRUST_ROLLBACK, conf->label);
    return !*ret_changed || put(conf->file, buffer_span(&after), err);
}

/* ---- revocation lists */

DEFINE_CLEANUP(X509_CRL *, crl_clear, X509_CRL_free)

static X509_CRL *read_crl(struct span bytes)
{
    const unsigned char *at = bytes.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)bytes.size);
    ERR_clear_error();
    return crl;
}

static int64_t made_at(const X509_CRL *crl)
{
    struct tm utc;
    return ASN1_TIME_to_tm(X509_CRL_get0_lastUpdate(crl), &utc) == 1 ? (int64_t)timegm(&utc) : 0;
}

/* Of that issuer's name, and signed by a key in the directory that has this name. */
static bool is_signed(const struct update *update, X509_CRL *crl, struct error *err)
{
    struct trust *trust CLEANUP(trust_free) = NULL;
    const char *paths[] = {update->directory};
    bool good = false;
    if (!trust_load(paths, 1, &trust, err))
        return false;
    for (size_t i = 0; i < trust_anchor_count(trust) && !good; i++) {
        X509 *anchor = trust_anchor_at(trust, i)->certificate;
        good = X509_NAME_cmp(X509_get_subject_name(anchor), X509_CRL_get_issuer(crl)) == 0
               && X509_CRL_verify(crl, X509_get0_pubkey(anchor)) == 1;
    }
    for (int i = 0; i < sk_X509_num(trust_intermediates(trust)) && !good; i++) {
        X509 *issuer = sk_X509_value(trust_intermediates(trust), i);
        good = X509_NAME_cmp(X509_get_subject_name(issuer), X509_CRL_get_issuer(crl)) == 0
               && X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
    }
    ERR_clear_error();
    return good;
}

static bool update_crl(const struct update *update, const struct trust_conf_crl *conf, bool *ret_changed,
                       struct error *err)
{
    struct buffer before CLEANUP(buffer_clear) = {0}, after CLEANUP(buffer_clear) = {0};
    char *path CLEANUP(free_clear) = NULL;
    if (!trust_path(update->directory, conf->file, &path, err)
        || !file_read(path, TRUST_MAX_FILE, &before, err) || !get(update, conf->url, &after, err))
        return false;
    X509_CRL *present CLEANUP(crl_clear) = read_crl(buffer_span(&before));
    X509_CRL *fresh CLEANUP(crl_clear) = read_crl(buffer_span(&after));
    if (!fresh || (present && X509_NAME_cmp(X509_CRL_get_issuer(fresh), X509_CRL_get_issuer(present)) != 0)
        || !is_signed(update, fresh, err))
        return err->code != ERR_NONE ? false : fail(err, ERR_REFUSED, &TEXT_TRUST_BAD_CRL, conf->url);
    *ret_changed = !span_equal(buffer_span(&before), buffer_span(&after));
    if (present && made_at(fresh) < made_at(present) && !update->asked->force)
        return fail(err, ERR_CONFLICT, &TEXT_TRUST_ROLLBACK, conf->file);
    return !*ret_changed || put(path, buffer_span(&after), err);
}

/* ---- all of it */

static void say(struct update *update, const char *name, bool good, bool changed, const struct error *err)
{
    update->count++;
    if (good && update->asked->json)
        trust_print(json_pack("{s:s, s:b}", "name", name, "changed", changed));
    else if (good)
        printf("%s: %s\n", name, changed ? "đã có bản mới / updated" : "không đổi / unchanged");
    if (good)
        return;
    fprintf(stderr, "%s:\n", name);
    int now = command_fail(err, update->asked->json);
    bool refused = err->code == ERR_REFUSED || err->code == ERR_CONFLICT || err->code == ERR_MALFORMED;
    if (update->result == EXIT_YES || refused)
        update->result = refused ? EXIT_NO : now;
}

static void update_all(struct update *update, const struct settings *conf)
{
    const void *const *entries;
    size_t count = settings_repeated(conf, "list", &entries);
    for (size_t i = 0; i < count; i++) {
        const struct trust_conf_list *list = entries[i];
        struct error err = {0};
        bool changed = false;
        if (!list->url)
            continue;
        bool good = update_list(update, list, &changed, &err);
        say(update, list->label, good, changed, &err);
    }
    count = settings_repeated(conf, "crl", &entries);
    for (size_t i = 0; i < count; i++) {
        const struct trust_conf_crl *crl = entries[i];
        struct error err = {0};
        bool changed = false;
        bool good = update_crl(update, crl, &changed, &err);
        say(update, crl->file, good, changed, &err);
    }
}

static int run(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    struct update update = {.asked = given};
    char *directory CLEANUP(free_clear) = NULL;
    struct settings *conf CLEANUP(settings_free) = NULL;
    struct error err = {0};
    if (!trust_directory(update.asked->directory, &directory, &err)
        || !trust_conf_read(directory, &conf, &err))
        return command_fail(&err, update.asked->json);
    update.directory = directory;
    int lock CLEANUP(fd_close) = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    if (conf)
        update_all(&update, conf);
    if (update.count == 0) {
        fail(&err, ERR_NOT_FOUND, &TEXT_TRUST_NOTHING_TO_UPDATE, directory);
        return command_fail(&err, update.asked->json);
    }
    return update.result;
}

const struct command command_trust_update = {
    .name = "trust update",
    .usage = "[--dir DIR] [--allow-private] [--json]",
    .vi = "Tải bản mới của danh sách tin cậy và danh sách thu hồi",
    .en = "Fetches successors of trusted lists and revocation lists",
    .manual = manual,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct update_options),
    .run = run,
};
