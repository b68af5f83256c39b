/* Whom a certificate was issued to: a person or an agency. */
#pragma once

#include <openssl/x509.h>

#include "signer/verdict.h"

/* By the subject, as Vietnamese authorities write it: a person has a title, a given name or surname, or a UID or
 * serialNumber with a citizen's number (CCCD:, CMND:, HC:); an agency an organizationIdentifier (EN 319 412-3, 4.2.1), a UID
 * with a tax or budget code (MST:, MNS:), or the name of its organization or unit as its common name. By qcStatements
 * (EN 319 412-5, 4.2.3) where they say esign or eseal. What says nothing is a person's, as most certificates are. */
enum signer_role role_of(X509 *certificate);
