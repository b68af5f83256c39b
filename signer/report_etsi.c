/* The validation report of ETSI TS 119 102-2 V1.2.1: what schemas/validation-report.xsd, its subset, holds. */
#include <stdio.h>

#include "base/clock.h"
#include "base/xml.h"
#include "signer/report.h"

#define NS_REPORT "http://uri.etsi.org/19102/v1.2.1#"
#define NS_DIGEST "http://www.w3.org/2000/09/xmldsig#"
#define URI_SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define OURS "urn:vanthu:report:" /* types of data that the standard leaves to us */

static void element(struct buffer *out, const char *name, const char *text)
{
    buffer_format(out, "<%s>", name);
    xml_escape(out, span_text(text));
    buffer_format(out, "</%s>", name);
}

static void time_element(struct buffer *out, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    clock_iso_utc(ms, text);
    element(out, name, text);
}

/* Clause 4.2.7: names as URNs, words in lower case with hyphens for the main indication. */
static void write_status(struct buffer *out, const char *name, enum indication indication,
                         enum sub_indication sub)
{
    static const char *const mains[] = {
        [INDETERMINATE] = "indeterminate", [TOTAL_PASSED] = "total-passed", [TOTAL_FAILED] = "total-failed"};
    if (name)
        buffer_format(out, "<%s>", name);
    buffer_format(out, "<MainIndication>urn:etsi:019102:mainindication:%s</MainIndication>",
                  mains[indication]);
    if (sub != SUB_NONE)
        buffer_format(out, "<SubIndication>urn:etsi:019102:subindication:%s</SubIndication>",
                      sub_indication_name(sub));
    if (name)
        buffer_format(out, "</%s>", name);
}

static void write_sentence(struct buffer *out, const struct text *text,
                           const char args[TEXT_ARGS][TEXT_ARG_SIZE])
{
    char line[640];
    text_render(text, LANGUAGE_VI, args, sizeof(line), line);
    xml_escape(out, span_text(line));
}

/* ---- 4.2.3: each line of the tree of checks is a constraint that was applied */

static void write_checks(struct buffer *out, const struct finding *finding, const char *policy)
{
    static const enum indication meanings[] = {[CHECK_UNKNOWN] = INDETERMINATE,
                                               [CHECK_GOOD] = TOTAL_PASSED,
                                               [CHECK_WARNING] = TOTAL_PASSED,
                                               [CHECK_BAD] = TOTAL_FAILED};
    buffer_text(out, "<ValidationConstraintsEvaluationReport><SignatureValidationPolicy>");
    element(out, "PolicyName", policy);
    buffer_text(out, "</SignatureValidationPolicy>");
    for (size_t i = 0; i < finding->check_count; i++) {
        const struct check *check = &finding->checks[i];
        char args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
        snprintf(args[0], TEXT_ARG_SIZE, "%s", check->arg);
        buffer_format(out,
                      "<ValidationConstraint><ValidationConstraintIdentifier>" OURS
                      "%s</ValidationConstraintIdentifier><ValidationConstraintParameter><Type>" OURS
                      "sentence</Type><Value>",
                      check->what->name);
        write_sentence(out, check->what, args);
        buffer_text(out, "</Value></ValidationConstraintParameter><ConstraintStatus><Status>"
                         "urn:etsi:019102:constraintStatus:applied</Status></ConstraintStatus>");
        write_status(out, "ValidationStatus", meanings[check->result],
                     check->result == CHECK_BAD || check->result == CHECK_UNKNOWN ? SUB_CUSTOM : SUB_NONE);
        buffer_text(out, "</ValidationConstraint>");
    }
    buffer_text(out, "</ValidationConstraintsEvaluationReport>");
}

/* 4.2.4 */
static void write_times(struct buffer *out, const struct finding *finding, int64_t at_ms)
{
    bool proved = finding->best_signature_time_ms != 0;
    buffer_text(out, "<ValidationTimeInfo>");
    time_element(out, "ValidationTime", at_ms);
    buffer_text(out, "<BestSignatureTime>");
    time_element(out, "POETime", proved ? finding->best_signature_time_ms : at_ms);
    element(out, "TypeOfProof",
            proved ? "urn:etsi:019102:poetype:provided" : "urn:etsi:019102:poetype:validation");
    buffer_text(out, "</BestSignatureTime></ValidationTimeInfo>");
}

static void write_datum(struct buffer *out, const char *type, const char *text)
{
    if (!text[0])
        return;
    buffer_format(out, "<ReportData><Type>" OURS "%s</Type><Value>", type);
    xml_escape(out, span_text(text));
    buffer_text(out, "</Value></ReportData>");
}

/* 4.2.10.3: what has no element of its own. */
static void write_data(struct buffer *out, const struct finding *finding)
{
    buffer_text(out, "<AssociatedValidationReportData><AdditionalValidationReportData>");
    write_datum(out, "format", finding->format);
    write_datum(out, "signer", finding->subject);
    write_datum(out, "issuer", finding->issuer);
    write_datum(out, "serial", finding->serial);
    write_datum(out, "tree", finding->tree);
    for (size_t i = 0; i < finding->covered_count; i++)
        write_datum(out, "covers", finding->covered[i]);
    for (size_t i = 0; i < finding->reason_count; i++) {
        buffer_text(out, "<ReportData><Type>" OURS "reason</Type><Value>");
        write_sentence(out, finding->reasons[i].text, finding->reasons[i].arg);
        buffer_text(out, "</Value></ReportData>");
    }
    buffer_text(out, "</AdditionalValidationReportData></AssociatedValidationReportData>");
}

static void write_digest(struct buffer *out, const struct digest_value *digest)
{
    buffer_text(out, "<DigestAlgAndValue><ds:DigestMethod Algorithm=\"" URI_SHA256 "\"/><ds:DigestValue>");
    base64_append(out, digest_span(digest));
    buffer_text(out, "</ds:DigestValue></DigestAlgAndValue>");
}

/* 4.2.9: which of the processes came to the result. */
static const char *process_of(const struct finding *finding)
{
    bool archive = false;
    for (size_t i = 0; i < finding->stamp_count; i++)
        archive |= finding->stamps[i].kind >= STAMP_ARCHIVE;
    return archive                    ? "urn:etsi:019102:validationprocess:LTA"
           : finding->stamp_count > 0 ? "urn:etsi:019102:validationprocess:LTVM"
                                      : "urn:etsi:019102:validationprocess:Basic";
}

static void write_signature(struct buffer *out, const struct report_about *about,
                            const struct finding *finding, size_t number)
{
    buffer_format(out, "<SignatureValidationReport><SignatureIdentifier id=\"signature-%zu\">", number);
    buffer_text(out, "<HashOnly>false</HashOnly><DocHashOnly>false</DocHashOnly></SignatureIdentifier>");
    write_checks(out, finding, about->policy);
    write_times(out, finding, about->at_ms);
    buffer_text(out, "<SignersDocument>");
    write_digest(out, &about->digest);
    buffer_text(out, "</SignersDocument>");
    if (finding->claimed_time_ms) {
        buffer_text(out, "<SignatureAttributes><SigningTime Signed=\"true\">");
        time_element(out, "Time", finding->claimed_time_ms);
        buffer_text(out, "</SigningTime></SignatureAttributes>");
    }
    buffer_text(out, "<SignatureValidationProcess>");
    element(out, "SignatureValidationProcessID", process_of(finding));
    buffer_text(out, "</SignatureValidationProcess><SignatureValidationStatus>");
    write_status(out, NULL, finding->indication, finding->sub);
    write_data(out, finding);
    buffer_text(out, "</SignatureValidationStatus></SignatureValidationReport>");
}

void report_etsi(const struct report_about *about, const struct verdict *verdict, struct buffer *ret_xml)
{
    buffer_text(ret_xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ValidationReport xmlns=\"" NS_REPORT
                         "\" xmlns:ds=\"" NS_DIGEST "\">");
    for (size_t i = 0; i < verdict->count; i++)
        write_signature(ret_xml, about, &verdict->findings[i], i + 1);
    if (verdict->count == 0) /* 4.2: at least one report; 5.1.3 of EN 319 102-1: no signature was found */
        buffer_text(ret_xml, "<SignatureValidationReport><SignatureValidationStatus><MainIndication>"
                             "urn:etsi:019102:mainindication:no-signature-found</MainIndication>"
                             "</SignatureValidationStatus></SignatureValidationReport>");
    buffer_text(ret_xml, "</ValidationReport>\n");
}
