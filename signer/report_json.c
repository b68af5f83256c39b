/* A verdict as JSON, by schemas/verdict.schema.json: fields are added, never renamed. */
#include <stdio.h>

#include "base/clock.h"
#include "signer/report.h"

enum { SENTENCE_SIZE = 640, COVERS_SIZE = 64, NAME_SIZE = 4096 };

static json_t *text_or_null(const char *text)
{
    return text && text[0] ? json_string(text) : json_null();
}

static json_t *time_or_null(int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (ms == 0)
        return json_null();
    clock_iso_vietnam(ms, text);
    return json_string(text);
}

static json_t *sentences_json(const char *code, const struct text *text,
                              const char args[TEXT_ARGS][TEXT_ARG_SIZE])
{
    char vi[SENTENCE_SIZE], en[SENTENCE_SIZE];
    text_render(text, LANGUAGE_VI, args, sizeof(vi), vi);
    text_render(text, LANGUAGE_EN, args, sizeof(en), en);
    return json_pack("{s:s, s:s, s:s}", "code", code, "vi", vi, "en", en);
}

static json_t *reasons_json(const struct reason *reasons, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, sentences_json(reasons[i].text->name, reasons[i].text, reasons[i].arg));
    return list;
}

static json_t *signer_json(const struct finding *finding)
{
    if (!finding->subject[0])
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s}", "subject", finding->subject, "common_name",
                     text_or_null(finding->common_name), "organization", text_or_null(finding->organization),
                     "title", text_or_null(finding->title), "serial", finding->serial, "issuer",
                     finding->issuer);
}

static json_t *covers_json(const struct finding *finding)
{
    char text[COVERS_SIZE];
    if (finding->covers_whole_file)
        return json_string("whole-file");
    if (finding->revisions) {
        snprintf(text, sizeof(text), "revision %u of %u", finding->revision, finding->revisions);
        return json_string(text);
    }
    json_t *paths = json_array();
    for (size_t i = 0; i < finding->covered_count; i++)
        json_array_append_new(paths, json_string(finding->covered[i]));
    return paths;
}

static json_t *reason_or_null(const struct reason *reason)
{
    return reason->text ? sentences_json(reason->text->name, reason->text, reason->arg) : json_null();
}

static json_t *stamps_json(const struct finding *finding)
{
    json_t *list = json_array();
    for (size_t i = 0; i < finding->stamp_count; i++) {
        const struct stamp_finding *stamp = &finding->stamps[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "kind", stamp_kind_name(stamp->kind), "indication",
                      indication_name(stamp->indication), "sub_indication",
                      text_or_null(sub_indication_name(stamp->sub)), "time", time_or_null(stamp->time_ms),
                      "authority", text_or_null(stamp->authority), "reason", reason_or_null(&stamp->reason)));
    }
    return list;
}

static json_t *checks_json(const struct finding *finding)
{
    static const char *const results[] = {
        [CHECK_UNKNOWN] = "unknown", [CHECK_GOOD] = "good", [CHECK_WARNING] = "warning", [CHECK_BAD] = "bad"};
    json_t *list = json_array();
    for (size_t i = 0; i < finding->check_count; i++) {
        const struct check *check = &finding->checks[i];
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], sizeof(args[0]), "%s", check->arg);
        json_t *line = sentences_json(check->what->name, check->what, args);
        json_object_set_new(line, "depth", json_integer(check->depth));
        json_object_set_new(line, "result", json_string(results[check->result]));
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *role_json(enum signer_role role)
{
    return role == ROLE_UNKNOWN ? json_null() : json_string(role == ROLE_AGENCY ? "agency" : "person");
}

static const char *type_of(const struct finding *finding)
{
    static const char *const types[] = {[FINDING_SIGNATURE] = "signature",
                                        [FINDING_TIMESTAMP] = "timestamp",
                                        [FINDING_COUNTER_SIGNATURE] = "counter-signature"};
    return types[finding->kind];
}

static json_t *finding_json(const struct finding *finding)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:[]}", "type",
                     type_of(finding), "format", finding->format, "field", text_or_null(finding->field),
                     "indication", indication_name(finding->indication), "sub_indication",
                     text_or_null(sub_indication_name(finding->sub)), "signer", signer_json(finding), "role",
                     role_json(finding->role), "tree", text_or_null(finding->tree), "claimed_time",
                     time_or_null(finding->claimed_time_ms), "best_signature_time",
                     time_or_null(finding->best_signature_time_ms), "covers", covers_json(finding), "reasons",
                     reasons_json(finding->reasons, finding->reason_count), "timestamps",
                     stamps_json(finding), "checks", checks_json(finding), "counter_signatures");
}

/* Signatures and document timestamps in their order; a counter-signature stands inside the one it confirms. */
static json_t *findings_json(const struct verdict *verdict)
{
    json_t *list = json_array(), *all = json_array();
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        json_t *made = finding_json(finding);
        json_array_append_new(all, made); /* borrowed from here on */
        json_array_append(finding->kind == FINDING_COUNTER_SIGNATURE
                              ? json_object_get(json_array_get(all, finding->of), "counter_signatures")
                              : list,
                          made);
    }
    json_decref(all);
    return list;
}

static json_t *revisions_json(const struct verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->revision_count; i++) {
        const struct revision *revision = &verdict->revisions[i];
        json_t *changes = json_array();
        for (unsigned change = 0; change < REVISION_CHANGE_COUNT; change++)
            if (revision->changes & 1u << change)
                json_array_append_new(changes, json_string(revision_change_name(change)));
        json_array_append_new(list,
                              json_pack("{s:i, s:I, s:o, s:o}", "number", (int)(verdict->first_revision + i),
                                        "size", (json_int_t)revision->end, "changes", changes, "not_allowed",
                                        reason_or_null(&revision->reason)));
    }
    return list;
}

static json_t *profile_json(const struct verdict *verdict)
{
    if (!verdict->profile_name[0])
        return json_null();
    return json_pack("{s:s, s:b}", "name", verdict->profile_name, "met", verdict->profile == CHECK_GOOD);
}

/* A file's name may be any bytes; JSON wants UTF-8. */
static json_t *name_json(const char *file)
{
    char name[NAME_SIZE];
    text_clean(file, strlen(file), sizeof(name), name);
    return json_string(name);
}

json_t *report_json(const char *file, const struct verdict *verdict)
{
    json_t *changed = verdict->changed_after_signing == CHANGED_UNKNOWN
                          ? json_null()
                          : json_boolean(verdict->changed_after_signing == CHANGED_YES);
    return json_pack("{s:o, s:s, s:o, s:{s:o, s:o, s:o, s:o}}", "file", name_json(file), "conclusion",
                     report_conclusion(verdict), "signatures", findings_json(verdict), "document",
                     "changed_after_signing", changed, "reasons",
                     reasons_json(verdict->reasons, verdict->reason_count), "revisions",
                     revisions_json(verdict), "profile", profile_json(verdict));
}

json_t *report_error_json(const char *file, const struct error *err)
{
    const struct error_meaning *meaning = error_meaning(err->code);
    return json_pack("{s:o, s:o}", "file", name_json(file), "error",
                     sentences_json(meaning->name, err->text ? err->text : &meaning->title, err->arg));
}
