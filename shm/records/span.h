/*
 * Spans: what a hop of the house says of the time that one event took in it. They lie in
 * ROLE.spans, one ring a process, which laps: who is slow loses spans, and nobody waits. With
 * `trace: {every: N}` in the battle file an event is traced if it is a feed's record whose
 * source_seq is a multiple of N; so all processes agree without telling each other. Nothing
 * sequenced has a stamp.
 *
 * An example, record 4000 of feed 0 with every: 1000, which wakes agent 3, which sends an order:
 *
 *     FEED      feed0    packet taken .. about to stand in feed0.events
 *     MERGE     exec     read there .. about to stand in exec.inputs, as input 71025
 *     JOURNAL   journal  read there .. in a block that the kernel has
 *     DURABLE   journal  .. confirmed by an fdatasync
 *     APPLY     exec     the machine applies it
 *     WAKE      exec     .. about to stand on exec.link3: wake 17 of agent 3
 *     CALLBACK  agent3   read there .. the strategy has returned
 *     ANSWER    agent3   .. its commands and the acknowledgement stand in agent3.commands
 *     COMMAND   exec     its order is read there .. about to stand in exec.inputs, as input 71090
 *     APPLY     exec     the machine applies it
 *     REPORT    exec     .. it stands on exec.link3
 *
 * There a trace ends: what the report makes the agent do, and what the order does to others, is
 * theirs. A hop's end is taken before what it made can be read, so what follows from a span begins
 * when that span has ended, or later.
 *
 * Times are ry_clock_machine_ns. What a span lies below follows from its hop and its numbers:
 * tools/trace/tree.h. An agent's ring is written by the process that runs its strategy: not
 * trusted.
 */
#ifndef RY_SHM_RECORDS_SPAN_H
#define RY_SHM_RECORDS_SPAN_H

#include "shm/records/input.h"
#include "shm/ring.h"

#define RY_SPANS_SLOTS (UINT64_C(1) << 14) /* 1 MiB, backed as it is written */

/* hop                         by       agent      number        input  */
enum ry_hop {
    RY_HOP_FEED = 1, /*        feedN    -          0             0 */
    RY_HOP_MERGE,    /*        exec     -          0             its number */
    RY_HOP_APPLY,    /*        exec     -; of a command: who sent it, its source_seq; its number */
    RY_HOP_JOURNAL,  /*        journal  -          0             its number */
    RY_HOP_DURABLE,  /*        journal  -          0             its number */
    RY_HOP_WAKE,     /*        exec     woken      wake          of the input that woke */
    RY_HOP_CALLBACK, /*        agentN   N          wake          0 */
    RY_HOP_ANSWER,   /*        agentN   N          wake          0 */
    RY_HOP_COMMAND,  /*        exec     sender     source_seq    its number; `wake` */
    RY_HOP_REPORT,   /*        exec     told       counts        of the input that it is of */
    RY_HOPS,
};

#define RY_SPAN_NOBODY UINT16_MAX /* agent, instrument: none */

struct ry_span {
    uint8_t hop; /* enum ry_hop */
    uint8_t zero;
    uint16_t source;     /* the traced record: RY_SOURCE_FEED + index of its feed, */
    uint16_t agent;      /* RY_SPAN_NOBODY: of none */
    uint16_t instrument; /* RY_SPAN_NOBODY: not known */
    uint64_t source_seq; /* and its number there */
    uint64_t input;      /* 0: not known here */
    int64_t begin_ns;
    int64_t end_ns;  /* >= begin_ns */
    uint64_t number; /* what `enum ry_hop` says */
    uint64_t wake;   /* COMMAND: of its agent, whose callback issued it */
};
RY_SIZE(struct ry_span, RY_RING_PAYLOAD);
RY_OFFSET(struct ry_span, source_seq, 8);
RY_OFFSET(struct ry_span, begin_ns, 24);
RY_OFFSET(struct ry_span, wake, 48);

/* Of an input that names one; RY_SPAN_NOBODY of others. */
static inline uint16_t ry_span_instrument(const struct ry_input_head *head)
{
    const bool has = (head->kind >= RY_IN_ADD && head->kind <= RY_IN_STATE) ||
                     head->kind == RY_IN_BROKEN || head->kind == RY_IN_ORDER;
    return has ? head->instrument : RY_SPAN_NOBODY;
}

/* Whether a feed's record of that number is traced; every 0: none is. */
static inline bool ry_span_sampled(uint32_t every, uint64_t source_seq)
{
    return every != 0 && source_seq % every == 0;
}

#endif
