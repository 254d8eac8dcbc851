/* Results: a battle computed by hand, and random ones computed again, slowly, from the reports
 * alone. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/board.h"
#include "tests/support/arena_flow.h"
#include "tests/support/results_rig.h"
#include "tools/text/json.h"
#include "tools/text/results_json.h"

#define M INT64_C(10000) /* money of a lot at 0.01 */

static struct stage stage;

static void want_money(__int128 have, int64_t want)
{
    ck_assert_int_eq((int64_t)have, want);
    ck_assert(have == want);
}

/*
 * a0: buys 20 at 10.05 of a1 and 10 at 10.10 recorded, taker fees 0.0003 x 201 = 0.0603 and 0.0303;
 * sells 15 at 10.10 to a2, taker, 0.04545. a1: maker, 0.0201. a2: buys 50 at 10.10 recorded,
 * 0.1515, and 15 of a0 as the maker, 0.01515. At the round's end the book bids 10.10 x 35 (a2's)
 * and 9.90 x 50, offers nothing. a0 holds 15 (10.10: 151.50); a1 is short 20, nothing is offered,
 * so it pays 20 x 10.20 + 1 % = 206.04; a2 holds 65, 50 at 9.90 and 15 at 10.20 less 1 %. a2 is the
 * last: 50 sold at 9.90 cost it 0.1485.
 */
START_TEST(test_by_hand)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    struct ry_results *r = &stage.results;
    ry_results_value(r, stage.rig.arena);
    const struct ry_results_agent *a0 = &r->agent[0], *a1 = &r->agent[1], *a2 = &r->agent[2];

    want_money(a0->fees, 60300 + 30300 + 45450);
    want_money(a1->fees, 20100);
    want_money(a2->fees, 151500 + 15150 + 148500);
    want_money(a0->cash, STAGE_CASH - (20100 + 10100 - 15150) * M - 136050);

    /* a0 against a1: bought 20 at 10.05, worth 10.20; against a2: sold 15 at 10.10 */
    want_money(a0->flow[1].pnl, 20 * 15 * M);
    want_money(a1->flow[0].pnl, -20 * 15 * M);
    want_money(a0->flow[2].pnl, -15 * 10 * M);
    want_money(a2->flow[0].pnl, 15 * 10 * M);
    want_money(a0->flow[RY_RESULTS_RECORDED].pnl, 10 * 10 * M);
    want_money(a2->flow[RY_RESULTS_RECORDED].pnl, -50 * 20 * M);
    ck_assert_uint_eq(a0->flow[1].count.lots, 20);
    ck_assert_uint_eq(a0->flow[1].count.fills, 1);

    ck_assert_uint_eq(a0->taker.fills, 3);
    ck_assert_uint_eq(a0->taker.lots, 45);
    ck_assert_uint_eq(a2->maker.lots, 15);
    ck_assert_uint_eq(a0->ordered_lots, 45);
    ck_assert_uint_eq(ry_results_fill_ppm(a0), 1000000);
    ck_assert_uint_eq(ry_results_fill_ppm(a2), 650000);
    ck_assert_uint_eq(a2->orders, 2);
    ck_assert_uint_eq(a2->rejects[RY_REJECT_COLLAR], 1);
    ck_assert_uint_eq(ry_results_rejects(a2), 1);

    /* the round's end: value less the million that it began with */
    ck_assert_uint_eq(a0->rounds, 1);
    ck_assert_int_eq(a0->round[0].score, (int64_t)(a0->cash - STAGE_CASH) + 15150 * M);
    ck_assert_int_eq(a1->round[0].score, 20100 * M - 20100 - 20604 * M);
    ck_assert_uint_eq(a0->round[0].rank, 1);
    ck_assert_uint_eq(a1->round[0].rank, 2);
    ck_assert_uint_eq(a2->round[0].rank, 3);

    /* a2 was the last. Its order leaves; 50 of its lots are sold at 9.90, 15 handed over at 10.20.
     */
    ck_assert_uint_eq(a2->out, RY_OUT_LAST);
    ck_assert_uint_eq(a2->out_round, 1);
    ck_assert_uint_eq(a2->rank, 3);
    ck_assert_uint_eq(a2->cancels[RY_CANCEL_OUT], 1);
    stage_close(&stage);
}
END_TEST

/* What an eliminated agent leaves: fills as far as the book goes, then the haircut. */
START_TEST(test_handed_over)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    struct ry_results *r = &stage.results;
    stage_end(&stage);
    const struct ry_results_agent *a2 = &r->agent[2];
    ck_assert_uint_eq(a2->liquidation.lots + a2->handed_lots, 65);
    ck_assert_uint_eq(a2->liquidation.lots, 50);
    want_money(a2->haircut, 15 * 1020 * M / 100);
    /* bought 50 at 10.10, sold 50 at 9.90; handed 15 over at 10.20, no gain */
    want_money(a2->flow[RY_RESULTS_RECORDED].pnl, -50 * 20 * M + 0);
    ck_assert_int_eq(ry_results_position(r, 0, 2), 0);
    want_money(a2->pnl, (int64_t)(a2->cash - STAGE_CASH));
    ck_assert(r->ended);
    ck_assert_uint_eq(r->agent[0].rank, 1);
    ck_assert_uint_eq(r->agent[1].rank, 2);
    uint16_t order[RY_AGENTS_MAX];
    ry_results_order(r, order);
    for (uint16_t i = 0; i < 3; i++)
        ck_assert_uint_eq(order[i], i);
    stage_close(&stage);
}
END_TEST

START_TEST(test_stamp)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_died(&stage, 1, RY_INF_WALL | RY_INF_STALLED);
    stage_end(&stage);
    ck_assert(stage.results.agent[1].wall);
    ck_assert_uint_eq(stage.results.agent[1].out, RY_OUT_STALLED);
    ck_assert(!stage.results.agent[0].wall);
    json_t *results = ry_text_results_json(&stage.results, stage.rig.arena, NULL);
    ck_assert(json_is_false(json_object_get(results, "reproducible")));
    json_t *stamps = json_object_get(results, "stamps");
    ck_assert_uint_eq(json_array_size(stamps), 1);
    ck_assert_str_eq(json_string_value(json_array_get(stamps, 0)), "not reproducible: agent a1");
    json_decref(results);
    stage_close(&stage);
}
END_TEST

static unsigned stamps_told;

static void tell_stamp(void *context, const struct ry_results_row *row)
{
    (void)context;
    if (row->kind != RY_RESULTS_ROW_STAMP)
        return;
    ck_assert_uint_eq(row->stamp.agent, RY_RESULTS_NONE);
    stamps_told++;
}

/* A battle that somebody stopped: with the flag of its END, and not without. */
START_TEST(test_stopped)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage.results.row = tell_stamp;
    stamps_told = 0;
    stage_play(&stage);
    stage_event(&stage,
                (struct ry_input){.head = {.kind = RY_IN_END, .flags = _i ? RY_INF_WALL : 0}});
    ry_results_value(&stage.results, stage.rig.arena);
    ck_assert(stage.results.ended);
    ck_assert(stage.results.stopped == (_i != 0));
    ck_assert_uint_eq(stamps_told, (unsigned)_i);
    json_t *results = ry_text_results_json(&stage.results, stage.rig.arena, NULL),
           *stamps = json_object_get(results, "stamps");
    ck_assert(json_is_true(json_object_get(results, "ended")));
    ck_assert(json_is_boolean(json_object_get(results, "stopped")));
    ck_assert(json_is_true(json_object_get(results, "stopped")) == (_i != 0));
    ck_assert(json_is_true(json_object_get(results, "reproducible")) == (_i == 0));
    ck_assert_uint_eq(json_array_size(stamps), (unsigned)_i);
    if (_i)
        ck_assert_str_eq(json_string_value(json_array_get(stamps, 0)),
                         "not reproducible: stopped at wall time");
    json_decref(results);
    stage_close(&stage);
}
END_TEST

/* A malformed AGENT_DIED says nothing about anybody. */
START_TEST(test_malformed)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_put(&stage, &(union ry_input_any){.event = {.head = {.kind = RY_IN_ADD, .slots = 1}}});
    stage_play(&stage);
    stage_died(&stage, 3, RY_INF_WALL);
    stage_put(&stage, &(union ry_input_any){.battle = battle});
    stage_end(&stage);
    ck_assert_uint_eq(ry_arena_counters(stage.rig.arena)->malformed, 3);
    json_t *results = ry_text_results_json(&stage.results, stage.rig.arena, NULL);
    ck_assert(json_is_true(json_object_get(results, "reproducible")));
    json_decref(results);
    stage_close(&stage);
}
END_TEST

/* ---- samples --------------------------------------------------------------------------------- */

START_TEST(test_samples)
{
    struct ry_input_battle battle = stage_battle(1);
    battle.round_ns = 0;
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
    stage_last(&stage, 1000);
    stage_add(&stage, 2, RY_SELL, 1000, 60);
    stage_time(&stage, RY_NS_PER_SECOND);
    stage_order(&stage, 0, 1, RY_BUY, 1000, 10);
    const struct ry_results *r = &stage.results;
    ck_assert_uint_eq(r->samples, 1);
    int64_t flat = (int64_t)r->agent[0].cash + 10000 * M;
    for (int64_t t = 2; t <= 1000; t++) {
        stage.rig.time = t * RY_NS_PER_SECOND;
        stage_last(&stage, 1000 + t);
        ck_assert_uint_lt(r->samples, RY_RESULTS_SAMPLES_MAX);
        /* as many as whole steps have passed, the first at trade_from */
        ck_assert_uint_eq(r->samples, (uint64_t)((t - 1) * RY_NS_PER_SECOND / r->sample_ns + 1));
    }
    ck_assert_int_eq(r->sample_ns, 4 * RY_NS_PER_SECOND);
    ck_assert_int_eq(r->agent[0].sample[0], STAGE_CASH);
    for (unsigned i = 1; i < r->samples; i++)
        ck_assert_int_eq(r->agent[0].sample[i], flat + 10 * (int64_t)(1 + 4 * i) * M);
    /* a leap over many of them */
    unsigned before = r->samples;
    stage.rig.time = 1900 * RY_NS_PER_SECOND;
    stage_last(&stage, 500);
    ck_assert_uint_lt(before, RY_RESULTS_SAMPLES_MAX);
    ck_assert_int_eq(r->sample_ns, 8 * RY_NS_PER_SECOND);
    ck_assert_int_eq(r->agent[0].sample[r->samples - 1], flat - 10 * 500 * M);
    stage_close(&stage);
}
END_TEST

/* ---- random battles, computed again ---------------------------------------------------------- */

#define AGENTS      6
#define INSTRUMENTS 3

/* From reports alone: each agent's money by the difference of `cash` from report to report. */
struct slow {
    __int128 cash[AGENTS], against[AGENTS][AGENTS + 1];
    int64_t lots[AGENTS][AGENTS + 1][INSTRUMENTS];
    uint64_t fills[AGENTS], rejects[AGENTS], ordered[AGENTS], filled[AGENTS];
    __int128 fees[AGENTS];
    struct ry_report kept[4096];
    unsigned count;
    unsigned outs;
};

static struct slow slow;

static void slow_report(void *context, const struct ry_report *report)
{
    (void)context;
    ck_assert_uint_lt(slow.count, 4096);
    slow.kept[slow.count++] = *report;
}

static void slow_game(void *context, const struct ry_game *game)
{
    (void)context;
    slow.outs += game->kind == RY_GM_OUT;
}

/* The other side of a meeting of two agents: the report beside it that is not of its own role. */
static unsigned slow_other(unsigned at)
{
    const struct ry_report *f = &slow.kept[at];
    if (f->cause != RY_CAUSE_AGENT)
        return AGENTS;
    const struct ry_report *other = &slow.kept[f->flags & RY_RPF_MAKER ? at + 1 : at - 1];
    ck_assert_uint_eq(other->kind, RY_RP_FILL);
    return other->agent;
}

static void slow_input(void)
{
    for (unsigned i = 0; i < slow.count; i++) {
        const struct ry_report *f = &slow.kept[i];
        uint16_t agent = f->agent;
        slow.rejects[agent] += f->kind == RY_RP_REJECTED;
        if (f->kind == RY_RP_ACCEPTED)
            slow.ordered[agent] += f->qty;
        if (f->kind == RY_RP_FILL) {
            unsigned other = slow_other(i);
            __int128 money = f->cash - slow.cash[agent] + f->fee;
            if (f->cl_ord_id == 0) /* its cash has what was handed over before */
                money = (f->side == RY_BUY ? -(__int128)10000 : 10000) * f->price * f->qty;
            slow.against[agent][other] += money;
            slow.cash[agent] += money - f->fee;
            slow.lots[agent][other][f->instrument] +=
                f->side == RY_BUY ? (int64_t)f->qty : -(int64_t)f->qty;
            slow.fees[agent] += f->fee;
            slow.fills[agent]++;
            slow.filled[agent] += f->cl_ord_id != 0 ? f->qty : 0;
        }
        if (f->kind == RY_RP_OUT) /* what the hand-over paid, and all lots are gone */
            slow.against[agent][AGENTS] += f->cash - slow.cash[agent];
        ck_assert(f->kind != RY_RP_OUT || slow.outs > 0);
        if (f->kind == RY_RP_OUT)
            slow.cash[agent] = f->cash;
    }
    slow.count = 0;
}

static void slow_compare(const struct ry_results *r, const struct ry_arena *arena)
{
    for (uint16_t a = 0; a < AGENTS; a++) {
        const struct ry_results_agent *agent = &r->agent[a];
        __int128 all = -slow.fees[a];
        for (unsigned c = 0; c <= AGENTS; c++) {
            __int128 pnl = slow.against[a][c];
            for (uint16_t i = 0; i < INSTRUMENTS; i++) {
                int64_t lots = slow.lots[a][c][i];
                if (agent->out != RY_OUT_NONE && c == AGENTS) /* sold to the record what was left */
                    for (unsigned other = 0; other < AGENTS; other++)
                        lots -= slow.lots[a][other][i];
                if (agent->out != RY_OUT_NONE && c == AGENTS)
                    lots -= slow.lots[a][AGENTS][i];
                pnl +=
                    (__int128)lots * r->instrument[i].reference * r->instrument[i].money_per_unit;
            }
            all += pnl;
            unsigned of = c == AGENTS ? RY_RESULTS_RECORDED : c;
            ck_assert(agent->flow[of].pnl - (c == AGENTS ? agent->haircut : 0) == pnl);
            if (c < AGENTS)
                ck_assert(r->agent[c].flow[a].pnl == -agent->flow[c].pnl);
        }
        struct ry_arena_account account;
        ry_arena_account(arena, a, &account);
        ck_assert(all == account.equity - STAGE_CASH);
        ck_assert(agent->fees == slow.fees[a]);
        ck_assert(agent->pnl == all);
        ck_assert_uint_eq(ry_results_fills(agent), slow.fills[a]);
        ck_assert_uint_eq(ry_results_rejects(agent), slow.rejects[a]);
        ck_assert_uint_eq(ry_results_fill_ppm(agent),
                          slow.ordered[a] == 0 ? 0 : slow.filled[a] * 1000000 / slow.ordered[a]);
        for (uint16_t i = 0; i < INSTRUMENTS; i++)
            ck_assert_int_eq(ry_results_position(r, i, a), ry_arena_position(arena, a, i));
    }
}

static void ranks_are_whole(const struct ry_results *r)
{
    uint64_t seen = 0;
    uint16_t order[RY_AGENTS_MAX];
    ry_results_order(r, order);
    for (unsigned i = 0; i < AGENTS; i++) {
        seen |= UINT64_C(1) << r->agent[i].rank;
        ck_assert_uint_eq(r->agent[order[i]].rank, i + 1);
    }
    ck_assert_uint_eq(seen, ((UINT64_C(1) << AGENTS) - 1) << 1);
}

START_TEST(test_random)
{
    struct ry_input_battle battle = ry_test_arena_battle(400, INSTRUMENTS, AGENTS);
    battle.round_ns = 3000000;
    battle.haircut_ppm = 30000;
    battle.min_fills = 3;
    static const struct ry_arena_sink next = {.report = slow_report, .game = slow_game};
    struct ry_test_flow flow = {.rng = {(uint64_t)_i},
                                .refs = 200,
                                .prices = 12,
                                .instruments = INSTRUMENTS,
                                .agents = AGENTS,
                                .tick = 100};
    memset(&slow, 0, sizeof slow);
    for (unsigned a = 0; a < AGENTS; a++)
        slow.cash[a] = STAGE_CASH;
    stage_open(&stage, &battle, &next);
    stage_describe(&stage, &battle, _i % 3 == 0 ? INT64_C(20000000000) : INT64_MAX);
    stage_time(&stage, 1000);
    slow_input();
    for (unsigned i = 0; i < 6000; i++) {
        stage.rig.time += ry_test_rng_below(&flow.rng, 4000);
        int64_t moment = ry_arena_next_moment(stage.rig.arena);
        if (moment <= stage.rig.time) {
            stage_time(&stage, moment);
            slow_input();
        }
        union ry_input_any input = ry_test_flow_next(&flow, stage.rig.time);
        stage_put(&stage, &input);
        slow_input();
        if (i == 3000)
            stage_died(&stage, (uint16_t)((unsigned)_i % AGENTS), 0);
        slow_input();
        if (i % 500 == 0) {
            ry_results_value(&stage.results, stage.rig.arena);
            slow_compare(&stage.results, stage.rig.arena);
        }
    }
    stage_end(&stage);
    slow_input();
    slow_compare(&stage.results, stage.rig.arena);
    ranks_are_whole(&stage.results);
    ck_assert_uint_gt(slow.outs, 1);
    ck_assert_uint_gt(ry_arena_counters(stage.rig.arena)->taken_recorded, 0);
    stage_close(&stage);
}
END_TEST

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *text_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text != NULL, "no text %s", key);
    return text;
}

static json_t *parsed_again(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_error_t error;
    json_t *again = json_loads(text, JSON_DECODE_ANY, &error);
    ck_assert_msg(again != NULL, "%s", error.text);
    ck_assert(json_equal(value, again));
    free(text);
    json_decref(value);
    return again;
}

START_TEST(test_json)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_end(&stage);
    json_t *results = parsed_again(ry_text_results_json(&stage.results, stage.rig.arena, NULL));
    ck_assert_str_eq(text_at(results, "battle"), "small");
    ck_assert_str_eq(text_at(results, "battle_id"), "5aa00000000000000000000000000000");
    ck_assert_str_eq(text_at(results, "seed"), "42");
    ck_assert_str_eq(text_at(results, "trade_to_ns"), "31000000000");
    ck_assert_str_eq(text_at(results, "trade_to"), "1970-01-01T00:00:31.000000000Z");
    ck_assert(json_is_true(json_object_get(results, "ended")));
    json_t *agents = json_object_get(results, "agents");
    ck_assert_uint_eq(json_array_size(agents), 3);
    json_t *a2 = json_array_get(agents, 2);
    ck_assert_str_eq(text_at(a2, "name"), "a2");
    ck_assert_str_eq(text_at(a2, "cash_start"), "1000000.000000");
    ck_assert_str_eq(text_at(a2, "fill_ratio"), "0.650000");
    ck_assert_int_eq(json_integer_value(json_object_get(a2, "fill_ratio_ppm")), 650000);
    ck_assert_str_eq(text_at(json_object_get(a2, "out"), "reason"), "last");
    json_t *pnl = json_object_get(a2, "pnl");
    ck_assert_str_eq(text_at(pnl, "haircut"), "1.530000");
    ck_assert_str_eq(text_at(json_object_get(pnl, "market"), "pnl"), "-10.000000");
    ck_assert_uint_eq(json_array_size(json_object_get(pnl, "agents")), 1);
    json_t *rejects = json_object_get(a2, "rejects");
    ck_assert_uint_eq(json_object_size(rejects), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(rejects, "collar")), 1);
    ck_assert_ptr_null(json_object_get(json_object_get(results, "counters"), "malformed"));
    ck_assert_int_eq(
        json_integer_value(json_object_get(json_object_get(results, "divergence"), "agents_lots")),
        (int64_t)ry_arena_counters(stage.rig.arena)->taken_recorded);
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx",
             (unsigned long long)ry_arena_state_hash(stage.rig.arena));
    ck_assert_str_eq(text_at(json_object_get(results, "hashes"), "state"), hash);
    json_decref(results);
    stage_close(&stage);
}
END_TEST

/* Any bytes make valid JSON. */
START_TEST(test_escaping)
{
    const char text[8] = {'a', '"', '\\', '\n', '\x01', (char)0xe9, (char)0xff, 'z'};
    json_t *value = parsed_again(ry_text_json_string(text, sizeof text));
    ck_assert_str_eq(json_string_value(value), "a\"\\\n\x01\xc3\xa9\xc3\xbfz");
    json_decref(value);
    char *line = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&line, &bytes);
    ck_assert_int_eq(ry_text_json_line(out, json_pack("[o]", ry_text_json_string(text, 5))), 0);
    fclose(out);
    ck_assert_str_eq(line, "[\"a\\\"\\\\\\n\\u0001\"]\n");
    free(line);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("results");
    TCase *c = tcase_create("results");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_by_hand);
    tcase_add_test(c, test_handed_over);
    tcase_add_test(c, test_stamp);
    tcase_add_loop_test(c, test_stopped, 0, 2);
    tcase_add_test(c, test_malformed);
    tcase_add_test(c, test_samples);
    tcase_add_loop_test(c, test_random, 0, 24);
    tcase_add_test(c, test_json);
    tcase_add_test(c, test_escaping);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
