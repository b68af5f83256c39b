#include "command/command_text.h"

TEXTS_DEFINE(COMMAND_TEXTS, command_texts)
