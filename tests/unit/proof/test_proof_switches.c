/* Ablation by the engine itself, on a machine of plain files: stages go and come back, and the
 * probes run on this machine's cores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/support/fake_engine.h"
#include "tests/support/proof_rig.h"
#include "tests/support/test.h"
#include "tools/proof/facts.h"
#include "tools/proof/switches.h"

#define SWAPPINESS "/proc/sys/vm/swappiness"
#define BALANCING  "/proc/sys/kernel/numa_balancing"
#define WATCHDOG   "/proc/sys/kernel/watchdog_cpumask"
#define TIME_NS    30000000

static struct ry_test_host fake;
static struct ry_proof_aim *aim;
static json_t *report;
static char why[RY_PROOF_ABLATE_WHY_BYTES];
static char *said; /* shared: processes of their own measure */
#define SAID_BYTES 4096

static ry_tuning_mask mask_of(const char *name)
{
    const struct ry_tuning_stage *stage = ry_tuning_stage_named(name);
    ck_assert_ptr_nonnull(stage);
    return (ry_tuning_mask)1 << (stage - ry_tuning_stages);
}

/* Also looks at the machine each time that something is about to be measured. */
static void say(const char *line)
{
    if (strncmp(line, "measuring", 9) != 0)
        return;
    const char *swappiness = ry_test_host_text(&fake, SWAPPINESS);
    strcat(said, swappiness[0] == '0' ? " on" : " off");
}

static void setup(void)
{
    ry_test_host_open(&fake);
    ry_test_host_file(&fake, SWAPPINESS, "60\n");
    ry_test_host_file(&fake, BALANCING, "1\n");
    aim = calloc(1, sizeof *aim);
    report = ry_test_proof_report();
    said = mmap(NULL, SAID_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(said, MAP_FAILED);
    ry_test_target(&aim->target);
    aim->host = fake.host;
}

static void teardown(void)
{
    ry_test_host_close(&fake);
    json_decref(report);
    free(aim);
    ck_assert_int_eq(munmap(said, SAID_BYTES), 0);
}

static const json_t *row(unsigned i)
{
    return json_array_get(json_object_get(report, "ablation"), i);
}

START_TEST(a_stage_is_off_while_it_is_measured_and_all_is_applied_afterwards)
{
    const ry_tuning_mask stages = mask_of("swap") | mask_of("numa-balancing");
    char *before = ry_test_host_whole(&fake);
    ck_assert_int_eq(ry_test_host_apply(&fake, &aim->target, stages).error, 0);
    ry_proof_facts_stages(report, &aim->host, &aim->target);
    ck_assert_uint_eq(json_array_size(json_object_get(report, "applied")), 2);
    ck_assert_msg(ry_proof_switches_run(report, aim, TIME_NS, say, why), "%s", why);
    /* numa-balancing comes first in the table; each measurement says its gaps and its calls. */
    ck_assert_str_eq(said, " on on on on on on off off on on");
    ck_assert_uint_eq(json_array_size(json_object_get(report, "ablation")), 2);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(json_is_null(json_object_get(row(i), "why")));
        ck_assert_uint_gt(json_array_size(json_object_get(row(i), "figures")), 2);
    }
    ck_assert_str_eq(ry_test_host_text(&fake, SWAPPINESS), "0\n");
    ck_assert_str_eq(ry_test_host_text(&fake, BALANCING), "0\n");
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    ry_test_host_is(&fake, before, "after revert", 0);
    free(before);
}
END_TEST

/* What the journal says was changed, and what stood there. */
static char *standing(void)
{
    struct ry_tuning_saved saved;
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(ry_tuning_saved_read(&saved, &aim->host), 0);
    for (unsigned i = 0; i < saved.count; i++)
        if (!saved.change[i].undone && strcmp(saved.change[i].stage, RY_TUNING_KEPT) != 0)
            fprintf(out, "%s %s: %s -> %s, %d\n", saved.change[i].stage, saved.change[i].path,
                    saved.change[i].found, saved.change[i].want, saved.change[i].gone_with_boot);
    ry_tuning_saved_close(&saved);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

START_TEST(what_was_applied_for_other_cores_comes_back_as_it_was_applied)
{
    const ry_tuning_mask stages = mask_of("watchdogs");
    ry_test_host_file(&fake, WATCHDOG, "0-7\n");
    char *before = ry_test_host_whole(&fake);
    ck_assert_int_eq(ry_test_host_apply(&fake, &aim->target, stages).error, 0);
    ck_assert_str_eq(ry_test_host_text(&fake, WATCHDOG), "0,4\n");
    char *kept = strdup(ry_test_host_text(&fake, RY_TUNING_SYSCTL_PATH));
    char *applied = standing();
    for (unsigned i = 0; i < 8; i++) /* a battle without a hot core */
        ry_tuning_cpus_add(&aim->target.house, i);
    aim->target.hot = aim->target.siblings = (struct ry_tuning_cpus){.word = {0}};
    ry_proof_facts_stages(report, &aim->host, &aim->target);
    ck_assert_msg(ry_proof_switches_run(report, aim, TIME_NS, say, why), "%s", why);
    ck_assert_str_eq(ry_test_host_text(&fake, WATCHDOG), "0,4\n");
    char *again = standing();
    ck_assert_str_eq(again, applied);
    ck_assert_str_eq(ry_test_host_text(&fake, RY_TUNING_SYSCTL_PATH), kept);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    ry_test_host_is(&fake, before, "after revert", 0);
    free(again);
    free(applied);
    free(kept);
    free(before);
}
END_TEST

START_TEST(what_does_not_come_back_ends_it_and_says_so)
{
    const ry_tuning_mask stages = mask_of("swap") | mask_of("numa-balancing");
    ck_assert_int_eq(ry_test_host_apply(&fake, &aim->target, stages).error, 0);
    ry_proof_facts_stages(report, &aim->host, &aim->target);
    ry_test_host_refuse(&fake, BALANCING);
    aim->host = fake.host;
    ck_assert(!ry_proof_switches_run(report, aim, TIME_NS, say, why) ||
              json_is_string(json_object_get(row(0), "why")));
    const char *reason = json_string_value(json_object_get(row(0), "why"));
    ck_assert_msg(strstr(reason, BALANCING) != NULL, "%s", reason);
    ck_assert_str_eq(ry_test_host_text(&fake, SWAPPINESS), "0\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("proof_switches");
    TCase *t = tcase_create("switches");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_stage_is_off_while_it_is_measured_and_all_is_applied_afterwards);
    tcase_add_test(t, what_was_applied_for_other_cores_comes_back_as_it_was_applied);
    tcase_add_test(t, what_does_not_come_back_ends_it_and_says_so);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
