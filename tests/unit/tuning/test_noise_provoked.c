/* Interrupts and switches that are made on purpose, on this machine, are counted: what the counts
 * of a battle say of a core is what happened there. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/clock.h"
#include "tests/support/test.h"
#include "tuning/noise.h"
#include "tuning/probe/ipi.h"

#define MS     INT64_C(1000000)
#define SLEEPS 1000u
#define NAP_NS 500000
#define CALLS  2000u
#define ROOT   "" /* this machine */

static struct ry_tuning_host host;
static struct ry_tuning_noise_process self;
static struct ry_tuning_cpus one;
static struct ry_tuning_noise noise;

/* What `provoke` did to `core`. False, and skipped: this machine does not say. */
static bool count(unsigned core, void (*provoke)(void *context), void *context)
{
    ry_tuning_host_open(&host, ROOT);
    ry_tuning_cpus_add(&one, core);
    self = (struct ry_tuning_noise_process){.name = "test", .pid = getpid(), .core = (int)core};
    struct ry_tuning_noise_look *before = ry_tuning_noise_look(&host, &one, &self, 1);
    provoke(context);
    struct ry_tuning_noise_look *after = ry_tuning_noise_look(&host, &one, &self, 1);
    ck_assert(before != NULL && after != NULL);
    ck_assert(ry_tuning_noise_between(&noise, before, after));
    ry_tuning_noise_forget(before);
    ry_tuning_noise_forget(after);
    ck_assert_uint_eq(noise.cores, 1);
    ck_assert_uint_eq(noise.core[0].core, core);
    ck_assert(noise.process[0].known);
    if (!noise.core[0].interrupts.known)
        ry_test_skip(noise.why);
    return noise.core[0].interrupts.known;
}

static unsigned first_core(void)
{
    struct ry_tuning_cpus cores;
    ry_probe_allowed(&cores);
    return (unsigned)ry_tuning_cpus_next(&cores, 0);
}

static void bind_self(unsigned core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    ck_assert_int_eq(sched_setaffinity(0, sizeof set, &set), 0);
}

/* ---- a flood of timers ----------------------------------------------------------------------- */

static void sleep_often(void *context)
{
    (void)context;
    for (unsigned i = 0; i < SLEEPS; i++)
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
}

/* Each sleep is a timer that interrupts the core, and a switch that the sleeper wanted. On a
 * machine that has no time some of both are lost, and looking waits for others too. */
START_TEST(a_flood_of_timers)
{
    unsigned core = first_core();
    bind_self(core);
    if (!count(core, sleep_often, NULL))
        return;
    ck_assert_uint_ge(noise.process[0].given_up, SLEEPS / 2);
    ck_assert_uint_le(noise.process[0].given_up, 2 * SLEEPS);
    ck_assert(noise.core[0].online);
    ck_assert_uint_ge(noise.core[0].interrupts.times, SLEEPS / 2);
    ck_assert_uint_gt(noise.core[0].interrupts.count, 0);
    ck_assert_uint_ge(noise.core[0].interrupts.row[0].times, SLEEPS / 4);
    ck_assert_int_ge(noise.time_ns, (int64_t)SLEEPS * NAP_NS);
    ry_tuning_noise_free(&noise);
}
END_TEST

/* ---- interrupts from another core ------------------------------------------------------------ */

static struct ry_probe_ipi_result ipi; /* large */

static void interrupt(void *context)
{
    ck_assert_int_eq(ry_probe_ipi(context, &ipi), 0);
}

START_TEST(interrupts_from_another_core)
{
    struct ry_tuning_cpus cores;
    struct ry_probe_ipi_asked asked = {.time_ns = 60000 * MS, .calls_max = CALLS};
    ry_probe_allowed(&cores);
    int first = ry_tuning_cpus_next(&cores, 0), second;
    second = ry_tuning_cpus_next(&cores, (unsigned)first + 1);
    if (second < 0) {
        ry_test_skip("it takes two cores");
        return;
    }
    asked.from = (unsigned)first;
    asked.to = (unsigned)second;
    if (!count(asked.to, interrupt, &asked))
        return;
    ck_assert_uint_eq(ipi.calls.count, CALLS);
    uint64_t calls = 0;
    for (unsigned i = 0; i < noise.core[0].interrupts.count; i++)
        if (strstr(noise.core[0].interrupts.row[i].name, "unction call") != NULL)
            calls = noise.core[0].interrupts.row[i].times;
    /* Of a call during which the other one lost its core nobody knows. */
    ck_assert_uint_ge(calls, CALLS / 2);
    ry_tuning_noise_free(&noise);
}
END_TEST

/* ---- somebody else on the core --------------------------------------------------------------- */

static ry_atomic_u32 stop;

static void *work(void *context)
{
    (void)context;
    while (ry_load_relaxed(&stop) == 0) {
    }
    return NULL;
}

/* Of this thread, on the core. */
static int64_t ran_ns(void)
{
    struct timespec ran;
    ck_assert_int_eq(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ran), 0);
    return (int64_t)ran.tv_sec * RY_NS_PER_SECOND + ran.tv_nsec;
}

/* Two who want one core, for so long that each has lost it to the other. */
static void compete(void *context)
{
    pthread_t other;
    (void)context;
    ck_assert_int_eq(pthread_create(&other, NULL, work, NULL), 0);
    for (int64_t end_ns = ran_ns() + 300 * MS; ran_ns() < end_ns;) {
    }
    ry_store_relaxed(&stop, 1);
    pthread_join(other, NULL);
}

START_TEST(a_switch_against_its_will)
{
    unsigned core = first_core();
    bind_self(core);
    if (!count(core, compete, NULL))
        return;
    ck_assert_uint_gt(noise.process[0].forced, 0);
    ry_tuning_noise_free(&noise);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("provoked noise");
    TCase *tcase = tcase_create("provoked noise");
    (void)ry_clock_init();
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_flood_of_timers);
    tcase_add_test(tcase, interrupts_from_another_core);
    tcase_add_test(tcase, a_switch_against_its_will);
    suite_add_tcase(s, tcase);
    return s;
}

RY_TEST_MAIN(suite)
