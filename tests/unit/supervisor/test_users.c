/* The users of a battle's agents: a range that nobody else has, or the reason why there is none. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/secret.h"
#include "core/supervisor/users.h"
#include "tests/support/test.h"

static char file[64];

static void set_up(void)
{
    strcpy(file, "/tmp/royale-test-users-XXXXXX");
    ck_assert_int_ge(mkstemp(file), 0);
}

static void tear_down(void)
{
    unlink(file);
}

/* True: this process may give users, and `users` are the first that nobody on the box has (battles
 * that run meanwhile hold theirs in another file, but their agents live). */
static bool take(struct ry_supervisor_users *users)
{
    ry_supervisor_users_take(users, file);
    if (users->first != 0)
        return true;
    const bool no_root = strcmp(users->why, "not started as root") == 0,
               no_users = strncmp(users->why, "this container has no users from ", 33) == 0;
    ck_assert_msg(geteuid() == 0 ? no_users : no_root, "%s", users->why);
    ry_test_skip(users->why);
    return false;
}

START_TEST(each_battle_has_a_range)
{
    struct ry_supervisor_users one, two, three;
    if (!take(&one))
        return;
    ck_assert_uint_ge(one.first, RY_ROLE_STRANGER_UID_FIRST);
    ck_assert_uint_eq((one.first - RY_ROLE_STRANGER_UID_FIRST) % RY_AGENTS_MAX, 0);
    ck_assert(take(&two));
    ck_assert_uint_gt(two.first, one.first);
    ry_supervisor_users_leave(&one);
    ck_assert_uint_eq(one.first, 0);
    ck_assert(take(&three));
    ck_assert_uint_le(three.first, two.first); /* one's, if no battle beside this test took it */
    ck_assert_uint_ne(three.first, two.first);
    ry_supervisor_users_leave(&two);
    ry_supervisor_users_leave(&three);
}
END_TEST

/* A holder that is killed holds nothing any more. */
START_TEST(a_killed_holder_lets_go)
{
    struct ry_supervisor_users users;
    int ready[2];
    uint32_t first = 0;
    if (!take(&users))
        return;
    ry_supervisor_users_leave(&users);
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        ry_supervisor_users_take(&users, file);
        (void)!write(ready[1], &users.first, sizeof users.first);
        for (;;)
            pause();
    }
    ck_assert_int_eq((int)read(ready[0], &first, sizeof first), (int)sizeof first);
    ck_assert(take(&users));
    ck_assert_uint_ne(users.first, first);
    ry_supervisor_users_leave(&users);
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    ck_assert(take(&users));
    ck_assert_uint_le(users.first, first);
    ry_supervisor_users_leave(&users);
}
END_TEST

/* A strategy that outlived its supervisor still has a user of its range, as any of its numbers. */
START_TEST(a_range_with_a_living_user_is_passed_by)
{
    struct ry_supervisor_users users;
    int ready[2];
    char byte;
    if (!take(&users))
        return;
    const uint32_t first = users.first, user = first + RY_AGENTS_MAX - 1;
    ry_supervisor_users_leave(&users);
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (setresuid(_i == 0 ? user : 0, _i == 1 ? user : 0, _i == 2 ? user : 0) != 0)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    ck_assert_int_eq((int)read(ready[0], &byte, 1), 1);
    ck_assert(!ry_supervisor_users_is(pid, user)); /* not with all four */
    ck_assert(take(&users));
    ck_assert_uint_gt(users.first, first);
    ry_supervisor_users_leave(&users);
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(who_has_which_user)
{
    ck_assert(ry_supervisor_users_is(getpid(), getuid()) == (getuid() != 0)); /* 0: none given */
    ck_assert(!ry_supervisor_users_is(getpid(), getuid() + 1));
    ck_assert(!ry_supervisor_users_is(0x7ffffff, 12345));
}
END_TEST

START_TEST(without_there_is_a_reason)
{
    struct ry_supervisor_users users;
    if (!take(&users))
        return;
    ry_supervisor_users_leave(&users);
    ry_supervisor_users_take(&users, "/nowhere/users");
    ck_assert_uint_eq(users.first, 0);
    ck_assert_str_eq(users.why, "cannot lock users in /nowhere/users: No such file or directory");
    ry_supervisor_users_leave(&users);
    pid_t pid = fork();
    if (pid == 0) {
        bool dropped = setresuid(12345, 12345, 12345) == 0;
        ry_supervisor_users_take(&users, file);
        _exit(dropped && users.first == 0 && strcmp(users.why, "not started as root") == 0 ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("users");
    TCase *t = tcase_create("users");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, each_battle_has_a_range);
    tcase_add_test(t, a_killed_holder_lets_go);
    tcase_add_loop_test(t, a_range_with_a_living_user_is_passed_by, 0, 3);
    tcase_add_test(t, who_has_which_user);
    tcase_add_test(t, without_there_is_a_reason);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
