#include "tools/writes/once.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/text/json.h"
#include "tools/text/whole.h"

#define LINE_BYTES (4 * RY_WRITES_ONCE_BODY_BYTES) /* JSON in JSON: quotes are escaped twice */
#define LINES_MAX  (2 * RY_WRITES_ONCE_MAX)

bool ry_writes_once_is_key(const char *key)
{
    const size_t bytes = strlen(key);
    for (size_t i = 0; i < bytes; i++)
        if (key[i] <= ' ' || key[i] > '~')
            return false;
    return bytes > 0 && bytes < RY_WRITES_ONCE_KEY_BYTES;
}

/* ---- entries --------------------------------------------------------------------------------- */

static void drop_answer(struct ry_writes_once_answer *answer)
{
    free(answer->body);
    free(answer->location);
    *answer = (struct ry_writes_once_answer){.status = 0};
}

static void drop(struct ry_writes_once_entry *entry)
{
    drop_answer(&entry->answer);
    *entry = (struct ry_writes_once_entry){.at_ns = 0};
}

static char *copied(const char *text)
{
    return text == NULL ? NULL : strdup(text);
}

static struct ry_writes_once_entry *find(struct ry_writes_once *once, const char *actor,
                                         const char *key)
{
    for (unsigned i = 0; i < RY_WRITES_ONCE_MAX; i++)
        if (once->entry[i].at_ns != 0 && strcmp(once->entry[i].key, key) == 0 &&
            strcmp(once->entry[i].actor, actor) == 0)
            return &once->entry[i];
    return NULL;
}

/* A free one, else that of the oldest. */
static struct ry_writes_once_entry *place(struct ry_writes_once *once)
{
    struct ry_writes_once_entry *oldest = once->entry;
    for (unsigned i = 1; i < RY_WRITES_ONCE_MAX; i++)
        if (once->entry[i].at_ns < oldest->at_ns)
            oldest = &once->entry[i];
    drop(oldest);
    return oldest;
}

static void expire(struct ry_writes_once *once, int64_t now_ns)
{
    for (unsigned i = 0; i < RY_WRITES_ONCE_MAX; i++)
        if (once->entry[i].at_ns != 0 && now_ns - once->entry[i].at_ns >= RY_WRITES_ONCE_NS)
            drop(&once->entry[i]);
}

static void add_part(crypto_generichash_state *state, const void *bytes, size_t count)
{
    const uint64_t length = count; /* so that no two requests read alike */
    (void)crypto_generichash_update(state, (const unsigned char *)&length, sizeof length);
    (void)crypto_generichash_update(state, bytes, count);
}

static void hash_of(unsigned char hash[RY_WRITES_ONCE_HASH_BYTES],
                    const struct ry_writes_once_asked *asked)
{
    crypto_generichash_state state;
    const char *type = asked->content_type == NULL ? "" : asked->content_type;
    (void)crypto_generichash_init(&state, NULL, 0, RY_WRITES_ONCE_HASH_BYTES);
    add_part(&state, asked->method, strlen(asked->method));
    add_part(&state, asked->path, strlen(asked->path));
    add_part(&state, type, strlen(type));
    add_part(&state, asked->bytes == 0 ? "" : asked->body, asked->bytes);
    (void)crypto_generichash_final(&state, hash, RY_WRITES_ONCE_HASH_BYTES);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static json_t *optional(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *line_of(const struct ry_writes_once_entry *entry)
{
    char hash[2 * RY_WRITES_ONCE_HASH_BYTES + 1];
    json_t *line = ry_text_json_whole(json_object());
    ry_text_json_set(line, "at_ns", ry_text_json_i64(entry->at_ns));
    ry_text_json_set(line, "actor", json_string(entry->actor));
    ry_text_json_set(line, "key", json_string(entry->key));
    ry_text_json_set(
        line, "hash",
        json_string(sodium_bin2hex(hash, sizeof hash, entry->hash, sizeof entry->hash)));
    ry_text_json_set(line, "status", json_integer(entry->answer.status));
    ry_text_json_set(line, "body", optional(entry->answer.body));
    ry_text_json_set(line, "location", optional(entry->answer.location));
    return line;
}

static bool read_line(struct ry_writes_once_entry *entry, const char *text)
{
    const char *at, *actor, *key, *hash;
    json_t *body, *location;
    size_t made;
    int status = -1;
    json_t *line = json_loads(text, 0, NULL);
    bool good =
        line != NULL && json_unpack(line, "{s:s, s:s, s:s, s:s, s:i, s:o, s:o !}", "at_ns", &at,
                                    "actor", &actor, "key", &key, "hash", &hash, "status", &status,
                                    "body", &body, "location", &location) == 0;
    good = good && ry_writes_once_is_key(key) && strlen(actor) < sizeof entry->actor &&
           strlen(hash) == 2 * sizeof entry->hash && status >= 0 && status < 600;
    *entry = (struct ry_writes_once_entry){.at_ns = good ? strtoll(at, NULL, 10) : 0};
    good = good && entry->at_ns > 0 &&
           sodium_hex2bin(entry->hash, sizeof entry->hash, hash, strlen(hash), NULL, &made, NULL) ==
               0 &&
           made == sizeof entry->hash;
    if (good) {
        strcpy(entry->actor, actor);
        strcpy(entry->key, key);
        entry->answer.status = (unsigned)status;
        entry->answer.body = copied(json_string_value(body));
        entry->answer.location = copied(json_string_value(location));
    }
    json_decref(line);
    return good;
}

/* The later line of a key is the one that counts. */
static void read_all(struct ry_writes_once *once, FILE *file, int64_t now_ns)
{
    static char text[LINE_BYTES];
    unsigned wrong = 0;
    while (fgets(text, sizeof text, file) != NULL) {
        struct ry_writes_once_entry entry;
        if (!read_line(&entry, text)) {
            wrong++;
            continue;
        }
        struct ry_writes_once_entry *old = find(once, entry.actor, entry.key);
        if (old == NULL)
            old = place(once);
        drop(old);
        *old = entry;
    }
    expire(once, now_ns);
    if (wrong > 0)
        fprintf(stderr,
                "royale-web: %s: %u lines are cut off or damaged; those writes are not "
                "known any more\n",
                once->path, wrong);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Anew, with what is there alone. */
static int write_all(struct ry_writes_once *once)
{
    struct ry_text_whole whole;
    char folder[RY_WRITES_ONCE_PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", once->path);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    if (once->fd >= 0)
        close(once->fd);
    once->fd = -1;
    once->lines = 0;
    if (ry_text_whole_open(&whole, folder, slash + 1, 0) != 0)
        return -1;
    for (unsigned i = 0; i < RY_WRITES_ONCE_MAX; i++)
        if (once->entry[i].at_ns != 0) {
            (void)ry_text_json_line(whole.file, line_of(&once->entry[i]));
            once->lines++;
        }
    if (fchmod(fileno(whole.file), 0600) != 0 || ry_text_whole_keep(&whole) != 0)
        return -1;
    once->fd = open(once->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return once->fd >= 0 ? 0 : -1;
}

static int append(struct ry_writes_once *once, const struct ry_writes_once_entry *entry)
{
    if (once->path[0] == '\0')
        return 0;
    if ((once->fd < 0 || once->lines >= LINES_MAX) && write_all(once) != 0)
        return -1;
    json_t *line = line_of(entry);
    char *text = json_dumps(line, JSON_COMPACT), *whole = NULL;
    json_decref(line);
    const int bytes = text == NULL ? -1 : asprintf(&whole, "%s\n", text);
    free(text);
    if (bytes < 0)
        return -1;
    const ssize_t written = write(once->fd, whole, (size_t)bytes);
    free(whole);
    once->lines++;
    if (written == bytes && fdatasync(once->fd) == 0)
        return 0;
    close(
        once->fd); /* the next line must not stand behind a part of this one: all is written anew */
    once->fd = -1;
    return -1;
}

int ry_writes_once_open(struct ry_writes_once *once, const char *path, int64_t now_ns)
{
    memset(once, 0, sizeof *once);
    once->fd = -1;
    if (path == NULL)
        return 0;
    snprintf(once->path, sizeof once->path, "%s", path);
    FILE *file = fopen(path, "re");
    if (file == NULL && errno != ENOENT)
        return -1;
    if (file != NULL) {
        read_all(once, file, now_ns);
        fclose(file);
    }
    return write_all(once);
}

void ry_writes_once_close(struct ry_writes_once *once)
{
    for (unsigned i = 0; i < RY_WRITES_ONCE_MAX; i++)
        drop(&once->entry[i]);
    if (once->fd >= 0)
        close(once->fd);
    once->fd = -1;
}

/* ---- what is asked --------------------------------------------------------------------------- */

enum ry_writes_once_said ry_writes_once_begin(struct ry_writes_once *once,
                                              const struct ry_writes_once_asked *asked,
                                              struct ry_writes_once_answer *answer, int64_t now_ns)
{
    unsigned char hash[RY_WRITES_ONCE_HASH_BYTES];
    *answer = (struct ry_writes_once_answer){.status = 0};
    expire(once, now_ns);
    hash_of(hash, asked);
    struct ry_writes_once_entry *entry = find(once, asked->actor, asked->key);
    if (entry != NULL) {
        if (memcmp(entry->hash, hash, sizeof hash) != 0)
            return RY_WRITES_ONCE_OTHER;
        if (entry->answer.status == 0)
            return RY_WRITES_ONCE_UNKNOWN;
        *answer = (struct ry_writes_once_answer){.status = entry->answer.status,
                                                 .body = copied(entry->answer.body),
                                                 .location = copied(entry->answer.location)};
        return RY_WRITES_ONCE_AGAIN;
    }
    entry = place(once);
    entry->at_ns = now_ns;
    snprintf(entry->actor, sizeof entry->actor, "%s", asked->actor);
    snprintf(entry->key, sizeof entry->key, "%s", asked->key);
    memcpy(entry->hash, hash, sizeof hash);
    if (append(once, entry) == 0)
        return RY_WRITES_ONCE_NEW;
    drop(entry);
    return RY_WRITES_ONCE_FAILED;
}

void ry_writes_once_end(struct ry_writes_once *once, const struct ry_writes_once_asked *asked,
                        const struct ry_writes_once_answer *answer)
{
    struct ry_writes_once_entry *entry = find(once, asked->actor, asked->key);
    const bool keeps = answer->status < 500 &&
                       (answer->body == NULL || strlen(answer->body) < RY_WRITES_ONCE_BODY_BYTES);
    if (entry == NULL)
        return;
    drop_answer(&entry->answer);
    if (keeps) {
        entry->answer = (struct ry_writes_once_answer){.status = answer->status,
                                                       .body = copied(answer->body),
                                                       .location = copied(answer->location)};
        (void)append(once, entry);
        return;
    }
    /* The line that it was begun goes. */
    drop(entry);
    if (once->path[0] != '\0')
        (void)write_all(once);
}
