/*
 * A feed as a source: its event ring, read ahead into a private window.
 *
 * Up to RY_EXEC_FEED_WINDOW records are copied, checked and hinted to the machine before their
 * turn, so that the cache misses of the book overlap. Horizon: the next record; ring empty and not
 * ended: the T of the last one (at first warmup_from), with the sequence number that the next must
 * have.
 *
 * A record that is wrong (event.h) is counted, told for the first few, and skipped; one that jumps
 * ahead in its sequence numbers is skipped, too, but what follows it counts on from it. FEED_END
 * makes no input: when the records before it are applied, the feed has ended and has no horizon.
 */
#ifndef RY_CORE_EXEC_SOURCE_FEED_H
#define RY_CORE_EXEC_SOURCE_FEED_H

#include "core/arena/arena.h"
#include "core/exec/event.h"
#include "core/exec/source.h"
#include "core/exec/trace.h"
#include "shm/ring.h"

#define RY_EXEC_FEED_WINDOW     32u /* a power of two */
#define RY_EXEC_FEED_WRONG_TOLD 8   /* lines in the log, each feed */

struct ry_exec_feed_source {
    struct ry_exec_merge_source source; /* first: what merge sees */
    struct ry_input window[RY_EXEC_FEED_WINDOW];
    int64_t read_ns[RY_EXEC_FEED_WINDOW]; /* with traces: when each was read; 0: not traced */
    unsigned first, count; /* of the window: the record that is next, and how many there are */
    struct ry_ring_reader ring;
    struct ry_ring_position *position; /* what the feed may write over, in exec's region */
    const struct ry_arena *arena;      /* for hints */
    struct ry_exec_event_rules rules;  /* of the last record read */
    uint64_t seed;
    int64_t time; /* of the last record applied */
    uint64_t source_seq;
    uint64_t *events, *invalid;  /* counters */
    struct ry_exec_trace *trace; /* NULL: nothing is traced */
    struct ry_ring_writer *log;
    const char *name;
    bool end_read; /* FEED_END stands behind the window */
    bool ended;    /* and all before it is applied */
    bool died;     /* the supervisor says so */
    bool lapped;   /* wrote over what was not read: its word is broken */
};

/* `feed` has ring, position, arena, rules, seed, counters, log and name set; the rest zero. */
void ry_exec_feed_source_start(struct ry_exec_feed_source *feed);

/* The feed can give nothing more although it has not ended; looks at the ring once more before it
 * says so. */
bool ry_exec_feed_source_broken(struct ry_exec_feed_source *feed);

#endif
