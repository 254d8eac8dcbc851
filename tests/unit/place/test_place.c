/* Where the parts of royale lie: in a build, installed, moved, and where they are said to be. */
#include "tests/support/test.h"

#include <layout.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/place/place.h"

/* An installation as this build is told of it, deep enough for ways that go up. */
#define BIN     "a/b/c/d/" RY_LAYOUT_BIN_NAME
#define LIBEXEC BIN "/" RY_LAYOUT_LIBEXEC
#define LIB     BIN "/" RY_LAYOUT_LIB
#define SHARE   BIN "/" RY_LAYOUT_SHARE

static char root[] = "/tmp/royale-place-XXXXXX", real[PATH_MAX];

static void make(const char *command)
{
    char whole[512];
    snprintf(whole, sizeof whole, "cd '%s' && %s", root, command);
    ck_assert_int_eq(system(whole), 0);
}

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_ptr_nonnull(realpath(root, real));
    make("mkdir -p " BIN " && "
         "install -D /bin/true " LIBEXEC "/royale-exec && install /bin/true " BIN "/royale && "
         "mkdir -p " LIB " " SHARE " build/bin build/lib/royale build/share/royale alone && "
         "install /bin/true build/bin/royale && install /bin/true build/bin/royale-exec");
}

static void tear_down(void)
{
    make("rm -rf build a alone");
    ck_assert_int_eq(rmdir(root), 0);
}

/* From a program in `own`, below the root, as `given`. */
static void is(enum ry_place_part part, const char *own, const char *given, const char *wanted)
{
    char from[PATH_MAX + 64], libexec[PATH_MAX + 64], whole[PATH_MAX + 64], path[PATH_MAX];
    char settled[PATH_MAX];
    snprintf(from, sizeof from, "%s/%s", root, own);
    snprintf(libexec, sizeof libexec, "%s/%s", root, given == NULL ? "" : given);
    snprintf(whole, sizeof whole, "%s/%s", real, wanted);
    ry_place_of(part, from, given == NULL ? NULL : libexec, path);
    if (realpath(whole, settled) != NULL)
        ck_assert_str_eq(path, settled);
    else
        ck_assert_str_eq(path, whole);
}

START_TEST(a_build_has_all_programs_in_one_folder)
{
    is(RY_PLACE_ROYALE, "build/bin", NULL, "build/bin/royale");
    is(RY_PLACE_PROGRAMS, "build/bin", NULL, "build/bin");
    is(RY_PLACE_STRATEGIES, "build/bin", NULL, "build/lib/royale");
    is(RY_PLACE_SHARE, "build/bin", NULL, "build/share/royale");
}
END_TEST

START_TEST(installed_royale_finds_what_it_starts)
{
    is(RY_PLACE_ROYALE, BIN, NULL, BIN "/royale");
    is(RY_PLACE_PROGRAMS, BIN, NULL, LIBEXEC);
    is(RY_PLACE_STRATEGIES, BIN, NULL, LIB);
    is(RY_PLACE_SHARE, BIN, NULL, SHARE);
}
END_TEST

START_TEST(what_it_starts_finds_the_rest)
{
    is(RY_PLACE_ROYALE, LIBEXEC, NULL, BIN "/royale");
    is(RY_PLACE_PROGRAMS, LIBEXEC, NULL, LIBEXEC);
    is(RY_PLACE_STRATEGIES, LIBEXEC, NULL, LIB);
    is(RY_PLACE_SHARE, LIBEXEC, NULL, SHARE);
}
END_TEST

/* An installation over one that had all its programs in bin. */
START_TEST(installed_programs_go_before_what_was_left_in_bin)
{
    make("cp /bin/true " BIN "/royale-exec");
    is(RY_PLACE_PROGRAMS, BIN, NULL, LIBEXEC);
}
END_TEST

START_TEST(a_folder_with_royale_is_given_whole)
{
    is(RY_PLACE_ROYALE, BIN, "build/bin", "build/bin/royale");
    is(RY_PLACE_PROGRAMS, BIN, "build/bin", "build/bin");
    is(RY_PLACE_STRATEGIES, BIN, "build/bin", "build/lib/royale");
}
END_TEST

START_TEST(a_folder_without_royale_has_programs_alone)
{
    is(RY_PLACE_PROGRAMS, BIN, "alone", "alone");
    is(RY_PLACE_ROYALE, BIN, "alone", BIN "/royale");
    is(RY_PLACE_SHARE, LIBEXEC, LIBEXEC, SHARE);
    is(RY_PLACE_PROGRAMS, BIN, "nowhere", "nowhere");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("place");
    TCase *parts = tcase_create("parts");
    tcase_add_checked_fixture(parts, set_up, tear_down);
    tcase_add_test(parts, a_build_has_all_programs_in_one_folder);
    tcase_add_test(parts, installed_royale_finds_what_it_starts);
    tcase_add_test(parts, what_it_starts_finds_the_rest);
    tcase_add_test(parts, installed_programs_go_before_what_was_left_in_bin);
    tcase_add_test(parts, a_folder_with_royale_is_given_whole);
    tcase_add_test(parts, a_folder_without_royale_has_programs_alone);
    suite_add_tcase(s, parts);
    return s;
}

RY_TEST_MAIN(suite)
