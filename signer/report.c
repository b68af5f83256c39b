/* A verdict for a person: one screen, or all of it. */
#include "signer/report.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "signer/report_text.h"
#include "signer/signer_text.h"

enum { SENTENCE_SIZE = 640, NAME_SIZE = 4096, INDENT = 5 };

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

/* Every signature allows what came behind it, and none vouches for it. */
static bool was_continued(const struct verdict *verdict)
{
    for (size_t i = 1; i < verdict->revision_count; i++)
        if (verdict->revisions[i].changes & (1u << REVISION_FORM | 1u << REVISION_ANNOTATION))
            return true;
    return false;
}

static int conclude(const struct verdict *verdict)
{
    if (verdict->changed_after_signing == CHANGED_YES)
        return CHANGED;
    for (size_t i = 0; i < verdict->count; i++)
        if (is_broken(&verdict->findings[i]))
            return CHANGED;
    if (is_plainly_unsigned(verdict))
        return UNSIGNED;
    return verdict_overall(verdict) == TOTAL_PASSED && !was_continued(verdict) ? GENUINE : UNKNOWN;
}

/* A signature that fails over untouched content (not yet valid, revoked before) is a no, though the one word for it
 * is "unknown". */
static const struct text *headline(const struct verdict *verdict)
{
    int conclusion = conclude(verdict);
    return conclusion == UNKNOWN && verdict_overall(verdict) == TOTAL_FAILED
               ? &TEXT_REPORT_VOID
               : conclusions[conclusion].sentence;
}

const char *report_conclusion(const struct verdict *verdict)
{
    return conclusions[conclude(verdict)].word;
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
    if (finding->organization[0] && strcmp(finding->organization, finding->common_name) != 0)
        buffer_format(out, ", %s", finding->organization);
    if (finding->kind == FINDING_TIMESTAMP) {
        buffer_text(out, " · ");
        write_plain(out, &TEXT_REPORT_STAMP, language);
    } else if (finding->kind == FINDING_COUNTER_SIGNATURE) {
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%u", finding->of + 1);
        buffer_text(out, " · ");
        write_sentence(out, &TEXT_REPORT_CONFIRMS, language, args);
    }
    buffer_text(out, "\n");
}

static void write_time(const struct text *text, int64_t ms, enum language language, struct buffer *out)
{
    char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
    if (ms == 0)
        return;
    clock_person(ms, args[0]);
    buffer_text(out, " · ");
    write_sentence(out, text, language, args);
}

static void write_what(const struct finding *finding, enum language language, struct buffer *out)
{
    buffer_format(out, "     %s · %s", finding->format, indication_name(finding->indication));
    if (finding->sub != SUB_NONE)
        buffer_format(out, " / %s", sub_indication_name(finding->sub));
    write_time(&TEXT_REPORT_CLAIMED, finding->claimed_time_ms, language, out);
    if (finding->kind != FINDING_TIMESTAMP)
        write_time(&TEXT_REPORT_PROVED, finding->best_signature_time_ms, language, out);
    if (finding->tree[0]) {
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%s", finding->tree);
        buffer_text(out, " · ");
        write_sentence(out, &TEXT_REPORT_TREE, language, args);
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

/* ---- the details */

static void write_stamps(const struct finding *finding, enum language language, struct buffer *out)
{
    for (size_t i = 0; i < finding->stamp_count; i++) {
        const struct stamp_finding *stamp = &finding->stamps[i];
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        if (stamp->time_ms)
            clock_person(stamp->time_ms, args[0]);
        snprintf(args[1], TEXT_ARG_SIZE, "%.*s", TEXT_ARG_SIZE - 1, stamp->authority);
        snprintf(args[2], TEXT_ARG_SIZE, "%s %s", indication_name(stamp->indication),
                 stamp->sub ? sub_indication_name(stamp->sub) : "");
        buffer_format(out, "%*s", INDENT, "");
        write_sentence(out, &TEXT_REPORT_STAMPED, language, args);
        buffer_text(out, "\n");
        if (stamp->reason.text)
            write_reasons(&stamp->reason, 1, "       ", language, out);
    }
}

static void write_checks(const struct finding *finding, enum language language, struct buffer *out)
{
    static const char *const marks[] = {
        [CHECK_UNKNOWN] = "?", [CHECK_GOOD] = "✓", [CHECK_WARNING] = "!", [CHECK_BAD] = "✗"};
    if (finding->check_count == 0)
        return;
    buffer_format(out, "%*s", INDENT, "");
    write_plain(out, &TEXT_REPORT_CHECKS, language);
    buffer_text(out, "\n");
    for (size_t i = 0; i < finding->check_count; i++) {
        const struct check *check = &finding->checks[i];
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%s", check->arg);
        buffer_format(out, "%*s%s ", INDENT + 2 + 2 * check->depth, "", marks[check->result]);
        write_sentence(out, check->what, language, args);
        buffer_text(out, "\n");
    }
}

#define REVISION_DID(name, word) &TEXT_REVISION_DID_##name,
static const struct text *const revision_did[] = {REVISION_CHANGES(REVISION_DID)};

static void name_changes(unsigned changes, enum language language, char ret_names[static TEXT_ARG_SIZE])
{
    char name[TEXT_ARG_SIZE];
    static const char nothing[TEXT_ARGS][TEXT_ARG_SIZE];
    size_t at = 0;
    text_render(&TEXT_REVISION_DID_NOTHING, language, nothing, TEXT_ARG_SIZE, ret_names);
    for (unsigned change = 0; change < REVISION_CHANGE_COUNT; change++) {
        if (!(changes & 1u << change) || at >= TEXT_ARG_SIZE)
            continue;
        text_render(revision_did[change], language, nothing, sizeof(name), name);
        at += (size_t)snprintf(ret_names + at, TEXT_ARG_SIZE - at, "%s%s", at ? ", " : "", name);
    }
}

static void write_revisions(const struct verdict *verdict, enum language language, struct buffer *out)
{
    if (verdict->revision_count == 0)
        return;
    buffer_text(out, "  ");
    write_plain(out, &TEXT_REPORT_REVISIONS, language);
    buffer_text(out, "\n");
    for (size_t i = 0; i < verdict->revision_count; i++) {
        const struct revision *revision = &verdict->revisions[i];
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%zu", verdict->first_revision + i);
        snprintf(args[1], TEXT_ARG_SIZE, "%llu", (unsigned long long)revision->end);
        name_changes(revision->changes, language, args[2]);
        buffer_text(out, "    ");
        write_sentence(out, &TEXT_REPORT_REVISION_LINE, language, args);
        buffer_text(out, "\n");
        if (revision->reason.text)
            write_reasons(&revision->reason, 1, "      ", language, out);
    }
}

/* ---- the whole */

static void write_profile(const struct verdict *verdict, enum language language, struct buffer *out)
{
    char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
    if (!verdict->profile_name[0])
        return;
    snprintf(args[0], TEXT_ARG_SIZE, "%s", verdict->profile_name);
    buffer_text(out, "  ");
    write_sentence(out,
                   verdict->profile == CHECK_GOOD ? &TEXT_REPORT_PROFILE_MET : &TEXT_REPORT_PROFILE_NOT_MET,
                   language, args);
    buffer_text(out, "\n");
}

static void write_report(const char *file, const struct verdict *verdict, bool detailed,
                         enum language language, struct buffer *out)
{
    char name[NAME_SIZE];
    text_clean(file, strlen(file), sizeof(name), name);
    buffer_format(out, "%s: ", name);
    write_plain(out, headline(verdict), language);
    buffer_text(out, "\n");
    write_profile(verdict, language, out);
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        write_who(finding, i + 1, language, out);
        write_what(finding, language, out);
        write_reasons(finding->reasons, finding->reason_count, "     ", language, out);
        if (detailed) {
            write_stamps(finding, language, out);
            write_checks(finding, language, out);
        }
    }
    if (detailed)
        write_revisions(verdict, language, out);
    if (!is_plainly_unsigned(verdict))
        write_reasons(verdict->reasons, verdict->reason_count, "  ", language, out);
}

void report_simple(const char *file, const struct verdict *verdict, enum language language,
                   struct buffer *ret_text)
{
    write_report(file, verdict, false, language, ret_text);
}

void report_detailed(const char *file, const struct verdict *verdict, enum language language,
                     struct buffer *ret_text)
{
    write_report(file, verdict, true, language, ret_text);
}

/* ---- by name */

static const struct {
    const char *word, *content_type;
} kinds[REPORT_KINDS] = {
    [REPORT_SIMPLE] = {"simple", "text/plain; charset=utf-8"},
    [REPORT_DETAILED] = {"detailed", "text/plain; charset=utf-8"},
    [REPORT_ETSI] = {"etsi", "application/xml"},
    [REPORT_PDF] = {"pdf", "application/pdf"},
};

enum report_kind report_kind_of(const char *word)
{
    enum report_kind kind = REPORT_SIMPLE;
    while (word && kind < REPORT_KINDS && strcmp(word, kinds[kind].word) != 0)
        kind++;
    return kind;
}

const char *report_content_type(enum report_kind kind)
{
    return kinds[kind].content_type;
}

bool report_write(enum report_kind kind, const struct report_about *about, const struct verdict *verdict,
                  enum language language, struct buffer *ret_report, struct error *err)
{
    if (kind == REPORT_PDF)
        return report_pdf(about, verdict, ret_report, err);
    if (kind == REPORT_ETSI)
        report_etsi(about, verdict, ret_report);
    else
        write_report(about->file, verdict, kind == REPORT_DETAILED, language, ret_report);
    return !ret_report->failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}
