#include "tests/check.h"

#include "tests/xades_world.h"

#include "base/clock.h"
#include "base/sink.h"

const char result_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- kết quả -->\n<KetQua xmlns=\"urn:mau\" Id=\"kq\">\r\n"
    "  <SoKyHieu>127/QĐ-UBND</SoKyHieu>\n  <NoiDung><![CDATA[Cấp <phép>]]> &amp; gia hạn</NoiDung>\n"
    "</KetQua>\n<!-- </KetQua> -->\n";

bool try_sign(const struct pki_person *signer, enum digest_algorithm digest, struct span text,
              struct buffer *ret_signed, struct error *err)
{
    struct signing how = {.digest = digest,
                          .certificate = buffer_span(&signer->der),
                          .place = "Mẫu & \"Sơn\"",
                          .clock = &clock_system};
    struct pending *prepared CLEANUP(pending_free) = NULL, *pending CLEANUP(pending_free) = NULL;
    struct buffer stored CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct source document = source_of(text);
    enum digest_algorithm algorithm;
    if (!signer_prepare(&how, &document, &prepared, err))
        return false;
    pending_write(prepared, &stored); /* as if it had waited in a database */
    assert_true(pending_read(buffer_span(&stored), &pending, err));
    struct span to_sign = pending_digest(pending, &algorithm);
    pki_sign(signer, algorithm, to_sign, &signature);
    struct sink sink = sink_buffer(ret_signed);
    return signer_complete(pending, &document, buffer_span(&signature), &sink, err);
}

void sign(const struct pki_person *signer, struct span text, struct buffer *ret_signed)
{
    struct error err = {0};
    char line[512];
    if (!try_sign(signer, DIGEST_SHA256, text, ret_signed, &err))
        print_error("%s (%s)\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line), err.cause);
    assert_int_equal(err.code, ERR_NONE);
}

bool check(struct span text, struct verdict *ret_verdict, struct error *err)
{
    struct verification how = {.trust = world.trust};
    struct source document = source_of(text);
    return verifier_check(&how, &document, ret_verdict, err);
}

struct finding judge(struct span text)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct finding finding = {0};
    if (check(text, &verdict, &err) && verdict.count == 1)
        finding = verdict.findings[0];
    return finding;
}
