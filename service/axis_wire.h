/* The package in the body of sendEdoc (axis-api 3.1). The published SDK sends the file and a CRLF that its
 * digest does not cover; others send no CRLF, or base64 text, with the digest of the package or of the
 * text. Which bytes are meant, hash-file says. */
#pragma once

#include "base/digest.h"
#include "exchange/blob.h"
#include "service/http.h"

struct axis_wire {
    struct span bytes; /* the package */
    struct digest_value sha256;
    /* ours */
    struct source source;
    int fd; /* the file that begins with the bytes; -1: memory */
};

/* MALFORMED when no reading of the body fits hash_file, or there is nothing in it. The body must outlive
 * it. */
bool axis_wire_open(const struct http_body *body, const char *spool, const char *hash_file,
                    struct axis_wire *ret_wire, struct error *err) MUST_USE;
void axis_wire_close(struct axis_wire *wire);
