/* A certificate path at a time: EN 319 102-1, 5.2.6 (X.509 validation), 5.2.5 (freshness of revocation data) and 5.6.2
 * (validation in the past, with proofs of existence). Whatever is not proved to be older exists since now: so a
 * signature without a timestamp is judged as of now, by the same steps. */
#include <stdio.h>

#include "base/base_text.h"
#include "signer/process_inner.h"
#include "signer/process_text.h"
#include "signer/revocation_text.h"
#include "signer/role.h"
#include "signer/signer_text.h"
#include "signer/trust_text.h"

struct walk {
    struct process *process;
    const struct bearer *bearer;
    const struct path *path;
    uint8_t depth;
    struct finding *finding;
};

static void say_day(int64_t ms, char ret_day[static CLOCK_TEXT_SIZE])
{
    clock_person(ms, ret_day);
}

static void name_of(X509 *certificate, char ret_name[static TEXT_ARG_SIZE])
{
    certificate_short_name(X509_get_subject_name(certificate), TEXT_ARG_SIZE, ret_name);
}

/* Since when a certificate is known to exist. The signer's own is as old as a signature that names it. */
static int64_t certificate_proved(const struct walk *walk, size_t index)
{
    unsigned char *der = NULL;
    int size = i2d_X509(walk->path->certificates[index], &der);
    int64_t proved = walk->process->now_ms;
    if (size > 0)
        proved = evidence_proved(walk->process->evidence, span_of(der, (size_t)size), proved);
    OPENSSL_free(der);
    if (index == 0 && walk->bearer->bound && walk->bearer->proved_ms < proved)
        proved = walk->bearer->proved_ms;
    return proved;
}

/* ---- validity */

/* RFC 5280, 4.1.2.5; 5.5.4 (4): compared with the time the value is proved to have existed. */
static void check_validity(struct walk *walk, size_t index)
{
    int64_t from, until, at = walk->bearer->proved_ms;
    char day[CLOCK_TEXT_SIZE], then[CLOCK_TEXT_SIZE], name[TEXT_ARG_SIZE];
    bool proved = at < walk->process->now_ms;
    bool known = path_validity(walk->path, index, &from, &until);
    bool good = known && from <= at && at <= until;
    say_day(at, then);
    finding_check(walk->finding, walk->depth + 2, good ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_VALIDITY, then);
    if (good)
        return;
    name_of(walk->path->certificates[index], name);
    say_day(!known || at > until ? until : from, day);
    if (!known)
        finding_worsen(walk->finding, INDETERMINATE, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
                       &TEXT_CHAIN_BROKEN, name, NULL);
    else if (index > 0)
        finding_worsen(walk->finding, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_AUTHORITY_OUT_OF_DATE,
                       name, NULL);
    else if (at < from && proved)
        finding_worsen(walk->finding, TOTAL_FAILED, SUB_NOT_YET_VALID, &TEXT_SIGNED_BEFORE_VALIDITY, day,
                       then, NULL);
    else if (at < from)
        finding_worsen(walk->finding, TOTAL_FAILED, SUB_NOT_YET_VALID, &TEXT_CERTIFICATE_NOT_YET, day, NULL);
    else if (proved)
        finding_worsen(walk->finding, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_SIGNED_AFTER_EXPIRY, day,
                       then, NULL);
    else
        finding_worsen(walk->finding, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_CERTIFICATE_EXPIRED, day,
                       NULL);
}

/* ---- algorithms */

static bool is_strong(struct walk *walk, const struct algorithm_use *use, int64_t since_ms)
{
    char name[POLICY_WORD];
    int64_t until = policy_until(walk->process->policy, use, name);
    enum check_result result = since_ms < until ? CHECK_GOOD : CHECK_BAD;
    if (result == CHECK_GOOD && walk->process->now_ms >= until)
        result = CHECK_WARNING;
    if (result != CHECK_GOOD)
        finding_check(walk->finding, walk->depth + 2, result, &TEXT_STEP_ALGORITHM, name);
    if (result == CHECK_WARNING)
        finding_reason(walk->finding, &TEXT_VALID_THEN_WEAK_NOW, name, NULL);
    if (result == CHECK_BAD)
        finding_worsen(walk->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
                       &TEXT_ALGORITHM_WEAK, name, NULL);
    return result != CHECK_BAD;
}

/* 5.2.8.4.2: of the signature itself. */
static void check_signature_algorithms(struct walk *walk)
{
    bool strong = true;
    for (size_t i = 0; i < walk->bearer->use_count; i++)
        strong &= is_strong(walk, &walk->bearer->uses[i], walk->bearer->proved_ms);
    finding_check(walk->finding, walk->depth + 1, strong ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_ALGORITHMS,
                  NULL);
}

/* Of the signature on a certificate; the anchor's own proves nothing. */
static void check_certificate_algorithm(struct walk *walk, size_t index)
{
    struct algorithm_use use;
    char name[PATH_ALGORITHM_SIZE];
    if (index + 1 == walk->path->count)
        return;
    if (path_algorithm(walk->path, index, &use, name))
        is_strong(walk, &use, certificate_proved(walk, index));
    else
        finding_worsen(walk->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
                       &TEXT_ALGORITHM_UNKNOWN, name, NULL);
}

/* ---- revocation */

/* Whether what an issuer or a delegate said may be believed: its signature could not have been made up after the
 * certificate behind it ended (5.6.2.1), and with algorithms that were strong. */
static bool is_authentic(const struct process *process, const struct revocation *answer)
{
    char name[POLICY_WORD];
    int64_t proved = process->now_ms, until;
    struct path self = {.certificates = {answer->signer}, .count = 1};
    int64_t from;
    if (answer->source)
        proved = evidence_proved(process->evidence, answer->source->der, proved);
    for (size_t i = 0; i < answer->use_count; i++)
        if (policy_until(process->policy, &answer->uses[i], name) <= proved)
            return false;
    return path_validity(&self, 0, &from, &until) && from <= answer->this_update_ms && proved <= until;
}

/* An anchor's dates prove nothing (RFC 5280, 6.1.1 (d)): what it signs is believed as long as it is trusted. */
static bool issuer_stands(const struct walk *walk, size_t index, const struct revocation *answer)
{
    return answer->by != REVOCATION_BY_ISSUER || index + 2 == walk->path->count
           || is_authentic(walk->process, answer);
}

/* RFC 6960, 4.2.2.2: a delegate may be revoked too, unless its issuer wants nobody to ask. Then only what is proved to be
 * older counts (EN 319 102-1, 5.6.2.2.4): the time in an answer is its signer's own word. */
static bool delegate_stands(struct process *process, const struct revocation *answer, X509 *issuer,
                            struct error *err, bool *ret_stands)
{
    struct revocation own;
    const struct revocation_search search = {.trust = process->how->trust,
                                             .evidence = process->evidence,
                                             .at_ms = process->now_ms,
                                             .memo = process->memo};
    *ret_stands = true;
    if (answer->no_check)
        return true;
    if (!revocation_find(&search, answer->signer, issuer, &own, err))
        return false;
    int64_t made = process->now_ms;
    if (answer->source)
        made = evidence_proved(process->evidence, answer->source->der, made);
    *ret_stands = own.status != REVOCATION_REVOKED || own.at_ms > made;
    return true;
}

/* RFC 6960, 4.2.2.2 (1): a responder that is trusted as one, as trusted lists name them. */
static bool is_trusted_responder(const struct path *path, int64_t at_ms)
{
    return path->count == 1 && trust_anchor_in_force(path->anchor, TRUST_MAY_OCSP, at_ms)
           && !trust_anchor_for(path->anchor, TRUST_MAY_ALL & ~TRUST_MAY_OCSP);
}

/* RFC 5280, 6.3.3 (f): another key must lead to the same anchor; who answers by OCSP for another must be trusted to. */
static bool other_leads_to(const struct walk *walk, const struct revocation *answer, struct error *err,
                           bool *ret_leads)
{
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    bool ocsp = answer->source && answer->source->kind == EVIDENCE_OCSP;
    if (!path_find(walk->process->how->trust, walk->process->evidence, answer->signer,
                   ocsp ? PATH_OCSP : PATH_CRL, answer->this_update_ms, &path, &failure, err))
        return false;
    X509 *anchor = walk->path->certificates[walk->path->count - 1];
    *ret_leads = ocsp ? is_trusted_responder(&path, answer->this_update_ms)
                      : path.count > 0 && X509_cmp(path.certificates[path.count - 1], anchor) == 0;
    return true;
}

struct acceptance {
    const struct walk *walk;
    X509 *issuer;
    bool
        ended; /* an answer was passed over because the certificate behind it has ended, and nothing proves that it is older */
};

static bool accept_answer(void *context, const struct revocation *answer, bool *ret_accepted,
                          struct error *err)
{
    struct acceptance *acceptance = context;
    const struct walk *walk = acceptance->walk;
    *ret_accepted = is_authentic(walk->process, answer);
    acceptance->ended |= !*ret_accepted;
    if (!*ret_accepted || answer->by == REVOCATION_BY_ISSUER)
        return true;
    return answer->by == REVOCATION_BY_DELEGATE
               ? delegate_stands(walk->process, answer, acceptance->issuer, err, ret_accepted)
               : other_leads_to(walk, answer, err, ret_accepted);
}

/* 5.2.5: what is said of a time not after it; newer than its time by what the answer itself promises. */
static bool covers(const struct process *process, const struct revocation *answer, int64_t at_ms)
{
    int64_t age = process->policy->freshness_ms;
    if (answer->this_update_ms >= at_ms)
        return true;
    if (age)
        return at_ms - answer->this_update_ms <= age;
    return answer->next_update_ms && at_ms <= answer->next_update_ms;
}

/* RFC 5280, 4.2.1.13 and 4.2.2.1: whether the certificate says where to ask. */
static bool offers_revocation(X509 *certificate)
{
    return X509_get_ext_by_NID(certificate, NID_crl_distribution_points, -1) >= 0
           || X509_get_ext_by_NID(certificate, NID_info_access, -1) >= 0;
}

/* What stood in the way, in a sentence of its own. */
static void say_why(struct finding *finding, const struct revocation *answer)
{
    char day[CLOCK_TEXT_SIZE];
    say_day(answer->this_update_ms, day);
    if (answer->status == REVOCATION_GOOD)
        finding_reason(finding, &TEXT_REVOCATION_STALE, day, NULL);
    else if (answer->why && answer->why != &TEXT_REVOCATION_NOTHING)
        finding_reason(finding, answer->why, answer->why_arg, NULL);
}

/* 5.2.6.4: TRY_LATER. Only a certificate that names no place to ask, and about which nothing is at hand, may pass by the
 * policy: nobody ever will say more. */
static void say_unknown(struct walk *walk, size_t index, const struct revocation *answer)
{
    X509 *certificate = walk->path->certificates[index], *issuer = walk->path->certificates[index + 1];
    char name[TEXT_ARG_SIZE];
    bool nothing =
        answer->status == REVOCATION_UNKNOWN && (!answer->why || answer->why == &TEXT_REVOCATION_NOTHING);
    if (walk->process->how->wanted)
        wanted_revocation(walk->process->how->wanted, certificate, issuer);
    name_of(certificate, name);
    finding_check(walk->finding, walk->depth + 2, CHECK_UNKNOWN, &TEXT_STEP_REVOCATION_UNKNOWN, NULL);
    if (nothing && !offers_revocation(certificate)
        && walk->process->policy->revocation == POLICY_REVOCATION_WHEN_OFFERED) {
        finding_reason(walk->finding, &TEXT_REVOCATION_NOT_OFFERED, name, NULL);
        return;
    }
    finding_worsen(walk->finding, INDETERMINATE, SUB_TRY_LATER, &TEXT_REVOCATION_UNKNOWN, name, NULL);
    say_why(walk->finding, answer);
}

/* 5.6.2.1: whoever has the key of an authority that has ended could write such an answer today. */
static void say_unproved(struct walk *walk, size_t index)
{
    char name[TEXT_ARG_SIZE];
    if (walk->process->how->wanted) /* a new one would do */
        wanted_revocation(walk->process->how->wanted, walk->path->certificates[index],
                          walk->path->certificates[index + 1]);
    name_of(walk->path->certificates[index], name);
    finding_check(walk->finding, walk->depth + 2, CHECK_UNKNOWN, &TEXT_STEP_REVOCATION_UNKNOWN, NULL);
    finding_worsen(walk->finding, INDETERMINATE, SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
                   &TEXT_REVOCATION_NO_PROOF, name, NULL);
}

static void say_revoked(struct walk *walk, size_t index, const struct revocation *answer)
{
    char day[CLOCK_TEXT_SIZE], name[TEXT_ARG_SIZE];
    bool proved = walk->bearer->proved_ms < walk->process->now_ms;
    int64_t since = answer->invalid_since_ms ? answer->invalid_since_ms : answer->at_ms;
    say_day(answer->at_ms, day);
    /* 5.5.4 (3): with a proof that the signature is older than the revocation, it stands */
    if (proved && walk->bearer->proved_ms < since) {
        finding_check(walk->finding, walk->depth + 2, CHECK_GOOD, &TEXT_STEP_REVOCATION_LATER, day);
        return;
    }
    finding_check(walk->finding, walk->depth + 2, CHECK_BAD, &TEXT_STEP_REVOKED, day);
    name_of(walk->path->certificates[index], name);
    if (index > 0)
        finding_worsen(walk->finding, INDETERMINATE, SUB_REVOKED_CA_NO_POE, &TEXT_AUTHORITY_REVOKED, name,
                       NULL);
    else
        finding_worsen(walk->finding, INDETERMINATE, SUB_REVOKED_NO_POE, &TEXT_CERTIFICATE_REVOKED, day,
                       NULL);
}

static bool check_revocation(struct walk *walk, size_t index, struct error *err)
{
    struct process *process = walk->process;
    struct acceptance acceptance = {.walk = walk, .issuer = walk->path->certificates[index + 1]};
    const struct revocation_search search = {.trust = process->how->trust,
                                             .evidence = process->evidence,
                                             .at_ms = process->now_ms,
                                             .max_age_ms = process->policy->freshness_ms,
                                             .accept = accept_answer,
                                             .context = &acceptance,
                                             .memo = process->memo};
    struct revocation answer;
    char day[CLOCK_TEXT_SIZE];
    if (!revocation_find(&search, walk->path->certificates[index], acceptance.issuer, &answer, err))
        return false;
    if (answer.status == REVOCATION_REVOKED) {
        say_revoked(walk, index, &answer);
    } else if ((answer.status == REVOCATION_GOOD && !issuer_stands(walk, index, &answer))
               || (answer.status == REVOCATION_UNKNOWN && acceptance.ended)) {
        say_unproved(walk, index);
    } else if (answer.status == REVOCATION_GOOD && covers(process, &answer, walk->bearer->proved_ms)) {
        say_day(answer.this_update_ms, day);
        finding_check(walk->finding, walk->depth + 2, CHECK_GOOD, &TEXT_STEP_REVOCATION, day);
    } else {
        say_unknown(walk, index, &answer);
    }
    return true;
}

/* ---- the anchor */

/* TS 119 615, 4.4: a listed service counts for what it issued, and stamped, while it was trusted. */
static bool issued_in_force(const struct walk *walk, const struct trust_anchor *anchor, unsigned wanted)
{
    int64_t made, until;
    if (!anchor->listed)
        return true;
    if (walk->bearer->stamped_ms && !trust_anchor_in_force(anchor, wanted, walk->bearer->stamped_ms))
        return false;
    return walk->path->count == 1
           || (path_validity(walk->path, 0, &made, &until) && trust_anchor_in_force(anchor, wanted, made));
}

static const struct text *anchor_refuses(const struct walk *walk, const struct trust_anchor *anchor)
{
    unsigned wanted = TRUST_MAY_STAMP;
    if (walk->bearer->purpose == PATH_SIGN)
        wanted = role_of(walk->bearer->signer) == ROLE_AGENCY ? TRUST_MAY_SEAL : TRUST_MAY_SIGN;
    if (!trust_anchor_for(anchor, wanted))
        return &TEXT_ANCHOR_USE;
    if (!trust_anchor_in_force(anchor, wanted, walk->bearer->proved_ms))
        return &TEXT_ANCHOR_PERIOD;
    return issued_in_force(walk, anchor, wanted) ? NULL : &TEXT_ANCHOR_ISSUED;
}

/* TS 119 612, 5.5: what the anchor is trusted for, and from when to when. */
static void check_anchor(struct walk *walk)
{
    const struct trust_anchor *anchor = walk->path->anchor;
    char name[TEXT_ARG_SIZE], then[CLOCK_TEXT_SIZE];
    name_of(walk->path->certificates[walk->path->count - 1], name);
    say_day(walk->bearer->proved_ms, then);
    finding_check(walk->finding, walk->depth + 1, CHECK_GOOD, &TEXT_STEP_ANCHOR, name);
    const struct text *why = anchor_refuses(walk, anchor);
    finding_check(walk->finding, walk->depth + 1, why ? CHECK_BAD : CHECK_GOOD, &TEXT_STEP_ANCHOR_USE, NULL);
    if (why)
        finding_worsen(walk->finding, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE, why, name, then, NULL);
    if (anchor->next_update_ms && anchor->next_update_ms < walk->process->now_ms) {
        say_day(anchor->next_update_ms, then);
        finding_reason(walk->finding, &TEXT_LIST_EXPIRED, anchor->source, then, NULL);
    }
    if (walk->bearer->purpose == PATH_SIGN)
        snprintf(walk->finding->tree, sizeof(walk->finding->tree), "%s", anchor->tree);
}

/* ---- all of it */

static bool walk_down(struct walk *walk, struct error *err)
{
    check_anchor(walk);
    for (size_t i = walk->path->count - 1; i-- > 0;) {
        char name[TEXT_ARG_SIZE];
        name_of(walk->path->certificates[i], name);
        finding_check(walk->finding, walk->depth + 1, CHECK_GOOD, &TEXT_STEP_CERTIFICATE, name);
        check_validity(walk, i);
        check_certificate_algorithm(walk, i);
        if (!check_revocation(walk, i, err))
            return false;
    }
    if (walk->path->count == 1)
        check_validity(walk, 0);
    return true;
}

bool process_judge_path(struct process *process, const struct bearer *bearer, uint8_t depth,
                        struct finding *finding, struct error *err)
{
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure = {0};
    struct walk walk = {process, bearer, &path, depth, finding};
    size_t line = finding->check_count;
    finding_check(finding, depth, CHECK_GOOD, &TEXT_STEP_X509, NULL);
    if (!path_find(process->how->trust, process->evidence, bearer->signer, bearer->purpose, bearer->proved_ms,
                   &path, &failure, err))
        return false;
    if (path.count == 0) {
        finding_worsen(finding, failure.indication, failure.sub, failure.reason.text, failure.reason.arg[0],
                       failure.reason.arg[1], failure.reason.arg[2], NULL);
        if (process->how->wanted && failure.sub == SUB_NO_CERTIFICATE_CHAIN_FOUND && process->how->trust
            && trust_anchor_count(process->how->trust) > 0)
            wanted_issuer(process->how->wanted, bearer->signer);
    } else if (!walk_down(&walk, err)) {
        return false;
    }
    if (finding->sub != SUB_NONE && line < finding->check_count)
        finding->checks[line].result = finding->indication == TOTAL_FAILED ? CHECK_BAD : CHECK_UNKNOWN;
    check_signature_algorithms(&walk);
    return true;
}
