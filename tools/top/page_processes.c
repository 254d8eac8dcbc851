/* The processes of the battle, and the feeds among them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/top/pages.h"
#include "tools/top/table.h"

enum column { NAME, OWN, STATE, CORE, BEAT, BUSY, RATE, LAG, LOST, COLUMNS };

static const struct ry_top_column columns[COLUMNS] = {
    [NAME] = {.head = "process", .cells = 8},
    [OWN] = {.head = "is",
             .cells = 10,
             .names = true,
             .stretches = true,
             .most = RY_NAME_BYTES,
             .leaves = 4},
    [STATE] = {.head = "state", .cells = 6},
    [CORE] = {.head = "core", .cells = 4, .right = true, .leaves = 7},
    [BEAT] = {.head = "beat", .cells = 6, .right = true, .leaves = 5},
    [BUSY] = {.head = "busy", .cells = 5, .right = true, .leaves = 1},
    [RATE] = {.head = "a second", .cells = 14, .right = true, .leaves = 3},
    [LAG] = {.head = "behind", .cells = 12, .right = true, .leaves = 2},
    [LOST] = {.head = "lost", .cells = 6, .right = true, .leaves = 6},
};

static const struct ry_watch_process *process_of(const void *context, unsigned row)
{
    const struct ry_top_sheet *sheet = context;
    return &sheet->scene->watch->processes.process[row];
}

static const char *name_of(const void *context, unsigned row)
{
    const struct ry_watch_process *p = process_of(context, row);
    return p->own[0] != 0 ? p->own : p->name;
}

static unsigned look_of(const void *context, unsigned row)
{
    const struct ry_watch_process *p = process_of(context, row);
    return p->state == RY_WATCH_STANDS  ? RY_TOP_RED | RY_TOP_BOLD
           : p->state == RY_WATCH_ENDED ? RY_TOP_DIM
           : p->lost > 0                ? RY_TOP_YELLOW
                                        : RY_TOP_PLAIN;
}

static void put_amount(char text[RY_TOP_FIELD_BYTES], uint64_t amount, const char *unit)
{
    char count[RY_TOP_WORD_BYTES];
    if (unit == NULL || unit[0] == 0)
        strcpy(text, "-");
    else
        snprintf(text, RY_TOP_FIELD_BYTES, "%s %.20s", ry_text_count(count, amount), unit);
}

static void put_cell(const void *context, unsigned row, unsigned column, struct ry_top_field *field)
{
    const struct ry_watch_process *p = process_of(context, row);
    char *text = field->text;
    strcpy(text, "-");
    switch ((enum column)column) {
    case NAME: snprintf(text, RY_TOP_FIELD_BYTES, "%s", p->name); break;
    case OWN: snprintf(text, RY_TOP_FIELD_BYTES, "%s", p->own); break;
    case STATE: snprintf(text, RY_TOP_FIELD_BYTES, "%s", ry_watch_state_name(p->state)); break;
    case CORE:
        if (p->core >= 0)
            snprintf(text, RY_TOP_FIELD_BYTES, "%d", p->core);
        break;
    case BEAT: (void)ry_top_age(text, p->beat_age_ns); break;
    case BUSY:
        if (p->busy_permille >= 0)
            snprintf(text, RY_TOP_FIELD_BYTES, "%d %%", p->busy_permille / 10);
        break;
    case RATE: put_amount(text, p->rate, p->rate_unit); break;
    case LAG: put_amount(text, p->lag, p->lag_unit); break;
    case LOST: (void)ry_text_count(text, p->lost); break;
    case COLUMNS: break;
    }
}

static void sort_by(const void *context, unsigned row, unsigned column,
                    struct ry_top_sorter *sorter)
{
    const struct ry_watch_process *p = process_of(context, row);
    switch ((enum column)column) {
    case NAME: sorter->text = p->name; break;
    case OWN: sorter->text = p->own; break;
    case STATE: sorter->number = p->state; break;
    case CORE: sorter->number = -p->core; break;
    case BEAT: sorter->number = p->beat_age_ns; break;
    case BUSY: sorter->number = p->busy_permille; break;
    case RATE: sorter->number = (__int128)p->rate; break;
    case LAG: sorter->number = (__int128)p->lag; break;
    case LOST: sorter->number = (__int128)p->lost; break;
    case COLUMNS: break;
    }
}

static struct ry_top_table table_of(const struct ry_top_sheet *sheet)
{
    return (struct ry_top_table){
        .column = columns,
        .columns = COLUMNS,
        .count = sheet->scene->watch->processes.count,
        .context = sheet,
        .nothing = "nothing is known of processes: the battle is over, or its door did not open",
        .field = put_cell,
        .sorter = sort_by,
        .name = name_of,
        .look = look_of};
}

/* An agent's process opens the agent's page. */
static uint16_t agent_of(const struct ry_watch_process *p)
{
    static const char agent[] = "agent";
    if (strncmp(p->name, agent, sizeof agent - 1) != 0)
        return RY_TOP_NONE;
    return (uint16_t)strtoul(p->name + sizeof agent - 1, NULL, 10);
}

void ry_top_page_processes(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_top_table table = table_of(sheet);
    unsigned row = ry_top_table(area, &table, sheet->view);
    if (row != RY_TOP_NONE)
        sheet->view->chosen = agent_of(process_of(sheet, row));
}

void ry_top_part_processes(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_top_table table = table_of(sheet);
    ry_top_table_plain(area, &table);
}
