/* anchors.conf: what a directory of trust says about its files. Settings as everywhere; a directory without one is
 * simply believed. Files are named by their name in the directory.
 *
 *     [anchor "gca-root.crt"]
 *     tree = cong-vu
 *     use = signatures, seals
 *     from = 2014-01-01
 *     until = 2030-01-01
 *     note = Ban Cơ yếu Chính phủ
 *
 *     [list "vn"]
 *     file = lists/vn.xml
 *     signer = lists/vn.crt
 *     url = https://tsl.example.vn/vn.xml
 *     tree = cong-cong
 *
 *     [crl "gca.crl"]
 *     url = http://crl.example.vn/gca.crl
 *
 * The tree is shown with every verdict that rests on the anchor. Without `use` it is trusted for all. `anchor = yes` makes
 * an anchor of what is not self-signed. A list counts when one of the certificates of `signer` signed the whole of it, and
 * they are trusted for nothing else: they lie in a folder below, where nothing is looked for. */
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
