#include "signer/signer_text.h"

TEXTS_DEFINE(SIGNER_TEXTS, signer_texts)
