/* What the pool and its checkers say to each other over a stream socket. A request is 17 bytes and one
 * descriptor, open for reading alone; an answer is a kind, a size and a body, of which the pool believes
 * nothing. */
#pragma once

#include "signer/verdict.h"

enum checker_request_kind { CHECKER_TRUST = 1, CHECKER_DOCUMENT = 2 };

struct checker_request {
    enum checker_request_kind kind;
    int64_t at_ms;
    uint64_t size; /* of what the descriptor holds */
};

enum checker_answer_kind { CHECKER_READY = 1, CHECKER_VERDICT = 2, CHECKER_ERROR = 3 };

enum { CHECKER_ANSWER_MAX = 8 << 20, CHECKER_HEADER_SIZE = 5 };

/* Any of these is false when the other side is gone or the deadline (of clock_monotonic_ms) has passed;
 * errno is then ETIMEDOUT, and EPROTO when the size of an answer is absurd. */
bool checker_request_send(int socket, const struct checker_request *request, int fd) MUST_USE;
bool checker_request_receive(int socket, struct checker_request *ret_request, int *ret_fd) MUST_USE;
bool checker_answer_send(int socket, enum checker_answer_kind kind, struct span body) MUST_USE;
bool checker_answer_receive(int socket, int64_t until_ms, enum checker_answer_kind *ret_kind,
                            struct buffer *ret_body) MUST_USE;

/* The body of CHECKER_ERROR. */
void checker_error_write(const struct error *err, struct buffer *buffer);
bool checker_error_read(struct span body, struct error *ret_error) MUST_USE;
