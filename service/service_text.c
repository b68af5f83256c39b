#include "service/service_text.h"

TEXTS_DEFINE(SERVICE_TEXTS, service_texts)
