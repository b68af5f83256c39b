/* A container as ASiC sees it (EN 319 162-1, 4.2): its members by name, which of them are documents, and which kind of
 * container it says it is. What speaks against it is named, nothing is judged. For the asic_*.c files. */
#pragma once

#include "signer/zip.h"

enum asic_kind { ASIC_SIMPLE, ASIC_EXTENDED };

/* What a member is for, by its name (4.3.3.2, 4.4.3.2, 4.4.4.2). */
enum asic_role {
    ASIC_DATA, /* outside META-INF: what is signed */
    ASIC_MIMETYPE,
    ASIC_XADES,     /* META-INF/ *signatures*.xml */
    ASIC_CADES,     /* META-INF/ *signature*.p7s */
    ASIC_TIMESTAMP, /* META-INF/ *timestamp*.tst */
    ASIC_MANIFEST,  /* META-INF/ASiCManifest*.xml, META-INF/ASiCArchiveManifest*.xml */
    ASIC_EVIDENCE,  /* META-INF/ *evidencerecord*, META-INF/ASiCEvidenceRecordManifest*.xml */
    ASIC_ODF,       /* META-INF/manifest.xml */
    ASIC_OTHER,
    ASIC_ROLES
};
enum asic_role asic_role_of(const char *name);

struct asic {
    struct zip zip;
    /* members that are no folders and not damaged, by name */
    struct detached *files;
    size_t count;
    size_t roles[ASIC_ROLES]; /* how many of each */
    enum asic_kind kind;
    bool says_kind; /* the media type does; else the kind is a guess */
};

/* False: as zip_read. Damaged members are left out and make a defect of the zip. */
bool asic_open(struct span bytes, struct asic *ret_asic, struct error *err) MUST_USE;
void asic_close(struct asic *asic);
/* Whether a ZIP holds a signature or timestamp that is ASiC's; nothing is unpacked. What cannot be read holds none. */
bool asic_is_signed(struct span bytes);
/* NULL: there is none. */
const struct detached *asic_find(const struct asic *asic, const char *name);
/* What the rules about `mimetype` have to say (A.1): it is for programs that guess, and no signature protects it, so that it
 * is said to the reader and worsens nothing. */
void asic_note_mimetype(const struct asic *asic, struct verdict *verdict);
