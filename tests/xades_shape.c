#include "tests/check.h"

#include "tests/xades_shape.h"

void look(struct span text, const struct detached *files, size_t count, struct verdict *ret_verdict)
{
    struct verification how = {.trust = world.trust, .detached = files, .detached_count = count};
    struct source document = source_of(text);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, ret_verdict, &err));
    assert_true(ret_verdict->count > 0);
}

struct finding worst(struct span text, const struct detached *files, size_t count)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    look(text, files, count, &verdict);
    struct finding found = verdict.findings[0];
    for (size_t i = 1; i < verdict.count; i++)
        if (verdict.findings[i].indication == TOTAL_FAILED || found.indication == TOTAL_PASSED)
            found = verdict.findings[i];
    return found;
}

void check_found(const char *sentence, const struct finding *found, enum indication indication,
                 enum sub_indication sub)
{
    if (found->indication != indication || found->sub != sub)
        print_error("%s: %s/%s\n", sentence, indication_name(found->indication),
                    sub_indication_name(found->sub));
    check_row(found->indication == indication && found->sub == sub, sentence);
}
