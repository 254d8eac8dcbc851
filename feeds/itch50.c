#include "feeds/itch50.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/battle/keys.h"
#include "core/battle/wall.h"
#include "feeds/wire/bytes.h"

/* The trading state. */
#define TRADING_STATE_AT    19 /* of H */
#define OPERATIONAL_HALT_AT 20 /* of h */

int ry_feed_itch50_open(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler)
{
    if (ry_normalise_instruments_init(&itch->instruments, handler->battle, handler->index,
                                      RY_WIRE_ITCH50_DECIMALS) != 0)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    itch->directory = calloc(UINT16_MAX + 1, sizeof *itch->directory);
    if (itch->directory == NULL)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    ry_normalise_itch_init(&itch->normaliser, &itch->instruments, &handler->counters);
    handler->hours.clock = &itch->normaliser.clock;
    return 0;
}

void ry_feed_itch50_close(struct ry_feed_itch50 *itch)
{
    ry_normalise_instruments_free(&itch->instruments);
    free(itch->directory);
    itch->directory = NULL;
}

/* ---- symbols --------------------------------------------------------------------------------- */

#define SYMBOL_TEXT (RY_WIRE_ITCH50_SYMBOL_BYTES + 1)

/* Without the spaces behind it; what is no text is shown as dots. */
static void symbol_text(char text[SYMBOL_TEXT], const char symbol[RY_WIRE_ITCH50_SYMBOL_BYTES])
{
    ry_wire_printable(text, symbol, RY_WIRE_ITCH50_SYMBOL_BYTES);
    for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = '\0';
}

/* The symbol of the directory that differs least from `wanted`, by less than half of it; the same
 * in capitals comes first. False: none is near. */
static bool nearest_symbol(const struct ry_feed_itch50 *itch, const char *wanted,
                           char nearest[SYMBOL_TEXT])
{
    unsigned best = (unsigned)(strlen(wanted) + 1) / 2;
    bool found = false;
    for (unsigned locate = 0; locate <= UINT16_MAX; locate++) {
        char text[SYMBOL_TEXT];
        if (itch->directory[locate][0] == '\0')
            continue;
        symbol_text(text, itch->directory[locate]);
        const unsigned distance =
            strcasecmp(text, wanted) == 0 ? 0 : ry_battle_edit_distance(text, wanted);
        if (distance < best) {
            best = distance;
            found = true;
            memcpy(nearest, text, SYMBOL_TEXT);
        }
    }
    return found;
}

/* Tells which of the battle's symbols the record does not have, once: at the start of system hours
 * where a directory came, else at the record's end. */
static void tell_absent(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler)
{
    uint64_t *absent = &handler->counters.symbols_absent;
    if (itch->told_absent)
        return;
    itch->told_absent = true;
    for (unsigned id = 0; id < handler->battle->instruments; id++) {
        const struct ry_battle_instrument *instrument = &handler->battle->instrument[id];
        char nearest[SYMBOL_TEXT];
        if (instrument->feed != handler->index || itch->normaliser.named[id] ||
            ++*absent > RY_FEED_ITCH50_ABSENT_TOLD)
            continue;
        const bool near = nearest_symbol(itch, instrument->symbol, nearest);
        ry_feed_say(handler, RY_LOG_WARN, "%s: the record does not have %s%s%s%s",
                    ry_feed_source(handler), instrument->symbol,
                    near ? "; the nearest symbol of its directory is " : "", near ? nearest : "",
                    *absent == RY_FEED_ITCH50_ABSENT_TOLD ? "; further ones are counted only" : "");
    }
}

/* Directory messages come before the start of system hours. */
static void note_directory(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler,
                           const uint8_t *bytes, size_t length)
{
    struct ry_wire_itch50 message;
    if (ry_wire_itch50_decode(bytes, length, &message) != RY_WIRE_ITCH50_OK)
        return;
    if (message.type == 'R') {
        itch->directory_began = true;
        memcpy(itch->directory[message.locate], message.symbol, sizeof message.symbol);
    } else if (itch->directory_began && message.code == 'S') {
        tell_absent(itch, handler);
    }
}

/* ---- what the exchange announces ------------------------------------------------------------- */

static void tell_state(struct ry_feed_handler *handler, const uint8_t *message)
{
    const uint64_t told = handler->counters.unknown_state;
    char symbol[RY_WIRE_ITCH50_SYMBOL_BYTES + 1];
    if (told <= RY_FEED_ITCH50_STATES_TOLD)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: %s: unknown trading state 0x%02x counts as trading%s",
                    ry_feed_source(handler),
                    ry_wire_printable(symbol, message + RY_WIRE_ITCH50_HEAD_BYTES,
                                      RY_WIRE_ITCH50_SYMBOL_BYTES),
                    message[message[0] == 'H' ? TRADING_STATE_AT : OPERATIONAL_HALT_AT],
                    told == RY_FEED_ITCH50_STATES_TOLD ? "; further ones are counted only" : "");
}

/* The market as a whole: the breaker's halt itself comes as a state of each instrument. */
static void tell_breaker(struct ry_feed_handler *handler, uint8_t level, const char *at)
{
    ry_feed_say(handler, RY_LOG_WARN,
                "%s: the market-wide circuit breaker is breached at level %c, %s: the halts that "
                "follow are trading states (H)",
                ry_feed_source(handler), level >= '1' && level <= '3' ? level : '?', at);
}

static void tell_collar(struct ry_feed_handler *handler, const struct ry_wire_itch50 *message,
                        const char *symbol, const char *at)
{
    char price[RY_NORMALISE_PRICE_BYTES], low[RY_NORMALISE_PRICE_BYTES],
        high[RY_NORMALISE_PRICE_BYTES];
    ry_normalise_price_print(message->price, RY_WIRE_ITCH50_DECIMALS, price);
    ry_normalise_price_print(message->price_low, RY_WIRE_ITCH50_DECIMALS, low);
    ry_normalise_price_print(message->price_high, RY_WIRE_ITCH50_DECIMALS, high);
    ry_feed_say(handler, RY_LOG_INFO,
                "%s: %s: auction after a limit-up limit-down pause within %s to %s, reference %s, "
                "announced %s; further ones are counted only",
                ry_feed_source(handler), symbol, low, high, price, at);
}

static void tell_ipo(struct ry_feed_handler *handler, const struct ry_wire_itch50 *message,
                     const char *symbol, const char *at)
{
    char price[RY_NORMALISE_PRICE_BYTES], release[96];
    ry_normalise_price_print(message->price, RY_WIRE_ITCH50_DECIMALS, price);
    ry_battle_wall_print(handler->battle->midnight + (int64_t)message->release_s * RY_NS_PER_SECOND,
                         handler->battle->zone, release, sizeof release);
    ry_feed_say(handler, RY_LOG_INFO,
                "%s: %s: release of the new issue at %s is %s for %s, announced %s; further ones "
                "are counted only",
                ry_feed_source(handler), symbol, price,
                message->code == 'C' ? "cancelled or postponed" : "anticipated", release, at);
}

/* What announces states without being one: the first of its kind, of an instrument that is listed.
 */
static void tell_announced(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler,
                           const uint8_t *bytes, size_t length)
{
    struct ry_wire_itch50 message;
    bool *told = bytes[0] == 'W'   ? &itch->told_breaker
                 : bytes[0] == 'J' ? &itch->told_collar
                                   : &itch->told_ipo;
    if (*told || ry_wire_itch50_decode(bytes, length, &message) != RY_WIRE_ITCH50_OK)
        return;
    const int id =
        ry_normalise_instruments_find(&itch->instruments, message.symbol, sizeof message.symbol);
    if (bytes[0] != 'W' && id < 0)
        return;
    char at[96];
    ry_battle_wall_print(itch->normaliser.midnight + (int64_t)message.ns, handler->battle->zone, at,
                         sizeof at);
    *told = true;
    if (bytes[0] == 'W')
        tell_breaker(handler, message.code, at);
    else if (bytes[0] == 'J')
        tell_collar(handler, &message, handler->battle->instrument[id].symbol, at);
    else
        tell_ipo(handler, &message, handler->battle->instrument[id].symbol, at);
}

enum ry_feed_handler_result ry_feed_itch50_message(struct ry_feed_itch50 *itch,
                                                   struct ry_feed_handler *handler,
                                                   const uint8_t *message, size_t length,
                                                   const char *place, uint64_t number,
                                                   struct ry_input *event)
{
    const struct ry_feed_counters *counters = &handler->counters;
    const uint64_t states = counters->unknown_state, damaged = ry_feed_damaged(counters);
    const bool made = ry_normalise_itch(&itch->normaliser, message, length, event);
    ry_feed_tell_damage(handler, damaged, "message", place, number);
    if (counters->unknown_state != states)
        tell_state(handler, message);
    if (length > 0 && (message[0] == 'R' || message[0] == 'S'))
        note_directory(itch, handler, message, length);
    else if (length > 0 && memchr("WJK", message[0], 3) != NULL)
        tell_announced(itch, handler, message, length);
    if (itch->normaliser.too_fine.found)
        return ry_feed_too_fine(handler, &itch->instruments, &itch->normaliser.too_fine, "message",
                                place, number, made);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

enum ry_feed_handler_result ry_feed_itch50_end(struct ry_feed_itch50 *itch,
                                               struct ry_feed_handler *handler, const char *what,
                                               struct ry_input *event)
{
    tell_absent(itch, handler);
    if (!itch->normaliser.messages_ended)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: the day ends without the end-of-messages event: the %s may be cut",
                    ry_feed_source(handler), what);
    return ry_feed_end(event, &itch->normaliser.clock);
}
