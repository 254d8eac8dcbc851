/* The feeds: what comes in, and what did not. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/top/pages.h"
#include "tools/top/table.h"

enum column { NAME, OWN, STATE, RATE, EVENTS, GAPS, LOST, BUSY, STALE, COLUMNS };

static const struct ry_top_column columns[COLUMNS] = {
    [NAME] = {.head = "feed", .cells = 6},
    [OWN] = {.head = "is",
             .cells = 8,
             .names = true,
             .stretches = true,
             .most = RY_NAME_BYTES,
             .leaves = 2},
    [STATE] = {.head = "state", .cells = 6},
    [RATE] = {.head = "a second", .cells = 14, .right = true, .leaves = 1},
    [EVENTS] = {.head = "events", .cells = 7, .right = true, .leaves = 4},
    [GAPS] = {.head = "gaps", .cells = 6, .right = true},
    [LOST] = {.head = "lost", .cells = 6, .right = true, .leaves = 5},
    [BUSY] = {.head = "busy", .cells = 5, .right = true, .leaves = 6},
    [STALE] = {.head = "stale", .cells = 10, .right = true, .leaves = 3},
};

/* The feeds among the processes. */
struct feeds {
    const struct ry_top_sheet *sheet;
    unsigned count;
    const struct ry_watch_process *feed[RY_WATCH_PROCESSES_MAX];
};

static void find_feeds(struct feeds *feeds, const struct ry_top_sheet *sheet)
{
    const struct ry_watch_processes *all = &sheet->scene->watch->processes;
    feeds->sheet = sheet;
    feeds->count = 0;
    for (unsigned i = 0; i < all->count; i++)
        if (strncmp(all->process[i].name, "feed", 4) == 0)
            feeds->feed[feeds->count++] = &all->process[i];
}

static const struct ry_watch_process *feed_of(const void *context, unsigned row)
{
    return ((const struct feeds *)context)->feed[row];
}

static const char *name_of(const void *context, unsigned row)
{
    const struct ry_watch_process *p = feed_of(context, row);
    return p->own[0] != 0 ? p->own : p->name;
}

static uint64_t counter_of(const struct ry_watch_process *p, const char *name)
{
    uint64_t value = 0;
    return ry_watch_counter(p, name, &value) ? value : 0;
}

#define QUIET_NS RY_NS_PER_SECOND /* shorter silences are no news */

/* Whether data still come: "no"; else for how long none have. */
static const char *stale_of(char text[RY_TOP_WORD_BYTES], const struct ry_watch_process *p)
{
    switch (p->state) {
    case RY_WATCH_STANDS: return ry_top_age(text, p->beat_age_ns);
    case RY_WATCH_ENDED: return "at its end";
    case RY_WATCH_STARTS: return "not yet";
    case RY_WATCH_RUNS: break;
    }
    return p->quiet_ns >= QUIET_NS ? ry_top_age(text, p->quiet_ns) : "no";
}

static unsigned look_of(const void *context, unsigned row)
{
    const struct ry_watch_process *p = feed_of(context, row);
    if (p->state == RY_WATCH_STANDS)
        return RY_TOP_RED | RY_TOP_BOLD;
    return counter_of(p, "gaps") > 0 || p->lost > 0 ? RY_TOP_YELLOW : RY_TOP_PLAIN;
}

static void put_cell(const void *context, unsigned row, unsigned column, struct ry_top_field *field)
{
    const struct ry_watch_process *p = feed_of(context, row);
    char *text = field->text, word[RY_TOP_WORD_BYTES];
    strcpy(text, "-");
    switch ((enum column)column) {
    case NAME: snprintf(text, RY_TOP_FIELD_BYTES, "%s", p->name); break;
    case OWN: snprintf(text, RY_TOP_FIELD_BYTES, "%s", p->own); break;
    case STATE: snprintf(text, RY_TOP_FIELD_BYTES, "%s", ry_watch_state_name(p->state)); break;
    case RATE:
        snprintf(text, RY_TOP_FIELD_BYTES, "%s %.20s", ry_text_count(word, p->rate),
                 p->rate_unit != NULL ? p->rate_unit : "");
        break;
    case EVENTS: (void)ry_text_count(text, counter_of(p, "events")); break;
    case GAPS: (void)ry_text_count(text, counter_of(p, "gaps")); break;
    case LOST: (void)ry_text_count(text, p->lost); break;
    case BUSY:
        if (p->busy_permille >= 0)
            snprintf(text, RY_TOP_FIELD_BYTES, "%d %%", p->busy_permille / 10);
        break;
    case STALE: snprintf(text, RY_TOP_FIELD_BYTES, "%s", stale_of(word, p)); break;
    case COLUMNS: break;
    }
}

static void sort_by(const void *context, unsigned row, unsigned column,
                    struct ry_top_sorter *sorter)
{
    const struct ry_watch_process *p = feed_of(context, row);
    switch ((enum column)column) {
    case NAME: sorter->text = p->name; break;
    case OWN: sorter->text = p->own; break;
    case STATE: sorter->number = p->state; break;
    case RATE: sorter->number = (__int128)p->rate; break;
    case EVENTS: sorter->number = (__int128)counter_of(p, "events"); break;
    case GAPS: sorter->number = (__int128)counter_of(p, "gaps"); break;
    case LOST: sorter->number = (__int128)p->lost; break;
    case BUSY: sorter->number = p->busy_permille; break;
    case STALE: sorter->number = p->beat_age_ns; break;
    case COLUMNS: break;
    }
}

/* What the feed has counted so far, each counter with its sentence; odd ones first. */
static void put_counters(const struct ry_top_area *area, const struct ry_watch_process *p)
{
    unsigned y = 0;
    if (p->description == NULL)
        return;
    ry_top_put(area, 0, y++, RY_TOP_BOLD, "what %s has counted", p->name);
    for (int odd = 1; odd >= 0; odd--) {
        for (unsigned i = 0; i < p->counters && i < p->description->count; i++) {
            const struct ry_counter counter = ry_counters_described(p->description, i);
            char count[RY_TOP_WORD_BYTES];
            if (p->value[i] == 0 || counter.kind == RY_COUNTER_KIND_HASH ||
                (counter.remedy[0] != 0) != odd)
                continue;
            ry_top_put(area, 0, y++, odd ? RY_TOP_YELLOW : RY_TOP_PLAIN, "%10s  %-20s %s%s%s",
                       ry_text_count(count, p->value[i]), counter.name, counter.sentence,
                       odd ? ": " : "", counter.remedy);
        }
    }
}

void ry_top_page_feeds(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    struct feeds feeds;
    find_feeds(&feeds, sheet);
    const struct ry_top_table table = {
        .column = columns,
        .columns = COLUMNS,
        .count = feeds.count,
        .context = &feeds,
        .nothing = "nothing is known of feeds: the battle is over, or its door did not open",
        .field = put_cell,
        .sorter = sort_by,
        .name = name_of,
        .look = look_of};
    unsigned rows = 1 + (feeds.count > 0 ? feeds.count : 1);
    struct ry_top_area list = ry_top_area(area->screen, area->x, area->y, area->width,
                                          rows < area->height ? rows : area->height);
    unsigned row = ry_top_table(&list, &table, sheet->view);
    if (row == RY_TOP_NONE || area->height <= rows + 1)
        return;
    struct ry_top_area below = ry_top_area(area->screen, area->x, area->y + rows + 1, area->width,
                                           area->height - rows - 1);
    put_counters(&below, feeds.feed[row]);
}
