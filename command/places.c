#include "command/places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/own.h"

static char *below(const char *asked, const char *variable, const char *usual, const char *name)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    char *path = NULL;
    if (asked)
        return strdup(asked);
    int size = base && base[0] == '/'   ? asprintf(&path, "%s/%s", base, name)
               : home && home[0] == '/' ? asprintf(&path, "%s/%s/%s", home, usual, name)
                                        : -1;
    return size < 0 ? NULL : path;
}

char *place_cache(const char *asked)
{
    return below(asked, "XDG_CACHE_HOME", ".cache", "vanthu/revocation");
}

char *place_trust(const char *asked)
{
    return below(asked, "XDG_CONFIG_HOME", ".config", "vanthu/trust");
}

bool make_directories(const char *path, struct error *err)
{
    char *part CLEANUP(free_clear) = strdup(path);
    for (char *slash = part ? strchr(part + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0755);
        *slash = '/';
    }
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, path);
    return error_errno(err, "mkdir");
}
