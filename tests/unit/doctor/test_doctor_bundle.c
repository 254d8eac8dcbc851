/* Bundles: what is in, what is out, what is said of it, and that the same gives the same bytes. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/journal_rig.h"
#include "tests/support/test.h"
#include "tools/doctor/bundle.h"
#include "tools/doctor/command.h"

static struct ry_doctor_bundle bundle;
static struct journal_folder folder;
static char error[RY_DOCTOR_ERROR_BYTES];

static void begin(void)
{
    folder = journal_folder_make();
    setenv("TMPDIR", folder.path, 1);
    ry_doctor_bundle_open(&bundle);
}

static void finish(void)
{
    ry_doctor_bundle_close(&bundle);
    journal_folder_remove(&folder);
}

static void add(const char *name, const char *text)
{
    ry_doctor_bundle_text(&bundle, name, "a test's", text, strlen(text));
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder.path, name);
    return path;
}

static char *listing(void)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    ry_doctor_bundle_print(out, &bundle);
    fclose(out);
    return text;
}

/* What a command says, which the caller frees. */
static char *said(const char *const *argv)
{
    struct ry_doctor_text text = {.at = NULL};
    ck_assert_int_eq(ry_doctor_command(argv, true, 20, &text), 0);
    ry_doctor_text_put(&text, "", 0);
    return text.at;
}

START_TEST(packed)
{
    struct stat status;
    add("plan.txt", "the plan\n");
    add("log/exec.log", "said\npassword=hunter2\n");
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, path_of("a.tar.gz"), error), 0);
    ck_assert_int_eq(stat(path_of("a.tar.gz"), &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    char *names = said((const char *const[]){"tar", "-tf", path_of("a.tar.gz"), NULL});
    ck_assert_str_eq(names, "royale-doctor/\nroyale-doctor/CONTENTS.txt\nroyale-doctor/log/\n"
                            "royale-doctor/log/exec.log\nroyale-doctor/plan.txt\n");
    free(names);
    char *text = said((const char *const[]){"tar", "-xOf", path_of("a.tar.gz"),
                                            "royale-doctor/log/exec.log", NULL});
    ck_assert_str_eq(text, "said\npassword=***\n");
    free(text);
    char *contents = said((const char *const[]){"tar", "-xOf", path_of("a.tar.gz"),
                                                "royale-doctor/CONTENTS.txt", NULL});
    char *listed = listing();
    ck_assert_str_eq(contents, listed);
    free(contents);
    free(listed);
    char *left = said((const char *const[]){"ls", folder.path, NULL});
    ck_assert_str_eq(left, "a.tar.gz\n"); /* nothing of what it was made in */
    free(left);
}
END_TEST

START_TEST(the_same_bytes)
{
    add("plan.txt", "the plan\n");
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, path_of("a.tar.gz"), error), 0);
    sleep(1); /* whatever stamps there were would differ now */
    char other[256];
    snprintf(other, sizeof other, "%s", path_of("b.tar.gz"));
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, other, error), 0);
    free(said((const char *const[]){"cmp", path_of("a.tar.gz"), other, NULL}));
}
END_TEST

START_TEST(listed)
{
    add("a.txt", "token=x\nsecret=y\n");
    add("ryk_0123456789abcdef.log", "");
    ry_doctor_bundle_file(&bundle, "b.txt", "not there", path_of("absent"));
    ry_doctor_bundle_out(&bundle, "inputs.ryj", "the journal");
    char *text = listing();
    ck_assert_str_eq(text,
                     "inside (bytes, file, what it is):\n"
                     "        21  a.txt                        a test's; 2 secrets taken out\n"
                     "         0  ryk_***.log                  a test's; 1 secret taken out\n"
                     "left out:\n"
                     "            b.txt                        No such file or directory\n"
                     "            inputs.ryj                   the journal\n"
                     "3 secrets taken out, each reads ***\n");
    free(text);
}
END_TEST

/* A long file loses its middle, at ends of lines. */
START_TEST(long_files)
{
    const unsigned lines = 3 * RY_DOCTOR_FILE_BYTES / 16;
    FILE *file = fopen(path_of("long"), "w");
    for (unsigned i = 0; i < lines; i++)
        fprintf(file, "line %010u\n", i);
    fclose(file);
    ry_doctor_bundle_file(&bundle, "long", "long", path_of("long"));
    ck_assert_uint_eq(bundle.count, 1);
    const struct ry_doctor_file *kept = &bundle.file[0];
    ck_assert_uint_le(kept->bytes, RY_DOCTOR_FILE_BYTES + 64);
    ck_assert_uint_gt(kept->bytes, RY_DOCTOR_FILE_BYTES - 64);
    ck_assert_uint_ge(kept->cut, lines * 16 - RY_DOCTOR_FILE_BYTES);
    ck_assert_int_eq(strncmp(kept->text, "line 0000000000\n", 16), 0);
    char last[32];
    snprintf(last, sizeof last, "line %010u\n", lines - 1);
    ck_assert_str_eq(kept->text + kept->bytes - strlen(last), last);
    ck_assert_ptr_nonnull(strstr(kept->text, " bytes are left out here]\nline "));
}
END_TEST

/* One that is longer than what is read of it, with a secret across where the reading goes on. */
START_TEST(very_long_files)
{
    const size_t part = 4 * RY_DOCTOR_FILE_BYTES, all = 3 * part;
    char *text = malloc(all);
    memset(text, '.', all);
    for (size_t i = 79; i < all; i += 80)
        text[i] = '\n';
    memcpy(text + all - part - 12, "\npassword=hunter2-correct-horse\n", 32);
    FILE *file = fopen(path_of("long"), "w");
    ck_assert_uint_eq(fwrite(text, 1, all, file), all);
    fclose(file);
    free(text);
    ry_doctor_bundle_file(&bundle, "long", "long", path_of("long"));
    ck_assert_ptr_null(strstr(bundle.file[0].text, "correct-horse"));
    ck_assert_uint_gt(bundle.file[0].cut, part);
}
END_TEST

START_TEST(no_room)
{
    char *text = malloc(RY_DOCTOR_FILE_BYTES);
    memset(text, 'x', RY_DOCTOR_FILE_BYTES);
    for (unsigned i = 0; i < RY_DOCTOR_ALL_BYTES / RY_DOCTOR_FILE_BYTES; i++)
        ry_doctor_bundle_text(&bundle, "a", "b", text, RY_DOCTOR_FILE_BYTES);
    ck_assert_uint_eq(bundle.left_count, 0);
    add("one-more", "x");
    free(text);
    ck_assert_uint_eq(bundle.left_count, 1);
    ck_assert_str_eq(bundle.left[0].what, "one-more");
}
END_TEST

START_TEST(no_file)
{
    char target[256];
    ck_assert_int_eq(mkdir(path_of("folder"), 0700), 0);
    snprintf(target, sizeof target, "%s", path_of("secret"));
    ck_assert_int_eq(symlink("/etc/passwd", target), 0);
    ry_doctor_bundle_file(&bundle, "a", "b", path_of("folder"));
    ry_doctor_bundle_file(&bundle, "c", "d", target);
    ck_assert_uint_eq(bundle.count, 0);
    ck_assert_uint_eq(bundle.left_count, 2);
}
END_TEST

START_TEST(not_written)
{
    add("a", "b");
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, path_of("absent/a.tar.gz"), error), -1);
    ck_assert_ptr_nonnull(strstr(error, "absent"));
    setenv("TMPDIR", path_of("absent"), 1);
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, path_of("a.tar.gz"), error), -1);
    ck_assert_ptr_nonnull(strstr(error, "TMPDIR"));
    setenv("TMPDIR", folder.path, 1);
    setenv("PATH", folder.path, 1); /* no tar there */
    ck_assert_int_eq(ry_doctor_bundle_write(&bundle, path_of("a.tar.gz"), error), -1);
    ck_assert_ptr_nonnull(strstr(error, "tar"));
    ck_assert_int_ne(access(path_of("a.tar.gz"), F_OK), 0);
    setenv("PATH", "/usr/bin:/bin", 1);
}
END_TEST

/* ---- commands -------------------------------------------------------------------------------- */

START_TEST(commands)
{
    struct ry_doctor_text text = {.at = NULL};
    const char *const both[] = {"sh", "-c", "echo out; echo err >&2; exit 3", NULL};
    ck_assert_int_eq(ry_doctor_command(both, true, 60, &text), 3);
    ck_assert_str_eq(text.at, "out\nerr\n");
    text.bytes = 0;
    ck_assert_int_eq(ry_doctor_command(both, false, 60, &text), 3);
    ck_assert_str_eq(text.at, "out\n");
    text.bytes = 0;
    ck_assert_int_eq(ry_doctor_command((const char *const[]){"sleep", "100", NULL}, true, 1, &text),
                     -1);
    ck_assert_str_eq(text.at, "sleep was killed: took too long\n");
    text.bytes = 0;
    ck_assert_int_eq(
        ry_doctor_command((const char *const[]){"sh", "-c", "kill -9 $$", NULL}, true, 60, &text),
        -1);
    ck_assert_str_eq(text.at, "sh was ended by signal 9\n");
    text.bytes = 0;
    ck_assert_int_eq(ry_doctor_command((const char *const[]){"/no/such", NULL}, true, 60, &text),
                     -1);
    ck_assert_str_eq(text.at, "/no/such could not be started: No such file or directory\n");
    free(text.at);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("doctor_bundle");
    TCase *t = tcase_create("doctor_bundle");
    tcase_add_checked_fixture(t, begin, finish);
    tcase_set_timeout(t, 180);
    tcase_add_test(t, packed);
    tcase_add_test(t, the_same_bytes);
    tcase_add_test(t, listed);
    tcase_add_test(t, long_files);
    tcase_add_test(t, very_long_files);
    tcase_add_test(t, no_room);
    tcase_add_test(t, no_file);
    tcase_add_test(t, not_written);
    tcase_add_test(t, commands);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
