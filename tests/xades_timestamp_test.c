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
        bool of_lists_alone = strstr(stamped_rows[i].template, "RefsOnlyTimeStamp");
        check_row(!found.best_signature_time_ms == (of_lists_alone || stamped_rows[i].sub != SUB_NONE),
                  stamped_rows[i].sentence);
    }
}

static void stamp_by(const struct pki_person *authority, int days, struct span octets,
                     struct buffer *ret_token)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, octets);
    stamp_make(authority, DIGEST_SHA256, digest_span(&digest),
               clock_now_ms(&clock_system) + days * INT64_C(86400000), ret_token);
}

static void replace_bytes(struct buffer *made, const char *what, struct span bytes)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    base64_append(&text, bytes);
    xml_replace(made, what, buffer_string(&text));
}

#define LISTING(list)                                                                                        \
    STAMPED("<x:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE                        \
            "\"/><x:EncapsulatedTimeStamp>@FIRST@</x:EncapsulatedTimeStamp></x:SignatureTimeStamp>"          \
            "<x:" list "><x:CertDigest><ds:DigestMethod "                                                    \
            "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>@DIGEST@"                \
            "</ds:DigestValue></x:CertDigest></x:" list ">" STAMP("x:RefsOnlyTimeStamp"))

/* EN 319 102-1, 5.6.2.3: only what a timestamp covers is as old as the timestamp; one of the first version is not about lists
 * of the second. The signature's own timestamp is of an authority that has ended and needs a proof of its age. */
static void a_list_proves_something_where_the_timestamp_is_about_it(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *template;
        struct piece list; /* that the timestamp is about */
        enum indication indication;
    } rows[] = {
        {"a list that is covered",
         LISTING("CompleteCertificateRefs"),
         {"<x:CompleteCertificateRefs", "</x:CompleteCertificateRefs>"},
         TOTAL_PASSED},
        {"a list that is not", LISTING("CompleteCertificateRefsV2"), {NULL, NULL}, INDETERMINATE},
    };
    struct pki_person retired;
    struct pki_wish wish = {.name = "Đã nghỉ",
                            .issuer = &world.root,
                            .key_usage = "digitalSignature",
                            .purpose = "critical,timeStamping",
                            .from_days = -60,
                            .to_days = -10};
    pki_make(&wish, &retired);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer made CLEANUP(buffer_clear) = {0}, value CLEANUP(buffer_clear) = {0},
                           list CLEANUP(buffer_clear) = {0}, first CLEANUP(buffer_clear) = {0},
                           second CLEANUP(buffer_clear) = {0};
        xml_make(&world.leader, rows[i].template, NULL, 0, &made);
        put_canonical(buffer_span(&made), &(struct piece)VALUE, &value);
        stamp_by(&retired, -30, buffer_span(&value), &first);
        struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&first));
        replace_bytes(&made, "@FIRST@", buffer_span(&first));
        replace_bytes(&made, "@DIGEST@", digest_span(&digest));
        if (rows[i].list.from)
            put_canonical(buffer_span(&made), &rows[i].list, &list);
        stamp_by(&world.authority, -20, buffer_span(&list), &second);
        replace_bytes(&made, "@TOKEN@", buffer_span(&second));
        struct finding found = worst(buffer_span(&made), NULL, 0);
        check_row(found.stamp_count == 2 && found.stamps[1].indication == TOTAL_PASSED
                      && found.stamps[0].indication == rows[i].indication,
                  rows[i].sentence);
    }
    pki_clear(&retired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timestamp_is_about_its_pieces_in_their_order),
        cmocka_unit_test(a_list_proves_something_where_the_timestamp_is_about_it),
    };
    return cmocka_run_group_tests_name("xades_timestamp", tests, trust_world_make, trust_world_end);
}
