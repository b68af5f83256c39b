#include "signer/pdf_text.h"

TEXTS_DEFINE(PDF_TEXTS, pdf_texts)
