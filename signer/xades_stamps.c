#include "signer/xades_stamps.h"

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/xades_imprint.h"

enum {
    STAMPS_MAX = 64,
    PROVED_MAX = 2048,
    PARTS_MAX = 4096 /* elements of the properties that are looked at */
};

struct xades_stamps {
    struct xml_signature *signature;
    const struct xades_properties *properties;
    struct evidence *evidence;
    struct stamp stamps[STAMPS_MAX];
    struct imprint imprints[STAMPS_MAX];
    struct buffer tokens[STAMPS_MAX];
    size_t count;
    unsigned found; /* enum xades_property */
    /* all that an archive timestamp proves, in document order: each proves what stands before it */
    struct span proved[PROVED_MAX];
    struct buffer held[PROVED_MAX]; /* owns some of it */
    size_t proved_count, parts;
    /* what is proved because a timestamped list names its digest: a stretch for each such timestamp */
    struct span listed[PROVED_MAX];
    size_t listed_count;
};

static void prove(struct xades_stamps *stamps, struct span object, struct buffer *owner)
{
    if (stamps->proved_count >= PROVED_MAX)
        return;
    if (owner) {
        stamps->held[stamps->proved_count] = *owner;
        *owner = (struct buffer){0};
    }
    stamps->proved[stamps->proved_count++] = object;
}

/* An Encapsulated… element: DER in base64. */
static bool take_value(struct xades_stamps *stamps, const xmlNode *element, enum evidence_kind kind,
                       struct error *err)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    if (!xml_base64(element, &der))
        return true;
    if (!evidence_add(stamps->evidence, kind, buffer_span(&der), true, err))
        return false;
    prove(stamps, buffer_span(&der), &der);
    return true;
}

/* EN 319 132-1, 5.4 and 5.5.1: values stand in lists of their kind, lists in containers; the names of the values say what
 * they are. */
static bool take_values(struct xades_stamps *stamps, xmlNode *container, struct error *err)
{
    for (xmlNode *at = container; at && ++stamps->parts < PARTS_MAX; at = xml_next_element(container, at)) {
        bool good = true;
        if (xml_is(at, NULL, "EncapsulatedX509Certificate")) {
            stamps->found |= XADES_CERTIFICATE_VALUES;
            good = take_value(stamps, at, EVIDENCE_CERTIFICATE, err);
        } else if (xml_is(at, NULL, "EncapsulatedCRLValue")) {
            stamps->found |= XADES_REVOCATION_VALUES;
            good = take_value(stamps, at, EVIDENCE_CRL, err);
        } else if (xml_is(at, NULL, "EncapsulatedOCSPValue")) {
            stamps->found |= XADES_REVOCATION_VALUES;
            good = take_value(stamps, at, EVIDENCE_OCSP, err);
        }
        if (!good)
            return false;
    }
    return true;
}

static enum stamp_kind kind_of(enum imprint_kind kind)
{
    switch (kind) {
    case IMPRINT_ALL_DATA:
    case IMPRINT_SOME_DATA:
        return STAMP_CONTENT;
    case IMPRINT_SIGNATURE:
        return STAMP_SIGNATURE;
    case IMPRINT_AND_REFERENCES:
    case IMPRINT_REFERENCES:
        return STAMP_REFERENCES;
    case IMPRINT_ARCHIVE:
    case IMPRINT_ARCHIVE_OLD:
        break;
    }
    return STAMP_ARCHIVE;
}

/* One property may carry several tokens about the same content. */
static void take_tokens(struct xades_stamps *stamps, xmlNode *property, enum imprint_kind kind)
{
    for (const xmlNode *at = xml_first(property, NULL, "EncapsulatedTimeStamp");
         at && stamps->count < STAMPS_MAX; at = xml_next(at, NULL, "EncapsulatedTimeStamp")) {
        size_t i = stamps->count++;
        if (!xml_base64(at, &stamps->tokens[i]))
            buffer_clear(&stamps->tokens[i]); /* no token: it is judged as a malformed one */
        stamps->imprints[i] = (struct imprint){kind, property, stamps->signature, stamps->properties};
        stamps->stamps[i] =
            (struct stamp){.kind = kind_of(kind),
                           .token = buffer_span(&stamps->tokens[i]),
                           .content = {.digest = xades_imprint_digest, .context = &stamps->imprints[i]},
                           .without_value = kind == IMPRINT_REFERENCES};
        if (kind == IMPRINT_ARCHIVE || kind == IMPRINT_ARCHIVE_OLD) {
            stamps->stamps[i].proves = stamps->proved;
            stamps->stamps[i].prove_count = stamps->proved_count;
        }
    }
}

static void prove_tokens(struct xades_stamps *stamps, size_t from)
{
    for (size_t i = from; i < stamps->count; i++)
        prove(stamps, buffer_span(&stamps->tokens[i]), NULL);
}

/* The properties that are timestamps. */
static const struct {
    const char *ns, *name; /* ns NULL: that of the QualifyingProperties */
    enum imprint_kind kind;
    unsigned found;
} stamp_properties[] = {
    {NULL, "AllDataObjectsTimeStamp", IMPRINT_ALL_DATA, 0},
    {NULL, "IndividualDataObjectsTimeStamp", IMPRINT_SOME_DATA, 0},
    {NULL, "SignatureTimeStamp", IMPRINT_SIGNATURE, XADES_SIGNATURE_STAMP},
    {NULL, "SigAndRefsTimeStamp", IMPRINT_AND_REFERENCES, XADES_REFERENCES_STAMP},
    {NS_XADES_141, "SigAndRefsTimeStampV2", IMPRINT_AND_REFERENCES, XADES_REFERENCES_STAMP},
    {NULL, "RefsOnlyTimeStamp", IMPRINT_REFERENCES, XADES_REFERENCES_STAMP},
    {NS_XADES_141, "RefsOnlyTimeStampV2", IMPRINT_REFERENCES, XADES_REFERENCES_STAMP},
    {NULL, "ArchiveTimeStamp", IMPRINT_ARCHIVE_OLD, XADES_ARCHIVE_STAMP},
    {NS_XADES_141, "ArchiveTimeStamp", IMPRINT_ARCHIVE, XADES_ARCHIVE_STAMP},
};

static void take_stamp(struct xades_stamps *stamps, xmlNode *property)
{
    for (size_t i = 0; i < COUNT_OF(stamp_properties); i++) {
        const char *ns = stamp_properties[i].ns ? stamp_properties[i].ns : stamps->properties->ns;
        if (!xml_is(property, ns, stamp_properties[i].name))
            continue;
        size_t from = stamps->count;
        take_tokens(stamps, property, stamp_properties[i].kind);
        prove_tokens(stamps, from);
        stamps->found |= stamp_properties[i].found;
        return;
    }
}

static bool is_value_container(const xmlNode *property)
{
    static const char *const names[] = {"CertificateValues",       "AttrAuthoritiesCertValues",
                                        "RevocationValues",        "AttributeRevocationValues",
                                        "TimeStampValidationData", "AnyValidationData"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (xml_is(property, NULL, names[i]))
            return true;
    return false;
}

static void note_references(struct xades_stamps *stamps, const xmlNode *property)
{
    if (xml_is(property, NULL, "CompleteCertificateRefs")
        || xml_is(property, NULL, "CompleteCertificateRefsV2"))
        stamps->found |= XADES_CERTIFICATE_REFERENCES;
    if (xml_is(property, NULL, "CompleteRevocationRefs"))
        stamps->found |= XADES_REVOCATION_REFERENCES;
}

static bool take_unsigned(struct xades_stamps *stamps, struct error *err)
{
    for (xmlNode *at = xml_first(stamps->properties->unsigned_of_signature, NULL, NULL); at;
         at = xml_next(at, NULL, NULL)) {
        if (is_value_container(at) && !take_values(stamps, at, err))
            return false;
        note_references(stamps, at);
        take_stamp(stamps, at);
    }
    return true;
}

/* A value and its digests, each made when it is asked for. */
struct named {
    struct span value;
    struct digest_value digests[DIGEST_ALGORITHMS];
};

static bool is_named(struct named *named, const xmlNode *entry)
{
    bool many;
    const char *uri = xml_attribute(xml_only(entry, NS_DSIG, "DigestMethod", &many), "Algorithm");
    struct buffer wanted CLEANUP(buffer_clear) = {0};
    enum digest_algorithm algorithm;
    if (!uri || !digest_of_uri(uri, &algorithm)
        || !xml_base64(xml_only(entry, NS_DSIG, "DigestValue", &many), &wanted))
        return false;
    struct digest_value *digest = &named->digests[algorithm];
    if (digest->size == 0)
        *digest = digest_of(algorithm, named->value);
    return span_equal(digest_span(digest), buffer_span(&wanted));
}

/* Whether a list of references (A.1.1 to A.1.4) that the timestamp is about names the value. */
static bool is_listed(struct xades_stamps *stamps, struct named *named, const struct imprint *imprint)
{
    for (xmlNode *list = xml_first(stamps->properties->unsigned_of_signature, NULL, NULL);
         list && list != imprint->element; list = xml_next(list, NULL, NULL)) {
        bool wanted = xades_imprint_is_about_list(imprint, list);
        for (xmlNode *at = wanted ? list : NULL; at && ++stamps->parts < PARTS_MAX;
             at = xml_next_element(list, at))
            if ((xml_is(at, NULL, "CertDigest") || xml_is(at, NULL, "DigestAlgAndValue"))
                && is_named(named, at))
                return true;
    }
    return false;
}

/* EN 319 102-1, 5.6.2.3: what a timestamped list names existed when the list did. */
static void prove_by_reference(struct xades_stamps *stamps, size_t which)
{
    const struct imprint *imprint = &stamps->imprints[which];
    size_t from = stamps->listed_count;
    for (size_t i = 0; i < stamps->proved_count && stamps->listed_count < PROVED_MAX; i++) {
        struct named named = {.value = stamps->proved[i]};
        if (is_listed(stamps, &named, imprint))
            stamps->listed[stamps->listed_count++] = stamps->proved[i];
    }
    stamps->stamps[which].proves = stamps->listed + from;
    stamps->stamps[which].prove_count = stamps->listed_count - from;
}

static int by_kind(const void *a, const void *b)
{
    const struct stamp *left = a, *right = b;
    const struct imprint *first = left->content.context, *second = right->content.context;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return first < second ? -1 : first > second; /* in document order */
}

bool xades_stamps_read(struct xml_signature *signature, const struct xades_properties *properties,
                       struct evidence *evidence, struct xades_stamps **ret_stamps, struct error *err)
{
    struct xades_stamps *stamps = calloc(1, sizeof(*stamps));
    if (!stamps)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_stamps = stamps;
    stamps->signature = signature;
    stamps->properties = properties;
    stamps->evidence = evidence;
    for (xmlNode *at = xml_first(properties->of_data, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        take_stamp(stamps, at);
    if (!take_unsigned(stamps, err))
        return false;
    for (size_t i = 0; i < stamps->count; i++)
        if (stamps->stamps[i].kind == STAMP_REFERENCES)
            prove_by_reference(stamps, i);
    if (stamps->count > 1)
        qsort(stamps->stamps, stamps->count, sizeof(struct stamp), by_kind);
    return true;
}

void xades_stamps_free(struct xades_stamps **stamps)
{
    if (!*stamps)
        return;
    for (size_t i = 0; i < (*stamps)->count; i++)
        buffer_clear(&(*stamps)->tokens[i]);
    for (size_t i = 0; i < (*stamps)->proved_count; i++)
        buffer_clear(&(*stamps)->held[i]);
    free(*stamps);
    *stamps = NULL;
}

unsigned xades_stamps_properties(const struct xades_stamps *stamps)
{
    return stamps->found;
}

const struct stamp *xades_stamps_list(const struct xades_stamps *stamps, size_t *ret_count)
{
    *ret_count = stamps->count;
    return stamps->stamps;
}
