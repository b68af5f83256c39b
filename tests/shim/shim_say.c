/* Says something to a running shim, for scripts:
 *
 *     shim_say CONTROL make               makes the control block
 *     shim_say CONTROL removed 0|1        the token is there, or not
 *     shim_say CONTROL sign-latency US    how long C_Sign waits first
 *     shim_say CONTROL sign-hang COUNT    so many C_Sign calls never return
 *     shim_say CONTROL sign-crash COUNT   so many kill their process
 *     shim_say CONTROL signs              prints how many C_Sign calls there were */
#include "tests/shim/shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int say(struct shim_control *control, const char *what, int value)
{
    struct shim_fault *sign = &control->call[SHIM_SIGN];
    if (strcmp(what, "removed") == 0)
        atomic_store(&control->removed, value);
    else if (strcmp(what, "sign-latency") == 0)
        atomic_store(&sign->latency_us, value);
    else if (strcmp(what, "sign-hang") == 0)
        atomic_store(&sign->hang, value);
    else if (strcmp(what, "sign-crash") == 0)
        atomic_store(&sign->crash, value);
    else if (strcmp(what, "signs") == 0)
        printf("%d\n", atomic_load(&sign->calls));
    else if (strcmp(what, "make") != 0)
        return 64;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: shim_say CONTROL WORD [VALUE]\n", stderr);
        return 64;
    }
    struct shim_control *control = shim_map(argv[1], strcmp(argv[2], "make") == 0);
    if (!control) {
        perror(argv[1]);
        return 66;
    }
    return say(control, argv[2], argc > 3 ? atoi(argv[3]) : 0);
}
