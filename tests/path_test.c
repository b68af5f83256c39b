/* Certification paths: put together, and validated by RFC 5280, 6, with certificates made for each case. */
#include "tests/check.h"

#include "tests/scratch.h"

#include <stdio.h>

#include "base/clock.h"
#include "signer/path.h"
#include "signer/path_text.h"
#include "signer/signer_text.h"

static const char issuing[] = "critical,keyCertSign,cRLSign";

enum { DAY_MS = 86400000, MAX_BELOW = 4 };

static struct {
    struct pki_person root;
    char directory[SCRATCH_NAME];
} world;

static int make_world(void **state)
{
    (void)state;
    scratch_make("path", world.directory);
    pki_make(&(struct pki_wish){.name = "Gốc", .key = "p256", .ca = true, .key_usage = issuing}, &world.root);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    pki_clear(&world.root);
    return 0;
}

static struct trust *trust_of(const struct pki_person *const *people, size_t count)
{
    return scratch_trust(world.directory, "trust.pem", people, count, (struct span){0});
}

static void add_evidence(struct evidence *evidence, const struct pki_person *person)
{
    struct error err = {0};
    assert_true(evidence_add(evidence, EVIDENCE_CERTIFICATE, buffer_span(&person->der), true, &err));
}

#define CA .key = "p256", .ca = true, .key_usage = "critical,keyCertSign,cRLSign"
#define PLAIN_CA .key = "p256", .key_usage = "critical,keyCertSign,cRLSign" /* basicConstraints follow */
#define SIGNER .name = "Ai đó", .key = "p256", .key_usage = "digitalSignature"

/* What stands below the root, the signer last. */
static const struct {
    const char *sentence;
    struct pki_wish below[MAX_BELOW];
    struct path_inputs inputs;
    enum sub_indication sub; /* SUB_NONE: it is a path */
    const struct text *why;
} rows[] = {
    {"a signer right below the root", {{SIGNER}}, {0}, SUB_NONE, NULL},
    {"a signer below two authorities", {{.name = "A", CA}, {.name = "B", CA}, {SIGNER}}, {0}, SUB_NONE, NULL},
    /* 6.1.4 (k) */
    {"an issuer without basicConstraints is none",
     {{.name = "A", .key = "p256", .key_usage = "keyCertSign"}, {SIGNER}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_CHAIN_NOT_A_CA},
    {"nor is one that says it is no authority",
     {{.name = "A", PLAIN_CA, .extensions = {"basicConstraints=CA:FALSE"}}, {SIGNER}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_CHAIN_NOT_A_CA},
    /* 6.1.4 (n) */
    {"an authority for lists alone issues no certificates",
     {{.name = "A", .key = "p256", .ca = true, .key_usage = "cRLSign"}, {SIGNER}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_CERT_SIGN},
    /* 6.1.4 (l), (m) */
    {"pathLen 0 permits a signer",
     {{.name = "A", PLAIN_CA, .extensions = {"basicConstraints=critical,CA:TRUE,pathlen:0"}}, {SIGNER}},
     {0},
     SUB_NONE,
     NULL},
    {"but no further authority",
     {{.name = "A", PLAIN_CA, .extensions = {"basicConstraints=critical,CA:TRUE,pathlen:0"}},
      {.name = "B", CA},
      {SIGNER}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_TOO_LONG},
    {"except one that issued itself a new key",
     {{.name = "A", PLAIN_CA, .extensions = {"basicConstraints=critical,CA:TRUE,pathlen:0"}},
      {.name = "A", CA},
      {SIGNER}},
     {0},
     SUB_NONE,
     NULL},
    /* 6.1.3 (b), (c) */
    {"names within what is permitted",
     {{.name = "A", CA, .extensions = {"nameConstraints=critical,permitted;DNS:mau.gov.vn"}},
      {SIGNER, .extensions = {"subjectAltName=DNS:noivu.mau.gov.vn"}}},
     {0},
     SUB_NONE,
     NULL},
    {"names outside it",
     {{.name = "A", CA, .extensions = {"nameConstraints=critical,permitted;DNS:mau.gov.vn"}},
      {SIGNER, .extensions = {"subjectAltName=DNS:mau.com.vn"}}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_NAMES},
    {"constraints reach through authorities",
     {{.name = "A", CA, .extensions = {"nameConstraints=critical,excluded;email:xa.vn"}},
      {.name = "B", CA},
      {SIGNER, .extensions = {"subjectAltName=email:ai@xa.vn"}}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_NAMES},
    {"a kind of name that cannot be compared is refused where it is constrained",
     {{.name = "A", CA, .extensions = {"nameConstraints=critical,permitted;RID:1.2.3"}},
      {SIGNER, .extensions = {"subjectAltName=RID:1.2.3.4"}}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_NAMES},
    {"and passes where nobody bears one",
     {{.name = "A", CA, .extensions = {"nameConstraints=critical,permitted;RID:1.2.3"}}, {SIGNER}},
     {0},
     SUB_NONE,
     NULL},
    /* 6.1.4 (o), 6.1.5 (f) */
    {"a critical extension that nobody knows",
     {{SIGNER, .extensions = {"1.2.3.4.5=critical,DER:0500"}}},
     {0},
     SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
     &TEXT_PATH_EXTENSION},
    {"one that is not critical is passed over",
     {{SIGNER, .extensions = {"1.2.3.4.5=DER:0500"}}},
     {0},
     SUB_NONE,
     NULL},
    {"statements about qualification may be critical",
     {{SIGNER, .extensions = {"qcStatements=critical,DER:300A3008060604008E460101"}}},
     {0},
     SUB_NONE,
     NULL},
    {"an extension that stands twice",
     {{SIGNER, .extensions = {"1.2.3.4.5=DER:0500", "1.2.3.4.5=DER:0500"}}},
     {0},
     SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
     &TEXT_PATH_EXTENSIONS_BROKEN},
    /* 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j), 6.1.5 (g) */
    {"policies need not be there", {{.name = "A", CA}, {SIGNER}}, {0}, SUB_NONE, NULL},
    {"unless one is required",
     {{.name = "A", CA}, {SIGNER}},
     {.require_policy = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"the same policy all the way",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.1,1.2.3.2"}}},
     {.require_policy = true},
     SUB_NONE,
     NULL},
    {"is good only if it is one that was asked for",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.1"}}},
     {.require_policy = true, .policies = (const char *const[]){"1.2.3.9"}, .policy_count = 1},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"policies that never meet",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {.require_policy = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"an authority may ask for a policy itself",
     {{.name = "A",
       CA,
       .extensions = {"certificatePolicies=1.2.3.1", "policyConstraints=critical,requireExplicitPolicy:0"}},
      {SIGNER}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"anyPolicy stands for every one",
     {{.name = "A", CA, .extensions = {"certificatePolicies=2.5.29.32.0"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {.require_policy = true, .policies = (const char *const[]){"1.2.3.2"}, .policy_count = 1},
     SUB_NONE,
     NULL},
    {"unless it is inhibited",
     {{.name = "A", CA, .extensions = {"certificatePolicies=2.5.29.32.0"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {.require_policy = true, .inhibit_any = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"by an authority too",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.2", "inhibitAnyPolicy=0"}},
      {SIGNER, .extensions = {"certificatePolicies=2.5.29.32.0"}}},
     {.require_policy = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"a mapped policy is the user's own",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1", "policyMappings=1.2.3.1:1.2.3.2"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {.require_policy = true, .policies = (const char *const[]){"1.2.3.1"}, .policy_count = 1},
     SUB_NONE,
     NULL},
    {"the policy it was mapped from is no longer expected",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1", "policyMappings=1.2.3.1:1.2.3.2"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.1"}}},
     {.require_policy = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"a mapping that is inhibited removes the policy",
     {{.name = "A", CA, .extensions = {"certificatePolicies=1.2.3.1", "policyMappings=1.2.3.1:1.2.3.2"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {.require_policy = true, .inhibit_mapping = true},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_POLICY},
    {"anyPolicy is mapped to nothing",
     {{.name = "A",
       CA,
       .extensions = {"certificatePolicies=2.5.29.32.0", "policyMappings=2.5.29.32.0:1.2.3.2"}},
      {SIGNER, .extensions = {"certificatePolicies=1.2.3.2"}}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_PATH_MAPPING},
    /* 4.2.1.3, 4.2.1.12 */
    {"a certificate for servers signs no documents",
     {{.name = "Máy chủ", .key = "p256", .purpose = "serverAuth"}},
     {0},
     SUB_CHAIN_CONSTRAINTS_FAILURE,
     &TEXT_KEY_PURPOSE},
    {"old algorithms are told, not refused", {{SIGNER, .digest = "SHA1"}}, {0}, SUB_NONE, NULL},
    {"nor are dates", {{SIGNER, .from_days = -20, .to_days = -10}}, {0}, SUB_NONE, NULL},
};

static void a_path_is_what_rfc_5280_lets_through(void **state)
{
    (void)state;
    const struct pki_person *roots[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(roots, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
        struct pki_person below[MAX_BELOW] = {0};
        struct path path CLEANUP(path_clear) = {0};
        struct path_failure failure;
        struct error err = {0};
        size_t count = 0;
        for (; count < MAX_BELOW && rows[i].below[count].name; count++) {
            struct pki_wish wish = rows[i].below[count];
            wish.issuer = count ? &below[count - 1] : &world.root;
            pki_make(&wish, &below[count]);
            add_evidence(evidence, &below[count]);
        }
        assert_true(path_find_by(&rows[i].inputs, trust, evidence, below[count - 1].certificate, PATH_SIGN,
                                 clock_now_ms(&clock_system), &path, &failure, &err));
        if ((path.count > 0) != (rows[i].sub == SUB_NONE))
            print_error("%zu %s %s\n", path.count, sub_indication_name(failure.sub), failure.reason.text->en);
        check_row(rows[i].sub == SUB_NONE
                      ? path.count == count + 1 && path.anchor
                      : path.count == 0 && failure.sub == rows[i].sub && failure.reason.text == rows[i].why,
                  rows[i].sentence);
        for (size_t k = 0; k < count; k++)
            pki_clear(&below[k]);
    }
}

static void of_several_paths_the_one_in_force_is_preferred(void **state)
{
    (void)state;
    struct pki_person old, current, signer;
    const struct pki_person *roots[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(roots, 1);
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct error err = {0};
    pki_make(&(struct pki_wish){.name = "A", CA, .issuer = &world.root, .from_days = -30, .to_days = -10},
             &old);
    pki_make(&(struct pki_wish){.name = "A", CA, .issuer = &world.root, .same_key = &old}, &current);
    pki_make(&(struct pki_wish){SIGNER, .issuer = &old}, &signer);
    add_evidence(evidence, &old);
    add_evidence(evidence, &current);
    static const int days[] = {-20, 0};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct path path CLEANUP(path_clear) = {0};
        struct path_failure failure;
        int64_t from_ms, until_ms, at_ms = clock_now_ms(&clock_system) + (int64_t)days[i] * DAY_MS;
        assert_true(path_find(trust, evidence, signer.certificate, PATH_SIGN, at_ms, &path, &failure, &err));
        assert_int_equal(path.count, 3);
        assert_true(path_validity(&path, 1, &from_ms, &until_ms));
        check_row(from_ms <= at_ms && at_ms <= until_ms, i ? "the one of today" : "the one of that day");
    }
    pki_clear(&old);
    pki_clear(&current);
    pki_clear(&signer);
}

static void many_authorities_of_one_name_take_no_long_search(void **state)
{
    (void)state;
    enum { NAMESAKES = 200 };
    struct pki_person signer, namesake;
    const struct pki_person *roots[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(roots, 1);
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct error err = {0};
    struct pki_person above = {0};
    for (int i = 0; i < NAMESAKES; i++) { /* each signs the next, all have one name and one key */
        pki_make(
            &(struct pki_wish){
                .name = "A", CA, .issuer = above.key ? &above : NULL, .same_key = above.key ? &above : NULL},
            &namesake);
        add_evidence(evidence, &namesake);
        pki_clear(&above);
        above = namesake;
    }
    pki_make(&(struct pki_wish){SIGNER, .issuer = &above}, &signer);
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    int64_t before_ms = clock_monotonic_ms();
    assert_true(path_find(trust, evidence, signer.certificate, PATH_SIGN, clock_now_ms(&clock_system), &path,
                          &failure, &err));
    assert_int_equal(path.count, 0);
    assert_int_equal(failure.sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    assert_true(clock_monotonic_ms() - before_ms < 1000);
    pki_clear(&above);
    pki_clear(&signer);
}

/* RFC 5480, 2.1.1: a key on a named curve, which is taken out again. Nothing is signed by what is left. */
static void drop_curve(struct buffer *der)
{
    static const uint8_t algorithm[] = "\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01"
                                       "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
    enum { SIZE = sizeof(algorithm) - 1, CURVE = 10, TBS = 4 /* both lengths take two bytes */ };
    size_t at = span_find(buffer_span(der), span_of(algorithm, SIZE), 0);
    assert_true(at != SIZE_MAX);
    memmove(der->data + at + SIZE - CURVE, der->data + at + SIZE, der->size - at - SIZE);
    der->size -= CURVE;
    der->data[at + 1] -= CURVE;
    der->data[at - 1] -= CURVE;
    for (size_t head = 0; head <= TBS; head += TBS) {
        unsigned length = (unsigned)der->data[head + 2] << 8 | der->data[head + 3];
        der->data[head + 2] = (uint8_t)((length - CURVE) >> 8);
        der->data[head + 3] = (uint8_t)(length - CURVE);
    }
}

/* RFC 3279, 2.3.5: whether a key that takes its parameters from above signed anything is not known before the top. */
static void keys_without_parameters_take_no_long_search(void **state)
{
    (void)state;
    enum { NAMESAKES = 30 };
    struct pki_person signer, namesake;
    const struct pki_person *roots[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(roots, 1);
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct error err = {0};
    for (int i = 0; i < NAMESAKES; i++) {
        pki_make(&(struct pki_wish){.name = "A", CA}, &namesake);
        drop_curve(&namesake.der);
        add_evidence(evidence, &namesake);
        if (i + 1 < NAMESAKES)
            pki_clear(&namesake);
    }
    assert_int_equal(evidence_count(evidence), NAMESAKES);
    pki_make(&(struct pki_wish){SIGNER, .issuer = &namesake}, &signer);
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    int64_t before_ms = clock_monotonic_ms();
    assert_true(path_find(trust, evidence, signer.certificate, PATH_SIGN, clock_now_ms(&clock_system), &path,
                          &failure, &err));
    assert_int_equal(path.count, 0);
    assert_true(clock_monotonic_ms() - before_ms < 1000);
    pki_clear(&namesake);
    pki_clear(&signer);
}

static void algorithms_are_told(void **state)
{
    (void)state;
    struct pki_person authority, signer;
    const struct pki_person *roots[] = {&world.root};
    struct trust *trust CLEANUP(trust_free) = trust_of(roots, 1);
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    struct error err = {0};
    struct algorithm_use use;
    char name[PATH_ALGORITHM_SIZE];
    pki_make(&(struct pki_wish){.name = "A", .key = "rsa1024", .ca = true, .issuer = &world.root},
             &authority);
    pki_make(&(struct pki_wish){SIGNER, .issuer = &authority, .digest = "SHA1"}, &signer);
    add_evidence(evidence, &authority);
    assert_true(path_find(trust, evidence, signer.certificate, PATH_SIGN, clock_now_ms(&clock_system), &path,
                          &failure, &err));
    assert_true(path_algorithm(&path, 0, &use, name));
    assert_true(use.digest == DIGEST_SHA1 && use.scheme == SCHEME_RSA && use.key_bits == 1024);
    assert_true(path_algorithm(&path, 1, &use, name));
    assert_true(use.digest == DIGEST_SHA256 && use.scheme == SCHEME_ECDSA && use.key_bits == 256);
    assert_string_equal(name, "ecdsa-with-SHA256");
    pki_clear(&authority);
    pki_clear(&signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_what_rfc_5280_lets_through),
        cmocka_unit_test(of_several_paths_the_one_in_force_is_preferred),
        cmocka_unit_test(many_authorities_of_one_name_take_no_long_search),
        cmocka_unit_test(keys_without_parameters_take_no_long_search),
        cmocka_unit_test(algorithms_are_told),
    };
    return cmocka_run_group_tests_name("path", tests, make_world, end_world);
}
