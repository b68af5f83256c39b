#include "hsm/hsm_text.h"

TEXTS_DEFINE(HSM_TEXTS, hsm_texts)
