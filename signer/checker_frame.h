/* What the pool and its checkers say to each other over stream sockets. A request is a frame with descriptors, all
 * open for reading alone but the one to answer on; an answer is a kind, a size and a body, of which the pool
 * believes nothing. */
#pragma once

#include "signer/verdict.h"

enum checker_request_kind { CHECKER_TRUST = 1, CHECKER_DOCUMENT = 2 };

/* What comes with a request. */
enum checker_part_kind {
    CHECKER_PART_TRUST,    /* trust_write */
    CHECKER_PART_DOCUMENT, /* to be looked at */
    CHECKER_PART_EVIDENCE, /* struct verification's */
    CHECKER_PART_POLICY,   /* policy_write */
    CHECKER_PART_CONTENT,  /* a file that the document signs, with its name */
    CHECKER_PART_KINDS
};

enum {
    CHECKER_MAX_CONTENTS = 16,
    CHECKER_MAX_PARTS = 3 + CHECKER_MAX_CONTENTS,
    CHECKER_NAME_SIZE = 256,
    CHECKER_REQUEST_MAX = 8 << 10,
    CHECKER_ANSWER_MAX = 8 << 20,
    CHECKER_HEADER_SIZE = 5
};

struct checker_part {
    enum checker_part_kind kind;
    uint64_t size;                /* of what the descriptor holds */
    char name[CHECKER_NAME_SIZE]; /* CHECKER_PART_CONTENT */
    int fd;
};

struct checker_request {
    enum checker_request_kind kind;
    int64_t at_ms;
    int answer; /* CHECKER_DOCUMENT: where the verdict goes; else -1 */
    struct checker_part parts[CHECKER_MAX_PARTS];
    size_t part_count;
};

/* CHECKER_ENDED, on the socket that the request came by: how the look at the document ended, as an exit code or 128 +
 * the signal (1 byte), and its microseconds of CPU time (4). */
enum checker_answer_kind { CHECKER_READY = 1, CHECKER_VERDICT = 2, CHECKER_ERROR = 3, CHECKER_ENDED = 4 };

/* Any of these is false when the other side is gone or the deadline (of clock_monotonic_ms) has passed;
 * errno is then ETIMEDOUT, and EPROTO when the size of an answer is absurd. What is sent stays the
 * caller's; what is received is closed by checker_request_clear. */
bool checker_request_send(int socket, const struct checker_request *request) MUST_USE;
bool checker_request_receive(int socket, struct checker_request *ret_request) MUST_USE;
void checker_request_clear(struct checker_request *request);
bool checker_answer_send(int socket, enum checker_answer_kind kind, struct span body) MUST_USE;
bool checker_answer_receive(int socket, int64_t until_ms, enum checker_answer_kind *ret_kind,
                            struct buffer *ret_body) MUST_USE;

/* The body of CHECKER_ERROR. */
void checker_error_write(const struct error *err, struct buffer *buffer);
bool checker_error_read(struct span body, struct error *ret_error) MUST_USE;
