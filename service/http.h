/* HTTP over libmicrohttpd, the only room that knows it. I/O threads take requests in: small bodies stay in memory, larger
 * ones go to unlinked files in the spool directory. When a request is whole, its connection is suspended and a worker thread runs the
 * route's handler, which may wait for a token, a checker or the store; then the connection is resumed and the reply sent. The queue to the
 * workers is bounded: a full one is a 503 at once.
 *
 * A handler owns nothing of the request; what it puts into the reply belongs to the server. */
#pragma once

#include "base/sink.h"
#include "base/source.h"

enum {
    HTTP_IN_MEMORY = 64 << 10, /* bytes of a body kept in memory */
    HTTP_DRAIN_MAX =
        1
        << 20, /* a body refused by its headers is read to its end up to this, so that the client sees the answer */
    HTTP_DRAIN_LATE = 64 << 20, /* the same for one that turned out too large on the way */
    HTTP_HEADERS_MAX = 64,
    HTTP_PARTS_MAX = 220,     /* of a multipart form: 200 files and their fields */
    HTTP_FIELD_MAX = 1 << 20, /* bytes of a form field that is no file */
    HTTP_REPLY_HEADERS = 8
};

struct http_body {
    struct buffer memory;
    int fd; /* -1 while in memory */
    uint64_t size;
};
/* Maps or borrows the body; the source must not outlive the request. */
bool http_body_source(const struct http_body *body, struct source *ret_source, struct error *err) MUST_USE;

struct http_part {
    char *name, *file_name; /* file_name NULL: a plain field */
    struct http_body body;
};

struct http_request {
    const char *method, *path;
    const struct route *route;
    const char *argument; /* what stands for {…} in the route's path; "" without */
    char address[48];     /* of the client */
    struct http_body body;
    struct http_part *parts; /* of multipart/form-data, in order */
    size_t part_count;
    const void *caller; /* what the route's `admit` found (an access token), or NULL */
    struct connection *connection;
};

/* The value, or NULL; names without case, as HTTP says. Valid as long as the request. */
const char *http_header(const struct http_request *request, const char *name);
/* Of the query string, decoded; NULL when absent. */
const char *http_query(const struct http_request *request, const char *name);
/* What the caller calls the body, X-File-Name: UTF-8, percent-encoded. False: nothing, or no memory. */
bool http_file_name(const struct http_request *request, struct buffer *ret_name);
const struct http_part *http_part(const struct http_request *request, const char *name);

struct http_reply {
    int status;
    const char *content_type; /* static text */
    struct buffer body;
    int fd; /* a file to send instead of the body (taken), -1 without */
    uint64_t fd_size;
    struct {
        const char *name; /* static text */
        char *value;
    } headers[HTTP_REPLY_HEADERS];
    size_t header_count;
};
void http_reply_header(struct http_reply *reply, const char *name, const char *value);
void http_reply_text(struct http_reply *reply, int status, const char *content_type, struct span text);

struct service;

typedef void http_handler(struct service *service, struct http_request *request, struct http_reply *reply);

struct route {
    const char *method; /* "*": any */
    const char *path;   /* one {…} matches one piece, or at the end {…*} all that follows */
    uint64_t limit;     /* bytes of the body */
    /* Runs on the I/O thread when the headers are there, before the body: may refuse; must not wait. May be NULL. */
    bool (*admit)(struct service *service, struct http_request *request, struct error *err);
    http_handler *handle;
    void (*refuse)(struct http_request *request, const struct error *err,
                   struct http_reply *reply); /* the channel's own form */
    bool waits; /* for a token: such requests have workers of their own and stand in nobody else's way */
};

struct http_settings {
    const char *listen;                    /* "127.0.0.1:8080", "[::1]:8080"; port 0: any free one */
    const char *tls_certificate, *tls_key; /* PEM files; NULL: plain HTTP */
    const char *spool;
    const struct route *routes;
    size_t route_count;
    unsigned io_threads, workers, queue;
    unsigned per_address; /* connections open at once from one; 0: any number */
    struct service *service;
    void (*fallback)(struct http_request *request, const struct error *err,
                     struct http_reply *reply); /* no such path, too large … */
    void (*finished)(struct service *service, const struct http_request *request, int status,
                     int64_t ms); /* metrics, log */
};

struct http;
bool http_start(const struct http_settings *settings, struct http **ret_http, struct error *err) MUST_USE;
/* The port it listens on. */
unsigned http_port(const struct http *http);
/* Takes no new connections, finishes what is in hand, then stops. */
void http_stop(struct http **owner);
