/* How commands reach keys. */
#pragma once

#include "hsm/key.h"

struct key_options {
    const char *uri, *module, *pin_file;
};
/* Starts a keeper for this command alone. */
bool keys_open(const struct key_options *options, struct hsm **ret_hsm, struct error *err) MUST_USE;
