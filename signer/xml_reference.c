#include "signer/xml_reference.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"

static bool is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* Always true: it has been looked at, and this is what was found. */
static bool found(struct xml_reference *reference, enum reference_state state, const char *cause)
{
    reference->state = state;
    text_clean(cause ? cause : "?", strlen(cause ? cause : "?"), sizeof(reference->cause), reference->cause);
    return true;
}

bool xml_base64(const xmlNode *element, struct buffer *ret_bytes)
{
    char *text CLEANUP(free_clear) = NULL;
    return element && xml_text(element, &text) && base64_read(span_text(text), ret_bytes);
}

/* An NCName, loosely: no function calls, no escapes, nothing that a second reader could read otherwise. */
static bool is_plain_id(const char *id)
{
    for (const char *at = id; *at; at++)
        if (!((*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z')
              || strchr("-_.:", *at) || (*at & 0x80)))
            return false;
    return id[0] != '\0';
}

/* xmldsig-core1, 4.4.3.3: two pointers mean what plainer forms mean, with comments; any other could point
 * anywhere. Writes the identifier, empty for the whole document. */
static bool read_pointer(const char *uri, char ret_id[static XML_ID_SIZE], bool *ret_comments)
{
    int end = 0;
    ret_id[0] = '\0';
    *ret_comments = strncmp(uri, "#xpointer(", 10) == 0;
    if (uri[0] == '\0' || strcmp(uri, "#xpointer(/)") == 0)
        return true;
    char quote = '\0';
    if (sscanf(uri, "#xpointer(id(%c%255[^'\"]", &quote, ret_id) == 2 && strchr("'\"", quote)) {
        char again[XML_ID_SIZE + 32];
        end = snprintf(again, sizeof(again), "#xpointer(id(%c%s%c))", quote, ret_id, quote);
        return end > 0 && strcmp(uri, again) == 0 && is_plain_id(ret_id);
    }
    snprintf(ret_id, XML_ID_SIZE, "%s", uri + 1);
    return strlen(uri) < XML_ID_SIZE && is_plain_id(ret_id);
}

static bool find_in_document(struct xml_reference *reference, const struct xml_place *place)
{
    char id[XML_ID_SIZE] = "";
    bool comments, ambiguous = false;
    if (!read_pointer(reference->uri, id, &comments))
        return found(reference, REFERENCE_ELSEWHERE, reference->uri);
    reference->target = id[0] ? xml_ids_find(place->ids, id, &ambiguous) : xmlDocGetRootElement(place->doc);
    if (!reference->target)
        return found(reference, ambiguous ? REFERENCE_AMBIGUOUS : REFERENCE_ELSEWHERE, reference->uri);
    reference->document = !id[0];
    reference->nodes.doc = place->doc;
    reference->nodes.apex = id[0] ? reference->target : NULL;
    reference->nodes.comments = comments;
    return true;
}

/* xmldsig-core1, 4.4.3.1: one without URI means what both sides know of: the one file that is there. */
static bool find_file(struct xml_reference *reference, const struct xml_place *place)
{
    if (reference->uri)
        reference->file = detached_find(place->files, place->file_count, span_text(reference->uri));
    else if (place->file_count == 1)
        reference->file = place->files;
    return reference->file || found(reference, REFERENCE_ELSEWHERE, reference->uri);
}

static bool take_filter(struct xml_reference *reference, const xmlNode *transform,
                        const struct xml_place *place)
{
    struct xml_nodes *nodes = &reference->nodes;
    if (xml_filter_is_without_signatures(transform))
        return nodes->without_signatures = true;
    if (nodes->filter_count >= XML_MAX_FILTERS)
        return false;
    struct xml_filter *filter =
        xml_filter_read(transform, reference->parsed ? reference->parsed : place->doc);
    if (filter)
        nodes->filters[nodes->filter_count++] = filter;
    return filter != NULL;
}

/* A file becomes nodes when its first transform works on nodes. False: a fault of ours. */
static bool parse_file(struct xml_reference *reference, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span bytes;
    struct error unreadable = {0};
    bool read = detached_bytes(reference->file, XML_MAX_DOCUMENT, &hold, &bytes, &unreadable)
                && xml_read_any(bytes, &reference->parsed, &unreadable);
    if (!read && unreadable.code == ERR_INTERNAL) {
        *err = unreadable;
        return false;
    }
    if (read)
        reference->nodes = (struct xml_nodes){.doc = reference->parsed, .comments = true};
    else
        found(reference, REFERENCE_TRANSFORM, reference->file->name);
    return true;
}

/* What works on nodes goes into the set, what makes octets into the steps. Nodes that were octets once are
 * no nodes of this document any more: nothing but making octets is accepted then. */
static bool accept_transform(struct xml_reference *reference, const xmlNode *transform, const char *algorithm,
                             const struct xml_place *place)
{
    struct xml_c14n unused;
    bool octets = is(algorithm, URI_BASE64) || xml_c14n_read(transform, &unused);
    if (octets) {
        reference->text_only |= reference->step_count == 0 && is(algorithm, URI_BASE64);
        reference->steps[reference->step_count++] = transform;
        return true;
    }
    if (reference->step_count > 0)
        return false;
    if (is(algorithm, URI_ENVELOPED) && !reference->file
        && xml_is_within(place->signature, reference->target)) {
        reference->nodes.without = place->signature;
        return true;
    }
    return (is(algorithm, URI_XPATH) || is(algorithm, NS_XPATH_FILTER))
           && take_filter(reference, transform, place);
}

static bool read_transforms(struct xml_reference *reference, const xmlNode *transforms,
                            const struct xml_place *place, struct error *err)
{
    size_t count = 0;
    for (xmlNode *at = xml_first(transforms, NULL, NULL); at; at = xml_next(at, NULL, NULL)) {
        const char *algorithm = xml_attribute(at, "Algorithm");
        if (++count > XML_MAX_TRANSFORMS || !algorithm || !xml_is(at, NS_DSIG, "Transform"))
            return found(reference, REFERENCE_TRANSFORM, algorithm);
        bool on_nodes = strcmp(algorithm, URI_BASE64) != 0;
        if (reference->file && !reference->parsed && on_nodes && !parse_file(reference, err))
            return false;
        if (reference->state != REFERENCE_UNREAD)
            return true;
        if (!accept_transform(reference, at, algorithm, place))
            return found(reference, REFERENCE_TRANSFORM, algorithm);
    }
    return true;
}

bool xml_reference_read(const xmlNode *element, const struct xml_place *place,
                        struct xml_reference *ret_reference, struct error *err)
{
    bool many, twice;
    const xmlNode *method = xml_only(element, NS_DSIG, "DigestMethod", &many),
                  *transforms = xml_only(element, NS_DSIG, "Transforms", &twice);
    const char *algorithm = xml_attribute(method, "Algorithm");
    struct xml_reference *reference = ret_reference;
    *reference = (struct xml_reference){.element = element,
                                        .uri = xml_attribute(element, "URI"),
                                        .type = xml_attribute(element, "Type"),
                                        .id = xml_attribute(element, "Id"),
                                        .memo = place->memo};
    if (!algorithm || twice)
        return found(reference, REFERENCE_MALFORMED, "DigestMethod");
    bool here = reference->uri && (reference->uri[0] == '#' || !reference->uri[0]);
    if (here)
        find_in_document(reference, place);
    else if (!find_file(reference, place))
        return true;
    if (reference->state != REFERENCE_UNREAD)
        return true;
    if (!digest_of_uri(algorithm, &reference->digest))
        return found(reference, REFERENCE_ALGORITHM, algorithm);
    return read_transforms(reference, transforms, place, err);
}

/* What stands between two steps. */
struct content {
    struct buffer octets;
    bool is_octets;
};

static bool step_c14n(struct xml_reference *reference, const struct xml_c14n *how,
                      const struct content *before, const struct octets_out *out)
{
    if (!before->is_octets)
        return xml_canonicalize(&reference->nodes, how, out);
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error unreadable = {0};
    if (!xml_read(buffer_span(&before->octets), &doc, &unreadable))
        return false;
    struct xml_nodes nodes = {.doc = doc, .comments = true};
    return xml_canonicalize(&nodes, how, out);
}

static bool step_base64(struct xml_reference *reference, const struct content *before,
                        const struct octets_out *out)
{
    struct buffer text CLEANUP(buffer_clear) = {0}, bytes CLEANUP(buffer_clear) = {0};
    if (!before->is_octets && !xml_nodes_text(&reference->nodes, &text))
        return false;
    if (!base64_read(before->is_octets ? buffer_span(&before->octets) : buffer_span(&text), &bytes))
        return false;
    octets_write(out, buffer_span(&bytes));
    return true;
}

static bool do_step(struct xml_reference *reference, const xmlNode *transform, const struct content *before,
                    const struct octets_out *out)
{
    struct xml_c14n how;
    if (is(xml_attribute(transform, "Algorithm"), URI_BASE64))
        return step_base64(reference, before, out);
    return xml_c14n_read(transform, &how) && step_c14n(reference, &how, before, out);
}

static bool start(struct xml_reference *reference, struct content *content)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span bytes;
    struct error unreadable = {0};
    if (!reference->file || reference->parsed)
        return true;
    content->is_octets = true;
    if (!detached_bytes(reference->file, XML_MAX_DOCUMENT, &hold, &bytes, &unreadable))
        return false;
    buffer_append(&content->octets, bytes);
    return !content->octets.failed;
}

static bool write_content(struct xml_reference *reference, const struct xml_c14n *last,
                          const struct octets_out *out)
{
    struct content content = {0};
    bool good = start(reference, &content);
    for (size_t i = 0; good && i < reference->step_count; i++) {
        struct content next = {.is_octets = true};
        bool is_last = i + 1 == reference->step_count;
        const struct octets_out between = {.buffer = &next.octets};
        good = do_step(reference, reference->steps[i], &content, is_last ? out : &between);
        buffer_clear(&content.octets);
        content = next;
    }
    if (good && reference->step_count == 0 && content.is_octets)
        octets_write(out, buffer_span(&content.octets));
    else if (good && reference->step_count == 0)
        good = xml_canonicalize(&reference->nodes, last, out);
    buffer_clear(&content.octets);
    return good;
}

bool xml_reference_write(struct xml_reference *reference, const struct xml_c14n *last,
                         const struct octets_out *out)
{
    if (reference->state > REFERENCE_DIFFERS)
        return false;
    if (write_content(reference, last, out))
        return true;
    found(reference, REFERENCE_TRANSFORM,
          reference->step_count ? xml_attribute(reference->steps[0], "Algorithm") : URI_C14N);
    return false;
}

/* A file that is signed as it stands, of any size. */
static bool digest_file(struct xml_reference *reference, struct digest_value *ret_digest, struct error *err)
{
    struct error damaged = {0};
    if (detached_digest(reference->file, reference->digest, ret_digest, &damaged))
        return true;
    if (damaged.code == ERR_INTERNAL) {
        *err = damaged;
        return false;
    }
    *ret_digest = (struct digest_value){0}; /* no digest at all is like that one */
    return true;
}

/* What a digest depends on, when it is of nodes that other signatures may sign too. */
static bool can_be_shared(const struct xml_reference *reference, struct xml_memo_entry *ret_entry)
{
    const struct xml_nodes *nodes = &reference->nodes;
    struct xml_memo_entry entry = {.doc = nodes->doc,
                                   .apex = nodes->apex,
                                   .comments = nodes->comments,
                                   .without_signatures = nodes->without_signatures,
                                   .how = xml_c14n_plain,
                                   .digest = reference->digest};
    if (!reference->memo || reference->file || nodes->without || nodes->filter_count
        || reference->step_count > 1
        || (reference->step_count == 1 && !xml_c14n_read(reference->steps[0], &entry.how)))
        return false;
    *ret_entry = entry;
    return true;
}

static bool is_same_entry(const struct xml_memo_entry *a, const struct xml_memo_entry *b)
{
    return a->doc == b->doc && a->apex == b->apex && a->comments == b->comments
           && a->without_signatures == b->without_signatures && a->digest == b->digest
           && a->how.mode == b->how.mode && a->how.comments == b->how.comments
           && a->how.prefix_count == b->how.prefix_count
           && memcmp(a->how.prefixes, b->how.prefixes, sizeof(a->how.prefixes)) == 0;
}

static bool recall(const struct xml_reference *reference, struct digest_value *ret_digest)
{
    struct xml_memo_entry wanted;
    if (!can_be_shared(reference, &wanted))
        return false;
    size_t held = reference->memo->count < XML_MEMO_ENTRIES ? reference->memo->count : XML_MEMO_ENTRIES;
    for (size_t i = 0; i < held; i++)
        if (is_same_entry(&reference->memo->entries[i], &wanted)) {
            *ret_digest = reference->memo->entries[i].value;
            return true;
        }
    return false;
}

static void remember(const struct xml_reference *reference, const struct digest_value *digest)
{
    struct xml_memo_entry entry;
    if (!can_be_shared(reference, &entry))
        return;
    entry.value = *digest;
    reference->memo->entries[reference->memo->count++ % XML_MEMO_ENTRIES] = entry;
}

static bool digest_content(struct xml_reference *reference, struct digest_value *ret_digest)
{
    if (recall(reference, ret_digest))
        return true;
    struct digest *digest CLEANUP(digest_free) = digest_new(reference->digest);
    const struct octets_out out = {.digest = digest};
    if (!xml_reference_write(reference, &xml_c14n_plain, &out))
        return false;
    *ret_digest = digest_finish(digest);
    remember(reference, ret_digest);
    return true;
}

bool xml_reference_check(struct xml_reference *reference, struct error *err)
{
    struct buffer expected CLEANUP(buffer_clear) = {0};
    struct digest_value ours;
    bool many;
    if (reference->state != REFERENCE_UNREAD)
        return true;
    if (!xml_base64(xml_only(reference->element, NS_DSIG, "DigestValue", &many), &expected))
        return found(reference, REFERENCE_MALFORMED, "DigestValue");
    bool plain_file = reference->file && !reference->parsed && reference->step_count == 0;
    if (plain_file && !digest_file(reference, &ours, err))
        return false;
    if (!plain_file && !digest_content(reference, &ours))
        return true;
    bool same = span_equal(digest_span(&ours), buffer_span(&expected));
    return found(reference, same ? REFERENCE_GOOD : REFERENCE_DIFFERS, reference->uri);
}

void xml_reference_clear(struct xml_reference *reference)
{
    xml_nodes_clear(&reference->nodes);
    xml_doc_clear(&reference->parsed);
    *reference = (struct xml_reference){0};
}

bool xml_reference_is_whole(const struct xml_reference *reference)
{
    return reference->target && reference->target == xmlDocGetRootElement(reference->target->doc)
           && reference->nodes.without && !reference->nodes.without_signatures
           && !reference->nodes.filter_count;
}
