#include "signer/report.h"

#include <stdio.h>

#include "base/clock.h"
#include "signer/signer_text.h"

enum { SENTENCE_SIZE = 640, COVERS_SIZE = 64, NAME_SIZE = 4096 };

/* A signature that was broken, or content that is not what was signed: for a citizen the same thing. */
static bool is_broken(const struct finding *finding)
{
    return finding->indication == TOTAL_FAILED
           && (finding->sub == SUB_HASH_FAILURE || finding->sub == SUB_SIG_CRYPTO_FAILURE
               || finding->sub == SUB_FORMAT_FAILURE);
}

/* "No signature" is an answer; anything else that was said about the whole document means that we could not
 * look well. */
static bool is_plainly_unsigned(const struct verdict *verdict)
{
    return verdict->count == 0 && verdict->reason_count == 1
           && verdict->reasons[0].text == &TEXT_NO_SIGNATURE;
}

static const struct {
    const char *word;
    const struct text *sentence;
} conclusions[] = {
    {"genuine", &TEXT_REPORT_GENUINE},
    {"changed", &TEXT_REPORT_CHANGED},
    {"unsigned", &TEXT_REPORT_UNSIGNED},
    {"unknown", &TEXT_REPORT_UNKNOWN},
};
enum { GENUINE, CHANGED, UNSIGNED, UNKNOWN };

static int conclude(const struct verdict *verdict)
{
    if (verdict->changed_after_signing == CHANGED_YES)
        return CHANGED;
    for (size_t i = 0; i < verdict->count; i++)
        if (is_broken(&verdict->findings[i]))
            return CHANGED;
    if (is_plainly_unsigned(verdict))
        return UNSIGNED;
    return verdict_overall(verdict) == TOTAL_PASSED ? GENUINE : UNKNOWN;
}

const char *report_conclusion(const struct verdict *verdict)
{
    return conclusions[conclude(verdict)].word;
}

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

static json_t *finding_json(const struct finding *finding)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type",
                     finding->kind == FINDING_TIMESTAMP ? "timestamp" : "signature", "format",
                     finding->format, "field", text_or_null(finding->field), "indication",
                     indication_name(finding->indication), "sub_indication",
                     text_or_null(sub_indication_name(finding->sub)), "signer", signer_json(finding), "tree",
                     text_or_null(finding->tree), "claimed_time", time_or_null(finding->claimed_time_ms),
                     "best_signature_time", time_or_null(finding->best_signature_time_ms), "covers",
                     covers_json(finding), "reasons", reasons_json(finding->reasons, finding->reason_count));
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
    json_t *signatures = json_array();
    for (size_t i = 0; i < verdict->count; i++)
        json_array_append_new(signatures, finding_json(&verdict->findings[i]));
    json_t *changed = verdict->changed_after_signing == CHANGED_UNKNOWN
                          ? json_null()
                          : json_boolean(verdict->changed_after_signing == CHANGED_YES);
    return json_pack("{s:o, s:s, s:o, s:{s:o, s:o}}", "file", name_json(file), "conclusion",
                     report_conclusion(verdict), "signatures", signatures, "document",
                     "changed_after_signing", changed, "reasons",
                     reasons_json(verdict->reasons, verdict->reason_count));
}

json_t *report_error_json(const char *file, const struct error *err)
{
    const struct error_meaning *meaning = error_meaning(err->code);
    return json_pack("{s:o, s:o}", "file", name_json(file), "error",
                     sentences_json(meaning->name, err->text ? err->text : &meaning->title, err->arg));
}

static void write_sentence(struct buffer *out, const struct text *text, enum language language,
                           const char args[TEXT_ARGS][TEXT_ARG_SIZE])
{
    char line[SENTENCE_SIZE];
    buffer_text(out, text_render(text, language, args, sizeof(line), line));
}

static void write_plain(struct buffer *out, const struct text *text, enum language language)
{
    static const char nothing[TEXT_ARGS][TEXT_ARG_SIZE];
    write_sentence(out, text, language, nothing);
}

static void write_who(const struct finding *finding, size_t number, enum language language,
                      struct buffer *out)
{
    buffer_format(out, "  %zu. ", number);
    if (finding->common_name[0])
        buffer_text(out, finding->common_name);
    else
        write_plain(out, &TEXT_REPORT_NOBODY, language);
    if (finding->title[0])
        buffer_format(out, ", %s", finding->title);
    if (finding->organization[0])
        buffer_format(out, ", %s", finding->organization);
    buffer_text(out, "\n");
}

static void write_what(const struct finding *finding, enum language language, struct buffer *out)
{
    buffer_format(out, "     %s · %s", finding->format, indication_name(finding->indication));
    if (finding->sub != SUB_NONE)
        buffer_format(out, " / %s", sub_indication_name(finding->sub));
    if (finding->claimed_time_ms) {
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        clock_person(finding->claimed_time_ms, args[0]);
        buffer_text(out, " · ");
        write_sentence(out, &TEXT_REPORT_CLAIMED, language, args);
    }
    if (finding->covers_whole_file) {
        buffer_text(out, " · ");
        write_plain(out, &TEXT_REPORT_WHOLE, language);
    } else if (finding->revisions) {
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%u", finding->revision);
        snprintf(args[1], TEXT_ARG_SIZE, "%u", finding->revisions);
        buffer_text(out, " · ");
        write_sentence(out, &TEXT_REPORT_REVISION, language, args);
    }
    for (size_t i = 0; !finding->covers_whole_file && i < finding->covered_count; i++)
        buffer_format(out, " · %s", finding->covered[i]);
    buffer_text(out, "\n");
}

static void write_reasons(const struct reason *reasons, size_t count, const char *indent,
                          enum language language, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        buffer_format(out, "%s- ", indent);
        write_sentence(out, reasons[i].text, language, reasons[i].arg);
        buffer_text(out, "\n");
    }
}

void report_simple(const char *file, const struct verdict *verdict, enum language language,
                   struct buffer *ret_text)
{
    char name[NAME_SIZE];
    text_clean(file, strlen(file), sizeof(name), name);
    buffer_format(ret_text, "%s: ", name);
    write_plain(ret_text, conclusions[conclude(verdict)].sentence, language);
    buffer_text(ret_text, "\n");
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        write_who(finding, i + 1, language, ret_text);
        write_what(finding, language, ret_text);
        write_reasons(finding->reasons, finding->reason_count, "     ", language, ret_text);
    }
    if (!is_plainly_unsigned(verdict))
        write_reasons(verdict->reasons, verdict->reason_count, "  ", language, ret_text);
}
