/* Who is believed: trust from files, and the chain that leads to it. */
#include "tests/check.h"

#include "tests/scratch.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "signer/path_text.h"
#include "signer/process.h"
#include "signer/process_text.h"
#include "signer/signer_text.h"
#include "signer/trust_text.h"

static const char signing[] = "digitalSignature", issuing[] = "keyCertSign,cRLSign";

static struct {
    struct pki_person root, authority, other_root;
    char directory[SCRATCH_NAME];
} world;

static int make_world(void **state)
{
    (void)state;
    scratch_make("trust", world.directory);
    pki_make(&(struct pki_wish){.name = "Gốc", .key = "p256", .ca = true, .key_usage = issuing}, &world.root);
    pki_make(
        &(struct pki_wish){
            .name = "Nơi cấp", .key = "p256", .issuer = &world.root, .ca = true, .key_usage = issuing},
        &world.authority);
    pki_make(&(struct pki_wish){.name = "Gốc khác", .key = "p256", .ca = true, .key_usage = issuing},
             &world.other_root);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    pki_clear(&world.root);
    pki_clear(&world.authority);
    pki_clear(&world.other_root);
    return 0;
}

static struct trust *trust_of(const struct pki_person *const *people, size_t count, struct span crl)
{
    return scratch_trust(world.directory, "trust.pem", people, count, crl);
}

static struct finding judge(const struct trust *trust, const struct pki_person *signer,
                            const struct pki_person *other, int days_on)
{
    struct finding finding = {0};
    struct error err = {0};
    const struct verification how = {.trust = trust,
                                     .at_ms = clock_now_ms(&clock_system) + (int64_t)days_on * 86400000};
    const struct signed_facts facts = {
        .signer = signer->certificate,
        .value = SPAN_LITERAL("a signature"),
        .bound = true,
        .uses = {{.digest = DIGEST_SHA256,
                  .scheme = EVP_PKEY_is_a(signer->key, "RSA") ? SCHEME_RSA : SCHEME_ECDSA,
                  .key_bits = EVP_PKEY_get_bits(signer->key)}},
        .use_count = 1};
    struct process *process CLEANUP(process_free) = process_new(&how);
    assert_non_null(process);
    if (other)
        assert_true(evidence_add(process_evidence(process), EVIDENCE_CERTIFICATE, buffer_span(&other->der),
                                 true, &err));
    assert_true(process_judge(process, &facts, &finding, &err));
    return finding;
}

static const struct {
    const char *sentence;
    struct pki_wish wish;
    int days_on;
    enum indication indication;
    enum sub_indication sub;
} signers[] = {
    {"an honest signer passes", {.key_usage = signing}, 0, TOTAL_PASSED, SUB_NONE},
    {"without key usage anything is allowed", {0}, 0, TOTAL_PASSED, SUB_NONE},
    {"non-repudiation is signing", {.key_usage = "nonRepudiation"}, 0, TOTAL_PASSED, SUB_NONE},
    {"an encryption certificate does not sign",
     {.key_usage = "keyEncipherment"},
     0,
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"e-mail protection is a purpose for documents",
     {.purpose = "emailProtection,serverAuth"},
     0,
     TOTAL_PASSED,
     SUB_NONE},
    {"document signing (RFC 9336) too", {.purpose = "1.3.6.1.5.5.7.3.36"}, 0, TOTAL_PASSED, SUB_NONE},
    {"a timestamp authority's is not",
     {.purpose = "timeStamping"},
     0,
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"an authority does not sign documents", {.ca = true}, 0, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"expired is out of bounds",
     {.from_days = -1, .to_days = 5},
     10,
     INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE},
    {"but it is good while it lasts", {.from_days = -1, .to_days = 5}, 2, TOTAL_PASSED, SUB_NONE},
    {"unless its authority is not there yet",
     {.from_days = -20, .to_days = 5},
     -10,
     INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE},
    {"not yet valid has failed", {.from_days = 5, .to_days = 10}, 0, TOTAL_FAILED, SUB_NOT_YET_VALID},
    {"and is good later", {.from_days = 5, .to_days = 10}, 7, TOTAL_PASSED, SUB_NONE},
    {"a short key proves nothing",
     {.key = "rsa1024"},
     0,
     INDETERMINATE,
     SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE},
    {"nor does a certificate signed over SHA-1",
     {.digest = "SHA1"},
     0,
     INDETERMINATE,
     SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE},
};

static void a_signer_is_judged_by_certificate_and_chain(void **state)
{
    (void)state;
    const struct pki_person *anchors[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(anchors, 1, (struct span){0});
    for (size_t i = 0; i < COUNT_OF(signers); i++) {
        struct pki_wish wish = signers[i].wish;
        struct pki_person person;
        wish.name = "Ai đó";
        wish.issuer = &world.authority;
        wish.key = wish.key ? wish.key : "p256";
        pki_make(&wish, &person);
        struct finding finding = judge(trust, &person, &world.authority, signers[i].days_on);
        if (finding.indication != signers[i].indication || finding.sub != signers[i].sub)
            print_error("%s %s\n", indication_name(finding.indication), sub_indication_name(finding.sub));
        check_row(finding.indication == signers[i].indication && finding.sub == signers[i].sub,
                  signers[i].sentence);
        pki_clear(&person);
    }
}

static struct {
    struct pki_person person, impostor, under_impostor, namesake;
} others;

static const struct {
    const char *sentence;
    const struct pki_person *signer, *other, *anchors[2];
    enum indication indication;
    enum sub_indication sub;
} chains[] = {
    {"the authority came with the signature",
     &others.person,
     &world.authority,
     {&world.root},
     TOTAL_PASSED,
     SUB_NONE},
    {"or lies beside the anchors",
     &others.person,
     NULL,
     {&world.root, &world.authority},
     TOTAL_PASSED,
     SUB_NONE},
    {"without it there is no chain",
     &others.person,
     NULL,
     {&world.root},
     INDETERMINATE,
     SUB_NO_CERTIFICATE_CHAIN_FOUND},
    {"another root is no anchor",
     &others.person,
     &world.authority,
     {&world.other_root},
     INDETERMINATE,
     SUB_NO_CERTIFICATE_CHAIN_FOUND},
    {"nor is one of the same name",
     &others.person,
     &world.authority,
     {&others.namesake},
     INDETERMINATE,
     SUB_NO_CERTIFICATE_CHAIN_FOUND},
    {"an authority alone anchors nothing",
     &others.person,
     NULL,
     {&world.authority},
     INDETERMINATE,
     SUB_NO_CERTIFICATE_CHAIN_FOUND},
    {"one that is no authority issues nothing",
     &others.under_impostor,
     &others.impostor,
     {&world.root, &world.authority},
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
};

static void a_chain_must_lead_to_an_anchor_through_authorities(void **state)
{
    (void)state;
    pki_make(&(struct pki_wish){.name = "Ai đó", .key = "p256", .issuer = &world.authority}, &others.person);
    pki_make(&(struct pki_wish){.name = "Kẻ mạo danh",
                                .key = "p256",
                                .issuer = &world.authority,
                                .key_usage = "digitalSignature,keyCertSign"},
             &others.impostor);
    pki_make(&(struct pki_wish){.name = "Nạn nhân", .key = "p256", .issuer = &others.impostor},
             &others.under_impostor);
    pki_make(&(struct pki_wish){.name = "Gốc", .key = "p256", .ca = true, .key_usage = issuing},
             &others.namesake);
    for (size_t i = 0; i < COUNT_OF(chains); i++) {
        struct trust *trust CLEANUP(trust_free) =
            trust_of(chains[i].anchors, chains[i].anchors[1] ? 2 : 1, (struct span){0});
        struct finding finding = judge(trust, chains[i].signer, chains[i].other, 0);
        if (finding.indication != chains[i].indication || finding.sub != chains[i].sub)
            print_error("%s %s\n", indication_name(finding.indication), sub_indication_name(finding.sub));
        check_row(finding.indication == chains[i].indication && finding.sub == chains[i].sub,
                  chains[i].sentence);
    }
    pki_clear(&others.person);
    pki_clear(&others.impostor);
    pki_clear(&others.under_impostor);
    pki_clear(&others.namesake);
}

static void without_anchors_it_says_what_to_do(void **state)
{
    (void)state;
    struct pki_person person;
    pki_make(&(struct pki_wish){.name = "Ai đó", .key = "p256", .issuer = &world.root}, &person);
    struct finding finding = judge(NULL, &person, NULL, 0);
    assert_int_equal(finding.sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    assert_ptr_equal(finding.reasons[0].text, &TEXT_NO_ANCHORS);
    pki_clear(&person);
}

static void files_are_taken_in_pem_and_der_and_by_directory(void **state)
{
    (void)state;
    struct buffer crl CLEANUP(buffer_clear) = {0};
    char directory[160], command[400];
    snprintf(directory, sizeof(directory), "%s/roots", world.directory);
    snprintf(command, sizeof(command), "mkdir %s", directory);
    assert_int_equal(system(command), 0);
    pki_crl(&world.root, NULL, -1, 10, &crl);
    scratch_save(world.directory, "roots/root.der", buffer_span(&world.root.der));
    scratch_save(world.directory, "roots/root.crl", buffer_span(&crl));
    scratch_save(world.directory, "roots/ca.cer", buffer_span(&world.authority.der));
    scratch_save(world.directory, "roots/secret.key", SPAN_LITERAL("not looked at"));
    scratch_save(world.directory, "nothing.pem", SPAN_LITERAL("-----BEGIN X-----\n-----END X-----\n"));
    scratch_save(world.directory, "nothing.der", SPAN_LITERAL("0"));
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    const char *paths[] = {directory};
    assert_true(trust_load(paths, 1, &trust, &err));
    assert_int_equal(trust_anchor_count(trust), 1);
    assert_int_equal(trust_crl_count(trust), 1);
    assert_int_equal(sk_X509_num(trust_intermediates(trust)), 1);
    static const struct {
        const char *name;
        enum error_code code;
    } rows[] = {{"nothing.pem", ERR_MALFORMED}, {"nothing.der", ERR_MALFORMED}, {"nowhere", ERR_NOT_FOUND}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[160];
        struct trust *none CLEANUP(trust_free) = NULL;
        const char *wrong[] = {path};
        snprintf(path, sizeof(path), "%s/%s", world.directory, rows[i].name);
        check_row(!trust_load(wrong, 1, &none, &err) && err.code == rows[i].code
                      && strstr(err.arg[0], rows[i].name),
                  rows[i].name);
    }
}

static const struct {
    const char *sentence, *conf;
    const struct text *refusal;
} confs[] = {
    {"nothing is said", "", NULL},
    {"everything is said",
     "[anchor \"root.der\"]\ntree = cong-vu\nuse = signatures, seals\nfrom = 2020-01-01\nuntil = 2099-01-01\n"
     "note = Ban Cơ yếu\n",
     NULL},
    {"an authority is made an anchor", "[anchor \"ca.cer\"]\nanchor = yes\n", NULL},
    {"a use that nobody knows", "[anchor \"root.der\"]\nuse = everything\n", &TEXT_TRUST_WORD},
    {"a day that is none", "[anchor \"root.der\"]\nfrom = soon\n", &TEXT_TRUST_WORD},
    {"a file that is not there", "[anchor \"rot.der\"]\ntree = a\n", &TEXT_TRUST_NO_FILE},
    {"a file elsewhere", "[anchor \"../nothing.der\"]\ntree = a\n", &TEXT_TRUST_NO_FILE},
    {"a key that nobody knows", "[anchor \"root.der\"]\ntrees = a\n", &TEXT_SETTING_KEY_NEAR},
    {"a list that is not there", "[list \"vn\"]\nfile = vn.xml\nsigner = ca.cer\n", &TEXT_FILE_NOT_FOUND},
    {"a list without a signer", "[list \"vn\"]\nfile = root.der\n", &TEXT_SETTING_MISSING},
};

static void make_roots(void)
{
    char command[400];
    snprintf(command, sizeof(command), "rm -rf %s/conf && mkdir %s/conf", world.directory, world.directory);
    assert_int_equal(system(command), 0);
    scratch_save(world.directory, "conf/root.der", buffer_span(&world.root.der));
    scratch_save(world.directory, "conf/ca.cer", buffer_span(&world.authority.der));
}

static bool load_conf(const char *conf, struct trust **ret_trust, struct error *err)
{
    char directory[160];
    const char *paths[] = {directory};
    make_roots();
    scratch_save(world.directory, "conf/anchors.conf", span_text(conf));
    snprintf(directory, sizeof(directory), "%s/conf", world.directory);
    return trust_load(paths, 1, ret_trust, err);
}

static void what_anchors_conf_says_is_in_force_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(confs); i++) {
        struct trust *trust CLEANUP(trust_free) = NULL;
        struct error err = {0};
        bool good = load_conf(confs[i].conf, &trust, &err);
        if (!good && err.text != confs[i].refusal)
            print_error("%s\n", err.text->en);
        check_row(good == !confs[i].refusal && (good || err.text == confs[i].refusal), confs[i].sentence);
    }
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    int64_t day_ms;
    assert_true(load_conf(confs[1].conf, &trust, &err));
    const struct trust_anchor *anchor = trust_anchor_at(trust, 0);
    assert_string_equal(anchor->tree, "cong-vu");
    assert_string_equal(anchor->note, "Ban Cơ yếu");
    assert_string_equal(anchor->source, "root.der");
    assert_ptr_equal(trust_tree_text(anchor->tree), &TEXT_TREE_CONG_VU);
    assert_true(clock_read("2019-12-31", &day_ms) && !trust_anchor_in_force(anchor, TRUST_MAY_SIGN, day_ms));
    assert_true(clock_read("2020-01-01", &day_ms) && trust_anchor_in_force(anchor, TRUST_MAY_SIGN, day_ms));
    assert_false(trust_anchor_in_force(anchor, TRUST_MAY_STAMP, day_ms));
    assert_true(clock_read("2099-01-01", &day_ms) && !trust_anchor_in_force(anchor, TRUST_MAY_SIGN, day_ms));
}

static const struct {
    const char *sentence, *conf;
    const struct text *why; /* NULL: it passes */
} limits[] = {
    {"an anchor for all", "", NULL},
    {"an anchor for signatures", "[anchor \"root.der\"]\nuse = signatures, seals\n", NULL},
    {"an anchor for timestamps alone", "[anchor \"root.der\"]\nuse = timestamps\n", &TEXT_PATH_ANCHOR_USE},
    {"an anchor of the future", "[anchor \"root.der\"]\nfrom = 2099-01-01\n", &TEXT_ANCHOR_PERIOD},
    {"an anchor of the past", "[anchor \"root.der\"]\nuntil = 2020-01-01\n", &TEXT_ANCHOR_PERIOD},
    {"an authority that is an anchor itself, where its root is none now",
     "[anchor \"root.der\"]\nuntil = 2020-01-01\n[anchor \"ca.cer\"]\nanchor = yes\n", NULL},
};

static void an_anchor_counts_for_its_uses_and_time(void **state)
{
    (void)state;
    struct pki_person person;
    pki_make(&(struct pki_wish){.name = "Ai đó", .key = "p256", .issuer = &world.authority}, &person);
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct trust *trust CLEANUP(trust_free) = NULL;
        struct error err = {0};
        assert_true(load_conf(limits[i].conf, &trust, &err));
        struct finding finding = judge(trust, &person, NULL, 0);
        bool said = finding.reason_count > 0 && finding.reasons[0].text == limits[i].why;
        check_row(limits[i].why ? said && finding.sub == SUB_CHAIN_CONSTRAINTS_FAILURE
                                : finding.indication == TOTAL_PASSED,
                  limits[i].sentence);
    }
    pki_clear(&person);
}

static void a_snapshot_is_the_same_trust_and_a_damaged_one_is_none(void **state)
{
    (void)state;
    struct buffer bytes CLEANUP(buffer_clear) = {0}, again CLEANUP(buffer_clear) = {0};
    struct trust *trust CLEANUP(trust_free) = NULL, *copy CLEANUP(trust_free) = NULL;
    struct error err = {0};
    assert_true(load_conf(confs[1].conf, &trust, &err));
    trust_write(trust, &bytes);
    assert_true(trust_read(buffer_span(&bytes), &copy, &err));
    trust_write(copy, &again);
    assert_true(span_equal(buffer_span(&bytes), buffer_span(&again)));
    for (size_t size = 0; size < bytes.size; size++) {
        struct trust *none CLEANUP(trust_free) = NULL;
        assert_false(trust_read(span_slice(buffer_span(&bytes), 0, size), &none, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signer_is_judged_by_certificate_and_chain),
        cmocka_unit_test(a_chain_must_lead_to_an_anchor_through_authorities),
        cmocka_unit_test(without_anchors_it_says_what_to_do),
        cmocka_unit_test(files_are_taken_in_pem_and_der_and_by_directory),
        cmocka_unit_test(what_anchors_conf_says_is_in_force_or_refused),
        cmocka_unit_test(an_anchor_counts_for_its_uses_and_time),
        cmocka_unit_test(a_snapshot_is_the_same_trust_and_a_damaged_one_is_none),
    };
    return cmocka_run_group_tests_name("trust", tests, make_world, end_world);
}
