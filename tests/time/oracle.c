#include "tests/time/oracle.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/arena/arena.h"
#include "core/exec/source.h"
#include "tests/support/test.h"

#define WRONG(who, ...)                                                                            \
    do {                                                                                           \
        if ((who)->wrong[0] == '\0')                                                               \
            snprintf((who)->wrong, sizeof(who)->wrong, __VA_ARGS__);                               \
    } while (0)

/* ---- callbacks ------------------------------------------------------------------------------- */

/* L(k), written down a second time. */
static int64_t oracle_latency(const struct ry_battle *battle, unsigned agent, uint64_t k)
{
    const struct ry_battle_agent *own = &battle->agent[agent];
    uint64_t stream =
        ry_exec_mix64(~battle->seed + (RY_SOURCE_AGENT + agent) * UINT64_C(0x9e3779b97f4a7c15));
    return own->latency_ns + (int64_t)(ry_exec_mix64(stream ^ k) % ((uint64_t)own->jitter_ns + 1));
}

static int64_t oracle_arrival(const struct ry_time_oracle *oracle, unsigned i, int64_t wake)
{
    const struct ry_time_oracle_agent *agent = &oracle->agent[i];
    int64_t time = wake + oracle_latency(oracle->scenario->battle, i, agent->k + 1);
    return time > agent->arrival ? time : agent->arrival;
}

static void oracle_issue(struct ry_time_oracle *oracle, unsigned i, int64_t now,
                         const struct ry_time_wishes *wishes)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    const unsigned said =
        oracle->scenario->pushy >> i & 1 ? RY_TIME_PUSHY_MAX : RY_TIME_COMMANDS_MAX;
    unsigned issued = 0;
    for (unsigned n = 0; n < wishes->count; n++) {
        const struct ry_time_wish *wish = &wishes->wish[n];
        if (wish->what == RY_TIME_TOY_INTEREST || issued++ >= said)
            continue;
        if (issued > RY_TIME_COMMANDS_MAX) {
            agent->refused++;
            continue;
        }
        ck_assert_uint_lt(agent->due, RY_TIME_ORACLE_COMMANDS);
        agent->arrival = oracle_arrival(oracle, i, now);
        agent->k++;
        agent->command[agent->due++] = (struct ry_time_due){.time = agent->arrival, .wish = *wish};
    }
}

static void oracle_call(struct ry_time_oracle *oracle, unsigned i, enum ry_wake_kind kind,
                        int64_t now, uint64_t group)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    struct ry_time_wishes wishes;
    const uint64_t number = agent->toy.callbacks + 1;
    const struct ry_host_wake wake = {.kind = kind, .number = number, .group = group, .now = now};
    agent->answer[number - 1] = oracle_arrival(oracle, i, now);
    agent->answer_k[number - 1] = agent->k + 1;
    ry_time_toy_wake(&agent->toy, &wake, agent->timer, &wishes);
    if (number == oracle->scenario->crash_at[i]) {
        agent->crashed = true;
        agent->arrival = oracle_arrival(oracle, i, now); /* of its death */
        return;
    }
    if (wishes.sets_timer)
        agent->timer = wishes.timer < now + RY_TIMER_NS_MIN ? now + RY_TIMER_NS_MIN : wishes.timer;
    oracle_issue(oracle, i, now, &wishes);
}

static bool is_called(const struct ry_time_oracle_agent *agent)
{
    return !agent->over && !agent->crashed;
}

/* START is behind it. */
static bool is_told_of(const struct ry_time_oracle_agent *agent)
{
    return is_called(agent) && agent->toy.callbacks > 0;
}

/* Fires the timers before `time`. */
static void oracle_timers(struct ry_time_oracle *oracle, unsigned i, int64_t time)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    while (is_called(agent) && agent->timer < time) {
        const int64_t now = agent->timer;
        agent->timer = RY_TIME_NEVER;
        oracle_call(oracle, i, RY_WAKE_TIMER, now, 0);
    }
}

/* ---- what agents are told -------------------------------------------------------------------- */

static struct ry_time_item *oracle_add(struct ry_time_oracle_agent *agent)
{
    ck_assert_uint_lt(agent->items, RY_TIME_ORACLE_OUTPUTS);
    struct ry_time_item *item = &agent->item[agent->items++];
    memset(item, 0, sizeof *item);
    return item;
}

static void oracle_report(struct ry_time_oracle *oracle, const struct ry_report *report)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[report->agent];
    struct ry_time_item *item = oracle_add(agent);
    item->told.report = *report;
    item->record = true;
    item->wakes = agent->toy.deaf ? (enum ry_wake_kind)0 : RY_WAKE_REPORT;
}

static unsigned interest_of(const struct ry_time_oracle_agent *agent, unsigned instrument)
{
    return agent->toy.interest[instrument];
}

static bool is_told(unsigned interest, uint8_t kind)
{
    return kind == RY_MK_CHANGE  ? (interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_ORDERS
           : kind == RY_MK_TRADE ? (interest & RY_INTEREST_TRADES) != 0
                                 : kind == RY_MK_STATE && (interest & RY_INTEREST_STATES) != 0;
}

static bool is_woken(unsigned interest, uint8_t kind)
{
    const unsigned bit = kind == RY_MK_CHANGE  ? (unsigned)RY_INTEREST_WAKE_BOOK
                         : kind == RY_MK_TRADE ? RY_INTEREST_BIT_WAKE_TRADES
                                               : RY_INTEREST_BIT_WAKE_STATES;
    return (interest & bit) != 0;
}

/* Whether an earlier record of the group changed the same level. */
static bool is_again(const struct ry_time_oracle *oracle, unsigned n)
{
    const struct ry_market *record = &oracle->market[n];
    for (unsigned i = 0; i < n; i++) {
        const struct ry_market *other = &oracle->market[i];
        if (other->kind == RY_MK_CHANGE && other->instrument == record->instrument &&
            other->side == record->side && other->price == record->price)
            return true;
    }
    return false;
}

/* LEVELS: whole levels, after the group. Returns whether they wake. */
static bool oracle_levels(struct ry_time_oracle *oracle, struct ry_time_oracle_agent *agent)
{
    bool wakes = false;
    for (unsigned n = 0; n < oracle->markets; n++) {
        const struct ry_market *record = &oracle->market[n];
        const unsigned interest = interest_of(agent, record->instrument);
        if (record->kind != RY_MK_CHANGE || is_again(oracle, n) ||
            (interest & RY_INTEREST_BOOK_MASK) != RY_INTEREST_LEVELS)
            continue;
        struct ry_time_item *item = oracle_add(agent);
        item->told.level = ry_time_depth_level(oracle->arena, record->instrument,
                                               (enum ry_side)record->side, record->price);
        item->told.level.group = record->group;
        item->told.level.time = record->time;
        item->record = true;
        wakes |= is_woken(interest, RY_MK_CHANGE);
    }
    return wakes;
}

static void oracle_group(struct ry_time_oracle *oracle, struct ry_time_oracle_agent *agent)
{
    bool wakes = false;
    for (unsigned n = 0; n < oracle->markets; n++) {
        const struct ry_market *record = &oracle->market[n];
        const unsigned interest = interest_of(agent, record->instrument);
        if (!is_told(interest, record->kind))
            continue;
        struct ry_time_item *item = oracle_add(agent);
        item->told.market = *record;
        item->record = true;
        wakes |= is_woken(interest, record->kind);
    }
    if (oracle_levels(oracle, agent) || wakes) {
        struct ry_time_item *item = oracle_add(agent);
        item->told.market = oracle->market[0];
        item->wakes = RY_WAKE_MARKET;
    }
}

/* The first levels of its TOPs as they stand now. Returns whether a change wakes. */
static bool oracle_tops(struct ry_time_oracle *oracle, struct ry_time_oracle_agent *agent,
                        bool tells)
{
    struct ry_told_level changes[2 * RY_TIME_DEPTH_MAX];
    struct ry_time_depth now;
    bool wakes = false;
    for (uint16_t s = 0; s < RY_TIME_INSTRUMENTS; s++) {
        const unsigned interest = interest_of(agent, s);
        if ((interest & RY_INTEREST_BOOK_MASK) != RY_INTEREST_BOOK_TOP)
            continue;
        for (enum ry_side side = RY_BUY; side <= RY_SELL; side++) {
            struct ry_time_depth *before = &agent->top[s][side - RY_BUY];
            ry_time_depth_look(&now, oracle->arena, s, side, ry_interest_top(interest));
            const unsigned count = ry_time_depth_differ(before, &now, changes);
            for (unsigned n = 0; tells && n < count; n++) {
                changes[n].time = oracle->present;
                ry_time_toy_see(&agent->toy, &(union ry_told_any){.level = changes[n]});
            }
            wakes |= count > 0 && (interest & RY_INTEREST_WAKE_BOOK);
            *before = now;
        }
    }
    return wakes;
}

/* No further input comes at the present T: the agent lives it. */
static void oracle_close(struct ry_time_oracle *oracle, unsigned i)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    if (!is_told_of(agent))
        return;
    const bool top = oracle_tops(oracle, agent, true);
    for (unsigned n = 0; n < agent->items && is_called(agent); n++) {
        const struct ry_time_item *item = &agent->item[n];
        if (item->record && item->told.market.slots == 2)
            ry_time_toy_see_report(&agent->toy, &item->told.report);
        else if (item->record)
            ry_time_toy_see(&agent->toy, &item->told);
        if (item->wakes != 0)
            oracle_call(oracle, i, item->wakes, oracle->present,
                        item->wakes == RY_WAKE_MARKET ? item->told.market.group : 0);
    }
    agent->items = 0;
    if (top && is_called(agent))
        oracle_call(oracle, i, RY_WAKE_TOP, oracle->present, 0);
}

static bool tell_order(void *context, const struct ry_arena_book_order *order)
{
    const union ry_told_any told = {.market = {.kind = RY_MK_CHANGE,
                                               .instrument = order->instrument,
                                               .side = order->side,
                                               .price = order->price,
                                               .order = order->order,
                                               .qty = order->open}};
    if (order->open > 0)
        ry_time_toy_see(context, &told);
    return true;
}

/* Who trades, the whole book, and the callback, at once. */
static void oracle_start(struct ry_time_oracle *oracle, unsigned i)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    if (!is_called(agent))
        return;
    for (uint16_t s = 0; s < RY_TIME_INSTRUMENTS; s++) {
        struct ry_arena_market market;
        ry_arena_instrument(oracle->arena, s, &market);
        const union ry_told_any told = {
            .market = {.kind = RY_MK_STATE, .instrument = s, .qty = market.trading}};
        ry_time_toy_see(&agent->toy, &told);
    }
    for (uint16_t s = 0; s < RY_TIME_INSTRUMENTS; s++)
        for (enum ry_side side = RY_BUY; side <= RY_SELL; side++)
            ry_arena_walk(oracle->arena, s, side, tell_order, &agent->toy);
    oracle_tops(oracle, agent, false);
    oracle_call(oracle, i, RY_WAKE_START, oracle->present, 0);
}

/* ---- the inputs ------------------------------------------------------------------------------ */

static struct ry_exec_key key_of(const struct ry_battle *battle, const struct ry_input_head *head)
{
    const uint64_t tie = head->source != RY_SOURCE_CLOCK
                             ? ry_exec_key_tie(battle->seed, head->time, head->source)
                         : head->kind == RY_IN_TIME ? RY_EXEC_TIE_FIRST
                                                    : RY_EXEC_TIE_LAST;
    return (struct ry_exec_key){
        .time = head->time, .tie = tie, .source_seq = head->source_seq, .source = head->source};
}

static struct ry_exec_key answer_key(const struct ry_battle *battle, unsigned i, int64_t time,
                                     uint64_t k)
{
    const uint16_t source = (uint16_t)(RY_SOURCE_AGENT + i);
    return (struct ry_exec_key){.time = time,
                                .tie = ry_exec_key_tie(battle->seed, time, source),
                                .source_seq = k,
                                .source = source};
}

static bool is_wall(const struct ry_input_head *head)
{
    return head->flags & RY_INF_WALL && head->kind == RY_IN_AGENT_DIED;
}

/* Nothing more is read of the agent: what it could have said before the input, it must have. */
static void oracle_leaves(struct ry_time_oracle *oracle, unsigned i,
                          const struct ry_input_head *head)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    const struct ry_exec_key last = key_of(oracle->scenario->battle, head);
    if (agent->over)
        return;
    agent->over = true;
    for (uint64_t n = 0; n < agent->toy.callbacks; n++) {
        const struct ry_exec_key key =
            answer_key(oracle->scenario->battle, i, agent->answer[n], agent->answer_k[n]);
        if (is_wall(head) ? key.time >= last.time : !ry_exec_key_before(&key, &last))
            break;
        agent->certain = n + 1;
    }
    if (head->kind == RY_IN_AGENT_DIED && agent->crashed && !is_wall(head))
        agent->certain = agent->toy.callbacks;
}

/* An agent's input must be the next that it owes, at its time. */
static void oracle_check_own(struct ry_time_oracle *oracle, unsigned i,
                             const union ry_input_any *input)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    if (input->head.kind == RY_IN_AGENT_DIED) {
        if (!is_wall(&input->head) &&
            (!agent->crashed || agent->arrived != agent->due || input->head.flags != 0 ||
             input->head.time != agent->arrival))
            WRONG(agent, "its death comes at %lld", (long long)input->head.time);
        return;
    }
    const struct ry_time_due *command = &agent->command[agent->arrived];
    if (agent->over || agent->arrived == agent->due) {
        WRONG(agent, "a command that it never issued, at %lld", (long long)input->head.time);
        return;
    }
    const struct ry_time_wish *wish = &command->wish;
    const enum ry_input_kind kind = wish->what == RY_TIME_TOY_ORDER    ? RY_IN_ORDER
                                    : wish->what == RY_TIME_TOY_CANCEL ? RY_IN_ORDER_CANCEL
                                                                       : RY_IN_DECISION;
    agent->arrived++;
    if (input->head.time != command->time || input->head.source_seq != agent->arrived ||
        input->head.kind != kind || input->event.ref != wish->cl_ord_id || /* alike in all three */
        (kind == RY_IN_ORDER &&
         (input->event.price != wish->price || input->event.qty != wish->qty)))
        WRONG(agent, "command %u comes at %lld instead of %lld, or as another", agent->arrived,
              (long long)input->head.time, (long long)command->time);
}

/* Nobody owes an input that comes earlier than this one. */
static void oracle_check_others(struct ry_time_oracle *oracle, const struct ry_input_head *head)
{
    const struct ry_battle *battle = oracle->scenario->battle;
    const struct ry_exec_key key = key_of(battle, head);
    for (unsigned i = 0; i < battle->agents; i++) {
        struct ry_time_oracle_agent *agent = &oracle->agent[i];
        const bool owes = agent->arrived < agent->due || agent->crashed;
        if (agent->over || !owes || head->source == RY_SOURCE_AGENT + i)
            continue;
        const int64_t time =
            agent->arrived < agent->due ? agent->command[agent->arrived].time : agent->arrival;
        const struct ry_exec_key due = answer_key(battle, i, time, agent->arrived + 1);
        if (is_wall(head) ? due.time < key.time : ry_exec_key_before(&due, &key))
            WRONG(agent, "what is due at %lld comes behind source %u at %lld", (long long)time,
                  head->source, (long long)head->time);
    }
}

/* Every input at its place, by its own key. */
static void oracle_check_order(struct ry_time_oracle *oracle, const struct ry_input_head *a,
                               const struct ry_input_head *b)
{
    const struct ry_exec_key x = key_of(oracle->scenario->battle, a),
                             y = key_of(oracle->scenario->battle, b);
    const bool wall = is_wall(a) || is_wall(b);
    if (wall ? y.time < x.time : !ry_exec_key_before(&x, &y))
        WRONG(oracle, "source %u at %lld comes behind source %u at %lld", b->source,
              (long long)b->time, a->source, (long long)a->time);
}

static void oracle_outputs(struct ry_time_oracle *oracle, const struct ry_input_head *head)
{
    const unsigned agents = oracle->scenario->battle->agents;
    bool starts = false;
    for (unsigned n = 0; n < oracle->markets; n++)
        starts |= oracle->market[n].kind == RY_MK_START;
    for (unsigned r = 0; r < oracle->reports; r++) {
        const struct ry_report *report = &oracle->report[r];
        if (report->kind == RY_RP_OUT)
            oracle_leaves(oracle, report->agent, head);
        else if (is_told_of(&oracle->agent[report->agent]))
            oracle_report(oracle, report);
    }
    for (unsigned i = 0; i < agents; i++)
        if (head->kind == RY_IN_END)
            oracle_leaves(oracle, i, head);
        else if (starts)
            oracle_start(oracle, i);
        else if (oracle->markets > 0 && is_told_of(&oracle->agent[i]))
            oracle_group(oracle, &oracle->agent[i]);
}

/* Before the input is applied: everything of an earlier T happens. */
static void oracle_move_on(struct ry_time_oracle *oracle, const struct ry_input_head *head)
{
    for (unsigned i = 0; i < oracle->scenario->battle->agents; i++) {
        if (head->time > oracle->present)
            oracle_close(oracle, i);
        oracle_timers(oracle, i, head->time);
    }
    oracle->present = head->time;
}

/* ---- a whole run ----------------------------------------------------------------------------- */

static void oracle_on_market(void *context, const struct ry_market *record)
{
    struct ry_time_oracle *oracle = context;
    ck_assert_uint_lt(oracle->markets, RY_TIME_ORACLE_OUTPUTS);
    oracle->market[oracle->markets++] = *record;
}

static void oracle_on_report(void *context, const struct ry_report *report)
{
    struct ry_time_oracle *oracle = context;
    ck_assert_uint_lt(oracle->reports, RY_TIME_ORACLE_OUTPUTS);
    oracle->report[oracle->reports++] = *report;
}

static void oracle_reset(struct ry_time_oracle *oracle, const struct ry_time_scenario *scenario)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->scenario = scenario;
    for (unsigned i = 0; i < scenario->battle->agents; i++) {
        struct ry_time_oracle_agent *agent = &oracle->agent[i];
        ry_time_toy_start(&agent->toy, scenario->battle, i);
        agent->timer = RY_TIME_NEVER;
        agent->arrival = INT64_MIN;
    }
}

void ry_time_oracle_run(struct ry_time_oracle *oracle, const struct ry_time_scenario *scenario,
                        const union ry_input_any *inputs, unsigned count)
{
    const struct ry_battle *battle = scenario->battle;
    const unsigned configured = ry_exec_configured(battle);
    const size_t bytes = ry_arena_footprint(&inputs[0].battle);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    const struct ry_arena_sink sink = {
        .context = oracle, .report = oracle_on_report, .market = oracle_on_market};
    oracle_reset(oracle, scenario);
    oracle->arena = ry_arena_create(memory, bytes, &inputs[0].battle);
    for (unsigned n = 0; n < count; n++) {
        const union ry_input_any *input = &inputs[n];
        const struct ry_input_head *head = &input->head;
        if (n > configured)
            oracle_check_order(oracle, &inputs[n - 1].head, head);
        if (n >= configured) {
            oracle_move_on(oracle, head);
            oracle_check_others(oracle, head);
            if (head->source >= RY_SOURCE_AGENT)
                oracle_check_own(oracle, head->source - RY_SOURCE_AGENT, input);
        }
        oracle->markets = oracle->reports = 0;
        ck_assert_int_eq(ry_arena_apply(oracle->arena, input, &sink), RY_ARENA_APPLIED);
        if (ry_arena_decided(oracle->arena) && n + 1 < count &&
            inputs[n + 1].head.time != head->time) /* nothing later but the END */
            WRONG(oracle, "the game goes on when it is decided, at %lld", (long long)head->time);
        if (head->kind == RY_IN_AGENT_DIED)
            oracle_leaves(oracle, head->source - RY_SOURCE_AGENT, head);
        oracle_outputs(oracle, head);
    }
    munmap(memory, bytes);
}

const char *ry_time_oracle_judge(struct ry_time_oracle *oracle, unsigned i,
                                 const struct ry_time_toy *toy)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    for (uint64_t n = 0; n < toy->callbacks && n < agent->toy.callbacks; n++)
        if (toy->log[n] != agent->toy.log[n]) {
            WRONG(agent, "agent %u: callback %llu is another", i, (unsigned long long)n + 1);
            break;
        }
    if (toy->callbacks > agent->toy.callbacks)
        WRONG(agent, "agent %u: %llu callbacks, at most %llu were due", i,
              (unsigned long long)toy->callbacks, (unsigned long long)agent->toy.callbacks);
    if (toy->callbacks < agent->certain)
        WRONG(agent, "agent %u: %llu callbacks, %llu had an effect", i,
              (unsigned long long)toy->callbacks, (unsigned long long)agent->certain);
    return agent->wrong[0] != '\0' ? agent->wrong : NULL;
}
