#include "core/results/room.h"

#include <sys/mman.h>

#define ALIGN 64u

static size_t reserve(size_t *end, size_t bytes)
{
    const size_t at = (*end + ALIGN - 1) / ALIGN * ALIGN;
    *end = at + bytes;
    return at;
}

int ry_results_room_make(struct ry_results *r)
{
    const size_t agents = r->agents, instruments = r->instruments;
    size_t end = 0;
    const size_t agent = reserve(&end, (agents + 1) * sizeof *r->agent),
                 instrument = reserve(&end, instruments * sizeof *r->instrument),
                 lots = reserve(&end, (instruments * agents * (agents + 1) + 1) * sizeof *r->lots);
    ry_results_room_leave(r);
    uint8_t *memory =
        mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    r->memory = memory;
    r->memory_bytes = end;
    r->agent = (void *)(memory + agent);
    r->instrument = (void *)(memory + instrument);
    r->lots = (void *)(memory + lots);
    return 0;
}

void ry_results_room_leave(struct ry_results *r)
{
    if (r->memory != NULL)
        munmap(r->memory, r->memory_bytes);
    r->memory = NULL;
    r->memory_bytes = 0;
    r->agent = NULL;
    r->instrument = NULL;
    r->lots = NULL;
}
