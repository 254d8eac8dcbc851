/*
 * royale-feed: the role around feeds/handler.h. Makes the region feedN.events, writes what the
 * handler gives into its ring, waits for room, and ends when exec has read FEED_END.
 */
#include <stdlib.h>
#include <string.h>

#include "core/run/links.h"
#include "core/run/run.h"
#include "feeds/handler.h"
#include "feeds/port_dpdk.h"

#define STEP_MESSAGES 256 /* at most, before a look at the rest of the world */

struct role {
    struct ry_handler handler;
    struct ry_port_dpdk *dpdk; /* NULL: the feed reads a file */
    struct ry_region events;   /* written here */
    struct ry_ring_writer ring;
    struct ry_region positions, exec_base; /* read here */
    const struct ry_ring_position *position;
    const struct ry_park *exec_park;
    bool ended; /* FEED_END is written */
};

static void log_line(void *context, enum ry_log_level level, const char *text)
{
    const struct ry_run *run = context;
    ry_run_log(run, level, "%s", text);
}

static int make_events(struct ry_run *run, struct role *role)
{
    char name[RY_REGION_NAME_BYTES];
    snprintf(name, sizeof name, "%s.events", run->name);
    const int error = ry_region_create(&role->events, name, RY_LAYOUT_EVENTS, 1,
                                       ry_ring_footprint(RY_EVENTS_SLOTS));
    if (error != RY_REGION_OK)
        return ry_run_fail(run, "cannot make %s: %s", name, ry_region_strerror(error));
    ry_ring_create(&role->ring, ry_region_body(&role->events), RY_EVENTS_SLOTS);
    ry_region_publish(&role->events);
    return ry_run_offer(run, name, &role->events);
}

static int open_handler(struct ry_run *run, struct role *role)
{
    const struct ry_battle_feed *feed = &run->battle->feed[run->index];
    const struct ry_handler_log log = {.line = log_line, .context = run};
    struct ry_packet_port packets;
    if (feed->port == RY_PORT_DPDK) {
        char error[RY_PORT_DPDK_ERROR_BYTES];
        role->dpdk = ry_port_dpdk_open(feed, run->index, &log, error);
        if (role->dpdk == NULL)
            return ry_run_fail(run, "feed %s: %s", feed->name, error);
        packets = ry_port_dpdk_packets(role->dpdk);
    }
    if (ry_handler_open(&role->handler, run->battle, run->index,
                        role->dpdk != NULL ? &packets : NULL, &log) != 0)
        return ry_run_fail(run, "%s", role->handler.error);
    return 0;
}

static int feed_open(struct ry_run *run)
{
    struct role *role = calloc(1, sizeof *role);
    if (role == NULL)
        return ry_run_fail(run, "no memory");
    run->role = role;
    if (run->index >= run->battle->feeds)
        return ry_run_fail(run, "the battle has no feed %u", run->index);
    run->counters = (const uint64_t *)&role->handler.counters;
    run->counters_count = RY_FEED_COUNTERS;
    return make_events(run, role) != 0 ? -1 : open_handler(run, role);
}

static int feed_join(struct ry_run *run)
{
    struct role *role = run->role;
    if (ry_run_wanted(run, "exec.positions", RY_LAYOUT_POSITIONS, &role->positions) != 0 ||
        ry_run_wanted(run, "exec.base", RY_LAYOUT_BASE, &role->exec_base) != 0)
        return -1;
    if (ry_region_body_bytes(&role->positions) < sizeof(struct ry_exec_positions) ||
        ry_region_body_bytes(&role->exec_base) < sizeof(struct ry_run_base))
        return ry_run_fail(run, "a region of exec is too small");
    const struct ry_exec_positions *positions = ry_region_body(&role->positions);
    const struct ry_run_base *base = ry_region_body(&role->exec_base);
    role->position = &positions->events[run->index];
    role->exec_park = &base->park;
    return 0;
}

/* Up to STEP_MESSAGES messages; returns how many, or RY_RUN_FAILED. */
static int take_messages(struct ry_run *run, struct role *role)
{
    struct ry_input event;
    int taken = 0;
    while (taken < STEP_MESSAGES && !role->ended) {
        if (!ry_ring_has_room(&role->ring, role->position, 1)) {
            role->handler.counters.waits++;
            break;
        }
        const enum ry_handler_result result = ry_handler_next(&role->handler, &event);
        if (result == RY_HANDLER_FAILED) {
            (void)ry_run_fail(run, "feed %s: %s", run->battle->feed[run->index].name,
                              role->handler.error);
            return RY_RUN_FAILED;
        }
        if (result == RY_HANDLER_IDLE)
            break;
        if (result == RY_HANDLER_EVENT) {
            ry_ring_write(&role->ring, &event, 1);
            role->ended = event.head.kind == RY_IN_FEED_END;
        }
        taken++;
    }
    return taken;
}

static int feed_step(struct ry_run *run)
{
    struct role *role = run->role;
    const uint64_t before = ry_ring_written(&role->ring);
    const int taken = take_messages(run, role);
    if (ry_ring_written(&role->ring) != before)
        (void)ry_wake(role->exec_park);
    /* Done when exec has read all: until then the supervisor would see a feed that left its reader
     * alone. */
    if (role->ended && ry_load_acquire(&role->position->next) >=
                           ry_ring_written(&role->ring)) /* A2: R2 in ring.h */
        return RY_RUN_DONE;
    return taken;
}

static void feed_close(struct ry_run *run)
{
    struct role *role = run->role;
    if (role == NULL)
        return;
    ry_port_dpdk_count(role->dpdk, &role->handler.counters);
    const uint64_t *value = (const uint64_t *)&role->handler.counters;
    for (unsigned i = 0; i < RY_FEED_COUNTERS; i++)
        if (value[i] != 0)
            ry_run_log(run, RY_LOG_INFO, "%s %llu", ry_feed_counter_name(i),
                       (unsigned long long)value[i]);
    ry_handler_close(&role->handler);
    ry_port_dpdk_close(role->dpdk);
    ry_region_leave(&role->positions);
    ry_region_leave(&role->exec_base);
    ry_region_leave(&role->events);
}

int main(int argc, char **argv)
{
    static const struct ry_role feed = {
        .name = "feed",
        .numbered = true,
        .open = feed_open,
        .join = feed_join,
        .step = feed_step,
        .close = feed_close,
    };
    return ry_run_main(&feed, argc, argv);
}
