#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "base/base_text.h"

static int spawn(const char *program, const char *const *args, int socket, pid_t *ret_pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    if (socket >= 0)
        posix_spawn_file_actions_adddup2(&files, socket, CHILD_SOCKET);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, socket >= 0 ? CHILD_SOCKET + 1 : CHILD_SOCKET);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int code = posix_spawn(ret_pid, program, &files, &how, (char *const *)args, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return code;
}

bool child_start(const char *program, const char *const *args, int socket, pid_t *ret_pid, struct error *err)
{
    int code = spawn(program ? program : "/proc/self/exe", args, socket, ret_pid);
    if (code == 0)
        return true;
    errno = code;
    fail(err, ERR_INTERNAL, &TEXT_CHILD_NOT_STARTED, args[1] ? args[1] : args[0]);
    return error_errno(err, program ? program : "/proc/self/exe");
}

/* In the copy: what posix_spawn does for a program. */
static bool settle(int socket)
{
    sigset_t none;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0
        || (socket >= 0 && socket != CHILD_SOCKET && dup2(socket, CHILD_SOCKET) < 0))
        return false;
    return close_range(socket >= 0 ? CHILD_SOCKET + 1 : CHILD_SOCKET, ~0U, 0) == 0
           && sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

bool child_copy(int (*work)(void), int socket, pid_t *ret_pid, struct error *err)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(settle(socket) ? work() : EXIT_FAILURE);
    if (pid > 0) {
        *ret_pid = pid;
        return true;
    }
    fail(err, ERR_INTERNAL, &TEXT_CHILD_NOT_STARTED, "fork");
    return error_errno(err, "fork");
}

int child_wait(pid_t *pid)
{
    int status = 0;
    pid_t found;
    if (*pid <= 0)
        return -1;
    do
        found = waitpid(*pid, &status, 0);
    while (found < 0 && errno == EINTR);
    *pid = 0;
    if (found < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_kill(pid_t *pid)
{
    if (*pid > 0)
        kill(*pid, SIGKILL);
    return child_wait(pid);
}
