#include "signer/process_text.h"

TEXTS_DEFINE(PROCESS_TEXTS, process_texts)
