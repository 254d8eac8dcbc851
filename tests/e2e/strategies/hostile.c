/*
 * hostile: a strategy that dies in a way of its own choosing, or attacks, for the tests of what
 * becomes of it and of its victims.
 *
 * Parameters
 *   how    write, divide, overflow: faults of its own; raise, kill, abort, trap: signals that it
 *          sends itself; replace: takes the handler's place, then faults; term: kills itself with
 *          SIGTERM; exit, leave: exit(0), _exit(0); status: exit(1); alarm: exit(0) between its
 *          callbacks; rival: kills every other process of the battle that it may; type: types into
 *          the terminal; sockets: says which it has
 *   after  seconds after the start of trading
 *   signal of rival
 */
#define _GNU_SOURCE
#include <royale/agent.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define DESCRIPTORS 1024 /* looked at */
#define PIDS        256  /* around its own, that a rival may have */

/* volatile: the compiler may take a fault that it can see away. */
static volatile int zero, number_one = 1;

static int *volatile nowhere;

/* As a library's constructor it runs before anything of the strategy's is called. */
static unsigned sockets_at_load;

static unsigned sockets(void)
{
    unsigned count = 0;
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        struct stat status;
        count += fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    }
    return count;
}

__attribute__((constructor)) static void look_around(void)
{
    sockets_at_load = sockets();
}

static int overflow(int depth)
{
    volatile char room[4096]; /* volatile: it has to be there */
    room[0] = (char)depth;
    return overflow(depth + 1) + room[0];
}

/* Signals taken with the process running between them: by the second the callback has returned,
 * however loaded the machine is, and the day is not over, however fast it is. */
static void end(int number)
{
    static sig_atomic_t taken;
    (void)number;
    if (++taken == 2)
        exit(0);
}

/* After the callback, by the wall clock. */
static void exit_later(void)
{
    const struct itimerval soon = {{.tv_usec = 500}, {.tv_usec = 500}};
    signal(SIGALRM, end);
    (void)setitimer(ITIMER_REAL, &soon, NULL);
}

static void give_up(int number)
{
    signal(number, SIG_DFL);
}

/* An agent that the same supervisor has started: nobody else's process is touched. */
static bool is_rival(pid_t pid)
{
    char path[64], line[256] = "";
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    const char *name = fgets(line, sizeof line, file) == NULL ? NULL : strchr(line, '(');
    const char *rest = name == NULL ? NULL : strrchr(line, ')');
    fclose(file);
    return rest != NULL && strncmp(name, "(royale-agent", 13) == 0 &&
           sscanf(rest, ") %*c %d", &parent) == 1 && parent == getppid();
}

static void kill_rivals(struct ry_agent *agent, int number)
{
    const pid_t own = getpid();
    unsigned found = 0, killed = 0;
    for (pid_t pid = own > PIDS ? own - PIDS : 1; pid < own + PIDS; pid++) {
        if (pid != own && is_rival(pid)) {
            found++;
            killed += kill(pid, number) == 0;
        }
    }
    ry_print(agent, "hostile: %u of %u rivals killed", killed, found);
}

static void type_into(struct ry_agent *agent, const char *path, int fd)
{
    static const char text[] = "touch typed\n";
    unsigned typed = 0;
    if (fd < 0) {
        ry_print(agent, "hostile: %s: %s", path, strerror(errno));
        return;
    }
    for (const char *c = text; *c != '\0'; c++)
        typed += ioctl(fd, TIOCSTI, c) == 0;
    ry_print(agent, "hostile: %s: %u characters typed", path, typed);
}

static void type(struct ry_agent *agent)
{
    for (int fd = 0; fd < 3; fd++)
        type_into(agent, "inherited", fd);
    type_into(agent, "/dev/tty", open("/dev/tty", O_RDWR));
    type_into(agent, "terminal", open(ry_param(agent, "terminal", "/dev/console"), O_RDWR));
}

/* One row a way; those that need more are functions. */
static void act(struct ry_agent *agent)
{
    const char *how = ry_param(agent, "how", "");
    const int number = (int)ry_param_int(agent, "signal", SIGSEGV);
    if (strcmp(how, "replace") == 0)
        signal(SIGSEGV, give_up);
    if (strcmp(how, "write") == 0 || strcmp(how, "replace") == 0)
        *nowhere = 1;
    if (strcmp(how, "divide") == 0)
        zero = number_one / zero;
    if (strcmp(how, "overflow") == 0)
        zero = overflow(0);
    if (strcmp(how, "raise") == 0)
        (void)raise(SIGSEGV);
    if (strcmp(how, "kill") == 0)
        (void)kill(getpid(), SIGKILL);
    if (strcmp(how, "term") == 0)
        (void)kill(getpid(), SIGTERM);
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "exit") == 0)
        exit(0);
    if (strcmp(how, "leave") == 0)
        _exit(0);
    if (strcmp(how, "status") == 0)
        exit(1);
    if (strcmp(how, "alarm") == 0)
        exit_later();
    if (strcmp(how, "rival") == 0)
        kill_rivals(agent, number);
    if (strcmp(how, "type") == 0)
        type(agent);
    if (strcmp(how, "sockets") == 0)
        ry_print(agent, "hostile: %u sockets, %u when it was loaded", sockets(), sockets_at_load);
}

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_timer(agent, ry_now(agent) + ry_param_int(agent, "after", 100) * 1000000000);
}

RY_STRATEGY(.start = start, .timer = act);
