/*
 * Boxes in boxes: a socket, its memory nodes, their caches, cores, threads. Caches flow from left
 * to right as long as they fit. A box lies under what is in it and so comes before it, but its
 * height is known later: sockets, nodes and the rest are layers that are written into memory.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/plan/shape.h"

/* Lengths, in units of the picture. */
#define WIDTH         800
#define PAD           10 /* between a box and what is in it */
#define HEAD          20 /* a box's title */
#define CORE_WIDTH    88
#define CORE_GAP      4
#define CORE_PAD      2
#define THREAD_HEIGHT 20
#define CACHE_GAP     8
#define CACHE_PAD     6
#define ACROSS_MAX    8 /* cores in a row of a cache */
#define LEGEND        22

#define NODE_WIDTH (WIDTH - 2 * PAD)
#define FLOW_LEFT  (2 * PAD)
#define FLOW_RIGHT (WIDTH - 2 * PAD)

_Static_assert(FLOW_LEFT + ACROSS_MAX * (CORE_WIDTH + CORE_GAP) - CORE_GAP + 2 * CACHE_PAD <=
                   FLOW_RIGHT,
               "a cache with most cores in a row fits");

static const char style[] =
    "<style>\n"
    ".ry-machine{--ground:#fff;--ink:#1b1f24;--dim:#57606a;--line:#8c959f;--socket:#f6f8fa;--node:#eaeef2;"
    "--cache:#d8dee4;--free:#ffffff;--house:#f0f3f6;--idle:#e3e7eb;--exec:#ffc8a8;--feed:#a9d6ff;"
    "--journal:#d9c7ff;--agent:#b4e6b9;--observer:#ffe19a}\n"
    "@media (prefers-color-scheme:dark){.ry-machine{--ground:#0d1117;--ink:#e6edf3;--dim:#a5afba;--line:#6e7681;"
    "--socket:#11161d;--node:#1a2029;--cache:#262d37;--free:#0d1117;--house:#1f262f;--idle:#161b22;"
    "--exec:#8a3d12;--feed:#0f4f8a;--journal:#573a94;--agent:#1c6129;--observer:#6d5200}}\n"
    ".ry-machine{font:12px system-ui,sans-serif;background:var(--ground)}\n"
    ".ry-machine text{fill:var(--ink)}\n"
    ".ry-machine .dim{fill:var(--dim)}\n"
    ".ry-machine rect{stroke:var(--line);stroke-width:1}\n"
    ".ry-machine .socket{fill:var(--socket)}\n"
    ".ry-machine .node{fill:var(--node)}\n"
    ".ry-machine .cache{fill:var(--cache)}\n"
    ".ry-machine .core{fill:var(--free)}\n"
    ".ry-machine .cpu rect{stroke:none;fill:var(--free)}\n"
    ".ry-machine .cpu.house rect{fill:var(--house)}\n"
    ".ry-machine .cpu.idle rect{fill:var(--idle)}\n"
    ".ry-machine .cpu.exec rect{fill:var(--exec)}\n"
    ".ry-machine .cpu.feed rect{fill:var(--feed)}\n"
    ".ry-machine .cpu.journal rect{fill:var(--journal)}\n"
    ".ry-machine .cpu.agent rect{fill:var(--agent)}\n"
    ".ry-machine .cpu.observer rect{fill:var(--observer)}\n"
    ".ry-machine .cpu.process .word{font-weight:600}\n"
    ".ry-machine .cpu.isolated rect{stroke:var(--ink);stroke-width:1.5}\n"
    ".ry-machine .cpu.wasted rect,.ry-machine .cpu.offline rect,.ry-machine .cpu.barred rect{stroke:var(--line);"
    "stroke-dasharray:3 2}\n"
    ".ry-machine .cpu .word.none{fill:var(--dim)}\n"
    "</style>\n";

enum layer { SOCKETS, NODES, CACHES, LAYERS };

struct sheet {
    FILE *layer[LAYERS];
    const struct ry_plan_picture *picture;
    int x, y;   /* where the next cache goes */
    int lowest; /* of the caches of this line */
    int socket_top, node_top;
    bool isolated; /* some thread is */
    bool idle;     /* likewise: beside a process */
};

/* ---- pieces ---------------------------------------------------------------------------------- */

/* Plain text of ASCII; whatever else there is becomes a question mark, so that it is XML. */
static void put_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text < ' ' || *text > '~' ? '?' : *text, out); break;
        }
}

static void put_box(FILE *out, const char *class, int x, int y, int width, int height)
{
    fprintf(out, "<rect class=\"%s\" x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
            class, x, y, width - 1, height - 1);
}

static void put_head(struct sheet *sheet, int x, int y, const char *text)
{
    FILE *out = sheet->layer[CACHES];
    fprintf(out, "<text class=\"dim\" x=\"%d\" y=\"%d\">", x, y + HEAD - 6);
    put_text(out, text);
    fputs("</text>\n", out);
}

static const char *class_of_role(enum ry_tuning_role role)
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

static const char *class_of(const struct ry_plan_thread *thread)
{
    switch (thread->on) {
    case RY_PLAN_ON_HOUSE: return "house";
    case RY_PLAN_ON_WASTED: return "wasted";
    case RY_PLAN_ON_IDLE: return "idle";
    case RY_PLAN_ON_BARRED: return "barred";
    case RY_PLAN_ON_OFFLINE: return "offline";
    case RY_PLAN_ON_FREE: return "free";
    case RY_PLAN_ON_PROCESS: break;
    }
    return class_of_role(thread->process->role);
}

static void put_title(struct sheet *sheet, const struct ry_tuning_cpu *cpu)
{
    const struct ry_tuning_placement *placement = sheet->picture->placement;
    FILE *out = sheet->layer[CACHES];
    fprintf(out, "<title>CPU %u", cpu->cpu);
    for (unsigned i = 0; placement != NULL && i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        if (process->core != (int)cpu->cpu)
            continue;
        fputs("; ", out);
        put_text(out, process->name);
        fprintf(out, ", %s: ", ry_tuning_wait_word(process->wait));
        put_text(out, process->why);
    }
    fprintf(out, "%s</title>", cpu->isolated ? "; isolated" : "");
}

static void put_thread(struct sheet *sheet, unsigned row, int x, int y)
{
    const struct ry_tuning_cpu *cpu = &sheet->picture->machine->cpu[row];
    struct ry_plan_thread thread;
    FILE *out = sheet->layer[CACHES];
    ry_plan_thread_of(sheet->picture, row, &thread);
    bool process = thread.process != NULL;
    sheet->isolated |= cpu->isolated;
    sheet->idle |= thread.on == RY_PLAN_ON_IDLE;
    fprintf(out, "<g class=\"cpu %s%s%s\" data-cpu=\"%u\">", class_of(&thread),
            process ? " process" : "", cpu->isolated ? " isolated" : "", cpu->cpu);
    put_title(sheet, cpu);
    fprintf(out,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>"
            "<text class=\"dim\" x=\"%d\" y=\"%d\" font-size=\"10\">%u</text>"
            "<text class=\"word%s\" x=\"%d\" y=\"%d\" font-size=\"11\">",
            x, y + 1, CORE_WIDTH - 2 * CORE_PAD, THREAD_HEIGHT - 2, x + 3, y + 14, cpu->cpu,
            process ? "" : " none", x + (cpu->cpu < 100 ? 18 : 25), y + 14);
    put_text(out, thread.word);
    fputs("</text></g>\n", out);
}

/* ---- a cache --------------------------------------------------------------------------------- */

/* Cores in a row: at most ACROSS_MAX, shared out evenly over its rows. */
static unsigned across_of(const struct ry_plan_group *group)
{
    unsigned rows = (group->cores + ACROSS_MAX - 1) / ACROSS_MAX;
    return (group->cores + rows - 1) / rows;
}

static void put_cores(struct sheet *sheet, const struct ry_plan_group *group, int left, int top)
{
    const struct ry_tuning_machine *machine = sheet->picture->machine;
    const int height = (int)group->threads * THREAD_HEIGHT + 2 * CORE_PAD;
    const unsigned across = across_of(group);
    unsigned core = 0, thread = 0;
    int x = 0, y = 0;
    for (unsigned i = 0; i < group->cpus; i++) {
        unsigned row = group->first + i;
        bool new_core = i == 0 || machine->cpu[row].core != machine->cpu[row - 1].core;
        if (new_core) {
            x = left + (int)(core % across) * (CORE_WIDTH + CORE_GAP);
            y = top + (int)(core / across) * (height + CORE_GAP);
            put_box(sheet->layer[CACHES], "core", x, y, CORE_WIDTH, height);
            core++;
            thread = 0;
        }
        put_thread(sheet, row, x + CORE_PAD, y + CORE_PAD + (int)thread * THREAD_HEIGHT);
        thread++;
    }
}

static void put_cache(struct sheet *sheet, const struct ry_plan_group *group)
{
    const int across = (int)across_of(group), rows = ((int)group->cores + across - 1) / across;
    const int core_height = (int)group->threads * THREAD_HEIGHT + 2 * CORE_PAD;
    const int width = across * (CORE_WIDTH + CORE_GAP) - CORE_GAP + 2 * CACHE_PAD;
    const int height = HEAD + rows * (core_height + CORE_GAP) - CORE_GAP + CACHE_PAD;
    char text[RY_PLAN_LABEL_BYTES];
    if (sheet->x + width > FLOW_RIGHT) {
        sheet->x = FLOW_LEFT;
        sheet->y = sheet->lowest + CACHE_GAP;
    }
    put_box(sheet->layer[CACHES], "cache", sheet->x, sheet->y, width, height);
    (void)ry_plan_label(text, sheet->picture->machine, group, group);
    put_head(sheet, sheet->x + CACHE_PAD, sheet->y, text);
    put_cores(sheet, group, sheet->x + CACHE_PAD, sheet->y + HEAD);
    sheet->x += width + CACHE_GAP;
    if (sheet->y + height > sheet->lowest)
        sheet->lowest = sheet->y + height;
}

/* ---- sockets and nodes ----------------------------------------------------------------------- */

static void end_node(struct sheet *sheet)
{
    int height = sheet->lowest + PAD - sheet->node_top;
    put_box(sheet->layer[NODES], "node", PAD, sheet->node_top, NODE_WIDTH, height);
    sheet->lowest += PAD;
}

static void end_socket(struct sheet *sheet)
{
    int height = sheet->lowest + PAD - sheet->socket_top;
    put_box(sheet->layer[SOCKETS], "socket", 0, sheet->socket_top, WIDTH, height);
    sheet->lowest += PAD;
}

static void begin_socket(struct sheet *sheet, unsigned package)
{
    char text[32];
    sheet->socket_top = sheet->lowest;
    snprintf(text, sizeof text, "socket %u", package);
    put_head(sheet, PAD, sheet->socket_top, text);
    sheet->lowest = sheet->socket_top + HEAD;
}

static void begin_node(struct sheet *sheet, unsigned node)
{
    char title[RY_PLAN_TITLE_BYTES];
    ry_plan_node_title(title, sheet->picture->machine, node);
    sheet->node_top = sheet->lowest;
    put_head(sheet, FLOW_LEFT, sheet->node_top, title);
    sheet->x = FLOW_LEFT;
    sheet->y = sheet->lowest = sheet->node_top + HEAD;
}

/* Ends what `group` is no more of (NULL: all), begins what it is the first of. */
static void turn(struct sheet *sheet, const struct ry_plan_group *before,
                 const struct ry_plan_group *group)
{
    bool first = before->cpus == 0;
    bool socket = first || group == NULL || group->package != before->package;
    bool node = socket || group->node != before->node;
    if (!first && node) {
        end_node(sheet);
        sheet->lowest += socket ? 0 : CACHE_GAP;
    }
    if (!first && socket) {
        end_socket(sheet);
        sheet->lowest += group != NULL ? CACHE_GAP : 0;
    }
    if (group != NULL && socket)
        begin_socket(sheet, group->package);
    if (group != NULL && node)
        begin_node(sheet, group->node);
}

static void put_legend(struct sheet *sheet)
{
    if (!sheet->idle && !sheet->isolated)
        return;
    char text[160];
    snprintf(text, sizeof text, "%s%s%s", sheet->idle ? "idle: beside a process, left alone" : "",
             sheet->idle && sheet->isolated ? "; " : "",
             sheet->isolated ? "outlined: isolated from the scheduler" : "");
    put_head(sheet, PAD, sheet->lowest + 2, text);
    sheet->lowest += LEGEND;
}

static void place(struct sheet *sheet)
{
    struct ry_plan_group group = {.cpus = 0}, before = group;
    while (ry_plan_group_next(sheet->picture->machine, &group)) {
        turn(sheet, &before, &group);
        put_cache(sheet, &group);
        before = group;
    }
    turn(sheet, &before, NULL);
    put_legend(sheet);
}

void ry_plan_draw_svg(FILE *out, const struct ry_plan_picture *picture)
{
    struct sheet sheet = {.picture = picture};
    char *text[LAYERS], summary[RY_PLAN_TITLE_BYTES];
    size_t bytes[LAYERS];
    for (unsigned i = 0; i < LAYERS; i++)
        if ((sheet.layer[i] = open_memstream(&text[i], &bytes[i])) == NULL)
            abort(); /* no memory */
    place(&sheet);
    ry_plan_summary(summary, picture->machine);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ry-machine\" width=\"%d\" "
            "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n%s",
            WIDTH, sheet.lowest, WIDTH, sheet.lowest, summary, style);
    for (unsigned i = 0; i < LAYERS; i++) {
        if (fclose(sheet.layer[i]) != 0)
            abort(); /* no memory */
        (void)fwrite(text[i], 1, bytes[i], out);
        free(text[i]);
    }
    fputs("</svg>\n", out);
}
