/*
 * royale-feed: the role around feeds/handler.h. Makes the region feedN.events, writes what the
 * handler gives into its ring, waits for room, and ends when exec has read FEED_END. exec is rung
 * for when there is much to read, or all there is.
 */
#include <string.h>

#include "core/role/role.h"
#include "feeds/handler.h"
#include "shm/clock.h"
#include "shm/records/links.h"
#include "shm/records/span.h"

#define STEP_EVENTS 256  /* at most, before a look at the rest of the world */
#define RING_SLOTS  4096 /* written for exec, when more is to come at once */
/* exec rings for room. Where it reads the last records, nobody has to be quick. */
#define ROOM_NS  INT64_C(100000000)
#define ENDED_NS INT64_C(10000000)

struct role {
    struct ry_feed_handler handler;
    struct ry_role_link events;    /* written here */
    struct ry_role_link positions; /* read here */
    const struct ry_bell *exec;    /* who reads the events */
    const struct ry_ring_position *position;
    bool ended;      /* FEED_END is written */
    uint64_t rung;   /* slots that exec was rung for */
    uint64_t traced; /* the number of the next event that is traced; 0: none ever is */
    struct ry_input event[STEP_EVENTS];
};

static void log_line(void *context, enum ry_log_level level, const char *text)
{
    const struct ry_role_process *process = context;
    ry_role_log(process, level, "%s", text);
}

/* Before the role fails for the handler's reason. */
static void note_empty(struct ry_role_process *process, const struct role *role)
{
    if (role->handler.hours.empty)
        process->exit_code = RY_ROLE_EXIT_EMPTY;
}

static int open_handler(struct ry_role_process *process, struct role *role)
{
    const struct ry_log_sink log = {.line = log_line, .context = process};
    if (ry_feed_handler_open(&role->handler, process->battle, process->index, NULL, &log) != 0) {
        note_empty(process, role);
        return ry_role_fail(process, "%s", role->handler.error);
    }
    return 0;
}

static int feed_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (process->index >= process->battle->feeds)
        return ry_role_fail(process, "the battle has no feed %u", process->index);
    process->counters = role->handler.counters.value;
    process->counter_table = &ry_feed_counter_table;
    return ry_role_make(process, &role->events, "events") != 0 ? -1 : open_handler(process, role);
}

/* The number of the first event that is traced. */
static void begin_traces(struct ry_role_process *process, struct role *role)
{
    role->traced = process->battle->trace_every;
    if (role->traced != 0)
        role->handler.clock = ry_clock_machine_ns;
}

static int feed_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_join(process, &role->positions, "exec.positions") != 0)
        return -1;
    begin_traces(process, role);
    const struct ry_exec_positions *positions = role->positions.head;
    role->position = &positions->events[process->index];
    role->exec = &positions->feed[process->index];
    return 0;
}

/* The event that is traced is about to be given to exec. begin_ns: when its message was looked at.
 */
static void trace(struct ry_role_process *process, struct role *role, const struct ry_input *event,
                  int64_t begin_ns)
{
    const int64_t taken_ns = role->handler.taken_ns;
    if (event->head.kind == RY_IN_FEED_END) /* which goes no further than to exec */
        return;
    const struct ry_span span = {
        .hop = RY_HOP_FEED,
        .source = (uint16_t)(RY_SOURCE_FEED + process->index),
        .agent = RY_SPAN_NOBODY,
        .instrument = ry_span_instrument(&event->head),
        .source_seq = role->traced,
        .begin_ns = taken_ns != 0 ? taken_ns : begin_ns,
        .end_ns = ry_clock_machine_ns(),
    };
    ry_ring_write(process->spans, &span, 1);
    role->traced += process->battle->trace_every;
}

/* How many events to take at once: what the ring has room for. The event that is traced is taken
 * alone, so that its span begins when its message is looked at. */
static unsigned room_for(const struct ry_role_process *process, struct role *role, bool *traced)
{
    const uint64_t before = role->traced - role->handler.source_seq - 1;
    uint64_t room = ry_ring_room(&role->events.writer, role->position, STEP_EVENTS);
    *traced = role->traced != 0 && before == 0;
    if (process->battle->trace_every != 0 && room > before)
        room = *traced ? 1 : before;
    return (unsigned)room;
}

/* Up to STEP_EVENTS events; returns whether any message was taken, or RY_ROLE_FAILED. */
static int take_messages(struct ry_role_process *process, struct role *role)
{
    bool traced;
    unsigned made;
    if (role->ended)
        return 0;
    const unsigned room = room_for(process, role, &traced);
    if (room == 0) {
        role->handler.counters.waits++;
        return 0;
    }
    const int64_t begin_ns = traced ? ry_clock_machine_ns() : 0;
    const enum ry_feed_handler_result result =
        ry_feed_handler_take(&role->handler, role->event, room, &made);
    if (traced && made == 1)
        trace(process, role, &role->event[0], begin_ns);
    for (unsigned i = 0; i < made; i++)
        ry_ring_write(&role->events.writer, &role->event[i], 1);
    role->ended = made > 0 && role->event[made - 1].head.kind == RY_IN_FEED_END;
    if (result == RY_FEED_HANDLER_FAILED) {
        note_empty(process, role);
        (void)ry_role_fail(process, "feed %s: %s", process->battle->feed[process->index].name,
                           role->handler.error);
        return RY_ROLE_FAILED;
    }
    return made > 0 || result != RY_FEED_HANDLER_IDLE;
}

static void ring_for_exec(struct ry_role_process *process, struct role *role, bool more)
{
    struct ry_feed_events *head = role->events.own_head;
    const uint64_t written = ry_ring_written(&role->events.writer);
    if (written - role->rung < (more ? RING_SLOTS : 1))
        return;
    role->rung = written;
    ry_role_ring(process, &head->exec, role->exec);
}

/* What the next wait is for: room, the battle's end, or what comes from outside. */
static void wait_for(struct ry_role_process *process, struct role *role)
{
    struct ry_feed_events *head = role->events.own_head;
    const bool full = !ry_ring_has_room(&role->events.writer, role->position, 1);
    process->wait.patience_ns = full || role->ended ? 0 : RY_WAIT_PATIENCE_NS;
    if (role->ended)
        ry_wait_at(&process->wait, NULL, NULL, ENDED_NS);
    else if (full)
        ry_wait_at(&process->wait, &head->exec, role->exec, ROOM_NS);
    else
        ry_wait_at(&process->wait, NULL, NULL, RY_WAIT_NAP_NS);
}

static int feed_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    const int taken = take_messages(process, role);
    ring_for_exec(process, role, taken > 0 && !role->ended);
    if (taken == 0)
        wait_for(process, role);
    /* Done when exec has read all: until then the supervisor would see a feed that left its reader
     * alone. A2: pairs with R2 in shm/ring.h, stored by exec. */
    if (role->ended &&
        ry_load_acquire(&role->position->next) >= ry_ring_written(&role->events.writer))
        return RY_ROLE_DONE;
    return taken;
}

static void feed_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_feed_handler_close(&role->handler);
    const uint64_t *value = role->handler.counters.value;
    for (unsigned i = 0; i < RY_FEED_COUNTERS; i++)
        if (value[i] != 0)
            ry_role_log(process, RY_LOG_INFO, "%s %llu", ry_feed_counter_table.counter[i].name,
                        (unsigned long long)value[i]);
}

int main(int argc, char **argv)
{
    static const struct ry_role feed = {
        .bytes = sizeof(struct role),
        .open = feed_open,
        .join = feed_join,
        .step = feed_step,
        .close = feed_close,
    };
    return ry_role_main(&feed, argc, argv);
}
