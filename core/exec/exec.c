#include "core/exec/exec.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/exec/configure.h"
#include "shm/log.h"

_Static_assert(2 * (1 + RY_INSTRUMENTS_MAX) <= RY_INPUTS_SLOTS,
               "the battle's records fit into the input ring");

/* Ends the battle at the present T with a reason; the first one counts. */
__attribute__((format(printf, 2, 3))) static void fail(struct ry_exec *exec, const char *format,
                                                       ...)
{
    if (exec->failed)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(exec->reason, sizeof exec->reason, format, arguments);
    va_end(arguments);
    exec->failed = true;
    exec->clock.stop = true;
}

static void publish_and_apply(struct ry_exec *exec, const union ry_input_any *input)
{
    ry_exec_publish_input(&exec->publish, input);
    ry_arena_apply(exec->arena, input, &exec->sink);
    exec->horizon.present = input->head.time;
    exec->wait.why = RY_EXEC_WAIT_NOTHING;
    exec->progress++;
}

/* ---- what comes out of the machine ----------------------------------------------------------- */

static void market_to_nobody(void *context, const struct ry_market *market)
{
    struct ry_exec *exec = context;
    ry_ring_write(&exec->publish.market, market, 1);
}

/* A battle without agents makes no reports. */
static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
    assert(false);
}

static void market_to_agents(void *context, const struct ry_market *market)
{
    struct ry_exec *exec = context;
    ry_exec_horizon_market(&exec->horizon, market);
    ry_exec_publish_market(&exec->publish, market);
}

static void put_out(struct ry_exec *exec, uint16_t agent)
{
    const uint64_t out = ry_load_relaxed(&exec->positions->out);
    ry_exec_agent_source_out(&exec->agent[agent]);
    ry_store_relaxed(&exec->positions->out, out | UINT64_C(1) << agent);
}

static void report_to_agent(void *context, const struct ry_report *report)
{
    struct ry_exec *exec = context;
    if (report->kind == RY_RP_OUT)
        put_out(exec, report->agent);
    else
        ry_exec_horizon_report(&exec->horizon, report);
    ry_exec_publish_report(&exec->publish, report);
}

static bool feeds_ended(const struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->feeds; i++)
        if (!exec->feed[i].ended)
            return false;
    return exec->battle->feeds > 0;
}

static bool update_clock(struct ry_exec *exec)
{
    return ry_exec_clock_source_update(&exec->clock, exec->horizon.present,
                                       ry_exec_horizon_floor(&exec->horizon),
                                       ry_arena_next_moment(exec->arena));
}

/* ---- the start ------------------------------------------------------------------------------- */

static void start_feed(struct ry_exec *exec, const struct ry_exec_parts *parts, uint8_t index)
{
    struct ry_exec_feed_source *feed = &exec->feed[index];
    uint64_t *const events[] = {&exec->counters.feed0_events, &exec->counters.feed1_events,
                                &exec->counters.feed2_events, &exec->counters.feed3_events};
    *feed = (struct ry_exec_feed_source){
        .ring = parts->events[index],
        .position = &parts->positions->events[index],
        .arena = exec->arena,
        .rules = {.feed_of = exec->feed_of,
                  .instruments = exec->battle->instruments,
                  .feed = index,
                  .time = exec->battle->warmup_from},
        .seed = exec->battle->seed,
        .events = events[index],
        .invalid = &exec->counters.events_invalid,
        .log = parts->log,
        .name = exec->battle->feed[index].name,
    };
    ry_exec_feed_source_start(feed);
    ry_exec_merge_add(&exec->merge, &feed->source);
}

static void start_agent(struct ry_exec *exec, const struct ry_exec_parts *parts, uint16_t index)
{
    const struct ry_exec_parts_agent *own = &parts->agent[index];
    const struct ry_battle_agent *described = &exec->battle->agent[index];
    struct ry_exec_agent_source *agent = &exec->agent[index];
    exec->publish.agent[index] = (struct ry_exec_publish_agent){
        .reports = own->reports,
        .market_read = &own->commands_head->market,
        .reports_read = &own->commands_head->reports,
    };
    exec->publish.readers |= UINT64_C(1) << index;
    *agent = (struct ry_exec_agent_source){
        .ring = own->commands,
        .position = &own->reports_head->commands,
        .horizon = &exec->horizon,
        .counters = &exec->counters,
        .log = parts->log,
        .name = described->name,
        .agent = index,
    };
    ry_exec_horizon_enter(&exec->horizon, index, described->latency_ns, described->jitter_ns);
    ry_exec_agent_source_start(agent);
    ry_exec_merge_add(&exec->merge, &agent->source);
}

size_t ry_exec_footprint(const struct ry_battle *battle, uint64_t groups_max, uint64_t runs_max)
{
    if (battle->agents == 0)
        return 0;
    return ry_exec_wakes_footprint(battle->agents, battle->instruments, groups_max, runs_max) +
           ry_exec_publish_backlog_bytes(battle->orders_max, battle->instruments, battle->agents);
}

static void start_agents(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    const struct ry_battle *battle = exec->battle;
    assert(battle->agents <= RY_AGENTS_MAX && parts->memory != NULL && parts->market_head != NULL);
    size_t horizon = ry_exec_wakes_footprint(battle->agents, battle->instruments, parts->groups_max,
                                             parts->runs_max);
    exec->publish.backlog = (unsigned char *)parts->memory + horizon;
    exec->publish.backlog_max =
        ry_exec_publish_backlog_bytes(battle->orders_max, battle->instruments, battle->agents) /
        RY_RING_PAYLOAD;
    exec->sink.report = report_to_agent;
    exec->sink.market = market_to_agents;
    for (unsigned i = 0; i < battle->agents; i++)
        start_agent(exec, parts, (uint16_t)i);
}

static void start_sources(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    const struct ry_battle *battle = exec->battle;
    ry_exec_clock_source_start(&exec->clock, battle->warmup_from, battle->trade_to);
    ry_exec_merge_add(&exec->merge, &exec->clock.source);
    exec->control = (struct ry_exec_control_source){
        .ring = parts->control,
        .position = &parts->positions->control,
        .agents = battle->agents,
        .invalid = &exec->counters.control_invalid,
    };
    for (unsigned i = 0; i < battle->instruments; i++)
        exec->feed_of[i] = battle->instrument[i].feed;
    for (unsigned i = 0; i < battle->feeds; i++)
        start_feed(exec, parts, (uint8_t)i);
    if (battle->agents > 0)
        start_agents(exec, parts);
}

void ry_exec_start(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    memset(exec, 0, sizeof *exec);
    exec->battle = parts->battle;
    exec->arena = parts->arena;
    exec->positions = parts->positions;
    exec->publish = (struct ry_exec_publish){
        .inputs = parts->inputs,
        .market = parts->market,
        .journal = parts->journal,
    };
    exec->sink =
        (struct ry_arena_sink){.context = exec, .report = no_report, .market = market_to_nobody};
    ry_exec_horizon_start(&exec->horizon, &(struct ry_exec_horizon_parts){
                                              .seed = parts->battle->seed,
                                              .warmup_from = parts->battle->warmup_from,
                                              .agents = parts->battle->agents,
                                              .instruments = parts->battle->instruments,
                                              .groups_max = parts->groups_max,
                                              .runs_max = parts->runs_max,
                                              .memory = parts->memory,
                                              .head = parts->market_head,
                                          });
    start_sources(exec, parts);
    for (unsigned i = 0; i < ry_exec_configured(exec->battle); i++) {
        union ry_input_any record;
        ry_exec_configure(exec->battle, i, &record);
        publish_and_apply(exec, &record);
    }
    update_clock(exec);
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void look_at_control(struct ry_exec *exec)
{
    struct ry_exec_control_source *control = &exec->control;
    ry_exec_control_source_poll(control);
    exec->clock.stop |= control->stop;
    for (unsigned i = 0; i < exec->battle->feeds; i++)
        exec->feed[i].died |= (control->feeds_died >> i & 1) != 0;
    for (uint64_t died = control->agents_died; died != 0; died &= died - 1) {
        unsigned i = (unsigned)__builtin_ctzll(died);
        exec->agent[i].dead = true;
        exec->agent[i].outside = (control->agents_died_outside >> i & 1) != 0;
        if (exec->publish.readers >> i & 1)
            ry_exec_publish_forget(&exec->publish, (uint16_t)i);
    }
}

/* Looks for news of a source that has no record. Returns whether there are any. */
static bool look_at(struct ry_exec_merge_source *source)
{
    const struct ry_exec_key before = source->key;
    source->poll(source);
    return source->ready || !ry_exec_key_equal(&before, &source->key);
}

/* Progress is what the agent says that exec waits for: what others say, and what somebody says
 * whose rings have no room, keeps nobody from stalling. */
static void look_at_agents(struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->agents; i++)
        if (!exec->agent[i].source.ready && look_at(&exec->agent[i].source))
            exec->progress += exec->wait.why == RY_EXEC_WAIT_ANSWER && exec->wait.who == i;
}

static void look_at_feeds(struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->feeds; i++) {
        struct ry_exec_feed_source *feed = &exec->feed[i];
        if (!feed->source.ready)
            look_at(&feed->source);
        if (ry_exec_feed_source_broken(feed))
            fail(exec,
                 feed->lapped ? "feed %s wrote over records that were not read"
                              : "feed %s died before the end of its data",
                 feed->name);
    }
}

/* What was not published yet is of the last input; nothing else comes before the smallest horizon.
 */
static void update_mark(struct ry_exec *exec, bool all_published)
{
    struct ry_exec_key bound;
    int64_t mark = exec->horizon.present;
    if (all_published)
        mark = exec->phase == RY_EXEC_RUNNING ? ry_exec_merge_next(&exec->merge, &bound)->key.time
                                              : RY_TIME_NEVER;
    /* Before the END there is always more to come, if only a stop. */
    if (mark != RY_TIME_NEVER || exec->phase != RY_EXEC_RUNNING)
        ry_exec_horizon_mark(&exec->horizon, mark);
}

/* The sequence stands still. Returns whether the wait begins here, which is when it is counted: one
 * for room goes on while parts find some, one for an answer begins anew whenever anything moved. */
static bool stand_still(struct ry_exec *exec, enum ry_exec_wait_why why, unsigned who)
{
    const struct ry_exec_wait last = exec->wait;
    exec->wait = (struct ry_exec_wait){.why = why, .who = (uint16_t)who, .since = exec->progress};
    return last.why != why || (why == RY_EXEC_WAIT_ANSWER && last.since != exec->progress);
}

/* With agents: goes on publishing. False: there is no room yet. */
static bool publish_all(struct ry_exec *exec)
{
    uint64_t before = exec->publish.published;
    int agent = ry_exec_publish_go_on(&exec->publish);
    exec->progress += exec->publish.published - before;
    if (agent == RY_EXEC_PUBLISH_ALL)
        return true;
    exec->counters.room_waits += stand_still(exec, RY_EXEC_WAIT_ROOM, (unsigned)agent);
    return false;
}

static void ended(struct ry_exec *exec)
{
    exec->phase = RY_EXEC_DRAINING;
    exec->counters.input_hash = ry_arena_input_hash(exec->arena);
    exec->counters.output_hash = ry_arena_output_hash(exec->arena);
    exec->counters.book_hash = ry_arena_book_hash(exec->arena);
    exec->counters.state_hash = ry_arena_state_hash(exec->arena);
    for (unsigned i = 0; i < exec->battle->agents; i++)
        ry_exec_agent_source_out(&exec->agent[i]);
}

/* The journal leaves room for one more input. */
static bool may_apply(struct ry_exec *exec, const union ry_input_any *input)
{
    if (ry_exec_publish_has_room(&exec->publish, input))
        return true;
    exec->counters.input_waits += stand_still(exec, RY_EXEC_WAIT_JOURNAL, 0);
    return false;
}

/* What an input may wake can be remembered. */
static bool may_wake(struct ry_exec *exec)
{
    int agent = ry_exec_horizon_full(&exec->horizon);
    if (agent >= 0)
        stand_still(exec, RY_EXEC_WAIT_WAKES, (unsigned)agent);
    return agent < 0;
}

/* With agents: what the input changed for them. False: its outputs have no room yet. */
static bool tell_agents(struct ry_exec *exec)
{
    exec->clock.decided = ry_arena_decided(exec->arena);
    for (uint64_t woken = ry_exec_horizon_woken(&exec->horizon); woken != 0; woken &= woken - 1) {
        struct ry_exec_agent_source *agent = &exec->agent[__builtin_ctzll(woken)];
        ry_exec_agent_source_woken(agent);
        if (ry_exec_key_before(&agent->source.key, &exec->bound))
            exec->bound = agent->source.key;
    }
    return exec->publish.backlog_end == 0;
}

/* Applies records of the one source that is next, for as long as no other comes before exec->bound.
 * `*n` so far. Returns whether to go on with another. */
static bool apply_run(struct ry_exec *exec, struct ry_exec_merge_source *source, unsigned *n)
{
    const bool agents = exec->battle->agents > 0;
    bool room = true;
    do {
        const union ry_input_any *input = source->next;
        if (!may_apply(exec, input) || (agents && !may_wake(exec)))
            return false;
        publish_and_apply(exec, input);
        ++*n;
        if (input->head.kind == RY_IN_END) {
            exec->counters.not_reproducible += (input->head.flags & RY_INF_WALL) != 0;
            ended(exec);
            return false;
        }
        if (agents)
            room = tell_agents(exec);
        source->advance(source);
        if (!source->ready)
            exec->clock.feeds_ended = feeds_ended(exec);
    } while (!update_clock(exec) && room && *n < RY_EXEC_STEP_INPUTS && source->ready &&
             ry_exec_key_before(&source->key, &exec->bound));
    return room && *n < RY_EXEC_STEP_INPUTS;
}

/* The source that is next has no record: looks for one. Returns whether anything is new. */
static bool wait_for(struct ry_exec *exec, struct ry_exec_merge_source *source)
{
    const struct ry_exec_key key = source->key;
    const bool any_news = look_at(source);
    /* A feed that turns out to have ended moves the END; the clock has to know before it is asked.
     */
    exec->clock.feeds_ended = feeds_ended(exec);
    update_clock(exec);
    if (any_news) {
        exec->progress++;
        return true;
    }
    if (key.source < RY_SOURCE_FEED || ry_exec_key_is_never(&key))
        stand_still(exec, RY_EXEC_WAIT_NOTHING, 0);
    else if (key.source < RY_SOURCE_AGENT)
        stand_still(exec, RY_EXEC_WAIT_FEED, key.source - RY_SOURCE_FEED);
    else
        exec->counters.agent_waits +=
            stand_still(exec, RY_EXEC_WAIT_ANSWER, key.source - RY_SOURCE_AGENT);
    return false;
}

static void sweep(struct ry_exec *exec)
{
    const bool agents = exec->battle->agents > 0;
    look_at_control(exec);
    look_at_feeds(exec);
    look_at_agents(exec);
    exec->clock.feeds_ended = feeds_ended(exec);
    update_clock(exec);
    unsigned n = 0;
    bool go_on = !agents || publish_all(exec);
    while (go_on) {
        struct ry_exec_merge_source *source = ry_exec_merge_next(&exec->merge, &exec->bound);
        go_on = source->ready ? apply_run(exec, source, &n) : wait_for(exec, source);
    }
    if (agents)
        update_mark(exec, publish_all(exec));
    exec->counters.sweeps++;
    exec->counters.time_mark = (uint64_t)exec->horizon.present;
    exec->counters.wakes_groups = exec->horizon.wakes.counted[RY_WAKE_GROUP];
    exec->counters.wakes_reports = exec->horizon.wakes.counted[RY_WAKE_REPORT];
    exec->counters.machine = *ry_arena_counters(exec->arena);
}

/* Gives the agents what the last input made; they read it whether or not exec is still there. */
static bool drained(struct ry_exec *exec)
{
    if (exec->battle->agents > 0) {
        look_at_control(exec);
        bool all = publish_all(exec);
        update_mark(exec, all);
        if (!all)
            return false;
        exec->wait.why = RY_EXEC_WAIT_NOTHING;
    }
    return ry_exec_publish_drained(&exec->publish);
}

unsigned ry_exec_step(struct ry_exec *exec)
{
    uint64_t before = exec->progress;
    if (exec->phase == RY_EXEC_RUNNING)
        sweep(exec);
    else if (exec->phase == RY_EXEC_DRAINING && drained(exec)) {
        exec->phase = RY_EXEC_DONE;
        exec->progress++;
    }
    return (unsigned)(exec->progress - before);
}

void ry_exec_stalled(struct ry_exec *exec, uint16_t agent)
{
    exec->agent[agent].stalled = true;
    ry_exec_publish_forget(&exec->publish, agent);
}
