/* A signed form for the tests of what may happen behind a signature: texts, a box to tick, a field that waits
 * for a second signature. */
#pragma once

#include "tests/pades_craft.h"

#define FORM_SIGNATURE(more) CRAFT_SIGNATURE("ETSI.CAdES.detached " more)
#define FORM_DOCMDP(parameters)                                                                              \
    "/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <<" parameters ">>>>]"
#define FORM_FIELDMDP(parameters)                                                                            \
    "/Reference [<</Type /SigRef /TransformMethod /FieldMDP /TransformParams <<" parameters ">>>>]"
#define FORM_STREAM(text)                                                                                    \
    "<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 7>>\nstream\n" text "\nendstream"
/* Objects of the form, with something said otherwise */
#define FORM_CATALOG(more) "<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R " more ">>"
#define FORM_PAGE(more)                                                                                      \
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<>> /Annots [5 0 R 8 "  \
    "0 R 9 0 R 10 0 R 11 0 R " more "]>>"
#define FORM_SIGNED(more)                                                                                    \
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Duyet) /P 3 0 R /Rect [0 0 0 0] /V 6 0 R " more ">>"
#define FORM_FIELDS(fields, more)                                                                            \
    "<</SigFlags 3 /DA (/F1 9 Tf) /DR <</Font <</F1 15 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R "    \
    fields "] " more ">>"
#define FORM_NAME(value, look)                                                                               \
    "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (" value            \
    ") /AP <</N " look ">>>>"
#define FORM_TICK(state)                                                                                     \
    "<</Type /Annot /Subtype /Widget /FT /Btn /T (Dongy) /P 3 0 R /Rect [50 650 60 660] /V " state " /AS "   \
    state " /AP <</N <</Co 13 0 R /Off 14 0 R>>>>>>"
#define FORM_WAITING(more)                                                                                   \
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Dongdau) /P 3 0 R /Rect [50 50 200 120] " more ">>"
#define FORM_SUM(value, look)                                                                                \
    "<</Type /Annot /Subtype /Widget /FT /Tx /T (Tien) /P 3 0 R /Rect [50 600 250 620] /V (" value           \
    ") /AP <</N " look ">>>>"
enum { FORM_FREE = 20 }; /* the first number that nothing uses */

/* The form with what its first signature says beside (may be ""), and its field. Object 6 is the signature. */
struct pdf_plan form_plan(const char *signature, const char *field);
