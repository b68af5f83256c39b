/* ASN.1 for signatures, over spans: DER is written, BER is read (signatures from outside use indefinite
 * lengths, which DER forbids). Nothing is copied and nothing is believed: a reader that meets a wrong tag or
 * length fails and stays failed. Tags are one byte (numbers below 31), which is all that CMS and X.509 use.
 * Threads may call everything. */
#pragma once

#include "base/bytes.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_OCTETS = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,     /* [0] IMPLICIT of a primitive type; add the number */
    DER_CONTEXT_MADE = 0xA0 /* [0] around something, or IMPLICIT of a constructed type */
};

enum {
    DER_MAX_DEPTH = 24,
    DER_MAX_SET = 64 /* values der_write_set puts in order */,
    DER_OCTETS_PIECES = 0x24 /* an OCTET STRING in pieces: BER alone */
};

struct der_value {
    uint8_t tag;
    struct span content; /* without an end-of-contents mark */
    struct span whole;   /* with tag and length */
};

/* Whether the next value has this tag; false at the end. */
bool der_at(const struct reader *reader, uint8_t tag);
/* The next value, whatever it is. */
struct der_value der_any(struct reader *reader);
/* The content of the next value, which must have this tag. */
struct span der_read(struct reader *reader, uint8_t tag);
/* A reader over that content. */
struct reader der_enter(struct reader *reader, uint8_t tag);
/* A non-negative INTEGER below 2^31; fails on anything else. */
uint32_t der_small(struct reader *reader);
/* Whether all of it, down to the leaves, uses definite, shortest lengths (X.690, 10.1). */
bool der_is_strict(struct span bytes);

/* Writing goes from the outside in: what is opened must be closed, innermost first. */
size_t der_open(struct buffer *buffer, uint8_t tag);
void der_close(struct buffer *buffer, size_t opened);
void der_write(struct buffer *buffer, uint8_t tag, struct span content);
/* Or from the front, where the content is not at hand: its tag and length, and what it comes to with them. */
void der_head(struct buffer *buffer, uint8_t tag, size_t content);
size_t der_size(size_t content);
/* The values in `items`, at most DER_MAX_SET, ordered as DER wants a SET OF (X.690, 11.6), as the content of
 * `tag`. */
void der_write_set(struct buffer *buffer, uint8_t tag, struct span items);

/* What a signature needs to know of a certificate without parsing it: borrowed from its bytes. */
struct der_certificate {
    struct span serial;        /* content of the INTEGER */
    struct span issuer;        /* the whole Name */
    struct span key_algorithm; /* OID */
};
bool der_certificate_read(struct span der, struct der_certificate *ret_certificate) MUST_USE;
