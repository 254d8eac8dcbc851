#include "tools/proof/picture.h"

#include <stdlib.h>
#include <string.h>

#include "tools/plan/draw.h"
#include "tools/proof/reading.h"

/* A number of a file that anybody may have written: one that a machine can have. */
static unsigned number_of(const json_t *object, const char *key, unsigned below)
{
    const int64_t number = ry_proof_whole(object, key);
    return number >= 0 && number < (int64_t)below ? (unsigned)number : 0;
}

static struct ry_tuning_cpu cpu_of(const json_t *row)
{
    return (struct ry_tuning_cpu){
        .cpu = number_of(row, "cpu", RY_TUNING_CPUS_MAX),
        .core = number_of(row, "core", RY_TUNING_CPUS_MAX),
        .thread = number_of(row, "thread", RY_TUNING_CPUS_MAX),
        .l3 = number_of(row, "l3", RY_TUNING_CPUS_MAX),
        .node = number_of(row, "node", RY_TUNING_NODES_MAX),
        .package = number_of(row, "package", RY_TUNING_CPUS_MAX),
        .kind = number_of(row, "kind", RY_TUNING_CPUS_MAX),
        .online = json_is_true(json_object_get(row, "online")),
        .allowed = json_is_true(json_object_get(row, "allowed")),
        .isolated = json_is_true(json_object_get(row, "isolated")),
    };
}

static struct ry_tuning_card card_of(const json_t *row)
{
    struct ry_tuning_card card = {.node = -1};
    snprintf(card.pci, sizeof card.pci, "%s", ry_proof_string(row, "pci"));
    snprintf(card.interface, sizeof card.interface, "%s", ry_proof_string(row, "interface"));
    if (json_is_integer(json_object_get(row, "node")))
        card.node = (int)number_of(row, "node", RY_TUNING_NODES_MAX);
    return card;
}

static void read_machine(struct ry_tuning_machine *machine, const json_t *from)
{
    size_t i;
    const json_t *each;
    snprintf(machine->name, sizeof machine->name, "%s", ry_proof_string(from, "name"));
    machine->guest = json_is_true(json_object_get(from, "guest"));
    machine->packages = number_of(from, "packages", RY_TUNING_CPUS_MAX);
    machine->l3s = number_of(from, "l3s", RY_TUNING_CPUS_MAX);
    machine->l3_known = json_is_true(json_object_get(from, "l3_known"));
    machine->cores = number_of(from, "cores", RY_TUNING_CPUS_MAX);
    machine->kinds = number_of(from, "kinds", RY_TUNING_CPUS_MAX);
    json_array_foreach(ry_proof_list(from, "nodes"), i, each)
    {
        const unsigned node = number_of(each, "node", RY_TUNING_NODES_MAX);
        const int64_t bytes = ry_proof_whole(each, "bytes");
        machine->node_bytes[node] = bytes > 0 ? (size_t)bytes : 0;
    }
    const size_t nodes = json_array_size(ry_proof_list(from, "nodes"));
    machine->nodes = nodes < RY_TUNING_NODES_MAX ? (unsigned)nodes : RY_TUNING_NODES_MAX;
    json_array_foreach(ry_proof_list(from, "cpus"), i, each) if (machine->cpus < RY_TUNING_CPUS_MAX)
        machine->cpu[machine->cpus++] = cpu_of(each);
    json_array_foreach(ry_proof_list(from, "cards"), i,
                       each) if (machine->cards < RY_TUNING_CARDS_MAX)
        machine->card[machine->cards++] = card_of(each);
    if (!ry_tuning_cpus_read_list(&machine->offline, ry_proof_string(from, "offline")))
        machine->offline = (struct ry_tuning_cpus){.word = {0}};
}

static void add_process(struct ry_tuning_placement *placement, const char *name, int core)
{
    if (placement->count == RY_TUNING_PLACEMENT_MAX)
        return;
    struct ry_tuning_placed *process = &placement->process[placement->count++];
    snprintf(process->name, sizeof process->name, "%s", name);
    process->wanted = RY_TUNING_PLACEMENT_NONE;
    process->core = core;
}

/* Who is where; a hot core that no process of a plan is on says that it is. */
static void read_plan(struct ry_tuning_placement *placement, const json_t *report)
{
    const json_t *plan = json_object_get(report, "plan"), *each;
    size_t i;
    json_array_foreach(ry_proof_list(plan, "processes"), i, each)
        add_process(placement, ry_proof_string(each, "name"),
                    json_is_integer(json_object_get(each, "cpu"))
                        ? (int)number_of(each, "cpu", RY_TUNING_CPUS_MAX)
                        : RY_TUNING_PLACEMENT_NONE);
    json_array_foreach(ry_proof_list(report, "uses"), i,
                       each) if (strcmp(ry_proof_string(each, "use"), "hot") == 0 &&
                                 ry_proof_row(ry_proof_list(plan, "processes"), "cpu",
                                              ry_proof_whole(each, "cpu")) == NULL)
        add_process(placement, "hot", (int)number_of(each, "cpu", RY_TUNING_CPUS_MAX));
}

void ry_proof_picture(FILE *out, const json_t *report)
{
    struct ry_tuning_machine *machine = calloc(1, sizeof *machine);
    struct ry_tuning_placement *placement = calloc(1, sizeof *placement);
    if (machine != NULL && placement != NULL) {
        read_machine(machine, json_object_get(report, "machine"));
        read_plan(placement, report);
        ry_plan_draw_svg(out,
                         &(struct ry_plan_picture){.machine = machine, .placement = placement});
    }
    free(machine);
    free(placement);
}
