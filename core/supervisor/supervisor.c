#include "core/supervisor/supervisor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/secret.h"
#include "core/supervisor/state.h"
#include "shm/clock.h"
#include "shm/records/links.h"

#define AGENT_MESSAGES_MAX 1024 /* taken at once */
#define TICK_MS            50   /* logs, progress and deadlines are looked at so often */

#define TICK_NS (TICK_MS * (RY_NS_PER_SECOND / 1000))

static int index_of(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    return (int)(role - s->result->role);
}

/* ---- messages
 * ------------------------------------------------------------------------------------------- */

static void send_kind(struct ry_supervisor *s, struct ry_supervisor_member *role,
                      enum ry_role_message_kind kind)
{
    struct ry_role_message message = {.kind = (uint8_t)kind};
    ry_supervisor_send(s, role, &message, -1);
}

static void send_region(struct ry_supervisor *s, struct ry_supervisor_member *role,
                        const char *name, int fd)
{
    struct ry_role_message message = {.kind = RY_ROLE_TELL_REGION};
    snprintf(message.name, sizeof message.name, "%s", name);
    if (ry_supervisor_topology_wants(role->role, role->index, name))
        ry_supervisor_send(s, role, &message, fd);
}

/* What the supervisor reads itself: base and watch of each role, and exec's positions. */
static int join_own(struct ry_region *region, int fd, const char *name, uint64_t layout)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return own < 0 ? RY_REGION_SYSTEM : ry_region_join(region, own, name, layout);
}

static bool is(const char *name, const char *what)
{
    const char *dot = strchr(name, '.');
    return dot != NULL && strcmp(dot, what) == 0;
}

static void join_offer(struct ry_supervisor *s, struct ry_supervisor_member *role, const char *name,
                       int fd)
{
    int error = RY_REGION_OK;
    bool whole = true;
    if (is(name, ".base") && role->base.base == NULL) {
        error = join_own(&role->base, fd, name, RY_LAYOUT_BASE);
        whole = error == RY_REGION_OK &&
                ry_region_body_bytes(&role->base) >= sizeof(struct ry_role_base);
    } else if (is(name, ".watch") && role->watch.base == NULL) {
        error = join_own(&role->watch, fd, name, RY_LAYOUT_WATCH);
        whole = error == RY_REGION_OK && ry_supervisor_role_log_join(&role->log, &role->watch) == 0;
    } else if (role->kind == RY_SUPERVISOR_ROLE_EXEC && is(name, ".positions") &&
               s->positions.base == NULL) {
        error = join_own(&s->positions, fd, name, RY_LAYOUT_POSITIONS);
        whole = error == RY_REGION_OK &&
                ry_region_body_bytes(&s->positions) >= sizeof(struct ry_exec_positions);
    }
    if (!whole) {
        ry_supervisor_accuse(s, role, "offers a %s that cannot be used: %s", name,
                             error == RY_REGION_OK ? "it is too small" : ry_region_strerror(error));
    }
}

static bool offered_already(const struct ry_supervisor_member *role, const char *name)
{
    for (unsigned i = 0; i < role->offered_count; i++)
        if (strcmp(role->offered[i].name, name) == 0)
            return true;
    return false;
}

static void take_offer(struct ry_supervisor *s, struct ry_supervisor_member *role,
                       const struct ry_role_message *message, int fd)
{
    if (fd < 0 || s->phase != RY_SUPERVISOR_OPENING || role->opened ||
        role->offered_count == RY_SUPERVISOR_TOPOLOGY_OFFERED_MAX ||
        !ry_supervisor_topology_offers(role->role, role->name, s->plan->battle->agents,
                                       message->name)) {
        ry_supervisor_accuse(s, role, "offers %s, which the topology does not have", message->name);
        if (fd >= 0)
            close(fd);
        return;
    }
    if (offered_already(role, message->name)) {
        ry_supervisor_accuse(s, role, "offers %s, which it has offered already", message->name);
        close(fd);
        return;
    }
    struct ry_supervisor_offered *offered = &role->offered[role->offered_count++];
    memcpy(offered->name, message->name, sizeof offered->name);
    offered->fd = fd;
    join_offer(s, role, offered->name, fd);
}

static void stop_feeds(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++)
        if (s->result->role[i].kind == RY_SUPERVISOR_ROLE_FEED && !s->result->role[i].done)
            ry_supervisor_ask_to_stop(&s->result->role[i]);
}

static void take_done(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    role->done = true;
    if (role->kind == RY_SUPERVISOR_ROLE_EXEC) {
        s->exec_done = true;
        s->result->run_ns = ry_clock_ns() - s->go_ns;
    }
    if (role->role->done == RY_SUPERVISOR_DONE_STOPS_FEEDS)
        stop_feeds(s);
}

static void take_message(struct ry_supervisor *s, struct ry_supervisor_member *role,
                         const struct ry_role_message *message, int fd)
{
    if (message->kind == RY_ROLE_TELL_OFFER) {
        take_offer(s, role, message, fd);
        return;
    }
    if (fd >= 0)
        close(fd);
    switch (message->kind) {
    case RY_ROLE_TELL_OPENED:
        role->opened = true;
        if (role->offered_count !=
            ry_supervisor_topology_offered(role->role, s->plan->battle->agents)) {
            ry_supervisor_accuse(
                s, role, "offers %u regions of %u", role->offered_count,
                ry_supervisor_topology_offered(role->role, s->plan->battle->agents));
        }
        break;
    case RY_ROLE_TELL_JOINED: role->joined = true; break;
    case RY_ROLE_TELL_FAILED:
        if (role->why[0] == '\0')
            memcpy(role->why, message->text, sizeof role->why);
        break;
    case RY_ROLE_TELL_DONE: take_done(s, role); break;
    default: ry_supervisor_accuse(s, role, "sends a message of unknown kind %u", message->kind);
    }
}

static void take_messages(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    /* An agent that talks and talks does not keep the supervisor. */
    unsigned left = role->kind == RY_SUPERVISOR_ROLE_AGENT ? AGENT_MESSAGES_MAX : UINT_MAX;
    while (role->child.socket >= 0 && left-- > 0) {
        struct ry_role_message message;
        int fd;
        enum ry_role_message_result result =
            ry_role_message_receive(role->child.socket, &message, &fd);
        if (result == RY_ROLE_MESSAGE_NONE)
            return;
        if (result == RY_ROLE_MESSAGE_CLOSED) {
            close(role->child.socket);
            role->child.socket = -1;
        } else if (result == RY_ROLE_MESSAGE_GOT) {
            take_message(s, role, &message, fd);
        } else {
            ry_supervisor_accuse(s, role, "sends what is no message");
        }
    }
}

/* ---- phases
 * --------------------------------------------------------------------------------------------- */

/* Nobody waits for the view. */
static bool missed(const struct ry_supervisor_member *role)
{
    return role->child.pid > 0 || role->role->death != RY_SUPERVISOR_DEATH_TOLD;
}

static bool all_opened(const struct ry_supervisor_result *result)
{
    for (unsigned i = 0; i < result->count; i++)
        if (!result->role[i].opened && missed(&result->role[i]))
            return false;
    return true;
}

static bool all_joined(const struct ry_supervisor_result *result)
{
    for (unsigned i = 0; i < result->count; i++)
        if (!result->role[i].joined && missed(&result->role[i]))
            return false;
    return true;
}

static void hand_out(struct ry_supervisor *s)
{
    struct ry_supervisor_result *result = s->result;
    for (unsigned i = 0; i < result->count; i++) {
        struct ry_supervisor_member *to = &result->role[i];
        for (unsigned j = 0; j < result->count; j++) {
            const struct ry_supervisor_member *from = &result->role[j];
            for (unsigned k = 0; j != i && k < from->offered_count; k++)
                send_region(s, to, from->offered[k].name, from->offered[k].fd);
        }
        send_region(s, to, RY_SUPERVISOR_CONTROL_NAME, s->control.fd);
        send_kind(s, to, RY_ROLE_TELL_JOIN);
    }
}

static void advance(struct ry_supervisor *s)
{
    if (s->stopping)
        return;
    if (s->phase == RY_SUPERVISOR_OPENING && all_opened(s->result)) {
        hand_out(s);
        s->phase = RY_SUPERVISOR_JOINING;
        s->phase_ns = ry_clock_ns();
    }
    if (s->phase == RY_SUPERVISOR_JOINING && all_joined(s->result)) {
        s->phase = RY_SUPERVISOR_RUNNING;
        s->go_ns = ry_clock_ns();
        for (unsigned i = 0; i < s->result->count; i++)
            send_kind(s, &s->result->role[i], RY_ROLE_TELL_GO);
    }
}

/* ---- signals
 * -------------------------------------------------------------------------------------------- */

static void take_signals(struct ry_supervisor *s)
{
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        bool first = s->result->signal == 0;
        if (first)
            s->result->signal = (int)info.ssi_signo;
        if (first && s->phase == RY_SUPERVISOR_RUNNING)
            ry_supervisor_control(s, RY_CONTROL_STOP, 0, RY_DIED_ITSELF);
        else
            ry_supervisor_stop_all(s);
    }
}

/* ---- deaths
 * --------------------------------------------------------------------------------------------- */

/* When a feed dies, exec is told: it puts the END into its order and fails, so that the journal is
 * whole up to there. That takes RY_SUPERVISOR_KILL_SECONDS at most; then everything is stopped. */
static bool may_end_in_order(const struct ry_supervisor *s, const struct ry_supervisor_member *role)
{
    return role->kind == RY_SUPERVISOR_ROLE_FEED && s->phase == RY_SUPERVISOR_RUNNING &&
           !s->stopping;
}

static void end_in_order(struct ry_supervisor *s, const struct ry_supervisor_member *feed)
{
    if (s->end_by_ns == 0)
        s->end_by_ns = ry_clock_ns() + RY_SUPERVISOR_KILL_SECONDS * RY_NS_PER_SECOND;
    ry_supervisor_control(s, RY_CONTROL_FEED_DIED, feed->index, RY_DIED_ITSELF);
}

static void stop_if_late(struct ry_supervisor *s)
{
    if (s->end_by_ns != 0 && !s->stopping && ry_clock_ns() > s->end_by_ns)
        ry_supervisor_stop_all(s);
}

/* exec calls it a failure that a feed died, and has ended in order: the journal has the END and
 * ends by itself. */
static bool exec_ended_after_a_feed(struct ry_supervisor *s,
                                    const struct ry_supervisor_member *role)
{
    if (s->end_by_ns == 0 || role->kind != RY_SUPERVISOR_ROLE_EXEC ||
        !WIFEXITED(role->child.status) || role->why[0] == '\0')
        return false;
    stop_feeds(s);
    return true;
}

static bool too_slow_to_stop(const struct ry_supervisor_member *role)
{
    return role->asked_to_stop && WIFSIGNALED(role->child.status) &&
           (WTERMSIG(role->child.status) == SIGALRM ||
            (WTERMSIG(role->child.status) == SIGKILL && ry_clock_ns() > role->kill_at_ns));
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
    if (role->kind == RY_SUPERVISOR_ROLE_AGENT)
        ry_supervisor_tell(s, role, "died: %s; the battle goes on", how);
    else
        ry_supervisor_tell(s, role, "died: %s; the battle goes on without it", how);
}

/* A crash, a reason of its own and an end in order come again in every run; whatever else ends a
 * process may come from anybody. */
static enum ry_control_how how_of(const struct ry_supervisor_member *role)
{
    int status = role->child.status;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) != 0 || role->done ? RY_DIED_ITSELF : RY_DIED_OUTSIDE;
    switch (WTERMSIG(status)) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
    case SIGABRT: return RY_DIED_ITSELF;
    default: return RY_DIED_OUTSIDE;
    }
}

static void judge_end(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    char how[RY_ROLE_MESSAGE_TEXT_BYTES + 64], who[RY_SUPERVISOR_WHO_BYTES];
    int status = role->child.status;
    bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool runs = s->phase == RY_SUPERVISOR_RUNNING;
    if (role->kind == RY_SUPERVISOR_ROLE_AGENT && runs && !s->exec_done) {
        /* Also one that is done: whether that was in order exec alone knows. */
        ry_supervisor_control(s, RY_CONTROL_AGENT_DIED, role->index, how_of(role));
    }
    if (ended_well && (role->done || role->asked_to_stop))
        return;
    if (role->asked_to_stop && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
        return; /* it had no handler yet, or none at all */
    describe_end(role, how, sizeof how);
    if (exec_ended_after_a_feed(s, role))
        return;
    if (s->result->signal != 0 && too_slow_to_stop(role)) {
        ry_supervisor_say(s, role, "did not stop in time: %s", how); /* wanted, and now it has */
        return;
    }
    take_signals(s);
    if (ended_well && s->result->signal != 0) {
        ry_supervisor_stop_all(
            s); /* the signal went to the whole group: no death, but no order either */
    } else if (role->role->death == RY_SUPERVISOR_DEATH_TOLD ||
               (role->role->death == RY_SUPERVISOR_DEATH_AGENT && runs)) {
        if (!s->stopping)
            survive(s, role, how);
    } else if (may_end_in_order(s, role)) {
        ry_supervisor_note(s, RY_SUPERVISOR_OUTCOME_DIED, index_of(s, role), "%s died: %s",
                           role->name, how);
        end_in_order(s, role);
    } else {
        ry_supervisor_blame(s, RY_SUPERVISOR_OUTCOME_DIED, index_of(s, role), "%s died: %s",
                            ry_supervisor_who(s, role, who), how);
    }
}

static void read_counters(struct ry_supervisor_member *role)
{
    if (role->watch.base != NULL) {
        const struct ry_role_watch *watch = ry_region_body(&role->watch);
        role->counters_count = ry_counters_read(&watch->counters, role->counters, RY_COUNTERS_MAX);
        if (role->counters_count > 0 && role->counters_are.count == 0)
            (void)ry_counters_describe(&watch->counters, &role->counters_are);
    }
}

static void look_after(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    if (role->child.pid <= 0)
        return;
    /* What it said last stands in the socket before its end can be seen. */
    bool ended = ry_supervisor_child_reap(&role->child);
    take_messages(s, role);
    if (!ended) {
        if (role->kill_at_ns != 0 && ry_clock_ns() > role->kill_at_ns)
            ry_supervisor_child_signal(&role->child, SIGKILL);
        return;
    }
    read_counters(role);
    ry_supervisor_role_log_drain(&role->log);
    ry_supervisor_look_at_log(s, role);
    judge_end(s, role);
}

static bool anybody_left(const struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++)
        if (s->result->role[i].child.pid > 0)
            return true;
    return false;
}

/* ---- the loop
 * ------------------------------------------------------------------------------------------- */

static void wait_for_something(const struct ry_supervisor *s)
{
    struct pollfd look[1 + 2 * RY_SUPERVISOR_MEMBERS_MAX];
    nfds_t count = 0;
    look[count++] = (struct pollfd){.fd = s->signals, .events = POLLIN};
    for (unsigned i = 0; i < s->result->count; i++) {
        const struct ry_supervisor_child *child = &s->result->role[i].child;
        look[count++] = (struct pollfd){.fd = child->socket, .events = POLLIN};
        look[count++] = (struct pollfd){.fd = child->pidfd, .events = POLLIN};
    }
    (void)poll(look, count, TICK_MS);
}

static void tick(struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++) {
        if (s->result->role[i].child.pid > 0) {
            read_counters(&s->result->role[i]);
            ry_supervisor_role_log_drain(&s->result->role[i].log);
            ry_supervisor_look_at_log(s, &s->result->role[i]);
        }
    }
    ry_supervisor_end_loading(s);
    ry_supervisor_end_rest(s);
    if (s->phase == RY_SUPERVISOR_RUNNING && s->plan->hooks.progress != NULL)
        s->plan->hooks.progress(s->plan->hooks.context, s->result->role, s->result->count);
}

static void watch(struct ry_supervisor *s)
{
    int64_t ticked = ry_clock_ns();
    while (anybody_left(s)) {
        wait_for_something(s);
        take_signals(s);
        for (unsigned i = 0; i < s->result->count; i++)
            look_after(s, &s->result->role[i]);
        advance(s);
        int64_t now = ry_clock_ns();
        if (now - ticked >= TICK_NS) {
            /* A supervisor that was stopped itself has not seen that others stood still. */
            ry_supervisor_feel_pulses(s, now - ticked < 2 * TICK_NS ? now - ticked : 2 * TICK_NS);
            ticked = now;
            tick(s);
            stop_if_late(s);
        }
    }
}

static void clean_up(struct ry_supervisor *s)
{
    bool exec_done = false, journal_done = false;
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        exec_done |= role->kind == RY_SUPERVISOR_ROLE_EXEC && role->done;
        journal_done |= role->kind == RY_SUPERVISOR_ROLE_JOURNAL && role->done;
        for (unsigned k = 0; k < role->offered_count; k++)
            close(role->offered[k].fd);
        ry_supervisor_role_log_close(&role->log);
        if (role->base.base != NULL)
            ry_region_leave(&role->base);
        if (role->watch.base != NULL)
            ry_region_leave(&role->watch);
        if (role->child.socket >= 0)
            close(role->child.socket);
    }
    s->result->in_order = exec_done && journal_done;
    if (s->control.base != NULL)
        ry_region_leave(&s->control);
    if (s->positions.base != NULL)
        ry_region_leave(&s->positions);
    close(s->battle);
    close(s->signals);
    sigprocmask(SIG_SETMASK, &s->signals_before, NULL);
    (void)sched_setaffinity(0, sizeof s->cores, &s->cores);
}

void ry_supervisor_run(const struct ry_supervisor_plan *plan, struct ry_supervisor_result *result)
{
    struct ry_supervisor s = {.plan = plan, .result = result, .battle = -1, .signals = -1};
    *result = (struct ry_supervisor_result){.culprit = -1};
    (void)ry_clock_init();
    /* What the roles offer lies open here. */
    bool secret = plan->battle->agents > 0 && ry_role_keep_secret(true);
    s.phase_ns = ry_clock_ns();
    ry_supervisor_start(&s);
    watch(&s);
    clean_up(&s);
    if (secret)
        (void)ry_role_keep_secret(false);
}
