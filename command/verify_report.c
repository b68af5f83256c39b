#include "command/verify_report.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/signer.h"

static bool sign_report(const struct report_wish *wish, struct span report, struct sink *out,
                        struct error *err)
{
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct certificates chain CLEANUP(certificates_clear) = {0};
    if (!keys_open(&wish->key, &hsm, err) || !hsm_describe(hsm, wish->key.uri, &key, err)
        || (wish->chain && !certificates_load(wish->chain, &chain, err)))
        return false;
    const struct signing how = {
        .certificate = buffer_span(&key.certificate), .chain = &chain, .clock = &clock_system};
    struct source document = source_of(report);
    return signer_sign(hsm, wish->key.uri, &how, &document, out, NULL, err);
}

static bool save_report(const struct report_wish *wish, struct span report, struct error *err)
{
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    if (!out_file_open(wish->output, wish->force, &out, err))
        return false;
    struct sink sink = sink_fd(out.fd);
    if (!wish->key.uri)
        sink_write(&sink, report);
    else if (!sign_report(wish, report, &sink, err))
        return false;
    return sink_finish(&sink, err) && out_file_commit(&out, err);
}

bool verify_report(const struct report_wish *wish, const struct report_about *about,
                   const struct verdict *verdict, struct error *err)
{
    struct buffer report CLEANUP(buffer_clear) = {0};
    if (!report_write(wish->kind, about, verdict, wish->language, &report, err))
        return false;
    if (wish->output)
        return save_report(wish, buffer_span(&report), err);
    fputs(buffer_string(&report), stdout);
    return true;
}
