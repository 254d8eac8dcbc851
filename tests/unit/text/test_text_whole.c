/* A file that is whole or absent, also on a disk that takes no more. */
#include "tools/text/whole.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"

static char folder[64];

static void setup(void)
{
    strcpy(folder, "/tmp/royale-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    ck_assert_int_eq(rmdir(folder), 0); /* nothing is left */
}

/* Its bytes; -1: it is not there. */
static int64_t bytes_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_size : -1;
}

START_TEST(kept)
{
    struct ry_text_whole whole;
    ck_assert_int_eq(ry_text_whole_open(&whole, folder, "a", _i ? 100000 : 0), 0);
    ck_assert_int_eq(bytes_of(whole.temporary), _i ? 100000 : 0);
    fputs("four", whole.file);
    ck_assert_int_eq(bytes_of(whole.path), -1);
    ck_assert_int_eq(ry_text_whole_keep(&whole), 0);
    ck_assert_int_eq(bytes_of(whole.path), 4);
    ck_assert_int_eq(bytes_of(whole.temporary), -1);
    ry_text_whole_drop(&whole); /* it is closed: nothing */
    ck_assert_int_eq(unlink(whole.path), 0);
}
END_TEST

START_TEST(dropped)
{
    struct ry_text_whole whole;
    ck_assert_int_eq(ry_text_whole_open(&whole, folder, "a", 0), 0);
    fputs("four", whole.file);
    ry_text_whole_drop(&whole);
    ck_assert_int_eq(bytes_of(whole.path), -1);
    ck_assert_ptr_null(whole.file);
}
END_TEST

START_TEST(no_folder)
{
    struct ry_text_whole whole;
    ck_assert_int_eq(ry_text_whole_open(&whole, "/nowhere", "a", 0), -1);
    ck_assert_str_eq(whole.error, "cannot write /nowhere/a.tmp: No such file or directory");
}
END_TEST

/* What stood there before stays. */
START_TEST(no_room)
{
    const struct rlimit small = {.rlim_cur = 4096, .rlim_max = 4096};
    struct ry_text_whole whole, before;
    ck_assert_int_eq(ry_text_whole_open(&before, folder, "a", 0), 0);
    fputs("old", before.file);
    ck_assert_int_eq(ry_text_whole_keep(&before), 0);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    if (_i) { /* found at once */
        ck_assert_int_eq(ry_text_whole_open(&whole, folder, "a", 100000), -1);
    } else { /* or when it is written */
        ck_assert_int_eq(ry_text_whole_open(&whole, folder, "a", 0), 0);
        for (unsigned i = 0; i < 100000; i++)
            fputc('x', whole.file);
        ck_assert_int_eq(ry_text_whole_keep(&whole), -1);
    }
    ck_assert_ptr_nonnull(strstr(whole.error, "a.tmp: File too large"));
    ck_assert_int_eq(bytes_of(whole.temporary), -1);
    ck_assert_int_eq(bytes_of(whole.path), 3);
    ck_assert_int_eq(unlink(whole.path), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("text_whole");
    TCase *c = tcase_create("text_whole");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, kept, 0, 2);
    tcase_add_test(c, dropped);
    tcase_add_test(c, no_folder);
    tcase_add_loop_test(c, no_room, 0, 2);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
