/* Inside a checker process: libraries warmed up, the doors shut, then one document after the other. */
#include <malloc.h>
#include <sys/mman.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/xml.h"
#include "signer/checker.h"
#include "signer/checker_frame.h"
#include "signer/checker_sandbox.h"

enum {
    EXIT_DONE = 0,
    EXIT_OUR_FAULT = 70,
    HEAP_KEPT = 4 << 20, /* a document above this leaves a heap worth giving back */
    HEAP_CHUNK_MAX =
        256 << 20 /* below, blocks come from the heap: mapping each anew costs more than parsing */
};

extern const unsigned char checker_sample[];
extern const size_t checker_sample_size;

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
static bool map(int fd, uint64_t size, struct span *ret_bytes)
{
    *ret_bytes = (struct span){0};
    if (size == 0)
        return true;
    void *data = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED)
        *ret_bytes = span_of(data, (size_t)size);
    return data != MAP_FAILED;
}

static void unmap(struct span *bytes)
{
    if (bytes->size)
        munmap((void *)(uintptr_t)bytes->data, bytes->size);
}

static bool answer_error(const struct error *err)
{
    struct buffer body CLEANUP(buffer_clear) = {0};
    if (err->text == &TEXT_NO_MEMORY)
        _exit(CHECKER_EXIT_MEMORY);
    checker_error_write(err, &body);
    return !body.failed && checker_answer_send(CHILD_SOCKET, CHECKER_ERROR, buffer_span(&body));
}

static bool take_trust(struct span snapshot, struct trust **trust)
{
    struct trust *taken = NULL;
    struct error err = {0};
    if (!trust_read(snapshot, &taken, &err))
        return answer_error(&err);
    trust_free(trust);
    *trust = taken;
    return checker_answer_send(CHILD_SOCKET, CHECKER_READY, (struct span){0});
}

static bool check(const struct trust *trust, int64_t at_ms, struct span bytes)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer body CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct source document = source_of(bytes);
    if (!verifier_check(&(struct verification){.trust = trust, .at_ms = at_ms}, &document, &verdict, &err))
        return answer_error(&err);
    verdict_write(&verdict, &body);
    if (body.failed)
        _exit(CHECKER_EXIT_MEMORY);
    return checker_answer_send(CHILD_SOCKET, CHECKER_VERDICT, buffer_span(&body));
}

static bool serve_one(struct trust **trust)
{
    struct checker_request request;
    struct span bytes CLEANUP(unmap) = {0};
    int fd CLEANUP(fd_close) = -1;
    if (!checker_request_receive(CHILD_SOCKET, &request, &fd) || !map(fd, request.size, &bytes))
        return false;
    bool good =
        request.kind == CHECKER_TRUST ? take_trust(bytes, trust) : check(*trust, request.at_ms, bytes);
    if (bytes.size > HEAP_KEPT)
        malloc_trim(0);
    return good;
}

int checker_main(void)
{
    mallopt(M_MMAP_THRESHOLD, HEAP_CHUNK_MAX);
    mallopt(M_TRIM_THRESHOLD, HEAP_CHUNK_MAX);
    if (!checker_memory_is_fatal())
        return EXIT_OUR_FAULT;
    xml_init();
    if (!warm_up() || !checker_sandbox_enter())
        return EXIT_OUR_FAULT;
    struct trust *trust = NULL;
    while (serve_one(&trust)) {
    }
    /* The pool has closed its end, or died: no death signal is needed, which would come when the thread ends
     * that started us. A document under way is ended by its limit of CPU time. Exit handlers would look for files. */
    _exit(EXIT_DONE);
}
