/* Ownership by declaration. An owned local is declared with CLEANUP and initialised on the same line; what it holds is
 * given back when the scope ends. TAKE(x) hands it over and leaves the variable empty.
 *
 *     struct buffer text CLEANUP(buffer_clear) = {0};
 *     char *name CLEANUP(free_clear) = NULL;
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))
#define MUST_USE __attribute__((warn_unused_result))
#define UNUSED __attribute__((unused))

/* Hands over what `variable` (a pointer) owns and leaves NULL behind. */
#define TAKE(variable)                                                                                       \
    ({                                                                                                       \
        __typeof__(variable) taken_ = (variable);                                                            \
        (variable) = NULL;                                                                                   \
        taken_;                                                                                              \
    })

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Defines `name(type *owner)`, which gives back *owner with `release` and leaves it NULL; an empty owner is accepted. */
#define DEFINE_CLEANUP(type, name, release)                                                                  \
    static inline UNUSED void name(type *owner)                                                              \
    {                                                                                                        \
        if (*owner)                                                                                          \
            release(*owner);                                                                                 \
        *owner = NULL;                                                                                       \
    }

static inline void free_clear(void *owner)
{
    void **pointer = owner;
    free(*pointer);
    *pointer = NULL;
}

/* For `int fd CLEANUP(fd_close) = -1;` */
static inline void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static inline int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}
