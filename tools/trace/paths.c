#include "tools/trace/paths.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/trace/tree.h"

#define WHOLE (1u << RY_HOP_FEED | 1u << RY_HOP_MERGE | 1u << RY_HOP_APPLY)

int ry_trace_paths_open(struct ry_trace_paths *paths)
{
    paths->path = calloc(RY_TRACE_PATHS_MAX, sizeof *paths->path);
    return paths->path != NULL ? 0 : -1;
}

/* It leaves the table. */
static void settle(struct ry_trace_paths *paths, struct ry_trace_path *path)
{
    if (path->source_seq == 0)
        return;
    paths->traces++;
    paths->whole += (path->hops & WHOLE) == WHOLE;
    for (unsigned i = 0; i < RY_TRACE_WAYS; i++)
        if (path->begin_ns != 0 && path->end_ns[i] > path->begin_ns)
            ry_histogram_add(&paths->way[i], (uint64_t)(path->end_ns[i] - path->begin_ns));
    *path = (struct ry_trace_path){.source_seq = 0};
}

static struct ry_trace_path *path_of(struct ry_trace_paths *paths, const struct ry_span *span)
{
    /* Multiples of whatever number spread well. */
    const uint64_t mixed =
        (span->source_seq ^ (uint64_t)span->source << 56) * UINT64_C(0x9e3779b97f4a7c15);
    struct ry_trace_path *path = &paths->path[(mixed >> 32) % RY_TRACE_PATHS_MAX];
    if (path->source_seq != span->source_seq || path->source != span->source) {
        settle(paths, path);
        path->source_seq = span->source_seq;
        path->source = span->source;
    }
    return path;
}

static void later(int64_t *end_ns, int64_t now_ns)
{
    *end_ns = now_ns > *end_ns ? now_ns : *end_ns;
}

void ry_trace_paths_add(struct ry_trace_paths *paths, const struct ry_span *span)
{
    struct ry_trace_path *path = path_of(paths, span);
    path->hops |= (uint16_t)(1u << span->hop);
    ry_histogram_add(&paths->hop[span->hop], (uint64_t)(span->end_ns - span->begin_ns));
    if (span->hop == RY_HOP_FEED)
        path->begin_ns = span->begin_ns;
    if (span->hop == RY_HOP_MERGE)
        path->input = span->input;
    if (span->hop == RY_HOP_APPLY && span->number == 0)
        later(&path->end_ns[RY_TRACE_TO_APPLIED], span->end_ns);
    if (span->hop == RY_HOP_DURABLE)
        later(&path->end_ns[RY_TRACE_TO_DURABLE], span->end_ns);
    if (span->hop == RY_HOP_REPORT && path->input != 0 && span->input != path->input)
        later(&path->end_ns[RY_TRACE_TO_REPORT], span->end_ns);
}

void ry_trace_paths_finish(struct ry_trace_paths *paths)
{
    for (unsigned i = 0; i < RY_TRACE_PATHS_MAX; i++)
        settle(paths, &paths->path[i]);
}

static void print_row(FILE *out, const char *name, const struct ry_histogram *histogram)
{
    if (histogram->count > 0)
        fprintf(out, "%-18s %10" PRIu64 " %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "\n", name,
                histogram->count, ry_histogram_percentile(histogram, 50000),
                ry_histogram_percentile(histogram, 99000), histogram->max);
}

void ry_trace_paths_print(const struct ry_trace_paths *paths, FILE *out)
{
    static const char *const ways[RY_TRACE_WAYS] = {"packet to applied", "packet to durable",
                                                    "packet to report"};
    fprintf(out, "%-18s %10s %14s %14s %14s\n", "hop, ns", "spans", "p50", "p99", "max");
    for (unsigned i = RY_HOP_FEED; i < RY_HOPS; i++)
        print_row(out, ry_trace_hops[i].name, &paths->hop[i]);
    for (unsigned i = 0; i < RY_TRACE_WAYS; i++)
        print_row(out, ways[i], &paths->way[i]);
}

void ry_trace_paths_close(struct ry_trace_paths *paths)
{
    free(paths->path);
    paths->path = NULL;
}
