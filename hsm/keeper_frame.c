#include "hsm/keeper_frame.h"

#include "base/base_text.h"
#include "hsm/hsm_text.h"

static bool malformed(struct error *err)
{
    return fail(err, ERR_MALFORMED, &TEXT_KEEPER_FRAME);
}

/* Printable well-formed UTF-8 that fits into `room` with its NUL. */
static void read_text(struct reader *r, size_t room, char *ret_text)
{
    struct span text = read_sized(r, room - 1);
    if (!text_is_utf8(text.data, text.size))
        r->failed = true;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7F)
            r->failed = true;
    if (r->failed)
        return;
    if (text.size)
        memcpy(ret_text, text.data, text.size);
    ret_text[text.size] = '\0';
}

static void write_text(struct buffer *frame, const char *text)
{
    buffer_sized(frame, span_text(text));
}

static void read_bytes(struct reader *r, size_t limit, struct buffer *ret_bytes)
{
    struct span bytes = read_sized(r, limit);
    buffer_append(ret_bytes, bytes);
    if (ret_bytes->failed)
        r->failed = true;
}

/* The size is written first as zero and set when the frame is there. */
static size_t frame_begin(struct buffer *wire, uint8_t verb, uint32_t id)
{
    size_t start = wire->size;
    buffer_u32(wire, 0);
    buffer_u8(wire, KEEPER_FRAME_VERSION);
    buffer_u8(wire, verb);
    buffer_u32(wire, id);
    return start;
}

static bool frame_end(struct buffer *wire, size_t start, size_t limit)
{
    if (wire->failed || wire->size - start - KEEPER_SIZE_BYTES > limit)
        return false;
    uint32_t size = (uint32_t)(wire->size - start - KEEPER_SIZE_BYTES);
    for (size_t i = 0; i < KEEPER_SIZE_BYTES; i++)
        wire->data[start + i] = (uint8_t)(size >> (8 * (KEEPER_SIZE_BYTES - 1 - i)));
    return true;
}

uint32_t keeper_frame_size(const uint8_t head[static KEEPER_SIZE_BYTES])
{
    struct reader r = reader_of(span_of(head, KEEPER_SIZE_BYTES));
    return read_u32(&r);
}

static enum keeper_verb frame_head_read(struct reader *r, uint32_t *ret_id)
{
    if (read_u8(r) != KEEPER_FRAME_VERSION)
        r->failed = true;
    uint8_t verb = read_u8(r);
    if (verb < KEEPER_HELLO || verb > KEEPER_SIGN)
        r->failed = true;
    *ret_id = read_u32(r);
    return (enum keeper_verb)verb;
}

/* ---- requests */

static void read_what_to_sign(struct reader *r, struct keeper_request *request)
{
    struct span key = read_span(r, sizeof(request->public_key));
    uint8_t algorithm = read_u8(r);
    struct span digest = read_sized(r, DIGEST_MAX);
    if (r->failed || algorithm > DIGEST_SHA512
        || digest.size != digest_size((enum digest_algorithm)algorithm)) {
        r->failed = true;
        return;
    }
    memcpy(request->public_key, key.data, key.size);
    request->algorithm = (enum digest_algorithm)algorithm;
    memcpy(request->digest.bytes, digest.data, digest.size);
    request->digest.size = digest.size;
}

bool keeper_request_read(struct span frame, struct keeper_request *ret_request, struct error *err)
{
    struct keeper_request request = {0};
    struct reader r = reader_of(frame);
    request.verb = frame_head_read(&r, &request.id);
    request.deadline_ms = read_u32(&r);
    if (request.verb == KEEPER_DESCRIBE || request.verb == KEEPER_SIGN)
        read_text(&r, sizeof(request.uri), request.uri);
    if (request.verb == KEEPER_SIGN)
        read_what_to_sign(&r, &request);

    if (r.failed || r.left.size != 0)
        return malformed(err);
    *ret_request = request;
    return true;
}

bool keeper_request_write(const struct keeper_request *request, struct buffer *wire)
{
    size_t start = frame_begin(wire, (uint8_t)request->verb, request->id);
    buffer_u32(wire, request->deadline_ms);
    if (request->verb == KEEPER_DESCRIBE || request->verb == KEEPER_SIGN)
        write_text(wire, request->uri);
    if (request->verb == KEEPER_SIGN) {
        buffer_append(wire, span_of(request->public_key, sizeof(request->public_key)));
        buffer_u8(wire, (uint8_t)request->algorithm);
        buffer_sized(wire, digest_span(&request->digest));
    }
    return frame_end(wire, start, KEEPER_REQUEST_MAX);
}

/* ---- answers */

static void read_error(struct reader *r, struct error *ret_error)
{
    char code[32], sentence[64];
    read_text(r, sizeof(code), code);
    read_text(r, sizeof(sentence), sentence);
    for (size_t i = 0; i < TEXT_ARGS; i++)
        read_text(r, TEXT_ARG_SIZE, ret_error->arg[i]);
    read_text(r, sizeof(ret_error->cause), ret_error->cause);
    if (r->failed)
        return;

    ret_error->code = error_code_of(code);
    ret_error->text = text_find(hsm_texts, sentence);
    if (!ret_error->text)
        ret_error->text = text_find(base_texts, sentence);
    if (ret_error->code == ERR_NONE || strcmp(error_meaning(ret_error->code)->name, code) != 0
        || !ret_error->text)
        r->failed = true;
}

static void write_error(struct buffer *wire, const struct error *error)
{
    write_text(wire, error_meaning(error->code)->name);
    write_text(wire, error->text ? error->text->name : "");
    for (size_t i = 0; i < TEXT_ARGS; i++)
        write_text(wire, error->arg[i]);
    write_text(wire, error->cause);
}

static void read_description(struct reader *r, struct key_description *ret_key)
{
    read_text(r, sizeof(ret_key->uri), ret_key->uri);
    read_text(r, sizeof(ret_key->token), ret_key->token);
    read_text(r, sizeof(ret_key->label), ret_key->label);
    read_text(r, sizeof(ret_key->serial), ret_key->serial);
    uint8_t algorithm = read_u8(r);
    if (algorithm > KEY_EC_P256)
        r->failed = true;
    ret_key->algorithm = (enum key_algorithm)algorithm;
    ret_key->bits = read_u16(r);
    read_bytes(r, CERTIFICATE_MAX, &ret_key->certificate);
    read_bytes(r, CERTIFICATE_MAX, &ret_key->public_key);
    if (ret_key->public_key.size == 0)
        r->failed = true;
}

static void write_description(struct buffer *wire, const struct key_description *key)
{
    write_text(wire, key->uri);
    write_text(wire, key->token);
    write_text(wire, key->label);
    write_text(wire, key->serial);
    buffer_u8(wire, (uint8_t)key->algorithm);
    buffer_u16(wire, (uint16_t)key->bits);
    buffer_sized(wire, buffer_span(&key->certificate));
    buffer_sized(wire, buffer_span(&key->public_key));
}

static void read_descriptions(struct reader *r, struct keeper_answer *answer)
{
    size_t count = answer->verb == KEEPER_LIST ? read_u16(r) : 1;
    if (count > HSM_KEYS_MAX)
        r->failed = true;
    if (r->failed || count == 0)
        return;
    answer->keys = calloc(count, sizeof(*answer->keys));
    if (!answer->keys) {
        r->failed = true;
        return;
    }
    answer->count = count;
    for (size_t i = 0; i < count; i++)
        read_description(r, &answer->keys[i]);
}

static void write_descriptions(struct buffer *wire, const struct keeper_answer *answer)
{
    if (answer->verb == KEEPER_LIST)
        buffer_u16(wire, (uint16_t)answer->count);
    for (size_t i = 0; i < answer->count; i++)
        write_description(wire, &answer->keys[i]);
}

static void read_outcome(struct reader *r, struct keeper_answer *answer)
{
    switch (answer->verb) {
    case KEEPER_HELLO:
        answer->generation = read_u64(r);
        break;
    case KEEPER_LIST:
    case KEEPER_DESCRIBE:
        read_descriptions(r, answer);
        break;
    case KEEPER_SIGN:
        read_bytes(r, HSM_SIGNATURE_MAX, &answer->signature);
        break;
    }
}

bool keeper_answer_read(struct span frame, struct keeper_answer *ret_answer, struct error *err)
{
    struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
    struct reader r = reader_of(frame);
    answer.verb = frame_head_read(&r, &answer.id);
    uint8_t failed = read_u8(&r);
    if (failed > 1)
        r.failed = true;
    if (!r.failed && failed)
        read_error(&r, &answer.error);
    else if (!r.failed)
        read_outcome(&r, &answer);

    if (r.failed || r.left.size != 0)
        return malformed(err);
    *ret_answer = answer;
    answer = (struct keeper_answer){0};
    return true;
}

bool keeper_answer_write(const struct keeper_answer *answer, struct buffer *wire)
{
    size_t start = frame_begin(wire, (uint8_t)answer->verb, answer->id);
    bool failed = answer->error.code != ERR_NONE;
    buffer_u8(wire, failed);
    if (failed)
        write_error(wire, &answer->error);
    else if (answer->verb == KEEPER_HELLO)
        buffer_u64(wire, answer->generation);
    else if (answer->verb == KEEPER_SIGN)
        buffer_sized(wire, buffer_span(&answer->signature));
    else
        write_descriptions(wire, answer);
    return frame_end(wire, start, KEEPER_ANSWER_MAX);
}

void keeper_answer_clear(struct keeper_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        key_description_clear(&answer->keys[i]);
    free(answer->keys);
    buffer_clear(&answer->signature);
    *answer = (struct keeper_answer){0};
}
