/*
 * The observers' door, with real processes: who is let in and with what, who is not, and what
 * clients that mean no good cost the battle.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/door.h"
#include "core/role/secret.h"
#include "core/supervisor/state.h"
#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define CLIENTS 200

static struct ry_test_supervised *const t = &ry_test_supervised;

static char path[PATH_MAX + 32], why[RY_ROLE_DOOR_WHY_BYTES];
static pid_t supervisor, roles[4];
static struct ry_role_door door;

static void start(void)
{
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    supervisor = ry_test_supervised_start(roles);
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
}

/* Ends the battle in order. */
static void stop(void)
{
    int status;
    ck_assert_int_eq(kill(supervisor, SIGTERM), 0);
    ck_assert_int_eq(waitpid(supervisor, &status, 0), supervisor);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), SIGTERM * 2 + 1);
    ck_assert_int_eq(access(path, F_OK), -1);
}

static struct sockaddr_un address_of(const char *file)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    ck_assert_uint_lt(strlen(file), sizeof address.sun_path);
    memcpy(address.sun_path, file, strlen(file));
    return address;
}

/* A socket that is bound there, as another supervisor's is. */
static int bound(const char *file)
{
    struct sockaddr_un address = address_of(file);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static int connected(void)
{
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    while (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        ck_assert_int_eq(errno, EAGAIN); /* the queue is full: the supervisor gets to it */
        usleep(1000);
    }
    return fd;
}

static void enter(void)
{
    ck_assert_msg(ry_role_door_enter(&door, t->directory, why) == 0, "%s", why);
}

START_TEST(an_observer_is_handed_the_battle)
{
    static const char *const names[] = {"exec.watch",  "exec.inputs",   "feed0.watch",
                                        "feed1.watch", "journal.watch", "journal.positions"};
    struct stat status;
    start();
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0660);
    enter();
    ck_assert_uint_eq(door.regions, sizeof names / sizeof names[0]);
    for (unsigned i = 0; i < door.regions; i++) {
        struct ry_role_link link;
        int fd = door.fd[i];
        ck_assert_int_eq(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
        ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
        ck_assert_ptr_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
        ck_assert_int_eq(errno, EACCES); /* before any seal is asked */
        ck_assert_msg(ry_role_door_join(&door, &link, names[i], why) == 0, "%s", why);
        ck_assert_int_eq(ry_role_door_join(&door, &link, names[i], why), -1);
        ck_assert_ptr_nonnull(strstr(why, "not handed out"));
    }
    ck_assert_int_eq(
        ry_role_door_join(&door, &(struct ry_role_link){.row = NULL}, "exec.base", why), -1);
    ry_role_door_leave(&door);
    stop();
}
END_TEST

/* Also when the battle is over. */
START_TEST(counters_and_log_are_there)
{
    struct ry_role_link watch;
    uint64_t counters[RY_COUNTERS_MAX];
    struct ry_log_record line;
    bool placed = false;
    start();
    enter();
    ck_assert_msg(ry_role_door_join(&door, &watch, "exec.watch", why) == 0, "%s", why);
    ry_role_door_leave(&door);
    stop();
    const struct ry_role_watch *head = watch.head;
    ck_assert_uint_eq(ry_counters_read(&head->counters, counters, RY_COUNTERS_MAX),
                      3 + RY_ROLE_COUNTERS);
    ck_assert_uint_eq(counters[2], 42);
    while (ry_log_next(&watch.reader, &line) == 1)
        placed |= memmem(line.text, line.length, "not bound", 9) != NULL;
    ck_assert(placed);
    ry_role_link_leave(&watch);
}
END_TEST

START_TEST(where_no_battle_runs)
{
    ck_assert_int_eq(ry_role_door_enter(&door, t->directory, why), -1);
    ck_assert_str_eq(why, "no battle runs there");
    ck_assert_int_eq(ry_role_door_enter(&door, "/nowhere", why), -1);
    ck_assert_str_eq(why, "No such file or directory");
}
END_TEST

/* ---- sockets of others ----------------------------------------------------------------------- */

START_TEST(a_dead_supervisors_socket_is_replaced)
{
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
    close(bound(path));
    ck_assert_int_eq(ry_role_door_enter(&door, t->directory, why), -1);
    ck_assert_str_eq(why, "no battle runs there");
    start();
    enter();
    ry_role_door_leave(&door);
    stop();
}
END_TEST

/* A supervisor that was killed, by its own socket. */
START_TEST(after_kill_9)
{
    int status;
    setenv("JOURNAL", "hang", 1);
    start();
    unsetenv("JOURNAL");
    ck_assert_int_eq(kill(supervisor, SIGKILL), 0);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_int_gt(waitpid(-1, &status, 0), 0); /* its roles too */
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_int_eq(ry_role_door_enter(&door, t->directory, why), -1);
    ck_assert_str_eq(why, "no battle runs there");
    start();
    enter();
    ry_role_door_leave(&door);
    stop();
}
END_TEST

START_TEST(a_second_battle_in_the_directory_is_refused)
{
    start();
    /* Its queue full, it lives all the same. */
    if (_i == 1)
        ck_assert_int_eq(kill(supervisor, SIGSTOP), 0);
    struct sockaddr_un address = address_of(path);
    int waiting[64];
    for (unsigned i = 0; i < 64; i++) {
        waiting[i] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(waiting[i], (struct sockaddr *)&address, sizeof address);
    }
    ry_test_supervised_run();
    ck_assert_int_eq(t->result.outcome, RY_SUPERVISOR_OUTCOME_ENVIRONMENT);
    ck_assert_msg(strstr(t->result.text, "another battle runs in this directory") != NULL, "%s",
                  t->result.text);
    for (unsigned i = 0; i < 64; i++)
        close(waiting[i]);
    ck_assert_int_eq(kill(supervisor, SIGCONT), 0);
    enter(); /* the first one's door was left alone */
    ry_role_door_leave(&door);
    stop();
}
END_TEST

static char said[600];

static void remember(void *context, const char *line)
{
    (void)context;
    snprintf(said, sizeof said, "%s", line);
}

/* It is somebody's file: it stays, and the battle does without a door. */
START_TEST(what_is_no_socket_stays)
{
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    t->plan.hooks.say = remember;
    ry_test_supervised_run();
    ck_assert_msg(t->result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", t->result.text);
    ck_assert_str_eq(said, "no door for observers: observe.sock is there and is no socket; the "
                           "battle goes on");
    ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

/* Who ends removes the socket that it made, not one that another made since. */
START_TEST(anothers_socket_stays)
{
    struct ry_supervisor_door own;
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
    ck_assert_int_eq(ry_supervisor_door_open(&own, t->directory, why), RY_SUPERVISOR_DOOR_OPEN);
    ck_assert_int_eq(unlink(path), 0);
    int another = bound(path);
    ry_supervisor_door_close(&own);
    ck_assert_int_eq(access(path, F_OK), 0);
    close(another);
}
END_TEST

START_TEST(so_many_answers_a_tick)
{
    struct ry_supervisor s = {.phase = RY_SUPERVISOR_OPENING};
    char byte;
    int client[3];
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
    ck_assert_int_eq(ry_supervisor_door_open(&s.door, t->directory, why), RY_SUPERVISOR_DOOR_OPEN);
    for (unsigned i = 0; i < 3; i++)
        client[i] = connected();
    s.door.left = 2;
    ry_supervisor_answer_door(&s);
    ck_assert_uint_eq(s.door.left, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(recv(client[i], &byte, 1, MSG_DONTWAIT), i < 2 ? 1 : -1);
        close(client[i]);
    }
    ry_supervisor_door_close(&s.door);
}
END_TEST

/* However long the path is: an address holds 107 bytes. */
START_TEST(a_long_path)
{
    char log[PATH_MAX];
    size_t length = strlen(t->directory);
    for (unsigned i = 0; i < 3; i++) {
        length += (size_t)snprintf(t->directory + length, 80, "/%060u", i);
        ck_assert_int_eq(mkdir(t->directory, 0755), 0);
    }
    snprintf(log, sizeof log, "%.1000s/log", t->directory);
    ck_assert_int_eq(mkdir(log, 0755), 0);
    start();
    enter();
    ry_role_door_leave(&door);
    stop();
}
END_TEST

/* ---- who is refused -------------------------------------------------------------------------- */

/* What the door says to a process of that user and these groups: "let in", or why not. */
static const char *said_to(uid_t uid, gid_t gid, gid_t supplementary)
{
    static char answer[RY_ROLE_DOOR_WHY_BYTES];
    int pipes[2];
    memset(answer, 0, sizeof answer);
    ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        strcpy(why, "let in");
        if (setgroups(supplementary != 0 ? 1 : 0, &supplementary) != 0 ||
            setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
            snprintf(why, sizeof why, "no such user here: %s", strerror(errno));
        else
            (void)ry_role_door_enter(&door, t->directory, why);
        (void)!write(pipes[1], why, sizeof why);
        _exit(0);
    }
    close(pipes[1]);
    ck_assert_int_eq((int)read(pipes[0], answer, sizeof answer), (int)sizeof answer);
    close(pipes[0]);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    return answer;
}

/* In a directory that a group may enter, as root: true if that could be had. */
static bool start_for_group(gid_t group)
{
    if (geteuid() != 0) {
        ry_test_skip("needs root, to become other users");
        return false;
    }
    ck_assert_int_eq(chmod(t->folder, 0755), 0);
    ck_assert_int_eq(chown(t->directory, 0, group), 0);
    ck_assert_int_eq(chmod(t->directory, 02755), 0);
    start();
    return true;
}

START_TEST(another_user_is_refused)
{
    if (!start_for_group(4242))
        return;
    ck_assert_str_eq(said_to(12345, 12345, 0), "Permission denied"); /* the socket's mode */
    ck_assert_int_eq(chmod(path, 0666), 0);
    ck_assert_str_eq(said_to(12345, 12345, 0),
                     "user 12345 is neither the owner (0) nor in the group (4242)");
    ck_assert_str_eq(said_to(0, 0, 0), "let in");
    stop();
}
END_TEST

START_TEST(the_group_is_let_in)
{
    if (!start_for_group(4242))
        return;
    ck_assert_str_eq(said_to(12345, 4242, 0), "let in");
    ck_assert_str_eq(said_to(12345, 12345, 4242), "let in");
    ck_assert_str_eq(said_to(12345, 12345, 4243), "Permission denied");
    stop();
}
END_TEST

/* Even if it were in the group, and the socket open to all. */
START_TEST(an_agents_user_is_refused)
{
    if (!start_for_group(4242))
        return;
    char text[64];
    ck_assert_int_eq(chmod(path, 0666), 0);
    const uid_t users[] = {RY_ROLE_STRANGER_UID_NOBODY, RY_ROLE_STRANGER_UID_FIRST,
                           RY_ROLE_STRANGER_UID_FIRST +
                               RY_ROLE_STRANGER_UID_RANGES * RY_AGENTS_MAX - 1};
    for (unsigned i = 0; i < 3; i++) {
        const char *answer = said_to(users[i], 4242, 0);
        snprintf(text, sizeof text, "user %u is an agent's", users[i]);
        /* A container has no such users: then no agent has one either. */
        bool none = i > 0 && strncmp(answer, "no such user here", 17) == 0;
        ck_assert_msg(none || strcmp(answer, text) == 0, "%s", answer);
    }
    ck_assert_str_eq(said_to(RY_ROLE_STRANGER_UID_FIRST - 1, 4242, 0), "let in");
    stop();
}
END_TEST

/* It has the owner's user: only that the supervisor started it tells it apart. */
START_TEST(a_process_of_the_battle_is_refused)
{
    setenv("JOURNAL", _i == 0 ? "observe" : "observe-child", 1);
    t->plan.hooks.say = remember;
    ry_test_supervised_run();
    ck_assert_msg(t->result.outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", t->result.text);
    const char *log = ry_test_log_of("journal");
    ck_assert_msg(strstr(log, _i == 0 ? "at the door: process " : "at the door: a child's 17") !=
                      NULL,
                  "%s", log);
    ck_assert_msg(_i == 1 || strstr(log, " belongs to the battle") != NULL, "%s", log);
    ck_assert_msg(strncmp(said, "refused an observer: process ", 29) == 0, "%s", said);
}
END_TEST

/* ---- clients that mean no good --------------------------------------------------------------- */

static unsigned descriptors_of(pid_t pid)
{
    char command[64], text[16] = "";
    snprintf(command, sizeof command, "ls /proc/%d/fd | wc -l", (int)pid);
    FILE *out = popen(command, "re");
    ck_assert_ptr_nonnull(out);
    ck_assert_ptr_nonnull(fgets(text, sizeof text, out));
    pclose(out);
    return (unsigned)atoi(text);
}

/* Words, descriptors and silence: nothing is read, nothing is kept, the next one is served. */
START_TEST(garbage_costs_nothing)
{
    static char junk[1 << 16];
    start();
    unsigned before = descriptors_of(supervisor);
    for (unsigned i = 0; i < 50; i++) {
        int fd = connected();
        char control[CMSG_SPACE(sizeof fd)] = {0};
        struct iovec part = {.iov_base = junk, .iov_len = i * 1000 + 1};
        struct msghdr header = {.msg_iov = &part,
                                .msg_iovlen = 1,
                                .msg_control = control,
                                .msg_controllen = sizeof control};
        struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
        *beside = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
        memcpy(CMSG_DATA(beside), &fd, sizeof fd);
        (void)sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (i % 2 == 0)
            (void)shutdown(fd, SHUT_RD); /* and has no ear for the answer */
        close(fd);
    }
    enter();
    ry_role_door_leave(&door);
    while (descriptors_of(supervisor) != before)
        usleep(10000);
    stop();
}
END_TEST

/* More than the kernel's queue holds, none of which reads: the battle ends all the same. */
START_TEST(clients_that_never_read)
{
    int fds[CLIENTS];
    start();
    unsigned before = descriptors_of(supervisor);
    for (unsigned i = 0; i < CLIENTS; i++)
        fds[i] = connected();
    ry_role_door_leave(&door);
    while (descriptors_of(supervisor) != before)
        usleep(10000);
    stop();
    for (unsigned i = 0; i < CLIENTS; i++)
        close(fds[i]);
}
END_TEST

/* Connects as fast as it can, for ever: ticks and signals come to their turn. */
START_TEST(a_flood_does_not_keep_the_supervisor)
{
    start();
    pid_t flood = fork();
    if (flood == 0) {
        struct sockaddr_un address = address_of(path);
        for (;;) {
            int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            (void)connect(fd, (struct sockaddr *)&address, sizeof address);
            close(fd);
        }
    }
    for (unsigned i = 0; i < 5; i++) {
        /* A full queue is a client's affair: it waits its RY_ROLE_DOOR_SECONDS, or is served. */
        (void)ry_role_door_enter(&door, t->directory, why);
        ry_role_door_leave(&door);
    }
    stop();
    ck_assert_int_eq(kill(flood, SIGKILL), 0);
    ck_assert_int_eq(waitpid(flood, NULL, 0), flood);
}
END_TEST

/* ---- a client that is told nonsense ---------------------------------------------------------- */

/* Listens, and answers the one who comes with `bytes` of `packet` and so many descriptors. */
static pid_t answer_with(const struct ry_role_door_packet *packet, size_t bytes, unsigned count)
{
    snprintf(path, sizeof path, "%s/" RY_ROLE_DOOR_NAME, t->directory);
    int listener = bound(path);
    ck_assert_int_eq(listen(listener, 1), 0);
    pid_t pid = fork();
    if (pid == 0) {
        int client = accept(listener, NULL, NULL);
        char control[CMSG_SPACE(200 * sizeof(int))] = {0};
        struct ry_role_door_packet copy = *packet;
        struct iovec part = {.iov_base = &copy, .iov_len = bytes};
        struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
        if (count > 0) {
            header.msg_control = control;
            header.msg_controllen = CMSG_SPACE(count * sizeof(int));
            struct cmsghdr *beside = CMSG_FIRSTHDR(&header);
            *beside = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                                       .cmsg_type = SCM_RIGHTS,
                                       .cmsg_len = CMSG_LEN(count * sizeof(int))};
            for (unsigned i = 0; i < count; i++)
                memcpy(CMSG_DATA(beside) + i * sizeof client, &client, sizeof client);
        }
        if (bytes > 0)
            (void)sendmsg(client, &header, 0);
        _exit(0);
    }
    close(listener);
    return pid;
}

START_TEST(a_client_believes_nothing)
{
    static const struct {
        uint64_t magic;
        size_t bytes;
        uint32_t regions;
        unsigned descriptors;
    } wrong[] = {
        {0, sizeof(struct ry_role_door_packet), 1, 1},                      /* another's */
        {RY_ROLE_DOOR_MAGIC, sizeof(struct ry_role_door_packet) - 1, 1, 1}, /* cut */
        {RY_ROLE_DOOR_MAGIC, sizeof(struct ry_role_door_packet), 2, 1},     /* one is missing */
        {RY_ROLE_DOOR_MAGIC, sizeof(struct ry_role_door_packet), 1, 2},     /* one too many */
        {RY_ROLE_DOOR_MAGIC, sizeof(struct ry_role_door_packet), 200, 200}, /* many too many */
        {RY_ROLE_DOOR_MAGIC, sizeof(struct ry_role_door_packet), UINT32_MAX, 0},
        {RY_ROLE_DOOR_MAGIC, 0, 0, 0}, /* closed without a word */
    };
    struct ry_role_door_packet packet = {.magic = wrong[_i].magic, .regions = wrong[_i].regions};
    memset(packet.why, 'x', sizeof packet.why);
    memset(packet.name, 'x', sizeof packet.name);
    unsigned before = ry_test_open_descriptors();
    pid_t pid = answer_with(&packet, wrong[_i].bytes, wrong[_i].descriptors);
    ck_assert_int_eq(ry_role_door_enter(&door, t->directory, why), -1);
    ck_assert_str_eq(why, "what listens there is no supervisor of this version, or gave up");
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    ck_assert_uint_eq(ry_test_open_descriptors(), before);
}
END_TEST

START_TEST(foreign_text_comes_out_printable_and_names_end)
{
    struct ry_role_door_packet packet = {.magic = RY_ROLE_DOOR_MAGIC, .regions = 1};
    memset(packet.why, '\033', sizeof packet.why);
    memset(packet.name, '\033', sizeof packet.name);
    pid_t pid = answer_with(&packet, sizeof packet, 1);
    ck_assert_msg(ry_role_door_enter(&door, t->directory, why) == 0, "%s", why);
    ck_assert_uint_eq(strlen(door.name[0]), RY_REGION_NAME_BYTES - 1);
    ck_assert_int_eq(door.name[0][0], '?');
    ry_role_door_leave(&door);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    ck_assert_int_eq(unlink(path), 0);
    packet.regions = 0;
    pid = answer_with(&packet, sizeof packet, 0);
    ck_assert_int_eq(ry_role_door_enter(&door, t->directory, why), -1);
    ck_assert_uint_eq(strlen(why), sizeof why - 1);
    ck_assert_int_eq(why[0], '?');
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("door");
    TCase *c = tcase_create("door");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(c, an_observer_is_handed_the_battle);
    tcase_add_test(c, counters_and_log_are_there);
    tcase_add_test(c, where_no_battle_runs);
    tcase_add_test(c, a_dead_supervisors_socket_is_replaced);
    tcase_add_test(c, after_kill_9);
    tcase_add_loop_test(c, a_second_battle_in_the_directory_is_refused, 0, 2);
    tcase_add_test(c, what_is_no_socket_stays);
    tcase_add_test(c, anothers_socket_stays);
    tcase_add_test(c, so_many_answers_a_tick);
    tcase_add_test(c, a_long_path);
    tcase_add_test(c, another_user_is_refused);
    tcase_add_test(c, the_group_is_let_in);
    tcase_add_test(c, an_agents_user_is_refused);
    tcase_add_loop_test(c, a_process_of_the_battle_is_refused, 0, 2);
    tcase_add_test(c, garbage_costs_nothing);
    tcase_add_test(c, clients_that_never_read);
    tcase_add_test(c, a_flood_does_not_keep_the_supervisor);
    tcase_add_loop_test(c, a_client_believes_nothing, 0, 7);
    tcase_add_test(c, foreign_text_comes_out_printable_and_names_end);
    tcase_set_timeout(c, 300);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
