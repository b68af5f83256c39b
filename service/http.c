#include "service/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <strings.h>

#include "base/clock.h"
#include "service/http_body.h"
#include "service/http_workers.h"
#include "service/service_text.h"

enum {
    CONNECTION_MEMORY = 256 << 10, /* uploads come in pieces of half of it */
    CONNECTIONS_MAX = 2048,
    IDLE_SECONDS = 60,
    POST_BUFFER = 64 << 10,
    TLS_FILE_MAX = 1 << 20
};

struct http {
    struct http_settings settings;
    struct MHD_Daemon *daemon;
    struct workers *workers, *waiting; /* of requests that answer at once; of those that wait for a token */
    struct buffer certificate, key;
    int listening;
    unsigned port;
};

/* One request on its way; MHD's per-request pointer. The I/O thread's until it is handed to a worker, the worker's until resume. */
struct connection {
    struct http_request request;
    struct http_reply reply;
    struct http *http;
    struct MHD_Connection *mhd;
    struct MHD_PostProcessor *post;
    struct error refusal; /* ERR_NONE: go on */
    uint64_t received;
    int64_t started_ms;
    enum { RECEIVING, WORKING, ANSWERED } state;
};

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection->mhd, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection->mhd, MHD_GET_ARGUMENT_KIND, name);
}

bool http_file_name(const struct http_request *request, struct buffer *ret_name)
{
    const char *coded = http_header(request, "X-File-Name");
    for (const char *at = coded ? coded : ""; *at; at++) {
        uint8_t byte = (uint8_t)*at;
        if (*at == '%' && hex_read(span_of(at + 1, strnlen(at + 1, 2)), 1, &byte))
            at += 2;
        buffer_u8(ret_name, byte);
    }
    return ret_name->size > 0 && !ret_name->failed;
}

const struct http_part *http_part(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->part_count; i++)
        if (strcmp(request->parts[i].name, name) == 0)
            return &request->parts[i];
    return NULL;
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
    char *copy = reply->header_count < HTTP_REPLY_HEADERS ? strdup(value) : NULL;
    if (!copy)
        return;
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = copy;
}

void http_reply_text(struct http_reply *reply, int status, const char *content_type, struct span text)
{
    reply->status = status;
    reply->content_type = content_type;
    buffer_append(&reply->body, text);
}

static void reply_clear(struct http_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++)
        free(reply->headers[i].value);
    buffer_clear(&reply->body);
    fd_close(&reply->fd);
    *reply = (struct http_reply){.fd = -1};
}

static bool path_matches(const char *pattern, const char *path, const char **ret_argument)
{
    const char *hole = strchr(pattern, '{');
    size_t before = hole ? (size_t)(hole - pattern) : strlen(pattern);
    *ret_argument = "";
    if (strncmp(pattern, path, before) != 0)
        return false;
    if (!hole)
        return path[before] == '\0';
    const char *after = strchr(hole, '}') + 1, *end = path + before + strcspn(path + before, "/");
    *ret_argument = path + before;
    if (after[-2] == '*')
        return true;
    return end > path + before && strcmp(end, after) == 0;
}

static bool find_route(struct http *http, struct http_request *request, struct error *err)
{
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    bool path_known = false;
    for (size_t i = 0; i < http->settings.route_count; i++) {
        const struct route *route = &http->settings.routes[i];
        const char *argument;
        if (!path_matches(route->path, request->path, &argument))
            continue;
        path_known = true;
        if (strcmp(route->method, "*") != 0 && strcmp(route->method, method) != 0)
            continue;
        request->route = route;
        request->argument = argument;
        return true;
    }
    return path_known ? fail(err, ERR_USAGE, &TEXT_HTTP_METHOD, request->path, request->method)
                      : fail(err, ERR_NOT_FOUND, &TEXT_HTTP_NO_PATH, request->path);
}

static bool refuse_size(const struct connection *connection, struct error *err)
{
    char limit[24];
    snprintf(limit, sizeof(limit), "%llu", (unsigned long long)connection->request.route->limit);
    return fail(err, ERR_TOO_LARGE, &TEXT_HTTP_TOO_LARGE, limit);
}

static uint64_t announced_size(const struct connection *connection)
{
    const char *length = http_header(&connection->request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length)
        return strtoull(length, NULL, 10);
    return http_header(&connection->request, MHD_HTTP_HEADER_TRANSFER_ENCODING) ? UINT64_MAX : 0;
}

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    unsigned *framings = context;
    (void)kind, (void)value;
    *framings += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0
                 || strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    return MHD_YES;
}

/* RFC 9112, 6.3: a body whose end is told twice ends at one place for us and at another for a proxy before us; what lies
 * between would be a request that the proxy never saw. */
static bool check_framing(const struct connection *connection, struct error *err)
{
    unsigned framings = 0;
    MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, count_framing, &framings);
    return framings <= 1 || fail(err, ERR_MALFORMED, &TEXT_HTTP_FRAMING);
}

static void note_address(struct connection *connection)
{
    const union MHD_ConnectionInfo *about =
        MHD_get_connection_info(connection->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct http_request *request = &connection->request;
    const struct sockaddr *address = about ? about->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, request->address,
                  sizeof(request->address));
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
                  request->address, sizeof(request->address));
}

static void make_reply(struct connection *connection)
{
    struct http_request *request = &connection->request;
    if (connection->refusal.code == ERR_NONE) {
        request->route->handle(connection->http->settings.service, request, &connection->reply);
        return;
    }
    if (request->route && request->route->refuse)
        request->route->refuse(request, &connection->refusal, &connection->reply);
    else
        connection->http->settings.fallback(request, &connection->refusal, &connection->reply);
}

static enum MHD_Result send_reply(struct connection *connection)
{
    struct http_reply *reply = &connection->reply;
    struct MHD_Response *response =
        reply->fd >= 0
            ? MHD_create_response_from_fd64(reply->fd_size, reply->fd)
            : MHD_create_response_from_buffer(reply->body.size, reply->body.data, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    reply->fd = -1;
    reply->body = (struct buffer){0};

    bool cache_said = false;
    for (size_t i = 0; i < reply->header_count; i++) {
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
        cache_said = cache_said || strcmp(reply->headers[i].name, MHD_HTTP_HEADER_CACHE_CONTROL) == 0;
    }
    if (!cache_said)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (reply->content_type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    connection->state = ANSWERED;
    enum MHD_Result queued = MHD_queue_response(connection->mhd, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void run_job(void *context, void *job)
{
    struct connection *connection = job;
    (void)context;
    make_reply(connection);
    MHD_resume_connection(connection->mhd);
}

static struct http_part *add_part(struct http_request *request, const char *name, const char *file_name)
{
    if (request->part_count >= HTTP_PARTS_MAX)
        return NULL;
    struct http_part *grown = realloc(request->parts, (request->part_count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    request->parts = grown;
    struct http_part *part = &grown[request->part_count++];
    *part = (struct http_part){
        .name = strdup(name), .file_name = file_name ? strdup(file_name) : NULL, .body.fd = -1};
    return part->name ? part : NULL;
}

/* libmicrohttpd's form parser gives pieces of one part after the other; offset 0 starts a new one. */
static enum MHD_Result take_part(void *context, enum MHD_ValueKind kind, const char *name,
                                 const char *file_name, const char *type, const char *coding,
                                 const char *piece, uint64_t offset, size_t size)
{
    (void)kind, (void)type, (void)coding;
    struct connection *connection = context;
    struct http_request *request = &connection->request;
    struct http_part *part = offset == 0 || request->part_count == 0
                                 ? add_part(request, name ? name : "", file_name)
                                 : &request->parts[request->part_count - 1];
    if (!part || (!part->file_name && part->body.size + size > HTTP_FIELD_MAX)) {
        fail(&connection->refusal, ERR_TOO_LARGE, &TEXT_HTTP_PARTS);
        return MHD_NO;
    }
    struct span bytes = span_of(piece, size);
    return http_body_add(&part->body, connection->http->settings.spool, bytes, &connection->refusal) ? MHD_YES
                                                                                                     : MHD_NO;
}

static enum MHD_Result begin(struct http *http, struct MHD_Connection *mhd, const char *path,
                             const char *method, void **context)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    if (!connection)
        return MHD_NO;
    *context = connection;
    connection->http = http;
    connection->mhd = mhd;
    connection->started_ms = clock_monotonic_ms();
    connection->reply.fd = connection->request.body.fd = -1;
    struct http_request *request = &connection->request;
    *request = (struct http_request){
        .method = method, .path = path, .argument = "", .connection = connection, .body.fd = -1};
    note_address(connection);

    struct error *refusal = &connection->refusal;
    uint64_t size = announced_size(connection);
    bool framed = check_framing(connection, refusal);
    bool good =
        framed && find_route(http, request, refusal)
        && (size == UINT64_MAX || size <= request->route->limit || refuse_size(connection, refusal))
        && (!request->route->admit || request->route->admit(http->settings.service, request, refusal));
    const char *type = http_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (good && type && strncasecmp(type, "multipart/form-data", 19) == 0)
        connection->post = MHD_create_post_processor(mhd, POST_BUFFER, take_part, connection);
    if (!framed || (!good && size > HTTP_DRAIN_MAX)) { /* MHD closes the connection behind it */
        make_reply(connection);
        return send_reply(connection);
    }
    return MHD_YES;
}

static enum MHD_Result receive(struct connection *connection, struct span piece)
{
    connection->received += piece.size;
    if (connection->refusal.code != ERR_NONE)
        return connection->received <= HTTP_DRAIN_LATE ? MHD_YES : MHD_NO;
    if (connection->received > connection->request.route->limit) {
        refuse_size(connection, &connection->refusal);
        connection->received = 0; /* what is drained from here on */
        return MHD_YES;
    }
    if (connection->post) {
        if (MHD_post_process(connection->post, (const char *)piece.data, piece.size) != MHD_YES
            && connection->refusal.code == ERR_NONE)
            fail(&connection->refusal, ERR_MALFORMED, &TEXT_HTTP_BODY);
        return MHD_YES;
    }
    if (!http_body_add(&connection->request.body, connection->http->settings.spool, piece,
                       &connection->refusal))
        connection->received = 0;
    return MHD_YES;
}

static enum MHD_Result hand_over(struct connection *connection)
{
    if (connection->post) {
        if (MHD_destroy_post_processor(connection->post) != MHD_YES && connection->refusal.code == ERR_NONE)
            fail(&connection->refusal, ERR_MALFORMED, &TEXT_HTTP_BODY);
        connection->post = NULL;
    }
    if (connection->refusal.code != ERR_NONE) {
        make_reply(connection);
        return send_reply(connection);
    }
    connection->state = WORKING;
    MHD_suspend_connection(connection->mhd);
    const struct http *http = connection->http;
    if (!workers_add(connection->request.route->waits ? http->waiting : http->workers, connection)) {
        fail(&connection->refusal, ERR_BUSY, &TEXT_HTTP_BUSY);
        make_reply(connection);
        MHD_resume_connection(connection->mhd);
    }
    return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *mhd, const char *path, const char *method,
                              const char *version, const char *piece, size_t *size, void **per_request)
{
    (void)version;
    struct connection *connection = *per_request;
    if (!connection)
        return begin(context, mhd, path, method, per_request);
    if (*size > 0) {
        enum MHD_Result good = receive(connection, span_of(piece, *size));
        *size = 0;
        return good;
    }
    return connection->state == RECEIVING ? hand_over(connection)
           : connection->state == WORKING ? send_reply(connection)
                                          : MHD_YES;
}

static void finished(void *context, struct MHD_Connection *mhd, void **per_request,
                     enum MHD_RequestTerminationCode why)
{
    struct http *http = context;
    struct connection *connection = *per_request;
    (void)mhd, (void)why;
    if (!connection)
        return;
    if (http->settings.finished)
        http->settings.finished(http->settings.service, &connection->request, connection->reply.status,
                                clock_monotonic_ms() - connection->started_ms);
    if (connection->post)
        MHD_destroy_post_processor(connection->post);
    for (size_t i = 0; i < connection->request.part_count; i++)
        http_part_clear(&connection->request.parts[i]);
    free(connection->request.parts);
    http_body_clear(&connection->request.body);
    reply_clear(&connection->reply);
    free(connection);
    *per_request = NULL;
}

static bool listen_on(const char *where, int *ret_fd, unsigned *ret_port, struct error *err)
{
    char host[64];
    const char *colon = strrchr(where, ':');
    size_t size = colon ? (size_t)(colon - where) : 0;
    bool bracketed = size > 2 && where[0] == '[' && where[size - 1] == ']';
    if (!colon || size >= sizeof(host))
        return fail(err, ERR_USAGE, &TEXT_HTTP_LISTEN, where);
    snprintf(host, sizeof(host), "%.*s", (int)(bracketed ? size - 2 : size), bracketed ? where + 1 : where);

    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, &found) != 0)
        return fail(err, ERR_USAGE, &TEXT_HTTP_LISTEN, where);
    int fd CLEANUP(fd_close) = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
           yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    bool bound = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
    freeaddrinfo(found);
    struct sockaddr_in6 actual = {0}; /* room for either family, and both keep the port at one place */
    socklen_t actual_size = sizeof(actual);
    if (!bound || getsockname(fd, (struct sockaddr *)&actual, &actual_size) != 0) {
        fail(err, ERR_BUSY, &TEXT_HTTP_LISTEN, where);
        return error_errno(err, "bind");
    }
    *ret_port = ntohs(actual.sin6_port);
    *ret_fd = fd_take(&fd);
    return true;
}

static bool start_daemon(struct http *http, struct error *err)
{
    const struct http_settings *settings = &http->settings;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
    if (settings->tls_certificate) {
        if (!file_read(settings->tls_certificate, TLS_FILE_MAX, &http->certificate, err)
            || !file_read(settings->tls_key, TLS_FILE_MAX, &http->key, err))
            return false;
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
                                         (void *)(uintptr_t)buffer_string(&http->certificate)};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0,
                                         (void *)(uintptr_t)buffer_string(&http->key)};
    }
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, http, MHD_OPTION_LISTEN_SOCKET, http->listening,
        MHD_OPTION_THREAD_POOL_SIZE, settings->io_threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        settings->per_address, MHD_OPTION_NOTIFY_COMPLETED, finished, http, MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
    if (!http->daemon)
        return settings->tls_certificate ? fail(err, ERR_MALFORMED, &TEXT_HTTP_TLS, settings->tls_certificate)
                                         : fail(err, ERR_INTERNAL, &TEXT_HTTP_LISTEN, settings->listen);
    http->listening = -1; /* the daemon closes it */
    return true;
}

bool http_start(const struct http_settings *settings, struct http **ret_http, struct error *err)
{
    struct http *http CLEANUP(http_stop) = calloc(1, sizeof(*http));
    if (!http)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    http->settings = *settings;
    http->listening = -1;
    if (!listen_on(settings->listen, &http->listening, &http->port, err)
        || !workers_start(settings->workers, settings->queue, run_job, http, &http->workers, err)
        || !workers_start(settings->workers, settings->queue, run_job, http, &http->waiting, err)
        || !start_daemon(http, err))
        return false;
    *ret_http = TAKE(http);
    return true;
}

unsigned http_port(const struct http *http)
{
    return http->port;
}

void http_stop(struct http **owner)
{
    struct http *http = *owner;
    if (!http)
        return;
    if (http->daemon)
        http->listening = MHD_quiesce_daemon(http->daemon);
    workers_stop(http->workers);
    workers_stop(http->waiting);
    if (http->daemon)
        MHD_stop_daemon(http->daemon); /* until here a request that still comes in is answered "busy" */
    workers_free(&http->workers);
    workers_free(&http->waiting);
    fd_close(&http->listening);
    buffer_clear(&http->certificate);
    buffer_wipe(&http->key);
    free(http);
    *owner = NULL;
}
