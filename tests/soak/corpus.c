#include "tests/soak/corpus.h"

#include <stdlib.h>

enum { COLUMN_PATH = 0, COLUMN_NEEDS = 13, COLUMNS = 14 };

bool corpus_open(struct corpus *ret_corpus)
{
    char path[SAMPLE_MAX_NAME + 16];
    const char *asked = getenv("VANTHU_CORPORA");
    struct corpus corpus = {0};
    snprintf(corpus.folder, sizeof(corpus.folder), "%s",
             asked && asked[0] ? asked : SOURCE_DIR "/../shared/corpora");
    snprintf(path, sizeof(path), "%s/expected.tsv", corpus.folder);
    corpus.list = fopen(path, "re");
    if (!corpus.list || getline(&corpus.line, &corpus.room, corpus.list) < 0) {
        printf("no corpus at ../shared/corpora or $VANTHU_CORPORA: nothing to do\n");
        corpus_close(&corpus);
        return false;
    }
    *ret_corpus = corpus;
    return true;
}

void corpus_close(struct corpus *corpus)
{
    if (corpus->list)
        fclose(corpus->list);
    free(corpus->line);
    *corpus = (struct corpus){0};
}

static bool read_file(const struct corpus *corpus, const char *name, struct buffer *ret_bytes)
{
    char path[2 * SAMPLE_MAX_NAME];
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct error err = {0};
    snprintf(path, sizeof(path), "%s/%s", corpus->folder, name);
    if (!source_open(path, NULL, BUFFER_MAX, &source, &err)) {
        fprintf(stderr, "%s cannot be read\n", path);
        return false;
    }
    buffer_append(ret_bytes, source.bytes);
    return !ret_bytes->failed;
}

static bool read_beside(const struct corpus *corpus, char *names, struct sample *sample)
{
    for (char *name; (name = strsep(&names, ",")) != NULL && sample->beside_count < SAMPLE_MAX_BESIDE;) {
        size_t i = sample->beside_count;
        const char *slash = strrchr(name, '/');
        if (!name[0])
            continue;
        if (!read_file(corpus, name, &sample->beside_bytes[i]))
            return false;
        snprintf(sample->beside_names[i], SAMPLE_MAX_NAME, "%s", slash ? slash + 1 : name);
        sample->beside[i].bytes = buffer_span(&sample->beside_bytes[i]);
        sample->beside_count++;
    }
    return true;
}

bool corpus_next(struct corpus *corpus, struct sample *ret_sample)
{
    while (getline(&corpus->line, &corpus->room, corpus->list) >= 0) {
        char *columns[COLUMNS] = {0}, *rest = corpus->line;
        for (size_t i = 0; i < COLUMNS; i++)
            columns[i] = strsep(&rest, "\t\n");
        if (!columns[COLUMN_NEEDS] || strchr(columns[COLUMN_PATH], '#'))
            continue; /* a case of path validation is no file */
        struct sample sample = {0};
        snprintf(sample.name, sizeof(sample.name), "%s", columns[COLUMN_PATH]);
        if (!read_file(corpus, sample.name, &sample.bytes)
            || !read_beside(corpus, columns[COLUMN_NEEDS], &sample)) {
            sample_clear(&sample);
            return false;
        }
        *ret_sample = sample;
        for (size_t i = 0; i < sample.beside_count; i++)
            ret_sample->beside[i].name = ret_sample->beside_names[i];
        return true;
    }
    return false;
}

void sample_clear(struct sample *sample)
{
    buffer_clear(&sample->bytes);
    for (size_t i = 0; i < sample->beside_count; i++)
        buffer_clear(&sample->beside_bytes[i]);
    *sample = (struct sample){0};
}
