/* The league's arithmetic: lines by hand, their order, and random logs of standings against a slow
 * model, in any order, with doubles, compacted or not.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/arena_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/league.h"

#define MILLION INT64_C(1000000)

static struct ry_kafka_league league;
static struct ry_kafka_league_table table;

static struct ry_battle_id battle(unsigned number)
{
    struct ry_battle_id id = {{0}};
    id.byte[0] = (uint8_t)(number * 37); /* not in the order of numbers */
    id.byte[15] = (uint8_t)number;
    return id;
}

/* A ranked end. */
static struct ry_kafka_league_row end_of(unsigned number, const char *agent, uint64_t rank,
                                         uint64_t agents, int64_t pnl)
{
    struct ry_kafka_league_row row = {.battle_id = battle(number),
                                      .input = 100,
                                      .n = 1,
                                      .seen_ms = 5000,
                                      .agents = agents,
                                      .rank = rank,
                                      .pnl = pnl * MILLION,
                                      .ended = true};
    strcpy(row.agent, agent);
    strcpy(row.appliance, number % 2 == 0 ? "fra1" : "nyc2");
    return row;
}

static void take(struct ry_kafka_league_row row)
{
    (void)ry_kafka_league_take(&league, &row);
}

static const struct ry_kafka_league_line *line_of(const char *agent)
{
    for (size_t i = 0; i < table.lines; i++)
        if (strcmp(table.line[i].agent, agent) == 0)
            return &table.line[i];
    ck_abort_msg("no line %s", agent);
    return NULL;
}

static void make_table(void)
{
    ry_kafka_league_table_close(&table);
    ry_kafka_league_table(&league, &table);
}

static void close_all(void)
{
    ry_kafka_league_close(&league);
    ry_kafka_league_table_close(&table);
}

/* ---- by hand --------------------------------------------------------------------------------- */

/* The example of tools/kafka/league.h. */
START_TEST(test_line)
{
    ry_kafka_league_open(&league);
    take(end_of(1, "momentum", 2, 4, 10));
    take(end_of(2, "momentum", 1, 4, -3));
    struct ry_kafka_league_row died = end_of(3, "momentum", 4, 4, -50);
    died.out = RY_OUT_DIED;
    take(died);
    struct ry_kafka_league_row runs = end_of(4, "momentum", 0, 4, 99);
    runs.ended = false;
    runs.seen_ms = 7000;
    take(runs);
    make_table();
    const struct ry_kafka_league_line *line = line_of("momentum");
    ck_assert_uint_eq(line->battles, 2);
    ck_assert_uint_eq(line->wins, 1);
    ck_assert_uint_eq(ry_kafka_league_mean_rank(line), 1500);
    ck_assert_uint_eq(ry_kafka_league_mean_field(line), 4000);
    ck_assert_uint_eq(ry_kafka_league_beaten(line), 5);
    ck_assert_uint_eq(ry_kafka_league_rivals(line), 6);
    ck_assert_uint_eq(ry_kafka_league_share(line), 833);
    ck_assert(line->pnl == 7 * MILLION);
    ck_assert_uint_eq(line->out[RY_OUT_NONE], 2);
    ck_assert_uint_eq(line->out[RY_OUT_DIED], 1);
    ck_assert_uint_eq(line->running, 1);
    ck_assert_uint_eq(line->unranked, 0);
    ck_assert_int_eq(line->seen_ms, 7000);
    ck_assert_uint_eq(table.ranked, 3);
    ck_assert_uint_eq(table.running, 1);
    ck_assert_uint_eq(table.appliances, 2);
    close_all();
}
END_TEST

/* Each reason alone makes a battle one that has no rank. */
START_TEST(test_unranked)
{
    ry_kafka_league_open(&league);
    struct ry_kafka_league_row row[5];
    for (unsigned i = 0; i < 5; i++)
        row[i] = end_of(i, "a", 1, 2, 5);
    row[0].stopped = true;
    row[1].stamped = true;
    row[2].incomplete = true;
    row[3].rank = 0;
    for (unsigned i = 0; i < 5; i++)
        take(row[i]);
    make_table();
    const struct ry_kafka_league_line *line = line_of("a");
    ck_assert_uint_eq(line->unranked, 4);
    ck_assert_uint_eq(line->battles, 1);
    ck_assert(line->pnl == 5 * MILLION);
    ck_assert_uint_eq(table.unranked, 4);
    ck_assert_uint_eq(table.ranked, 1);
    close_all();
}
END_TEST

/* The last of (input, n) counts, whatever comes when; of one row twice, the later message. */
START_TEST(test_last)
{
    ry_kafka_league_open(&league);
    struct ry_kafka_league_row row = end_of(1, "a", 1, 2, 5);
    ck_assert(ry_kafka_league_take(&league, &row));
    ck_assert(!ry_kafka_league_take(&league, &row));
    row.input = 99;
    row.n = 7;
    row.seen_ms = 9000;
    ck_assert(!ry_kafka_league_take(&league, &row));
    row.input = 100;
    ck_assert(ry_kafka_league_take(&league, &row));
    row.n = 6;
    ck_assert(!ry_kafka_league_take(&league, &row));
    row.n = 7;
    row.seen_ms = 9001;
    ck_assert(ry_kafka_league_take(&league, &row));
    make_table();
    ck_assert_uint_eq(table.lines, 1);
    ck_assert_int_eq(line_of("a")->seen_ms, 9001);
    ck_assert_uint_eq(line_of("a")->battles, 1);
    close_all();
}
END_TEST

START_TEST(test_drop)
{
    ry_kafka_league_open(&league);
    struct ry_battle_id one = battle(1), two = battle(2);
    take(end_of(1, "a", 1, 2, 5));
    take(end_of(1, "b", 2, 2, 5));
    ck_assert(!ry_kafka_league_drop(&league, &two, "a"));
    ck_assert(!ry_kafka_league_drop(&league, &one, "c"));
    ck_assert(!ry_kafka_league_drop(
        &league, &one, "a name that is longer than any agent's name of a battle can be, and more"));
    ck_assert(ry_kafka_league_drop(&league, &one, "a"));
    ck_assert(!ry_kafka_league_drop(&league, &one, "a"));
    make_table();
    ck_assert_uint_eq(table.lines, 1);
    ck_assert_str_eq(table.line[0].agent, "b");
    close_all();
}
END_TEST

/* A row that this program cannot read takes the place of the one before it, and is in no line. */
START_TEST(test_later)
{
    ry_kafka_league_open(&league);
    struct ry_kafka_league_row row = end_of(1, "a", 1, 2, 5);
    take(row);
    row.later = true;
    row.n++;
    take(row);
    make_table();
    ck_assert_uint_eq(table.lines, 0);
    ck_assert_uint_eq(table.later, 1);
    ck_assert_uint_eq(table.ranked, 0);
    close_all();
}
END_TEST

START_TEST(test_order)
{
    static const char *const order[] = {"whole",   "third-wins", "third-rich", "third-a",
                                        "third-b", "zero",       "alone",      "absent"};
    ry_kafka_league_open(&league);
    take(end_of(1, "absent", 0, 3, 1000)); /* unranked: no rival met */
    take(end_of(2, "alone", 1, 1, 1000));  /* no rival met, but a win */
    take(end_of(3, "zero", 3, 3, 500));
    take(end_of(4, "third-b", 3, 4, 1)); /* 1 of 3 */
    take(end_of(5, "third-a", 3, 4, 1));
    take(end_of(6, "third-rich", 5, 7, 2));  /* 2 of 6 */
    take(end_of(7, "third-wins", 1, 2, -9)); /* 1 of 3 */
    take(end_of(8, "third-wins", 3, 3, -9));
    take(end_of(9, "whole", 1, 2, -100));
    make_table();
    ck_assert_uint_eq(table.lines, sizeof order / sizeof *order);
    for (size_t i = 0; i < table.lines; i++)
        ck_assert_str_eq(table.line[i].agent, order[i]);
    close_all();
}
END_TEST

/* Halves up; sums beyond 64 bits. */
START_TEST(test_figures)
{
    struct ry_kafka_league_line line = {.battles = 2000, .ranks = 2001, .fields = 5999};
    ck_assert_uint_eq(ry_kafka_league_mean_rank(&line), 1001);  /* 1000.5 */
    ck_assert_uint_eq(ry_kafka_league_mean_field(&line), 3000); /* 2999.5 */
    line.ranks = 2000;
    ck_assert_uint_eq(ry_kafka_league_mean_rank(&line), 1000);
    ck_assert_uint_eq(ry_kafka_league_share(&line), 1000);
    line.battles = 0;
    line.ranks = line.fields = 0;
    ck_assert_uint_eq(ry_kafka_league_mean_rank(&line), 0);
    ck_assert_uint_eq(ry_kafka_league_share(&line), 0);
    ry_kafka_league_open(&league);
    for (unsigned i = 0; i < 200; i++) {
        struct ry_kafka_league_row row = end_of(i, "a", 1, RY_KAFKA_LEAGUE_AGENTS_MAX, 0);
        row.pnl = RY_KAFKA_LEAGUE_MONEY_MAX;
        take(row);
    }
    make_table();
    ck_assert(line_of("a")->pnl == RY_KAFKA_LEAGUE_MONEY_MAX * 200);
    ck_assert_uint_eq(ry_kafka_league_share(line_of("a")), 1000);
    close_all();
}
END_TEST

/* ---- random logs against a slow model -------------------------------------------------------- */

#define LOG_MAX 600
#define BATTLES 7
#define AGENTS  5
#define NAMES   6

static struct ry_kafka_league_row messages[LOG_MAX];
static unsigned count;
static struct ry_test_rng rng;

static unsigned below(unsigned n)
{
    return ry_test_rng_below(&rng, n);
}

/* Battles of a few agents, each with some standings in their order, written by exporters that
 * may begin again from the start; the last message of each key is its last row. */
static void make_log(void)
{
    static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f"};
    int64_t now = 1000;
    count = 0;
    for (unsigned number = 0; number < BATTLES; number++) {
        unsigned agents = 1 + below(AGENTS), first = below(NAMES);
        for (unsigned i = 0; i < agents; i++) {
            unsigned from = count, rows = 1 + below(5);
            bool ends = below(3) > 0;
            for (unsigned r = 0; r < rows; r++) {
                struct ry_kafka_league_row row =
                    end_of(number, names[(first + i) % NAMES], i + 1, agents, 0);
                row.input = 10 + r / 2 * 5;
                row.n = 1 + r % 2 + i;
                row.seen_ms = now += below(3);
                row.later = below(12) == 0;
                row.out = below(RY_OUTS + 1);
                row.pnl = (int64_t)ry_test_rng_next(&rng);
                row.ended = ends && r + 1 == rows;
                row.stopped = below(9) == 0;
                row.stamped = below(9) == 0;
                row.incomplete = below(9) == 0;
                messages[count++] = row;
            }
            for (unsigned again = below(2), r = from, last = count; again > 0 && r < last; r++) {
                messages[count] = messages[r];
                messages[count++].seen_ms = now += below(3);
            }
        }
    }
    ck_assert_uint_le(count, LOG_MAX);
}

static bool same_key(const struct ry_kafka_league_row *a, const struct ry_kafka_league_row *b)
{
    return memcmp(&a->battle_id, &b->battle_id, sizeof a->battle_id) == 0 &&
           strcmp(a->agent, b->agent) == 0;
}

/* Per key the last message stays. */
static bool is_last(unsigned at)
{
    for (unsigned i = at + 1; i < count; i++)
        if (same_key(&messages[i], &messages[at]))
            return false;
    return true;
}

/* One agent's line out of the log's last messages, by searching. */
static struct ry_kafka_league_line model_line(const char *agent)
{
    struct ry_kafka_league_line line = {.seen_ms = INT64_MIN};
    strcpy(line.agent, agent);
    for (unsigned i = 0; i < count; i++) {
        const struct ry_kafka_league_row *row = &messages[i];
        if (strcmp(row->agent, agent) != 0 || !is_last(i) || row->later)
            continue;
        if (row->seen_ms > line.seen_ms)
            line.seen_ms = row->seen_ms;
        bool ranked = !row->stopped && !row->stamped && !row->incomplete;
        bool played = row->out != RY_OUT_DIED && row->out != RY_OUT_STALLED;
        line.running += !row->ended;
        line.unranked += row->ended && !ranked;
        line.out[row->out] += row->ended && ranked;
        if (!row->ended || !ranked || !played)
            continue;
        line.battles++;
        line.wins += row->rank == 1;
        line.ranks += row->rank;
        line.fields += row->agents;
        line.pnl += row->pnl;
    }
    return line;
}

static void compare_with_model(void)
{
    size_t lines = 0;
    for (char name[2] = "a"; name[0] < 'a' + NAMES; name[0]++) {
        struct ry_kafka_league_line model = model_line(name);
        if (model.seen_ms == INT64_MIN)
            continue;
        const struct ry_kafka_league_line *line = line_of(name);
        lines++;
        ck_assert_uint_eq(line->battles, model.battles);
        ck_assert_uint_eq(line->wins, model.wins);
        ck_assert_uint_eq(line->ranks, model.ranks);
        ck_assert_uint_eq(line->fields, model.fields);
        ck_assert(line->pnl == model.pnl);
        ck_assert_mem_eq(line->out, model.out, sizeof line->out);
        ck_assert_uint_eq(line->unranked, model.unranked);
        ck_assert_uint_eq(line->running, model.running);
        ck_assert_int_eq(line->seen_ms, model.seen_ms);
    }
    ck_assert_uint_eq(table.lines, lines);
}

static void compare_battles_with_model(void)
{
    uint64_t ranked = 0, unranked = 0, running = 0, later = 0;
    for (unsigned number = 0; number < BATTLES; number++) {
        struct ry_battle_id id = battle(number);
        bool runs = false, spoilt = false, any = false;
        for (unsigned i = 0; i < count; i++) {
            const struct ry_kafka_league_row *row = &messages[i];
            if (memcmp(&row->battle_id, &id, sizeof id) != 0 || !is_last(i))
                continue;
            later += row->later;
            if (row->later)
                continue;
            any = true;
            runs |= !row->ended;
            spoilt |= row->ended && (row->stopped || row->stamped || row->incomplete);
        }
        running += any && runs;
        unranked += any && !runs && spoilt;
        ranked += any && !runs && !spoilt;
    }
    ck_assert_uint_eq(table.running, running);
    ck_assert_uint_eq(table.unranked, unranked);
    ck_assert_uint_eq(table.ranked, ranked);
    ck_assert_uint_eq(table.later, later);
}

/* Takes the messages in a random order, each once or more. */
static void take_shuffled(bool compacted)
{
    unsigned order[2 * LOG_MAX], taken = 0;
    for (unsigned i = 0; i < count; i++)
        if (!compacted || is_last(i) || below(4) == 0) /* compaction lags behind */
            for (unsigned times = 1 + (below(4) == 0); times > 0; times--)
                order[taken++] = i;
    for (unsigned i = taken; i > 1; i--) {
        unsigned other = below(i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    for (unsigned i = 0; i < taken; i++)
        (void)ry_kafka_league_take(&league, &messages[order[i]]);
}

START_TEST(test_random)
{
    rng = (struct ry_test_rng){(uint64_t)_i + 1};
    make_log();
    for (unsigned times = 0; times < 20; times++) {
        ry_kafka_league_open(&league);
        take_shuffled(times % 2 == 1);
        make_table();
        compare_with_model();
        compare_battles_with_model();
        for (size_t i = 1; i < table.lines; i++) { /* no line has left more rivals than one above */
            const struct ry_kafka_league_line *a = &table.line[i - 1], *b = &table.line[i];
            ck_assert(ry_kafka_league_rivals(a) > 0 || ry_kafka_league_rivals(b) == 0);
            ck_assert((__int128)ry_kafka_league_beaten(a) * ry_kafka_league_rivals(b) >=
                      (__int128)ry_kafka_league_beaten(b) * ry_kafka_league_rivals(a));
        }
        close_all();
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka_league");
    TCase *c = tcase_create("league");
    tcase_add_test(c, test_line);
    tcase_add_test(c, test_unranked);
    tcase_add_test(c, test_last);
    tcase_add_test(c, test_drop);
    tcase_add_test(c, test_later);
    tcase_add_test(c, test_order);
    tcase_add_test(c, test_figures);
    tcase_add_loop_test(c, test_random, 0, 40);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
