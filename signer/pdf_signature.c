#include "signer/pdf_signature.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_measure.h"
#include "signer/pdf_text.h"

enum {
    EARLIER_MAX = 32, /* earlier revisions in which dropped signatures are looked for */
    TRACED_MAX =
        128 << 20 /* bytes of a file that is read for traces; in a larger one they are taken for granted */
};

struct finder {
    struct pdf_document *document;
    size_t as_of;
    struct pdf_signatures *found;
};

/* Two fields of one name (12.7.3.2: names are unique) can be told apart by nobody. */
static void check_unique(const struct pdf_signatures *found, struct pdf_signature *signature)
{
    for (size_t i = 0; i < found->count && !signature->defect.text; i++)
        if (strcmp(found->all[i].name, signature->name) == 0)
            pdf_measure_defect(signature, &TEXT_PDF_FIELD_TWICE, signature->field);
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

bool pdf_signatures_add(struct pdf_signatures *found, const struct pdf_signature *signature,
                        struct error *err)
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
    return pdf_object_find(finder->document, field->value.object, finder->as_of, &object, &unreadable)
               ? object.written
               : (struct pdf_value){0};
}

/* What the dictionary says of itself, wherever it stands. */
static bool read_dictionary(struct finder *finder, const struct pdf_field *field,
                            const struct pdf_value *dictionary, struct pdf_signature *signature,
                            struct error *err)
{
    struct pdf_value filter;
    if (!pdf_follow(finder->document, finder->as_of, dictionary, "SubFilter", &filter, err)
        || !pdf_limits_read(finder->document, finder->as_of, field, dictionary, &signature->limits, err))
        return false;
    signature->filter = pdf_sub_filter_of(&filter);
    struct pdf_value type = pdf_get(dictionary, "Type");
    signature->says_sig = signature->filter == PDF_FILTER_TIMESTAMP && pdf_is_name(&type, "Sig");
    pdf_measure_date(dictionary, signature);
    return true;
}

/* The field's signature, when it has one. */
static bool read_signature(struct finder *finder, const struct pdf_field *field,
                           struct pdf_signature *signature, struct error *err)
{
    struct pdf_value dictionary = field->value;
    if (!pdf_is_name(&field->type, "Sig"))
        return true;
    if (!pdf_resolve(finder->document, finder->as_of, &dictionary, err))
        return false;
    if (dictionary.kind == PDF_NULL)
        return true; /* not signed yet */
    signature->field = field->object.number;
    signature->object = field->value.kind == PDF_REFERENCE ? field->value.object : 0;
    memcpy(signature->name, field->name, sizeof(signature->name));
    signature->dictionary = written_in_file(finder, field, &dictionary);
    return read_dictionary(finder, field, &dictionary, signature, err);
}

static bool stands_in_file(const struct finder *finder, const struct pdf_signature *signature)
{
    uint64_t at;
    return signature->dictionary.kind == PDF_DICTIONARY
           && pdf_offset_of(finder->document, &signature->dictionary, &at);
}

static bool look_at_field(void *context, const struct pdf_field *field, struct error *err)
{
    struct finder *finder = context;
    struct pdf_signature signature = {0};
    if (!read_signature(finder, field, &signature, err))
        return false;
    if (signature.field == 0)
        return true;
    if (pdf_measure_prepared(&signature.dictionary)) {
        memcpy(finder->found->prepared, field->name, sizeof(field->name));
        return true;
    }
    if (is_shown_twice(finder->found, &signature))
        return true;
    if (!stands_in_file(finder, &signature)) {
        signature.dictionary = (struct pdf_value){0};
        pdf_measure_defect(&signature, &TEXT_PDF_CONTENTS_MISSING, signature.object);
    } else if (pdf_measure(finder->document, finder->as_of, &signature)) {
        check_unique(finder->found, &signature);
    }
    return pdf_signatures_add(finder->found, &signature, err);
}

/* Found already; or what was found in its place is no good, and says all that is to be said; or the same
 * digits in a dictionary that was written anew. */
static bool is_known(const struct pdf_signatures *found, const struct pdf_signature *signature)
{
    struct pdf_value contents = pdf_get(&signature->dictionary, "Contents");
    for (size_t i = 0; i < found->count; i++)
        if (found->all[i].dictionary.raw.data == signature->dictionary.raw.data
            || (signature->object && found->all[i].object == signature->object && found->all[i].defect.text)
            || span_equal(found->all[i].contents.raw, contents.raw))
            return true;
    return false;
}

static bool look_at_earlier_field(void *context, const struct pdf_field *field, struct error *err)
{
    struct finder *finder = context;
    struct pdf_signature signature = {0};
    if (!read_signature(finder, field, &signature, err))
        return false;
    if (signature.field == 0 || !stands_in_file(finder, &signature) || is_known(finder->found, &signature)
        || pdf_measure_prepared(&signature.dictionary))
        return true;
    pdf_measure(finder->document, finder->as_of, &signature);
    signature.defect = (struct reason){.text = &TEXT_PDF_SIGNATURE_DROPPED};
    text_clean(signature.name, strlen(signature.name), TEXT_ARG_SIZE, signature.defect.arg[0]);
    return pdf_signatures_add(finder->found, &signature, err);
}

/* Does something in the file look like a signature that was not found? */
static bool has_other_traces(const struct pdf_document *document, const struct pdf_signatures *found)
{
    static const char key[] = "/ByteRange";
    size_t at = 0;
    if (document->bytes.size > TRACED_MAX)
        return true;
    while ((at = span_find(document->bytes, span_text(key), at)) != SIZE_MAX) {
        const uint8_t *trace = document->bytes.data + at;
        bool known = false;
        for (size_t i = 0; i < found->count && !known; i++) {
            struct span raw = found->all[i].dictionary.raw;
            known = raw.data && trace >= raw.data && trace < raw.data + raw.size;
        }
        if (!known)
            return true;
        at += sizeof(key) - 1;
    }
    return false;
}

/* Signatures that an earlier revision showed and the newest does not. An earlier revision that cannot be read
 * shows nothing. */
static bool find_dropped(struct finder *finder, struct error *err)
{
    const struct pdf_xref *xref = &finder->document->xref;
    struct error unreadable = {0};
    for (size_t r = xref->revision_count - 1; r-- > 0 && r + EARLIER_MAX + 1 >= xref->revision_count;) {
        finder->as_of = xref->revisions[r].last;
        if (!pdf_form_walk(finder->document, finder->as_of, look_at_earlier_field, finder, &unreadable)
            && unreadable.code != ERR_MALFORMED) {
            *err = unreadable;
            return false;
        }
    }
    return true;
}

bool pdf_signatures_find(struct pdf_document *document, struct pdf_signatures *ret_signatures,
                         struct error *err)
{
    struct pdf_signatures found CLEANUP(pdf_signatures_clear) = {0};
    struct finder finder = {.document = document, .as_of = document->xref.count - 1, .found = &found};
    if (!pdf_form_walk(document, finder.as_of, look_at_field, &finder, err))
        return false;
    if (document->xref.revision_count > 1 && has_other_traces(document, &found)
        && !find_dropped(&finder, err))
        return false;
    *ret_signatures = found;
    found = (struct pdf_signatures){0};
    return true;
}

void pdf_signatures_clear(struct pdf_signatures *signatures)
{
    free_clear(&signatures->all);
    signatures->count = 0;
}
