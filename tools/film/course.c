/* The course as JSON, digit by digit: an array has a number a column, and there are many. */
#include <stdlib.h>
#include <string.h>

#include "tools/film/internal.h"
#include "tools/film/write.h"
#include "tools/text/price.h"
#include "tools/text/row_value.h"

/* ---- what is put ----------------------------------------------------------------------------- */

static void put_name(struct ry_film_write *w, const char *name)
{
    ry_film_put(w, "\"");
    ry_film_put(w, name);
    ry_film_put(w, "\":");
}

static void put_moment(struct ry_film_write *w, const char *name, int64_t time)
{
    put_name(w, name);
    if (time == RY_TIME_NEVER) {
        ry_film_put(w, "null,");
        return;
    }
    ry_film_put(w, "\"");
    ry_film_put_i64(w, time);
    ry_film_put(w, "\",");
}

static void put_member(struct ry_film_write *w, const char *name, int64_t value)
{
    put_name(w, name);
    ry_film_put_i64(w, value);
    ry_film_put(w, ",");
}

static void put_bool(struct ry_film_write *w, bool value)
{
    ry_film_put(w, value ? "true" : "false");
}

static void comma(struct ry_film_write *w, unsigned at)
{
    if (at > 0)
        ry_film_put(w, ",");
}

/* ---- agents ---------------------------------------------------------------------------------- */

static void put_agent(struct ry_film_write *w, const struct ry_film *film,
                      const struct ry_film_shown *shown, uint16_t id)
{
    ry_film_put_string(w, film->name[id], RY_NAME_BYTES);
    ry_film_put(w, ":{\"gain_u\":[");
    for (unsigned at = 0; at < shown->columns; at++) {
        comma(w, at);
        ry_film_put_i64(w, film->stage[ry_film_shown_last(film, shown, at)].gain[id]);
    }
    ry_film_put(w, "],\"rank\":[");
    for (unsigned at = 0; at < shown->columns; at++) {
        comma(w, at);
        ry_film_put_i64(w, film->stage[ry_film_shown_last(film, shown, at)].rank[id]);
    }
    ry_film_put(w, "]}");
}

/* ---- instruments ----------------------------------------------------------------------------- */

enum figure { BID, ASK, LAST, VOLUME, OPEN, HIGH, LOW, CLOSE, FIGURES };

static const char *const figure_name[FIGURES] = {
    [BID] = "bid",   [ASK] = "ask",   [LAST] = "last", [VOLUME] = "volume",
    [OPEN] = "open", [HIGH] = "high", [LOW] = "low",   [CLOSE] = "close",
};

/* False: null. */
static bool figure_of(const struct ry_film_cell *cell, enum figure figure, int64_t *value)
{
    const int64_t values[FIGURES] = {
        [BID] = cell->bid,   [ASK] = cell->ask,   [LAST] = cell->last, [VOLUME] = cell->volume,
        [OPEN] = cell->open, [HIGH] = cell->high, [LOW] = cell->low,   [CLOSE] = cell->close,
    };
    *value = values[figure];
    if (figure >= OPEN)
        return cell->filmed && cell->trades > 0;
    return cell->filmed && (figure == VOLUME || *value != RY_FILM_NONE);
}

static void put_figures(struct ry_film_write *w, const struct ry_film_cell *cell, unsigned columns,
                        enum figure figure)
{
    put_name(w, figure_name[figure]);
    ry_film_put(w, "[");
    for (unsigned at = 0; at < columns; at++) {
        int64_t value;
        comma(w, at);
        if (figure_of(&cell[at], figure, &value))
            ry_film_put_i64(w, value);
        else
            ry_film_put(w, "null");
    }
    ry_film_put(w, "],");
}

enum bubble { COLUMN, PRICE, QTY, SIDE, INPUT, AGENT, BUBBLES };

static const char *const bubble_name[BUBBLES] = {
    [COLUMN] = "column", [PRICE] = "price", [QTY] = "qty",
    [SIDE] = "side",     [INPUT] = "input", [AGENT] = "agent",
};

static void put_bubble(struct ry_film_write *w, const struct ry_film_bubble *bubble,
                       unsigned column, enum bubble what)
{
    switch (what) {
    case COLUMN: ry_film_put_i64(w, column); break;
    case PRICE: ry_film_put_i64(w, bubble->price); break;
    case QTY: ry_film_put_i64(w, bubble->qty); break;
    case SIDE: ry_film_put_i64(w, bubble->side); break;
    case INPUT: ry_film_put_i64(w, (int64_t)bubble->input); break;
    case AGENT: put_bool(w, bubble->agent); break;
    case BUBBLES: break;
    }
}

static void put_bubbles(struct ry_film_write *w, const struct ry_film_cell *cell, unsigned columns)
{
    ry_film_put(w, "\"bubbles\":{");
    for (unsigned what = 0; what < BUBBLES; what++) {
        unsigned count = 0;
        comma(w, what);
        put_name(w, bubble_name[what]);
        ry_film_put(w, "[");
        for (unsigned at = 0; at < columns; at++)
            for (unsigned i = 0; i < cell[at].bubbles; i++) {
                comma(w, count++);
                put_bubble(w, &cell[at].bubble[i], at, (enum bubble)what);
            }
        ry_film_put(w, "]");
    }
    ry_film_put(w, "}");
}

static void put_instrument(struct ry_film_write *w, const struct ry_film *film,
                           const struct ry_film_shown *shown, unsigned slot,
                           struct ry_film_cell *cell)
{
    const struct ry_film_instrument *about = &film->instrument[film->slot[slot].instrument];
    char tick[RY_TEXT_PRICE_BYTES];
    for (unsigned at = 0; at < shown->columns; at++)
        ry_film_shown_cell(film, shown, slot, at, &cell[at]);
    ry_film_put_string(w, about->symbol, RY_SYMBOL_BYTES);
    ry_film_put(w, ":{");
    put_member(w, "price_scale", about->price_scale);
    ry_film_put(w, "\"tick\":\"");
    ry_film_put(w, ry_text_price(tick, about->tick_size, about->price_scale));
    ry_film_put(w, "\",");
    for (unsigned figure = 0; figure < FIGURES; figure++)
        put_figures(w, cell, shown->columns, (enum figure)figure);
    put_bubbles(w, cell, shown->columns);
    ry_film_put(w, "}");
}

/* ---- events ---------------------------------------------------------------------------------- */

static const char *what_name(enum ry_film_what what)
{
    switch (what) {
    case RY_FILM_ROUND: return "round";
    case RY_FILM_OUT: return "out";
    case RY_FILM_LEADER: return "leader";
    case RY_FILM_RANK: return "rank";
    case RY_FILM_STAMP: return "stamp";
    case RY_FILM_END: return "end";
    }
    return "";
}

static void put_event(struct ry_film_write *w, const struct ry_film *film,
                      const struct ry_film_event *event)
{
    ry_film_put(w, "{");
    put_member(w, "input", (int64_t)event->input);
    put_moment(w, "time_ns", event->time);
    ry_film_put(w, "\"what\":\"");
    ry_film_put(w, what_name(event->what));
    ry_film_put(w, "\",\"agent\":");
    if (event->agent < film->agents)
        ry_film_put_string(w, film->name[event->agent], RY_NAME_BYTES);
    else
        ry_film_put(w, "null");
    ry_film_put(w, ",\"text\":");
    ry_film_put_string(w, event->text, sizeof event->text);
    ry_film_put(w, "}");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void put_head(struct ry_film_write *w, const struct ry_film *film,
                     const struct ry_film_shown *shown)
{
    char id[RY_TEXT_ID_BYTES];
    ry_film_put(w, "{\"battle_id\":\"");
    ry_film_put(w, ry_text_row_id(id, &film->battle_id));
    ry_film_put(w, "\",");
    put_moment(w, "from_ns", film->of.from);
    put_moment(w, "to_ns", film->of.to);
    put_moment(w, "step_ns", shown->step_ns);
    put_member(w, "columns", shown->columns);
    put_name(w, "complete");
    put_bool(w, film->complete);
    ry_film_put(w, ",");
    put_member(w, "instruments_more", film->instruments - film->slots);
    put_member(w, "marks_left_out", (int64_t)film->marks_left_out);
    put_member(w, "events_left_out", (int64_t)film->events_left_out);
    ry_film_put(w, "\"input\":[");
    for (unsigned at = 0; at < shown->columns; at++) {
        comma(w, at);
        ry_film_put_i64(w, (int64_t)film->stage[ry_film_shown_last(film, shown, at)].input);
    }
    ry_film_put(w, "],");
}

enum ry_film_code ry_film_course_json(const struct ry_film *film, unsigned columns, char **body,
                                      size_t *bytes)
{
    struct ry_film_write w = {.used = 0};
    struct ry_film_shown shown;
    const enum ry_film_code code = ry_film_show(film, columns, &shown);
    if (code != RY_FILM_OK)
        return code;
    struct ry_film_cell *cell = calloc(shown.columns + 1, sizeof *cell);
    if (cell == NULL)
        return RY_FILM_NO_MEMORY;
    put_head(&w, film, &shown);
    ry_film_put(&w, "\"agents\":{");
    for (uint16_t id = 0; id < film->agents; id++) {
        comma(&w, id);
        put_agent(&w, film, &shown, id);
    }
    ry_film_put(&w, "},\"instruments\":{");
    for (unsigned slot = 0; slot < film->slots; slot++) {
        comma(&w, slot);
        put_instrument(&w, film, &shown, slot, cell);
    }
    ry_film_put(&w, "},\"events\":[");
    for (unsigned i = 0; i < film->events; i++) {
        comma(&w, i);
        put_event(&w, film, &film->event[i]);
    }
    ry_film_put(&w, "]}");
    free(cell);
    if (w.failed) {
        free(w.at);
        return RY_FILM_NO_MEMORY;
    }
    *body = w.at;
    *bytes = w.used;
    return RY_FILM_OK;
}
