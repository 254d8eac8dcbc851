/* Each stage off alone and on again, with a machine that is a few numbers. */
#include <stdio.h>
#include <string.h>

#include "tests/support/proof_rig.h"
#include "tests/support/test.h"
#include "tools/proof/ablate.h"
#include "tools/proof/fields.h"

#define STAGES 3
static const char *const stages[STAGES] = {"irqs", "thp", "swap"};

/* A stage that is off lets gaps be longer: irqs by 1000 ns, thp by 100, swap by nothing. */
static struct {
    bool is_off[STAGES], sticks, clings; /* the middle one cannot be set back; set again */
    unsigned measured, stop_after;
    char order[512];
} box;

static unsigned place(const char *stage)
{
    unsigned i = 0;
    while (strcmp(stages[i], stage) != 0)
        i++;
    return i;
}

static bool off(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    ck_assert_ptr_eq(context, &box);
    strcat(strcat(box.order, " -"), stage);
    if (box.sticks && place(stage) == 1) {
        snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "it sticks");
        return false;
    }
    box.is_off[place(stage)] = true;
    return true;
}

static bool on(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    ck_assert_ptr_eq(context, &box);
    strcat(strcat(box.order, " +"), stage);
    if (box.clings && place(stage) == 1) {
        snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "it clings");
        return false;
    }
    box.is_off[place(stage)] = false;
    return true;
}

static json_t *measure(void *context)
{
    char text[512];
    unsigned off_now = 0;
    ck_assert_ptr_eq(context, &box);
    for (unsigned i = 0; i < STAGES; i++)
        off_now += box.is_off[i];
    ck_assert_uint_le(off_now, 1); /* alone */
    strcat(box.order, " m");
    snprintf(text, sizeof text,
             "{'gaps': {'cores': [{'ran_ns': '2000000000', 'count': 10, 'stolen_ns': '4000',"
             " 'longest_ns': '%u'}]}, 'calls': [{'name': 'futex', 'p50_ns': '2500'}],"
             " 'counts': [{'during': 'gaps', 'lasted_ns': '2000000000', 'cores':"
             " [{'interrupts': %d}, {'interrupts': null}]}]}",
             5000 + box.measured % 2 + 1000 * box.is_off[0] + 100 * box.is_off[1],
             box.is_off[0] ? 400 : 0);
    box.measured++;
    return ry_test_proof_json(text);
}

static bool stopped(void *context)
{
    ck_assert_ptr_eq(context, &box);
    return box.stop_after > 0 && box.measured >= box.stop_after;
}

static const struct ry_proof_switches switches = {
    .context = &box, .off = off, .on = on, .measure = measure, .stopped = stopped};
static json_t *report;
static char why[RY_PROOF_ABLATE_WHY_BYTES];

static void setup(void)
{
    memset(&box, 0, sizeof box);
    report = ry_test_proof_report();
    json_t *applied = ry_test_proof_json("['irqs', 'thp', 'swap']");
    ck_assert_int_eq(json_object_set_new(report, "applied", applied), 0);
}

static void teardown(void)
{
    char field[RY_PROOF_WHY_BYTES];
    ck_assert_msg(ry_proof_fields_hold(report, field), "%s", field);
    json_decref(report);
}

static json_t *row(unsigned i)
{
    return json_array_get(json_object_get(report, "ablation"), i);
}

static void row_is(unsigned i, const char *text)
{
    json_t *want = ry_test_proof_json(text);
    if (!json_equal(row(i), want)) {
        char *have = json_dumps(row(i), JSON_COMPACT);
        ck_abort_msg("row %u is %s", i, have);
    }
    json_decref(want);
}

START_TEST(each_is_off_alone_and_on_again)
{
    ck_assert_msg(ry_proof_ablate(report, &switches, why), "%s", why);
    ck_assert_str_eq(box.order, " m -irqs m +irqs m -thp m +thp m -swap m +swap m");
    ck_assert_uint_eq(json_array_size(json_object_get(report, "ablation")), 3);
    row_is(0, "{'stage': 'irqs', 'title': 'irqs', 'why': null, 'figures': ["
              "{'name': 'longest gap', 'unit': 'ns', 'with': 5000, 'without': 6001, 'again': 5000},"
              "{'name': 'time taken', 'unit': 'ppm', 'with': 2, 'without': 2, 'again': 2},"
              "{'name': 'gaps', 'unit': '/s', 'with': 5, 'without': 5, 'again': 5},"
              "{'name': 'interrupts', 'unit': '/s', 'with': 0, 'without': 200, 'again': 0},"
              "{'name': 'to wake a core (half up to)', 'unit': 'ns', 'with': 2500, 'without': 2500,"
              " 'again': 2500}]}");
    ck_assert_str_eq(json_string_value(json_object_get(row(1), "title")), "Transparent huge pages");
}
END_TEST

START_TEST(one_that_cannot_be_set_back_is_set_again_and_says_why)
{
    box.sticks = true;
    ck_assert(ry_proof_ablate(report, &switches, why));
    ck_assert_str_eq(box.order, " m -irqs m +irqs m -thp +thp -swap m +swap m");
    row_is(
        1,
        "{'stage': 'thp', 'title': 'Transparent huge pages', 'why': 'it sticks', 'figures': []}");
}
END_TEST

START_TEST(one_that_cannot_be_set_again_ends_it)
{
    box.clings = true;
    ck_assert(!ry_proof_ablate(report, &switches, why));
    ck_assert_str_eq(why, "it clings");
    ck_assert_str_eq(box.order, " m -irqs m +irqs m -thp m +thp");
    row_is(
        2,
        "{'stage': 'swap', 'title': 'Swapping', 'why': 'not tried: it ended before', 'figures': []}");
}
END_TEST

START_TEST(a_stop_leaves_nothing_off)
{
    box.stop_after = 2; /* while irqs is off */
    ck_assert(!ry_proof_ablate(report, &switches, why));
    ck_assert_str_eq(why, "stopped by a signal");
    ck_assert_str_eq(box.order, " m -irqs m +irqs m");
    for (unsigned i = 0; i < STAGES; i++)
        ck_assert(!box.is_off[i]);
}
END_TEST

START_TEST(nothing_applied_is_nothing_to_switch)
{
    ck_assert_int_eq(json_object_set_new(report, "applied", json_array()), 0);
    ck_assert(ry_proof_ablate(report, &switches, why));
    ck_assert_str_eq(box.order, "");
    ck_assert_uint_eq(json_array_size(json_object_get(report, "ablation")), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("proof_ablate");
    TCase *t = tcase_create("ablate");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, each_is_off_alone_and_on_again);
    tcase_add_test(t, one_that_cannot_be_set_back_is_set_again_and_says_why);
    tcase_add_test(t, one_that_cannot_be_set_again_ends_it);
    tcase_add_test(t, a_stop_leaves_nothing_off);
    tcase_add_test(t, nothing_applied_is_nothing_to_switch);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
