/*
 * One agent's link: what is due, in the order in which the agent lives (docs/TIME.md, section 2).
 *
 * An example. Agent 3 owes nothing and has a timer at T = 500. A record at T = 100 that does not
 * wake it is written to its link at once. A group at 300 wakes it: nothing is written yet, for
 * another input at 300 may come. The smallest horizon becomes 310, so 300 is closed: the records of
 * 300 and the WAKE are written, and what exec applies from then on is held back. The agent
 * acknowledges at last; exec has applied up to 900 meanwhile. The records up to 500 are written,
 * then the timer's WAKE, and the rest waits for its acknowledgement.
 *
 * Owned by exec's thread. The ring may not lap the host; RY_EXEC_LINK_RESERVE slots of it are kept
 * for OUT.
 */
#ifndef RY_CORE_EXEC_LINK_H
#define RY_CORE_EXEC_LINK_H

#include "core/arena/arena.h"
#include "core/battle/battle.h"
#include "core/exec/horizon.h"
#include "core/exec/stream.h"
#include "core/exec/trace.h"
#include "shm/records/links.h"

#define RY_EXEC_LINK_RESERVE 2u

enum ry_exec_link_phase {
    RY_EXEC_LINK_BEFORE_START = 0, /* nothing is told */
    RY_EXEC_LINK_BOOK,             /* the book is being written, in portions; then START's wake */
    RY_EXEC_LINK_TOLD,             /* it lives */
    RY_EXEC_LINK_LEAVING,          /* what is left, without wakes, up to OUT or END */
    RY_EXEC_LINK_GONE,             /* nothing is written any more */
};

struct ry_exec_agent_link {
    struct ry_ring_writer ring;
    const struct ry_ring_position *read;
    struct ry_exec_horizon *horizon; /* is told when the agent can be heard of */
    uint64_t *given_by;              /* wakes given, by enum ry_wake_kind; of all links */
    struct ry_exec_trace *trace;     /* NULL: nothing is traced */
    uint16_t agent;
    uint64_t bit; /* of the agent */
    enum ry_exec_link_phase phase;

    /* The next entries of the two streams: outputs, and levels of TOPs. */
    uint64_t next, next_top;
    bool half; /* the record of `next` is written, its wake is not */

    /* Of the outputs: the first entry that wakes and is not in a go yet. Meaningful while
     * pending_time is not RY_TIME_NEVER. */
    uint64_t pending;
    int64_t pending_time;

    /* The go in work: entries below go_end and TOPs up to go_time, then the timer's wake. */
    bool going, go_timer;
    uint64_t go_end;
    uint64_t go_first; /* the number of its first wake */
    int64_t go_time;   /* also T of what is owed */

    uint64_t given, acked;       /* wakes: the number of the last */
    uint16_t states;             /* BOOK: instruments whose state is written */
    struct ry_arena_cursor book; /* BOOK: the order that comes next */
    uint64_t out_at;             /* LEAVING: the number of OUT's or END's entry */
    uint64_t unannounced;        /* slots written since the host was last roused */
};

/* What all links read. */
struct ry_exec_link_source {
    const struct ry_arena *arena;
    const struct ry_battle *battle;
    struct ry_exec_stream outputs, tops;
    uint64_t start_group; /* of START's own group */
};

void ry_exec_link_start(struct ry_exec_agent_link *link, const struct ry_exec_agent_link *parts);

/* An entry that wakes the agent was appended. */
static inline void ry_exec_link_woken(struct ry_exec_agent_link *link, uint64_t number,
                                      int64_t time)
{
    if (link->pending_time != RY_TIME_NEVER)
        return;
    link->pending = number;
    link->pending_time = time;
    ry_exec_horizon_woken(link->horizon, link->agent, time);
}

/* Trading begins at T: the book, then the first wake. */
void ry_exec_link_begin(struct ry_exec_agent_link *link, int64_t time);

/* A wake was given or made that is not acknowledged. */
static inline bool ry_exec_link_owes(const struct ry_exec_agent_link *link)
{
    return link->going || link->given != link->acked;
}

/* Writes what is due; inputs before `closed` cannot come any more. False: the agent owes nothing
 * and has no room, so exec has to wait. */
bool ry_exec_link_deliver(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source,
                          int64_t closed);

/* Whether ry_exec_link_deliver can find anything to do; nothing while an answer is owed. */
static inline bool ry_exec_link_due(const struct ry_exec_agent_link *link,
                                    const struct ry_exec_link_source *source, int64_t closed)
{
    if (link->phase == RY_EXEC_LINK_TOLD && link->given != link->acked && !link->going)
        return false;
    return link->next != source->outputs.end || link->next_top != source->tops.end || link->going ||
           link->horizon->agent[link->agent].timer < closed || link->phase == RY_EXEC_LINK_BOOK;
}

/* Whether it has to be now: somebody may be waited for. What is only to be known can wait for
 * more. */
static inline bool ry_exec_link_urgent(const struct ry_exec_agent_link *link, int64_t closed)
{
    if (link->phase != RY_EXEC_LINK_TOLD)
        return link->phase == RY_EXEC_LINK_BOOK || link->phase == RY_EXEC_LINK_LEAVING;
    return link->going ||
           (link->given == link->acked &&
            (link->pending_time < closed || link->horizon->agent[link->agent].timer < closed));
}

/* T of wake `number`, if it is the first that the agent owes; false: it is not. */
static inline bool ry_exec_link_wake(const struct ry_exec_agent_link *link, uint64_t number,
                                     int64_t *time)
{
    *time = link->go_time;
    return link->given != link->acked && number == link->acked + 1;
}

/* The first wake that it owes is acknowledged. */
void ry_exec_link_acknowledged(struct ry_exec_agent_link *link);

/* The agent is out, or the battle is over: entry `out_at` of the outputs is its last. */
void ry_exec_link_leave(struct ry_exec_agent_link *link, uint64_t out_at);

/* Both streams, of which it has told everything, begin at 0 again. */
static inline void ry_exec_link_begin_again(struct ry_exec_agent_link *link)
{
    link->next = link->next_top = link->go_end = 0;
}

/* Nobody reads it any more. */
void ry_exec_link_close(struct ry_exec_agent_link *link);

/* It holds the stream up, and is leaving: what finds no room is skipped but for the last record,
 * for which there is always room. */
void ry_exec_link_skip(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source);

#endif
