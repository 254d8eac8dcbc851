#include "tools/one/battle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/exec/configure.h"
#include "shm/clock.h"
#include "shm/log.h"

#define STEP_TURNS 64 /* before the process has its say */
#define STOP_S     3  /* for a strategy's stop when the battle is over */

__attribute__((format(printf, 2, 3))) static int fail(struct ry_one *one, const char *format, ...)
{
    if (one->error[0] != '\0')
        return -1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(one->error, sizeof one->error, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int make_arena(struct ry_one *one)
{
    union ry_input_any record;
    ry_exec_configure(one->battle, 0, &record);
    one->arena_bytes = ry_arena_footprint(&record.battle);
    if (one->arena_bytes == 0)
        return fail(one, "the machine refuses the battle: a value is out of range");
    one->arena_memory = ry_one_reserve(one->arena_bytes);
    if (one->arena_memory == NULL)
        return fail(one, "no memory for the machine (%zu bytes): %s", one->arena_bytes,
                    strerror(errno));
    (void)madvise(one->arena_memory, one->arena_bytes, MADV_HUGEPAGE);
    one->exec_parts.arena = ry_arena_create(one->arena_memory, one->arena_bytes, &record.battle);
    return 0;
}

static int make_agents_memory(struct ry_one *one)
{
    one->exec_parts.stream_max = RY_EXEC_STREAM_RECORDS;
    one->agents_bytes = ry_exec_footprint(one->battle, RY_EXEC_STREAM_RECORDS);
    if (one->agents_bytes == 0)
        return 0;
    one->exec_parts.memory = one->agents_memory = ry_one_reserve(one->agents_bytes);
    if (one->agents_memory == NULL)
        return fail(one, "no memory for what the agents are told: %s", strerror(errno));
    return 0;
}

static int make_trace(struct ry_one *one, struct ry_ring_writer *spans)
{
    if (spans == NULL)
        return 0;
    one->trace = ry_one_reserve(sizeof *one->trace);
    if (one->trace == NULL)
        return fail(one, "no memory for traces: %s", strerror(errno));
    ry_exec_trace_start(one->trace, spans, one->battle->trace_every, ry_clock_machine_ns);
    one->exec_parts.trace = one->trace;
    return 0;
}

static int open_feeds(struct ry_one *one, const char *directory)
{
    for (unsigned i = 0; i < one->battle->feeds; i++) {
        struct ry_one_feed *feed = &one->feed[i];
        if (ry_one_feed_open(feed, one->battle, i, directory,
                             one->parts == NULL ? NULL : &one->parts->feed[i]) != 0) {
            if (feed->handler.hours.empty)
                one->culprit = RY_ONE_CULPRIT_EMPTY;
            return fail(one, "feed%u: %s", i, feed->handler.error);
        }
        one->exec_parts.events[i] = feed->events.reader;
    }
    return 0;
}

static int open_agents(struct ry_one *one, const struct ry_one_options *options)
{
    struct ry_one_agent_options own = {
        .battle = one->battle, .directory = options->directory, .house = one->house};
    one->house->limit(one->battle->load_s);
    for (unsigned i = 0; i < one->battle->agents; i++) {
        struct ry_one_agent *agent = &one->agent[i];
        own.index = i;
        own.part = one->parts == NULL ? NULL : &one->parts->agent[i];
        own.callers = (options->callers >> i & 1) != 0;
        if (ry_one_agent_open(agent, &own) != 0) {
            one->culprit = RY_ONE_CULPRIT_AGENT;
            return fail(one, "agent%u (%s): %s", i, one->battle->agent[i].name, agent->death);
        }
        ry_one_agent_parts(agent, &one->exec_parts.agent[i]);
        one->live |= UINT64_C(1) << i;
    }
    one->house->limit(one->battle->stall_s);
    return 0;
}

static int open_journal(struct ry_one *one, const struct ry_one_options *options)
{
    if (options->directory == NULL)
        return 0;
    const struct ry_one_journal_options journal = {
        .battle = options->battle,
        .directory = options->directory,
        .inputs = options->inputs_read,
        .epoch = options->epoch,
        .isolated = options->isolated,
        .positions = options->journal,
        .part = options->parts == NULL ? NULL : &options->parts->journal,
    };
    if (ry_one_journal_open(&one->journal, &journal) != 0)
        return fail(one, "journal: %s", one->journal.writer.error);
    return 0;
}

/* struct ry_exec_parts.rouse */
static void rouse(void *context, uint16_t agent, bool drain)
{
    struct ry_one *one = context;
    (void)drain;
    one->due |= UINT64_C(1) << agent;
}

int ry_one_open(struct ry_one *one, const struct ry_one_options *options)
{
    one->battle = one->exec_parts.battle = options->battle;
    one->log = one->exec_parts.log = options->log;
    one->parts = options->parts;
    one->house = options->house;
    one->journal_positions = options->journal;
    one->called = RY_AGENTS_MAX;
    if (make_arena(one) != 0 || make_agents_memory(one) != 0 ||
        make_trace(one, options->spans) != 0 || open_feeds(one, options->directory) != 0 ||
        open_agents(one, options) != 0 || open_journal(one, options) != 0)
        return -1;
    one->exec_parts.inputs = options->inputs;
    one->exec_parts.control = options->control;
    one->exec_parts.positions = &one->positions;
    one->exec_parts.journal = &options->journal->inputs;
    one->exec_parts.rouse = rouse;
    one->exec_parts.rouse_context = one;
    ry_exec_start(&one->exec, &one->exec_parts);
    return 0;
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* exec ends the battle in order for it. */
static void feed_failed(struct ry_one *one, unsigned index)
{
    const struct ry_feed_handler *handler = &one->feed[index].handler;
    if (one->feed_failed)
        return;
    one->feed_failed = true;
    if (handler->hours.empty)
        one->culprit = RY_ONE_CULPRIT_EMPTY;
    (void)fail(one, "feed %s: %s", one->battle->feed[index].name, handler->error);
    one->exec.feed[index].died = true;
}

static unsigned take_feeds(struct ry_one *one)
{
    unsigned taken = 0;
    for (unsigned i = 0; i < one->battle->feeds; i++) {
        struct ry_one_feed *feed = &one->feed[i];
        if (feed->ended || feed->failed)
            continue;
        taken += ry_one_feed_take(feed, &one->positions.events[i]);
        ry_one_log_drain(&feed->log);
        if (feed->failed)
            feed_failed(one, i);
    }
    return taken;
}

/* It never comes back: exec is told, if that has anything to expect of it. */
static void stalled(struct ry_one *one, unsigned index)
{
    if (one->exec.phase != RY_EXEC_RUNNING || (one->out >> index & 1) != 0)
        return;
    ry_log(one->log, RY_LOG_WARN,
           "exec: agent %u (%s) did not answer for %u s and is out; the result is not reproducible",
           index, one->battle->agent[index].name, one->battle->stall_s);
    ry_exec_stalled(&one->exec, (uint16_t)index);
}

static void agent_ended(struct ry_one *one, unsigned index, enum ry_one_turn turn)
{
    struct ry_one_agent *agent = &one->agent[index];
    one->live &= ~(UINT64_C(1) << index);
    if (turn == RY_ONE_TURN_OVER)
        return;
    if (agent->part != NULL)
        ry_role_part_died(agent->part, agent->death);
    if (turn == RY_ONE_TURN_STALLED)
        stalled(one, index);
    else if (one->exec.phase == RY_EXEC_RUNNING)
        ry_exec_died(&one->exec, (uint16_t)index, agent->outside);
}

/* The turn of agent `index` is over. */
static void ended_turn(struct ry_one *one, unsigned index, enum ry_one_turn turn)
{
    if (turn == RY_ONE_TURN_MORE)
        one->more |= UINT64_C(1) << index;
    else if (turn != RY_ONE_TURN_IDLE)
        agent_ended(one, index, turn);
}

/* All new inputs, for the journal; without one exec may go on at once. */
static int take_inputs(struct ry_one *one)
{
    if (!one->journal.opened) {
        ry_ring_position_store(&one->journal_positions->inputs, ry_ring_written(&one->exec.inputs));
        return 0;
    }
    return ry_one_journal_take(&one->journal) == 0
               ? 0
               : fail(one, "journal: %s", one->journal.writer.error);
}

/* All that have something to do, one turn each. */
static void turns(void *context)
{
    struct ry_one *one = context;
    while (one->due != 0) {
        one->turn = (unsigned)__builtin_ctzll(one->due);
        one->due &= one->due - 1;
        struct ry_one_agent *agent = &one->agent[one->turn];
        ended_turn(one, one->turn, ry_one_agent_turn(agent));
        if (agent->called.kind != RY_ROLE_CALLBACK_NONE) {
            one->called = one->turn;
            return;
        }
    }
}

static unsigned take_agents(struct ry_one *one)
{
    const uint64_t out = ry_load_relaxed(&one->positions.out);
    one->due |= one->more;
    one->more = 0;
    one->due |= out & ~one->out; /* they read why, and are called for the last time */
    one->out = out;
    one->due &= one->live;
    if (one->due == 0)
        return 0;
    const unsigned count = (unsigned)__builtin_popcountll(one->due);
    enum ry_one_left left;
    do {
        left = one->house->run(turns, one);
        if (left != RY_ONE_RETURNED)
            ended_turn(one, one->turn, ry_one_agent_left(&one->agent[one->turn], left));
    } while (left != RY_ONE_RETURNED);
    return count;
}

/* The caller has answered: the turns that are left of this round. False: it is called again. */
static bool go_on(struct ry_one *one)
{
    struct ry_one_agent *agent = &one->agent[one->called];
    ry_one_agent_answer(agent);
    one->due |= UINT64_C(1) << one->called;
    one->called = RY_AGENTS_MAX;
    (void)take_agents(one);
    return one->called == RY_AGENTS_MAX;
}

/* exec is done: each agent that is still there reads its END. */
static enum ry_one_result finish(struct ry_one *one)
{
    one->house->limit(STOP_S);
    if (one->parts != NULL && ry_load_relaxed(&one->parts->run_ns) == 0)
        ry_store_relaxed(&one->parts->run_ns, ry_clock_ns() - one->began_ns);
    while (one->live != 0) {
        one->due = one->live;
        (void)take_agents(one);
        if (one->called < RY_AGENTS_MAX)
            return RY_ONE_CALLED;
        for (unsigned i = 0; i < one->battle->agents; i++)
            if (one->agent[i].turn == RY_ONE_TURN_IDLE) /* nothing more can come */
                one->live &= ~(UINT64_C(1) << i);
    }
    if (one->journal.opened && ry_one_journal_finish(&one->journal) != 0) {
        one->error[0] = '\0';
        (void)fail(one, "journal: %s", one->journal.writer.error);
        return RY_ONE_BROKEN;
    }
    if (one->exec.failed)
        (void)fail(one, "%s", one->exec.reason);
    return one->error[0] != '\0' ? RY_ONE_FAILED : RY_ONE_DONE;
}

enum ry_one_result ry_one_step(struct ry_one *one)
{
    unsigned work = 0;
    if (one->began_ns == 0)
        one->began_ns = ry_clock_ns();
    if (one->called < RY_AGENTS_MAX && !go_on(one))
        return RY_ONE_CALLED;
    if (one->exec.phase == RY_EXEC_DONE)
        return finish(one);
    for (unsigned i = 0; i < STEP_TURNS; i++) {
        unsigned turn = take_feeds(one);
        turn += ry_exec_step(&one->exec);
        if (take_inputs(one) != 0)
            return RY_ONE_BROKEN;
        turn += take_agents(one);
        if (one->called < RY_AGENTS_MAX)
            return RY_ONE_CALLED;
        if (one->exec.phase == RY_EXEC_DONE)
            return finish(one);
        if (turn == 0)
            break;
        work += turn;
    }
    return work > 0 ? RY_ONE_WORKED : RY_ONE_IDLE;
}

/* ---- the end --------------------------------------------------------------------------------- */

int ry_one_save(struct ry_one *one)
{
    if (!one->journal.opened || ry_one_journal_finish(&one->journal) == 0)
        return 0;
    return fail(one, "journal: %s", one->journal.writer.error);
}

void ry_one_close(struct ry_one *one)
{
    for (unsigned i = 0; i < one->battle->agents; i++)
        if (one->agent[i].whole != NULL)
            ry_one_agent_close(&one->agent[i]);
    for (unsigned i = 0; i < one->battle->feeds; i++)
        ry_one_feed_close(&one->feed[i]);
    ry_one_journal_close(&one->journal);
    ry_one_release(one->arena_memory, one->arena_bytes);
    ry_one_release(one->agents_memory, one->agents_bytes);
    ry_one_release(one->trace, one->trace != NULL ? sizeof *one->trace : 0);
}
