#include "signer/cades_text.h"

TEXTS_DEFINE(CADES_TEXTS, cades_texts)
