#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/role/tracer.h"
#include "core/supervisor/cause.h"
#include "core/supervisor/state.h"

void ry_supervisor_ask_to_stop(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    int64_t kill_ns =
        s->plan->kill_ns != 0 ? s->plan->kill_ns : RY_SUPERVISOR_KILL_SECONDS * RY_NS_PER_SECOND;
    if (role->child.pid > 0 && role->kill_at_ns == 0) {
        role->asked_to_stop = true;
        role->kill_at_ns = s->awake_ns + kill_ns;
        ry_supervisor_child_signal(&role->child, SIGTERM);
    }
}

void ry_supervisor_stop_all(struct ry_supervisor *s)
{
    s->stopping = true;
    for (unsigned i = 0; i < s->result->count; i++)
        ry_supervisor_ask_to_stop(s, &s->result->role[i]);
}

__attribute__((format(printf, 4, 0))) static void note(struct ry_supervisor *s,
                                                       enum ry_supervisor_outcome outcome,
                                                       int culprit, const char *format,
                                                       va_list arguments)
{
    struct ry_supervisor_result *result = s->result;
    ry_supervisor_feed_lacked(s); /* was before */
    if (result->outcome == RY_SUPERVISOR_OUTCOME_DONE) {
        vsnprintf(result->text, sizeof result->text, format, arguments);
        result->outcome = outcome;
        result->culprit = culprit;
    }
}

void ry_supervisor_note(struct ry_supervisor *s, enum ry_supervisor_outcome outcome, int culprit,
                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    note(s, outcome, culprit, format, arguments);
    va_end(arguments);
}

void ry_supervisor_blame(struct ry_supervisor *s, enum ry_supervisor_outcome outcome, int culprit,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    note(s, outcome, culprit, format, arguments);
    va_end(arguments);
    ry_supervisor_stop_all(s);
}

void ry_supervisor_send(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const struct ry_role_message *message, int fd)
{
    if (role->child.socket < 0)
        return;
    /* EPIPE: it is ending; its pidfd tells the rest. */
    if (ry_role_message_send(role->child.socket, message, fd) != 0 && errno != EPIPE &&
        errno != ECONNRESET)
        ry_supervisor_accuse(s, role, "cannot be reached: %s", strerror(errno));
}

const char *ry_supervisor_who(const struct ry_supervisor *s,
                              const struct ry_supervisor_member *role,
                              char text[RY_SUPERVISOR_WHO_BYTES])
{
    if (role->row->number == RY_ROLE_EACH_AGENT) {
        snprintf(text, RY_SUPERVISOR_WHO_BYTES, "%s (%s)", role->name,
                 s->plan->battle->agent[role->index].name);
    } else {
        snprintf(text, RY_SUPERVISOR_WHO_BYTES, "%s", role->name);
    }
    return text;
}

void ry_supervisor_tell(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const char *format, ...)
{
    if (role->death[0] != '\0')
        return;
    char who[RY_SUPERVISOR_WHO_BYTES], text[RY_ROLE_MESSAGE_TEXT_BYTES + 64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(role->death, sizeof role->death, "%s %s", ry_supervisor_who(s, role, who), text);
    if (s->plan->hooks.died != NULL)
        s->plan->hooks.died(s->plan->hooks.context, role);
}

void ry_supervisor_accuse(struct ry_supervisor *s, struct ry_supervisor_member *role,
                          const char *format, ...)
{
    char who[RY_SUPERVISOR_WHO_BYTES], text[RY_ROLE_MESSAGE_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool runs = s->phase == RY_SUPERVISOR_RUNNING;
    if (role->row->death == RY_SUPERVISOR_DEATH_OWN && runs) {
        ry_supervisor_tell(s, role, "%s: killed", text);
        ry_supervisor_child_signal(&role->child, SIGKILL);
    } else if (role->row->death == RY_SUPERVISOR_DEATH_RESTARTED && runs) {
        ry_supervisor_say(s, role, "%s: killed", text);
        ry_supervisor_child_signal(&role->child, SIGKILL);
    } else {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_DIED, (int)(role - s->result->role), "%s %s",
                            ry_supervisor_who(s, role, who), text);
    }
}

void ry_supervisor_control(struct ry_supervisor *s, enum ry_control_kind kind, unsigned index,
                           enum ry_control_how how)
{
    struct ry_control record = {
        .kind = (uint8_t)kind, .slots = 1, .index = (uint16_t)index, .how = how};
    ry_ring_write(&s->control.writer, &record, 1);
}

bool ry_supervisor_traced(const struct ry_supervisor_member *role)
{
    return ry_role_traced(role->pid, getpid());
}

/* ---- who does not come up -------------------------------------------------------------------- */

/* A strategy's constructor runs in JOINING. Others come up as fast as they can: their author is
 * ours. */
void ry_supervisor_end_loading(struct ry_supervisor *s)
{
    uint32_t seconds = s->plan->battle->load_s;
    bool late = s->awake_ns - s->phase_ns > seconds * RY_NS_PER_SECOND;
    if (s->phase == RY_SUPERVISOR_RUNNING || s->stopping || seconds == 0 || !late)
        return;
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        char who[RY_SUPERVISOR_WHO_BYTES];
        bool up = s->phase == RY_SUPERVISOR_OPENING ? role->opened : role->joined;
        if (role->row->stranger && !up && !ry_supervisor_traced(role)) {
            ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_DIED, (int)i,
                                "%s did not finish loading in %u s",
                                ry_supervisor_who(s, role, who), seconds);
            ry_supervisor_child_signal(&role->child,
                                       SIGKILL); /* it would not hear a SIGTERM either */
            return;
        }
    }
}

/* ---- who has nothing left to do -------------------------------------------------------------- */

static bool should_end(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    if (role->row->end != RY_SUPERVISOR_END_IN_TIME || role->child.pid <= 0)
        return false;
    if (s->exec_done || role->row->number != RY_ROLE_EACH_AGENT ||
        !ry_role_link_there(&s->positions))
        return s->exec_done;
    const struct ry_exec_positions *positions = s->positions.head;
    return (ry_load_relaxed(&positions->out) >> role->index & 1) != 0;
}

static uint64_t heartbeat_of(const struct ry_supervisor_member *role)
{
    const struct ry_role_base *base = role->base.head;
    return base == NULL ? 0 : ry_load_relaxed(&base->heartbeat);
}

/* A strategy that never returns is called by name: which callback, since when. */
static void tell_still(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    char where[RY_SUPERVISOR_CAUSE_WHERE_BYTES];
    struct ry_role_testimony noted = {.callback = RY_ROLE_CALLBACK_NONE};
    const struct ry_role_base *base = role->base.head;
    if (base != NULL)
        ry_role_words_read(&base->words, &noted);
    ry_supervisor_cause_where(s->plan->battle, &noted, where);
    if (noted.callback == RY_ROLE_CALLBACK_NONE)
        ry_supervisor_tell(s, role, "did not end when it had nothing left to do: killed");
    else
        ry_supervisor_tell(s, role, "has not come back, %s: killed", where);
}

bool ry_supervisor_end_over(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    const struct ry_supervisor_role *row = role->row;
    if (!s->exec_done || row->end_s_of == NULL)
        return false;
    return s->awake_ns - s->exec_done_ns >= row->end_s_of(s->plan->battle) * RY_NS_PER_SECOND ||
           (s->end_by_ns != 0 && s->awake_ns > s->end_by_ns);
}

static void end_in_time(struct ry_supervisor *s, struct ry_supervisor_member *role, int64_t now)
{
    const struct ry_supervisor_role *row = role->row;
    uint64_t heartbeat = heartbeat_of(role);
    if (role->end_since_ns == 0 || role->heartbeat != heartbeat) {
        role->end_since_ns = role->end_since_ns == 0 ? now : role->end_since_ns;
        role->still_since_ns = now;
        role->heartbeat = heartbeat;
    }
    if (ry_supervisor_end_over(s, role)) {
        if (!role->asked_to_stop)
            ry_supervisor_say(s, role,
                              "is not done when its time after the battle is over: stopped");
        ry_supervisor_ask_to_stop(s, role);
        return;
    }
    bool long_still = now - role->still_since_ns > row->still_s * RY_NS_PER_SECOND;
    bool long_gone = row->end_s > 0 && now - role->end_since_ns > row->end_s * RY_NS_PER_SECOND;
    if ((long_still || long_gone) && !ry_supervisor_traced(role)) {
        tell_still(s, role);
        ry_supervisor_child_signal(&role->child, SIGKILL);
    }
}

void ry_supervisor_end_rest(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        if (should_end(s, role))
            end_in_time(s, role, s->awake_ns);
    }
}
