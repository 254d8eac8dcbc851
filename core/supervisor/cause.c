#include "core/supervisor/cause.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/battle/wall.h"

#define STAMPED "; the result is not reproducible"

static const char *const callbacks[RY_ROLE_CALLBACKS] = {
    [RY_ROLE_CALLBACK_NONE] = "",         [RY_ROLE_CALLBACK_LOAD] = "",
    [RY_ROLE_CALLBACK_START] = "start",   [RY_ROLE_CALLBACK_MARKET] = "market",
    [RY_ROLE_CALLBACK_REPORT] = "report", [RY_ROLE_CALLBACK_TIMER] = "timer",
    [RY_ROLE_CALLBACK_STOP] = "stop",
};

void ry_supervisor_cause_where(const struct ry_battle *battle,
                               const struct ry_role_testimony *noted,
                               char text[RY_SUPERVISOR_CAUSE_WHERE_BYTES])
{
    char time[96];
    if (noted->callback == RY_ROLE_CALLBACK_NONE || noted->callback == RY_ROLE_CALLBACK_LOAD) {
        snprintf(text, RY_SUPERVISOR_CAUSE_WHERE_BYTES, "%s",
                 noted->callback == RY_ROLE_CALLBACK_LOAD ? "while its library was loaded"
                                                          : "between its callbacks");
        return;
    }
    /* Any number may stand there. */
    if (noted->time < battle->warmup_from || noted->time > battle->trade_to)
        snprintf(time, sizeof time, "a time outside of the battle");
    else
        ry_battle_wall_print(noted->time, battle->zone, time, sizeof time);
    snprintf(text, RY_SUPERVISOR_CAUSE_WHERE_BYTES, "in its callback %s, at %s",
             callbacks[noted->callback], time);
}

static enum ry_control_how of_exit(const struct ry_supervisor_evidence *evidence, const char *where,
                                   char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES])
{
    const int code = WEXITSTATUS(evidence->status);
    if (evidence->failed != NULL) {
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "%s (exit code %d)", evidence->failed, code);
        return RY_DIED_ITSELF;
    }
    if (evidence->done) {
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "exit code %d after its end", code);
        return RY_DIED_ITSELF;
    }
    if (code == 0 && (evidence->noted.said & RY_ROLE_SAID_STOPPED) != 0)
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES,
                 "stopped by a SIGTERM that royale did not send" STAMPED);
    else
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "called exit(%d) %s" STAMPED, code, where);
    return RY_DIED_OUTSIDE;
}

/* The kernel raised it, as far as the process can tell. */
static bool is_fault(const struct ry_role_testimony *noted, int number)
{
    return noted->signal == number && noted->code > 0 && noted->callback > RY_ROLE_CALLBACK_LOAD &&
           (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
}

static enum ry_control_how of_fault(const struct ry_supervisor_evidence *evidence,
                                    const char *signal_text, const char *where,
                                    char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES])
{
    char shared[256] = "";
    if (!evidence->own_user)
        snprintf(shared, sizeof shared,
                 "; agents share a user (%s), so another one may have brought it about" STAMPED,
                 evidence->shared_user);
    snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "crashed by %s at address 0x%" PRIx64 " %s%s",
             signal_text, evidence->noted.address, where, shared);
    return evidence->own_user ? RY_DIED_ITSELF : RY_DIED_OUTSIDE;
}

static enum ry_control_how of_signal(const struct ry_supervisor_evidence *evidence,
                                     const char *where, char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES])
{
    const struct ry_role_testimony *noted = &evidence->noted;
    const int number = WTERMSIG(evidence->status);
    const bool sent = noted->signal == number && noted->code <= 0;
    char signal_text[64];
    snprintf(signal_text, sizeof signal_text, "signal %d (%s)", number, strsignal(number));
    if (is_fault(noted, number))
        return of_fault(evidence, signal_text, where, text);
    if (sent && noted->sender == evidence->pid)
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "raised %s itself (%s) %s" STAMPED,
                 signal_text, number == SIGABRT ? "abort" : "raise, kill", where);
    else if (sent && evidence->sender != NULL)
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES, "the victim of %s, sent by %s, %s" STAMPED,
                 signal_text, evidence->sender, where);
    else if (sent)
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES,
                 "the victim of %s, sent by process %d, %s" STAMPED, signal_text, noted->sender,
                 where);
    else
        snprintf(text, RY_SUPERVISOR_CAUSE_TEXT_BYTES,
                 "killed by %s %s: a victim, unless it did that itself" STAMPED, signal_text,
                 where);
    return RY_DIED_OUTSIDE;
}

enum ry_control_how ry_supervisor_cause(const struct ry_supervisor_evidence *evidence,
                                        char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES])
{
    char where[RY_SUPERVISOR_CAUSE_WHERE_BYTES];
    ry_supervisor_cause_where(evidence->battle, &evidence->noted, where);
    return WIFEXITED(evidence->status) ? of_exit(evidence, where, text)
                                       : of_signal(evidence, where, text);
}
