#include "core/arena/arrival.h"

#include "core/arena/levels.h"

/* Visits the agents' orders of one side until `left` of them were seen; only `agent`'s count if
 * that is one. */
static bool visit_side(const struct ry_arena *a, const struct ry_arena_book *book, uint32_t agent,
                       uint64_t left, bool (*visit)(void *context, uint32_t id), void *context)
{
    for (uint32_t at = book->best; at && left;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        for (uint32_t id = level->agents ? level->head : 0; id && left;
             id = ry_arena_order_at(a, id)->next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            const bool all = agent >= a->agents;
            if (order->owner == RY_ARENA_OWNER_NONE || (!all && order->owner != agent))
                continue;
            if (!visit(context, id))
                return false;
            left -= all ? 1 : order->open;
        }
    }
    return true;
}

/* Of an agent as many lots are sought as its holding says are open. */
bool ry_arena_arrival_visit(const struct ry_arena *a, uint16_t agent,
                            bool (*visit)(void *context, uint32_t id), void *context)
{
    uint32_t left = a->agent[agent].open_orders;
    for (uint32_t i = 0; left && i < a->instruments; i++) {
        const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
        const struct ry_arena_holding *holding = ry_arena_holding_at(a, i, agent);
        for (unsigned side = 0; instrument->agent_orders && side < 2; side++)
            if (!visit_side(a, &instrument->side[side], agent, holding->open[side], visit, context))
                return false;
    }
    return true;
}

struct gathering {
    uint32_t *id;
    uint32_t count;
};

static bool gather(void *context, uint32_t id)
{
    struct gathering *gathering = context;
    gathering->id[gathering->count++] = id;
    return true;
}

static uint64_t number(const struct ry_arena *a, uint32_t id)
{
    return *ry_arena_arrived_at(a, id);
}

/* Lets the id at `at` sink to its place in a heap whose latest is on top. */
static void sink(const struct ry_arena *a, uint32_t *id, size_t at, size_t count)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && number(a, id[child + 1]) > number(a, id[child]))
            child++;
        if (number(a, id[child]) <= number(a, id[at]))
            return;
        const uint32_t up = id[child];
        id[child] = id[at];
        id[at] = up;
    }
}

/* A heap, since it needs no memory besides, whatever lies there. */
static const uint32_t *sorted(const struct ry_arena *a, const struct gathering *gathering,
                              uint32_t *count)
{
    uint32_t *id = gathering->id;
    *count = gathering->count;
    for (size_t at = *count / 2; at-- > 0;)
        sink(a, id, at, *count);
    for (size_t last = *count; last-- > 1;) {
        const uint32_t latest = id[0];
        id[0] = id[last];
        id[last] = latest;
        sink(a, id, 0, last);
    }
    return id;
}

const uint32_t *ry_arena_arrival_of_agent(struct ry_arena *a, uint16_t agent, uint32_t *count)
{
    struct gathering all = {.id = ry_arena_at(a, a->at.gathered)};
    (void)ry_arena_arrival_visit(a, agent, gather, &all);
    assert(all.count == a->agent[agent].open_orders);
    return sorted(a, &all, count);
}

const uint32_t *ry_arena_arrival_of_book(struct ry_arena *a,
                                         const struct ry_arena_instrument *instrument,
                                         uint32_t *count)
{
    struct gathering all = {.id = ry_arena_at(a, a->at.gathered)};
    for (unsigned side = 0; side < 2; side++)
        (void)visit_side(a, &instrument->side[side], a->agents, instrument->side[side].agent_orders,
                         gather, &all);
    assert(all.count == instrument->agent_orders);
    return sorted(a, &all, count);
}
