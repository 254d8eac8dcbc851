/* Pages of a small battle, as a person sees them. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/top_rig.h"

static struct top_rig rig;

START_TEST(test_board)
{
    top_open_small(&rig);
    top_process(&rig, "exec", "")->waits_for = "agents";
    top_process(&rig, "feed0", "itch");
    top_alarm(&rig, RY_WATCH_WARNING, "feed0 (itch): gaps 3: listen again");
    top_want(&rig, 80, 24,
             " small                                            1970-01-01 09:00:11 JST  LIVE\n"
             "round     2, 0:10 left, 2 of 3 in  [####...........] 33 %  speed 100x\n"
             "leads     a0 0.00 this round, gain +2.36: market +1.00, agents +1.50, fees -0.14\n"
             "next out  a1 0.00 this round, level with a0\n"
             "box       2 processes run; exec busy 42 %, waits for agents, 41.3k events/s\n"
             "1 alarm   feed0 (itch): gaps 3: listen again\n"
             "  # agent        this round       gain drawdown pos  fills rejects equity\n"
             "  1 a0                 0.00      +2.36     0.00   1      3       0 ▁██████████\n"
             "  2 a1                 0.00      -3.02     3.02   1      1       0 next out ▁▁▁▁\n"
             "  3 a2               -10.20     -10.35    10.35   0      3       1 out r1 last\n"
             "\n"
             "what happened\n"
             "09:00:11.000 round 2 begins, 2 in\n"
             "09:00:11.000 a2 is out in round 1: the last of a round\n"
             "09:00:11.000 round 1 ends: a0 ranks 1 with +0.86\n"
             "09:00:01.000 round 1 begins, 3 in\n"
             "\n"
             "what was refused\n"
             "a2: 1 refused, all collar: a price nearer to the market; ask ry_limits for coll~\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "1 board 2 processes 3 feeds 4 alarms 5 rounds 6 instruments  ? help  q leave\n");
    top_close(&rig);
}
END_TEST

START_TEST(test_speed_not_known)
{
    top_open_small(&rig);
    rig.scene.pace.known = false;
    ck_assert(top_shows(&rig, 80, 24, "33 %  speed -\n"));
    top_close(&rig);
}
END_TEST

START_TEST(test_board_small)
{
    top_open_small(&rig);
    rig.view.unicode = false;
    top_want(&rig, 40, 10,
             " small                   09:00:11  LIVE\n"
             "round     2, 0:10 left, 2 of 3 in\n"
             "  # agent        this round equity\n"
             "  1 a0                 0.00 _##########\n"
             "  2 a1                 0.00 next out ___\n"
             "  3 a2               -10.20 out r1 last\n"
             "what happened\n"
             "round 2 begins, 2 in\n"
             "a2 is out in round 1: the last of a rou~\n"
             "1 2 3 4 5 6  ? help  q leave\n");
    top_close(&rig);
}
END_TEST

START_TEST(test_agent)
{
    top_open_small(&rig);
    rig.view.page = RY_TOP_AGENT;
    rig.view.agent = 2;
    top_want(&rig, 80, 40,
             " small                                            1970-01-01 09:00:11 JST  LIVE\n"
             "round     2, 0:10 left, 2 of 3 in  [####...........] 33 %  speed 100x\n"
             "a2   rank 3 of 3, out: last, round 1\n"
             "this round -10.20, gain -10.35, drawdown 10.35\n"
             "cash 999989.65, equity 999989.65, liquidation value 999989.65\n"
             "2 orders, 65 % of their lots filled; 3 fills: 1 rested, 1 took, 1 on leaving\n"
             "\n"
             "positions\n"
             "  none\n"
             "\n"
             "open orders: 0\n"
             "\n"
             "where its gain of -10.35 comes from\n"
             "  market                             -10.00  2 fills\n"
             "  a0                                  +1.50  1 fills\n"
             "  fees                                -0.32\n"
             "  haircut                             -1.53\n"
             "\n"
             "refused: 1\n"
             "  1 collar: a price nearer to the market; ask ry_limits for collar_ppm and\n"
             "    collar_ticks: the price is further than collar_ppm and collar_ticks from the\n"
             "    last recorded trade, before one from the middle of the recorded best prices\n"
             "\n"
             "what it does\n"
             "09:00:11.000 15 S0 go to the record: the book could not take them\n"
             "09:00:11.000 sold 50 S0 at 9.90 (it took, the record's), 15 left of it, holds 15\n"
             "09:00:11.000 order 2 gone: 35 lots, its agent is out\n"
             "09:00:01.000 bought 15 S0 at 10.10 (it rested, an agent's order), 35 left of it~\n"
             "09:00:01.000 order 2 rests: buy 50 S0 at 10.10\n"
             "09:00:01.000 bought 50 S0 at 10.10 (it took, the record's), 50 left of it, hold~\n"
             "09:00:01.000 order 2: buy 100 S0 at 10.10\n"
             "09:00:01.000 refused: buy 5 S0: collar: the price is further than collar_ppm an~\n"
             "09:00:01.000 order 1: buy 5 S0 at 90.00\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "1 board 2 processes 3 feeds 4 alarms 5 rounds 6 instruments  ? help  q leave\n");
    top_close(&rig);
}
END_TEST

START_TEST(test_instrument)
{
    top_open_small(&rig);
    rig.view.page = RY_TOP_INSTRUMENT;
    rig.view.back = RY_TOP_INSTRUMENTS;
    top_want(&rig, 70, 16,
             " small                                  1970-01-01 09:00:11 JST  LIVE\n"
             "round     2, 0:10 left, 2 of 3 in  [###.........] 33 %  speed 100x\n"
             "S0  last 10.20; lots traded 2, by agents 145; orders 2, of agents 0\n"
             "      agents' bids      lots        price lots      agents' offers\n"
             "the book is empty\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "\n"
             "last trades\n"
             "09:00:11.000 50 at 9.90, sold\n"
             "09:00:01.000 15 at 10.10, sold\n"
             "09:00:01.000 50 at 10.10, bought\n"
             "1 board 2 procs 3 feeds 4 alarms 5 rounds 6 instr  ? help  q leave\n");
    top_close(&rig);
}
END_TEST

START_TEST(test_rounds)
{
    top_open_small(&rig);
    rig.view.page = RY_TOP_ROUNDS;
    top_want(&rig, 80, 6,
             " small                                            1970-01-01 09:00:11 JST  LIVE\n"
             "round agents first          its score  fills rejects who went out\n"
             "    2      2 a0 so far           0.00      -       - it runs\n"
             "    1      3 a0                 +0.86      6       1 a2 (last, -10.20)\n"
             "\n"
             "1 board 2 processes 3 feeds 4 alarms 5 rounds 6 instruments  ? help  q leave\n");
    top_close(&rig);
}
END_TEST

START_TEST(test_processes)
{
    top_open_small(&rig);
    top_process(&rig, "exec", "");
    top_process(&rig, "agent1", "a1")->state = RY_WATCH_STANDS;
    rig.view.page = RY_TOP_PROCESSES;
    top_want(&rig, 80, 6,
             " small                                            1970-01-01 09:00:11 JST  LIVE\n"
             "process  is          state  core   beat  busy       a second       behind   lost\n"
             "exec                 runs      3 840 us  42 %   41.3k events    12 inputs      0\n"
             "agent1   a1          stands    3 840 us  42 %   41.3k events    12 inputs      0\n"
             "\n"
             "1 board 2 processes 3 feeds 4 alarms 5 rounds 6 instruments  ? help  q leave\n");
    ck_assert_uint_eq(rig.view.chosen, RY_TOP_NONE);
    rig.view.place[RY_TOP_PROCESSES].cursor = 1;
    ck_assert(top_shows(&rig, 80, 6, "agent1"));
    ck_assert_uint_eq(rig.view.chosen, 1);
    top_close(&rig);
}
END_TEST

START_TEST(test_alarms)
{
    top_open_small(&rig);
    rig.view.page = RY_TOP_ALARMS;
    ck_assert(top_shows(&rig, 60, 8, "no alarm"));
    top_alarm(&rig, RY_WATCH_CRITICAL,
              "feed0 (itch): gaps 3 (holes in the sequence that nothing filled): listen again or "
              "take another recording");
    top_want(&rig, 60, 8,
             " small                        1970-01-01 09:00:11 JST  LIVE\n"
             "round     2, 0:10 left, 2 of 3 in  [##.......] 33 %\n"
             "critical  feed0 (itch): gaps 3 (holes in the sequence that\n"
             "          nothing filled): listen again or take another\n"
             "          recording\n"
             "\n"
             "\n"
             "1 2 3 4 5 6  ? help  q leave  arrows scroll  space pause\n");
    top_close(&rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("top_pictures");
    TCase *c = tcase_create("top_pictures");
    tcase_add_test(c, test_board);
    tcase_add_test(c, test_speed_not_known);
    tcase_add_test(c, test_board_small);
    tcase_add_test(c, test_agent);
    tcase_add_test(c, test_instrument);
    tcase_add_test(c, test_rounds);
    tcase_add_test(c, test_processes);
    tcase_add_test(c, test_alarms);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
