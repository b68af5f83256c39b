/* The text of a leaf becomes the value of a field. What cannot be one is left out and named; where guessing would be worse than
 * asking again (who sends, what kind of business), the package is refused. */
#include <limits.h>
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/edxml_read.h"
#include "exchange/package_text.h"
#include "exchange/secret.h"

static bool read_integer(const char *text, int32_t *ret_value)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || text[0] == ' ' || text[0] == '+' || value > INT32_MAX || value < INT32_MIN)
        return false;
    *ret_value = (int32_t)value;
    return true;
}

static void take_number(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                        const char *place)
{
    struct number *number = frame->base;
    int32_t value;
    char most[40];
    if (!read_integer(text, &value)) {
        edxml_deviate(reader, &TEXT_DEVIATION_NUMBER, place, text, NULL);
        return;
    }
    *number = (struct number){value, true};
    snprintf(most, sizeof(most), "0 … %u", frame->element->most);
    if (frame->element->most && (value < 0 || value > (int32_t)frame->element->most))
        edxml_deviate(reader, &TEXT_DEVIATION_VALUE, place, text, most);
}

static void take_flag(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                      const char *place)
{
    bool yes = strcasecmp(text, "true") == 0;
    if (yes || strcasecmp(text, "false") == 0)
        *(struct number *)frame->base = (struct number){yes, true};
    else
        edxml_deviate(reader, &TEXT_DEVIATION_VALUE, place, text, "true, false");
}

static void take_business(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                          const char *place)
{
    int32_t value;
    if (!read_integer(text, &value) || value < BUSINESS_NEW || value > BUSINESS_REPLACE)
        edxml_refuse(reader, ERR_REFUSED, &TEXT_PACKAGE_BUSINESS_TYPE, place, text, NULL);
    else
        *(struct number *)frame->base = (struct number){value, true};
}

static void take_status(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                        const char *place)
{
    static const char known[] = "01 02 03 04 05 06 13 15 16";
    int32_t value;
    if (!read_integer(text, &value) || value < 1 || value > 99) {
        edxml_refuse(reader, ERR_REFUSED, &TEXT_PACKAGE_STATUS_CODE, text, NULL, NULL);
        return;
    }
    *(struct number *)frame->base = (struct number){value, true};
    if (strlen(text) != 2 || !strstr(known, text))
        edxml_deviate(reader, &TEXT_DEVIATION_VALUE, place, text, known);
}

/* Who sends and who receives must be known; any other code that is none can be done without. */
static void take_code(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                      const char *place)
{
    const char *around = reader->depth > 1 ? reader->frames[reader->depth - 2].name : "";
    struct agency_code code;
    char limit[24];
    if (strcasecmp(text, "null") == 0)
        edxml_deviate(reader, &TEXT_DEVIATION_CODE_DROPPED, place, text, NULL);
    else if (agency_code_read(span_text(text), &code))
        *(struct agency_code *)frame->base = code;
    else if (strcmp(around, "From") == 0 || strcmp(around, "To") == 0)
        edxml_refuse(reader, ERR_REFUSED, &TEXT_PACKAGE_ORGAN_ID, place, text,
                     edxml_number(AGENCY_CODE_SIZE - 1, limit));
    else
        edxml_deviate(reader, &TEXT_DEVIATION_CODE_DROPPED, place, text, NULL);
}

static void take_text(struct package_reader *reader, const struct edxml_frame *frame, const char *text)
{
    *(wire_text *)frame->base = strdup(text);
    if (!*(wire_text *)frame->base)
        edxml_refuse(reader, ERR_INTERNAL, &TEXT_NO_MEMORY, NULL, NULL, NULL);
}

static void take_secret(struct package_reader *reader, const char *text, const char *place)
{
    const char *marking = secret_marking(text, SECRET_DEGREE);
    if (marking)
        edxml_refuse(reader, ERR_REFUSED, &TEXT_PACKAGE_SECRET, place, marking, NULL);
}

void edxml_value(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                 const char *place)
{
    switch (frame->element->kind) {
    case ELEMENT_TEXT:
    case ELEMENT_TEXTS:
        take_text(reader, frame, text);
        break;
    case ELEMENT_CODE:
    case ELEMENT_CODES:
        take_code(reader, frame, text, place);
        break;
    case ELEMENT_DATE:
        if (!date_read(span_text(text), '/', frame->base))
            edxml_deviate(reader, &TEXT_DEVIATION_DATE, place, text, "yyyy/MM/dd");
        break;
    case ELEMENT_TIME:
        if (!wire_time_read(span_text(text), frame->base))
            edxml_deviate(reader, &TEXT_DEVIATION_DATE, place, text, "yyyy/MM/dd HH:mm:ss");
        break;
    case ELEMENT_NUMBER:
        take_number(reader, frame, text, place);
        break;
    case ELEMENT_FLAG:
        take_flag(reader, frame, text, place);
        break;
    case ELEMENT_BUSINESS:
        take_business(reader, frame, text, place);
        break;
    case ELEMENT_STATUS:
        take_status(reader, frame, text, place);
        break;
    default:
        take_secret(reader, text, place);
        break;
    }
}
