/* The file of keys: what is written and read, who may write it, and in which turn. */
#include "tests/support/test.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/keys/file.h"
#include "tools/keys/key.h"

#define BEGIN_NS INT64_C(1767605400000000000)
#define KEYS     3 /* that the file begins with */

static char folder[] = "/tmp/royale-keys-XXXXXX";
static char path[64];
static struct ry_keys_file file; /* large */

static void change(void (*how)(void))
{
    char why[RY_KEYS_WHY_BYTES];
    const int lock = ry_keys_file_begin(&file, path, why);
    ck_assert_msg(lock >= 0, "%s", why);
    how();
    ck_assert_int_eq(ry_keys_file_keep(&file, path, lock, why), 0);
}

static void add_one(void)
{
    struct ry_keys_key *key = &file.key[file.count++];
    *key = (struct ry_keys_key){.scope = RY_KEYS_READ, .created_ns = BEGIN_NS};
    ry_keys_make_id(key->id);
    snprintf(key->name, sizeof key->name, "p%d-%u", (int)getpid(), file.count);
}

static void add_keys(void)
{
    for (unsigned i = 0; i < KEYS; i++)
        add_one();
}

static void rotate_and_revoke(void)
{
    struct ry_keys_key *key = &file.key[0];
    memset(key->old_hash, 7, sizeof key->old_hash);
    key->rotated_ns = BEGIN_NS + 1;
    key->old_until_ns = BEGIN_NS + 2;
    key->revoked_ns = BEGIN_NS + 3;
}

static void set_up(void)
{
    ck_assert_int_ge(sodium_init(), 0);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/keys", folder);
    change(add_keys);
}

static void tear_down(void)
{
    char lock[80];
    snprintf(lock, sizeof lock, "%s.lock", path);
    (void)unlink(path);
    (void)unlink(lock);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(a_change_keeps_the_rights_of_the_file)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0600);
    ck_assert_int_eq(chmod(path, 0640), 0);
    change(add_one);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

START_TEST(writers_take_turns)
{
    enum { WRITERS = 4, EACH = 8 };
    char why[RY_KEYS_WHY_BYTES];
    struct stat seen;
    pid_t writer[WRITERS];
    int status;
    for (unsigned w = 0; w < WRITERS; w++) {
        writer[w] = fork();
        if (writer[w] == 0) {
            for (unsigned i = 0; i < EACH; i++)
                change(add_one);
            _exit(0);
        }
    }
    for (unsigned w = 0; w < WRITERS; w++)
        ck_assert(waitpid(writer[w], &status, 0) == writer[w] && status == 0);
    ck_assert_int_eq(ry_keys_file_read(&file, path, &seen, why), 0);
    ck_assert_uint_eq(file.count, KEYS + WRITERS * EACH);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    static struct ry_keys_file again;
    char why[RY_KEYS_WHY_BYTES];
    struct stat seen;
    change(rotate_and_revoke);
    ck_assert_int_eq(ry_keys_file_read(&again, path, &seen, why), 0);
    ck_assert_uint_eq(again.count, file.count);
    ck_assert_int_eq(memcmp(again.key, file.key, sizeof file.key[0] * file.count), 0);
}
END_TEST

static const char *const damaged[] = {
    "",
    "[]",
    "{}",
    "{\"royale_keys\": 2, \"keys\": []}",
    "{\"royale_keys\": 1, \"keys\": {}}",
    "{\"royale_keys\": 1, \"keys\": [], \"more\": 1}",
    "{\"royale_keys\": 1, \"keys\": [], \"keys\": []}",
    "{\"royale_keys\": 1, \"keys\": [1]}",
    "{\"royale_keys\": 1, \"keys\": [{}]}",
};

START_TEST(what_is_no_file_of_keys_is_refused)
{
    char why[RY_KEYS_WHY_BYTES] = "";
    ck_assert(!ry_keys_file_parse(&file, damaged[_i], strlen(damaged[_i]), why));
    ck_assert_uint_eq(file.count, 0);
    ck_assert(why[0] != '\0');
}
END_TEST

/* Each member is needed and checked: without it, and with another value, the file is refused. */
START_TEST(each_member_of_a_key_counts)
{
    static const char *const needed[] = {"id",         "name",       "scope",      "hash",
                                         "created_ns", "rotated_ns", "revoked_ns", "old_until_ns"};
    char why[RY_KEYS_WHY_BYTES];
    const char *name = needed[_i / 2];
    json_t *root = ry_keys_file_json(&file);
    json_t *key = json_array_get(json_object_get(root, "keys"), 0);
    if (_i % 2 == 0)
        ck_assert_int_eq(json_object_del(key, name), 0);
    else
        ck_assert_int_eq(json_object_set_new(key, name, json_string("no such value, \x01")), 0);
    char *text = json_dumps(root, 0);
    ck_assert(!ry_keys_file_parse(&file, text, strlen(text), why));
    free(text);
    json_decref(root);
}
END_TEST

static Suite *files(void)
{
    Suite *suite = suite_create("keys_file");
    TCase *tests = tcase_create("file");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_change_keeps_the_rights_of_the_file);
    tcase_add_test(tests, writers_take_turns);
    tcase_add_test(tests, what_is_written_is_read);
    tcase_add_loop_test(tests, what_is_no_file_of_keys_is_refused, 0,
                        (int)(sizeof damaged / sizeof *damaged));
    tcase_add_loop_test(tests, each_member_of_a_key_counts, 0, 16);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(files)
