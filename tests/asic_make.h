/* Containers made when a test runs (EN 319 162-1): members are put in one after the other, signatures among them made
 * over those that are there. */
#pragma once

#include "tests/pki.h"
#include "tests/zip_make.h"

enum { ASIC_MAKE_MAX = 24 };

struct container {
    struct zip_member members[ASIC_MAKE_MAX];
    struct buffer owned[ASIC_MAKE_MAX]; /* what the members point to */
    size_t count;
    struct zip_lies lies;
};

void container_put(struct container *container, const char *name, struct span bytes);
/* application/vnd.etsi.asic-s+zip, or -e. */
void container_put_mimetype(struct container *container, char kind);
/* A detached CAdES signature, or a timestamp token, over that member. */
void container_put_cades(struct container *container, const char *name, const struct pki_person *signer,
                         const char *about);
void container_put_token(struct container *container, const char *name, const struct pki_person *authority,
                         const char *about, int64_t time_ms);
/* An ASiCManifest: what SigReference says, and the members whose digests it holds; `files` ends in NULL. */
void container_put_manifest(struct container *container, const char *name, const char *signature,
                            const char *const *files);
/* XAdES signatures in asic:XAdESSignatures, each over the members that `uris` mean; those end in NULL. */
struct xades_wish {
    const struct pki_person *signer;
    const char *uris[6], *files[6]; /* how the reference calls it, which member it is (NULL: the same) */
    const char *base64; /* what the first file means when base64 is undone; NULL: it stands for itself */
};
/* `root` is the element around them; NULL: that of ASiC. */
void container_put_xades(struct container *container, const char *name, const struct xades_wish *wishes,
                         size_t count, const char *root);

struct zip_member *container_member(struct container *container, const char *name);
void container_drop(struct container *container, const char *name);
void container_write(const struct container *container, struct buffer *ret_zip);
void container_clear(struct container *container);
