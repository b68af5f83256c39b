#include "signer/pdf_sign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_append.h"
#include "signer/pdf_form.h"
#include "signer/pdf_pages.h"
#include "signer/pdf_survey.h"
#include "signer/pdf_text.h"

enum {
    TEXT_MAX = 1024,      /* bytes of a reason, a place, a name */
    BYTE_RANGE_SLOT = 72, /* "[0 a b c]" with three numbers of 20 digits */
    SIG_FLAGS = 3         /* SignaturesExist, AppendOnly: table 219 */
};

static const char FIELD_NAME[] = "Signature";

struct placing {
    struct pdf_document *document;
    const struct pdf_signing *how;
    size_t newest; /* section */
    struct pdf_object catalog, page;
    struct pdf_value form_entry, form; /* as the catalog writes it; what it stands for */
    unsigned names;                    /* the largest N of the fields named SignatureN */
    struct pdf_update update;
    uint32_t signature, field;
    uint64_t range_at, hole_at; /* in the update */
};

/* What this writer does not touch, by name. */
static bool check_structure(const struct pdf_document *document, struct error *err)
{
    const struct pdf_slip *slip = &document->xref.slip;
    if (slip->text)
        return pdf_defect(err, slip->text == &TEXT_PDF_HEADER_LATE ? ERR_UNSUPPORTED : ERR_MALFORMED,
                          slip->text, slip->at);
    for (size_t s = 0; s < document->xref.count; s++) {
        const struct pdf_section *section = &document->xref.sections[s];
        if (pdf_get(&section->trailer, "Encrypt").kind != PDF_NULL)
            return fail(err, ERR_REFUSED, &TEXT_PDF_ENCRYPTED);
        if (section->hybrid)
            return fail(err, ERR_REFUSED, &TEXT_PDF_HYBRID);
        if (section->displaced)
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, section->at);
    }
    return true;
}

static bool keep_first_page(void *context, const struct pdf_object *page, struct error *err)
{
    (void)err;
    struct placing *placing = context;
    if (placing->page.number == 0)
        placing->page = *page;
    return true;
}

static bool check_field(void *context, const struct pdf_field *field, struct error *err)
{
    struct placing *placing = context;
    struct pdf_value signature = field->value;
    struct pdf_limits limits;
    size_t prefix = sizeof(FIELD_NAME) - 1;
    if (strncmp(field->name, FIELD_NAME, prefix) == 0) {
        unsigned long number = strtoul(field->name + prefix, NULL, 10);
        if (number > placing->names && number < UINT32_MAX)
            placing->names = (unsigned)number;
    }
    if (!pdf_is_name(&field->type, "Sig"))
        return true;
    if (!pdf_resolve(placing->document, placing->newest, &signature, err))
        return false;
    if (signature.kind != PDF_DICTIONARY)
        return true;
    if (!pdf_limits_read(placing->document, placing->newest, field, &signature, &limits, err))
        return false;
    if (limits.permitted == 1)
        return fail(err, ERR_REFUSED, &TEXT_PDF_CERTIFIED, field->name);
    return limits.locks_all ? fail(err, ERR_REFUSED, &TEXT_PDF_LOCKED, field->name) : true;
}

/* The four dictionaries that change: catalog, form, first page, its annotations. */
static bool find_places(struct placing *placing, struct error *err)
{
    struct pdf_document *document = placing->document;
    if (!pdf_pages_walk(document, placing->newest, keep_first_page, placing, err)
        || !pdf_catalog(document, placing->newest, &placing->catalog, err))
        return false;
    if (placing->page.number == 0)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_PAGES_BROKEN, placing->catalog.number);
    placing->form_entry = placing->form = pdf_get(&placing->catalog.value, "AcroForm");
    if (!pdf_resolve(document, placing->newest, &placing->form, err))
        return false;
    if (placing->form.kind != PDF_NULL && placing->form.kind != PDF_DICTIONARY)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_FIELDS_BROKEN, placing->catalog.number);
    if (pdf_get(&placing->form, "XFA").kind != PDF_NULL)
        return fail(err, ERR_REFUSED, &TEXT_PDF_XFA);
    return pdf_form_walk(document, placing->newest, check_field, placing, err);
}

static void append_words(struct buffer *bytes, const char *key, const char *words)
{
    char clean[TEXT_MAX];
    if (!words || !*words)
        return;
    text_clean(words, strlen(words), sizeof(clean), clean);
    buffer_format(bytes, "/%s ", key);
    pdf_append_text(bytes, clean);
    buffer_text(bytes, "\n");
}

static void append_filled(struct buffer *bytes, int filler, size_t size)
{
    uint8_t *room = buffer_reserve(bytes, size);
    if (room) {
        memset(room, filler, size);
        bytes->size += size;
    }
}

/* EN 319 142-1, 6.3: SubFilter, M, ByteRange, Contents; no Cert. */
static void write_signature(struct placing *placing)
{
    struct buffer *bytes = &placing->update.bytes;
    char date[CLOCK_TEXT_SIZE];
    clock_pdf(placing->how->at_ms, date);
    pdf_update_open(&placing->update, placing->signature, 0);
    buffer_format(bytes, "<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/M (%s)\n",
                  date);
    append_words(bytes, "Name", placing->how->name);
    append_words(bytes, "Reason", placing->how->reason);
    append_words(bytes, "Location", placing->how->place);
    buffer_text(bytes, "/ByteRange ");
    placing->range_at = bytes->size;
    append_filled(bytes, ' ', BYTE_RANGE_SLOT);
    buffer_text(bytes, "\n/Contents <");
    placing->hole_at = bytes->size;
    append_filled(bytes, '0', 2 * placing->how->contents_size);
    buffer_text(bytes, ">\n>>");
    pdf_update_close(&placing->update);
}

/* Field and widget in one (12.5.6.19), invisible: no area; Print and Locked (F 132). */
static void write_field(struct placing *placing)
{
    pdf_update_open(&placing->update, placing->field, 0);
    buffer_format(&placing->update.bytes,
                  "<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (%s%u)\n/V %" PRIu32 " 0 R\n/P %" PRIu32
                  " %" PRIu32 " R\n/Rect [0 0 0 0]\n/F 132\n>>",
                  FIELD_NAME, placing->names + 1, placing->signature, placing->page.number,
                  placing->page.generation);
    pdf_update_close(&placing->update);
}

/* Adds the field to the array under `key` of a dictionary. An array that is an object of its own is
 * written again, and the dictionary needs no change (*ret_array stays empty); otherwise *ret_array is the
 * new value. */
static bool grow_array(struct placing *placing, const struct pdf_value *dictionary, const char *key,
                       uint32_t owner, struct buffer *ret_array, struct error *err)
{
    struct pdf_value entry = pdf_get(dictionary, key), array = entry;
    if (!pdf_resolve(placing->document, placing->newest, &array, err))
        return false;
    if (array.kind != PDF_NULL && array.kind != PDF_ARRAY)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_OBJECT_BROKEN, owner);
    if (entry.kind == PDF_REFERENCE && array.kind == PDF_ARRAY) {
        pdf_update_open(&placing->update, entry.object, entry.generation);
        pdf_append_array(&placing->update.bytes, &array, placing->field);
        pdf_update_close(&placing->update);
    } else {
        pdf_append_array(ret_array, &array, placing->field);
    }
    return true;
}

static bool write_page(struct placing *placing, struct error *err)
{
    struct buffer annotations CLEANUP(buffer_clear) = {0};
    if (!grow_array(placing, &placing->page.value, "Annots", placing->page.number, &annotations, err))
        return false;
    if (annotations.size == 0)
        return true;
    struct pdf_edit edit = {"Annots", buffer_span(&annotations)};
    pdf_update_open(&placing->update, placing->page.number, placing->page.generation);
    pdf_append_dictionary(&placing->update.bytes, &placing->page.value, &edit, 1);
    pdf_update_close(&placing->update);
    return true;
}

static void write_catalog(struct placing *placing, struct span form)
{
    struct pdf_edit edit = {"AcroForm", form};
    pdf_update_open(&placing->update, placing->catalog.number, placing->catalog.generation);
    pdf_append_dictionary(&placing->update.bytes, &placing->catalog.value, &edit, 1);
    pdf_update_close(&placing->update);
}

/* The form is an object of its own, so that the next signature leaves the catalog alone; where a document
 * keeps it inside the catalog it stays there. */
static bool write_form(struct placing *placing, struct error *err)
{
    struct buffer fields CLEANUP(buffer_clear) = {0}, form CLEANUP(buffer_clear) = {0};
    char text[32];
    if (!grow_array(placing, &placing->form, "Fields", placing->catalog.number, &fields, err))
        return false;
    struct pdf_value flags = pdf_get(&placing->form, "SigFlags");
    snprintf(text, sizeof(text), "%" PRIi64, (flags.kind == PDF_INTEGER ? flags.integer : 0) | SIG_FLAGS);
    struct pdf_edit edits[] = {{"SigFlags", span_text(text)}, {"Fields", buffer_span(&fields)}};
    pdf_append_dictionary(&form, &placing->form, edits, fields.size ? 2 : 1);
    if (placing->form.kind == PDF_DICTIONARY && placing->form_entry.kind == PDF_DICTIONARY) {
        write_catalog(placing, buffer_span(&form));
        return true;
    }
    bool exists = placing->form.kind == PDF_DICTIONARY;
    uint32_t number = exists ? placing->form_entry.object : pdf_update_new(&placing->update);
    pdf_update_open(&placing->update, number, exists ? placing->form_entry.generation : 0);
    buffer_append(&placing->update.bytes, buffer_span(&form));
    pdf_update_close(&placing->update);
    if (!exists) {
        snprintf(text, sizeof(text), "%" PRIu32 " 0 R", number);
        write_catalog(placing, span_text(text));
    }
    return !form.failed && !fields.failed ? true : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* The gap is the string /Contents with its brackets (12.8.1). */
static void fill_byte_range(struct placing *placing)
{
    char text[BYTE_RANGE_SLOT + 1];
    uint64_t base = placing->document->bytes.size;
    uint64_t before = base + placing->hole_at - 1,
             after = base + placing->hole_at + 2 * placing->how->contents_size + 1;
    uint64_t end = base + placing->update.bytes.size;
    int size =
        snprintf(text, sizeof(text), "[0 %" PRIu64 " %" PRIu64 " %" PRIu64 "]", before, after, end - after);
    memcpy(placing->update.bytes.data + placing->range_at, text, (size_t)size);
}

static bool write_update(struct placing *placing, uint32_t highest, struct error *err)
{
    pdf_update_begin(&placing->update, placing->document, highest);
    placing->signature = pdf_update_new(&placing->update);
    placing->field = pdf_update_new(&placing->update);
    write_signature(placing);
    write_field(placing);
    if (!write_page(placing, err) || !write_form(placing, err) || !pdf_update_finish(&placing->update, err))
        return false;
    fill_byte_range(placing);
    return true;
}

/* An object at or above Size does not exist (7.5.5); a larger Size in our trailer would bring it to life. */
static bool check_size(const struct placing *placing, const struct pdf_survey *survey, struct error *err)
{
    const struct pdf_section *last = &placing->document->xref.sections[placing->newest];
    struct pdf_value size = pdf_get(&last->trailer, "Size");
    return size.kind == PDF_INTEGER && size.integer > (int64_t)survey->highest_used
               ? true
               : pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, last->at);
}

static bool place(struct placing *placing, struct error *err)
{
    struct pdf_survey survey CLEANUP(pdf_survey_clear) = {0};
    struct pdf_stretch whole = {.last = placing->newest, .end = placing->document->bytes.size};
    return check_structure(placing->document, err) && pdf_survey(placing->document, &whole, &survey, err)
           && check_size(placing, &survey, err) && find_places(placing, err)
           && write_update(placing, survey.highest, err);
}

bool pdf_sign_addition(struct span bytes, const struct pdf_signing *how, struct pdf_addition *ret_addition,
                       struct error *err)
{
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    if (!pdf_document_open(bytes, &document, err))
        return false;
    struct placing placing = {.document = &document, .how = how, .newest = document.xref.count - 1};
    bool placed = place(&placing, err);
    if (placed) {
        *ret_addition = (struct pdf_addition){placing.update.bytes, placing.hole_at, 2 * how->contents_size};
        placing.update.bytes = (struct buffer){0};
    }
    pdf_update_clear(&placing.update);
    return placed;
}
