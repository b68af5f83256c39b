/* Signing and asking in the PDF tests (tests/pades_world.h). */
#include "tests/check.h"

#include "tests/pades_world.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/signer.h"

bool sign(const struct pki_person *person, const char *reason, struct buffer *pdf, struct error *err)
{
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0}, signed_pdf CLEANUP(buffer_clear) = {0};
    struct sink sink = sink_buffer(&signed_pdf);
    struct source source = source_of(buffer_span(pdf));
    enum digest_algorithm algorithm;
    struct signing how = {.format = FORMAT_PADES,
                          .digest = DIGEST_SHA256,
                          .certificate = buffer_span(&person->der),
                          .reason = reason,
                          .place = "Hà Nội",
                          .clock = &clock_system};
    if (!signer_prepare(&how, &source, &pending, err))
        return false;
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(person, algorithm, digest, &signature);
    if (!signer_complete(pending, &source, buffer_span(&signature), &sink, err))
        return false;
    buffer_clear(pdf);
    *pdf = signed_pdf;
    signed_pdf = (struct buffer){0};
    assert_non_null(buffer_string(pdf));
    return true;
}

void must_sign(const struct pki_person *person, struct buffer *pdf, const char *sentence)
{
    struct error err = {0};
    char line[256];
    bool done = sign(person, "Phê duyệt", pdf, &err);
    if (!done)
        print_error("%s (%s)\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line), err.cause);
    check_row(done, sentence);
}

void check(struct span pdf, struct verdict *ret_verdict)
{
    struct source source = source_of(pdf);
    struct verification how = {.trust = world.trust};
    struct error err = {0};
    char line[256];
    bool looked = verifier_check(&how, &source, ret_verdict, &err);
    check_row(looked, error_sentence(&err, LANGUAGE_EN, sizeof(line), line));
}

int ask(struct span pdf, const char *command)
{
    char path[128], line[512];
    snprintf(path, sizeof(path), "%s/ask.pdf", world.directory);
    pdf_write(path, pdf);
    snprintf(line, sizeof(line), command, path);
    return system(line);
}

void accepted_by_everybody(struct span pdf, size_t signatures, const char *sentence)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    check_row(verdict.count == signatures && verdict_overall(&verdict) == TOTAL_PASSED, sentence);
    check_row(verdict.changed_after_signing == CHANGED_NO, sentence);
    check_row(verdict.findings[signatures - 1].covers_whole_file, sentence);
    check_row(ask(pdf, "qpdf --check %s >/dev/null 2>&1") == 0, sentence);
    char command[160];
    snprintf(command, sizeof(command),
             "test \"$(pdfsig -nocert %%s 2>/dev/null | grep -c 'Signature is Valid')\" = %zu", signatures);
    check_row(ask(pdf, command) == 0, sentence);
}

bool passes(struct span pdf, enum changed wanted)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification how = {.trust = world.trust};
    struct source source = source_of(pdf);
    struct error err = {0};
    return verifier_check(&how, &source, &verdict, &err) && verdict_overall(&verdict) == TOTAL_PASSED
           && verdict.changed_after_signing == wanted;
}
