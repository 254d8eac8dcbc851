/* Calls of a strategy that make no sense: counted each time, said once for each kind and
 * instrument. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "agents/api.h"
#include "shm/log.h"

static const char *const call_name[] = {
    [RY_HOST_API_BOOK] = "ry_book",
    [RY_HOST_API_BEST] = "ry_best",
    [RY_HOST_API_TRADING] = "ry_trading",
    [RY_HOST_API_POSITION] = "ry_position",
    [RY_HOST_API_ROUND_DOWN] = "ry_round_down",
    [RY_HOST_API_ROUND_UP] = "ry_round_up",
    [RY_HOST_API_ASK] = "ry_interest",
};

_Static_assert(RY_HOST_API_MISTAKE_LINES_MAX == 16, "as agent.h and AGENTS.md say");
_Static_assert(RY_HOST_API_NO_INSTRUMENT + RY_HOST_API_ASK < 32, "a bit each");

void ry_host_api_mistake(struct ry_host_api *api, enum ry_host_api_mistake which,
                         unsigned instrument, const char *format, ...)
{
    const unsigned instruments = api->battle->instruments;
    uint32_t *said = &api->mistakes[instrument < instruments ? instrument : instruments];
    const uint32_t bit = UINT32_C(1) << which;
    api->invalid++;
    if ((*said & bit) || api->mistake_lines == RY_HOST_API_MISTAKE_LINES_MAX)
        return;
    *said |= bit;
    api->mistake_lines++;
    char text[2 * RY_HOST_API_REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ry_log(api->log, RY_LOG_WARN, "%s (said once, counted each time%s)", text,
           api->mistake_lines == RY_HOST_API_MISTAKE_LINES_MAX
               ? "; further ones of any kind are only counted"
               : "");
}

/* An instrument that was searched for and not found is -1 here as it was there. */
bool ry_host_api_has(const struct ry_host_api *api, enum ry_host_api_call call, unsigned instrument)
{
    if (instrument < api->battle->instruments)
        return true;
    char name[16];
    if (instrument == UINT_MAX)
        strcpy(name, "-1");
    else
        snprintf(name, sizeof name, "%u", instrument);
    ry_host_api_mistake(api->self,
                        (enum ry_host_api_mistake)(RY_HOST_API_NO_INSTRUMENT + (unsigned)call),
                        instrument, "%s: no instrument %s in this battle, the last one is %u",
                        call_name[call], name, api->battle->instruments - 1u);
    return false;
}

bool ry_host_api_has_side(const struct ry_host_api *api, enum ry_host_api_call call,
                          unsigned instrument, enum ry_side side)
{
    if (!ry_host_api_has(api, call, instrument))
        return false;
    if (side == RY_BUY || side == RY_SELL)
        return true;
    ry_host_api_mistake(api->self, (enum ry_host_api_mistake)(RY_HOST_API_NO_SIDE + (unsigned)call),
                        instrument, "%s: no side %u, of instrument %u (%s): RY_BUY or RY_SELL",
                        call_name[call], (unsigned)side, instrument,
                        api->instrument[instrument].symbol);
    return false;
}

/* ---- interests ------------------------------------------------------------------------------- */

#define WORDS_BYTES 96

/* "TOP(4) | WAKE_STATES": what wakes is told, and named once. `interest` makes sense. */
static const char *words_of(unsigned interest, char words[WORDS_BYTES])
{
    const unsigned trades = interest & RY_INTEREST_WAKE_TRADES,
                   states = interest & RY_INTEREST_WAKE_STATES;
    char top[16];
    snprintf(top, sizeof top, "TOP(%u)", ry_interest_top(interest) & UINT8_MAX);
    snprintf(words, WORDS_BYTES, "%s%s%s%s",
             interest & RY_INTEREST_BOOK_TOP ? top
             : interest & RY_INTEREST_LEVELS ? "LEVELS"
             : interest & RY_INTEREST_ORDERS ? "ORDERS"
                                             : "NONE",
             interest & RY_INTEREST_WAKE_BOOK ? " | WAKE_BOOK" : "",
             trades == RY_INTEREST_WAKE_TRADES ? " | WAKE_TRADES"
             : trades                          ? " | TRADES"
                                               : "",
             states == RY_INTEREST_WAKE_STATES ? " | WAKE_STATES"
             : states                          ? " | STATES"
                                               : "");
    return words;
}

/* What is wrong with one that makes no sense, in its author's words. */
static const char *why_not(unsigned interest, char why[WORDS_BYTES])
{
    const unsigned book = interest & RY_INTEREST_BOOK_MASK, levels = ry_interest_top(interest);
    if ((book & (book - 1)) != 0)
        return "more than one of TOP, LEVELS and ORDERS";
    if (book == RY_INTEREST_BOOK_TOP && (levels == 0 || levels > RY_TOP_MAX))
        snprintf(why, WORDS_BYTES, "TOP(%u): k is 1 to %u", levels, RY_TOP_MAX);
    else if (book != RY_INTEREST_BOOK_TOP && levels != 0)
        snprintf(why, WORDS_BYTES, "%#x is no interest", levels << RY_INTEREST_TOP_SHIFT);
    else if ((interest & RY_INTEREST_WAKE_BOOK) && book == RY_INTEREST_NONE)
        return "WAKE_BOOK without TOP, LEVELS or ORDERS";
    else if ((interest & RY_INTEREST_BIT_WAKE_TRADES) && !(interest & RY_INTEREST_TRADES))
        return "WAKE_TRADES without TRADES";
    else
        return "WAKE_STATES without STATES";
    return why;
}

/* All instruments have the same. */
static bool are_alike(const struct ry_host *host, unsigned instruments)
{
    for (uint16_t i = 1; i < instruments; i++)
        if (ry_host_interest_of(host, i) != ry_host_interest_of(host, 0))
            return false;
    return true;
}

void ry_host_api_refused_interest(struct ry_host_api *api, unsigned instrument, unsigned interest,
                                  bool late)
{
    const unsigned instruments = api->battle->instruments;
    const bool one = instrument < instruments;
    char name[RY_SYMBOL_BYTES + 32] = "every instrument", words[WORDS_BYTES], why[WORDS_BYTES];
    if (one)
        snprintf(name, sizeof name, "instrument %u (%s)", instrument,
                 api->instrument[instrument].symbol);
    words_of(ry_host_interest_of(api->host, (uint16_t)(one ? instrument : 0)), words);
    ry_host_api_mistake(api, late ? RY_HOST_API_LATE : RY_HOST_API_INTEREST, instrument,
                        "ry_interest of %s refused: %s; what was asked before stays%s%s", name,
                        late ? "it is for start alone" : why_not(interest, why),
                        one || are_alike(api->host, instruments) ? ": " : "",
                        one || are_alike(api->host, instruments) ? words : "");
}
