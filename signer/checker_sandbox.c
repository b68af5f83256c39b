#include "signer/checker_sandbox.h"

#include <dlfcn.h>
#include <errno.h>
#include <libxml/xmlmemory.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { MAX_DESCRIPTORS = 48 };

DEFINE_CLEANUP(scmp_filter_ctx, filter_clear, seccomp_release)

/* ---- memory */

static void *or_die(void *memory)
{
    if (!memory)
        _exit(CHECKER_EXIT_MEMORY);
    return memory;
}

static void *xml_malloc(size_t size)
{
    return or_die(malloc(size ? size : 1));
}

static void *xml_realloc(void *memory, size_t size)
{
    return or_die(realloc(memory, size ? size : 1));
}

static char *xml_strdup(const char *text)
{
    return or_die(strdup(text));
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return size ? or_die(malloc(size)) : NULL;
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (size)
        return or_die(realloc(memory, size));
    free(memory);
    return NULL;
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static void cxx_new_failed(void)
{
    _exit(CHECKER_EXIT_MEMORY);
}

bool checker_memory_can_be_limited(void)
{
    return !SANITIZED;
}

bool checker_memory_is_fatal(void)
{
    /* std::set_new_handler, when some library has brought the C++ runtime along */
    void (*(*set_new_handler)(void (*)(void)))(void) = NULL;
    *(void **)&set_new_handler = dlsym(RTLD_DEFAULT, "_ZSt15set_new_handlerPFvvE");
    if (set_new_handler)
        set_new_handler(cxx_new_failed);
    return xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup) == 0
           && CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

/* ---- files */

/* Landlock (Linux 5.13): every kind of access is handled, none is granted. */
static void forbid_files(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return;
    uint64_t known = LANDLOCK_ACCESS_FS_MAKE_SYM | (LANDLOCK_ACCESS_FS_MAKE_SYM - 1); /* all of version 1 */
    struct landlock_ruleset_attr rules = {.handled_access_fs = known};
    int fd CLEANUP(fd_close) = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (fd >= 0)
        syscall(SYS_landlock_restrict_self, fd, 0);
}

/* ---- system calls */

/* What computing takes. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(recvmsg),
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(restart_syscall),
};

/* Libraries look around for files, and live when they are told that there are none. */
static const int answered[] = {
    SCMP_SYS(open),     SCMP_SYS(openat),     SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(stat),     SCMP_SYS(lstat),      SCMP_SYS(newfstatat), SCMP_SYS(statx),     SCMP_SYS(fstat),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),     SCMP_SYS(getuid),    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),   SCMP_SYS(getegid),    SCMP_SYS(ioctl),      SCMP_SYS(lseek),     SCMP_SYS(sysinfo),
    SCMP_SYS(uname),    SCMP_SYS(prlimit64),  SCMP_SYS(tgkill),
};

/* What the process that makes copies of itself does besides. */
static const int for_copies[] = {
    SCMP_SYS(clone),   SCMP_SYS(wait4),   SCMP_SYS(set_robust_list), SCMP_SYS(prctl),
    SCMP_SYS(seccomp), SCMP_SYS(getppid), SCMP_SYS(setrlimit),       SCMP_SYS(prlimit64),
};

/* What AddressSanitizer's runtime does besides, and what it asks when it reports. */
static const int for_sanitizers[] = {
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),    SCMP_SYS(getrusage), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getppid),     SCMP_SYS(set_robust_list), SCMP_SYS(mincore),   SCMP_SYS(prctl),
    SCMP_SYS(arch_prctl),  SCMP_SYS(tgkill),
};

static bool add(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (seccomp_rule_add(filter, action, calls[i], 0) != 0)
            return false;
    return true;
}

/* Memory may be had, but never memory that can be run. */
static bool add_memory(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0))
            != 0)
            return false;
    return true;
}

struct checker_seal {
    struct sock_fprog program;
};

static bool is_among(int call, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (calls[i] == call)
            return true;
    return false;
}

/* Those that are not allowed anyway. */
static bool add_answered(scmp_filter_ctx filter, bool copies)
{
    for (size_t i = 0; i < COUNT_OF(answered); i++) {
        bool taken = (copies && is_among(answered[i], for_copies, COUNT_OF(for_copies)))
                     || (SANITIZED && is_among(answered[i], for_sanitizers, COUNT_OF(for_sanitizers)));
        if (!taken && !add(filter, SCMP_ACT_ERRNO(EACCES), &answered[i], 1))
            return false;
    }
    return true;
}

static scmp_filter_ctx make_filter(bool copies)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter && add(filter, SCMP_ACT_ALLOW, allowed, COUNT_OF(allowed)) && add_memory(filter)
        && (!copies || add(filter, SCMP_ACT_ALLOW, for_copies, COUNT_OF(for_copies)))
        && (!SANITIZED || add(filter, SCMP_ACT_ALLOW, for_sanitizers, COUNT_OF(for_sanitizers)))
        && add_answered(filter, copies))
        return filter;
    filter_clear(&filter);
    return NULL;
}

/* The stricter filter as the kernel wants it, while there still is memory for it and a file to pass it through. */
static bool make_seal(struct checker_seal **ret_seal)
{
    scmp_filter_ctx filter CLEANUP(filter_clear) = make_filter(false);
    int fd CLEANUP(fd_close) = memfd_create("seal", MFD_CLOEXEC);
    struct checker_seal *seal CLEANUP(free_clear) = calloc(1, sizeof(*seal));
    off_t size =
        filter && fd >= 0 && seal && seccomp_export_bpf(filter, fd) == 0 ? lseek(fd, 0, SEEK_END) : -1;
    if (size <= 0)
        return false;
    seal->program.len = (unsigned short)((size_t)size / sizeof(struct sock_filter));
    seal->program.filter = malloc((size_t)size);
    if (!seal->program.filter || pread(fd, seal->program.filter, (size_t)size, 0) != size) {
        free(seal->program.filter);
        return false;
    }
    *ret_seal = TAKE(seal);
    return true;
}

static bool forbid_calls(void)
{
    scmp_filter_ctx filter CLEANUP(filter_clear) = make_filter(true);
    return filter && seccomp_load(filter) == 0;
}

static bool limit(int resource, rlim_t most)
{
    struct rlimit value = {most, most};
    return setrlimit((__rlimit_resource_t)resource, &value) == 0;
}

bool checker_sandbox_enter(struct checker_seal **ret_seal)
{
    if (!make_seal(ret_seal) || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0)
        || !limit(RLIMIT_NOFILE, MAX_DESCRIPTORS) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0
        || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    forbid_files();
    return forbid_calls();
}

bool checker_sandbox_seal(const struct checker_seal *seal, int parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent
           && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &seal->program, 0, 0) == 0;
}
