/*
 * What the tests of exec, journal and follower share: a battle, and exec with all its rings in
 * plain memory, without a process. The test plays the feeds, the supervisor, the journal and the
 * agents (agent_rig.h).
 */
#ifndef RY_TESTS_SUPPORT_EXEC_RIG_H
#define RY_TESTS_SUPPORT_EXEC_RIG_H

#include "core/exec/configure.h"
#include "core/exec/exec.h"
#include "tests/support/agent_rig.h"
#include "tests/support/test.h"

#define RIG_SECOND RY_NS_PER_SECOND
#define RIG_FROM   (INT64_C(1548748800) * RIG_SECOND)
#define RIG_SLOTS  4096u

struct rig {
    struct ry_battle *battle;
    void *arena_memory;
    size_t arena_bytes;
    void *memory[2 + RY_FEEDS_MAX]; /* inputs, control, events */
    void *told_memory;              /* exec's own; NULL without agents */
    size_t told_bytes;
    struct ry_ring_writer control, events[RY_FEEDS_MAX];
    struct ry_ring_reader inputs;
    struct ry_exec_positions *positions;
    struct ry_ring_position *journal;
    struct ry_exec exec;
    uint64_t feed_seq[RY_FEEDS_MAX];
    struct rig_agent agent[RY_AGENTS_MAX];
};

/* What an agent's link and all that is held back may be. */
struct rig_sizes {
    uint64_t input_slots, link_slots, stream_max;
    struct ry_exec_trace *trace; /* started; NULL: nothing is traced */
};

uint64_t rig_random(uint64_t *state);

void *rig_memory(size_t bytes);

/* Instrument i belongs to feed i % feeds. */
struct ry_battle *rig_battle(unsigned feeds, uint16_t instruments, int64_t trade_to);

/* One agent more, with money and limits for anything. */
void rig_battle_agent(struct ry_battle *battle, int64_t latency, int64_t jitter);

/* A battle's memory as the kernel gives it: zero, backed when touched. */
void *rig_map(size_t bytes);

/* The machine for a battle, empty; munmap `bytes` of it in the end. */
struct ry_arena *rig_arena(const struct ry_battle *battle, size_t *bytes);

/* Takes the battle over. `input_slots` is the size of the input ring. */
struct rig *rig_open(struct ry_battle *battle, uint64_t input_slots);
struct rig *rig_open_sizes(struct ry_battle *battle, const struct rig_sizes *sizes);

void rig_close(struct rig *rig);

/* A record as a feed makes it; source_seq follows from the feed's count. */
struct ry_input rig_event(enum ry_input_kind kind, uint16_t instrument, int64_t time);

struct ry_input rig_add(uint16_t instrument, int64_t time, uint64_t ref, enum ry_side side,
                        int64_t price, uint32_t qty);

void rig_send(struct rig *rig, unsigned feed, struct ry_input event);

void rig_send_end(struct rig *rig, unsigned feed, int64_t time);

void rig_tell(struct rig *rig, enum ry_control_kind kind, uint16_t index);

/* The next input of the sequence; false: none there. What was read, the journal has. */
bool rig_read(struct rig *rig, union ry_input_any *input);

/* Steps until nothing moves any more. */
void rig_settle(struct rig *rig);

#endif
