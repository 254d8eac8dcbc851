/* The battle file's agents, limits, fees and game: what is read, and every mistake with its exact
 * words. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "tests/support/test.h"

#define MARKET                                                                                     \
    "battle: {name: demo}\n"                                                                       \
    "market: {date: 2026-01-05, zone: UTC, instruments: [{symbol: RYA}]}\n"                        \
    "feeds: [{name: itch, format: itch50, path: day.itch}]\n"
#define LIMITS                                                                                     \
    "quantity_max: 10, notional_max: 20.5, position_max: 30, open_orders_max: 40, rate_max: 50, "  \
    "collar_ppm: 60, loss_max: 70.000001"
#define RISK   "risk: {" LIMITS "}\n"
#define AGENTS "agents:\n"
#define ONE    "  - {name: a, strategy: ./a.so, cash: 1000}\n"

static struct ry_battle_errors errors;
static const char *const *strategies;

static struct ry_battle *parse(const char *text)
{
    struct ry_battle_source source = {.directory = "/where", .strategies = strategies};
    return ry_battle_parse(text, strlen(text), &source, &errors);
}

/* All of the errors as they are printed for a file "f". */
static const char *refused(const char *text)
{
    static char printed[1 << 16];
    ck_assert_ptr_null(parse(text));
    memset(printed, 0, sizeof printed);
    FILE *file = fmemopen(printed, sizeof printed - 1, "w");
    ry_battle_errors_print(file, "f", &errors);
    fclose(file);
    return printed;
}

static struct ry_battle *accepted(const char *text)
{
    struct ry_battle *battle = parse(text);
    if (battle == NULL)
        ry_battle_errors_print(stdout, "f", &errors);
    ck_assert_ptr_nonnull(battle);
    return battle;
}

START_TEST(no_agents_is_legal)
{
    struct ry_battle *battle = accepted(MARKET);
    ck_assert_uint_eq(battle->agents, 0);
    ck_assert_uint_eq(battle->commands_max, 0);
    ck_assert_uint_eq(battle->stall_s, 0);
    free(battle);
}
END_TEST

START_TEST(defaults_are_those_of_the_table)
{
    struct ry_battle *battle = accepted(MARKET AGENTS ONE RISK);
    const struct ry_battle_agent *agent = &battle->agent[0];
    ck_assert_uint_eq(battle->agents, 1);
    ck_assert_str_eq(agent->name, "a");
    ck_assert_str_eq(agent->strategy, "/where/./a.so");
    ck_assert_str_eq(agent->params, "");
    ck_assert_int_eq(agent->cash, INT64_C(1000000000));
    ck_assert_int_eq(agent->latency_ns, 100000);
    ck_assert_int_eq(agent->jitter_ns, 0);
    ck_assert_uint_eq(agent->quantity_max, 10);
    ck_assert_int_eq(agent->notional_max, 20500000);
    ck_assert_int_eq(agent->position_max, 30);
    ck_assert_uint_eq(agent->open_orders_max, 40);
    ck_assert_uint_eq(agent->rate_max, 50);
    ck_assert_uint_eq(agent->collar_ppm, 60);
    ck_assert_int_eq(agent->loss_max, 70000001);
    ck_assert_int_eq(agent->core, RY_BATTLE_CORE_NONE);
    ck_assert_int_eq(battle->round_ns, 0);
    ck_assert_uint_eq(battle->min_fills, 0);
    ck_assert_uint_eq(battle->haircut_ppm, 10000);
    ck_assert_uint_eq(battle->stall_s, 30);
    ck_assert_uint_eq(battle->load_s, 120);
    ck_assert_uint_eq(battle->commands_max, 64);
    ck_assert_int_eq(battle->fee_maker_ppm, 0);
    ck_assert_int_eq(battle->fee_taker_ppm, 0);
    free(battle);
}
END_TEST

START_TEST(everything_can_be_said)
{
    struct ry_battle *battle = accepted(
        MARKET AGENTS
        "  - {name: first, strategy: /lib/x.so, cash: 0.000001, latency_us: 1, jitter_us: 7,\n"
        "     params: {size: 3, text: 'two words', empty: '', a-b_C: -1.5}, risk: {rate_max: 9, "
        "collar_ticks: 1000000}}\n"
        "  - {name: crowd, strategy: sub/y.so, cash: 1000000000000, count: 3}\n" RISK
        "fees: {maker_ppm: -20, taker_ppm: 30}\n"
        "game: {round: 0.25, min_fills: 2, haircut_ppm: 1000000, haircut_ticks: 7, stall_s: 1, "
        "load_s: 5, commands_max: 1024}\n"
        "placement: {agents: [3, 2, 1, 0]}\n");
    ck_assert_uint_eq(battle->agents, 4);
    ck_assert_str_eq(battle->agent[0].params, "size=3\ntext=two words\nempty=\na-b_C=-1.5\n");
    ck_assert_str_eq(battle->agent[0].strategy, "/lib/x.so");
    ck_assert_int_eq(battle->agent[0].cash, 1);
    ck_assert_int_eq(battle->agent[0].latency_ns, 1000);
    ck_assert_int_eq(battle->agent[0].jitter_ns, 7000);
    ck_assert_uint_eq(battle->agent[0].rate_max, 9);
    ck_assert_uint_eq(battle->agent[0].quantity_max, 10);
    ck_assert_uint_eq(battle->agent[1].rate_max, 50); /* the first one's own limit is its own */
    ck_assert_str_eq(battle->agent[1].name, "crowd-1");
    ck_assert_str_eq(battle->agent[3].name, "crowd-3");
    ck_assert_str_eq(battle->agent[3].strategy, "/where/sub/y.so");
    ck_assert_int_eq(battle->agent[3].cash, RY_BATTLE_MONEY_MAX);
    ck_assert_int_eq(battle->agent[0].core, 3);
    ck_assert_int_eq(battle->agent[3].core, 0);
    ck_assert_int_eq(battle->fee_maker_ppm, -20);
    ck_assert_int_eq(battle->fee_taker_ppm, 30);
    ck_assert_int_eq(battle->round_ns, 250000000);
    ck_assert_uint_eq(battle->min_fills, 2);
    ck_assert_uint_eq(battle->haircut_ppm, 1000000);
    ck_assert_uint_eq(battle->haircut_ticks, 7);
    ck_assert_uint_eq(battle->agent[0].collar_ticks, 1000000);
    ck_assert_uint_eq(battle->agent[1].collar_ticks, 0);
    ck_assert_uint_eq(battle->stall_s, 1);
    ck_assert_uint_eq(battle->load_s, 5);
    ck_assert_uint_eq(battle->commands_max, 1024);
    free(battle);
}
END_TEST

START_TEST(limits_may_stand_with_the_agents_alone)
{
    struct ry_battle *battle =
        accepted(MARKET AGENTS "  - {name: a, strategy: ./a.so, cash: 1, risk: {" LIMITS "}}\n");
    ck_assert_uint_eq(battle->agent[0].collar_ppm, 60);
    free(battle);
}
END_TEST

START_TEST(rounds_have_three_spellings)
{
    static const struct {
        const char *text;
        int64_t ns;
    } rounds[] = {{"300", 300000000000},
                  {"0.001", 1000000},
                  {"00:05:00", 300000000000},
                  {"01:00:00.5", 3600500000000},
                  {"90.000000001", 90000000001}};
    for (unsigned i = 0; i < sizeof rounds / sizeof rounds[0]; i++) {
        char text[2048];
        snprintf(text, sizeof text, "%sgame: {round: %s}\n", MARKET AGENTS ONE RISK,
                 rounds[i].text);
        struct ry_battle *battle = accepted(text);
        ck_assert_int_eq(battle->round_ns, rounds[i].ns);
        free(battle);
    }
}
END_TEST

START_TEST(strategies_are_found_by_name)
{
    char first[] = "/tmp/royale-test-XXXXXX", second[] = "/tmp/royale-test-XXXXXX", path[64];
    ck_assert(mkdtemp(first) != NULL && mkdtemp(second) != NULL);
    const char *const folders[] = {first, second, NULL};
    snprintf(path, sizeof path, "%s/both.so", first);
    ck_assert_int_eq(close(creat(path, 0600)), 0);
    snprintf(path, sizeof path, "%s/both.so", second);
    ck_assert_int_eq(close(creat(path, 0600)), 0);
    snprintf(path, sizeof path, "%s/later.so", second);
    ck_assert_int_eq(close(creat(path, 0600)), 0);
    strategies = folders;
    struct ry_battle *battle =
        accepted(MARKET AGENTS "  - {name: a, strategy: both, cash: 1}\n"
                               "  - {name: b, strategy: later, cash: 1}\n"
                               "  - {name: d, strategy: ./both, cash: 1}\n" RISK);
    strategies = NULL;
    snprintf(path, sizeof path, "%s/both.so", first);
    ck_assert_str_eq(battle->agent[0].strategy, path);
    ck_assert_int_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/both.so", second);
    ck_assert_int_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/later.so", second);
    ck_assert_str_eq(battle->agent[1].strategy, path);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_str_eq(battle->agent[2].strategy, "/where/./both");
    ck_assert_int_eq(rmdir(first) | rmdir(second), 0);
    free(battle);
}
END_TEST

static void touch(const char *folder, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(close(creat(path, 0600)), 0);
}

static const char *refused_strategy(const char *folder, const char *name)
{
    static char said[2048];
    const char *const folders[] = {folder, NULL};
    char text[512];
    struct ry_battle_source source = {.directory = folder, .strategies = folders};
    snprintf(text, sizeof text, MARKET AGENTS "  - {name: a, strategy: %s, cash: 1}\n" RISK, name);
    ck_assert_ptr_null(ry_battle_parse(text, strlen(text), &source, &errors));
    ck_assert_uint_eq(errors.count, 1);
    snprintf(said, sizeof said, "%s: %s", errors.error[0].key, errors.error[0].text);
    return said;
}

/* The house's strategies are listed, the nearest named; a file wants its slash. */
START_TEST(a_wrong_strategy_is_told_the_right_ones)
{
    char folder[] = "/tmp/royale-test-XXXXXX";
    static const char *const files[] = {"noise.so", "maker.so", "twap.so", "README", "mine.c"};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_str_eq(
        refused_strategy(folder, "maker"),
        "agents[0].strategy: \"maker\" is no installed strategy; allowed: a file, with "
        "a slash: ./mine.so");
    for (unsigned i = 0; i < 5; i++)
        touch(folder, files[i]);
    ck_assert_str_eq(refused_strategy(folder, "markar"),
                     "agents[0].strategy: \"markar\" is no installed strategy, perhaps maker; "
                     "allowed: maker, noise, twap, or a file, with a slash: ./mine.so");
    ck_assert_str_eq(refused_strategy(folder, "collar.so"),
                     "agents[0].strategy: \"collar.so\" has no slash: that is the name of an "
                     "installed strategy; for a file write ./collar.so");
    ck_assert_str_eq(refused_strategy(folder, "mine.c"),
                     "agents[0].strategy: \"mine.c\" has no slash: that is the name of an "
                     "installed strategy; for a file write ./mine.c");
    for (unsigned i = 0; i < 70; i++) {
        char name[32];
        snprintf(name, sizeof name, "another-%02u.so", i);
        touch(folder, name);
    }
    ck_assert_ptr_nonnull(strstr(refused_strategy(folder, "zzzz"), ", ..., or a file"));
    char remove[64];
    snprintf(remove, sizeof remove, "rm -r %s", folder);
    ck_assert_int_eq(system(remove), 0);
}
END_TEST

/* One mistake each: the file, and what is said. The agents begin in line 5, what follows them in
 * line 6. */
static const struct mistake {
    const char *text, *said;
} mistakes[] = {
    {MARKET RISK, "f:4:7: risk: means nothing without agents; allowed: with agents\n"},
    {MARKET "fees: {}\n", "f:4:7: fees: means nothing without agents; allowed: with agents\n"},
    {MARKET "game: {round: 5}\n",
     "f:4:7: game: means nothing without agents; allowed: with agents\n"},
    {MARKET "placement: {agents: 0}\n",
     "f:4:21: placement.agents: means nothing without agents; allowed: with agents\n"},
    {MARKET "agents: []\n" RISK, "f:4:9: agents: has 0 entries; allowed: 1 to 64\n"},
    {MARKET "agents: noise\n" RISK,
     "f:4:9: agents: \"noise\" is a single value; allowed: a list of 1 to 64 mappings\n"},
    {MARKET AGENTS ONE,
     "f:5:3: risk.quantity_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 "
     "to 4294967295\n"
     "f:5:3: risk.notional_max: is missing, and agents[0].risk has none; allowed: an amount of "
     "0.000001 to 1000000000000 of the currency, to 6 decimals\n"
     "f:5:3: risk.position_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 "
     "to 1000000000000\n"
     "f:5:3: risk.open_orders_max: is missing, and agents[0].risk has none; allowed: a whole "
     "number, 1 to 67108864\n"
     "f:5:3: risk.rate_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 to "
     "4294967295\n"
     "f:5:3: risk.collar_ppm: is missing, and agents[0].risk has none; allowed: a whole number, 0 "
     "to 1000000\n"
     "f:5:3: risk.loss_max: is missing, and agents[0].risk has none; allowed: an amount of 0 to "
     "1000000000000 of the currency, to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, strategy: ./a.so, cash: 1, risk: {loss_max: 3}}\n" ONE
                   "risk: {quantity_max: 10, notional_max: 20, position_max: 30, open_orders_max: "
                   "40, rate_max: 50, collar_ppm: 60}\n",
     "f:6:12: agents[1].name: a is the name of agent 0 too; allowed: a name of its own\n"
     "f:7:7: risk.loss_max: is missing, and agents[1].risk has none; allowed: an amount of 0 to "
     "1000000000000 of the currency, to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, strategy: ./a.so}\n" RISK,
     "f:5:5: agents[0].cash: is missing; allowed: an amount of 0 to 1000000000000 of the currency, "
     "to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, cash: 5}\n" RISK,
     "f:5:5: agents[0].strategy: is missing; allowed: a path of at most 511 bytes\n"},
    {MARKET AGENTS "  - {strategy: a, cash: 5}\n" RISK,
     "f:5:5: agents[0].name: is missing; allowed: 1 to 23 letters, digits, _ and -\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 0.0000001}\n" RISK,
     "f:5:34: agents[0].cash: \"0.0000001\" is no such amount; allowed: an amount of 0 to "
     "1000000000000 of the currency, to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: -1}\n" RISK,
     "f:5:34: agents[0].cash: \"-1\" is no such amount; allowed: an amount of 0 to 1000000000000 of "
     "the currency, to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1000000000000.000001}\n" RISK,
     "f:5:34: agents[0].cash: \"1000000000000.000001\" is out of range; allowed: an amount of 0 to "
     "1000000000000 of the currency, to 6 decimals\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, latency_us: 0}\n" RISK,
     "f:5:49: agents[0].latency_us: \"0\" is out of range; allowed: a whole number, 1 to "
     "60000000\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: [x]}\n" RISK,
     "f:5:45: agents[0].params: is a list; allowed: a mapping of words to single values, 1023 bytes "
     "in all\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: {x: [1]}}\n" RISK,
     "f:5:49: agents[0].params.x: is a list; allowed: a mapping of words to single values, 1023 "
     "bytes in all\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: {x: }}\n" RISK,
     "f:5:49: agents[0].params.x: has no value; allowed: a mapping of words to single values, 1023 "
     "bytes in all\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: {x: 1, x: 2}}\n" RISK,
     "f:5:52: agents[0].params.x: given twice; allowed: once\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: {'x=y': 1}}\n" RISK,
     "f:5:46: agents[0].params.x=y: a key that is no word; allowed: letters, digits, _ and -\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, params: {x: \"1\\n2=3\"}}\n" RISK,
     "f:5:49: agents[0].params.x: has characters that are no plain text; allowed: a mapping of "
     "words to single values, 1023 bytes in all\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, count: 65}\n" RISK,
     "f:5:44: agents[0].count: \"65\" is out of range; allowed: a whole number, 1 to 64\n"},
    {MARKET AGENTS ONE "  - {name: b, strategy: a, cash: 1, count: 64}\n" RISK,
     "f:6:12: agents[1].count: makes more agents than there may be; allowed: 64 in all\n"},
    {MARKET AGENTS "  - {name: abcdefghijklmnopqrstuv, strategy: a, cash: 1, count: 2}\n" RISK,
     "f:5:12: agents[0].name: is too long with -1 behind it; allowed: 23 characters in all\n"},
    {MARKET AGENTS ONE "risk: {quantity_mx: 3}\n",
     "f:6:7: risk.quantity_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 "
     "to 4294967295\n"
     "f:6:7: risk.notional_max: is missing, and agents[0].risk has none; allowed: an amount of "
     "0.000001 to 1000000000000 of the currency, to 6 decimals\n"
     "f:6:7: risk.position_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 "
     "to 1000000000000\n"
     "f:6:7: risk.open_orders_max: is missing, and agents[0].risk has none; allowed: a whole "
     "number, 1 to 67108864\n"
     "f:6:7: risk.rate_max: is missing, and agents[0].risk has none; allowed: a whole number, 1 to "
     "4294967295\n"
     "f:6:7: risk.collar_ppm: is missing, and agents[0].risk has none; allowed: a whole number, 0 "
     "to 1000000\n"
     "f:6:7: risk.loss_max: is missing, and agents[0].risk has none; allowed: an amount of 0 to "
     "1000000000000 of the currency, to 6 decimals\n"
     "f:6:8: risk.quantity_mx: unknown key, perhaps quantity_max; allowed: quantity_max, "
     "notional_max, position_max, open_orders_max, rate_max, collar_ppm, "
     "collar_ticks, loss_max\n"},
    {MARKET AGENTS "  - {name: a, strategy: a, cash: 1, risk: {rate_max: 0}}\n" RISK,
     "f:5:54: agents[0].risk.rate_max: \"0\" is out of range; allowed: a whole number, 1 to "
     "4294967295\n"},
    {MARKET AGENTS ONE "risk: 5\n",
     "f:6:7: risk: \"5\" is a single value; allowed: a mapping of keys\n"},
    {MARKET AGENTS ONE RISK "fees: {maker_ppm: -1000001}\n",
     "f:7:19: fees.maker_ppm: \"-1000001\" is out of range; allowed: a whole number, -1000000 to "
     "1000000\n"},
    {MARKET AGENTS ONE RISK "game: {round: 0.0009}\n",
     "f:7:15: game.round: \"0.0009\" is out of range; allowed: seconds, such as 300 or 0.5, or "
     "HH:MM:SS; 0.001 to 604800\n"},
    {MARKET AGENTS ONE RISK "game: {round: 5 minutes}\n",
     "f:7:15: game.round: \"5 minutes\" is no duration; allowed: seconds, such as 300 or 0.5, or "
     "HH:MM:SS; 0.001 to 604800\n"},
    {MARKET AGENTS ONE RISK "game: {round: 2026-01-05T00:01}\n",
     "f:7:15: game.round: \"2026-01-05T00:01\" is no duration; allowed: seconds, such as 300 or "
     "0.5, or HH:MM:SS; 0.001 to 604800\n"},
    {MARKET AGENTS ONE RISK "placement: {agents: [0, 1]}\n",
     "f:7:21: placement.agents: has 2 cores for 1 agents; allowed: one for each agent\n"},
    {MARKET AGENTS ONE RISK "placement: {agents: {}}\n",
     "f:7:21: placement.agents: is a mapping; allowed: the number of a core of this machine, or a "
     "list with one for each agent\n"},
};

START_TEST(each_mistake_has_its_words)
{
    ck_assert_str_eq(refused(mistakes[_i].text), mistakes[_i].said);
}
END_TEST

/* 1,023 bytes of lines fit, one more does not. */
START_TEST(parameters_have_a_size)
{
    char text[4096], value[1100];
    for (unsigned length = 1020; length <= 1021; length++) {
        memset(value, 'v', length);
        value[length] = '\0';
        snprintf(text, sizeof text, "%s  - {name: a, strategy: a, cash: 1, params: {x: %s}}\n%s",
                 MARKET AGENTS, value, RISK);
        if (length == 1020) {
            struct ry_battle *battle = accepted(text);
            ck_assert_uint_eq(strlen(battle->agent[0].params), RY_BATTLE_PARAMS_BYTES - 1);
            free(battle);
        } else {
            ck_assert_str_eq(refused(text),
                             "f:5:46: agents[0].params.x: is too much; allowed: a "
                             "mapping of words to single values, 1023 bytes in all\n");
        }
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle_agents");
    TCase *t = tcase_create("battle_agents");
    tcase_add_test(t, no_agents_is_legal);
    tcase_add_test(t, defaults_are_those_of_the_table);
    tcase_add_test(t, everything_can_be_said);
    tcase_add_test(t, limits_may_stand_with_the_agents_alone);
    tcase_add_test(t, rounds_have_three_spellings);
    tcase_add_test(t, strategies_are_found_by_name);
    tcase_add_test(t, a_wrong_strategy_is_told_the_right_ones);
    tcase_add_loop_test(t, each_mistake_has_its_words, 0,
                        (int)(sizeof mistakes / sizeof mistakes[0]));
    tcase_add_test(t, parameters_have_a_size);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
