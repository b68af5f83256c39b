/* What arrived over HTTP becomes a blob without being copied: its private file is cut to what counts and
 * later gets a name in the store (blob_adopt). Small ones stay in memory. */
#pragma once

#include "exchange/blob.h"

/* `bytes` are the beginning of the private file `fd` (-1: they stand in memory) and have that SHA-256. The
 * file is cut behind them; the blob has a descriptor of its own. */
bool body_blob(struct span bytes, int fd, const struct digest_value *sha256, struct blob *ret_blob,
               struct error *err) MUST_USE;
