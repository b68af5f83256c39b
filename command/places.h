/* Where a person's files are (XDG base directories). */
#pragma once

#include "base/error.h"

/* `asked` when it is not NULL, else ~/.cache/vanthu/revocation; NULL when there is no such place. The caller frees. */
char *place_cache(const char *asked);
/* Likewise ~/.config/vanthu/trust. */
char *place_trust(const char *asked);
/* The directory with all above it; it may be there. */
bool make_directories(const char *path, struct error *err) MUST_USE;
