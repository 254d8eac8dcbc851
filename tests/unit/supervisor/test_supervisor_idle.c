/* The supervisor keeps cores out of deep idle states while somebody spins, and nobody else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/supervised.h"
#include "tests/support/test.h"
#include "tuning/idle.h"

#define ENOUGH_SECONDS  60
#define DESCRIPTORS_MAX 256

static struct ry_test_supervised *const t = &ry_test_supervised;
static bool held; /* seen among the open files of this process while the battle ran */

static void look(void *context, const struct ry_supervisor_member *roles, unsigned count)
{
    (void)context;
    (void)roles;
    (void)count;
    for (int file = 0; file < DESCRIPTORS_MAX && !held; file++) {
        char path[64], target[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        held = readlink(path, target, sizeof target - 1) > 0 &&
               strcmp(target, RY_TUNING_IDLE_PROMISE) == 0;
    }
    raise(SIGTERM);
}

static char said[256]; /* of the promise */

static void say(void *context, const char *line)
{
    (void)context;
    if (strstr(line, RY_TUNING_IDLE_PROMISE) != NULL)
        snprintf(said, sizeof said, "%s", line);
}

static void run(enum ry_tuning_wait wait)
{
    t->placement.process[0] =
        (struct ry_tuning_placed){.name = "exec", .core = RY_TUNING_PLACEMENT_NONE, .wait = wait};
    t->placement.count = 1;
    t->plan.hooks.progress = look;
    t->plan.hooks.say = say;
    held = false;
    said[0] = 0;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    ry_test_supervised_run();
    ck_assert_int_eq(t->result.signal, SIGTERM); /* of look */
}

/* Root alone may; who may not is told, and the battle goes on. */
START_TEST(held_while_somebody_spins)
{
    unsigned before = ry_test_open_descriptors();
    bool may = access(RY_TUNING_IDLE_PROMISE, W_OK) == 0;
    bool there = may || errno != ENOENT;
    run(RY_TUNING_SPIN);
    ck_assert(held == may);
    ck_assert((said[0] != 0) == (there && !may));
    if (said[0] != 0)
        ck_assert_ptr_nonnull(strstr(said, "idle states stay as they are"));
    ck_assert_uint_eq(ry_test_open_descriptors(), before);
}
END_TEST

START_TEST(not_held_where_all_share)
{
    run(RY_TUNING_YIELD);
    ck_assert(!held);
    ck_assert_str_eq(said, "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor_idle");
    TCase *c = tcase_create("supervisor_idle");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(c, held_while_somebody_spins);
    tcase_add_test(c, not_held_where_all_share);
    tcase_set_timeout(c, ENOUGH_SECONDS);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
