/*
 * The warnings beside a result: the last lines that matter of several logs, and nothing that a
 * terminal obeys.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/cli/run_result_warnings.h"

static struct ry_supervisor_member roles[2];

static void log_make(unsigned i, const char *name, const char *text)
{
    struct ry_supervisor_member *role = &roles[i];
    *role = (struct ry_supervisor_member){.index = i};
    snprintf(role->name, sizeof role->name, "%s", name);
    strcpy(role->log.path, "/tmp/royale-test-XXXXXX");
    int fd = mkstemp(role->log.path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static const char *printed(void)
{
    static char text[32768];
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(out);
    ry_cli_run_result_log(out, "DIR", roles, 2);
    fclose(out);
    unlink(roles[0].log.path);
    unlink(roles[1].log.path);
    return text;
}

START_TEST(nothing_to_say)
{
    log_make(0, "exec",
             "12:00:00.000001 INFO  WARN is a word\nWARN without a time\n12:00:00.0000 WARN  x\n");
    log_make(1, "feed0", "");
    ck_assert_str_eq(printed(), "");
}
END_TEST

START_TEST(in_the_order_of_time)
{
    log_make(0, "exec", "12:00:00.000001 WARN  one\n12:00:00.000003 ERROR three\n");
    log_make(
        1, "feed0",
        "12:00:00.000002 WARN  t\033w\ro\n12:00:00.000003 WARN  four\n12:00:00.000004 INFO  no\n");
    ck_assert_str_eq(printed(), "warnings:\n"
                                "  exec: 12:00:00.000001 WARN  one\n"
                                "  feed0: 12:00:00.000002 WARN  t?w?o\n"
                                "  exec: 12:00:00.000003 ERROR three\n"
                                "  feed0: 12:00:00.000003 WARN  four\n");
}
END_TEST

/* The last ones stay, whosever they are; the rest is counted. */
START_TEST(the_last_twenty)
{
    char first[4096] = "", second[4096] = "", want[4096] = "warnings:\n";
    for (unsigned i = 0; i < 30; i++) {
        char line[64];
        snprintf(line, sizeof line, "12:00:00.%06u WARN  %u\n", i, i);
        strcat(i % 3 == 0 ? first : second, line);
        if (i >= 10) {
            strcat(want, i % 3 == 0 ? "  exec: " : "  feed0: ");
            strcat(want, line);
        }
    }
    strcat(want, "  10 more in DIR/log\n");
    log_make(0, "exec", first);
    log_make(1, "feed0", second);
    ck_assert_str_eq(printed(), want);
}
END_TEST

START_TEST(lost_lines)
{
    log_make(0, "exec", "");
    log_make(1, "feed0", "");
    roles[1].log.lost = 40; /* slots of 64 bytes */
    ck_assert_str_eq(
        printed(),
        "warning: the log of feed0 lacks lines, 3 KiB: they came faster than they could be written down; print less\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("result_warnings");
    TCase *t = tcase_create("log");
    tcase_add_test(t, nothing_to_say);
    tcase_add_test(t, in_the_order_of_time);
    tcase_add_test(t, the_last_twenty);
    tcase_add_test(t, lost_lines);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
