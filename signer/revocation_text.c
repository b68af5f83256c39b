#include "signer/revocation_text.h"

TEXTS_DEFINE(REVOCATION_TEXTS, revocation_texts)
