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
 * An instance: no static state but the guard's and the prints' (tools/fast/guard.h, prints.h),
 * which the caller opens once. Owned by one thread.
 */
#ifndef RY_TOOLS_FAST_FAST_H
#define RY_TOOLS_FAST_FAST_H

#include "core/exec/exec.h"
#include "core/role/parts.h"
#include "tools/fast/agent.h"
#include "tools/fast/feed.h"
#include "tools/fast/journal.h"

#define RY_FAST_ERROR_BYTES RY_ROLE_MESSAGE_TEXT_BYTES

/* All of it stays the caller's. */
struct ry_fast_options {
    const struct ry_battle *battle;    /* its feeds are files or captures */
    const char *directory;             /* exists, with a folder log in it */
    struct ry_ring_writer *log;        /* of exec; NULL: standard error */
    struct ry_ring_reader control;     /* what the supervisor has to say, at its beginning */
    struct ry_ring_writer inputs;      /* exec.inputs, empty */
    struct ry_ring_reader inputs_read; /* of the same, at its beginning */
    uint64_t epoch;                    /* of its region */
    enum ry_isolated isolated;
    struct ry_journal_positions *journal;
    struct ry_role_parts *parts;  /* NULL: nobody wants to know */
    struct ry_ring_writer *spans; /* of traced events; NULL: none is traced */
};

enum ry_fast_result {
    RY_FAST_IDLE = 0, /* nothing to do at the moment: a feed has nothing yet */
    RY_FAST_WORKED,
    RY_FAST_DONE,   /* the battle is over, the journal is whole and durable */
    RY_FAST_FAILED, /* likewise, but fast->error says why it ended */
    RY_FAST_BROKEN, /* the journal cannot go on: fast->error */
};

/* Who a failed open is due to. */
enum ry_fast_culprit {
    RY_FAST_CULPRIT_NOBODY = 0,
    RY_FAST_CULPRIT_AGENT, /* could not be loaded */
    RY_FAST_CULPRIT_EMPTY, /* a feed that has nothing for the battle's hours */
};

struct ry_fast {
    const struct ry_battle *battle;
    struct ry_ring_writer *log;
    struct ry_role_parts *parts;
    struct ry_exec exec;
    struct ry_exec_parts exec_parts;
    struct ry_exec_positions positions;
    struct ry_exec_trace *trace;
    void *arena_memory, *agents_memory;
    size_t arena_bytes, agents_bytes;
    struct ry_fast_journal journal;
    struct ry_fast_feed feed[RY_FEEDS_MAX];
    struct ry_fast_agent agent[RY_AGENTS_MAX];
    uint64_t more;    /* of which some have to come again when exec has read what they said */
    unsigned turn;    /* the agent whose turn it is */
    uint64_t due;     /* bits of agents that have something to do */
    uint64_t live;    /* bits of agents that are not over */
    uint64_t out;     /* bits of agents that the machine has put out and that know it */
    int64_t began_ns; /* of the first step, by ry_clock_ns; 0: none yet */
    bool feed_failed;
    enum ry_fast_culprit culprit;
    char error[RY_FAST_ERROR_BYTES];
};

/* Zeroed memory becomes a battle of which the first inputs are sequenced. -1 with fast->error and
 * fast->culprit; close it in either case. */
int ry_fast_open(struct ry_fast *fast, const struct ry_fast_options *options);

/* Some milliseconds of work. */
enum ry_fast_result ry_fast_step(struct ry_fast *fast);

/* The journal keeps what is sequenced so far, without an END. -1 with fast->error. */
int ry_fast_save(struct ry_fast *fast);

/* Says what each has counted, and lets go of everything. */
void ry_fast_close(struct ry_fast *fast);

#endif
