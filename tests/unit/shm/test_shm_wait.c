#include "tests/support/test.h"

#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/region.h"
#include "shm/wait.h"

START_TEST(spinning_never_parks)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SPIN, NULL);
    for (int i = 0; i < 100000; i++)
        ck_assert(!ry_wait_idle(&wait));
    ck_assert_uint_eq(wait.yields, 0);
    ck_assert_uint_eq(wait.parks, 0);
}
END_TEST

START_TEST(parks_after_a_millisecond_of_idleness)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE, NULL);
    int64_t start = 5000;
    ck_assert(!ry_wait_rule(&wait, start));
    ck_assert(!ry_wait_rule(&wait, start + RY_WAIT_PARK_AFTER_NS - 1));
    ck_assert(ry_wait_rule(&wait, start + RY_WAIT_PARK_AFTER_NS));
    ck_assert(ry_wait_rule(&wait, start + RY_WAIT_PARK_AFTER_NS + 1)); /* still idle */
    ry_wait_worked(&wait);
    ck_assert(!ry_wait_rule(&wait, start + 2 * RY_WAIT_PARK_AFTER_NS));
}
END_TEST

START_TEST(a_slow_yield_parks_the_next_waits)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE, NULL);
    ry_wait_yielded(&wait, RY_WAIT_YIELD_SLOW_NS);
    ck_assert(!ry_wait_rule(&wait, 1));
    ry_wait_yielded(&wait, RY_WAIT_YIELD_SLOW_NS + 1);
    for (unsigned i = 0; i < RY_WAIT_CONTENDED; i++) {
        ry_wait_worked(&wait);
        ck_assert(ry_wait_rule(&wait, 2));
    }
    ry_wait_worked(&wait);
    ck_assert(!ry_wait_rule(&wait, 3));
    ck_assert_uint_eq(wait.yields, 2);
}
END_TEST

START_TEST(parked_is_told_and_taken_back)
{
    struct ry_park park = {.parked = 7};
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE, &park);
    ck_assert_uint_eq(ry_load_relaxed(&park.parked), 0);
    ck_assert(!ry_wake(&park));

    wait.contended = 2;
    ck_assert(ry_wait_idle(&wait));
    ck_assert_uint_eq(ry_load_relaxed(&park.parked), 1);
    ck_assert(ry_wake(&park));
    ry_wait_park(&wait, true); /* found something: no sleep */
    ck_assert_uint_eq(ry_load_relaxed(&park.parked), 0);
    ck_assert_uint_eq(wait.parks, 0);

    ck_assert(ry_wait_idle(&wait));
    ry_wait_park(&wait, false); /* nobody wakes: ends by itself */
    ck_assert_uint_eq(ry_load_relaxed(&park.parked), 0);
    ck_assert_uint_eq(wait.parks, 1);
}
END_TEST

START_TEST(sleeps_without_a_park_word)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE, NULL);
    wait.contended = 1;
    ck_assert(ry_wait_idle(&wait));
    ry_wait_park(&wait, false);
    ck_assert_uint_eq(wait.parks, 1);
}
END_TEST

/* The sleeper has no time limit: without a wake through the read-only map the test would never end.
 */
START_TEST(wakes_through_a_read_only_map)
{
    struct ry_region mine, theirs;
    ck_assert_int_eq(ry_region_create(&mine, "park", 1, 0, sizeof(struct ry_park)), 0);
    ry_region_publish(&mine);
    ck_assert_int_eq(ry_region_join(&theirs, dup(mine.fd), "park", 1), 0);
    const struct ry_park *seen = ry_region_body(&theirs);

    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct ry_park *park = ry_region_body(&mine);
        ry_store_relaxed(&park->parked, 1);
        long result = syscall(SYS_futex, &park->parked, FUTEX_WAIT, 1, NULL, NULL, 0);
        _exit(result == 0 ? 0 : 1);
    }
    int status;
    while (waitpid(child, &status, WNOHANG) == 0) {
        ry_wake(seen);
        sched_yield();
    }
    ck_assert_int_eq(status, 0);
    ry_region_leave(&theirs);
    ry_region_leave(&mine);
}
END_TEST

/* Two processes hand a number to and fro, each parking at once and waking the other. */
START_TEST(ping_pong_by_parking)
{
    struct side {
        struct ry_park park;
        _Alignas(RY_ISOLATION) ry_atomic_u64 number;
    };
    enum { TURNS = 200 };
    struct ry_region region[2], joined[2];
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(ry_region_create(&region[i], "side", 1, 0, sizeof(struct side)), 0);
        ry_region_publish(&region[i]);
        ck_assert_int_eq(ry_region_join(&joined[i], dup(region[i].fd), "side", 1), 0);
    }
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    unsigned me = child == 0;
    struct side *own = ry_region_body(&region[me]);
    const struct side *other = ry_region_body(&joined[1 - me]);
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE, &own->park);
    for (uint64_t turn = 1; turn <= TURNS; turn++) {
        if (me == 0)
            ry_store_release(&own->number,
                             turn); /* R8: pairs with A8 in tests/unit/shm/test_shm_wait.c */
        ry_wake(&other->park);
        /* A8: pairs with R8 in tests/unit/shm/test_shm_wait.c */
        while (ry_load_acquire(&other->number) < turn) {
            wait.contended = 1;
            if (ry_wait_idle(&wait)) {
                ry_wake(&other->park);
                ry_wait_park(&wait, ry_load_relaxed(&other->number) >= turn);
            }
        }
        if (me == 1)
            ry_store_release(&own->number,
                             turn); /* R8: pairs with A8 in tests/unit/shm/test_shm_wait.c */
    }
    ry_wake(&other->park);
    if (child == 0)
        _exit(0);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    for (int i = 0; i < 2; i++) {
        ry_region_leave(&joined[i]);
        ry_region_leave(&region[i]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_wait");
    TCase *t = tcase_create("wait");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, spinning_never_parks);
    tcase_add_test(t, parks_after_a_millisecond_of_idleness);
    tcase_add_test(t, a_slow_yield_parks_the_next_waits);
    tcase_add_test(t, parked_is_told_and_taken_back);
    tcase_add_test(t, sleeps_without_a_park_word);
    tcase_add_test(t, wakes_through_a_read_only_map);
    tcase_add_test(t, ping_pong_by_parking);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
