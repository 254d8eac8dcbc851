/*
 * The heads of the links between roles, the sizes of their rings, and the control records. Which
 * region holds what is the table in core/role/links.c, who writes and reads it the table in
 * core/supervisor/topology.c; docs/ARCHITECTURE.md shows both.
 *
 * A head is written by the region's one writer; behind it, at the next byte, lies the region's ring
 * if it has one. What the head's owner has read of another's ring is a struct ry_ring_position, on
 * cache lines of its own. Two that hand work to each other have a bell each (shm/wait.h).
 */
#ifndef RY_SHM_RECORDS_LINKS_H
#define RY_SHM_RECORDS_LINKS_H

#include "shm/ring.h"
#include "shm/wait.h"

/* Slots of each ring; powers of two. */
#define RY_EVENTS_SLOTS   (UINT64_C(1) << 16) /* 4 MiB: fits in the outer caches of feed and exec */
#define RY_INPUTS_SLOTS   (UINT64_C(1) << 18) /* 16 MiB: room for the journal's slowest write */
#define RY_LINK_SLOTS     (UINT64_C(1) << 14) /* 1 MiB: what is not read lies in a cache */
#define RY_CONTROL_SLOTS  (UINT64_C(1) << 10)
#define RY_COMMANDS_SLOTS (UINT64_C(1) << 14)

/* The head of feedN.events; the ring follows. */
struct ry_feed_events {
    struct ry_bell exec; /* rung for records; waits for room */
};

/* The head of exec.linkN; the ring follows (shm/records/told.h). */
struct ry_exec_link {
    struct ry_ring_position commands; /* how far exec has read agent N's commands */
    struct ry_bell agent; /* rung for wakes, half a link, room; waits for answers, room */
};

/* The head of agentN.commands; the ring follows. */
struct ry_agent_commands {
    struct ry_ring_position link; /* how far the agent has read exec.linkN: room for exec */
    struct ry_bell exec;          /* rung for answers and room; waits for wakes */
};

struct ry_exec_positions {
    struct ry_ring_position events[RY_FEEDS_MAX];
    struct ry_ring_position control;
    /* Bit N: the machine has put agent N out, and exec reads nothing more of it; set once, never
     * cleared. Its process has nothing left to do: it ends by itself at the OUT report, or the
     * supervisor kills it a moment later. */
    _Alignas(RY_ISOLATION) ry_atomic_u64 out;
    struct ry_bell feed[RY_FEEDS_MAX]; /* rung for room; waits for records */
    struct ry_bell journal;            /* rung for inputs; waits for room, and for the last */
};

struct ry_journal_positions {
    struct ry_ring_position inputs; /* read, and in a block: exec may lap up to here */
    _Alignas(RY_ISOLATION) ry_atomic_u64 inputs_written; /* inputs in blocks that the kernel has */
    ry_atomic_u64 inputs_durable; /* inputs that an fdatasync has confirmed */
    struct ry_bell exec;          /* rung for room, and when all is read; waits for inputs */
};

/* Control records, supervisor -> exec; one slot. */
enum ry_control_kind {
    RY_CONTROL_STOP = 1,      /* END at the next moment, in order */
    RY_CONTROL_FEED_DIED = 2, /* index */
    RY_CONTROL_AGENT_DIED = 3,
};

/* AGENT_DIED: who chose the moment. Where it is not known, from outside. */
enum ry_control_how {
    RY_DIED_ITSELF = 0,  /* by a fault that the kernel raised in its callback, or as its host said:
                            it comes again in every run */
    RY_DIED_OUTSIDE = 1, /* by any other signal, by exit() in a strategy: by somebody's wall clock,
                            as far as is known */
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
