/* Timestamps within XML signatures are about their pieces, in their order, and about nothing else. */
#include "tests/check.h"

#include "tests/xades_shape.h"

#include <libxml/c14n.h>

#include "base/clock.h"
#include "base/xml.h"
#include "tests/stamp_make.h"

/* What a timestamp is about, put together from the text of the document, each piece canonical by itself. */
struct piece {
    const char *from, *to;
};

static void put_canonical(struct span document, const struct piece *piece, struct buffer *ret_octets)
{
    struct span element = xml_cut(document, piece->from, piece->to);
    struct buffer text CLEANUP(buffer_clear) = {0};
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    xmlChar *canonical CLEANUP(xml_char_clear) = NULL;
    struct error err = {0};
    size_t name = strcspn(piece->from, " >");
    buffer_append(&text, span_slice(element, 0, name));
    buffer_text(&text, " " NS_DS " " NS_X " ");
    buffer_append(&text, span_slice(element, name, SIZE_MAX));
    assert_true(xml_read(buffer_span(&text), &doc, &err));
    int size = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, &canonical);
    assert_true(size > 0);
    buffer_append(ret_octets, span_of(canonical, (size_t)size));
}

static void token_over(struct span octets, struct buffer *ret_text)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, octets);
    struct buffer token CLEANUP(buffer_clear) = {0};
    stamp_make(&world.authority, DIGEST_SHA256, digest_span(&digest), clock_now_ms(&clock_system), &token);
    base64_append(ret_text, buffer_span(&token));
}

#define STAMP(name)                                                                                          \
    "<" name "><ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE                                            \
    "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp></" name ">"
#define LISTS                                                                                                \
    "<x:CompleteCertificateRefs><x:CertRefs/></x:CompleteCertificateRefs>"                                   \
    "<x:CompleteRevocationRefs><x:CRLRefs/></x:CompleteRevocationRefs>"
#define STAMPED(properties) "<Goi>" RESULT XADES("S", REFERENCE("#kq", "", ""), UNSIGNED(properties)) "</Goi>"
#define VALUE                                                                                                \
    {                                                                                                        \
        "<ds:SignatureValue", "</ds:SignatureValue>"                                                         \
    }
#define LISTED                                                                                               \
    {"<x:CompleteCertificateRefs", "</x:CompleteCertificateRefs>"},                                          \
    {                                                                                                        \
        "<x:CompleteRevocationRefs", "</x:CompleteRevocationRefs>"                                           \
    }

static const struct {
    const char *sentence, *template;
    enum stamp_kind kind;
    struct piece pieces[10];
    enum sub_indication sub;
} stamped_rows[] = {
    {"the signature value", STAMPED(STAMP("x:SignatureTimeStamp")), STAMP_SIGNATURE, {VALUE}, SUB_NONE},
    {"not the content",
     STAMPED(STAMP("x:SignatureTimeStamp")),
     STAMP_SIGNATURE,
     {{"<KetQua", "</KetQua>"}},
     SUB_HASH_FAILURE},
    {"value and lists",
     STAMPED(LISTS STAMP("x:SigAndRefsTimeStamp")),
     STAMP_REFERENCES,
     {VALUE, LISTED},
     SUB_NONE},
    {"the lists alone", STAMPED(LISTS STAMP("x:RefsOnlyTimeStamp")), STAMP_REFERENCES, {LISTED}, SUB_NONE},
    {"not lists that stand behind it",
     STAMPED(STAMP("x:RefsOnlyTimeStamp") LISTS),
     STAMP_REFERENCES,
     {LISTED},
     SUB_HASH_FAILURE},
    {"all of it, in the archive's order",
     STAMPED(LISTS
             "<a:ArchiveTimeStamp xmlns:a=\"http://uri.etsi.org/01903/v1.4.1#\"><ds:CanonicalizationMethod "
             "Algorithm=\"" EXCLUSIVE "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp>"
             "</a:ArchiveTimeStamp>"),
     STAMP_ARCHIVE,
     {{"<KetQua", "</KetQua>"},
      {"<x:SignedProperties", "</x:SignedProperties>"},
      {"<ds:SignedInfo", "</ds:SignedInfo>"},
      VALUE,
      {"<ds:KeyInfo", "</ds:KeyInfo>"},
      LISTED},
     SUB_NONE},
    {"not in another order",
     STAMPED(LISTS
             "<a:ArchiveTimeStamp xmlns:a=\"http://uri.etsi.org/01903/v1.4.1#\"><ds:CanonicalizationMethod "
             "Algorithm=\"" EXCLUSIVE "\"/><x:EncapsulatedTimeStamp>@TOKEN@</x:EncapsulatedTimeStamp>"
             "</a:ArchiveTimeStamp>"),
     STAMP_ARCHIVE,
     {{"<x:SignedProperties", "</x:SignedProperties>"},
      {"<KetQua", "</KetQua>"},
      {"<ds:SignedInfo", "</ds:SignedInfo>"},
      VALUE,
      {"<ds:KeyInfo", "</ds:KeyInfo>"},
      LISTED},
     SUB_HASH_FAILURE},
};

static void a_timestamp_is_about_its_pieces_in_their_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stamped_rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0}, octets CLEANUP(buffer_clear) = {0},
                           token CLEANUP(buffer_clear) = {0};
        xml_make(&world.leader, stamped_rows[i].template, NULL, 0, &made);
        for (size_t k = 0; k < COUNT_OF(stamped_rows[i].pieces) && stamped_rows[i].pieces[k].from; k++)
            put_canonical(buffer_span(&made), &stamped_rows[i].pieces[k], &octets);
        token_over(buffer_span(&octets), &token);
        xml_replace(&made, "@TOKEN@", buffer_string(&token));
        struct finding found = worst(buffer_span(&made), NULL, 0);
        if (found.stamps[0].sub != stamped_rows[i].sub)
            print_error("%s: %s\n", stamped_rows[i].sentence, sub_indication_name(found.stamps[0].sub));
        check_row(found.stamp_count == 1 && found.stamps[0].kind == stamped_rows[i].kind
                      && found.stamps[0].sub == stamped_rows[i].sub,
                  stamped_rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timestamp_is_about_its_pieces_in_their_order),
    };
    return cmocka_run_group_tests_name("xades_timestamp", tests, trust_world_make, trust_world_end);
}
