/* What the vanthu trust commands share: the directory, certificates in words, lines of JSON. */
#pragma once

#include "base/json.h"
#include "signer/trust.h"

enum { FINGERPRINT_SIZE = 65, TRUST_NAME_SIZE = 512 };

/* The directory of trust, as asked or where it usually is. The caller frees. */
bool trust_directory(const char *asked, char **ret_directory, struct error *err) MUST_USE;
/* "directory/name"; the caller frees. */
bool trust_path(const char *directory, const char *name, char **ret_path, struct error *err) MUST_USE;
/* SHA-256 over the certificate, in hexadecimal. */
void trust_fingerprint(X509 *certificate, char ret_text[static FINGERPRINT_SIZE]);
/* "2025-03-14": the day in Vietnam; empty for 0. */
void trust_day(int64_t ms, char ret_day[static 16]);
void trust_dates(X509 *certificate, int64_t *ret_from_ms, int64_t *ret_until_ms);
/* "signatures, seals" */
void trust_uses(unsigned uses, size_t room, char *ret_text);
/* Prints it as one line and gives it back. */
void trust_print(json_t *value);
