#include "service/axis_text.h"

TEXTS_DEFINE(AXIS_TEXTS, axis_texts)
