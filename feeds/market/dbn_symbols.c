#include "feeds/market/dbn_symbols.h"

#include <stdlib.h>
#include <time.h>

#define ALWAYS_FROM INT64_MIN
#define ALWAYS_TO   INT64_MAX
/* Walks through the mappings at most: so many days before the battle's can be named one by one. */
#define PASSES_MAX 400

int ry_normalise_dbn_symbols_init(struct ry_normalise_dbn_symbols *symbols,
                                  const struct ry_normalise_instruments *instruments)
{
    const unsigned count = instruments->battle->instruments;
    uint32_t slots = 64;
    while (slots < 4u * count)
        slots *= 2;
    *symbols = (struct ry_normalise_dbn_symbols){
        .instruments = instruments,
        .symbol = calloc(count + 1u, sizeof *symbols->symbol),
        .ids = calloc(slots, sizeof *symbols->ids),
        .ids_mask = slots - 1,
    };
    if (symbols->symbol != NULL && symbols->ids != NULL)
        return 0;
    ry_normalise_dbn_symbols_free(symbols);
    return -1;
}

void ry_normalise_dbn_symbols_free(struct ry_normalise_dbn_symbols *symbols)
{
    free(symbols->symbol);
    free(symbols->ids);
    symbols->symbol = NULL;
    symbols->ids = NULL;
}

/* ---- the table of ids ------------------------------------------------------------------------ */

/* The entry of a wire id, or the free one where it belongs. There is always a free one: each
 * instrument of the battle stands in the table once at most. */
static struct ry_normalise_dbn_id *id_entry(const struct ry_normalise_dbn_symbols *symbols,
                                            uint32_t wire)
{
    uint32_t at = wire * 2654435761u & symbols->ids_mask;
    while (symbols->ids[at].id != 0 && symbols->ids[at].wire != wire)
        at = (at + 1) & symbols->ids_mask;
    return &symbols->ids[at];
}

/* From the bound symbols; after one has moved. */
static void rebuild(struct ry_normalise_dbn_symbols *symbols)
{
    for (uint32_t at = 0; at <= symbols->ids_mask; at++)
        symbols->ids[at] = (struct ry_normalise_dbn_id){0};
    for (unsigned id = 0; id < symbols->instruments->battle->instruments; id++)
        if (symbols->symbol[id].bound)
            *id_entry(symbols, symbols->symbol[id].wire) =
                (struct ry_normalise_dbn_id){.wire = symbols->symbol[id].wire, .id = id + 1};
}

int ry_normalise_dbn_symbols_find(const struct ry_normalise_dbn_symbols *symbols, uint32_t wire,
                                  uint64_t time)
{
    const struct ry_normalise_dbn_id *entry = id_entry(symbols, wire);
    if (entry->id == 0)
        return RY_NORMALISE_DBN_NOT_LISTED;
    const struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[entry->id - 1];
    const int64_t at = time > INT64_MAX ? INT64_MAX : (int64_t)time;
    if (at < symbol->from || (at >= symbol->to && symbol->to != ALWAYS_TO))
        return RY_NORMALISE_DBN_OTHER_DAY;
    return (int)entry->id - 1;
}

/* ---- binding --------------------------------------------------------------------------------- */

static bool meets_hours(const struct ry_normalise_dbn_symbols *symbols, int64_t from, int64_t to)
{
    const struct ry_battle *battle = symbols->instruments->battle;
    return from < battle->trade_to && to > battle->warmup_from;
}

static void note_roll(struct ry_normalise_dbn_symbols *symbols, unsigned id, uint32_t wire,
                      int64_t from)
{
    const struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[id];
    if (symbols->rolls.found)
        return;
    const bool later = from >= symbol->from;
    symbols->rolls.found = true;
    symbols->rolls.id = id;
    symbols->rolls.before = later ? symbol->wire : wire;
    symbols->rolls.after = later ? wire : symbol->wire;
    symbols->rolls.at = later ? from : symbol->from;
}

/* An interval of the id that the symbol has: it may go on from where the known one ends. */
static void extend(struct ry_normalise_dbn_symbols *symbols, unsigned id, int64_t from, int64_t to)
{
    struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[id];
    if (from > symbol->to || to < symbol->from)
        return;
    symbols->grew = symbols->grew || from < symbol->from || to > symbol->to;
    if (from < symbol->from)
        symbol->from = from;
    if (to > symbol->to)
        symbol->to = to;
}

enum ry_normalise_dbn_bound ry_normalise_dbn_symbols_bind(struct ry_normalise_dbn_symbols *symbols,
                                                          uint32_t wire, const char *text,
                                                          size_t length, int64_t from, int64_t to)
{
    const int id = ry_normalise_instruments_find(symbols->instruments, text, length);
    if (id < 0)
        return RY_NORMALISE_DBN_BOUND_FOREIGN;
    struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[id];
    if (symbol->bound && symbol->wire == wire) {
        extend(symbols, (unsigned)id, from, to);
        return RY_NORMALISE_DBN_BOUND;
    }
    if (!meets_hours(symbols, from, to)) {
        symbol->other_day = true;
        symbol->other_from = from;
        symbol->other_to = to;
        return RY_NORMALISE_DBN_BOUND_OTHER_DAY;
    }
    if (symbol->bound && (from >= symbol->to || to <= symbol->from)) {
        note_roll(symbols, (unsigned)id, wire, from);
        return RY_NORMALISE_DBN_BOUND_ROLLS;
    }
    struct ry_normalise_dbn_id *entry = id_entry(symbols, wire);
    if (symbol->bound || entry->id != 0) {
        symbols->ambiguous++;
        return RY_NORMALISE_DBN_BOUND_AMBIGUOUS;
    }
    *entry = (struct ry_normalise_dbn_id){.wire = wire, .id = (uint32_t)id + 1};
    *symbol = (struct ry_normalise_dbn_symbol){.bound = true, .wire = wire, .from = from, .to = to};
    symbols->bound_count++;
    return RY_NORMALISE_DBN_BOUND;
}

/* ---- the metadata ---------------------------------------------------------------------------- */

/* Midnight UTC of YYYYMMDD, ns; false: no such day. */
static bool day_begins(uint32_t day, int64_t *ns)
{
    struct tm date = {
        .tm_year = (int)(day / 10000) - 1900,
        .tm_mon = (int)(day / 100 % 100) - 1,
        .tm_mday = (int)(day % 100),
    };
    if (date.tm_mon < 0 || date.tm_mon > 11 || date.tm_mday < 1 || date.tm_mday > 31 ||
        day / 10000 < 1970 || day / 10000 > 2200)
        return false;
    *ns = (int64_t)timegm(&date) * RY_NS_PER_SECOND;
    return true;
}

/* Which of the two symbols of a mapping is the instrument id depends on what was asked for. */
static bool read_mapping(const struct ry_wire_dbn_metadata *metadata,
                         const struct ry_wire_dbn_mapping *mapping, uint32_t *wire,
                         const char **text, size_t *length)
{
    if (metadata->stype_out == RY_WIRE_DBN_STYPE_INSTRUMENT_ID) {
        *text = mapping->in;
        *length = mapping->in_length;
        return ry_wire_dbn_instrument_id(mapping->out, mapping->out_length, wire);
    }
    *text = mapping->out;
    *length = mapping->out_length;
    return metadata->stype_in == RY_WIRE_DBN_STYPE_INSTRUMENT_ID &&
           ry_wire_dbn_instrument_id(mapping->in, mapping->in_length, wire);
}

/* Walks all mappings once; false if they are damaged. */
static bool bind_all(struct ry_normalise_dbn_symbols *symbols,
                     const struct ry_wire_dbn_metadata *metadata)
{
    struct ry_wire_dbn_mappings mappings = metadata->mappings;
    struct ry_wire_dbn_mapping mapping;
    uint32_t wire;
    const char *text;
    size_t length;
    int64_t from, to;
    int more;
    symbols->ambiguous = 0;
    while ((more = ry_wire_dbn_mapping_next(&mappings, &mapping)) > 0) {
        if (!read_mapping(metadata, &mapping, &wire, &text, &length))
            continue;
        if (!day_begins(mapping.first_day, &from) || !day_begins(mapping.end_day, &to))
            return false;
        ry_normalise_dbn_symbols_bind(symbols, wire, text, length, from, to);
    }
    return more == 0;
}

bool ry_normalise_dbn_symbols_metadata(struct ry_normalise_dbn_symbols *symbols,
                                       const struct ry_wire_dbn_metadata *metadata)
{
    /* Again while days before those that were bound turn out to have the same id: a file may name
     * each day by itself. */
    for (unsigned pass = 0; pass < PASSES_MAX; pass++) {
        symbols->grew = false;
        if (!bind_all(symbols, metadata))
            return false;
        if (!symbols->grew)
            break;
    }
    return true;
}

/* ---- mapping records ------------------------------------------------------------------------- */

static enum ry_normalise_dbn_bound move(struct ry_normalise_dbn_symbols *symbols, unsigned id,
                                        uint32_t wire, int64_t at)
{
    const struct ry_battle *battle = symbols->instruments->battle;
    struct ry_normalise_dbn_symbol *symbol = &symbols->symbol[id];
    if (at >= battle->trade_to)
        return RY_NORMALISE_DBN_BOUND_OTHER_DAY;
    if (at > battle->warmup_from) {
        note_roll(symbols, id, wire, at);
        return RY_NORMALISE_DBN_BOUND_ROLLS;
    }
    if (id_entry(symbols, wire)->id != 0) {
        symbols->ambiguous++;
        return RY_NORMALISE_DBN_BOUND_AMBIGUOUS;
    }
    *symbol = (struct ry_normalise_dbn_symbol){
        .bound = true, .wire = wire, .from = ALWAYS_FROM, .to = ALWAYS_TO};
    rebuild(symbols);
    return RY_NORMALISE_DBN_BOUND_MOVED;
}

static enum ry_normalise_dbn_bound bind_from_now(struct ry_normalise_dbn_symbols *symbols,
                                                 const struct ry_wire_dbn_symbol_mapping *mapping,
                                                 const char *text, size_t length, unsigned *moved)
{
    const int id = ry_normalise_instruments_find(symbols->instruments, text, length);
    const int64_t at = mapping->ts_event > INT64_MAX ? INT64_MAX : (int64_t)mapping->ts_event;
    if (id >= 0 && symbols->symbol[id].bound &&
        symbols->symbol[id].wire != mapping->instrument_id) {
        *moved = (unsigned)id;
        return move(symbols, (unsigned)id, mapping->instrument_id, at);
    }
    return ry_normalise_dbn_symbols_bind(symbols, mapping->instrument_id, text, length, ALWAYS_FROM,
                                         ALWAYS_TO);
}

enum ry_normalise_dbn_bound
ry_normalise_dbn_symbols_record(struct ry_normalise_dbn_symbols *symbols,
                                const struct ry_wire_dbn_symbol_mapping *mapping, unsigned *moved)
{
    /* What was asked for may be the raw symbol, or a name that stands for it; either may be the
     * battle's. */
    const enum ry_normalise_dbn_bound bound =
        bind_from_now(symbols, mapping, mapping->out, mapping->out_length, moved);
    return bound != RY_NORMALISE_DBN_BOUND_FOREIGN
               ? bound
               : bind_from_now(symbols, mapping, mapping->in, mapping->in_length, moved);
}
