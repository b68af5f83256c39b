/* The manifests of a container: ASiCManifest and ASiCArchiveManifest (EN 319 162-1, A.4 and A.7), which say what a CAdES
 * signature or a timestamp is about, and META-INF/manifest.xml (OASIS OpenDocument 1.2 part 3, 3), which lists the documents
 * and binds nothing. For the asic_*.c files. */
#pragma once

#include "signer/asic_container.h"

enum {
    ASIC_MAX_MANIFEST = 4 << 20,   /* bytes of one */
    ASIC_MAX_REFERENCES = 1 << 16, /* of all manifests of a container */
    ASIC_URI_SIZE = 96             /* as it is shown */
};

struct asic_reference {
    const struct detached *file; /* NULL: not in the container */
    char uri[ASIC_URI_SIZE];
    bool known; /* the algorithm */
    enum digest_algorithm algorithm;
    struct digest_value value;
};

/* Whether every file is as the manifest says. */
enum asic_manifest_state { ASIC_MANIFEST_UNCHECKED, ASIC_MANIFEST_WHOLE, ASIC_MANIFEST_DIFFERS };

struct asic_manifest {
    const struct detached *file; /* the manifest itself */
    const struct detached
        *signature; /* what SigReference means; NULL: nothing in the container, or malformed */
    struct asic_reference *references;
    size_t count;
    enum asic_manifest_state state; /* what asic_stamps.c has found out */
};

struct asic_manifests {
    struct asic_manifest *all; /* by name */
    size_t count;
};

/* All of them; one that is malformed is there without a signature. False: TOO_LARGE, INTERNAL. */
bool asic_manifests_read(const struct asic *asic, struct asic_manifests *ret_manifests, struct error *err)
    MUST_USE;
void asic_manifests_clear(struct asic_manifests *manifests);
/* The manifest that a signature or timestamp is about, the one that stands in that file; NULL when there is none. */
const struct asic_manifest *asic_manifest_of(const struct asic_manifests *manifests,
                                             const struct detached *signature);
const struct asic_manifest *asic_manifest_in(const struct asic_manifests *manifests,
                                             const struct detached *file);

/* Documents that META-INF/manifest.xml leaves out or makes up: said to the reader. False: TOO_LARGE, INTERNAL. */
bool asic_note_odf_manifest(const struct asic *asic, struct verdict *verdict, struct error *err) MUST_USE;
