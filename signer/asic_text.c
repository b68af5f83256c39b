#include "signer/asic_text.h"

TEXTS_DEFINE(ASIC_TEXTS, asic_texts)
