#include "core/supervisor/users.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/role/secret.h"

#define USERS_OF_A_PROCESS 4 /* real, effective, saved, file system's */

/* The users of a process as /proc has them; false: there is no such process. */
static bool users_of(const char *pid, uint32_t user[USERS_OF_A_PROCESS])
{
    char path[64], line[256];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%.16s/status", pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = sscanf(line, "Uid: %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32, &user[0],
                       &user[1], &user[2], &user[3]) == USERS_OF_A_PROCESS;
    if (file != NULL)
        fclose(file);
    return found;
}

/* True if a process has a user of the range, or if that cannot be seen. */
static bool somebody_has(uint32_t first)
{
    DIR *processes = opendir("/proc");
    bool has = processes == NULL;
    for (const struct dirent *entry; !has && (entry = readdir(processes)) != NULL;) {
        uint32_t user[USERS_OF_A_PROCESS];
        if (!isdigit((unsigned char)entry->d_name[0]) || !users_of(entry->d_name, user))
            continue;
        for (unsigned i = 0; i < USERS_OF_A_PROCESS; i++)
            has |= user[i] >= first && user[i] - first < RY_AGENTS_MAX;
    }
    if (processes != NULL)
        closedir(processes);
    return has;
}

/* In a container the kernel may know fewer users than there are numbers. */
static bool kernel_has_users(uint32_t first)
{
    uint64_t inside, outside, count;
    bool has = false;
    FILE *file = fopen("/proc/self/uid_map", "re");
    while (file != NULL && !has &&
           fscanf(file, "%" SCNu64 " %" SCNu64 " %" SCNu64, &inside, &outside, &count) == 3)
        has = first >= inside && first + RY_AGENTS_MAX <= inside + count;
    if (file != NULL)
        fclose(file);
    return has;
}

static bool lock_range(int fd, unsigned range)
{
    const struct flock byte = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = range, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &byte) == 0;
}

static void unlock_range(int fd, unsigned range)
{
    const struct flock byte = {
        .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = range, .l_len = 1};
    (void)fcntl(fd, F_OFD_SETLK, &byte);
}

static uint32_t take_range(int fd)
{
    for (unsigned range = 0; range < RY_ROLE_STRANGER_UID_RANGES; range++) {
        const uint32_t first = RY_ROLE_STRANGER_UID_FIRST + range * RY_AGENTS_MAX;
        if (!lock_range(fd, range))
            continue;
        if (!somebody_has(first))
            return first;
        unlock_range(fd, range);
    }
    return 0;
}

void ry_supervisor_users_take(struct ry_supervisor_users *users, const char *file)
{
    *users = (struct ry_supervisor_users){.lock = -1};
    if (geteuid() != 0) {
        snprintf(users->why, sizeof users->why, "not started as root");
        return;
    }
    if (!kernel_has_users(RY_ROLE_STRANGER_UID_FIRST)) {
        snprintf(users->why, sizeof users->why,
                 "this container has no users from %u up: map them into it, or run outside",
                 RY_ROLE_STRANGER_UID_FIRST);
        return;
    }
    users->lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (users->lock < 0) {
        snprintf(users->why, sizeof users->why, "cannot lock users in %.64s: %s", file,
                 strerror(errno));
        return;
    }
    users->first = take_range(users->lock);
    if (users->first == 0)
        snprintf(users->why, sizeof users->why, "all %u ranges of users are taken (%.64s)",
                 RY_ROLE_STRANGER_UID_RANGES, file);
}

void ry_supervisor_users_leave(struct ry_supervisor_users *users)
{
    if (users->lock >= 0)
        close(users->lock);
    *users = (struct ry_supervisor_users){.lock = -1};
}

bool ry_supervisor_users_is(pid_t pid, uint32_t user)
{
    char text[16];
    uint32_t has[USERS_OF_A_PROCESS];
    snprintf(text, sizeof text, "%d", (int)pid);
    if (user == 0 || !users_of(text, has))
        return false;
    return has[0] == user && has[1] == user && has[2] == user && has[3] == user;
}
