/* Attachments as people mean them: a name without a path, bytes of the kind the name says, without the ZIP they may have travelled in. What the
 * package declares is not trusted: the axis itself delivers ZIPs as application/pdf. */
#pragma once

#include "exchange/package.h"

enum nature { NATURE_EMPTY, NATURE_PDF, NATURE_ZIP, NATURE_OLE2, NATURE_OTHER };
/* What the bytes are, by how they begin. */
enum nature nature_of(struct span bytes);
/* "PDF", "ZIP", "OLE2", "dữ liệu khác" */
const char *nature_name(enum nature nature);

enum { EXTENSION_SIZE = 16 };
/* Lower-case, without the dot; "" when there is none or it is no word. */
void name_extension(const char *name, char ret_extension[static EXTENSION_SIZE]);
/* Whether it is a name and nothing else: no separators, no "..", no control or direction-changing characters. */
bool name_is_safe(const char *name);

/* Looks at what was decoded and unwraps it when it is a wrapper (edXML variants, section 4 of the facts): the writer is then another one. Refuses
 * what is not what its name or type says. */
bool attachment_settle(struct blobs *blobs, const struct attachment *attachment, uint64_t limit,
                       struct blob_writer **writer, enum nature *ret_nature, bool *ret_unwrapped,
                       struct error *err) MUST_USE;

/* The same questions of a file that is sent as it stands: nothing is unwrapped, so a ZIP under the name of something that is none is
 * refused. */
bool attachment_check(const struct attachment *attachment, struct span bytes, struct error *err) MUST_USE;
