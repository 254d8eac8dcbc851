/* Folders with and without battles, that come, change and go. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/library/library.h"

static struct stage stage;
static struct ry_library library;
static char root[] = "/tmp/royale-library-XXXXXX";

static void in(char path[PATH_MAX], const char *folder, const char *file)
{
    snprintf(path, PATH_MAX, "%s/%s%s%s", root, folder, file[0] != 0 ? "/" : "", file);
}

/* A battle in a folder of the library; without its end it has broken off. */
static void put_battle(const char *folder, bool ends)
{
    char path[PATH_MAX];
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    if (ends)
        stage_end(&stage);
    const struct journal_folder made = stage_journal(&stage, stage.inputs);
    stage_close(&stage);
    in(path, folder, "");
    ck_assert_int_eq(rename(made.path, path), 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[PATH_MAX];
    in(path, folder, name);
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void begin(void)
{
    strcpy(root, "/tmp/royale-library-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void end(void)
{
    char command[PATH_MAX];
    ry_library_close(&library);
    snprintf(command, sizeof command, "rm -rf %s", root);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(test_none)
{
    begin();
    char path[PATH_MAX];
    in(path, "empty", "");
    ck_assert_int_eq(mkdir(path, 0777), 0);
    write_file("", "inputs", "no battle");
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
    ck_assert_uint_eq(library.count, 0);
    ck_assert_ptr_null(ry_library_focus(&library));
    ck_assert_ptr_null(ry_library_find(&library, "current"));
    end();
    ck_assert_int_eq(ry_library_open(&library, "/nonexistent", true), -1);
    ry_library_close(&library);
}
END_TEST

START_TEST(test_states)
{
    begin();
    put_battle("a", true);
    put_battle("b", false);
    write_file("", "x", "");
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
    ck_assert_uint_eq(library.count, 2);
    ck_assert_str_eq(library.battle[0].folder, "a");
    ck_assert_str_eq(library.battle[0].state, "ended");
    ck_assert(library.battle[0].ended);
    ck_assert_str_eq(library.battle[1].state, "broke off");
    ck_assert_uint_gt(library.battle[1].inputs, 0);
    ck_assert_uint_eq(library.battle[0].inputs, library.battle[1].inputs + 1);
    ck_assert_ptr_eq(ry_library_find(&library, "b"), &library.battle[1]);
    ck_assert_ptr_nonnull(ry_library_find(&library, "5aa00000000000000000000000000000"));
    ck_assert_ptr_null(ry_library_find(&library, "5aa00000000000000000000000000001"));
    ck_assert_ptr_null(ry_library_find(&library, "../a"));
    end();
}
END_TEST

/* results.json of this battle is taken, that of another is not. */
START_TEST(test_results)
{
    begin();
    put_battle("a", true);
    write_file("a", "results.json",
               "{\"battle_id\": \"5aa00000000000000000000000000000\", \"winner\": \"a0\", "
               "\"stopped\": true, \"agents\": [1, 2]}");
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
    json_t *entry = ry_library_json(&library.battle[0]);
    ck_assert_str_eq(json_string_value(json_object_get(entry, "winner")), "a0");
    ck_assert_str_eq(json_string_value(json_object_get(entry, "state")), "stopped");
    ck_assert_int_eq(json_integer_value(json_object_get(entry, "agents")), 2);
    json_decref(entry);
    write_file("a", "results.json",
               "{\"battle_id\": \"00000000000000000000000000000000\", \"winner\": \"b\"}");
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_ptr_null(library.battle[0].results);
    write_file("a", "results.json", "{ no JSON");
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_ptr_null(library.battle[0].results);
    ck_assert_str_eq(library.battle[0].state, "ended");
    end();
}
END_TEST

/* What was not changed is not read again; what goes is gone. */
START_TEST(test_looks_again)
{
    char path[PATH_MAX], command[2 * PATH_MAX];
    const struct timespec later[2] = {{.tv_sec = INT32_MAX}, {.tv_sec = INT32_MAX}};
    begin();
    put_battle("a", true);
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
    library.battle[0].inputs = 7; /* would be put right */
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_uint_eq(library.battle[0].inputs, 7);
    put_battle("c", true);
    in(path, "c", "inputs.ryj");
    ck_assert_int_eq(utimensat(AT_FDCWD, path, later, 0), 0);
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_uint_eq(library.count, 2);
    ck_assert_str_eq(ry_library_focus(&library)->folder, "c");
    in(path, "a", "");
    snprintf(command, sizeof command, "rm -rf %s", path);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_uint_eq(library.count, 1);
    ck_assert_str_eq(library.battle[0].folder, "c");
    end();
}
END_TEST

/* A header that is none: it is listed, and damaged. */
START_TEST(test_damaged)
{
    begin();
    put_battle("a", true);
    write_file("a", "inputs.ryj", "this is no journal");
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
    ck_assert_uint_eq(library.count, 1);
    ck_assert_str_eq(library.battle[0].state, "damaged");
    json_t *entry = ry_library_json(&library.battle[0]);
    ck_assert(json_is_null(json_object_get(entry, "battle_id")));
    json_decref(entry);
    end();
}
END_TEST

/* A battle's own folder: by its name, whatever it was called by. */
START_TEST(test_one)
{
    char path[PATH_MAX];
    begin();
    put_battle("a", true);
    in(path, "a", "../a/.");
    ck_assert_int_eq(ry_library_open(&library, path, false), 0);
    ck_assert_uint_eq(library.count, 1);
    ck_assert_str_eq(library.battle[0].folder, "a");
    ck_assert_str_eq(library.battle[0].directory, path);
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("library");
    TCase *c = tcase_create("library");
    tcase_add_test(c, test_none);
    tcase_add_test(c, test_states);
    tcase_add_test(c, test_results);
    tcase_add_test(c, test_looks_again);
    tcase_add_test(c, test_damaged);
    tcase_add_test(c, test_one);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
