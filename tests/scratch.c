#include "tests/check.h"

#include "tests/scratch.h"

#include <stdio.h>

void scratch_make(const char *test, char ret_directory[static SCRATCH_NAME])
{
    snprintf(ret_directory, SCRATCH_NAME, "/tmp/%s_test.XXXXXX", test);
    assert_non_null(mkdtemp(ret_directory));
}

void scratch_remove(const char *directory)
{
    char command[SCRATCH_PATH];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

void scratch_path(const char *directory, const char *name, char ret_path[static SCRATCH_PATH])
{
    snprintf(ret_path, SCRATCH_PATH, "%s/%s", directory, name);
}

void scratch_save(const char *directory, const char *name, struct span bytes)
{
    char path[SCRATCH_PATH];
    scratch_path(directory, name, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

void scratch_save_person(const char *directory, const char *name, const struct pki_person *person)
{
    char path[SCRATCH_PATH];
    snprintf(path, sizeof(path), "%s/%s.pem", directory, name);
    pki_save(path, &person, 1, (struct span){0});
    snprintf(path, sizeof(path), "%s/%s.key", directory, name);
    pki_save_key(path, person);
}

struct trust *scratch_trust(const char *directory, const char *name, const struct pki_person *const *people,
                            size_t count, struct span crl)
{
    char path[SCRATCH_PATH];
    const char *paths[] = {path};
    struct trust *trust = NULL;
    struct error err = {0};
    scratch_path(directory, name, path);
    pki_save(path, people, count, crl);
    assert_true(trust_load(paths, 1, &trust, &err));
    return trust;
}

struct trust *scratch_trust_one(const char *directory, const char *name, const struct pki_person *root)
{
    return scratch_trust(directory, name, &root, 1, (struct span){0});
}
