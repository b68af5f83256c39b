/* Containers judged: whole ones pass, and whatever was added, changed, renamed, removed or hidden in them is refused or
 * named. */
#include "tests/check.h"

#include "tests/asic_world.h"

#include "base/clock.h"
#include "signer/asic_text.h"
#include "signer/policy.h"
#include "signer/signer_text.h"

/* ---- what is done to them */

static void replace_letter(struct container *c)
{
    container_drop(c, LETTER);
    container_put(c, LETTER, SPAN_LITERAL("Quyết định số 128/QĐ-UBND"));
}

static void rename_letter(struct container *c)
{
    container_member(c, LETTER)->name = "văn bản khác.txt";
}

static void encode_name(struct container *c)
{
    container_member(c, LETTER)->name = LETTER_URI;
}

static void remove_letter(struct container *c)
{
    container_drop(c, LETTER);
}

static void add_file(struct container *c)
{
    container_put(c, "thêm.txt", SPAN_LITERAL("thêm vào"));
}

/* Anybody gets a timestamp for anything. */
static void add_stamped_file(struct container *c)
{
    add_file(c);
    container_put_manifest(c, "META-INF/ASiCManifest009.xml", "META-INF/timestamp009.tst",
                           (const char *const[]){"thêm.txt", NULL});
    container_put_token(c, "META-INF/timestamp009.tst", &world.authority, "META-INF/ASiCManifest009.xml",
                        clock_now_ms(&clock_system) - 1000);
}

static void add_file_to_folder(struct container *c)
{
    container_put(c, "META-INF/thêm.txt", SPAN_LITERAL("thêm vào"));
}

static void add_folder(struct container *c)
{
    container_put(c, "phụ lục/", SPAN_LITERAL(""));
}

static void move_to_folder(struct container *c)
{
    container_member(c, LETTER)->name = "thư mục/văn bản.txt";
}

static void add_twin(struct container *c)
{
    container_put(c, LETTER, SPAN_LITERAL("Quyết định số 128/QĐ-UBND"));
}

static void hide_twin(struct container *c)
{
    add_twin(c);
    c->members[c->count - 1].hidden = true;
}

static void lie_about_name(struct container *c)
{
    container_member(c, LETTER)->local_name = "văn thư.txt";
}

static void put_bytes_behind(struct container *c)
{
    c->lies.trail = "thừa";
}

static void give_a_path(struct container *c)
{
    container_put(c, "../../etc/cron.d/x", SPAN_LITERAL("thêm vào"));
}

static void damage_annex(struct container *c)
{
    container_member(c, ANNEX)->claimed_size = 199999;
}

static void drop_manifest(struct container *c)
{
    container_drop(c, MANIFEST);
}

static void break_manifest(struct container *c)
{
    container_drop(c, MANIFEST);
    container_put(c, MANIFEST, SPAN_LITERAL("bla"));
}

/* Signed for what it is now, by nobody. */
static void fit_manifest(struct container *c)
{
    replace_letter(c);
    container_drop(c, MANIFEST);
    container_put_manifest(c, MANIFEST, P7S, (const char *const[]){LETTER, ANNEX, NULL});
}

/* The signature of the manifest stands under another's name, in front. */
static void claim_signature(struct container *c)
{
    container_put(c, "META-INF/ASiCManifest000.xml",
                  SPAN_LITERAL("<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\">"
                               "<asic:SigReference URI=\"" P7S "\"/></asic:ASiCManifest>"));
}

static void call_it_otherwise(struct container *c)
{
    container_member(c, "META-INF/signature.p7s")->name = "META-INF/signature1.p7s";
}

static void add_simple_signature(struct container *c)
{
    container_put_cades(c, "META-INF/signature.p7s", &world.leader, LETTER);
}

static void drop_mimetype(struct container *c)
{
    container_drop(c, "mimetype");
}

static void move_mimetype(struct container *c)
{
    drop_mimetype(c);
    container_put_mimetype(c, 's');
}

static void pack_mimetype(struct container *c)
{
    container_member(c, "mimetype")->deflate = true;
}

static void pad_mimetype(struct container *c)
{
    container_member(c, "mimetype")->extra = true;
}

static void another_mimetype(struct container *c)
{
    container_drop(c, "mimetype");
    container_put(c, "mimetype", SPAN_LITERAL("application/zip"));
}

static void claim_extended(struct container *c)
{
    container_drop(c, "mimetype");
    container_put_mimetype(c, 'e');
}

static void claim_simple(struct container *c)
{
    container_drop(c, "mimetype");
    container_put_mimetype(c, 's');
}

static void add_list(struct container *c)
{
    put_list(c);
}

static void add_evidence(struct container *c)
{
    container_put(c, "META-INF/evidencerecord.ers", SPAN_LITERAL("0"));
}

static void cut_signature(struct container *c)
{
    container_member(c, "META-INF/signature.p7s")->size -= 300;
}

static void garble_token(struct container *c)
{
    container_drop(c, TST);
    container_put(c, TST, SPAN_LITERAL("không phải dấu"));
}

static void cut_xades(struct container *c)
{
    container_member(c, SIGNATURES)->size -= 30;
}

static void give_it_a_type(struct container *c)
{
    struct buffer *xml = &c->owned[container_member(c, SIGNATURES) - c->members];
    struct buffer longer CLEANUP(buffer_clear) = {0};
    buffer_text(&longer, "<!DOCTYPE x [<!ENTITY a \"b\">]>");
    buffer_append(&longer, buffer_span(xml));
    container_drop(c, SIGNATURES);
    container_put(c, SIGNATURES, buffer_span(&longer));
}

static void empty_xades(struct container *c)
{
    container_put(c, "META-INF/signatures9.xml",
                  SPAN_LITERAL("<asic:XAdESSignatures xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\"/>"));
}

/* From another container, where it signed another document of that name. */
static void bring_signature(struct container *c)
{
    struct container other CLEANUP(container_clear) = {0};
    extended_xades(&other);
    replace_letter(&other);
    container_drop(&other, SIGNATURES);
    container_put_xades(&other, "META-INF/signatures1.xml", &(struct xades_wish){&world.agency, BOTH, NULL},
                        1, NULL);
    const struct zip_member *moved = container_member(&other, "META-INF/signatures1.xml");
    container_put(c, "META-INF/signatures1.xml", span_of(moved->text, moved->size));
}

static const struct {
    const char *sentence;
    void (*make)(struct container *container);
    void (*change)(struct container *container);
    enum indication indication; /* of all together */
    enum sub_indication sub;    /* of the first finding */
    enum changed changed;
    const struct text *says; /* some finding or the verdict */
} rows[] = {
    {"ASiC-S with CAdES passes", simple_cades, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"ASiC-S with a timestamp passes", simple_token, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"ASiC-S stamped again passes", simple_tokens, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"ASiC-E with CAdES passes", extended_cades, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"ASiC-E with a timestamp passes", extended_token, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"a manifest covers what a manifest in it covers", extended_nested, NULL, TOTAL_PASSED, SUB_NONE,
     CHANGED_NO, NULL},
    {"a signature may cover some of the files when another covers the rest", extended_partly, NULL,
     TOTAL_PASSED, SUB_NONE, CHANGED_UNKNOWN, &TEXT_ASIC_NOT_BY_THIS},

    {"an expired certificate signs no more", put_retired, NULL, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE,
     CHANGED_NO, NULL},
    {"a timestamp of the container proves that it signed in time", archived_in_time, NULL, TOTAL_PASSED,
     SUB_NONE, CHANGED_NO, NULL},
    {"one that came too late does not", archived_too_late, NULL, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE,
     CHANGED_NO, NULL},
    {"nor one that covers the documents alone", archived_without_it, NULL, INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE, CHANGED_NO, NULL},
    {"nor when a file that it covers was changed", archived_in_time, replace_letter, TOTAL_FAILED,
     SUB_HASH_FAILURE, CHANGED_YES, NULL},

    {"ASiC-S with XAdES passes", simple_xades, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"ASiC-E with XAdES passes", extended_xades, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"with three signatures too", extended_three, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"XAdES and CAdES may stand together", extended_mixed, NULL, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"a plus is no blank", extended_plus, NULL, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, CHANGED_UNKNOWN,
     &TEXT_ASIC_UNSIGNED},
    {"an absolute path leads out of the container", extended_absolute, NULL, INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"the root element is that of ASiC", extended_root, NULL, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_ROOT},
    {"what a file means is not the file", extended_base64, NULL, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},

    {"a replaced document is found under XAdES", extended_xades, replace_letter, TOTAL_FAILED,
     SUB_HASH_FAILURE, CHANGED_YES, NULL},
    {"a renamed one is missing", extended_xades, rename_letter, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND,
     CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"a removed one too", extended_xades, remove_letter, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND,
     CHANGED_UNKNOWN, &TEXT_ASIC_LISTED_MISSING},
    {"an added one keeps the signature from passing", extended_xades, add_file, INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"in ASiC-S it breaks the container", simple_xades, add_file, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_SIMPLE_ONE_FILE},
    {"a signature file that is cut is malformed", extended_xades, cut_xades, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_SIGNATURE_FILE},
    {"one with a document type too", extended_xades, give_it_a_type, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_SIGNATURE_FILE},
    {"one without a signature is named", extended_xades, empty_xades, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_FILE_WITHOUT_SIGNATURE},
    {"a signature of another container is broken here", extended_xades, bring_signature, TOTAL_FAILED,
     SUB_NONE, CHANGED_YES, NULL},

    {"a replaced document is found in ASiC-S", simple_cades, replace_letter, TOTAL_FAILED, SUB_HASH_FAILURE,
     CHANGED_YES, NULL},
    {"and under a timestamp", simple_token, replace_letter, TOTAL_FAILED, SUB_HASH_FAILURE, CHANGED_YES,
     NULL},
    {"in ASiC-E, though the manifest is whole", extended_cades, replace_letter, TOTAL_FAILED,
     SUB_HASH_FAILURE, CHANGED_YES, &TEXT_ASIC_FILE_CHANGED},
    {"there also under a timestamp", extended_token, replace_letter, TOTAL_FAILED, SUB_HASH_FAILURE,
     CHANGED_YES, &TEXT_ASIC_FILE_CHANGED},
    {"a manifest that was made to fit is not the signed one", extended_cades, fit_manifest, TOTAL_FAILED,
     SUB_HASH_FAILURE, CHANGED_YES, NULL},
    {"a renamed document is missing and unsigned", extended_cades, rename_letter, INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"also when the new name is the old one encoded", extended_cades, encode_name, INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"a removed document is missed", extended_cades, remove_letter, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND,
     CHANGED_UNKNOWN, &TEXT_ASIC_SIGNED_MISSING},
    {"in ASiC-S too", simple_cades, remove_letter, TOTAL_FAILED, SUB_FORMAT_FAILURE, CHANGED_UNKNOWN,
     &TEXT_ASIC_SIMPLE_ONE_FILE},
    {"an added file keeps ASiC-E from passing", extended_cades, add_file, INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"a timestamp over it is no signature", extended_cades, add_stamped_file, INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"where all are timestamps it is one of them", extended_token, add_stamped_file, TOTAL_PASSED, SUB_NONE,
     CHANGED_UNKNOWN, NULL},
    {"beside a timestamp too", extended_token, add_file, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_UNSIGNED},
    {"an added file breaks ASiC-S", simple_cades, add_file, TOTAL_FAILED, SUB_FORMAT_FAILURE, CHANGED_UNKNOWN,
     &TEXT_ASIC_SIMPLE_ONE_FILE},
    {"and one with a timestamp", simple_token, add_file, TOTAL_FAILED, SUB_FORMAT_FAILURE, CHANGED_UNKNOWN,
     &TEXT_ASIC_SIMPLE_ONE_FILE},
    {"a folder is no file", extended_cades, add_folder, TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL},
    {"what lies in META-INF is no document, and that is said", extended_cades, add_file_to_folder,
     TOTAL_PASSED, SUB_NONE, CHANGED_NO, &TEXT_ASIC_OTHER},
    {"the document of ASiC-S lies in the root", simple_cades, move_to_folder, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_SIMPLE_FOLDER},
    {"two signature files are too many for ASiC-S", simple_token, add_simple_signature, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_SIMPLE_ONE_SIGNATURE},
    {"a token over the document is none of ASiC-E", simple_token, claim_extended, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_NO_MANIFEST},
    {"a signature over a manifest is none of ASiC-S", extended_cades, claim_simple, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_SIMPLE_MANIFEST},
    {"a signature without its manifest says nothing", extended_cades, drop_manifest, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_ASIC_NO_MANIFEST},
    {"nor with a broken one", extended_cades, break_manifest, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ASIC_NO_MANIFEST},
    {"an empty manifest that claims the signature breaks it", extended_cades, claim_signature, TOTAL_FAILED,
     SUB_HASH_FAILURE, CHANGED_YES, &TEXT_ASIC_MANIFEST_EMPTY},

    {"two documents of one name are refused", extended_cades, add_twin, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ZIP_NAME_TWICE},
    {"a hidden member is refused", extended_cades, hide_twin, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ZIP_GAP},
    {"a member of two names is refused", extended_cades, lie_about_name, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ZIP_HEADERS_DIFFER},
    {"bytes behind the end are refused", simple_cades, put_bytes_behind, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ZIP_TRAILING},
    {"a path out of the folder is refused", extended_cades, give_a_path, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, &TEXT_ZIP_NAME_PATH},
    {"a member that does not unpack is refused", extended_cades, damage_annex, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, CHANGED_UNKNOWN, &TEXT_MEMBER_DAMAGED},

    {"another name for the signature of ASiC-S is said", simple_cades, call_it_otherwise, TOTAL_PASSED,
     SUB_NONE, CHANGED_NO, &TEXT_ASIC_SIMPLE_NAME},
    {"a missing media type is said", simple_cades, drop_mimetype, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_NO_MIMETYPE},
    {"one that is not the first too", simple_cades, move_mimetype, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_MIMETYPE_PLACE},
    {"one that is packed too", simple_cades, pack_mimetype, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_MIMETYPE_PLACE},
    {"one with an extra field too", simple_cades, pad_mimetype, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_MIMETYPE_PLACE},
    {"a wrong one too", simple_cades, another_mimetype, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_MIMETYPE_WRONG},
    {"a list of files that fits is not spoken of", extended_cades, add_list, TOTAL_PASSED, SUB_NONE,
     CHANGED_NO, NULL},
    {"one that names what is not there is", simple_cades, add_list, TOTAL_PASSED, SUB_NONE, CHANGED_NO,
     &TEXT_ASIC_LISTED_MISSING},
    {"an evidence record is not looked at, and that is said", extended_cades, add_evidence, TOTAL_PASSED,
     SUB_NONE, CHANGED_NO, &TEXT_ASIC_EVIDENCE_RECORD},
    {"a cut signature is malformed", simple_cades, cut_signature, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, NULL},
    {"a token that is none is malformed", simple_token, garble_token, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     CHANGED_UNKNOWN, NULL},
};

/* A container of ours says something about itself only when that is expected. */
static bool is_silent(const struct verdict *verdict)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].says && says(verdict, rows[i].says))
            return false;
    return true;
}

static void whole_containers_pass_and_changed_ones_do_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct container container CLEANUP(container_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        rows[i].make(&container);
        if (rows[i].change)
            rows[i].change(&container);
        check_container(&container, &verdict);
        check_row(verdict.count > 0 && verdict_overall(&verdict) == rows[i].indication, rows[i].sentence);
        check_row(verdict.findings[0].sub == rows[i].sub, rows[i].sentence);
        check_row(verdict.changed_after_signing == rows[i].changed, rows[i].sentence);
        check_row(rows[i].says ? says(&verdict, rows[i].says) : rows[i].change || is_silent(&verdict),
                  rows[i].sentence);
    }
}

/* EN 319 102-1, 5.2.8: who must have signed must have signed all of it. */
static void a_profile_is_about_signatures_over_every_document(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        void (*make)(struct container *container);
        bool met;
    } rows_of_profile[] = {
        {"both signed everything", extended_nested, true},
        {"one of them signed a part", extended_partly, false},
        {"each signed another document", extended_together, false},
    };
    struct policy policy = *policy_default();
    policy.signers[0] = policy.signers[1] = ROLE_PERSON;
    policy.signer_count = 2;
    for (size_t i = 0; i < COUNT_OF(rows_of_profile); i++) {
        struct container container CLEANUP(container_clear) = {0};
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        rows_of_profile[i].make(&container);
        container_write(&container, &bytes);
        check_by(&policy, buffer_span(&bytes), &verdict);
        check_row((verdict.profile == CHECK_GOOD) == rows_of_profile[i].met
                      && (verdict_overall(&verdict) == TOTAL_PASSED) == rows_of_profile[i].met,
                  rows_of_profile[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_containers_pass_and_changed_ones_do_not),
        cmocka_unit_test(a_profile_is_about_signatures_over_every_document),
    };
    return cmocka_run_group_tests_name("asic", tests, asic_world_make, asic_world_end);
}
