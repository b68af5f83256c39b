#include "signer/policy_text.h"

TEXTS_DEFINE(POLICY_TEXTS, policy_texts)
