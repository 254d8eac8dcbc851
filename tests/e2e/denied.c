/*
 * Runs a command as under a container's filter of system calls: those named fail with EPERM.
 * usage: denied NAME[,NAME ...] COMMAND ..
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
    {"memfd_create", SYS_memfd_create},
    {"pidfd_open", SYS_pidfd_open},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
    {"io_uring_setup", SYS_io_uring_setup},
    {"signalfd4", SYS_signalfd4},
    {"sched_setaffinity", SYS_sched_setaffinity},
    {"socketpair", SYS_socketpair},
    {"setsid", SYS_setsid},
    {"close_range", SYS_close_range},
    {"fallocate", SYS_fallocate},
};
#define CALLS (sizeof calls / sizeof calls[0])

static unsigned number_of(const char *name)
{
    for (size_t i = 0; i < CALLS; i++)
        if (strcmp(calls[i].name, name) == 0)
            return calls[i].number;
    fprintf(stderr, "denied: no call %s\n", name);
    exit(EXIT_FAILURE);
}

/* One filter a call: the strictest answer counts. */
static int deny(unsigned number)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
    if (argc < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return EXIT_FAILURE;
    for (const char *name = strtok(argv[1], ","); name != NULL; name = strtok(NULL, ","))
        if (deny(number_of(name)) != 0)
            return EXIT_FAILURE;
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return EXIT_FAILURE;
}
