#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuning/machine_parts.h"

#define WORD_BYTES 1024
#define KINDS_MAX  8

struct reading {
    struct ry_tuning_machine *machine;
    const char *word;
    char *error;
};

static bool wrong(const struct reading *reading, const char *why)
{
    snprintf(reading->error, RY_TUNING_MACHINE_ERROR_BYTES, "[%.160s]: %s", reading->word, why);
    return false;
}

/* A list of CPUs that are all there. */
static bool read_cpus(const struct reading *reading, const char *text, struct ry_tuning_cpus *set)
{
    char why[64];
    if (!ry_tuning_cpus_read_list(set, text) || ry_tuning_cpus_count(set) == 0)
        return wrong(reading, "no list of CPUs, as 2-7,9");
    for (int cpu = ry_tuning_cpus_next(set, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(set, (unsigned)cpu + 1)) {
        if (ry_tuning_machine_cpu(reading->machine, (unsigned)cpu) != NULL)
            continue;
        snprintf(why, sizeof why, "the machine has no CPU %d", cpu);
        return wrong(reading, why);
    }
    return true;
}

/* Siblings keep their order and are counted anew. */
static void remove_absent(struct ry_tuning_machine *machine, const struct ry_tuning_cpus *absent)
{
    unsigned kept = 0, thread = 0;
    for (unsigned i = 0; i < machine->cpus; i++) {
        struct ry_tuning_cpu row = machine->cpu[i];
        if (ry_tuning_cpus_has(absent, row.cpu))
            continue;
        thread = kept > 0 && machine->cpu[kept - 1].core == row.core ? thread + 1 : 0;
        row.thread = thread;
        machine->cpu[kept++] = row;
    }
    machine->cpus = kept;
}

static bool read_card(const struct reading *reading, const char *text)
{
    struct ry_tuning_machine *machine = reading->machine;
    char *end;
    long node = strtol(text, &end, 10);
    const char *name = *end == ':' ? end + 1 : end;
    bool there = false;
    for (unsigned i = 0; i < machine->cpus; i++)
        there = there || (node >= 0 && machine->cpu[i].node == (unsigned long)node);
    if (end == text || (*end != 0 && *end != ':') || !there)
        return wrong(reading, "no memory node of this machine");
    if (machine->cards == RY_TUNING_CARDS_MAX)
        return wrong(reading, "too many cards");
    struct ry_tuning_card *card = &machine->card[machine->cards++];
    *card = (struct ry_tuning_card){.node = (int)node};
    if (strchr(name, '.') != NULL)
        snprintf(card->pci, sizeof card->pci, "%.15s", name);
    else
        snprintf(card->interface, sizeof card->interface, "%.15s", name);
    return true;
}

static bool read_kind(const struct reading *reading, const char *text)
{
    struct ry_tuning_cpus set;
    char *end;
    unsigned long kind = strtoul(text, &end, 10);
    if (end == text || *end != '=' || kind >= KINDS_MAX)
        return wrong(reading, "no kind of CPUs, as kind:1=8-15");
    if (!read_cpus(reading, end + 1, &set))
        return false;
    for (unsigned i = 0; i < reading->machine->cpus; i++)
        if (ry_tuning_cpus_has(&set, reading->machine->cpu[i].cpu))
            reading->machine->cpu[i].kind = (unsigned)kind;
    return true;
}

static bool read_set(const struct reading *reading, const char *key, const char *text)
{
    struct ry_tuning_machine *machine = reading->machine;
    struct ry_tuning_cpus set;
    if (!read_cpus(reading, text, &set))
        return false;
    for (unsigned i = 0; i < machine->cpus; i++) {
        struct ry_tuning_cpu *row = &machine->cpu[i];
        bool has = ry_tuning_cpus_has(&set, row->cpu);
        if (strcmp(key, "allowed") == 0) {
            row->allowed = has;
        } else if (has && strcmp(key, "isolated") == 0) {
            row->isolated = true;
        } else if (has && strcmp(key, "offline") == 0) {
            row->online = false;
            ry_tuning_cpus_add(&machine->offline, row->cpu);
        }
    }
    if (strcmp(key, "absent") == 0)
        remove_absent(machine, &set);
    return true;
}

static bool read_word(const struct reading *reading)
{
    static const char *const sets[] = {"isolated", "offline", "absent", "allowed"};
    const char *word = reading->word;
    size_t key = strcspn(word, "=");
    if (strncmp(word, "kind:", 5) == 0)
        return read_kind(reading, word + 5);
    if (word[key] == 0)
        return wrong(reading, "no KEY=VALUE");
    if (key == 3 && strncmp(word, "nic", key) == 0)
        return read_card(reading, word + key + 1);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strlen(sets[i]) == key && strncmp(word, sets[i], key) == 0)
            return read_set(reading, sets[i], word + key + 1);
    return wrong(reading, "unknown; known: isolated, offline, absent, allowed, nic, kind:N");
}

bool ry_tuning_machine_described(struct ry_tuning_machine *machine, const char *words,
                                 size_t length, char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    char word[WORD_BYTES];
    const char *end = words + length;
    while (words < end) {
        size_t one = strcspn(words, " ");
        if (one > (size_t)(end - words))
            one = (size_t)(end - words);
        memcpy(word, words, one);
        word[one] = 0;
        const struct reading reading = {.machine = machine, .word = word, .error = error};
        if (one > 0 && !read_word(&reading))
            return false;
        words += one + 1;
    }
    return true;
}
