#include "tools/kafka/league.h"

#include <assert.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THOUSANDTHS 1000

/* A league that does not fit is no league: rows that are left out would be a wrong table. */
static void *whole(void *memory)
{
    if (memory == NULL) {
        fputs("royale: no memory for the league\n", stderr);
        abort();
    }
    return memory;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int compare_rows(const void *left, const void *right)
{
    const struct ry_kafka_league_row *a = left, *b = right;
    int order = memcmp(&a->battle_id, &b->battle_id, sizeof a->battle_id);
    return order != 0 ? order : strcmp(a->agent, b->agent);
}

/* Whether `a` counts in place of `b`. Of the same row written twice, the later message: it is the
 * one that compaction leaves. */
static bool replaces(const struct ry_kafka_league_row *a, const struct ry_kafka_league_row *b)
{
    if (a->input != b->input)
        return a->input > b->input;
    return a->n != b->n ? a->n > b->n : a->seen_ms > b->seen_ms;
}

void ry_kafka_league_open(struct ry_kafka_league *league)
{
    *league = (struct ry_kafka_league){0};
}

void ry_kafka_league_close(struct ry_kafka_league *league)
{
    tdestroy(league->rows, free);
    ry_kafka_league_open(league);
}

static void check_row(const struct ry_kafka_league_row *row)
{
    assert(memchr(row->agent, 0, sizeof row->agent) != NULL);
    assert(memchr(row->appliance, 0, sizeof row->appliance) != NULL);
    assert(row->agents <= RY_KAFKA_LEAGUE_AGENTS_MAX && row->rank <= row->agents);
    assert(row->out <= RY_KAFKA_LEAGUE_OUT_UNKNOWN);
    assert(row->pnl <= RY_KAFKA_LEAGUE_MONEY_MAX && row->pnl >= -RY_KAFKA_LEAGUE_MONEY_MAX);
}

bool ry_kafka_league_take(struct ry_kafka_league *league, const struct ry_kafka_league_row *row)
{
    check_row(row);
    struct ry_kafka_league_row **there = tfind(row, &league->rows, compare_rows);
    if (there != NULL) {
        if (!replaces(row, *there))
            return false;
        **there = *row;
        return true;
    }
    assert(league->count < RY_KAFKA_LEAGUE_ROWS_MAX);
    struct ry_kafka_league_row *kept = whole(malloc(sizeof *kept));
    *kept = *row;
    (void)whole(tsearch(kept, &league->rows, compare_rows));
    league->count++;
    return true;
}

bool ry_kafka_league_drop(struct ry_kafka_league *league, const struct ry_battle_id *id,
                          const char *agent)
{
    struct ry_kafka_league_row key = {.battle_id = *id};
    size_t bytes = strlen(agent);
    if (bytes >= sizeof key.agent)
        return false;
    memcpy(key.agent, agent, bytes + 1);
    struct ry_kafka_league_row **there = tfind(&key, &league->rows, compare_rows);
    if (there == NULL)
        return false;
    struct ry_kafka_league_row *row = *there;
    tdelete(&key, &league->rows, compare_rows);
    free(row);
    league->count--;
    return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Rows come in the order of battles, so a battle is done when another one's row comes. */
struct walk {
    struct ry_kafka_league_table *table;
    void *lines;      /* a tree of them, by name */
    void *appliances; /* a tree of names, which are the rows' */
    const struct ry_battle_id *battle;
    bool running, unranked; /* of it */
};

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

static bool unranked(const struct ry_kafka_league_row *row)
{
    return row->stopped || row->stamped || row->incomplete || row->rank == 0;
}

static void count_battle(struct walk *walk)
{
    if (walk->battle == NULL)
        return;
    walk->table->running += walk->running;
    walk->table->unranked += !walk->running && walk->unranked;
    walk->table->ranked += !walk->running && !walk->unranked;
}

static struct ry_kafka_league_line *line_of(struct walk *walk, const char *agent)
{
    /* `agent` is a line's first member. */
    struct ry_kafka_league_line **there = tfind(agent, &walk->lines, compare_names);
    if (there != NULL)
        return *there;
    struct ry_kafka_league_line *line = whole(calloc(1, sizeof *line));
    memcpy(line->agent, agent, strlen(agent) + 1);
    line->seen_ms = INT64_MIN;
    (void)whole(tsearch(line, &walk->lines, compare_names));
    walk->table->lines++;
    return line;
}

static void add_ranked(struct ry_kafka_league_line *line, const struct ry_kafka_league_row *row)
{
    line->out[row->out]++;
    if (row->out == RY_OUT_DIED || row->out == RY_OUT_STALLED)
        return;
    line->battles++;
    line->wins += row->rank == 1;
    line->ranks += row->rank;
    line->fields += row->agents;
    line->pnl += row->pnl;
}

static void add_row(struct walk *walk, const struct ry_kafka_league_row *row)
{
    if (row->later) {
        walk->table->later++;
        return;
    }
    if (walk->battle == NULL || memcmp(walk->battle, &row->battle_id, sizeof row->battle_id) != 0) {
        count_battle(walk);
        walk->battle = &row->battle_id;
        walk->running = walk->unranked = false;
    }
    walk->running |= !row->ended;
    walk->unranked |= row->ended && unranked(row);
    if (row->appliance[0] != 0)
        (void)whole(tsearch(row->appliance, &walk->appliances, compare_names));
    struct ry_kafka_league_line *line = line_of(walk, row->agent);
    line->seen_ms = row->seen_ms > line->seen_ms ? row->seen_ms : line->seen_ms;
    if (!row->ended)
        line->running++;
    else if (unranked(row))
        line->unranked++;
    else
        add_ranked(line, row);
}

static void visit_row(const void *node, VISIT which, void *context)
{
    if (which == postorder || which == leaf)
        add_row(context, *(const struct ry_kafka_league_row *const *)node);
}

static void visit_line(const void *node, VISIT which, void *context)
{
    struct ry_kafka_league_table *table = context;
    if (which == postorder || which == leaf)
        table->line[table->lines++] = **(const struct ry_kafka_league_line *const *)node;
}

static void visit_appliance(const void *node, VISIT which, void *context)
{
    (void)node;
    struct ry_kafka_league_table *table = context;
    table->appliances += which == postorder || which == leaf;
}

/* Below 0: `a` stands before `b`. Shares are compared as fractions, exactly. */
static int compare_lines(const void *left, const void *right)
{
    const struct ry_kafka_league_line *a = left, *b = right;
    uint64_t rivals_a = ry_kafka_league_rivals(a), rivals_b = ry_kafka_league_rivals(b);
    if ((rivals_a == 0) != (rivals_b == 0))
        return rivals_a == 0 ? 1 : -1;
    unsigned __int128 share_a = (unsigned __int128)ry_kafka_league_beaten(a) * rivals_b,
                      share_b = (unsigned __int128)ry_kafka_league_beaten(b) * rivals_a;
    if (share_a != share_b)
        return share_a > share_b ? -1 : 1;
    if (a->wins != b->wins)
        return a->wins > b->wins ? -1 : 1;
    if (a->pnl != b->pnl)
        return a->pnl > b->pnl ? -1 : 1;
    return strcmp(a->agent, b->agent);
}

static void keep_name(void *name)
{
    (void)name; /* the row's */
}

void ry_kafka_league_table(const struct ry_kafka_league *league,
                           struct ry_kafka_league_table *table)
{
    struct walk walk = {.table = table};
    *table = (struct ry_kafka_league_table){0};
    twalk_r(league->rows, visit_row, &walk);
    count_battle(&walk);
    table->line = whole(calloc(table->lines + 1, sizeof *table->line));
    table->lines = 0;
    twalk_r(walk.lines, visit_line, table);
    twalk_r(walk.appliances, visit_appliance, table);
    tdestroy(walk.lines, free);
    tdestroy(walk.appliances, keep_name);
    qsort(table->line, table->lines, sizeof *table->line, compare_lines);
}

void ry_kafka_league_table_close(struct ry_kafka_league_table *table)
{
    free(table->line);
    *table = (struct ry_kafka_league_table){0};
}

/* ---- figures --------------------------------------------------------------------------------- */

static uint64_t thousandths(uint64_t part, uint64_t of)
{
    unsigned __int128 twice = (unsigned __int128)part * (2 * THOUSANDTHS) + of;
    return of == 0 ? 0 : (uint64_t)(twice / (2 * (unsigned __int128)of));
}

uint64_t ry_kafka_league_mean_rank(const struct ry_kafka_league_line *line)
{
    return thousandths(line->ranks, line->battles);
}

uint64_t ry_kafka_league_mean_field(const struct ry_kafka_league_line *line)
{
    return thousandths(line->fields, line->battles);
}

uint64_t ry_kafka_league_share(const struct ry_kafka_league_line *line)
{
    return thousandths(ry_kafka_league_beaten(line), ry_kafka_league_rivals(line));
}
