/* Certificate policies along a path: RFC 5280, 6.1, with the graph of RFC 9618, 5 for the tree. Only the deepest
 * level is kept: whether the graph is empty shows there, and which policies of the anchor's own domain a node
 * descends from is carried along as a set of bits, one for each policy the user named. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "signer/path_text.h"
#include "signer/path_validate.h"

enum {
    MAX_NODES = 2 * PATH_MAX_POLICIES, /* of a level: what a certificate names, and what maps to it */
    ALL_USERS = 1                      /* the bit that stands for any-policy as the user's */
};

struct node {
    ASN1_OBJECT
    *policy;        /* valid_policy while its certificate is looked at, then expected by the next; owned */
    uint64_t users; /* the user's policies that it descends from */
};

struct level {
    bool any; /* the node anyPolicy, which expects anyPolicy */
    struct node nodes[MAX_NODES];
    size_t count;
};

struct path_policies {
    ASN1_OBJECT *users[PATH_MAX_POLICIES];
    size_t user_count;
    size_t explicit_policy, policy_mapping, inhibit_any;
    struct level level;
};

static void level_clear(struct level *level)
{
    for (size_t i = 0; i < level->count; i++)
        ASN1_OBJECT_free(level->nodes[i].policy);
    *level = (struct level){0};
}

void path_policies_free(struct path_policies **policies)
{
    if (!*policies)
        return;
    for (size_t i = 0; i < (*policies)->user_count; i++)
        ASN1_OBJECT_free((*policies)->users[i]);
    level_clear(&(*policies)->level);
    free(*policies);
    *policies = NULL;
}

/* 6.1.2 (a), (d), (e), (f) */
struct path_policies *path_policies_new(const struct path_inputs *inputs, size_t path_length)
{
    struct path_policies *p = calloc(1, sizeof(*p));
    if (!p)
        return NULL;
    for (size_t i = 0; i < inputs->policy_count && i + 1 < PATH_MAX_POLICIES; i++) {
        p->users[p->user_count] = OBJ_txt2obj(inputs->policies[i], 1);
        if (!p->users[p->user_count]) {
            path_policies_free(&p);
            return NULL;
        }
        p->user_count++;
    }
    p->level.any = true;
    p->explicit_policy = inputs->require_policy ? 0 : path_length + 1;
    p->policy_mapping = inputs->inhibit_mapping ? 0 : path_length + 1;
    p->inhibit_any = inputs->inhibit_any ? 0 : path_length + 1;
    return p;
}

static bool is_any(const ASN1_OBJECT *policy)
{
    return OBJ_obj2nid(policy) == NID_any_policy;
}

/* Which of the user's policies this one is, when it is of the anchor's own domain. */
static uint64_t users_of(const struct path_policies *p, const ASN1_OBJECT *policy)
{
    uint64_t users = p->user_count == 0 ? ALL_USERS : 0;
    for (size_t i = 0; i < p->user_count; i++)
        if (is_any(p->users[i]) || OBJ_cmp(p->users[i], policy) == 0)
            users |= (uint64_t)2 << i;
    return users;
}

static struct node *find(struct level *level, const ASN1_OBJECT *policy)
{
    for (size_t i = 0; i < level->count; i++)
        if (OBJ_cmp(level->nodes[i].policy, policy) == 0)
            return &level->nodes[i];
    return NULL;
}

/* Adds the node, or further parents to it. */
static bool add(struct level *level, const ASN1_OBJECT *policy, uint64_t users)
{
    struct node *known = find(level, policy);
    if (known) {
        known->users |= users;
        return true;
    }
    if (level->count == MAX_NODES)
        return false;
    ASN1_OBJECT *copy = OBJ_dup(policy);
    if (!copy)
        return false;
    level->nodes[level->count++] = (struct node){copy, users};
    return true;
}

static bool is_empty(const struct level *level)
{
    return !level->any && level->count == 0;
}

static bool is_self_issued(X509 *certificate)
{
    return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

/* 6.1.3 (d) (1): what the certificate names and its parents expect. */
static bool take_named(struct path_policies *p, const CERTIFICATEPOLICIES *named, struct level *next)
{
    for (int i = 0; i < sk_POLICYINFO_num(named); i++) {
        const ASN1_OBJECT *policy = sk_POLICYINFO_value(named, i)->policyid;
        const struct node *parent = find(&p->level, policy);
        if (is_any(policy))
            continue;
        if (parent ? !add(next, policy, parent->users)
                   : p->level.any && !add(next, policy, users_of(p, policy)))
            return false;
    }
    return true;
}

/* 6.1.3 (d) (2): anyPolicy stands for everything that its parents expect and nothing else met. */
static bool take_any(struct path_policies *p, struct level *next)
{
    for (size_t i = 0; i < p->level.count; i++)
        if (!find(next, p->level.nodes[i].policy)
            && !add(next, p->level.nodes[i].policy, p->level.nodes[i].users))
            return false;
    next->any = p->level.any;
    return true;
}

static bool names_any(const CERTIFICATEPOLICIES *named)
{
    for (int i = 0; i < sk_POLICYINFO_num(named); i++)
        if (is_any(sk_POLICYINFO_value(named, i)->policyid))
            return true;
    return false;
}

bool path_policies_take(struct path_policies *p, X509 *certificate, bool last,
                        struct path_failure *ret_failure)
{
    int critical = -1;
    CERTIFICATEPOLICIES *named = X509_get_ext_d2i(certificate, NID_certificate_policies, &critical, NULL);
    struct level next = {0};
    bool good = (named || critical == -1) && sk_POLICYINFO_num(named) <= PATH_MAX_POLICIES;
    if (good && named && !is_empty(&p->level)) {
        bool any_counts = p->inhibit_any > 0 || (!last && is_self_issued(certificate));
        good = take_named(p, named, &next) && (!names_any(named) || !any_counts || take_any(p, &next));
    }
    CERTIFICATEPOLICIES_free(named);
    level_clear(&p->level);
    p->level = next; /* 6.1.3 (e): without the extension nothing is left */
    if (!good)
        return path_fail(ret_failure, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_PATH_EXTENSIONS_BROKEN,
                         certificate, NULL);
    if (p->explicit_policy == 0 && is_empty(&p->level)) /* 6.1.3 (f) */
        return path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_POLICY, certificate, NULL);
    return true;
}

/* 6.1.4 (b) (1): the nodes expect what their policy maps to; what maps to nothing expects itself. */
static bool map(struct path_policies *p, const POLICY_MAPPINGS *mappings, struct level *next)
{
    for (size_t i = 0; i < p->level.count; i++) {
        const struct node *node = &p->level.nodes[i];
        bool mapped = false;
        for (int k = 0; k < sk_POLICY_MAPPING_num(mappings); k++) {
            const POLICY_MAPPING *mapping = sk_POLICY_MAPPING_value(mappings, k);
            if (OBJ_cmp(mapping->issuerDomainPolicy, node->policy) != 0)
                continue;
            mapped = true;
            if (p->policy_mapping > 0 && !add(next, mapping->subjectDomainPolicy, node->users))
                return false;
        }
        if (!mapped && !add(next, node->policy, node->users))
            return false;
    }
    return true;
}

/* 6.1.4 (b) (1), last part: what no node names is born of anyPolicy. */
static bool map_any(struct path_policies *p, const POLICY_MAPPINGS *mappings, struct level *next)
{
    for (int k = 0; k < sk_POLICY_MAPPING_num(mappings); k++) {
        const POLICY_MAPPING *mapping = sk_POLICY_MAPPING_value(mappings, k);
        if (!find(&p->level, mapping->issuerDomainPolicy)
            && !add(next, mapping->subjectDomainPolicy, users_of(p, mapping->issuerDomainPolicy)))
            return false;
    }
    return true;
}

/* 6.1.4 (a): neither side of a mapping is anyPolicy. */
static bool maps_any(const POLICY_MAPPINGS *mappings)
{
    for (int i = 0; i < sk_POLICY_MAPPING_num(mappings); i++) {
        const POLICY_MAPPING *mapping = sk_POLICY_MAPPING_value(mappings, i);
        if (is_any(mapping->issuerDomainPolicy) || is_any(mapping->subjectDomainPolicy))
            return true;
    }
    return false;
}

static bool apply_mappings(struct path_policies *p, X509 *certificate)
{
    int critical = -1;
    POLICY_MAPPINGS *mappings = X509_get_ext_d2i(certificate, NID_policy_mappings, &critical, NULL);
    if (!mappings)
        return critical == -1;
    struct level next = {.any = p->level.any};
    bool good = sk_POLICY_MAPPING_num(mappings) <= PATH_MAX_POLICIES && !maps_any(mappings)
                && map(p, mappings, &next)
                && (p->policy_mapping == 0 || !p->level.any || map_any(p, mappings, &next));
    sk_POLICY_MAPPING_pop_free(mappings, POLICY_MAPPING_free);
    level_clear(&p->level);
    p->level = next;
    return good;
}

/* Lowers a counter to what the certificate says, when it says less. */
static void lower(size_t *counter, const ASN1_INTEGER *skip)
{
    int64_t certificates;
    if (skip && ASN1_INTEGER_get_int64(&certificates, skip) == 1 && certificates >= 0
        && (uint64_t)certificates < *counter)
        *counter = (size_t)certificates;
}

static void take_one(size_t *counter)
{
    if (*counter > 0)
        (*counter)--;
}

bool path_policies_prepare(struct path_policies *p, X509 *certificate, struct path_failure *ret_failure)
{
    if (!apply_mappings(p, certificate))
        return path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_MAPPING, certificate, NULL);
    if (!is_self_issued(certificate)) { /* 6.1.4 (h) */
        take_one(&p->explicit_policy);
        take_one(&p->policy_mapping);
        take_one(&p->inhibit_any);
    }
    POLICY_CONSTRAINTS *constraints = X509_get_ext_d2i(certificate, NID_policy_constraints, NULL, NULL);
    if (constraints) { /* 6.1.4 (i) */
        lower(&p->explicit_policy, constraints->requireExplicitPolicy);
        lower(&p->policy_mapping, constraints->inhibitPolicyMapping);
        POLICY_CONSTRAINTS_free(constraints);
    }
    ASN1_INTEGER *skip = X509_get_ext_d2i(certificate, NID_inhibit_any_policy, NULL, NULL);
    lower(&p->inhibit_any, skip); /* 6.1.4 (j) */
    ASN1_INTEGER_free(skip);
    return true;
}

bool path_policies_end(struct path_policies *p, X509 *certificate, struct path_failure *ret_failure)
{
    take_one(&p->explicit_policy); /* 6.1.5 (a) */
    POLICY_CONSTRAINTS *constraints = X509_get_ext_d2i(certificate, NID_policy_constraints, NULL, NULL);
    int64_t skip;
    if (constraints && constraints->requireExplicitPolicy
        && ASN1_INTEGER_get_int64(&skip, constraints->requireExplicitPolicy) == 1 && skip == 0)
        p->explicit_policy = 0; /* 6.1.5 (b) */
    POLICY_CONSTRAINTS_free(constraints);
    bool left = p->level.any; /* 6.1.5 (g) */
    for (size_t i = 0; i < p->level.count; i++)
        left |= p->level.nodes[i].users != 0;
    return p->explicit_policy > 0 || left
           || path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_POLICY, certificate, NULL);
}
