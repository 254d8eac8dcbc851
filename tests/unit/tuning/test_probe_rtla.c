/* rtla, played by a script: what it is asked, what is read of what it prints, and why it did not
 * run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/test.h"
#include "tuning/probe/rtla.h"

#define SECOND RY_NS_PER_SECOND

static char root[64], program[128];
static struct ry_tuning_host host;
static struct ry_probe_rtla_asked asked;
static struct ry_probe_rtla_result result; /* large */

static void folder(const char *path)
{
    char whole[192];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    ck_assert_int_eq(mkdir(whole, 0755), 0);
}

static void script(const char *text)
{
    FILE *file = fopen(program, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(program, 0755), 0);
}

/* A machine with tracefs and the tracer, and two cores to ask for. */
static void setup(void)
{
    strcpy(root, "/tmp/royale-rtla-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    snprintf(program, sizeof program, "%s/rtla", root);
    folder("/sys");
    folder("/sys/kernel");
    folder("/sys/kernel/tracing");
    folder("/sys/kernel/tracing/available_tracers");
    folder("/sys/kernel/tracing/osnoise");
    ry_tuning_host_open(&host, root);
    asked = (struct ry_probe_rtla_asked){.tool = RY_PROBE_RTLA_TIMERLAT,
                                         .host = &host,
                                         .program = program,
                                         .time_ns = 3 * SECOND,
                                         .late_ns = 60 * SECOND};
    ry_tuning_cpus_add(&asked.cores, 2);
    ry_tuning_cpus_add(&asked.cores, 3);
}

static void drop(const char *path)
{
    char whole[192];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    (void)remove(whole);
}

static void teardown(void)
{
    static const char *const left[] = {"/rtla",
                                       "/sys/kernel/tracing/osnoise",
                                       "/sys/kernel/tracing/available_tracers",
                                       "/sys/kernel/tracing",
                                       "/sys/kernel",
                                       "/sys",
                                       ""};
    for (unsigned i = 0; i < sizeof left / sizeof left[0]; i++)
        drop(left[i]);
}

START_TEST(timerlat_is_read)
{
    script("echo \"asked: $*\"\n"
           "cat <<'TEXT'\n"
           "# RTLA timerlat histogram\n"
           "# Time unit is microseconds (us)\n"
           "# Duration:   0 00:00:03\n"
           "Index   IRQ-002   Thr-002   IRQ-003   Thr-003\n"
           "0           2990         0      2999         0\n"
           "7              0      2990         0      2999\n"
           "over:          0         1         0         0\n"
           "count:      2990      2991      2999      2999\n"
           "min:           0         6         0         5\n"
           "avg:           1      7.25         0         6\n"
           "max:          12       345         3        17\n"
           "ALL:         IRQ       Thr\n"
           "count:      5989      5990\n"
           "min:           0         5\n"
           "avg:           0         6\n"
           "max:          12       345\n"
           "TEXT");
    ck_assert_int_eq(ry_probe_rtla(&asked, &result), 0);
    ck_assert(result.ran);
    ck_assert_ptr_nonnull(strstr(result.text, "asked: timerlat hist -c 2-3 -d 3\n"));
    ck_assert_uint_eq(result.cores, 2);
    ck_assert_uint_eq(result.core[0].core, 2);
    ck_assert_uint_eq(result.core[0].irq.count, 2990);
    ck_assert_int_eq(result.core[0].irq.longest_us, 12);
    ck_assert_uint_eq(result.core[0].thread.count, 2991);
    ck_assert_int_eq(result.core[0].thread.shortest_us, 6);
    ck_assert_int_eq(result.core[0].thread.mean_us, 7);
    ck_assert_int_eq(result.core[0].thread.longest_us, 345);
    ck_assert_uint_eq(result.core[1].core, 3);
    ck_assert_int_eq(result.core[1].thread.longest_us, 17);
    ck_assert(!result.cut);
}
END_TEST

/* "-": the core had none. */
START_TEST(osnoise_is_read)
{
    asked.tool = RY_PROBE_RTLA_OSNOISE;
    asked.time_ns = SECOND / 2;
    script("echo \"asked: $*\"\n"
           "echo 'Index   CPU-002   CPU-003'\n"
           "echo '1             4         0'\n"
           "echo 'count:        4         0'\n"
           "echo 'min:          1         -'\n"
           "echo 'avg:          2         -'\n"
           "echo 'max:          9         -'");
    ck_assert_int_eq(ry_probe_rtla(&asked, &result), 0);
    ck_assert_ptr_nonnull(strstr(result.text, "asked: osnoise hist -c 2-3 -d 1\n"));
    ck_assert_uint_eq(result.cores, 2);
    ck_assert_uint_eq(result.core[0].irq.count, 4);
    ck_assert_int_eq(result.core[0].irq.longest_us, 9);
    ck_assert_int_eq(result.core[1].irq.longest_us, 0);
    ck_assert_uint_eq(result.core[0].thread.count, 0);
}
END_TEST

/* Much more than there is room for is read to its end, and cut at a line's. */
START_TEST(a_long_text_is_cut)
{
    script("echo 'Index   IRQ-002'; echo 'count: 1'\n"
           "i=0; while [ $i -lt 6000 ]; do echo \"$i 1 2 3 4 5 6 7 8\"; i=$((i + 1)); done");
    ck_assert_int_eq(ry_probe_rtla(&asked, &result), 0);
    ck_assert(result.cut);
    size_t length = strlen(result.text);
    ck_assert_uint_gt(length, RY_PROBE_RTLA_TEXT_BYTES - 100);
    ck_assert_int_eq(result.text[length - 1], '\n');
}
END_TEST

static const struct {
    const char *gone, *script, *why;
} reasons[] = {
    {"/sys/kernel/tracing/available_tracers", "true",
     "no tracefs: as root, mount -t tracefs tracefs /sys/kernel/tracing"},
    {"/sys/kernel/tracing/osnoise", "true",
     "the kernel has no osnoise tracer (CONFIG_OSNOISE_TRACER)"},
    {"/rtla", "true", "there is no "},
    {"", "echo 'Could not enable timerlat tracer'; exit 1",
     "rtla failed: Could not enable timerlat tracer "},
    {"", "kill -9 $$", "rtla failed: "},
    {"", "echo hello", "rtla failed: hello "}, /* of no core */
};

START_TEST(it_does_not_run)
{
    script(reasons[_i].script);
    if (reasons[_i].gone[0] != '\0')
        drop(reasons[_i].gone);
    asked.time_ns = SECOND / 100;
    ck_assert_int_eq(ry_probe_rtla(&asked, &result), -1);
    ck_assert(!result.ran);
    ck_assert_msg(strncmp(result.why, reasons[_i].why, strlen(reasons[_i].why)) == 0, "%s",
                  result.why);
}
END_TEST

START_TEST(it_does_not_end)
{
    script("trap 'echo tidied; exit 0' INT; while true; do sleep 0.1; done");
    asked.time_ns = SECOND / 100;
    asked.late_ns = 4 * SECOND; /* by then the shell has begun */
    ck_assert_int_eq(ry_probe_rtla(&asked, &result), -1);
    ck_assert(!result.ran);
    ck_assert_str_eq(result.why, "rtla did not end: tidied ");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("rtla");
    TCase *tcase = tcase_create("rtla");
    (void)ry_clock_init();
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, timerlat_is_read);
    tcase_add_test(tcase, osnoise_is_read);
    tcase_add_test(tcase, a_long_text_is_cut);
    tcase_add_loop_test(tcase, it_does_not_run, 0, sizeof reasons / sizeof reasons[0]);
    tcase_add_test(tcase, it_does_not_end);
    suite_add_tcase(s, tcase);
    return s;
}

RY_TEST_MAIN(suite)
