#include "signer/checker_frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/sink.h"

enum { REQUEST_SIZE = 17 };

union descriptor_room {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

bool checker_request_send(int socket, const struct checker_request *request, int fd)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    union descriptor_room room = {0};
    buffer_u8(&bytes, (uint8_t)request->kind);
    buffer_u64(&bytes, (uint64_t)request->at_ms);
    buffer_u64(&bytes, request->size);
    if (bytes.failed)
        return false;
    struct iovec piece = {bytes.data, bytes.size};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof(room.bytes)};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(control), &fd, sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == REQUEST_SIZE;
}

bool checker_request_receive(int socket, struct checker_request *ret_request, int *ret_fd)
{
    uint8_t bytes[REQUEST_SIZE];
    union descriptor_room room = {0};
    struct iovec piece = {bytes, sizeof(bytes)};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof(room.bytes)};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *control = got == REQUEST_SIZE ? CMSG_FIRSTHDR(&message) : NULL;
    if (!control || control->cmsg_type != SCM_RIGHTS || control->cmsg_len != CMSG_LEN(sizeof(int)))
        return false;
    memcpy(ret_fd, CMSG_DATA(control), sizeof(int));
    struct reader r = reader_of(span_of(bytes, sizeof(bytes)));
    ret_request->kind = (enum checker_request_kind)read_u8(&r);
    ret_request->at_ms = (int64_t)read_u64(&r);
    ret_request->size = read_u64(&r);
    return true;
}

bool checker_answer_send(int socket, enum checker_answer_kind kind, struct span body)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    buffer_u8(&bytes, (uint8_t)kind);
    buffer_sized(&bytes, body);
    return !bytes.failed && body.size <= CHECKER_ANSWER_MAX
           && fd_write_all(socket, buffer_span(&bytes), &err);
}

/* Exactly `size` bytes before the deadline. */
static bool receive(int socket, int64_t until_ms, uint8_t *ret_bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        int64_t left = until_ms - clock_monotonic_ms();
        struct pollfd wait = {.fd = socket, .events = POLLIN};
        int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            errno = ETIMEDOUT;
            return false;
        }
        ssize_t got = recv(socket, ret_bytes + at, size - at, MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0) {
            errno = ECONNRESET;
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

bool checker_answer_receive(int socket, int64_t until_ms, enum checker_answer_kind *ret_kind,
                            struct buffer *ret_body)
{
    uint8_t header[CHECKER_HEADER_SIZE];
    if (!receive(socket, until_ms, header, sizeof(header)))
        return false;
    struct reader r = reader_of(span_of(header, sizeof(header)));
    *ret_kind = (enum checker_answer_kind)read_u8(&r);
    size_t size = read_u32(&r);
    uint8_t *room = size > 0 && size <= CHECKER_ANSWER_MAX ? buffer_reserve(ret_body, size) : NULL;
    if (size == 0)
        return true;
    if (!room) {
        errno = EPROTO;
        return false;
    }
    if (!receive(socket, until_ms, room, size))
        return false;
    ret_body->size += size;
    return true;
}

void checker_error_write(const struct error *err, struct buffer *buffer)
{
    buffer_sized(buffer, span_text(error_meaning(err->code)->name));
    buffer_sized(buffer, span_text(err->text ? err->text->name : ""));
    for (size_t i = 0; i < TEXT_ARGS; i++)
        buffer_sized(buffer, span_text(err->arg[i]));
    buffer_sized(buffer, span_text(err->cause));
}

static void read_text(struct reader *r, size_t room, char *ret_text)
{
    struct span text = read_sized(r, room - 1);
    text_clean((const char *)text.data, text.size, room, ret_text);
}

bool checker_error_read(struct span body, struct error *ret_error)
{
    struct reader r = reader_of(body);
    struct error read = {0};
    char code[32], sentence[64];
    read_text(&r, sizeof(code), code);
    read_text(&r, sizeof(sentence), sentence);
    for (size_t i = 0; i < TEXT_ARGS; i++)
        read_text(&r, sizeof(read.arg[i]), read.arg[i]);
    read_text(&r, sizeof(read.cause), read.cause);
    read.code = error_code_of(code);
    read.text = verdict_sentence(sentence);
    if (r.failed || r.left.size != 0 || read.code == ERR_NONE || (sentence[0] && !read.text))
        return false;
    *ret_error = read;
    return true;
}
