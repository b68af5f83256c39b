/* vanthu trust import: certificates, revocation lists and signed trusted lists into a directory of trust. */
#include <ctype.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/sink.h"
#include "command/command.h"
#include "command/command_text.h"
#include "command/places.h"
#include "command/trust.h"
#include "command/trust_text.h"
#include "signer/trust_conf.h"
#include "signer/trusted_list.h"

enum { MAX_WRITTEN = 4, CONF_MAX = 1 << 20 };

struct import_options {
    const char *directory, *name, *tree, *use, *from, *until, *note, *url, *signer;
    struct option_list fingerprints;
    bool anchor, yes, json;
};

#define WORD(name_, field_, argument_, meaning_)                                                             \
    {                                                                                                        \
        name_, OPTION_TEXT, false, offsetof(struct import_options, field_), argument_, meaning_              \
    }
#define SWITCH(name_, field_, meaning_)                                                                      \
    {                                                                                                        \
        name_, OPTION_SWITCH, false, offsetof(struct import_options, field_), NULL, meaning_                 \
    }

static const struct option options[] = {
    WORD("--dir", directory, "DIR", "the directory of trust; default ~/.config/vanthu/trust"),
    WORD("--tree", tree, "NAME", "the tree of authorities: cong-vu, cong-cong, or another name"),
    WORD("--use", use, "LIST", "signatures, seals, timestamps, ocsp; default all"),
    WORD("--from", from, "DAY", "trusted for what was signed from that day"),
    WORD("--until", until, "DAY", "up to that day"),
    WORD("--note", note, "TEXT", "for people"),
    SWITCH("--anchor", anchor, "trusted even when it is not self-signed"),
    WORD("--signer", signer, "FILE", "a trusted list: the certificate that must have signed it"),
    WORD("--url", url, "URL", "where successors of the list are, for update"),
    WORD("--name", name, "NAME", "what it is called in the directory; default: as the file"),
    {"--fingerprint", OPTION_LIST, false, offsetof(struct import_options, fingerprints), "SHA256",
     "of what is to be trusted, as its owner publishes it"},
    SWITCH("--yes", yes, "the fingerprints have been compared"),
    SWITCH("--json", json, "one JSON object for each, one a line"),
};

static const char manual[] =
    "Shows what would be trusted, with its SHA-256, and imports it when the fingerprint is\n"
    "given (or --yes). Compare it with what the authority publishes, by a way that nobody\n"
    "between can change. Certificates that are not self-signed only help to build paths, and\n"
    "revocation lists prove themselves: they need no fingerprint. A trusted list (ETSI TS\n"
    "119 612) is taken when --signer signed the whole of it; the fingerprint is the signer's.\n"
    "\n"
    "The directory holds the files and anchors.conf, which may be edited by hand.\n"
    "\n"
    "Exit codes: 0 imported, 1 shown but not confirmed, 65 not usable, 66 no such file.\n"
    "\n"
    "Examples:\n"
    "  vanthu trust import --tree cong-vu gca-root.crt\n"
    "  vanthu trust import --tree cong-vu --fingerprint 9f86d081…0a08 gca-root.crt\n"
    "  vanthu trust import --tree cong-cong --signer neac.crt --url https://… vn-tsl.xml --yes\n"
    "  vanthu trust import --url http://crl.example.vn/gca.crl gca.crl\n";

/* One file on its way in. */
struct import {
    const struct import_options *asked;
    const char *directory, *file;
    char name[64];
    struct buffer conf;         /* the sections that are added */
    char *written[MAX_WRITTEN]; /* to be taken back when the whole does not hold */
    size_t written_count;
};

static void import_clear(struct import *import)
{
    buffer_clear(&import->conf);
    for (size_t i = 0; i < import->written_count; i++)
        free(import->written[i]);
}

/* ---- names and files */

/* The file's own name without its ending, or what --name says. */
static bool choose_name(struct import *import, struct error *err)
{
    const char *given = import->asked->name, *slash = strrchr(import->file, '/');
    const char *base = given   ? given
                       : slash ? slash + 1
                               : import->file,
               *dot = given ? NULL : strrchr(base, '.');
    size_t size = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    bool good = size > 0 && size < sizeof(import->name) - 8 && isalnum((unsigned char)base[0]);
    for (size_t i = 0; i < size && good; i++)
        good = isalnum((unsigned char)base[i]) || strchr("._-", base[i]);
    snprintf(import->name, sizeof(import->name), "%.*s", (int)(good ? size : 0), base);
    return good || fail(err, ERR_USAGE, &TEXT_TRUST_NAME, base);
}

static bool write_file(struct import *import, const char *ending, struct span bytes, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    char name[96];
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    snprintf(name, sizeof(name), ending, import->name);
    if (!trust_path(import->directory, name, &path, err))
        return false;
    if (access(path, F_OK) == 0)
        return fail(err, ERR_EXISTS, &TEXT_TRUST_KNOWN, name);
    if (!out_file_open(path, false, &out, err) || !fd_write_all(out.fd, bytes, err)
        || !out_file_commit(&out, err))
        return false;
    import->written[import->written_count++] = TAKE(path);
    return true;
}

/* ---- anchors.conf */

static void add_setting(struct buffer *conf, const char *name, const char *value)
{
    if (value)
        buffer_format(conf, "%s = %s\n", name, value);
}

static void describe_anchor(struct import *import, const char *file)
{
    const struct import_options *asked = import->asked;
    if (!asked->tree && !asked->use && !asked->from && !asked->until && !asked->note && !asked->anchor)
        return;
    buffer_format(&import->conf, "\n[anchor \"%s\"]\n", file);
    add_setting(&import->conf, "tree", asked->tree);
    add_setting(&import->conf, "use", asked->use);
    add_setting(&import->conf, "from", asked->from);
    add_setting(&import->conf, "until", asked->until);
    add_setting(&import->conf, "note", asked->note);
    add_setting(&import->conf, "anchor", asked->anchor ? "yes" : NULL);
}

static bool replace_conf(const char *path, struct span text, struct error *err)
{
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    return out_file_open(path, true, &out, err) && fd_write_all(out.fd, text, err)
           && out_file_commit(&out, err);
}

/* The directory must hold as a whole afterwards; else everything is as before. */
static bool settle(struct import *import, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    struct buffer before CLEANUP(buffer_clear) = {0}, after CLEANUP(buffer_clear) = {0};
    struct trust *whole CLEANUP(trust_free) = NULL;
    const char *paths[] = {import->directory};
    if (!trust_path(import->directory, TRUST_CONF, &path, err))
        return false;
    bool had = access(path, F_OK) == 0;
    if (had && !file_read(path, CONF_MAX, &before, err))
        return false;
    buffer_append(&after, buffer_span(&before));
    buffer_append(&after, buffer_span(&import->conf));
    if ((import->conf.size == 0 || replace_conf(path, buffer_span(&after), err))
        && trust_load(paths, 1, &whole, err))
        return true;
    struct error again = {0};
    if (import->conf.size && !had)
        unlink(path);
    if (import->conf.size && had && !replace_conf(path, buffer_span(&before), &again))
        *err = again; /* worse than what went wrong first */
    return false;
}

/* ---- showing and confirming */

static bool same_fingerprint(const char *given, const char *wanted)
{
    for (; *given; given++) {
        if (strchr(": -", *given))
            continue;
        if (tolower((unsigned char)*given) != *wanted || !*wanted)
            return false;
        wanted++;
    }
    return *wanted == '\0';
}

static bool is_confirmed(const struct import_options *asked, const char *fingerprint)
{
    bool confirmed = asked->yes;
    for (size_t i = 0; i < asked->fingerprints.count; i++)
        confirmed |= same_fingerprint(asked->fingerprints.items[i], fingerprint);
    return confirmed;
}

/* Shows the certificate and what it would be. */
static void show_certificate(const struct import *import, X509 *certificate, const char *what)
{
    char name[TRUST_NAME_SIZE], issuer[TRUST_NAME_SIZE], fingerprint[FINGERPRINT_SIZE], from[16], until[16];
    int64_t from_ms, until_ms;
    certificate_name(X509_get_subject_name(certificate), sizeof(name), name);
    certificate_name(X509_get_issuer_name(certificate), sizeof(issuer), issuer);
    trust_fingerprint(certificate, fingerprint);
    trust_dates(certificate, &from_ms, &until_ms);
    trust_day(from_ms, from);
    trust_day(until_ms, until);
    if (import->asked->json)
        trust_print(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "file", import->file, "what", what,
                              "subject", name, "issuer", issuer, "not_before", from, "not_after", until,
                              "fingerprint", fingerprint));
    else
        printf("%s: %s\n    %s\n    issuer %s · %s … %s\n    sha256 %s\n", import->file, what, name, issuer,
               from, until, fingerprint);
}

/* False with an error, or confirmed or not. */
static bool confirm(const struct import *import, X509 *certificate, bool *confirmed, struct error *err)
{
    char fingerprint[FINGERPRINT_SIZE];
    trust_fingerprint(certificate, fingerprint);
    if (is_confirmed(import->asked, fingerprint))
        return true;
    if (import->asked->fingerprints.count > 0)
        return fail(err, ERR_REFUSED, &TEXT_TRUST_FINGERPRINT, import->file);
    *confirmed = false;
    return true;
}

/* ---- the three kinds */

static bool import_certificates(struct import *import, const struct certificates *list, bool *confirmed,
                                struct error *err)
{
    struct buffer pem CLEANUP(buffer_clear) = {0};
    BIO *bio = BIO_new(BIO_s_mem());
    bool good = bio != NULL || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < list->count && good; i++) {
        X509 *certificate CLEANUP(x509_clear) = NULL;
        good = certificate_read(buffer_span(&list->der[i]), &certificate, err);
        if (!good)
            break;
        bool anchor = import->asked->anchor || X509_self_signed(certificate, 0) == 1;
        show_certificate(import, certificate, anchor ? "anchor" : "intermediate");
        good = (!anchor || confirm(import, certificate, confirmed, err))
               && (PEM_write_bio_X509(bio, certificate) == 1 || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY));
    }
    char *text = NULL;
    long size = good ? BIO_get_mem_data(bio, &text) : 0;
    if (good)
        buffer_append(&pem, span_of(text, (size_t)size));
    BIO_free(bio);
    if (!good || !*confirmed)
        return good;
    char file[96];
    snprintf(file, sizeof(file), "%s.crt", import->name);
    describe_anchor(import, file);
    return write_file(import, "%s.crt", buffer_span(&pem), err);
}

static bool import_crl(struct import *import, struct span der, X509_CRL *crl, struct error *err)
{
    char issuer[TRUST_NAME_SIZE];
    certificate_name(X509_CRL_get_issuer(crl), sizeof(issuer), issuer);
    if (import->asked->json)
        trust_print(json_pack("{s:s, s:s, s:s}", "file", import->file, "what", "crl", "issuer", issuer));
    else
        printf("%s: crl\n    issuer %s\n", import->file, issuer);
    if (import->asked->url)
        buffer_format(&import->conf, "\n[crl \"%s.crl\"]\nurl = %s\n", import->name, import->asked->url);
    return write_file(import, "%s.crl", der, err);
}

static void show_list(const struct import *import, const struct trusted_list *list)
{
    char issued[16], next[16];
    trust_day(list->issued_ms, issued);
    trust_day(list->next_update_ms, next);
    if (import->asked->json)
        trust_print(json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:i}", "file", import->file, "what",
                              "list", "operator", list->operator_name, "territory", list->territory,
                              "sequence", (json_int_t)list->sequence, "issued", issued, "next_update", next,
                              "services", (int)list->service_count));
    else
        printf("%s: list\n    %s (%s) no. %lld · %s … %s · %zu services\n", import->file, list->operator_name,
               list->territory, (long long)list->sequence, issued, next, list->service_count);
}

static bool import_list(struct import *import, struct span xml, bool *confirmed, struct error *err)
{
    const struct import_options *asked = import->asked;
    struct certificates signers CLEANUP(certificates_clear) = {0};
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    struct buffer pinned CLEANUP(buffer_clear) = {0};
    char *lists CLEANUP(free_clear) = NULL;
    if (!asked->signer)
        return fail(err, ERR_USAGE, &TEXT_TRUST_SIGNER_NEEDED, import->file);
    if (!certificates_load(asked->signer, &signers, err) || !file_read(asked->signer, CONF_MAX, &pinned, err)
        || !trusted_list_open(xml, &signers, import->file, &list, err))
        return false;
    show_list(import, &list);
    for (size_t i = 0; i < signers.count; i++) {
        X509 *signer CLEANUP(x509_clear) = NULL;
        if (!certificate_read(buffer_span(&signers.der[i]), &signer, err))
            return false;
        show_certificate(import, signer, "signer");
        if (!confirm(import, signer, confirmed, err))
            return false;
    }
    if (!*confirmed)
        return true;
    buffer_format(&import->conf, "\n[list \"%s\"]\nfile = lists/%s.xml\nsigner = lists/%s.crt\n",
                  import->name, import->name, import->name);
    add_setting(&import->conf, "url", asked->url);
    add_setting(&import->conf, "tree", asked->tree);
    add_setting(&import->conf, "use", asked->use);
    return trust_path(import->directory, "lists", &lists, err) && make_directories(lists, err)
           && write_file(import, "lists/%s.xml", xml, err)
           && write_file(import, "lists/%s.crt", buffer_span(&pinned), err);
}

static X509_CRL *read_crl(struct span bytes)
{
    const unsigned char *at = bytes.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)bytes.size);
    if (!crl) {
        BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.size);
        crl = bio ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
        BIO_free(bio);
    }
    ERR_clear_error();
    return crl;
}

static bool import_bytes(struct import *import, struct span bytes, bool *confirmed, struct error *err)
{
    struct certificates list CLEANUP(certificates_clear) = {0};
    struct error no_certificate = {0};
    if (span_starts(span_trimmed(bytes), "<") || span_starts(bytes, "\xEF\xBB\xBF<"))
        return import_list(import, bytes, confirmed, err);
    X509_CRL *crl = read_crl(bytes);
    if (crl) {
        unsigned char *der = NULL;
        int size = i2d_X509_CRL(crl, &der);
        bool good = import_crl(import, span_of(der, size > 0 ? (size_t)size : 0), crl, err);
        OPENSSL_free(der);
        X509_CRL_free(crl);
        return good;
    }
    if (!certificates_load(import->file, &list, &no_certificate))
        return fail(err, ERR_MALFORMED, &TEXT_TRUST_KIND, import->file);
    return import_certificates(import, &list, confirmed, err);
}

static bool import_file(struct import *import, bool *confirmed, struct error *err)
{
    struct buffer whole CLEANUP(buffer_clear) = {0};
    if (!file_read(import->file, TRUST_MAX_FILE, &whole, err) || !choose_name(import, err))
        return false;
    if (import_bytes(import, buffer_span(&whole), confirmed, err)
        && (import->written_count == 0 || settle(import, err)))
        return true;
    for (size_t i = 0; i < import->written_count; i++)
        unlink(import->written[i]);
    return false;
}

/* What goes into anchors.conf stays on its line. */
static const char *unfit_value(const struct import_options *asked)
{
    const char *const values[] = {asked->tree,  asked->use,  asked->from,
                                  asked->until, asked->note, asked->url};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (values[i] && strpbrk(values[i], "\n\r"))
            return values[i];
    return NULL;
}

static int run(const void *given, const char *const *files, size_t count)
{
    const struct import_options *asked = given;
    char *directory CLEANUP(free_clear) = NULL;
    struct error err = {0};
    bool confirmed = true;
    if (unfit_value(asked))
        return command_usage(&command_trust_import, &TEXT_USAGE_VALUE, "--tree/--use/--note/--url",
                             unfit_value(asked));
    if (count > 1 && (asked->name || asked->url || asked->signer))
        return command_usage(&command_trust_import, &TEXT_TRUST_ONE, NULL, NULL);
    if (!trust_directory(asked->directory, &directory, &err) || !make_directories(directory, &err))
        return command_fail(&err, asked->json);
    int lock CLEANUP(fd_close) = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0)
        flock(lock, LOCK_EX); /* two at once would lose each other's lines of anchors.conf */
    for (size_t i = 0; i < count; i++) {
        bool this_one = true;
        struct import import CLEANUP(import_clear) = {
            .asked = asked, .directory = directory, .file = files[i]};
        if (!import_file(&import, &this_one, &err))
            return command_fail(&err, asked->json);
        confirmed &= this_one;
    }
    if (confirmed)
        return EXIT_YES;
    fflush(stdout); /* what is asked about comes first */
    fprintf(stderr, "vanthu: %s\n        %s\n", TEXT_TRUST_ASK.vi, TEXT_TRUST_ASK.en);
    return EXIT_NO;
}

const struct command command_trust_import = {
    .name = "trust import",
    .usage = "[--dir DIR] [--tree NAME] [--fingerprint SHA256|--yes] FILE…",
    .vi = "Thêm gốc tin cậy, danh sách tin cậy, danh sách thu hồi",
    .en = "Adds anchors, trusted lists and revocation lists",
    .manual = manual,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct import_options),
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
