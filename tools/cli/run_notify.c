#include "tools/cli/run_notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "core/battle/wall.h"
#include "core/exec/counters.h"
#include "shm/clock.h"
#include "shm/printable.h"
#include "tools/view/counters.h"

#define EVERY_NS    RY_NS_PER_SECOND
#define EXTEND_USEC 15000000 /* each time: some missed seconds are no reason to be killed */
/* Behind the battle one call may take long: an fsync, or the removal, of a file of many GB. */
#define AFTER_USEC 600000000
#define TIME_BYTES 96

void ry_cli_run_notify_init(struct ry_cli_run_notify *notify, const struct ry_battle *battle,
                            const struct ry_supervisor_result *result)
{
    *notify = (struct ry_cli_run_notify){
        .battle = battle, .result = result, .on = getenv("NOTIFY_SOCKET") != NULL};
}

/* ---- the status line ------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void add(char text[RY_CLI_RUN_STATUS_BYTES],
                                                      const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, RY_CLI_RUN_STATUS_BYTES - used, format, arguments);
    va_end(arguments);
}

/* NULL: it is none of the battle's, or has published nothing yet. */
static const struct ry_supervisor_member *role_of(const struct ry_supervisor_member *roles,
                                                  unsigned count, const char *name,
                                                  unsigned counters)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].counters_count >= counters ? &roles[i] : NULL;
    return NULL;
}

static void add_market(char text[RY_CLI_RUN_STATUS_BYTES], const struct ry_battle *battle,
                       const struct ry_supervisor_member *exec)
{
    struct ry_exec_counters counters;
    char time[TIME_BYTES];
    memcpy(&counters, exec->counters, sizeof counters);
    if (counters.machine.inputs > 0 && (int64_t)counters.market_time >= battle->warmup_from) {
        ry_battle_wall_print((int64_t)counters.market_time, battle->zone, time, sizeof time);
        char *utc = strstr(time, " (");
        if (utc != NULL)
            *utc = '\0';
        add(text, "%s, ", time);
    }
    add(text, "%" PRIu64 " inputs", counters.machine.inputs);
}

static void add_game(char text[RY_CLI_RUN_STATUS_BYTES], const struct ry_battle *battle,
                     const struct ry_supervisor_member *view)
{
    struct ry_view_counters counters;
    char name[RY_NAME_BYTES];
    memcpy(&counters, view->counters, sizeof counters);
    if (counters.round == 0)
        return;
    add(text, ", round %" PRIu64, counters.round);
    if (counters.leader > 0 && counters.leader <= battle->agents)
        add(text, ", %s leads",
            ry_printable(name, battle->agent[counters.leader - 1].name, sizeof name));
    add(text, ", %" PRIu64 " of %u agents in", counters.agents_in, battle->agents);
}

/* Of several the first, and how many more there are. */
static void add_trouble(char text[RY_CLI_RUN_STATUS_BYTES],
                        const struct ry_supervisor_member *roles, unsigned count)
{
    const struct ry_supervisor_member *first = NULL;
    char death[sizeof first->death];
    unsigned troubles = 0;
    for (unsigned i = 0; i < count; i++) {
        if (roles[i].death[0] == '\0' && !roles[i].moveless)
            continue;
        first = first == NULL ? &roles[i] : first;
        troubles++;
    }
    if (first == NULL)
        return;
    if (first->moveless)
        add(text, "; trouble: %s does not move", first->name);
    else
        add(text, "; trouble: %s", ry_printable(death, first->death, sizeof death));
    if (troubles > 1)
        add(text, ", and %u more", troubles - 1);
}

static bool is_over(const struct ry_supervisor_member *roles, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (roles[i].row->end == RY_SUPERVISOR_END_LEADS)
            return roles[i].done;
    return false;
}

const char *ry_cli_run_notify_status(char text[RY_CLI_RUN_STATUS_BYTES],
                                     const struct ry_battle *battle,
                                     const struct ry_supervisor_member *roles, unsigned count)
{
    const struct ry_supervisor_member *exec = role_of(roles, count, "exec", RY_EXEC_COUNTERS),
                                      *view = role_of(roles, count, "view", RY_VIEW_COUNTERS);
    text[0] = '\0';
    if (is_over(roles, count))
        add(text, "over, waiting for those who follow: ");
    if (exec != NULL)
        add_market(text, battle, exec);
    if (view != NULL)
        add_game(text, battle, view);
    add_trouble(text, roles, count);
    for (char *at = text; (at = strchr(at, '\n')) != NULL;)
        *at = ' '; /* a line of its own would be another message */
    return text;
}

/* ---- what is said when ----------------------------------------------------------------------- */

/* That this is called says that the supervisor lives. */
static bool exec_lives(struct ry_cli_run_notify *notify, const struct ry_supervisor_member *roles,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (roles[i].row->end != RY_SUPERVISOR_END_LEADS)
            continue;
        const bool moves = roles[i].done || roles[i].beat != notify->beat;
        notify->beat = roles[i].beat;
        return moves;
    }
    return true; /* a battle that nobody leads */
}

static void say_stopping(struct ry_cli_run_notify *notify)
{
    if (!notify->stopping)
        (void)sd_notify(0, "STOPPING=1");
    notify->stopping = true;
    (void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d", EXTEND_USEC);
}

void ry_cli_run_notify_show(struct ry_cli_run_notify *notify,
                            const struct ry_supervisor_member *roles, unsigned count)
{
    char status[RY_CLI_RUN_STATUS_BYTES];
    const int64_t now = ry_clock_ns();
    if (!notify->on || (notify->ready && now - notify->said_ns < EVERY_NS))
        return;
    notify->said_ns = now;
    (void)sd_notifyf(0, "%sSTATUS=%s%s", notify->ready ? "" : "READY=1\n",
                     ry_cli_run_notify_status(status, notify->battle, roles, count),
                     exec_lives(notify, roles, count) ? "\nWATCHDOG=1" : "");
    notify->ready = true;
    if (notify->result->signal != 0 || is_over(roles, count))
        say_stopping(notify);
}

void ry_cli_run_notify_end(struct ry_cli_run_notify *notify)
{
    if (!notify->on)
        return;
    say_stopping(notify);
    (void)sd_notifyf(0, "WATCHDOG_USEC=%d", AFTER_USEC);
}

void ry_cli_run_notify_after(void *context, const char *doing)
{
    struct ry_cli_run_notify *notify = context;
    const int64_t now = ry_clock_ns();
    if (!notify->on || (doing == notify->doing && now - notify->said_ns < EVERY_NS))
        return;
    notify->said_ns = now;
    notify->doing = doing;
    (void)sd_notifyf(0, "STATUS=over, %s\nWATCHDOG=1\nEXTEND_TIMEOUT_USEC=%d", doing, AFTER_USEC);
}
