/* What hsm/key.h promises of keys: which there are, how they are named, what they sign. */
#include "tests/check.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <sys/stat.h>

#include "hsm/hsm_text.h"
#include "hsm/key_uri.h"
#include "tests/token_world.h"

/* By OpenSSL, from the message on, with the certificate's key. */
static bool signature_is_good(const struct key_description *key, enum digest_algorithm algorithm,
                              struct span message, struct span signature)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    struct error err = {0};
    if (!certificate_read(buffer_span(&key->certificate), &certificate, &err))
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good =
        EVP_DigestVerifyInit(context, NULL, digest_evp(algorithm), NULL, X509_get0_pubkey(certificate)) == 1
        && EVP_DigestVerify(context, signature.data, signature.size, message.data, message.size) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

static bool sign_and_verify(struct hsm *hsm, const char *uri, enum digest_algorithm algorithm,
                            struct error *err)
{
    static const struct span message = {(const uint8_t *)"Quyết định số 01/QĐ-UBND", 29};
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(algorithm, message);
    return hsm_describe(hsm, uri, &key, err)
           && hsm_sign(hsm, uri, algorithm, digest_span(&digest), &signature, err)
           && signature_is_good(&key, algorithm, message, buffer_span(&signature));
}

/* ---- what is signed */

static void every_kind_of_key_signs_every_digest(void **state)
{
    (void)state;
    const struct {
        const char *uri;
        enum key_algorithm algorithm;
        unsigned bits;
    } rows[] = {{token.leader, KEY_RSA, 2048},
                {token.rsa3072, KEY_RSA, 3072},
                {token.rsa4096, KEY_RSA, 4096},
                {token.ec, KEY_EC_P256, 256},
                {token.agency, KEY_RSA, 2048}};
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct key_description key CLEANUP(key_description_clear) = {0};
        struct error err = {0};
        check_row(hsm_describe(hsm, rows[i].uri, &key, &err), rows[i].uri);
        check_row(key.algorithm == rows[i].algorithm && key.bits == rows[i].bits, rows[i].uri);
        for (enum digest_algorithm algorithm = DIGEST_SHA256; algorithm <= DIGEST_SHA512; algorithm++)
            check_row(sign_and_verify(hsm, rows[i].uri, algorithm, &err), rows[i].uri);
    }
}

static void only_whole_digests_are_signed(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    const struct {
        const char *sentence;
        enum digest_algorithm algorithm;
        size_t size;
    } rows[] = {{"SHA-1 is not signed", DIGEST_SHA1, 20},
                {"a digest that is cut is not signed", DIGEST_SHA256, 31},
                {"a digest of another algorithm's size is not signed", DIGEST_SHA512, 32},
                {"nothing is not signed", DIGEST_SHA256, 0}};
    const uint8_t zeros[64] = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer signature CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        check_row(
            !hsm_sign(hsm, token.leader, rows[i].algorithm, span_of(zeros, rows[i].size), &signature, &err),
            rows[i].sentence);
        check_row(err.code == ERR_USAGE, rows[i].sentence);
    }
}

static void a_signature_that_does_not_fit_its_certificate_is_not_handed_out(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct error err = {0};
    const char *uris[] = {token.leader, token.ec};
    for (size_t i = 0; i < COUNT_OF(uris); i++) {
        atomic_store(&token.control->spoil, 1);
        check_row(!sign_and_verify(hsm, uris[i], DIGEST_SHA256, &err) && err.code == ERR_KEY_UNUSABLE,
                  uris[i]);
        check_row(sign_and_verify(hsm, uris[i], DIGEST_SHA256, &err), "the next one is good");
    }
}

/* ---- which keys there are */

static void a_list_shows_every_key_and_spends_no_pin(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct key_description *keys = NULL;
    struct error err = {0};
    size_t count = 0;
    assert_true(hsm_list(hsm, &keys, &count, &err));
    assert_int_equal(count, 5);
    assert_int_equal(atomic_load(&token.control->call[SHIM_LOGIN].calls), 0);
    for (size_t i = 0; i < count; i++) {
        struct key_description again CLEANUP(key_description_clear) = {0};
        check_row(keys[i].certificate.size > 0, keys[i].uri);
        check_row(hsm_describe(hsm, keys[i].uri, &again, &err), keys[i].uri);
        check_row(span_equal(buffer_span(&again.public_key), buffer_span(&keys[i].public_key)), keys[i].uri);
        key_description_clear(&keys[i]);
    }
    free(keys);
}

static void a_name_that_leads_nowhere_says_what_there_is(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    const struct {
        const char *sentence, *uri;
        enum error_code code;
        const char *says;
    } rows[] = {
        {"a key that is not there", "pkcs11:token=leader;object=no", ERR_NOT_FOUND,
         "pkcs11:token=leader;object=leader"},
        {"a token that is not plugged in", "pkcs11:token=nobody;object=leader", ERR_TOKEN_AWAY, "agency"},
        {"a name that fits several", "pkcs11:token=leader", ERR_USAGE, "pkcs11:token=leader;object=leader"},
        {"another module", "pkcs11:token=leader?module-path=/no/such.so", ERR_NOT_FOUND, "/no/such.so"},
        {"a PIN in the name", "pkcs11:token=leader?pin-value=1234", ERR_USAGE, "PIN"},
        {"a PIN file in the name", "pkcs11:token=leader?pin-source=file:/x", ERR_USAGE, "--pin-file"},
        {"an attribute nobody knows", "pkcs11:tokem=leader", ERR_USAGE, "tokem"},
        {"no name at all", "leader", ERR_USAGE, "pkcs11:"},
        {"nothing", " ", ERR_USAGE, "pkcs11:"},
        {"a file without a path", "file:", ERR_USAGE, "file:"},
        {"a file that is not there", "file:/no/such.p12", ERR_NOT_FOUND, "/no/such.p12"},
        {"too many names", "pkcs11:token=a pkcs11:token=b pkcs11:token=c pkcs11:token=d pkcs11:token=e",
         ERR_USAGE, "4"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct key_description key CLEANUP(key_description_clear) = {0};
        struct error err = {0};
        char sentence[512];
        check_row(!hsm_describe(hsm, rows[i].uri, &key, &err), rows[i].sentence);
        check_row(err.code == rows[i].code, rows[i].sentence);
        error_sentence(&err, LANGUAGE_EN, sizeof(sentence), sentence);
        check_row(strstr(sentence, rows[i].says) != NULL, sentence);
    }
    assert_int_equal(atomic_load(&token.control->call[SHIM_LOGIN].calls),
                     1); /* to look for "no" behind the PIN */
}

static void a_key_is_found_by_any_of_its_marks(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct error err = {0};
    assert_true(hsm_describe(hsm, token.leader, &key, &err));
    char by_serial[HSM_URI_MAX], by_type[HSM_URI_MAX], by_module[HSM_URI_MAX];
    snprintf(by_serial, sizeof(by_serial), "pkcs11:serial=%s;object=leader", key.serial);
    snprintf(by_type, sizeof(by_type), "%s;type=private", token.leader);
    snprintf(by_module, sizeof(by_module), "%s?module-path=%s", token.leader, PKCS11_SHIM);
    const char *uris[] = {by_serial, by_type, by_module, "pkcs11:object=leader-ec"};
    for (size_t i = 0; i < COUNT_OF(uris); i++)
        check_row(sign_and_verify(hsm, uris[i], DIGEST_SHA256, &err), uris[i]);
}

/* ---- several names, files */

static void the_next_name_is_used_when_one_is_away(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct error err = {0};
    char copies[512], different[512];
    snprintf(copies, sizeof(copies), "pkcs11:token=spare;object=leader %s", token.leader);
    snprintf(different, sizeof(different), "%s %s", token.leader, token.agency);
    assert_true(sign_and_verify(hsm, copies, DIGEST_SHA256, &err));

    snprintf(copies, sizeof(copies), "%s file:%s/pki/leader.p12", token.leader, token.dir);
    assert_true(sign_and_verify(hsm, copies, DIGEST_SHA256, &err));
    atomic_store(&token.control->removed, 1);
    assert_true(sign_and_verify(hsm, copies, DIGEST_SHA256, &err));
    atomic_store(&token.control->removed, 0);

    struct key_description key CLEANUP(key_description_clear) = {0};
    assert_true(hsm_describe(hsm, token.agency, &key, &err));
    assert_false(sign_and_verify(hsm, different, DIGEST_SHA256, &err));
    assert_ptr_equal(err.text, &TEXT_KEYS_DIFFER);
}

static void a_pkcs12_file_signs_like_a_token(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    const char *names[] = {"leader", "leader-ec", "leader-rsa3072", "leader-rsa4096"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char uri[256];
        struct error err = {0};
        snprintf(uri, sizeof(uri), "file:%s/pki/%s.p12", token.dir, names[i]);
        for (enum digest_algorithm algorithm = DIGEST_SHA256; algorithm <= DIGEST_SHA512; algorithm++)
            check_row(sign_and_verify(hsm, uri, algorithm, &err), names[i]);
    }
}

static void a_pkcs12_file_that_does_not_open_says_why(void **state)
{
    (void)state;
    char wrong_pin[192], not_p12[192], uri[256];
    snprintf(wrong_pin, sizeof(wrong_pin), "%s/wrong-pin", token.dir);
    snprintf(not_p12, sizeof(not_p12), "file:%s/pki/leader.crt", token.dir);
    snprintf(uri, sizeof(uri), "file:%s/pki/leader.p12", token.dir);
    FILE *file = fopen(wrong_pin, "w");
    fputs("nope\n", file);
    fclose(file);
    chmod(wrong_pin, 0600);
    const struct hsm_settings settings = {
        .program = KEEPER_PROGRAM, .pin_file = wrong_pin, .notes = token.notes};
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct error err = {0};
    assert_true(hsm_open(&settings, &hsm, &err));
    assert_false(sign_and_verify(hsm, uri, DIGEST_SHA256, &err));
    assert_ptr_equal(err.text, &TEXT_FILE_KEY_PASSWORD);
    assert_false(sign_and_verify(hsm, not_p12, DIGEST_SHA256, &err));
    assert_ptr_equal(err.text, &TEXT_FILE_KEY_UNREADABLE);
}

static void a_program_that_is_not_there_is_our_fault(void **state)
{
    (void)state;
    const struct hsm_settings settings = {.program = "/no/such/program"};
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct error err = {0};
    assert_true(hsm_open(&settings, &hsm, &err));
    assert_false(sign_and_verify(hsm, token.leader, DIGEST_SHA256, &err));
    assert_int_equal(err.code, ERR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_kind_of_key_signs_every_digest, token_heal),
        cmocka_unit_test_setup(only_whole_digests_are_signed, token_heal),
        cmocka_unit_test_setup(a_signature_that_does_not_fit_its_certificate_is_not_handed_out, token_heal),
        cmocka_unit_test_setup(a_list_shows_every_key_and_spends_no_pin, token_heal),
        cmocka_unit_test_setup(a_name_that_leads_nowhere_says_what_there_is, token_heal),
        cmocka_unit_test_setup(a_key_is_found_by_any_of_its_marks, token_heal),
        cmocka_unit_test_setup(the_next_name_is_used_when_one_is_away, token_heal),
        cmocka_unit_test_setup(a_pkcs12_file_signs_like_a_token, token_heal),
        cmocka_unit_test_setup(a_pkcs12_file_that_does_not_open_says_why, token_heal),
        cmocka_unit_test_setup(a_program_that_is_not_there_is_our_fault, token_heal),
    };
    return cmocka_run_group_tests(tests, token_make, token_drop);
}
