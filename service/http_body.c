/* Bodies and parts: bytes that arrive, in memory while small, in the spool when not. */
#include "service/http_body.h"

#include <fcntl.h>
#include <unistd.h>

bool http_body_add(struct http_body *body, const char *spool, struct span piece, struct error *err)
{
    body->size += piece.size;
    if (body->fd < 0 && body->size <= HTTP_IN_MEMORY) {
        buffer_append(&body->memory, piece);
        return body->memory.failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
    }
    if (body->fd < 0) {
        if (!spool_file(spool, UINT64_MAX, &body->fd, err)
            || !fd_write_all(body->fd, buffer_span(&body->memory), err))
            return false;
        buffer_clear(&body->memory);
    }
    return fd_write_all(body->fd, piece, err);
}

bool http_body_source(const struct http_body *body, struct source *ret_source, struct error *err)
{
    if (body->fd < 0) {
        *ret_source = source_of(buffer_span(&body->memory));
        return true;
    }
    int fd CLEANUP(fd_close) = fcntl(body->fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) {
        fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        return error_errno(err, "dup");
    }
    if (!source_map_fd(fd, ret_source, err))
        return false;
    fd = -1;
    return true;
}

void http_body_clear(struct http_body *body)
{
    buffer_clear(&body->memory);
    fd_close(&body->fd);
    body->size = 0;
}

void http_part_clear(struct http_part *part)
{
    free_clear(&part->name);
    free_clear(&part->file_name);
    http_body_clear(&part->body);
}
