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
    "<</SigFlags 3 /DA (/F1 9 Tf) /DR <</Font <</F1 15 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 "      \
    "R " fields "] " more ">>"
#define FORM_NAME(value, look)                                                                               \
    "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (" value            \
    ") /AP <</N " look ">>>>"
#define FORM_TICK(state)                                                                                     \
    "<</Type /Annot /Subtype /Widget /FT /Btn /T (Dongy) /P 3 0 R /Rect [50 650 60 660] /V " state           \
    " /AS " state " /AP <</N <</Co 13 0 R /Off 14 0 R>>>>>>"
#define FORM_WAITING(more)                                                                                   \
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Dongdau) /P 3 0 R /Rect [50 50 200 120] " more ">>"
#define FORM_SUM(value, look)                                                                                \
    "<</Type /Annot /Subtype /Widget /FT /Tx /T (Tien) /P 3 0 R /Rect [50 600 250 620] /V (" value           \
    ") /AP <</N " look ">>>>"
#define FORM_BIT(kind) (1u << REVISION_##kind)

/* One revision behind the signed form, and what must be said of it. */
struct form_row {
    const char *sentence;
    const char *limits;     /* what the first signature says beside */
    const char *lock;       /* what its field says beside */
    struct pdf_plan base;   /* what is signed instead of the form's objects */
    struct pdf_plan update; /* the later revision; objects from 20 on are new */
    bool signs;             /* it is a second signature */
    unsigned kinds;         /* how it is recorded */
    const struct text *refused;
    enum changed changed; /* when it is not refused */
};

/* The form, signed by the leader, as a row wants it. */
void form_make(const struct form_row *row, struct buffer *ret_pdf);
/* Each row: the signed form passes, and with the revision behind it is judged as said. */
void form_check(const struct form_row *rows, size_t count);
