/* Timestamps of a signature (EN 319 102-1, 5.4 and 5.6.3): judged the newest first, so that what a newer one proves
 * helps the older. A timestamp that does not count takes nothing from the signature but its own proof. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/process_inner.h"
#include "signer/process_text.h"
#include "signer/timestamp.h"

static bool judge_opened(struct process *process, const struct timestamp_facts *opened, struct span token,
                         struct finding *finding, struct error *err)
{
    const struct bearer bearer = {.signer = opened->facts.signer,
                                  .purpose = PATH_STAMP,
                                  .bound = opened->facts.bound,
                                  .uses = opened->facts.uses,
                                  .use_count = opened->facts.use_count,
                                  .proved_ms = evidence_proved(process->evidence, token, process->now_ms),
                                  .stamped_ms = finding->claimed_time_ms};
    if (finding->sub != SUB_NONE || !bearer.signer)
        return true;
    if (!process_judge_path(process, &bearer, 1, finding, err))
        return false;
    finding_pass(finding);
    return true;
}

static void summarise(const struct finding *finding, struct stamp_finding *stamp)
{
    stamp->indication = finding->indication;
    stamp->sub = finding->sub;
    stamp->time_ms = finding->claimed_time_ms;
    snprintf(stamp->authority, sizeof(stamp->authority), "%s", finding->common_name);
    if (finding->indication != TOTAL_PASSED && finding->reason_count > 0)
        stamp->reason = finding->reasons[0];
}

/* A finding is too large for the stack of a process that may be deep in a document. */
static bool judge_token(struct process *process, const struct stamp *stamp, struct judged_token *ret_judged,
                        struct error *err)
{
    struct timestamp_facts opened CLEANUP(timestamp_facts_clear) = {0};
    struct finding *finding CLEANUP(free_clear) = calloc(1, sizeof(*finding));
    if (!finding)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    finding->kind = FINDING_TIMESTAMP;
    if (!timestamp_open(stamp->token, &stamp->content, process, &opened, finding, err)
        || !judge_opened(process, &opened, stamp->token, finding, err))
        return false;
    summarise(finding, &ret_judged->finding);
    ret_judged->algorithm = opened.imprint;
    if (finding->indication != TOTAL_FAILED && opened.says.imprint.size > 0
        && opened.says.imprint.size <= DIGEST_MAX) {
        ret_judged->imprint.size = opened.says.imprint.size;
        memcpy(ret_judged->imprint.bytes, opened.says.imprint.data, opened.says.imprint.size);
    }
    return true;
}

/* Whether the content is what the token is about. */
static bool is_about(const struct judged_token *judged, const struct stamp *stamp, bool *ret_about,
                     struct error *err)
{
    struct digest_value content;
    if (!stamp->content.digest(stamp->content.context, judged->algorithm, &content, err))
        return false;
    *ret_about = span_equal(digest_span(&content), digest_span(&judged->imprint));
    return true;
}

static bool judge_once(struct process *process, const struct stamp *stamp, struct stamp_finding *ret_stamp,
                       struct error *err)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, stamp->token);
    struct judged_token judged = {0};
    for (size_t i = 0; i < process->judged_count; i++) {
        bool about = false;
        if (memcmp(process->judged[i].digest, digest.bytes, SHA256_SIZE) != 0)
            continue;
        if (!is_about(&process->judged[i], stamp, &about, err))
            return false;
        if (about) {
            *ret_stamp = process->judged[i].finding;
            return true;
        }
    }
    if (!judge_token(process, stamp, &judged, err))
        return false;
    *ret_stamp = judged.finding;
    if (judged.imprint.size && process->judged_count < PROCESS_MAX_JUDGED) {
        memcpy(judged.digest, digest.bytes, SHA256_SIZE);
        process->judged[process->judged_count++] = judged;
    }
    return true;
}

/* 5.6.2.3: what a good timestamp is about existed at its time. One about the content alone, or about references to
 * validation data alone, says nothing of the signature value; one about the whole document covers the signature with all
 * that it carries, its own timestamps too. */
static bool take_proofs(struct process *process, const struct signed_facts *facts, size_t index,
                        int64_t time_ms, struct error *err)
{
    const struct stamp *stamp = &facts->stamps[index];
    if (stamp->kind != STAMP_CONTENT && !stamp->without_value && facts->value.size > 0
        && !evidence_prove(process->evidence, facts->value, time_ms, err))
        return false;
    for (size_t i = 0; i < stamp->prove_count; i++)
        if (!evidence_prove(process->evidence, stamp->proves[i], time_ms, err))
            return false;
    for (size_t i = 0; i < index && stamp->kind == STAMP_DOCUMENT; i++)
        if (facts->stamps[i].kind != STAMP_DOCUMENT
            && !evidence_prove(process->evidence, facts->stamps[i].token, time_ms, err))
            return false;
    return true;
}

static void describe(const struct stamp_finding *judged, struct finding *finding)
{
    char line[TEXT_ARG_SIZE], day[CLOCK_TEXT_SIZE] = "?";
    if (judged->time_ms)
        clock_person(judged->time_ms, day);
    snprintf(line, sizeof(line), "%s, %.40s", day, judged->authority);
    finding_check(finding, 0, judged->indication == TOTAL_PASSED ? CHECK_GOOD : CHECK_WARNING,
                  &TEXT_STEP_STAMP, line);
    if (judged->indication == TOTAL_PASSED || !judged->reason.text)
        return;
    finding_reason(finding, &TEXT_STAMP_NOT_BELIEVED, line, NULL);
    finding_reason(finding, judged->reason.text, judged->reason.arg[0], judged->reason.arg[1],
                   judged->reason.arg[2], NULL);
}

/* 5.5.4 (5): the content's timestamps come before the signature's, and those before the archive's. */
static void check_order(struct finding *finding)
{
    int64_t earliest[STAMP_KIND_COUNT], latest[STAMP_KIND_COUNT] = {0};
    for (size_t k = 0; k < STAMP_KIND_COUNT; k++)
        earliest[k] = INT64_MAX;
    for (size_t i = 0; i < finding->stamp_count; i++) {
        const struct stamp_finding *stamp = &finding->stamps[i];
        if (stamp->indication != TOTAL_PASSED)
            continue;
        if (stamp->time_ms < earliest[stamp->kind])
            earliest[stamp->kind] = stamp->time_ms;
        if (stamp->time_ms > latest[stamp->kind])
            latest[stamp->kind] = stamp->time_ms;
    }
    bool good = latest[STAMP_CONTENT] <= earliest[STAMP_SIGNATURE]
                && earliest[STAMP_SIGNATURE] / 1000 <= earliest[STAMP_ARCHIVE] / 1000;
    if (earliest[STAMP_SIGNATURE] == INT64_MAX)
        good = latest[STAMP_CONTENT] <= earliest[STAMP_ARCHIVE];
    finding_check(finding, 0, good ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_ORDER, NULL);
    if (!good)
        finding_worsen(finding, INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, &TEXT_STAMP_ORDER, NULL);
}

bool process_judge_stamps(struct process *process, const struct signed_facts *facts, struct finding *finding,
                          struct error *err)
{
    struct stamp_finding judged[VERDICT_MAX_STAMPS];
    size_t first = facts->stamp_count > VERDICT_MAX_STAMPS ? facts->stamp_count - VERDICT_MAX_STAMPS : 0;
    for (size_t i = facts->stamp_count; i-- > first;) {
        struct stamp_finding *now = &judged[i - first];
        *now = (struct stamp_finding){0};
        if (!judge_once(process, &facts->stamps[i], now, err))
            return false;
        now->kind = facts->stamps[i].kind;
        if (now->indication == TOTAL_PASSED && !take_proofs(process, facts, i, now->time_ms, err))
            return false;
    }
    for (size_t i = first; i < facts->stamp_count; i++) {
        struct stamp_finding *kept = finding_add_stamp(finding, facts->stamps[i].kind);
        if (kept)
            *kept = judged[i - first];
        describe(&judged[i - first], finding);
    }
    if (facts->stamp_count > 0)
        check_order(finding);
    return true;
}
