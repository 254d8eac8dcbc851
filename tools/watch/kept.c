/* What the folder of a battle keeps of its processes: figures out of DIR/counters.txt. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/counters/tables.h"
#include "tools/watch/internal.h"

#define COUNTERS_FILE "counters.txt"
#define LINE_BYTES    2048
#define NUMBER_BYTES  64
#define ODD           "odd: "
/* Whose counters stand behind exec's own, as in its watch region. */
#define MACHINE "the machine"

/* ---- DIR/counters.txt ------------------------------------------------------------------------ */

/* Behind what is there; false: there is no room, or it is no label. */
static bool add_text(struct ry_counters_description *are, size_t *used, const char *text,
                     uint16_t *at)
{
    const size_t bytes = strlen(text) + 1;
    if (*used + bytes > sizeof are->labels.text)
        return false;
    memcpy(are->labels.text + *used, text, bytes);
    *at = (uint16_t)*used;
    *used += bytes;
    return true;
}

static size_t used_of(const struct ry_counters_description *are)
{
    size_t used = 0;
    for (unsigned i = 0; i < are->count; i++) {
        const struct ry_counter_label *label = &are->labels.label[i];
        const uint16_t begins[] = {label->name, label->unit, label->sentence, label->remedy};
        for (unsigned text = 0; text < sizeof begins / sizeof begins[0]; text++) {
            size_t end = begins[text] + strlen(are->labels.text + begins[text]) + 1;
            used = end > used ? end : used;
        }
    }
    return used;
}

static bool is_name(const char *name)
{
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return length > 0 && length <= RY_COUNTER_NAME_MAX && name[length] == '\0';
}

/* The file has the values, and words only for those that are odd. */
static void add_counter(struct ry_watch_process *process, const char *name, uint64_t value,
                        const char *unit)
{
    const struct ry_counter *known = ry_counters_known(process->name, name);
    struct ry_counters_description *are = process->description;
    struct ry_counter_label *label = &are->labels.label[are->count];
    size_t used = used_of(are);
    if (are->count == RY_COUNTERS_MAX || !is_name(name) ||
        !add_text(are, &used, name, &label->name) || !add_text(are, &used, unit, &label->unit) ||
        !add_text(are, &used, known != NULL ? known->sentence : "", &label->sentence) ||
        !add_text(are, &used, "", &label->remedy))
        return;
    label->kind = strcmp(unit, "hash") == 0 ? RY_COUNTER_KIND_HASH : RY_COUNTER_KIND_COUNTER;
    process->value[are->count++] = value;
    process->counters = are->count;
}

/* "odd: gaps 3 (holes in the sequence): listen again ..", of a counter that stands above it. */
static void take_odd(struct ry_watch_process *process, char *line)
{
    struct ry_counters_description *are = process->description;
    char *name = line + strlen(ODD), *sentence = strstr(line, " ("), *remedy = strstr(line, "): ");
    const size_t length = strcspn(name, " ");
    size_t used = used_of(are);
    if (sentence == NULL || remedy == NULL || remedy < sentence)
        return;
    *remedy = 0;
    name[length] = 0;
    for (unsigned i = 0; i < are->count; i++) {
        struct ry_counter_label *label = &are->labels.label[i];
        if (strcmp(are->labels.text + label->name, name) != 0)
            continue;
        (void)add_text(are, &used, sentence + strlen(" ("), &label->sentence);
        (void)add_text(are, &used, remedy + strlen("): "), &label->remedy);
    }
}

/* "agent3 (noise):" begins a process, "the machine:" more of exec's. NULL: no room. */
static struct ry_watch_process *begin(struct ry_watch *w, char *line)
{
    char *own = strstr(line, " (");
    const size_t length = strlen(line);
    line[length - 1] = 0; /* the colon */
    if (strcmp(line, MACHINE) == 0) {
        for (unsigned i = 0; i < w->processes.count; i++)
            if (strcmp(w->processes.process[i].name, "exec") == 0)
                return &w->processes.process[i];
        return NULL;
    }
    if (own != NULL && line[length - 2] == ')') {
        line[length - 2] = 0;
        *own = 0;
        own += strlen(" (");
    }
    struct ry_watch_process *process = ry_watch_process_new(&w->processes, line);
    if (process != NULL && own != NULL)
        snprintf(process->own, sizeof process->own, "%s", own);
    return process;
}

static void take_line(struct ry_watch *w, struct ry_watch_process **process, char *line)
{
    char name[RY_COUNTER_NAME_MAX + 1], number[NUMBER_BYTES], unit[RY_COUNTER_NAME_MAX + 1];
    const size_t length = strlen(line);
    if (strncmp(line, ODD, strlen(ODD)) == 0) {
        if (*process != NULL)
            take_odd(*process, line);
    } else if (line[0] != ' ' && length > 1 && line[length - 1] == ':') {
        *process = begin(w, line);
    } else if (*process != NULL && sscanf(line, "  %40s %63s %40s", name, number, unit) == 3) {
        const int base = strcmp(unit, "hash") == 0 ? 16 : 10;
        char *end;
        const uint64_t value = strtoull(number, &end, base);
        if (*end == 0)
            add_counter(*process, name, value, unit);
    }
}

void ry_watch_kept_read(struct ry_watch *w, FILE *file)
{
    char line[LINE_BYTES];
    struct ry_watch_process *process = NULL;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        ry_make_printable(line, strlen(line), '?');
        take_line(w, &process, line);
    }
    for (unsigned i = 0; i < w->processes.count; i++) {
        uint64_t copied, core = 0; /* zeros are not kept */
        w->processes.process[i].state = RY_WATCH_ENDED;
        (void)ry_watch_counter(&w->processes.process[i], "core", &core);
        if (ry_watch_counter(&w->processes.process[i], "copied_ns", &copied))
            w->processes.process[i].core = (int)(core & INT16_MAX);
    }
}

void ry_watch_kept_processes(struct ry_watch *w)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/" COUNTERS_FILE, w->directory);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "re") : NULL;
    if (file == NULL)
        return;
    ry_watch_kept_read(w, file);
    fclose(file);
}
