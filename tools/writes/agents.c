#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/battle/keys.h"
#include "shm/clock.h"
#include "tools/strategy/file.h"
#include "tools/text/json.h"
#include "tools/writes/internal.h"

#define CHUNK_BYTES 65536
#define HASH_BYTES  32
/* Room for "-64", which the battle file's `count` adds. */
#define AGENT_NAME_MAX (RY_NAME_BYTES - 1 - 3)

/* ---- names and places ------------------------------------------------------------------------ */

static void path_of(char path[RY_WRITES_PATH_BYTES], const struct ry_writes *writes,
                    const char *before, const char *name, const char *end)
{
    snprintf(path, RY_WRITES_PATH_BYTES, "%s/" RY_WRITES_AGENTS "/%s%s%s", writes->library, before,
             name, end);
}

/* As the battle file has it: no dots. */
static bool is_agent_name(const char *name)
{
    return ry_writes_is_name(name) && strchr(name, '.') == NULL && strlen(name) <= AGENT_NAME_MAX;
}

static bool is_stored(const struct ry_writes *writes, const char *name)
{
    char path[RY_WRITES_PATH_BYTES];
    struct stat status;
    path_of(path, writes, "", name, ".so");
    return is_agent_name(name) && lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static void no_agent(const char *name, struct ry_writes_answer *answer)
{
    ry_writes_fail(answer, "no_agent", NULL, "no agent %.64s is stored here", name);
}

/* True, or answered why nobody may store anything. */
static bool may_store(const struct ry_writes *writes, const char *name,
                      struct ry_writes_answer *answer)
{
    struct ry_writes_isolation isolation;
    if (!ry_writes_has_library(writes, answer))
        return false;
    if (!writes->settings.uploads) {
        ry_writes_fail(answer, "uploads_off", NULL,
                       "this royale-web stores no agents: it was started without --allow-upload");
        return false;
    }
    ry_writes_isolation(&isolation);
    if (!isolation.own_users) {
        ry_writes_fail(answer, "not_isolated", NULL,
                       "agents of others are stored only where each is a user of its own: %s",
                       isolation.why);
        return false;
    }
    if (!is_agent_name(name)) {
        ry_writes_fail(answer, "bad_parameter", NULL,
                       "%.64s is no name of an agent: letters, digits, dashes, underscores, at "
                       "most %d",
                       name, AGENT_NAME_MAX);
        return false;
    }
    return true;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Whole or not at all, and readable for the agents' users. False with errno. */
static bool write_file(const char *path, const void *data, size_t bytes)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return false;
    size_t done = 0;
    while (done < bytes) {
        const ssize_t wrote = write(fd, (const char *)data + done, bytes - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    const bool whole = done == bytes && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    const int why = errno;
    close(fd);
    errno = why;
    return whole;
}

static bool make_folder(const struct ry_writes *writes)
{
    char path[RY_WRITES_PATH_BYTES];
    snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS, writes->library);
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

static unsigned count_stored(const struct ry_writes *writes)
{
    char path[RY_WRITES_PATH_BYTES];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS, writes->library);
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        const size_t bytes = strlen(entry->d_name);
        count += bytes > 3 && strcmp(entry->d_name + bytes - 3, ".so") == 0;
    }
    if (folder != NULL)
        closedir(folder);
    return count;
}

/* Of the file's content, in hexadecimal digits; "" if it cannot be read. */
static void hash_file(char hash[2 * HASH_BYTES + 1], const char *path)
{
    static unsigned char chunk[CHUNK_BYTES];
    unsigned char binary[HASH_BYTES];
    crypto_generichash_state state;
    ssize_t got = -1;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    (void)crypto_generichash_init(&state, NULL, 0, sizeof binary);
    while (fd >= 0 && (got = read(fd, chunk, sizeof chunk)) > 0)
        (void)crypto_generichash_update(&state, chunk, (size_t)got);
    if (fd >= 0)
        close(fd);
    (void)crypto_generichash_final(&state, binary, sizeof binary);
    hash[0] = '\0';
    if (got == 0)
        (void)sodium_bin2hex(hash, 2 * HASH_BYTES + 1, binary, sizeof binary);
}

json_t *ry_writes_agent_settings(const struct ry_writes *writes, const char *name)
{
    char path[RY_WRITES_PATH_BYTES];
    if (!is_stored(writes, name))
        return NULL;
    path_of(path, writes, "", name, ".json");
    json_t *settings = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    if (settings == NULL && access(path, F_OK) != 0)
        return json_object();
    return settings;
}

/* ---- what there is --------------------------------------------------------------------------- */

static json_t *describe(const struct ry_writes *writes, const char *name)
{
    char path[RY_WRITES_PATH_BYTES], hash[2 * HASH_BYTES + 1];
    struct stat status;
    path_of(path, writes, "", name, ".so");
    if (!is_stored(writes, name) || stat(path, &status) != 0)
        return NULL;
    json_t *settings = ry_writes_agent_settings(writes, name);
    json_t *json = ry_text_json_whole(json_object());
    hash_file(hash, path);
    ry_text_json_set(json, "name", json_string(name));
    ry_text_json_set(json, "bytes", ry_text_json_count((uint64_t)status.st_size));
    ry_text_json_set(json, "blake2b", json_string(hash));
    ry_text_json_set_time(json, "stored",
                          status.st_mtim.tv_sec * INT64_C(1000000000) + status.st_mtim.tv_nsec);
    ry_text_json_set(json, "settings", settings == NULL ? json_null() : settings);
    return json;
}

void ry_writes_agents(struct ry_writes *writes, struct ry_writes_answer *answer)
{
    char path[RY_WRITES_PATH_BYTES];
    if (!ry_writes_has_library(writes, answer))
        return;
    json_t *list = ry_text_json_whole(json_array()), *root = ry_text_json_whole(json_object());
    struct dirent **entry = NULL;
    snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS, writes->library);
    const int count = scandir(path, &entry, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *end = strrchr(entry[i]->d_name, '.');
        if (end != NULL && strcmp(end, ".so") == 0) {
            *end = '\0';
            json_t *one = describe(writes, entry[i]->d_name);
            if (one != NULL)
                ry_text_json_add(list, one);
        }
        free(entry[i]);
    }
    free(entry);
    ry_text_json_set(root, "agents", list);
    ry_writes_done(answer, 200, root);
}

void ry_writes_agent(struct ry_writes *writes, const char *name, struct ry_writes_answer *answer)
{
    if (!ry_writes_has_library(writes, answer))
        return;
    json_t *json = describe(writes, name);
    if (json == NULL)
        no_agent(name, answer);
    else
        ry_writes_done(answer, 200, json);
}

/* ---- what is sent ---------------------------------------------------------------------------- */

static void put_library(struct ry_writes *writes, const char *name, const void *body, size_t bytes,
                        struct ry_writes_answer *answer)
{
    char path[RY_WRITES_PATH_BYTES], temporary[RY_WRITES_PATH_BYTES], why[RY_STRATEGY_WHY_BYTES];
    const bool was_there = is_stored(writes, name);
    path_of(path, writes, "", name, ".so");
    path_of(temporary, writes, ".", name, ".new");
    if (bytes > RY_WRITES_AGENT_BYTES_MAX) {
        ry_writes_fail(answer, "too_large", NULL, "an agent has at most %u bytes",
                       RY_WRITES_AGENT_BYTES_MAX);
        return;
    }
    if (!was_there && count_stored(writes) >= RY_WRITES_AGENTS_MAX) {
        ry_writes_fail(answer, "conflict", NULL, "%d agents are stored: no room for more",
                       RY_WRITES_AGENTS_MAX);
        return;
    }
    const char *wrong = NULL;
    const bool kept = make_folder(writes) && write_file(temporary, body, bytes) &&
                      (wrong = ry_strategy_file(temporary, why)) == NULL &&
                      rename(temporary, path) == 0;
    const int error = errno;
    if (!kept)
        (void)unlink(temporary);
    if (wrong != NULL)
        ry_writes_fail(answer, "bad_strategy", NULL, "the library %s", wrong);
    else if (!kept)
        ry_writes_fail(answer, "failed", NULL, "cannot store the agent: %s", strerror(error));
    else
        ry_writes_done(answer, was_there ? 200 : 201, describe(writes, name));
}

/* A value of a battle file: text, a whole number, or a mapping of these. */
static bool is_value(const json_t *value, bool inside)
{
    const char *key;
    json_t *of;
    if (json_is_string(value) || json_is_integer(value) || json_is_boolean(value))
        return true;
    if (!json_is_object(value) || inside)
        return false;
    json_object_foreach((json_t *)(uintptr_t)value, key, of)
    {
        if (!is_value(of, true))
            return false;
    }
    return true;
}

/* NULL, or the key that a battle file does not have there. */
static const char *unknown_key(const json_t *settings)
{
    const char *key;
    json_t *of;
    json_object_foreach((json_t *)(uintptr_t)settings, key, of)
    {
        if (strcmp(key, "name") == 0 || strcmp(key, "strategy") == 0 ||
            ry_battle_key_find(RY_BATTLE_SECTION_AGENT, key) == NULL || !is_value(of, false))
            return key;
    }
    return NULL;
}

static void put_settings(struct ry_writes *writes, const char *name, const void *body, size_t bytes,
                         struct ry_writes_answer *answer)
{
    char path[RY_WRITES_PATH_BYTES], temporary[RY_WRITES_PATH_BYTES];
    path_of(path, writes, "", name, ".json");
    path_of(temporary, writes, ".", name, ".new");
    if (bytes > RY_WRITES_SETTING_BYTES_MAX) {
        ry_writes_fail(answer, "too_large", NULL, "settings have at most %u bytes",
                       RY_WRITES_SETTING_BYTES_MAX);
        return;
    }
    if (!is_stored(writes, name)) {
        no_agent(name, answer);
        return;
    }
    json_t *settings = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, NULL);
    const char *unknown = json_is_object(settings) ? unknown_key(settings) : "";
    char *text = NULL;
    if (unknown != NULL)
        ry_writes_fail(answer, "bad_body", NULL,
                       "%.64s%scash, latency_us, jitter_us, count, params, risk are what a battle "
                       "file says of an agent beside its name and strategy: text, whole numbers, "
                       "and of params and risk mappings of these",
                       unknown, unknown[0] == '\0' ? "" : " cannot be: ");
    else if ((text = json_dumps(settings, JSON_INDENT(2))) == NULL || !make_folder(writes) ||
             !write_file(temporary, text, strlen(text)) || rename(temporary, path) != 0) {
        ry_writes_fail(answer, "failed", NULL, "cannot store the settings: %s", strerror(errno));
        (void)unlink(temporary);
    } else {
        ry_writes_done(answer, 200, describe(writes, name));
    }
    free(text);
    json_decref(settings);
}

static bool is_type(const char *content_type, const char *type)
{
    const size_t bytes = strlen(type);
    return content_type != NULL && strncasecmp(content_type, type, bytes) == 0 &&
           (content_type[bytes] == '\0' || content_type[bytes] == ';' ||
            content_type[bytes] == ' ');
}

void ry_writes_agent_put(struct ry_writes *writes, const char *name, const char *content_type,
                         const void *body, size_t bytes, struct ry_writes_answer *answer)
{
    if (!may_store(writes, name, answer))
        return;
    if (is_type(content_type, "application/octet-stream"))
        put_library(writes, name, body, bytes, answer);
    else if (is_type(content_type, "application/json"))
        put_settings(writes, name, body, bytes, answer);
    else
        ry_writes_fail(answer, "bad_body", NULL,
                       "Content-Type is application/octet-stream for the agent's library, "
                       "application/json for its settings");
}

void ry_writes_agent_delete(struct ry_writes *writes, const char *name,
                            struct ry_writes_answer *answer)
{
    char path[RY_WRITES_PATH_BYTES];
    if (!may_store(writes, name, answer))
        return;
    if (!is_stored(writes, name)) {
        no_agent(name, answer);
        return;
    }
    path_of(path, writes, "", name, ".json");
    (void)unlink(path);
    path_of(path, writes, "", name, ".so");
    if (unlink(path) == 0)
        ry_writes_done(answer, 204, NULL);
    else
        ry_writes_fail(answer, "failed", NULL, "cannot remove the agent: %s", strerror(errno));
}
