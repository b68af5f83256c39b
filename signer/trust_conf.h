/* anchors.conf: what a directory of trust says about its files. Settings as everywhere; a directory without one is
 * simply believed. Files are named by their name in the directory.
 *
 *     [anchor "gca-root.crt"]
 *     tree = cong-vu                  # shown with every verdict that rests on it
 *     use = signatures, seals         # of: signatures, seals, timestamps, ocsp; absent: all
 *     from = 2014-01-01               # trusted for what was signed from then …
 *     until = 2030-01-01              # … up to, not including
 *     anchor = yes                    # also when it is not self-signed
 *     note = Ban Cơ yếu Chính phủ
 *
 *     [list "vn"]                     # a signed trusted list (ETSI TS 119 612)
 *     file = lists/vn.xml
 *     signer = lists/vn.crt           # who must have signed it: pinned, and nothing else
 *     url = https://tsl.example.vn/vn.xml
 *     tree = cong-cong
 *
 *     [crl "gca.crl"]
 *     url = http://crl.example.vn/gca.crl */
#pragma once

#include "base/settings.h"
#include "signer/trust.h"

#define TRUST_CONF "anchors.conf"

struct trust_conf_anchor {
    const char *file, *tree, *from, *until, *note;
    const char *const *use;
    bool anchor;
};
struct trust_conf_list {
    const char *label, *file, *signer, *url, *tree;
    const char *const *use;
};
struct trust_conf_crl {
    const char *file, *url;
};

/* NULL where the directory has none. */
bool trust_conf_read(const char *directory, struct settings **ret_conf, struct error *err) MUST_USE;
/* Its sections for people: what the manual says. */
void trust_conf_manual(struct buffer *ret_text);
