/*
 * What a film holds. Private to tools/film.
 */
#ifndef RY_TOOLS_FILM_INTERNAL_H
#define RY_TOOLS_FILM_INTERNAL_H

#include "tools/film/record.h"

#define RY_FILM_NONE       INT64_MIN /* no price */
#define RY_FILM_TEXT_BYTES 160
/* Leaders may change as often as columns end; these leave room for all else. */
#define RY_FILM_LEADERS_MAX (RY_FILM_EVENTS_MAX / 2)
/* Trades with an agent in them of one input whose public trades have not come yet. */
#define RY_FILM_MARKS_MAX 4096u

struct ry_film_bubble {
    uint64_t input;
    int64_t price, qty;
    uint8_t side; /* of the aggressor; 0: not known */
    bool agent;   /* an agent was in it */
};

/* One instrument in one column. */
struct ry_film_cell {
    bool filmed; /* else null */
    uint8_t bubbles;
    int64_t bid, ask, last; /* RY_FILM_NONE */
    uint64_t trades;
    int64_t volume;
    int64_t open, high, low, close;                    /* with trades > 0 */
    struct ry_film_bubble bubble[RY_FILM_BUBBLES_MAX]; /* as they came */
    uint32_t bid_qty[RY_FILM_LEVELS], ask_qty[RY_FILM_LEVELS];
};

struct ry_film_slot {
    uint16_t instrument;
    bool ordered; /* an agent's order was accepted for it */
    struct ry_film_cell cell[RY_FILM_COLUMNS_MAX];
};

/* All agents in one column. */
struct ry_film_stage {
    uint64_t input;
    int64_t gain[RY_AGENTS_MAX];
    uint8_t rank[RY_AGENTS_MAX];
};

enum ry_film_what {
    RY_FILM_ROUND = 0,
    RY_FILM_OUT,
    RY_FILM_LEADER,
    RY_FILM_RANK,
    RY_FILM_STAMP,
    RY_FILM_END,
};

struct ry_film_event {
    uint64_t input;
    int64_t time;
    enum ry_film_what what;
    uint16_t agent; /* RY_RESULTS_NONE */
    char text[RY_FILM_TEXT_BYTES];
};

/* A trade with an agent in it, said before the public one. */
struct ry_film_mark {
    uint16_t instrument;
    int64_t price, qty;
};

/* Names and scales, as far as JSON needs them: results of later inputs say the same. */
struct ry_film_instrument {
    char symbol[RY_SYMBOL_BYTES];
    uint8_t price_scale;
    int64_t tick_size;
};

struct ry_film {
    struct ry_battle_id battle_id;
    struct ry_film_of of;
    int64_t step_ns;
    unsigned count; /* columns that have begun; the last one is at hand */
    bool complete;  /* the battle has ended */
    uint16_t agents, instruments, slots;
    char name[RY_AGENTS_MAX][RY_NAME_BYTES];
    uint16_t leader; /* RY_RESULTS_NONE */
    uint64_t marks_input;
    unsigned marks, marks_met;
    uint64_t marks_left_out;
    unsigned events, leaders;
    uint64_t events_left_out;
    struct ry_film_instrument *instrument; /* by id */
    struct ry_film_stage stage[RY_FILM_COLUMNS_MAX];
    struct ry_film_event event[RY_FILM_EVENTS_MAX];
    struct ry_film_mark mark[RY_FILM_MARKS_MAX];
    struct ry_film_slot slot[RY_FILM_INSTRUMENTS_MAX];
};

_Static_assert(sizeof(struct ry_film) + RY_INSTRUMENTS_MAX * sizeof(struct ry_film_instrument) <=
                   RY_FILM_BYTES_MAX,
               "a film fits");

/* ---- cells.c --------------------------------------------------------------------------------- */

/* A trade of the column; of a column that is filmed. */
void ry_film_cell_trade(struct ry_film_cell *cell, const struct ry_film_bubble *trade);

/* `cell` becomes both columns, `behind` the later one. */
void ry_film_cell_merge(struct ry_film_cell *cell, const struct ry_film_cell *behind);

/* How it stands: prices and depth. */
void ry_film_cell_stand(struct ry_film_cell *cell, const struct ry_arena *arena,
                        uint16_t instrument, int64_t tick);

/* ---- events.c -------------------------------------------------------------------------------- */

void ry_film_event_row(struct ry_film *film, const struct ry_results *results,
                       const struct ry_results_row *row);
void ry_film_event_leader(struct ry_film *film, const struct ry_results *results, uint16_t leader);

/* ---- film.c ---------------------------------------------------------------------------------- */

/* How a film looks with fewer columns. */
struct ry_film_shown {
    unsigned each; /* columns of the film in one that is shown; the last one may have fewer */
    unsigned columns;
    int64_t step_ns;
};

/* RY_FILM_COLUMNS_RANGE: `columns` is out of range. */
enum ry_film_code ry_film_show(const struct ry_film *film, unsigned columns,
                               struct ry_film_shown *shown);

/* The last column of the film in shown column `at`. */
unsigned ry_film_shown_last(const struct ry_film *film, const struct ry_film_shown *shown,
                            unsigned at);

/* Shown column `at` of the instrument in that slot. */
void ry_film_shown_cell(const struct ry_film *film, const struct ry_film_shown *shown,
                        unsigned slot, unsigned at, struct ry_film_cell *cell);

#endif
