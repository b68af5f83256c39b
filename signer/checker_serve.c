/* Inside a checker process: libraries warmed up, the doors shut, then a copy of itself for every document, which
 * sees that document alone and is gone with it: who takes it over can lie about no other. */
#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/xml.h"
#include "signer/checker.h"
#include "signer/checker_frame.h"
#include "signer/checker_sandbox.h"
#include "signer/policy.h"

enum {
    EXIT_DONE = 0,
    EXIT_OUR_FAULT = 70,
    EXIT_SIGNAL = 128,
    TREE_FACTOR = 24,     /* memory an XML tree takes, in times of its text, at worst */
    EVIDENCE_FACTOR = 16, /* memory parsed certificates and revocation lists take, likewise */
    HEAP_CHUNK_MAX =
        256 << 20 /* below, blocks come from the heap: mapping each anew costs more than parsing */
};

extern const unsigned char checker_sample[];
extern const size_t checker_sample_size;

/* What a checker holds between documents. */
struct serving {
    struct checker_seal *seal;
    struct trust *trust;
    uint64_t trust_size; /* of its snapshot */
};

/* A small signed document of our own: judging it loads what libraries load at their first use, while there
 * still are files, and shows that they work at all. */
static bool warm_up(void)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source sample = source_of(span_of(checker_sample, checker_sample_size));
    return verifier_check(&(struct verification){0}, &sample, &verdict, &err) && verdict.count == 1
           && verdict.findings[0].sub == SUB_NO_CERTIFICATE_CHAIN_FOUND
           && verdict.changed_after_signing == CHANGED_NO;
}

/* Maps what came with a request; asks the descriptor nothing. */
static bool map(const struct checker_part *part, struct span *ret_bytes)
{
    *ret_bytes = (struct span){0};
    if (part->size == 0)
        return true;
    void *data = mmap(NULL, (size_t)part->size, PROT_READ, MAP_PRIVATE, part->fd, 0);
    if (data != MAP_FAILED)
        *ret_bytes = span_of(data, (size_t)part->size);
    return data != MAP_FAILED;
}

static void unmap(struct span *bytes)
{
    if (bytes->size)
        munmap((void *)(uintptr_t)bytes->data, bytes->size);
}

static bool answer_error(int socket, const struct error *err)
{
    struct buffer body CLEANUP(buffer_clear) = {0};
    if (err->text == &TEXT_NO_MEMORY)
        _exit(CHECKER_EXIT_MEMORY);
    checker_error_write(err, &body);
    return !body.failed && checker_answer_send(socket, CHECKER_ERROR, buffer_span(&body));
}

static bool take_trust(struct serving *serving, const struct checker_part *part)
{
    struct span snapshot CLEANUP(unmap) = {0};
    struct trust *taken = NULL;
    struct error err = {0};
    if (!map(part, &snapshot))
        return false;
    if (!trust_read(snapshot, &taken, &err))
        return answer_error(CHILD_SOCKET, &err);
    trust_free(&serving->trust);
    serving->trust = taken;
    serving->trust_size = snapshot.size;
    return checker_answer_send(CHILD_SOCKET, CHECKER_READY, (struct span){0});
}

/* ---- one document, in a copy */

/* What came with the document, mapped. */
struct job {
    struct span document;
    struct verification how;
    struct policy policy;
    struct detached contents[CHECKER_MAX_CONTENTS];
    struct detached_memo memos[CHECKER_MAX_CONTENTS];
};

static bool map_part(struct job *job, const struct checker_part *part)
{
    struct error unreadable = {0};
    struct span bytes;
    if (!map(part, &bytes))
        return false;
    switch (part->kind) {
    case CHECKER_PART_DOCUMENT:
        job->document = bytes;
        return true;
    case CHECKER_PART_EVIDENCE:
        job->how.evidence = bytes;
        return true;
    case CHECKER_PART_POLICY:
        job->how.policy = &job->policy;
        return policy_read(bytes, &job->policy, &unreadable);
    case CHECKER_PART_CONTENT:
        if (job->how.detached_count == CHECKER_MAX_CONTENTS)
            return false;
        job->contents[job->how.detached_count] = (struct detached){
            .name = part->name, .bytes = bytes, .memo = &job->memos[job->how.detached_count]};
        job->how.detached_count++;
        return true;
    default:
        return false;
    }
}

static bool map_job(const struct serving *serving, const struct checker_request *request, struct job *ret_job)
{
    *ret_job = (struct job){.how = {.trust = serving->trust, .at_ms = request->at_ms}};
    for (size_t i = 0; i < request->part_count; i++)
        if (!map_part(ret_job, &request->parts[i]))
            return false;
    detached_sort(ret_job->contents, ret_job->how.detached_count);
    ret_job->how.detached = ret_job->contents;
    return true;
}

/* What grows with the size of what is looked at: time to digest it; memory for an XML tree and for parsed evidence.
 * All else is the same for every document. Hard limits: nothing lifts them. */
static bool set_limits(const struct serving *serving, const struct job *job)
{
    uint64_t size = job->document.size, tree = document_kind_of(job->document) == DOCUMENT_XML ? size : 0;
    for (size_t i = 0; i < job->how.detached_count; i++)
        size += job->contents[i].bytes.size;
    rlim_t cpu = CHECKER_CPU_SECONDS + (size >> 20) * CHECKER_MS_PER_MEGABYTE / 1000;
    rlim_t memory = CHECKER_MEMORY + EVIDENCE_FACTOR * (serving->trust_size + job->how.evidence.size)
                    + TREE_FACTOR * tree;
    const struct rlimit seconds = {cpu, cpu + 1}, bytes = {memory, memory};
    return setrlimit(RLIMIT_CPU, &seconds) == 0
           && (!checker_memory_can_be_limited() || setrlimit(RLIMIT_DATA, &bytes) == 0);
}

static bool judge(const struct job *job, int socket)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer body CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct source document = source_of(job->document);
    if (!verifier_check(&job->how, &document, &verdict, &err))
        return answer_error(socket, &err);
    verdict_write(&verdict, &body);
    if (body.failed)
        _exit(CHECKER_EXIT_MEMORY);
    return checker_answer_send(socket, CHECKER_VERDICT, buffer_span(&body));
}

/* Never returns. The sockets of the pool are closed before anything is looked at. */
static void work(const struct serving *serving, struct checker_request *request, pid_t parent)
{
    struct job job;
    int answer = fd_take(&request->answer);
    close(CHILD_SOCKET);
    if (!map_job(serving, request, &job) || !set_limits(serving, &job)
        || !checker_sandbox_seal(serving->seal, parent))
        _exit(EXIT_OUR_FAULT);
    for (size_t i = 0; i < request->part_count; i++)
        fd_close(&request->parts[i].fd);
    _exit(judge(&job, answer) ? EXIT_DONE : EXIT_OUR_FAULT);
}

static bool tell_end(int status, const struct rusage *used)
{
    struct buffer body CLEANUP(buffer_clear) = {0};
    const struct timeval *user = &used->ru_utime, *kernel = &used->ru_stime;
    buffer_u8(&body, (uint8_t)(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNAL + WTERMSIG(status)));
    buffer_u32(&body,
               (uint32_t)((user->tv_sec + kernel->tv_sec) * 1000000 + user->tv_usec + kernel->tv_usec));
    return !body.failed && checker_answer_send(CHILD_SOCKET, CHECKER_ENDED, buffer_span(&body));
}

static bool check(const struct serving *serving, struct checker_request *request)
{
    int status = 0;
    struct rusage used = {0};
    pid_t parent = getpid(), pid = fork(), ended;
    if (pid == 0)
        work(serving, request, parent);
    checker_request_clear(request);
    if (pid < 0)
        return false;
    do
        ended = wait4(pid, &status, 0, &used);
    while (ended < 0 && errno == EINTR);
    return ended == pid && tell_end(status, &used);
}

static bool serve_one(struct serving *serving)
{
    struct checker_request request CLEANUP(checker_request_clear) = {.answer = -1};
    if (!checker_request_receive(CHILD_SOCKET, &request) || request.part_count == 0)
        return false;
    if (request.kind == CHECKER_TRUST)
        return take_trust(serving, &request.parts[0]);
    return request.answer >= 0 && check(serving, &request);
}

int checker_main(void)
{
    struct serving serving = {0};
    mallopt(M_MMAP_THRESHOLD, HEAP_CHUNK_MAX);
    mallopt(M_TRIM_THRESHOLD, HEAP_CHUNK_MAX);
    if (!checker_memory_is_fatal())
        return EXIT_OUR_FAULT;
    xml_init();
    if (!warm_up() || !checker_sandbox_enter(&serving.seal))
        return EXIT_OUR_FAULT;
    while (serve_one(&serving)) {
    }
    /* The pool has closed its end, or died: a document under way is ended with its parent. Exit handlers would look
     * for files. */
    _exit(EXIT_DONE);
}
