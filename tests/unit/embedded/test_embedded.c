/* A battle inside of a program (royale/embedded.h): wakes, hashes, two at a time, wrong input. */
#include "tests/support/test.h"
#include "tools/embedded/internal.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/follow/follow.h"
#include "tools/generate/generate.h"

#define MESSAGES    6000
#define MINUTE_NS   (60 * RY_NS_PER_SECOND)
#define TEXT_BYTES  4096
#define WAKES_AGREE 40

static char folder[] = "/tmp/royale-embedded-XXXXXX";
static char error[RY_EMBEDDED_ERROR_BYTES];

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void make_day(void)
{
    char day[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(day, sizeof day, "%s", path_of("day.itch"));
    const struct ry_generate_options options = {
        .messages = MESSAGES, .seed = 1, .instruments = 2, .itch = day};
    ck_assert_int_eq(ry_generate_files(&options, NULL, error, sizeof error), RY_GENERATE_OK);
}

static void remove_day(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- a battle -------------------------------------------------------------------------------- */

static const char agents[] =
    "  - {name: first, strategy: embedded, cash: 1000000}\n"
    "  - {name: second, strategy: embedded, cash: 1000000, latency_us: 90}\n";

static const char *text_of(char text[TEXT_BYTES], unsigned seed, const char *who, const char *game)
{
    snprintf(text, TEXT_BYTES,
             "battle: {name: test, seed: %u}\n"
             "market:\n"
             "  date: 2026-01-05\n"
             "  zone: America/New_York\n"
             "  trade_from: 09:30\n"
             "  trade_to: 16:00\n"
             "  instruments: [{symbol: RYA}, {symbol: RYB}]\n"
             "feeds: [{name: itch, format: itch50, port: file, path: day.itch}]\n"
             "agents:\n%s"
             "risk: {quantity_max: 100, notional_max: 500000, position_max: 500, "
             "open_orders_max: 50, rate_max: 100, collar_ppm: 50000, loss_max: 100000}\n"
             "game: {%s}\n",
             seed, who, game);
    return text;
}

/* In the folder of the day; `directory` below it, or NULL. */
static struct ry_embedded *open_text(const char *text, const char *directory,
                                     const char *const *names)
{
    char file[256], whole[256];
    snprintf(file, sizeof file, "%s/battle.yaml", folder);
    snprintf(whole, sizeof whole, "%s/%s", folder, directory == NULL ? "" : directory);
    const struct ry_embedded_options options = {
        .directory = directory == NULL ? NULL : whole,
        .agents = names,
        .text = text,
        .text_bytes = strlen(text),
    };
    return ry_embedded_open(file, &options, error);
}

static struct ry_embedded *open_seed(unsigned seed, const char *directory)
{
    char text[TEXT_BYTES];
    struct ry_embedded *battle =
        open_text(text_of(text, seed, agents, "min_fills: 1"), directory, NULL);
    ck_assert_msg(battle != NULL, "%s", error);
    return battle;
}

/* ---- a strategy ------------------------------------------------------------------------------ */

struct state {
    uint64_t random, fills, stops;
};

static void start(struct ry_agent *agent)
{
    ck_assert(ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(1) | RY_INTEREST_STATES));
    ry_timer(agent, ry_now(agent) + MINUTE_NS);
}

static void timer(struct ry_agent *agent)
{
    struct state *state = agent->state;
    state->random = ry_random_below(agent, 5) + 1;
    for (unsigned i = 0; i < ry_instruments(agent); i++)
        (void)ry_order(agent, i, state->random % 2 == 0 ? RY_BUY : RY_SELL, (uint32_t)state->random,
                       0, RY_MARKET);
    ry_timer(agent, ry_now(agent) + MINUTE_NS);
}

static void report(struct ry_agent *agent, const struct ry_report_event *event)
{
    struct state *state = agent->state;
    state->fills += event->kind == RY_REPORT_FILL;
}

static void stop(struct ry_agent *agent)
{
    struct state *state = agent->state;
    state->stops++;
}

static const struct ry_strategy taker = {
    .abi = RY_AGENT_ABI,
    .bytes = sizeof taker,
    .state_bytes = sizeof(struct state),
    .start = start,
    .report = report,
    .timer = timer,
    .stop = stop,
};

static struct ry_embedded_result play(struct ry_embedded *battle)
{
    struct ry_embedded_result result = {0};
    struct ry_embedded_wake wake;
    enum ry_embedded_next next;
    for (unsigned i = 0; i < ry_embedded_agents(battle); i++)
        ck_assert(ry_embedded_use(battle, i, &taker));
    while ((next = ry_embedded_step(battle, &wake)) == RY_EMBEDDED_WAKE)
        ry_embedded_call(&taker, &wake);
    ck_assert_msg(next == RY_EMBEDDED_END, "%s", ry_embedded_error(battle));
    for (unsigned i = 0; i < ry_embedded_agents(battle); i++) {
        const struct state *state = ry_embedded_agent(battle, i)->state;
        ck_assert_uint_gt(state->fills, 0);
        ck_assert_uint_eq(state->stops, 1);
    }
    ck_assert_msg(ry_embedded_finish(battle, &result), "%s", ry_embedded_error(battle));
    ry_embedded_close(battle);
    return result;
}

static void assert_same(const struct ry_embedded_result *a, const struct ry_embedded_result *b)
{
    ck_assert_uint_gt(a->inputs, MESSAGES / 2);
    ck_assert_uint_eq(a->inputs, b->inputs);
    ck_assert_uint_eq(a->input_hash, b->input_hash);
    ck_assert_uint_eq(a->output_hash, b->output_hash);
    ck_assert_uint_eq(a->book_hash, b->book_hash);
    ck_assert_uint_eq(a->state_hash, b->state_hash);
}

/* ---- tests ----------------------------------------------------------------------------------- */

START_TEST(a_battle_gives_the_same_hashes_with_and_without_a_folder)
{
    make_day();
    const struct ry_embedded_result bare = play(open_seed(1, NULL));
    const struct ry_embedded_result kept = play(open_seed(1, "kept"));
    const struct ry_embedded_result other = play(open_seed(2, NULL));
    assert_same(&bare, &kept);
    ck_assert_uint_ne(bare.input_hash, other.input_hash);
    ck_assert_int_eq(access(path_of("kept/results.json"), R_OK), 0);
    ck_assert_int_eq(access(path_of("kept/trades.jsonl"), R_OK), 0);
    ck_assert_int_eq(access(path_of("kept/result.txt"), R_OK), 0);
    ck_assert_int_eq(access(path_of("kept/battle.yaml"), R_OK), 0);
    ck_assert_int_eq(access(path_of("kept/log/agent0-first.log"), R_OK), 0);
    remove_day();
}
END_TEST

static void *play_one(void *context)
{
    *(struct ry_embedded_result *)context = play(open_seed(*(unsigned *)context, NULL));
    return NULL;
}

/* What is one in a process would be found by the thread sanitizer. */
START_TEST(battles_of_two_threads_are_apart)
{
    union {
        unsigned seed;
        struct ry_embedded_result result;
    } side[2] = {{.seed = 1}, {.seed = 2}};
    pthread_t thread[2];
    make_day();
    const struct ry_embedded_result alone[2] = {play(open_seed(1, NULL)), play(open_seed(2, NULL))};
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, play_one, &side[i]), 0);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    for (unsigned i = 0; i < 2; i++)
        assert_same(&alone[i], &side[i].result);
    remove_day();
}
END_TEST

/* Two battles of one thread in turn, a wake of each. */
START_TEST(battles_of_one_thread_are_apart)
{
    struct ry_embedded *battle[2];
    struct ry_embedded_wake wake[2];
    struct ry_embedded_result result[2];
    bool over[2] = {false, false};
    make_day();
    const struct ry_embedded_result alone = play(open_seed(1, NULL));
    for (unsigned i = 0; i < 2; i++) {
        battle[i] = open_seed(1, NULL);
        ck_assert(ry_embedded_use(battle[i], 0, &taker) && ry_embedded_use(battle[i], 1, &taker));
    }
    while (!over[0] || !over[1])
        for (unsigned i = 0; i < 2; i++) {
            over[i] = ry_embedded_step(battle[i], &wake[i]) != RY_EMBEDDED_WAKE;
            if (!over[i])
                ry_embedded_call(&taker, &wake[i]);
        }
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(ry_embedded_finish(battle[i], &result[i]));
        ry_embedded_close(battle[i]);
        assert_same(&alone, &result[i]);
    }
    remove_day();
}
END_TEST

START_TEST(wakes_come_in_order_and_hear_what_was_asked_for)
{
    struct ry_embedded_wake wake;
    unsigned count[2][RY_EMBEDDED_STOP + 1] = {{0}};
    int64_t now[2] = {0, 0};
    make_day();
    struct ry_embedded *battle = open_seed(1, NULL);
    ck_assert_int_eq(ry_embedded_find(battle, "second"), 1);
    ck_assert_int_eq(ry_embedded_find(battle, "third"), -1);
    ck_assert_ptr_null(ry_embedded_agent(battle, 2));
    ck_assert(!ry_embedded_listen(battle, 2, RY_EMBEDDED_HEARS_ALL));
    ck_assert(ry_embedded_listen(battle, 1, RY_EMBEDDED_HEARS_TIMER));
    while (ry_embedded_step(battle, &wake) == RY_EMBEDDED_WAKE) {
        ck_assert_uint_eq(count[wake.index][RY_EMBEDDED_STOP], 0);
        ck_assert_uint_eq(count[wake.index][RY_EMBEDDED_START] == 0,
                          wake.kind == RY_EMBEDDED_START);
        ck_assert_ptr_eq(wake.agent, ry_embedded_agent(battle, wake.index));
        ck_assert_int_ge(ry_now(wake.agent), now[wake.index]);
        now[wake.index] = ry_now(wake.agent);
        ck_assert_uint_eq(wake.kind == RY_EMBEDDED_MARKET, wake.count > 0);
        if (wake.kind == RY_EMBEDDED_START || wake.kind == RY_EMBEDDED_TIMER)
            ry_timer(wake.agent, ry_now(wake.agent) + MINUTE_NS);
        if (wake.kind == RY_EMBEDDED_TIMER)
            ck_assert_uint_ne(ry_order(wake.agent, 0, RY_BUY, 1, 0, RY_MARKET), 0);
        count[wake.index][wake.kind]++;
    }
    ck_assert(!ry_embedded_listen(battle, 1, RY_EMBEDDED_HEARS_ALL)); /* too late */
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(count[i][RY_EMBEDDED_START], 1);
        ck_assert_uint_eq(count[i][RY_EMBEDDED_STOP], 1);
        ck_assert_uint_ge(count[i][RY_EMBEDDED_TIMER], WAKES_AGREE);
    }
    ck_assert_uint_ge(count[0][RY_EMBEDDED_REPORT], count[0][RY_EMBEDDED_TIMER]);
    ck_assert_uint_gt(count[0][RY_EMBEDDED_MARKET], 0);
    ck_assert_uint_eq(count[1][RY_EMBEDDED_REPORT], 0);
    ck_assert_uint_eq(count[1][RY_EMBEDDED_MARKET], 0);
    ck_assert_int_eq(ry_embedded_step(battle, &wake), RY_EMBEDDED_END);
    ry_embedded_close(battle);
    remove_day();
}
END_TEST

/* The last of the round is out: it is told so once, the other plays on. */
START_TEST(an_agent_that_is_out_stops)
{
    char text[TEXT_BYTES];
    struct ry_embedded_wake wake;
    struct ry_embedded_figures account[2];
    unsigned outs = 0, ends = 0;
    make_day();
    struct ry_embedded *battle =
        open_text(text_of(text, 1, agents, "min_fills: 1, round: \"00:30:00\""), NULL, NULL);
    ck_assert_msg(battle != NULL, "%s", error);
    while (ry_embedded_step(battle, &wake) == RY_EMBEDDED_WAKE)
        if (wake.kind == RY_EMBEDDED_STOP) {
            outs += wake.report != NULL && wake.report->kind == RY_REPORT_OUT &&
                    wake.report->code == RY_OUT_LAST;
            ends += wake.report == NULL;
        }
    ck_assert_uint_eq(outs, 1);
    ck_assert_uint_eq(ends, 1);
    for (unsigned i = 0; i < 2; i++)
        ck_assert(ry_embedded_account(battle, i, &account[i]));
    ck_assert_uint_eq(account[0].out + account[1].out, RY_OUT_LAST);
    ck_assert_int_eq(account[0].cash, 1000000 * INT64_C(1000000));
    ck_assert(!ry_embedded_account(battle, 2, &account[0]));
    ry_embedded_close(battle);
    remove_day();
}
END_TEST

START_TEST(an_agent_that_gives_up_is_called_no_more)
{
    struct ry_embedded_wake wake;
    struct ry_embedded_figures account;
    unsigned of_first = 0;
    make_day();
    struct ry_embedded *battle = open_seed(1, NULL);
    while (ry_embedded_step(battle, &wake) == RY_EMBEDDED_WAKE) {
        of_first += wake.index == 0;
        if (wake.index == 0 && of_first == WAKES_AGREE)
            ry_fail(wake.agent, "enough");
    }
    ck_assert_uint_eq(of_first, WAKES_AGREE);
    ck_assert(ry_embedded_account(battle, 0, &account));
    ck_assert_uint_eq(account.out, RY_OUT_DIED);
    ry_embedded_close(battle);
    remove_day();
}
END_TEST

/* What is closed before its end has kept what was sequenced, and can be read. */
START_TEST(a_battle_can_be_left_in_the_middle)
{
    static struct ry_follow follow; /* large */
    struct ry_embedded_wake wake;
    struct ry_embedded_result result;
    make_day();
    struct ry_embedded *battle = open_seed(1, "left");
    for (unsigned i = 0; i < WAKES_AGREE; i++)
        ck_assert_int_eq(ry_embedded_step(battle, &wake), RY_EMBEDDED_WAKE);
    ck_assert(!ry_embedded_finish(battle, &result));
    ck_assert_ptr_nonnull(strstr(ry_embedded_error(battle), "not over"));
    ry_embedded_close(battle);
    ck_assert_int_eq(ry_follow_open(&follow, path_of("left"), error, sizeof error), 0);
    while (ry_follow_step(&follow, 1000, &(struct ry_arena_sink){.context = NULL}) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_CUT);
    ck_assert_uint_gt(follow.inputs, WAKES_AGREE);
    ry_follow_close(&follow);
    ry_embedded_close(open_seed(1, "unborn")); /* before its first step */
    ry_embedded_close(NULL);
    remove_day();
}
END_TEST

static void refused(const char *text, const char *directory, const char *const *names,
                    const char *says)
{
    ck_assert_ptr_null(open_text(text, directory, names));
    ck_assert_msg(strstr(error, says) != NULL, "\"%s\" does not have: %s", error, says);
}

START_TEST(what_is_wrong_is_said_with_its_place)
{
    char text[TEXT_BYTES];
    static const char *const nobody[] = {"nobody", NULL};
    make_day();
    ck_assert_uint_gt(RY_EMBEDDED_ABI, 0);
    ck_assert_ptr_null(ry_embedded_open("/nowhere/b.yaml", NULL, error));
    ck_assert_ptr_nonnull(strstr(error, "/nowhere/b.yaml: "));
    text_of(text, 1, "  - {name: a, strategy: embedded, cash: -1}\n", "min_fills: 1");
    refused(text, NULL, NULL, "/battle.yaml:10:");
    refused(text, NULL, NULL, "agents[0].cash: ");
    text_of(text, 1, "  - {name: a, strategy: nothing, cash: 1}\n", "");
    refused(text, NULL, NULL, "\"nothing\" is no installed strategy");
    text_of(text, 1, "  - {name: a, strategy: ./nothing.so, cash: 1}\n", "");
    refused(text, NULL, NULL, "agent0 (a): ");
    text_of(text, 1, agents, "min_fills: 1");
    refused(text, NULL, nobody, "\"nobody\" is none of them; allowed: first, second");
    refused(text, "no/where", NULL, "its parent must exist");
    refused(text, ".", NULL, "is no empty directory");
    memcpy(strstr(text, "day.itch"), "dax.itch", strlen("dax.itch"));
    refused(text, NULL, NULL, "dax.itch");
    refused(text, "fails", NULL, "dax.itch");
    char *port = strstr(text, "port: file");
    memcpy(port, "port: dpdk", strlen("port: dpdk"));
    refused(text, NULL, NULL, "feeds[0].port: feed itch comes through DPDK");
    remove_day();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("embedded");
    TCase *c = tcase_create("embedded");
    tcase_set_timeout(c, 300);
    tcase_add_test(c, a_battle_gives_the_same_hashes_with_and_without_a_folder);
    tcase_add_test(c, battles_of_two_threads_are_apart);
    tcase_add_test(c, battles_of_one_thread_are_apart);
    tcase_add_test(c, wakes_come_in_order_and_hear_what_was_asked_for);
    tcase_add_test(c, an_agent_that_is_out_stops);
    tcase_add_test(c, an_agent_that_gives_up_is_called_no_more);
    tcase_add_test(c, a_battle_can_be_left_in_the_middle);
    tcase_add_test(c, what_is_wrong_is_said_with_its_place);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
