#include "exchange/package_text.h"

TEXTS_DEFINE(PACKAGE_TEXTS, package_texts)
