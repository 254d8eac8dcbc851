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
    ry_ring_write(&exec->inputs, input, input->head.slots);
    ry_arena_apply(exec->arena, input, &exec->sink);
    exec->horizon.present = input->head.time;
    exec->wait.why = RY_EXEC_WAIT_NOTHING;
    exec->progress++;
}

/* ---- what comes out of the machine ----------------------------------------------------------- */

static void market_to_nobody(void *context, const struct ry_market *market)
{
    (void)context;
    (void)market;
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
    ry_exec_told_market(&exec->told, market);
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
    ry_exec_told_report(&exec->told, report);
    if (report->kind == RY_RP_OUT)
        put_out(exec, report->agent);
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
        .trace = parts->trace,
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
    *agent = (struct ry_exec_agent_source){
        .ring = own->commands,
        .position = &own->link_head->commands,
        .horizon = &exec->horizon,
        .told = &exec->told,
        .counters = &exec->counters,
        .log = parts->log,
        .name = described->name,
        .agent = index,
        .commands_max = exec->battle->commands_max,
        .interests_left = 1u + exec->battle->instruments,
    };
    ry_exec_told_enter(&exec->told, index, &own->link, &own->commands_head->link);
    ry_exec_horizon_enter(&exec->horizon, index, described->latency_ns, described->jitter_ns);
    ry_exec_agent_source_start(agent);
    ry_exec_merge_add(&exec->merge, &agent->source);
}

size_t ry_exec_footprint(const struct ry_battle *battle, uint64_t stream_max)
{
    return battle->agents == 0 ? 0 : ry_exec_told_footprint(battle, stream_max);
}

static void start_agents(struct ry_exec *exec, const struct ry_exec_parts *parts)
{
    const struct ry_battle *battle = exec->battle;
    assert(battle->agents <= RY_AGENTS_MAX && parts->memory != NULL);
    ry_exec_told_start(&exec->told, &(struct ry_exec_told_parts){
                                        .battle = battle,
                                        .arena = exec->arena,
                                        .horizon = &exec->horizon,
                                        .counters = &exec->counters,
                                        .trace = parts->trace,
                                        .stream_max = parts->stream_max,
                                        .memory = parts->memory,
                                        .rouse = parts->rouse,
                                        .rouse_context = parts->rouse_context,
                                    });
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
    exec->inputs = parts->inputs;
    exec->journal = parts->journal;
    exec->trace = parts->trace;
    exec->sink =
        (struct ry_arena_sink){.context = exec, .report = no_report, .market = market_to_nobody};
    ry_exec_horizon_start(&exec->horizon, parts->battle->seed, parts->battle->warmup_from);
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
        ry_exec_died(exec, (uint16_t)i, (control->agents_died_outside >> i & 1) != 0);
    }
}

/* Wakes that the source has acknowledged; none if it is no agent. */
static uint64_t acknowledged(const struct ry_exec *exec, const struct ry_exec_merge_source *source)
{
    return source->key.source < RY_SOURCE_AGENT
               ? 0
               : exec->told.link[source->key.source - RY_SOURCE_AGENT].acked;
}

/* Looks for news of a source that has no record. Returns whether there are any. */
static bool look_at(const struct ry_exec *exec, struct ry_exec_merge_source *source)
{
    const struct ry_exec_key before = source->key;
    const uint64_t acked = acknowledged(exec, source);
    source->poll(source);
    return source->ready || !ry_exec_key_equal(&before, &source->key) ||
           acknowledged(exec, source) != acked;
}

/* Progress is what the agent says that exec waits for, an answer or a command: what others say, and
 * what is refused, keeps nobody from stalling. */
static void look_at_agents(struct ry_exec *exec)
{
    const bool waits =
        exec->wait.why == RY_EXEC_WAIT_ANSWER || exec->wait.why == RY_EXEC_WAIT_STREAM;
    for (unsigned i = 0; i < exec->battle->agents; i++) {
        struct ry_exec_merge_source *source = &exec->agent[i].source;
        if (!source->ready && look_at(exec, source))
            exec->progress += waits && exec->wait.who == i;
    }
}

static void look_at_feeds(struct ry_exec *exec)
{
    for (unsigned i = 0; i < exec->battle->feeds; i++) {
        struct ry_exec_feed_source *feed = &exec->feed[i];
        if (!feed->source.ready)
            look_at(exec, &feed->source);
        if (ry_exec_feed_source_broken(feed))
            fail(exec,
                 feed->lapped ? "feed %s wrote over records that were not read"
                              : "feed %s died before the end of its data",
                 feed->name);
    }
}

/* The sequence stands still. Returns whether the wait begins here, which is when it is counted: one
 * for room goes on while parts find some, one for an answer begins anew whenever anything moved. */
static bool stand_still(struct ry_exec *exec, enum ry_exec_wait_why why, unsigned who)
{
    const struct ry_exec_wait last = exec->wait;
    exec->wait = (struct ry_exec_wait){.why = why, .who = (uint16_t)who, .since = exec->progress};
    return last.why != why || (why == RY_EXEC_WAIT_ANSWER && last.since != exec->progress);
}

/* What finds room where exec waited for it is progress. */
static struct ry_exec_told_delivery write_links(struct ry_exec *exec, int64_t closed, bool all)
{
    const struct ry_exec_told_delivery delivery = ry_exec_told_deliver(&exec->told, closed, all);
    exec->wrote += delivery.wrote != 0;
    if (ry_exec_wait_for_agent(&exec->wait))
        exec->progress += delivery.wrote >> exec->wait.who & 1;
    return delivery;
}

/* With agents: writes what is due. False: one that owes nothing has no room. */
static bool deliver(struct ry_exec *exec, int64_t closed, bool all)
{
    const struct ry_exec_told_delivery delivery = write_links(exec, closed, all);
    if (delivery.waits_for == RY_EXEC_TOLD_NOBODY)
        return true;
    exec->counters.room_waits += stand_still(exec, RY_EXEC_WAIT_ROOM, (unsigned)delivery.waits_for);
    return false;
}

static void ended(struct ry_exec *exec)
{
    if (exec->battle->agents > 0 && ry_exec_told_open(&exec->told))
        ry_exec_told_close(&exec->told, exec->horizon.present);
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
    if (ry_ring_has_room(&exec->inputs, exec->journal, input->head.slots))
        return true;
    exec->counters.input_waits += stand_still(exec, RY_EXEC_WAIT_JOURNAL, 0);
    return false;
}

/* Agents of which a command waits to be applied: their acknowledgements stand behind it. */
static uint64_t answered(const struct ry_exec *exec)
{
    uint64_t agents = 0;
    for (unsigned i = 0; i < exec->battle->agents; i++)
        agents |= (uint64_t)exec->agent[i].source.ready << i;
    return agents;
}

/* What an input makes can be kept for those who owe an answer; of an END always. */
static bool may_tell(struct ry_exec *exec, const union ry_input_any *input)
{
    if (!ry_exec_told_may_be_full(&exec->told) || input->head.kind == RY_IN_END)
        return true;
    const bool later = input->head.time > exec->horizon.present;
    const int agent = ry_exec_told_full(&exec->told, later, answered(exec));
    if (agent == RY_EXEC_TOLD_NOBODY)
        return true;
    if (agent == RY_EXEC_TOLD_TOO_MUCH)
        fail(exec, "more than %llu outputs are held back for agents within one latency",
             (unsigned long long)(exec->told.stream_max + RY_EXEC_STREAM_BURST));
    else
        exec->counters.stream_waits += stand_still(exec, RY_EXEC_WAIT_STREAM, (unsigned)agent);
    return false;
}

/* Something woke them: no record of theirs may be passed over. */
static void look_at_fresh(struct ry_exec *exec)
{
    for (uint64_t fresh = ry_exec_horizon_fresh(&exec->horizon); fresh != 0; fresh &= fresh - 1) {
        struct ry_exec_agent_source *agent = &exec->agent[__builtin_ctzll(fresh)];
        ry_exec_agent_source_woken(agent);
        if (ry_exec_key_before(&agent->source.key, &exec->bound))
            exec->bound = agent->source.key;
    }
}

/* With agents: what the input changed for them. */
static void tell_agents(struct ry_exec *exec)
{
    exec->clock.decided = ry_arena_decided(exec->arena);
    ry_exec_told_applied(&exec->told, exec->horizon.present);
    look_at_fresh(exec);
}

/* The source that is next says what can come: T of the last input is closed if it is later, and
 * what is due goes out. False: exec has to wait for room. */
static bool settle(struct ry_exec *exec, struct ry_exec_merge_source **source)
{
    if ((*source)->key.time > exec->horizon.present && ry_exec_told_open(&exec->told)) {
        ry_exec_told_close(&exec->told, exec->horizon.present);
        look_at_fresh(exec);
        *source = ry_exec_merge_next(&exec->merge, &exec->bound);
    }
    return deliver(exec, (*source)->key.time, false);
}

/* A TOP of the last T is made before a later T begins. */
static bool stays_open(const struct ry_exec *exec, const struct ry_exec_merge_source *source)
{
    return source->key.time == exec->horizon.present || !ry_exec_told_open(&exec->told);
}

/* With traces: the source's next record is about to be published. */
static void begin_trace(struct ry_exec *exec, const struct ry_input_head *head)
{
    const uint64_t first = exec->told.source.outputs.end;
    const uint64_t number = ry_arena_counters(exec->arena)->inputs + 1;
    if (head->source >= RY_SOURCE_AGENT) {
        const struct ry_exec_agent_source *agent = &exec->agent[head->source - RY_SOURCE_AGENT];
        ry_exec_trace_commanded(exec->trace, head, &agent->traced, number, first);
    } else if (head->source >= RY_SOURCE_FEED) {
        const struct ry_exec_feed_source *feed = &exec->feed[head->source - RY_SOURCE_FEED];
        ry_exec_trace_record(exec->trace, head, feed->read_ns[feed->first], number, first);
    } else {
        ry_exec_trace_other(exec->trace);
    }
}

/* Applies records of the one source that is next, for as long as no other comes before exec->bound.
 * `*n` so far. Returns whether to go on with another. */
static bool apply_run(struct ry_exec *exec, struct ry_exec_merge_source *source, unsigned *n)
{
    const bool agents = exec->battle->agents > 0;
    do {
        const union ry_input_any *input = source->next;
        if (!may_apply(exec, input) || (agents && !may_tell(exec, input)))
            return false;
        if (exec->trace != NULL)
            begin_trace(exec, &input->head);
        publish_and_apply(exec, input);
        ++*n;
        if (input->head.kind == RY_IN_END) {
            exec->counters.not_reproducible += (input->head.flags & RY_INF_WALL) != 0;
            ended(exec);
            return false;
        }
        if (agents)
            tell_agents(exec);
        if (exec->trace != NULL)
            ry_exec_trace_applied(exec->trace, exec->told.source.outputs.end);
        source->advance(source);
        if (!source->ready)
            exec->clock.feeds_ended = feeds_ended(exec);
    } while (!update_clock(exec) && *n < RY_EXEC_STEP_INPUTS && source->ready &&
             ry_exec_key_before(&source->key, &exec->bound) &&
             (!agents || stays_open(exec, source)));
    return *n < RY_EXEC_STEP_INPUTS;
}

/* The source that is next has no record: looks for one. Returns whether anything is new. */
static bool wait_for(struct ry_exec *exec, struct ry_exec_merge_source *source)
{
    const struct ry_exec_key key = source->key;
    const bool any_news = look_at(exec, source);
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

static void publish_counters(struct ry_exec *exec)
{
    const uint64_t *given = exec->told.given_by;
    exec->counters.sweeps++;
    exec->counters.market_time = (uint64_t)exec->horizon.present;
    exec->counters.wakes_start = given[RY_WAKE_START];
    exec->counters.wakes_market = given[RY_WAKE_MARKET];
    exec->counters.wakes_top = given[RY_WAKE_TOP];
    exec->counters.wakes_reports = given[RY_WAKE_REPORT];
    exec->counters.wakes_timers = given[RY_WAKE_TIMER];
    exec->counters.machine = *ry_arena_counters(exec->arena);
    exec->counters.traces_cut = exec->trace != NULL ? exec->trace->lost : 0;
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
    bool go_on = true;
    while (go_on) {
        struct ry_exec_merge_source *source = ry_exec_merge_next(&exec->merge, &exec->bound);
        if (agents && !settle(exec, &source))
            break;
        go_on = source->ready ? apply_run(exec, source, &n) : wait_for(exec, source);
    }
    if (agents && exec->phase == RY_EXEC_RUNNING)
        (void)write_links(exec, exec->horizon.closed, true);
    publish_counters(exec);
}

/* Gives the agents what the last input made; they read it whether or not exec is still there. */
static bool drained(struct ry_exec *exec)
{
    if (exec->battle->agents > 0) {
        look_at_control(exec);
        (void)deliver(exec, RY_TIME_NEVER, true);
        const int agent = ry_exec_told_leaving(&exec->told);
        if (agent != RY_EXEC_TOLD_NOBODY) {
            exec->counters.room_waits += stand_still(exec, RY_EXEC_WAIT_ROOM, (unsigned)agent);
            return false;
        }
        exec->wait.why = RY_EXEC_WAIT_NOTHING;
        publish_counters(exec);
    }
    /* A2: pairs with R2 in shm/ring.h, stored by the journal */
    return ry_load_acquire(&exec->journal->next) >= ry_ring_written(&exec->inputs);
}

unsigned ry_exec_step(struct ry_exec *exec)
{
    const uint64_t before = exec->progress + exec->wrote;
    if (exec->phase == RY_EXEC_RUNNING)
        sweep(exec);
    else if (exec->phase == RY_EXEC_DRAINING && drained(exec)) {
        exec->phase = RY_EXEC_DONE;
        exec->progress++;
    }
    return (unsigned)(exec->progress + exec->wrote - before);
}

void ry_exec_died(struct ry_exec *exec, uint16_t agent, bool outside)
{
    exec->agent[agent].dead = true;
    exec->agent[agent].outside = outside;
    ry_exec_told_forget(&exec->told, agent);
}

void ry_exec_stalled(struct ry_exec *exec, uint16_t agent)
{
    exec->agent[agent].stalled = true;
    ry_exec_told_forget(&exec->told, agent);
}
