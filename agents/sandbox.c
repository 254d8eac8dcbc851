#include "agents/sandbox.h"

#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/role/secret.h"

#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
/* Their shadow memory is terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
#define SANITIZED true
#else
#define SANITIZED false
#endif

static void note(struct ry_host_sandbox *sandbox, bool in_force, const char *what)
{
    const size_t length = strlen(sandbox->missing);
    if (!in_force)
        snprintf(sandbox->missing + length, RY_HOST_SANDBOX_TEXT_BYTES - length, "%sno %s",
                 length > 0 ? ", " : "", what);
}

static bool become(unsigned id)
{
    return setgroups(0, NULL) == 0 && setresgid(id, id, id) == 0 && setresuid(id, id, id) == 0;
}

int ry_host_sandbox_drop(struct ry_host_sandbox *sandbox, uint32_t user)
{
    const pid_t parent = getppid();
    *sandbox = (struct ry_host_sandbox){0};
    note(sandbox, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "ban on new privileges");
    if (geteuid() != 0)
        note(sandbox, false, "user of its own (royale was not started as root)");
    else if (user != 0 && become(user))
        note(sandbox, true, "user of its own");
    else
        note(sandbox, false,
             become(RY_ROLE_STRANGER_UID_NOBODY) ? "user of its own but nobody" : "user but root");
    note(sandbox, prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "protection from ptrace");
    /* A change of user has undone it; and a strategy may ignore SIGTERM, while the host has nothing
     * to save. Last, and then a look whether the supervisor died before it counted. */
    note(sandbox, prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "death with the supervisor");
    return getppid() == parent ? 0 : -1;
}

static bool limit(int resource, size_t value)
{
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    return setrlimit((__rlimit_resource_t)resource, &both) == 0;
}

/* 0: not known. */
static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static bool limit_memory(void)
{
    const size_t now = address_space();
    return !SANITIZED && now != 0 && limit(RLIMIT_AS, now + RY_HOST_SANDBOX_STRATEGY_BYTES);
}

void ry_host_sandbox_lock(struct ry_host_sandbox *sandbox, int last_fd, int keep_fd)
{
    bool closed = close_range((unsigned)keep_fd + 1, ~0u, 0) == 0;
    if (keep_fd > last_fd + 1)
        closed = close_range((unsigned)last_fd + 1, (unsigned)keep_fd - 1, 0) == 0 && closed;
    note(sandbox, closed, "closing of descriptors");
    note(sandbox, limit_memory(), "limit of memory");
    note(sandbox, limit(RLIMIT_NPROC, 0), "limit of processes");
    note(sandbox, limit(RLIMIT_NOFILE, RY_HOST_SANDBOX_DESCRIPTORS), "limit of descriptors");
    note(sandbox, limit(RLIMIT_FSIZE, RY_HOST_SANDBOX_FILE_BYTES), "limit of file size");
    note(sandbox, limit(RLIMIT_CORE, 0), "limit of core size");
    note(sandbox, false, "filter of system calls");
    note(sandbox, false, "wall around files and network");
}
