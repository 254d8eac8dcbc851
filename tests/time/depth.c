#include "tests/time/depth.h"

#include <assert.h>

struct looking {
    struct ry_time_depth *depth;
    unsigned max;
};

static bool visit(void *context, const struct ry_arena_book_order *order)
{
    const struct looking *looking = context;
    struct ry_time_depth *depth = looking->depth;
    if (order->open == 0)
        return true;
    if (depth->count == 0 || depth->level[depth->count - 1].price != order->price) {
        if (depth->count == looking->max)
            return false;
        assert(depth->count < RY_TIME_DEPTH_MAX);
        depth->level[depth->count++] = (struct ry_told_level){.kind = RY_TOLD_LEVEL,
                                                              .slots = 1,
                                                              .instrument = order->instrument,
                                                              .side = order->side,
                                                              .price = order->price};
    }
    depth->level[depth->count - 1].qty += order->open;
    depth->level[depth->count - 1].orders++;
    return true;
}

void ry_time_depth_look(struct ry_time_depth *depth, const struct ry_arena *arena,
                        uint16_t instrument, enum ry_side side, unsigned max)
{
    struct looking looking = {.depth = depth, .max = max};
    depth->count = 0;
    ry_arena_walk(arena, instrument, side, visit, &looking);
}

static const struct ry_told_level *find(const struct ry_time_depth *depth, int64_t price)
{
    for (unsigned i = 0; i < depth->count; i++)
        if (depth->level[i].price == price)
            return &depth->level[i];
    return NULL;
}

struct ry_told_level ry_time_depth_level(const struct ry_arena *arena, uint16_t instrument,
                                         enum ry_side side, int64_t price)
{
    struct ry_time_depth depth;
    ry_time_depth_look(&depth, arena, instrument, side, RY_TIME_DEPTH_MAX);
    const struct ry_told_level *level = find(&depth, price);
    return level != NULL ? *level
                         : (struct ry_told_level){.kind = RY_TOLD_LEVEL,
                                                  .slots = 1,
                                                  .instrument = instrument,
                                                  .side = (uint8_t)side,
                                                  .price = price};
}

unsigned ry_time_depth_differ(const struct ry_time_depth *before, const struct ry_time_depth *now,
                              struct ry_told_level *changes)
{
    unsigned count = 0;
    for (unsigned i = 0; i < before->count; i++) {
        if (find(now, before->level[i].price) != NULL)
            continue;
        changes[count] = before->level[i];
        changes[count].qty = 0;
        changes[count++].orders = 0;
    }
    for (unsigned i = 0; i < now->count; i++) {
        const struct ry_told_level *old = find(before, now->level[i].price);
        if (old == NULL || old->qty != now->level[i].qty || old->orders != now->level[i].orders)
            changes[count++] = now->level[i];
    }
    return count;
}
