#include "tests/check.h"

#include "tests/checker_world.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sink.h"
#include "base/xml.h"
#include "signer/signer.h"

struct checker_world world;

static void sign_document(void)
{
    struct signing how = {.certificate = buffer_span(&world.person.der), .clock = &clock_system};
    struct source document = source_of(SPAN_LITERAL("<KetQua><So>127</So></KetQua>"));
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    enum digest_algorithm algorithm;
    assert_true(signer_prepare(&how, &document, &pending, &err));
    pki_sign(&world.person, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    struct sink sink = sink_buffer(&world.document);
    assert_true(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
}

int checker_world_make(void **state)
{
    (void)state;
    xml_init();
    scratch_make("checker", world.directory);
    const struct pki_wish root = {
        .name = "Gốc", .key = "p256", .ca = true, .key_usage = "keyCertSign,cRLSign"};
    pki_make(&root, &world.root);
    pki_make(&root, &world.other_root);
    pki_make(
        &(struct pki_wish){.name = "Nguyễn Văn Mẫu", .issuer = &world.root, .key_usage = "digitalSignature"},
        &world.person);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    world.other_trust = scratch_trust_one(world.directory, "other.pem", &world.other_root);
    sign_document();
    return 0;
}

int checker_world_end(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    trust_free(&world.trust);
    trust_free(&world.other_trust);
    buffer_clear(&world.document);
    pki_clear(&world.root);
    pki_clear(&world.other_root);
    pki_clear(&world.person);
    return 0;
}

struct checker_pool *open_pool(unsigned count, int64_t deadline_ms)
{
    struct checker_pool *pool = NULL;
    struct error err = {0};
    const struct checker_settings settings = {
        .count = count, .deadline_ms = deadline_ms, .trust = world.trust};
    assert_true(checker_pool_open(&settings, &pool, &err));
    return pool;
}

bool check(struct checker_pool *pool, struct span bytes, struct verdict *ret_verdict, struct error *err)
{
    struct source document = source_of(bytes);
    return checker_check(pool, &(struct checker_job){.document = &document}, ret_verdict, err);
}

void assert_passes(struct checker_pool *pool)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    if (!check(pool, buffer_span(&world.document), &verdict, &err))
        print_error("%s %s\n", err.text ? err.text->en : "?", err.cause);
    assert_int_equal(err.code, ERR_NONE);
    if (verdict.count == 0 && verdict.reason_count)
        print_error("%s %s\n", verdict.reasons[0].text->en, verdict.reasons[0].arg[0]);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    assert_string_equal(verdict.findings[0].common_name, "Nguyễn Văn Mẫu");
}

size_t find_children(pid_t ret_pids[static 8])
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
    FILE *file = fopen(path, "r");
    size_t count = 0;
    assert_non_null(file);
    while (count < 8 && fscanf(file, "%d", &ret_pids[count]) == 1)
        count++;
    fclose(file);
    return count;
}

void *ask(void *context)
{
    struct asking *asking = context;
    asking->looked = check(asking->pool, asking->bytes, &asking->verdict, &asking->err);
    return NULL;
}
