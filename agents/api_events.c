/*
 * What `market` is given. In api->group stand, in the order in which they were told,
 *
 *     [ trades and states that did not call | the group in work ]
 *
 * When another group begins, what the last one leaves is its trades and states: its book is in the
 * book. A call by a group gives all of it; a call by a TOP gives it with the levels of that T
 * behind, which are told before the groups of their T.
 */
#include "agents/api.h"

#include <string.h>
#include <sys/mman.h>

#include "shm/log.h"

/* Records that one input can make: each order in the book changes hands, and leaves, a few times
 * over. */
#define EVENTS_PER_ORDER      8u
#define EVENTS_PER_INSTRUMENT 4u
#define EVENTS_BESIDES        64u
/* Of TOP at one T: on each side all levels go, and as many come. */
#define TOP_EVENTS_PER_INSTRUMENT (2u * 2u * RY_TOP_MAX)

/* Backed when touched. `besides`: room for others behind what comes together. */
static bool reserve(struct ry_host_api_events *events, uint64_t max, uint64_t besides)
{
    events->max = (uint32_t)max;
    events->bytes = (max + besides) * sizeof *events->event;
    events->event = mmap(NULL, events->bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (events->event == MAP_FAILED)
        events->event = NULL;
    return events->event != NULL;
}

static void release(struct ry_host_api_events *events)
{
    if (events->event != NULL)
        munmap(events->event, events->bytes);
}

int ry_host_api_events_open(struct ry_host_api *api)
{
    const struct ry_battle *battle = api->battle;
    const uint64_t events = (uint64_t)EVENTS_PER_ORDER * battle->orders_max +
                            (uint64_t)EVENTS_PER_INSTRUMENT * battle->instruments + EVENTS_BESIDES;
    const uint64_t tops = (uint64_t)TOP_EVENTS_PER_INSTRUMENT * battle->instruments;
    return reserve(&api->group, events, RY_HOST_API_KEPT_MAX + tops) && reserve(&api->top, tops, 0)
               ? 0
               : -1;
}

void ry_host_api_events_close(struct ry_host_api *api)
{
    release(&api->group);
    release(&api->top);
}

/* ---- what is told ---------------------------------------------------------------------------- */

_Static_assert(RY_HOST_API_KEPT_MAX == 65536, "as agent.h, AGENTS.md and counters.def say");

static void cut(struct ry_host_api *api)
{
    if (api->events_cut++ == 0)
        ry_log(api->log, RY_LOG_WARN,
               "more than %u trades and states wait for the next call of market: the newest are "
               "left out, and counted (events_cut); add RY_INTEREST_WAKE_TRADES, or ask for no "
               "trades",
               RY_HOST_API_KEPT_MAX);
}

/* The group in work did not call: what of it waits for the next call. */
static void keep_rest(struct ry_host_api *api)
{
    struct ry_host_api_events *group = &api->group;
    for (uint32_t i = group->kept; i < group->count; i++) {
        const uint8_t kind = group->event[i].kind;
        if (kind != RY_EVENT_TRADE && kind != RY_EVENT_STATE)
            continue;
        if (group->kept < RY_HOST_API_KEPT_MAX)
            group->event[group->kept++] = group->event[i];
        else
            cut(api);
    }
    group->count = group->kept;
}

/* Where the next one goes. Fields are written there one by one: an event that is made elsewhere and
 * then copied is read back before the core has put its bytes together, which stalls. NULL: failed.
 */
static struct ry_market_event *room(struct ry_host_api *api, struct ry_host_api_events *events)
{
    if (events->count - events->kept < events->max)
        return &events->event[events->count++];
    ry_host_api_fail(api, "more records came together than the market can make (%u)", events->max);
    return NULL;
}

static struct ry_market_event *room_in_group(struct ry_host_api *api, uint64_t group)
{
    if (api->group.of != group)
        keep_rest(api);
    api->group.of = group;
    return room(api, &api->group);
}

static struct ry_market_event *room_in_top(struct ry_host_api *api, uint64_t time)
{
    if (api->top.of != time)
        api->top.count = 0;
    api->top.of = time;
    return room(api, &api->top);
}

static void add_level(struct ry_host_api *api, const struct ry_told_level *record)
{
    struct ry_market_event *event = record->group == 0 ? room_in_top(api, (uint64_t)record->time)
                                                       : room_in_group(api, record->group);
    if (event == NULL)
        return;
    event->kind = RY_EVENT_LEVEL;
    event->side = record->side;
    event->instrument = record->instrument;
    event->order = record->orders;
    event->price = record->price;
    event->qty = record->qty;
    event->fresh = false;
}

static void add_market(struct ry_host_api *api, const struct ry_market *record)
{
    struct ry_market_event *event = room_in_group(api, record->group);
    if (event == NULL)
        return;
    event->kind = record->kind;
    event->side = record->side;
    event->instrument = record->instrument;
    event->order = record->order;
    event->price = record->price;
    event->qty = record->qty;
    event->fresh = (record->flags & RY_MKF_NEW) != 0;
}
_Static_assert((int)RY_EVENT_CHANGE == (int)RY_MK_CHANGE &&
                   (int)RY_EVENT_TRADE == (int)RY_MK_TRADE &&
                   (int)RY_EVENT_STATE == (int)RY_MK_STATE,
               "kinds of events are kinds of market records");

void ry_host_api_events_add(struct ry_host_api *api, const union ry_told_any *record)
{
    if (record->market.kind == RY_TOLD_LEVEL)
        add_level(api, &record->level);
    else
        add_market(api, &record->market);
}

/* ---- what a call is given -------------------------------------------------------------------- */

/* Behind what waits; after its T's groups, so none of them is called any more. */
static bool add_tops(struct ry_host_api *api, int64_t time)
{
    const struct ry_host_api_events *top = &api->top;
    if (top->count == 0 || top->of != (uint64_t)time)
        return false;
    keep_rest(api);
    memcpy(&api->group.event[api->group.count], top->event, top->count * sizeof *top->event);
    api->group.count += top->count;
    return true;
}

unsigned ry_host_api_events_take(struct ry_host_api *api, const struct ry_host_wake *wake)
{
    struct ry_host_api_events *group = &api->group;
    const bool came = wake->kind == RY_WAKE_TOP
                          ? add_tops(api, wake->now)
                          : group->count > group->kept && group->of == wake->group;
    const unsigned count = came ? group->count : 0;
    group->count = group->kept = 0;
    if (wake->kind == RY_WAKE_TOP)
        api->top.count = 0;
    return count;
}
