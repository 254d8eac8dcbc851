#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/role/door.h"
#include "tools/text/json.h"
#include "tools/writes/internal.h"

#define PATIENCE_S 2

/* Who made the socket at the door listen: the kernel says it of whoever connects. 0: nobody
 * listens; -1 with errno. */
static pid_t listener(const char *directory)
{
    struct sockaddr_un address;
    struct ucred who = {.pid = 0};
    socklen_t bytes = sizeof who;
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    pid_t pid = -1;
    const int inside = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (inside >= 0 && fd >= 0) {
        ry_role_door_address(inside, &address);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &bytes) == 0)
            pid = who.pid;
        else if (errno == ENOENT || errno == ECONNREFUSED)
            pid = 0;
    }
    const int why = errno;
    if (fd >= 0)
        close(fd);
    if (inside >= 0)
        close(inside);
    errno = why;
    return pid;
}

/* The number is asked for again when its descriptor is there: the same process has listened all the
 * time, so the number was not another's in between, and the descriptor is the supervisor's. */
int ry_writes_supervisor(const char *directory, pid_t *pid, char why[RY_WRITES_WHY_BYTES])
{
    *pid = listener(directory);
    const int fd = *pid > 0 ? pidfd_open(*pid, 0) : -1;
    if (fd >= 0 && listener(directory) == *pid)
        return fd;
    if (*pid < 0 || (*pid > 0 && fd < 0 && errno != ESRCH))
        snprintf(why, RY_WRITES_WHY_BYTES, "cannot find the battle's supervisor: %s",
                 strerror(errno));
    else
        snprintf(why, RY_WRITES_WHY_BYTES, "%s", RY_ROLE_DOOR_NOBODY);
    if (fd >= 0)
        close(fd);
    return -1;
}

void ry_writes_stop(const char *directory, const char *name, struct ry_writes_answer *answer)
{
    char why[RY_WRITES_WHY_BYTES];
    pid_t pid;
    const int fd = ry_writes_supervisor(directory, &pid, why);
    if (fd < 0) {
        const bool nobody = strcmp(why, RY_ROLE_DOOR_NOBODY) == 0;
        ry_writes_fail(answer, nobody ? "not_running" : "failed", NULL,
                       nobody ? "the battle %.64s does not run%s" : "the battle %.64s: %s", name,
                       nobody ? "" : why);
        return;
    }
    const int sent = pidfd_send_signal(fd, SIGTERM, NULL, 0), error = errno;
    close(fd);
    if (sent != 0) {
        ry_writes_fail(answer, error == ESRCH ? "not_running" : "failed", NULL,
                       "the battle %.64s cannot be stopped: %s", name, strerror(error));
        return;
    }
    json_t *document = ry_text_json_whole(json_object());
    ry_text_json_set(document, "battle", ry_text_json_string(name, RY_WRITES_NAME_BYTES));
    ry_text_json_set(document, "state", json_string("stopping"));
    ry_writes_done(answer, 202, document);
    snprintf(answer->location, sizeof answer->location, "/v1/battles/%.64s", name);
}
