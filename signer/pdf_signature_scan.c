/* Signatures by their looks (pdf_signature.h). */
#include <string.h>

#include "base/base_text.h"
#include "signer/pdf_measure.h"
#include "signer/pdf_text.h"

enum {
    SCANNED_MAX = 16,     /* signatures of one file that are found so */
    TRACES_MAX = 64,      /* places that are looked at for them */
    SCAN_BACK = 512 << 10 /* bytes between the start of a signature's object and its ByteRange */
};

/* The dictionary of the object that stands nearest before `at` and reaches behind it. */
static bool enclosing_dictionary(struct span bytes, size_t at, struct pdf_value *ret_dictionary)
{
    size_t from = at > SCAN_BACK ? at - SCAN_BACK : 0, end = at;
    while (end > from) {
        const uint8_t *j = memrchr(bytes.data + from, 'j', end - from);
        end = j ? (size_t)(j - bytes.data) : from;
        if (!j || end < 4 || !span_starts(span_slice(bytes, end - 3, 4), " obj"))
            continue;
        struct pdf_cursor cursor = pdf_cursor_at(bytes, end + 1);
        return pdf_take_value(&cursor, ret_dictionary) && ret_dictionary->kind == PDF_DICTIONARY
               && cursor.at > at;
    }
    return false;
}

bool pdf_signatures_scan(struct span bytes, const struct error *why, struct pdf_signatures *ret_signatures,
                         struct error *err)
{
    static const char key[] = "/ByteRange";
    struct pdf_signatures found CLEANUP(pdf_signatures_clear) = {0};
    struct pdf_document bare = {.bytes = bytes}; /* without sections: every reference is one to nothing */
    size_t at = 0;
    for (size_t traces = 0; traces < TRACES_MAX && found.count < SCANNED_MAX; traces++) {
        at = span_find(bytes, span_text(key), at);
        if (at == SIZE_MAX)
            break;
        struct pdf_signature signature = {0};
        at += sizeof(key) - 1;
        if (!enclosing_dictionary(bytes, at, &signature.dictionary)
            || pdf_measure_prepared(&signature.dictionary))
            continue;
        struct pdf_value filter = pdf_get(&signature.dictionary, "SubFilter");
        signature.filter = pdf_sub_filter_of(&filter);
        pdf_measure_date(&signature.dictionary, &signature);
        signature.defect = (struct reason){.text = why->text};
        memcpy(signature.defect.arg, why->arg, sizeof(signature.defect.arg));
        pdf_measure_alone(&bare, &signature);
        if (!pdf_signatures_add(&found, &signature, err))
            return false;
    }
    *ret_signatures = found;
    found = (struct pdf_signatures){0};
    return true;
}
