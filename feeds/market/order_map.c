#include "feeds/market/order_map.h"

#include <stdlib.h>
#include <sys/mman.h>

_Static_assert(4 * (uint64_t)RY_ORDERS_MAX < UINT32_MAX, "a link holds every slot");

static uint64_t home(const struct ry_normalise_order_map *map, uint16_t occupant, uint64_t id)
{
    uint64_t hash = (id ^ (uint64_t)occupant << 48) * UINT64_C(0x9e3779b97f4a7c15);
    return (hash ^ hash >> 32) & map->mask;
}

int ry_normalise_order_map_init(struct ry_normalise_order_map *map, unsigned instruments,
                                uint64_t limit)
{
    uint64_t slots = 64;
    while (slots < 2 * limit)
        slots *= 2;
    *map = (struct ry_normalise_order_map){.mask = slots - 1, .limit = limit};
    map->first = calloc(instruments + 1u, sizeof *map->first);
    if (map->first == NULL)
        return -1;
    void *memory = mmap(NULL, slots * sizeof(struct ry_normalise_order), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        ry_normalise_order_map_free(map);
        return -1;
    }
    map->slot = memory;
    return 0;
}

void ry_normalise_order_map_free(struct ry_normalise_order_map *map)
{
    if (map->slot != NULL)
        munmap(map->slot, (map->mask + 1) * sizeof(struct ry_normalise_order));
    free(map->first);
    map->slot = NULL;
    map->first = NULL;
}

struct ry_normalise_order *ry_normalise_order_map_find(const struct ry_normalise_order_map *map,
                                                       uint16_t instrument, uint64_t id)
{
    const uint16_t occupant = (uint16_t)(instrument + 1);
    for (uint64_t at = home(map, occupant, id); map->slot[at].occupant != 0;
         at = (at + 1) & map->mask)
        if (map->slot[at].id == id && map->slot[at].occupant == occupant)
            return &map->slot[at];
    return NULL;
}

/* ---- an instrument's orders ------------------------------------------------------------------ */

/* The neighbours of the order at `at` point at it. */
static void point_at(struct ry_normalise_order_map *map, uint64_t at)
{
    const struct ry_normalise_order *order = &map->slot[at];
    if (order->previous != 0)
        map->slot[order->previous - 1].next = (uint32_t)(at + 1);
    else
        map->first[order->occupant - 1] = (uint32_t)(at + 1);
    if (order->next != 0)
        map->slot[order->next - 1].previous = (uint32_t)(at + 1);
}

static void link_in(struct ry_normalise_order_map *map, uint64_t at)
{
    map->slot[at].next = map->first[map->slot[at].occupant - 1];
    point_at(map, at);
}

static void link_out(struct ry_normalise_order_map *map, uint64_t at)
{
    const struct ry_normalise_order *order = &map->slot[at];
    if (order->previous != 0)
        map->slot[order->previous - 1].next = order->next;
    else
        map->first[order->occupant - 1] = order->next;
    if (order->next != 0)
        map->slot[order->next - 1].previous = order->previous;
}

/* ---- the table ------------------------------------------------------------------------------- */

struct ry_normalise_order *ry_normalise_order_map_insert(struct ry_normalise_order_map *map,
                                                         uint16_t instrument, uint64_t id)
{
    if (map->count == map->limit)
        return NULL;
    const uint16_t occupant = (uint16_t)(instrument + 1);
    uint64_t at = home(map, occupant, id);
    while (map->slot[at].occupant != 0)
        at = (at + 1) & map->mask;
    map->slot[at] = (struct ry_normalise_order){.id = id, .occupant = occupant};
    link_in(map, at);
    map->count++;
    return &map->slot[at];
}

/* Linear probing without tombstones: what stands behind the hole and may not stay there moves into
 * it. */
static void remove_at(struct ry_normalise_order_map *map, uint64_t hole)
{
    struct ry_normalise_order *slot = map->slot;
    link_out(map, hole);
    for (uint64_t at = (hole + 1) & map->mask; slot[at].occupant != 0; at = (at + 1) & map->mask) {
        const uint64_t from_home = (at - home(map, slot[at].occupant, slot[at].id)) & map->mask;
        if (from_home >= ((at - hole) & map->mask)) {
            slot[hole] = slot[at];
            point_at(map, hole);
            hole = at;
        }
    }
    slot[hole] = (struct ry_normalise_order){0};
    map->count--;
}

void ry_normalise_order_map_remove(struct ry_normalise_order_map *map,
                                   struct ry_normalise_order *order)
{
    remove_at(map, (uint64_t)(order - map->slot));
}

uint64_t ry_normalise_order_map_clear(struct ry_normalise_order_map *map, uint16_t instrument)
{
    uint64_t removed = 0;
    for (; map->first[instrument] != 0; removed++)
        remove_at(map, map->first[instrument] - 1u);
    return removed;
}
