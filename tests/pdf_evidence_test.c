/* What streams hold, and the validation data of a document: what is found, and what proves it. */
#include "tests/check.h"

#include "tests/pades_craft.h"

#include <stdio.h>

#include "signer/pdf_evidence.h"
#include "signer/pdf_stream.h"

static const struct {
    const char *sentence, *dictionary, *raw, *plain; /* plain NULL: refused */
} streams[] = {
    {"no filter", "<<>>", "as it is", "as it is"},
    {"hexadecimal digits", "<</Filter /ASCIIHexDecode>>", "48 65\n6c6C6f>", "Hello"},
    {"… whose last is missing", "<</Filter [/ASCIIHexDecode]>>", "48656C6C6F2>", "Hello "},
    {"… that are none", "<</Filter /ASCIIHexDecode>>", "4x>", NULL},
    {"base 85", "<</Filter /ASCII85Decode>>", "87cURD]i,\"Ebo80~>", "Hello World!"},
    {"… with white space and a part of a group", "<</Filter /ASCII85Decode>>", "87cUR D]\ni,\"Ebo7~>",
     "Hello World"},
    {"… with characters that are none", "<</Filter /ASCII85Decode>>", "87c{R~>", NULL},
    {"… with a group of one", "<</Filter /ASCII85Decode>>", "87cUR8~>", NULL},
    {"… with a group that is too large", "<</Filter /ASCII85Decode>>", "uuuuu~>", NULL},
    {"two filters, one after the other", "<</Filter [/ASCIIHexDecode /ASCII85Decode]>>", "383763555244~>",
     NULL},
    {"two filters that fit", "<</Filter [/ASCIIHexDecode /ASCIIHexDecode]>>", "3438363935423E>", "Hi["},
    {"too many filters", "<</Filter [/Crypt /Crypt /Crypt /Crypt /Crypt]>>", "x", NULL},
    {"a filter of no effect", "<</Filter [/Crypt] /DecodeParms [<</Name /Identity>>]>>", "x", "x"},
    {"a key that is not ours", "<</Filter [/Crypt] /DecodeParms [<</Name /Other>>]>>", "x", NULL},
    {"a filter for pictures", "<</Filter /DCTDecode>>", "x", NULL},
    {"bytes that were never deflated", "<</Filter /FlateDecode>>", "x", NULL},
};

static void streams_are_decoded_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        struct buffer plain CLEANUP(buffer_clear) = {0};
        struct pdf_cursor cursor = pdf_cursor_at(span_text(streams[i].dictionary), 0);
        struct pdf_value dictionary;
        struct error err = {0};
        assert_true(pdf_take_value(&cursor, &dictionary));
        bool decoded = pdf_stream_decode(&dictionary, span_text(streams[i].raw), 1 << 10, 0, &plain, &err);
        check_row(streams[i].plain ? decoded && span_is(buffer_span(&plain), streams[i].plain) : !decoded,
                  streams[i].sentence);
    }
}

static char crl_stream[8 << 10], certificate_stream[8 << 10];

static void write_stream(struct span der, char *ret_text)
{
    int head = sprintf(ret_text, "<</Filter /ASCIIHexDecode /Length %zu>>\nstream\n", 2 * der.size + 1);
    hex_text(der, ret_text + head);
    snprintf(ret_text + head + 2 * der.size, 16, ">\nendstream");
}

static int make_streams(void **state)
{
    struct buffer crl CLEANUP(buffer_clear) = {0};
    trust_world_make(state);
    pki_crl(&world.root, NULL, -1, 30, &crl);
    write_stream(buffer_span(&crl), crl_stream);
    write_stream(buffer_span(&world.leader.der), certificate_stream);
    return 0;
}

#define STORE(text) "<</Type /Catalog /Pages 2 0 R /DSS " text ">>"

static const struct {
    const char *sentence;
    const char *catalog, *later; /* a second revision; NULL: none */
    const char *more;            /* object 8 */
    size_t certificates, lists;
} stores[] = {
    {"no store, no evidence", "<</Type /Catalog /Pages 2 0 R>>", NULL, NULL, 0, 0},
    {"certificates and lists", STORE("<</Certs [7 0 R] /CRLs [6 0 R]>>"), NULL, NULL, 1, 1},
    {"what belongs to one signature", STORE("<</VRI <</A <</Cert [7 0 R] /CRL [6 0 R]>>>>>>"), NULL, NULL, 1,
     1},
    {"what is said twice is there once", STORE("<</Certs [7 0 R 7 0 R] /VRI <</A <</Cert [7 0 R]>>>>>>"),
     NULL, NULL, 1, 0},
    {"a store in an object of its own", STORE("8 0 R"), NULL, "<</Certs [7 0 R]>>", 1, 0},
    {"a list in an object of its own", STORE("<</Certs 8 0 R>>"), NULL, "[7 0 R]", 1, 0},
    {"what an earlier revision had", STORE("<</CRLs [6 0 R]>>"), STORE("<</Certs [7 0 R]>>"), NULL, 1, 1},
    {"… and the newest dropped", STORE("<</CRLs [6 0 R]>>"), "<</Type /Catalog /Pages 2 0 R>>", NULL, 0, 1},
    {"a list among certificates is none", STORE("<</Certs [6 0 R]>>"), NULL, NULL, 0, 0},
    {"what is not there is passed over", STORE("<</Certs [20 0 R 2 0 R 4 0 R (x) 7 0 R]>>"), NULL, NULL, 1,
     0},
    {"a store that is none", STORE("[1]"), NULL, NULL, 0, 0},
};

static size_t count_of(const struct evidence *evidence, enum evidence_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < evidence_count(evidence); i++)
        count += evidence_at(evidence, i)->kind == kind;
    return count;
}

static bool collects(size_t row, struct span pdf)
{
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    struct pdf_proofs proofs CLEANUP(pdf_proofs_clear) = {0};
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct error err = {0};
    if (!pdf_document_open(pdf, &document, &err) || !pdf_evidence_read(&document, evidence, &proofs, &err))
        return false;
    bool placed = true;
    for (size_t i = 0; i < proofs.count; i++)
        placed &= proofs.all[i].end > 0 && proofs.all[i].end < pdf.size
                  && (i == 0 || proofs.all[i - 1].end <= proofs.all[i].end);
    return placed && count_of(evidence, EVIDENCE_CERTIFICATE) == stores[row].certificates
           && count_of(evidence, EVIDENCE_CRL) == stores[row].lists;
}

static void the_store_becomes_evidence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stores); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct pdf_plan plan = pdf_plain_with(1, stores[i].catalog),
                        later = {.objects = {[1] = stores[i].later}};
        plan.objects[6] = crl_stream;
        plan.objects[7] = certificate_stream;
        plan.objects[8] = stores[i].more;
        pdf_make(&plan, &pdf);
        if (stores[i].later)
            pdf_make_update(&later, &pdf);
        check_row(collects(i, buffer_span(&pdf)), stores[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_decoded_or_refused),
        cmocka_unit_test(the_store_becomes_evidence),
    };
    return cmocka_run_group_tests(tests, make_streams, trust_world_end);
}
