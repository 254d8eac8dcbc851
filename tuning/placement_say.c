#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tuning/placement_parts.h"

void ry_tuning_placement_note(struct ry_tuning_placement *placement, const char *format, ...)
{
    va_list arguments;
    if (placement->notes == RY_TUNING_PLACEMENT_NOTES) {
        snprintf(placement->note[RY_TUNING_PLACEMENT_NOTES - 1], RY_TUNING_PLACEMENT_WHY,
                 "and more than %d notes", RY_TUNING_PLACEMENT_NOTES - 1);
        return;
    }
    va_start(arguments, format);
    vsnprintf(placement->note[placement->notes++], RY_TUNING_PLACEMENT_WHY, format, arguments);
    va_end(arguments);
}

static const struct ry_tuning_placed *exec_of(const struct ry_tuning_placement *placement)
{
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].role == RY_TUNING_EXEC)
            return &placement->process[i];
    return NULL;
}

static const struct ry_tuning_cpu *cpu_of(const struct ry_tuning_machine *machine,
                                          const struct ry_tuning_placed *process)
{
    return process == NULL || process->core < 0
               ? NULL
               : ry_tuning_machine_cpu(machine, (unsigned)process->core);
}

/* ---- reasons --------------------------------------------------------------------------------- */

struct saying {
    struct ry_tuning_placement *placement;
    const struct ry_tuning_machine *machine;
    const struct ry_tuning_cpu *exec; /* NULL: not bound */
};

static void add(struct ry_tuning_placed *process, const char *text)
{
    size_t used = strlen(process->why);
    snprintf(process->why + used, sizeof process->why - used, "%s%s", used > 0 ? ", " : "", text);
}

static const char *distance_words(enum ry_tuning_distance distance, bool l3_known)
{
    switch (distance) {
    case RY_TUNING_SAME_L3: return l3_known ? "in one L3 with exec" : "on exec's memory node";
    case RY_TUNING_SAME_NODE: return "on exec's memory node";
    case RY_TUNING_SAME_PACKAGE: return "on exec's socket";
    case RY_TUNING_OTHER_PACKAGE: return "on another socket than exec";
    case RY_TUNING_DISTANCES: break;
    }
    return "";
}

static void add_card(const struct saying *saying, struct ry_tuning_placed *process)
{
    int node = ry_tuning_card_node(saying->machine, process->card);
    if (process->role == RY_TUNING_FEED && node >= 0)
        add(process,
            node == process->node ? "on its card's memory node" : "not on its card's memory node");
}

/* Exec is where the first feed with a card is. */
static void add_feed(const struct saying *saying, struct ry_tuning_placed *exec)
{
    char text[2 * RY_NAME_BYTES];
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        if (process->role != RY_TUNING_FEED ||
            ry_tuning_card_node(saying->machine, process->card) != exec->node)
            continue;
        snprintf(text, sizeof text, "on the memory node of %s's card", process->name);
        add(exec, text);
        return;
    }
}

static void add_neighbours(const struct saying *saying, struct ry_tuning_placed *process)
{
    const struct ry_tuning_cpus threads =
        ry_tuning_machine_siblings(saying->machine, (unsigned)process->core);
    char text[2 * RY_NAME_BYTES];
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *other = &saying->placement->process[i];
        if (other == process || other->core < 0 ||
            !ry_tuning_cpus_has(&threads, (unsigned)other->core))
            continue;
        snprintf(text, sizeof text, "shares a core with %s", other->name);
        add(process, text);
        return;
    }
}

static void explain_bound(const struct saying *saying, struct ry_tuning_placed *process)
{
    const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
    if (process->wanted >= 0)
        add(process, "as asked for");
    else if (cpu->isolated)
        add(process, "isolated");
    if (process->role == RY_TUNING_EXEC)
        add_feed(saying, process);
    else if (process->role != RY_TUNING_OBSERVER && saying->exec != NULL)
        add(process,
            distance_words(ry_tuning_distance(cpu, saying->exec), saying->machine->l3_known));
    add_card(saying, process);
    if (saying->machine->kinds > 1)
        add(process, cpu->kind == 0 ? "a fast core" : "a slower core");
    add_neighbours(saying, process);
    if (process->why[0] == 0)
        add(process, "a core of its own");
}

static void explain_unbound(const struct saying *saying, struct ry_tuning_placed *process)
{
    bool house = ry_tuning_cpus_count(&saying->placement->house) > 0;
    if (saying->placement->oversubscribed)
        add(process, "more processes than cores");
    else if (process->role == RY_TUNING_OBSERVER)
        add(process, house ? "keeps house" : "no core is left to keep house");
    else
        add(process, "no core is left for it, it is among those that keep house");
}

/* ---- notes ----------------------------------------------------------------------------------- */

static void note_oversubscribed(const struct saying *saying)
{
    unsigned hot = 0;
    for (unsigned i = 0; i < saying->placement->count; i++)
        hot += ry_tuning_is_hot(saying->placement->process[i].role);
    if (saying->placement->oversubscribed)
        ry_tuning_placement_note(
            saying->placement,
            "%u processes want a core each and one core keeps house; %u can be used", hot,
            saying->placement->cores);
}

static unsigned cores_of(const struct ry_tuning_machine *machine, const struct ry_tuning_cpus *cpus)
{
    unsigned cores = 0, last = 0;
    for (unsigned i = 0; i < machine->cpus; i++) {
        if (!ry_tuning_cpus_has(cpus, machine->cpu[i].cpu))
            continue;
        cores += cores == 0 || machine->cpu[i].core != last;
        last = machine->cpu[i].core;
    }
    return cores;
}

/* Too few cores is bad enough; isolated ones make it a battle of fewer than the machine has. */
static void note_wasted(const struct saying *saying)
{
    const struct ry_tuning_placement *placement = saying->placement;
    char list[RY_TUNING_CPUS_TEXT_BYTES];
    unsigned unbound = 0;
    if (ry_tuning_cpus_count(&placement->wasted) == 0)
        return;
    for (unsigned i = 0; i < placement->count; i++)
        unbound += placement->process[i].core < 0;
    ry_tuning_placement_note(
        saying->placement,
        "isolated CPUs %.24s are wasted: Linux puts nobody there who is not bound; run fewer "
        "agents, name cores, or undo the isolation",
        ry_tuning_cpus_list(&placement->wasted, list));
    unsigned cores = cores_of(saying->machine, &placement->house);
    ry_tuning_placement_note(
        saying->placement, "all %u that are not bound share %u core%s: CPU%s %.24s", unbound, cores,
        cores == 1 ? "" : "s", ry_tuning_cpus_count(&placement->house) == 1 ? "" : "s",
        ry_tuning_cpus_list(&placement->house, list));
}

static void note_feed(const struct saying *saying, const struct ry_tuning_placed *feed)
{
    const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, feed);
    int node = ry_tuning_card_node(saying->machine, feed->card);
    if (cpu == NULL)
        return;
    if (node >= 0 && node != feed->node)
        ry_tuning_placement_note(saying->placement,
                                 "%s is on memory node %d, its card %s on memory node %d",
                                 feed->name, feed->node, feed->card, node);
    if (saying->exec != NULL && ry_tuning_distance(cpu, saying->exec) != RY_TUNING_SAME_L3)
        ry_tuning_placement_note(saying->placement, "%s is not in one L3 with exec", feed->name);
}

/* Fair, but slow: there is too little room beside exec. */
static void note_far_agents(const struct saying *saying)
{
    unsigned agents = 0, far = 0;
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
        if (process->role != RY_TUNING_AGENT || cpu == NULL || saying->exec == NULL)
            continue;
        agents++;
        far += ry_tuning_distance(cpu, saying->exec) == RY_TUNING_OTHER_PACKAGE;
    }
    if (agents > 0 && far == agents)
        ry_tuning_placement_note(saying->placement,
                                 "all agents are on another socket than exec, alike: the cores "
                                 "beside exec do not hold them all");
}

/* What the agents are not alike in; who differs from the first is named, as far as there is room.
 */
static void note_agents(const struct saying *saying, const char *what,
                        unsigned (*which)(const struct ry_tuning_cpu *cpu,
                                          const struct ry_tuning_cpu *exec),
                        const char *(*words)(unsigned value))
{
    char names[RY_TUNING_PLACEMENT_WHY / 2] = "";
    const char *difference = "";
    bool any = false;
    unsigned usual = 0;
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
        if (process->role != RY_TUNING_AGENT || cpu == NULL)
            continue;
        unsigned value = which(cpu, saying->exec);
        if (!any || value == usual) {
            usual = value;
            any = true;
            continue;
        }
        size_t used = strlen(names);
        difference = words(value);
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", process->name);
    }
    if (names[0] != 0)
        ry_tuning_placement_note(saying->placement, "agents are not %s: %s %s", what, names,
                                 difference);
}

static unsigned distance_from(const struct ry_tuning_cpu *cpu, const struct ry_tuning_cpu *exec)
{
    return exec == NULL ? 0 : (unsigned)ry_tuning_distance(cpu, exec);
}

static const char *distance_of(unsigned value)
{
    return distance_words((enum ry_tuning_distance)value, true);
}

static unsigned kind_of(const struct ry_tuning_cpu *cpu, const struct ry_tuning_cpu *exec)
{
    (void)exec;
    return cpu->kind;
}

static const char *kind_words(unsigned value)
{
    return value == 0 ? "on a faster one" : "on a slower one";
}

static unsigned isolation_of(const struct ry_tuning_cpu *cpu, const struct ry_tuning_cpu *exec)
{
    (void)exec;
    return cpu->isolated;
}

static const char *isolation_words(unsigned value)
{
    return value != 0 ? "on isolated ones" : "not on isolated ones";
}

/* Isolated CPUs that nobody of the plan is on, while somebody hot is on one that is not. */
static void note_isolation(const struct saying *saying)
{
    char names[RY_TUNING_PLACEMENT_WHY / 2] = "";
    unsigned isolated = 0;
    for (unsigned i = 0; i < saying->machine->cpus; i++)
        isolated += saying->machine->cpu[i].isolated && saying->machine->cpu[i].allowed;
    for (unsigned i = 0; isolated > 0 && i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
        size_t used = strlen(names);
        if (cpu != NULL && !cpu->isolated && ry_tuning_is_hot(process->role))
            snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                     process->name);
    }
    if (names[0] != 0)
        ry_tuning_placement_note(saying->placement, "not on an isolated CPU: %s", names);
}

/* A thread beside a hot one that others may use and we may not. */
static void note_foreign(const struct saying *saying)
{
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
        for (unsigned k = 0; cpu != NULL && k < saying->machine->cpus; k++) {
            const struct ry_tuning_cpu *other = &saying->machine->cpu[k];
            if (other->core != cpu->core || !other->online || other->allowed ||
                !ry_tuning_is_hot(process->role))
                continue;
            ry_tuning_placement_note(saying->placement,
                                     "%s shares its core with CPU %u, which others may use",
                                     process->name, other->cpu);
        }
    }
}

/* A thread beside a hot one where whoever is not bound runs: there were too few cores. */
static void note_house(const struct saying *saying)
{
    for (unsigned i = 0; i < saying->placement->count; i++) {
        const struct ry_tuning_placed *process = &saying->placement->process[i];
        const struct ry_tuning_cpu *cpu = cpu_of(saying->machine, process);
        for (unsigned k = 0; cpu != NULL && k < saying->machine->cpus; k++) {
            const struct ry_tuning_cpu *other = &saying->machine->cpu[k];
            if (other == cpu || other->core != cpu->core || !ry_tuning_is_hot(process->role) ||
                !ry_tuning_cpus_has(&saying->placement->house, other->cpu))
                continue;
            ry_tuning_placement_note(saying->placement,
                                     "%s shares its core with CPU %u, which keeps house",
                                     process->name, other->cpu);
        }
    }
}

static void note_machine(const struct saying *saying)
{
    char list[RY_TUNING_CPUS_TEXT_BYTES];
    if (ry_tuning_cpus_count(&saying->machine->shut) > 0)
        ry_tuning_placement_note(saying->placement,
                                 "CPUs %.24s are in the partition " RY_TUNING_PARTITION
                                 ", which this user cannot enter: start royale as root",
                                 ry_tuning_cpus_list(&saying->machine->shut, list));
    const struct ry_tuning_cpu *exec = saying->exec;
    if (exec != NULL && exec->kind > 0)
        ry_tuning_placement_note(saying->placement, "exec is on a slower kind of core");
}

void ry_tuning_placement_explain(struct ry_tuning_placement *placement,
                                 const struct ry_tuning_machine *machine)
{
    const struct saying saying = {placement, machine, cpu_of(machine, exec_of(placement))};
    for (unsigned i = 0; i < placement->count; i++) {
        struct ry_tuning_placed *process = &placement->process[i];
        if (process->core >= 0)
            explain_bound(&saying, process);
        else
            explain_unbound(&saying, process);
    }
    note_oversubscribed(&saying);
    note_wasted(&saying);
    note_machine(&saying);
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].role == RY_TUNING_FEED)
            note_feed(&saying, &placement->process[i]);
    note_far_agents(&saying);
    note_agents(&saying, "at the same distance from exec", distance_from, distance_of);
    note_agents(&saying, "on the same kind of core", kind_of, kind_words);
    note_agents(&saying, "all on isolated CPUs", isolation_of, isolation_words);
    note_isolation(&saying);
    note_foreign(&saying);
    note_house(&saying);
}

/* ---- text ------------------------------------------------------------------------------------ */

const char *ry_tuning_wait_word(enum ry_tuning_wait wait)
{
    switch (wait) {
    case RY_TUNING_PARK: return "park";
    case RY_TUNING_YIELD: return "yield";
    case RY_TUNING_SPIN: return "spin";
    }
    return "";
}

static void print_place(FILE *file, const struct ry_tuning_placement *placement,
                        const struct ry_tuning_placed *process)
{
    char list[RY_TUNING_CPUS_TEXT_BYTES];
    if (process->core >= 0)
        fprintf(file, "core %d", process->core);
    else if (ry_tuning_cpus_count(&placement->house) > 0 &&
             (!placement->oversubscribed || ry_tuning_cpus_count(&placement->wasted) > 0))
        fprintf(file, "core%s %s", ry_tuning_cpus_count(&placement->house) == 1 ? "" : "s",
                ry_tuning_cpus_list(&placement->house, list));
    else
        fputs("any core", file);
    if (process->node >= 0 && placement->nodes > 1)
        fprintf(file, ", node %d", process->node);
}

void ry_tuning_placement_print(FILE *file, const struct ry_tuning_placement *placement)
{
    char list[RY_TUNING_CPUS_TEXT_BYTES];
    fprintf(file, "placement: %u core%s, %u memory node%s%s\n", placement->cores,
            placement->cores == 1 ? "" : "s", placement->nodes, placement->nodes == 1 ? "" : "s",
            placement->oversubscribed ? ", oversubscribed" : "");
    for (unsigned i = 0; i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        fprintf(file, "  %-12s ", process->name);
        print_place(file, placement, process);
        fprintf(file, ", %s: %s\n", ry_tuning_wait_word(process->wait), process->why);
    }
    if (ry_tuning_cpus_count(&placement->idle) > 0)
        fprintf(file, "  %-12s CPUs %s: beside a process on its core, left alone\n", "idle",
                ry_tuning_cpus_list(&placement->idle, list));
    for (unsigned i = 0; i < placement->notes; i++)
        fprintf(file, "  note: %s\n", placement->note[i]);
}
