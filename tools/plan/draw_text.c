/*
 *     +- socket 0 ------------------------------------------------+
 *     | node 0, 384 GiB, a network card                           |
 *     |         +------------+------------+------------+          |
 *     | L3 0    |  0 house   |  1 exec    |  2*feed0   |          |
 *     |         | 96 house   | 97 idle    | 98*idle    |          |
 *     |         +------------+------------+------------+          |
 *     | L3 1-11 | 8 cores each, house: 8-95,104-191               |
 *     +-----------------------------------------------------------+
 */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "tools/plan/shape.h"

#define COLUMNS_MIN 60
#define LINE_BYTES  1024
#define WORD_MAX    14 /* of a cell; longer ones are cut */
#define FRAME       4  /* "| " and " |" */
#define ROWS_QUIET  2  /* a group on which nobody runs is boxes up to this many rows of them */

struct page {
    FILE *out;
    const struct ry_plan_picture *picture;
    unsigned columns; /* inside the frame */
    unsigned label, digits,
        word;        /* widths: of what stands before cells, of CPUs' numbers, of words */
    unsigned across; /* cells in a row */
    char line[LINE_BYTES];
};

/* ---- lines ----------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void put(struct page *page, const char *format, ...)
{
    size_t length = strlen(page->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(page->line + length, sizeof page->line - length, format, arguments);
    va_end(arguments);
}

static void end_line(struct page *page)
{
    int columns = (int)page->columns;
    fprintf(page->out, "| %-*.*s |\n", columns, columns, page->line);
    page->line[0] = '\0';
}

static void put_frame(struct page *page, const char *title)
{
    int length = fprintf(page->out, "+-%s%s%s", title[0] != '\0' ? " " : "", title,
                         title[0] != '\0' ? " " : "");
    for (int i = length; i < (int)page->columns + FRAME - 1; i++)
        fputc('-', page->out);
    fputs("+\n", page->out);
}

static unsigned cell_width(const struct page *page)
{
    return page->digits + 1 + page->word + 2; /* " 12*exec  " */
}

static void put_rule(struct page *page, unsigned cells)
{
    put(page, "%*s", (int)page->label, "");
    for (unsigned i = 0; i < cells; i++) {
        put(page, "+");
        for (unsigned j = 0; j < cell_width(page); j++)
            put(page, "-");
    }
    put(page, "+");
    end_line(page);
}

/* ---- a group as boxes ------------------------------------------------------------------------ */

/* The machine's row of a core's thread; -1: it has none. Cores of a group from its first. */
static int row_of(const struct ry_tuning_machine *machine, const struct ry_plan_group *group,
                  unsigned core, unsigned thread)
{
    unsigned row = group->first, end = group->first + group->cpus;
    for (unsigned at = 0; row < end && at < core; row++)
        at += row + 1 < end && machine->cpu[row + 1].core != machine->cpu[row].core;
    if (row + thread >= end || machine->cpu[row + thread].core != machine->cpu[row].core)
        return -1;
    return (int)(row + thread);
}

static void put_cell(struct page *page, int row)
{
    struct ry_plan_thread thread;
    if (row < 0) {
        put(page, "|%*s", (int)cell_width(page), "");
        return;
    }
    const struct ry_tuning_cpu *cpu = &page->picture->machine->cpu[row];
    ry_plan_thread_of(page->picture, (unsigned)row, &thread);
    put(page, "| %*u%c%-*.*s ", (int)page->digits, cpu->cpu, cpu->isolated ? '*' : ' ',
        (int)page->word, (int)page->word, thread.word);
}

static void put_group(struct page *page, const struct ry_plan_group *group)
{
    char label[RY_PLAN_LABEL_BYTES];
    (void)ry_plan_label(label, page->picture->machine, group, group);
    put_rule(page, group->cores < page->across ? group->cores : page->across);
    for (unsigned core = 0; core < group->cores; core += page->across) {
        unsigned cells = group->cores - core;
        cells = cells < page->across ? cells : page->across;
        for (unsigned thread = 0; thread < group->threads; thread++) {
            put(page, "%-*s", (int)page->label, core == 0 && thread == 0 ? label : "");
            for (unsigned i = 0; i < cells; i++)
                put_cell(page, row_of(page->picture->machine, group, core + i, thread));
            put(page, "|");
            end_line(page);
        }
        put_rule(page, cells);
    }
}

/* ---- groups on which nobody runs ------------------------------------------------------------- */

/* True: the same is on all its threads, and it is no process. */
static bool is_quiet(const struct ry_plan_picture *picture, const struct ry_plan_group *group,
                     struct ry_plan_thread *on)
{
    ry_plan_thread_of(picture, group->first, on);
    for (unsigned i = 0; i < group->cpus; i++) {
        struct ry_plan_thread thread;
        ry_plan_thread_of(picture, group->first + i, &thread);
        if (thread.on != on->on || thread.on == RY_PLAN_ON_PROCESS ||
            picture->machine->cpu[group->first + i].isolated !=
                picture->machine->cpu[group->first].isolated)
            return false;
    }
    return true;
}

static bool alike(const struct ry_plan_picture *picture, const struct ry_plan_group *a,
                  const struct ry_plan_group *b)
{
    struct ry_plan_thread on_a, on_b;
    return a->package == b->package && a->node == b->node && a->kind == b->kind &&
           a->cores == b->cores && a->threads == b->threads && is_quiet(picture, a, &on_a) &&
           is_quiet(picture, b, &on_b) && on_a.on == on_b.on &&
           picture->machine->cpu[a->first].isolated == picture->machine->cpu[b->first].isolated;
}

/* The last group of the line that begins with `first`: itself if it stands alone. */
static struct ry_plan_group last_alike(const struct ry_plan_picture *picture,
                                       const struct ry_plan_group *first)
{
    struct ry_plan_group last = *first, next = *first;
    while (ry_plan_group_next(picture->machine, &next) && alike(picture, first, &next))
        last = next;
    return last;
}

static void put_quiet(struct page *page, const struct ry_plan_group *first,
                      const struct ry_plan_group *last)
{
    const struct ry_tuning_machine *machine = page->picture->machine;
    char text[RY_TUNING_CPUS_TEXT_BYTES];
    struct ry_tuning_cpus cpus = {.word = {0}};
    struct ry_plan_thread on;
    unsigned end = last->first + last->cpus;
    for (unsigned row = first->first; row < end; row++)
        ry_tuning_cpus_add(&cpus, machine->cpu[row].cpu);
    ry_plan_thread_of(page->picture, first->first, &on);
    (void)ry_plan_label(text, machine, first, last);
    put(page, "%-*s%u core%s%s%s%s", (int)page->label, text, first->cores,
        first->cores == 1 ? "" : "s", last->first != first->first ? " each" : "",
        on.word[0] != '\0' ? ", " : "", on.word);
    if (machine->cpu[first->first].isolated)
        put(page, " (isolated)");
    (void)ry_tuning_cpus_list(&cpus, text);
    if (strlen(page->line) + strlen(text) + 2 <= page->columns)
        put(page, ": %s", text);
    else
        put(page, ": %u CPUs", end - first->first);
    end_line(page);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool is_line(const struct page *page, const struct ry_plan_group *first,
                    const struct ry_plan_group *last)
{
    struct ry_plan_thread on;
    return first->first != last->first ||
           (first->cores > ROWS_QUIET * page->across && is_quiet(page->picture, first, &on));
}

static void put_node(struct page *page, unsigned node)
{
    char title[RY_PLAN_TITLE_BYTES];
    ry_plan_node_title(title, page->picture->machine, node);
    put(page, "%s", title);
    end_line(page);
}

static unsigned digits_of(unsigned number)
{
    unsigned digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

static void measure_cells(struct page *page)
{
    for (unsigned row = 0; row < page->picture->machine->cpus; row++) {
        struct ry_plan_thread thread;
        ry_plan_thread_of(page->picture, row, &thread);
        unsigned word = (unsigned)strlen(thread.word);
        unsigned digits = digits_of(page->picture->machine->cpu[row].cpu);
        word = word < WORD_MAX ? word : WORD_MAX;
        page->word = word > page->word ? word : page->word;
        page->digits = digits > page->digits ? digits : page->digits;
    }
}

/* As many cells in a row as fit, shared out evenly over the rows of the largest group. */
static void measure(struct page *page, unsigned columns)
{
    const struct ry_tuning_machine *machine = page->picture->machine;
    struct ry_plan_group group = {.cpus = 0};
    unsigned cores = 1;
    char label[RY_PLAN_LABEL_BYTES];
    measure_cells(page);
    while (ry_plan_group_next(machine, &group)) {
        struct ry_plan_group last = last_alike(page->picture, &group);
        unsigned length = (unsigned)ry_plan_label(label, machine, &group, &last) + 1;
        page->label = length > page->label ? length : page->label;
        cores = group.cores > cores ? group.cores : cores;
        group = last;
    }
    page->columns = (columns < COLUMNS_MIN ? COLUMNS_MIN : columns) - FRAME;
    assert(page->columns < sizeof page->line);
    unsigned fit = (page->columns - page->label - 1) / (cell_width(page) + 1);
    fit = fit == 0 ? 1 : fit;
    unsigned rows = (cores + fit - 1) / fit;
    page->across = (cores + rows - 1) / rows;
    unsigned needed = page->label + page->across * (cell_width(page) + 1) + 1;
    page->columns = needed > COLUMNS_MIN - FRAME ? needed : COLUMNS_MIN - FRAME;
}

void ry_plan_draw_text(FILE *out, const struct ry_plan_picture *picture, unsigned columns)
{
    struct page page = {.out = out, .picture = picture};
    const struct ry_plan_group none = {.cpus = 0};
    struct ry_plan_group group = none, before = none;
    char title[32];
    measure(&page, columns < LINE_BYTES ? columns : LINE_BYTES);
    while (ry_plan_group_next(picture->machine, &group)) {
        bool first = before.cpus == 0;
        if (first || group.package != before.package) {
            snprintf(title, sizeof title, "socket %u", group.package);
            put_frame(&page, title);
        }
        if (first || group.package != before.package || group.node != before.node)
            put_node(&page, group.node);
        struct ry_plan_group last = last_alike(picture, &group);
        if (is_line(&page, &group, &last)) {
            put_quiet(&page, &group, &last);
            group = last;
        } else {
            put_group(&page, &group);
        }
        before = group;
    }
    put_frame(&page, "");
}
