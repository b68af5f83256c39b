#include "signer/timestamp_text.h"

TEXTS_DEFINE(TIMESTAMP_TEXTS, timestamp_texts)
