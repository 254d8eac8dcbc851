/*
 * docs/TIME.md keeps its word: the battles that stand in the page are fought by the real exec and
 * real hosts, under many random schedules, and each time the order of inputs and of callbacks is
 * the page's.
 *
 * The page lists the callbacks that are sure to happen: those whose commands could arrive before
 * END.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "agents/host.h"
#include "core/exec/exec.h"
#include "tests/support/exec_rig.h"
#include "tests/support/rules.h"
#include "tests/time/page.h"

enum { BATTLES = 4, SCHEDULES = 50, SLOTS = 64, ORDERS = 64, STEPS_MAX = 1000000 };
enum { EXEC, FEED, JOURNAL, SUPERVISOR, HOST };

/* An order or a level that an agent has been shown. */
struct shown {
    uint64_t name; /* an order's id; a level: 0 */
    uint8_t side;
    int64_t price;
    uint64_t qty;
};

struct agent {
    const struct ry_time_page_agent *page;
    struct ry_host host;
    struct ry_exec_link link;
    struct ry_agent_commands commands;
    struct ry_host_wake wake;
    struct shown shown[ORDERS];
    unsigned shows;
    char reports[128]; /* read and not told in a callback yet */
    uint64_t cl_ord_id;
    unsigned used; /* bit: line of the script */
    bool started, in_callback, crashed, buried, over;
    void *memory;
    char said[RY_TIME_PAGE_TEXT];
};

struct world {
    const struct ry_time_page *page;
    struct ry_battle *battle;
    struct ry_exec exec;
    struct ry_exec_positions positions;
    struct ry_ring_position journal;
    struct agent agent[RY_TIME_PAGE_AGENTS];
    struct ry_ring_writer events, control, log;
    struct ry_ring_reader inputs;
    unsigned sent;
    int64_t end; /* T of END, once known */
    char said[RY_TIME_PAGE_TEXT];
    void *memory[4 + 2 * RY_TIME_PAGE_AGENTS];
    unsigned memories;
    void *arena_memory, *exec_memory;
    size_t arena_bytes, exec_bytes;
};

static char *page_text;

static int64_t ns(int64_t us)
{
    return RIG_FROM + us * 1000;
}

static int64_t us(int64_t time)
{
    return (time - RIG_FROM) / 1000;
}

__attribute__((format(printf, 2, 3))) static void say(char text[RY_TIME_PAGE_TEXT],
                                                      const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, RY_TIME_PAGE_TEXT - used, format, arguments);
    va_end(arguments);
}

static const char *comma(const char *text)
{
    return text[0] == '\0' ? "" : ", ";
}

/* ---- what an agent sees ---------------------------------------------------------------------- */

static void show(struct agent *agent, uint64_t name, uint8_t side, int64_t price, uint64_t qty)
{
    unsigned i = 0;
    while (i < agent->shows &&
           (name != 0 ? agent->shown[i].name != name
                      : agent->shown[i].side != side || agent->shown[i].price != price))
        i++;
    ck_assert_uint_lt(i, ORDERS);
    agent->shows += i == agent->shows;
    agent->shown[i] = (struct shown){.name = name, .side = side, .price = price, .qty = qty};
}

static void see(void *context, const union ry_told_any *record)
{
    struct agent *agent = context;
    if (record->market.kind == RY_MK_CHANGE)
        show(agent, record->market.order + UINT64_C(1), record->market.side, record->market.price,
             record->market.qty);
    if (record->market.kind == RY_TOLD_LEVEL)
        show(agent, 0, record->level.side, record->level.price, record->level.qty);
}

static void see_report(void *context, const struct ry_report *report)
{
    static const char *const names[] = {
        [RY_RP_ACCEPTED] = "ACCEPTED", [RY_RP_REJECTED] = "REJECTED", [RY_RP_FILL] = "FILL",
        [RY_RP_RESTED] = "RESTED",     [RY_RP_CANCELED] = "CANCELED",
    };
    struct agent *agent = context;
    const size_t used = strlen(agent->reports);
    snprintf(agent->reports + used, sizeof agent->reports - used, " %s", names[report->kind]);
}

/* From START on one who asked for levels is told levels: its orders of before become such. */
static void fold(struct agent *agent)
{
    struct shown before[ORDERS];
    const unsigned count = agent->shows;
    memcpy(before, agent->shown, sizeof before);
    agent->shows = 0;
    for (unsigned i = 0; i < count; i++) {
        uint64_t sum = 0;
        for (unsigned j = 0; j < count; j++)
            if (before[j].side == before[i].side && before[j].price == before[i].price)
                sum += before[j].qty;
        show(agent, 0, before[i].side, before[i].price, sum);
    }
}

static int64_t best(const struct agent *agent, enum ry_side side)
{
    int64_t price = 0;
    for (unsigned i = 0; i < agent->shows; i++) {
        const struct shown *shown = &agent->shown[i];
        if (shown->side == side && shown->qty > 0 &&
            (price == 0 || (side == RY_BUY ? shown->price > price : shown->price < price)))
            price = shown->price;
    }
    return price;
}

static void say_callback(struct agent *agent)
{
    const struct ry_host_wake *wake = &agent->wake;
    say(agent->said, "%s%ld %s", comma(agent->said), us(wake->now), ry_time_page_wake(wake->kind));
    if (wake->kind == RY_WAKE_REPORT)
        say(agent->said, "%s", agent->reports);
    if (wake->kind == RY_WAKE_START || (agent->page->interest & RY_INTEREST_BOOK_MASK))
        say(agent->said, " %ld/%ld", best(agent, RY_BUY), best(agent, RY_SELL));
    if (wake->kind != RY_WAKE_REPORT && agent->reports[0] != '\0')
        say(agent->said, " with%s", agent->reports);
    agent->reports[0] = '\0';
}

/* ---- what it does ---------------------------------------------------------------------------- */

static void act(struct agent *agent, const char *does)
{
    char side[8];
    uint32_t qty;
    int64_t number;
    if (sscanf(does, " timer %ld", &number) == 1)
        ry_host_timer(&agent->host, ns(number));
    else if (sscanf(does, " cancel %ld", &number) == 1)
        ry_host_cancel(&agent->host, (uint64_t)number);
    else if (sscanf(does, " %7s %u at %ld", side, &qty, &number) == 3)
        ck_assert_int_eq(ry_host_order(&agent->host, 0, strcmp(side, "buy") == 0 ? RY_BUY : RY_SELL,
                                       number, qty, 0, ++agent->cl_ord_id),
                         RY_HOST_ISSUED);
    else {
        ck_assert_str_eq(does, "crash");
        agent->crashed = true;
    }
}

static void step_callback(struct agent *agent)
{
    agent->in_callback = false;
    if (agent->wake.kind == RY_WAKE_START)
        ry_host_interest(&agent->host, RY_INTEREST_EVERY, agent->page->interest);
    for (unsigned i = 0; i < agent->page->lines; i++) {
        const struct ry_time_page_line *line = &agent->page->line[i];
        if (line->by != agent->wake.kind || line->time != us(agent->wake.now) ||
            (agent->used & 1u << i))
            continue;
        agent->used |= 1u << i;
        char does[sizeof line->does];
        memcpy(does, line->does, sizeof does);
        char *rest = NULL;
        for (char *one = strtok_r(does, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest))
            act(agent, one);
        break;
    }
    if (agent->crashed)
        return;
    ry_host_done(&agent->host);
    if (agent->wake.kind == RY_WAKE_START &&
        (agent->page->interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_BOOK_TOP)
        fold(agent);
}

/* Whether what it says at its wake could arrive before END. */
static bool sure(const struct world *world, const struct agent *agent)
{
    return us(agent->wake.now) + agent->page->latency <
           world->page->event[world->page->events - 1].time;
}

static void step_host(struct world *world, struct agent *agent)
{
    if (agent->over || agent->crashed)
        return;
    if (agent->in_callback) {
        step_callback(agent);
        return;
    }
    const enum ry_host_result result = ry_host_next(&agent->host, &agent->wake);
    ck_assert_int_ne(result, RY_HOST_LOST);
    agent->in_callback = result == RY_HOST_WAKE;
    agent->over = result >= RY_HOST_OUT;
    if (agent->in_callback && sure(world, agent))
        say_callback(agent);
}

/* ---- the others ------------------------------------------------------------------------------ */

static void step_feed(struct world *world)
{
    if (world->sent > world->page->events ||
        !ry_ring_has_room(&world->events, &world->positions.events[0], 1))
        return;
    struct ry_input record = rig_event(RY_IN_FEED_END, 0, RIG_FROM);
    if (world->sent < world->page->events) {
        const struct ry_time_page_event *event = &world->page->event[world->sent];
        record =
            rig_add(0, ns(event->time), world->sent + 1, event->side, event->price, event->qty);
    }
    record.head.source_seq = ++world->sent;
    ry_ring_write(&world->events, &record, 1);
}

/* What the inputs of these battles are called; NULL: what describes the battle. */
static const char *input_name(uint8_t kind)
{
    return kind == RY_IN_ADD            ? "feed"
           : kind == RY_IN_TIME         ? "START"
           : kind == RY_IN_END          ? "END"
           : kind == RY_IN_AGENT_DIED   ? "died"
           : kind == RY_IN_ORDER        ? "order"
           : kind == RY_IN_ORDER_CANCEL ? "cancel"
                                        : NULL;
}

static void say_input(struct world *world, const struct ry_input *input)
{
    const char *name = input_name(input->head.kind);
    if (name == NULL)
        return;
    say(world->said, "%s%ld ", comma(world->said), us(input->head.time));
    if (input->head.source >= RY_SOURCE_AGENT)
        say(world->said, "%c ", 'A' + input->head.source - RY_SOURCE_AGENT);
    say(world->said, "%s", name);
    if (input->head.kind == RY_IN_ORDER || input->head.kind == RY_IN_ORDER_CANCEL)
        say(world->said, " %lu", (unsigned long)input->ref);
}

static void step_journal(struct world *world)
{
    union ry_input_any copy[4];
    if (ry_ring_read(&world->inputs, copy) <= 0)
        return;
    ry_ring_position_store(&world->journal, ry_ring_next(&world->inputs));
    say_input(world, &copy[0].event);
}

static void step_supervisor(struct world *world)
{
    for (unsigned i = 0; i < world->page->agents; i++) {
        struct agent *agent = &world->agent[i];
        if (!agent->crashed || agent->buried)
            continue;
        agent->buried = true;
        const struct ry_control died = {
            .kind = RY_CONTROL_AGENT_DIED, .slots = 1, .index = (uint16_t)i, .how = RY_DIED_ITSELF};
        ry_ring_write(&world->control, &died, 1);
    }
}

static void step(struct world *world, unsigned actor)
{
    switch (actor) {
    case EXEC: ry_exec_step(&world->exec); break;
    case FEED: step_feed(world); break;
    case JOURNAL: step_journal(world); break;
    case SUPERVISOR: step_supervisor(world); break;
    default: step_host(world, &world->agent[actor - HOST]); break;
    }
}

/* ---- a battle -------------------------------------------------------------------------------- */

static struct ry_battle *make_battle(const struct ry_time_page *page)
{
    struct ry_battle *battle = rig_battle(1, 1, RY_TIME_NEVER);
    battle->trade_from = ns(page->start);
    battle->commands_max = 4;
    battle->instrument[0].tick_size = 1;
    battle->agents = page->agents;
    for (unsigned i = 0; i < page->agents; i++) {
        struct ry_battle_agent *agent = &battle->agent[i];
        snprintf(agent->name, sizeof agent->name, "%c", page->agent[i].name);
        agent->cash = INT64_C(1000000) * RY_MONEY_UNIT;
        agent->notional_max = agent->position_max = agent->loss_max = INT64_C(1) << 50;
        agent->quantity_max = agent->open_orders_max = agent->rate_max = 1000;
        agent->collar_ppm = 1000000;
        agent->latency_ns = page->agent[i].latency * 1000;
    }
    return battle;
}

/* Memory that costs nothing until it is used. */
static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

static void ring(struct world *world, uint64_t slots, struct ry_ring_writer *writer,
                 struct ry_ring_reader *reader)
{
    void *memory = rig_memory(ry_ring_footprint(slots));
    world->memory[world->memories++] = memory;
    ry_ring_create(writer, memory, slots);
    if (reader != NULL)
        ck_assert_int_eq(ry_ring_join(reader, memory, ry_ring_footprint(slots)), 0);
}

static void open_agent(struct world *world, struct ry_exec_parts *parts, unsigned i)
{
    struct agent *agent = &world->agent[i];
    struct ry_exec_parts_agent *part = &parts->agent[i];
    agent->page = &world->page->agent[i];
    struct ry_host_parts host = {
        .commands_read = &agent->link.commands,
        .link_read = &agent->commands.link,
        .instruments = 1,
        .commands_max = world->battle->commands_max,
        .deaf = !agent->page->reports,
        .see = see,
        .see_report = see_report,
        .context = agent,
    };
    ring(world, SLOTS, &part->link, &host.link);
    ring(world, SLOTS, &host.commands, &part->commands);
    part->link_head = &agent->link;
    part->commands_head = &agent->commands;
    host.memory = agent->memory = rig_memory(ry_host_footprint(&host));
    ry_host_start(&agent->host, &host);
}

static struct world *open_world(const struct ry_time_page *page)
{
    struct world *world = rig_memory(sizeof *world);
    world->page = page;
    world->battle = make_battle(page);
    union ry_input_any record;
    ry_exec_configure(world->battle, 0, &record);
    world->arena_bytes = ry_arena_footprint(&record.battle);
    world->arena_memory = reserve(world->arena_bytes);
    struct ry_exec_parts parts = {
        .battle = world->battle,
        .arena = ry_arena_create(world->arena_memory, world->arena_bytes, &record.battle),
        .positions = &world->positions,
        .journal = &world->journal,
        .stream_max = 4096,
    };
    world->exec_bytes = ry_exec_footprint(world->battle, parts.stream_max);
    world->exec_memory = parts.memory = reserve(world->exec_bytes);
    ring(world, SLOTS, &parts.inputs, &world->inputs);
    ring(world, RY_RING_SLOTS_MIN, &world->control, &parts.control);
    ring(world, SLOTS, &world->events, &parts.events[0]);
    ring(world, SLOTS, &world->log, NULL); /* nobody reads what is logged */
    parts.log = &world->log;
    for (unsigned i = 0; i < page->agents; i++)
        open_agent(world, &parts, i);
    ry_exec_start(&world->exec, &parts);
    return world;
}

static void close_world(struct world *world)
{
    for (unsigned i = 0; i < world->page->agents; i++)
        free(world->agent[i].memory);
    for (unsigned i = 0; i < world->memories; i++)
        free(world->memory[i]);
    munmap(world->arena_memory, world->arena_bytes);
    munmap(world->exec_memory, world->exec_bytes);
    free(world->battle);
    free(world);
}

static bool over(const struct world *world)
{
    for (unsigned i = 0; i < world->page->agents; i++)
        if (!world->agent[i].over && !world->agent[i].crashed)
            return false;
    return world->exec.phase == RY_EXEC_DONE;
}

static void compare(const struct world *world, unsigned battle)
{
    ck_assert_msg(strcmp(world->said, world->page->order[0]) == 0,
                  "battle %u, the inputs\nare     %s\nin the page %s", battle, world->said,
                  world->page->order[0]);
    for (unsigned i = 0; i < world->page->agents; i++)
        ck_assert_msg(strcmp(world->agent[i].said, world->page->order[1 + i]) == 0,
                      "battle %u, the callbacks of %c\nare     %s\nin the page %s", battle,
                      world->page->agent[i].name, world->agent[i].said, world->page->order[1 + i]);
}

/* Each schedule favours somebody: an actor's weight is drawn once a battle. */
static void fight(unsigned battle, const struct ry_time_page *page, unsigned schedule)
{
    uint64_t random = battle * 1000 + schedule;
    unsigned weight[HOST + RY_TIME_PAGE_AGENTS], sum = 0;
    const unsigned actors = HOST + page->agents;
    for (unsigned i = 0; i < actors; i++)
        sum += weight[i] = 1 + (unsigned)(rig_random(&random) % 5) * (unsigned)(i % 2 + 5);
    struct world *world = open_world(page);
    for (unsigned steps = 0; !over(world); steps++) {
        ck_assert_uint_lt(steps, STEPS_MAX);
        unsigned draw = (unsigned)(rig_random(&random) % sum), actor = 0;
        while (draw >= weight[actor])
            draw -= weight[actor++];
        step(world, actor);
    }
    while (ry_ring_next(&world->inputs) != ry_load_relaxed(&world->journal.next))
        step_journal(world);
    for (unsigned i = 0; i < SLOTS; i++)
        step_journal(world);
    compare(world, battle);
    close_world(world);
}

START_TEST(a_battle_of_the_page)
{
    struct ry_time_page *page = rig_memory(sizeof *page);
    ck_assert_msg(ry_time_page_read(page, page_text, (unsigned)_i), "battle %d is not whole", _i);
    for (unsigned schedule = 0; schedule < SCHEDULES; schedule++)
        fight((unsigned)_i, page, schedule);
    free(page);
}
END_TEST

/* The page has no battle more than are fought. */
START_TEST(no_other_battle)
{
    struct ry_time_page *page = rig_memory(sizeof *page);
    ck_assert(!ry_time_page_read(page, page_text, BATTLES));
    free(page);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("time_page");
    TCase *tcase = tcase_create("page");
    page_text = ry_test_file_text("docs/TIME.md");
    tcase_add_loop_test(tcase, a_battle_of_the_page, 0, BATTLES);
    tcase_add_test(tcase, no_other_battle);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
