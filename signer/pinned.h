/* XML that counts only when somebody who is known beforehand signed all of it: trusted lists, bundles. Threads may call. */
#pragma once

#include "base/certificate.h"

/* Whether one of these certificates signed the whole of it, by a signature that was good at that time (its certificate
 * may have ended since: what was true then was true). `name` is what errors call it. REFUSED. */
bool pinned_signed(struct span xml, const struct certificates *signers, int64_t at_ms, const char *name,
                   struct error *err) MUST_USE;
