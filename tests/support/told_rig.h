/*
 * What agents are told, without exec's loop: told.h, the links and the agents as sources, on a real
 * machine. The test makes outputs by hand or by inputs, says what is closed, reads links and
 * answers.
 */
#ifndef RY_TESTS_SUPPORT_TOLD_RIG_H
#define RY_TESTS_SUPPORT_TOLD_RIG_H

#include "core/exec/source_agent.h"
#include "tests/support/exec_rig.h"

#define TOLD_AGENTS_MAX  4u
#define TOLD_INSTRUMENTS 3u
#define TOLD_LATENCY     5000
#define TOLD_COMMANDS    4u              /* a callback may issue */
#define TOLD_T0          (RIG_FROM + 50) /* of START; times of the calls below count from it */

/* Sizes at which nothing is short. */
#define TOLD_SLOTS  1024u
#define TOLD_STREAM 4096u

#define TOLD_SILENT (RY_INTEREST_ORDERS | RY_INTEREST_TRADES | RY_INTEREST_STATES)
#define TOLD_TRADES (TOLD_SILENT | RY_INTEREST_WAKE_TRADES) /* told of all, woken by trades */

struct told_rig {
    struct ry_battle *battle;
    struct ry_arena *arena;
    void *memory;
    size_t arena_bytes, memory_bytes;
    struct ry_arena_sink sink; /* of all outputs; a test may put itself before it */
    struct ry_exec_horizon horizon;
    struct ry_exec_counters counters;
    struct ry_exec_told told;
    struct rig_agent agent[TOLD_AGENTS_MAX];
    struct ry_exec_agent_source source[TOLD_AGENTS_MAX];
    struct ry_ring_writer log;
    void *log_memory;
    unsigned agents;
    int64_t time; /* of the last output, behind TOLD_T0 */
    uint64_t group, report_seq[TOLD_AGENTS_MAX], input_seq;
    unsigned roused[TOLD_AGENTS_MAX], drained[TOLD_AGENTS_MAX]; /* how often */
};

struct told_rig *told_open(unsigned agents, uint64_t link_slots, uint64_t stream_max);
void told_close(struct told_rig *rig);

/* ---- outputs --------------------------------------------------------------------------------- */

/* A group by hand, of instrument 0 unless a digit names another before: C a CHANGE, t a TRADE,
 * S a STATE. */
void told_group(struct told_rig *rig, int64_t time, const char *letters);
void told_report(struct told_rig *rig, uint16_t agent, int64_t time);
void told_out(struct told_rig *rig, uint16_t agent, int64_t time);
void told_end(struct told_rig *rig, int64_t time);

/* What the machine makes of an input. */
void told_input(struct told_rig *rig, struct ry_input input, int64_t time);
void told_add(struct told_rig *rig, int64_t time, uint64_t ref, enum ry_side side, int64_t price,
              uint32_t qty);
void told_cancel(struct told_rig *rig, int64_t time, uint64_t ref, uint32_t qty);
/* The clock's input START. */
void told_begin(struct told_rig *rig);

/* ---- delivery -------------------------------------------------------------------------------- */

/* No input before `closed` comes any more, and what is due is written; who is waited for. */
int told_deliver(struct told_rig *rig, int64_t closed);
/* The same, and what agent 0 was told since. */
const char *told_letters(struct told_rig *rig, int64_t closed);

/* ---- answers --------------------------------------------------------------------------------- */

/* exec reads what the agent said. */
void told_poll(struct told_rig *rig, unsigned agent);
/* The first wake that it owes is acknowledged; `timer` behind TOLD_T0, RY_TIME_NEVER: none. */
void told_ack(struct told_rig *rig, unsigned agent, int64_t timer);

/* START, and all agents' answers to it: `interest` of all instruments. Their links are read. */
void told_start(struct told_rig *rig, unsigned interest);

/* One agent that has answered START so. */
struct told_rig *told_begun(uint64_t link_slots, unsigned interest);

#endif
