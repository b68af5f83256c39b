#include "hsm/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "hsm/hsm_text.h"

#define MODULE_DEFAULT "p11-kit-proxy.so"

static const struct {
    CK_RV rv;
    enum rv_class class;
    const char *name;
} rvs[] = {
#define RV(name_, class_)                                                                                    \
    {                                                                                                        \
        CKR_##name_, RV_##class_, "CKR_" #name_                                                              \
    }
    RV(OK, OK),
    RV(PIN_INCORRECT, PIN),
    RV(PIN_INVALID, PIN),
    RV(PIN_LEN_RANGE, PIN),
    RV(PIN_EXPIRED, PIN),
    RV(PIN_LOCKED, PIN),
    RV(CRYPTOKI_NOT_INITIALIZED, DEVICE),
    RV(DEVICE_ERROR, DEVICE),
    RV(DEVICE_MEMORY, DEVICE),
    RV(DEVICE_REMOVED, DEVICE),
    RV(SESSION_CLOSED, DEVICE),
    RV(SESSION_HANDLE_INVALID, DEVICE),
    RV(SLOT_ID_INVALID, DEVICE),
    RV(TOKEN_NOT_PRESENT, DEVICE),
    RV(TOKEN_NOT_RECOGNIZED, DEVICE),
    RV(USER_NOT_LOGGED_IN, DEVICE),
    RV(KEY_HANDLE_INVALID, DEVICE),
    RV(OBJECT_HANDLE_INVALID, DEVICE),
    RV(OPERATION_ACTIVE, DEVICE),
    RV(SESSION_COUNT, BUSY),
    RV(KEY_FUNCTION_NOT_PERMITTED, CALL),
    RV(KEY_TYPE_INCONSISTENT, CALL),
    RV(KEY_SIZE_RANGE, CALL),
    RV(MECHANISM_INVALID, CALL),
    RV(MECHANISM_PARAM_INVALID, CALL),
    RV(DATA_INVALID, CALL),
    RV(DATA_LEN_RANGE, CALL),
    RV(ACTION_PROHIBITED, CALL),
    RV(GENERAL_ERROR, UNCLEAR),
    RV(FUNCTION_FAILED, UNCLEAR),
    RV(FUNCTION_CANCELED, UNCLEAR),
    RV(HOST_MEMORY, UNCLEAR),
    RV(USER_PIN_NOT_INITIALIZED, CALL),
    RV(CANT_LOCK, UNCLEAR),
#undef RV
};

enum rv_class rv_class(CK_RV rv)
{
    for (size_t i = 0; i < COUNT_OF(rvs); i++)
        if (rvs[i].rv == rv)
            return rvs[i].class;
    return RV_UNCLEAR;
}

const char *rv_name(CK_RV rv, size_t size, char *ret_name)
{
    snprintf(ret_name, size, "0x%lX", rv);
    for (size_t i = 0; i < COUNT_OF(rvs); i++)
        if (rvs[i].rv == rv)
            snprintf(ret_name, size, "%s", rvs[i].name);
    return ret_name;
}

bool error_rv(struct error *err, const char *call, CK_RV rv)
{
    char name[48];
    return error_cause(err, "%s: %s", call, rv_name(rv, sizeof(name), name));
}

static bool unloadable(const struct module *module, struct error *err)
{
    return fail(err, ERR_NOT_FOUND, &TEXT_MODULE_UNLOADABLE, module->path);
}

static bool functions_load(struct module *module, struct error *err)
{
    module->library = dlopen(module->path, RTLD_NOW | RTLD_LOCAL);
    if (!module->library) {
        unloadable(module, err);
        return error_cause(err, "%s", dlerror());
    }
    CK_C_GetFunctionList list;
    *(void **)&list = dlsym(module->library, "C_GetFunctionList");
    CK_RV rv = list ? list(&module->call) : CKR_FUNCTION_FAILED;
    if (rv != CKR_OK) {
        unloadable(module, err);
        return error_rv(err, "C_GetFunctionList", rv);
    }

    CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
    rv = module->call->C_Initialize(&threads);
    if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        fail(err, ERR_TOKEN_AWAY, &TEXT_MODULE_SILENT, module->path);
        return error_rv(err, "C_Initialize", rv);
    }
    return true;
}

/* libp11 takes "no slots" for a failure; it is what every machine says whose reader is unplugged. */
static bool slots_find(struct module *module, struct error *err)
{
    CK_ULONG count = 0;
    CK_RV rv = module->call->C_GetSlotList(CK_FALSE, NULL, &count);
    if (rv == CKR_OK && count == 0)
        return true;
    if (rv == CKR_OK && PKCS11_enumerate_slots(module->libp11, &module->slots, &module->slot_count) == 0)
        return true;
    fail(err, ERR_TOKEN_AWAY, &TEXT_MODULE_SILENT, module->path);
    return rv == CKR_OK ? error_openssl(err, "PKCS11_enumerate_slots") : error_rv(err, "C_GetSlotList", rv);
}

bool module_open(const char *path, struct module *ret_module, struct error *err)
{
    struct module module = {.path = path ? path : MODULE_DEFAULT};
    if (!functions_load(&module, err))
        return false;
    module.libp11 = PKCS11_CTX_new();
    if (!module.libp11)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    if (PKCS11_CTX_load(module.libp11, module.path) != 0) {
        fail(err, ERR_TOKEN_AWAY, &TEXT_MODULE_SILENT, module.path);
        return error_openssl(err, "PKCS11_CTX_load");
    }
    if (!slots_find(&module, err))
        return false;
    *ret_module = module;
    return true;
}

/* The serial number of what stands in the slot now, as libp11 trims it: blanks at the end go. */
static bool serial_is(const CK_TOKEN_INFO *now, const char *serial)
{
    size_t size = sizeof(now->serialNumber);
    while (size > 0 && (now->serialNumber[size - 1] == ' ' || now->serialNumber[size - 1] == '\0'))
        size--;
    return strlen(serial) == size && memcmp(now->serialNumber, serial, size) == 0;
}

static bool slot_known(const struct module *module, CK_SLOT_ID id, const CK_TOKEN_INFO *now)
{
    for (unsigned i = 0; i < module->slot_count; i++) {
        PKCS11_SLOT *slot = &module->slots[i];
        if (PKCS11_get_slotid_from_slot(slot) == id && slot->token && serial_is(now, slot->token->serialnr))
            return true;
    }
    return false;
}

bool module_changed(const struct module *module)
{
    CK_SLOT_ID ids[MODULE_SLOTS_MAX];
    CK_ULONG count = COUNT_OF(ids);
    module->call->C_GetSlotList(CK_TRUE, NULL,
                                &(CK_ULONG){0}); /* PKCS #11 2.40, 5.5: makes the module look for new slots */
    if (module->call->C_GetSlotList(CK_TRUE, ids, &count) != CKR_OK)
        return true;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO now;
        if (module->call->C_GetTokenInfo(ids[i], &now) == CKR_OK && (now.flags & CKF_TOKEN_INITIALIZED)
            && !slot_known(module, ids[i], &now))
            return true;
    }
    return false;
}
