#include "tools/fast/fast.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/exec/configure.h"
#include "shm/clock.h"
#include "shm/log.h"
#include "tools/fast/guard.h"
#include "tools/fast/prints.h"

#define STEP_TURNS 64 /* before the process has its say */
#define STOP_S     3  /* for a strategy's stop when the battle is over */

__attribute__((format(printf, 2, 3))) static int fail(struct ry_fast *fast, const char *format, ...)
{
    if (fast->error[0] != '\0')
        return -1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fast->error, sizeof fast->error, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int make_arena(struct ry_fast *fast)
{
    union ry_input_any record;
    ry_exec_configure(fast->battle, 0, &record);
    fast->arena_bytes = ry_arena_footprint(&record.battle);
    if (fast->arena_bytes == 0)
        return fail(fast, "the machine refuses the battle: a value is out of range");
    fast->arena_memory = ry_fast_reserve(fast->arena_bytes);
    if (fast->arena_memory == NULL)
        return fail(fast, "no memory for the machine (%zu bytes): %s", fast->arena_bytes,
                    strerror(errno));
    (void)madvise(fast->arena_memory, fast->arena_bytes, MADV_HUGEPAGE);
    fast->exec_parts.arena = ry_arena_create(fast->arena_memory, fast->arena_bytes, &record.battle);
    return 0;
}

static int make_agents_memory(struct ry_fast *fast)
{
    fast->exec_parts.stream_max = RY_EXEC_STREAM_RECORDS;
    fast->agents_bytes = ry_exec_footprint(fast->battle, RY_EXEC_STREAM_RECORDS);
    if (fast->agents_bytes == 0)
        return 0;
    fast->exec_parts.memory = fast->agents_memory = ry_fast_reserve(fast->agents_bytes);
    if (fast->agents_memory == NULL)
        return fail(fast, "no memory for what the agents are told: %s", strerror(errno));
    return 0;
}

static int make_trace(struct ry_fast *fast, struct ry_ring_writer *spans)
{
    if (spans == NULL)
        return 0;
    fast->trace = ry_fast_reserve(sizeof *fast->trace);
    if (fast->trace == NULL)
        return fail(fast, "no memory for traces: %s", strerror(errno));
    ry_exec_trace_start(fast->trace, spans, fast->battle->trace_every, ry_clock_machine_ns);
    fast->exec_parts.trace = fast->trace;
    return 0;
}

static int open_feeds(struct ry_fast *fast, const char *directory)
{
    for (unsigned i = 0; i < fast->battle->feeds; i++) {
        struct ry_fast_feed *feed = &fast->feed[i];
        if (ry_fast_feed_open(feed, fast->battle, i, directory,
                              fast->parts == NULL ? NULL : &fast->parts->feed[i]) != 0) {
            if (feed->handler.hours.empty)
                fast->culprit = RY_FAST_CULPRIT_EMPTY;
            return fail(fast, "feed%u: %s", i, feed->handler.error);
        }
        fast->exec_parts.events[i] = feed->events.reader;
    }
    return 0;
}

static int open_agents(struct ry_fast *fast, const char *directory)
{
    ry_fast_guard_limit(fast->battle->load_s);
    for (unsigned i = 0; i < fast->battle->agents; i++) {
        struct ry_fast_agent *agent = &fast->agent[i];
        if (ry_fast_agent_open(agent, fast->battle, i, directory,
                               fast->parts == NULL ? NULL : &fast->parts->agent[i]) != 0) {
            fast->culprit = RY_FAST_CULPRIT_AGENT;
            return fail(fast, "agent%u (%s): %s", i, fast->battle->agent[i].name, agent->death);
        }
        ry_fast_agent_parts(agent, &fast->exec_parts.agent[i]);
        fast->live |= UINT64_C(1) << i;
    }
    ry_fast_guard_limit(fast->battle->stall_s);
    return 0;
}

static int open_journal(struct ry_fast *fast, const struct ry_fast_options *options)
{
    const struct ry_fast_journal_options journal = {
        .battle = options->battle,
        .directory = options->directory,
        .inputs = options->inputs_read,
        .epoch = options->epoch,
        .isolated = options->isolated,
        .positions = options->journal,
        .part = options->parts == NULL ? NULL : &options->parts->journal,
    };
    if (ry_fast_journal_open(&fast->journal, &journal) != 0)
        return fail(fast, "journal: %s", fast->journal.writer.error);
    return 0;
}

/* struct ry_exec_parts.rouse */
static void rouse(void *context, uint16_t agent, bool drain)
{
    struct ry_fast *fast = context;
    (void)drain;
    fast->due |= UINT64_C(1) << agent;
}

int ry_fast_open(struct ry_fast *fast, const struct ry_fast_options *options)
{
    fast->battle = fast->exec_parts.battle = options->battle;
    fast->log = fast->exec_parts.log = options->log;
    fast->parts = options->parts;
    if (make_arena(fast) != 0 || make_agents_memory(fast) != 0 ||
        make_trace(fast, options->spans) != 0 || open_feeds(fast, options->directory) != 0 ||
        open_agents(fast, options->directory) != 0 || open_journal(fast, options) != 0)
        return -1;
    fast->exec_parts.inputs = options->inputs;
    fast->exec_parts.control = options->control;
    fast->exec_parts.positions = &fast->positions;
    fast->exec_parts.journal = &options->journal->inputs;
    fast->exec_parts.rouse = rouse;
    fast->exec_parts.rouse_context = fast;
    ry_exec_start(&fast->exec, &fast->exec_parts);
    return 0;
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* exec ends the battle in order for it. */
static void feed_failed(struct ry_fast *fast, unsigned index)
{
    const struct ry_feed_handler *handler = &fast->feed[index].handler;
    if (fast->feed_failed)
        return;
    fast->feed_failed = true;
    if (handler->hours.empty)
        fast->culprit = RY_FAST_CULPRIT_EMPTY;
    (void)fail(fast, "feed %s: %s", fast->battle->feed[index].name, handler->error);
    fast->exec.feed[index].died = true;
}

static unsigned take_feeds(struct ry_fast *fast)
{
    unsigned taken = 0;
    for (unsigned i = 0; i < fast->battle->feeds; i++) {
        struct ry_fast_feed *feed = &fast->feed[i];
        if (feed->ended || feed->failed)
            continue;
        taken += ry_fast_feed_take(feed, &fast->positions.events[i]);
        ry_fast_log_drain(&feed->log);
        if (feed->failed)
            feed_failed(fast, i);
    }
    return taken;
}

/* It never comes back: exec is told, if that has anything to expect of it. */
static void stalled(struct ry_fast *fast, unsigned index)
{
    if (fast->exec.phase != RY_EXEC_RUNNING || (fast->out >> index & 1) != 0)
        return;
    ry_log(fast->log, RY_LOG_WARN,
           "exec: agent %u (%s) did not answer for %u s and is out; the result is not reproducible",
           index, fast->battle->agent[index].name, fast->battle->stall_s);
    ry_exec_stalled(&fast->exec, (uint16_t)index);
}

static void agent_ended(struct ry_fast *fast, unsigned index, enum ry_fast_turn turn)
{
    struct ry_fast_agent *agent = &fast->agent[index];
    fast->live &= ~(UINT64_C(1) << index);
    if (turn == RY_FAST_TURN_OVER)
        return;
    if (agent->part != NULL)
        ry_role_part_died(agent->part, agent->death);
    if (turn == RY_FAST_TURN_STALLED)
        stalled(fast, index);
    else if (fast->exec.phase == RY_EXEC_RUNNING)
        ry_exec_died(&fast->exec, (uint16_t)index, agent->outside);
}

/* The turn of agent `index` is over. */
static void ended_turn(struct ry_fast *fast, unsigned index, enum ry_fast_turn turn)
{
    if (turn == RY_FAST_TURN_MORE)
        fast->more |= UINT64_C(1) << index;
    else if (turn != RY_FAST_TURN_IDLE)
        agent_ended(fast, index, turn);
}

/* All that have something to do, one turn each. */
static void turns(void *context)
{
    struct ry_fast *fast = context;
    while (fast->due != 0) {
        fast->turn = (unsigned)__builtin_ctzll(fast->due);
        fast->due &= fast->due - 1;
        ended_turn(fast, fast->turn, ry_fast_agent_turn(&fast->agent[fast->turn]));
    }
}

static unsigned take_agents(struct ry_fast *fast)
{
    const uint64_t out = ry_load_relaxed(&fast->positions.out);
    fast->due |= out & ~fast->out; /* they read why, and are called for the last time */
    fast->out = out;
    fast->due &= fast->live;
    if (fast->due == 0)
        return 0;
    const unsigned count = (unsigned)__builtin_popcountll(fast->due);
    enum ry_fast_left left;
    do {
        left = ry_fast_guard_run(turns, fast);
        if (left != RY_FAST_RETURNED)
            ended_turn(fast, fast->turn, ry_fast_agent_left(&fast->agent[fast->turn], left));
    } while (left != RY_FAST_RETURNED);
    ry_fast_prints_of(NULL);
    fast->due = fast->more;
    fast->more = 0;
    return count;
}

/* exec is done: each agent that is still there reads its END. */
static enum ry_fast_result finish(struct ry_fast *fast)
{
    ry_fast_guard_limit(STOP_S);
    if (fast->parts != NULL)
        ry_store_relaxed(&fast->parts->run_ns, ry_clock_ns() - fast->began_ns);
    while (fast->live != 0) {
        fast->due = fast->live;
        (void)take_agents(fast);
        for (unsigned i = 0; i < fast->battle->agents; i++)
            if (fast->agent[i].turn == RY_FAST_TURN_IDLE) /* nothing more can come */
                fast->live &= ~(UINT64_C(1) << i);
    }
    if (ry_fast_journal_finish(&fast->journal) != 0) {
        fast->error[0] = '\0';
        (void)fail(fast, "journal: %s", fast->journal.writer.error);
        return RY_FAST_BROKEN;
    }
    if (fast->exec.failed)
        (void)fail(fast, "%s", fast->exec.reason);
    return fast->error[0] != '\0' ? RY_FAST_FAILED : RY_FAST_DONE;
}

enum ry_fast_result ry_fast_step(struct ry_fast *fast)
{
    unsigned work = 0;
    if (fast->began_ns == 0)
        fast->began_ns = ry_clock_ns();
    for (unsigned i = 0; i < STEP_TURNS; i++) {
        unsigned turn = take_feeds(fast);
        turn += ry_exec_step(&fast->exec);
        if (ry_fast_journal_take(&fast->journal) != 0) {
            (void)fail(fast, "journal: %s", fast->journal.writer.error);
            return RY_FAST_BROKEN;
        }
        turn += take_agents(fast);
        if (fast->exec.phase == RY_EXEC_DONE)
            return finish(fast);
        if (turn == 0)
            break;
        work += turn;
    }
    return work > 0 ? RY_FAST_WORKED : RY_FAST_IDLE;
}

/* ---- the end --------------------------------------------------------------------------------- */

int ry_fast_save(struct ry_fast *fast)
{
    if (!fast->journal.opened || ry_fast_journal_finish(&fast->journal) == 0)
        return 0;
    return fail(fast, "journal: %s", fast->journal.writer.error);
}

void ry_fast_close(struct ry_fast *fast)
{
    for (unsigned i = 0; i < fast->battle->agents; i++)
        if (fast->agent[i].whole != NULL)
            ry_fast_agent_close(&fast->agent[i]);
    for (unsigned i = 0; i < fast->battle->feeds; i++)
        ry_fast_feed_close(&fast->feed[i]);
    ry_fast_journal_close(&fast->journal);
    ry_fast_release(fast->arena_memory, fast->arena_bytes);
    ry_fast_release(fast->agents_memory, fast->agents_bytes);
    ry_fast_release(fast->trace, fast->trace != NULL ? sizeof *fast->trace : 0);
}
