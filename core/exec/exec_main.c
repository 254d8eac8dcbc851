/*
 * royale-exec: the role around core/exec/exec.h. Makes the regions exec.inputs, exec.market,
 * exec.positions and one exec.reportsN an agent, maps the feeds', the agents', the journal's and
 * the supervisor's, and steps. The stall limit is kept here, where there is a clock.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/exec/configure.h"
#include "core/exec/exec.h"
#include "core/role/role.h"
#include "shm/clock.h"

/* The sequence stood still so long: say so; then after twice that, .... */
#define ALARM_FIRST_NS RY_NS_PER_SECOND

struct role {
    struct ry_exec exec;
    struct ry_region inputs, market, positions;              /* written here */
    struct ry_region control, journal, events[RY_FEEDS_MAX]; /* read here */
    struct ry_region feed_base[RY_FEEDS_MAX], journal_base;  /* woken from here */
    struct ry_region reports[RY_AGENTS_MAX];                 /* written here */
    struct ry_region commands[RY_AGENTS_MAX], agent_base[RY_AGENTS_MAX];
    void *agents_memory; /* what exec keeps for the agents: waking outputs, backlog */
    size_t agents_bytes;
    struct ry_exec_parts parts;
    void *arena_memory;
    size_t arena_bytes;
    struct ry_exec_wait wait;        /* exec's, as it was after the last step */
    int64_t wait_since_ns, alarm_ns; /* when it began by the wall clock, 0: just now */
    uint64_t news;                   /* at the last sweep */
    unsigned sweeps_that_wake;       /* left: the other processes are woken after each */
};

static struct role role;

/* A region that holds `head` bytes and then a ring. */
static int make_ring(struct ry_role_process *process, struct ry_region *region, const char *name,
                     uint64_t layout, size_t head, struct ry_ring_writer *writer, uint64_t slots)
{
    int error = ry_region_create(region, name, layout, 1, head + ry_ring_footprint(slots));
    if (error != RY_REGION_OK)
        return ry_role_fail(process, "cannot make %s: %s", name, ry_region_strerror(error));
    ry_ring_create(writer, (unsigned char *)ry_region_body(region) + head, slots);
    ry_region_publish(region);
    return ry_role_offer(process, name, region);
}

static int make_reports(struct ry_role_process *process)
{
    for (unsigned i = 0; i < process->battle->agents; i++) {
        char name[RY_REGION_NAME_BYTES];
        struct ry_exec_parts_agent *agent = &role.parts.agent[i];
        snprintf(name, sizeof name, "exec.reports%u", i);
        if (make_ring(process, &role.reports[i], name, RY_LAYOUT_REPORTS,
                      sizeof(struct ry_exec_reports), &agent->reports, RY_REPORTS_SLOTS) != 0)
            return -1;
        agent->reports_head = ry_region_body(&role.reports[i]);
    }
    return 0;
}

static int make_positions(struct ry_role_process *process)
{
    int error = ry_region_create(&role.positions, "exec.positions", RY_LAYOUT_POSITIONS, 1,
                                 sizeof(struct ry_exec_positions));
    if (error != RY_REGION_OK)
        return ry_role_fail(process, "cannot make exec.positions: %s", ry_region_strerror(error));
    role.parts.positions = ry_region_body(&role.positions);
    ry_region_publish(&role.positions);
    return ry_role_offer(process, "exec.positions", &role.positions);
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
    union ry_input_any record;
    ry_exec_configure(process->battle, 0, &record);
    role.arena_bytes = ry_arena_footprint(&record.battle);
    if (role.arena_bytes == 0)
        return ry_role_fail(process, "the machine refuses the battle: a value is out of range");
    role.arena_memory = reserve(process, role.arena_bytes, "the machine");
    if (role.arena_memory == NULL)
        return -1;
    /* Books miss the TLB before all else. Where there are no huge pages it works without. */
    (void)madvise(role.arena_memory, role.arena_bytes, MADV_HUGEPAGE);
    role.parts.arena = ry_arena_create(role.arena_memory, role.arena_bytes, &record.battle);
    assert(role.parts.arena != NULL); /* the footprint was for this very record */
    return 0;
}

static int make_agents_memory(struct ry_role_process *process)
{
    role.parts.groups_max = RY_EXEC_WAKES_GROUPS;
    role.parts.runs_max = RY_EXEC_WAKES_RUNS;
    role.agents_bytes =
        ry_exec_footprint(process->battle, RY_EXEC_WAKES_GROUPS, RY_EXEC_WAKES_RUNS);
    if (role.agents_bytes == 0)
        return 0;
    role.parts.memory = role.agents_memory =
        reserve(process, role.agents_bytes, "what the agents are told");
    return role.agents_memory != NULL ? 0 : -1;
}

static int exec_open(struct ry_role_process *process)
{
    process->role = &role;
    if (make_arena(process) != 0 || make_agents_memory(process) != 0 ||
        make_reports(process) != 0 ||
        make_ring(process, &role.inputs, "exec.inputs", RY_LAYOUT_INPUTS, 0, &role.parts.inputs,
                  RY_INPUTS_SLOTS) != 0 ||
        make_ring(process, &role.market, "exec.market", RY_LAYOUT_MARKET,
                  sizeof(struct ry_exec_market), &role.parts.market, RY_MARKET_SLOTS) != 0)
        return -1;
    role.parts.market_head = ry_region_body(&role.market);
    return make_positions(process);
}

static int join_ring(struct ry_role_process *process, struct ry_region *region, const char *name,
                     uint64_t layout, struct ry_ring_reader *reader)
{
    if (ry_role_wanted(process, name, layout, region) != 0)
        return -1;
    if (ry_ring_join(reader, ry_region_body(region), ry_region_body_bytes(region)) != 0)
        return ry_role_fail(process, "%s holds no ring", name);
    return 0;
}

/* Whoever may be asleep while exec has work for it. */
static int join_base(struct ry_role_process *process, struct ry_region *region, const char *name)
{
    if (ry_role_wanted(process, name, RY_LAYOUT_BASE, region) != 0)
        return -1;
    if (ry_region_body_bytes(region) < sizeof(struct ry_role_base))
        return ry_role_fail(process, "%s is too small", name);
    return 0;
}

static int join_feeds(struct ry_role_process *process)
{
    for (unsigned i = 0; i < process->battle->feeds; i++) {
        char name[RY_REGION_NAME_BYTES];
        snprintf(name, sizeof name, "feed%u.events", i);
        if (join_ring(process, &role.events[i], name, RY_LAYOUT_EVENTS, &role.parts.events[i]) != 0)
            return -1;
        snprintf(name, sizeof name, "feed%u.base", i);
        if (join_base(process, &role.feed_base[i], name) != 0)
            return -1;
    }
    return 0;
}

static int join_agent(struct ry_role_process *process, unsigned i)
{
    char name[RY_REGION_NAME_BYTES];
    struct ry_region *region = &role.commands[i];
    snprintf(name, sizeof name, "agent%u.base", i);
    if (join_base(process, &role.agent_base[i], name) != 0)
        return -1;
    snprintf(name, sizeof name, "agent%u.commands", i);
    if (ry_role_wanted(process, name, RY_LAYOUT_COMMANDS, region) != 0)
        return -1;
    const struct ry_agent_commands *head = ry_region_body(region);
    size_t bytes = ry_region_body_bytes(region);
    role.parts.agent[i].commands_head = head;
    if (bytes < sizeof *head ||
        ry_ring_join(&role.parts.agent[i].commands, head + 1, bytes - sizeof *head) != 0)
        return ry_role_fail(process, "%s holds no ring", name);
    return 0;
}

static int join_agents(struct ry_role_process *process)
{
    for (unsigned i = 0; i < process->battle->agents; i++)
        if (join_agent(process, i) != 0)
            return -1;
    return 0;
}

static int exec_join(struct ry_role_process *process)
{
    if (join_feeds(process) != 0 || join_agents(process) != 0 ||
        join_base(process, &role.journal_base, "journal.base") != 0 ||
        join_ring(process, &role.control, "supervisor.control", RY_LAYOUT_CONTROL,
                  &role.parts.control) != 0 ||
        ry_role_wanted(process, "journal.positions", RY_LAYOUT_JOURNAL, &role.journal) != 0)
        return -1;
    if (ry_region_body_bytes(&role.journal) < sizeof(struct ry_journal_positions))
        return ry_role_fail(process, "journal.positions is too small");
    role.parts.battle = process->battle;
    role.parts.journal =
        &((const struct ry_journal_positions *)ry_region_body(&role.journal))->inputs;
    role.parts.log = process->log;
    ry_exec_start(&role.exec, &role.parts);
    process->counters = role.exec.counters.value;
    process->counter_table = &ry_exec_counter_table;
    return 0;
}

static void wake(const struct ry_region *base)
{
    ry_wake(&((const struct ry_role_base *)ry_region_body(base))->park);
}

/* Changes when a feed has room again, the journal something to write, an agent something to read or
 * a timer that may be due. */
static uint64_t news(const struct ry_role_process *process)
{
    uint64_t sum = ry_ring_written(&role.exec.publish.inputs) + role.exec.publish.published +
                   (uint64_t)role.exec.horizon.mark;
    for (unsigned i = 0; i < process->battle->feeds; i++)
        sum += ry_load_relaxed(&role.parts.positions->events[i].next);
    return sum;
}

/* After a sweep with news, and after the next one: a peer that was about to sleep is seen then. */
static void wake_others(const struct ry_role_process *process)
{
    uint64_t now = news(process);
    role.sweeps_that_wake = now != role.news ? RY_WAKES : role.sweeps_that_wake;
    role.news = now;
    if (role.sweeps_that_wake == 0)
        return;
    role.sweeps_that_wake--;
    for (unsigned i = 0; i < process->battle->feeds; i++)
        wake(&role.feed_base[i]);
    for (unsigned i = 0; i < process->battle->agents; i++)
        wake(&role.agent_base[i]);
    wake(&role.journal_base);
}

/* An agent that holds the battle up longer than the battle allows is given up. */
static void stall_after(struct ry_role_process *process, int64_t waited_ns)
{
    const uint32_t stall_s = process->battle->stall_s;
    if (stall_s == 0 || waited_ns < stall_s * RY_NS_PER_SECOND)
        return;
    ry_role_log(
        process, RY_LOG_WARN,
        "exec: agent %u (%s) did not answer for %u s and is out; the result is not reproducible",
        (unsigned)role.wait.who, process->battle->agent[role.wait.who].name, stall_s);
    ry_exec_stalled(&role.exec, role.wait.who);
    role.wait.why = RY_EXEC_WAIT_NOTHING; /* the next one begins anew */
}

/* A journal that holds the battle up is somebody's business. */
static void alarm_after(struct ry_role_process *process, int64_t waited_ns)
{
    if (waited_ns < role.alarm_ns)
        return;
    ry_role_log(process, RY_LOG_WARN, "exec: waiting for the journal for %lld s at input %llu",
                (long long)(waited_ns / RY_NS_PER_SECOND),
                (unsigned long long)role.exec.counters.machine.inputs);
    role.alarm_ns *= 2;
}

/* The clock of one wait: it runs while the wait stays the same, so while nothing at all moves. */
static void look_at_wait(struct ry_role_process *process)
{
    const struct ry_exec_wait *wait = &role.exec.wait;
    const bool agent = ry_exec_wait_for_agent(wait);
    if (!ry_exec_wait_equal(wait, &role.wait)) {
        role.wait = *wait;
        role.wait_since_ns = 0;
        role.alarm_ns = ALARM_FIRST_NS;
        return;
    }
    if (!agent && wait->why != RY_EXEC_WAIT_JOURNAL)
        return;
    const int64_t now = ry_clock_ns();
    if (role.wait_since_ns == 0)
        role.wait_since_ns = now;
    if (agent)
        stall_after(process, now - role.wait_since_ns);
    else
        alarm_after(process, now - role.wait_since_ns);
}

static int exec_step(struct ry_role_process *process)
{
    unsigned work = ry_exec_step(&role.exec);
    wake_others(process);
    look_at_wait(process);
    if (role.exec.phase != RY_EXEC_DONE)
        return (int)work;
    if (role.exec.failed) {
        ry_role_fail(process, "%s", role.exec.reason);
        return RY_ROLE_FAILED;
    }
    ry_role_log(process, RY_LOG_INFO,
                "exec: the battle has ended after %llu inputs, state hash %016llx",
                (unsigned long long)role.exec.counters.machine.inputs,
                (unsigned long long)role.exec.counters.state_hash);
    return RY_ROLE_DONE;
}

static void leave(struct ry_region *region)
{
    if (region->base != NULL)
        ry_region_leave(region);
}

static void exec_close(struct ry_role_process *process)
{
    (void)process;
    struct ry_region *const regions[] = {&role.inputs,  &role.market,  &role.positions,
                                         &role.control, &role.journal, &role.journal_base};
    for (unsigned i = 0; i < sizeof regions / sizeof *regions; i++)
        leave(regions[i]);
    for (unsigned i = 0; i < RY_FEEDS_MAX; i++) {
        leave(&role.events[i]);
        leave(&role.feed_base[i]);
    }
    for (unsigned i = 0; i < RY_AGENTS_MAX; i++) {
        leave(&role.reports[i]);
        leave(&role.commands[i]);
        leave(&role.agent_base[i]);
    }
    if (role.arena_memory != NULL)
        munmap(role.arena_memory, role.arena_bytes);
    if (role.agents_memory != NULL)
        munmap(role.agents_memory, role.agents_bytes);
}

int main(int argc, char **argv)
{
    static const struct ry_role exec_role = {
        .name = "exec",
        .open = exec_open,
        .join = exec_join,
        .step = exec_step,
        .close = exec_close,
    };
    return ry_role_main(&exec_role, argc, argv);
}
