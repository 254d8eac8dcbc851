#include "tools/queue/hold.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/whole.h"

static void path_of(const struct ry_queue *queue, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/" RY_QUEUE_HOLD, queue->state);
}

bool ry_queue_hold_there(const struct ry_queue *queue)
{
    char path[PATH_MAX];
    struct stat status;
    path_of(queue, path);
    return lstat(path, &status) == 0 || errno != ENOENT;
}

json_t *ry_queue_hold_read(const struct ry_queue *queue)
{
    char path[PATH_MAX];
    path_of(queue, path);
    if (!ry_queue_hold_there(queue))
        return NULL;
    json_t *hold = json_load_file(path, 0, NULL);
    if (!json_is_object(hold)) {
        json_decref(hold);
        hold = ry_text_json_whole(json_object());
    }
    return hold;
}

static const char *who(void)
{
    const struct passwd *user = getpwuid(getuid());
    return user != NULL ? user->pw_name : "?";
}

int ry_queue_hold_make(const struct ry_queue *queue, const char *why)
{
    struct ry_text_whole whole;
    if (ry_queue_hold_there(queue))
        return RY_EXIT_OK;
    json_t *hold = ry_text_json_whole(json_object());
    ry_text_json_set_time(hold, "held", ry_clock_wall_ns());
    ry_text_json_set(hold, "user", json_string(who()));
    ry_text_json_set(hold, "why",
                     why != NULL ? ry_text_json_string(why, RY_QUEUE_WHY_BYTES) : json_null());
    if (ry_text_whole_open(&whole, queue->state, RY_QUEUE_HOLD, 0) != 0) {
        json_decref(hold);
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s", whole.error);
    }
    (void)fchmod(fileno(whole.file), 0644); /* whoever starts battles reads it */
    (void)ry_text_json_line(whole.file, hold);
    return ry_text_whole_keep(&whole) == 0
               ? RY_EXIT_OK
               : ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s", whole.error);
}

int ry_queue_hold_drop(const struct ry_queue *queue)
{
    char path[PATH_MAX];
    path_of(queue, path);
    if (unlink(path) == 0 || errno == ENOENT)
        return RY_EXIT_OK;
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s: %s", path, strerror(errno));
}
