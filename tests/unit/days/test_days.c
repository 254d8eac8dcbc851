/* Every scripted day against every machine. The days: tests/days, their format:
 * tests/days/FORMAT.md. */
#include "tests/support/day.h"
#include "tests/support/test.h"

#include <glob.h>
#include <stdlib.h>

static glob_t days; /* sorted by name */

START_TEST(test_day)
{
    static char error[RY_TEST_DAY_ERROR_BYTES];
    const char *path = days.gl_pathv[_i];
    for (const struct ry_test_day_machine *machine = ry_test_day_machines; machine->name != NULL;
         machine++) {
        ck_assert_msg(ry_test_day_run(path, machine, error, sizeof error) == 0, "%s: %s",
                      machine->name, error);
    }
}
END_TEST

START_TEST(test_there_are_days)
{
    ck_assert_uint_gt(days.gl_pathc, 0);
    ck_assert_msg(ry_test_day_machines[0].name != NULL, "no machine to run them");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("days");
    TCase *all = tcase_create("days");
    glob("tests/days/*.day", 0, NULL, &days);
    tcase_add_test(all, test_there_are_days);
    tcase_add_loop_test(all, test_day, 0, (int)days.gl_pathc);
    suite_add_tcase(s, all);
    return s;
}

RY_TEST_MAIN(suite)
