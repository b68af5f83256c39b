#include "signer/pdf_change_text.h"

TEXTS_DEFINE(PDF_CHANGE_TEXTS, pdf_change_texts)
