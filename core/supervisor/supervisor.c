#include "core/supervisor/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/role/secret.h"
#include "core/supervisor/state.h"
#include "shm/clock.h"

#define TICK_MS         50 /* logs, progress and deadlines are looked at so often */
#define JOINING_LOOK_MS 5  /* whether agents have joined */
#define TICK_NS         (TICK_MS * (RY_NS_PER_SECOND / 1000))
/* What one look at the clock adds at most to the time in which the supervisor ran. */
#define LOOK_NS_MAX (2 * TICK_NS)

/* ---- phases ---------------------------------------------------------------------------------- */

/* Nobody waits for the view. */
static bool missed(const struct ry_supervisor_member *role)
{
    return role->child.pid > 0 || role->row->death != RY_SUPERVISOR_DEATH_TOLD;
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

static void advance(struct ry_supervisor *s)
{
    if (s->stopping)
        return;
    if (s->phase == RY_SUPERVISOR_OPENING && all_opened(s->result)) {
        ry_supervisor_hand_out(s);
        s->phase = RY_SUPERVISOR_JOINING;
        s->phase_ns = s->awake_ns;
    }
    if (s->phase == RY_SUPERVISOR_JOINING && all_joined(s->result)) {
        s->phase = RY_SUPERVISOR_RUNNING;
        ry_supervisor_noise_begins(s);
        s->go_ns = ry_clock_ns();
        for (unsigned i = 0; i < s->result->count; i++)
            ry_supervisor_send_kind(s, &s->result->role[i], RY_ROLE_TELL_GO);
    }
}

/* ---- signals --------------------------------------------------------------------------------- */

void ry_supervisor_take_signals(struct ry_supervisor *s)
{
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        bool first = s->result->signal == 0;
        if (first)
            s->result->signal = (int)info.ssi_signo;
        if (first && s->phase == RY_SUPERVISOR_RUNNING) {
            ry_supervisor_control(s, RY_CONTROL_STOP, 0, RY_DIED_ITSELF);
            ry_supervisor_end_in_order(s);
        } else {
            ry_supervisor_stop_all(s);
        }
    }
}

/* ---- who has ended --------------------------------------------------------------------------- */

static void read_counters(struct ry_supervisor_member *role)
{
    if (ry_role_link_there(&role->watch)) {
        const struct ry_role_watch *watch = role->watch.head;
        role->counters_count = ry_counters_read(&watch->counters, role->counters, RY_COUNTERS_MAX);
        if (role->counters_count > 0 && role->counters_are.count == 0)
            (void)ry_counters_describe(&watch->counters, &role->counters_are);
    }
}

static void look_after(struct ry_supervisor *s, struct ry_supervisor_member *role)
{
    if (role->child.pid <= 0)
        return;
    /* What it said last stands in the socket or in its base before its end can be seen. */
    bool ended = ry_supervisor_child_reap(&role->child);
    ry_supervisor_listen(s, role);
    (void)ry_supervisor_role_log_take(&role->log);
    if (!ended) {
        if (role->kill_at_ns != 0 && s->awake_ns > role->kill_at_ns)
            ry_supervisor_child_signal(&role->child, SIGKILL);
        return;
    }
    read_counters(role);
    ry_supervisor_role_log_finish(&role->log);
    ry_supervisor_look_at_log(s, role);
    ry_supervisor_judge_end(s, role);
    if (role->row->end == RY_SUPERVISOR_END_LEADS)
        ry_supervisor_take_parts(s);
}

static bool anybody_left(const struct ry_supervisor *s)
{
    for (unsigned i = 0; i < s->result->count; i++)
        if (s->result->role[i].child.pid > 0 || s->result->role[i].restart_at_ns != 0)
            return true;
    return false;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void wait_for_something(const struct ry_supervisor *s)
{
    struct pollfd look[2 + 3 * RY_SUPERVISOR_MEMBERS_MAX];
    nfds_t count = 0;
    look[count++] = (struct pollfd){.fd = s->signals, .events = POLLIN};
    look[count++] =
        (struct pollfd){.fd = s->door.left > 0 ? s->door.listener : -1, .events = POLLIN};
    for (unsigned i = 0; i < s->result->count; i++) {
        const struct ry_supervisor_child *child = &s->result->role[i].child;
        look[count++] = (struct pollfd){.fd = child->socket, .events = POLLIN};
        look[count++] = (struct pollfd){.fd = child->pidfd, .events = POLLIN};
        look[count++] = (struct pollfd){.fd = s->result->role[i].log.pipe_read, .events = POLLIN};
    }
    /* Words wake nobody. */
    (void)poll(look, count, s->phase == RY_SUPERVISOR_JOINING ? JOINING_LOOK_MS : TICK_MS);
}

static void tick(struct ry_supervisor *s)
{
    s->door.left = RY_SUPERVISOR_DOOR_ANSWERS;
    for (unsigned i = 0; i < s->result->count; i++) {
        if (s->result->role[i].child.pid > 0) {
            read_counters(&s->result->role[i]);
            ry_supervisor_role_log_drain(&s->result->role[i].log);
            ry_supervisor_look_at_log(s, &s->result->role[i]);
        }
    }
    ry_supervisor_end_loading(s);
    ry_supervisor_end_rest(s);
    ry_supervisor_restart_due(s);
    if (s->phase == RY_SUPERVISOR_RUNNING && s->plan->hooks.progress != NULL)
        s->plan->hooks.progress(s->plan->hooks.context, s->result->role, s->result->count);
}

static void look_at_clock(struct ry_supervisor *s)
{
    int64_t now = ry_clock_ns(), since = now - s->looked_ns;
    s->awake_ns += since < LOOK_NS_MAX ? since : LOOK_NS_MAX;
    s->looked_ns = now;
}

static void watch(struct ry_supervisor *s)
{
    int64_t ticked = s->awake_ns;
    while (anybody_left(s)) {
        wait_for_something(s);
        look_at_clock(s);
        ry_supervisor_take_signals(s);
        for (unsigned i = 0; i < s->result->count; i++)
            look_after(s, &s->result->role[i]);
        advance(s);
        ry_supervisor_answer_door(s);
        if (s->awake_ns - ticked >= TICK_NS) {
            ry_supervisor_feel_pulses(s, s->awake_ns - ticked);
            ticked = s->awake_ns;
            tick(s);
            ry_supervisor_stop_if_late(s);
        }
    }
}

static void clean_up(struct ry_supervisor *s)
{
    bool led = false, followed = true;
    ry_supervisor_noise_ends(s); /* exec has never said that it was done */
    ry_supervisor_door_close(&s->door);
    for (unsigned i = 0; i < s->result->count; i++) {
        struct ry_supervisor_member *role = &s->result->role[i];
        led |= role->row->end == RY_SUPERVISOR_END_LEADS && role->done;
        followed &= role->row->end != RY_SUPERVISOR_END_FOLLOWS || role->done;
        ry_supervisor_forget(role);
    }
    s->result->in_order = led && followed;
    ry_role_link_leave(&s->control);
    ry_role_link_leave(&s->positions);
    ry_role_link_leave(&s->parts);
    ry_supervisor_users_leave(&s->users);
    close(s->battle);
    close(s->signals);
    if (s->idle >= 0)
        close(s->idle);
    sigprocmask(SIG_SETMASK, &s->signals_before, NULL);
    (void)sched_setaffinity(0, sizeof s->before, &s->before);
}

void ry_supervisor_run(const struct ry_supervisor_plan *plan, struct ry_supervisor_result *result)
{
    struct ry_supervisor s = {.plan = plan,
                              .result = result,
                              .battle = -1,
                              .signals = -1,
                              .idle = -1,
                              .users = {.lock = -1},
                              .feed_death = {.culprit = -1},
                              .door = {.listener = -1, .directory = -1}};
    *result = (struct ry_supervisor_result){.culprit = -1};
    (void)ry_clock_init();
    /* What the roles offer lies open here. */
    bool secret = plan->battle->agents > 0 && ry_role_keep_secret(true);
    s.phase_ns = s.awake_ns = 1;
    s.looked_ns = ry_clock_ns();
    ry_supervisor_start(&s);
    watch(&s);
    ry_supervisor_feed_lacked(&s); /* exec has never said that it was done */
    clean_up(&s);
    if (secret)
        (void)ry_role_keep_secret(false);
}
