#include "tests/check.h"

#include "tests/sign_world.h"

#include <stdio.h>

struct sign_world sign_world;

static const struct clock world_clock = {(int64_t)SIGN_WORLD_TIME * 1000};

int sign_world_make(void **state)
{
    (void)state;
    scratch_make("sign_world", sign_world.directory);
    const int long_ago = -3650, far_ahead = 3650;
    pki_make(&(struct pki_wish){.name = "Gốc",
                                .ca = true,
                                .key_usage = "keyCertSign,cRLSign",
                                .from_days = long_ago,
                                .to_days = far_ahead},
             &sign_world.root);
    pki_make(&(struct pki_wish){.name = "Nguyễn Văn Mẫu",
                                .issuer = &sign_world.root,
                                .key_usage = "nonRepudiation",
                                .from_days = long_ago,
                                .to_days = far_ahead},
             &sign_world.leader);
    pki_make(&(struct pki_wish){.name = "Con dấu",
                                .issuer = &sign_world.root,
                                .key = "p256",
                                .key_usage = "digitalSignature",
                                .from_days = long_ago,
                                .to_days = far_ahead},
             &sign_world.agency);
    sign_world.trust = scratch_trust_one(sign_world.directory, "root.pem", &sign_world.root);
    return 0;
}

int sign_world_end(void **state)
{
    (void)state;
    scratch_remove(sign_world.directory);
    trust_free(&sign_world.trust);
    pki_clear(&sign_world.root);
    pki_clear(&sign_world.leader);
    pki_clear(&sign_world.agency);
    return 0;
}

bool sign_any(struct signing how, const struct pki_person *person, struct span document,
              struct buffer *ret_product, struct error *err)
{
    struct pending *prepared CLEANUP(pending_free) = NULL, *pending CLEANUP(pending_free) = NULL;
    struct buffer stored CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct source source = source_of(document);
    struct sink sink = sink_buffer(ret_product);
    enum digest_algorithm algorithm;
    how.certificate = buffer_span(&person->der);
    how.clock = &world_clock;
    if (!signer_prepare(&how, &source, &prepared, err))
        return false;
    pending_write(prepared, &stored); /* as if it had waited in a database */
    assert_true(pending_read(buffer_span(&stored), &pending, err));
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(person, algorithm, digest, &signature);
    return signer_complete(pending, &source, buffer_span(&signature), &sink, err);
}

void sign_must(struct signing how, const struct pki_person *person, struct span document,
               struct buffer *ret_product, const char *sentence)
{
    struct error err = {0};
    char line[256];
    bool done = sign_any(how, person, document, ret_product, &err);
    if (!done)
        print_error("%s (%s)\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line), err.cause);
    check_row(done, sentence);
}

void sign_judge(struct span product, struct span content, struct verdict *ret_verdict)
{
    const struct detached beside = {.name = "", .bytes = content};
    struct verification how = {
        .trust = sign_world.trust, .detached = &beside, .detached_count = content.size > 0};
    struct source source = source_of(product);
    struct error err = {0};
    assert_true(verifier_check(&how, &source, ret_verdict, &err));
}

void sign_save(const char *name, struct span bytes)
{
    scratch_save(sign_world.directory, name, bytes);
}

bool sign_runs(const char *command)
{
    char line[1024];
    snprintf(line, sizeof(line), "cd %s && LC_ALL=C.UTF-8 && export LC_ALL && (%s) >said 2>&1",
             sign_world.directory, command);
    return system(line) == 0;
}
