#include "tools/film/film.h"

#include <assert.h>

#include "tools/film/internal.h"

const char *ry_film_code_text(enum ry_film_code code)
{
    switch (code) {
    case RY_FILM_OK: break;
    case RY_FILM_COLUMNS_RANGE: return "the number of columns is out of range";
    case RY_FILM_NO_INSTRUMENT: return "the battle has no such instrument";
    case RY_FILM_NOT_FILMED: return "the instrument is not one of those that are filmed";
    case RY_FILM_NO_MEMORY: return "no memory for the answer";
    }
    return "";
}

enum ry_film_code ry_film_show(const struct ry_film *film, unsigned columns,
                               struct ry_film_shown *shown)
{
    const unsigned whole = film->of.to == RY_TIME_NEVER ? film->count : film->of.columns;
    if (columns < RY_FILM_COLUMNS_MIN || columns > RY_FILM_COLUMNS_MAX)
        return RY_FILM_COLUMNS_RANGE;
    shown->each = whole > columns ? (whole + columns - 1) / columns : 1;
    shown->columns = (film->count + shown->each - 1) / shown->each;
    shown->step_ns = film->step_ns * shown->each;
    return RY_FILM_OK;
}

unsigned ry_film_shown_last(const struct ry_film *film, const struct ry_film_shown *shown,
                            unsigned at)
{
    const unsigned behind = (at + 1) * shown->each;
    assert(at < shown->columns);
    return (behind < film->count ? behind : film->count) - 1;
}

void ry_film_shown_cell(const struct ry_film *film, const struct ry_film_shown *shown,
                        unsigned slot, unsigned at, struct ry_film_cell *cell)
{
    const unsigned first = at * shown->each, last = ry_film_shown_last(film, shown, at);
    *cell = film->slot[slot].cell[first];
    for (unsigned i = first + 1; i <= last; i++)
        ry_film_cell_merge(cell, &film->slot[slot].cell[i]);
}
