#include "base/json.h"
#include "exchange/passage_steps.h"
#include "signer/report.h"

/* Looking at what came, and at what leaves: never inside this process, and never a reason to hold mail back. */

enum { CHECK_TRIES = 3 /* then it goes on, "unknown": down is not stop */ };

static bool verdict_keep(const char *name, const struct verdict *verdict, struct change *change,
                         struct error *err)
{
    json_t *report CLEANUP(json_clear) = report_json(name, verdict);
    change->verdict = report ? json_dumps(report, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    if (!change->verdict)
        return fail(err, ERR_BUSY, NULL);
    strncpy(change->conclusion, report_conclusion(verdict), sizeof(change->conclusion) - 1);
    return true;
}

static bool refusal_keep(const char *name, const struct error *why, struct change *change, struct error *err)
{
    json_t *report CLEANUP(json_clear) = report_error_json(name, why);
    change->verdict = report ? json_dumps(report, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    strncpy(change->conclusion, "unknown", sizeof(change->conclusion) - 1);
    return change->verdict || fail(err, ERR_BUSY, NULL);
}

/* The first file of a kind that can be signed. */
static bool main_part(struct store *store, const struct document *document, const struct part **ret_part,
                      struct body *ret_body, struct error *err)
{
    for (size_t i = 0; i < document->part_count; i++) {
        struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
        if (!store_body(store, document->parts[i].blob, &body, err))
            return false;
        enum document_kind kind = document_kind_of(body.source.bytes);
        if (kind != DOCUMENT_PDF && kind != DOCUMENT_XML)
            continue;
        *ret_part = &document->parts[i];
        *ret_body = body;
        body = (struct body){.source = {.fd = -1}};
        return true;
    }
    return true;
}

bool main_part_check(struct passage *passage, const struct document *document, struct change *change,
                     struct error *err)
{
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error said = {0};
    const struct part *part = NULL;
    if (!passage->settings.checkers)
        return true;
    if (!main_part(passage->settings.store, document, &part, &body, err))
        return false;
    if (!part)
        return true;
    if (lookup_check(passage->settings.lookup, passage->settings.checkers,
                     &(struct checker_job){.document = &body.source, .policy = passage->settings.policy},
                     &verdict, &said))
        return verdict_keep(part->name, &verdict, change, err);
    if (error_meaning(said.code)->retry && document->attempts + 1 < CHECK_TRIES) {
        *err = said;
        return false;
    }
    return refusal_keep(part->name, &said, change, err);
}

bool step_check(struct passage *passage, const struct document *document, struct change *change,
                struct error *err)
{
    return main_part_check(passage, document, change, err);
}

/* From here on anyone with the code may ask about it. */
bool step_file(struct passage *passage, const struct document *document, struct change *change,
               struct error *err)
{
    (void)passage;
    (void)err;
    change->issue_check_code = document->kind == PACKAGE_EDOC;
    return true;
}
