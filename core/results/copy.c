#include "core/results/copy.h"

#include "core/results/room.h"

int ry_results_copy_take(struct ry_follow_store *store, struct ry_results_copy *copy,
                         const struct ry_results *r, const struct ry_results_copy *before)
{
    *copy = (struct ry_results_copy){.fixed = *r, .memory_bytes = r->memory_bytes};
    copy->fixed.memory = NULL;
    copy->fixed.agent = NULL;
    copy->fixed.instrument = NULL;
    copy->fixed.lots = NULL;
    return ry_follow_pages_take(store, &copy->memory, r->memory, r->memory_bytes, true,
                                before == NULL ? NULL : &before->memory);
}

/* Of two results: what belongs to the battle from `battle`, the rest from `own`. */
static struct ry_results mix(const struct ry_results *battle, const struct ry_results *own)
{
    struct ry_results mixed = *battle;
    mixed.sink = own->sink;
    mixed.next = own->next;
    mixed.row = own->row;
    mixed.context = own->context;
    mixed.isolated = own->isolated;
    mixed.appliance = own->appliance;
    mixed.memory = own->memory;
    mixed.memory_bytes = own->memory_bytes;
    mixed.agent = own->agent;
    mixed.instrument = own->instrument;
    mixed.lots = own->lots;
    return mixed;
}

int ry_results_copy_return(const struct ry_follow_store *store, const struct ry_results_copy *copy,
                           struct ry_results *r)
{
    const bool fits = r->memory_bytes == copy->memory_bytes;
    *r = mix(&copy->fixed, r);
    if (copy->memory_bytes == 0) {
        ry_results_room_leave(r);
        return 0;
    }
    if (!fits && ry_results_room_make(r) != 0) {
        r->agents = r->instruments = 0;
        return -1;
    }
    ry_follow_pages_return(store, &copy->memory, r->memory, r->memory_bytes, true);
    return 0;
}

void ry_results_copy_drop(struct ry_follow_store *store, struct ry_results_copy *copy)
{
    ry_follow_pages_drop(store, &copy->memory);
}
