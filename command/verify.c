/* vanthu verify: a verdict for every signature of every file. */
#include <stdio.h>

#include "base/json.h"
#include "base/sink.h"
#include "command/command.h"
#include "command/command_text.h"
#include "command/places.h"
#include "command/verify_report.h"
#include "signer/checker.h"
#include "signer/lookup.h"
#include "signer/policy.h"
#include "signer/signer_text.h"

struct verify_options {
    struct option_list trust, content;
    const char *at, *report, *policy, *cache, *revision, *output, *chain;
    struct key_options key; /* that signs the report */
    bool json, english, offline, allow_private, force;
};

static const struct option options[] = {
    {"--trust", OPTION_LIST, false, offsetof(struct verify_options, trust), "FILE|DIR",
     "anchors (and CRLs) in PEM or DER, or a directory of trust; may be repeated; default\n"
     "                             ~/.config/vanthu/trust, when it is there (see vanthu trust)"},
    {"--content", OPTION_LIST, false, offsetof(struct verify_options, content), "FILE",
     "what a detached signature is about; found by its name where a signature names it"},
    {"--at", OPTION_TEXT, false, offsetof(struct verify_options, at), "TIME",
     "judge as of then: 2025-03-14T10:05:00+07:00; default now"},
    {"--policy", OPTION_TEXT, false, offsetof(struct verify_options, policy), "NAME|FILE",
     "mac-dinh (default), van-ban, ban-sao, so-hoa, phu-luc, or a file of your own"},
    {"--offline", OPTION_SWITCH, false, offsetof(struct verify_options, offline), NULL,
     "fetch nothing; revocation data kept earlier are used"},
    {"--cache", OPTION_TEXT, false, offsetof(struct verify_options, cache), "DIR",
     "where revocation data are kept; default ~/.cache/vanthu/revocation"},
    {"--allow-private", OPTION_SWITCH, false, offsetof(struct verify_options, allow_private), NULL,
     "fetch from private and loopback addresses too: for authorities in one's own network"},
    {"--extract-revision", OPTION_TEXT, false, offsetof(struct verify_options, revision), "N",
     "save revision N of a PDF, what its signer saw, under the name after -o"},
    {"-o", OPTION_TEXT, false, offsetof(struct verify_options, output), "FILE",
     "where the revision or the report goes"},
    {"--force", OPTION_SWITCH, false, offsetof(struct verify_options, force), NULL,
     "replace the file after -o when it exists"},
    {"--report", OPTION_TEXT, false, offsetof(struct verify_options, report), "KIND",
     "simple: one screen (default); detailed: the tree of checks; etsi: XML of ETSI TS 119 102-2; pdf"},
    {"--key", OPTION_TEXT, false, offsetof(struct verify_options, key.uri), "URI",
     "the key that signs the report (pdf, etsi): pkcs11:token=…;object=…, or file:key.p12"},
    {"--module", OPTION_TEXT, false, offsetof(struct verify_options, key.module), "FILE",
     "its PKCS#11 module; default: p11-kit's"},
    {"--pin-file", OPTION_TEXT, false, offsetof(struct verify_options, key.pin_file), "FILE",
     "the file that holds its PIN"},
    {"--chain", OPTION_TEXT, false, offsetof(struct verify_options, chain), "FILE|DIR",
     "intermediate certificates to put into the report's signature"},
    {"--english", OPTION_SWITCH, false, offsetof(struct verify_options, english), NULL,
     "the report in English"},
    {"--json", OPTION_SWITCH, false, offsetof(struct verify_options, json), NULL,
     "one JSON object a file, one a line"},
};

static const char manual[] =
    "The files are looked at in a process of its own that can open nothing else.\n"
    "No root is shipped: without --trust, and with nothing imported by vanthu trust import,\n"
    "every chain ends at an unknown authority.\n"
    "Changes after signing that are not simply one more signature are never passed.\n"
    "Revocation lists and OCSP answers that a document does not bring along are fetched\n"
    "from where its certificates say, and kept until their next update.\n"
    "\n"
    "Exit codes: 0 every signature of every file is TOTAL-PASSED, 1 one is TOTAL-FAILED,\n"
    "2 nothing certain can be said (no signature at all too), 65 not a PDF, XML, CMS or\n"
    "ZIP file, 66 no such file.\n"
    "\n"
    "Examples:\n"
    "  vanthu verify --trust root.crt quyet-dinh.pdf\n"
    "  vanthu verify --trust /etc/vanthu/anchors --json *.pdf *.xml\n"
    "  vanthu verify --trust root.crt --at 2025-03-14 cong-van.pdf\n"
    "  vanthu verify --trust root.crt --content bao-cao.docx bao-cao.p7s\n"
    "  vanthu verify --trust root.crt --report pdf -o ket-qua.pdf --key 'pkcs11:token=agency;object=agency' "
    "\\\n"
    "      --pin-file pin quyet-dinh.pdf\n"
    "  vanthu verify --trust root.crt --extract-revision 1 -o da-ky.pdf quyet-dinh.pdf\n";

enum { FILE_MAX_GB = 64 };

/* What stands after some files: no beats a failure to look, which beats unsure, which beats yes. */
static int worse(int so_far, int now)
{
    if (so_far == EXIT_NO || now == EXIT_NO)
        return EXIT_NO;
    if (so_far >= EXIT_USAGE || now >= EXIT_USAGE)
        return so_far >= EXIT_USAGE ? so_far : now;
    return so_far == EXIT_UNSURE ? so_far : now;
}

static void print_json(json_t *value)
{
    struct buffer line CLEANUP(buffer_clear) = {0};
    json_write(value, &line);
    json_decref(value);
    printf("%s\n", buffer_string(&line));
    fflush(stdout);
}

static int say_error(const struct verify_options *asked, const char *path, const struct error *err)
{
    if (asked->json)
        print_json(report_error_json(path, err));
    fprintf(stderr, "%s:\n", path);
    return command_fail(err, false);
}

/* What all files of one command share. */
struct verifying {
    const struct verify_options *asked;
    struct trust *trust;
    struct checker_pool *pool;
    struct lookup *lookup;
    struct policy judged_by;
    struct buffer policy; /* the same, for the checker; empty: the default */
    struct source contents[OPTION_LIST_MAX];
    struct checker_content named[OPTION_LIST_MAX];
    struct checker_job job;
    unsigned revision; /* to be saved; 0: none */
};

static void verifying_clear(struct verifying *verifying)
{
    checker_pool_close(&verifying->pool);
    lookup_close(&verifying->lookup);
    trust_free(&verifying->trust);
    buffer_clear(&verifying->policy);
    for (size_t i = 0; i < verifying->job.content_count; i++)
        source_close(&verifying->contents[i]);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool open_contents(struct verifying *verifying, struct error *err)
{
    const struct option_list *paths = &verifying->asked->content;
    for (size_t i = 0; i < paths->count; i++) {
        if (!source_open(paths->items[i], NULL, (uint64_t)FILE_MAX_GB << 30, &verifying->contents[i], err))
            return false;
        verifying->named[i] = (struct checker_content){name_of(paths->items[i]), &verifying->contents[i]};
        verifying->job.content_count++;
    }
    verifying->job.contents = verifying->named;
    return true;
}

static bool open_policy(struct verifying *verifying, struct error *err)
{
    verifying->judged_by = *policy_default();
    if (!verifying->asked->policy)
        return true;
    if (!policy_load(verifying->asked->policy, &verifying->judged_by, err))
        return false;
    policy_write(&verifying->judged_by, &verifying->policy);
    verifying->job.policy = buffer_span(&verifying->policy);
    return true;
}

static bool open_lookup(struct verifying *verifying, struct error *err)
{
    char *cache CLEANUP(free_clear) = place_cache(verifying->asked->cache);
    const struct lookup_settings settings = {.cache = cache,
                                             .offline = verifying->asked->offline,
                                             .allow_private = verifying->asked->allow_private};
    return lookup_open(&settings, &verifying->lookup, err);
}

/* What was asked for, else what was imported before, if anything was. */
static bool open_trust(struct verifying *verifying, struct error *err)
{
    const struct option_list *asked = &verifying->asked->trust;
    char *usual CLEANUP(free_clear) = asked->count ? NULL : place_trust(NULL);
    const char *const usually[] = {usual};
    if (usual && access(usual, F_OK) == 0) {
        if (trust_load(usually, 1, &verifying->trust, err))
            return true;
        if (err->text != &TEXT_TRUST_NOTHING) /* there, and empty: nobody is trusted yet */
            return false;
        error_clear(err);
    }
    return trust_load(asked->items, asked->count, &verifying->trust, err);
}

static bool open_all(struct verifying *verifying, struct error *err)
{
    /* the pool before anything else: see its settings */
    if (!checker_pool_open(&(struct checker_settings){.count = 1, .copies = true}, &verifying->pool, err)
        || !open_trust(verifying, err) || !open_contents(verifying, err) || !open_policy(verifying, err)
        || !open_lookup(verifying, err))
        return false;
    checker_pool_trust(verifying->pool, verifying->trust);
    return true;
}

/* ISO 32000-1, 12.8.1: what a signature covers is the file up to the end of its revision. */
static bool save_revision(const struct verifying *verifying, const struct source *document,
                          const struct verdict *verdict, struct error *err)
{
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    unsigned at = verifying->revision - verdict->first_revision;
    if (!verifying->revision)
        return true;
    if (verifying->revision < verdict->first_revision || at >= verdict->revision_count
        || verdict->revisions[at].end > document->bytes.size)
        return fail(err, ERR_NOT_FOUND, &TEXT_NO_REVISION, verifying->asked->revision);
    return out_file_open(verifying->asked->output, verifying->asked->force, &out, err)
           && fd_write_all(out.fd, span_slice(document->bytes, 0, verdict->revisions[at].end), err)
           && out_file_commit(&out, err);
}

static bool say_report(const struct verifying *verifying, const struct source *document, const char *path,
                       const struct verdict *verdict, struct error *err)
{
    const struct verify_options *asked = verifying->asked;
    const struct report_wish wish = {.kind = report_kind_of(asked->report),
                                     .language = asked->english ? LANGUAGE_EN : LANGUAGE_VI,
                                     .output = asked->revision ? NULL : asked->output,
                                     .force = asked->force,
                                     .key = asked->key,
                                     .chain = asked->chain};
    struct report_about about = {
        .file = path, .at_ms = verifying->job.at_ms, .policy = verifying->judged_by.name};
    if (asked->json)
        print_json(report_json(path, verdict));
    if (asked->json && !wish.output)
        return true;
    if (wish.kind == REPORT_ETSI || wish.kind == REPORT_PDF)
        about.digest = digest_of(DIGEST_SHA256, document->bytes);
    if (!verify_report(&wish, &about, verdict, err))
        return false;
    if (wish.output && !asked->json)
        printf("%s\n", wish.output);
    return true;
}

static int verify_file(const struct verifying *verifying, const char *path)
{
    static const int exits[] = {
        [INDETERMINATE] = EXIT_UNSURE, [TOTAL_PASSED] = EXIT_YES, [TOTAL_FAILED] = EXIT_NO};
    const struct verify_options *asked = verifying->asked;
    struct source document CLEANUP(source_close) = {.fd = -1};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct checker_job job = verifying->job;
    struct error err = {0};
    job.document = &document;
    if (!source_open(path, NULL, (uint64_t)FILE_MAX_GB << 30, &document, &err)
        || !lookup_check(verifying->lookup, verifying->pool, &job, &verdict, &err)
        || !save_revision(verifying, &document, &verdict, &err))
        return say_error(asked, path, &err);
    if (!say_report(verifying, &document, path, &verdict, &err))
        return command_fail(&err, false);
    return exits[verdict_overall(&verdict)];
}

/* -o takes one thing of one file: the revision, or the report. */
static int check_output(const struct verify_options *asked, const char *const *files, size_t count)
{
    enum report_kind kind = report_kind_of(asked->report);
    if (kind == REPORT_KINDS)
        return command_usage(&command_verify, &TEXT_USAGE_VALUE, "--report", asked->report);
    if ((asked->revision || kind == REPORT_PDF || asked->key.uri) && !asked->output)
        return command_usage(&command_verify, &TEXT_USAGE_NEEDED, "-o", NULL);
    if (asked->output && !asked->revision && !asked->report)
        return command_usage(&command_verify, &TEXT_USAGE_NEEDED, "--report", NULL);
    if (asked->key.uri && kind != REPORT_PDF && kind != REPORT_ETSI)
        return command_usage(&command_verify, &TEXT_USAGE_NEEDED, "--report pdf|etsi", NULL);
    if (asked->output && (count > 1 || (asked->revision && asked->report)))
        return command_usage(&command_verify, &TEXT_USAGE_ONE_FILE, NULL, NULL);
    if (asked->output && command_same_file(asked->output, files[0]))
        return command_usage(&command_verify, &TEXT_OUT_IS_INPUT, asked->output, NULL);
    return EXIT_YES;
}

/* What the options say together; EXIT_YES when it makes sense. */
static int read_options(const struct verify_options *asked, const char *const *files, size_t count,
                        struct verifying *verifying)
{
    char *end = NULL;
    verifying->asked = asked;
    verifying->job.at_ms = clock_now_ms(&clock_system);
    if (asked->at && !clock_read(asked->at, &verifying->job.at_ms))
        return command_usage(&command_verify, &TEXT_USAGE_TIME, "--at", asked->at);
    if (asked->revision) {
        unsigned long revision = strtoul(asked->revision, &end, 10);
        if (revision == 0 || revision > VERDICT_MAX_REVISIONS || *end)
            return command_usage(&command_verify, &TEXT_USAGE_VALUE, "--extract-revision", asked->revision);
        verifying->revision = (unsigned)revision;
    }
    return check_output(asked, files, count);
}

static int run(const void *options_given, const char *const *files, size_t count)
{
    struct verifying verifying CLEANUP(verifying_clear) = {0};
    struct error err = {0};
    int result = read_options(options_given, files, count, &verifying);
    if (result != EXIT_YES)
        return result;
    if (!open_all(&verifying, &err))
        return command_fail(&err, verifying.asked->json);
    struct progress progress = progress_start("verify");
    for (size_t i = 0; i < count; i++) {
        progress_show(&progress, i, count);
        int now = verify_file(&verifying, files[i]);
        result = i == 0 ? now : worse(result, now);
    }
    progress_end(&progress);
    return result;
}

const struct command command_verify = {
    .name = "verify",
    .usage =
        "[--trust FILE|DIR]… [--content FILE]… [--policy NAME|FILE] [--at TIME] [--offline] [--json] FILE…",
    .vi = "Kiểm tra chữ ký số của tệp PDF, XML, CMS, ASiC",
    .en = "Checks the signatures of PDF, XML, CMS and ASiC files",
    .manual = manual,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct verify_options),
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
