#pragma once

#include <stdbool.h>

#include "base/own.h"

/* The second of two doors: the first shuts the process in, and leaves it able to make copies of itself; the
 * second, for such a copy, leaves it nothing but to compute and to write. */
struct checker_seal;

/* From here on this process can compute, read and write the descriptors it holds, fork and set limits, and nothing
 * else: no files, no sockets, no programs, no threads, no memory that can be run. What it was, it stays: there is no
 * way back. False when the kernel does not do it; Landlock, which older kernels lack, is a second wall and
 * may be missing. */
bool checker_sandbox_enter(struct checker_seal **ret_seal) MUST_USE;
/* In a copy, before it looks at anything: no more copies, no limits lifted, gone when its parent is gone. */
bool checker_sandbox_seal(const struct checker_seal *seal, int parent) MUST_USE;

/* What an allocation that finds no memory ends a checker with: half a verdict is none. */
enum { CHECKER_EXIT_MEMORY = 77 };
/* Makes OpenSSL, libxml2 and C++ end the process so. To be called before any of them has allocated. */
bool checker_memory_is_fatal(void) MUST_USE;
/* Not under a sanitizer, whose shadow of the memory is larger than any limit. */
bool checker_memory_can_be_limited(void);
