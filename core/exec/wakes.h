/*
 * Waking outputs: which outputs wake which agent, and which of them it has not acknowledged. Part
 * of horizon.h, whose storage it is; nobody else calls it. (The futex that wakes a sleeping process
 * is another thing: wake_others in exec_main.c.)
 *
 * An example: market record 1 of group 7 changes an instrument that agents 0 and 3 asked for,
 * record 2 one that agent 3 asked for. Two ORs make the mask 1001 (binary); the group's last record
 * stores {T, 1001} as group 7 and appends it to the queues of agents 0 and 3, which is a count and,
 * if the queue was empty, where it begins. Agent 3 acknowledges group 7: its queue goes on with the
 * next group whose mask has bit 3.
 *
 * Layout: one array of groups for all agents, indexed by group number modulo its size; for each
 * agent, its reports as runs that share T and group, indexed likewise. START is neither: it wakes
 * everybody once. A queue is full when it holds what its memory can name; exec then applies nothing
 * until the agent acknowledges. In order: reports of an input come before its group, and an
 * acknowledgement of one output is one of all before it.
 */
#ifndef RY_CORE_EXEC_WAKES_H
#define RY_CORE_EXEC_WAKES_H

#include <assert.h>

#include "shm/records/command.h"
#include "shm/records/output.h"

/* What one latency of an agent may span. Powers of two. */
#define RY_EXEC_WAKES_GROUPS (UINT64_C(1) << 21)
#define RY_EXEC_WAKES_RUNS   (UINT64_C(1) << 15) /* each agent */

struct ry_exec_wakes_group {
    int64_t time;
    uint64_t agents; /* bit of each agent that it wakes */
};

struct ry_exec_wakes_run {
    uint64_t first; /* seq of its first report */
    uint64_t group; /* the group before them */
    int64_t time;
};

/* What one agent has not acknowledged. */
struct ry_exec_wakes_queue {
    int64_t first_time;   /* T of the first, RY_TIME_NEVER: none */
    int64_t start_time;   /* START is not acknowledged; else RY_TIME_NEVER */
    uint64_t group_first; /* meaningful while group_count > 0 */
    uint64_t group_count;
    struct ry_exec_wakes_run *run;
    uint64_t run_first, run_end;
    uint64_t seq;       /* the last report */
    uint64_t seq_acked; /* and the last acknowledged */
};

struct ry_exec_wakes {
    struct ry_exec_wakes_group *group;
    uint64_t group_mask, run_mask;
    uint64_t group_next; /* the number of the next group, from 1 */
    uint64_t group_room; /* below it there is room for sure */
    /* of each instrument, by enum ry_market_kind up to STATE: bits of agents */
    uint64_t (*interest)[4];
    uint16_t instruments;
    uint64_t woken; /* by the group in work */
    bool starts;    /* it holds START */
    bool started;
    uint64_t live;  /* agents that can be woken */
    uint64_t fresh; /* agents that had nothing to acknowledge before; whoever looks clears them */
    uint64_t runs_full;
    uint64_t counted[RY_WAKE_TIMER + 1]; /* by enum ry_wake_kind */
    struct ry_exec_wakes_queue queue[RY_AGENTS_MAX];
};

size_t ry_exec_wakes_footprint(unsigned agents, uint16_t instruments, uint64_t groups,
                               uint64_t runs);

/* `memory` is ry_exec_wakes_footprint bytes, zeroed, aligned to 8. At first everything wakes
 * everybody.
 */
void ry_exec_wakes_start(struct ry_exec_wakes *wakes, void *memory, unsigned agents,
                         uint16_t instruments, uint64_t groups, uint64_t runs);

/* The last record of a group came. */
void ry_exec_wakes_group_ends(struct ry_exec_wakes *wakes, const struct ry_market *record);

static inline void ry_exec_wakes_market(struct ry_exec_wakes *wakes, const struct ry_market *record)
{
    if (record->kind <= RY_MK_STATE)
        wakes->woken |= wakes->interest[record->instrument][record->kind];
    else
        wakes->starts |= record->kind == RY_MK_START;
    if (record->flags & RY_MKF_LAST)
        ry_exec_wakes_group_ends(wakes, record);
}

void ry_exec_wakes_report(struct ry_exec_wakes *wakes, const struct ry_report *report);

/* The agent whose queue has no room for what an input may make, or -1. */
int ry_exec_wakes_full(struct ry_exec_wakes *wakes);

/* T of a wake that the agent has not acknowledged; false: it is none. Timers are not looked at. */
bool ry_exec_wakes_time(const struct ry_exec_wakes *wakes, uint16_t agent, uint8_t kind,
                        uint64_t number, int64_t *time);
/* Takes it and all before it out of the queue. It must be one that ry_exec_wakes_time knows. */
void ry_exec_wakes_acknowledge(struct ry_exec_wakes *wakes, uint16_t agent, uint8_t kind,
                               uint64_t number);

/* False if there is no such instrument. */
bool ry_exec_wakes_interest(struct ry_exec_wakes *wakes, uint16_t agent, uint16_t instrument,
                            unsigned kinds);

/* Nothing wakes it any more. */
void ry_exec_wakes_out(struct ry_exec_wakes *wakes, uint16_t agent);

#endif
