/*
 * A ring of shm/ring.h in plain memory: both ends are in one process and one thread.
 */
#ifndef RY_TOOLS_FAST_RING_H
#define RY_TOOLS_FAST_RING_H

#include "shm/ring.h"

struct ry_fast_ring {
    struct ry_ring_writer writer;
    struct ry_ring_reader reader; /* at its beginning */
    void *memory;                 /* NULL: not there */
    size_t bytes;
};

/* Zeroed bytes, aligned to a page, backed when they are touched. NULL: there are none (errno). */
void *ry_fast_reserve(size_t bytes);
void ry_fast_release(void *memory, size_t bytes);

/* Empty. -1: no memory (errno). */
int ry_fast_ring_make(struct ry_fast_ring *ring, uint64_t slots);
void ry_fast_ring_free(struct ry_fast_ring *ring);

#endif
