/*
 * The league: a table over all battles of all appliances that write to one cluster, a line an
 * agent's name. Pure: rows go in, in any order and as often as they come; lines come out.
 *
 * What it is made of: `standing` rows (core/results/rows.def), of which the last of each battle and
 * agent counts. So a topic that keeps only the last message of each key gives the same table as one
 * that keeps them all.
 *
 * Example: in battle X, over and ranked, "momentum" was 2nd of 4 and earned 10; in battle Y, 1st of
 * 4, and lost 3; in battle Z its process died; battle V runs. Its line: 2 battles, 1 win, mean rank
 * 1.500 of 4.000, 5 of 6 rivals beaten (83.3 %), pnl 7, died 1, running 1.
 *
 * A battle of an agent is counted in one of these:
 *
 *     running    it has not ended (or whoever exported it has gone for good: `seen_ms` says when)
 *     unranked   it ended, but was stopped, has a stamp (a wall clock chose one of its moments),
 * has a feed that says that it lacks something, or ended before its first round died, stalled   it
 * was ranked, but the agent left it so: its rank says nothing of its strategy battles    all
 * others. Ranks, wins, rivals, PnL are those of these battles alone
 */
#ifndef RY_TOOLS_KAFKA_LEAGUE_H
#define RY_TOOLS_KAFKA_LEAGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/battle/battle.h"

#define RY_KAFKA_LEAGUE_NAME_BYTES  64 /* of an agent, an appliance, with the final NUL */
#define RY_KAFKA_LEAGUE_AGENTS_MAX  (UINT64_C(1) << 20) /* of a battle */
#define RY_KAFKA_LEAGUE_ROWS_MAX    (UINT64_C(1) << 32) /* battles times agents */
#define RY_KAFKA_LEAGUE_MONEY_MAX   ((__int128)1 << 90) /* of a row, to both sides: sums fit */
#define RY_KAFKA_LEAGUE_OUT_UNKNOWN RY_OUTS /* a reason that this program does not know */

/* What a standing says. */
struct ry_kafka_league_row {
    struct ry_battle_id battle_id;
    char agent[RY_KAFKA_LEAGUE_NAME_BYTES];
    uint64_t input, n; /* which row of the battle it is */
    int64_t seen_ms;   /* when its message was written; ms since the Unix epoch */
    bool later;        /* of a later format: what follows is not known */
    char appliance[RY_KAFKA_LEAGUE_NAME_BYTES];
    uint64_t agents, rank; /* rank 0: none; at most agents */
    unsigned out;          /* enum ry_out, or RY_KAFKA_LEAGUE_OUT_UNKNOWN */
    __int128 pnl;
    bool ended, stopped, stamped, incomplete;
};

struct ry_kafka_league_line {
    char agent[RY_KAFKA_LEAGUE_NAME_BYTES];
    uint64_t battles, wins;
    uint64_t ranks;            /* sum */
    uint64_t fields;           /* sum of the battles' agents */
    __int128 pnl;              /* sum */
    uint64_t out[RY_OUTS + 1]; /* by reason; RY_OUT_NONE: in to the end; died and stalled are no
                                  `battles` */
    uint64_t unranked, running;
    int64_t seen_ms; /* of its latest message */
};

/* Battles are counted once, whatever number of agents they have here. */
struct ry_kafka_league_table {
    struct ry_kafka_league_line *line;
    size_t lines;
    uint64_t ranked, unranked, running; /* battles */
    uint64_t appliances;                /* that said who they are */
    uint64_t later;                     /* rows of a later format, which are in no line */
};

struct ry_kafka_league {
    void *rows; /* a tree: tsearch(3) */
    uint64_t count;
};

void ry_kafka_league_open(struct ry_kafka_league *league);
/* Also empties it. */
void ry_kafka_league_close(struct ry_kafka_league *league);

/* Keeps the row if it is the last of its battle and agent: of (input, n), then of seen_ms. Returns
 * whether it does. The row is in the ranges above. Ends the process if there is no memory. */
bool ry_kafka_league_take(struct ry_kafka_league *league, const struct ry_kafka_league_row *row);

/* Takes an agent out of a battle; false: it is not there. */
bool ry_kafka_league_drop(struct ry_kafka_league *league, const struct ry_battle_id *id,
                          const char *agent);

/*
 * The lines, best first: more rivals left behind, as a share of all rivals met; of equal shares,
 * more wins; then more PnL; then by name. Who has met no rival stands behind all who have.
 */
void ry_kafka_league_table(const struct ry_kafka_league *league,
                           struct ry_kafka_league_table *table);
void ry_kafka_league_table_close(struct ry_kafka_league_table *table);

/* In thousandths, rounded to the nearest, halves up; 0 of no battles. */
uint64_t ry_kafka_league_mean_rank(const struct ry_kafka_league_line *line);
uint64_t ry_kafka_league_mean_field(const struct ry_kafka_league_line *line);

/* Rivals met, and those of them that it left behind. */
static inline uint64_t ry_kafka_league_rivals(const struct ry_kafka_league_line *line)
{
    return line->fields - line->battles;
}

static inline uint64_t ry_kafka_league_beaten(const struct ry_kafka_league_line *line)
{
    return line->fields - line->ranks;
}

/* Beaten in thousandths of rivals, likewise rounded; 0 of none. */
uint64_t ry_kafka_league_share(const struct ry_kafka_league_line *line);

#endif
