/* A certificate and its issuer for the fuzz targets of revocation data, the same in every run: seeds are signed by the
 * issuer's key, which is long gone. */
#pragma once

#include "signer/revocation.h"

/* What this list or answer says of the certificate; aborts when looking fails. */
enum revocation_status revocation_people_ask(enum evidence_kind kind, struct span der);
