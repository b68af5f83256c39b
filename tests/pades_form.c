#include "tests/check.h"

#include "tests/pades_form.h"

struct pdf_plan form_plan(const char *signature, const char *field)
{
    return (struct pdf_plan){
        .objects = {[1] = FORM_CATALOG(""),
                    [2] = "<</Type /Pages /Kids [3 0 R] /Count 1>>",
                    [3] = FORM_PAGE(""),
                    [4] = "<</Length 7>>\nstream\nq q Q Q\nendstream",
                    [5] = field,
                    [6] = signature,
                    [7] = FORM_FIELDS("", ""),
                    [8] = FORM_NAME("An", "12 0 R"),
                    [9] = FORM_TICK("/Off"),
                    [10] = FORM_WAITING(""),
                    [11] = FORM_SUM("100", "16 0 R"),
                    [12] = FORM_STREAM("q (1) Q"),
                    [13] = FORM_STREAM("q (2) Q"),
                    [14] = FORM_STREAM("q (3) Q"),
                    [15] = "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>",
                    [16] = FORM_STREAM("q (4) Q"),
                    [17] = "<</Producer (a)>>",
                    [18] = "<</Type /Metadata /Subtype /XML /Length 37>>\nstream\n"
                           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>\nendstream",
                    [19] = "<</Type /Annot /Subtype /Text /Rect [9 9 9 9] /Contents (x)>>"},
        .trailer = "/Info 17 0 R"};
}
