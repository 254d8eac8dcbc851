/*
 * What exec writes for others: the input ring, the market ring, and one report ring an agent.
 *
 * Law 3: an input stands in the input ring before its outputs leave. The input ring may not lap the
 * journal. Market and report rings may not lap the agents, whose "read up to" words alone make
 * room. An input makes its outputs in one go, so those that find no room, and all after them, wait
 * in a backlog in their order; while it is not empty no further input is applied. Without agents
 * the market ring laps whom it likes.
 */
#ifndef RY_CORE_EXEC_PUBLISH_H
#define RY_CORE_EXEC_PUBLISH_H

#include "core/arena/arena.h"
#include "shm/ring.h"

/* One agent as a reader. */
struct ry_exec_publish_agent {
    struct ry_ring_writer reports;
    const struct ry_ring_position *market_read, *reports_read;
    uint64_t market_end; /* of one that is out: where its OUT left the rings */
};

struct ry_exec_publish {
    struct ry_ring_writer inputs;
    struct ry_ring_writer market;
    const struct ry_ring_position *journal; /* how far the journal has read */

    struct ry_exec_publish_agent agent[RY_AGENTS_MAX];
    uint64_t readers;     /* bit of each agent that the rings must not lap */
    uint64_t leaving;     /* of which: its OUT is published, and it has yet to read it */
    uint64_t market_room; /* the slot number that the market ring's writer may reach */

    unsigned char *backlog;                         /* records, slot by slot */
    size_t backlog_first, backlog_end, backlog_max; /* in slots */
    uint64_t published;                             /* records that left the backlog */
};

/* Bytes of the backlog: more than any input can make. Backed when touched, so get it lazily (mmap).
 */
size_t ry_exec_publish_backlog_bytes(uint32_t orders_max, uint16_t instruments, unsigned agents);

static inline bool ry_exec_publish_has_room(struct ry_exec_publish *publish,
                                            const union ry_input_any *input)
{
    return ry_ring_has_room(&publish->inputs, publish->journal, input->head.slots);
}

static inline void ry_exec_publish_input(struct ry_exec_publish *publish,
                                         const union ry_input_any *input)
{
    ry_ring_write(&publish->inputs, input, input->head.slots);
}

/* The journal has read all that was published. */
bool ry_exec_publish_drained(const struct ry_exec_publish *publish);

/* With agents: into the ring, or into the backlog. */
void ry_exec_publish_market(struct ry_exec_publish *publish, const struct ry_market *market);
void ry_exec_publish_report(struct ry_exec_publish *publish, const struct ry_report *report);

#define RY_EXEC_PUBLISH_ALL (-1)
/* Goes on with the backlog. RY_EXEC_PUBLISH_ALL: it is empty; else the agent that it waits for. */
int ry_exec_publish_go_on(struct ry_exec_publish *publish);

/* Nobody waits for this agent any more. */
void ry_exec_publish_forget(struct ry_exec_publish *publish, uint16_t agent);

#endif
