#include "tools/keys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/base.h"
#include "tools/text/json.h"
#include "tools/text/whole.h"

#define FORMAT         1
#define NAME_MAX_BYTES 90 /* of the file's name, which others are made of */
/* Which of a key's texts a hash is of. */
#define NEW 1u
#define OLD 2u

static const char *const scopes[] = {
    [RY_KEYS_READ] = "read", [RY_KEYS_OPERATE] = "operate", [RY_KEYS_ADMIN] = "admin"};
#define SCOPES (sizeof scopes / sizeof *scopes)

const char *ry_keys_scope_name(enum ry_keys_scope scope)
{
    return (unsigned)scope < SCOPES ? scopes[scope] : NULL;
}

enum ry_keys_scope ry_keys_scope_of(const char *name)
{
    for (unsigned i = RY_KEYS_READ; i < SCOPES; i++)
        if (strcmp(scopes[i], name) == 0)
            return (enum ry_keys_scope)i;
    return RY_KEYS_FREE;
}

bool ry_keys_is_name(const char *name)
{
    const size_t bytes = strlen(name);
    for (size_t i = 0; i < bytes; i++)
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    return bytes > 0 && bytes < RY_KEYS_NAME_BYTES;
}

/* ---- from JSON ------------------------------------------------------------------------------- */

static bool read_hex(unsigned char *out, size_t bytes, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t made = 0;
    return text != NULL && strlen(text) == 2 * bytes &&
           sodium_hex2bin(out, bytes, text, 2 * bytes, NULL, &made, NULL) == 0 && made == bytes;
}

/* null is 0. */
static bool read_moment(int64_t *ns, const json_t *value)
{
    const char *text = json_string_value(value);
    *ns = 0;
    if (json_is_null(value))
        return true;
    if (text == NULL || text[0] < '1' || text[0] > '9' || strlen(text) > 19)
        return false;
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    *ns = number;
    return errno == 0 && *end == '\0';
}

static bool read_id(char id[RY_KEYS_ID_BYTES], const json_t *value)
{
    unsigned char number[(RY_KEYS_ID_BYTES - 1) / 2];
    if (!read_hex(number, sizeof number, value))
        return false;
    (void)sodium_bin2hex(id, RY_KEYS_ID_BYTES, number, sizeof number);
    return true;
}

/* NULL, or the name of the member that is wrong. */
static const char *read_key(struct ry_keys_key *key, json_t *from)
{
    json_t *id, *name, *scope, *hash, *created, *rotated, *revoked, *old = NULL, *until;
    if (json_unpack(from, "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s?o, s:o, s?o, s?o, s?o, s?o !}",
                    "id", &id, "name", &name, "scope", &scope, "hash", &hash, "created_ns",
                    &created, "rotated_ns", &rotated, "revoked_ns", &revoked, "old_hash", &old,
                    "old_until_ns", &until, "created", &(json_t *){NULL}, "rotated",
                    &(json_t *){NULL}, "revoked", &(json_t *){NULL}, "old_until",
                    &(json_t *){NULL}) != 0)
        return "its members: one is missing, or one is unknown";
    *key = (struct ry_keys_key){.scope = RY_KEYS_FREE};
    if (!read_id(key->id, id))
        return "id";
    if (!json_is_string(name) || !ry_keys_is_name(json_string_value(name)))
        return "name";
    strcpy(key->name, json_string_value(name));
    if (json_is_string(scope))
        key->scope = ry_keys_scope_of(json_string_value(scope));
    if (key->scope == RY_KEYS_FREE)
        return "scope";
    if (!read_hex(key->hash, sizeof key->hash, hash))
        return "hash";
    if (!read_moment(&key->created_ns, created) || key->created_ns == 0)
        return "created_ns";
    if (!read_moment(&key->rotated_ns, rotated))
        return "rotated_ns";
    if (!read_moment(&key->revoked_ns, revoked))
        return "revoked_ns";
    if (!read_moment(&key->old_until_ns, until))
        return "old_until_ns";
    const bool has_old = old != NULL && !json_is_null(old);
    if (has_old != (key->old_until_ns != 0) ||
        (has_old && !read_hex(key->old_hash, sizeof key->old_hash, old)))
        return "old_hash";
    return NULL;
}

static bool read_all(struct ry_keys_file *file, json_t *root, char why[RY_KEYS_WHY_BYTES])
{
    json_t *keys, *value;
    size_t i;
    int format;
    if (json_unpack(root, "{s:i, s:o !}", "royale_keys", &format, "keys", &keys) != 0 ||
        format != FORMAT || !json_is_array(keys)) {
        snprintf(why, RY_KEYS_WHY_BYTES,
                 "it is no {\"royale_keys\": %d, \"keys\": [...]}, which `royale key` writes",
                 FORMAT);
        return false;
    }
    if (json_array_size(keys) > RY_KEYS_MAX) {
        snprintf(why, RY_KEYS_WHY_BYTES, "it has %zu keys, allowed: %d", json_array_size(keys),
                 RY_KEYS_MAX);
        return false;
    }
    json_array_foreach(keys, i, value)
    {
        struct ry_keys_key *key = &file->key[i];
        const char *wrong = read_key(key, value);
        if (wrong == NULL && ry_keys_file_find(file, key->id) != NULL)
            wrong = "id, which another has";
        if (wrong != NULL) {
            snprintf(why, RY_KEYS_WHY_BYTES, "key %zu in it: %s", i + 1, wrong);
            return false;
        }
        file->count++;
    }
    return true;
}

bool ry_keys_file_parse(struct ry_keys_file *file, const char *text, size_t bytes,
                        char why[RY_KEYS_WHY_BYTES])
{
    json_error_t error;
    file->count = 0;
    json_t *root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        snprintf(why, RY_KEYS_WHY_BYTES, "line %d is no JSON: %.160s", error.line, error.text);
        return false;
    }
    const bool good = read_all(file, root, why);
    json_decref(root);
    if (!good)
        file->count = 0;
    return good;
}

/* ---- to JSON --------------------------------------------------------------------------------- */

static json_t *hex(const unsigned char hash[RY_KEYS_HASH_BYTES])
{
    char text[2 * RY_KEYS_HASH_BYTES + 1];
    return json_string(sodium_bin2hex(text, sizeof text, hash, RY_KEYS_HASH_BYTES));
}

static void set_moment(json_t *object, const char *name, int64_t ns)
{
    ry_text_json_set_time(object, name, ns != 0 ? ns : RY_TIME_NEVER);
}

json_t *ry_keys_file_json(const struct ry_keys_file *file)
{
    json_t *root = ry_text_json_whole(json_object()), *keys = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < file->count; i++) {
        const struct ry_keys_key *key = &file->key[i];
        json_t *one = ry_text_json_whole(json_object());
        ry_text_json_set(one, "id", json_string(key->id));
        ry_text_json_set(one, "name", json_string(key->name));
        ry_text_json_set(one, "scope", json_string(ry_keys_scope_name(key->scope)));
        ry_text_json_set(one, "hash", hex(key->hash));
        set_moment(one, "created", key->created_ns);
        set_moment(one, "rotated", key->rotated_ns);
        set_moment(one, "revoked", key->revoked_ns);
        ry_text_json_set(one, "old_hash",
                         key->old_until_ns != 0 ? hex(key->old_hash) : json_null());
        set_moment(one, "old_until", key->old_until_ns);
        ry_text_json_add(keys, one);
    }
    ry_text_json_set(root, "royale_keys", json_integer(FORMAT));
    ry_text_json_set(root, "keys", keys);
    return root;
}

/* ---- on disk --------------------------------------------------------------------------------- */

static int fail(char why[RY_KEYS_WHY_BYTES], const char *path, const char *what)
{
    snprintf(why, RY_KEYS_WHY_BYTES, "%.300s: %s", path, what);
    return -1;
}

static const char *not_safe(const struct stat *status)
{
    if (!S_ISREG(status->st_mode))
        return "is no file";
    if (status->st_uid != 0 && status->st_uid != geteuid())
        return "belongs to another user, who could add keys: chown it to this one or to root";
    if ((status->st_mode & (S_IWGRP | S_IRWXO)) != 0)
        return "others may read it or anybody but its owner may write it: chmod 600";
    if (status->st_size > RY_KEYS_FILE_BYTES_MAX)
        return "is too large to be a file of keys";
    return NULL;
}

static int read_open(struct ry_keys_file *file, int fd, const char *path, struct stat *seen,
                     char why[RY_KEYS_WHY_BYTES])
{
    const char *wrong = fstat(fd, seen) != 0 ? strerror(errno) : not_safe(seen);
    if (wrong != NULL)
        return fail(why, path, wrong);
    const size_t bytes = (size_t)seen->st_size;
    char *text = malloc(bytes + 1), what[RY_KEYS_WHY_BYTES];
    if (text == NULL)
        return fail(why, path, "no memory");
    const ssize_t got = read(fd, text, bytes);
    const bool good = got == (ssize_t)bytes && ry_keys_file_parse(file, text, bytes, what);
    free(text);
    if (good)
        return 0;
    if (got != (ssize_t)bytes)
        return fail(why, path, got < 0 ? strerror(errno) : "became shorter while it was read");
    snprintf(why, RY_KEYS_WHY_BYTES, "%.200s: %.300s", path, what);
    return -1;
}

int ry_keys_file_read(struct ry_keys_file *file, const char *path, struct stat *seen,
                      char why[RY_KEYS_WHY_BYTES])
{
    file->count = 0;
    memset(seen, 0, sizeof *seen);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : fail(why, path, strerror(errno));
    const int result = read_open(file, fd, path, seen, why);
    close(fd);
    return result;
}

/* The folders of the path that are not there. Whoever makes them has them for himself, but for
 * /etc/royale, which other things of the package share. */
static void make_folders(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, strncmp(folder, "/etc/", 5) == 0 ? 0755 : 0700);
        *slash = '/';
    }
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

int ry_keys_file_begin(struct ry_keys_file *file, const char *path, char why[RY_KEYS_WHY_BYTES])
{
    char lock_path[PATH_MAX];
    struct stat seen;
    const struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (strlen(path) >= sizeof lock_path - sizeof ".lock" ||
        strlen(name_of(path)) > NAME_MAX_BYTES || name_of(path)[0] == '\0')
        return fail(why, path, "is no name of a file: say one with --keys FILE");
    snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    make_folders(path);
    const int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return fail(why, lock_path, strerror(errno));
    if (fcntl(lock, F_OFD_SETLKW, &all) != 0) {
        close(lock);
        return fail(why, lock_path, strerror(errno));
    }
    if (ry_keys_file_read(file, path, &seen, why) == 0)
        return lock;
    close(lock);
    return -1;
}

/* As who and for whom the file that it replaces was. */
static bool take_rights(int fd, const char *path)
{
    struct stat old;
    if (stat(path, &old) != 0)
        return errno == ENOENT;
    return fchown(fd, old.st_uid, old.st_gid) == 0 && fchmod(fd, old.st_mode & 0640) == 0;
}

int ry_keys_file_keep(const struct ry_keys_file *file, const char *path, int lock,
                      char why[RY_KEYS_WHY_BYTES])
{
    struct ry_text_whole whole;
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
             slash == NULL ? "." : path);
    const mode_t mask = umask(077);
    int result = ry_text_whole_open(&whole, folder, name_of(path), 0);
    (void)umask(mask);
    if (result == 0 && !take_rights(fileno(whole.file), path)) {
        result = fail(why, path, strerror(errno));
        ry_text_whole_drop(&whole);
    } else if (result == 0) {
        json_t *json = ry_keys_file_json(file);
        (void)json_dumpf(json, whole.file, JSON_INDENT(2));
        (void)fputc('\n', whole.file);
        json_decref(json);
        result = ry_text_whole_keep(&whole);
        if (result != 0)
            snprintf(why, RY_KEYS_WHY_BYTES, "%.500s", whole.error);
    } else {
        snprintf(why, RY_KEYS_WHY_BYTES, "%.500s", whole.error);
    }
    close(lock);
    return result;
}

void ry_keys_file_drop(int lock)
{
    close(lock);
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* Both are compared, whatever the first says: how long it takes is always the same. */
static unsigned is_of(const struct ry_keys_key *key, const unsigned char hash[RY_KEYS_HASH_BYTES])
{
    const unsigned is_new = sodium_memcmp(key->hash, hash, RY_KEYS_HASH_BYTES) == 0 ? NEW : 0;
    const unsigned is_old = sodium_memcmp(key->old_hash, hash, RY_KEYS_HASH_BYTES) == 0 ? OLD : 0;
    return is_new | (key->old_until_ns != 0 ? is_old : 0);
}

bool ry_keys_file_has(const struct ry_keys_key *key, const unsigned char hash[RY_KEYS_HASH_BYTES])
{
    return is_of(key, hash) != 0;
}

bool ry_keys_file_good(const struct ry_keys_key *key, const unsigned char hash[RY_KEYS_HASH_BYTES],
                       int64_t now_ns)
{
    const unsigned is = is_of(key, hash);
    return key->revoked_ns == 0 &&
           ((is & NEW) != 0 || ((is & OLD) != 0 && now_ns < key->old_until_ns));
}

struct ry_keys_key *ry_keys_file_find(struct ry_keys_file *file, const char *id)
{
    for (unsigned i = 0; i < file->count; i++)
        if (strcmp(file->key[i].id, id) == 0)
            return &file->key[i];
    return NULL;
}
