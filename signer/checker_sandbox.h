#pragma once

#include <stdbool.h>

#include "base/own.h"

/* From here on this process can compute, read and write the descriptors it holds, and nothing else: no
 * files, no sockets, no programs, no threads, no memory that can be run. What it was, it stays: there is no
 * way back. False when the kernel does not do it; Landlock, which older kernels lack, is a second wall and
 * may be missing. */
bool checker_sandbox_enter(void) MUST_USE;

/* What an allocation that finds no memory ends a checker with: half a verdict is none. */
enum { CHECKER_EXIT_MEMORY = 77 };
/* Makes OpenSSL, libxml2 and C++ end the process so. To be called before any of them has allocated. */
bool checker_memory_is_fatal(void) MUST_USE;
/* Not under a sanitizer, whose shadow of the memory is larger than any limit. */
bool checker_memory_can_be_limited(void);
