/*
 * What a role says of itself by its heartbeat, and lines about roles for people.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/supervisor/state.h"
#include "shm/clock.h"

void ry_supervisor_show(struct ry_supervisor *s, const char *line)
{
    if (s->plan->hooks.say != NULL) {
        s->plan->hooks.say(s->plan->hooks.context, line);
    } else {
        /* A terminal may show how far the battle is: in that line's place. */
        fprintf(stderr, "%sroyale: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", line);
    }
}

void ry_supervisor_say(struct ry_supervisor *s, struct ry_supervisor_member *role,
                       const char *format, ...)
{
    char who[RY_SUPERVISOR_WHO_BYTES], text[RY_ROLE_MESSAGE_TEXT_BYTES],
        line[sizeof who + sizeof text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(line, sizeof line, "%s %s", ry_supervisor_who(s, role, who), text);
    ry_supervisor_show(s, line);
    ry_supervisor_role_log_say(&role->log, line);
}

void ry_supervisor_look_at_log(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    if (role->log.full && !role->log.full_told) {
        role->log.full_told = true;
        ry_supervisor_say(s, role, "has filled its log (%u MiB): nothing more of it is kept",
                          (unsigned)(RY_SUPERVISOR_ROLE_LOG_QUOTA >> 20));
    } else if (role->log.unwritten > 0 && !role->log.full && !s->log_full) {
        char line[sizeof role->log.path + 128];
        s->log_full = true;
        snprintf(line, sizeof line, "cannot write %s: %s; the battle goes on", role->log.path,
                 strerror(role->log.error));
        ry_supervisor_show(s, line);
    }
}

static void feel(struct ry_supervisor *s, struct ry_supervisor_member *role, int64_t since_ns)
{
    const struct ry_role_base *base = role->base.head;
    int64_t longest = s->plan->moveless_ns != 0 ? s->plan->moveless_ns
                                                : RY_SUPERVISOR_MOVELESS_SECONDS * RY_NS_PER_SECOND;
    uint64_t beat = ry_load_relaxed(&base->heartbeat);
    if (beat != role->beat) {
        if (role->moveless) {
            ry_supervisor_say(s, role, "moves again, after %" PRId64 " s",
                              role->moveless_ns / RY_NS_PER_SECOND);
        }
        role->beat = beat;
        role->moveless_ns = 0;
        role->moveless = false;
        return;
    }
    role->moveless_ns += since_ns;
    if (!role->moveless && role->moveless_ns >= longest) {
        role->moveless = true;
        ry_supervisor_say(s, role, "has not moved for %" PRId64 " s", longest / RY_NS_PER_SECOND);
    }
}

void ry_supervisor_feel_pulses(struct ry_supervisor *s, int64_t since_ns)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        if (s->phase == RY_SUPERVISOR_RUNNING && role->child.pid > 0 &&
            ry_role_link_there(&role->base) && !role->asked_to_stop && !role->done)
            feel(s, role, since_ns);
    }
}
