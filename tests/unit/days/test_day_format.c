/* The reader and the runner of scripted days, with a tiny machine that can be told to err. */
#include "tests/support/day.h"
#include "tests/support/day_words.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- A machine of few words: adds stand, orders are accepted, clears are malformed. --- */

enum fault {
    FAULT_NONE,
    FAULT_SILENT,  /* says nothing */
    FAULT_TWICE,   /* says it again */
    FAULT_FLOOD,   /* and again */
    FAULT_GROUP,   /* counts groups wrongly */
    FAULT_LAST,    /* flags no record as the last */
    FAULT_PADDING, /* leaves a byte where none belongs */
    FAULT_SEQ,
    FAULT_CASH,
    FAULT_APPLIED, /* calls everything malformed */
    FAULT_COUNTER,
    FAULT_CREATE,
};

static enum fault fault;

struct fake {
    struct ry_arena_book_order book[16];
    unsigned orders;
    uint64_t seq;
    struct ry_arena_counters counters;
};

static void *fake_create(const struct ry_input_battle *battle)
{
    ck_assert_uint_eq(battle->head.kind, RY_IN_BATTLE);
    return fault == FAULT_CREATE ? NULL : calloc(1, sizeof(struct fake));
}

static void fake_add(struct fake *fake, const struct ry_input *input,
                     const struct ry_arena_sink *sink)
{
    fake->book[fake->orders] = (struct ry_arena_book_order){
        .ref = input->ref,
        .price = input->price,
        .order = fake->orders + 1,
        .rec = input->qty,
        .open = input->qty,
        .instrument = input->head.instrument,
        .owner = RY_OWNER_RECORDED,
        .side = input->side,
    };
    struct ry_market market = {
        .kind = RY_MK_CHANGE,
        .slots = 1,
        .instrument = input->head.instrument,
        .side = input->side,
        .flags = (uint8_t)(RY_MKF_NEW | (fault == FAULT_LAST ? 0 : RY_MKF_LAST)),
        .zero = fault == FAULT_PADDING,
        .group = ++fake->counters.groups + (fault == FAULT_GROUP),
        .time = input->head.time,
        .price = input->price,
        .order = ++fake->orders,
        .qty = input->qty,
    };
    int times = fault == FAULT_SILENT  ? 0
                : fault == FAULT_TWICE ? 2
                : fault == FAULT_FLOOD ? 999
                                       : 1;
    for (; times > 0; times--) {
        sink->market(sink->context, &market);
        fake->counters.market_records++;
    }
}

static void fake_order(struct fake *fake, const struct ry_input *input,
                       const struct ry_arena_sink *sink)
{
    struct ry_report report = {
        .kind = RY_RP_ACCEPTED,
        .slots = 2,
        .instrument = input->head.instrument,
        .side = input->side,
        .seq = ++fake->seq + (fault == FAULT_SEQ),
        .group = fake->counters.groups,
        .time = input->head.time,
        .cl_ord_id = input->ref,
        .price = input->price,
        .qty = input->qty,
        .leaves = input->qty,
        .agent = (uint16_t)(input->head.source - RY_SOURCE_AGENT),
        .cash = 500 + (fault == FAULT_CASH),
    };
    sink->report(sink->context, &report);
    fake->counters.reports++;
}

static enum ry_arena_applied fake_apply(void *machine, const union ry_input_any *input,
                                        const struct ry_arena_sink *sink)
{
    struct fake *fake = machine;
    fake->counters.inputs++;
    if (input->head.kind == RY_IN_CLEAR || fault == FAULT_APPLIED) {
        fake->counters.malformed++;
        return RY_ARENA_APPLIED_MALFORMED;
    }
    if (input->head.kind == RY_IN_ADD)
        fake_add(fake, &input->event, sink);
    else if (input->head.kind == RY_IN_ORDER)
        fake_order(fake, &input->event, sink);
    return RY_ARENA_APPLIED;
}

static void fake_walk(void *machine, uint16_t instrument, enum ry_side side,
                      bool (*visit)(void *context, const struct ry_arena_book_order *order),
                      void *context)
{
    struct fake *fake = machine;
    for (unsigned i = 0; i < fake->orders; i++)
        if (fake->book[i].instrument == instrument && fake->book[i].side == side &&
            !visit(context, &fake->book[i]))
            return;
}

static __int128 fake_cash(void *machine, uint16_t agent)
{
    (void)machine;
    return agent == 0 ? 500 : 0;
}

static int64_t fake_position(void *machine, uint16_t agent, uint16_t instrument)
{
    (void)machine;
    (void)agent;
    (void)instrument;
    return 0;
}

static void fake_account(void *machine, uint16_t agent, struct ry_arena_account *out)
{
    (void)machine;
    *out = (struct ry_arena_account){.value = 8, .killed = agent == 0, .out = RY_OUT_LOSS};
}

static void fake_game(void *machine, struct ry_test_day_game *out)
{
    (void)machine;
    *out = (struct ry_test_day_game){.round = 4, .moment = RY_TIME_NEVER};
}

static const struct ry_arena_counters *fake_counters(void *machine)
{
    struct fake *fake = machine;
    fake->counters.unmet = fault == FAULT_COUNTER ? 7 : 0;
    return &fake->counters;
}

static const struct ry_test_day_machine fake_machine = {
    .name = "fake",
    .create = fake_create,
    .destroy = free,
    .apply = fake_apply,
    .walk = fake_walk,
    .cash = fake_cash,
    .position = fake_position,
    .account = fake_account,
    .game = fake_game,
    .counters = fake_counters,
};

/* --- Days that fail, and where. --- */

static char error[RY_TEST_DAY_ERROR_BYTES];

static int run_text(const char *text, const struct ry_test_day_machine *machine)
{
    char path[] = "/tmp/ry_day_XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    int result = ry_test_day_run(path, machine, error, sizeof error);
    unlink(path);
    if (result != 0) {
        ck_assert_msg(strncmp(error, path, strlen(path)) == 0, "'%s' names no file", error);
        memmove(error, error + strlen(path), strlen(error + strlen(path)) + 1);
    }
    return result;
}

/* Lines 1 to 8; 5 and 8 are outputs, 6 a statement. */
#define GOOD                                                                                       \
    "battle  # a comment\n"                                                                        \
    "instrument ES\n"                                                                              \
    "agent alice cash=5_00\n"                                                                      \
    "add r1 sell 10 @ 100\n"                                                                       \
    "> change sell 10 @ 100 #1 new\n"                                                              \
    "= sell 10 @ 100 #1 r1\n"                                                                      \
    "order alice c1 buy 2 @ 99\n"                                                                  \
    "> alice accepted c1 buy 2 @ 99\n"

struct day_case {
    const char *text; /* after GOOD, from line 9; or all of it if it begins with a dot */
    enum fault fault;
    const char *says; /* NULL: nothing fails */
};

static const struct day_case cases[] = {
    {"", FAULT_NONE, NULL},
    {"\n\n# nothing\nclear\n> malformed\nat 5\ntime\n= buy none\n= alice cash=500 position=0\n= "
     "count unmet=0\n",
     FAULT_NONE, NULL},
    {"at 5\nadd r2 sell 1 @ 101\n\n> change sell 1 @ 101 #2 new time=5 group=2 flags=3\n"
     "= sell 10 @ 100 #1 r1\n= sell 1 @ 101 #2 r2\n",
     FAULT_NONE, NULL},

    /* A field, an output or a statement that is not as expected. */
    {"add r2 sell 1 @ 101\n> change sell 2 @ 101 #2 new\n", FAULT_NONE, ":10: expected"},
    {"add r2 sell 1 @ 101\n> change buy 1 @ 101 #2 new\n", FAULT_NONE, ":10: expected"},
    {"add r2 sell 1 @ 101\n> change sell 1 @ 101 #2\n", FAULT_NONE,
     "\n> change sell 1 @ 101 #2 new\n"},
    {"add r2 sell 1 @ 101\n> change sell 1 @ 101 #3 new\n", FAULT_NONE,
     "\n> change sell 1 @ 101 #2 new\n"},
    {"add r2 sell 1 @ 101\n> change sell 1 @ 101 #2 new group=3\n", FAULT_NONE, ":10: expected"},
    {"add r2 sell 1 @ 101\n> change sell 1 @ 101 #2 new\n> trade buy 1 @ 101\n", FAULT_NONE,
     ":11: expected '> trade buy 1 @ 101', nothing more came"},
    {"add r2 sell 1 @ 101\n> trade buy 1 @ 101\n> change sell 1 @ 101 #2 new\n", FAULT_NONE,
     ":10: expected"},
    {"add r2 sell 1 @ 101\n", FAULT_NONE, ":9: more came than was expected, 1 instead of 0"},
    {"order alice c2 buy 2 @ 99\n> alice accepted c2 buy 2 @ 99 seq=1\n", FAULT_NONE,
     ":10: expected"},
    {"order alice c2 buy 2 @ 99\n> alice accepted c2 buy 2 @ 99 cash=501\n", FAULT_NONE,
     ":10: expected"},
    {"clear\n", FAULT_NONE, ":9: 'clear' was malformed"},
    {"time\n> malformed\n", FAULT_NONE, ":9: 'time' should have been malformed"},
    {"= sell none\n", FAULT_NONE, ":9: expected nothing behind"},
    {"= sell 9 @ 100 #1 r1\n", FAULT_NONE, "\n= sell 10 @ 100 #1 r1\n"},
    {"= sell 10 @ 100 #1 r1 surplus=1\n", FAULT_NONE, ":9: expected"},
    {"= sell 10 @ 100 #1 spent\n", FAULT_NONE, ":9: expected"},
    {"= sell 10 @ 100 #1 r1\n= sell 1 @ 101 #2 r2\n", FAULT_NONE, ":10: expected one order more"},
    {"= buy none\n= sell 10 @ 100 #1 r2\n", FAULT_NONE, ":10: expected"},
    {"= alice cash=501\n", FAULT_NONE, ":9: expected cash=501, it is cash=500"},
    {"= alice position=1\n", FAULT_NONE, ":9: expected position=1"},
    {"= count unmet=1\n", FAULT_NONE, ":9: expected unmet=1, it is unmet=0"},

    /* A machine that errs in what no line says. */
    {"", FAULT_SILENT, ":5: expected '> change sell 10 @ 100 #1 new', nothing more came"},
    {"", FAULT_TWICE, ":4: more came than was expected, 2 instead of 1"},
    {"", FAULT_FLOOD, ":4: more came than was expected, 128 instead of 1"},
    {"", FAULT_GROUP, "\n> change sell 10 @ 100 #1 new group=2\n"},
    {"", FAULT_LAST, "\n> change sell 10 @ 100 #1 new flags=2\n"},
    {"", FAULT_PADDING, "unused bytes are not zero"},
    {"", FAULT_SEQ, "\n> alice accepted c1 buy 2 @ 99 seq=2\n"},
    {"", FAULT_CASH, "\n> alice accepted c1 buy 2 @ 99 cash=501\n"},
    {"", FAULT_APPLIED, ":1: 'battle' was malformed"},
    {"= count unmet=0\n", FAULT_COUNTER, ":9: expected unmet=0, it is unmet=7"},
    {"", FAULT_CREATE, ":1: fake: no machine"},

    /* What is no day. */
    {".instrument ES\n", FAULT_NONE, ":1: a day has a 'battle'"},
    {".rules: AB-1  CDE-23\nbattle\n", FAULT_NONE, NULL},
    {".rules: AB-1, CD-2\nbattle\n", FAULT_NONE, ":1: ', CD-2' is no rule's id"},
    {".rules: all\nbattle\n", FAULT_NONE, ":1: 'all' is no rule's id"},
    {"rules: AB-1\n", FAULT_NONE, ":9: rules stand before the first input"},
    {".> end\nbattle\n", FAULT_NONE, ":1: an output stands directly below its input"},
    {"= buy none\n> end\n", FAULT_NONE, ":10: an output stands directly below its input"},
    {"at noon\n", FAULT_NONE, ":9: 'noon' is no time"},
    {"buy 5\n", FAULT_NONE, ":9:"},
    {"add r1 sell 10 100\n", FAULT_NONE, ":9: '100' is one too many"},
    {"add r1 sell 10\n", FAULT_NONE, ":9: the price is missing"},
    {"add r1 sell 10 @\n", FAULT_NONE, ":9: '@' ends the line"},
    {"add r1 sell 10 @ x\n", FAULT_NONE, ":9: 'x' is no price"},
    {"add r1 sell 10 @ 100 maker\n", FAULT_NONE, ":9: 'maker' has no place here"},
    {"add r1 sell 10 @ 100 #1\n", FAULT_NONE, ":9: a #N (order) has no place here"},
    {"add r1 sell 10 @ 100 in NQ\n", FAULT_NONE, ":9: 'NQ' is no instrument"},
    {"add r1 sell 10 @ 100 color=3\n", FAULT_NONE, ":9: no field is called 'color'"},
    {"add r1 sell 10 @ 100 side=300\n", FAULT_NONE, ":9: side=300 does not fit"},
    {"add r1 sell 10 @ 100 side=x\n", FAULT_NONE, ":9: side=x: no number"},
    {"order bob c1 buy 1 @ 100\n", FAULT_NONE, ":9: the agent is missing"},
    {"order alice c1 buy 1\n", FAULT_NONE, ":9: an order has a price or is 'market'"},
    {"state\n", FAULT_NONE, ":9: 'state' needs 'trading' or 'halted'"},
    {"clear\n> malformed\n> end\n", FAULT_NONE, ":11: a malformed input has no outputs"},
    {"time\n> stop\n", FAULT_NONE, ":10: 'stop' is no output"},
    {"time\n> alice stopped c1\n", FAULT_NONE, ":10: 'stopped' is no report"},
    {"time\n> alice canceled c1 buy 1\n", FAULT_NONE, ":10: a canceled order has its reason"},
    {"time\n> alice rejected c1 self_trade\n", FAULT_NONE, ":10: a reject has its reason"},
    {"time\n> alice fill c1 buy 1 @ 1\n", FAULT_NONE, ":10: a fill has its cause"},
    {"time\n> alice fill c1 buy 1 agent\n", FAULT_NONE, ":10: the price is missing"},
    {"time\n> trade 5 @ 1\n", FAULT_NONE, ":10: a trade has the aggressor's side"},
    {"time\n> state\n", FAULT_NONE, ":10: a state is 'on' or 'off'"},
    {"time\n> change sell 5 @ 1\n", FAULT_NONE, ":10: the #N (order) is missing"},
    {"time\n> alice out c1\n", FAULT_NONE, ":10: an agent that is out has its reason"},
    {"time\n> game over alice\n", FAULT_NONE, ":10: 'over' is no record of the game"},
    {"time\n> game out alice 1\n", FAULT_NONE, ":10: an agent that is out has its reason"},
    {"time\n> game rank alice\n", FAULT_NONE, ":10: the quantity is missing"},
    {"time\n> start on\n", FAULT_NONE, ":10: 'on' has no place here"},
    {"time\n> game out alice died\n", FAULT_NONE,
     ":10: expected '> game out alice died', nothing more came"},
    {"decision alice c1 count=2 feature=-7\ndied alice stalled wall\n", FAULT_NONE, NULL},
    {"decision c1\n", FAULT_NONE, ":9: the agent is missing"},
    {"= alice value=7\n", FAULT_NONE, ":9: expected value=7, it is value=8"},
    {"= alice out last\n", FAULT_NONE, ":9: expected code 1, it is out with 3"},
    {"= alice out bored\n", FAULT_NONE, ":9: 'bored' is no reason to be out"},
    {"= alice out loss value=8\n= game round=4 moment=never\n", FAULT_NONE, NULL},
    {"= game round=5\n", FAULT_NONE, ":9: expected round=5, it is round=4"},
    {"= game apples=5\n", FAULT_NONE, ":9: no field is called 'apples'"},
    {"time\n> end now\n", FAULT_NONE, ":10: 'now' has no place here"},
    {"= alice shares=1\n", FAULT_NONE, ":9: an account has cash= position="},
    {"= bob cash=1\n", FAULT_NONE, ":9: the agent is missing"},
    {"= count apples=1\n", FAULT_NONE, ":9: no field is called 'apples'"},
    {"= sell 1 @ 100 r1\n", FAULT_NONE, ":9: the #N (order) is missing"},
};

START_TEST(test_case)
{
    const struct day_case *day = &cases[_i];
    char text[4096];
    snprintf(text, sizeof text, "%s%s", day->text[0] == '.' ? "" : GOOD,
             day->text[0] == '.' ? day->text + 1 : day->text);
    fault = day->fault;
    int result = run_text(text, &fake_machine);
    if (day->says == NULL) {
        ck_assert_msg(result == 0, "failed: %s", error);
        return;
    }
    ck_assert_msg(result != 0, "does not fail, should say '%s'", day->says);
    const char *place = strstr(error, day->says);
    ck_assert_msg(place != NULL && (day->says[0] != ':' || place == error), "should say '%s': %s",
                  day->says, error);
}
END_TEST

START_TEST(test_absent_file)
{
    ck_assert_int_ne(ry_test_day_run("/nowhere/no.day", NULL, error, sizeof error), 0);
    ck_assert_ptr_nonnull(strstr(error, "/nowhere/no.day"));
}
END_TEST

START_TEST(test_long_lines_and_long_files)
{
    static char text[3 * 2000 + 10 * DAY_LINE_BYTES];
    strcpy(text, GOOD "# ");
    memset(text + strlen(text), 'x', DAY_LINE_BYTES);
    strcat(text, "\n");
    ck_assert_int_ne(run_text(text, NULL), 0);
    ck_assert_ptr_nonnull(strstr(error, ":9: longer than"));
    memset(text, '\n', 2500);
    text[2500] = '\0';
    ck_assert_int_ne(run_text(text, NULL), 0);
    ck_assert_ptr_nonnull(strstr(error, "more than"));
}
END_TEST

/* --- Outputs in words read back as themselves, whatever stands in them. --- */

static const struct day_names names = {
    .instrument = {"ES", "NQ"},
    .agent = {"alice", "bob"},
    .money_per_unit = {7, 1},
    .instruments = 2,
    .agents = 2,
};
static const struct ry_input_head head = {.kind = RY_IN_ADD, .instrument = 1, .time = 40};

static unsigned any_outputs(struct day_output *outputs)
{
    unsigned count = 0;
    memset(outputs, 0, DAY_OUTPUTS_MAX * sizeof *outputs);
    for (uint8_t kind = 0; kind <= RY_RP_OUT + 1; kind++) {
        for (uint8_t variant = 0; variant < 4; variant++, count++) {
            outputs[count].stream = DAY_REPORT;
            outputs[count].report = (struct ry_report){
                .kind = kind,
                .slots = (uint8_t)(variant == 3 ? 9 : 2),
                .instrument = (uint16_t)(variant == 2 ? 77 : variant % 2),
                .side = variant,
                .flags = variant,
                .code = 2,
                .cause = (uint8_t)(1 + variant % 3),
                .seq = variant,
                .time = 40 + (variant == 1),
                .cl_ord_id = 5,
                .price = -variant,
                .qty = 1 + variant,
                .leaves = variant,
                .order = variant,
                .agent = (uint16_t)(variant == 3 ? 60000 : variant % 2),
                .fee = -3,
                .cash = INT64_MIN,
                .position = 8,
            };
        }
    }
    for (uint8_t kind = 0; kind <= RY_GM_OUT + 1; kind++) {
        for (uint8_t variant = 0; variant < 4; variant++, count++) {
            outputs[count].stream = DAY_GAME;
            outputs[count].game = (struct ry_game){
                .kind = kind,
                .slots = (uint8_t)(1 + variant / 3),
                .agent = (uint16_t)(variant == 3 ? 60000 : variant % 2),
                .code = (uint8_t)(variant * kind),
                .time = 40 + (variant == 1),
                .score = -variant,
                .value = INT64_MAX,
                .rank = 1 + variant,
                .round = variant,
                .fills = variant,
                .rejects = 7,
            };
        }
    }
    for (uint8_t kind = 0; kind <= RY_MK_START + 1; kind++) {
        for (uint8_t variant = 0; variant < 4; variant++, count++) {
            outputs[count].market = (struct ry_market){
                .kind = kind,
                .slots = (uint8_t)(1 + variant / 3),
                .instrument = variant,
                .side = variant,
                .flags = variant,
                .group = variant,
                .time = 40 - variant,
                .price = variant * INT64_C(-5000000000),
                .order = variant,
                .qty = UINT32_MAX * (variant & 1u),
            };
        }
    }
    return count;
}

START_TEST(test_outputs_read_back)
{
    static struct day_output outputs[DAY_OUTPUTS_MAX], back[DAY_OUTPUTS_MAX];
    static char text[DAY_OUTPUTS_MAX * DAY_LINE_BYTES];
    struct day_rules rules = {.groups = 3}, then = rules;
    unsigned count = any_outputs(outputs), i = 0;
    text[0] = '\0';
    day_outputs_write(outputs, count, &names, &head, &rules, text, sizeof text);
    char *rest = text;
    for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL; i++) {
        char why[DAY_WHY_BYTES];
        ck_assert_msg(day_output_read(line + 2, &names, &head, &then, &back[i], why), "%s: %s",
                      line, why);
        /* LAST is a rule of the whole input: of the last market record alone. */
        if (i + 1 == count)
            back[i].market.flags |= RY_MKF_LAST;
        ck_assert_msg(day_output_equal(&outputs[i], &back[i]), "%s", line);
    }
    ck_assert_uint_eq(i, count);
}
END_TEST

START_TEST(test_fees_are_rounded_up)
{
    static const struct {
        const char *line;
        int64_t fee, cash;
    } fills[] = {
        {"alice fill c1 sell 3 @ 101 #1 maker agent in ES", 0, 2121},    /* 2121 x -250: -0.53 */
        {"alice fill c1 sell 1_000 @ 1 #1 maker agent in ES", -1, 7001}, /* -1.75 */
        {"alice fill c1 buy 1_000 @ 1 agent in ES", 3, -7003},           /* 7000 x 333: 2.331 */
        {"alice fill c1 buy 1_000 @ -1 recorded in ES", 3, 6997}, /* of the notional's size */
        {"alice fill c1 buy 1_000 @ 0 recorded in ES", 0, 0},
        {"alice fill c1 buy 1_000_000 @ 1 recorded in NQ", 333, -1000333}, /* exact */
    };
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        struct day_rules rules = {.fee_maker_ppm = -250, .fee_taker_ppm = 333};
        struct day_output output;
        char why[DAY_WHY_BYTES];
        ck_assert_msg(day_output_read(fills[i].line, &names, &head, &rules, &output, why), "%s",
                      why);
        ck_assert_int_eq(output.report.fee, fills[i].fee);
        ck_assert_int_eq(output.report.cash, fills[i].cash);
    }
}
END_TEST

/* What the game's lines leave out: rounds, fills and rejects go on as the lines say. */
START_TEST(test_rounds_follow)
{
    static const struct {
        const char *line; /* NULL: the end of an input */
        uint32_t round, rank, fills, rejects;
    } lines[] = {
        {"start", 0, 0, 0, 0},
        {NULL, 0, 0, 0, 0},
        {"alice fill c1 buy 1 @ 1 agent in ES", 0, 0, 0, 0},
        {"alice rejected c2 quantity", 0, 0, 0, 0},
        {"game rank alice 1", 1, 1, 1, 1},
        {"game out bob last", 1, 2, 0, 0},
        {"game out alice loss", 1, 1, 1, 1}, /* follows from the one before: the same round */
        {"game rank alice 1", 2, 1, 0, 0},   /* of the next, in the same input */
        {"game rank alice 1 round=7", 7, 1, 0, 0},
        {NULL, 0, 0, 0, 0},
        {"game rank alice 1", 7, 1, 0, 0},
    };
    struct day_rules rules = {.round = 0};
    struct day_output output;
    char why[DAY_WHY_BYTES];
    memset(&output, 0, sizeof output);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].line == NULL) {
            day_outputs_close(&output, 1, &rules);
            continue;
        }
        ck_assert_msg(day_output_read(lines[i].line, &names, &head, &rules, &output, why), "%s",
                      why);
        if (output.stream == DAY_GAME) {
            ck_assert_uint_eq(output.game.round, lines[i].round);
            ck_assert_uint_eq(output.game.rank, lines[i].rank);
            ck_assert_uint_eq(output.game.fills, lines[i].fills);
            ck_assert_uint_eq(output.game.rejects, lines[i].rejects);
        }
    }
}
END_TEST

/* Who is out holds nothing, and has the cash that its line says. */
START_TEST(test_out_settles)
{
    struct day_rules rules = {.cash = {500}, .position = {{3, -4}}};
    struct day_output output;
    char why[DAY_WHY_BYTES];
    ck_assert(day_output_read("alice out stalled cash=470", &names, &head, &rules, &output, why));
    ck_assert_int_eq(output.report.kind, RY_RP_OUT);
    ck_assert_int_eq(output.report.code, RY_OUT_STALLED);
    ck_assert_int_eq(output.report.instrument, 0);
    ck_assert_int_eq(output.report.cash, 470);
    ck_assert_int_eq((int64_t)rules.cash[0], 470);
    ck_assert_int_eq(rules.position[0][0] | rules.position[0][1], 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("day_format");
    TCase *days = tcase_create("days");
    tcase_add_loop_test(days, test_case, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(days, test_absent_file);
    tcase_add_test(days, test_long_lines_and_long_files);
    suite_add_tcase(s, days);
    TCase *words = tcase_create("words");
    tcase_add_test(words, test_outputs_read_back);
    tcase_add_test(words, test_fees_are_rounded_up);
    tcase_add_test(words, test_rounds_follow);
    tcase_add_test(words, test_out_settles);
    suite_add_tcase(s, words);
    return s;
}

RY_TEST_MAIN(suite)
