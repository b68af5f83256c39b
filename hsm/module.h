/* The vendor's PKCS#11 module, loaded into a keeper. libp11 finds slots, tokens, keys and certificates in it; logging in and
 * signing go through its own function table, with return values we can judge. Measured on SoftHSM there is no difference in
 * speed; but libp11 0.4.12 waits for ever when no session can be opened, never drops a dead one, keeps the PIN, and turns a
 * signature with PSS into raw RSA. Opened once, by the keeper's main thread; the function table may be used by any thread. */
#pragma once

#include <libp11.h>
#include <p11-kit/pkcs11.h>

#include "base/error.h"

enum { MODULE_SLOTS_MAX = 64 };

struct module {
    const char *path; /* the caller's */
    void *library;
    CK_FUNCTION_LIST *call;
    PKCS11_CTX *libp11;
    PKCS11_SLOT *slots;
    unsigned slot_count;
};

/* `path` NULL: p11-kit's proxy. The module stays until the process ends: many cannot be unloaded. */
bool module_open(const char *path, struct module *ret_module, struct error *err) MUST_USE;
/* Whether other tokens are plugged in than at opening. A keeper never looks again: it ends, and a fresh one does. */
bool module_changed(const struct module *module);

/* What a return value means for us. */
enum rv_class {
    RV_OK,
    RV_PIN,    /* the PIN was judged: wrong, locked, expired */
    RV_DEVICE, /* session, token or device are gone: this process is of no more use */
    RV_BUSY,   /* no more sessions */
    RV_CALL,   /* what was asked does not suit the key */
    RV_UNCLEAR /* anything else, vendors' own codes included */
};
enum rv_class rv_class(CK_RV rv);
/* "CKR_DEVICE_ERROR", or "0x…". For error_cause. */
const char *rv_name(CK_RV rv, size_t size, char *ret_name);
/* Adds "C_Sign: CKR_…"; returns false. */
bool error_rv(struct error *err, const char *call, CK_RV rv);
