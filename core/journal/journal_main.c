/*
 * royale-journal: the role around core/journal/writer.h. Reads exec.inputs, writes DIR/inputs.ryj,
 * makes the region journal.positions.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/journal/trace.h"
#include "core/journal/writer.h"
#include "core/role/isolated.h"
#include "core/role/role.h"
#include "shm/clock.h"
#include "shm/records/links.h"

#define STEP_INPUTS 1024                  /* at most, before a look at completions */
#define RING_SLOTS  (RY_INPUTS_SLOTS / 4) /* read, when more is there: exec may wait for room */
/* Blocks in flight and a block that is due are looked at so often; exec rings when much waits. */
#define SLEEP_NS INT64_C(2000000)

struct role {
    struct ry_journal_writer writer;
    struct ry_journal_trace trace;
    struct ry_role_link positions; /* written here */
    struct ry_role_link inputs;    /* read here */
    struct ry_role_link exec;      /* exec.positions: its bell */
    bool opened;
    uint64_t rung; /* slots read that exec was rung for */
};

static int journal_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    return ry_role_make(process, &role->positions, "positions");
}

static int journal_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_join(process, &role->inputs, "exec.inputs") != 0 ||
        ry_role_join(process, &role->exec, "exec.positions") != 0)
        return -1;
    struct ry_battle_id id;
    if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
        return ry_role_fail(process, "no random number for the battle's id: %s", strerror(errno));
    /* Here, not in open: the header of each block names the epoch of the ring. */
    const struct ry_journal_options options = {
        .battle_id = id,
        .name = process->battle->name,
        .seed = process->battle->seed,
        .isolated = ry_role_isolated(process),
        .epoch = ry_region_epoch(&role->inputs.region),
        .block_bytes = process->battle->journal_block_bytes,
        .uring = true,
        .now_ns = ry_clock_ns(),
    };
    role->trace.spans = process->spans;
    role->trace.every = process->battle->trace_every;
    role->trace.clock = ry_clock_machine_ns;
    if (ry_journal_writer_open(&role->writer, process->directory, &options) != 0)
        return ry_role_fail(process, "%s", role->writer.error);
    role->opened = true;
    struct ry_journal_positions *own = role->positions.own_head;
    const struct ry_exec_positions *exec = role->exec.head;
    ry_wait_at(&process->wait, &own->exec, &exec->journal, SLEEP_NS);
    if (role->writer.refused[0] != 0)
        ry_role_log(process, RY_LOG_WARN, "journal: %s", role->writer.refused);
    process->counters = role->writer.counters.value;
    process->counter_table = &ry_journal_counter_table;
    return 0;
}

/* Moves records from the ring into blocks; returns how many, -1 after ry_role_fail. */
static int take_in(struct ry_role_process *process, int64_t now_ns)
{
    struct role *role = process->role;
    int taken = 0;
    while (taken < STEP_INPUTS) {
        void *room = ry_journal_writer_room(&role->writer);
        if (room == NULL)
            break;
        uint64_t slot = ry_ring_next(&role->inputs.reader);
        int slots = ry_ring_read(&role->inputs.reader, room);
        if (slots == RY_RING_EMPTY)
            break;
        if (slots == RY_RING_OVERRUN)
            return ry_role_fail(process,
                                "exec wrote over inputs that were not read, after input %llu",
                                (unsigned long long)role->writer.inputs);
        if (role->trace.spans != NULL)
            ry_journal_trace_took(&role->trace, room, role->writer.inputs + 1);
        if (ry_journal_writer_took(&role->writer, (unsigned)slots, slot, now_ns) != 0)
            return ry_role_fail(process, "%s", role->writer.error);
        taken++;
    }
    return taken;
}

static void publish_positions(struct role *role)
{
    struct ry_journal_positions *positions = role->positions.own_head;
    ry_ring_position_store(&positions->inputs, ry_ring_next(&role->inputs.reader));
    /* R30: pairs with A30 in core/follow/follow.c */
    ry_store_release(&positions->inputs_written, role->writer.written);
    /* A figure by itself: nobody reads memory on its word. */
    ry_store_relaxed(&positions->inputs_durable, role->writer.durable);
    if (role->trace.spans != NULL) {
        ry_journal_trace_look(&role->trace, role->writer.written, role->writer.durable);
        role->writer.counters.traces_cut = role->trace.lost;
    }
}

/* exec may wait for room, or for the last input to be read. */
static void ring_for_exec(struct ry_role_process *process, bool more)
{
    struct role *role = process->role;
    struct ry_journal_positions *own = role->positions.own_head;
    const struct ry_exec_positions *exec = role->exec.head;
    const uint64_t read = ry_ring_next(&role->inputs.reader);
    if (read - role->rung < (more ? RING_SLOTS : 1))
        return;
    role->rung = read;
    ry_role_ring(process, &own->exec, &exec->journal);
}

static int journal_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    int64_t now_ns = ry_clock_ns();
    int taken = take_in(process, now_ns);
    if (taken < 0)
        return RY_ROLE_FAILED;
    int work = ry_journal_writer_poll(&role->writer, now_ns);
    if (work < 0) {
        ry_role_fail(process, "%s", role->writer.error);
        return RY_ROLE_FAILED;
    }
    publish_positions(role);
    ring_for_exec(process, taken == STEP_INPUTS);
    return ry_journal_writer_finished(&role->writer) ? RY_ROLE_DONE : taken + work;
}

/* Stopped before the END: what exec has sequenced so far is kept, whole and durable. */
static void save_rest(struct ry_role_process *process)
{
    struct role *role = process->role;
    int taken;
    do {
        taken = take_in(process, ry_clock_ns());
        if (taken < 0 || ry_journal_writer_flush(&role->writer, ry_clock_ns()) != 0) {
            ry_role_log(process, RY_LOG_ERROR, "journal: %s", role->writer.error);
            return;
        }
        publish_positions(role);
    } while (taken > 0);
    ry_role_log(process, RY_LOG_WARN, "journal: stopped before the end; cut after input %llu",
                (unsigned long long)role->writer.durable);
}

static void journal_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (role->opened && !ry_journal_writer_finished(&role->writer) && role->writer.error[0] == 0)
        save_rest(process);
    if (role->opened)
        ry_journal_writer_close(&role->writer);
}

int main(int argc, char **argv)
{
    static const struct ry_role journal_role = {
        .bytes = sizeof(struct role),
        .open = journal_open,
        .join = journal_join,
        .step = journal_step,
        .close = journal_close,
    };
    return ry_role_main(&journal_role, argc, argv);
}
