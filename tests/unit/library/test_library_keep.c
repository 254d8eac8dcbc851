/*
 * Which battles a library keeps and removes: by number, age and size; and what it never touches.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal/lock.h"
#include "core/journal/pack.h"
#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/library/keep.h"
#include "tools/library/settings.h"

#define DAY 86400
#define NOW (INT64_C(1800000000) * RY_NS_PER_SECOND)

static struct stage stage;
static struct ry_library library;
static char root[] = "/tmp/royale-library-XXXXXX";

static const char *in(const char *folder, const char *file)
{
    static char path[4][PATH_MAX];
    static unsigned next;
    char *at = path[next++ % 4];
    snprintf(at, PATH_MAX, "%s/%s%s%s", root, folder, file[0] != 0 ? "/" : "", file);
    return at;
}

static void write_file(const char *folder, const char *name, size_t bytes)
{
    FILE *file = fopen(in(folder, name), "we");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < bytes; i++)
        fputc('x', file);
    fclose(file);
}

/* A battle whose journal was changed so many days before NOW; without its end it has broken off. */
static void put_battle(const char *folder, bool ends, int days)
{
    const time_t second = (time_t)(NOW / RY_NS_PER_SECOND) - days * DAY;
    const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    if (ends)
        stage_end(&stage);
    const struct journal_folder made = stage_journal(&stage, stage.inputs);
    stage_close(&stage);
    ck_assert_int_eq(rename(made.path, in(folder, "")), 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, in(folder, RY_JOURNAL_FILE), times, 0), 0);
}

static const char *name_of_battles(void)
{
    return library.battle[0].file.name;
}

static void begin(void)
{
    strcpy(root, "/tmp/royale-library-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void look(void)
{
    ck_assert_int_eq(ry_library_open(&library, root, true), 0);
}

static void end(void)
{
    char command[PATH_MAX];
    ry_library_close(&library);
    snprintf(command, sizeof command, "rm -rf %s", root);
    ck_assert_int_eq(system(command), 0);
}

/* The folders that go, as "b a ". */
static const char *goes(struct ry_battle_keep keep)
{
    static char text[512];
    const struct ry_library_battle *chosen[64];
    const struct ry_library_keep ask = {.name = name_of_battles(), .keep = keep, .now_ns = NOW};
    ck_assert_int_eq(ry_library_look(&library), 0);
    const unsigned count = ry_library_keep_choose(&library, &ask, chosen);
    text[0] = '\0';
    for (unsigned i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", chosen[i]->folder);
    return text;
}

static void put_four(void)
{
    put_battle("a", true, 40);
    put_battle("b", true, 20);
    put_battle("c", true, 10);
    put_battle("d", true, 1);
}

START_TEST(test_by_number)
{
    begin();
    put_four();
    look();
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 0}), "");
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 4}), "");
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 3}), "a ");
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 1}), "c b a ");
    const struct ry_library_battle *chosen[8];
    const struct ry_library_keep other = {.name = "another", .keep = {.battles = 1}, .now_ns = NOW};
    ck_assert_uint_eq(ry_library_keep_choose(&library, &other, chosen), 0);
    end();
}
END_TEST

START_TEST(test_by_age)
{
    begin();
    put_four();
    look();
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 40}), "");
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 39}), "a ");
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 10}), "b a ");
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 10, .battles = 1}), "c b a ");
    end();
}
END_TEST

/* The newest stays, however old it is. */
START_TEST(test_the_newest_stays)
{
    begin();
    put_battle("a", true, 400);
    put_battle("b", true, 300);
    look();
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 1}), "a ");
    end();
}
END_TEST

/* A GiB that is claimed, not written. */
static void fatten(const char *folder)
{
    const int fd = open(in(folder, "rows"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fallocate(fd, 0, 0, 600 << 20), 0);
    close(fd);
}

START_TEST(test_by_size)
{
    begin();
    put_four();
    fatten("d");
    look();
    ck_assert_str_eq(goes((struct ry_battle_keep){.gib = 1}), "");
    fatten("b");
    ck_assert_str_eq(goes((struct ry_battle_keep){.gib = 1}), "b a ");
    ck_assert_str_eq(goes((struct ry_battle_keep){.gib = 2}), "");
    end();
}
END_TEST

START_TEST(test_what_never_goes)
{
    begin();
    put_four();
    look();
    /* one that broke off */
    put_battle("e", false, 50);
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 1}), "c b a ");
    /* one with a file `keep`, which is not counted either */
    write_file("c", "keep", 0);
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 2}), "a ");
    /* one that somebody uses */
    const int lock = ry_journal_lock(in("b", ""), true);
    ck_assert_int_ge(lock, 0);
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 1}), "a ");
    close(lock);
    /* one behind a link */
    char aside[] = "/tmp/royale-aside-XXXXXX", moved[64], command[128];
    ck_assert_ptr_nonnull(mkdtemp(aside));
    snprintf(moved, sizeof moved, "%s/a", aside);
    ck_assert_int_eq(rename(in("a", ""), moved), 0);
    ck_assert_int_eq(symlink(moved, in("a", "")), 0);
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 1}), "b ");
    /* one that is damaged */
    write_file("b", RY_JOURNAL_FILE, 100);
    ck_assert_str_eq(goes((struct ry_battle_keep){.battles = 1}), "");
    snprintf(command, sizeof command, "rm -r %s", aside);
    ck_assert_int_eq(system(command), 0);
    end();
}
END_TEST

/* A compressed one keeps its age, and goes as well. */
START_TEST(test_compressed)
{
    struct ry_journal_pack pack = {.stop = NULL};
    begin();
    put_four();
    ck_assert_int_eq(ry_journal_pack(in("a", ""), &pack), RY_JOURNAL_PACKED);
    ck_assert_int_eq(ry_journal_pack(in("c", ""), &pack), RY_JOURNAL_PACKED);
    look();
    ck_assert_uint_eq(library.count, 4);
    ck_assert_str_eq(library.battle[0].state, "ended");
    ck_assert(library.battle[0].packed && !library.battle[1].packed);
    ck_assert_uint_eq(library.battle[0].inputs, library.battle[1].inputs);
    ck_assert_uint_eq(library.battle[0].plain_bytes, library.battle[1].bytes);
    ck_assert_uint_lt(library.battle[0].bytes, library.battle[1].bytes);
    ck_assert_str_eq(goes((struct ry_battle_keep){.days = 10}), "b a ");
    end();
}
END_TEST

/* ---- removing -------------------------------------------------------------------------------- */

static int remove_first(uint64_t *bytes, char why[RY_LIBRARY_WHY_BYTES])
{
    ck_assert_int_eq(ry_library_look(&library), 0);
    return ry_library_remove(&library.battle[0], bytes, why);
}

START_TEST(test_removed)
{
    char why[RY_LIBRARY_WHY_BYTES], outside[] = "/tmp/royale-outside-XXXXXX";
    uint64_t bytes;
    begin();
    put_four();
    look();
    ck_assert_int_eq(mkdir(in("a", "log"), 0700), 0);
    write_file("a", "log/exec.log", 10000);
    write_file("a", RY_JOURNAL_PART_FILE, 10);
    const int fd = mkstemp(outside);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(symlink(outside, in("a", "log/link")), 0);
    ck_assert_msg(remove_first(&bytes, why) == 0, "%s", why);
    ck_assert_uint_gt(bytes, 10000);
    ck_assert_int_ne(access(in("a", ""), F_OK), 0);
    ck_assert_int_eq(access(outside, F_OK), 0);
    ck_assert_int_eq(ry_library_look(&library), 0);
    ck_assert_uint_eq(library.count, 3);
    unlink(outside);
    close(fd);
    end();
}
END_TEST

/* What cannot be removed whole keeps its journal. */
START_TEST(test_the_journal_goes_last)
{
    char why[RY_LIBRARY_WHY_BYTES];
    char path[PATH_MAX] = "log";
    uint64_t bytes;
    begin();
    put_four();
    look();
    for (unsigned i = 0; i < 40; i++) { /* deeper than anybody looks */
        ck_assert_int_eq(mkdir(in("a", path), 0700), 0);
        strcat(path, "/x");
    }
    ck_assert_int_eq(remove_first(&bytes, why), -1);
    ck_assert_int_ne(why[0], 0);
    ck_assert_int_eq(access(in("a", RY_JOURNAL_FILE), F_OK), 0);
    end();
}
END_TEST

START_TEST(test_not_removed)
{
    char why[RY_LIBRARY_WHY_BYTES];
    uint64_t bytes;
    begin();
    put_four();
    look();
    const int lock = ry_journal_lock(in("a", ""), false);
    ck_assert_int_eq(remove_first(&bytes, why), -1);
    ck_assert_str_eq(why, "somebody uses it");
    close(lock);
    write_file("a", "keep", 0); /* since it was chosen */
    ck_assert_int_eq(remove_first(&bytes, why), -1);
    ck_assert_str_eq(why, "it has a file keep now");
    ck_assert_int_eq(access(in("a", RY_JOURNAL_FILE), F_OK), 0);
    end();
}
END_TEST

/* ---- what the battle's file says ------------------------------------------------------------- */

START_TEST(test_settings)
{
    struct ry_library_settings settings;
    FILE *file;
    begin();
    ck_assert(!ry_library_settings_read(root, &settings));
    file = fopen(in("", "battle.yaml"), "we");
    fputs("battle: {name: x}\nkeep: 7, 3 GiB\njournal: {compress: none}\nfeeds: [{path: gone}]\n",
          file);
    fclose(file);
    ck_assert(ry_library_settings_read(root, &settings));
    ck_assert_uint_eq(settings.keep.battles, 7);
    ck_assert_uint_eq(settings.keep.gib, 3);
    ck_assert_int_eq(settings.compress, RY_BATTLE_COMPRESS_NONE);
    file = fopen(in("", "battle.yaml"), "we");
    fputs("keep: all\n", file);
    fclose(file);
    ck_assert(!ry_library_settings_read(root, &settings));
    file = fopen(in("", "battle.yaml"), "we");
    fputs("battle: {name: x}\n", file);
    fclose(file);
    ck_assert(ry_library_settings_read(root, &settings));
    ck_assert_uint_eq(settings.keep.battles + settings.keep.days + settings.keep.gib, 0);
    ck_assert_int_eq(settings.compress, RY_BATTLE_COMPRESS_AUTO);
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("library_keep");
    TCase *c = tcase_create("library_keep");
    tcase_set_timeout(c, 30);
    tcase_add_test(c, test_by_number);
    tcase_add_test(c, test_by_age);
    tcase_add_test(c, test_the_newest_stays);
    tcase_add_test(c, test_by_size);
    tcase_add_test(c, test_what_never_goes);
    tcase_add_test(c, test_compressed);
    tcase_add_test(c, test_removed);
    tcase_add_test(c, test_the_journal_goes_last);
    tcase_add_test(c, test_not_removed);
    tcase_add_test(c, test_settings);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
