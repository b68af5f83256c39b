#include "tests/check.h"

#include "tests/asic_world.h"

#include "base/clock.h"
#include "base/xml.h"
#include "tests/verdict_says.h"

struct asic_world world;

enum { DAY_MS = 86400000 };

int asic_world_make(void **state)
{
    (void)state;
    xml_init();
    scratch_make("asic", world.directory);
    pki_make(
        &(struct pki_wish){
            .name = "Gốc", .ca = true, .key_usage = "keyCertSign,cRLSign", .from_days = -100, .to_days = 300},
        &world.root);
    pki_make(&(struct pki_wish){.name = "Đã nghỉ",
                                .issuer = &world.root,
                                .key_usage = "nonRepudiation",
                                .from_days = -60,
                                .to_days = -10},
             &world.retired);
    pki_make(&(struct pki_wish){.name = "Lãnh đạo", .issuer = &world.root, .key_usage = "nonRepudiation"},
             &world.leader);
    pki_make(&(struct pki_wish){.name = "Cơ quan", .issuer = &world.root, .key_usage = "nonRepudiation"},
             &world.agency);
    pki_make(&(struct pki_wish){.name = "Dấu thời gian",
                                .issuer = &world.root,
                                .key_usage = "digitalSignature",
                                .purpose = "critical,timeStamping",
                                .from_days = -90,
                                .to_days = 300},
             &world.authority);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    return 0;
}

int asic_world_end(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    trust_free(&world.trust);
    struct pki_person *people[] = {&world.root, &world.leader, &world.agency, &world.authority,
                                   &world.retired};
    for (size_t i = 0; i < COUNT_OF(people); i++)
        pki_clear(people[i]);
    return 0;
}

void put_letter(struct container *c)
{
    container_put(c, LETTER, SPAN_LITERAL("Quyết định số 127/QĐ-UBND"));
    c->members[c->count - 1].flags = ZIP_MAKE_UTF8;
}

static void put_annex(struct container *c)
{
    static uint8_t long_text[200000];
    memset(long_text, 'x', sizeof(long_text));
    container_put(c, ANNEX, span_of(long_text, sizeof(long_text)));
    c->members[c->count - 1].deflate = true;
}

void put_list(struct container *c)
{
    container_put(c, "META-INF/manifest.xml",
                  SPAN_LITERAL("<manifest xmlns=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">"
                               "<file-entry full-path=\"/\" media-type=\"application/vnd.etsi.asic-e+zip\"/>"
                               "<file-entry full-path=\"" LETTER "\" media-type=\"text/plain\"/>"
                               "<file-entry full-path=\"" ANNEX "\" media-type=\"text/plain\"/></manifest>"));
}

static int64_t yesterday(void)
{
    return clock_now_ms(&clock_system) - DAY_MS / 2;
}

void simple_cades(struct container *c)
{
    container_put_mimetype(c, 's');
    put_letter(c);
    container_put_cades(c, "META-INF/signature.p7s", &world.leader, LETTER);
}

void simple_token(struct container *c)
{
    container_put_mimetype(c, 's');
    put_letter(c);
    container_put_token(c, TST, &world.authority, LETTER, yesterday());
}

/* Stamped again by way of an archive manifest (A.7). */
void simple_tokens(struct container *c)
{
    simple_token(c);
    container_put_manifest(c, "META-INF/ASiCArchiveManifest.xml", "META-INF/timestamp002.tst",
                           (const char *const[]){TST, LETTER, NULL});
    container_put_token(c, "META-INF/timestamp002.tst", &world.authority, "META-INF/ASiCArchiveManifest.xml",
                        yesterday());
}

static void put_signed_manifest(struct container *c, const char *const *files)
{
    container_put_manifest(c, MANIFEST, P7S, files);
    container_put_cades(c, P7S, &world.leader, MANIFEST);
}

void extended_cades(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    put_annex(c);
    put_signed_manifest(c, (const char *const[]){LETTER, ANNEX, NULL});
}

void extended_token(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    put_annex(c);
    container_put_manifest(c, MANIFEST, TST, (const char *const[]){LETTER, ANNEX, NULL});
    container_put_token(c, TST, &world.authority, MANIFEST, yesterday());
}

/* Signed with a certificate that has expired since. */
void put_retired(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    container_put_manifest(c, MANIFEST, P7S, (const char *const[]){LETTER, NULL});
    container_put_cades(c, P7S, &world.retired, MANIFEST);
}

static void put_archive(struct container *c, int days, const char *const *files)
{
    container_put_manifest(c, "META-INF/ASiCArchiveManifest.xml", TST, files);
    container_put_token(c, TST, &world.authority, "META-INF/ASiCArchiveManifest.xml",
                        clock_now_ms(&clock_system) - (int64_t)days * DAY_MS);
}

void archived_in_time(struct container *c)
{
    put_retired(c);
    put_archive(c, 20, (const char *const[]){LETTER, MANIFEST, P7S, NULL});
}

void archived_too_late(struct container *c)
{
    put_retired(c);
    put_archive(c, 5, (const char *const[]){LETTER, MANIFEST, P7S, NULL});
}

void archived_without_it(struct container *c)
{
    put_retired(c);
    put_archive(c, 20, (const char *const[]){LETTER, MANIFEST, NULL});
}

/* The outer one covers the documents by way of the inner one alone. */
void extended_nested(struct container *c)
{
    extended_cades(c);
    container_put_manifest(c, "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s",
                           (const char *const[]){P7S, MANIFEST, NULL});
    container_put_cades(c, "META-INF/signature002.p7s", &world.agency, "META-INF/ASiCManifest002.xml");
}

void extended_partly(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    put_annex(c);
    put_signed_manifest(c, (const char *const[]){LETTER, NULL});
    container_put_manifest(c, "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s",
                           (const char *const[]){LETTER, ANNEX, NULL});
    container_put_cades(c, "META-INF/signature002.p7s", &world.agency, "META-INF/ASiCManifest002.xml");
}

/* Two containers laid together: nobody signed both documents. */
void extended_together(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    put_annex(c);
    put_signed_manifest(c, (const char *const[]){LETTER, NULL});
    container_put_manifest(c, "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s",
                           (const char *const[]){ANNEX, NULL});
    container_put_cades(c, "META-INF/signature002.p7s", &world.agency, "META-INF/ASiCManifest002.xml");
}

void simple_xades(struct container *c)
{
    container_put_mimetype(c, 's');
    put_letter(c);
    container_put_xades(c, "META-INF/signatures.xml",
                        &(struct xades_wish){&world.leader, {LETTER_URI}, {LETTER}, NULL}, 1, NULL);
}

static void begin_extended(struct container *c)
{
    container_put_mimetype(c, 'e');
    put_letter(c);
    put_annex(c);
    put_list(c);
}

void extended_xades(struct container *c)
{
    begin_extended(c);
    container_put_xades(c, SIGNATURES, &(struct xades_wish){&world.leader, BOTH, NULL}, 1, NULL);
}

/* Names that are not encoded; two signatures in one file, a third, which signs them too, in another. */
void extended_three(struct container *c)
{
    const struct xades_wish two[] = {{&world.leader, {LETTER, ANNEX_URI}, {LETTER, ANNEX}, NULL},
                                     {&world.agency, BOTH, NULL}};
    begin_extended(c);
    container_put_xades(c, SIGNATURES, two, 2, NULL);
    container_put_xades(
        c, "META-INF/signatures1.xml",
        &(struct xades_wish){
            &world.agency, {LETTER_URI, ANNEX_URI, SIGNATURES}, {LETTER, ANNEX, SIGNATURES}, NULL},
        1, NULL);
}

void extended_mixed(struct container *c)
{
    extended_cades(c);
    container_put_xades(c, SIGNATURES, &(struct xades_wish){&world.agency, BOTH, NULL}, 1, NULL);
}

void extended_plus(struct container *c)
{
    begin_extended(c);
    container_put_xades(
        c, SIGNATURES,
        &(struct xades_wish){&world.leader, {"v%C4%83n+b%E1%BA%A3n.txt", ANNEX_URI}, {LETTER, ANNEX}, NULL},
        1, NULL);
}

void extended_absolute(struct container *c)
{
    begin_extended(c);
    container_put_xades(
        c, SIGNATURES,
        &(struct xades_wish){&world.leader, {"/" LETTER_URI, ANNEX_URI}, {LETTER, ANNEX}, NULL}, 1, NULL);
}

void extended_root(struct container *c)
{
    begin_extended(c);
    container_put_xades(c, SIGNATURES, &(struct xades_wish){&world.leader, BOTH, NULL}, 1, "asic:Signatures");
}

/* What is signed is what the file means, not the file: anything may stand between the letters. */
void extended_base64(struct container *c)
{
    container_put_mimetype(c, 'e');
    container_put(c, "a.b64", SPAN_LITERAL("aGFp"));
    container_put_xades(c, SIGNATURES, &(struct xades_wish){&world.leader, {"a.b64"}, {0}, "hai"}, 1, NULL);
}

void check_by(const struct policy *policy, struct span bytes, struct verdict *ret_verdict)
{
    struct verification how = {.trust = world.trust, .policy = policy};
    struct source document = source_of(bytes);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, ret_verdict, &err));
}

void check(struct span bytes, struct verdict *ret_verdict)
{
    check_by(NULL, bytes, ret_verdict);
}

void check_container(const struct container *container, struct verdict *ret_verdict)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    container_write(container, &bytes);
    check(buffer_span(&bytes), ret_verdict);
}

bool says(const struct verdict *verdict, const struct text *text)
{
    bool said = verdict_says(verdict, text);
    for (size_t i = 0; i < verdict->count; i++)
        said |= finding_says(&verdict->findings[i], text);
    return said;
}
