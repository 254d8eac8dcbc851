#include "agents/load.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agent.h"

#define TO_BE_READ " (everybody must be able to read it)"

int ry_host_load_open(const char *path, char why[RY_HOST_LOAD_WHY_BYTES])
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        snprintf(why, RY_HOST_LOAD_WHY_BYTES, "cannot open strategy %.200s: %s%s", path,
                 strerror(errno), errno == EACCES ? TO_BE_READ : "");
        return -1;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        return fd;
    snprintf(why, RY_HOST_LOAD_WHY_BYTES, "strategy %.200s is not a file", path);
    close(fd);
    return -1;
}

static const struct ry_strategy *check(const struct ry_strategy *strategy, const char *path,
                                       char why[RY_HOST_LOAD_WHY_BYTES])
{
    if (strategy == NULL)
        snprintf(why, RY_HOST_LOAD_WHY_BYTES,
                 "strategy %.200s exports no ry_strategy: RY_STRATEGY(...) is missing", path);
    else if (strategy->abi != RY_AGENT_ABI)
        snprintf(
            why, RY_HOST_LOAD_WHY_BYTES,
            "strategy %.200s was compiled for version %u of agent.h, this is %u: build it again "
            "with this royale's agent.h",
            path, strategy->abi, RY_AGENT_ABI);
    else if (strategy->bytes != sizeof *strategy)
        snprintf(why, RY_HOST_LOAD_WHY_BYTES,
                 "strategy %.200s: its struct ry_strategy has %u bytes, here it has %zu", path,
                 strategy->bytes, sizeof *strategy);
    else
        return strategy;
    return NULL;
}

static bool is_shared_library(int fd)
{
    Elf64_Ehdr head;
    return pread(fd, &head, sizeof head, 0) == (ssize_t)sizeof head &&
           memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 && head.e_type == ET_DYN;
}

/* Whether this process, as it is now, could open the file: the descriptor may come from when it was
 * root. */
static bool may_be_read(const char *name)
{
    const int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno != EACCES;
    close(fd);
    return true;
}

const struct ry_strategy *ry_host_load_library(int fd, const char *path,
                                               char why[RY_HOST_LOAD_WHY_BYTES])
{
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if (!is_shared_library(fd)) {
        snprintf(
            why, RY_HOST_LOAD_WHY_BYTES,
            "cannot load strategy %.200s: not a shared library: build it as docs/AGENTS.md says",
            path);
        return NULL;
    }
    if (!may_be_read(name)) {
        snprintf(why, RY_HOST_LOAD_WHY_BYTES,
                 "cannot load strategy %.200s: Permission denied" TO_BE_READ, path);
        return NULL;
    }
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *said = dlerror();
        const char *what =
            said != NULL && strncmp(said, name, strlen(name)) == 0 ? said + strlen(name) : said;
        snprintf(why, RY_HOST_LOAD_WHY_BYTES, "cannot load strategy %.200s%s%.150s", path,
                 what != NULL && *what == ':' ? "" : ": ", what != NULL ? what : "?");
        return NULL;
    }
    (void)fesetenv(FE_DFL_ENV);
    const struct ry_strategy *strategy = check(dlsym(library, "ry_strategy"), path, why);
    if (strategy == NULL)
        (void)dlclose(library);
    return strategy;
}
