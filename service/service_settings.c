#include "service/service_settings.h"

#include "base/base_text.h"
#include "service/service_text.h"

static const struct setting server_settings[] = {
    SETTING(server_section, listen, TEXT, "127.0.0.1:8080", "where citizens, callers and systems connect"),
    SETTING(server_section, admin_listen, TEXT, "127.0.0.1:8081", "where /metrics and administration are"),
    SETTING(server_section, tls_certificate, PATH, NULL, "PEM file of the certificate; absent: plain HTTP"),
    SETTING(server_section, tls_key, PATH, NULL, "PEM file of its key"),
    SETTING(server_section, public_url, TEXT, NULL,
            "what QR codes start with, e.g. https://kiemtra.tinh.gov.vn"),
    SETTING(server_section, workers, NUMBER, "16", "requests worked on at once"),
};
static const struct setting data_settings[] = {
    SETTING(data_section, directory, PATH, SETTING_REQUIRED,
            "the data directory: database, blobs, spool, sockets"),
};
static const struct setting keys_settings[] = {
    SETTING(keys_section, module, PATH, NULL, "the PKCS#11 module of the tokens; absent: p11-kit's"),
    SETTING(keys_section, pin_file, PATH, NULL, "the file that holds the tokens' PIN"),
    SETTING(keys_section, files, LIST, NULL, "file: keys (PKCS#12) to serve; development only"),
};
static const struct setting trust_settings[] = {
    SETTING(trust_section, anchors, LIST, NULL,
            "PEM files or directories of trust anchors, and CRLs beside them"),
    SETTING(trust_section, policy, TEXT, "mac-dinh",
            "what verdicts are judged by: mac-dinh, van-ban, ban-sao, so-hoa, phu-luc, or a file"),
    SETTING(trust_section, report_key, TEXT, NULL,
            "the key that signs reports for keeping; absent: unsigned"),
};
static const struct setting revocation_settings[] = {
    SETTING(revocation_section, online, SWITCH, "yes",
            "ask for revocation lists, OCSP answers and issuers where certificates say"),
    SETTING(revocation_section, allow_private, SWITCH, "no",
            "ask private and loopback addresses too: for authorities in one's own network"),
    SETTING(revocation_section, answer, SECONDS, "5", "longest wait for one answer"),
    SETTING(revocation_section, document, SECONDS, "10", "longest wait for all answers about one document"),
    SETTING(revocation_section, cache, SIZE, "256M", "what is kept of them in the data directory"),
};
static const struct setting timestamp_settings[] = {
    SETTING(timestamp_section, urls, LIST, NULL,
            "timestamp authorities (RFC 3161, http or https), asked in this order; absent: level B-B alone"),
    SETTING(timestamp_section, deadline, SECONDS, "10", "longest wait for one of them"),
    SETTING(timestamp_section, policy, TEXT, NULL, "OID of the policy they must stamp under; absent: theirs"),
    SETTING(timestamp_section, trust, LIST, NULL,
            "PEM files or directories of roots that timestamps must lead to; absent: not asked at signing"),
    SETTING(timestamp_section, fallback, SWITCH, "yes",
            "no authority to be had: sign at B-B and mark it (X-Signature-Level); no: answer 503"),
};
static const struct setting checker_settings[] = {
    SETTING(checker_section, processes, NUMBER, "2", "processes that look at documents"),
    SETTING(checker_section, deadline, SECONDS, "10", "longest look at one document"),
};
static const struct setting limits_settings[] = {
    SETTING(limits_section, document, SIZE, "2G", "largest document to sign"),
    SETTING(limits_section, package, SIZE, "2G", "largest edXML package"),
    SETTING(limits_section, public_upload, SIZE, "50M", "largest file a citizen may ask about"),
    SETTING(limits_section, public_at_once, NUMBER, "8", "citizens' files looked at together"),
    SETTING(limits_section, public_per_minute, NUMBER, "60", "questions from one address in a minute"),
    SETTING(limits_section, connections_per_address, NUMBER, "256",
            "open at once from one address; 0: any number, for a server behind a proxy"),
};
static const struct setting log_settings[] = {
    SETTING(log_section, format, TEXT, "json", "json or text"),
    SETTING(log_section, level, TEXT, "info", "debug, info, warning or error"),
};
static const struct setting system_settings[] = {
    SETTING(system_section, secret_file, PATH, SETTING_REQUIRED, "the file with the shared secret"),
    SETTING(system_section, name, TEXT, NULL, "what people call it"),
    SETTING(system_section, addresses, LIST, NULL, "where it may call from; absent: anywhere"),
    SETTING(system_section, window, SECONDS, "0", "how far its timestamps may be off; 0: only logged"),
};
static const struct setting token_settings[] = {
    SETTING(token_section, hash_file, PATH, SETTING_REQUIRED,
            "the file with the token's SHA-256 in hexadecimal"),
    SETTING(token_section, rights, LIST, NULL, "of sign, verify, submit, read; none by default"),
    SETTING(token_section, keys, LIST, NULL, "key URIs it may use; none by default"),
    SETTING(token_section, agencies, LIST, NULL, "codes it may send for; none by default"),
};

#define SECTION(name_, repeated_)                                                                            \
    {                                                                                                        \
#name_, repeated_, sizeof(struct name_##_section), name_##_settings, COUNT_OF(name_##_settings)      \
    }
static const struct settings_section sections[] = {
    SECTION(server, false),     SECTION(data, false),      SECTION(keys, false),    SECTION(trust, false),
    SECTION(revocation, false), SECTION(timestamp, false), SECTION(checker, false), SECTION(limits, false),
    SECTION(log, false),        SECTION(system, true),     SECTION(token, true),
};

bool service_settings_read(const char *path, struct service_settings *ret_settings, struct error *err)
{
    struct service_settings read CLEANUP(service_settings_clear) = {0};
    if (!settings_read(path, sections, COUNT_OF(sections), &read.all, err))
        return false;
    read.server = settings_section(read.all, "server");
    read.data = settings_section(read.all, "data");
    read.keys = settings_section(read.all, "keys");
    read.trust = settings_section(read.all, "trust");
    read.revocation = settings_section(read.all, "revocation");
    read.timestamp = settings_section(read.all, "timestamp");
    read.checker = settings_section(read.all, "checker");
    read.limits = settings_section(read.all, "limits");
    read.log = settings_section(read.all, "log");
    read.system_count = settings_repeated(read.all, "system", (const void *const **)&read.systems);
    read.token_count = settings_repeated(read.all, "token", (const void *const **)&read.tokens);
    if ((read.server->tls_certificate == NULL) != (read.server->tls_key == NULL))
        return fail(err, ERR_MALFORMED, &TEXT_SETTING_MISSING, "server",
                    read.server->tls_key ? "tls-certificate" : "tls-key", "TLS");
    *ret_settings = read;
    read.all = NULL;
    return true;
}

void service_settings_clear(struct service_settings *settings)
{
    settings_free(&settings->all);
    *settings = (struct service_settings){0};
}

void service_settings_manual(struct buffer *ret_text)
{
    settings_manual(sections, COUNT_OF(sections), ret_text);
}
