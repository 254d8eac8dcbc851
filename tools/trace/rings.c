#include "tools/trace/rings.h"

#include <stdio.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/trace/tree.h"

#define SUFFIX ".spans"

/* 0, or -1 with the reason; other regions are not joined. */
static int join(struct ry_trace_rings *rings, struct ry_role_door *door, const char *name,
                char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_trace_ring *ring = &rings->ring[rings->count];
    const char *dot = strchr(name, '.');
    if (dot == NULL || strcmp(dot, SUFFIX) != 0)
        return 0;
    *ring = (struct ry_trace_ring){.foreign = 0};
    snprintf(ring->process, sizeof ring->process, "%.*s", (int)(dot - name), name);
    if (ry_role_door_join(door, &ring->link, name, why) != 0)
        return -1;
    rings->count++;
    return 0;
}

int ry_trace_rings_enter(struct ry_trace_rings *rings, const char *directory, bool *untraced,
                         char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_role_door door;
    int result = 0;
    rings->count = 0;
    rings->spans = 0;
    *untraced = false;
    if (ry_role_door_enter(&door, directory, why) != 0)
        return -1;
    for (unsigned i = 0; i < door.regions && result == 0; i++)
        result = join(rings, &door, door.name[i], why);
    ry_role_door_leave(&door);
    if (result == 0 && rings->count == 0) {
        *untraced = true;
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "the battle has no traces");
        return -1;
    }
    if (result != 0)
        ry_trace_rings_leave(rings);
    return result;
}

static unsigned read_ring(struct ry_trace_rings *rings, unsigned number,
                          void (*give)(void *context, unsigned ring, const struct ry_span *span),
                          void *context)
{
    struct ry_trace_ring *ring = &rings->ring[number];
    union {
        struct ry_span span;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    unsigned given = 0;
    for (unsigned i = 0; i < RY_TRACE_RING_READ_MAX; i++) {
        const int slots = ry_ring_read(&ring->link.reader, &copy);
        if (slots == RY_RING_EMPTY)
            break;
        if (slots == RY_RING_OVERRUN)
            continue;
        if (slots != 1 || !ry_trace_fits(ring->process, &copy.span, ry_clock_machine_ns())) {
            ring->foreign++;
            continue;
        }
        give(context, number, &copy.span);
        given++;
    }
    return given;
}

unsigned ry_trace_rings_read(struct ry_trace_rings *rings,
                             void (*give)(void *context, unsigned ring, const struct ry_span *span),
                             void *context)
{
    unsigned given = 0;
    for (unsigned i = 0; i < rings->count; i++)
        given += read_ring(rings, i, give, context);
    rings->spans += given;
    return given;
}

uint64_t ry_trace_rings_lapped(const struct ry_trace_rings *rings)
{
    uint64_t lost = 0;
    for (unsigned i = 0; i < rings->count; i++)
        lost += rings->ring[i].link.reader.lost;
    return lost;
}

uint64_t ry_trace_rings_foreign(const struct ry_trace_rings *rings)
{
    uint64_t foreign = 0;
    for (unsigned i = 0; i < rings->count; i++)
        foreign += rings->ring[i].foreign;
    return foreign;
}

void ry_trace_rings_leave(struct ry_trace_rings *rings)
{
    for (unsigned i = 0; i < rings->count; i++)
        ry_role_link_leave(&rings->ring[i].link);
    rings->count = 0;
}
