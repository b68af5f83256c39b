#include "signer/checker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/sink.h"
#include "signer/checker_frame.h"
#include "signer/checker_sandbox.h"
#include "signer/signer_text.h"

enum {
    START_MS = 10000, /* to be ready, and to take a new trust */
    END_MS = 1000,    /* from an answer to the end of who gave it */
    EXIT_SIGNAL = 128
};

/* A checker's seat at the pool. Whoever has set `busy` under the pool's lock owns the rest. */
struct seat {
    bool busy;
    pid_t pid; /* 0: nobody sits here */
    int socket;
    uint64_t trusts; /* the trust it was told */
};

struct checker_pool {
    /* set by checker_pool_open, never changed */
    char *program;
    int64_t deadline_ms;
    unsigned count;
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int snapshot; /* the trust as bytes, for reading alone */
    uint64_t snapshot_size;
    uint64_t trusts; /* counts what has been trusted */
    struct seat *seats;
};

/* The trust as a checker is told it: a descriptor of one's own. */
struct snapshot {
    int fd;
    uint64_t size, trusts;
};

static void leave(struct seat *seat)
{
    fd_close(&seat->socket);
    child_kill(&seat->pid);
}

/* A second descriptor of the same bytes that cannot write them: a checker may be in an enemy's hands. */
static bool read_only(int fd, int *ret_fd, struct error *err)
{
    char path[40];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    *ret_fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*ret_fd >= 0)
        return true;
    fail(err, ERR_INTERNAL, &TEXT_CHECK_NOT_STARTED);
    return error_errno(err, path);
}

/* Bytes of ours as a descriptor for a checker. */
static bool share_bytes(struct span bytes, int *ret_fd, struct error *err)
{
    int fd CLEANUP(fd_close) = -1;
    return spool_file(NULL, bytes.size, &fd, err) && fd_write_all(fd, bytes, err)
           && read_only(fd, ret_fd, err);
}

static bool write_snapshot(const struct trust *trust, int *ret_fd, uint64_t *ret_size, struct error *err)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct trust *nobody CLEANUP(trust_free) = NULL;
    if (!trust && !trust_load(NULL, 0, &nobody, err))
        return false;
    trust_write(trust ? trust : nobody, &bytes);
    if (bytes.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_size = bytes.size;
    return share_bytes(buffer_span(&bytes), ret_fd, err);
}

/* ---- starting */

static bool start(const struct checker_pool *pool, struct seat *seat, bool copy, struct error *err)
{
    const char *args[] = {pool->program ? pool->program : "vanthu", "checker", NULL};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        fail(err, ERR_INTERNAL, &TEXT_CHECK_NOT_STARTED);
        return error_errno(err, "socketpair");
    }
    int theirs CLEANUP(fd_close) = pair[1];
    seat->socket = pair[0];
    seat->trusts = 0;
    if (copy ? child_copy(checker_main, theirs, &seat->pid, err)
             : child_start(pool->program, args, theirs, &seat->pid, err))
        return true;
    leave(seat);
    return false;
}

static bool tell_trust(struct seat *seat, const struct snapshot *snapshot, struct error *err)
{
    const struct checker_request request = {
        .kind = CHECKER_TRUST,
        .answer = -1,
        .parts = {{.kind = CHECKER_PART_TRUST, .size = snapshot->size, .fd = snapshot->fd}},
        .part_count = 1};
    enum checker_answer_kind kind;
    struct buffer body CLEANUP(buffer_clear) = {0};
    if (seat->trusts == snapshot->trusts)
        return true;
    if (!checker_request_send(seat->socket, &request)
        || !checker_answer_receive(seat->socket, clock_monotonic_ms() + START_MS, &kind, &body)
        || kind != CHECKER_READY) {
        fd_close(&seat->socket);
        int how = child_kill(&seat->pid);
        fail(err, ERR_INTERNAL, &TEXT_CHECK_NOT_STARTED);
        return error_cause(err, "checker ended with %d", how);
    }
    seat->trusts = snapshot->trusts;
    return true;
}

/* A checker that may have died while it was idle is started again: only a fresh one that fails is an error. */
static bool make_ready(const struct checker_pool *pool, struct seat *seat, const struct snapshot *snapshot,
                       struct error *err)
{
    struct error gone = {0};
    if (seat->pid > 0 && recv(seat->socket, &(char){0}, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN
        && tell_trust(seat, snapshot, &gone))
        return true;
    leave(seat);
    return start(pool, seat, false, err) && tell_trust(seat, snapshot, err);
}

/* ---- seats */

static struct seat *find_free(struct checker_pool *pool)
{
    struct seat *found = NULL;
    for (unsigned i = 0; i < pool->count; i++)
        if (!pool->seats[i].busy && (!found || (pool->seats[i].pid > 0 && found->pid <= 0)))
            found = &pool->seats[i];
    return found;
}

static struct seat *claim(struct checker_pool *pool, int64_t until_ms, struct snapshot *ret_snapshot,
                          struct error *err)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    struct seat *seat;
    pthread_mutex_lock(&pool->lock);
    while (!(seat = find_free(pool))
           && pthread_cond_timedwait(&pool->freed, &pool->lock, &until) != ETIMEDOUT) {
    }
    if (seat) {
        *ret_snapshot =
            (struct snapshot){fcntl(pool->snapshot, F_DUPFD_CLOEXEC, 3), pool->snapshot_size, pool->trusts};
        seat->busy = true;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!seat)
        fail(err, ERR_BUSY, &TEXT_CHECK_BUSY);
    return seat;
}

static void release(struct checker_pool *pool, struct seat *seat)
{
    pthread_mutex_lock(&pool->lock);
    seat->busy = false;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* ---- one document */

static bool add_part(struct checker_request *request, enum checker_part_kind kind,
                     const struct source *source, const char *name, struct error *err)
{
    int whole CLEANUP(fd_close) = -1;
    struct checker_part *part = &request->parts[request->part_count];
    *part = (struct checker_part){.kind = kind, .size = source->bytes.size, .fd = -1};
    snprintf(part->name, sizeof(part->name), "%s", name);
    if (!source_dup_fd(source, &whole, err) || !read_only(whole, &part->fd, err))
        return false;
    request->part_count++;
    return true;
}

static bool add_bytes(struct checker_request *request, enum checker_part_kind kind, struct span bytes,
                      struct error *err)
{
    struct checker_part *part = &request->parts[request->part_count];
    *part = (struct checker_part){.kind = kind, .size = bytes.size, .fd = -1};
    if (bytes.size == 0)
        return true;
    if (!share_bytes(bytes, &part->fd, err))
        return false;
    request->part_count++;
    return true;
}

static bool make_request(const struct checker_job *job, struct checker_request *request, struct error *err)
{
    char most[16];
    snprintf(most, sizeof(most), "%d", CHECKER_MAX_CONTENTS);
    if (job->content_count > CHECKER_MAX_CONTENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_CHECK_CONTENTS, most);
    if (!add_part(request, CHECKER_PART_DOCUMENT, job->document, "", err)
        || !add_bytes(request, CHECKER_PART_EVIDENCE, job->evidence, err)
        || !add_bytes(request, CHECKER_PART_POLICY, job->policy, err))
        return false;
    for (size_t i = 0; i < job->content_count; i++)
        if (!add_part(request, CHECKER_PART_CONTENT, job->contents[i].source, job->contents[i].name, err))
            return false;
    return true;
}

static bool unsaid(struct verdict *verdict, const struct text *text, const char *arg)
{
    verdict_reason(verdict, text, arg, NULL);
    return true;
}

/* Why there is no answer: how whoever looked ended. It looked, in a way: the verdict is that it cannot say. */
static bool explain_end(int code, struct verdict *ret_verdict)
{
    char how[16];
    if (code == EXIT_SIGNAL + SIGXCPU || code == EXIT_SIGNAL + SIGKILL)
        return unsaid(ret_verdict, &TEXT_CHECK_DEADLINE, NULL);
    if (code == CHECKER_EXIT_MEMORY)
        return unsaid(ret_verdict, &TEXT_CHECK_MEMORY, NULL);
    const char *name = code > EXIT_SIGNAL ? sigabbrev_np(code - EXIT_SIGNAL) : NULL;
    snprintf(how, sizeof(how), name ? "SIG%s" : "%.0s%d", name ? name : "", code);
    return unsaid(ret_verdict, &TEXT_CHECK_DIED, how);
}

/* How the copy that looked at the document ended; when its checker does not say, that one is ended too, and the copy
 * with it. */
static int find_end(struct seat *seat, int64_t until_ms, int64_t *ret_cpu_us)
{
    enum checker_answer_kind kind;
    struct buffer body CLEANUP(buffer_clear) = {0};
    if (checker_answer_receive(seat->socket, until_ms, &kind, &body) && kind == CHECKER_ENDED) {
        struct reader r = reader_of(buffer_span(&body));
        int code = read_u8(&r);
        int64_t cpu_us = read_u32(&r);
        if (ret_cpu_us)
            *ret_cpu_us = cpu_us;
        if (!r.failed)
            return code;
    }
    fd_close(&seat->socket);
    return child_kill(&seat->pid); /* who is dead already stays as he died */
}

static bool read_answer(enum checker_answer_kind kind, struct span body, struct verdict *ret_verdict,
                        struct error *err)
{
    struct error said = {0}, why = {0};
    if (kind == CHECKER_VERDICT && verdict_read(body, ret_verdict, &why))
        return true;
    if (kind == CHECKER_ERROR && checker_error_read(body, &said)) {
        *err = said;
        return false;
    }
    return unsaid(ret_verdict, &TEXT_CHECK_NONSENSE, NULL);
}

/* Waits for the answer on a socket of this document's own, then for the end of whoever gave it. */
static bool receive(struct seat *seat, int socket, int64_t until_ms, int64_t *ret_cpu_us,
                    struct verdict *ret_verdict, struct error *err)
{
    enum checker_answer_kind kind;
    struct buffer body CLEANUP(buffer_clear) = {0};
    errno = 0;
    bool answered = checker_answer_receive(socket, until_ms, &kind, &body);
    int why = answered ? 0 : errno;
    if (why == ETIMEDOUT || why == EPROTO) {
        leave(seat);
        return unsaid(ret_verdict, why == EPROTO ? &TEXT_CHECK_NONSENSE : &TEXT_CHECK_DEADLINE, NULL);
    }
    int code = find_end(seat, clock_monotonic_ms() + END_MS, ret_cpu_us);
    return answered ? read_answer(kind, buffer_span(&body), ret_verdict, err)
                    : explain_end(code, ret_verdict);
}

static bool ask(struct seat *seat, const struct checker_job *job, int64_t deadline_ms,
                struct verdict *ret_verdict, struct error *err)
{
    struct checker_request request CLEANUP(checker_request_clear) = {
        .kind = CHECKER_DOCUMENT, .at_ms = job->at_ms, .answer = -1};
    int64_t until_ms = clock_monotonic_ms() + deadline_ms;
    int pair[2];
    if (!make_request(job, &request, err))
        return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        fail(err, ERR_INTERNAL, &TEXT_CHECK_NOT_STARTED);
        return error_errno(err, "socketpair");
    }
    int socket CLEANUP(fd_close) = pair[0];
    request.answer = pair[1];
    bool sent = checker_request_send(seat->socket, &request);
    checker_request_clear(&request); /* so that the answer's end is seen when theirs is closed */
    if (!sent)
        return explain_end(find_end(seat, clock_monotonic_ms(), NULL), ret_verdict);
    return receive(seat, socket, until_ms, job->ret_cpu_us, ret_verdict, err);
}

static uint64_t size_of(const struct checker_job *job)
{
    uint64_t size = job->document->bytes.size;
    for (size_t i = 0; i < job->content_count; i++)
        size += job->contents[i].source->bytes.size;
    return size;
}

bool checker_check(struct checker_pool *pool, const struct checker_job *job, struct verdict *ret_verdict,
                   struct error *err)
{
    int64_t deadline_ms = pool->deadline_ms
                              ? pool->deadline_ms
                              : CHECKER_DEADLINE_MS + (int64_t)(size_of(job) >> 20) * CHECKER_MS_PER_MEGABYTE;
    struct snapshot snapshot = {.fd = -1};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct seat *seat = claim(pool, clock_monotonic_ms() + deadline_ms, &snapshot, err);
    if (!seat)
        return false;
    bool looked = make_ready(pool, seat, &snapshot, err) && ask(seat, job, deadline_ms, &verdict, err);
    fd_close(&snapshot.fd);
    release(pool, seat);
    if (looked) {
        *ret_verdict = verdict;
        verdict = (struct verdict){0};
    }
    return looked;
}

/* ---- the pool */

bool checker_pool_open(const struct checker_settings *settings, struct checker_pool **ret_pool,
                       struct error *err)
{
    struct checker_pool *pool CLEANUP(checker_pool_close) = calloc(1, sizeof(*pool));
    if (!pool)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pool->snapshot = -1;
    pool->trusts = 1;
    pool->deadline_ms = settings->deadline_ms;
    pool->seats = calloc(settings->count ? settings->count : 1, sizeof(*pool->seats));
    pool->program = settings->program ? strdup(settings->program) : NULL;
    if (!pool->seats || (settings->program && !pool->program))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (pool->count = 0; pool->count < (settings->count ? settings->count : 1); pool->count++)
        pool->seats[pool->count].socket = -1;
    for (unsigned i = 0; i < pool->count; i++) /* they get ready while we do other things */
        if (!start(pool, &pool->seats[i], settings->copies, err))
            return false;
    if (!write_snapshot(settings->trust, &pool->snapshot, &pool->snapshot_size, err))
        return false;
    *ret_pool = TAKE(pool);
    return true;
}

void checker_pool_trust(struct checker_pool *pool, const struct trust *trust)
{
    int fd = -1;
    uint64_t size = 0;
    struct error err = {0};
    if (!write_snapshot(trust, &fd, &size, &err))
        return;
    pthread_mutex_lock(&pool->lock);
    fd_close(&pool->snapshot);
    pool->snapshot = fd;
    pool->snapshot_size = size;
    pool->trusts++;
    pthread_mutex_unlock(&pool->lock);
}

void checker_pool_close(struct checker_pool **pool)
{
    if (!*pool)
        return;
    for (unsigned i = 0; i < (*pool)->count; i++)
        leave(&(*pool)->seats[i]);
    fd_close(&(*pool)->snapshot);
    pthread_mutex_destroy(&(*pool)->lock);
    pthread_cond_destroy(&(*pool)->freed);
    free((*pool)->seats);
    free((*pool)->program);
    free(*pool);
    *pool = NULL;
}
