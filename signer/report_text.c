#include "signer/report_text.h"

TEXTS_DEFINE(REPORT_TEXTS, report_texts)
