#include "tools/plan/json.h"

#include <string.h>

#include "tools/text/json.h"

static void set_count(json_t *object, const char *key, uint64_t count)
{
    ry_text_json_set(object, key, ry_text_json_count(count));
}

static json_t *cpu_json(const struct ry_tuning_cpu *cpu)
{
    json_t *object = ry_text_json_whole(json_object());
    set_count(object, "cpu", cpu->cpu);
    set_count(object, "core", cpu->core);
    set_count(object, "thread", cpu->thread);
    set_count(object, "l3", cpu->l3);
    set_count(object, "node", cpu->node);
    set_count(object, "package", cpu->package);
    set_count(object, "kind", cpu->kind);
    ry_text_json_set(object, "online", json_boolean(cpu->online));
    ry_text_json_set(object, "allowed", json_boolean(cpu->allowed));
    ry_text_json_set(object, "isolated", json_boolean(cpu->isolated));
    return object;
}

static json_t *cpus_json(const struct ry_tuning_cpus *cpus)
{
    char text[RY_TUNING_CPUS_TEXT_BYTES];
    return json_string(ry_tuning_cpus_list(cpus, text));
}

static json_t *node_json(const struct ry_tuning_machine *machine, unsigned node,
                         const struct ry_tuning_cpus *cpus)
{
    json_t *object = ry_text_json_whole(json_object());
    size_t bytes = machine->node_bytes[node];
    set_count(object, "node", node);
    ry_text_json_set(object, "bytes", bytes > 0 ? ry_text_json_count(bytes) : json_null());
    ry_text_json_set(object, "cpus", cpus_json(cpus));
    return object;
}

/* Nodes with CPUs or memory. */
static json_t *nodes_json(const struct ry_tuning_machine *machine)
{
    json_t *nodes = ry_text_json_whole(json_array());
    for (unsigned node = 0; node < RY_TUNING_NODES_MAX; node++) {
        struct ry_tuning_cpus cpus = {.word = {0}};
        for (unsigned i = 0; i < machine->cpus; i++)
            if (machine->cpu[i].node == node)
                ry_tuning_cpus_add(&cpus, machine->cpu[i].cpu);
        if (machine->node_bytes[node] > 0 || ry_tuning_cpus_next(&cpus, 0) >= 0)
            ry_text_json_add(nodes, node_json(machine, node, &cpus));
    }
    return nodes;
}

static json_t *number_or_null(int number)
{
    return number >= 0 ? ry_text_json_integer(number) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text[0] != '\0' ? ry_text_json_string(text, strlen(text)) : json_null();
}

static json_t *card_json(const struct ry_tuning_card *card)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "interface", text_or_null(card->interface));
    ry_text_json_set(object, "pci", text_or_null(card->pci));
    ry_text_json_set(object, "node", number_or_null(card->node));
    return object;
}

json_t *ry_plan_json_machine(const struct ry_tuning_machine *machine)
{
    json_t *object = ry_text_json_whole(json_object());
    json_t *cards = ry_text_json_whole(json_array()), *cpus = ry_text_json_whole(json_array());
    ry_text_json_set(object, "name", ry_text_json_string(machine->name, sizeof machine->name));
    ry_text_json_set(object, "described", json_boolean(machine->described));
    ry_text_json_set(object, "guest", json_boolean(machine->guest));
    set_count(object, "packages", machine->packages);
    set_count(object, "l3s", machine->l3s);
    ry_text_json_set(object, "l3_known", json_boolean(machine->l3_known));
    set_count(object, "cores", machine->cores);
    set_count(object, "kinds", machine->kinds);
    ry_text_json_set(object, "offline", cpus_json(&machine->offline));
    ry_text_json_set(object, "nodes", nodes_json(machine));
    for (unsigned i = 0; i < machine->cards; i++)
        ry_text_json_add(cards, card_json(&machine->card[i]));
    ry_text_json_set(object, "cards", cards);
    for (unsigned i = 0; i < machine->cpus; i++)
        ry_text_json_add(cpus, cpu_json(&machine->cpu[i]));
    ry_text_json_set(object, "cpus", cpus);
    return object;
}

static const char *role_word(enum ry_tuning_role role)
{
    switch (role) {
    case RY_TUNING_EXEC: return "exec";
    case RY_TUNING_FEED: return "feed";
    case RY_TUNING_JOURNAL: return "journal";
    case RY_TUNING_AGENT: return "agent";
    case RY_TUNING_OBSERVER: break;
    }
    return "observer";
}

static json_t *process_json(const struct ry_tuning_placed *process)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "name", ry_text_json_string(process->name, sizeof process->name));
    ry_text_json_set(object, "role", json_string(role_word(process->role)));
    ry_text_json_set(object, "asked", number_or_null(process->wanted));
    ry_text_json_set(object, "cpu", number_or_null(process->core));
    ry_text_json_set(object, "node", number_or_null(process->node));
    ry_text_json_set(object, "wait", json_string(ry_tuning_wait_word(process->wait)));
    ry_text_json_set(object, "why", ry_text_json_string(process->why, sizeof process->why));
    return object;
}

json_t *ry_plan_json_placement(const struct ry_tuning_placement *placement)
{
    json_t *object = ry_text_json_whole(json_object());
    json_t *processes = ry_text_json_whole(json_array()), *notes = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < placement->count; i++)
        ry_text_json_add(processes, process_json(&placement->process[i]));
    for (unsigned i = 0; i < placement->notes; i++)
        ry_text_json_add(notes, ry_text_json_string(placement->note[i], sizeof placement->note[i]));
    ry_text_json_set(object, "oversubscribed", json_boolean(placement->oversubscribed));
    ry_text_json_set(object, "hot", cpus_json(&placement->hot));
    ry_text_json_set(object, "idle", cpus_json(&placement->idle));
    ry_text_json_set(object, "house", cpus_json(&placement->house));
    ry_text_json_set(object, "wasted", cpus_json(&placement->wasted));
    ry_text_json_set(object, "processes", processes);
    ry_text_json_set(object, "notes", notes);
    return object;
}
