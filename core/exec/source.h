/*
 * Sources: where the inputs of the one sequence come from.
 *
 * Each source has a horizon, the earliest key that its next record can have; when the record
 * stands, `ready`, it is that record's own key. The smallest key of all is next: if it is a record,
 * it is applied, otherwise exec waits (merge.h).
 *
 * A new kind of source is one more file source_NAME.[ch] that fills this struct, one call of
 * ry_exec_merge_add in exec.c, and a reason in enum ry_exec_wait_why (exec.h) if exec can stand
 * still for it. Merge, clock and the other sources need not know. Two kinds to come, as examples:
 *
 * - race: an agent's record gets the T at which exec reads it. The horizon is the wall clock, which
 *   `poll` moves on, so nobody waits for an agent, and horizon.h is not asked.
 * - recovery: the records that a feed missed come in from elsewhere. While the gap is open the
 *   horizon stays at the T of the last record before it, so exec waits as for a feed's next record;
 *   when the gap is closed or given up, never.
 *
 * Order of keys: T, tie, source, source sequence. tie = ry_exec_key_tie(seed, T, source) for all
 * but the clock, whose moments come before every other input at their T (RY_EXEC_TIE_FIRST) and
 * whose END comes after all others at its T (RY_EXEC_TIE_LAST).
 */
#ifndef RY_CORE_EXEC_SOURCE_H
#define RY_CORE_EXEC_SOURCE_H

#include "shm/records/input.h"

#define RY_EXEC_TIE_FIRST UINT64_C(0)
#define RY_EXEC_TIE_LAST  UINT64_MAX

struct ry_exec_key {
    int64_t time;
    uint64_t tie;
    uint64_t source_seq;
    uint16_t source; /* enum ry_source + index */
};

struct ry_exec_merge_source {
    struct ry_exec_key
        key; /* horizon; time RY_TIME_NEVER and tie RY_EXEC_TIE_LAST: nothing will come */
    bool ready;
    const union ry_input_any *next; /* the record, whole; set while ready */
    void *context;
    /* The record was applied: moves on to the next one. */
    void (*advance)(struct ry_exec_merge_source *source);
    /* The source is next but not ready, or a sweep begins: looks for news. May make it ready, or
     * move its horizon on; never back. */
    void (*poll)(struct ry_exec_merge_source *source);
};

/* splitmix64's finaliser (Steele, Lea, Flood 2014): a fixed bijection of 64 bits. */
static inline uint64_t ry_exec_mix64(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/*
 * Who comes first among equal times: fixed by the battle's seed, without favour to a low source
 * number. mix(mix(seed + source * golden) ^ T), kept between RY_EXEC_TIE_FIRST and
 * RY_EXEC_TIE_LAST. Part of the sequence's definition: never change it.
 */
static inline uint64_t ry_exec_key_tie(uint64_t seed, int64_t time, uint16_t source)
{
    uint64_t stream = ry_exec_mix64(seed + source * UINT64_C(0x9e3779b97f4a7c15));
    uint64_t tie = ry_exec_mix64(stream ^ (uint64_t)time);
    return tie == RY_EXEC_TIE_FIRST  ? RY_EXEC_TIE_FIRST + 1
           : tie == RY_EXEC_TIE_LAST ? RY_EXEC_TIE_LAST - 1
                                     : tie;
}

static inline bool ry_exec_key_before(const struct ry_exec_key *a, const struct ry_exec_key *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->tie != b->tie)
        return a->tie < b->tie;
    if (a->source != b->source)
        return a->source < b->source;
    return a->source_seq < b->source_seq;
}

static inline struct ry_exec_key ry_exec_key_never(uint16_t source)
{
    return (struct ry_exec_key){
        .time = RY_TIME_NEVER, .tie = RY_EXEC_TIE_LAST, .source_seq = UINT64_MAX, .source = source};
}

static inline bool ry_exec_key_equal(const struct ry_exec_key *a, const struct ry_exec_key *b)
{
    return a->time == b->time && a->tie == b->tie && a->source == b->source &&
           a->source_seq == b->source_seq;
}

static inline bool ry_exec_key_is_never(const struct ry_exec_key *key)
{
    return key->time == RY_TIME_NEVER && key->tie == RY_EXEC_TIE_LAST;
}

#endif
