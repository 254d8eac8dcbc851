/*
 * The rings of spans of a battle that runs, by the observers' door, read one after another. Whoever
 * reads too slowly is lapped: counted, nobody waits. What a ring holds is checked (tools/trace/
 * tree.h): a span that its process cannot have written is left out, and counted.
 */
#ifndef RY_TOOLS_TRACE_RINGS_H
#define RY_TOOLS_TRACE_RINGS_H

#include "core/role/door.h"
#include "shm/records/span.h"

#define RY_TRACE_RING_READ_MAX 1024 /* spans of one ring before the next has its turn */

struct ry_trace_ring {
    char process[RY_NAME_BYTES]; /* "agent3" */
    struct ry_role_link link;
    uint64_t foreign; /* spans that were left out */
};

struct ry_trace_rings {
    unsigned count;
    struct ry_trace_ring ring[RY_ROLE_DOOR_REGIONS_MAX];
    uint64_t spans; /* given, of all rings */
};

/* 0, or -1 with the reason; then there is nothing to leave. `untraced`: the battle runs, and has no
 * traces. */
int ry_trace_rings_enter(struct ry_trace_rings *rings, const char *directory, bool *untraced,
                         char why[RY_ROLE_DOOR_WHY_BYTES]);

/* Gives what is there, at most RY_TRACE_RING_READ_MAX of each ring; returns how many. */
unsigned ry_trace_rings_read(struct ry_trace_rings *rings,
                             void (*give)(void *context, unsigned ring, const struct ry_span *span),
                             void *context);

/* Sums over all rings. */
uint64_t ry_trace_rings_lapped(const struct ry_trace_rings *rings);
uint64_t ry_trace_rings_foreign(const struct ry_trace_rings *rings);

void ry_trace_rings_leave(struct ry_trace_rings *rings);

#endif
