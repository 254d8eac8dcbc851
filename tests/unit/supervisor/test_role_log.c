/*
 * A stranger's log: whole printable lines out of a pipe, up to a quota, whatever the stranger does
 * to its descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/supervisor/role_log.h"
#include "tests/support/test.h"

#define QUOTA  4096u
#define QUOTED 64u /* of what one test prints */

static char folder[] = "/tmp/royale-test-XXXXXX";
static struct ry_supervisor_role_log kept;

static void set_up(void)
{
    char path[PATH_MAX];
    strcpy(folder, "/tmp/royale-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/log", folder);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    ck_assert_int_eq(ry_supervisor_role_log_open(&kept, folder, "agent0", true, QUOTA), 0);
}

static void tear_down(void)
{
    char command[PATH_MAX + 16];
    ry_supervisor_role_log_close(&kept);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static const char *text_of_log(void)
{
    static char text[1 << 20];
    int fd = open(kept.path, O_RDONLY | O_CLOEXEC);
    ssize_t bytes = read(fd, text, sizeof text - 1);
    close(fd);
    text[bytes < 0 ? 0 : bytes] = '\0';
    return text;
}

/* What the process does that is handed the log as its standard output. */
static void stranger(void (*behave)(void))
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ry_supervisor_role_log_output(&kept), STDOUT_FILENO);
        behave();
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

static void print(const char *text)
{
    (void)!write(STDOUT_FILENO, text, strlen(text));
}

/* ---- what it prints -------------------------------------------------------------------------- */

static void print_lines(void)
{
    print("first\nsec");
    print("ond\x1b[31m\tred\n");
    print("with no end");
}

START_TEST(lines_come_whole_and_printable)
{
    stranger(print_lines);
    ck_assert(ry_supervisor_role_log_take(&kept));
    ck_assert(!ry_supervisor_role_log_take(&kept));
    ck_assert_str_eq(text_of_log(), "first\nsecond [31m red\n");
    ry_supervisor_role_log_say(&kept, "between");
    ry_supervisor_role_log_finish(&kept);
    ck_assert_str_eq(text_of_log(), "first\nsecond [31m red\nroyale: between\nwith no end\n");
}
END_TEST

static void print_long_line(void)
{
    char text[RY_SUPERVISOR_ROLE_LOG_LINE / 2 + 1];
    memset(text, 'x', sizeof text);
    for (unsigned i = 0; i < 2; i++)
        (void)!write(STDOUT_FILENO, text, sizeof text);
    print("\n");
}

START_TEST(a_long_line_is_broken)
{
    ry_supervisor_role_log_close(&kept);
    ck_assert_int_eq(ry_supervisor_role_log_open(&kept, folder, "agent0", true, 3 * QUOTA), 0);
    stranger(print_long_line);
    ry_supervisor_role_log_finish(&kept);
    const char *text = text_of_log();
    ck_assert_uint_eq(strcspn(text, "\n"), RY_SUPERVISOR_ROLE_LOG_LINE);
    ck_assert_str_eq(text + RY_SUPERVISOR_ROLE_LOG_LINE, "\nxx\n");
}
END_TEST

/* ---- what it may try ------------------------------------------------------------------------- */

static void attack_file(void)
{
    print("mine\n");
    if (ftruncate(STDOUT_FILENO, 0) == 0 || lseek(STDOUT_FILENO, 0, SEEK_SET) == 0 ||
        fcntl(STDOUT_FILENO, F_SETFL, O_DIRECT) != 0 || dup2(STDIN_FILENO, STDOUT_FILENO) < 0)
        _exit(1);
}

START_TEST(it_reaches_the_pipe_alone)
{
    ry_supervisor_role_log_say(&kept, "before");
    stranger(attack_file);
    ry_supervisor_role_log_finish(&kept);
    ry_supervisor_role_log_say(&kept, "after");
    ck_assert_str_eq(text_of_log(), "royale: before\nmine\nroyale: after\n");
}
END_TEST

/* Nobody reads: it loses what it prints, and no time. */
static void flood(void)
{
    static char text[1 << 16];
    memset(text, '\n', sizeof text);
    for (unsigned i = 0; i < 64; i++)
        if (write(STDOUT_FILENO, text, sizeof text) < 0)
            _exit(errno != EAGAIN);
    _exit(2);
}

START_TEST(who_prints_faster_than_is_written_loses_it_and_is_told)
{
    ry_supervisor_role_log_close(&kept);
    ck_assert_int_eq(ry_supervisor_role_log_open(&kept, folder, "agent0", true, 1 << 22), 0);
    stranger(flood);
    ck_assert(ry_supervisor_role_log_take(&kept));
    ck_assert_ptr_nonnull(strstr(text_of_log(), "near here some is missing\n"));
    ck_assert(!kept.full);
}
END_TEST

static void print_past_quota(void)
{
    char line[QUOTED + 1] = {0};
    memset(line, 'q', QUOTED - 1);
    line[QUOTED - 1] = '\n';
    for (unsigned i = 0; i < 2 * QUOTA / QUOTED; i++)
        print(line);
}

static void print_into_nothing(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (write(STDOUT_FILENO, "x", 1) != -1 || errno != EPIPE)
        _exit(1);
}

START_TEST(the_quota_holds)
{
    int output = dup(ry_supervisor_role_log_output(&kept));
    stranger(print_past_quota);
    ck_assert(ry_supervisor_role_log_take(&kept));
    ck_assert(kept.full);
    ck_assert(!ry_supervisor_role_log_take(&kept));
    const char *text = text_of_log();
    ck_assert_uint_eq(strspn(text, "q\n"), QUOTA);
    ck_assert_str_eq(text + QUOTA,
                     "royale: this log is full: nothing more of this process is kept\n");
    kept.pipe_write = output; /* as the stranger still has it */
    stranger(print_into_nothing);
    kept.pipe_write = -1;
    close(output);
    ry_supervisor_role_log_finish(&kept);
    ry_supervisor_role_log_say(&kept, "the supervisor still has its say");
    ck_assert_ptr_nonnull(strstr(text_of_log(), "kept\nroyale: the supervisor still"));
}
END_TEST

/* The ring counts as well, and what is not kept is counted. */
START_TEST(lines_of_the_ring_count)
{
    static _Alignas(RY_ISOLATION) unsigned char memory[1 << 20];
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    ry_ring_create(&writer, memory, RY_LOG_SLOTS);
    ck_assert_int_eq(ry_ring_join(&reader, memory, sizeof memory), 0);
    ry_supervisor_role_log_join(&kept, &reader);
    for (unsigned i = 0; i < QUOTA / 50; i++)
        ry_log(&writer, RY_LOG_INFO, "a line of a strategy, number %05u", i);
    ry_supervisor_role_log_drain(&kept);
    ck_assert(kept.full);
    ck_assert_uint_gt(kept.unwritten, 0);
    ck_assert_int_eq(kept.error, EFBIG);
    ck_assert_uint_le(strlen(text_of_log()), QUOTA + 100);
    ck_assert_ptr_nonnull(strstr(text_of_log(), "number 00000\n"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("role_log");
    TCase *t = tcase_create("role_log");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, lines_come_whole_and_printable);
    tcase_add_test(t, a_long_line_is_broken);
    tcase_add_test(t, it_reaches_the_pipe_alone);
    tcase_add_test(t, who_prints_faster_than_is_written_loses_it_and_is_told);
    tcase_add_test(t, the_quota_holds);
    tcase_add_test(t, lines_of_the_ring_count);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
