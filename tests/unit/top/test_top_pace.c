/* How fast a battle is said to go, when it was joined in the middle, paused, opened anew. */
#include "tests/support/test.h"
#include "tools/top/top.h"

#define MS INT64_C(1000000)

static struct ry_watch w;
static struct ry_top top = {.watch = &w};

/* At `ms` of the wall so many inputs and ms of market time were read. */
static void at(int64_t ms, uint64_t inputs, int64_t market_ms, bool reading)
{
    w.follow.inputs = inputs;
    w.results.time = market_ms * MS;
    top.reading = reading;
    ry_top_measure(&top, ms * MS);
}

START_TEST(test_joined_in_the_middle)
{
    at(1000, 500000, 3600000, true);
    at(1900, 900000, 7200000, true);
    ck_assert(!top.pace.known);
    at(2000, 900100, 7200100, false); /* the live end */
    at(2900, 900900, 7210000, false);
    ck_assert(!top.pace.known);
    at(3000, 902100, 7220100, false);
    ck_assert(top.pace.known);
    ck_assert_uint_eq(top.pace.inputs_s, 2000);
    ck_assert_uint_eq(top.pace.speed_tenth, 200);
    at(4000, 902100, 7220100, true); /* slower than the battle now and then: still the battle's */
    ck_assert(top.pace.known && top.pace.inputs_s == 0);
}
END_TEST

START_TEST(test_paused)
{
    at(1000, 1000, 1000, false);
    at(2000, 2000, 2000, false);
    top.view.paused = true;
    at(3000, 2000, 2000, false);
    ck_assert(top.pace.known && top.pace.inputs_s == 1000);
    top.view.paused = false;
    at(9000, 9000, 9000, true);
    ck_assert(!top.pace.known);
    at(9100, 9100, 9100, false);
    at(10100, 9300, 9300, false);
    ck_assert(top.pace.known && top.pace.inputs_s == 200 && top.pace.speed_tenth == 2);
}
END_TEST

START_TEST(test_opened_anew)
{
    at(1000, 1000, 1000, false);
    at(2000, 2000, 2000, false);
    ck_assert(top.pace.known);
    at(2500, 10, 10, true);
    ck_assert(!top.pace.known);
    at(3500, 5000, 5000, true);
    ck_assert(!top.pace.known);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("top_pace");
    TCase *c = tcase_create("top_pace");
    tcase_add_test(c, test_joined_in_the_middle);
    tcase_add_test(c, test_paused);
    tcase_add_test(c, test_opened_anew);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
