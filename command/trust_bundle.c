/* vanthu trust bundle make, load: a directory of trust for offices without a network. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/sink.h"
#include "command/command.h"
#include "command/command_text.h"
#include "command/keys.h"
#include "command/places.h"
#include "command/trust.h"
#include "command/trust_text.h"
#include "signer/signer.h"
#include "signer/trust_bundle.h"
#include "signer/trust_text.h"

/* ---- make */

struct make_options {
    struct key_options key;
    const char *directory, *cache, *chain, *number, *out;
    bool force, json;
};

#define MAKE_WORD(name_, field_, needed_, argument_, meaning_)                                               \
    {                                                                                                        \
        name_, OPTION_TEXT, needed_, offsetof(struct make_options, field_), argument_, meaning_              \
    }

static const struct option make_options[] = {
    MAKE_WORD("--dir", directory, false, "DIR", "the directory of trust; default ~/.config/vanthu/trust"),
    MAKE_WORD("--key", key.uri, true, "URI", "the key that signs it: pkcs11:… or file:key.p12"),
    MAKE_WORD("--module", key.module, false, "FILE", "the PKCS#11 module; default: p11-kit's"),
    MAKE_WORD("--pin-file", key.pin_file, false, "FILE", "the file that holds the PIN"),
    MAKE_WORD("--chain", chain, false, "FILE|DIR", "intermediate certificates to put in"),
    MAKE_WORD("--cache", cache, false, "DIR", "revocation data that verify kept, to put in; default none"),
    MAKE_WORD("--number", number, false, "N", "greater than the last one's; default: the time, as digits"),
    MAKE_WORD("-o", out, true, "FILE", "the bundle"),
    {"--force", OPTION_SWITCH, false, offsetof(struct make_options, force), NULL,
     "replace an existing output"},
    {"--json", OPTION_SWITCH, false, offsetof(struct make_options, json), NULL, "the answer as JSON"},
};

static const char make_manual[] =
    "Puts the directory of trust (anchors, anchors.conf, trusted lists, revocation lists),\n"
    "and with --cache what verify fetched before, into one signed XML file, to be carried to\n"
    "an office without a network. Bring the directory up to date first.\n"
    "\n"
    "Examples:\n"
    "  vanthu trust update\n"
    "  vanthu trust bundle make --key 'pkcs11:token=So;object=con-dau' --pin-file pin \\\n"
    "      --cache ~/.cache/vanthu/revocation -o bundle.xml\n";

/* Adds the plain files of a folder whose names fit; others are no part of a bundle. */
static bool add_folder(struct trust_bundle *bundle, const char *path, const char *prefix, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    bool good = true;
    for (int i = 0; i < count; i++) {
        char *file CLEANUP(free_clear) = NULL;
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        struct stat about;
        char name[TRUST_BUNDLE_NAME];
        int size = snprintf(name, sizeof(name), "%s%s", prefix, entries[i]->d_name);
        bool fits = size > 0 && (size_t)size < sizeof(name) && trust_bundle_name_fits(name);
        good = good && (!fits || trust_path(path, entries[i]->d_name, &file, err));
        if (good && fits && stat(file, &about) == 0 && S_ISREG(about.st_mode))
            good = file_read(file, TRUST_BUNDLE_MAX_BYTES, &bytes, err)
                   && trust_bundle_add(bundle, name, buffer_span(&bytes), err);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool collect(const struct make_options *asked, struct trust_bundle *bundle, struct error *err)
{
    char *directory CLEANUP(free_clear) = NULL, *lists CLEANUP(free_clear) = NULL;
    struct trust *whole CLEANUP(trust_free) = NULL;
    if (!trust_directory(asked->directory, &directory, err) || !trust_path(directory, "lists", &lists, err))
        return false;
    const char *paths[] = {directory};
    if (!trust_load(paths, 1, &whole, err)) /* what does not hold here holds nowhere */
        return false;
    return add_folder(bundle, directory, "", err) && add_folder(bundle, lists, "lists/", err)
           && (!asked->cache || add_folder(bundle, asked->cache, "revocation/", err));
}

/* 20250314100500: grows with the time. */
static int64_t number_of_time(int64_t now_ms)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    int64_t day = (utc.tm_year + 1900) * 10000LL + (utc.tm_mon + 1) * 100 + utc.tm_mday;
    return day * 1000000 + utc.tm_hour * 10000 + utc.tm_min * 100 + utc.tm_sec;
}

static bool sign_bundle(const struct make_options *asked, const struct trust_bundle *bundle,
                        struct error *err)
{
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct certificates chain CLEANUP(certificates_clear) = {0};
    struct buffer xml CLEANUP(buffer_clear) = {0};
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    trust_bundle_write(bundle, &xml);
    if (xml.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!keys_open(&asked->key, &hsm, err) || !hsm_describe(hsm, asked->key.uri, &key, err)
        || (asked->chain && !certificates_load(asked->chain, &chain, err))
        || !out_file_open(asked->out, asked->force, &out, err))
        return false;
    const struct signing how = {.format = FORMAT_XADES,
                                .certificate = buffer_span(&key.certificate),
                                .chain = &chain,
                                .clock = &clock_system};
    const struct source document = source_of(buffer_span(&xml));
    struct sink sink = sink_fd(out.fd);
    return signer_sign(hsm, asked->key.uri, &how, &document, &sink, NULL, err) && sink_finish(&sink, err)
           && out_file_commit(&out, err);
}

static void say_bundle(const struct trust_bundle *bundle, const char *file, bool json)
{
    char made[CLOCK_TEXT_SIZE];
    clock_iso_vietnam(bundle->made_ms, made);
    if (json)
        trust_print(json_pack("{s:s, s:I, s:s, s:i}", "file", file, "number", (json_int_t)bundle->number,
                              "made", made, "files", (int)bundle->count));
    else
        printf("%s: no. %" PRId64 " · %s · %zu files\n", file, bundle->number, made, bundle->count);
}

static int make(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    const struct make_options *asked = given;
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
    struct error err = {0};
    char *end = NULL;
    bundle.made_ms = clock_now_ms(&clock_system);
    bundle.number = asked->number ? strtoll(asked->number, &end, 10) : number_of_time(bundle.made_ms);
    if (bundle.number <= 0 || (end && *end))
        return command_usage(&command_trust_bundle_make, &TEXT_USAGE_VALUE, "--number", asked->number);
    if (!collect(asked, &bundle, &err) || !sign_bundle(asked, &bundle, &err))
        return command_fail(&err, asked->json);
    say_bundle(&bundle, asked->out, asked->json);
    return EXIT_YES;
}

/* ---- load */

struct load_options {
    const char *directory, *cache, *signer;
    bool force, json;
};

#define LOAD_WORD(name_, field_, argument_, meaning_)                                                        \
    {                                                                                                        \
        name_, OPTION_TEXT, false, offsetof(struct load_options, field_), argument_, meaning_                \
    }

static const struct option load_options[] = {
    LOAD_WORD("--dir", directory, "DIR", "the directory of trust; default ~/.config/vanthu/trust"),
    LOAD_WORD("--signer", signer, "FILE",
              "the certificate of whoever makes bundles: remembered from then on"),
    LOAD_WORD("--cache", cache, "DIR", "where revocation data go; default ~/.cache/vanthu/revocation"),
    {"--force", OPTION_SWITCH, false, offsetof(struct load_options, force), NULL,
     "also one that is older than what is in force"},
    {"--json", OPTION_SWITCH, false, offsetof(struct load_options, json), NULL, "the answer as JSON"},
};

static const char load_manual[] =
    "Puts a bundle in force beside what was imported by hand, in place of the last one, in one\n"
    "step: a bundle that is not whole, or not signed by whom it should be, changes nothing.\n"
    "Whose signature that is, is said once with --signer; later bundles must bear the same.\n"
    "\n"
    "Exit codes: 0 in force, 65 refused, 66 no such file.\n"
    "\n"
    "Examples:\n"
    "  vanthu trust bundle load --signer so-noi-vu.crt bundle.xml\n"
    "  vanthu trust bundle load bundle.xml\n";

#define SIGNER_FILE "bundle.signer" /* no ending of a certificate: it anchors nothing */
enum { SIGNER_MAX = 1 << 20, BUNDLE_FILE_MAX = 32 << 20 };

/* Remembers whose signature bundles must bear. */
static bool pin(const char *path, const char *signer, struct error *err)
{
    struct buffer pem CLEANUP(buffer_clear) = {0};
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    return file_read(signer, SIGNER_MAX, &pem, err) && out_file_open(path, true, &out, err)
           && fd_write_all(out.fd, buffer_span(&pem), err) && out_file_commit(&out, err);
}

/* They verify themselves when they are read: a file that is damaged is forgotten. */
static bool fill_cache(const struct trust_bundle *bundle, const char *asked, struct error *err)
{
    char *cache CLEANUP(free_clear) = place_cache(asked);
    size_t size = strlen("revocation/");
    for (size_t i = 0; cache && i < bundle->count; i++) {
        char *path CLEANUP(free_clear) = NULL;
        struct out_file out CLEANUP(out_file_close) = {.fd = -1};
        if (strncmp(bundle->files[i].name, "revocation/", size) != 0)
            continue;
        if (!make_directories(cache, err) || !trust_path(cache, bundle->files[i].name + size, &path, err)
            || !out_file_open(path, true, &out, err)
            || !fd_write_all(out.fd, buffer_span(&bundle->files[i].bytes), err)
            || !out_file_commit(&out, err))
            return false;
    }
    return true;
}

static bool load_bundle(const struct load_options *asked, const char *directory, const char *file,
                        struct trust_bundle *ret_bundle, struct error *err)
{
    struct buffer xml CLEANUP(buffer_clear) = {0};
    struct certificates signers CLEANUP(certificates_clear) = {0};
    char *pinned CLEANUP(free_clear) = NULL;
    if (!trust_path(directory, SIGNER_FILE, &pinned, err) || !file_read(file, BUNDLE_FILE_MAX, &xml, err))
        return false;
    const char *signer = asked->signer ? asked->signer : pinned;
    if (!asked->signer && access(pinned, F_OK) != 0)
        return fail(err, ERR_USAGE, &TEXT_TRUST_BUNDLE_SIGNER);
    return certificates_load(signer, &signers, err)
           && trust_bundle_open(buffer_span(&xml), &signers, file, ret_bundle, err)
           && trust_bundle_install(ret_bundle, directory, asked->force, err)
           && (!asked->signer || pin(pinned, asked->signer, err))
           && fill_cache(ret_bundle, asked->cache, err);
}

static int load(const void *given, const char *const *files, size_t count)
{
    (void)count;
    const struct load_options *asked = given;
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
    char *directory CLEANUP(free_clear) = NULL;
    struct error err = {0};
    if (!trust_directory(asked->directory, &directory, &err) || !make_directories(directory, &err))
        return command_fail(&err, asked->json);
    int lock CLEANUP(fd_close) = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    if (!load_bundle(asked, directory, files[0], &bundle, &err))
        return command_fail(&err, asked->json);
    say_bundle(&bundle, files[0], asked->json);
    return EXIT_YES;
}

const struct command command_trust_bundle_make = {
    .name = "trust bundle make",
    .usage = "--key URI [--dir DIR] [--cache DIR] -o FILE",
    .vi = "Lập gói tin cậy ngoại tuyến",
    .en = "Makes an offline bundle",
    .manual = make_manual,
    .options = make_options,
    .option_count = COUNT_OF(make_options),
    .size = sizeof(struct make_options),
    .run = make,
};
const struct command command_trust_bundle_load = {
    .name = "trust bundle load",
    .usage = "[--signer FILE] [--dir DIR] [--force] FILE",
    .vi = "Dùng gói tin cậy ngoại tuyến",
    .en = "Puts an offline bundle in force",
    .manual = load_manual,
    .options = load_options,
    .option_count = COUNT_OF(load_options),
    .size = sizeof(struct load_options),
    .least = 1,
    .most = 1,
    .run = load,
};
