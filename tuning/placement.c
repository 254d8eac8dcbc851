#include "tuning/placement.h"

#include <string.h>

#include "tuning/placement_parts.h"

/* ---- the board ------------------------------------------------------------------------------- */

static bool usable(const struct ry_tuning_cpu *cpu)
{
    return cpu->online && cpu->allowed;
}

/* The rows of one core, from `from` on; where the next core begins. Of its threads that may be used
 * the first that is isolated, or the first. */
static unsigned add_core(struct ry_tuning_board *board, unsigned from)
{
    const struct ry_tuning_machine *machine = board->machine;
    struct ry_tuning_board_core core = {.whole = true};
    unsigned i = from;
    for (; i < machine->cpus && machine->cpu[i].core == machine->cpu[from].core; i++) {
        const struct ry_tuning_cpu *cpu = &machine->cpu[i];
        core.first = core.first || cpu->cpu == 0;
        core.whole = core.whole && (!cpu->online || cpu->allowed);
        if (usable(cpu) && (core.cpu == NULL || (cpu->isolated && !core.cpu->isolated)))
            core.cpu = cpu;
    }
    if (core.cpu != NULL)
        board->core[board->cores++] = core;
    return i;
}

/* The core with that CPU, if the CPU may be used. */
static int core_with(const struct ry_tuning_board *board, int cpu)
{
    const struct ry_tuning_cpu *row = ry_tuning_machine_cpu(board->machine, (unsigned)cpu);
    for (unsigned i = 0; row != NULL && usable(row) && i < board->cores; i++)
        if (board->core[i].cpu->core == row->core)
            return (int)i;
    return RY_TUNING_NOWHERE;
}

static int keep_wanted(struct ry_tuning_board *board, unsigned *missing)
{
    for (unsigned i = 0; i < board->placement->count; i++) {
        const struct ry_tuning_placed *process = &board->placement->process[i];
        board->named[i] = RY_TUNING_NOWHERE;
        if (process->role == RY_TUNING_EXEC)
            board->exec = (int)i;
        if (process->wanted < 0)
            continue;
        board->named[i] = core_with(board, process->wanted);
        if (board->named[i] < 0) {
            *missing = i;
            return -2;
        }
        board->core[board->named[i]].users++;
    }
    return 0;
}

/* ---- is there room --------------------------------------------------------------------------- */

/* Of cores that nobody named: the first CPU's, then the slowest kind; one that is not isolated. */
static int core_that_keeps_house(const struct ry_tuning_board *board)
{
    int best = RY_TUNING_NOWHERE;
    for (unsigned i = 0; i < board->cores; i++) {
        const struct ry_tuning_board_core *core = &board->core[i];
        if (core->users > 0 || core->cpu->isolated)
            continue;
        if (core->first)
            return (int)i;
        if (best < 0 || core->cpu->kind > board->core[best].cpu->kind)
            best = (int)i;
    }
    return best;
}

/* Whether the supervisor, or another observer, named where the house is. */
static bool house_is_named(const struct ry_tuning_placement *placement)
{
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].role == RY_TUNING_OBSERVER && placement->process[i].wanted >= 0)
            return true;
    return false;
}

static bool has_room(struct ry_tuning_board *board)
{
    const struct ry_tuning_placement *placement = board->placement;
    unsigned needed = 0, spare = 0;
    bool named = house_is_named(placement);
    board->keep = named ? RY_TUNING_NOWHERE : core_that_keeps_house(board);
    for (unsigned i = 0; i < placement->count; i++)
        needed += ry_tuning_is_hot(placement->process[i].role) && placement->process[i].wanted < 0;
    for (unsigned i = 0; i < board->cores; i++)
        spare += board->core[i].users == 0 && (int)i != board->keep;
    return needed <= spare && (named || board->keep >= 0);
}

/* ---- the best way ---------------------------------------------------------------------------- */

static bool better(const struct ry_tuning_try *a, const struct ry_tuning_try *b)
{
    for (unsigned i = 0; i < RY_TUNING_SCORE_PARTS; i++)
        if (a->score[i] != b->score[i])
            return a->score[i] < b->score[i];
    return false;
}

static void place_rest(const struct ry_tuning_board *board, struct ry_tuning_placement *placement)
{
    struct ry_tuning_try best = {.at = {0}}, other;
    bool found = false;
    for (unsigned l3 = 0; l3 < board->machine->l3s; l3++) {
        if (!ry_tuning_try_l3(board, l3, &other) || (found && !better(&other, &best)))
            continue;
        best = other;
        found = true;
    }
    for (unsigned i = 0; found && i < placement->count; i++)
        if (placement->process[i].core < 0 && best.at[i] >= 0)
            placement->process[i].core = (int)board->core[best.at[i]].cpu->cpu;
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Processes of the plan that are bound to a thread of that core. */
static unsigned users_of(const struct ry_tuning_placement *placement,
                         const struct ry_tuning_cpus *threads)
{
    unsigned users = 0;
    for (unsigned i = 0; i < placement->count; i++)
        users += placement->process[i].core >= 0 &&
                 ry_tuning_cpus_has(threads, (unsigned)placement->process[i].core);
    return users;
}

static enum ry_tuning_wait wait_of(const struct ry_tuning_placed *process, bool alone)
{
    if (alone && process->role != RY_TUNING_OBSERVER)
        return RY_TUNING_SPIN;
    return process->role == RY_TUNING_FEED ? RY_TUNING_YIELD : RY_TUNING_PARK;
}

static void finish_process(struct ry_tuning_placement *placement,
                           const struct ry_tuning_machine *machine,
                           struct ry_tuning_placed *process)
{
    bool alone = false;
    if (process->core >= 0) {
        unsigned core = (unsigned)process->core;
        const struct ry_tuning_cpus threads = ry_tuning_machine_siblings(machine, core);
        alone = !placement->oversubscribed && users_of(placement, &threads) == 1;
        process->node = (int)ry_tuning_machine_cpu(machine, core)->node;
        process->enter = ry_tuning_cpus_has(&machine->partition, core);
        if (process->role != RY_TUNING_OBSERVER && !placement->oversubscribed) {
            ry_tuning_cpus_add(&placement->hot, core);
            ry_tuning_cpus_with(&placement->idle, &placement->idle, &threads);
        }
    }
    process->wait = wait_of(process, alone);
}

static void find_house(struct ry_tuning_placement *placement,
                       const struct ry_tuning_machine *machine)
{
    for (unsigned i = 0; i < machine->cpus; i++)
        if (usable(&machine->cpu[i]) && !machine->cpu[i].isolated &&
            !ry_tuning_cpus_has(&placement->hot, machine->cpu[i].cpu) &&
            !ry_tuning_cpus_has(&placement->idle, machine->cpu[i].cpu))
            ry_tuning_cpus_add(&placement->house, machine->cpu[i].cpu);
}

/* The scheduler balances nothing onto an isolated CPU: who is not bound to it never gets there. */
static void find_wasted(struct ry_tuning_placement *placement,
                        const struct ry_tuning_machine *machine)
{
    bool elsewhere = ry_tuning_cpus_count(&placement->house) > 0;
    for (unsigned i = 0; placement->oversubscribed && elsewhere && i < machine->cpus; i++)
        if (usable(&machine->cpu[i]) && machine->cpu[i].isolated)
            ry_tuning_cpus_add(&placement->wasted, machine->cpu[i].cpu);
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].core >= 0)
            ry_tuning_cpus_drop(&placement->wasted, (unsigned)placement->process[i].core);
}

/* Whose core it is, whoever named it, and what we have no say in. */
static void drop_from_idle(struct ry_tuning_placement *placement,
                           const struct ry_tuning_machine *machine)
{
    ry_tuning_cpus_without(&placement->idle, &placement->idle, &placement->hot);
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].core >= 0)
            ry_tuning_cpus_drop(&placement->idle, (unsigned)placement->process[i].core);
    for (unsigned i = 0; i < machine->cpus; i++)
        if (!usable(&machine->cpu[i]))
            ry_tuning_cpus_drop(&placement->idle, machine->cpu[i].cpu);
}

static void finish(struct ry_tuning_placement *placement, const struct ry_tuning_machine *machine)
{
    for (unsigned i = 0; i < placement->count; i++)
        finish_process(placement, machine, &placement->process[i]);
    drop_from_idle(placement, machine);
    find_house(placement, machine);
    find_wasted(placement, machine);
    ry_tuning_placement_explain(placement, machine);
}

static void begin(struct ry_tuning_placement *placement)
{
    const struct ry_tuning_cpus none = {.word = {0}};
    placement->cores = placement->nodes = 0;
    placement->notes = 0;
    placement->hot = placement->idle = placement->house = placement->wasted = none;
    for (unsigned i = 0; i < placement->count; i++) {
        struct ry_tuning_placed *process = &placement->process[i];
        process->core = process->wanted;
        process->node = RY_TUNING_PLACEMENT_NONE;
        process->enter = false;
        process->wait = wait_of(process, false);
        process->why[0] = 0;
    }
}

int ry_tuning_placement_plan(struct ry_tuning_placement *placement,
                             const struct ry_tuning_machine *machine, unsigned *missing)
{
    struct ry_tuning_board board = {
        .machine = machine, .placement = placement, .exec = RY_TUNING_NOWHERE};
    begin(placement);
    placement->oversubscribed = true;
    if (machine == NULL)
        return -1;
    for (unsigned i = 0; i < machine->cpus;)
        i = add_core(&board, i);
    placement->cores = board.cores;
    placement->nodes = machine->nodes;
    int result = keep_wanted(&board, missing);
    if (result != 0)
        return result;
    placement->oversubscribed = !has_room(&board);
    if (!placement->oversubscribed)
        place_rest(&board, placement);
    finish(placement, machine);
    return 0;
}
