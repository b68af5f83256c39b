/* What the store does when the disk does not: SQLite's own file system layer with a fault that can be switched on. */
#include "tests/check.h"

#include <sqlite3.h>

#include "exchange/exchange_text.h"
#include "tests/store_fixture.h"

static int write_fault, sync_fault; /* what xWrite and xSync answer instead; 0: they work */

/* --- the layer: forwards everything --- */

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* stands behind this struct */
};

#define REAL(file) (((struct faulty_file *)(file))->real)
#define FORWARD(name, parameters, ...)                                                                       \
    static int faulty_##name parameters                                                                      \
    {                                                                                                        \
        return REAL(file)->pMethods->x##name(REAL(file), ##__VA_ARGS__);                                     \
    }

FORWARD(Close, (sqlite3_file * file))
FORWARD(Read, (sqlite3_file * file, void *data, int size, sqlite3_int64 at), data, size, at)
FORWARD(Truncate, (sqlite3_file * file, sqlite3_int64 size), size)
FORWARD(FileSize, (sqlite3_file * file, sqlite3_int64 *size), size)
FORWARD(Lock, (sqlite3_file * file, int lock), lock)
FORWARD(Unlock, (sqlite3_file * file, int lock), lock)
FORWARD(CheckReservedLock, (sqlite3_file * file, int *locked), locked)
FORWARD(FileControl, (sqlite3_file * file, int op, void *argument), op, argument)
FORWARD(SectorSize, (sqlite3_file * file))
FORWARD(DeviceCharacteristics, (sqlite3_file * file))
FORWARD(ShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **map), page, size,
        extend, map)
FORWARD(ShmLock, (sqlite3_file * file, int at, int n, int flags), at, n, flags)
FORWARD(ShmUnmap, (sqlite3_file * file, int remove), remove)

static int faulty_Write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    return write_fault ? write_fault : REAL(file)->pMethods->xWrite(REAL(file), data, size, at);
}

static int faulty_Sync(sqlite3_file *file, int flags)
{
    return sync_fault ? sync_fault : REAL(file)->pMethods->xSync(REAL(file), flags);
}

static void faulty_ShmBarrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 2,
    .xClose = faulty_Close,
    .xRead = faulty_Read,
    .xWrite = faulty_Write,
    .xTruncate = faulty_Truncate,
    .xSync = faulty_Sync,
    .xFileSize = faulty_FileSize,
    .xLock = faulty_Lock,
    .xUnlock = faulty_Unlock,
    .xCheckReservedLock = faulty_CheckReservedLock,
    .xFileControl = faulty_FileControl,
    .xSectorSize = faulty_SectorSize,
    .xDeviceCharacteristics = faulty_DeviceCharacteristics,
    .xShmMap = faulty_ShmMap,
    .xShmLock = faulty_ShmLock,
    .xShmBarrier = faulty_ShmBarrier,
    .xShmUnmap = faulty_ShmUnmap,
};

static sqlite3_vfs *real_vfs, faulty_vfs;

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct faulty_file *faulty = (struct faulty_file *)file;
    (void)vfs;
    faulty->real = (sqlite3_file *)(faulty + 1);
    int code = real_vfs->xOpen(real_vfs, name, faulty->real, flags, out_flags);
    file->pMethods = faulty->real->pMethods ? &faulty_methods : NULL;
    return code;
}

static int layer_put(void **state)
{
    (void)state;
    real_vfs = sqlite3_vfs_find(NULL);
    faulty_vfs = *real_vfs;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pNext = NULL;
    faulty_vfs.szOsFile = (int)sizeof(struct faulty_file) + real_vfs->szOsFile;
    faulty_vfs.xOpen = faulty_open;
    return sqlite3_vfs_register(&faulty_vfs, 1);
}

/* --- what must be true --- */

static bool accept_one(struct store *store, const char *document_id, struct error *err)
{
    struct receipt receipt;
    struct words words = {.channel = CHANNEL_API,
                          .from = "H99.05",
                          .document_id = document_id,
                          .text = document_id,
                          .repeat_key = document_id,
                          .to = {"G98"}};
    return accept_words(store, &words, &receipt, err);
}

static uint64_t accepted(struct store *store)
{
    struct store_figures figures;
    struct error err = {0};
    assert_true(store_figures(store, &figures, &err));
    assert_int_equal(figures.deliveries[DELIVERY_WAITING], figures.stages[STAGE_RECEIVED]);
    return figures.stages[STAGE_RECEIVED];
}

static void a_full_disk_keeps_nothing_and_is_no_end(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    assert_true(accept_one(fixture->store, "D1", &err));
    write_fault = SQLITE_FULL;
    assert_false(accept_one(fixture->store, "D2", &err));
    write_fault = 0;
    assert_int_equal(err.code, ERR_DISK);
    assert_ptr_equal(err.text, &TEXT_STORE_DISK);
    assert_true(error_meaning(err.code)->retry);
    assert_false(store_broken(fixture->store));
    assert_int_equal(accepted(fixture->store), 1);
    assert_true(accept_one(fixture->store, "D2", &err));
    assert_int_equal(accepted(fixture->store), 2);
}

static void after_a_failed_fsync_nothing_is_accepted_until_opened_anew(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    assert_true(accept_one(fixture->store, "D1", &err));
    sync_fault = SQLITE_IOERR_FSYNC;
    assert_false(accept_one(fixture->store, "D2", &err));
    sync_fault = 0;
    assert_int_equal(err.code, ERR_DISK);
    assert_true(store_broken(fixture->store));
    assert_false(accept_one(fixture->store, "D3", &err));
    assert_ptr_equal(err.text, &TEXT_STORE_BROKEN);

    fixture_reopen(fixture);
    assert_false(store_broken(fixture->store));
    uint64_t found =
        accepted(fixture->store); /* D2 was refused: it may be there or not, as the disk took it or not */
    assert_in_range(found, 1, 2);
    assert_true(accept_one(fixture->store, "D1", &err));
    assert_true(accept_one(fixture->store, "D2", &err));
    assert_int_equal(accepted(fixture->store), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_nothing_and_is_no_end, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(after_a_failed_fsync_nothing_is_accepted_until_opened_anew,
                                        fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("store_disk", tests, layer_put, NULL);
}
