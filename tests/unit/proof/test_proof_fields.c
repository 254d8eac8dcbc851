/* The table of a report's fields: what holds, and what is refused with which words. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/proof_rig.h"
#include "tests/support/test.h"
#include "tests/support/text_rig.h"
#include "tools/proof/fields.h"

static char why[RY_PROOF_WHY_BYTES];

START_TEST(a_whole_report_holds)
{
    json_t *report = ry_test_proof_report();
    ck_assert_msg(ry_proof_fields_hold(report, why), "%s", why);
    json_decref(report);
}
END_TEST

/* One field after another is taken out, or becomes what it must not be: each time it is refused. */
static const struct {
    const char *where, *key, *value, *says;
} wrong[] = {
    {"", "format", "'1'", "format is no integer"},
    {"", "format", "2", "its format is 2, and this royale reads 1"},
    {"", "host", "null", "host is no string"},
    {"machine", "guest", "1", "machine.guest is no true or false"},
    {"machine", "cpus", "{}", "machine.cpus is no list"},
    {"", "machine", "[]", "machine is no object"},
    {"", "took_ns", "'soon'", "took_ns is no string of nanoseconds"},
    {"", "took_ns", "''", "took_ns is no string of nanoseconds"},
    {"", "took_ns", "'12345678901234567890'", "took_ns is no string of nanoseconds"},
    {"", "took_ns", "'1000000000000001'", "took_ns is no string of nanoseconds"},
    {"", "seconds", "-1000000000000001", "seconds is no integer"},
    {"pingpong", "rows", "[[1000000000000001]]", "pingpong.rows[][] is no integer or null"},
    {"", "gaps", "3", "gaps is no object or null"},
    {"", "memory", "[{'cpu': 0}]", "memory[].cpu_node is not there"},
    {"pingpong", "rows", "[[1, 'x']]", "pingpong.rows[][] is no integer or null"},
    {"pingpong", "rows", "[1]", "pingpong.rows[] is no list"},
    {"", "counts", "[{}]", "counts[].during is not there"},
};

START_TEST(what_is_not_of_its_sort_is_refused)
{
    json_t *report = ry_test_proof_report();
    json_t *object = wrong[_i].where[0] == '\0' ? report : json_object_get(report, wrong[_i].where);
    ck_assert_int_eq(
        json_object_set_new(object, wrong[_i].key, ry_test_proof_json(wrong[_i].value)), 0);
    ck_assert(!ry_proof_fields_hold(report, why));
    ck_assert_str_eq(why, wrong[_i].says);
    json_decref(report);
}
END_TEST

START_TEST(what_lies_below_null_is_not_asked_for)
{
    json_t *report = ry_test_proof_report();
    ck_assert_int_eq(json_object_set_new(report, "gaps", json_null()), 0);
    ck_assert_int_eq(json_object_set_new(report, "pingpong", json_null()), 0);
    ck_assert_int_eq(json_object_set_new(report, "plan", json_null()), 0);
    ck_assert_msg(ry_proof_fields_hold(report, why), "%s", why);
    json_decref(report);
}
END_TEST

START_TEST(no_object_is_no_report)
{
    json_t *list = ry_test_proof_json("[]");
    ck_assert(!ry_proof_fields_hold(list, why));
    ck_assert(!ry_proof_fields_hold(NULL, why));
    json_decref(list);
}
END_TEST

START_TEST(the_table_can_be_printed)
{
    FILE *out = text_begin();
    ry_proof_fields_print(out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_ptr_nonnull(
        strstr(text_written, "\n| `gaps.cores[].longest_ns` | string of nanoseconds |"));
    free(text_written);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("proof_fields");
    TCase *t = tcase_create("fields");
    tcase_add_test(t, a_whole_report_holds);
    tcase_add_loop_test(t, what_is_not_of_its_sort_is_refused, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(t, what_lies_below_null_is_not_asked_for);
    tcase_add_test(t, no_object_is_no_report);
    tcase_add_test(t, the_table_can_be_printed);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
