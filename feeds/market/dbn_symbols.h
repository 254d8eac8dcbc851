/*
 * Which instrument id of DBN is which instrument of the battle.
 *
 * A symbol's id holds for days: the metadata give intervals {symbol, id, first day, day after the
 * last}, days UTC. On US equities the ids change daily, and what is AAPL today is somebody else
 * tomorrow; a continuous contract (ES.c.0) rolls. So a symbol is bound to the id of the interval
 * that meets the battle's hours (warmup_from to before trade_to), and a record counts if its own
 * time lies in that interval too.
 *
 * Example: ES.c.0 is 100 until the 14th and 200 from the 15th on; a battle of the 15th binds 200,
 * and drops what 100 does. A battle from the 14th, 23:00, to the 15th, 01:00, has two ids in its
 * hours: ROLLS, which is the feed's end.
 *
 * A live recording has no intervals: records on the way say which id a symbol has from now on.
 */
#ifndef RY_FEEDS_MARKET_DBN_SYMBOLS_H
#define RY_FEEDS_MARKET_DBN_SYMBOLS_H

#include "feeds/market/instruments.h"
#include "feeds/wire/dbn.h"

enum ry_normalise_dbn_bound {
    RY_NORMALISE_DBN_BOUND = 0,
    RY_NORMALISE_DBN_BOUND_FOREIGN,   /* the battle does not list the symbol */
    RY_NORMALISE_DBN_BOUND_OTHER_DAY, /* the interval lies outside the battle's hours */
    RY_NORMALISE_DBN_BOUND_AMBIGUOUS, /* two ids at one time, or an id that is another's */
    RY_NORMALISE_DBN_BOUND_ROLLS,     /* another id within the battle's hours: see rolls */
    RY_NORMALISE_DBN_BOUND_MOVED,     /* another id from now on, before the battle's hours */
};

/* Of one instrument of the battle. Times: ns UTC, `from` to before `to`. */
struct ry_normalise_dbn_symbol {
    bool bound;
    bool other_day; /* not bound, but the file has it at other_from..other_to */
    uint32_t wire;  /* its instrument id */
    int64_t from, to;
    int64_t other_from, other_to;
};

struct ry_normalise_dbn_id {
    uint32_t wire;
    uint32_t id; /* + 1; 0: free */
};

/* One feed's; allocates in init alone. */
struct ry_normalise_dbn_symbols {
    const struct ry_normalise_instruments *instruments;
    struct ry_normalise_dbn_symbol *symbol; /* by battle id */
    struct ry_normalise_dbn_id *ids;        /* hash table: id on the wire -> battle id */
    uint32_t ids_mask;
    unsigned bound_count;
    uint64_t ambiguous; /* mappings */
    bool grew;          /* the last walk through the mappings made an interval longer */
    /* The first roll: instrument `id` is `before` and, from `at` on, `after`. */
    struct {
        bool found;
        unsigned id;
        uint32_t before, after;
        int64_t at;
    } rolls;
};

/* 0, or -1 without memory. */
int ry_normalise_dbn_symbols_init(struct ry_normalise_dbn_symbols *symbols,
                                  const struct ry_normalise_instruments *instruments);
void ry_normalise_dbn_symbols_free(struct ry_normalise_dbn_symbols *symbols);

/* All mappings of the metadata, which may go afterwards; false if they are damaged. */
bool ry_normalise_dbn_symbols_metadata(struct ry_normalise_dbn_symbols *symbols,
                                       const struct ry_wire_dbn_metadata *metadata);

/* One interval: symbol is instrument `wire` from `from` to before `to`. */
enum ry_normalise_dbn_bound ry_normalise_dbn_symbols_bind(struct ry_normalise_dbn_symbols *symbols,
                                                          uint32_t wire, const char *symbol,
                                                          size_t length, int64_t from, int64_t to);

/* What a mapping record says. MOVED: instrument *moved has another id, its orders are gone. */
enum ry_normalise_dbn_bound
ry_normalise_dbn_symbols_record(struct ry_normalise_dbn_symbols *symbols,
                                const struct ry_wire_dbn_symbol_mapping *mapping, unsigned *moved);

#define RY_NORMALISE_DBN_NOT_LISTED (-1) /* an id of no instrument of the battle */
#define RY_NORMALISE_DBN_OTHER_DAY                                                                 \
    (-2) /* an id of one, at a time at which it is not that one's                                  \
          */

/* The battle's instrument that has this id at that time, or one of the two above. */
int ry_normalise_dbn_symbols_find(const struct ry_normalise_dbn_symbols *symbols, uint32_t wire,
                                  uint64_t time);

#endif
