/*
 * How much one input can make: the formula in numbers computed by hand, and that no battle
 * overflows it. That the machine keeps to it: tests/unit/arena/test_arena_limits.c.
 */
#include "shm/records/longest.h"
#include "tests/support/test.h"

START_TEST(test_by_hand)
{
    static const struct {
        uint32_t orders_max;
        uint16_t instruments;
        unsigned agents;
        size_t market, reports;
    } battle[] = {
        {0, 1, 0, 3 + 1 + 8, 0}, /* nobody reads reports */
        {1, 1, 0, 6 + 1 + 8, 0},
        {1, 1, 1, 6 + 2 + 1 + 8, 8 + 4 + 2 + 16},
        {1000, 2, 4, 3003 + 16 + 2 + 8, 4004 + 32 + 8 + 16}, /* the header's example */
        {4, 3, 64, 15 + 384 + 3 + 8, 20 + 768 + 128 + 16},
    };
    for (unsigned i = 0; i < sizeof battle / sizeof *battle; i++) {
        ck_assert_uint_eq(
            ry_longest_market(battle[i].orders_max, battle[i].instruments, battle[i].agents),
            battle[i].market);
        ck_assert_uint_eq(
            ry_longest_reports(battle[i].orders_max, battle[i].instruments, battle[i].agents),
            battle[i].reports);
    }
    ck_assert_uint_eq(battle[3].market, 3029);
    ck_assert_uint_eq(battle[3].reports, 4060);
}
END_TEST

START_TEST(test_no_battle_overflows)
{
    const __int128 orders = (__int128)RY_ORDERS_MAX + 1,
                   liquidations = (__int128)RY_AGENTS_MAX * RY_INSTRUMENTS_MAX;
    ck_assert(3 * orders + 2 * liquidations + RY_INSTRUMENTS_MAX + RY_LONGEST_MARKET_OWN ==
              ry_longest_market(RY_ORDERS_MAX, RY_INSTRUMENTS_MAX, RY_AGENTS_MAX));
    ck_assert(4 * orders + 4 * liquidations + 2 * RY_AGENTS_MAX + RY_LONGEST_REPORTS_OWN ==
              ry_longest_reports(RY_ORDERS_MAX, RY_INSTRUMENTS_MAX, RY_AGENTS_MAX));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_longest");
    TCase *c = tcase_create("longest");
    tcase_add_test(c, test_by_hand);
    tcase_add_test(c, test_no_battle_overflows);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
