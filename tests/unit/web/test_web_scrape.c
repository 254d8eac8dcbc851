/* A whole scrape, of processes that say what they like. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/role/counters.h"
#include "feeds/counters/counters.h"
#include "tests/support/metrics_rig.h"
#include "tools/web/scrape.h"

static struct ry_web_state state = {.lock = PTHREAD_MUTEX_INITIALIZER};
static struct ry_counters region;
static struct ry_web_exposition e;

/* One more process; its values are 1, 2, 3, .. */
static struct ry_web_process *add(const char *name, const char *own,
                                  const struct ry_counter *counter, unsigned count)
{
    const struct ry_counter_table table = {counter, count};
    struct ry_web_process *process = &state.process[state.processes++];
    snprintf(process->name, sizeof process->name, "%s", name);
    snprintf(process->own, sizeof process->own, "%s", own);
    process->state = RY_WATCH_RUNS;
    ry_counters_create(&region, &table, NULL);
    ck_assert(ry_counters_describe(&region, &process->description));
    process->counters = count;
    for (unsigned i = 0; i < count; i++)
        process->value[i] = i + 1;
    return process;
}

static const char *scrape(enum ry_web_format format)
{
    char why[RY_TEST_METRICS_WHY_BYTES];
    free(e.text);
    e = (struct ry_web_exposition){.format = format};
    ry_web_scrape(&e, &state, 7);
    ck_assert(!e.failed);
    ck_assert_msg(ry_test_metrics_read(e.text, e.bytes, format == RY_WEB_OPENMETRICS, why), "%s",
                  why);
    e.text = realloc(e.text, e.bytes + 1);
    e.text[e.bytes] = '\0';
    return e.text;
}

static void has(const char *text)
{
    ck_assert_msg(strstr(e.text, text) != NULL, "no %s in\n%s", text, e.text);
}

static void begin_battle(void)
{
    snprintf(state.battle.name, sizeof state.battle.name, "demo");
    snprintf(state.battle.id, sizeof state.battle.id, "00ff");
}

#define OF "battle=\"demo\",battle_id=\"00ff\""

START_TEST(without_a_battle)
{
    for (unsigned format = 0; format < RY_WEB_FORMATS; format++) {
        scrape((enum ry_web_format)format);
        has("\nroyale_up 0\n");
        ck_assert_ptr_null(strstr(e.text, "royale_battle"));
    }
    has("\nroyale_web_scrapes_total 2\n");
}
END_TEST

START_TEST(every_counter_of_every_process)
{
    begin_battle();
    state.up = true;
    add("feed0", "itch", ry_feed_counter_table.counter, RY_FEED_COUNTERS);
    add("feed1", "", ry_feed_counter_table.counter, RY_FEED_COUNTERS);
    add("view", "", ry_role_counter_table.counter, RY_ROLE_COUNTERS);
    scrape(RY_WEB_PROMETHEUS);
    has("\nroyale_up 1\n");
    has("\nroyale_feed_bytes_total{" OF ",process=\"feed0\",name=\"itch\"} 1\n"
        "royale_feed_bytes_total{" OF ",process=\"feed1\",name=\"\"} 1\n");
    has("\nroyale_process_core{" OF ",process=\"view\",name=\"\"} 1\n");
    unsigned lines = 0;
    for (const char *at = e.text; (at = strstr(at, "\nroyale_feed_")) != NULL; at++)
        lines++;
    ck_assert_uint_eq(lines, 2 * RY_FEED_COUNTERS);
    scrape(RY_WEB_OPENMETRICS);
}
END_TEST

START_TEST(hashes_are_labels)
{
    static const struct ry_counter hash = {"state_hash", RY_COUNTER_KIND_HASH, "hash", "h", ""};
    begin_battle();
    struct ry_web_process *exec = add("exec", "", &hash, 1);
    exec->value[0] = 0;
    scrape(RY_WEB_OPENMETRICS);
    ck_assert_ptr_null(strstr(e.text, "state_hash")); /* not set yet */
    exec->value[0] = 0xabc;
    scrape(RY_WEB_OPENMETRICS);
    has("\nroyale_exec_state_hash_info{" OF
        ",process=\"exec\",name=\"\",hash=\"0000000000000abc\"} 1\n");
}
END_TEST

/* One agent says a name twice, another says that it is something else: the first of each stays. */
START_TEST(contradictions_are_left_out_and_counted)
{
    static const struct ry_counter first[] = {
        {"x", RY_COUNTER_KIND_COUNTER, "", "of the first \"\\", ""},
        {"x", RY_COUNTER_KIND_COUNTER, "", "again", ""},
        {"y_seconds", RY_COUNTER_KIND_GAUGE, "", "y", ""},
        {"y", RY_COUNTER_KIND_GAUGE, "ns", "the same name, another scale", ""},
        {"x_total", RY_COUNTER_KIND_COUNTER, "", "no second x", ""},
    };
    static const struct ry_counter second[] = {
        {"x", RY_COUNTER_KIND_GAUGE, "", "of the second", ""},
        {"sleeps", RY_COUNTER_KIND_GAUGE, "", "no counter of the run loop", ""},
    };
    begin_battle();
    add("agent0", "a", first, 5);
    add("agent1", "b", second, 2);
    add("view", "", ry_role_counter_table.counter, RY_ROLE_COUNTERS);
    for (unsigned format = 0; format < RY_WEB_FORMATS; format++)
        scrape((enum ry_web_format)format);
    has("royale_agent_x_total{" OF ",process=\"agent0\",name=\"a\"} 1\n");
    ck_assert_ptr_null(strstr(e.text, "royale_agent_x{"));
    has("\nroyale_agent_x_total__total{");
    has("\nroyale_web_dropped_samples 4\n"); /* x, y, x of the second, and sleeps of one of them */
}
END_TEST

START_TEST(an_agent_with_a_strange_name)
{
    begin_battle();
    state.battle.agents = 1;
    snprintf(state.battle.agent[0].name, RY_NAME_BYTES, "a\"} 1\n\\");
    state.battle.agent[0].equity = -1500000;
    snprintf(state.battle.stamp, sizeof state.battle.stamp, "not reproducible: agent \"x\"");
    for (unsigned format = 0; format < RY_WEB_FORMATS; format++)
        scrape((enum ry_web_format)format);
    has("\nroyale_battle_agent_equity{" OF ",agent=\"a\\\"} 1?\\\\\"} -1.500000\n");
    has("\nroyale_battle_stamp_info{" OF ",stamp=\"not reproducible: agent \\\"x\\\"\"} 1\n");
}
END_TEST

/* As many processes as there can be, each with as many counters. */
START_TEST(the_largest_battle)
{
    static char name[RY_COUNTERS_MAX][RY_COUNTER_NAME_MAX];
    static struct ry_counter counter[RY_COUNTERS_MAX];
    begin_battle();
    for (unsigned i = 0; i < RY_COUNTERS_MAX; i++) {
        snprintf(name[i], sizeof name[i], "counter_%u", i);
        counter[i] = (struct ry_counter){name[i], RY_COUNTER_KIND_COUNTER, "lots", "sentence", ""};
    }
    for (unsigned i = 0; i < RY_WEB_PROCESSES_MAX; i++) {
        char process[RY_NAME_BYTES];
        snprintf(process, sizeof process, "agent%u", i);
        add(process, "own", counter, RY_COUNTERS_MAX);
    }
    e = (struct ry_web_exposition){.format = RY_WEB_OPENMETRICS};
    ry_web_scrape(&e, &state, 7);
    ck_assert(!e.failed);
    ck_assert_uint_gt(e.bytes, 1u << 20);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_scrape");
    TCase *t = tcase_create("web_scrape");
    tcase_add_test(t, without_a_battle);
    tcase_add_test(t, every_counter_of_every_process);
    tcase_add_test(t, hashes_are_labels);
    tcase_add_test(t, contradictions_are_left_out_and_counted);
    tcase_add_test(t, an_agent_with_a_strange_name);
    tcase_add_test(t, the_largest_battle);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
