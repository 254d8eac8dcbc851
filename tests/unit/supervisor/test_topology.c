/*
 * The tables of roles and links: they fit each other, and a role joins a battle by one row.
 */
#include <stdlib.h>
#include <string.h>

#include "core/role/door.h"
#include "tests/support/supervised.h"
#include "tests/support/test.h"

static const struct ry_supervisor_topology *const house = &ry_supervisor_topology;

/* ---- a role of ten lines --------------------------------------------------------------------- */

struct count {
    struct ry_role_link inputs, watched[RY_ROLE_DOOR_REGIONS_MAX];
    unsigned watches;
    uint64_t seen;
};

static const struct ry_counter count_counters[] = {
    {"seen", RY_COUNTER_KIND_COUNTER, "inputs", "inputs of the battle", ""}};
static const struct ry_counter_table count_table = {count_counters, 1};

static int count_open(struct ry_role_process *process)
{
    struct count *count = process->role;
    process->counters = &count->seen;
    process->counter_table = &count_table;
    return 0;
}

static int count_join(struct ry_role_process *process)
{
    struct count *count = process->role;
    const char *name;
    bool joined;
    for (unsigned i = 0; (name = ry_role_handed(process, i, &joined)) != NULL; i++)
        if (!joined && ry_role_link_is("ROLE.watch", name, 0, 0) &&
            ry_role_join(process, &count->watched[count->watches++], "%s", name) != 0)
            return -1;
    return ry_role_join(process, &count->inputs, "exec.inputs");
}

static int count_step(struct ry_role_process *process)
{
    struct count *count = process->role;
    uint64_t record[RY_RING_RECORD_BYTES_MAX / 8];
    int slots = ry_ring_read(&count->inputs.reader, record);
    count->seen += slots > 0;
    return count->seen == RY_TEST_ROLE_STEPS ? RY_ROLE_DONE : slots > 0;
}

static void count_close(struct ry_role_process *process)
{
    const struct count *count = process->role;
    ry_role_log(process, RY_LOG_INFO, "%s has seen all, and watched %u", process->name,
                count->watches);
}

static const struct ry_role count_role = {.bytes = sizeof(struct count),
                                          .open = count_open,
                                          .join = count_join,
                                          .step = count_step,
                                          .close = count_close};

static const struct ry_supervisor_role count_row = {
    .name = "count",
    .binary = "royale-count",
    .wants = {"exec.inputs"},
    .death = RY_SUPERVISOR_DEATH_TOLD,
    .end = RY_SUPERVISOR_END_IN_TIME,
    .still_s = 10,
};

/* The house's table and one row. */
static struct ry_supervisor_topology with_row(const struct ry_supervisor_role *row)
{
    static struct ry_supervisor_role roles[16];
    ck_assert_uint_lt(house->count, sizeof roles / sizeof roles[0]);
    memcpy(roles, house->role, house->count * sizeof roles[0]);
    roles[house->count] = *row;
    return (struct ry_supervisor_topology){.role = roles, .count = house->count + 1};
}

START_TEST(a_role_joins_by_one_row)
{
    struct ry_supervisor_topology topology = with_row(&count_row);
    const struct ry_supervisor_result *result = &ry_test_supervised.result;
    ry_test_supervised_binary("royale-count");
    ry_test_supervised.plan.topology = &topology;
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->in_order);
    ck_assert_uint_eq(result->count, 5);
    const struct ry_supervisor_member *count = &result->role[4];
    ck_assert_str_eq(count->name, "count");
    ck_assert(count->done);
    ck_assert_uint_eq(count->counters_count, 1 + RY_ROLE_COUNTERS);
    ck_assert_uint_eq(count->counters[0], RY_TEST_ROLE_STEPS);
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("count"), "count has seen all, and watched 0"));
    ry_test_nobody_is_left();
}
END_TEST

/* Whoever wants one region of each process asks what it was handed: of the four others. */
START_TEST(a_role_is_handed_one_of_each)
{
    struct ry_supervisor_role row = count_row;
    row.wants[1] = "ROLE.watch";
    struct ry_supervisor_topology topology = with_row(&row);
    const struct ry_supervisor_result *result = &ry_test_supervised.result;
    ry_test_supervised_binary("royale-count");
    ry_test_supervised.plan.topology = &topology;
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->role[4].done);
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("count"), "count has seen all, and watched 4"));
}
END_TEST

/* What the row does not say the role does not get. */
START_TEST(without_the_want_it_gets_nothing)
{
    struct ry_supervisor_role row = count_row;
    row.wants[0] = NULL;
    struct ry_supervisor_topology topology = with_row(&row);
    const struct ry_supervisor_result *result = &ry_test_supervised.result;
    ry_test_supervised_binary("royale-count");
    ry_test_supervised.plan.topology = &topology;
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_str_eq(result->role[4].death, "count died: nobody offers exec.inputs (exit code 1); "
                                            "the battle goes on without it");
}
END_TEST

/* ---- the house's tables ---------------------------------------------------------------------- */

#define REGIONS_MAX 1024

struct offered {
    char name[RY_REGION_NAME_BYTES];
    const struct ry_supervisor_role *role;
    unsigned index;
};

static struct offered offers[REGIONS_MAX];
static unsigned offers_count;

static void add_offer(const struct ry_supervisor_role *role, unsigned index, const char *pattern,
                      unsigned number)
{
    ck_assert_uint_lt(offers_count, REGIONS_MAX);
    struct offered *offer = &offers[offers_count++];
    *offer = (struct offered){.role = role, .index = index};
    const char *sign = strpbrk(pattern, "*#");
    if (sign == NULL)
        snprintf(offer->name, sizeof offer->name, "%s", pattern);
    else
        snprintf(offer->name, sizeof offer->name, "%.*s%u%s", (int)(sign - pattern), pattern,
                 *sign == '#' ? index : number, sign + 1);
}

/* Every region of a battle, as the rows have it. */
static void list_offers(const struct ry_battle *battle)
{
    offers_count = 0;
    for (unsigned r = 0; r <= house->count; r++) {
        const struct ry_supervisor_role *role =
            r < house->count ? &house->role[r] : &ry_supervisor_self;
        for (unsigned i = 0; i < ry_supervisor_topology_processes(role, battle); i++) {
            unsigned before = offers_count;
            char name[RY_NAME_BYTES], own[RY_NAME_BYTES + 8];
            ry_supervisor_topology_name(role, i, name);
            const unsigned each_role = battle->trace_every > 0 ? 3 : 2;
            for (unsigned k = 0; role != &ry_supervisor_self && k < each_role; k++) {
                static const char *const of_each[] = {"base", "watch", "spans"};
                snprintf(own, sizeof own, "%s.%s", name, of_each[k]);
                add_offer(role, i, own, 0);
            }
            for (unsigned k = 0; role->offers[k] != NULL; k++) {
                bool each = strchr(role->offers[k], '*') != NULL;
                for (unsigned n = 0; n < (each ? battle->agents : 1); n++)
                    add_offer(role, i, role->offers[k], n);
            }
            if (role != &ry_supervisor_self)
                ck_assert_uint_eq(ry_supervisor_topology_offered(role, battle),
                                  offers_count - before);
        }
    }
}

static unsigned offers_like(const char *pattern, unsigned own)
{
    unsigned count = 0;
    for (unsigned i = 0; i < offers_count; i++)
        count += ry_role_link_is(pattern, offers[i].name, own, RY_ROLE_NO_NUMBER);
    return count;
}

/* Of the regions that the supervisor maps two are made in one way to run a battle alone. */
static unsigned made(const char *want, bool one)
{
    if (strcmp(want, RY_SUPERVISOR_PARTS_NAME) == 0)
        return one;
    return strcmp(want, RY_SUPERVISOR_POSITIONS_NAME) != 0 || !one;
}

/* In a battle of any size every want names regions that exist, and one process offers each. */
START_TEST(every_want_has_exactly_one_offer)
{
    static const struct {
        uint8_t feeds;
        uint32_t agents, trace_every;
        bool one;
    } sizes[] = {{1, 0, 0, false},  {1, 1, 0, false},
                 {2, 13, 1, false}, {RY_FEEDS_MAX, RY_AGENTS_MAX, 1000, false},
                 {1, 0, 0, true},   {RY_FEEDS_MAX, RY_AGENTS_MAX, 0, true}};
    const bool one = sizes[_i].one;
    const struct ry_battle battle = {.feeds = sizes[_i].feeds,
                                     .agents = sizes[_i].agents,
                                     .trace_every = sizes[_i].trace_every,
                                     .processes =
                                         one ? RY_BATTLE_PROCESSES_ONE : RY_BATTLE_PROCESSES_EACH,
                                     .screen = 1};
    list_offers(&battle);
    for (unsigned i = 0; i < offers_count; i++) {
        unsigned who = 0;
        for (unsigned r = 0; r < house->count; r++)
            for (unsigned p = 0; p < ry_supervisor_topology_processes(&house->role[r], &battle);
                 p++)
                who += ry_supervisor_topology_offers(&house->role[r], p, &battle, offers[i].name);
        ck_assert_msg(who == (offers[i].role != &ry_supervisor_self), "%s: %u may offer it",
                      offers[i].name, who);
        for (unsigned k = 0; k < i; k++)
            ck_assert_str_ne(offers[i].name, offers[k].name);
    }
    for (unsigned r = 0; r <= house->count; r++) {
        const struct ry_supervisor_role *role =
            r < house->count ? &house->role[r] : &ry_supervisor_self;
        for (unsigned k = 0; role->wants[k] != NULL; k++) {
            const char *want = role->wants[k];
            ck_assert_msg(ry_role_link_row(want) != NULL, "%s", want);
            bool several = strchr(want, '*') != NULL || strncmp(want, "ROLE", 4) == 0;
            for (unsigned p = 0; !several && p < ry_supervisor_topology_processes(role, &battle);
                 p++)
                ck_assert_msg(offers_like(want, p) == made(want, one), "%s: offered %u times", want,
                              offers_like(want, p));
            unsigned each = strncmp(want, "feed", 4) == 0 ? battle.feeds : battle.agents;
            if (strchr(want, '*') != NULL && ry_supervisor_topology_processes(role, &battle) > 0)
                ck_assert_msg(offers_like(want, 0) == each, "%s", want);
        }
    }
}
END_TEST

/* Only who comes to the door gets spans, and no process offers any in a battle without traces. */
START_TEST(spans_are_for_observers)
{
    static const struct ry_battle with = {.feeds = 1, .agents = 2, .trace_every = 5},
                                  without = {.feeds = 1, .agents = 2};
    static const char *const spans[] = {"exec.spans", "feed0.spans", "agent0.spans",
                                        "agent1.spans"};
    for (unsigned k = 0; k < sizeof spans / sizeof *spans; k++) {
        unsigned offered = 0;
        ck_assert(ry_supervisor_topology_wants(&ry_supervisor_observers, 0, spans[k]));
        ck_assert(!ry_supervisor_topology_wants(&ry_supervisor_self, 0, spans[k]));
        for (unsigned r = 0; r < house->count; r++)
            for (unsigned p = 0; p < ry_supervisor_topology_processes(&house->role[r], &with);
                 p++) {
                ck_assert(!ry_supervisor_topology_wants(&house->role[r], p, spans[k]));
                ck_assert(!ry_supervisor_topology_offers(&house->role[r], p, &without, spans[k]));
                offered += ry_supervisor_topology_offers(&house->role[r], p, &with, spans[k]);
            }
        ck_assert_uint_eq(offered, 1);
    }
}
END_TEST

START_TEST(every_row_is_whole)
{
    const struct ry_battle largest = {.feeds = RY_FEEDS_MAX,
                                      .agents = RY_AGENTS_MAX,
                                      .export.sink = RY_BATTLE_SINK_JSONL,
                                      .screen = 1};
    unsigned leaders = 0, processes = 0;
    for (unsigned r = 0; r < house->count; r++) {
        const struct ry_supervisor_role *role = &house->role[r];
        leaders += role->end == RY_SUPERVISOR_END_LEADS && role->way != RY_SUPERVISOR_WAY_ONE;
        processes += ry_supervisor_topology_processes(role, &largest);
        ck_assert_msg(role->end != RY_SUPERVISOR_END_IN_TIME || role->still_s > 0, "%s",
                      role->name);
        ck_assert_msg(role->death != RY_SUPERVISOR_DEATH_OWN || role->told == RY_CONTROL_AGENT_DIED,
                      "%s", role->name);
        ck_assert_msg(role->death != RY_SUPERVISOR_DEATH_IN_ORDER || role->told != 0, "%s",
                      role->name);
        ck_assert_uint_le(ry_supervisor_topology_offered(role, &largest),
                          RY_SUPERVISOR_OFFERED_MAX);
        for (unsigned k = 0; role->offers[k] != NULL; k++)
            ck_assert_msg(ry_role_link_row(role->offers[k]) != NULL, "%s", role->offers[k]);
    }
    ck_assert_uint_eq(leaders, 1);
    ck_assert_uint_le(processes, RY_SUPERVISOR_MEMBERS_MAX);
}
END_TEST

static const struct ry_supervisor_role *row_of(const char *name)
{
    for (unsigned r = 0; r < house->count; r++)
        if (strcmp(house->role[r].name, name) == 0)
            return &house->role[r];
    ck_abort_msg("no role %s", name);
}

/* Its own link, nobody else's, and nothing that shows what others do. */
START_TEST(what_an_agent_is_handed)
{
    const struct ry_battle battle = {.feeds = RY_FEEDS_MAX, .agents = RY_AGENTS_MAX};
    const struct ry_supervisor_role *agent = row_of("agent");
    unsigned handed = 0;
    list_offers(&battle);
    for (unsigned i = 0; i < offers_count; i++) {
        if (!ry_supervisor_topology_wants(agent, 12, offers[i].name))
            continue;
        handed++;
        ck_assert_str_eq(offers[i].name, "exec.link12");
    }
    ck_assert_uint_eq(handed, 1);
    ck_assert(agent->stranger);
}
END_TEST

/* What observers get and nothing else, of the largest battle too. */
START_TEST(what_the_screen_is_handed)
{
    struct ry_battle battle = {
        .feeds = RY_FEEDS_MAX, .agents = RY_AGENTS_MAX, .export.sink = RY_BATTLE_SINK_JSONL};
    const struct ry_supervisor_role *top = row_of("top");
    char name[RY_NAME_BYTES];
    unsigned handed = 0, processes = 0;
    ck_assert_uint_eq(ry_supervisor_topology_processes(top, &battle), 0);
    battle.screen = 1;
    ck_assert_uint_eq(ry_supervisor_topology_processes(top, &battle), 1);
    ry_supervisor_topology_name(top, 0, name);
    ck_assert_str_eq(name, "top");
    for (unsigned r = 0; r < house->count; r++)
        processes += ry_supervisor_topology_processes(&house->role[r], &battle);
    list_offers(&battle);
    for (unsigned i = 0; i < offers_count; i++) {
        bool wants = ry_supervisor_topology_wants(top, 0, offers[i].name);
        ck_assert_msg(wants ==
                          ry_supervisor_topology_wants(&ry_supervisor_observers, 0, offers[i].name),
                      "%s", offers[i].name);
        handed += wants;
    }
    ck_assert_uint_eq(handed, 2 + processes);
    ck_assert_uint_le(handed, RY_ROLE_DOOR_REGIONS_MAX);
    ck_assert(top->speaks && top->tidies && !top->stranger);
    ck_assert_int_eq(top->death, RY_SUPERVISOR_DEATH_TOLD);
    for (unsigned r = 0; r < house->count; r++)
        ck_assert_msg(!house->role[r].tidies || &house->role[r] == top, "%s", house->role[r].name);
}
END_TEST

START_TEST(nobody_offers_anothers)
{
    const struct ry_battle battle = {.feeds = 2, .agents = 13};
    const struct ry_supervisor_role *exec = row_of("exec"), *feed = row_of("feed");
    ck_assert(ry_supervisor_topology_offers(feed, 1, &battle, "feed1.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, "feed0.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, "feed0.base"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, "feed10.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, "exec.events"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, "feed1.inputs"));
    ck_assert(!ry_supervisor_topology_offers(feed, 1, &battle, ""));
    ck_assert(ry_supervisor_topology_offers(exec, 0, &battle, "exec.link12"));
    ck_assert(!ry_supervisor_topology_offers(exec, 0, &battle, "exec.link13"));
    ck_assert(!ry_supervisor_topology_offers(exec, 0, &battle, RY_SUPERVISOR_CONTROL_NAME));
}
END_TEST

/* In the order of the table: exec, the feeds, the journal, the agents, who looks on; at last the
 * supervisor. The view is there with agents alone. */
START_TEST(who_gets_a_core)
{
    static struct ry_battle battle = {.feeds = 2, .agents = 1, .core_exec = 5, .core_journal = 6};
    static const struct {
        const char *name;
        enum ry_tuning_role role;
        int core;
        const char *card;
    } rows[] = {
        {"exec", RY_TUNING_EXEC, 5, ""},
        {"feed0", RY_TUNING_FEED, 0, "0000:3b:00.0"},
        {"feed1", RY_TUNING_FEED, 7, "ens1f0"},
        {"journal", RY_TUNING_JOURNAL, 6, ""},
        {"agent0", RY_TUNING_AGENT, 8, ""},
        {"view", RY_TUNING_OBSERVER, RY_BATTLE_CORE_NONE, ""},
        {"export", RY_TUNING_OBSERVER, RY_BATTLE_CORE_NONE, ""},
        {"supervisor", RY_TUNING_OBSERVER, RY_BATTLE_CORE_NONE, ""},
    };
    const unsigned count = sizeof rows / sizeof *rows;
    struct ry_tuning_placement placement = {.count = 0};
    battle.core_feed[1] = 7;
    battle.agent[0].core = 8;
    battle.core_supervisor = RY_BATTLE_CORE_NONE;
    battle.export.sink = RY_BATTLE_SINK_JSONL;
    battle.feed[0].port = battle.feed[1].port = RY_BATTLE_PORT_DPDK;
    strcpy(battle.feed[0].device, "0000:3b:00.0");
    strcpy(battle.feed[1].device, "net_af_xdp0,iface=ens1f0,queue_count=1");
    ry_supervisor_topology_place(house, &battle, &placement);
    ck_assert_uint_eq(placement.count, count);
    for (unsigned i = 0; i < count; i++) {
        ck_assert_str_eq(placement.process[i].name, rows[i].name);
        ck_assert_int_eq(placement.process[i].role, rows[i].role);
        ck_assert_int_eq(placement.process[i].wanted, rows[i].core);
        ck_assert_str_eq(placement.process[i].card, rows[i].card);
    }
    battle.agents = 0;
    strcpy(battle.feed[1].device, "net_null0,size=64");
    placement.count = 0;
    ry_supervisor_topology_place(house, &battle, &placement);
    ck_assert_uint_eq(placement.count, count - 2);
    ck_assert_str_eq(placement.process[2].card, "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("topology");
    TCase *t = tcase_create("topology");
    tcase_add_checked_fixture(t, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(t, a_role_joins_by_one_row);
    tcase_add_test(t, a_role_is_handed_one_of_each);
    tcase_add_test(t, without_the_want_it_gets_nothing);
    tcase_add_loop_test(t, every_want_has_exactly_one_offer, 0, 6);
    tcase_add_test(t, every_row_is_whole);
    tcase_add_test(t, spans_are_for_observers);
    tcase_add_test(t, what_an_agent_is_handed);
    tcase_add_test(t, what_the_screen_is_handed);
    tcase_add_test(t, nobody_offers_anothers);
    tcase_add_test(t, who_gets_a_core);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return s;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    if (name != NULL && strcmp(name, "/royale-count") == 0)
        return ry_role_main(&count_role, argc, argv);
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
