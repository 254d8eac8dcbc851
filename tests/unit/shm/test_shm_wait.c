#include "tests/support/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/clock.h"
#include "shm/region.h"
#include "shm/wait.h"

START_TEST(spinning_never_sleeps)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SPIN);
    for (int i = 0; i < 100000; i++)
        ck_assert(!ry_wait_idle(&wait));
    ck_assert_uint_eq(wait.yields, 0);
    ck_assert_uint_eq(wait.sleeps, 0);
}
END_TEST

START_TEST(sleeps_when_its_patience_is_over)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE);
    int64_t start = 5000;
    ck_assert(ry_wait_rule(&wait, start)); /* it has none */
    ry_wait_worked(&wait);
    wait.patience_ns = RY_WAIT_PATIENCE_NS;
    ck_assert(!ry_wait_rule(&wait, start));
    ck_assert(!ry_wait_rule(&wait, start + RY_WAIT_PATIENCE_NS - 1));
    ck_assert(ry_wait_rule(&wait, start + RY_WAIT_PATIENCE_NS));
    ck_assert(ry_wait_rule(&wait, start + RY_WAIT_PATIENCE_NS + 1)); /* still idle */
    ry_wait_worked(&wait);
    ck_assert(!ry_wait_rule(&wait, start + 2 * RY_WAIT_PATIENCE_NS));
}
END_TEST

START_TEST(after_a_slow_yield_the_next_waits_sleep)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE);
    wait.patience_ns = RY_WAIT_PATIENCE_NS;
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

static struct ry_wait sharing(void)
{
    struct ry_wait wait;
    ry_wait_init(&wait, RY_WAIT_SHARE);
    return wait;
}

START_TEST(waiting_is_told_and_taken_back)
{
    struct ry_bell mine = {.waits = 0}, theirs = {.rung = UINT32_MAX};
    struct ry_wait wait = sharing();
    ry_wait_at(&wait, &mine, &theirs, RY_WAIT_NAP_NS);
    ck_assert(!ry_bell_ring(&theirs, &mine));
    ck_assert_uint_eq(ry_load_relaxed(&theirs.rung), 0); /* it wraps */

    ck_assert(ry_wait_idle(&wait));
    ck_assert_uint_eq(ry_load_relaxed(&mine.waits), 1);
    ck_assert(ry_bell_ring(&theirs, &mine));
    ry_wait_sleep(&wait, true); /* found something: no sleep */
    ck_assert_uint_eq(ry_load_relaxed(&mine.waits), 0);
    ck_assert_uint_eq(wait.sleeps, 0);

    ck_assert(ry_wait_idle(&wait));
    ry_wait_sleep(&wait, false); /* nobody rings: ends by itself */
    ck_assert_uint_eq(ry_load_relaxed(&mine.waits), 0);
    ck_assert_uint_eq(wait.sleeps, 1);
}
END_TEST

/* The moment in which a wake could be lost: between the last look and the sleep. The sleep has no
 * end of its own: if it began the test would not end. */
START_TEST(who_is_rung_for_before_the_sleep_does_not_sleep)
{
    struct ry_bell mine = {.waits = 0}, theirs = {.waits = 0};
    struct ry_wait wait = sharing();
    ry_wait_at(&wait, &mine, &theirs, RY_WAIT_FOREVER);
    ck_assert(ry_wait_idle(&wait));
    ck_assert(ry_bell_ring(&theirs, &mine));
    ry_wait_sleep(&wait, false);
    ck_assert_uint_eq(ry_load_relaxed(&mine.waits), 0);
}
END_TEST

/* A look that finds that somebody else is waited for is followed by another look. */
START_TEST(another_bell_is_looked_at_before_the_sleep)
{
    struct ry_bell mine[2] = {{.waits = 0}}, theirs[2] = {{.waits = 0}};
    struct ry_wait wait = sharing();
    ry_wait_at(&wait, &mine[0], &theirs[0], RY_WAIT_FOREVER);
    ck_assert(ry_wait_idle(&wait));
    ry_wait_at(&wait, &mine[1], &theirs[1], RY_WAIT_FOREVER);
    ck_assert_uint_eq(ry_load_relaxed(&mine[0].waits), 0);
    ry_wait_sleep(&wait, false); /* would never end */
    ck_assert_uint_eq(wait.sleeps, 0);
    ck_assert(ry_wait_idle(&wait));
    ck_assert_uint_eq(ry_load_relaxed(&mine[1].waits), 1);
    ry_wait_at(&wait, &mine[1], &theirs[1], RY_WAIT_NAP_NS); /* the same: it sleeps */
    ry_wait_sleep(&wait, false);
    ck_assert_uint_eq(wait.sleeps, 1);
}
END_TEST

START_TEST(naps_where_nobody_rings)
{
    struct ry_wait wait = sharing();
    const int64_t before = ry_clock_ns();
    ck_assert(ry_wait_idle(&wait));
    ry_wait_sleep(&wait, false);
    ck_assert_int_ge(ry_clock_ns() - before, RY_WAIT_NAP_NS);
    ck_assert_uint_eq(wait.sleeps, 1);
}
END_TEST

static void on_alarm(int number)
{
    (void)number;
}

START_TEST(a_signal_ends_a_sleep)
{
    struct ry_bell mine = {.waits = 0}, theirs = {.waits = 0};
    struct ry_wait wait = sharing();
    struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval soon = {.it_value.tv_usec = 20000};
    ry_wait_at(&wait, &mine, &theirs, RY_WAIT_FOREVER);
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert(ry_wait_idle(&wait));
    ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
    ry_wait_sleep(&wait, false);
    ck_assert_uint_eq(wait.sleeps, 1);
}
END_TEST

/* ---- two that hand work to each other -------------------------------------------------------- */

/* What one of them writes. */
struct side {
    struct ry_bell bell;
    _Alignas(RY_ISOLATION) ry_atomic_u64 number;
};

/* Hands a number to and fro; each sleeps without end whenever it has to wait: one lost wake and the
 * two never finish. With `lazy` they look again a little before, each time a little longer, so that
 * ringing meets every moment of going to sleep. */
static void play(struct side *own, const struct side *other, unsigned me, uint64_t turns, bool lazy)
{
    struct ry_wait wait = sharing();
    ry_wait_at(&wait, &own->bell, &other->bell, RY_WAIT_FOREVER);
    for (uint64_t turn = 1; turn <= turns; turn++) {
        if (me == 0) {
            /* R8: pairs with A8 in tests/unit/shm/test_shm_wait.c */
            ry_store_release(&own->number, turn);
            ry_bell_ring(&own->bell, &other->bell);
        }
        /* A8: pairs with R8 in tests/unit/shm/test_shm_wait.c */
        while (ry_load_acquire(&other->number) < turn) {
            for (uint64_t i = 0; lazy && i < turn % 64; i++)
                ry_pause();
            if (ry_wait_idle(&wait))
                ry_wait_sleep(&wait, ry_load_relaxed(&other->number) >= turn);
        }
        if (me == 1) {
            /* R8: pairs with A8 in tests/unit/shm/test_shm_wait.c */
            ry_store_release(&own->number, turn);
            ry_bell_ring(&own->bell, &other->bell);
        }
    }
}

/* Two processes, each with the other's side mapped read-only. */
START_TEST(no_wake_is_lost_between_processes)
{
    const uint64_t turns = ry_test_long() ? 2000000 : 20000;
    struct ry_region region[2], joined[2];
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(ry_region_create(&region[i], "side", 1, 0, sizeof(struct side)), 0);
        ry_region_publish(&region[i]);
        ck_assert_int_eq(ry_region_join(&joined[i], dup(region[i].fd), "side", 1), 0);
    }
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    unsigned me = child == 0;
    play(ry_region_body(&region[me]), ry_region_body(&joined[1 - me]), me, turns, _i == 1);
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

static struct side sides[2];

static void *play_second(void *turns)
{
    play(&sides[1], &sides[0], 1, *(const uint64_t *)turns, false);
    return NULL;
}

/* The same in two threads, for who looks for races. */
START_TEST(no_wake_is_lost_between_threads)
{
    uint64_t turns = 5000;
    pthread_t second;
    memset(sides, 0, sizeof sides);
    ck_assert_int_eq(pthread_create(&second, NULL, play_second, &turns), 0);
    play(&sides[0], &sides[1], 0, turns, false);
    ck_assert_int_eq(pthread_join(second, NULL), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_wait");
    TCase *t = tcase_create("wait");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, spinning_never_sleeps);
    tcase_add_test(t, sleeps_when_its_patience_is_over);
    tcase_add_test(t, after_a_slow_yield_the_next_waits_sleep);
    tcase_add_test(t, waiting_is_told_and_taken_back);
    tcase_add_test(t, who_is_rung_for_before_the_sleep_does_not_sleep);
    tcase_add_test(t, another_bell_is_looked_at_before_the_sleep);
    tcase_add_test(t, naps_where_nobody_rings);
    tcase_add_test(t, a_signal_ends_a_sleep);
    tcase_add_loop_test(t, no_wake_is_lost_between_processes, 0, 2);
    tcase_add_test(t, no_wake_is_lost_between_threads);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
