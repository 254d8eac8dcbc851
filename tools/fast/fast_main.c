/*
 * royale-fast: the role around tools/one/battle.h, in the place of exec where a battle is one
 * process (run: {processes: one}). Makes exec.inputs and journal.positions for those who follow
 * the battle, and exec.parts, and maps the supervisor's control.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/role/isolated.h"
#include "core/role/role.h"
#include "core/supervisor/cause.h"
#include "tools/fast/guard.h"
#include "tools/fast/prints.h"
#include "tools/one/battle.h"

struct role {
    struct ry_one one;
    struct ry_role_link inputs, positions, parts; /* written here */
    struct ry_role_link control;                  /* read here */
    bool opened, over;
};

/* For who is called at the end of the process; there is one. */
static struct ry_role_process *running;

/* The leak checker stops threads by ptrace, which a battle with agents forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static int fast_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_make(process, &role->inputs, "inputs") != 0 ||
        ry_role_make(process, &role->parts, "parts") != 0)
        return -1;
    return ry_role_make_named(process, &role->positions, "journal.positions");
}

/* ---- what strategies may do ------------------------------------------------------------------ */

static enum ry_one_left guarded(void (*call)(void *context), void *context)
{
    const enum ry_one_left left = ry_fast_guard_run(call, context);
    ry_fast_prints_take();
    ry_fast_prints_of(NULL);
    return left;
}

static void enter(struct ry_role_words *words, const uint64_t *callbacks, struct ry_one_log *log)
{
    ry_fast_guard_whose(words, callbacks);
    ry_fast_prints_of(log);
}

static void leave(void)
{
    ry_fast_prints_take();
}

static const struct ry_one_house house = {
    .run = guarded,
    .enter = enter,
    .leave = leave,
    .limit = ry_fast_guard_limit,
    .code = ry_fast_guard_code,
};

/* ---- the role -------------------------------------------------------------------------------- */

/* What the battle is opened with. */
static int options_of(struct ry_role_process *process, struct ry_one_options *options)
{
    struct role *role = process->role;
    const size_t bytes = ry_ring_footprint(RY_INPUTS_SLOTS);
    *options = (struct ry_one_options){
        .battle = process->battle,
        .directory = process->directory,
        .log = process->log,
        .control = role->control.reader,
        .inputs = role->inputs.writer,
        .epoch = ry_region_epoch(&role->inputs.region),
        .isolated = ry_role_isolated(process),
        .journal = role->positions.own_head,
        .parts = role->parts.own_head,
        .spans = process->spans,
        .house = &house,
    };
    if (ry_ring_join(&options->inputs_read, ry_region_body(&role->inputs.region), bytes) != 0)
        return ry_role_fail(process, "its own inputs cannot be read");
    return 0;
}

/* Of an open or an end that is somebody's fault. */
static int blame(struct ry_role_process *process)
{
    const struct role *role = process->role;
    if (role->one.culprit == RY_ONE_CULPRIT_AGENT)
        process->exit_code = RY_ROLE_EXIT_AGENT;
    if (role->one.culprit == RY_ONE_CULPRIT_EMPTY)
        process->exit_code = RY_ROLE_EXIT_EMPTY;
    return ry_role_fail(process, "%s", role->one.error);
}

/* A strategy that calls exit() ends everything: what is sequenced is kept, and the line says who it
 * was. */
static void on_end_of_process(int code, void *context)
{
    (void)context;
    if (running == NULL || !ry_fast_guard_inside())
        return;
    struct role *role = running->role;
    for (unsigned i = 0; i < running->battle->agents; i++) {
        struct ry_role_testimony noted;
        char where[RY_SUPERVISOR_CAUSE_WHERE_BYTES];
        ry_role_words_read(&role->one.agent[i].words, &noted);
        if (noted.callback == RY_ROLE_CALLBACK_NONE || role->one.agent[i].end != 0)
            continue;
        ry_supervisor_cause_where(running->battle, &noted, where);
        (void)ry_role_fail(running,
                           "agent%u (%s) called exit(%d) %s: that ends a battle of one process", i,
                           running->battle->agent[i].name, code, where);
    }
    (void)ry_one_save(&role->one);
    _exit(EXIT_FAILURE);
}

static int fast_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_one_options options;
    if (ry_role_join(process, &role->control, "supervisor.control") != 0 ||
        options_of(process, &options) != 0)
        return -1;
    running = process;
    if (on_exit(on_end_of_process, NULL) != 0 || ry_fast_guard_open() != 0 ||
        ry_fast_prints_open() != 0)
        return ry_role_fail(process, "cannot handle what strategies do: %s", strerror(errno));
    process->counters = role->one.exec.counters.value;
    process->counter_table = &ry_exec_counter_table;
    role->opened = true;
    return ry_one_open(&role->one, &options) == 0 ? 0 : blame(process);
}

static int fast_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    switch (ry_one_step(&role->one)) {
    case RY_ONE_IDLE: return 0;
    case RY_ONE_WORKED: return 1;
    case RY_ONE_CALLED: assert(false); return 1; /* none of the agents is this program's own */
    case RY_ONE_DONE: break;
    case RY_ONE_FAILED:
        role->over = true;
        (void)blame(process);
        return RY_ROLE_FAILED;
    case RY_ONE_BROKEN: (void)blame(process); return RY_ROLE_FAILED;
    }
    role->over = true;
    ry_role_log(process, RY_LOG_INFO,
                "exec: the battle has ended after %llu inputs, state hash %016llx",
                (unsigned long long)role->one.exec.counters.machine.inputs,
                (unsigned long long)role->one.exec.counters.state_hash);
    return RY_ROLE_DONE;
}

static void fast_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_fast_guard_close();
    ry_fast_prints_close();
    running = NULL;
    if (!role->opened)
        return;
    if (!role->over && ry_one_save(&role->one) == 0 && role->one.journal.opened)
        ry_role_log(process, RY_LOG_WARN, "journal: stopped before the end; cut after input %llu",
                    (unsigned long long)role->one.journal.writer.durable);
    ry_one_close(&role->one);
}

int main(int argc, char **argv)
{
    static const struct ry_role fast_role = {
        .bytes = sizeof(struct role),
        .open = fast_open,
        .join = fast_join,
        .step = fast_step,
        .close = fast_close,
    };
    return ry_role_main(&fast_role, argc, argv);
}
