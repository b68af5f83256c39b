/* A ds:Reference (xmldsig-core1, 4.4.3), of a signature or a manifest: what it means, and whether that is what was
 * digested. Same-document references are nodes of the document, decided here once: what is digested, reported
 * and stamped is asked of the same nodes. Anything else is a file that was given beside the document; nothing is
 * ever fetched. */
#pragma once

#include "signer/detached.h"
#include "signer/xml_ids.h"
#include "signer/xml_nodes.h"

enum { XML_MAX_TRANSFORMS = 8, REFERENCE_CAUSE_SIZE = 96, XML_MEMO_ENTRIES = 4 };

enum reference_state {
    REFERENCE_UNREAD,
    REFERENCE_GOOD,
    REFERENCE_DIFFERS,   /* digested, and it is not that */
    REFERENCE_ELSEWHERE, /* what it means is not here */
    REFERENCE_AMBIGUOUS, /* several elements carry its identifier */
    REFERENCE_TRANSFORM, /* a transform that is not accepted */
    REFERENCE_ALGORITHM, /* a digest that is not known */
    REFERENCE_MALFORMED
};

/* Digests of nodes that several signatures sign, so that a hundred signatures read them once. */
struct xml_memo {
    struct xml_memo_entry {
        const xmlDoc *doc;
        const xmlNode *apex;
        bool comments, without_signatures;
        struct xml_c14n how;
        enum digest_algorithm digest;
        struct digest_value value;
    } entries[XML_MEMO_ENTRIES];
    size_t count; /* of all that were ever put in */
};

struct xml_reference {
    const xmlNode *element;
    const char *uri, *type, *id; /* NULL when there is none */
    enum reference_state state;
    char cause[REFERENCE_CAUSE_SIZE]; /* the URI, the transform or the algorithm that the state is about */
    enum digest_algorithm digest;
    const struct detached *file;              /* NULL: in the document */
    xmlNode *target;                          /* in the document; its root for URI="" */
    bool document;                            /* with what stands before and behind the root */
    struct xml_nodes nodes;                   /* what the transforms leave of it */
    const xmlNode *steps[XML_MAX_TRANSFORMS]; /* transforms that make octets: c14n, base64 */
    size_t step_count;
    bool text_only;        /* base64: the text is signed, not the elements around it */
    struct xml_memo *memo; /* may be NULL */
    xmlDoc *parsed;        /* owned: the file as XML, when a transform needs nodes */
};

/* Where references look. */
struct xml_place {
    xmlDoc *doc;
    const struct xml_ids *ids;
    const xmlNode *signature; /* which the enveloped-signature transform takes out */
    const struct detached *files;
    size_t file_count;
    struct xml_memo *memo; /* may be NULL; as long as the document does not change */
};

/* Reads it; the state stays REFERENCE_UNREAD when it may be digested. False only for faults of ours. */
bool xml_reference_read(const xmlNode *element, const struct xml_place *place,
                        struct xml_reference *ret_reference, struct error *err) MUST_USE;
/* Digests what it means and compares. False only for faults of ours. */
bool xml_reference_check(struct xml_reference *reference, struct error *err) MUST_USE;
/* Writes what its transforms make of what it means; nodes that are left at the end become octets by `last`.
 * False when that cannot be: the state says why. */
bool xml_reference_write(struct xml_reference *reference, const struct xml_c14n *last,
                         const struct octets_out *out) MUST_USE;
void xml_reference_clear(struct xml_reference *reference);

/* Whether it covers the root element but for the signature it belongs to, so that anything added elsewhere
 * breaks it. */
bool xml_reference_is_whole(const struct xml_reference *reference);
/* The bytes of an element's base64 text; false when it holds anything else, a comment too. */
bool xml_base64(const xmlNode *element, struct buffer *ret_bytes) MUST_USE;
