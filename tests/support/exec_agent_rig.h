/*
 * What the tests of one agent as a source share: agent 1 of two, with its command ring, its horizon
 * and a market that the test makes by hand; no machine, no other process.
 */
#ifndef RY_TESTS_SUPPORT_EXEC_AGENT_RIG_H
#define RY_TESTS_SUPPORT_EXEC_AGENT_RIG_H

#include "core/exec/source_agent.h"
#include "tests/support/exec_rig.h"

#define RIG_AGENT_SLOTS   64u  /* of its command ring */
#define RIG_AGENT_LATENCY 5000 /* ns, without jitter */

struct rig_agent {
    struct ry_exec_counters counters;
    struct ry_exec_horizon horizon;
    struct ry_exec_agent_source agent;
    struct ry_ring_writer commands, log;
    struct ry_ring_position position;
    struct ry_exec_market head;
    uint64_t group, seq; /* the last */
    void *memory[3];
};

/* Room for so many groups and runs of reports that wait for an answer; jitter in ns. */
struct rig_agent *rig_agent_open(int64_t jitter, uint64_t groups, uint64_t runs);
/* The same, with a command ring of that length. */
struct rig_agent *rig_agent_open_slots(uint64_t slots, int64_t jitter, uint64_t groups,
                                       uint64_t runs);
void rig_agent_close(struct rig_agent *rig);

/* A group of one public record, a private report: they wake the agent as in a battle. */
void rig_agent_market(struct rig_agent *rig, enum ry_market_kind kind, uint16_t instrument,
                      int64_t time);
void rig_agent_report(struct rig_agent *rig, int64_t time);

/* The agent says that in answer to a wake; the last argument is the order's number, or the timer.
 */
void rig_agent_command(struct rig_agent *rig, enum ry_command_kind kind, enum ry_wake_kind wake,
                       uint64_t number, uint64_t ref_or_timer);

/* exec looks at the source; exec has applied what it offered. */
void rig_agent_poll(struct rig_agent *rig);
void rig_agent_advance(struct rig_agent *rig);

/* START, and its answer. */
void rig_agent_start(struct rig_agent *rig, int64_t time);

/* Nothing is there before that T; an order of that number arrives at T. */
#define rig_ck_horizon(rig, at)                                                                    \
    do {                                                                                           \
        ck_assert(!(rig)->agent.source.ready);                                                     \
        ck_assert_int_eq((rig)->agent.source.key.time, at);                                        \
    } while (0)
#define rig_ck_arrives(rig, at, reference)                                                         \
    do {                                                                                           \
        ck_assert((rig)->agent.source.ready);                                                      \
        ck_assert_int_eq((rig)->agent.source.key.time, at);                                        \
        ck_assert_int_eq((rig)->agent.record.head.time, at);                                       \
        ck_assert_uint_eq((rig)->agent.record.event.ref, reference);                               \
    } while (0)

#endif
