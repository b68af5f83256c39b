#include "signer/xml_filter.h"

#include <libxml/xpathInternals.h>

#include "base/xml.h"
#include "signer/xml_algorithms.h"
#include "signer/xml_ids.h"

enum set_operation { SET_UNION, SET_SUBTRACT, SET_INTERSECT };

/* The nodes an expression of a filter selects; whatever is inside of them belongs to it. */
struct node_set {
    enum set_operation operation;
    xmlNode **nodes; /* by their address */
    size_t count;
    const xmlNode *asked; /* remembered: neighbours have the same parent */
    bool held;
};

struct xml_filter {
    xmlXPathContext *context;
    xmlXPathCompExpr *test; /* asked of each node; NULL: the sets decide */
    struct node_set sets[XPATH_MAX_SETS];
    size_t set_count;
};

/* xmldsig-core1, 6.6.3: the element that bears the expression. */
static void here(xmlXPathParserContext *parser, int arguments)
{
    if (arguments != 0) {
        xmlXPathSetArityError(parser);
        return;
    }
    valuePush(parser, xmlXPathNewNodeSet(parser->context->here));
}

static xmlXPathContext *make_context(xmlNode *bearer, xmlDoc *doc)
{
    xmlXPathContext *context = xmlXPathNewContext(doc);
    xmlNs **scope = context ? xmlGetNsList(bearer->doc, bearer) : NULL;
    for (size_t i = 0; scope && scope[i]; i++)
        if (scope[i]->prefix)
            xmlXPathRegisterNs(context, scope[i]->prefix, scope[i]->href);
    xmlFree(scope);
    if (!context)
        return NULL;
    if (bearer->doc == doc && xmlXPathRegisterFunc(context, (const xmlChar *)"here", here) != 0) {
        xmlXPathFreeContext(context);
        return NULL;
    }
    context->here = bearer;
    context->opLimit = XPATH_MAX_STEPS;
    return context;
}

static xmlXPathCompExpr *compile(xmlXPathContext *context, const xmlNode *bearer)
{
    char *text CLEANUP(free_clear) = NULL;
    if (!xml_text(bearer, &text) || strlen(text) > XPATH_MAX_EXPRESSION)
        return NULL;
    return xmlXPathCtxtCompile(context, (const xmlChar *)text);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t) * (xmlNode *const *)a, right = (uintptr_t) * (xmlNode *const *)b;
    return left < right ? -1 : left > right;
}

/* Namespace nodes are copies that mean nothing to us: an expression that selects them is not understood. */
static bool take_nodes(const xmlNodeSet *found, struct node_set *set)
{
    set->count = found ? (size_t)found->nodeNr : 0;
    set->nodes = calloc(set->count ? set->count : 1, sizeof(xmlNode *));
    for (size_t i = 0; set->nodes && i < set->count; i++) {
        if (found->nodeTab[i]->type == XML_NAMESPACE_DECL)
            return false;
        set->nodes[i] = found->nodeTab[i];
    }
    if (set->nodes && set->count > 1)
        qsort(set->nodes, set->count, sizeof(xmlNode *), by_address);
    return set->nodes != NULL;
}

static bool read_set(struct xml_filter *filter, xmlNode *bearer)
{
    static const char *const operations[] = {
        [SET_UNION] = "union", [SET_SUBTRACT] = "subtract", [SET_INTERSECT] = "intersect"};
    struct node_set *set = &filter->sets[filter->set_count];
    const char *operation = xml_attribute(bearer, "Filter");
    size_t which = 0;
    while (operation && which < COUNT_OF(operations) && strcmp(operation, operations[which]) != 0)
        which++;
    xmlXPathCompExpr *expression =
        operation && which < COUNT_OF(operations) ? compile(filter->context, bearer) : NULL;
    if (!expression)
        return false;
    filter->set_count++;
    filter->context->here = bearer;
    filter->context->node = (xmlNode *)filter->context->doc;
    set->operation = (enum set_operation)which;
    xmlXPathObject *found = xmlXPathCompiledEval(expression, filter->context);
    bool good = found && found->type == XPATH_NODESET && take_nodes(found->nodesetval, set);
    xmlXPathFreeObject(found);
    xmlXPathFreeCompExpr(expression);
    return good;
}

/* xmldsig-filter2, 3.4: several expressions, one after the other. */
static bool read_sets(struct xml_filter *filter, const xmlNode *transform)
{
    for (xmlNode *at = xml_first(transform, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        if (!xml_is(at, NS_XPATH_FILTER, "XPath") || filter->set_count >= XPATH_MAX_SETS
            || !read_set(filter, at))
            return false;
    return filter->set_count > 0;
}

static bool read_test(struct xml_filter *filter, const xmlNode *transform)
{
    xmlNode *bearer = xml_first(transform, NULL, NULL);
    if (!xml_is(bearer, NS_DSIG, "XPath") || xml_next(bearer, NULL, NULL))
        return false;
    filter->test = compile(filter->context, bearer);
    return filter->test != NULL;
}

struct xml_filter *xml_filter_read(const xmlNode *transform, xmlDoc *doc)
{
    const char *algorithm = xml_attribute(transform, "Algorithm");
    xmlNode *bearer = xml_first(transform, NULL, NULL);
    struct xml_filter *filter = algorithm && bearer ? calloc(1, sizeof(*filter)) : NULL;
    if (!filter)
        return NULL;
    filter->context = make_context(bearer, doc);
    if (!filter->context
        || !(strcmp(algorithm, NS_XPATH_FILTER) == 0 ? read_sets : read_test)(filter, transform))
        xml_filter_free(&filter);
    return filter;
}

void xml_filter_free(struct xml_filter **filter)
{
    if (!*filter)
        return;
    for (size_t i = 0; i < (*filter)->set_count; i++)
        free((*filter)->sets[i].nodes);
    xmlXPathFreeCompExpr((*filter)->test);
    xmlXPathFreeContext((*filter)->context);
    free(*filter);
    *filter = NULL;
}

static bool is_selected(const struct node_set *set, xmlNode *node)
{
    return bsearch(&node, set->nodes, set->count, sizeof(xmlNode *), by_address) != NULL;
}

static bool is_inside(struct node_set *set, xmlNode *element)
{
    if (!element || set->asked == element)
        return element && set->held;
    set->held = false;
    set->asked = element;
    for (xmlNode *at = element; at && !set->held; at = at->parent)
        set->held = is_selected(set, at);
    return set->held;
}

static bool is_in_set(struct node_set *set, xmlNode *node, xmlNode *parent)
{
    bool of_its_own = node->type != XML_NAMESPACE_DECL && is_selected(set, node);
    return of_its_own || is_inside(set, parent);
}

static bool is_in_sets(struct xml_filter *filter, xmlNode *node, xmlNode *parent)
{
    bool in = true;
    for (size_t i = 0; i < filter->set_count; i++) {
        bool held = is_in_set(&filter->sets[i], node, parent);
        switch (filter->sets[i].operation) {
        case SET_UNION:
            in |= held;
            break;
        case SET_SUBTRACT:
            in &= !held;
            break;
        case SET_INTERSECT:
            in &= held;
            break;
        }
    }
    return in;
}

bool xml_filter_holds(struct xml_filter *filter, xmlNode *node, xmlNode *parent, bool *ret_failed)
{
    if (!filter->test)
        return is_in_sets(filter, node, parent);
    xmlNs space;
    filter->context->node = node;
    if (node->type
        == XML_NAMESPACE_DECL) { /* as libxml2's own sets hold them: its element stands in `next` */
        space = *(xmlNs *)node;
        space.next = (xmlNs *)parent;
        filter->context->node = (xmlNode *)&space;
    }
    int held = xmlXPathCompiledEvalToBoolean(filter->test, filter->context);
    *ret_failed |= held < 0;
    return held == 1;
}

static bool is_dsig_prefix(xmlNode *element, struct span prefix)
{
    char name[32];
    if (prefix.size == 0 || prefix.size >= sizeof(name))
        return false;
    memcpy(name, prefix.data, prefix.size);
    name[prefix.size] = '\0';
    const xmlNs *ns = xmlSearchNs(element->doc, element, (const xmlChar *)name);
    return ns && ns->href && strcmp((const char *)ns->href, NS_DSIG) == 0;
}

bool xml_filter_is_without_signatures(const xmlNode *transform)
{
    static const struct {
        const char *ns, *filter, *before, *after;
    } wordings[] = {
        {NS_DSIG, NULL, "not(ancestor-or-self::", ":Signature)"},
        {NS_XPATH_FILTER, "subtract", "/descendant::", ":Signature"},
    };
    xmlNode *bearer = xml_first(transform, NULL, NULL);
    char *text CLEANUP(free_clear) = NULL;
    if (!bearer || xml_next(bearer, NULL, NULL) || !xml_text(bearer, &text))
        return false;
    const char *filter = xml_attribute(bearer, "Filter");
    for (size_t i = 0; i < COUNT_OF(wordings); i++) {
        const char *wanted = wordings[i].filter;
        size_t before = strlen(wordings[i].before), after = strlen(wordings[i].after), size = strlen(text);
        if (xml_is(bearer, wordings[i].ns, "XPath")
            && (wanted ? filter && strcmp(filter, wanted) == 0 : !filter) && size > before + after
            && strncmp(text, wordings[i].before, before) == 0
            && strcmp(text + size - after, wordings[i].after) == 0
            && is_dsig_prefix(bearer, span_of(text + before, size - before - after)))
            return true;
    }
    return false;
}
