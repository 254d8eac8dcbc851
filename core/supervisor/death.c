/*
 * A process has ended: was that its end, or its death, and what does it mean for the battle?
 */
#include <signal.h>
#include <sys/wait.h>

#include "core/supervisor/cause.h"
#include "core/supervisor/state.h"

static int index_of(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    return (int)(role - s->result->role);
}

/* When a feed dies, exec is told: it puts the END into its order and fails, so that the journal is
 * whole up to there. */
static bool may_end_in_order(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    return role->row->death == RY_SUPERVISOR_DEATH_IN_ORDER && s->phase == RY_SUPERVISOR_RUNNING &&
           !s->stopping;
}

static void end_after_feed(struct ry_supervisor *s, const struct ry_supervisor_member *role,
                           const char *how)
{
    if (!s->feed_died) {
        s->feed_death.culprit = index_of(s, role);
        snprintf(s->feed_death.how, sizeof s->feed_death.how, "%s", how);
    }
    s->feed_died = true;
    if (s->exec_done) {
        ry_supervisor_feed_not_missed(s);
        return;
    }
    ry_supervisor_end_in_order(s);
    ry_supervisor_control(s, role->row->told, role->index, RY_DIED_ITSELF);
}

void ry_supervisor_feed_lacked(struct ry_supervisor *s)
{
    const int culprit = s->feed_death.culprit;
    s->feed_death.culprit = -1;
    if (culprit >= 0)
        ry_supervisor_note(s, RY_SUPERVISOR_OUTCOME_DIED, culprit, "%s died: %s",
                           s->result->role[culprit].name, s->feed_death.how);
}

void ry_supervisor_feed_not_missed(struct ry_supervisor *s)
{
    const int culprit = s->feed_death.culprit;
    s->feed_death.culprit = -1;
    if (culprit >= 0)
        ry_supervisor_tell(s, &s->result->role[culprit],
                           "died: %s; the battle was over before what this feed lacks",
                           s->feed_death.how);
}

void ry_supervisor_end_in_order(struct ry_supervisor *s)
{
    int64_t order_ns =
        s->plan->order_ns != 0 ? s->plan->order_ns : RY_SUPERVISOR_ORDER_SECONDS * RY_NS_PER_SECOND;
    if (s->end_by_ns == 0)
        s->end_by_ns = s->awake_ns + order_ns;
}

static bool anybody_goes_on(const struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++)
        if (s->result->role[i].child.pid > 0 && !s->result->role[i].asked_to_stop)
            return true;
    return false;
}

void ry_supervisor_stop_if_late(struct ry_supervisor *s)
{
    bool late = s->end_by_ns != 0 && s->awake_ns > s->end_by_ns && anybody_goes_on(s);
    for (unsigned i = 0; i < s->result->count && s->end_by_ns != 0; i++) {
        const struct ry_supervisor_member *role = &s->result->role[i];
        late |= role->child.pid > 0 && role->moveless &&
                (role->row->end == RY_SUPERVISOR_END_LEADS ||
                 role->row->end == RY_SUPERVISOR_END_FOLLOWS);
    }
    if (late && !s->stopping) {
        ry_supervisor_show(s, "the battle does not end in order: stopping every process");
        ry_supervisor_stop_all(s);
    }
}

/* exec calls it a failure that a feed died, and has ended in order: the journal has the END and
 * ends by itself. */
static bool exec_ended_after_a_feed(struct ry_supervisor *s,
                                    const struct ry_supervisor_member *role)
{
    if (!s->feed_died || role->row->end != RY_SUPERVISOR_END_LEADS ||
        !WIFEXITED(role->child.status) || role->why[0] == '\0')
        return false;
    ry_supervisor_feed_lacked(s);
    ry_supervisor_stop_rest(s);
    return true;
}

static bool too_slow_to_stop(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    return role->asked_to_stop && WIFSIGNALED(role->child.status) &&
           WTERMSIG(role->child.status) == SIGKILL && s->awake_ns > role->kill_at_ns;
}

/* "killed by signal 9 (Killed)", with its own last word before it if it had one. */
static void describe_end(const struct ry_supervisor_member *role, char *text, size_t bytes)
{
    char how[96];
    int status = role->child.status;
    ry_supervisor_child_describe(status, how, sizeof how);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        snprintf(text, bytes, "somebody else stopped it");
    else if (role->why[0] != '\0')
        snprintf(text, bytes, "%s (%s)", role->why, how);
    else
        snprintf(text, bytes, "%s", how);
}

/* A process that died while the battle may go on without it. */
static void survive(struct ry_supervisor *s, struct ry_supervisor_member *role, const char *how)
{
    if (role->row->death == RY_SUPERVISOR_DEATH_OWN)
        ry_supervisor_tell(s, role, "died: %s; the battle goes on", how);
    else
        ry_supervisor_tell(s, role, "%s: %s; the battle goes on without it",
                           role->opened ? "died" : "did not start", how);
}

/* Whose process that is, for people; NULL: nobody's of the battle. */
static const char *who_is(const struct ry_supervisor *s, int pid,
                          char text[RY_SUPERVISOR_WHO_BYTES])
{
    for (unsigned i = 0; pid > 0 && i < s->result->count; i++)
        if (s->result->role[i].pid == pid)
            return ry_supervisor_who(s, &s->result->role[i], text);
    return NULL;
}

/* Of an agent: whose doing its end was, and the line about it. */
static enum ry_control_how cause_of(const struct ry_supervisor *s,
                                    const struct ry_supervisor_member *role, char *text)
{
    char sender[RY_SUPERVISOR_WHO_BYTES];
    const struct ry_role_base *base = role->base.head;
    struct ry_supervisor_evidence evidence = {
        .status = role->child.status,
        .pid = role->pid,
        .own_user = role->own_user,
        .done = role->done,
        .failed = role->why[0] == '\0' ? NULL : role->why,
        .shared_user = s->users.why,
        .battle = s->plan->battle,
    };
    if (base != NULL)
        ry_role_words_read(&base->words, &evidence.noted);
    evidence.sender = who_is(s, evidence.noted.sender, sender);
    return ry_supervisor_cause(&evidence, text);
}

void ry_supervisor_judge_end(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    char how[RY_SUPERVISOR_CAUSE_TEXT_BYTES], who[RY_SUPERVISOR_WHO_BYTES];
    int status = role->child.status;
    bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool runs = s->phase == RY_SUPERVISOR_RUNNING;
    enum ry_control_how chosen = RY_DIED_ITSELF;
    if (role->row->stranger)
        chosen = cause_of(s, role, how);
    else
        describe_end(role, how, sizeof how);
    if (role->row->told == RY_CONTROL_AGENT_DIED && runs && !s->exec_done) {
        /* Also one that is done: whether that was in order exec alone knows. */
        ry_supervisor_control(s, role->row->told, role->index, chosen);
    }
    if (ended_well && (role->done || role->asked_to_stop))
        return;
    if (role->asked_to_stop && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
        return; /* it had no handler yet, or none at all */
    if (exec_ended_after_a_feed(s, role))
        return;
    if (s->result->signal != 0 && too_slow_to_stop(s, role)) {
        ry_supervisor_say(s, role, "did not stop in time: %s", how); /* wanted, and now it has */
        return;
    }
    ry_supervisor_take_signals(s);
    if (ended_well && s->result->signal != 0) {
        ry_supervisor_stop_all(
            s); /* the signal went to the whole group: no death, but no order either */
    } else if (role->row->death == RY_SUPERVISOR_DEATH_TOLD ||
               (role->row->death == RY_SUPERVISOR_DEATH_OWN && runs)) {
        if (!s->stopping)
            survive(s, role, how);
    } else if (role->row->death == RY_SUPERVISOR_DEATH_RESTARTED && runs) {
        ry_supervisor_restart_later(s, role, how);
    } else if (may_end_in_order(s, role)) {
        end_after_feed(s, role, how);
    } else {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_DIED, index_of(s, role), "%s died: %s",
                            ry_supervisor_who(s, role, who), how);
    }
}
