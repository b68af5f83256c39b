/* The configuration file of `vanthu serve`, as structs. The tables that fill them, with defaults and meanings, stand in
 * service_settings.c; `vanthu serve --check` prints what is in force. */
#pragma once

#include "base/settings.h"

struct server_section {
    const char *listen, *admin_listen, *tls_certificate, *tls_key, *public_url;
    int64_t workers;
};
struct data_section {
    const char *directory;
};
struct keys_section {
    const char *module, *pin_file;
    const char *const *files;
};
struct trust_section {
    const char *const *anchors;
    const char *policy, *report_key;
};
struct revocation_section {
    bool online, allow_private;
    int64_t answer, document, cache;
};
struct timestamp_section {
    const char *const *urls, *const *trust;
    const char *policy;
    int64_t deadline;
    bool fallback;
};
struct checker_section {
    int64_t processes, deadline;
};
struct limits_section {
    int64_t document, package, public_upload, public_at_once, public_per_minute, connections_per_address;
};
struct log_section {
    const char *format, *level;
};
/* A system that speaks the axis protocol with us. */
struct system_section {
    const char *id, *secret_file, *name;
    const char *const *addresses; /* where it may call from; NULL: anywhere */
    int64_t window;               /* how far its timestamps may be off; 0: only logged */
};
/* A caller of /api/v1. */
struct token_section {
    const char *name, *hash_file;
    const char *const *rights, *const *keys, *const *agencies;
};

struct service_settings {
    const struct server_section *server;
    const struct data_section *data;
    const struct keys_section *keys;
    const struct trust_section *trust;
    const struct revocation_section *revocation;
    const struct timestamp_section *timestamp;
    const struct checker_section *checker;
    const struct limits_section *limits;
    const struct log_section *log;
    const struct system_section *const *systems;
    size_t system_count;
    const struct token_section *const *tokens;
    size_t token_count;
    struct settings *all;
};

bool service_settings_read(const char *path, struct service_settings *ret_settings, struct error *err)
    MUST_USE;
void service_settings_clear(struct service_settings *settings);
/* Every section and key with its meaning. */
void service_settings_manual(struct buffer *ret_text);
