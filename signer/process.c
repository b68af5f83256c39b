#include "signer/process.h"

#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/signer_text.h"

enum { HANDED_MAX = 16 << 20 /* bytes of one thing that was handed in */ };

struct process {
    const struct verification *how;
    int64_t now_ms;
    struct evidence *evidence;
};

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
    process->evidence = evidence_new();
    if (!process->evidence || !take_handed(process))
        process_free(&process);
    return process;
}

void process_free(struct process **process)
{
    if (!*process)
        return;
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

/* EN 319 102-1, 5.2.8.4.2 and 5.2.7.4: SHA-1 proves nothing without a proof of existence from its better
 * days. */
static void check_strength(const struct signed_facts *facts, struct finding *finding)
{
    for (size_t i = 0; i < facts->use_count; i++)
        if (digest_is_weak(facts->uses[i].digest)) {
            finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
                           &TEXT_ALGORITHM_WEAK, digest_name(facts->uses[i].digest), NULL);
            return;
        }
}

bool process_judge(struct process *process, const struct signed_facts *facts, struct finding *finding,
                   struct error *err)
{
    struct certificates others CLEANUP(certificates_clear) = {0};
    for (size_t i = 0; i < evidence_count(process->evidence); i++) {
        const struct evidence_item *item = evidence_at(process->evidence, i);
        if (item->kind == EVIDENCE_CERTIFICATE && !certificates_add(&others, item->der, err))
            return false;
    }
    check_strength(facts, finding);
    if (!chain_judge(process->how->trust, process->now_ms, facts->signer, &others, finding, err))
        return false;
    finding_pass(finding);
    return true;
}
