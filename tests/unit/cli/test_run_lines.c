/* Lines for a terminal that is a screen wait until it is none; others are there at once. */
#include "tools/cli/run_lines.h"

#include <fcntl.h>
#include <poll.h>
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

/* That comes to stand on the terminal, which the kernel passes on when it gets to it; no more. */
static void want(const char *wanted)
{
    char text[512];
    size_t length = 0;
    ssize_t bytes;
    struct pollfd more = {.fd = master, .events = POLLIN};
    do {
        if (length < strlen(wanted))
            ck_assert_int_eq(poll(&more, 1, -1), 1);
        bytes = read(master, text + length, sizeof text - 1 - length);
        length += bytes > 0 ? (size_t)bytes : 0;
    } while (bytes > 0);
    text[length] = 0;
    ck_assert_str_eq(text, wanted);
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
    want("agent3 died\n");
    ry_cli_run_lines_release(&lines);
    want("");
}
END_TEST

START_TEST(under_a_screen)
{
    struct ry_cli_run_lines lines = {.held = false};
    ry_cli_run_lines_hold(&lines);
    ry_cli_run_lines_say(&lines, terminal, "first %s", "%d");
    ry_cli_run_lines_say(&lines, file, "into a file");
    ry_cli_run_lines_say(&lines, terminal, "second");
    want("");
    ck_assert_str_eq(written(), "into a file\n");
    ry_cli_run_lines_release(&lines);
    want("first %d\nsecond\n");
    ry_cli_run_lines_say(&lines, terminal, "third");
    want("third\n");
    ry_cli_run_lines_release(&lines);
    want("");
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
