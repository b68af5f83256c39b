#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"

enum { SENTENCE_ROOM = 512 };

static const char *const level_names[] = {"debug", "info", "warning", "error"};

/* Set by log_open before threads start, then read-only. */
static struct {
    int fd;
    enum log_format format;
    enum log_level least;
    const char *process;
} out = {.fd = 2, .format = LOG_TEXT, .least = LOG_INFO_EVENT, .process = "vanthu"};

void log_open(int fd, enum log_format format, enum log_level least, const char *process)
{
    out.fd = fd;
    out.format = format;
    out.least = least;
    out.process = process;
}

static void put_json_string(struct buffer *line, const char *text)
{
    char clean[SENTENCE_ROOM];
    text_clean(text, strlen(text), sizeof(clean), clean);
    buffer_u8(line, '"');
    for (const char *at = clean; *at; at++) {
        if (*at == '"' || *at == '\\')
            buffer_u8(line, '\\');
        buffer_u8(line, (uint8_t)*at);
    }
    buffer_u8(line, '"');
}

static void put_value(struct buffer *line, const char *name, const char *text)
{
    if (out.format == LOG_JSON) {
        buffer_u8(line, ',');
        put_json_string(line, name);
        buffer_u8(line, ':');
    } else {
        buffer_format(line, " %s=", name);
    }
    put_json_string(line, text ? text : "");
}

static void put_field(struct buffer *line, const struct field *field)
{
    char sentence[SENTENCE_ROOM];
    switch (field->kind) {
    case FIELD_TEXT:
        put_value(line, field->name, field->text);
        break;
    case FIELD_NUMBER:
        buffer_format(line, out.format == LOG_JSON ? ",\"%s\":%lld" : " %s=%lld", field->name,
                      (long long)field->number);
        break;
    case FIELD_ERROR:
        put_value(line, field->name, error_meaning(field->error->code)->name);
        put_value(line, "said", error_sentence(field->error, LANGUAGE_EN, sizeof(sentence), sentence));
        if (field->error->cause[0])
            put_value(line, "cause", field->error->cause);
        break;
    }
}

void log_event(enum log_level level, const char *event, const struct field *fields, size_t count)
{
    if (level < out.least)
        return;
    struct buffer line CLEANUP(buffer_clear) = {0};
    char when[CLOCK_TEXT_SIZE];
    clock_iso_vietnam(clock_now_ms(&clock_system), when);
    if (out.format == LOG_JSON)
        buffer_format(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"process\":\"%s\",\"event\":\"%s\"", when,
                      level_names[level], out.process, event);
    else
        buffer_format(&line, "%s %s %s %s", when, level_names[level], out.process, event);
    for (size_t i = 0; i < count; i++)
        put_field(&line, &fields[i]);
    buffer_text(&line, out.format == LOG_JSON ? "}\n" : "\n");

    /* a log that cannot be written must not stop the work it tells of */
    while (!line.failed && write(out.fd, line.data, line.size) < 0 && errno == EINTR)
        continue;
}
