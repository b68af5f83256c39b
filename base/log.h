/* The log is a list of events: a name that never changes, then fields. JSON lines or text, to one descriptor, each line one
 * write(2). The floor that decides what to do about an error logs it, once. No documents, PINs or personal data.
 *
 *     log_info("delivery.settled", F("delivery", id), FI("attempt", n));
 *     log_warning("keeper.died", F("keeper", name), FE(&err));
 *
 * Set up once in main by log_open; any thread may write events. */
#pragma once

#include <stdint.h>

#include "base/error.h"

enum log_level { LOG_DEBUG_EVENT, LOG_INFO_EVENT, LOG_WARNING_EVENT, LOG_ERROR_EVENT };
enum log_format { LOG_TEXT, LOG_JSON };

struct field {
    const char *name;
    enum { FIELD_TEXT, FIELD_NUMBER, FIELD_ERROR } kind;
    const char *text;
    int64_t number;
    const struct error *error;
};

#define F(name_, text_) ((struct field){.name = (name_), .kind = FIELD_TEXT, .text = (text_)})
#define FI(name_, number_)                                                                                   \
    ((struct field){.name = (name_), .kind = FIELD_NUMBER, .number = (int64_t)(number_)})
#define FE(error_) ((struct field){.name = "error", .kind = FIELD_ERROR, .error = (error_)})

void log_open(int fd, enum log_format format, enum log_level least, const char *process);
void log_event(enum log_level level, const char *event, const struct field *fields, size_t count);

#define LOG_FIELDS(...)                                                                                      \
    (const struct field[]){__VA_ARGS__}, sizeof((const struct field[]){__VA_ARGS__}) / sizeof(struct field)
#define log_debug(event, ...) log_event(LOG_DEBUG_EVENT, (event), LOG_FIELDS(__VA_ARGS__))
#define log_info(event, ...) log_event(LOG_INFO_EVENT, (event), LOG_FIELDS(__VA_ARGS__))
#define log_warning(event, ...) log_event(LOG_WARNING_EVENT, (event), LOG_FIELDS(__VA_ARGS__))
#define log_error(event, ...) log_event(LOG_ERROR_EVENT, (event), LOG_FIELDS(__VA_ARGS__))
