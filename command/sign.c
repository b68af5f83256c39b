/* vanthu sign: signs one or many files with a key that stays in its token, and has them timestamped. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/json.h"
#include "command/command.h"
#include "command/command_text.h"
#include "command/keys.h"
#include "signer/signer.h"

struct sign_options {
    struct key_options key;
    const char *format, *packaging, *level, *chain, *reason, *place, *digest, *out, *tsa_policy;
    struct option_list tsa, tsa_trust;
    bool force, json, level_fallback;
};

#define KEY_OPTION(name_, field_, argument_, meaning_)                                                       \
    {                                                                                                        \
        name_, OPTION_TEXT, false, offsetof(struct sign_options, field_), argument_, meaning_                \
    }

static const struct option options[] = {
    {"--key", OPTION_TEXT, true, offsetof(struct sign_options, key.uri), "URI",
     "pkcs11:token=…;object=… (RFC 7512), or file:key.p12"},
    KEY_OPTION("--module", key.module, "FILE", "the PKCS#11 module; default: p11-kit's"),
    KEY_OPTION("--pin-file", key.pin_file, "FILE", "the file that holds the PIN"),
    KEY_OPTION("--format", format, "pades|xades|cades|asic-s|asic-e", "default: by the file; PDF, XML"),
    KEY_OPTION("--packaging", packaging, "detached|enveloping", "cades: beside the file, or around it"),
    KEY_OPTION("--level", level, "B-B|B-T", "the baseline level; default: B-T with --tsa, else B-B"),
    {"--tsa", OPTION_LIST, false, offsetof(struct sign_options, tsa), "URL",
     "timestamp authority (RFC 3161); several are asked in this order"},
    {"--tsa-trust", OPTION_LIST, false, offsetof(struct sign_options, tsa_trust), "FILE|DIR",
     "roots that timestamps must lead to; default: not asked here"},
    KEY_OPTION("--tsa-policy", tsa_policy, "OID", "the policy timestamps must be made under"),
    {"--level-fallback", OPTION_SWITCH, false, offsetof(struct sign_options, level_fallback), NULL,
     "no authority to be had: sign at B-B, and say so"},
    KEY_OPTION("--digest", digest, "sha256", "sha256, sha384 or sha512"),
    KEY_OPTION("--chain", chain, "FILE|DIR", "intermediate certificates to put in"),
    KEY_OPTION("--reason", reason, "TEXT", "why it is signed"),
    KEY_OPTION("--place", place, "TEXT", "where it is signed"),
    {"-o", OPTION_TEXT, true, offsetof(struct sign_options, out), "OUT",
     "a file; a directory for several inputs"},
    {"--force", OPTION_SWITCH, false, offsetof(struct sign_options, force), NULL,
     "replace an existing output"},
    {"--json", OPTION_SWITCH, false, offsetof(struct sign_options, json), NULL,
     "one JSON object a file, one a line"},
};

static const char manual[] =
    "The key stays in its token; the PIN is read from a file and never shown or logged.\n"
    "A PDF is signed as PAdES-BASELINE-B by an update behind its end: what was there stays\n"
    "byte for byte, earlier signatures stay valid. XML is signed as XAdES-BASELINE-B inside\n"
    "its root. Any file can be signed as CAdES-BASELINE-B, beside it or around it (up to\n"
    "32 MB), or in a container of its own: ASiC-S, or ASiC-E with a manifest. In a directory\n"
    "these are called FILE.p7s, FILE.p7m, FILE.asics and FILE.asice.\n"
    "At level B-T a timestamp authority confirms when the signature was there, so that it\n"
    "stays provable after its certificate ends. Each authority has ten seconds; a wrong, late\n"
    "or forged answer is refused and the next one asked. When none is left, nothing is written\n"
    "(exit 69), unless --level-fallback lets the file be signed at B-B: stderr, and \"level\"\n"
    "with --json, then say so.\n"
    "Every product is checked before it appears; an output appears whole or not\n"
    "at all, and never over its input.\n"
    "\n"
    "Examples:\n"
    "  vanthu sign --key 'pkcs11:token=leader;object=leader' --pin-file pin \\\n"
    "      --chain ca.crt -o quyet-dinh.signed.pdf quyet-dinh.pdf\n"
    "  vanthu sign --key file:dev.p12 --pin-file pin -o signed/ *.pdf\n"
    "  vanthu sign --key file:dev.p12 --pin-file pin --format cades -o so-lieu.xlsx.p7s so-lieu.xlsx\n"
    "  vanthu verify --trust root.crt --content so-lieu.xlsx so-lieu.xlsx.p7s\n"
    "  vanthu sign --key file:dev.p12 --pin-file pin --format asic-e -o signed/ *.docx\n"
    "  vanthu sign --key 'pkcs11:token=leader;object=leader' --pin-file pin --level B-T \\\n"
    "      --tsa http://tsa.ca.gov.vn --tsa http://tsa.example.vn -o signed/ *.pdf\n"
    "\n"
    "Exit codes: 0 all signed, 65 a document is refused, 66 no such file or key, 69 the\n"
    "token or every timestamp authority is away, 75 try again.\n";

/* What the options are read into. */
struct wish {
    struct signing how;
    struct timestamp_authorities authorities;
    struct trust *tsa_trust;
    struct certificates chain;
};

static void wish_clear(struct wish *wish)
{
    trust_free(&wish->tsa_trust);
    certificates_clear(&wish->chain);
}

static const uint64_t DOCUMENT_MAX = (uint64_t)64 << 30;

static bool read_digest(const char *name, enum digest_algorithm *ret_algorithm)
{
    for (int i = DIGEST_SHA256; i <= DIGEST_SHA512; i++)
        if (!name || strcmp(name, digest_name((enum digest_algorithm)i)) == 0) {
            *ret_algorithm = (enum digest_algorithm)i;
            return true;
        }
    return false;
}

/* 0, or the exit code of wrong usage. */
static int read_how(const struct sign_options *asked, struct signing *ret_how)
{
    struct signing how = {.clock = &clock_system, .reason = asked->reason, .place = asked->place};
    if (asked->format && !signature_format_read(asked->format, &how.format))
        return command_usage(&command_sign, &TEXT_USAGE_VALUE, "--format", asked->format);
    if (asked->packaging && !signature_packaging_read(asked->packaging, &how.packaging))
        return command_usage(&command_sign, &TEXT_USAGE_VALUE, "--packaging", asked->packaging);
    how.level = asked->tsa.count ? LEVEL_B_T : LEVEL_B_B;
    if (asked->level && !signature_level_read(asked->level, &how.level))
        return command_usage(&command_sign, &TEXT_USAGE_VALUE, "--level", asked->level);
    if (how.level > LEVEL_B_B && asked->tsa.count == 0)
        return command_usage(&command_sign, &TEXT_USAGE_NEEDED, "--tsa", NULL);
    how.fall_back = asked->level_fallback;
    if (!read_digest(asked->digest, &how.digest))
        return command_usage(&command_sign, &TEXT_USAGE_VALUE, "--digest", asked->digest);
    *ret_how = how;
    return 0;
}

static bool is_directory(const char *path)
{
    struct stat about;
    size_t size = strlen(path);
    return (size > 0 && path[size - 1] == '/') || (stat(path, &about) == 0 && S_ISDIR(about.st_mode));
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* `ending` is for a name of our own choice. */
static bool output_path(const struct sign_options *asked, const char *input, size_t count, const char *ending,
                        char **ret_path, struct error *err)
{
    bool directory = is_directory(asked->out);
    if (count > 1 && !directory)
        return fail(err, ERR_USAGE, &TEXT_OUT_DIRECTORY, asked->out);
    if (directory && mkdir(asked->out, 0777) != 0 && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_OUT_UNMADE, asked->out);
        return error_errno(err, "mkdir");
    }
    char *path CLEANUP(free_clear) = NULL;
    size_t size = strlen(asked->out);
    if (asprintf(&path, directory ? "%s%s%s%s" : "%s", asked->out,
                 size > 0 && asked->out[size - 1] == '/' ? "" : "/", name_of(input), ending)
        < 0) {
        path = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_OUT_UNMADE, asked->out);
    }
    if (command_same_file(input, path))
        return fail(err, ERR_USAGE, &TEXT_OUT_IS_INPUT, path);
    *ret_path = TAKE(path);
    return true;
}

static void say_signed(const struct sign_options *asked, const char *input, const char *path, uint64_t size,
                       const struct reached *reached)
{
    char line[512];
    if (reached->why.code) {
        fprintf(stderr, "%s: %s\n        %s\n", path, TEXT_SIGNED_LOWER.vi, TEXT_SIGNED_LOWER.en);
        fprintf(stderr, "        (%s)\n", error_sentence(&reached->why, LANGUAGE_EN, sizeof(line), line));
    }
    if (!asked->json) {
        printf("%s\n", path);
        return;
    }
    struct buffer text CLEANUP(buffer_clear) = {0};
    json_t *said CLEANUP(json_clear) =
        json_pack("{s:s, s:s, s:I, s:s}", "file", input, "signed", path, "size", (json_int_t)size, "level",
                  signature_level_name(reached->level));
    json_write(said, &text);
    printf("%s\n", buffer_string(&text));
}

static bool sign_file(const struct sign_options *asked, struct hsm *hsm, const struct signing *how_given,
                      const char *input, size_t count, struct error *err)
{
    struct signing with_name = *how_given, *how = &with_name;
    struct signature_product product;
    char *path CLEANUP(free_clear) = NULL;
    struct source document CLEANUP(source_close) = {.fd = -1};
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    how->document_name = name_of(input);
    if (!source_open(input, NULL, DOCUMENT_MAX, &document, err)
        || !signer_product(how, &document, &product, err)
        || !output_path(asked, input, count, product.ending, &path, err)
        || !out_file_open(path, asked->force, &out, err))
        return false;
    struct sink signed_document = sink_fd(out.fd);
    struct reached reached;
    if (!signer_sign(hsm, asked->key.uri, how, &document, &signed_document, &reached, err)
        || !sink_finish(&signed_document, err) || !out_file_commit(&out, err))
        return false;
    say_signed(asked, input, path, signed_document.written, &reached);
    return true;
}

static int sign_all(const struct sign_options *asked, struct hsm *hsm, const struct signing *how,
                    const char *const *files, size_t count)
{
    int result = EXIT_YES;
    struct progress progress = progress_start("sign");
    for (size_t i = 0; i < count; i++) {
        struct error err = {0};
        progress_show(&progress, i, count);
        if (!sign_file(asked, hsm, how, files[i], count, &err)) {
            progress_end(&progress);
            fprintf(stderr, "%s:\n", files[i]);
            result = command_fail(&err, asked->json);
        }
    }
    progress_end(&progress);
    return result;
}

static bool read_files(const struct sign_options *asked, struct wish *wish, struct error *err)
{
    if ((asked->chain && !certificates_load(asked->chain, &wish->chain, err))
        || (asked->tsa_trust.count
            && !trust_load(asked->tsa_trust.items, asked->tsa_trust.count, &wish->tsa_trust, err)))
        return false;
    wish->authorities = (struct timestamp_authorities){.urls = asked->tsa.items,
                                                       .url_count = asked->tsa.count,
                                                       .policy = asked->tsa_policy,
                                                       .trust = wish->tsa_trust};
    wish->how.chain = &wish->chain;
    wish->how.authorities = &wish->authorities;
    return true;
}

static int run(const void *options_given, const char *const *files, size_t count)
{
    const struct sign_options *asked = options_given;
    struct wish wish CLEANUP(wish_clear) = {0};
    int wrong = read_how(asked, &wish.how);
    if (wrong)
        return wrong;
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct error err = {0};
    if (!keys_open(&asked->key, &hsm, &err) || !hsm_describe(hsm, asked->key.uri, &key, &err)
        || !read_files(asked, &wish, &err))
        return command_fail(&err, asked->json);
    wish.how.certificate = buffer_span(&key.certificate);
    return sign_all(asked, hsm, &wish.how, files, count);
}

const struct command command_sign = {
    .name = "sign",
    .usage = "--key URI [--module P] [--pin-file F] [--chain F] [--tsa URL]… -o OUT IN…",
    .vi = "Ký số tệp PDF, XML và tệp bất kỳ bằng khóa trong thiết bị, kèm dấu thời gian nếu cần",
    .en = "Signs PDF, XML and any other files with a key in a token, timestamped if wanted",
    .manual = manual,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct sign_options),
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
