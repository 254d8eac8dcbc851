/* The view over battles: the board, and whole runs over a journal as lines, JSON and files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/results/board.h"
#include "tests/support/journal_rig.h"
#include "tests/support/results_rig.h"
#include "tests/support/text_rig.h"
#include "tools/cli/run_board.h"
#include "tools/text/json.h"
#include "tools/text/results_json.h"
#include "tools/text/verdict.h"
#include "tools/view/view.h"

static struct stage stage;
static struct ry_results_board board;

/* ---- the board of a battle ------------------------------------------------------------------- */

START_TEST(test_board)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
    ck_assert_int_eq(board.permille, 10 * 1000 / 30);
    ck_assert_uint_eq(board.round, 2);
    ck_assert_str_eq(board.row[2].name, "a2");
    ck_assert_uint_eq(board.row[2].out, RY_OUT_LAST);
    ck_assert_uint_eq(board.row[2].rank, 3);
    ck_assert(board.row[0].score == 0); /* the round has just begun */
    ck_assert_uint_eq(board.row[0].positions, 1);
    ck_assert_uint_eq(board.row[2].positions, 0);
    stage_last(&stage, 900); /* good for a1, who is short; nothing is offered */
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
    ck_assert_str_eq(board.row[0].name, "a1");
    ck_assert(board.row[0].score > 0);
    stage_died(&stage, 0, RY_INF_WALL);
    stage_end(&stage);
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
    ck_assert_str_eq(board.stamp, "not reproducible: agent a0");
    ck_assert_int_eq(board.permille, 1000);
    ck_assert(board.ended);
    ck_assert_uint_eq(stage.results.round, 2); /* which began when the battle ended */
    ck_assert_uint_eq(board.round, 1);
    ck_assert_str_eq(board.row[0].name, "a1");
    ck_assert_str_eq(board.row[1].name, "a0");
    stage_close(&stage);
}
END_TEST

START_TEST(test_board_of_a_stopped_battle)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    if (_i)
        stage_died(&stage, 0, RY_INF_WALL);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
    ck_assert_str_eq(board.stamp, _i ? "not reproducible: stopped at wall time, agent a0"
                                     : "not reproducible: stopped at wall time");
    stage_close(&stage);
}
END_TEST

/* ---- over a journal -------------------------------------------------------------------------- */

static struct journal_folder folder;

/* The first `n` inputs of the stage as a journal. */
static void write_journal(uint64_t n)
{
    static struct ry_journal_writer writer;
    struct ry_journal_options options = journal_options(false);
    options.battle_id = stage_id;
    uint64_t slot = 0;
    folder = journal_folder_make();
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), 0);
    for (uint64_t i = 0; i < n; i++) {
        memcpy(ry_journal_writer_room(&writer), &stage.kept[i], sizeof stage.kept[i]);
        ck_assert_int_eq(ry_journal_writer_took(&writer, stage.kept[i].head.slots, slot, 0), 0);
        slot += stage.kept[i].head.slots;
    }
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ry_journal_writer_close(&writer);
}

static void play_all(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_died(&stage, 1, RY_INF_WALL);
    stage_end(&stage);
    ck_assert_uint_lt(stage.inputs, STAGE_KEPT);
}

static struct ry_view viewer;

static void view_all(enum ry_view_mode mode, FILE *out, bool writes)
{
    char error[RY_VIEW_ERROR_BYTES];
    viewer = (struct ry_view){.directory = folder.path, .out = out, .mode = mode, .writes = writes};
    ck_assert_int_eq(ry_view_open(&viewer, error, sizeof error), 0);
    while (ry_view_step(&viewer, 2) > 0)
        ;
    ck_assert_int_eq(ry_view_finish(&viewer, error, sizeof error), 0);
}

static void remove_all(void)
{
    static const char *const names[] = {RY_VIEW_RESULTS_FILE, RY_VIEW_TRADES_FILE};
    for (unsigned i = 0; i < 2; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder.path, names[i]);
        unlink(path);
    }
    ck_assert_int_eq(viewer.follow.memory == NULL, 1);
    journal_folder_remove(&folder);
    ck_assert_int_ne(access(folder.path, F_OK), 0); /* nothing else was left */
}

START_TEST(test_lines)
{
    play_all();
    write_journal(stage.inputs);
    FILE *out = text_begin();
    view_all(RY_VIEW_LINES, out, false);
    ck_assert_int_eq(viewer.follow.status, RY_FOLLOW_END);
    ck_assert_uint_eq(ry_arena_state_hash(ry_follow_arena(&viewer.follow)),
                      ry_arena_state_hash(stage.rig.arena));
    ry_view_close(&viewer);
    text_want(
        out,
        "round 1 at 1970-01-01T00:00:11.000000000Z\n"
        "   # agent                              score            value   fills rejects\n"
        "   1 a0                                  0.86       1000000.86       3       0\n"
        "   2 a1                                 -5.06        999994.94       1       0\n"
        "   3 a2                                -10.20        999989.80       2       1\n"
        "out: a2 (last), rank 3 of 3, round 1 at 1970-01-01T00:00:11.000000000Z\n"
        "out: a1 (died), rank 2 of 3, round 2 at 1970-01-01T00:00:11.000000000Z\n"
        "not reproducible: agent a1\n"
        "small ended at 1970-01-01T00:00:11.000000000Z\n"
        "isolation: how agents were isolated from each other is not recorded\n"
        "   1 a0                      profit             2.36       3 fills\n"
        "   2 a1                      profit            -5.06       1 fills  out: died, round 2\n"
        "   3 a2                      profit           -10.35       3 fills  out: last, round 1\n"
        "a2: 1 refused, all collar: a price nearer to the market; ask ry_limits for collar_ppm "
        "and collar_ticks (the price is further than collar_ppm and collar_ticks from the last "
        "recorded trade, before one from the middle of the recorded best prices)\n"
        "not reproducible: agent a1\n");
    remove_all();
    stage_close(&stage);
}
END_TEST

/* What is said of a battle that was stopped, line by line. */
static void play_stopped(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    write_journal(stage.inputs);
}

START_TEST(test_stopped_in_lines)
{
    play_stopped();
    FILE *out = text_begin();
    view_all(RY_VIEW_LINES, out, false);
    ry_view_close(&viewer);
    fclose(out);
    const char *stamp = "not reproducible: stopped at wall time\n",
               *first = strstr(text_written, stamp);
    ck_assert_ptr_nonnull(first);
    const char *last = strstr(first + 1, stamp);
    ck_assert_ptr_nonnull(last);
    ck_assert_str_eq(last, stamp); /* the last line as well */
    free(text_written);
    remove_all();
    stage_close(&stage);
}
END_TEST

START_TEST(test_stopped_in_json_lines)
{
    play_stopped();
    FILE *out = text_begin();
    view_all(RY_VIEW_JSON, out, false);
    ry_view_close(&viewer);
    fclose(out);
    unsigned stamps = 0;
    for (char *rest = text_written, *line; (line = strsep(&rest, "\n")) != NULL && line[0] != 0;) {
        json_t *value = json_loads(line, 0, NULL);
        ck_assert_ptr_nonnull(value);
        if (strcmp(json_string_value(json_object_get(value, "type")), "stamp") == 0) {
            stamps++;
            ck_assert(json_is_null(json_object_get(value, "agent")));
            ck_assert(json_is_null(json_object_get(value, "reason")));
        }
        json_decref(value);
    }
    ck_assert_uint_eq(stamps, 1);
    free(text_written);
    remove_all();
    stage_close(&stage);
}
END_TEST

/* `royale run` prints the same of its own journal. */
START_TEST(test_ranks_of_a_stopped_battle)
{
    if (_i)
        play_stopped();
    else
        play_all();
    FILE *out = text_begin();
    ry_cli_run_board_print(out, &stage.results, stage.rig.arena, false);
    stage.results.agents = 0; /* a replay of the market alone has its stamp as well */
    ry_cli_run_board_print(out, &stage.results, stage.rig.arena, false);
    stage.results.agents = 3;
    fclose(out);
    unsigned stamps = 0;
    for (const char *at = text_written;
         (at = strstr(at, "not reproducible: stopped at wall time, at 1970-01-01T00:00:11."
                          "000000000Z\n")) != NULL;
         at++)
        stamps++;
    ck_assert_uint_eq(stamps, _i ? 2 : 0);
    ck_assert_int_eq(strstr(text_written, "not reproducible: agent a1 died at wall time") != NULL,
                     !_i);
    ck_assert_int_eq(strstr(text_written, "  out: died, round 2\n") != NULL, !_i);
    free(text_written);
    if (_i)
        remove_all();
    stage_close(&stage);
}
END_TEST

/* Who survived is not who earned most: a0 is the winner, a1 had sold before the price fell. */
START_TEST(test_who_earned_most)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage); /* a2 is out; a1 is short 20, a0 holds 15 */
    stage_last(&stage, 900);
    stage_died(&stage, 1, 0);
    stage_end(&stage);
    const struct ry_results *r = &stage.results;
    ck_assert_uint_eq(ry_results_winner(r, stage.rig.arena), 0);
    const struct ry_results_agent *most = &r->agent[ry_results_earned_most(r)];
    for (uint16_t id = 0; id < r->agents; id++)
        ck_assert(r->agent[id].pnl <= most->pnl);
    ck_assert_ptr_eq(most, &r->agent[1]);
    uint32_t earned[RY_AGENTS_MAX];
    ry_results_earned(r, earned);
    for (uint16_t a = 0; a < r->agents; a++) {
        uint32_t before = 0; /* those who traded and earned more */
        for (uint16_t b = 0; b < r->agents; b++)
            before += ry_results_fills(&r->agent[b]) > 0 && r->agent[b].pnl > r->agent[a].pnl;
        ck_assert_uint_eq(earned[a], ry_results_fills(&r->agent[a]) > 0 ? before + 1 : 0);
    }
    ck_assert_uint_eq(earned[1], 1);
    FILE *out = text_begin();
    ry_cli_run_board_print(out, r, stage.rig.arena, true);
    fclose(out);
    /* Both rankings in one table, whose split of the profit does not fit. */
    ck_assert_ptr_nonnull(strstr(text_written, "rank  earned  agent  profit  fills  refused\n"));
    ck_assert_ptr_nonnull(strstr(
        text_written, "\n   2       1  a1      19.18      1        0  out: died, round 2\n"));
    ck_assert_ptr_nonnull(strstr(text_written, "\nwinner: a0\nearned most: a1, "));
    ck_assert_ptr_nonnull(strstr(text_written, "; not the winner: a0 survived the rounds, with -"));
    ck_assert_ptr_nonnull(strstr(text_written, "\na2: 1 refused, all collar: a price nearer to the "
                                               "market; ask ry_limits for collar_ppm"));
    ck_assert_ptr_nonnull(strstr(text_written, "\ndid not play: a1 (out: died, round 2)\n"));
    ck_assert_ptr_null(strstr(text_written, "min_fills"));
    free(text_written);
    stage.results.battle.min_fills = 100; /* who died and who is first are told otherwise */
    out = text_begin();
    ry_text_idle(out, r);
    fclose(out);
    ck_assert_str_eq(text_written,
                     "a2: 2 fills in round 1, game.min_fills is 100: it ranks behind all "
                     "who had enough\n");
    free(text_written);
    stage_close(&stage);
}
END_TEST

/* Four that were refused for the same reason share a line, three do not. */
START_TEST(test_refused_alike)
{
    static struct ry_results_agent agent[5];
    static const char first[] = "4 agents: 101 refused, 100 of them quantity: ",
                      second[] = "; most: a3 40\na4: 3 refused, all collar: ";
    struct ry_results results = {.agents = 5, .agent = agent};
    for (unsigned i = 0; i < 5; i++) {
        snprintf(agent[i].name, sizeof agent[i].name, "a%u", i);
        agent[i].rank = i + 1;
        agent[i].rejects[i == 4 ? RY_REJECT_COLLAR : RY_REJECT_QUANTITY] = i == 4 ? 3 : 10 + 10 * i;
    }
    agent[1].rejects[RY_REJECT_COLLAR] = 1;
    FILE *out = text_begin();
    ry_text_refusals(out, &results);
    fclose(out);
    const char *rest = strstr(text_written, second);
    ck_assert_msg(strncmp(text_written, first, strlen(first)) == 0 && rest != NULL, "%s",
                  text_written);
    free(text_written);
    agent[0].rejects[RY_REJECT_QUANTITY] = 0;
    out = text_begin();
    ry_text_refusals(out, &results);
    fclose(out);
    ck_assert_ptr_null(strstr(text_written, "agents:"));
    ck_assert_msg(strncmp(text_written, "a1: 21 refused, 20 of them", 26) == 0, "%s", text_written);
    ck_assert_ptr_nonnull(strstr(text_written, "\na3: 40 refused, all quantity: "));
    free(text_written);
}
END_TEST

/* Who never traded has earned nothing, though the others have lost; and where nobody traded nobody
 * has. */
START_TEST(test_who_earned_nothing)
{
    static struct ry_results_agent agent[2];
    struct ry_results results = {.agents = 2, .agent = agent};
    agent[0].rank = 1;
    agent[1].rank = 2;
    ck_assert_uint_eq(ry_results_earned_most(&results), RY_RESULTS_NONE);
    agent[1].taker.fills = 1;
    agent[1].pnl = -1;
    ck_assert_uint_eq(ry_results_earned_most(&results), 1);
    agent[0].liquidation.fills = 1;
    ck_assert_uint_eq(ry_results_earned_most(&results), 0);
}
END_TEST

static json_t *load(const char *name)
{
    char path[128];
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s", folder.path, name);
    json_t *value = json_load_file(path, 0, &error);
    ck_assert_msg(value != NULL, "%s: %s", name, error.text);
    return value;
}

START_TEST(test_files)
{
    play_all();
    write_journal(stage.inputs);
    FILE *out = text_begin();
    view_all(RY_VIEW_QUIET, out, true);
    text_want(out, "");
    json_t *have = load(RY_VIEW_RESULTS_FILE),
           *want = ry_text_results_json(&stage.results, stage.rig.arena, NULL);
    ck_assert(json_equal(have, want));
    json_decref(have);
    json_decref(want);
    ry_view_close(&viewer);

    /* the trades: 5 with agents, 1 liquidation, 15 + 20 lots handed over */
    char path[128], line[1024];
    snprintf(path, sizeof path, "%s/%s", folder.path, RY_VIEW_TRADES_FILE);
    FILE *trades = fopen(path, "re");
    ck_assert_ptr_nonnull(trades);
    unsigned count = 0, handed = 0;
    for (; fgets(line, sizeof line, trades) != NULL; count++) {
        json_t *trade = json_loads(line, 0, NULL);
        ck_assert_ptr_nonnull(trade);
        handed += strcmp(json_string_value(json_object_get(trade, "type")), "handed_over") == 0;
        json_decref(trade);
    }
    fclose(trades);
    ck_assert_uint_eq(count, 4 + 1 + 2);
    ck_assert_uint_eq(handed, 2);
    remove_all();
    stage_close(&stage);
}
END_TEST

START_TEST(test_json_lines)
{
    static const char *const types[] = {"rank", "rank",  "rank", "out",
                                        "out",  "stamp", "rank", "results"};
    play_all();
    write_journal(stage.inputs);
    FILE *out = text_begin();
    view_all(RY_VIEW_JSON, out, false);
    ry_view_close(&viewer);
    fclose(out);
    char *rest = text_written, *line;
    unsigned count = 0;
    for (; (line = strsep(&rest, "\n")) != NULL && line[0] != 0; count++) {
        json_t *value = json_loads(line, 0, NULL);
        ck_assert_ptr_nonnull(value);
        ck_assert_uint_lt(count, 8);
        ck_assert_str_eq(json_string_value(json_object_get(value, "type")), types[count]);
        json_decref(value);
    }
    ck_assert_uint_eq(count, 8);
    free(text_written);
    remove_all();
    stage_close(&stage);
}
END_TEST

/* A cut journal gives results that say so; one that was opened again says nothing twice. */
START_TEST(test_cut)
{
    play_all();
    write_journal(stage.inputs - 1);
    FILE *out = text_begin();
    view_all(RY_VIEW_QUIET, out, true);
    fclose(out);
    free(text_written);
    ck_assert_int_eq(viewer.follow.status, RY_FOLLOW_CUT);
    json_t *have = load(RY_VIEW_RESULTS_FILE);
    ck_assert(json_is_false(json_object_get(have, "ended")));
    json_decref(have);
    ry_view_close(&viewer);

    char error[RY_VIEW_ERROR_BYTES];
    out = text_begin();
    viewer = (struct ry_view){
        .directory = folder.path, .out = out, .mode = RY_VIEW_LINES, .shown = stage.inputs - 2};
    ck_assert_int_eq(ry_view_open(&viewer, error, sizeof error), 0);
    while (ry_view_step(&viewer, 100) > 0)
        ;
    ry_view_close(&viewer);
    text_want(out, "out: a1 (died), rank 2 of 3, round 2 at 1970-01-01T00:00:11.000000000Z\n"
                   "not reproducible: agent a1\n");
    remove_all();
    stage_close(&stage);
}
END_TEST

/* A follower that may not go on leaves the results where they are. */
START_TEST(test_until)
{
    static struct ry_follow follow;
    struct ry_results results;
    char error[RY_VIEW_ERROR_BYTES];
    play_all();
    write_journal(stage.inputs);
    ck_assert_int_eq(ry_follow_open(&follow, folder.path, error, sizeof error), 0);
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    ry_follow_until(&follow, 10, RY_TIME_NEVER);
    ck_assert_uint_eq(ry_results_step(&results, &follow, 100), 10);
    ck_assert_int_eq(follow.status, RY_FOLLOW_UNTIL);
    ck_assert_uint_eq(results.input, 10);
    ry_follow_until(&follow, UINT64_MAX, RY_NS_PER_SECOND);
    while (ry_results_step(&results, &follow, 3) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_UNTIL);
    ck_assert_int_eq(results.time, RY_NS_PER_SECOND);
    ck_assert_uint_lt(results.input, stage.inputs);
    ry_follow_until(&follow, UINT64_MAX, RY_TIME_NEVER);
    while (ry_results_step(&results, &follow, 3) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_END);
    ck_assert_uint_eq(results.input, stage.inputs);
    ck_assert(results.ended);
    ry_results_close(&results);
    ry_follow_close(&follow);
    remove_all();
    stage_close(&stage);
}
END_TEST

START_TEST(test_patience)
{
    static struct ry_follow follow;
    struct ry_results_patience patience = {0};
    follow.status = RY_FOLLOW_END;
    ck_assert_int_eq(ry_results_patience(&patience, &follow, true), RY_RESULTS_DONE);
    follow.status = RY_FOLLOW_CUT;
    ck_assert_int_eq(ry_results_patience(&patience, &follow, true), RY_RESULTS_WAIT);
    ck_assert_int_eq(ry_results_patience(&patience, &follow, false), RY_RESULTS_DONE);
    follow.status = RY_FOLLOW_DAMAGED;
    ck_assert_int_eq(ry_results_patience(&patience, &follow, false), RY_RESULTS_DAMAGED);
    for (unsigned i = 0; i < RY_RESULTS_TRIES_MAX; i++)
        ck_assert_int_eq(ry_results_patience(&patience, &follow, true), RY_RESULTS_AGAIN);
    ck_assert_int_eq(ry_results_patience(&patience, &follow, true), RY_RESULTS_DAMAGED);
    follow.inputs = 1;
    ck_assert_int_eq(ry_results_patience(&patience, &follow, true), RY_RESULTS_AGAIN);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("view");
    TCase *c = tcase_create("view");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_board);
    tcase_add_loop_test(c, test_board_of_a_stopped_battle, 0, 2);
    tcase_add_test(c, test_lines);
    tcase_add_test(c, test_stopped_in_lines);
    tcase_add_test(c, test_stopped_in_json_lines);
    tcase_add_loop_test(c, test_ranks_of_a_stopped_battle, 0, 2);
    tcase_add_test(c, test_who_earned_most);
    tcase_add_test(c, test_refused_alike);
    tcase_add_test(c, test_who_earned_nothing);
    tcase_add_test(c, test_files);
    tcase_add_test(c, test_json_lines);
    tcase_add_test(c, test_cut);
    tcase_add_test(c, test_until);
    tcase_add_test(c, test_patience);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
