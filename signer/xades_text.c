#include "signer/xades_text.h"

TEXTS_DEFINE(XADES_TEXTS, xades_texts)
