/*
 * peek: tries to get at what is not its own, and says in its log what it got. Parameters: journal,
 * the path of one; door, the path of
 * the observers' socket; word, a word of another agent's parameters. Its last line is "peek:
 * nothing" if all was refused.
 */
#define _GNU_SOURCE
#include <royale/agent.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define DESCRIPTORS 1024 /* looked at */

static unsigned found;

#define got(agent, ...) (found++, ry_print(agent, "peek: got " __VA_ARGS__))

/* What it maps of others must stay read-only, and is exec's word to it alone; of everything shared
 * only one region may be its own to write. */
static void maps(struct ry_agent *agent)
{
    char line[512];
    unsigned shared = 0, writable = 0, links = 0, spans = 0;
    FILE *file = fopen("/proc/self/maps", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long from, to;
        char mode[8];
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || mode[3] != 's')
            continue;
        shared++;
        writable += mode[1] == 'w';
        links += strstr(line, "exec.link") != NULL;
        spans += strstr(line, ".spans") != NULL;
        if (strstr(line, "inputs") != NULL || strstr(line, "watch") != NULL ||
            strstr(line, "spans") != NULL || strstr(line, "positions") != NULL)
            if (mode[1] != 'w') /* its own watch and spans it may write */
                got(agent, "a map of %s", line);
        if (mode[1] != 'w' && mprotect((void *)from, to - from, PROT_READ | PROT_WRITE) == 0)
            got(agent, "write access to %s", line);
    }
    if (file != NULL)
        fclose(file);
    ry_print(agent, "peek: %u shared maps, %u of them its own", shared, writable);
    if (writable > 3 + spans || spans > 1) /* base, watch, commands; with traces its spans */
        got(agent, "%u writable maps", writable);
    if (links != 1)
        got(agent, "%u agents' links", links);
}

static void descriptors(struct ry_agent *agent)
{
    for (int fd = 3; fd < DESCRIPTORS; fd++) {
        char name[64], target[256];
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(name, target, sizeof target - 1);
        if (length <= 0)
            continue;
        target[length] = '\0';
        if (fd != 3)
            got(agent, "descriptor %d: %s", fd, target);
        if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
            got(agent, "a writable map of descriptor %d: %s", fd, target);
    }
}

/* The battle: only what is its own business. */
static void battle(struct ry_agent *agent)
{
    const char *word = ry_param(agent, "word", NULL);
    static char bytes[1 << 20];
    const ssize_t length = pread(3, bytes, sizeof bytes, 0);
    if (word == NULL || length <= 0)
        return;
    unsigned times = 0;
    for (const char *at = bytes;
         (at = memmem(at, (size_t)(bytes + length - at), word, strlen(word))) != NULL; at++)
        times++;
    if (times != 1) /* in its own parameters, where it got it from */
        got(agent, "another's parameters: %s stands %u times in the battle", word, times);
}

static void open_for_all(struct ry_agent *agent, const char *path)
{
    const int fd = open(path, O_RDONLY);
    if (fd >= 0) {
        got(agent, "%s", path);
        close(fd);
    }
}

static void process(struct ry_agent *agent, int pid)
{
    char path[64];
    static const char *const files[] = {"mem", "maps", "environ"};
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
        open_for_all(agent, path);
    }
    for (int fd = 0; fd < 256; fd++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
        open_for_all(agent, path);
    }
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int fd = 0; pidfd >= 0 && fd < 256; fd++)
        if (syscall(SYS_pidfd_getfd, pidfd, fd, 0) >= 0)
            got(agent, "descriptor %d of process %d", fd, pid);
    char byte;
    struct iovec own = {.iov_base = &byte, .iov_len = 1},
                 its = {.iov_base = (void *)0x400000, .iov_len = 1};
    if (process_vm_readv(pid, &own, 1, &its, 1, 0) == 1 || errno == EFAULT)
        got(agent, "the memory of process %d", pid);
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) ==
        0) { /* without stopping it: the battle shall go on and say so */
        got(agent, "process %d by ptrace", pid);
        (void)ptrace(PTRACE_DETACH, pid, NULL, NULL);
    }
}

/* Every process of the battle: the parent and its children. */
static void processes(struct ry_agent *agent)
{
    const int parent = getppid(), own = getpid();
    DIR *opened = opendir("/proc");
    unsigned looked_at = 0;
    for (struct dirent *entry; opened != NULL && (entry = readdir(opened)) != NULL;) {
        const int pid = atoi(entry->d_name);
        char path[64], line[512] = "";
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *file = pid > 0 && pid != own ? fopen(path, "re") : NULL;
        if (file == NULL)
            continue;
        const char *rest = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
        int its_parent = 0;
        if (rest != NULL && sscanf(rest, ") %*c %d", &its_parent) == 1 &&
            (pid == parent || its_parent == parent)) {
            process(agent, pid);
            looked_at++;
        }
        fclose(file);
    }
    if (opened != NULL)
        closedir(opened);
    ry_print(agent, "peek: %u processes of the battle", looked_at);
}

/* What started the battle may have secrets in its environment. */
static void environment(struct ry_agent *agent)
{
    static const char *const known[] = {
        "PATH=",         "LANG=C",         "TZ=",           "GLIBC_TUNABLES=",
        "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS="};
    for (char **at = environ; *at != NULL; at++) {
        bool fine = false;
        for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
            fine = fine || strncmp(*at, known[i], strlen(known[i])) == 0;
        if (!fine)
            got(agent, "the environment's %.40s", *at);
    }
}

/* The observers' door: no descriptor may come, whatever it says. */
static void door(struct ry_agent *agent, const char *path)
{
    char text[8192] = "", control[CMSG_SPACE(sizeof(int))];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        ry_print(agent, "peek: the door: %s", strerror(errno));
    else if (recvmsg(fd, &header, 0) <= 0)
        ry_print(agent, "peek: the door says nothing");
    else if (CMSG_FIRSTHDR(&header) != NULL)
        got(agent, "a descriptor at the door");
    else
        ry_print(agent, "peek: the door says: %s", text + 16); /* behind magic and count */
    close(fd);
}

static void start(struct ry_agent *agent)
{
    const char *socket_path = ry_param(agent, "door", "");
    const char *journal = ry_param(agent, "journal", "");
    maps(agent);
    descriptors(agent);
    environment(agent);
    battle(agent);
    processes(agent);
    if (journal[0] != '\0')
        open_for_all(agent, journal);
    if (socket_path[0] != '\0')
        door(agent, socket_path);
    ry_print(agent, found == 0 ? "peek: nothing" : "peek: %u things", found);
}

RY_STRATEGY(.start = start);
