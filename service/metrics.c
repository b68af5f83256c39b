#include "service/metrics.h"

#include <stdatomic.h>

struct metrics {
    _Atomic uint64_t values[METRICS];
};

#define METRIC_ROW(id, name, kind, meaning) [METRIC_##id] = {name, kind, meaning},
static const struct {
    const char *name, *kind, *meaning;
} rows[METRICS] = {METRICS_TABLE(METRIC_ROW)};

struct metrics *metrics_new(void)
{
    return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics **metrics)
{
    free(*metrics);
    *metrics = NULL;
}

void metrics_add(struct metrics *metrics, enum metric metric, uint64_t amount)
{
    atomic_fetch_add_explicit(&metrics->values[metric], amount, memory_order_relaxed);
}

void metrics_write(const struct metrics *metrics, struct buffer *ret_text)
{
    for (size_t i = 0; i < METRICS; i++)
        buffer_format(ret_text, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].meaning,
                      rows[i].name, rows[i].kind, rows[i].name,
                      (unsigned long long)atomic_load_explicit(&metrics->values[i], memory_order_relaxed));
}
