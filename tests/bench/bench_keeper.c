/* What the keeper costs: RSA-2048 through hsm_sign against a plain loop of C_Sign on the same SoftHSM2 token, with 1, 2 and 8
 * callers (at least 90 %), and what a request costs beyond the module's own time (at most 60 us), for which the shim answers at
 * once with a signature it made before. The check of every signature is part of it.
 * Prints a table; ends with 1 when a promise is missed. Measure on a release build, nothing else running. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/sink.h"
#include "hsm/key.h"
#include "tests/dev_token.h"

enum {
    CALLERS_MOST = 8,
    ROUNDS = 15,
    ROUND_MS = 300,
    REQUESTS = 6000,
    RATIO_PERCENT = 90,
    ROUND_TRIP_US = 60
};

static struct dev_token token;
static struct digest_value digest;
static const uint8_t digest_info[] =
    "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench_keeper: %s\n", what);
    exit(70);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the plain loop */

struct raw {
    CK_FUNCTION_LIST *call;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session[CALLERS_MOST];
    CK_OBJECT_HANDLE key;
    CK_BYTE asked[sizeof(digest_info) - 1 + SHA256_SIZE];
};

static CK_SLOT_ID slot_of_leader(CK_FUNCTION_LIST *call)
{
    CK_SLOT_ID slots[16];
    CK_ULONG count = COUNT_OF(slots);
    must(call->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK, "C_GetSlotList");
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (call->C_GetTokenInfo(slots[i], &info) == CKR_OK && memcmp(info.label, "leader ", 7) == 0)
            return slots[i];
    }
    must(false, "no token leader");
    return 0;
}

static void raw_open(struct raw *raw, const char *module)
{
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    must(library != NULL, module);
    CK_C_GetFunctionList list;
    *(void **)&list = dlsym(library, "C_GetFunctionList");
    CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
    must(list && list(&raw->call) == CKR_OK, "C_GetFunctionList");
    CK_RV rv = raw->call->C_Initialize(&threads);
    must(rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED, "C_Initialize");
    raw->slot = slot_of_leader(raw->call);
    for (size_t i = 0; i < CALLERS_MOST; i++)
        must(raw->call->C_OpenSession(raw->slot, CKF_SERIAL_SESSION, NULL, NULL, &raw->session[i]) == CKR_OK,
             "session");

    struct buffer pin CLEANUP(buffer_wipe) = {0};
    struct error err = {0};
    must(file_read(token.pin_file, 64, &pin, &err), token.pin_file);
    const uint8_t *end = memchr(pin.data, '\n', pin.size);
    rv = raw->call->C_Login(raw->session[0], CKU_USER, pin.data, end ? (CK_ULONG)(end - pin.data) : pin.size);
    must(rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN, "C_Login");

    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_LABEL, (void *)"leader", 6}};
    CK_ULONG found = 0;
    must(raw->call->C_FindObjectsInit(raw->session[0], wanted, 2) == CKR_OK, "C_FindObjectsInit");
    raw->call->C_FindObjects(raw->session[0], &raw->key, 1, &found);
    raw->call->C_FindObjectsFinal(raw->session[0]);
    must(found == 1, "the leader's key");
    memcpy(raw->asked, digest_info, sizeof(digest_info) - 1);
    memcpy(raw->asked + sizeof(digest_info) - 1, digest.bytes, SHA256_SIZE);
}

static void raw_sign(struct raw *raw, size_t caller)
{
    CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
    CK_BYTE signature[HSM_SIGNATURE_MAX];
    CK_ULONG size = sizeof(signature);
    must(raw->call->C_SignInit(raw->session[caller], &mechanism, raw->key) == CKR_OK, "C_SignInit");
    must(raw->call->C_Sign(raw->session[caller], raw->asked, sizeof(raw->asked), signature, &size) == CKR_OK,
         "C_Sign");
}

static void keeper_sign(struct hsm *hsm)
{
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    must(hsm_sign(hsm, token.leader, DIGEST_SHA256, digest_span(&digest), &signature, &err), err.cause);
}

/* ---- throughput */

struct runner {
    struct raw *raw; /* or */
    struct hsm *hsm;
    size_t caller;
    double until_s;
    unsigned long done;
};

static void *run(void *argument)
{
    struct runner *runner = argument;
    while (now_s() < runner->until_s) {
        if (runner->raw)
            raw_sign(runner->raw, runner->caller);
        else
            keeper_sign(runner->hsm);
        runner->done++;
    }
    return NULL;
}

static double rate(struct raw *raw, struct hsm *hsm, size_t callers)
{
    struct runner runners[CALLERS_MOST] = {0};
    pthread_t threads[CALLERS_MOST];
    unsigned long done = 0;
    double from = now_s();
    for (size_t i = 0; i < callers; i++) {
        runners[i] = (struct runner){.raw = raw, .hsm = hsm, .caller = i, .until_s = from + ROUND_MS / 1e3};
        must(pthread_create(&threads[i], NULL, run, &runners[i]) == 0, "pthread_create");
    }
    for (size_t i = 0; i < callers; i++) {
        pthread_join(threads[i], NULL);
        done += runners[i].done;
    }
    return (double)done / (now_s() - from);
}

/* What else the machine does only takes away: the best of many short rounds says what the thing itself can do. */
static double best(const double *values, size_t count, bool most)
{
    double found = values[0];
    for (size_t i = 1; i < count; i++)
        if (most ? values[i] > found : values[i] < found)
            found = values[i];
    return found;
}

/* Rounds of both take turns. */
static bool throughput(struct raw *raw, struct hsm *hsm, size_t callers)
{
    double plain[ROUNDS], kept[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        plain[i] = rate(raw, NULL, callers);
        kept[i] = rate(NULL, hsm, callers);
    }
    double most = best(plain, ROUNDS, true), keeper = best(kept, ROUNDS, true), percent = 100 * keeper / most;
    printf("RSA-2048, %zu caller%-26s %9.0f/s %9.0f/s %7.1f %%  >= %d %%\n", callers, callers > 1 ? "s" : "",
           most, keeper, percent, RATIO_PERCENT);
    return percent >= RATIO_PERCENT;
}

/* ---- the round trip */

static double raw_us(struct raw *raw)
{
    double from = now_s();
    for (size_t i = 0; i < REQUESTS; i++)
        raw_sign(raw, 0);
    return (now_s() - from) * 1e6 / REQUESTS;
}

static double keeper_us(struct hsm *hsm)
{
    double from = now_s();
    for (size_t i = 0; i < REQUESTS; i++)
        keeper_sign(hsm);
    return (now_s() - from) * 1e6 / REQUESTS;
}

static bool round_trip(struct raw *raw, struct hsm *hsm)
{
    double plain[ROUNDS], kept[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        plain[i] = raw_us(raw);
        kept[i] = keeper_us(hsm);
    }
    double module = best(plain, ROUNDS, false), whole = best(kept, ROUNDS, false);
    printf("round trip beyond the module, 1 caller %8.1f us %8.1f us %7.1f us <= %d us\n", module, whole,
           whole - module, ROUND_TRIP_US);
    return whole - module <= ROUND_TRIP_US;
}

static struct hsm *hsm_of(const char *module)
{
    const struct hsm_settings settings = {
        .program = KEEPER_PROGRAM, .module = module, .pin_file = token.pin_file, .notes = token.notes};
    struct hsm *hsm = NULL;
    struct error err = {0};
    must(hsm_open(&settings, &hsm, &err), err.cause);
    keeper_sign(hsm);
    return hsm;
}

int main(void)
{
    static struct raw direct, shimmed;
    bool kept = true;
    dev_token_make(&token);
    digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("bench"));
    printf("%-38s %11s %11s %9s  promise\n", "", "C_Sign", "keeper", "");

    struct hsm *hsm = hsm_of(token.softhsm);
    raw_open(&direct, token.softhsm);
    const size_t callers[] = {1, 2, CALLERS_MOST};
    for (size_t i = 0; i < COUNT_OF(callers); i++)
        kept &= throughput(&direct, hsm, callers[i]);
    hsm_close(&hsm);

    atomic_store(&token.control->replay, 1);
    hsm = hsm_of(PKCS11_SHIM);
    raw_open(&shimmed, PKCS11_SHIM);
    raw_sign(&shimmed, 0);
    atomic_store(&token.control->replay, 2);
    kept &= round_trip(&shimmed, hsm);
    hsm_close(&hsm);
    dev_token_remove(&token);
    return kept ? 0 : 1;
}
