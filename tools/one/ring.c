#include "tools/one/ring.h"

#include <sys/mman.h>

void *ry_one_reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void ry_one_release(void *memory, size_t bytes)
{
    if (memory != NULL)
        munmap(memory, bytes);
}

int ry_one_ring_make(struct ry_one_ring *ring, uint64_t slots)
{
    *ring = (struct ry_one_ring){.bytes = ry_ring_footprint(slots)};
    ring->memory = ry_one_reserve(ring->bytes);
    if (ring->memory == NULL)
        return -1;
    ry_ring_create(&ring->writer, ring->memory, slots);
    return ry_ring_join(&ring->reader, ring->memory, ring->bytes);
}

void ry_one_ring_free(struct ry_one_ring *ring)
{
    ry_one_release(ring->memory, ring->bytes);
    ring->memory = NULL;
}
