/* The reports of vanthu verify: on the screen, or in a file, signed if wanted. */
#pragma once

#include "base/source.h"
#include "command/keys.h"
#include "signer/report.h"

struct report_wish {
    enum report_kind kind;
    enum language language;
    const char *output; /* NULL: the screen; PDF wants a file */
    bool force;
    struct key_options key; /* .uri NULL: not signed. PDF becomes PAdES, XML XAdES */
    const char *chain;
};
bool verify_report(const struct report_wish *wish, const struct report_about *about,
                   const struct verdict *verdict, struct error *err) MUST_USE;
