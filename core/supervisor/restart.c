/*
 * A process that is started again while the battle runs. Example: the exporter is killed twice, at
 * once after each start. Its next start comes after 1 s, then after 2 s; a third time after 4 s.
 * Had it lived for half a minute in between, 1 s again. Five starts within a minute, and it is
 * given up.
 *
 * Each start is as the first: regions of its own, which are made anew and replace those that
 * observers were given; the links of others, whose descriptors the supervisor keeps until the end.
 */
#include <sys/wait.h>

#include "core/supervisor/state.h"

static int64_t first_wait_ns(const struct ry_supervisor *s)
{
    return s->plan->restart_ns != 0 ? s->plan->restart_ns
                                    : RY_SUPERVISOR_RESTART_SECONDS * RY_NS_PER_SECOND;
}

static int64_t next_wait_ns(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    const int64_t first = first_wait_ns(s), longest = RY_SUPERVISOR_RESTART_WAITS_MAX * first;
    if (role->restart_wait_ns == 0 || s->awake_ns - role->restarted_ns >= longest)
        return first;
    return role->restart_wait_ns * 2 < longest ? role->restart_wait_ns * 2 : longest;
}

/* Its starts that count, within the last minute, are as many as it may have. */
static bool too_often(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    const unsigned oldest = role->restarts_counted % RY_SUPERVISOR_RESTARTS_MAX;
    return role->restarts_counted >= RY_SUPERVISOR_RESTARTS_MAX &&
           s->awake_ns - role->restart_ns[oldest] < RY_SUPERVISOR_RESTART_MINUTE * first_wait_ns(s);
}

static bool ended_with(const struct ry_supervisor_member *role, int code)
{
    return WIFEXITED(role->child.status) && WEXITSTATUS(role->child.status) == code;
}

void ry_supervisor_restart_later(struct ry_supervisor *s, struct ry_supervisor_member *role,
                                 const char *how)
{
    if (s->stopping || role->asked_to_stop || ry_supervisor_end_over(s, role)) {
        ry_supervisor_say(s, role, "died: %s", how);
        return;
    }
    if (ended_with(role, RY_ROLE_EXIT_FINAL)) {
        ry_supervisor_tell(s, role, "died: %s; the battle goes on without it", how);
        return;
    }
    const bool counts = !ended_with(role, RY_ROLE_EXIT_AGAIN);
    if (counts && too_often(s, role)) {
        ry_supervisor_tell(s, role,
                           "died: %s; started again %u times in a minute, and given up: the battle "
                           "goes on without it",
                           how, RY_SUPERVISOR_RESTARTS_MAX);
        return;
    }
    role->restart_wait_ns = next_wait_ns(s, role);
    role->restart_at_ns = s->awake_ns + role->restart_wait_ns;
    if (counts)
        role->restart_ns[role->restarts_counted++ % RY_SUPERVISOR_RESTARTS_MAX] =
            role->restart_at_ns;
    ry_supervisor_say(s, role, "died: %s; it is started again in %.3g s", how,
                      (double)role->restart_wait_ns / (double)RY_NS_PER_SECOND);
}

/* As a member is that has not been started yet; what the supervisor has counted stays. */
static void renew(struct ry_supervisor_member *role)
{
    ry_supervisor_forget(role);
    role->opened = role->joined = role->done = false;
    role->heard = 0;
    role->heartbeat = role->beat = 0;
    role->still_since_ns = role->end_since_ns = 0;
    role->moveless_ns = 0;
    role->moveless = false;
    role->why[0] = '\0';
    role->child.status = 0;
    role->counters_count = 0;
}

static void start_again(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    renew(role);
    role->restart_at_ns = 0;
    role->restarted_ns = s->awake_ns;
    role->restarts++;
    if (ry_supervisor_start_role(s, role) != 0)
        ry_supervisor_restart_later(s, role, "it could not be started");
}

void ry_supervisor_restart_due(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        if (role->restart_at_ns == 0)
            continue;
        if (s->stopping || ry_supervisor_end_over(s, role))
            role->restart_at_ns = 0;
        else if (s->awake_ns >= role->restart_at_ns)
            start_again(s, role);
    }
}
