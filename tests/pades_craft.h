/* Signatures where our own signer would never put one: the document says where, with room in it. */
#pragma once

#include "tests/pades_world.h"

#define CRAFT_ZEROS_64 "0000000000000000000000000000000000000000000000000000000000000000"
#define CRAFT_ZEROS_512                                                                                      \
    CRAFT_ZEROS_64 CRAFT_ZEROS_64 CRAFT_ZEROS_64 CRAFT_ZEROS_64 CRAFT_ZEROS_64 CRAFT_ZEROS_64 CRAFT_ZEROS_64 \
        CRAFT_ZEROS_64
/* The digits that craft_sign looks for; others may stand around them. */
#define CRAFT_RANGE "[0 1111111111 2222222222 3333333333]"
#define CRAFT_DIGITS                                                                                         \
    CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512          \
        CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512 CRAFT_ZEROS_512
#define CRAFT_SIGNATURE(filter)                                                                              \
    "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /" filter                                                \
    " /M (D:20251121120000+07'00') /ByteRange " CRAFT_RANGE " /Contents <" CRAFT_DIGITS ">>>"

/* The plain document with a form whose one field, "Ký duyệt", is signed by object 6. */
struct pdf_plan craft_plan(const char *signature);
/* Fills the last room that nobody has filled: ByteRange up to the end of the file but for /Contents, and a
 * CMS signature over it. */
void craft_sign(const struct pki_person *person, struct buffer *pdf);
/* Only what ByteRange says, and where the digits of /Contents stand: whoever signs otherwise goes on from
 * here. Returns the digest of what is covered. */
struct digest_value craft_range(enum digest_algorithm algorithm, struct buffer *pdf, struct span *ret_digits);
