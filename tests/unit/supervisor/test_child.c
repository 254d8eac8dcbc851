/* A child between fork and exec: the partition of its core. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/role/message.h"
#include "core/supervisor/child.h"
#include "tests/support/test.h"

static char folder[] = "/tmp/royale-child-XXXXXX", procs[sizeof folder + sizeof "/cgroup.procs"];
static int output;

static void open_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(procs, sizeof procs, "%s/cgroup.procs", folder);
    output = memfd_create("output", MFD_CLOEXEC);
    ck_assert_int_ge(output, 0);
}

static void close_folder(void)
{
    (void)unlink(procs);
    ck_assert_int_eq(rmdir(folder), 0);
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    close(output);
}

static void run(const char *cgroup, struct ry_role_message *message)
{
    char *environment[] = {NULL};
    struct ry_supervisor_child child;
    struct ry_supervisor_child_start start = {.binary = "/bin/true",
                                              .index = "0",
                                              .directory = ".",
                                              .environment = environment,
                                              .battle = output,
                                              .output = output,
                                              .errors = output,
                                              .cgroup = cgroup,
                                              .core = -1};
    int fd;
    ck_assert_int_eq(sched_getaffinity(0, sizeof start.cores, &start.cores), 0);
    ck_assert_int_eq(ry_supervisor_child_start(&child, &start), 0);
    struct pollfd said = {.fd = child.socket, .events = POLLIN};
    ck_assert_int_eq(poll(&said, 1, -1), 1);
    if (ry_role_message_receive(child.socket, message, &fd) != RY_ROLE_MESSAGE_GOT)
        message->kind = 0;
    while (!ry_supervisor_child_reap(&child))
        usleep(1000);
    ck_assert_int_eq(child.status, message->kind == 0 ? 0 : RY_SUPERVISOR_CHILD_NO_BINARY << 8);
    close(child.socket);
}

START_TEST(it_enters_its_partition)
{
    struct ry_role_message message;
    char text[8] = "";
    int fd = open(procs, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    run(folder, &message);
    ck_assert_int_eq(message.kind, 0); /* it had nothing to complain of */
    ck_assert_int_eq(read(fd, text, sizeof text - 1), 1);
    ck_assert_str_eq(text, "0");
    close(fd);
}
END_TEST

START_TEST(it_stays_where_it_is)
{
    struct ry_role_message message;
    run(NULL, &message);
    ck_assert_int_eq(message.kind, 0);
    ck_assert_int_eq(access(procs, F_OK), -1);
}
END_TEST

START_TEST(a_partition_that_is_gone)
{
    struct ry_role_message message;
    char expected[256];
    run(folder, &message);
    ck_assert_int_eq(message.kind, RY_ROLE_TELL_FAILED);
    snprintf(expected, sizeof expected,
             "cannot enter its core's partition by %s: open: No such file or directory", procs);
    ck_assert_str_eq(message.text, expected);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("child");
    TCase *tests = tcase_create("partition");
    tcase_add_checked_fixture(tests, open_folder, close_folder);
    tcase_add_test(tests, it_enters_its_partition);
    tcase_add_test(tests, it_stays_where_it_is);
    tcase_add_test(tests, a_partition_that_is_gone);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(suite)
