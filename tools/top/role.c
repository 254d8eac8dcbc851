/*
 * The role "top": the screen of a battle that `royale run` has started on a terminal.
 *
 * Nobody else writes to that terminal while this process lives. It ends when the battle does, when
 * the user leaves it (q), when the terminal is gone, and when it is asked to stop, which the kernel
 * does too when the supervisor dies; the battle goes on without it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/top/top.h"

#define STEP_INPUTS 4096                  /* at most, before a look at keys and the clock */
#define NAP_NS      (10 * RY_WAIT_NAP_NS) /* nobody rings for keys; no finger feels that */
#define WATCHED     "ROLE.watch"
#define EXEC        "exec"
#define LOOK_NS     (RY_NS_PER_SECOND / 2)       /* at what seldom changes */
#define WATCHED_MAX (2 * RY_WATCH_PROCESSES_MAX) /* with those of processes started again */

struct role {
    struct ry_watch watch;
    struct ry_top top;
    struct ry_role_link inputs, journal, watched[WATCHED_MAX]; /* read here */
    unsigned watched_count, watches; /* how many are joined, and in the watch */
    int64_t looked_ns;
    int terminal;
    bool follows, shows; /* what there is to close */
};

static int top_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    /* Its standard input is nothing; the terminal that the battle was started from is this. */
    role->terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    return role->terminal >= 0
               ? 0
               : ry_role_fail(process, "cannot open the terminal: %s", strerror(errno));
}

/* Every ROLE.watch that was handed over and is not joined yet; later those of processes that were
 * started again, as far as there is room: one that has none is shown as it was. */
static int join_watched(struct ry_role_process *process)
{
    struct role *role = process->role;
    const char *name;
    bool joined;
    for (unsigned i = 0; (name = ry_role_handed(process, i, &joined)) != NULL; i++) {
        if (joined || !ry_role_link_is(WATCHED, name, 0, 0) || role->watched_count == WATCHED_MAX)
            continue;
        if (ry_role_join(process, &role->watched[role->watched_count++], "%s", name) != 0)
            return -1;
    }
    return 0;
}

static int top_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_wait_at(&process->wait, NULL, NULL, NAP_NS);
    if (ry_role_join(process, &role->inputs, "exec.inputs") != 0 ||
        ry_role_join(process, &role->journal, "journal.positions") != 0)
        return -1;
    return join_watched(process);
}

/* Shows what was joined since the last time. */
static int watch_joined(struct ry_role_process *process)
{
    struct role *role = process->role;
    for (; role->watches < role->watched_count; role->watches++)
        if (ry_watch_add(&role->watch, &role->watched[role->watches]) != 0)
            return ry_role_fail(process, "cannot look at what process %d counts",
                                (int)role->watched[role->watches].pid);
    return 0;
}

/* In the first step, not in join: the journal makes its file when it joins. */
static int start(struct ry_role_process *process)
{
    struct role *role = process->role;
    char error[RY_WATCH_ERROR_BYTES];
    if (ry_watch_open(&role->watch, process->directory, true, error, sizeof error) != 0)
        return ry_role_fail(process, "%s", error);
    role->follows = true;
    ry_watch_join(&role->watch, &role->inputs, &role->journal);
    if (watch_joined(process) != 0)
        return -1;
    if (ry_top_open(&role->top, &role->watch, role->terminal, role->terminal, error,
                    sizeof error) != 0)
        return ry_role_fail(process, "%s", error);
    role->shows = true;
    role->top.note = "q: leave the screen, the battle goes on; Ctrl-C: end the battle";
    return 0;
}

static bool terminal_is_gone(const struct role *role)
{
    struct pollfd look = {.fd = role->terminal};
    return poll(&look, 1, 0) > 0 && (look.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static bool exec_has_ended(const struct ry_watch *watch)
{
    for (unsigned i = 0; i < watch->processes.count; i++)
        if (strcmp(watch->processes.process[i].name, EXEC) == 0)
            return watch->processes.process[i].state == RY_WATCH_ENDED;
    return false;
}

/* Now and then: processes that were started again; nobody waits for a screen that is paused when
 * the battle is over. */
static int look(struct ry_role_process *process, int64_t now)
{
    struct role *role = process->role;
    if (now - role->looked_ns < LOOK_NS)
        return 0;
    role->looked_ns = now;
    if (join_watched(process) != 0 || watch_joined(process) != 0)
        return -1;
    if (!ry_top_paused(&role->top))
        return 0;
    ry_watch_look(&role->watch, now);
    if (exec_has_ended(&role->watch))
        ry_top_resume(&role->top);
    return 0;
}

static int top_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    const int64_t now = ry_clock_ns();
    unsigned applied = 0;
    if ((!role->shows && start(process) != 0) || look(process, now) != 0)
        return RY_ROLE_FAILED;
    if (!ry_top_paused(&role->top))
        applied = ry_watch_step(&role->watch, STEP_INPUTS);
    role->top.reading = applied == STEP_INPUTS;
    if (role->watch.follow.status == RY_FOLLOW_DAMAGED) {
        ry_role_fail(process, "%s", role->watch.follow.text);
        return RY_ROLE_FAILED;
    }
    if (role->watch.follow.status == RY_FOLLOW_END || ry_top_step(&role->top, now) ||
        terminal_is_gone(role))
        return RY_ROLE_DONE;
    return (int)applied;
}

static void top_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role->shows)
        ry_top_close(&role->top);
    if (role->follows)
        ry_watch_close(&role->watch);
    if (role->terminal > 0)
        close(role->terminal);
}

int ry_top_role_main(int argc, char **argv)
{
    static const struct ry_role top_role = {
        .bytes = sizeof(struct role),
        .open = top_open,
        .join = top_join,
        .step = top_step,
        .close = top_close,
    };
    return ry_role_main(&top_role, argc, argv);
}
