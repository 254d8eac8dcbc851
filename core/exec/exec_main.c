/*
 * royale-exec: the role around core/exec/exec.h. Makes the regions exec.inputs, exec.market and
 * exec.positions, maps the feeds', the journal's and the supervisor's, and steps.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/exec/configure.h"
#include "core/exec/exec.h"
#include "core/run/run.h"
#include "shm/clock.h"

#define ALARM_FIRST_NS RY_NS_PER_SECOND /* the sequence stood still so long: say so; then after twice that, ... */

struct role {
    struct ry_exec exec;
    struct ry_region inputs, market, positions;             /* written here */
    struct ry_region control, journal, events[RY_FEEDS_MAX]; /* read here */
    struct ry_region feed_base[RY_FEEDS_MAX], journal_base;  /* woken from here */
    struct ry_exec_parts parts;
    void *arena_memory;
    size_t arena_bytes;
    int64_t waits_since_ns, alarm_ns;
    uint64_t news; /* at the last sweep */
    unsigned wakes; /* sweeps left that wake the others */
};

static struct role role;

static int make_ring(struct ry_run *run, struct ry_region *region, const char *name, uint64_t layout,
                     struct ry_ring_writer *writer, uint64_t slots)
{
    int error = ry_region_create(region, name, layout, 1, ry_ring_footprint(slots));
    if (error != RY_REGION_OK)
        return ry_run_fail(run, "cannot make %s: %s", name, ry_region_strerror(error));
    ry_ring_create(writer, ry_region_body(region), slots);
    ry_region_publish(region);
    return ry_run_offer(run, name, region);
}

static int make_positions(struct ry_run *run)
{
    int error = ry_region_create(&role.positions, "exec.positions", RY_LAYOUT_POSITIONS, 1,
                                 sizeof(struct ry_exec_positions));
    if (error != RY_REGION_OK)
        return ry_run_fail(run, "cannot make exec.positions: %s", ry_region_strerror(error));
    role.parts.positions = ry_region_body(&role.positions);
    ry_region_publish(&role.positions);
    return ry_run_offer(run, "exec.positions", &role.positions);
}

/* Reserved at once, backed when it is touched. */
static int make_arena(struct ry_run *run)
{
    union ry_input_any record;
    ry_exec_configure(run->battle, 0, &record);
    role.arena_bytes = ry_arena_footprint(&record.battle);
    if (role.arena_bytes == 0)
        return ry_run_fail(run, "the machine refuses the battle: a value is out of range");
    role.arena_memory = mmap(NULL, role.arena_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (role.arena_memory == MAP_FAILED) {
        role.arena_memory = NULL;
        return ry_run_fail(run, "no memory for the machine (%zu bytes): %s", role.arena_bytes, strerror(errno));
    }
    /* Books miss the TLB before all else. Where there are no huge pages it works without. */
    (void)madvise(role.arena_memory, role.arena_bytes, MADV_HUGEPAGE);
    role.parts.arena = ry_arena_create(role.arena_memory, role.arena_bytes, &record.battle);
    assert(role.parts.arena != NULL); /* the footprint was for this very record */
    return 0;
}

static int exec_open(struct ry_run *run)
{
    run->role = &role;
    if (make_arena(run) != 0 ||
        make_ring(run, &role.inputs, "exec.inputs", RY_LAYOUT_INPUTS, &role.parts.inputs, RY_INPUTS_SLOTS) != 0 ||
        make_ring(run, &role.market, "exec.market", RY_LAYOUT_MARKET, &role.parts.market, RY_MARKET_SLOTS) != 0)
        return -1;
    return make_positions(run);
}

static int join_ring(struct ry_run *run, struct ry_region *region, const char *name, uint64_t layout,
                     struct ry_ring_reader *reader)
{
    if (ry_run_wanted(run, name, layout, region) != 0)
        return -1;
    if (ry_ring_join(reader, ry_region_body(region), ry_region_body_bytes(region)) != 0)
        return ry_run_fail(run, "%s holds no ring", name);
    return 0;
}

/* Whoever may be asleep while exec has work for it. */
static int join_base(struct ry_run *run, struct ry_region *region, const char *name)
{
    if (ry_run_wanted(run, name, RY_LAYOUT_BASE, region) != 0)
        return -1;
    if (ry_region_body_bytes(region) < sizeof(struct ry_run_base))
        return ry_run_fail(run, "%s is too small", name);
    return 0;
}

static int join_feeds(struct ry_run *run)
{
    for (unsigned i = 0; i < run->battle->feeds; i++) {
        char name[RY_REGION_NAME_BYTES];
        snprintf(name, sizeof name, "feed%u.events", i);
        if (join_ring(run, &role.events[i], name, RY_LAYOUT_EVENTS, &role.parts.events[i]) != 0)
            return -1;
        snprintf(name, sizeof name, "feed%u.base", i);
        if (join_base(run, &role.feed_base[i], name) != 0)
            return -1;
    }
    return 0;
}

static int exec_join(struct ry_run *run)
{
    if (join_feeds(run) != 0 || join_base(run, &role.journal_base, "journal.base") != 0 ||
        join_ring(run, &role.control, "supervisor.control", RY_LAYOUT_CONTROL, &role.parts.control) != 0 ||
        ry_run_wanted(run, "journal.positions", RY_LAYOUT_JOURNAL, &role.journal) != 0)
        return -1;
    if (ry_region_body_bytes(&role.journal) < sizeof(struct ry_journal_positions))
        return ry_run_fail(run, "journal.positions is too small");
    role.parts.battle = run->battle;
    role.parts.journal = &((const struct ry_journal_positions *)ry_region_body(&role.journal))->inputs;
    role.parts.log = run->log;
    ry_exec_start(&role.exec, &role.parts);
    run->counters = (const uint64_t *)&role.exec.counters;
    run->counters_count = RY_EXEC_COUNTERS;
    return 0;
}

static void wake(const struct ry_region *base)
{
    ry_wake(&((const struct ry_run_base *)ry_region_body(base))->park);
}

/* Rises when a feed has room again or the journal something to write. */
static uint64_t news(const struct ry_run *run)
{
    uint64_t sum = ry_ring_written(&role.exec.publish.inputs);
    for (unsigned i = 0; i < run->battle->feeds; i++)
        sum += ry_load_relaxed(&role.parts.positions->events[i].next);
    return sum;
}

/* After a sweep with news, and after the next one: a peer that was about to sleep is seen then. */
static void wake_others(const struct ry_run *run)
{
    uint64_t now = news(run);
    role.wakes = now != role.news ? RY_WAKES : role.wakes;
    role.news = now;
    if (role.wakes == 0)
        return;
    role.wakes--;
    for (unsigned i = 0; i < run->battle->feeds; i++)
        wake(&role.feed_base[i]);
    wake(&role.journal_base);
}

/* A journal that holds the battle up is somebody's business. */
static void alarm_if_waiting(struct ry_run *run)
{
    if (!role.exec.waits) {
        role.waits_since_ns = 0;
        return;
    }
    int64_t now = ry_clock_ns();
    if (role.waits_since_ns == 0) {
        role.waits_since_ns = now;
        role.alarm_ns = ALARM_FIRST_NS;
    }
    if (now - role.waits_since_ns < role.alarm_ns)
        return;
    ry_run_log(run, RY_LOG_WARN, "exec: waiting for the journal for %lld s at input %llu",
               (long long)((now - role.waits_since_ns) / RY_NS_PER_SECOND),
               (unsigned long long)role.exec.counters.machine.inputs);
    role.alarm_ns *= 2;
}

static int exec_step(struct ry_run *run)
{
    unsigned work = ry_exec_step(&role.exec);
    wake_others(run);
    alarm_if_waiting(run);
    if (role.exec.phase != RY_EXEC_DONE)
        return (int)work;
    if (role.exec.failed) {
        ry_run_fail(run, "%s", role.exec.reason);
        return RY_RUN_FAILED;
    }
    ry_run_log(run, RY_LOG_INFO, "exec: the battle has ended after %llu inputs, state hash %016llx",
               (unsigned long long)role.exec.counters.machine.inputs,
               (unsigned long long)role.exec.counters.state_hash);
    return RY_RUN_DONE;
}

static void leave(struct ry_region *region)
{
    if (region->base != NULL)
        ry_region_leave(region);
}

static void exec_close(struct ry_run *run)
{
    (void)run;
    struct ry_region *const regions[] = {&role.inputs, &role.market, &role.positions, &role.control, &role.journal,
                                         &role.journal_base};
    for (unsigned i = 0; i < sizeof regions / sizeof *regions; i++)
        leave(regions[i]);
    for (unsigned i = 0; i < RY_FEEDS_MAX; i++) {
        leave(&role.events[i]);
        leave(&role.feed_base[i]);
    }
    if (role.arena_memory != NULL)
        munmap(role.arena_memory, role.arena_bytes);
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
    return ry_run_main(&exec_role, argc, argv);
}
