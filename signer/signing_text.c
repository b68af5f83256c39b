#include "signer/signing_text.h"

TEXTS_DEFINE(SIGNING_TEXTS, signing_texts)
