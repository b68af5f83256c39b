/* The order of EN 319 102-1: what the format found good, the timestamps, the path at the time they prove, acceptance. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/policy_text.h"
#include "signer/process_inner.h"
#include "signer/process_text.h"
#include "signer/role.h"
#include "signer/signer_text.h"

enum { HANDED_MAX = 16 << 20 /* bytes of one thing that was handed in */ };

/* The frame comes from our own cache; a damaged one only means that nothing more was handed in. */
static bool take_handed(struct process *process)
{
    struct error err = {0};
    for (struct reader r = reader_of(process->how->evidence); r.left.size > 0 && !r.failed;) {
        unsigned kind = read_u8(&r);
        struct span der = read_sized(&r, HANDED_MAX);
        if (!r.failed && kind <= EVIDENCE_OCSP && !evidence_add(process->evidence, kind, der, false, &err))
            return false;
    }
    return true;
}

struct process *process_new(const struct verification *how)
{
    struct process *process = calloc(1, sizeof(*process));
    if (!process)
        return NULL;
    process->how = how;
    process->now_ms = how->at_ms ? how->at_ms : clock_now_ms(&clock_system);
    process->policy = how->policy ? how->policy : policy_default();
    process->evidence = evidence_new();
    process->memo = revocation_memo_new();
    if (!process->evidence || !process->memo || !take_handed(process))
        process_free(&process);
    return process;
}

void process_free(struct process **process)
{
    if (!*process)
        return;
    revocation_memo_free(&(*process)->memo);
    evidence_free(&(*process)->evidence);
    free(*process);
    *process = NULL;
}

const struct verification *process_how(const struct process *process)
{
    return process->how;
}

int64_t process_now_ms(const struct process *process)
{
    return process->now_ms;
}

struct evidence *process_evidence(struct process *process)
{
    return process->evidence;
}

/* 5.2.8: what the policy asks of one signature; its level is asked about when its format has named it (policy_judge). */
static void accept_signature(const struct process *process, bool bound, struct finding *finding)
{
    if (!bound && process->policy->refuse_unbound)
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_POLICY_UNBOUND, NULL);
    finding_check(finding, 0, finding->sub == SUB_SIG_CONSTRAINTS_FAILURE ? CHECK_BAD : CHECK_GOOD,
                  &TEXT_STEP_ACCEPTANCE, process->policy->name);
}

static void conclude(struct finding *finding)
{
    char line[64];
    finding_pass(finding);
    snprintf(line, sizeof(line), "%s%s%s", indication_name(finding->indication), finding->sub ? " / " : "",
             finding->sub ? sub_indication_name(finding->sub) : "");
    finding_check(finding, 0,
                  finding->indication == TOTAL_PASSED   ? CHECK_GOOD
                  : finding->indication == TOTAL_FAILED ? CHECK_BAD
                                                        : CHECK_UNKNOWN,
                  &TEXT_STEP_CONCLUSION, line);
}

/* 5.5.4 (1): the earliest time that a timestamp proves for the signature value. */
static int64_t prove(const struct process *process, const struct signed_facts *facts, struct finding *finding)
{
    int64_t proved = process->now_ms;
    char day[CLOCK_TEXT_SIZE];
    if (facts->value.size > 0)
        proved = evidence_proved(process->evidence, facts->value, proved);
    if (proved < process->now_ms) {
        finding->best_signature_time_ms = proved;
        clock_person(proved, day);
        finding_check(finding, 0, CHECK_GOOD, &TEXT_STEP_TIME, day);
    }
    return proved;
}

bool process_judge(struct process *process, const struct signed_facts *facts, struct finding *finding,
                   struct error *err)
{
    if (!process_judge_stamps(process, facts, finding, err))
        return false;
    const struct bearer bearer = {.signer = facts->signer,
                                  .purpose = finding->kind == FINDING_TIMESTAMP ? PATH_STAMP : PATH_SIGN,
                                  .bound = facts->bound,
                                  .uses = facts->uses,
                                  .use_count = facts->use_count,
                                  .proved_ms = prove(process, facts, finding)};
    finding->role = role_of(facts->signer);
    if (!process_judge_path(process, &bearer, 0, finding, err))
        return false;
    accept_signature(process, facts->bound, finding);
    conclude(finding);
    return true;
}
