/* cmocka with our own word for a row of a table that does not hold: the sentence is printed, the test fails.
 * Include before everything else: cmocka wants four standard headers first, and its `fail` gives way to ours. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail

#define check_row(holds, sentence)                                                                           \
    do {                                                                                                     \
        if (!(holds)) {                                                                                      \
            print_error("does not hold: %s\n", (sentence));                                                  \
            _fail(__FILE__, __LINE__);                                                                       \
        }                                                                                                    \
    } while (0)
