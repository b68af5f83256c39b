/* A PKCS#11 module that passes everything on to the real one (VANTHU_SHIM_MODULE), except what its control block says. Where the
 * environment does not come through, as in a server, both are named by what stands beside the module, links included:
 * shim.so.control is the control block, shim.so.module a link to the real module. */
#include "tests/shim/shim.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct shim_control *control;
static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST ours;
static pthread_mutex_t card = PTHREAD_MUTEX_INITIALIZER;

/* Counts the call, then waits, hangs, dies or fails as told. */
static CK_RV meddle(enum shim_call which)
{
    struct shim_fault *fault = &control->call[which];
    atomic_fetch_add(&fault->calls, 1);
    if (atomic_load(&fault->latency_us) > 0)
        usleep((useconds_t)atomic_load(&fault->latency_us));
    if (atomic_load(&fault->hang) > 0 && atomic_fetch_sub(&fault->hang, 1) > 0)
        for (;;)
            pause();
    if (atomic_load(&fault->crash) > 0 && atomic_fetch_sub(&fault->crash, 1) > 0)
        kill(getpid(), SIGKILL);
    if (atomic_load(&control->removed))
        return CKR_DEVICE_REMOVED;
    if (atomic_load(&fault->rv) == CKR_OK
        || (atomic_load(&fault->skip) > 0 && atomic_fetch_sub(&fault->skip, 1) > 0))
        return CKR_OK;
    if (atomic_load(&fault->count) < 0
        || (atomic_load(&fault->count) > 0 && atomic_fetch_sub(&fault->count, 1) > 0))
        return atomic_load(&fault->rv);
    return CKR_OK;
}

static CK_RV shim_initialize(void *arguments)
{
    CK_RV rv = real->C_Initialize(arguments);
    if (rv == CKR_OK) {
        atomic_fetch_add(&control->initialised, 1);
        atomic_store(&control->sessions_open, 0);
    }
    return rv;
}

static CK_RV shim_get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
    int removed = atomic_load(&control->removed);
    if (removed > 1 || (present && removed)) {
        *count = 0;
        return CKR_OK;
    }
    return real->C_GetSlotList(present, slots, count);
}

static CK_RV shim_get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    CK_RV rv = real->C_GetSlotInfo(slot, info);
    if (rv == CKR_OK && atomic_load(&control->removed))
        info->flags &= ~(CK_FLAGS)CKF_TOKEN_PRESENT;
    return rv;
}

static CK_RV shim_get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = meddle(SHIM_GET_TOKEN_INFO);
    if (rv == CKR_DEVICE_REMOVED)
        return CKR_TOKEN_NOT_PRESENT;
    if (rv == CKR_OK)
        rv = real->C_GetTokenInfo(slot, info);
    if (rv == CKR_OK)
        info->flags |= atomic_load(&control->token_flags);
    return rv;
}

static CK_RV shim_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                               CK_SESSION_HANDLE *session)
{
    CK_RV rv = meddle(SHIM_OPEN_SESSION);
    if (rv != CKR_OK)
        return rv;
    int most = atomic_load(&control->sessions_max);
    if (atomic_fetch_add(&control->sessions_open, 1) >= most && most > 0)
        rv = CKR_SESSION_COUNT;
    else
        rv = real->C_OpenSession(slot, flags, application, notify, session);
    if (rv != CKR_OK)
        atomic_fetch_sub(&control->sessions_open, 1);
    return rv;
}

static CK_RV shim_close_session(CK_SESSION_HANDLE session)
{
    atomic_fetch_sub(&control->sessions_open, 1);
    return real->C_CloseSession(session);
}

static CK_RV shim_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG size)
{
    CK_RV rv = meddle(SHIM_LOGIN);
    return rv != CKR_OK ? rv : real->C_Login(session, user, pin, size);
}

static CK_RV shim_find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count)
{
    CK_RV rv = meddle(SHIM_FIND_OBJECTS_INIT);
    return rv != CKR_OK ? rv : real->C_FindObjectsInit(session, attributes, count);
}

static CK_RV shim_sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    CK_RV rv = meddle(SHIM_SIGN_INIT);
    if (rv != CKR_OK || atomic_load(&control->replay) > 1)
        return rv;
    return real->C_SignInit(session, mechanism, key);
}

/* The last signature of this process, for tokens that take no time: replay 1 records, 2 repeats. */
static struct {
    CK_BYTE bytes[512];
    CK_ULONG size;
} record;

static CK_RV sign_or_replay(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature,
                            CK_ULONG *signature_size)
{
    if (atomic_load(&control->replay) > 1 && record.size > 0) {
        memcpy(signature, record.bytes, record.size);
        *signature_size = record.size;
        return CKR_OK;
    }
    CK_RV rv = real->C_Sign(session, data, size, signature, signature_size);
    if (rv == CKR_OK && atomic_load(&control->replay) == 1) {
        memcpy(record.bytes, signature, *signature_size);
        record.size = *signature_size;
    }
    return rv;
}

static CK_RV shim_sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature,
                       CK_ULONG *signature_size)
{
    static atomic_int inside;
    int one = atomic_load(&control->one_at_a_time), now = atomic_fetch_add(&inside, 1) + 1, most;
    while ((most = atomic_load(&control->most_at_once)) < now
           && !atomic_compare_exchange_weak(&control->most_at_once, &most, now))
        ;
    if (one)
        pthread_mutex_lock(&card);
    CK_RV rv = meddle(SHIM_SIGN);
    if (rv == CKR_OK)
        rv = sign_or_replay(session, data, size, signature, signature_size);
    if (one)
        pthread_mutex_unlock(&card);
    atomic_fetch_sub(&inside, 1);
    if (rv == CKR_OK && atomic_load(&control->spoil) > 0 && atomic_fetch_sub(&control->spoil, 1) > 0)
        signature[*signature_size - 1] ^= 1;
    return rv;
}

/* What stands beside this module under its name and `suffix`. */
static const char *beside(const char *suffix, size_t size, char *ret_path)
{
    Dl_info self;
    if (!dladdr((void *)(uintptr_t)beside, &self)
        || snprintf(ret_path, size, "%s%s", self.dli_fname, suffix) >= (int)size)
        return NULL;
    return access(ret_path, R_OK) == 0 ? ret_path : NULL;
}

static CK_RV shim_load(void)
{
    char block_path[512], module_path[512];
    const char *block = getenv("VANTHU_SHIM_CONTROL"), *module = getenv("VANTHU_SHIM_MODULE");
    if (!block)
        block = beside(".control", sizeof(block_path), block_path);
    if (!module)
        module = beside(".module", sizeof(module_path), module_path);
    void *library = block && module ? dlopen(module, RTLD_NOW | RTLD_LOCAL) : NULL;
    CK_C_GetFunctionList list = NULL;
    if (library)
        *(void **)&list = dlsym(library, "C_GetFunctionList");
    control = library ? shim_map(block, 0) : NULL;
    return control && list ? list(&real) : CKR_GENERAL_ERROR;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    CK_RV rv = real ? CKR_OK : shim_load();
    if (rv != CKR_OK)
        return rv;
    ours = *real;
    ours.C_GetFunctionList = C_GetFunctionList;
    ours.C_Initialize = shim_initialize;
    ours.C_GetSlotList = shim_get_slot_list;
    ours.C_GetSlotInfo = shim_get_slot_info;
    ours.C_GetTokenInfo = shim_get_token_info;
    ours.C_OpenSession = shim_open_session;
    ours.C_CloseSession = shim_close_session;
    ours.C_Login = shim_login;
    ours.C_FindObjectsInit = shim_find_objects_init;
    ours.C_SignInit = shim_sign_init;
    ours.C_Sign = shim_sign;
    *list = &ours;
    return CKR_OK;
}
