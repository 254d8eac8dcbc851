#include "tools/keys/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/keys/key.h"
#include "tools/text/json.h"

#define PATH_SHOWN_BYTES   256
#define METHOD_SHOWN_BYTES 16
#define LINE_BYTES         4096

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
}

int ry_keys_audit_open(struct ry_keys_audit *audit, const char *path)
{
    *audit = (struct ry_keys_audit){.path = path, .fd = STDERR_FILENO};
    if (path != NULL)
        audit->fd = open_file(path);
    return audit->fd < 0 ? -1 : 0;
}

void ry_keys_audit_close(struct ry_keys_audit *audit)
{
    if (audit->path != NULL && audit->fd >= 0)
        close(audit->fd);
    audit->fd = -1;
}

/* The file was renamed or removed: from here on its successor. */
static void reopen(struct ry_keys_audit *audit)
{
    struct stat there, here;
    if (audit->path == NULL)
        return;
    if (audit->fd >= 0 && stat(audit->path, &there) == 0 && fstat(audit->fd, &here) == 0 &&
        there.st_ino == here.st_ino && there.st_dev == here.st_dev)
        return;
    ry_keys_audit_close(audit);
    audit->fd = open_file(audit->path);
}

static json_t *shown(const char *text)
{
    return text == NULL ? json_null() : ry_text_json_string(text, PATH_SHOWN_BYTES);
}

static json_t *make(const struct ry_keys_audit *audit, const struct ry_keys_line *line)
{
    char path[PATH_SHOWN_BYTES];
    json_t *json = ry_text_json_whole(json_object());
    ry_text_json_set_time(json, "time", line->now_ns);
    ry_text_json_set(json, "what", json_string(line->write ? "write" : "look"));
    ry_text_json_set(json, "verdict", json_string(line->verdict));
    ry_text_json_set(json, "key", shown(line->key));
    ry_text_json_set(json, "name", shown(line->name));
    ry_text_json_set(json, "peer", shown(line->peer));
    ry_text_json_set(json, "method", ry_text_json_string(line->method, METHOD_SHOWN_BYTES));
    ry_text_json_set(
        json, "path",
        shown(ry_keys_without_secrets(path, sizeof path, line->path, strcspn(line->path, "?"))));
    ry_text_json_set(json, "why", shown(line->why));
    ry_text_json_set(json, "left_out", ry_text_json_count(audit->left_out));
    return json;
}

void ry_keys_audit_say(struct ry_keys_audit *audit, const struct ry_keys_line *line)
{
    static const struct ry_keys_limit limit = {RY_KEYS_AUDIT_RATE, RY_KEYS_AUDIT_BURST};
    char text[LINE_BYTES];
    int64_t wait_ns;
    const bool refused = line->why != NULL;
    if (refused && !ry_keys_take(&audit->bucket, limit, line->now_ns, &wait_ns)) {
        audit->left_out++;
        return;
    }
    json_t *json = make(audit, line);
    const size_t bytes = json_dumpb(json, text, sizeof text - 1, JSON_COMPACT);
    json_decref(json);
    if (bytes >= sizeof text)
        return; /* each member has its bound: it cannot be */
    text[bytes] = '\n';
    reopen(audit);
    if (audit->fd >= 0 && write(audit->fd, text, bytes + 1) == (ssize_t)bytes + 1) {
        audit->left_out = 0;
        audit->failed = false;
        return;
    }
    audit->left_out++;
    if (!audit->failed)
        fprintf(stderr, "royale-web: cannot write the audit's line to %s: %s\n",
                audit->path != NULL ? audit->path : "standard error", strerror(errno));
    audit->failed = true;
}
