/* Processes of our own program: each gets the standard three descriptors and at most one socket, as descriptor 3,
 * and signals as a fresh program expects them. Any thread may call. */
#pragma once

#include <sys/types.h>

#include "base/error.h"

enum { CHILD_SOCKET = 3 };

/* Runs `program` (NULL: this one) with `args` (args[0] is the program's name, the list ends with NULL).
 * `socket` (-1: none) becomes descriptor 3 there and stays the caller's here. INTERNAL with the cause when it cannot be
 * run. */
bool child_start(const char *program, const char *const *args, int socket, pid_t *ret_pid, struct error *err)
    MUST_USE;
/* A copy of this very process runs `work` and ends with what it returns, without exit handlers: no program is loaded, and
 * all that we hold is there too, so nothing in our memory may be a secret. Only while we have one thread. Otherwise as
 * child_start. */
bool child_copy(int (*work)(void), int socket, pid_t *ret_pid, struct error *err) MUST_USE;
/* Kills it (SIGKILL), if it still runs, and waits for its end. Returns its exit code, 128 + the signal that
 * ended it, or -1 when somebody else has taken the answer. */
int child_kill(pid_t *pid);
/* Waits for the end of one that has ended or is about to. */
int child_wait(pid_t *pid);
