#include "tools/writes/writes.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/supervisor/users.h"
#include "shm/clock.h"
#include "tools/place/place.h"
#include "tools/text/json.h"
#include "tools/writes/internal.h"

bool ry_writes_is_name(const char *name)
{
    static const char others[] = "-._";
    const size_t bytes = strlen(name);
    for (size_t i = 0; i < bytes; i++) {
        const char c = name[i];
        const bool is_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (i == 0 || strchr(others, c) == NULL))
            return false;
    }
    return bytes > 0 && bytes < RY_WRITES_NAME_BYTES;
}

bool ry_writes_has_library(const struct ry_writes *writes, struct ry_writes_answer *answer)
{
    if (writes->library[0] != '\0')
        return true;
    ry_writes_fail(answer, "no_library", NULL,
                   "this royale-web serves one battle's folder, not a library");
    return false;
}

static int open_library(struct ry_writes *writes, char why[RY_WRITES_WHY_BYTES])
{
    char whole[PATH_MAX], own[RY_WRITES_PATH_BYTES];
    const char *library = writes->settings.library;
    if (realpath(library, whole) == NULL) {
        snprintf(why, RY_WRITES_WHY_BYTES, "%.160s: %s", library, strerror(errno));
        return -1;
    }
    if (strlen(whole) >= sizeof writes->library) {
        snprintf(why, RY_WRITES_WHY_BYTES, "%.100s..: the path is too long; allowed: %zu bytes",
                 whole, sizeof writes->library - 1);
        return -1;
    }
    strcpy(writes->library, whole);
    snprintf(own, sizeof own, "%s/" RY_WRITES_OWN, writes->library);
    if (mkdir(own, 0700) == 0 || errno == EEXIST) {
        snprintf(own, sizeof own, "%s/" RY_WRITES_OWN "/once.jsonl", writes->library);
        if (ry_writes_once_open(&writes->once, own, ry_clock_wall_ns()) == 0)
            return 0;
    }
    /* A library that is only to be read is served, and nothing is begun in it. */
    if (errno == EACCES || errno == EROFS || errno == EPERM) {
        writes->library[0] = '\0';
        return ry_writes_once_open(&writes->once, NULL, 0);
    }
    snprintf(why, RY_WRITES_WHY_BYTES, "%.160s: %s", own, strerror(errno));
    return -1;
}

int ry_writes_open(struct ry_writes *writes, const struct ry_writes_settings *settings,
                   char why[RY_WRITES_WHY_BYTES])
{
    memset(writes, 0, sizeof *writes);
    writes->settings = *settings;
    if (sodium_init() < 0 || ry_place_find(RY_PLACE_ROYALE, writes->royale) != 0) {
        snprintf(why, RY_WRITES_WHY_BYTES, "cannot find royale: %s", strerror(errno));
        return -1;
    }
    const int opened = settings->library != NULL ? open_library(writes, why)
                                                 : ry_writes_once_open(&writes->once, NULL, 0);
    if (opened != 0)
        return -1;
    if (ry_writes_launcher_open(&writes->launcher) == 0)
        return 0;
    ry_writes_once_close(&writes->once);
    snprintf(why, RY_WRITES_WHY_BYTES, "no thread to start battles with");
    return -1;
}

void ry_writes_close(struct ry_writes *writes)
{
    ry_writes_launcher_close(&writes->launcher);
    ry_writes_once_close(&writes->once);
}

void ry_writes_isolation(struct ry_writes_isolation *isolation)
{
    struct ry_supervisor_users users;
    ry_supervisor_users_take(&users, RY_SUPERVISOR_USERS_FILE);
    isolation->own_users = users.first != 0;
    snprintf(isolation->why, sizeof isolation->why, "%s", users.why);
    ry_supervisor_users_leave(&users);
}

json_t *ry_writes_isolation_json(const struct ry_writes *writes)
{
    struct ry_writes_isolation isolation;
    json_t *json = ry_text_json_whole(json_object());
    ry_writes_isolation(&isolation);
    ry_text_json_set(json, "agents",
                     json_string(isolation.own_users ? "users of their own" : "one user"));
    ry_text_json_set(json, "why",
                     isolation.own_users ? json_null()
                                         : ry_text_json_string(isolation.why, RY_WRITES_WHY_BYTES));
    ry_text_json_set(json, "uploads",
                     json_boolean(writes->settings.uploads && isolation.own_users));
    return json;
}
