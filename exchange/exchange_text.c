#include "exchange/exchange_text.h"

TEXTS_DEFINE(EXCHANGE_TEXTS, exchange_texts)
