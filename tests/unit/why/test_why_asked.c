/* What a user asks for, and when an agent was woken. */
#include <string.h>

#include "core/exec/horizon.h"
#include "tests/support/arena_rig.h"
#include "tools/why/scan.h"

static const struct {
    const char *text;
    bool good, one;
    const char *agent;
    uint64_t cl_ord_id;
} asked_texts[] = {
    {"maker-1/42", true, true, "maker-1", 42},
    {"maker-1", true, false, "maker-1", 0},
    {"a/b/7", true, true, "a/b", 7},
    {"a/0018446744073709551615", true, true, "a", UINT64_MAX},
    {"a/18446744073709551616", false, false, "", 0},
    {"a/0", false, false, "", 0},
    {"a/", false, false, "", 0},
    {"a/-1", false, false, "", 0},
    {"a/4 ", false, false, "", 0},
    {"a/0x4", false, false, "", 0},
    {"/4", false, false, "", 0},
    {"", false, false, "", 0},
    {"a-name-of-23-characters", true, false, "a-name-of-23-characters", 0},
    {"a-name-of-24-characters-", false, false, "", 0},
};

START_TEST(asked_for)
{
    struct ry_why_asked asked;
    ck_assert_int_eq(ry_why_asked_read(&asked, asked_texts[_i].text), asked_texts[_i].good);
    if (!asked_texts[_i].good)
        return;
    ck_assert_str_eq(asked.agent, asked_texts[_i].agent);
    ck_assert_int_eq(asked.one, asked_texts[_i].one);
    ck_assert_uint_eq(asked.cl_ord_id, asked_texts[_i].cl_ord_id);
}
END_TEST

/* Wakes at random moments, some with several commands: exec's own arithmetic gives the arrivals,
 * from which the wakes must follow again. */
START_TEST(wakes)
{
    struct ry_test_rng rng = {(uint64_t)_i + 1};
    static struct ry_exec_horizon horizon;
    const int64_t jitter = _i % 2 == 0 ? 0 : 400;
    struct ry_exec_key key = {.source = RY_SOURCE_AGENT};
    struct ry_why_wake wake = {.arrival = INT64_MIN};
    struct ry_why_battle battle = {.known = true, .latency = {5000}, .jitter = {jitter}};
    int64_t now = 0;
    unsigned exact = 0, held = 0;
    ry_exec_horizon_start(&horizon, 77, 0);
    ry_exec_horizon_enter(&horizon, 0, 5000, jitter);
    for (uint64_t k = 1; k <= 4000;) {
        now += ry_test_rng_below(&rng, 300);
        for (unsigned n = 1 + ry_test_rng_below(&rng, 3); n > 0; n--, k++) {
            ck_assert(ry_exec_horizon_arrival(&horizon, 0, now, &key));
            ry_exec_horizon_arrived(&horizon, 0, key.time);
            ry_why_wake_next(&wake, key.time, ry_why_latency(&battle, 77, 0, k));
            if (wake.earliest > now || wake.latest < now)
                ck_abort_msg("woken at %ld, not within %ld..%ld", now, wake.earliest, wake.latest);
            exact += wake.earliest == wake.latest;
            held += wake.earliest != wake.latest;
        }
    }
    ck_assert_uint_gt(exact, 1000);
    ck_assert_msg(jitter == 0 ? held == 0 : held > 100, "%u held back", held);
}
END_TEST

START_TEST(wake_not_known)
{
    const struct ry_why_battle battle = {.known = false};
    struct ry_why_wake wake = {.arrival = INT64_MIN};
    ck_assert_int_eq(ry_why_latency(&battle, 1, 0, 1), -1);
    ry_why_wake_next(&wake, 100, -1);
    ck_assert_int_eq(wake.latest, INT64_MIN);
}
END_TEST

static Suite *why_asked_suite(void)
{
    Suite *suite = suite_create("why_asked");
    TCase *tests = tcase_create("all");
    tcase_add_loop_test(tests, asked_for, 0, sizeof asked_texts / sizeof *asked_texts);
    tcase_add_loop_test(tests, wakes, 0, 8);
    tcase_add_test(tests, wake_not_known);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(why_asked_suite)
