/*
 * A ring of shm/ring.h in plain memory: both ends are in one process and one thread.
 */
#ifndef RY_TOOLS_ONE_RING_H
#define RY_TOOLS_ONE_RING_H

#include "shm/ring.h"

struct ry_one_ring {
    struct ry_ring_writer writer;
    struct ry_ring_reader reader; /* at its beginning */
    void *memory;                 /* NULL: not there */
    size_t bytes;
};

/* Zeroed bytes, aligned to a page, backed when they are touched. NULL: there are none (errno). */
void *ry_one_reserve(size_t bytes);
void ry_one_release(void *memory, size_t bytes);

/* Empty. -1: no memory (errno). */
int ry_one_ring_make(struct ry_one_ring *ring, uint64_t slots);
void ry_one_ring_free(struct ry_one_ring *ring);

#endif
