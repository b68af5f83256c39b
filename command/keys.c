/* vanthu keys: which keys the tokens show, and whether one really signs. */
#include "command/keys.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "command/command.h"

struct keys_options {
    struct key_options key;
    bool json;
};

bool keys_open(const struct key_options *options, struct hsm **ret_hsm, struct error *err)
{
    const struct hsm_settings settings = {.module = options->module, .pin_file = options->pin_file};
    return hsm_open(&settings, ret_hsm, err);
}

#define TEXT_OPTION(name_, field_, needed_, argument_, meaning_)                                             \
    {                                                                                                        \
        name_, OPTION_TEXT, needed_, offsetof(struct keys_options, field_), argument_, meaning_              \
    }

static const struct option list_options[] = {
    TEXT_OPTION("--module", key.module, false, "FILE", "the PKCS#11 module; default: p11-kit's"),
    TEXT_OPTION("--pin-file", key.pin_file, false, "FILE", "the file that holds the PIN"),
    {"--json", OPTION_SWITCH, false, offsetof(struct keys_options, json), NULL,
     "one JSON object a key, one a line"},
};
static const struct option test_options[] = {
    TEXT_OPTION("--key", key.uri, true, "URI", "the key: pkcs11:… or file:key.p12"),
    TEXT_OPTION("--module", key.module, false, "FILE", "the PKCS#11 module; default: p11-kit's"),
    TEXT_OPTION("--pin-file", key.pin_file, false, "FILE", "the file that holds the PIN"),
    {"--json", OPTION_SWITCH, false, offsetof(struct keys_options, json), NULL, "the answer as JSON"},
};

static const char list_manual[] =
    "Each key is shown with the URI that names it for sign, its kind, and whether a\n"
    "certificate lies beside it. Without a PIN file only what the token shows to anybody.\n"
    "\n"
    "Example:\n"
    "  vanthu keys list --module /usr/lib/softhsm/libsofthsm2.so --pin-file pin\n";
static const char test_manual[] =
    "Signs a random digest with SHA-256, 384 and 512 and checks each signature against the\n"
    "key's certificate. Exit code 0: it signs; 69: the token is away or its PIN blocked.\n"
    "\n"
    "Example:\n"
    "  vanthu keys test --key 'pkcs11:token=leader;object=leader' --pin-file pin\n";

static const char *kind_of(const struct key_description *key, char *ret_text, size_t room)
{
    snprintf(ret_text, room, key->algorithm == KEY_RSA ? "RSA-%u" : "EC P-%u", key->bits);
    return ret_text;
}

static void print_line(json_t *value)
{
    struct buffer line CLEANUP(buffer_clear) = {0};
    json_write(value, &line);
    json_decref(value);
    printf("%s\n", buffer_string(&line));
}

static void print_key(const struct key_description *key, bool json)
{
    char kind[32], subject[512] = "";
    X509 *certificate CLEANUP(x509_clear) = NULL;
    struct error err = {0};
    if (key->certificate.size && certificate_read(buffer_span(&key->certificate), &certificate, &err))
        certificate_name(X509_get_subject_name(certificate), sizeof(subject), subject);
    kind_of(key, kind, sizeof(kind));
    if (json)
        print_line(json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s}", "uri", key->uri, "token", key->token,
                             "label", key->label, "serial", key->serial, "kind", kind, "certificate",
                             certificate != NULL, "subject", subject));
    else
        printf("%s\n    %s, %s\n", key->uri, kind, certificate ? subject : "no certificate beside it");
}

static int list(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    const struct keys_options *asked = given;
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct key_description *keys = NULL;
    size_t key_count = 0;
    struct error err = {0};
    if (!keys_open(&asked->key, &hsm, &err) || !hsm_list(hsm, &keys, &key_count, &err))
        return command_fail(&err, asked->json);
    for (size_t i = 0; i < key_count; i++) {
        print_key(&keys[i], asked->json);
        key_description_clear(&keys[i]);
    }
    free(keys);
    if (key_count == 0)
        fprintf(stderr, "Không thấy khóa nào. Hãy cắm thiết bị, kiểm tra --module và --pin-file.\n"
                        "No key is to be seen. Plug the token in, check --module and --pin-file.\n");
    return key_count ? EXIT_YES : EXIT_NO;
}

static int test(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    const struct keys_options *asked = given;
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct error err = {0};
    if (!keys_open(&asked->key, &hsm, &err))
        return command_fail(&err, asked->json);
    for (int i = DIGEST_SHA256; i <= DIGEST_SHA512; i++) {
        enum digest_algorithm algorithm = (enum digest_algorithm)i;
        struct buffer signature CLEANUP(buffer_clear) = {0};
        uint8_t random[DIGEST_MAX];
        random_bytes(random, sizeof(random));
        int64_t before = clock_monotonic_ms();
        if (!hsm_sign(hsm, asked->key.uri, algorithm, span_of(random, digest_size(algorithm)), &signature,
                      &err))
            return command_fail(&err, asked->json);
        long long took = (long long)(clock_monotonic_ms() - before);
        if (asked->json)
            print_line(json_pack("{s:s, s:s, s:b, s:I}", "key", asked->key.uri, "digest",
                                 digest_name(algorithm), "signs", 1, "ms", (json_int_t)took));
        else
            printf("%s: ký được / signs, %lld ms\n", digest_name(algorithm), took);
    }
    return EXIT_YES;
}

const struct command command_keys_list = {
    .name = "keys list",
    .usage = "[--module P] [--pin-file F]",
    .vi = "Liệt kê các khóa ký trong thiết bị",
    .en = "Lists the keys the tokens show",
    .manual = list_manual,
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .size = sizeof(struct keys_options),
    .least = 0,
    .most = 0,
    .run = list,
};
const struct command command_keys_test = {
    .name = "keys test",
    .usage = "--key URI [--module P] [--pin-file F]",
    .vi = "Thử ký bằng một khóa",
    .en = "Tries whether a key signs",
    .manual = test_manual,
    .options = test_options,
    .option_count = COUNT_OF(test_options),
    .size = sizeof(struct keys_options),
    .least = 0,
    .most = 0,
    .run = test,
};
