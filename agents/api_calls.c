/* The calls of agents/agent.h. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "agents/api.h"
#include "shm/log.h"

static struct ry_host_api *api_of(struct ry_agent *agent)
{
    return (struct ry_host_api *)agent;
}

static const struct ry_host_api *looking_at(const struct ry_agent *agent)
{
    return (const struct ry_host_api *)agent;
}

/* What the host refuses for another reason than the limit is a mistake of the strategy. */
static bool issued(struct ry_host_api *api, enum ry_host_issued result, const char *call)
{
    if (result != RY_HOST_ISSUED && result != RY_HOST_FULL)
        ry_host_api_mistake(api, RY_HOST_API_COMMAND, UINT_MAX,
                            "%s refused: commands are taken inside a callback, and not in stop",
                            call);
    return result == RY_HOST_ISSUED;
}

/* No flag of an order, so that the machine finds it malformed. */
#define FLAG_OF_NO_TYPE (1u << 15)

static uint16_t flags_of(enum ry_order_type type)
{
    switch (type) {
    case RY_LIMIT: return 0;
    case RY_IOC: return RY_INF_IOC;
    case RY_MARKET: return RY_INF_MARKET;
    }
    return FLAG_OF_NO_TYPE;
}

/* What does not fit into a command stays what no battle has: the machine refuses it, as it does all
 * that makes no sense. */
uint64_t ry_order(struct ry_agent *agent, unsigned instrument, enum ry_side side, uint32_t qty,
                  int64_t price, enum ry_order_type type)
{
    struct ry_host_api *api = api_of(agent);
    const uint64_t cl_ord_id = api->cl_ord_id + 1;
    const uint16_t id = instrument <= UINT16_MAX ? (uint16_t)instrument : UINT16_MAX;
    if (side != RY_BUY && side != RY_SELL)
        side = RY_SIDE_NONE;
    if (!issued(api, ry_host_order(api->host, id, side, price, qty, flags_of(type), cl_ord_id),
                "ry_order"))
        return 0;
    return api->cl_ord_id = cl_ord_id;
}

bool ry_cancel(struct ry_agent *agent, uint64_t cl_ord_id)
{
    struct ry_host_api *api = api_of(agent);
    return issued(api, ry_host_cancel(api->host, cl_ord_id), "ry_cancel");
}

bool ry_decide(struct ry_agent *agent, uint64_t cl_ord_id, uint32_t intent, const int64_t *feature,
               unsigned count)
{
    struct ry_host_api *api = api_of(agent);
    const unsigned kept = count < RY_FEATURES_MAX ? count : RY_FEATURES_MAX;
    return issued(api, ry_host_decision(api->host, cl_ord_id, intent, feature, kept), "ry_decide");
}

bool ry_interest(struct ry_agent *agent, unsigned instrument, unsigned interest)
{
    struct ry_host_api *api = api_of(agent);
    if (instrument != RY_INTEREST_EVERY && !ry_host_api_has(api, RY_HOST_API_ASK, instrument))
        return false;
    const enum ry_host_issued result = ry_host_interest(api->host, (uint16_t)instrument, interest);
    if (result != RY_HOST_ISSUED)
        ry_host_api_refused_interest(api, instrument, interest, result == RY_HOST_NOT_NOW);
    else
        api->asked = true;
    return result == RY_HOST_ISSUED;
}

void ry_timer(struct ry_agent *agent, int64_t at)
{
    struct ry_host_api *api = api_of(agent);
    api->timer = ry_host_timer(api->host, at);
}

static struct ry_open_order shown(const struct ry_host_book *view,
                                  const struct ry_host_book_own *own)
{
    return (struct ry_open_order){
        .cl_ord_id = own->cl_ord_id,
        .price = own->price,
        .ahead = ry_host_book_ahead(view, own),
        .leaves = own->leaves,
        .instrument = own->instrument,
        .side = own->side,
    };
}

bool ry_open_order(const struct ry_agent *agent, uint64_t cl_ord_id, struct ry_open_order *order)
{
    const struct ry_host_book *view = &looking_at(agent)->view;
    const struct ry_host_book_own *own = ry_host_book_own(view, cl_ord_id);
    if (own != NULL && order != NULL)
        *order = shown(view, own);
    return own != NULL;
}

unsigned ry_open_orders(const struct ry_agent *agent, struct ry_open_order *orders, unsigned max)
{
    const struct ry_host_book *view = &looking_at(agent)->view;
    for (unsigned i = 0; i < view->own_count && i < max; i++)
        orders[i] = shown(view, &view->own[i]);
    return view->own_count;
}

#define NAME_BYTES 32

/* What an interest has of the book, in the header's words: "RY_INTEREST_TOP(5)". */
static const char *book_name(unsigned interest, char text[NAME_BYTES])
{
    switch (interest & RY_INTEREST_BOOK_MASK) {
    case RY_INTEREST_NONE: return "RY_INTEREST_NONE";
    case RY_INTEREST_LEVELS: return "RY_INTEREST_LEVELS";
    case RY_INTEREST_ORDERS: return "RY_INTEREST_ORDERS";
    default: break;
    }
    snprintf(text, NAME_BYTES, "RY_INTEREST_TOP(%u)", ry_interest_top(interest));
    return text;
}

/* More levels than the interest brings. */
static void check_levels(const struct ry_host_api *api, unsigned instrument, unsigned max)
{
    const unsigned interest = api->view.instrument[instrument].interest;
    const unsigned book = interest & RY_INTEREST_BOOK_MASK;
    const unsigned remedy = max <= RY_TOP_MAX ? RY_INTEREST_TOP(max) : RY_INTEREST_LEVELS;
    char asked[NAME_BYTES], better[NAME_BYTES];
    if ((book == RY_INTEREST_NONE || book == RY_INTEREST_BOOK_TOP) &&
        max > ry_interest_top(interest))
        ry_host_api_mistake(
            api->self, RY_HOST_API_LEVELS, instrument,
            "%u levels of instrument %u (%s) were wanted, and start asked for %s: ask there for %s",
            max, instrument, api->instrument[instrument].symbol, book_name(interest, asked),
            book_name(remedy, better));
}

/* It is plain that all is well. */
static bool shows(const struct ry_host_api *api, unsigned instrument, enum ry_side side,
                  unsigned max)
{
    if (instrument >= api->view.instruments || (side != RY_BUY && side != RY_SELL))
        return false;
    const unsigned interest = api->view.instrument[instrument].interest;
    return (interest & (RY_INTEREST_LEVELS | RY_INTEREST_ORDERS)) != 0 ||
           ry_interest_top(interest) >= max;
}

static unsigned levels_of(const struct ry_host_api *api, enum ry_host_api_call call,
                          unsigned instrument, enum ry_side side, struct ry_level *levels,
                          unsigned max)
{
    unsigned count = 0;
    const struct ry_host_book_level *level;
    if (!shows(api, instrument, side, max)) {
        if (!ry_host_api_has_side(api, call, instrument, side))
            return 0;
        check_levels(api, instrument, max);
    }
    while (count < max && (level = ry_host_book_level(&api->view, instrument, side, count)) != NULL)
        levels[count++] =
            (struct ry_level){.price = level->price, .qty = level->qty, .orders = level->orders};
    return count;
}

unsigned ry_book(const struct ry_agent *agent, unsigned instrument, enum ry_side side,
                 struct ry_level *levels, unsigned max)
{
    return levels_of(looking_at(agent), RY_HOST_API_BOOK, instrument, side, levels, max);
}

bool ry_best(const struct ry_agent *agent, unsigned instrument, enum ry_side side,
             struct ry_level *level)
{
    return levels_of(looking_at(agent), RY_HOST_API_BEST, instrument, side, level, 1) == 1;
}

bool ry_trading(const struct ry_agent *agent, unsigned instrument)
{
    const struct ry_host_api *api = looking_at(agent);
    char asked[NAME_BYTES];
    if (!ry_host_api_has(api, RY_HOST_API_TRADING, instrument))
        return false;
    const struct ry_host_book_instrument *kept = &api->view.instrument[instrument];
    if (!(kept->interest & RY_INTEREST_STATES))
        ry_host_api_mistake(
            api->self, RY_HOST_API_STATES, instrument,
            "whether instrument %u (%s) trades was wanted, and start asked for %s without states: "
            "add RY_INTEREST_STATES there",
            instrument, api->instrument[instrument].symbol, book_name(kept->interest, asked));
    return kept->trading;
}

unsigned ry_instruments(const struct ry_agent *agent)
{
    return looking_at(agent)->battle->instruments;
}

const struct ry_instrument_info *ry_instrument_info(const struct ry_agent *agent,
                                                    unsigned instrument)
{
    const struct ry_host_api *api = looking_at(agent);
    return instrument < api->battle->instruments ? &api->instrument[instrument] : NULL;
}

int ry_instrument_find(const struct ry_agent *agent, const char *symbol)
{
    const struct ry_host_api *api = looking_at(agent);
    for (int i = 0; i < api->battle->instruments; i++)
        if (strcmp(api->instrument[i].symbol, symbol) == 0)
            return i;
    return -1;
}

static int64_t tick_below(const struct ry_host_api *api, unsigned instrument, int64_t price)
{
    const int64_t tick = api->instrument[instrument].tick_size,
                  over = price % tick; /* of the price's sign */
    return price - over - (over < 0 ? tick : 0);
}

int64_t ry_round_down(const struct ry_agent *agent, unsigned instrument, int64_t price)
{
    const struct ry_host_api *api = looking_at(agent);
    return ry_host_api_has(api, RY_HOST_API_ROUND_DOWN, instrument)
               ? tick_below(api, instrument, price)
               : price;
}

int64_t ry_round_up(const struct ry_agent *agent, unsigned instrument, int64_t price)
{
    const struct ry_host_api *api = looking_at(agent);
    return ry_host_api_has(api, RY_HOST_API_ROUND_UP, instrument)
               ? -tick_below(api, instrument, -price)
               : price;
}

int64_t ry_position(const struct ry_agent *agent, unsigned instrument)
{
    const struct ry_host_api *api = looking_at(agent);
    return ry_host_api_has(api, RY_HOST_API_POSITION, instrument) ? api->position[instrument] : 0;
}

int64_t ry_cash(const struct ry_agent *agent)
{
    return looking_at(agent)->cash;
}

const struct ry_limits *ry_limits(const struct ry_agent *agent)
{
    return &looking_at(agent)->limits;
}

const char *ry_agent_name(const struct ry_agent *agent)
{
    return looking_at(agent)->entry->name;
}

int64_t ry_now(const struct ry_agent *agent)
{
    return looking_at(agent)->now;
}

int64_t ry_trade_from(const struct ry_agent *agent)
{
    return looking_at(agent)->battle->trade_from;
}

int64_t ry_trade_to(const struct ry_agent *agent)
{
    return looking_at(agent)->battle->trade_to;
}

void ry_fail(struct ry_agent *agent, const char *format, ...)
{
    char reason[RY_HOST_API_REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    ry_host_api_fail(api_of(agent), "%s", reason);
}

const char *ry_reject_name(unsigned code)
{
    return ry_code_name(RY_CODES_REJECT, code);
}

const char *ry_out_name(unsigned code)
{
    return ry_code_name(RY_CODES_OUT, code);
}

void ry_print(struct ry_agent *agent, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ry_log_v(api_of(agent)->log, RY_LOG_INFO, format, arguments);
    va_end(arguments);
}
