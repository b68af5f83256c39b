#include "signer/checker_frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/sink.h"

enum {
    SIZE_SIZE = 4, /* of the frame, before it */
    MAX_DESCRIPTORS = CHECKER_MAX_PARTS + 1
};

union descriptor_room {
    char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
    struct cmsghdr align;
};

static void write_request(const struct checker_request *request, struct buffer *buffer)
{
    buffer_u8(buffer, (uint8_t)request->kind);
    buffer_u64(buffer, (uint64_t)request->at_ms);
    buffer_u8(buffer, request->answer >= 0);
    buffer_u8(buffer, (uint8_t)request->part_count);
    for (size_t i = 0; i < request->part_count; i++) {
        buffer_u8(buffer, (uint8_t)request->parts[i].kind);
        buffer_u64(buffer, request->parts[i].size);
        buffer_sized(buffer, span_text(request->parts[i].name));
    }
}

/* In the frame's order, the one for the answer first. */
static size_t list_descriptors(const struct checker_request *request, int ret_fds[static MAX_DESCRIPTORS])
{
    size_t count = 0;
    if (request->answer >= 0)
        ret_fds[count++] = request->answer;
    for (size_t i = 0; i < request->part_count; i++)
        ret_fds[count++] = request->parts[i].fd;
    return count;
}

bool checker_request_send(int socket, const struct checker_request *request)
{
    struct buffer body CLEANUP(buffer_clear) = {0}, frame CLEANUP(buffer_clear) = {0};
    union descriptor_room room = {0};
    int fds[MAX_DESCRIPTORS];
    size_t count = list_descriptors(request, fds);
    write_request(request, &body);
    buffer_sized(&frame, buffer_span(&body));
    if (frame.failed || body.failed || body.size > CHECKER_REQUEST_MAX)
        return false;
    struct iovec piece = {frame.data, frame.size};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(control), fds, count * sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)frame.size;
}

/* The descriptors come with the first byte. */
static bool receive_start(int socket, size_t *ret_size, int ret_fds[static MAX_DESCRIPTORS],
                          size_t *ret_count)
{
    uint8_t bytes[SIZE_SIZE];
    union descriptor_room room = {0};
    struct iovec piece = {bytes, sizeof(bytes)};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof(room.bytes)};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *control = got == SIZE_SIZE ? CMSG_FIRSTHDR(&message) : NULL;
    if (!control || control->cmsg_type != SCM_RIGHTS)
        return false;
    *ret_count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(ret_fds, CMSG_DATA(control), *ret_count * sizeof(int));
    struct reader r = reader_of(span_of(bytes, sizeof(bytes)));
    *ret_size = read_u32(&r);
    return *ret_size <= CHECKER_REQUEST_MAX;
}

static bool receive_rest(int socket, uint8_t *ret_bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t got = read(socket, ret_bytes + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static void read_name(struct reader *r, char ret_name[static CHECKER_NAME_SIZE])
{
    struct span name = read_sized(r, CHECKER_NAME_SIZE - 1);
    if (name.size)
        memcpy(ret_name, name.data, name.size);
    ret_name[name.size] = '\0';
}

/* Takes the descriptors one by one, so that what is left over is known. */
static bool read_request(struct span frame, const int *fds, size_t count, struct checker_request *request)
{
    struct reader r = reader_of(frame);
    size_t taken = 0;
    request->kind = (enum checker_request_kind)read_u8(&r);
    request->at_ms = (int64_t)read_u64(&r);
    if (read_u8(&r) && taken < count)
        request->answer = fds[taken++];
    size_t parts = read_u8(&r);
    while (request->part_count < parts && parts <= CHECKER_MAX_PARTS && taken < count && !r.failed) {
        struct checker_part *part = &request->parts[request->part_count++];
        part->kind = (enum checker_part_kind)read_u8(&r);
        part->size = read_u64(&r);
        read_name(&r, part->name);
        part->fd = fds[taken++];
    }
    for (size_t i = taken; i < count; i++)
        close(fds[i]);
    return !r.failed && r.left.size == 0 && request->part_count == parts && taken == count;
}

bool checker_request_receive(int socket, struct checker_request *ret_request)
{
    uint8_t frame[CHECKER_REQUEST_MAX];
    int fds[MAX_DESCRIPTORS];
    size_t size, count;
    *ret_request = (struct checker_request){.answer = -1};
    return receive_start(socket, &size, fds, &count) && receive_rest(socket, frame, size)
           && read_request(span_of(frame, size), fds, count, ret_request);
}

void checker_request_clear(struct checker_request *request)
{
    fd_close(&request->answer);
    for (size_t i = 0; i < request->part_count; i++)
        fd_close(&request->parts[i].fd);
    request->part_count = 0;
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
