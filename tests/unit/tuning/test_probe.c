/* The probes, on this machine: what must hold of their figures wherever they run. */
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/clock.h"
#include "tests/support/test.h"
#include "tuning/probe/futex.h"
#include "tuning/probe/gaps.h"
#include "tuning/probe/ipi.h"
#include "tuning/probe/memory.h"
#include "tuning/probe/pingpong.h"
#include "tuning/probe/syscall.h"

#define MS      INT64_C(1000000)
#define NOWHERE (RY_TUNING_CPUS_MAX - 1) /* a core that no machine here has */

/* The first two cores of this process; false, and skipped: there is one. */
static bool two_cores(unsigned core[2])
{
    struct ry_tuning_cpus cores;
    ry_probe_allowed(&cores);
    int first = ry_tuning_cpus_next(&cores, 0);
    ck_assert_int_ge(first, 0);
    int second = ry_tuning_cpus_next(&cores, (unsigned)first + 1);
    core[0] = (unsigned)first;
    core[1] = (unsigned)second;
    if (second < 0)
        ry_test_skip("it takes two cores");
    return second >= 0;
}

static unsigned one_core(void)
{
    struct ry_tuning_cpus cores;
    ry_probe_allowed(&cores);
    ck_assert_int_ge(ry_tuning_cpus_next(&cores, 0), 0);
    return (unsigned)ry_tuning_cpus_next(&cores, 0);
}

static void these_hold(const struct ry_probe_times *times)
{
    ck_assert_uint_gt(times->count, 0);
    ck_assert_uint_eq(times->count, times->ns.count);
    ck_assert_uint_le((uint64_t)times->shortest_ns, times->ns.max);
    ck_assert_uint_ge(times->ns.sum, times->count * (uint64_t)times->shortest_ns);
    ck_assert_uint_le(ry_histogram_percentile(&times->ns, 50000),
                      ry_histogram_percentile(&times->ns, 99900));
}

/* ---- what all share -------------------------------------------------------------------------- */

static ry_atomic_u32 bodies, met;
static ry_atomic_u64 seen_on[2];

/* Both have to be there at the same time, each on its core. */
static void meet(void *context)
{
    ry_atomic_u64 *on = context;
    ry_store_relaxed(on, (uint64_t)sched_getcpu());
    (void)ry_fetch_add_relaxed(&bodies, 1);
    while (ry_load_relaxed(&bodies) < 2)
        (void)sched_yield();
    (void)ry_fetch_add_relaxed(&met, 1);
}

START_TEST(all_run_at_the_same_time_each_on_its_core)
{
    unsigned core[2];
    char why[RY_PROBE_WHY_BYTES] = "";
    if (!two_cores(core))
        return;
    struct ry_probe_work work[] = {
        {.core = core[0], .body = meet, .context = &seen_on[0]},
        {.core = core[1], .body = meet, .context = &seen_on[1]},
    };
    ck_assert_int_eq(ry_probe_together(work, 2, why), 0);
    ck_assert_uint_eq(ry_load_relaxed(&met), 2);
    ck_assert_uint_eq(ry_load_relaxed(&seen_on[0]), core[0]);
    ck_assert_uint_eq(ry_load_relaxed(&seen_on[1]), core[1]);
}
END_TEST

START_TEST(all_run_or_none)
{
    char why[RY_PROBE_WHY_BYTES] = "";
    struct ry_probe_work work[] = {
        {.core = one_core(), .body = meet, .context = &seen_on[0]},
        {.core = NOWHERE, .body = meet, .context = &seen_on[1]},
    };
    ck_assert_int_eq(ry_probe_together(work, 2, why), -1);
    ck_assert_uint_eq(ry_load_relaxed(&bodies), 0);
    ck_assert_str_eq(why, "core 1023 is offline, or not of those that this process may use");
}
END_TEST

START_TEST(whoever_asks_is_bound_as_before)
{
    struct ry_tuning_cpus before, after;
    char why[RY_PROBE_WHY_BYTES];
    ry_probe_allowed(&before);
    ck_assert(ry_probe_usable(one_core(), why));
    ck_assert(!ry_probe_usable(NOWHERE, why));
    ck_assert(!ry_probe_usable(RY_TUNING_CPUS_MAX, why));
    ry_probe_allowed(&after);
    ck_assert(ry_tuning_cpus_same(&before, &after));
}
END_TEST

/* ---- gaps ------------------------------------------------------------------------------------ */

static ry_atomic_u32 enough;

static void *work_on(void *context)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(*(const unsigned *)context, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
    while (ry_load_relaxed(&enough) == 0)
        ry_pause();
    return NULL;
}

/* Somebody who works on the same core shows, whatever else the machine does. */
START_TEST(who_takes_the_core_shows)
{
    unsigned core = one_core();
    pthread_t other;
    struct ry_probe_gaps_result result;
    struct ry_probe_gaps_asked asked = {.time_ns = 200 * MS};
    ry_tuning_cpus_add(&asked.cores, core);
    ck_assert_int_eq(pthread_create(&other, NULL, work_on, &core), 0);
    ck_assert_int_eq(ry_probe_gaps(&asked, &result), 0);
    ry_store_relaxed(&enough, 1);
    pthread_join(other, NULL);
    ck_assert_uint_eq(result.cores, 1);
    const struct ry_probe_gaps_core *row = &result.core[0];
    ck_assert(row->ran);
    ck_assert_uint_eq(row->core, core);
    ck_assert_int_ge(row->time_ns, asked.time_ns);
    ck_assert_uint_gt(row->gaps.count, 0);
    ck_assert_int_gt(row->longest_ns, MS / 10); /* a slice of the scheduler's is longer */
    ck_assert_uint_eq((uint64_t)row->longest_ns, row->gaps.max);
    ck_assert_uint_eq((uint64_t)row->stolen_ns, row->gaps.sum);
    ck_assert_int_lt(row->stolen_ns, row->time_ns);
    ck_assert_int_le(row->longest_at_ns + row->longest_ns, row->time_ns);
    ck_assert_int_lt(row->reading_ns, result.threshold_ns);
    ry_probe_gaps_free(&result);
}
END_TEST

START_TEST(a_long_threshold_sees_nothing)
{
    struct ry_probe_gaps_result result;
    struct ry_probe_gaps_asked asked = {.time_ns = 20 * MS, .threshold_ns = 100000 * MS};
    ry_tuning_cpus_add(&asked.cores, one_core());
    ck_assert_int_eq(ry_probe_gaps(&asked, &result), 0);
    ck_assert(result.core[0].ran);
    ck_assert_uint_eq(result.core[0].gaps.count, 0);
    ck_assert_int_eq(result.core[0].longest_ns, 0);
    ck_assert_int_eq(result.core[0].stolen_ns, 0);
    ck_assert_uint_gt(result.core[0].readings, 0);
    ry_probe_gaps_free(&result);
}
END_TEST

/* The others are measured, all at once or one after another. */
START_TEST(a_core_that_cannot_be_used_says_why)
{
    struct ry_probe_gaps_result result;
    struct ry_probe_gaps_asked asked = {.time_ns = 5 * MS, .at_once = (unsigned)_i};
    ry_probe_allowed(&asked.cores);
    unsigned allowed = ry_tuning_cpus_count(&asked.cores);
    ry_tuning_cpus_add(&asked.cores, NOWHERE);
    ck_assert_int_eq(ry_probe_gaps(&asked, &result), 0);
    ck_assert_uint_eq(result.cores, allowed + 1);
    for (unsigned i = 0; i < allowed; i++)
        ck_assert(result.core[i].ran);
    ck_assert(!result.core[allowed].ran);
    ck_assert_str_eq(result.core[allowed].why,
                     "core 1023 is offline, or not of those that this process may use");
    ry_probe_gaps_free(&result);
}
END_TEST

/* ---- calls, wakes, interrupts ---------------------------------------------------------------- */

START_TEST(calls_take_time)
{
    struct ry_probe_syscall_result result;
    ck_assert_int_eq(
        ry_probe_syscall(&(struct ry_probe_syscall_asked){.core = one_core(), .time_ns = 20 * MS},
                         &result),
        0);
    ck_assert(result.ran);
    these_hold(&result.calls);
    ck_assert_int_gt(result.best_ps, 0);
    ck_assert_int_gt(result.calls.shortest_ns, 0);
    ck_assert_int_ge(result.calls.shortest_ns, result.empty_ns);
    ck_assert_int_eq(
        ry_probe_syscall(&(struct ry_probe_syscall_asked){.core = NOWHERE, .time_ns = MS}, &result),
        -1);
    ck_assert(!result.ran && result.why[0] != '\0');
}
END_TEST

START_TEST(a_sleeper_is_woken)
{
    unsigned core[2];
    struct ry_probe_futex_result result;
    if (!two_cores(core))
        return;
    struct ry_probe_futex_asked asked = {
        .waker = core[0], .sleeper = core[1], .time_ns = 1000 * MS};
    ck_assert_int_eq(ry_probe_futex(&asked, &result), 0);
    ck_assert(result.ran);
    these_hold(&result.woken);
    these_hold(&result.call);
    ck_assert_int_gt(result.woken.shortest_ns, 0);
    asked.sleeper = core[0];
    ck_assert_int_eq(ry_probe_futex(&asked, &result), -1);
    ck_assert_str_eq(result.why, "it takes two cores, and was given one");
    asked.sleeper = NOWHERE;
    ck_assert_int_eq(ry_probe_futex(&asked, &result), -1);
    ck_assert(!result.ran && result.why[0] != '\0');
}
END_TEST

START_TEST(interrupts_go_there_and_back)
{
    unsigned core[2];
    struct ry_probe_ipi_result result;
    if (!two_cores(core))
        return;
    struct ry_probe_ipi_asked asked = {
        .from = core[0], .to = core[1], .time_ns = 60000 * MS, .calls_max = 1000};
    ck_assert_int_eq(ry_probe_ipi(&asked, &result), 0);
    ck_assert(result.ran);
    these_hold(&result.calls);
    ck_assert_uint_eq(result.calls.count, asked.calls_max);
    asked.to = core[0];
    ck_assert_int_eq(ry_probe_ipi(&asked, &result), -1);
    ck_assert_str_eq(result.why, "it takes two cores, and was given one");
}
END_TEST

/* ---- distances ------------------------------------------------------------------------------- */

START_TEST(the_matrix_is_symmetric)
{
    struct ry_probe_pingpong_result result;
    struct ry_probe_pingpong_asked asked = {.time_ns = 5000 * MS};
    unsigned core[2];
    if (!two_cores(core))
        return;
    ry_tuning_cpus_add(&asked.cores, core[0]);
    ry_tuning_cpus_add(&asked.cores, core[1]);
    ck_assert_int_eq(ry_probe_pingpong(&asked, &result), 0);
    ck_assert_uint_eq(result.cores, 2);
    ck_assert_uint_eq(result.core[1], core[1]);
    ck_assert_uint_eq(result.pairs, 1);
    ck_assert_str_eq(result.why, "");
    ck_assert_uint_eq(result.measured, 1);
    ck_assert_int_gt(result.one_way_ps[1], 0);
    ck_assert_int_eq(result.one_way_ps[1], result.one_way_ps[2]);
    ck_assert_int_eq(result.one_way_ps[0], RY_PROBE_PINGPONG_NONE);
    ck_assert_int_eq(result.one_way_ps[3], RY_PROBE_PINGPONG_NONE);
    ry_probe_pingpong_free(&result);
}
END_TEST

START_TEST(what_is_not_measured_says_so)
{
    struct ry_probe_pingpong_result result;
    struct ry_probe_pingpong_asked asked = {.time_ns = 100 * MS};
    ry_tuning_cpus_add(&asked.cores, one_core());
    ck_assert_int_eq(ry_probe_pingpong(&asked, &result), 0);
    ck_assert_uint_eq(result.pairs, 0);
    ck_assert_str_eq(result.why, "");
    ry_probe_pingpong_free(&result);
    ry_tuning_cpus_add(&asked.cores, NOWHERE);
    ck_assert_int_eq(ry_probe_pingpong(&asked, &result), 0);
    ck_assert_uint_eq(result.pairs, 1);
    ck_assert_uint_eq(result.measured, 0);
    ck_assert_str_eq(result.why, "core 1023 is offline, or not of those that this process may use");
    ry_probe_pingpong_free(&result);
    asked.time_ns = 0;
    ck_assert_int_eq(ry_probe_pingpong(&asked, &result), 0);
    ck_assert_uint_eq(result.measured, 0);
    ck_assert_str_eq(result.why, "the time was over");
    ry_probe_pingpong_free(&result);
}
END_TEST

#define STEPS 100000u

/* Each step once, and hardly one beside the one before it: a prefetcher has nothing to go by. */
START_TEST(a_chase_takes_random_steps)
{
    static uint32_t order[STEPS];
    static bool taken[STEPS];
    unsigned beside = 0;
    uint64_t way = 0;
    ck_assert(ry_probe_memory_shuffle(order, STEPS, INT64_MAX));
    for (unsigned i = 0; i < STEPS; i++) {
        ck_assert_uint_lt(order[i], STEPS);
        ck_assert(!taken[order[i]]);
        taken[order[i]] = true;
        if (i == 0)
            continue;
        uint32_t from = order[i - 1], to = order[i], apart = from < to ? to - from : from - to;
        beside += apart <= 2;
        way += apart;
    }
    ck_assert_uint_lt(beside, 20);                  /* four are likely */
    ck_assert_uint_gt(way / STEPS, STEPS / 10 * 3); /* a third is */
    ck_assert_uint_lt(way / STEPS, STEPS / 10 * 4);
    ck_assert(!ry_probe_memory_shuffle(order, STEPS, 0));
}
END_TEST

static struct ry_probe_memory_result memory; /* large */

/* The cache of a core decides how much is read, not what the C library takes for it. */
START_TEST(more_is_read_than_the_cache_holds)
{
    struct ry_probe_memory_asked asked = {.cache_bytes = 32 << 20};
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.cache_bytes, 32 << 20);
    ck_assert_uint_eq(memory.bytes, 128 << 20);
    asked.cache_bytes = 1 << 20;
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.bytes, RY_PROBE_MEMORY_BYTES);
    asked.cache_bytes = (size_t)1 << 30;
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.bytes, RY_PROBE_MEMORY_BYTES_MAX);
}
END_TEST

START_TEST(memory_is_read_in_small_pages_and_in_huge_ones)
{
    struct ry_probe_memory_asked asked = {.cores = 1,
                                          .core = {{.core = one_core(), .node = 0}},
                                          .nodes = 1,
                                          .bytes = 3 << 20,
                                          .time_ns = 4000 * MS};
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.bytes, 4 << 20); /* whole huge pages */
    ck_assert_uint_eq(memory.rows, 2);
    const struct ry_probe_memory_row *small = &memory.row[0], *huge = &memory.row[1];
    ck_assert_str_eq(small->why, "");
    ck_assert(small->ran);
    ck_assert_int_eq(small->pages, RY_PROBE_PAGES_SMALL);
    ck_assert_uint_gt(small->loads, 0);
    ck_assert_int_gt(small->load_ps, 100); /* no cache answers sooner */
    ck_assert_int_ne(huge->pages, RY_PROBE_PAGES_SMALL);
    ck_assert(huge->ran ? huge->load_ps > 100 : huge->why[0] != '\0');
}
END_TEST

START_TEST(memory_that_cannot_be_measured_says_why)
{
    struct ry_probe_memory_asked asked = {
        .cores = 2,
        .core = {{.core = one_core(), .node = 0}, {.core = NOWHERE, .node = 0}},
        .nodes = 2,
        .node = {0, 63},
        .bytes = 2 << 20,
        .time_ns = 8000 * MS};
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.rows, 8);
    ck_assert_str_eq(memory.row[1].why,
                     "core 1023 is offline, or not of those that this process may use");
    for (unsigned i = 4; i < 8; i++)
        ck_assert(!memory.row[i].ran && memory.row[i].why[0] != '\0'); /* there is no node 63 */
    asked.time_ns = 0;
    ck_assert_int_eq(ry_probe_memory(&asked, &memory), 0);
    ck_assert_uint_eq(memory.rows, 8);
    ck_assert_str_eq(memory.row[0].why, "the time was over");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("probes");
    TCase *tcase = tcase_create("probes");
    (void)ry_clock_init();
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, all_run_at_the_same_time_each_on_its_core);
    tcase_add_test(tcase, all_run_or_none);
    tcase_add_test(tcase, whoever_asks_is_bound_as_before);
    tcase_add_test(tcase, who_takes_the_core_shows);
    tcase_add_test(tcase, a_long_threshold_sees_nothing);
    tcase_add_loop_test(tcase, a_core_that_cannot_be_used_says_why, 0, 3);
    tcase_add_test(tcase, calls_take_time);
    tcase_add_test(tcase, a_sleeper_is_woken);
    tcase_add_test(tcase, interrupts_go_there_and_back);
    tcase_add_test(tcase, the_matrix_is_symmetric);
    tcase_add_test(tcase, what_is_not_measured_says_so);
    tcase_add_test(tcase, memory_is_read_in_small_pages_and_in_huge_ones);
    tcase_add_test(tcase, a_chase_takes_random_steps);
    tcase_add_test(tcase, more_is_read_than_the_cache_holds);
    tcase_add_test(tcase, memory_that_cannot_be_measured_says_why);
    suite_add_tcase(s, tcase);
    return s;
}

RY_TEST_MAIN(suite)
