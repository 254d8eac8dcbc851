/*
 * royale-exec: the role around core/exec/exec.h. Makes the regions exec.inputs,
 * exec.positions and one exec.linkN an agent, maps the feeds', the agents', the journal's and
 * the supervisor's, and steps. The stall limit is kept here, where there is a clock
 * (core/exec/stall_clock.h).
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/exec/configure.h"
#include "core/exec/exec.h"
#include "core/exec/stall_clock.h"
#include "core/role/role.h"
#include "core/role/tracer.h"
#include "shm/clock.h"

/* The sequence stood still so long: say so; then after twice that, .... */
#define ALARM_FIRST_NS RY_NS_PER_SECOND
/* The longest sleep: who is waited for rings, and what the supervisor says may wait so long. */
#define SLEEP_NS INT64_C(10000000)
/* .. while another agent, which does not ring for a sleeper at another's bell, may have answered.
 */
#define LOOK_NS INT64_C(200000)
/* Read before a feed or an agent is rung for room; written before the journal is for inputs. */
#define FEED_SLOTS     (RY_EVENTS_SLOTS / 2)
#define COMMANDS_SLOTS (RY_COMMANDS_SLOTS / 2)
#define JOURNAL_SLOTS  (RY_INPUTS_SLOTS / 4)

struct role {
    struct ry_exec exec;
    struct ry_role_link inputs, positions;                      /* written here */
    struct ry_role_link control, journal, events[RY_FEEDS_MAX]; /* read here */
    struct ry_role_link link[RY_AGENTS_MAX];                    /* written here */
    struct ry_role_link commands[RY_AGENTS_MAX];                /* read here */
    void *agents_memory; /* what exec keeps for the agents until it is due */
    size_t agents_bytes;
    struct ry_exec_parts parts;
    void *arena_memory;
    size_t arena_bytes;
    struct ry_exec_stall_clock clock;
    int64_t alarm_ns; /* of a wait for the journal: when the next line is due */
    uint64_t roused;  /* bits of agents that are to be rung for after this step */
    /* Slots of each that were read when it was rung for room. */
    uint64_t feed_rung[RY_FEEDS_MAX], agent_rung[RY_AGENTS_MAX];
    struct ry_exec_trace *trace; /* NULL: nothing is traced */
    uint64_t journal_rung;       /* slots of the inputs that were written when it was rung for */
};

static int make_links(struct ry_role_process *process)
{
    struct role *role = process->role;
    for (unsigned i = 0; i < process->battle->agents; i++) {
        struct ry_exec_parts_agent *agent = &role->parts.agent[i];
        if (ry_role_make(process, &role->link[i], "link%u", i) != 0)
            return -1;
        agent->link = role->link[i].writer;
        agent->link_head = role->link[i].own_head;
    }
    return 0;
}

/* Reserved at once, backed when it is touched. NULL after ry_role_fail. */
static void *reserve(struct ry_role_process *process, size_t bytes, const char *what)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory != MAP_FAILED)
        return memory;
    ry_role_fail(process, "no memory for %s (%zu bytes): %s", what, bytes, strerror(errno));
    return NULL;
}

static int make_arena(struct ry_role_process *process)
{
    struct role *role = process->role;
    union ry_input_any record;
    ry_exec_configure(process->battle, 0, &record);
    role->arena_bytes = ry_arena_footprint(&record.battle);
    if (role->arena_bytes == 0)
        return ry_role_fail(process, "the machine refuses the battle: a value is out of range");
    role->arena_memory = reserve(process, role->arena_bytes, "the machine");
    if (role->arena_memory == NULL)
        return -1;
    /* Books miss the TLB before all else. Where there are no huge pages it works without. */
    (void)madvise(role->arena_memory, role->arena_bytes, MADV_HUGEPAGE);
    role->parts.arena = ry_arena_create(role->arena_memory, role->arena_bytes, &record.battle);
    assert(role->parts.arena != NULL); /* the footprint was for this very record */
    return 0;
}

static int make_agents_memory(struct ry_role_process *process)
{
    struct role *role = process->role;
    role->parts.stream_max = RY_EXEC_STREAM_RECORDS;
    role->agents_bytes = ry_exec_footprint(process->battle, RY_EXEC_STREAM_RECORDS);
    if (role->agents_bytes == 0)
        return 0;
    role->parts.memory = role->agents_memory =
        reserve(process, role->agents_bytes, "what the agents are told");
    return role->agents_memory != NULL ? 0 : -1;
}

static int make_trace(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (process->spans == NULL)
        return 0;
    role->trace = reserve(process, sizeof *role->trace, "traces");
    if (role->trace == NULL)
        return -1;
    ry_exec_trace_start(role->trace, process->spans, process->battle->trace_every,
                        ry_clock_machine_ns);
    role->parts.trace = role->trace;
    return 0;
}

static int exec_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (make_arena(process) != 0 || make_agents_memory(process) != 0 || make_links(process) != 0 ||
        make_trace(process) != 0 || ry_role_make(process, &role->inputs, "inputs") != 0 ||
        ry_role_make(process, &role->positions, "positions") != 0)
        return -1;
    role->parts.inputs = role->inputs.writer;
    role->parts.positions = role->positions.own_head;
    return 0;
}

static int join_feeds(struct ry_role_process *process)
{
    struct role *role = process->role;
    for (unsigned i = 0; i < process->battle->feeds; i++) {
        if (ry_role_join(process, &role->events[i], "feed%u.events", i) != 0)
            return -1;
        role->parts.events[i] = role->events[i].reader;
    }
    return 0;
}

static int join_agents(struct ry_role_process *process)
{
    struct role *role = process->role;
    for (unsigned i = 0; i < process->battle->agents; i++) {
        if (ry_role_join(process, &role->commands[i], "agent%u.commands", i) != 0)
            return -1;
        role->parts.agent[i].commands = role->commands[i].reader;
        role->parts.agent[i].commands_head = role->commands[i].head;
    }
    return 0;
}

/* struct ry_exec_parts.rouse: at the end of the step, when the core is about to be free. */
static void rouse(void *context, uint16_t agent, bool drain)
{
    struct role *role = context;
    (void)drain;
    role->roused |= UINT64_C(1) << agent;
}

static int exec_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (join_feeds(process) != 0 || join_agents(process) != 0 ||
        ry_role_join(process, &role->control, "supervisor.control") != 0 ||
        ry_role_join(process, &role->journal, "journal.positions") != 0)
        return -1;
    const struct ry_journal_positions *journal = role->journal.head;
    role->parts.control = role->control.reader;
    role->parts.battle = process->battle;
    role->parts.journal = &journal->inputs;
    role->parts.log = process->log;
    role->parts.rouse = rouse;
    role->parts.rouse_context = role;
    ry_exec_start(&role->exec, &role->parts);
    process->counters = role->exec.counters.value;
    process->counter_table = &ry_exec_counter_table;
    return 0;
}

/* ---- bells: shm/wait.h ----------------------------------------------------------------------- */

static const struct ry_bell *bell_of_agent(const struct role *role, unsigned agent)
{
    return &((const struct ry_agent_commands *)role->commands[agent].head)->exec;
}

static const struct ry_bell *bell_of_feed(const struct role *role, unsigned feed)
{
    return &((const struct ry_feed_events *)role->events[feed].head)->exec;
}

static const struct ry_bell *bell_of_journal(const struct role *role)
{
    return &((const struct ry_journal_positions *)role->journal.head)->exec;
}

/* An answer may be waiting for room where half of the commands is read. */
static void rouse_for_room(struct role *role, unsigned agent)
{
    const struct ry_exec_link *head = role->parts.agent[agent].link_head;
    const uint64_t read = ry_load_relaxed(&head->commands.next);
    if (read - role->agent_rung[agent] < COMMANDS_SLOTS)
        return;
    role->agent_rung[agent] = read;
    role->roused |= UINT64_C(1) << agent;
}

/* Each that was given a wake, much to read, or room. */
static void ring_for_agents(struct ry_role_process *process)
{
    struct role *role = process->role;
    for (unsigned i = 0; i < process->battle->agents; i++)
        rouse_for_room(role, i);
    for (uint64_t left = role->roused; left != 0; left &= left - 1) {
        const unsigned agent = (unsigned)__builtin_ctzll(left);
        ry_role_ring(process, &role->parts.agent[agent].link_head->agent,
                     bell_of_agent(role, agent));
    }
    role->roused = 0;
}

/* Each whose ring has room again for half of it. */
static void ring_for_feeds(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_exec_positions *positions = role->parts.positions;
    for (unsigned i = 0; i < process->battle->feeds; i++) {
        const uint64_t read = ry_load_relaxed(&positions->events[i].next);
        if (read - role->feed_rung[i] < FEED_SLOTS)
            continue;
        role->feed_rung[i] = read;
        ry_role_ring(process, &positions->feed[i], bell_of_feed(role, i));
    }
}

static bool waits_for_journal(const struct ry_exec *exec)
{
    return exec->wait.why == RY_EXEC_WAIT_JOURNAL ||
           (exec->phase == RY_EXEC_DRAINING && exec->wait.why == RY_EXEC_WAIT_NOTHING);
}

/* When much is unread, or exec cannot go on before it is. */
static void ring_for_journal(struct ry_role_process *process)
{
    struct role *role = process->role;
    const uint64_t written = ry_ring_written(&role->exec.inputs);
    if (written - role->journal_rung < (waits_for_journal(&role->exec) ? 1 : JOURNAL_SLOTS))
        return;
    role->journal_rung = written;
    ry_role_ring(process, &role->parts.positions->journal, bell_of_journal(role));
}

/* An agent that is not `who` gets its next wake when exec looks again. */
static int64_t longest_sleep(const struct ry_exec *exec, unsigned who)
{
    return exec->battle->agents > 0 && ry_exec_told_could_go_on(&exec->told, who) ? LOOK_NS
                                                                                  : SLEEP_NS;
}

/* At the bell of whoever exec cannot go on without. */
static void wait_at(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_exec_positions *positions = role->parts.positions;
    const struct ry_exec_wait *wait = &role->exec.wait;
    process->wait.patience_ns = ry_exec_wait_for_agent(wait) ? RY_WAIT_ANSWER_NS : 0;
    if (ry_exec_wait_for_agent(wait))
        ry_wait_at(&process->wait, &role->parts.agent[wait->who].link_head->agent,
                   bell_of_agent(role, wait->who), longest_sleep(&role->exec, wait->who));
    else if (wait->why == RY_EXEC_WAIT_FEED)
        ry_wait_at(&process->wait, &positions->feed[wait->who], bell_of_feed(role, wait->who),
                   longest_sleep(&role->exec, RY_AGENTS_MAX));
    else if (waits_for_journal(&role->exec))
        ry_wait_at(&process->wait, &positions->journal, bell_of_journal(role), SLEEP_NS);
    else
        ry_wait_at(&process->wait, NULL, NULL, RY_WAIT_NAP_NS);
}

/* An agent that holds the battle up longer than the battle allows is given up; one that a debugger
 * holds is not. */
static void stall_after(struct ry_role_process *process, unsigned agent, int64_t waited_ns)
{
    struct role *role = process->role;
    const uint32_t stall_s = process->battle->stall_s;
    if (stall_s == 0 || waited_ns < stall_s * RY_NS_PER_SECOND)
        return;
    ry_exec_stall_clock_restart(&role->clock);
    const char *name = process->battle->agent[agent].name;
    if (ry_role_traced(role->commands[agent].pid, getppid())) {
        ry_role_log(
            process, RY_LOG_INFO,
            "exec: agent %u (%s) did not answer for %u s, but a debugger traces it: waiting", agent,
            name, stall_s);
        return;
    }
    ry_role_log(
        process, RY_LOG_WARN,
        "exec: agent %u (%s) did not answer for %u s and is out; the result is not reproducible",
        agent, name, stall_s);
    ry_exec_stalled(&role->exec, (uint16_t)agent);
}

/* A journal that holds the battle up is somebody's business. */
static void alarm_after(struct ry_role_process *process, int64_t waited_ns)
{
    struct role *role = process->role;
    if (waited_ns < role->alarm_ns)
        return;
    ry_role_log(process, RY_LOG_WARN, "exec: waiting for the journal for %lld s at input %llu",
                (long long)(waited_ns / RY_NS_PER_SECOND),
                (unsigned long long)role->exec.counters.machine.inputs);
    role->alarm_ns *= 2;
}

static void look_at_wait(struct ry_role_process *process)
{
    struct role *role = process->role;
    const struct ry_exec_wait *wait = &role->exec.wait;
    if (wait->why == RY_EXEC_WAIT_NOTHING || wait->why == RY_EXEC_WAIT_FEED) {
        ry_exec_stall_clock_restart(&role->clock);
        return;
    }
    const int64_t waited_ns = ry_exec_stall_clock_look(&role->clock, wait, ry_clock_ns());
    if (ry_exec_wait_for_agent(wait)) {
        stall_after(process, wait->who, waited_ns);
        return;
    }
    if (waited_ns == 0)
        role->alarm_ns = ALARM_FIRST_NS;
    alarm_after(process, waited_ns);
}

static int exec_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    unsigned work = ry_exec_step(&role->exec);
    ring_for_agents(process);
    ring_for_feeds(process);
    ring_for_journal(process);
    look_at_wait(process);
    if (work == 0)
        wait_at(process);
    if (role->exec.phase != RY_EXEC_DONE)
        return (int)work;
    if (role->exec.failed) {
        ry_role_fail(process, "%s", role->exec.reason);
        return RY_ROLE_FAILED;
    }
    ry_role_log(process, RY_LOG_INFO,
                "exec: the battle has ended after %llu inputs, state hash %016llx",
                (unsigned long long)role->exec.counters.machine.inputs,
                (unsigned long long)role->exec.counters.state_hash);
    return RY_ROLE_DONE;
}

static void exec_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role->arena_memory != NULL)
        munmap(role->arena_memory, role->arena_bytes);
    if (role->agents_memory != NULL)
        munmap(role->agents_memory, role->agents_bytes);
    if (role->trace != NULL)
        munmap(role->trace, sizeof *role->trace);
}

int main(int argc, char **argv)
{
    static const struct ry_role exec_role = {
        .bytes = sizeof(struct role),
        .open = exec_open,
        .join = exec_join,
        .step = exec_step,
        .close = exec_close,
    };
    return ry_role_main(&exec_role, argc, argv);
}
