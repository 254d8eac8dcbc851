/*
 * Spans joined to traces, in bounded memory, for the figures at the end: how long each hop takes,
 * and how long the ways that a trace goes: from the packet until the record is applied, until it is
 * durable, until the last report that an agent got of a command that followed.
 *
 * The table holds RY_TRACE_PATHS_MAX traces; one more takes the place of the one that lies where it
 * belongs. A trace is whole if its feed, merge and apply have come; of the others a part was lost
 * (lapped), or came when its place was taken.
 */
#ifndef RY_TOOLS_TRACE_PATHS_H
#define RY_TOOLS_TRACE_PATHS_H

#include <stdio.h>

#include "shm/counter.h"
#include "shm/records/span.h"

#define RY_TRACE_PATHS_MAX (1u << 15) /* a power of two; 2 MiB */

enum ry_trace_way {
    RY_TRACE_TO_APPLIED,
    RY_TRACE_TO_DURABLE,
    RY_TRACE_TO_REPORT,
    RY_TRACE_WAYS,
};

struct ry_trace_path {
    uint64_t source_seq; /* 0: empty */
    uint16_t source;
    uint16_t hops;                 /* bits 1 << enum ry_hop, of what has come */
    uint64_t input;                /* of the record: reports of others are of commands */
    int64_t begin_ns;              /* of the packet */
    int64_t end_ns[RY_TRACE_WAYS]; /* 0: not come */
};

struct ry_trace_paths {
    struct ry_trace_path *path; /* [RY_TRACE_PATHS_MAX] */
    struct ry_histogram hop[RY_HOPS], way[RY_TRACE_WAYS];
    uint64_t traces, whole; /* that have left the table */
};

/* 0, or -1: no memory. `paths` is zeroed. */
int ry_trace_paths_open(struct ry_trace_paths *paths);
void ry_trace_paths_add(struct ry_trace_paths *paths, const struct ry_span *span);
/* What is in the table leaves it. */
void ry_trace_paths_finish(struct ry_trace_paths *paths);
/* A line a hop and a way that has any: how many, p50, p99, max. */
void ry_trace_paths_print(const struct ry_trace_paths *paths, FILE *out);
void ry_trace_paths_close(struct ry_trace_paths *paths);

#endif
