/* The names of codes, for a strategy's log; those of results.json (core/results/names.c). */
#include "agents/api.h"

static const char *name_of(const char *const *names, unsigned count, unsigned code)
{
    return code < count ? names[code] : "?";
}

const char *ry_reject_name(unsigned code)
{
    static const char *const names[] = {
        [RY_REJECT_NONE] = "none",
        [RY_REJECT_MALFORMED] = "malformed",
        [RY_REJECT_DUPLICATE] = "duplicate",
        [RY_REJECT_INSTRUMENT] = "instrument",
        [RY_REJECT_NOT_TRADING] = "not_trading",
        [RY_REJECT_KILLED] = "killed",
        [RY_REJECT_QUANTITY] = "quantity",
        [RY_REJECT_NO_REFERENCE] = "no_reference",
        [RY_REJECT_PRICE] = "price",
        [RY_REJECT_COLLAR] = "collar",
        [RY_REJECT_NOTIONAL] = "notional",
        [RY_REJECT_OPEN_ORDERS] = "open_orders",
        [RY_REJECT_POSITION] = "position",
        [RY_REJECT_RATE] = "rate",
        [RY_REJECT_UNKNOWN_ORDER] = "unknown_order",
        [RY_REJECT_CAPACITY] = "capacity",
    };
    return name_of(names, sizeof names / sizeof *names, code);
}

const char *ry_out_name(unsigned code)
{
    static const char *const names[] = {
        [RY_OUT_NONE] = "none", [RY_OUT_LAST] = "last", [RY_OUT_INSOLVENT] = "insolvent",
        [RY_OUT_LOSS] = "loss", [RY_OUT_DIED] = "died", [RY_OUT_STALLED] = "stalled",
    };
    return name_of(names, sizeof names / sizeof *names, code);
}
