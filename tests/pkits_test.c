/* The path validation cases of NIST (PKITS), where they are at hand: $VANTHU_CORPORA/pkits, or a folder of samples
 * beside the project. They bring certificates, revocation lists and the inputs of RFC 5280, 6.1.1. tests/path_test.c
 * has cases of our own. */
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/sink.h"
#include "signer/path.h"
#include "signer/revocation.h"

enum { FILE_LIMIT = 1 << 20, MAX_INPUT_POLICIES = 8, DEEPEST = 3 };

static const char at[] = "2020-01-01T00:00:00Z"; /* all that is not meant to be old is in force */

static struct {
    char directory[256];
    struct trust *trust;
    json_t *cases;
    int64_t at_ms;
} world;

static bool read_file(const char *folder, const char *name, struct buffer *ret_bytes)
{
    char path[512];
    struct error err = {0};
    snprintf(path, sizeof(path), "%s/%s%s", world.directory, folder, name);
    return file_read(path, FILE_LIMIT, ret_bytes, &err);
}

static bool is_here(void)
{
    const char *corpora = getenv("VANTHU_CORPORA");
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    snprintf(world.directory, sizeof(world.directory), "%s/pkits/",
             corpora ? corpora : SOURCE_DIR "/../shared/corpora");
    return read_file("", "pkits.json", &text) && json_read(buffer_span(&text), &world.cases, &err);
}

static int open_world(void **state)
{
    char anchor[512];
    const char *paths[] = {anchor};
    struct error err = {0};
    (void)state;
    if (!is_here())
        return 0;
    snprintf(anchor, sizeof(anchor), "%scerts/TrustAnchorRootCertificate.crt", world.directory);
    assert_true(trust_load(paths, 1, &world.trust, &err));
    assert_true(clock_read(at, &world.at_ms));
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    trust_free(&world.trust);
    json_decref(world.cases);
    return 0;
}

static void add(struct evidence *evidence, enum evidence_kind kind, const char *folder, const char *name)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    if (!read_file(folder, name, &der))
        return; /* the root's own list is not among them everywhere */
    assert_true(evidence_add(evidence, kind, buffer_span(&der), true, &err));
}

static void add_all(struct evidence *evidence, enum evidence_kind kind, const char *folder,
                    const json_t *names)
{
    for (size_t i = 0; i < json_array_size(names); i++)
        add(evidence, kind, folder, json_string_value(json_array_get(names, i)));
}

/* RFC 5280, 6.1.1 */
static struct path_inputs inputs_of(const json_t *params, const char **policies)
{
    const json_t *set = json_object_get(params, "user_initial_policy_set");
    struct path_inputs inputs = {
        .policies = policies,
        .require_policy = json_is_true(json_object_get(params, "initial_explicit_policy")),
        .inhibit_mapping = json_is_true(json_object_get(params, "initial_policy_mapping_inhibit")),
        .inhibit_any = json_is_true(json_object_get(params, "initial_any_policy_inhibit"))};
    for (; inputs.policy_count < json_array_size(set); inputs.policy_count++)
        policies[inputs.policy_count] = json_string_value(json_array_get(set, inputs.policy_count));
    return inputs;
}

struct looking {
    const struct evidence *evidence;
    const struct path *path;
    unsigned depth;
    bool required;
};

static bool path_stands(const struct looking *looking, const struct path *path);

/* RFC 5280, 6.3.3 (f): the issuer of a list must be good itself, under the same anchor. */
static bool accept(void *context, const struct revocation *answer, bool *ret_accepted, struct error *err)
{
    struct looking below = *(struct looking *)context;
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    if (!path_find(world.trust, below.evidence, answer->signer, PATH_CRL, world.at_ms, &path, &failure, err))
        return false;
    below.depth++;
    *ret_accepted = path.count > 0 && path.anchor == below.path->anchor && below.depth < DEEPEST
                    && path_stands(&below, &path);
    return true;
}

static bool path_stands(const struct looking *looking, const struct path *path)
{
    struct looking here = *looking;
    bool good = true;
    for (size_t i = 0; i < path->count; i++) {
        int64_t from_ms, until_ms;
        good = good && path_validity(path, i, &from_ms, &until_ms) && from_ms <= world.at_ms
               && world.at_ms <= until_ms;
    }
    if (!here.path)
        here.path = path;
    for (size_t i = 0; i + 1 < path->count && good; i++) {
        struct revocation revocation;
        struct error err = {0};
        const struct revocation_search search = {.trust = world.trust,
                                                 .evidence = looking->evidence,
                                                 .at_ms = world.at_ms,
                                                 .accept = accept,
                                                 .context = &here};
        assert_true(
            revocation_find(&search, path->certificates[i], path->certificates[i + 1], &revocation, &err));
        good = revocation.status == REVOCATION_GOOD
                   ? revocation.fresh || !looking->required
                   : revocation.status == REVOCATION_UNKNOWN && !looking->required;
    }
    return good;
}

static bool is_good(const json_t *one)
{
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct buffer der CLEANUP(buffer_clear) = {0};
    X509 *signer CLEANUP(x509_clear) = NULL;
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure failure;
    struct error err = {0};
    const char *policies[MAX_INPUT_POLICIES];
    const struct path_inputs inputs = inputs_of(json_object_get(one, "params"), policies);
    add(evidence, EVIDENCE_CRL, "crls/", "TrustAnchorRootCRL.crl");
    add_all(evidence, EVIDENCE_CRL, "crls/", json_object_get(one, "crls"));
    add_all(evidence, EVIDENCE_CERTIFICATE, "certs/", json_object_get(one, "other_certs"));
    assert_true(read_file("certs/", json_string_value(json_object_get(one, "cert")), &der));
    if (!certificate_read(buffer_span(&der), &signer, &err))
        return false;
    assert_true(
        path_find_by(&inputs, world.trust, evidence, signer, PATH_ANY, world.at_ms, &path, &failure, &err));
    const struct looking looking = {.evidence = evidence,
                                    .required = !json_is_false(json_object_get(one, "revocation"))};
    return path.count > 0 && path_stands(&looking, &path);
}

static void every_case_is_judged_as_nist_says(void **state)
{
    size_t i, right = 0;
    json_t *one;
    (void)state;
    if (!world.cases) {
        print_message("the cases of NIST are not at hand (VANTHU_CORPORA): nothing was compared with them\n");
        return;
    }
    json_array_foreach(world.cases, i, one)
    {
        bool good = is_good(one);
        if (good == !json_object_get(one, "error"))
            right++;
        else
            print_error("%s %s: %s\n", json_string_value(json_object_get(one, "id")),
                        json_string_value(json_object_get(one, "name")), good ? "accepted" : "refused");
    }
    print_message("%zu of %zu cases are judged as NIST says\n", right, json_array_size(world.cases));
    assert_int_equal(right, json_array_size(world.cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_judged_as_nist_says),
    };
    return cmocka_run_group_tests_name("pkits", tests, open_world, close_world);
}
