/* The offline bundle: a directory of trust (anchors, anchors.conf, trusted lists, revocation lists, what a revocation
 * cache holds) as one XML file that its maker signs like any other (XAdES, the whole file), for offices without a
 * network. It has a number; a smaller one never replaces a greater one unasked.
 *
 *     <trust-bundle xmlns="urn:vanthu:trust-bundle:1" number="20250314100500" made="2025-03-14T03:05:00Z">
 *       <file name="gca-root.crt"><part>MIIB…</part>…</file>
 *       <file name="lists/vn.xml">…
 *
 * Installed it is the folder `bundle` of a directory of trust: a link that is changed in one step. */
#pragma once

#include "base/certificate.h"

enum {
    TRUST_BUNDLE_MAX_FILES = 1024,
    TRUST_BUNDLE_MAX_BYTES = 22 << 20, /* of all files: as base64 it stays a document that can be signed */
    TRUST_BUNDLE_NAME = 128
};
#define TRUST_BUNDLE_FOLDER "bundle"

struct trust_bundle_file {
    char name[TRUST_BUNDLE_NAME];
    struct buffer bytes;
};

struct trust_bundle {
    int64_t number, made_ms;
    struct trust_bundle_file *files;
    size_t count, size;
};

/* Plain names, alone or in lists/ or revocation/: letters, digits, ".", "_", "-", the first a letter or digit. */
bool trust_bundle_name_fits(const char *name);
/* MALFORMED for a name that does not fit or stands twice, TOO_LARGE. */
bool trust_bundle_add(struct trust_bundle *bundle, const char *name, struct span bytes, struct error *err)
    MUST_USE;
void trust_bundle_clear(struct trust_bundle *bundle);

/* Not signed yet. */
void trust_bundle_write(const struct trust_bundle *bundle, struct buffer *ret_xml);
/* Takes it apart without asking who signed. */
bool trust_bundle_read(struct span xml, struct trust_bundle *ret_bundle, struct error *err) MUST_USE;
/* Reads it when one of these signed the whole of it. REFUSED. */
bool trust_bundle_open(struct span xml, const struct certificates *signers, const char *name,
                       struct trust_bundle *ret_bundle, struct error *err) MUST_USE;

/* The number of the one in force in that directory of trust; 0: none. */
bool trust_bundle_number(const char *directory, int64_t *ret_number, struct error *err) MUST_USE;
/* Puts it in force: written beside the one that is, looked at as trust_load will, then the link is changed. CONFLICT
 * for a smaller number unless `older_too`. */
bool trust_bundle_install(const struct trust_bundle *bundle, const char *directory, bool older_too,
                          struct error *err) MUST_USE;
