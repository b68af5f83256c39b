/* One token for all tests of a program, healed before each. Include after tests/check.h. */
#pragma once

#include "tests/dev_token.h"

static struct dev_token token;

static UNUSED int token_make(void **state)
{
    (void)state;
    dev_token_make(&token);
    return 0;
}

static UNUSED int token_drop(void **state)
{
    (void)state;
    dev_token_remove(&token);
    return 0;
}

static UNUSED int token_heal(void **state)
{
    (void)state;
    dev_token_heal(&token);
    return 0;
}
