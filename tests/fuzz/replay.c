/* Replays every seed and past crash of a fuzz target as a plain test: one directory, each file one input.
 * An empty directory is a failure, so that seeds cannot vanish unnoticed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SEED = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *directory, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
        return 1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return 1;

    uint8_t *whole = malloc(MAX_SEED);
    size_t size = whole ? fread(whole, 1, MAX_SEED, file) : 0;
    fclose(file);
    /* an exact copy, so that the sanitizer sees a read past the end */
    uint8_t *exact = malloc(size ? size : 1);
    if (exact && whole) {
        memcpy(exact, whole, size);
        LLVMFuzzerTestOneInput(exact, size);
    }
    free(whole);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *seeds = argc == 2 ? opendir(argv[1]) : NULL;
    if (!seeds) {
        fprintf(stderr, "usage: %s SEED-DIRECTORY\n", argv[0]);
        return 64;
    }
    int replayed = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(seeds)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        failed += replay_file(argv[1], entry->d_name);
        replayed++;
    }
    closedir(seeds);
    printf("%d seeds replayed, %d could not be read\n", replayed, failed);
    return replayed == 0 || failed != 0;
}
