/* What single words of the axis protocol mean: digests, times, ids. Pure functions over text from outside. */
#pragma once

#include <jansson.h>

#include "base/digest.h"

#define AXIS_PREFIX "XroadVnpt-"

/* The signed text: a JSON object whose members are the call's parameters, keys with the prefix. Their case
 * counts: docId and docid are two parameters, though one HTTP header (axis-api 2.3). UNAUTHENTICATED. The
 * caller decrefs. */
bool axis_signed_read(struct span text, json_t **ret_parameters, struct error *err) MUST_USE;
/* The value of a parameter, by its key without prefix; NULL when it is absent or no text. */
const char *axis_word(const json_t *parameters, const char *key);

/* hash-header: HMAC-SHA256 over the signed text as it came, in hexadecimal; compared in constant time. */
bool axis_hash_fits(struct span secret, struct span signed_text, const char *hash);

/* hash-file: SHA-256 in hexadecimal, written rightly or as the published SDK does, which pads no byte:
 * 0x07 is "7". */
bool axis_digest_fits(const struct digest_value *digest, const char *hash_file);

/* updateStatus: docid if there is one, else docId; REFUSED when both are there and differ, USAGE without
 * any. */
bool axis_reported_id(const json_t *parameters, const char **ret_id, struct error *err) MUST_USE;

/* fromDate and toDate: yyyy/MM/dd or dd/MM/yyyy, with or without HH:mm:ss, in Vietnam time. A date alone
 * is its whole day, a time its second: from ret_from (included) to ret_until (excluded). */
bool axis_time_read(const char *text, int64_t *ret_from_ms, int64_t *ret_until_ms) MUST_USE;
/* ddMMyyyy'T'HHmmss+SSSS, where the part behind + is milliseconds, not a zone. */
bool axis_timestamp_read(const char *text, int64_t *ret_ms) MUST_USE;

/* Whether a caller's address is one of a list's: addresses (10.1.2.3, 2001:db8::1) or networks
 * (10.1.0.0/16). NULL allows all. */
bool axis_address_listed(const char *const *list, const char *address);

/* Vietnamese without marks, in ASCII: "Đơn vị gửi" is "Don vi gui"; what has no such form is "?". Appends. */
void axis_unaccented(const char *text, struct buffer *buffer);
