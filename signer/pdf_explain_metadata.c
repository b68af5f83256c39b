/* What describes a document and is no part of what it says: the document information dictionary (ISO
 * 32000-2, 14.3.3) and the XMP packet of the catalog (14.3.2). Whoever saves a document may write both
 * again; nothing but a description may be put there, and what else shows them stays as it is. */
#include "base/base_text.h"
#include "base/xml.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_stream.h"
#include "signer/pdf_text.h"

enum { XMP_MAX = 4 << 20 }; /* bytes of a packet, inflated */

#define NS_XMP "adobe:ns:meta/"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

static bool explain_information(struct pdf_step *step, struct error *err)
{
    const struct pdf_section *sections = step->document->xref.sections;
    static const char *const none[] = {NULL};
    struct pdf_value old_entry = pdf_get(&sections[step->old].trailer, "Info"),
                     entry = pdf_get(&sections[step->now].trailer, "Info"), old = old_entry, now = entry;
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &now, err))
        return false;
    if (now.kind != PDF_NULL && now.kind != PDF_DICTIONARY)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, entry.object, "/Info");
    if (pdf_step_difference(step, &old, &now, none).kind != PDF_NULL)
        pdf_step_kind(step, REVISION_METADATA);
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

/* A packet of XMP: well-formed, without a DTD, about a document. */
static bool is_packet(struct span bytes)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error ignored = {0};
    if (!xml_read(bytes, &doc, &ignored))
        return false;
    const xmlNode *root = xmlDocGetRootElement(doc);
    return root
           && (xml_is(root, NS_XMP, "xmpmeta") || xml_is(root, NS_XMP, "xapmeta")
               || xml_is(root, NS_RDF, "RDF"));
}

static bool is_metadata(struct pdf_step *step, const struct pdf_object *object)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct error ignored = {0};
    struct pdf_value type = pdf_get(&object->value, "Type"), subtype = pdf_get(&object->value, "Subtype");
    if (!object->is_stream || !pdf_is_name(&type, "Metadata") || !pdf_is_name(&subtype, "XML"))
        return false;
    if (pdf_get(&step->document->xref.sections[0].trailer, "Encrypt").kind != PDF_NULL)
        return true; /* nobody can look into it without the key; nothing shows it either */
    return pdf_stream_decode(&object->value, object->stream, XMP_MAX, object->place.offset, &bytes, &ignored)
           && is_packet(buffer_span(&bytes));
}

static bool is_written_again(const struct pdf_step *step, const struct pdf_value *old_entry,
                             const struct pdf_value *entry)
{
    const struct pdf_redefined *object = pdf_step_find(step, entry->object);
    return !pdf_same(old_entry, entry) || (object && !object->explained);
}

static bool explain_packet(struct pdf_step *step, const struct pdf_value *old_catalog,
                           const struct pdf_value *catalog, struct error *err)
{
    struct pdf_value old_entry = pdf_get(old_catalog, "Metadata"), entry = pdf_get(catalog, "Metadata");
    struct pdf_object packet;
    if (!is_written_again(step, &old_entry, &entry))
        return true;
    if (entry.kind != PDF_REFERENCE)
        return pdf_step_changed(step, &TEXT_PDF_METADATA_BOGUS, 0, "");
    if (!pdf_object_find(step->document, entry.object, step->now, &packet, err))
        return false;
    if (!is_metadata(step, &packet))
        return pdf_step_changed(step, &TEXT_PDF_METADATA_BOGUS, entry.object, "");
    pdf_step_kind(step, REVISION_METADATA);
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

bool pdf_explain_metadata(struct pdf_step *step, const struct pdf_value *old_catalog,
                          const struct pdf_value *catalog, struct error *err)
{
    return explain_information(step, err) && explain_packet(step, old_catalog, catalog, err);
}
