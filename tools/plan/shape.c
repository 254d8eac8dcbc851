#include "tools/plan/shape.h"

#include <stdarg.h>
#include <string.h>

bool ry_plan_group_next(const struct ry_tuning_machine *machine, struct ry_plan_group *group)
{
    unsigned first = group->first + group->cpus;
    *group = (struct ry_plan_group){.cpus = 0};
    if (first >= machine->cpus)
        return false;
    const struct ry_tuning_cpu *of = &machine->cpu[first];
    *group = (struct ry_plan_group){
        .package = of->package, .node = of->node, .l3 = of->l3, .kind = of->kind, .first = first};
    unsigned threads = 0;
    for (unsigned row = first; row < machine->cpus; row++) {
        const struct ry_tuning_cpu *cpu = &machine->cpu[row];
        if (cpu->package != of->package || cpu->node != of->node || cpu->l3 != of->l3 ||
            cpu->kind != of->kind)
            break;
        bool new_core = row == first || cpu->core != cpu[-1].core;
        group->cores += new_core;
        threads = new_core ? 1 : threads + 1;
        group->threads = threads > group->threads ? threads : group->threads;
        group->cpus++;
    }
    return true;
}

/* ---- what is on a thread --------------------------------------------------------------------- */

/* The first process that is bound to a CPU, and how many are. */
static const struct ry_tuning_placed *process_on(const struct ry_tuning_placement *placement,
                                                 unsigned cpu, unsigned *count)
{
    const struct ry_tuning_placed *first = NULL;
    *count = 0;
    for (unsigned i = 0; placement != NULL && i < placement->count; i++)
        if (placement->process[i].core == (int)cpu && (*count)++ == 0)
            first = &placement->process[i];
    return first;
}

static enum ry_plan_on nobody_on(const struct ry_plan_picture *picture, unsigned row)
{
    const struct ry_tuning_cpu *cpu = &picture->machine->cpu[row];
    if (!cpu->online)
        return RY_PLAN_ON_OFFLINE;
    if (!cpu->allowed)
        return RY_PLAN_ON_BARRED;
    if (picture->placement == NULL)
        return RY_PLAN_ON_FREE;
    const struct ry_tuning_placement *placement = picture->placement;
    if (ry_tuning_cpus_has(&placement->idle, cpu->cpu))
        return RY_PLAN_ON_IDLE;
    if (ry_tuning_cpus_has(&placement->wasted, cpu->cpu))
        return RY_PLAN_ON_WASTED;
    bool anywhere = ry_tuning_cpus_next(&placement->house, 0) < 0 && !cpu->isolated;
    bool house = anywhere || ry_tuning_cpus_has(&placement->house, cpu->cpu);
    return house ? RY_PLAN_ON_HOUSE : RY_PLAN_ON_FREE;
}

static const char *word_of(enum ry_plan_on on)
{
    switch (on) {
    case RY_PLAN_ON_HOUSE: return "house";
    case RY_PLAN_ON_WASTED: return "wasted";
    case RY_PLAN_ON_IDLE: return "idle";
    case RY_PLAN_ON_BARRED: return "barred";
    case RY_PLAN_ON_OFFLINE: return "offline";
    case RY_PLAN_ON_FREE:
    case RY_PLAN_ON_PROCESS: break;
    }
    return "free";
}

void ry_plan_thread_of(const struct ry_plan_picture *picture, unsigned row,
                       struct ry_plan_thread *thread)
{
    unsigned count;
    const struct ry_tuning_placed *process =
        process_on(picture->placement, picture->machine->cpu[row].cpu, &count);
    *thread = (struct ry_plan_thread){.process = process};
    thread->on = process != NULL ? RY_PLAN_ON_PROCESS : nobody_on(picture, row);
    if (count > 1)
        snprintf(thread->word, sizeof thread->word, "%s+%u", process->name, count - 1);
    else
        snprintf(thread->word, sizeof thread->word, "%s",
                 process != NULL ? process->name : word_of(thread->on));
    if (picture->placement == NULL && thread->on == RY_PLAN_ON_FREE)
        thread->word[0] = '\0';
}

/* ---- words ----------------------------------------------------------------------------------- */

const char *ry_plan_size(char text[RY_PLAN_SIZE_BYTES], size_t bytes)
{
    size_t mib = bytes >> 20, tenths = (mib * 10 + 512) / 1024;
    if (mib < 1024)
        snprintf(text, RY_PLAN_SIZE_BYTES, "%zu MiB", mib);
    else if (tenths < 100)
        snprintf(text, RY_PLAN_SIZE_BYTES, "%zu.%zu GiB", tenths / 10, tenths % 10);
    else
        snprintf(text, RY_PLAN_SIZE_BYTES, "%zu GiB", (mib + 512) / 1024);
    return text;
}

static unsigned threads_most(const struct ry_tuning_machine *machine)
{
    unsigned most = 1;
    for (unsigned i = 0; i < machine->cpus; i++)
        most = machine->cpu[i].thread + 1 > most ? machine->cpu[i].thread + 1 : most;
    return most;
}

__attribute__((format(printf, 2, 3))) static void add(char title[RY_PLAN_TITLE_BYTES],
                                                      const char *format, ...)
{
    size_t length = strlen(title);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(title + length, RY_PLAN_TITLE_BYTES - length, format, arguments);
    va_end(arguments);
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

int ry_plan_label(char label[RY_PLAN_LABEL_BYTES], const struct ry_tuning_machine *machine,
                  const struct ry_plan_group *first, const struct ry_plan_group *last)
{
    label[0] = '\0';
    if (!machine->l3_known)
        snprintf(label, RY_PLAN_LABEL_BYTES, "cores");
    else if (last->l3 == first->l3)
        snprintf(label, RY_PLAN_LABEL_BYTES, "L3 %u", first->l3);
    else
        snprintf(label, RY_PLAN_LABEL_BYTES, "L3 %u-%u", first->l3, last->l3);
    size_t length = strlen(label);
    if (machine->kinds == 2)
        snprintf(label + length, RY_PLAN_LABEL_BYTES - length, "%s",
                 first->kind == 0 ? ", fast" : ", slower");
    else if (machine->kinds > 2)
        snprintf(label + length, RY_PLAN_LABEL_BYTES - length, ", kind %u", first->kind);
    return (int)strlen(label);
}

void ry_plan_node_title(char title[RY_PLAN_TITLE_BYTES], const struct ry_tuning_machine *machine,
                        unsigned node)
{
    char size[RY_PLAN_SIZE_BYTES];
    title[0] = '\0';
    add(title, "node %u", node);
    if (node < RY_TUNING_NODES_MAX && machine->node_bytes[node] > 0)
        add(title, ", %s", ry_plan_size(size, machine->node_bytes[node]));
    for (unsigned i = 0; i < machine->cards; i++) {
        const struct ry_tuning_card *card = &machine->card[i];
        const char *name = card->interface[0] != '\0' ? card->interface : card->pci;
        if (card->node == (int)node)
            add(title, ", network card%s%s", name[0] != '\0' ? " " : "", name);
    }
}

void ry_plan_summary(char summary[RY_PLAN_TITLE_BYTES], const struct ry_tuning_machine *machine)
{
    const struct ry_tuning_machine *m = machine;
    unsigned threads = threads_most(m);
    bool uneven = threads * m->cores != m->cpus;
    char size[RY_PLAN_SIZE_BYTES];
    summary[0] = '\0';
    add(summary, "%u socket%s, %u memory node%s", m->packages, plural(m->packages), m->nodes,
        plural(m->nodes));
    if (m->l3_known)
        add(summary, ", %u last-level cache%s", m->l3s, plural(m->l3s));
    if (m->l3_known && m->l3_bytes > 0)
        add(summary, " of %s", ry_plan_size(size, m->l3_bytes));
    add(summary, ", %u core%s", m->cores, plural(m->cores));
    if (threads > 1)
        add(summary, " of %s%u threads", uneven ? "up to " : "", threads);
    if (m->kinds > 1)
        add(summary, ", of %u kinds", m->kinds);
}
