#include "tools/cli/run_screen.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program that draws has switched on, off: the other screen, a hidden cursor, colours, the
 * keypad's keys, the mouse. Terminals without one of these pass over it. */
#define LEAVE "\033[?1049l\033[?25h\033[0m\033[?1l\033>\033[?1000l\033[?1002l\033[?1006l\r"

static bool same_terminal(int a, int b)
{
    struct stat of_a, of_b;
    return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 && of_a.st_rdev == of_b.st_rdev;
}

/* Nobody else is typed to: not the shell that has put this process into the background. */
static bool in_foreground(void)
{
    return tcgetpgrp(STDOUT_FILENO) == getpgrp();
}

bool ry_cli_run_screen_can(const char *binaries, char why[RY_CLI_SCREEN_WHY_BYTES])
{
    const char *term = getenv("TERM"), *view = getenv("ROYALE_VIEW");
    char program[PATH_MAX + sizeof "/" RY_CLI_TOP];
    snprintf(program, sizeof program, "%s/" RY_CLI_TOP, binaries);
    why[0] = '\0';
    if (isatty(STDOUT_FILENO) != 1)
        return false;
    if (isatty(STDIN_FILENO) != 1 || !same_terminal(STDIN_FILENO, STDOUT_FILENO))
        snprintf(why, RY_CLI_SCREEN_WHY_BYTES, "standard input is not this terminal");
    else if (!in_foreground())
        snprintf(why, RY_CLI_SCREEN_WHY_BYTES, "royale was started in the background");
    else if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
        snprintf(why, RY_CLI_SCREEN_WHY_BYTES, "TERM is %.40s",
                 term == NULL || term[0] == '\0' ? "not set" : term);
    else if (view != NULL && view[0] != '\0')
        snprintf(why, RY_CLI_SCREEN_WHY_BYTES, "ROYALE_VIEW is %.40s", view);
    else if (access(program, X_OK) != 0)
        snprintf(why, RY_CLI_SCREEN_WHY_BYTES, "cannot execute %.160s: %s", program,
                 strerror(errno));
    return why[0] == '\0';
}

void ry_cli_run_screen_begin(struct ry_cli_run_screen *screen)
{
    screen->on = tcgetattr(STDIN_FILENO, &screen->before) == 0;
}

/* In the background the terminal is the shell's, which has put it in order itself. */
static void put_in_order(const struct ry_cli_run_screen *screen, bool killed)
{
    void (*before)(int) = signal(SIGTTOU, SIG_IGN); /* between the look and the call a shell may
                                                       take the terminal */
    if (in_foreground()) {
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
        if (killed && write(STDOUT_FILENO, LEAVE, sizeof LEAVE - 1) < 0)
            errno = 0; /* a terminal that is gone needs no order */
    }
    signal(SIGTTOU, before);
}

static const struct ry_supervisor_member *screen_of(const struct ry_supervisor_member *roles,
                                                    unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (roles[i].row->number == RY_ROLE_IF_SCREEN)
            return &roles[i];
    return NULL;
}

static bool was_killed(const struct ry_supervisor_member *role)
{
    return role != NULL && role->pid > 0 && role->child.pid == 0 && WIFSIGNALED(role->child.status);
}

bool ry_cli_run_screen_gone(struct ry_cli_run_screen *screen,
                            const struct ry_supervisor_member *roles, unsigned count)
{
    const struct ry_supervisor_member *role = screen_of(roles, count);
    if (!screen->on || role == NULL || role->pid == 0 || role->child.pid > 0)
        return false;
    ry_cli_run_screen_end(screen, roles, count);
    return true;
}

void ry_cli_run_screen_end(struct ry_cli_run_screen *screen,
                           const struct ry_supervisor_member *roles, unsigned count)
{
    if (screen->on)
        put_in_order(screen, was_killed(screen_of(roles, count)));
    screen->on = false;
}
