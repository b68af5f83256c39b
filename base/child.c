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
