/*
 * Open files: each process of a battle costs the supervisor some, and where they would not do the
 * process that happens to come last would be blamed. So they are counted before any is started.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/supervisor/state.h"

/* Its socket, its pidfd, its log and both ends of a pipe to it, its base and watch as we have them.
 */
#define OF_A_ROLE 7
#define OF_ALL    48 /* the battle's own, and what is open for a moment while a process starts */

/* The lowest number that is free: what whoever started the supervisor left open lies below. */
static rlim_t open_now(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0 ? 0 : (rlim_t)fd;
}

static rlim_t needed(const struct ry_supervisor *s)
{
    rlim_t files = open_now() + OF_ALL;
    for (unsigned i = 0; i < s->result->count; i++)
        files +=
            OF_A_ROLE + ry_supervisor_topology_offered(s->result->role[i].row, s->plan->battle);
    return files;
}

int ry_supervisor_allow_descriptors(struct ry_supervisor *s)
{
    struct rlimit limit;
    rlim_t files = needed(s);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files)
        return 0;
    rlim_t allowed = limit.rlim_cur;
    limit.rlim_cur = files;
    if (files <= limit.rlim_max && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_ENVIRONMENT, -1,
                        "too few open files are allowed (%llu, ulimit -n): the %u processes of "
                        "this battle need %llu, and the hard limit is %llu; raise it (ulimit -Hn), "
                        "or run fewer agents",
                        (unsigned long long)allowed, s->result->count, (unsigned long long)files,
                        (unsigned long long)limit.rlim_max);
    return -1;
}
