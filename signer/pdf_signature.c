#include "signer/pdf_signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum {
    RANGES = 4,
    SCANNED_MAX = 16,     /* signatures that are looked for by their looks */
    SCAN_BACK = 512 << 10 /* bytes between the start of such a signature's object and its ByteRange */
};

struct finder {
    struct pdf_document *document;
    size_t newest;
    struct pdf_signatures *found;
};

static bool defective(struct pdf_signature *signature, const struct text *text, uint64_t number)
{
    signature->defect = (struct reason){.text = text};
    snprintf(signature->defect.arg[0], TEXT_ARG_SIZE, "%" PRIu64, number);
    return false;
}

static enum pdf_sub_filter sub_filter(const struct pdf_value *filter)
{
    static const char *const names[] = {[PDF_FILTER_CADES] = "ETSI.CAdES.detached",
                                        [PDF_FILTER_DETACHED] = "adbe.pkcs7.detached",
                                        [PDF_FILTER_SHA1] = "adbe.pkcs7.sha1",
                                        [PDF_FILTER_TIMESTAMP] = "ETSI.RFC3161"};
    for (size_t i = 1; i < COUNT_OF(names); i++)
        if (pdf_is_name(filter, names[i]))
            return (enum pdf_sub_filter)i;
    return PDF_FILTER_OTHER;
}

/* ByteRange: four numbers, none negative. */
static bool read_ranges(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                        uint64_t ret_range[static RANGES])
{
    struct error unreadable = {0};
    struct pdf_value ranges;
    if (!pdf_follow(document, as_of, dictionary, "ByteRange", &ranges, &unreadable)
        || ranges.kind != PDF_ARRAY || pdf_count(&ranges) != RANGES)
        return false;
    for (size_t i = 0; i < RANGES; i++) {
        struct pdf_value number = pdf_item(&ranges, i);
        if (!pdf_resolve(document, as_of, &number, &unreadable) || number.kind != PDF_INTEGER
            || number.integer < 0)
            return false;
        ret_range[i] = (uint64_t)number.integer;
    }
    return true;
}

/* The digits of the signature: a hexadecimal string in the file. */
static bool read_contents(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                          struct pdf_value *ret_contents, uint64_t *ret_at)
{
    struct error unreadable = {0};
    return pdf_follow(document, as_of, dictionary, "Contents", ret_contents, &unreadable)
           && ret_contents->kind == PDF_HEX_STRING && pdf_offset_of(document, ret_contents, ret_at);
}

/* The signed revision must have shown this very dictionary, with what it refers to: not one that a later
 * section put in its place. */
static bool stood_in_revision(struct pdf_document *document, const struct pdf_signature *signature,
                              const uint64_t range[static RANGES])
{
    const struct pdf_xref *xref = &document->xref;
    size_t as_of = xref->revisions[signature->revision].last;
    uint32_t number = signature->object ? signature->object : signature->field;
    struct pdf_place then = pdf_xref_find(xref, number, as_of);
    struct pdf_place now = pdf_xref_find(xref, number, xref->count - 1);
    struct pdf_value contents;
    uint64_t range_then[RANGES], at;
    return then.kind == PDF_PLACE_PLAIN && now.kind == PDF_PLACE_PLAIN && then.offset == now.offset
           && read_ranges(document, as_of, &signature->dictionary, range_then)
           && memcmp(range_then, range, sizeof(range_then)) == 0
           && read_contents(document, as_of, &signature->dictionary, &contents, &at)
           && contents.raw.data == signature->contents.raw.data;
}

/* What the ranges name, where it lies in the file in order: even when it is not exact, it can be said
 * whether that is what was signed. */
static void take_spans(const struct pdf_document *document, struct pdf_signature *signature,
                       const uint64_t range[static RANGES])
{
    uint64_t size = document->bytes.size;
    if (range[0] != 0 || range[1] > range[2] || range[2] > size || range[3] > size - range[2])
        return;
    signature->before = span_slice(document->bytes, 0, range[1]);
    signature->after = span_slice(document->bytes, range[2], range[3]);
}

static bool measure(struct pdf_document *document, struct pdf_signature *signature)
{
    uint64_t range[RANGES], at;
    size_t newest = document->xref.count - 1;
    if (!read_contents(document, newest, &signature->dictionary, &signature->contents, &at))
        return defective(signature, &TEXT_PDF_CONTENTS_MISSING, 0);
    if (!read_ranges(document, newest, &signature->dictionary, range))
        return defective(signature, &TEXT_PDF_RANGE_MISSING, 0);
    take_spans(document, signature, range);
    if (range[0] != 0)
        return defective(signature, &TEXT_PDF_RANGE_START, range[0]);
    if (range[1] != at || range[2] != at + signature->contents.raw.size)
        return defective(signature, &TEXT_PDF_RANGE_GAP, at);
    if (range[3] > document->bytes.size - range[2])
        return defective(signature, &TEXT_PDF_RANGE_END, document->bytes.size);
    signature->end = range[2] + range[3];
    if (!pdf_xref_revision_ending(&document->xref, signature->end, &signature->revision))
        return defective(signature, &TEXT_PDF_RANGE_REVISION, signature->end);
    if (!stood_in_revision(document, signature, range))
        return defective(signature, &TEXT_PDF_SIGNATURE_REPLACED, signature->object);
    return true;
}

/* Two fields of one name (12.7.3.2: names are unique) can be told apart by nobody. */
static void check_unique(const struct pdf_signatures *found, struct pdf_signature *signature)
{
    for (size_t i = 0; i < found->count && !signature->defect.text; i++)
        if (strcmp(found->all[i].name, signature->name) == 0)
            defective(signature, &TEXT_PDF_FIELD_TWICE, signature->field);
}

/* One signature that two fields show is one signature, and nobody can say whose. */
static bool is_shown_twice(struct pdf_signatures *found, const struct pdf_signature *signature)
{
    for (size_t i = 0; i < found->count && signature->object; i++)
        if (found->all[i].object == signature->object) {
            found->all[i].shown_by = signature->field;
            return true;
        }
    return false;
}

/* Room that was made for a signature and never filled: all zeros. */
static bool is_only_prepared(const struct pdf_value *dictionary)
{
    struct pdf_value contents = pdf_get(dictionary, "Contents");
    if (contents.kind != PDF_HEX_STRING)
        return false;
    for (size_t i = 1; i + 1 < contents.raw.size; i++)
        if (contents.raw.data[i] != '0' && !pdf_is_white(contents.raw, i, i + 1))
            return false;
    return true;
}

static bool add(struct pdf_signatures *found, const struct pdf_signature *signature, struct error *err)
{
    if (found->count == VERDICT_MAX_SIGNATURES)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_SIGNATURES, VERDICT_MAX_SIGNATURES);
    if ((found->count & (found->count - 1)) == 0) { /* 0, 1, 2, 4 …: full */
        void *grown = realloc(found->all, (found->count ? 2 * found->count : 1) * sizeof(*found->all));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        found->all = grown;
    }
    found->all[found->count++] = *signature;
    return true;
}

/* The dictionary as it is written: in an encrypted document the one that was read has other strings. */
static struct pdf_value written_in_file(struct finder *finder, const struct pdf_field *field,
                                        const struct pdf_value *read)
{
    struct pdf_object object;
    struct error unreadable = {0};
    if (finder->document->crypt.state != PDF_CRYPT_OPEN)
        return *read;
    if (field->value.kind != PDF_REFERENCE)
        return pdf_get(&field->object.written, "V");
    return pdf_object_find(finder->document, field->value.object, finder->newest, &object, &unreadable)
               ? object.written
               : (struct pdf_value){0};
}

static void take_date(const struct pdf_value *dictionary, struct pdf_signature *signature)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct pdf_value date = pdf_get(dictionary, "M");
    if (pdf_string_text(&date, &text) && text.size < sizeof(signature->date))
        memcpy(signature->date, text.data, text.size);
}

/* What the dictionary says of itself, wherever it stands. */
static bool read_dictionary(struct finder *finder, const struct pdf_field *field,
                            const struct pdf_value *dictionary, struct pdf_signature *signature,
                            struct error *err)
{
    struct pdf_value filter;
    if (!pdf_follow(finder->document, finder->newest, dictionary, "SubFilter", &filter, err)
        || !pdf_limits_read(finder->document, finder->newest, field, dictionary, &signature->limits, err))
        return false;
    signature->filter = sub_filter(&filter);
    take_date(dictionary, signature);
    return true;
}

static bool look_at_field(void *context, const struct pdf_field *field, struct error *err)
{
    struct finder *finder = context;
    struct pdf_value dictionary = field->value;
    uint64_t at;
    if (!pdf_is_name(&field->type, "Sig"))
        return true;
    if (!pdf_resolve(finder->document, finder->newest, &dictionary, err))
        return false;
    if (dictionary.kind == PDF_NULL)
        return true; /* not signed yet */
    struct pdf_signature signature = {.field = field->object.number};
    signature.dictionary = written_in_file(finder, field, &dictionary);
    memcpy(signature.name, field->name, sizeof(signature.name));
    signature.object = field->value.kind == PDF_REFERENCE ? field->value.object : 0;
    if (is_only_prepared(&signature.dictionary)) {
        memcpy(finder->found->prepared, field->name, sizeof(field->name));
        return true;
    }
    if (is_shown_twice(finder->found, &signature))
        return true;
    if (!read_dictionary(finder, field, &dictionary, &signature, err))
        return false;
    if (signature.dictionary.kind != PDF_DICTIONARY
        || !pdf_offset_of(finder->document, &signature.dictionary, &at)) {
        signature.dictionary = (struct pdf_value){0};
        defective(&signature, &TEXT_PDF_CONTENTS_MISSING, signature.object);
    } else if (measure(finder->document, &signature)) {
        check_unique(finder->found, &signature);
    }
    return add(finder->found, &signature, err);
}

bool pdf_signatures_find(struct pdf_document *document, struct pdf_signatures *ret_signatures,
                         struct error *err)
{
    struct pdf_signatures found CLEANUP(pdf_signatures_clear) = {0};
    struct finder finder = {document, document->xref.count - 1, &found};
    if (!pdf_form_walk(document, finder.newest, look_at_field, &finder, err))
        return false;
    *ret_signatures = found;
    found = (struct pdf_signatures){0};
    return true;
}

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

static void measure_scanned(struct pdf_document *document, const struct error *why,
                            struct pdf_signature *signature)
{
    uint64_t range[RANGES], at;
    struct pdf_value filter = pdf_get(&signature->dictionary, "SubFilter");
    signature->filter = sub_filter(&filter);
    take_date(&signature->dictionary, signature);
    signature->defect = (struct reason){.text = why->text};
    memcpy(signature->defect.arg, why->arg, sizeof(signature->defect.arg));
    if (!read_contents(document, 0, &signature->dictionary, &signature->contents, &at)
        || !read_ranges(document, 0, &signature->dictionary, range))
        return;
    take_spans(document, signature, range);
    bool exact = signature->before.size == at && range[2] == at + signature->contents.raw.size
                 && range[3] <= document->bytes.size - range[2];
    signature->end = range[2] + range[3];
    if (exact && pdf_is_white(document->bytes, signature->end, document->bytes.size))
        signature->defect = (struct reason){0};
}

bool pdf_signatures_scan(struct span bytes, const struct error *why, struct pdf_signatures *ret_signatures,
                         struct error *err)
{
    static const char key[] = "/ByteRange";
    struct pdf_signatures found CLEANUP(pdf_signatures_clear) = {0};
    struct pdf_document bare = {.bytes = bytes}; /* without sections: every reference is one to nothing */
    size_t at = 0;
    while (found.count < SCANNED_MAX && (at = span_find(bytes, span_text(key), at)) != SIZE_MAX) {
        struct pdf_signature signature = {0};
        at += sizeof(key) - 1;
        if (!enclosing_dictionary(bytes, at, &signature.dictionary)
            || is_only_prepared(&signature.dictionary))
            continue;
        measure_scanned(&bare, why, &signature);
        if (!add(&found, &signature, err))
            return false;
    }
    *ret_signatures = found;
    found = (struct pdf_signatures){0};
    return true;
}

void pdf_signatures_clear(struct pdf_signatures *signatures)
{
    free_clear(&signatures->all);
    signatures->count = 0;
}
