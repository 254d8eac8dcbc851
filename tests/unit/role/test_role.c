/* The socket between role and supervisor, and a role that nobody supervises. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/message.h"
#include "core/role/role.h"
#include "tests/support/test.h"

static int ends[2];

static void set_up(void)
{
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
}

static void tear_down(void)
{
    close(ends[0]);
    close(ends[1]);
}

START_TEST(a_message_comes_as_it_was_sent)
{
    struct ry_role_message sent = {.kind = RY_ROLE_TELL_PLACE, .policy = RY_WAIT_SPIN, .core = 17},
                           got;
    int fd = 99;
    strcpy(sent.name, "exec.inputs");
    strcpy(sent.text, "why");
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_NONE);
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(ry_role_message_send(ends[0], &sent, -1), 0);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_GOT);
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(memcmp(&sent, &got, sizeof got), 0);
}
END_TEST

START_TEST(a_descriptor_comes_beside_it)
{
    struct ry_role_message sent = {.kind = RY_ROLE_TELL_OFFER}, got;
    struct stat a, b;
    int fd, file = memfd_create("x", 0);
    ck_assert_int_eq(ry_role_message_send(ends[0], &sent, file), 0);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_GOT);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(file, &a) | fstat(fd, &b), 0);
    ck_assert_uint_eq(a.st_ino, b.st_ino);
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
    close(file);
}
END_TEST

START_TEST(what_is_no_message_is_told_apart)
{
    struct ry_role_message got;
    int fd;
    ck_assert_int_eq((int)send(ends[0], "short", 5, 0), 5);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_BAD);
    char large[sizeof got + 1] = {0};
    ck_assert_int_eq((int)send(ends[0], large, sizeof large, 0), (int)sizeof large);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_BAD);
    memset(large, 'x', sizeof large);
    ck_assert_int_eq((int)send(ends[0], large, sizeof got, 0), (int)sizeof got);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_GOT);
    ck_assert_uint_eq(strlen(got.name), sizeof got.name - 1);
    ck_assert_uint_eq(strlen(got.text), sizeof got.text - 1);
    close(ends[0]);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_CLOSED);
    ck_assert_int_eq(ry_role_message_send(ends[1], &got, -1), -1); /* and no SIGPIPE */
    ends[0] = dup(ends[1]);
}
END_TEST

/* It ended without reading ours: what it said last must not be lost. */
START_TEST(last_words_are_heard)
{
    struct ry_role_message sent = {.kind = RY_ROLE_TELL_FAILED, .text = "why"}, got;
    int fd;
    ck_assert_int_eq(ry_role_message_send(ends[1], &sent, -1), 0); /* never read */
    ck_assert_int_eq(ry_role_message_send(ends[0], &sent, -1), 0);
    close(ends[0]);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_GOT);
    ck_assert_str_eq(got.text, "why");
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_CLOSED);
    ends[0] = dup(ends[1]);
}
END_TEST

START_TEST(a_descriptor_beside_what_is_no_message_is_closed)
{
    struct ry_role_message got;
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {.iov_base = control, .iov_len = 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
    int fd, file = memfd_create("x", 0), next = dup(file);
    *beside = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
    memcpy(CMSG_DATA(beside), &file, sizeof file);
    close(next);
    ck_assert_int_eq((int)sendmsg(ends[0], &header, 0), 1);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_BAD);
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(dup(file), next); /* the number is free again */
    close(next);
    close(file);
}
END_TEST

/* Sends `message` with `count` descriptors of `file` beside it. */
static void send_beside(const struct ry_role_message *message, int file, unsigned count)
{
    char control[CMSG_SPACE(4 * sizeof(int))] = {0};
    struct ry_role_message copy = *message;
    struct iovec part = {.iov_base = &copy, .iov_len = sizeof copy};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = CMSG_SPACE(count * sizeof file)};
    struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
    *beside = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                               .cmsg_type = SCM_RIGHTS,
                               .cmsg_len = CMSG_LEN(count * sizeof file)};
    const int files[4] = {file, file, file, file};
    memcpy(CMSG_DATA(beside), files, count * sizeof file);
    ck_assert_int_eq((int)sendmsg(ends[0], &header, 0), (int)sizeof copy);
}

/* A message of ours has one at most: whoever sends more gets us to keep none. */
START_TEST(more_descriptors_than_one_are_closed)
{
    struct ry_role_message sent = {.kind = RY_ROLE_TELL_OFFER}, got;
    int fd, file = memfd_create("x", 0), next = dup(file);
    close(next);
    for (unsigned count = 2; count <= 4; count++) {
        send_beside(&sent, file, count);
        ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_BAD);
        ck_assert_int_eq(fd, -1);
        ck_assert_int_eq(dup(file), next); /* the number is free again */
        close(next);
    }
    close(file);
}
END_TEST

/* What others say comes to a terminal in the end. */
START_TEST(foreign_text_comes_out_printable)
{
    struct ry_role_message sent = {.kind = RY_ROLE_TELL_FAILED}, got;
    int fd;
    strcpy(sent.name, "a\033[2Jb\n");
    strcpy(sent.text, "no\rsuch\033]0;x\007 file \x9b 31m\xc2\x9b\x7f~");
    ck_assert_int_eq(ry_role_message_send(ends[0], &sent, -1), 0);
    ck_assert_int_eq(ry_role_message_receive(ends[1], &got, &fd), RY_ROLE_MESSAGE_GOT);
    ck_assert_str_eq(got.name, "a?[2Jb?");
    ck_assert_str_eq(got.text, "no?such?]0;x? file ? 31m???~");
}
END_TEST

/* ---- a role that is not started as it should be ---------------------------------------------- */

static int never(struct ry_role_process *process)
{
    (void)process;
    abort();
}

static void never_close(struct ry_role_process *process)
{
    (void)process;
    abort();
}

/* The exit code of a role with that battle on its descriptor; a socket whose other end is closed.
 */
static int exit_code(int battle, int argc)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        char name[] = "royale-test", index[] = "0", directory[] = ".", own[] = "x";
        char *argv[] = {name, index, directory, own, NULL};
        static const struct ry_role role = {
            .bytes = 1, .open = never, .join = never, .step = never, .close = never_close};
        int socket = dup(ends[0]), kept = fcntl(battle, F_DUPFD, 64);
        socket = fcntl(socket, F_DUPFD, 64);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        close(ends[1]);
        close(RY_ROLE_FD_BATTLE);
        if (kept >= 0)
            dup2(kept, RY_ROLE_FD_BATTLE);
        dup2(socket, RY_ROLE_FD_SOCKET);
        (void)close_range(RY_ROLE_FD_SOCKET + 1, ~0u, 0);
        _exit(ry_role_main(&role, argc, argv));
    }
    close(ends[1]);
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int battle_file(unsigned instruments, size_t bytes, uint32_t abi, unsigned seals)
{
    int fd = memfd_create("battle", MFD_ALLOW_SEALING);
    struct ry_battle battle = {.abi = abi, .instruments = (uint16_t)instruments};
    ck_assert_int_eq(ftruncate(fd, (off_t)bytes), 0);
    ck_assert_int_eq((int)pwrite(fd, &battle, sizeof battle < bytes ? sizeof battle : bytes, 0),
                     (int)(sizeof battle < bytes ? sizeof battle : bytes));
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

#define SEALED (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

START_TEST(without_a_battle_it_says_so_and_ends)
{
    static const struct {
        unsigned instruments, more;
        uint32_t abi;
        unsigned seals;
        int argc;
    } wrong[] = {
        {1, 0, RY_BATTLE_ABI, 0, RY_ROLE_ARGUMENTS},          /* can still be written */
        {1, 0, RY_BATTLE_ABI + 1, SEALED, RY_ROLE_ARGUMENTS}, /* of another house */
        {1, 1, RY_BATTLE_ABI, SEALED, RY_ROLE_ARGUMENTS},     /* too long */
        {1, 0, RY_BATTLE_ABI, SEALED, RY_ROLE_ARGUMENTS - 1}, /* without the arguments */
    };
    int fd =
        battle_file(wrong[_i].instruments, ry_battle_bytes(wrong[_i].instruments) + wrong[_i].more,
                    wrong[_i].abi, wrong[_i].seals);
    ck_assert_int_eq(exit_code(fd, wrong[_i].argc), 2);
    close(fd);
}
END_TEST

START_TEST(with_no_descriptor_at_all)
{
    ck_assert_int_eq(exit_code(-1, 3), 2);
}
END_TEST

/* With a battle, but a supervisor that died before it said where: it ends without opening anything.
 */
START_TEST(the_supervisor_is_gone_before_the_first_word)
{
    int fd = battle_file(3, ry_battle_bytes(3), RY_BATTLE_ABI, SEALED);
    ck_assert_int_eq(exit_code(fd, RY_ROLE_ARGUMENTS), 0);
    close(fd);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("run");
    TCase *t = tcase_create("run");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_message_comes_as_it_was_sent);
    tcase_add_test(t, a_descriptor_comes_beside_it);
    tcase_add_test(t, what_is_no_message_is_told_apart);
    tcase_add_test(t, last_words_are_heard);
    tcase_add_test(t, a_descriptor_beside_what_is_no_message_is_closed);
    tcase_add_test(t, more_descriptors_than_one_are_closed);
    tcase_add_test(t, foreign_text_comes_out_printable);
    tcase_add_loop_test(t, without_a_battle_it_says_so_and_ends, 0, 4);
    tcase_add_test(t, with_no_descriptor_at_all);
    tcase_add_test(t, the_supervisor_is_gone_before_the_first_word);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
