/* What callers and keepers say to each other over a stream socket: a 32-bit size, then a frame. Numbers are big-endian.
 *
 *     request  version u8, verb u8, id u32, deadline in ms u32, then
 *              DESCRIBE  URI         SIGN  URI, SHA-256 of the public key (32 bytes), digest algorithm u8, digest
 *     answer   version u8, verb u8, id u32, failed u8, then
 *              failed    code, sentence, three arguments, cause
 *              HELLO     generation u64        LIST  count u16, descriptions
 *              DESCRIBE  a description         SIGN  the signature
 *
 * Texts and byte strings carry a 32-bit size. Reading is strict: anything unknown, too long, missing or left over is refused,
 * and whoever sent it is dropped. What was read can be written back octet for octet. Pure functions; any thread. */
#pragma once

#include "hsm/key.h"

enum {
    KEEPER_FRAME_VERSION = 1,
    KEEPER_REQUEST_MAX = 1024,   /* bytes of one request */
    KEEPER_ANSWER_MAX = 2 << 20, /* bytes of one answer: HSM_KEYS_MAX certificates of ordinary size */
    KEEPER_SIZE_BYTES = 4        /* the size in front of a frame */
};

enum keeper_verb { KEEPER_HELLO = 1, KEEPER_LIST, KEEPER_DESCRIBE, KEEPER_SIGN };

struct keeper_request {
    enum keeper_verb verb;
    uint32_t id;
    uint32_t deadline_ms;            /* how long the token may take: after that the keeper ends itself */
    char uri[HSM_URI_MAX];           /* DESCRIBE, SIGN */
    uint8_t public_key[SHA256_SIZE]; /* SIGN: of the DER SubjectPublicKeyInfo, so that no other key signs */
    enum digest_algorithm algorithm; /* SIGN */
    struct digest_value digest;      /* SIGN */
};

struct keeper_answer {
    enum keeper_verb verb;
    uint32_t id;
    struct error error;           /* ERR_NONE: it worked */
    uint64_t generation;          /* HELLO: another one, another process */
    struct key_description *keys; /* LIST; DESCRIBE: exactly one */
    size_t count;
    struct buffer signature; /* SIGN */
};
void keeper_answer_clear(struct keeper_answer *answer);

/* Without the size in front. Reading gives MALFORMED. */
bool keeper_request_read(struct span frame, struct keeper_request *ret_request, struct error *err) MUST_USE;
bool keeper_answer_read(struct span frame, struct keeper_answer *ret_answer, struct error *err) MUST_USE;
/* With the size in front, appended. False without memory, or when something is over its limit. */
bool keeper_request_write(const struct keeper_request *request, struct buffer *wire) MUST_USE;
bool keeper_answer_write(const struct keeper_answer *answer, struct buffer *wire) MUST_USE;

/* The frame's size as its first KEEPER_SIZE_BYTES bytes say. */
uint32_t keeper_frame_size(const uint8_t head[static KEEPER_SIZE_BYTES]);
