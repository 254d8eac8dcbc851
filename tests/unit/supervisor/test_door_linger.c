/*
 * The observers' door and sockets that are slow to close. A client may send a descriptor, which
 * nobody takes out of the door's end: closing that end closes the descriptor. If it is the last one
 * of a TCP connection that lingers (SO_LINGER) and cannot send, that close takes as long as the
 * client has chosen. The supervisor must not wait for it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/door.h"
#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define LINGERS_S   600
#define DESCRIPTORS 8 /* a message */

static pid_t supervisor, roles[4];

static void start(void)
{
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    supervisor = ry_test_supervised_start(roles);
}

static int connected(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.80s/" RY_ROLE_DOOR_NAME,
             ry_test_supervised.directory);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* A connection that has more to send than anybody takes, and whose last close waits for that. */
static int lingering(int listener)
{
    static char bytes[1 << 16];
    const struct linger patience = {.l_onoff = 1, .l_linger = LINGERS_S};
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, length), 0);
    while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &patience, sizeof patience), 0);
    return fd;
}

/* Our own descriptors go: who closes the door's end closes them for good. */
static void send_lingering(int client, int listener)
{
    char control[CMSG_SPACE(DESCRIPTORS * sizeof(int))] = {0}, byte = 0;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    int fd[DESCRIPTORS];
    struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
    for (unsigned i = 0; i < DESCRIPTORS; i++)
        fd[i] = lingering(listener);
    *beside = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
    memcpy(CMSG_DATA(beside), fd, sizeof fd);
    ck_assert_int_eq((int)sendmsg(client, &header, MSG_NOSIGNAL), 1);
    for (unsigned i = 0; i < DESCRIPTORS; i++)
        ck_assert_int_eq(close(fd[i]), 0);
}

/* One comes in the middle of a battle, one so late that nobody answers it any more. */
START_TEST(nobody_waits_for_a_clients_descriptors)
{
    const bool late = _i == 1;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status;
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&any, sizeof any), 0);
    ck_assert_int_eq(listen(listener, DESCRIPTORS), 0);
    start();
    ck_assert_int_eq(kill(supervisor, SIGSTOP), 0); /* or it would have answered too soon */
    int client = connected();
    send_lingering(client, listener);
    close(client);
    if (!late) {
        ck_assert_int_eq(kill(supervisor, SIGCONT), 0);
        ck_assert_msg(ry_role_door_enter(&door, ry_test_supervised.directory, why) == 0, "%s", why);
        ry_role_door_leave(&door);
    }
    ck_assert_int_eq(kill(supervisor, SIGTERM), 0);
    ck_assert_int_eq(kill(supervisor, SIGCONT), 0);
    ck_assert_int_eq(waitpid(supervisor, &status, 0), supervisor);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), SIGTERM * 2 + 1);
    close(listener);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("door_linger");
    TCase *c = tcase_create("door_linger");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_loop_test(c, nobody_waits_for_a_clients_descriptors, 0, 2);
    tcase_set_timeout(c, 40);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
