#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "core/supervisor/state.h"
#include "shm/clock.h"

void ry_supervisor_ask_to_stop(struct ry_supervised *role)
{
    if (role->child.pid > 0 && role->kill_at_ns == 0) {
        role->asked_to_stop = true;
        role->kill_at_ns = ry_clock_ns() + RY_KILL_SECONDS * RY_NS_PER_SECOND;
        ry_child_signal(&role->child, SIGTERM);
    }
}

void ry_supervisor_stop_all(struct ry_supervisor *s)
{
    s->stopping = true;
    for (unsigned i = 0; i < s->result->count; i++) {
        ry_supervisor_ask_to_stop(&s->result->role[i]);
    }
}

static void note(struct ry_supervisor *s, enum ry_outcome outcome, int culprit, const char *format,
                 va_list arguments)
{
    struct ry_supervisor_result *result = s->result;
    if (result->outcome == RY_OUTCOME_DONE) {
        vsnprintf(result->text, sizeof result->text, format, arguments);
        result->outcome = outcome;
        result->culprit = culprit;
    }
}

void ry_supervisor_note(struct ry_supervisor *s, enum ry_outcome outcome, int culprit,
                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    note(s, outcome, culprit, format, arguments);
    va_end(arguments);
}

void ry_supervisor_blame(struct ry_supervisor *s, enum ry_outcome outcome, int culprit,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    note(s, outcome, culprit, format, arguments);
    va_end(arguments);
    ry_supervisor_stop_all(s);
}

void ry_supervisor_send(struct ry_supervisor *s, struct ry_supervised *role,
                        const struct ry_message *message, int fd)
{
    if (role->child.socket < 0) {
        return;
    }
    /* EPIPE: it is ending; its pidfd tells the rest. */
    if (ry_message_send(role->child.socket, message, fd) != 0 && errno != EPIPE &&
        errno != ECONNRESET) {
        ry_supervisor_blame(s, RY_OUTCOME_DIED, (int)(role - s->result->role),
                            "%s cannot be reached: %s", role->name, strerror(errno));
    }
}
