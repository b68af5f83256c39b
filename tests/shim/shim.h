/* The control block of the fault-injecting PKCS#11 module: a file, mapped by the test and by every process that loads the
 * module. VANTHU_SHIM_CONTROL names it, VANTHU_SHIM_MODULE the real module. All fields are atomic: test and module run at once. */
#pragma once

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum shim_call {
    SHIM_OPEN_SESSION,
    SHIM_LOGIN,
    SHIM_SIGN_INIT,
    SHIM_SIGN,
    SHIM_GET_TOKEN_INFO,
    SHIM_FIND_OBJECTS_INIT,
    SHIM_CALLS
};

struct shim_fault {
    atomic_ulong rv;       /* CKR_*, 0: none */
    atomic_int skip;       /* calls that pass first */
    atomic_int count;      /* calls that get rv; -1: all */
    atomic_int latency_us; /* every call waits so long first */
    atomic_int hang;       /* calls that never return */
    atomic_int crash;      /* calls that kill the process (SIGKILL) before the real one */
    atomic_int calls;      /* how many there were */
};

struct shim_control {
    struct shim_fault call[SHIM_CALLS];
    atomic_int
        removed; /* the token is not there: not in lists, CKR_DEVICE_REMOVED from every call; 2: nor its slot */
    atomic_int one_at_a_time; /* C_Sign is serialised, as a smart card does */
    atomic_int sessions_max;  /* CKR_SESSION_COUNT beyond; 0: no limit */
    atomic_int sessions_open;
    atomic_ulong token_flags; /* set in every CK_TOKEN_INFO */
    atomic_int replay;       /* C_Sign repeats the first signature of each kind: a token that takes no time */
    atomic_int most_at_once; /* callers seen inside C_Sign together */
    atomic_int spoil;        /* signatures to be returned with a bit turned */
    atomic_int initialised;  /* C_Initialize calls: processes that started */
};

static inline struct shim_control *shim_map(const char *path, int create)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
    if (fd < 0 || (create && ftruncate(fd, sizeof(struct shim_control)) != 0))
        return NULL;
    void *map = mmap(NULL, sizeof(struct shim_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return map == MAP_FAILED ? NULL : map;
}
