/*
 * royale-feed: the role around feeds/handler.h. Makes the region feedN.events, writes what the
 * handler gives into its ring, waits for room, and ends when exec has read FEED_END.
 */
#include <stdlib.h>
#include <string.h>

#include "core/role/role.h"
#include "feeds/handler.h"
#include "shm/records/links.h"

#define STEP_MESSAGES 256 /* at most, before a look at the rest of the world */

struct role {
    struct ry_feed_handler handler;
    struct ry_region events; /* written here */
    struct ry_ring_writer ring;
    struct ry_region positions, exec_base; /* read here */
    const struct ry_ring_position *position;
    const struct ry_park *exec_park;
    bool ended; /* FEED_END is written */
};

static void log_line(void *context, enum ry_log_level level, const char *text)
{
    const struct ry_role_process *process = context;
    ry_role_log(process, level, "%s", text);
}

static int make_events(struct ry_role_process *process, struct role *role)
{
    char name[RY_REGION_NAME_BYTES];
    snprintf(name, sizeof name, "%s.events", process->name);
    const int error = ry_region_create(&role->events, name, RY_LAYOUT_EVENTS, 1,
                                       ry_ring_footprint(RY_EVENTS_SLOTS));
    if (error != RY_REGION_OK)
        return ry_role_fail(process, "cannot make %s: %s", name, ry_region_strerror(error));
    ry_ring_create(&role->ring, ry_region_body(&role->events), RY_EVENTS_SLOTS);
    ry_region_publish(&role->events);
    return ry_role_offer(process, name, &role->events);
}

static int open_handler(struct ry_role_process *process, struct role *role)
{
    const struct ry_log_sink log = {.line = log_line, .context = process};
    if (ry_feed_handler_open(&role->handler, process->battle, process->index, NULL, &log) != 0)
        return ry_role_fail(process, "%s", role->handler.error);
    return 0;
}

static int feed_open(struct ry_role_process *process)
{
    struct role *role = calloc(1, sizeof *role);
    if (role == NULL)
        return ry_role_fail(process, "no memory");
    process->role = role;
    if (process->index >= process->battle->feeds)
        return ry_role_fail(process, "the battle has no feed %u", process->index);
    process->counters = role->handler.counters.value;
    process->counter_table = &ry_feed_counter_table;
    return make_events(process, role) != 0 ? -1 : open_handler(process, role);
}

static int feed_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_wanted(process, "exec.positions", RY_LAYOUT_POSITIONS, &role->positions) != 0 ||
        ry_role_wanted(process, "exec.base", RY_LAYOUT_BASE, &role->exec_base) != 0)
        return -1;
    if (ry_region_body_bytes(&role->positions) < sizeof(struct ry_exec_positions) ||
        ry_region_body_bytes(&role->exec_base) < sizeof(struct ry_role_base))
        return ry_role_fail(process, "a region of exec is too small");
    const struct ry_exec_positions *positions = ry_region_body(&role->positions);
    const struct ry_role_base *base = ry_region_body(&role->exec_base);
    role->position = &positions->events[process->index];
    role->exec_park = &base->park;
    return 0;
}

/* Up to STEP_MESSAGES messages; returns how many, or RY_ROLE_FAILED. */
static int take_messages(struct ry_role_process *process, struct role *role)
{
    struct ry_input event;
    int taken = 0;
    while (taken < STEP_MESSAGES && !role->ended) {
        if (!ry_ring_has_room(&role->ring, role->position, 1)) {
            role->handler.counters.waits++;
            break;
        }
        const enum ry_feed_handler_result result = ry_feed_handler_next(&role->handler, &event);
        if (result == RY_FEED_HANDLER_FAILED) {
            (void)ry_role_fail(process, "feed %s: %s", process->battle->feed[process->index].name,
                               role->handler.error);
            return RY_ROLE_FAILED;
        }
        if (result == RY_FEED_HANDLER_IDLE)
            break;
        if (result == RY_FEED_HANDLER_EVENT) {
            ry_ring_write(&role->ring, &event, 1);
            role->ended = event.head.kind == RY_IN_FEED_END;
        }
        taken++;
    }
    return taken;
}

static int feed_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    const uint64_t before = ry_ring_written(&role->ring);
    const int taken = take_messages(process, role);
    if (ry_ring_written(&role->ring) != before)
        (void)ry_wake(role->exec_park);
    /* Done when exec has read all: until then the supervisor would see a feed that left its reader
     * alone. A2: pairs with R2 in shm/ring.h, stored by exec. */
    if (role->ended && ry_load_acquire(&role->position->next) >= ry_ring_written(&role->ring))
        return RY_ROLE_DONE;
    return taken;
}

static void feed_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role == NULL)
        return;
    ry_feed_handler_close(&role->handler);
    const uint64_t *value = role->handler.counters.value;
    for (unsigned i = 0; i < RY_FEED_COUNTERS; i++)
        if (value[i] != 0)
            ry_role_log(process, RY_LOG_INFO, "%s %llu", ry_feed_counter_table.counter[i].name,
                        (unsigned long long)value[i]);
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
    return ry_role_main(&feed, argc, argv);
}
