#include "tuning/noise_files.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"

#define FILE_BYTES_FIRST ((size_t)64 << 10)
#define FILE_BYTES_MAX   ((size_t)256 << 20) /* 1,024 CPUs x 20,000 interrupts */
#define STAT_BYTES       4096
#define STATUS_BYTES     16384 /* of 1,024 CPUs and many groups */
#define PF_KTHREAD       0x00200000u
#define STAT_FLAGS       9 /* fields of proc_pid_stat(5), from 1 */
#define STAT_UTIME       14
#define STAT_STIME       15
#define STAT_STARTED     22
#define STAT_CPU         39

/* ---- a whole file ---------------------------------------------------------------------------- */

/* The caller's to free; NULL with -errno in `error`. */
static char *read_all(const struct ry_tuning_host *host, const char *path, int *error)
{
    char *text = NULL;
    for (size_t bytes = FILE_BYTES_FIRST; bytes <= FILE_BYTES_MAX; bytes *= 4) {
        char *larger = realloc(text, bytes);
        if (larger == NULL) {
            *error = -ENOMEM;
            free(text);
            return NULL;
        }
        text = larger;
        ssize_t length = ry_tuning_host_read(host, path, text, bytes);
        *error = length < 0 ? (int)length : 0;
        if (length >= 0)
            return text;
        if (length != -EFBIG)
            break;
    }
    free(text);
    return NULL;
}

/* Cuts the line at `text` off; returns where the next one begins. */
static char *cut_line(char *text)
{
    char *end = strchr(text, '\n');
    if (end == NULL)
        return text + strlen(text);
    *end = '\0';
    return end + 1;
}

/* A number of digits alone at *text, which moves behind it. */
static bool take_number(const char **text, uint64_t *number)
{
    const char *at = *text + strspn(*text, " \t");
    char *end;
    if (!isdigit((unsigned char)*at))
        return false;
    errno = 0;
    *number = strtoull(at, &end, 10);
    if (errno != 0 || (*end != ' ' && *end != '\t' && *end != '\0'))
        return false;
    *text = end;
    return true;
}

/* Whose figure it is: an index into cpus, or -1. They are in order. */
static int index_of(const struct ry_tuning_noise_cpus *cpus, uint64_t cpu)
{
    unsigned low = 0, high = cpus->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (cpus->cpu[middle] < cpu)
            low = middle + 1;
        else
            high = middle;
    }
    return low < cpus->count && cpus->cpu[low] == cpu ? (int)low : -1;
}

/* ---- /proc/interrupts, /proc/softirqs -------------------------------------------------------- */

struct columns {
    unsigned count;
    int cpu[RY_TUNING_CPUS_MAX]; /* index into cpus; -1: nobody asked */
};

/* "           CPU0       CPU1       CPU12": only those that are online, or all. */
static bool read_head(const char *head, const struct ry_tuning_noise_cpus *cpus,
                      struct columns *columns)
{
    columns->count = 0;
    for (;;) {
        uint64_t cpu;
        head += strspn(head, " \t");
        if (*head == '\0')
            return columns->count > 0;
        if (strncmp(head, "CPU", 3) != 0 || columns->count == RY_TUNING_CPUS_MAX)
            return false;
        head += 3;
        if (!take_number(&head, &cpu))
            return false;
        columns->cpu[columns->count++] = index_of(cpus, cpu);
    }
}

/* Errors of the whole machine: they have one figure, which on a machine of one CPU looks like its
 * own. */
static bool of_no_cpu(const char *id)
{
    return strcmp(id, "ERR") == 0 || strcmp(id, "MIS") == 0 || strcmp(id, "Err") == 0;
}

/* What people call it. An interrupt that a driver has is named behind two blanks, behind its
 * controller: "IR-PCI-MSI-0000:3b:00.0 1-edge  eth0-rx-0"; one of the architecture's by a sentence:
 * "Local timer interrupts". One that nobody has taken has its controller alone. */
static void name_row(struct ry_tuning_noise_label *label, char *rest)
{
    static const char interrupts[] = " interrupts";
    size_t length = strlen(rest);
    while (length > 0 && isspace((unsigned char)rest[length - 1]))
        rest[--length] = '\0';
    rest += strspn(rest, " \t");
    if (isdigit((unsigned char)label->id[0])) {
        for (char *gap; (gap = strstr(rest, "  ")) != NULL;)
            rest = gap + strspn(gap, " ");
    } else {
        length = strlen(rest);
        if (length > sizeof interrupts &&
            strcmp(rest + length - (sizeof interrupts - 1), interrupts) == 0)
            rest[length - (sizeof interrupts - 1)] = '\0';
        if (isupper((unsigned char)rest[0]) && islower((unsigned char)rest[1]))
            rest[0] = (char)tolower((unsigned char)rest[0]);
    }
    ry_printable(label->name, *rest != '\0' ? rest : label->id, sizeof label->name);
}

static bool grow(struct ry_tuning_noise_table *table, unsigned cpus)
{
    if ((table->rows & (table->rows - 1)) != 0) /* room is made at each power of two */
        return true;
    size_t room = table->rows == 0 ? 1 : (size_t)table->rows * 2;
    void *label = realloc(table->label, room * sizeof *table->label);
    if (label == NULL)
        return false;
    table->label = label;
    void *times = realloc(table->times, room * (cpus > 0 ? cpus : 1) * sizeof *table->times);
    if (times == NULL)
        return false;
    table->times = times;
    return true;
}

/* "LOC:   1   2   Local timer interrupts". 1: a row; 0: none of each CPU; -ENOMEM. */
static int add_row(struct ry_tuning_noise_table *table, const struct columns *columns,
                   unsigned cpus, char *line)
{
    struct ry_tuning_noise_label label = {.id = ""};
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return 0;
    *colon = '\0';
    line += strspn(line, " \t");
    ry_printable(label.id, line, sizeof label.id);
    if (of_no_cpu(label.id))
        return 0;
    if (!grow(table, cpus))
        return -ENOMEM;
    uint64_t *times = table->times + (size_t)table->rows * cpus;
    for (unsigned i = 0; i < cpus; i++)
        times[i] = RY_TUNING_NOISE_MISSING;
    const char *rest = colon + 1;
    for (unsigned i = 0; i < columns->count; i++) {
        uint64_t number;
        if (!take_number(&rest, &number))
            return 0;
        if (columns->cpu[i] >= 0)
            times[columns->cpu[i]] = number;
    }
    name_row(&label, colon + 1 + (rest - (colon + 1)));
    table->label[table->rows++] = label;
    return 1;
}

int ry_tuning_noise_read_table(const struct ry_tuning_host *host, const char *path,
                               const struct ry_tuning_noise_cpus *cpus,
                               struct ry_tuning_noise_table *table)
{
    int result = 0;
    struct columns columns;
    *table = (struct ry_tuning_noise_table){.rows = 0};
    char *text = read_all(host, path, &result);
    if (text == NULL)
        return result;
    char *line = text, *next = cut_line(text);
    if (!read_head(line, cpus, &columns))
        result = -EPROTO;
    for (line = next; result >= 0 && *line != '\0'; line = next) {
        next = cut_line(line);
        result = add_row(table, &columns, cpus->count, line);
    }
    free(text);
    if (result >= 0 && table->rows > 0)
        return 0;
    ry_tuning_noise_table_free(table);
    return result < 0 ? result : -EPROTO;
}

void ry_tuning_noise_table_free(struct ry_tuning_noise_table *table)
{
    free(table->label);
    free(table->times);
    *table = (struct ry_tuning_noise_table){.rows = 0};
}

/* ---- /proc/stat, /proc/schedstat ------------------------------------------------------------- */

int ry_tuning_noise_read_field(const struct ry_tuning_host *host, const char *path, unsigned field,
                               const struct ry_tuning_noise_cpus *cpus, uint64_t *value)
{
    int result = -EPROTO;
    for (unsigned i = 0; i < cpus->count; i++)
        value[i] = RY_TUNING_NOISE_MISSING;
    char *text = read_all(host, path, &result);
    if (text == NULL)
        return result;
    result = -EPROTO;
    for (char *line = text, *next; *line != '\0'; line = next) {
        uint64_t cpu, number = 0;
        next = cut_line(line);
        const char *rest = line + 3;
        if (strncmp(line, "cpu", 3) != 0 || !isdigit((unsigned char)*rest) ||
            !take_number(&rest, &cpu))
            continue;
        bool there = true;
        for (unsigned i = 0; i < field && there; i++)
            there = take_number(&rest, &number);
        int at = index_of(cpus, cpu);
        if (there)
            result = 0;
        if (there && at >= 0)
            value[at] = number;
    }
    free(text);
    return result;
}

/* ---- tasks ----------------------------------------------------------------------------------- */

/* Field `wanted` of `rest`, which begins with field 3; a number, or -1. */
static int64_t stat_field(const char *rest, unsigned wanted)
{
    for (unsigned field = 3; field < wanted; field++) {
        rest = strchr(rest, ' ');
        if (rest == NULL)
            return -1;
        rest++;
    }
    return isdigit((unsigned char)*rest) ? strtoll(rest, NULL, 10) : -1;
}

int ry_tuning_noise_read_stat(const struct ry_tuning_host *host, pid_t pid,
                              struct ry_tuning_noise_task *task)
{
    char path[64], text[STAT_BYTES];
    *task = (struct ry_tuning_noise_task){.pid = pid, .cpu = -1, .only_cpu = -1};
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    ssize_t length = ry_tuning_host_read(host, path, text, sizeof text);
    if (length < 0)
        return (int)length;
    char *name = strchr(text, '('), *end = strrchr(text, ')');
    if (name == NULL || end == NULL || end < name || end[1] != ' ')
        return -EPROTO;
    *end = '\0';
    ry_printable(task->name, name + 1, sizeof task->name);
    const char *rest = end + 2;
    int64_t flags = stat_field(rest, STAT_FLAGS), user = stat_field(rest, STAT_UTIME),
            system = stat_field(rest, STAT_STIME), started = stat_field(rest, STAT_STARTED),
            cpu = stat_field(rest, STAT_CPU);
    if (flags < 0 || user < 0 || system < 0 || started < 0)
        return -EPROTO;
    task->kernel = ((uint64_t)flags & PF_KTHREAD) != 0;
    task->ticks = (uint64_t)user + (uint64_t)system;
    task->started = (uint64_t)started;
    task->cpu = cpu >= 0 && cpu < INT32_MAX ? (int)cpu : -1;
    return 0;
}

/* The value behind "\nNAME:\t"; NULL: no such line. */
static const char *status_value(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " \t");
    }
    return NULL;
}

static int only_cpu(const char *list)
{
    uint64_t cpu;
    char copy[16];
    snprintf(copy, sizeof copy, "%.*s", (int)strcspn(list, "\n"), list);
    const char *text = copy;
    return take_number(&text, &cpu) && *text == '\0' ? (int)cpu : -1;
}

int ry_tuning_noise_read_status(const struct ry_tuning_host *host, const char *path,
                                struct ry_tuning_noise_task *task)
{
    char whole[RY_TUNING_PATH_BYTES], text[STATUS_BYTES];
    snprintf(whole, sizeof whole, "%s/status", path);
    ssize_t length = ry_tuning_host_read(host, whole, text, sizeof text);
    if (length < 0)
        return (int)length;
    const char *given_up = status_value(text, "voluntary_ctxt_switches"),
               *forced = status_value(text, "nonvoluntary_ctxt_switches"),
               *list = status_value(text, "Cpus_allowed_list");
    if (given_up == NULL || forced == NULL)
        return -EPROTO;
    task->given_up = strtoull(given_up, NULL, 10);
    task->forced = strtoull(forced, NULL, 10);
    task->only_cpu = list != NULL ? only_cpu(list) : -1;
    task->counted = true;
    return 0;
}

/* ---- differences ----------------------------------------------------------------------------- */

uint64_t ry_tuning_noise_moved(uint64_t before, uint64_t after)
{
    if (after >= before)
        return after - before;
    if (before <= UINT32_MAX && before - after > (UINT64_C(1) << 31))
        return (uint32_t)(after - before);
    return after; /* a driver gave it back and took it anew */
}
