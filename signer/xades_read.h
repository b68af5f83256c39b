/* An XML signature taken apart before xmlsec sees it: which algorithms it names, what each reference means,
 * where its properties are. Only what is understood goes on; what a reference signs is decided here, by
 * node, not by what an application would look up later. For the xades_*.c files. */
#pragma once

#include <libxml/tree.h>

#include "base/certificate.h"
#include "signer/verdict.h"
#include "signer/xml_algorithms.h"

enum { XADES_MAX_REFERENCES = 32, XADES_MAX_TRANSFORMS = 8, XADES_MAX_CERTIFICATES = 32, XML_ID_SIZE = 256 };

/* Every attribute that some reader takes for an identifier (Id, ID, id, xml:id), so that a reference means
 * one element to everybody or nothing to us. */
struct xml_ids {
    xmlAttr **attributes;
    size_t count, room;
};
bool xml_ids_collect(xmlDoc *doc, struct xml_ids *ret_ids) MUST_USE;
void xml_ids_clear(struct xml_ids *ids);

struct xml_reference {
    xmlNode *target;     /* the root for URI="" */
    bool document;       /* the target is the document, with what stands before and behind the root */
    bool properties;     /* says that it refers to SignedProperties */
    bool enveloped;      /* leaves out its own signature */
    bool not_signatures; /* leaves out every signature: not(ancestor-or-self::ds:Signature) */
};

struct xml_signature {
    xmlNode *element;
    char id[XML_ID_SIZE];
    enum signature_scheme scheme;
    bool sha1; /* somewhere */
    struct xml_reference references[XADES_MAX_REFERENCES];
    size_t reference_count;
};

/* False when it is not understood: the finding says why. */
bool xml_signature_read(xmlNode *element, const struct xml_ids *ids, struct xml_signature *ret_signature,
                        struct finding *finding) MUST_USE;
/* Whether the reference covers the root element but for the signature it belongs to, so that anything added
 * elsewhere breaks it. */
bool xml_reference_is_whole(const struct xml_reference *reference);

/* The one attribute of that local name, whatever its namespace: NULL when there is none or there are
 * several. */
const char *xml_attribute(const xmlNode *element, const char *name);
/* "/KetQua/NoiDung[2]" */
void xml_path(const xmlNode *element, size_t size, char *ret_path);
