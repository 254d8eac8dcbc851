#include "core/supervisor/child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/message.h"
#include "core/role/role.h"
#include "shm/denied.h"

#define FIRST_FREE_FD (RY_ROLE_FD_SOCKET + 1)
#define NODES_MAX     64 /* memory nodes */
#define ABOVE_ALL_FDS 64 /* where descriptors wait that must not be written over */

/* `call` is what failed, with errno. */
static _Noreturn void give_up_at(int socket, const char *what, const char *which, const char *call)
{
    struct ry_role_message message = {.kind = RY_ROLE_TELL_FAILED};
    char denied[RY_DENIED_BYTES];
    ry_denied_print(denied, sizeof denied, call, errno);
    snprintf(message.text, sizeof message.text, "%s %.250s: %s", what, which, denied);
    (void)ry_role_message_send(socket, &message, -1);
    _exit(RY_SUPERVISOR_CHILD_NO_BINARY);
}

static _Noreturn void give_up(const char *what, const char *which, const char *call)
{
    give_up_at(RY_ROLE_FD_SOCKET, what, which, call);
}

/* A copy of `fd` that dup2 does not write over; `socket` still is where it was. */
static int keep(int fd, int socket, const char *binary)
{
    int kept = fcntl(fd, F_DUPFD, ABOVE_ALL_FDS);
    if (kept < 0) {
        struct rlimit limit = {0};
        char what[96];
        int why = errno;
        (void)getrlimit(RLIMIT_NOFILE, &limit);
        snprintf(what, sizeof what, "too few open files are allowed (%llu, ulimit -n) for",
                 (unsigned long long)limit.rlim_cur);
        errno = why;
        give_up_at(socket, what, binary, "fcntl(F_DUPFD)");
    }
    return kept;
}

/* Puts the battle, the socket and the standard descriptors where a role expects them; closes the
 * rest. */
static void arrange_descriptors(const struct ry_supervisor_child_start *start, int socket)
{
    int battle_kept = keep(start->battle, socket, start->binary);
    int output_kept = keep(start->output, socket, start->binary);
    int errors_kept = keep(start->errors, socket, start->binary);
    int socket_kept = keep(socket, socket, start->binary);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0)
        give_up_at(socket, "cannot open /dev/null for", start->binary, "open");
    if (dup2(socket_kept, RY_ROLE_FD_SOCKET) < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
        dup2(output_kept, STDOUT_FILENO) < 0 || dup2(errors_kept, STDERR_FILENO) < 0 ||
        dup2(battle_kept, RY_ROLE_FD_BATTLE) < 0)
        give_up("cannot arrange the descriptors of", start->binary, "dup2");
    /* What stayed open would be another role's, and the socket's end would never be seen. */
    if (close_range(FIRST_FREE_FD, ~0u, 0) != 0)
        give_up("cannot close the descriptors of", start->binary, "close_range");
}

/* The terminal's signals are the supervisor's to judge; ignoring them survives exec. So does
 * blocking: a stop that comes before the role can handle it waits until it can (handle_signals in
 * core/role/role.c). */
static void reset_signals(void)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* Survives the exec. A kernel or a container that does not let us still gives a bound process
 * memory of the node that it runs on, as long as there is any. */
static void prefer_node(int node)
{
    unsigned long mask[NODES_MAX / (8 * sizeof(unsigned long))] = {0};
    if (node < 0 || node >= NODES_MAX)
        return;
    mask[(unsigned)node / (8 * sizeof mask[0])] |= 1ul << ((unsigned)node % (8 * sizeof mask[0]));
    /* The kernel takes one bit less than it is told. */
    (void)syscall(SYS_set_mempolicy, MPOL_PREFERRED, mask, (unsigned long)NODES_MAX + 1);
}

/* Its core may lie in a partition, which who is outside cannot be bound to. Only who may write
 * above both cgroups can change from one to the other: while it still is who we are. */
static void enter_cgroup(const struct ry_supervisor_child_start *start)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/cgroup.procs", start->cgroup);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "0", 1) != 1) /* 0: who writes */
        give_up("cannot enter its core's partition by", path, fd < 0 ? "open" : "write");
    close(fd);
}

static _Noreturn void become(const struct ry_supervisor_child_start *start, int socket,
                             pid_t parent)
{
    arrange_descriptors(start, socket);
    /* Who has no part in a terminal's session cannot type into it (TIOCSTI). */
    if (start->session && setsid() < 0)
        give_up("cannot give a session to", start->binary, "setsid");
    if (start->folder != NULL && chdir(start->folder) != 0)
        give_up("cannot change the folder of", start->binary, "chdir");
    reset_signals();
    if (start->cgroup != NULL)
        enter_cgroup(start);
    cpu_set_t cores = start->cores;
    if (start->core >= 0) {
        CPU_ZERO(&cores);
        CPU_SET((size_t)start->core, &cores);
    }
    if (sched_setaffinity(0, sizeof cores, &cores) != 0)
        give_up("cannot bind to its core", start->binary, "sched_setaffinity");
    prefer_node(start->node);
    /* SIGKILL: also a stopped process ends by it. Last, and then a look whether the supervisor died
     * before it counted. */
    if (prctl(PR_SET_PDEATHSIG, start->tidies ? SIGTERM : SIGKILL) != 0)
        give_up("cannot tie to the supervisor", start->binary, "prctl(PR_SET_PDEATHSIG)");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    execle(start->binary, start->binary, start->index, start->directory, start->name, (char *)NULL,
           start->environment);
    give_up("cannot execute", start->binary, "execve");
}

static int not_started(struct ry_supervisor_child *child, const char *call)
{
    *child = (struct ry_supervisor_child){.pidfd = -1, .socket = -1, .failed = call};
    return -1;
}

int ry_supervisor_child_start(struct ry_supervisor_child *child,
                              const struct ry_supervisor_child_start *start)
{
    static const struct timeval patience = {.tv_sec = RY_SUPERVISOR_CHILD_SEND_SECONDS};
    int pair[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return not_started(child, "socketpair");
    (void)setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    pid_t pid = fork();
    if (pid == 0)
        become(start, pair[1], parent);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return not_started(child, "fork");
    }
    *child =
        (struct ry_supervisor_child){.pid = pid, .pidfd = pidfd_open(pid, 0), .socket = pair[0]};
    if (child->pidfd < 0) {
        int why = errno;
        kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        close(pair[0]);
        errno = why;
        return not_started(child, "pidfd_open");
    }
    return 0;
}

void ry_supervisor_child_signal(const struct ry_supervisor_child *child, int signal_number)
{
    if (child->pid > 0) {
        /* ESRCH: it has just ended, which is what was wanted. */
        (void)kill(child->pid, signal_number);
    }
}

bool ry_supervisor_child_reap(struct ry_supervisor_child *child)
{
    siginfo_t ended = {0};
    if (child->pid <= 0)
        return false;
    /* Of a child that asked to be traced by us, wait also tells that it has stopped. */
    if (waitid(P_PID, (id_t)child->pid, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        (ended.si_code != CLD_EXITED && ended.si_code != CLD_KILLED && ended.si_code != CLD_DUMPED))
        return false;
    pid_t reaped = wait4(child->pid, &child->status, 0, &child->usage);
    assert(reaped == child->pid);
    close(child->pidfd);
    child->pidfd = -1;
    child->pid = 0;
    return true;
}

void ry_supervisor_child_describe(int status, char *text, size_t bytes)
{
    if (WIFSIGNALED(status)) {
        int signal_number = WTERMSIG(status);
        snprintf(text, bytes, "killed by signal %d (%s)", signal_number, strsignal(signal_number));
    } else {
        snprintf(text, bytes, "exit code %d", WEXITSTATUS(status));
    }
}
