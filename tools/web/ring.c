#include "tools/web/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct ry_web_frame **slot_of(struct ry_web_ring *ring, uint64_t number)
{
    return &ring->slot[number % RY_WEB_FRAMES];
}

static bool has(const struct ry_web_ring *ring, uint64_t number)
{
    return number >= ring->first && number < ring->next;
}

static void take_snapshot(struct ry_web_ring *ring, struct ry_web_frame *frame)
{
    ry_web_frame_drop(ring->snapshot);
    ring->snapshot = frame;
}

static void clear(struct ry_web_ring *ring)
{
    for (; ring->first < ring->next; ring->first++)
        ry_web_frame_drop(*slot_of(ring, ring->first));
}

static void append(struct ry_web_ring *ring, struct ry_web_frame *frame)
{
    if (ring->next - ring->first == RY_WEB_FRAMES)
        ry_web_frame_drop(*slot_of(ring, ring->first++));
    *slot_of(ring, ring->next++) = frame;
}

bool ry_web_ring_put(struct ry_web_ring *ring, struct ry_web_frame *frame)
{
    const bool whole = frame->kind == RY_WEB_SNAPSHOT;
    if (frame->number == ring->next && (whole || ring->snapshot != NULL)) {
        append(ring, frame);
        if (whole)
            take_snapshot(ring, ry_web_frame_use(frame));
        return true;
    }
    if (whole && frame->number < ring->next && frame->number + 1 >= ring->first) {
        take_snapshot(ring, frame); /* of a state that was */
        return true;
    }
    /* The first there is, or one was lost for want of memory: all begins behind it. */
    if (whole && frame->number > ring->next) {
        clear(ring);
        ring->first = ring->next = frame->number;
        append(ring, frame);
        take_snapshot(ring, ry_web_frame_use(frame));
        return true;
    }
    ry_web_frame_drop(frame);
    return false;
}

static bool will_do(const struct ry_web_ring *ring)
{
    const struct ry_web_frame *snapshot = ring->snapshot;
    return snapshot != NULL && snapshot->number + 1 >= ring->first &&
           ring->next - 1 - snapshot->number <= RY_WEB_SNAPSHOT_AGE_MAX;
}

enum ry_web_next ry_web_ring_next(const struct ry_web_ring *ring, uint64_t had,
                                  struct ry_web_frame **frame)
{
    if (had != RY_WEB_HAS_NOTHING && has(ring, had + 1)) {
        *frame = ring->slot[(had + 1) % RY_WEB_FRAMES];
        return RY_WEB_NEXT_FRAME;
    }
    if (had != RY_WEB_HAS_NOTHING && had + 1 == ring->next)
        return RY_WEB_NEXT_NONE;
    if (!will_do(ring))
        return RY_WEB_NEXT_WAIT;
    *frame = ring->snapshot;
    return had == RY_WEB_HAS_NOTHING ? RY_WEB_NEXT_FRAME : RY_WEB_NEXT_LAPPED;
}

uint64_t ry_web_ring_find(const struct ry_web_ring *ring, const char *cursor)
{
    char *end;
    const char *last = strrchr(cursor, '-');
    if (last == NULL || last[1] < '0' || last[1] > '9')
        return RY_WEB_HAS_OTHER;
    errno = 0;
    const uint64_t number = strtoull(last + 1, &end, 10);
    if (errno != 0 || *end != '\0' || number >= RY_WEB_HAS_OTHER)
        return RY_WEB_HAS_OTHER;
    const char *ours = NULL;
    if (has(ring, number))
        ours = ring->slot[number % RY_WEB_FRAMES]->cursor;
    else if (has(ring, number + 1)) /* it is gone, and the one that goes on behind it is there */
        ours = ring->slot[(number + 1) % RY_WEB_FRAMES]->since;
    return ours != NULL && strcmp(ours, cursor) == 0 ? number : RY_WEB_HAS_OTHER;
}

void ry_web_ring_close(struct ry_web_ring *ring)
{
    clear(ring);
    take_snapshot(ring, NULL);
}
