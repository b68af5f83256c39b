#include "signer/xades_imprint.h"

#include "base/xml.h"

/* One imprint being put together. */
struct work {
    const struct imprint *imprint;
    struct xml_c14n c14n;
    struct octets_out out;
};

static bool put_element(struct work *work, const xmlNode *element)
{
    return xml_canonicalize_element((xmlNode *)element, &work->c14n, &work->out);
}

static bool put_optional(struct work *work, const xmlNode *element)
{
    return !element || put_element(work, element);
}

/* What a reference means, as the signature digested it; nodes become octets by the timestamp's own method. */
static bool put_reference(struct work *work, struct xml_reference *reference)
{
    return xml_reference_write(reference, &work->c14n, &work->out);
}

static bool put_references(struct work *work, bool with_properties)
{
    struct xml_signature *signature = work->imprint->signature;
    bool good = true;
    for (size_t i = 0; good && i < signature->reference_count; i++)
        if (with_properties || !xades_is_properties(work->imprint->properties, &signature->references[i]))
            good = put_reference(work, &signature->references[i]);
    return good;
}

/* EN 319 132-1, 5.2.8.2: each Include names a Reference of SignedInfo; its data, or the element itself. */
static bool put_included(struct work *work, const xmlNode *include)
{
    struct xml_signature *signature = work->imprint->signature;
    const char *uri = xml_attribute(include, "URI"), *data = xml_attribute(include, "referencedData");
    bool of_data = data && (strcmp(data, "true") == 0 || strcmp(data, "1") == 0);
    for (size_t i = 0; uri && uri[0] == '#' && i < signature->reference_count; i++) {
        struct xml_reference *reference = &signature->references[i];
        if (reference->id && strcmp(reference->id, uri + 1) == 0)
            return of_data ? put_reference(work, reference) : put_element(work, reference->element);
    }
    return false;
}

static bool put_some_data(struct work *work)
{
    const xmlNode *element = work->imprint->element;
    bool good = true, some = false;
    for (const xmlNode *at = xml_first(element, NULL, "Include"); at && good;
         at = xml_next(at, NULL, "Include"))
        some = good = put_included(work, at);
    return some && good;
}

static bool is_one_of(const xmlNode *element, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (xml_is(element, NULL, names[i]))
            return element->ns
                   && strncmp((const char *)element->ns->href, "http://uri.etsi.org/01903/", 26) == 0;
    return false;
}

/* A.1.5: a timestamp of the second version is about references of the second version. */
bool xades_imprint_is_about_list(const struct imprint *imprint, const xmlNode *property)
{
    static const char *const first[] = {"CompleteCertificateRefs", "CompleteRevocationRefs",
                                        "AttributeCertificateRefs", "AttributeRevocationRefs"};
    static const char *const second[] = {"CompleteCertificateRefsV2", "CompleteRevocationRefs",
                                         "AttributeCertificateRefsV2", "AttributeRevocationRefs"};
    bool of_second = xml_is(imprint->element, NS_XADES_141, NULL);
    return is_one_of(property, of_second ? second : first, COUNT_OF(first));
}

/* Those that stand before the timestamp, in their order. */
static bool put_validation_references(struct work *work, bool with_stamps)
{
    static const char *const stamps[] = {"SignatureTimeStamp"};
    const struct imprint *imprint = work->imprint;
    bool good = true;
    for (const xmlNode *at = xml_first(imprint->properties->unsigned_of_signature, NULL, NULL);
         at && good && at != imprint->element; at = xml_next(at, NULL, NULL)) {
        bool wanted = xades_imprint_is_about_list(imprint, at)
                      || (with_stamps && is_one_of(at, stamps, COUNT_OF(stamps)));
        good = !wanted || put_element(work, at);
    }
    return good;
}

static bool is_referenced(const struct xml_signature *signature, const xmlNode *object)
{
    for (size_t i = 0; i < signature->reference_count; i++)
        if (signature->references[i].target == object)
            return true;
    return false;
}

/* 5.5.2.2, step 4, and TS 101 903 V1.3.2, 7.7.1: there those that are referenced have been put already. */
static bool put_objects(struct work *work)
{
    const struct xml_signature *signature = work->imprint->signature;
    bool old = work->imprint->kind == IMPRINT_ARCHIVE_OLD, good = true;
    for (const xmlNode *at = xml_first(signature->element, NS_DSIG, "Object"); at && good;
         at = xml_next(at, NS_DSIG, "Object")) {
        bool left_out =
            at == work->imprint->properties->qualifying->parent || (old && is_referenced(signature, at));
        good = left_out || put_element(work, at);
    }
    return good;
}

static bool put_archive(struct work *work)
{
    const struct xml_signature *signature = work->imprint->signature;
    bool good = put_references(work, true) && put_element(work, signature->info)
                && put_element(work, signature->value_element) && put_optional(work, signature->key_info);
    for (const xmlNode *at = xml_first(work->imprint->properties->unsigned_of_signature, NULL, NULL);
         at && good && at != work->imprint->element; at = xml_next(at, NULL, NULL))
        good = put_element(work, at);
    return good && put_objects(work);
}

static bool put(struct work *work)
{
    switch (work->imprint->kind) {
    case IMPRINT_ALL_DATA:
        return put_references(work, false);
    case IMPRINT_SOME_DATA:
        return put_some_data(work);
    case IMPRINT_SIGNATURE:
        return put_element(work, work->imprint->signature->value_element);
    case IMPRINT_AND_REFERENCES:
        return put_element(work, work->imprint->signature->value_element)
               && put_validation_references(work, true);
    case IMPRINT_REFERENCES:
        return put_validation_references(work, false);
    case IMPRINT_ARCHIVE:
    case IMPRINT_ARCHIVE_OLD:
        return put_archive(work);
    }
    return false;
}

bool xades_imprint_digest(void *imprint, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                          struct error *err)
{
    (void)err;
    bool many;
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    struct work work = {.imprint = imprint, .c14n = xml_c14n_plain, .out = {.digest = digest}};
    const xmlNode *method = xml_only(work.imprint->element, NS_DSIG, "CanonicalizationMethod", &many);
    *ret_digest = (struct digest_value){0};
    if ((!method || xml_c14n_read(method, &work.c14n)) && put(&work))
        *ret_digest = digest_finish(digest);
    return true;
}
