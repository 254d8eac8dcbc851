/*
 * What the normalisers share: events and market time. A normaliser turns the fields of a format
 * (feeds/wire/) into events of the battle's instruments; it counts what it drops, says nothing and
 * knows no port and no line.
 *
 * T of an event is max(time on the wire, warmup_from, T of the event before): the machine takes no
 * input that falls back in time.
 */
#ifndef RY_FEEDS_MARKET_NORMALISE_H
#define RY_FEEDS_MARKET_NORMALISE_H

#include "feeds/counters/counters.h"
#include "feeds/market/instruments.h"
#include "shm/records/input.h"

struct ry_normalise_clock {
    int64_t last;        /* T of the last event; warmup_from before the first */
    int64_t wire;        /* the latest time on the wire of an event */
    int64_t warmup_from; /* of the battle */
    /* Of the record as a whole, also of messages that make no event; snapshots apart. */
    int64_t first;  /* RY_TIME_NEVER: none yet */
    int64_t latest; /* INT64_MIN: none yet */
};

static inline void ry_normalise_clock_init(struct ry_normalise_clock *clock, int64_t warmup_from)
{
    *clock = (struct ry_normalise_clock){.last = warmup_from,
                                         .wire = INT64_MIN,
                                         .warmup_from = warmup_from,
                                         .first = RY_TIME_NEVER,
                                         .latest = INT64_MIN};
}

/* A sound message has that time, whatever becomes of it. */
static inline void ry_normalise_seen(struct ry_normalise_clock *clock, int64_t wire)
{
    if (clock->first == RY_TIME_NEVER)
        clock->first = wire;
    if (wire > clock->latest)
        clock->latest = wire;
}

/* T of an event that the wire gives the time `wire`, ns UTC; counts a fall, and what it is moved by
 * into the warm-up. */
static inline int64_t ry_normalise_time(struct ry_normalise_clock *clock, int64_t wire,
                                        struct ry_feed_counters *counters)
{
    if (wire < clock->wire)
        counters->time_fell++;
    else
        clock->wire = wire;
    counters->clamped_to_warmup += wire < clock->warmup_from;
    if (wire > clock->last)
        clock->last = wire;
    return clock->last;
}

/* Empties the event but for these; source and source_seq are the handler's and exec's to fill. */
static inline struct ry_input *ry_normalise_event(struct ry_input *event, enum ry_input_kind kind,
                                                  unsigned instrument, int64_t time)
{
    *event = (struct ry_input){
        .head = {
            .kind = (uint8_t)kind, .slots = 1, .instrument = (uint16_t)instrument, .time = time}};
    return event;
}

#endif
