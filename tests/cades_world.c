#include "tests/check.h"

#include "tests/cades_world.h"

#include "signer/der.h"

void wrap(struct span signers, bool inside, struct span crls, struct buffer *ret_cms)
{
    static const struct pki_person *people[] = {&world.leader, &world.agency, &world.root};
    struct span content = SPAN_LITERAL(CADES_CONTENT);
    struct cms_around around = {.content = inside ? &content : NULL,
                                .people = people,
                                .people_count = COUNT_OF(people),
                                .crls = crls,
                                .signers = signers};
    cms_make(&around, ret_cms);
}

void check_with(struct span cms, const struct detached *files, size_t count, struct verdict *ret_verdict)
{
    struct verification how = {.trust = world.trust, .detached = files, .detached_count = count};
    struct source document = source_of(cms);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, ret_verdict, &err));
}

void check(struct span cms, struct verdict *ret_verdict)
{
    check_with(cms, NULL, 0, ret_verdict);
}

struct cms_wish plain_wish(void)
{
    return (struct cms_wish){
        .who = &world.leader, .content = SPAN_LITERAL(CADES_CONTENT), .signing_time = true};
}

void sign_plainly(bool inside, struct buffer *ret_cms)
{
    struct buffer signer CLEANUP(buffer_clear) = {0};
    struct cms_wish wish = plain_wish();
    cms_make_signer(&wish, &signer);
    wrap(buffer_span(&signer), inside, (struct span){0}, ret_cms);
}

bool has_check(const struct finding *finding, const struct text *what)
{
    for (size_t i = 0; i < finding->check_count; i++)
        if (finding->checks[i].what == what)
            return true;
    return false;
}

void attribute(struct span type, uint8_t tag, const char *value, struct buffer *out)
{
    struct buffer one CLEANUP(buffer_clear) = {0};
    der_write(&one, tag, span_text(value));
    cms_make_attribute(type, buffer_span(&one), out);
}
