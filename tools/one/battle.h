/*
 * A battle in one process and one thread: feeds, exec, journal and agents step in turn, over rings
 * in plain memory. What each does is what it does as a process (feeds/handler.h, core/exec/exec.h,
 * core/journal/writer.h, agents/host.h); in between is nothing: no switch, no bell, no wait. So the
 * battle's inputs, and with them its four hashes, are those of a process each.
 *
 *     feeds until their rings are full
 *     exec until it needs somebody
 *     the journal: all new inputs into its blocks
 *     each agent that exec has written a wake to
 *
 * An instance without static state, owned by one thread. Whatever strategies may do to the process
 * that they are called in is the house's (tools/one/house.h). Of agents that are the caller's own
 * ry_one_step returns with what would call their strategy, and goes on when it is called again.
 */
#ifndef RY_TOOLS_ONE_BATTLE_H
#define RY_TOOLS_ONE_BATTLE_H

#include "core/exec/exec.h"
#include "core/role/parts.h"
#include "tools/one/agent.h"
#include "tools/one/feed.h"
#include "tools/one/journal.h"

#define RY_ONE_ERROR_BYTES RY_ROLE_MESSAGE_TEXT_BYTES

/* All of it stays the caller's. */
struct ry_one_options {
    const struct ry_battle *battle; /* its feeds are files or captures */
    const char *directory;      /* exists, with a folder log in it; NULL: no journal and no logs */
    struct ry_ring_writer *log; /* of exec; NULL: standard error */
    struct ry_ring_reader control;     /* what the supervisor has to say, at its beginning */
    struct ry_ring_writer inputs;      /* exec.inputs, empty */
    struct ry_ring_reader inputs_read; /* of the same, at its beginning */
    uint64_t epoch;                    /* of its region */
    enum ry_isolated isolated;
    struct ry_journal_positions *journal;
    struct ry_role_parts *parts;  /* NULL: nobody wants to know */
    struct ry_ring_writer *spans; /* of traced events; NULL: none is traced */
    const struct ry_one_house *house;
    uint64_t callers; /* bits of agents that are the caller's own */
};

enum ry_one_result {
    RY_ONE_IDLE = 0, /* nothing to do at the moment: a feed has nothing yet */
    RY_ONE_WORKED,
    RY_ONE_CALLED, /* agent one->called is the caller's: do what its `called` says, then step */
    RY_ONE_DONE,   /* the battle is over, the journal is whole and durable */
    RY_ONE_FAILED, /* likewise, but one->error says why it ended */
    RY_ONE_BROKEN, /* the journal cannot go on: one->error */
};

/* Who a failed open is due to. */
enum ry_one_culprit {
    RY_ONE_CULPRIT_NOBODY = 0,
    RY_ONE_CULPRIT_AGENT, /* could not be loaded */
    RY_ONE_CULPRIT_EMPTY, /* a feed that has nothing for the battle's hours */
};

struct ry_one {
    const struct ry_battle *battle;
    struct ry_ring_writer *log;
    struct ry_role_parts *parts;
    const struct ry_one_house *house;
    struct ry_exec exec;
    struct ry_exec_parts exec_parts;
    struct ry_exec_positions positions;
    struct ry_exec_trace *trace;
    void *arena_memory, *agents_memory;
    size_t arena_bytes, agents_bytes;
    struct ry_one_journal journal; /* opened: there is one */
    struct ry_journal_positions *journal_positions;
    struct ry_one_feed feed[RY_FEEDS_MAX];
    struct ry_one_agent agent[RY_AGENTS_MAX];
    uint64_t more;    /* of which some have to come again when exec has read what they said */
    unsigned turn;    /* the agent whose turn it is */
    unsigned called;  /* the caller's own that is called; RY_AGENTS_MAX: none */
    uint64_t due;     /* bits of agents that have something to do */
    uint64_t live;    /* bits of agents that are not over */
    uint64_t out;     /* bits of agents that the machine has put out and that know it */
    int64_t began_ns; /* of the first step, by ry_clock_ns; 0: none yet */
    bool feed_failed;
    enum ry_one_culprit culprit;
    char error[RY_ONE_ERROR_BYTES];
};

/* Zeroed memory becomes a battle of which the first inputs are sequenced. -1 with one->error and
 * one->culprit; close it in either case. */
int ry_one_open(struct ry_one *one, const struct ry_one_options *options);

/* Some milliseconds of work. */
enum ry_one_result ry_one_step(struct ry_one *one);

/* The journal keeps what is sequenced so far, without an END. -1 with one->error. */
int ry_one_save(struct ry_one *one);

/* Says what each has counted, and lets go of everything. */
void ry_one_close(struct ry_one *one);

#endif
