/*
 * The journal of changes and the disk: what was not brought there is lost with the power, and it
 * may take no more. Some stages of the table on a machine of files.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/fake_engine.h"
#include "tests/support/test.h"

static struct ry_test_host fake;
static struct ry_tuning_target target;
static ry_tuning_mask some;
static char *before;

static void open_fake(void)
{
    static const char *const names[] = {"swap", "watchdogs", "thp", "irqbalance", "workqueues"};
    ry_test_host_open(&fake);
    ry_test_host_tree(&fake, "kernel_6_1");
    ry_test_target(&target);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        some |= (ry_tuning_mask)1 << (ry_tuning_stage_named(names[i]) - ry_tuning_stages);
    before = ry_test_host_whole(&fake);
}

static void close_fake(void)
{
    free(before);
    ry_test_host_close(&fake);
}

static void is_as_before(void)
{
    ry_test_host_is(&fake, before, "at the end", 1);
    ck_assert(!ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
}

/* What the disk has of the journal, for the process that is killed and the one that looks. */
struct on_disk {
    bool named; /* its name in the folder */
    off_t bytes;
};
static struct on_disk *on_disk;

/* In place of libc's, which brings files to the disk. */
int fdatasync(int fd)
{
    struct stat status;
    if (on_disk != NULL && fstat(fd, &status) == 0)
        on_disk->bytes = status.st_size;
    return 0;
}

/* Likewise, folders too. */
int fsync(int fd)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat status, folder;
    if (on_disk != NULL && fstat(fd, &status) == 0 &&
        ry_tuning_host_path(&fake.host, RY_TUNING_STATE_FOLDER, full) && stat(full, &folder) == 0 &&
        status.st_ino == folder.st_ino)
        on_disk->named = ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH);
    return 0;
}

/* Of the journal what was not brought to the disk is lost, and the changes are made all the same:
 * each was in it before. */
START_TEST(test_power_lost_at_every_step)
{
    char journal[2 * RY_TUNING_PATH_BYTES];
    unsigned step = 1;
    on_disk =
        mmap(NULL, sizeof *on_disk, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(on_disk, MAP_FAILED);
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, journal));
    for (; ry_test_host_killed(&fake, &target, some, step); step++) {
        if (on_disk->named)
            ck_assert_int_eq(truncate(journal, on_disk->bytes), 0);
        else
            (void)unlink(journal);
        struct ry_test_deeds deeds = ry_test_host_revert(&fake, RY_TUNING_ALL);
        ck_assert_msg(deeds.error == 0 && deeds.told[RY_TUNING_FAILED] == 0, "%s", deeds.why);
        ry_test_host_is(&fake, before, "power lost at step", step);
        *on_disk = (struct on_disk){.named = false};
    }
    ck_assert_uint_gt(step, 50);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* In a process of its own, whose files may not grow beyond `bytes`; true: what it did ended with an
 * error, and it did something. */
static bool without_room(rlim_t bytes, bool apply)
{
    const struct rlimit room = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct ry_test_deeds deeds = {.error = 0};
        if (setrlimit(RLIMIT_FSIZE, &room) == 0)
            deeds = apply ? ry_test_host_apply(&fake, &target, some)
                          : ry_test_host_revert(&fake, RY_TUNING_ALL);
        bool did = !apply || deeds.told[RY_TUNING_SET] > 0;
        _exit(deeds.error < 0 && did ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* The journal takes no more: apply stops in front of the change that it could not save. */
START_TEST(test_no_room_to_apply)
{
    ck_assert(without_room(300 + 37 * (rlim_t)_i, true));
    ck_assert_int_eq(ry_test_host_verify(&fake, RY_TUNING_ALL).error, 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* Revert puts all back nevertheless; what it could not strike out is there once more. */
START_TEST(test_no_room_to_revert)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat status;
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, some).error, 0);
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, full));
    ck_assert_int_eq(stat(full, &status), 0);
    ck_assert(without_room((rlim_t)status.st_size, false));
    ry_test_host_is(&fake, before, "without room", 1);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("engine_disk");
    TCase *c = tcase_create("engine_disk");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, open_fake, close_fake);
    tcase_add_test(c, test_power_lost_at_every_step);
    tcase_add_loop_test(c, test_no_room_to_apply, 0, 8);
    tcase_add_test(c, test_no_room_to_revert);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
