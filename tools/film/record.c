#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tools/film/internal.h"

#define STEPS_LOG_MAX 62

/* ---- open ------------------------------------------------------------------------------------ */

struct ry_film_of ry_film_of_battle(const struct ry_input_battle *battle)
{
    return (struct ry_film_of){battle->trade_from, battle->trade_to, RY_FILM_COLUMNS_MAX};
}

static int64_t step_of(const struct ry_film_of *of)
{
    if (of->to == RY_TIME_NEVER)
        return RY_FILM_STEP_NS;
    const __int128 width = (__int128)of->to - of->from;
    const __int128 step = (width + of->columns - 1) / of->columns;
    return step > 0 ? (int64_t)step : 1;
}

static void choose(struct ry_film *film, const struct ry_film *like)
{
    film->slots = film->instruments < RY_FILM_INSTRUMENTS_MAX ? film->instruments
                                                              : (uint16_t)RY_FILM_INSTRUMENTS_MAX;
    for (uint16_t i = 0; i < film->slots; i++) {
        film->slot[i].instrument = like == NULL ? i : like->slot[i].instrument;
        film->slot[i].ordered = like != NULL; /* and stays */
    }
}

static void learn_names(struct ry_film *film, const struct ry_results *results)
{
    for (uint16_t id = 0; id < film->agents; id++)
        memcpy(film->name[id], results->agent[id].name, RY_NAME_BYTES);
    for (uint16_t i = 0; i < film->instruments; i++) {
        const struct ry_results_instrument *from = &results->instrument[i];
        film->instrument[i].price_scale = from->price_scale;
        film->instrument[i].tick_size = from->tick_size > 0 ? from->tick_size : 1;
        memcpy(film->instrument[i].symbol, from->symbol, RY_SYMBOL_BYTES);
    }
}

struct ry_film *ry_film_open(const struct ry_results *results, const struct ry_film_of *of,
                             const struct ry_film *like)
{
    struct ry_film *film = calloc(1, sizeof *film);
    if (film == NULL)
        return NULL;
    assert(of->columns > 0 && of->columns <= RY_FILM_COLUMNS_MAX);
    film->battle_id = results->battle_id;
    film->of = *of;
    film->step_ns = step_of(of);
    film->agents = results->agents;
    film->instruments = results->instruments;
    film->leader = RY_RESULTS_NONE;
    film->instrument = calloc(film->instruments, sizeof *film->instrument);
    if (film->instrument == NULL) {
        free(film);
        return NULL;
    }
    choose(film, like);
    learn_names(film, results);
    return film;
}

void ry_film_close(struct ry_film *film)
{
    if (film != NULL)
        free(film->instrument);
    free(film);
}

/* ---- columns --------------------------------------------------------------------------------- */

static bool end_known(const struct ry_film *film)
{
    return film->of.to != RY_TIME_NEVER;
}

/* Where column `at` begins. */
static __int128 begins(const struct ry_film *film, unsigned at)
{
    return (__int128)film->of.from + (__int128)at * film->step_ns;
}

int64_t ry_film_due(const struct ry_film *film)
{
    if (end_known(film) && film->count == film->of.columns)
        return RY_TIME_NEVER;
    const __int128 due = begins(film, film->count);
    return due < RY_TIME_NEVER ? (int64_t)due : RY_TIME_NEVER;
}

static void clear_column(struct ry_film *film, unsigned at)
{
    memset(&film->stage[at], 0, sizeof film->stage[at]);
    for (uint16_t i = 0; i < film->slots; i++)
        memset(&film->slot[i].cell[at], 0, sizeof film->slot[i].cell[at]);
}

/* Two columns become one. */
static void halve(struct ry_film *film)
{
    const unsigned half = (film->count + 1) / 2;
    for (unsigned at = 0; at < half; at++) {
        const unsigned last = 2 * at + 1 < film->count ? 2 * at + 1 : 2 * at;
        film->stage[at] = film->stage[last];
        for (uint16_t i = 0; i < film->slots; i++) {
            struct ry_film_cell *cell = film->slot[i].cell;
            cell[at] = cell[2 * at];
            if (last > 2 * at)
                ry_film_cell_merge(&cell[at], &cell[last]);
        }
    }
    for (unsigned at = half; at < film->count; at++)
        clear_column(film, at);
    film->count = half;
    film->step_ns *= 2;
}

/* The column that `time` lies in. */
static unsigned column_of(struct ry_film *film, int64_t time)
{
    const __int128 into = (__int128)time - film->of.from;
    unsigned doubled = 0;
    while (!end_known(film) && into / film->step_ns >= film->of.columns &&
           doubled++ < STEPS_LOG_MAX)
        halve(film);
    const __int128 at = into / film->step_ns;
    return at < film->of.columns ? (unsigned)at : film->of.columns - 1;
}

/* ---- how things stand ------------------------------------------------------------------------ */

static int64_t clamp(__int128 money)
{
    if (money > RY_RESULTS_INTEGER_MAX)
        return RY_RESULTS_INTEGER_MAX;
    return money < -RY_RESULTS_INTEGER_MAX ? -RY_RESULTS_INTEGER_MAX : (int64_t)money;
}

/* Ranks as ry_results_board_make has them. */
static void stand_agents(struct ry_film *film, struct ry_film_stage *stage,
                         const struct ry_results *results, const struct ry_arena *arena)
{
    struct ry_arena_outlook outlook = {.count = 0};
    uint8_t place[RY_AGENTS_MAX];
    for (uint16_t id = 0; id < film->agents; id++)
        place[id] = (uint8_t)(id + 1);
    if (results->round > 0)
        ry_arena_look_ahead(arena, &outlook);
    for (unsigned i = 0; i < outlook.count; i++)
        place[outlook.order[i]] = (uint8_t)(i + 1);
    for (uint16_t id = 0; id < film->agents; id++) {
        const struct ry_results_agent *agent = &results->agent[id];
        stage->rank[id] = agent->rank > 0 ? (uint8_t)agent->rank : place[id];
        stage->gain[id] = clamp(ry_arena_equity(arena, id) - agent->cash_start);
    }
}

static uint16_t leader_of(const struct ry_film *film, const struct ry_film_stage *stage)
{
    for (uint16_t id = 0; id < film->agents; id++)
        if (stage->rank[id] == 1)
            return id;
    return RY_RESULTS_NONE;
}

void ry_film_stand(struct ry_film *film, const struct ry_results *results,
                   const struct ry_arena *arena)
{
    if (film->count == 0)
        return;
    struct ry_film_stage *stage = &film->stage[film->count - 1];
    stage->input = results->input;
    stand_agents(film, stage, results, arena);
    for (uint16_t i = 0; i < film->slots; i++) {
        struct ry_film_slot *slot = &film->slot[i];
        ry_film_cell_stand(&slot->cell[film->count - 1], arena, slot->instrument,
                           film->instrument[slot->instrument].tick_size);
    }
}

/* Nothing fell into column `at`: it is as the one before it was when it ended. */
static void stand_on(struct ry_film *film, unsigned at)
{
    film->stage[at] = film->stage[at - 1];
    for (uint16_t i = 0; i < film->slots; i++) {
        struct ry_film_cell *cell = film->slot[i].cell;
        cell[at] = (struct ry_film_cell){.filmed = true,
                                         .bid = cell[at - 1].bid,
                                         .ask = cell[at - 1].ask,
                                         .last = cell[at - 1].last};
        memcpy(cell[at].bid_qty, cell[at - 1].bid_qty, sizeof cell[at].bid_qty);
        memcpy(cell[at].ask_qty, cell[at - 1].ask_qty, sizeof cell[at].ask_qty);
    }
}

static void lead(struct ry_film *film, const struct ry_results *results)
{
    const uint16_t leader = leader_of(film, &film->stage[film->count - 1]);
    if (results->round == 0 || leader == film->leader)
        return;
    ry_film_event_leader(film, results, leader);
    film->leader = leader;
}

void ry_film_turn(struct ry_film *film, const struct ry_results *results,
                  const struct ry_arena *arena, int64_t time)
{
    assert(time >= ry_film_due(film));
    ry_film_stand(film, results, arena);
    if (film->count > 0)
        lead(film, results);
    const unsigned at = column_of(film, time);
    if (film->count == 0 && at > 0) {
        film->count = 1; /* nothing fell into the first ones either */
        ry_film_stand(film, results, arena);
    }
    while (film->count < at)
        stand_on(film, film->count++);
    if (film->count == at)
        clear_column(film, film->count++);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Those that agents trade are filmed first. */
static void ordered(struct ry_film *film, uint16_t instrument)
{
    struct ry_film_slot *free = NULL;
    for (uint16_t i = 0; i < film->slots; i++) {
        struct ry_film_slot *slot = &film->slot[i];
        if (slot->instrument == instrument) {
            slot->ordered = true;
            return;
        }
        if (!slot->ordered)
            free = slot;
    }
    if (free == NULL)
        return;
    memset(free->cell, 0, sizeof free->cell);
    free->instrument = instrument;
    free->ordered = true;
}

static void mark(struct ry_film *film, const struct ry_results_row *row)
{
    if (film->marks_input != row->key.input)
        film->marks = film->marks_met = 0;
    film->marks_input = row->key.input;
    if (film->marks == RY_FILM_MARKS_MAX) {
        film->marks_left_out++;
        return;
    }
    film->mark[film->marks++] =
        (struct ry_film_mark){row->trade.instrument, row->trade.price, row->trade.qty};
}

/* Trades with agents in them come in the order of the public ones, which have others between. */
static bool is_marked(struct ry_film *film, const struct ry_results_row *row)
{
    if (film->marks_input != row->key.input || film->marks_met == film->marks)
        return false;
    const struct ry_film_mark *next = &film->mark[film->marks_met];
    const bool marked = next->instrument == row->market_trade.instrument &&
                        next->price == row->market_trade.price &&
                        next->qty == row->market_trade.qty;
    film->marks_met += marked;
    return marked;
}

static void trade(struct ry_film *film, const struct ry_results_row *row)
{
    const struct ry_film_bubble bubble = {.input = row->key.input,
                                          .price = row->market_trade.price,
                                          .qty = row->market_trade.qty,
                                          .side = row->market_trade.side,
                                          .agent = is_marked(film, row)};
    for (uint16_t i = 0; i < film->slots && film->count > 0; i++)
        if (film->slot[i].instrument == row->market_trade.instrument)
            ry_film_cell_trade(&film->slot[i].cell[film->count - 1], &bubble);
}

void ry_film_row(struct ry_film *film, const struct ry_results *results,
                 const struct ry_results_row *row)
{
    switch ((unsigned)row->kind) {
    case RY_RESULTS_ROW_MARKET_TRADE: trade(film, row); break;
    case RY_RESULTS_ROW_TRADE: mark(film, row); break;
    case RY_RESULTS_ROW_ACK: ordered(film, row->ack.instrument); break;
    default: ry_film_event_row(film, results, row); break;
    }
}

void ry_film_finish(struct ry_film *film)
{
    film->complete = true;
}
