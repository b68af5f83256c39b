/* The validation process of EN 319 102-1: one signature, judged at one time or another, with this or that beside it. */
#include "tests/check.h"

#include <stdio.h>

#include "signer/policy.h"
#include "signer/policy_text.h"
#include "signer/process_text.h"
#include "signer/signer_text.h"
#include "tests/scratch.h"
#include "tests/signed_bytes.h"
#include "tests/stamp_make.h"
#include "tests/verdict_says.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static struct {
    struct pki_person root, signer, old_authority, authority;
    struct trust *trust;
    char directory[SCRATCH_NAME];
    int64_t now_ms;
} world;

static struct policy strict, level_t, level_lta, bound;

static int make_policies(void)
{
    strict = level_t = level_lta = bound = *policy_default();
    strict.revocation = POLICY_REVOCATION_REQUIRED;
    level_t.level = POLICY_LEVEL_T;
    level_lta.level = POLICY_LEVEL_LTA;
    bound.refuse_unbound = true;
    return 0;
}

static int make_world(void **state)
{
    (void)state;
    scratch_make("process", world.directory);
    world.now_ms = clock_now_ms(&clock_system) / 1000 * 1000;
    const struct pki_wish root = {
        .name = "Gốc", .ca = true, .key_usage = "keyCertSign,cRLSign", .from_days = -6500, .to_days = 9000};
    pki_make(&root, &world.root);
    pki_make(&(struct pki_wish){.name = "Nguyễn Văn Mẫu",
                                .issuer = &world.root,
                                .key_usage = "nonRepudiation",
                                .from_days = -6000,
                                .to_days = 365},
             &world.signer);
    struct pki_wish authority = {.name = "Dấu thời gian",
                                 .issuer = &world.root,
                                 .key_usage = "digitalSignature",
                                 .purpose = "critical,timeStamping",
                                 .from_days = -6000,
                                 .to_days = 730};
    pki_make(&authority, &world.old_authority);
    authority.to_days = 4000;
    pki_make(&authority, &world.authority);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    return make_policies();
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    trust_free(&world.trust);
    pki_clear(&world.root);
    pki_clear(&world.signer);
    pki_clear(&world.old_authority);
    pki_clear(&world.authority);
    return 0;
}

static int64_t day(int days)
{
    return world.now_ms + (int64_t)days * DAY_MS;
}

/* ---- one judgement; all days from today */

struct when {
    bool is; /* there at all */
    int days;
};
#define DAY(days)                                                                                            \
    {                                                                                                        \
        true, days                                                                                           \
    }

struct scene {
    int at; /* when it is judged */
    struct when content, signature, references, archive,
        document;     /* timestamps; of references: of these alone */
    struct when list; /* a revocation list … */
    int list_to;
    bool revoked; /* … that says so, since its day */
    bool foreign; /* the signature's timestamp is about something else */
    bool unbound;
    enum digest_algorithm digest;
    const char *format; /* NULL: XAdES-BASELINE-B */
    const struct policy *policy;
};

struct stamps {
    struct span value, other;
    struct buffer tokens[5];
    struct span first;
    struct stamp stamps[5];
    size_t count;
};

static void add_stamp(struct stamps *all, enum stamp_kind kind, const struct pki_person *authority,
                      struct span about, struct span *context, struct when at)
{
    if (!at.is)
        return;
    struct buffer *token = &all->tokens[all->count];
    struct digest_value imprint = digest_of(DIGEST_SHA256, about);
    stamp_make(authority, DIGEST_SHA256, digest_span(&imprint), day(at.days), token);
    all->stamps[all->count++] =
        (struct stamp){.kind = kind, .token = buffer_span(token), .content = {digest_signed_bytes, context}};
}

static void make_stamps(const struct scene *scene, struct stamps *all)
{
    all->value = SPAN_LITERAL("the signature value");
    all->other = SPAN_LITERAL("something else");
    add_stamp(all, STAMP_CONTENT, &world.authority, all->value, &all->value, scene->content);
    add_stamp(all, STAMP_SIGNATURE, &world.old_authority, scene->foreign ? all->other : all->value,
              &all->value, scene->signature);
    if (scene->signature.is)
        all->first = all->stamps[all->count - 1].token;
    add_stamp(all, STAMP_REFERENCES, &world.authority, all->other, &all->other, scene->references);
    if (scene->references.is)
        all->stamps[all->count - 1].without_value = true;
    add_stamp(all, STAMP_ARCHIVE, &world.authority, all->value, &all->value, scene->archive);
    add_stamp(all, STAMP_DOCUMENT, &world.authority, all->value, &all->value, scene->document);
    if (scene->archive.is && scene->signature.is) {
        all->stamps[all->count - 1].proves = &all->first;
        all->stamps[all->count - 1].prove_count = 1;
    }
}

static void judge(const struct scene *scene, struct finding *finding)
{
    struct stamps stamps = {0};
    struct error err = {0};
    const struct verification how = {.trust = world.trust, .at_ms = day(scene->at), .policy = scene->policy};
    struct process *process CLEANUP(process_free) = process_new(&how);
    make_stamps(scene, &stamps);
    const struct signed_facts facts = {.signer = world.signer.certificate,
                                       .value = stamps.value,
                                       .bound = !scene->unbound,
                                       .uses = {{.digest = scene->digest, .key_bits = 2048}},
                                       .use_count = 1,
                                       .stamps = stamps.stamps,
                                       .stamp_count = stamps.count};
    if (scene->list.is) {
        struct buffer list CLEANUP(buffer_clear) = {0};
        pki_crl(&world.root, scene->revoked ? &world.signer : NULL, scene->list.days, scene->list_to, &list);
        assert_true(evidence_add(process_evidence(process), EVIDENCE_CRL, buffer_span(&list), true, &err));
    }
    snprintf(finding->format, sizeof(finding->format), "%s",
             scene->format ? scene->format : "XAdES-BASELINE-B");
    assert_true(process_judge(process, &facts, finding, &err));
    policy_judge_level(scene->policy ? scene->policy : policy_default(), finding);
    for (size_t i = 0; i < stamps.count; i++)
        buffer_clear(&stamps.tokens[i]);
}

static const struct {
    const char *sentence;
    struct scene scene;
    enum indication indication;
    enum sub_indication sub;
    const struct text *says;
} rows[] = {
    {"today, nobody can be asked about revocation",
     {0},
     TOTAL_PASSED,
     SUB_NONE,
     &TEXT_REVOCATION_NOT_OFFERED},
    {"today, where the policy wants to know",
     {.policy = &strict},
     INDETERMINATE,
     SUB_TRY_LATER,
     &TEXT_REVOCATION_UNKNOWN},
    {"today, with a current list",
     {.list = DAY(-1), .list_to = 30, .policy = &strict},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"today, with a list that is out of date",
     {.list = DAY(-40), .list_to = -10},
     INDETERMINATE,
     SUB_TRY_LATER,
     &TEXT_REVOCATION_STALE},
    {"revoked, and nothing proves that it signed before",
     {.list = DAY(-10), .list_to = 30, .revoked = true},
     INDETERMINATE,
     SUB_REVOKED_NO_POE,
     NULL},
    {"revoked after a timestamp",
     {.signature = DAY(-20), .list = DAY(-10), .list_to = 30, .revoked = true},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"revoked before the timestamp",
     {.signature = DAY(-5), .list = DAY(-10), .list_to = 30, .revoked = true},
     INDETERMINATE,
     SUB_REVOKED_NO_POE,
     NULL},
    {"revoked after a timestamp that is about references alone",
     {.references = DAY(-20), .list = DAY(-10), .list_to = 30, .revoked = true},
     INDETERMINATE,
     SUB_REVOKED_NO_POE,
     NULL},
    {"in three years, expired, without a timestamp",
     {.at = 1095},
     INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE,
     &TEXT_CERTIFICATE_EXPIRED},
    {"in two years, expired, with a timestamp",
     {.at = 600, .signature = DAY(0)},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"in three years, the timestamp's authority expired too",
     {.at = 1095, .signature = DAY(0)},
     INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE,
     &TEXT_STAMP_NOT_BELIEVED},
    {"in eight years, an archive timestamp was added in time",
     {.at = 2900, .signature = DAY(0), .archive = DAY(700)},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"in eight years, a timestamp of the whole document was added in time",
     {.at = 2900, .signature = DAY(0), .document = DAY(700)},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"in eight years, an archive timestamp came too late",
     {.at = 2900, .signature = DAY(0), .archive = DAY(800)},
     INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE,
     NULL},
    {"a list from after the timestamp says enough of its day",
     {.at = 20, .signature = DAY(-10), .list = DAY(-5), .list_to = 30, .policy = &strict},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"a list that ended before the timestamp says nothing of its day",
     {.at = 20, .signature = DAY(10), .list = DAY(0), .list_to = 5, .policy = &strict},
     INDETERMINATE,
     SUB_TRY_LATER,
     NULL},
    {"SHA-1 today",
     {.digest = DIGEST_SHA1},
     INDETERMINATE,
     SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
     &TEXT_ALGORITHM_WEAK},
    {"SHA-1 with a timestamp from its better days",
     {.digest = DIGEST_SHA1, .signature = DAY(-5500)},
     TOTAL_PASSED,
     SUB_NONE,
     &TEXT_VALID_THEN_WEAK_NOW},
    {"SHA-1 with a timestamp after them",
     {.digest = DIGEST_SHA1, .signature = DAY(-30)},
     INDETERMINATE,
     SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
     NULL},
    {"the content's timestamp is younger than the signature's",
     {.content = DAY(-5), .signature = DAY(-10)},
     INDETERMINATE,
     SUB_TIMESTAMP_ORDER_FAILURE,
     &TEXT_STAMP_ORDER},
    {"a timestamp about something else proves nothing, and harms nothing",
     {.signature = DAY(-10), .foreign = true},
     TOTAL_PASSED,
     SUB_NONE,
     &TEXT_STAMP_NOT_BELIEVED},
    {"before the certificate began", {.at = -6100}, TOTAL_FAILED, SUB_NOT_YET_VALID, NULL},
    {"not bound, where the policy refuses",
     {.unbound = true, .policy = &bound},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     NULL},
    {"not bound, by default", {.unbound = true}, TOTAL_PASSED, SUB_NONE, NULL},
    {"of a level below the policy's", {.policy = &level_t}, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, NULL},
    {"of the policy's level",
     {.signature = DAY(-1), .format = "XAdES-BASELINE-LT", .policy = &level_t},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
    {"of the policy's level by a timestamp that proves nothing",
     {.signature = DAY(-1), .foreign = true, .format = "XAdES-BASELINE-LT", .policy = &level_t},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     &TEXT_POLICY_LEVEL},
    {"of the archive's level without an archive timestamp that counts",
     {.signature = DAY(-1), .format = "XAdES-BASELINE-LTA", .policy = &level_lta},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     &TEXT_POLICY_LEVEL},
    {"of the archive's level with one",
     {.signature = DAY(-2), .archive = DAY(-1), .format = "XAdES-BASELINE-LTA", .policy = &level_lta},
     TOTAL_PASSED,
     SUB_NONE,
     NULL},
};

static void signatures_are_judged_at_the_time_that_is_proved(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct finding finding = {0};
        judge(&rows[i].scene, &finding);
        check_row(finding.indication == rows[i].indication && finding.sub == rows[i].sub, rows[i].sentence);
        check_row(!rows[i].says || finding_says(&finding, rows[i].says), rows[i].sentence);
    }
}

static void what_was_proved_is_told(void **state)
{
    (void)state;
    struct finding finding = {0};
    judge(&(struct scene){.at = 2900, .signature = DAY(0), .archive = DAY(700)}, &finding);
    assert_true(finding.best_signature_time_ms == day(0));
    assert_int_equal(finding.stamp_count, 2);
    assert_int_equal(finding.stamps[0].kind, STAMP_SIGNATURE);
    assert_int_equal(finding.stamps[0].indication, TOTAL_PASSED);
    assert_true(finding.stamps[1].time_ms == day(700));
    assert_string_equal(finding.stamps[1].authority, "Dấu thời gian");
    assert_int_equal(finding.role, ROLE_PERSON);
    assert_true(finding.check_count > 8);
}

/* RFC 6960: says good, and that it was made then; producedAt too is the delegate's own word. */
static void answer_by(const struct pki_person *delegate, int days, int produced, struct buffer *ret_der)
{
    unsigned char *der = NULL;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), world.signer.certificate, world.root.certificate);
    ASN1_TIME *from = ASN1_TIME_set(NULL, day(days) / 1000), *to = ASN1_TIME_set(NULL, day(30) / 1000);
    assert_non_null(OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_GOOD, 0, NULL, from, to));
    ASN1_GENERALIZEDTIME_set((ASN1_GENERALIZEDTIME *)(uintptr_t)OCSP_resp_get0_produced_at(basic),
                             day(produced) / 1000);
    assert_int_equal(
        OCSP_basic_sign(basic, delegate->certificate, delegate->key, EVP_sha256(), NULL, OCSP_NOTIME), 1);
    int size = i2d_OCSP_BASICRESP(basic, &der);
    buffer_append(ret_der, span_of(der, (size_t)size));
    OPENSSL_free(der);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
}

/* RFC 6960, 4.2.2.2: whoever has the key of a revoked delegate writes any time into an answer. */
static void a_revoked_delegate_is_believed_for_what_is_proved_to_be_older(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool revoked; /* ten days ago */
        int proved;   /* days; 0: not at all */
        enum indication indication;
    } answers[] = {
        {"a delegate that was not revoked", false, 0, TOTAL_PASSED},
        {"an answer that says itself that it is older", true, 0, INDETERMINATE},
        {"one that is proved to be younger", true, -5, INDETERMINATE},
        {"one that is proved to be older", true, -15, TOTAL_PASSED},
    };
    struct pki_person delegate;
    pki_make(&(struct pki_wish){.name = "OCSP",
                                .issuer = &world.root,
                                .key_usage = "digitalSignature",
                                .purpose = "OCSPSigning",
                                .from_days = -100,
                                .to_days = 100},
             &delegate);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct buffer answer CLEANUP(buffer_clear) = {0}, list CLEANUP(buffer_clear) = {0};
        struct finding finding = {0};
        struct error err = {0};
        const struct verification how = {.trust = world.trust, .at_ms = world.now_ms, .policy = &strict};
        struct process *process CLEANUP(process_free) = process_new(&how);
        struct evidence *evidence = process_evidence(process);
        const struct signed_facts facts = {.signer = world.signer.certificate,
                                           .value = SPAN_LITERAL("the signature value"),
                                           .bound = true,
                                           .uses = {{.digest = DIGEST_SHA256, .key_bits = 2048}},
                                           .use_count = 1};
        answer_by(&delegate, -1, -20, &answer);
        pki_crl(&world.root, answers[i].revoked ? &delegate : NULL, -10, -5, &list);
        assert_true(evidence_add(evidence, EVIDENCE_OCSP, buffer_span(&answer), true, &err)
                    && evidence_add(evidence, EVIDENCE_CRL, buffer_span(&list), true, &err));
        if (answers[i].proved)
            assert_true(evidence_prove(evidence, buffer_span(&answer), day(answers[i].proved), &err));
        assert_true(process_judge(process, &facts, &finding, &err));
        check_row(finding.indication == answers[i].indication, answers[i].sentence);
    }
    pki_clear(&delegate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_judged_at_the_time_that_is_proved),
        cmocka_unit_test(what_was_proved_is_told),
        cmocka_unit_test(a_revoked_delegate_is_believed_for_what_is_proved_to_be_older),
    };
    return cmocka_run_group_tests_name("process", tests, make_world, end_world);
}
