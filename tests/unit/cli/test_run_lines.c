/* Lines for a terminal that is a screen wait until it is none; others are there at once. */
#include "tools/cli/run_lines.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/support/test.h"

static int master;
static FILE *terminal, *file;

/* A terminal of one's own, which passes on what is written as it is. */
static void set_up(void)
{
    master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(master, 0);
    ck_assert(grantpt(master) == 0 && unlockpt(master) == 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios modes;
    ck_assert_int_eq(tcgetattr(slave, &modes), 0);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    ck_assert_int_eq(tcsetattr(slave, TCSANOW, &modes), 0);
    terminal = fdopen(slave, "w");
    file = tmpfile();
    ck_assert(terminal != NULL && file != NULL);
}

static void tear_down(void)
{
    fclose(terminal);
    fclose(file);
    close(master);
}

/* What stands on the terminal since the last look. */
static const char *shown(void)
{
    static char text[512];
    ssize_t bytes = read(master, text, sizeof text - 1);
    text[bytes > 0 ? bytes : 0] = 0;
    return text;
}

static const char *written(void)
{
    static char text[512];
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    return text;
}

START_TEST(without_a_screen)
{
    struct ry_cli_run_lines lines = {.held = false};
    ry_cli_run_lines_say(&lines, terminal, "agent%d died", 3);
    ck_assert_str_eq(shown(), "agent3 died\n");
    ry_cli_run_lines_release(&lines);
    ck_assert_str_eq(shown(), "");
}
END_TEST

START_TEST(under_a_screen)
{
    struct ry_cli_run_lines lines = {.held = false};
    ry_cli_run_lines_hold(&lines);
    ry_cli_run_lines_say(&lines, terminal, "first %s", "%d");
    ry_cli_run_lines_say(&lines, file, "into a file");
    ry_cli_run_lines_say(&lines, terminal, "second");
    ck_assert_str_eq(shown(), "");
    ck_assert_str_eq(written(), "into a file\n");
    ry_cli_run_lines_release(&lines);
    ck_assert_str_eq(shown(), "first %d\nsecond\n");
    ry_cli_run_lines_say(&lines, terminal, "third");
    ck_assert_str_eq(shown(), "third\n");
    ry_cli_run_lines_release(&lines);
    ck_assert_str_eq(shown(), "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("run_lines");
    TCase *c = tcase_create("run_lines");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, without_a_screen);
    tcase_add_test(c, under_a_screen);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
