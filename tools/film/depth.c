#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "tools/film/internal.h"
#include "tools/film/write.h"

static void put_u32(struct ry_film_write *w, uint32_t value)
{
    value = htole32(value);
    ry_film_put_bytes(w, &value, sizeof value);
}

static void put_i64(struct ry_film_write *w, int64_t value)
{
    const uint64_t bits = htole64((uint64_t)value);
    ry_film_put_bytes(w, &bits, sizeof bits);
}

static void put_side(struct ry_film_write *w, const uint32_t qty[RY_FILM_LEVELS])
{
    for (unsigned i = 0; i < RY_FILM_LEVELS; i++)
        put_u32(w, qty[i]);
}

static void put_column(struct ry_film_write *w, uint64_t input, const struct ry_film_cell *cell)
{
    put_i64(w, (int64_t)input);
    put_i64(w, cell->filmed ? cell->bid : RY_FILM_NONE);
    put_i64(w, cell->filmed ? cell->ask : RY_FILM_NONE);
    put_side(w, cell->bid_qty);
    put_side(w, cell->ask_qty);
}

static void put_head(struct ry_film_write *w, const struct ry_film *film,
                     const struct ry_film_shown *shown, const struct ry_film_instrument *about)
{
    ry_film_put(w, "RYDEPTH1");
    put_u32(w, shown->columns);
    put_u32(w, RY_FILM_LEVELS);
    put_i64(w, film->of.from);
    put_i64(w, shown->step_ns);
    put_i64(w, about->tick_size);
    put_u32(w, about->price_scale);
    put_u32(w, 0);
}

/* Its slot; RY_FILM_INSTRUMENTS_MAX with `code`: it has none. */
static unsigned find(const struct ry_film *film, const char *symbol, enum ry_film_code *code)
{
    uint16_t id = 0;
    while (id < film->instruments &&
           (strlen(symbol) > RY_SYMBOL_BYTES ||
            strncmp(film->instrument[id].symbol, symbol, RY_SYMBOL_BYTES) != 0))
        id++;
    *code = id < film->instruments ? RY_FILM_NOT_FILMED : RY_FILM_NO_INSTRUMENT;
    for (unsigned slot = 0; slot < film->slots && id < film->instruments; slot++)
        if (film->slot[slot].instrument == id)
            return slot;
    return RY_FILM_INSTRUMENTS_MAX;
}

enum ry_film_code ry_film_depth(const struct ry_film *film, const char *symbol, unsigned columns,
                                uint8_t **body, size_t *bytes)
{
    struct ry_film_write w = {.used = 0};
    struct ry_film_shown shown;
    struct ry_film_cell cell;
    enum ry_film_code code = ry_film_show(film, columns, &shown), none;
    const unsigned slot = find(film, symbol, &none);
    if (code != RY_FILM_OK)
        return code;
    if (slot == RY_FILM_INSTRUMENTS_MAX)
        return none;
    put_head(&w, film, &shown, &film->instrument[film->slot[slot].instrument]);
    for (unsigned at = 0; at < shown.columns; at++) {
        ry_film_shown_cell(film, &shown, slot, at, &cell);
        put_column(&w, film->stage[ry_film_shown_last(film, &shown, at)].input, &cell);
    }
    if (w.failed) {
        free(w.at);
        return RY_FILM_NO_MEMORY;
    }
    *body = (uint8_t *)w.at;
    *bytes = w.used;
    return RY_FILM_OK;
}
