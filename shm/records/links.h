/*
 * The links between roles: which region holds what, who writes and who reads it. Topology as data:
 * the supervisor passes descriptors by the table in core/supervisor/topology.c, which says the
 * same.
 *
 * | region          | writer     | readers           | holds
 * |-----------------|------------|-------------------|---
 * | ROLE.base       | each role  | supervisor, wakers | heartbeat, park | | ROLE.watch      | each
 * role  | supervisor        | counters, log                                      | | feedN.events
 * | feed N     | exec              | event ring                                         |
 * exec.positions  | exec       | feeds, supervisor | read positions of the event and the control
 * rings, who is out | | exec.inputs     | exec       | journal, view     | input ring | |
 * exec.market     | exec       | agents, view      | time mark, market ring | | exec.reportsN   |
 * exec       | agent N           | read position of its commands, report ring         | |
 * agentN.commands | agent N    | exec              | "read up to" words, command ring | |
 * journal.positions | journal  | exec, view        | read position of the input ring, written,
 * durable   | | supervisor.control | supervisor | exec           | control ring |
 */
#ifndef RY_SHM_RECORDS_LINKS_H
#define RY_SHM_RECORDS_LINKS_H

#include "shm/ring.h"

/* Slots of each ring; powers of two. */
#define RY_EVENTS_SLOTS   (UINT64_C(1) << 16) /* 4 MiB: fits in the outer caches of feed and exec */
#define RY_INPUTS_SLOTS   (UINT64_C(1) << 18) /* 16 MiB: room for the journal's slowest write */
#define RY_MARKET_SLOTS   (UINT64_C(1) << 18)
#define RY_CONTROL_SLOTS  (UINT64_C(1) << 10)
#define RY_REPORTS_SLOTS  (UINT64_C(1) << 14)
#define RY_COMMANDS_SLOTS (UINT64_C(1) << 14)

/* Layout numbers: change one when what the region holds changes. */
#define RY_LAYOUT_BASE      UINT64_C(0x5259426173650002)
#define RY_LAYOUT_WATCH     UINT64_C(0x5259577463680002)
#define RY_LAYOUT_EVENTS    UINT64_C(0x5259457674730001)
#define RY_LAYOUT_POSITIONS UINT64_C(0x5259506f73730002)
#define RY_LAYOUT_INPUTS    UINT64_C(0x5259496e70730001)
#define RY_LAYOUT_MARKET    UINT64_C(0x52594d6b74730002)
#define RY_LAYOUT_REPORTS   UINT64_C(0x5259527074730001)
#define RY_LAYOUT_COMMANDS  UINT64_C(0x5259436d64730001)
#define RY_LAYOUT_JOURNAL   UINT64_C(0x52594a6f75720001)
#define RY_LAYOUT_CONTROL   UINT64_C(0x525943746c730002)

/* The head of exec.market; the ring follows. */
struct ry_exec_market {
    _Alignas(RY_ISOLATION) ry_atomic_i64 mark; /* every output with T < mark is published */
    uint8_t pad[RY_ISOLATION - 8];
};

/* The head of exec.reportsN; the ring follows. */
struct ry_exec_reports {
    struct ry_ring_position commands; /* how far exec has read agent N's commands */
};

/* The head of agentN.commands; the ring follows. */
struct ry_agent_commands {
    struct ry_ring_position market;  /* "read up to": exec may lap up to here */
    struct ry_ring_position reports; /* likewise */
};

struct ry_exec_positions {
    struct ry_ring_position events[4]; /* RY_FEEDS_MAX */
    struct ry_ring_position control;
    /* Bit N: exec reads nothing more of agent N, because the machine has put it out or because exec
     * gave up waiting for it; set once, never cleared. Its process has nothing left to do: it ends
     * by itself at the OUT report, or the supervisor kills it a moment later. */
    _Alignas(RY_ISOLATION) ry_atomic_u64 out;
};

struct ry_journal_positions {
    struct ry_ring_position inputs; /* read, and in a block: exec may lap up to here */
    _Alignas(RY_ISOLATION) ry_atomic_u64 inputs_written; /* inputs in blocks that the kernel has */
    ry_atomic_u64 inputs_durable; /* inputs that an fdatasync has confirmed */
};

/* Control records, supervisor -> exec; one slot. */
enum ry_control_kind {
    RY_CONTROL_STOP = 1,      /* END at the next moment, in order */
    RY_CONTROL_FEED_DIED = 2, /* index */
    RY_CONTROL_AGENT_DIED = 3,
};

/* AGENT_DIED: who chose the moment. Where it is not known, from outside. */
enum ry_control_how {
    RY_DIED_ITSELF = 0, /* by a signal of a crash or by its own exit: it comes again in every run */
    RY_DIED_OUTSIDE = 1, /* by SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGSTOP and their like: by
                            somebody's wall clock */
};

struct ry_control {
    uint8_t kind;
    uint8_t slots;
    uint16_t index; /* of the feed or the agent; STOP: 0 */
    uint32_t how;   /* enum ry_control_how; other kinds: 0 */
    uint64_t zero2[6];
};
RY_SIZE(struct ry_control, RY_RING_PAYLOAD);

#endif
