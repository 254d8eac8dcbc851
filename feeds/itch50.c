#include "feeds/itch50.h"

#include "feeds/wire/bytes.h"

#define STATE_AT 19 /* of 'H': the trading state */

int ry_feed_itch50_open(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler)
{
    if (ry_normalise_instruments_init(&itch->instruments, handler->battle, handler->index,
                                      RY_WIRE_ITCH50_DECIMALS) != 0)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    ry_normalise_itch_init(&itch->normaliser, &itch->instruments, &handler->counters);
    return 0;
}

void ry_feed_itch50_close(struct ry_feed_itch50 *itch)
{
    ry_normalise_instruments_free(&itch->instruments);
}

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
                    message[STATE_AT],
                    told == RY_FEED_ITCH50_STATES_TOLD ? "; further ones are counted only" : "");
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
    if (itch->normaliser.too_fine.found)
        return ry_feed_too_fine(handler, &itch->instruments, &itch->normaliser.too_fine, "message",
                                place, number, made);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

enum ry_feed_handler_result ry_feed_itch50_end(const struct ry_feed_itch50 *itch,
                                               struct ry_feed_handler *handler, const char *what,
                                               struct ry_input *event)
{
    if (!itch->normaliser.messages_ended)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: the day ends without the end-of-messages event: the %s may be cut",
                    ry_feed_source(handler), what);
    return ry_feed_end(event, &itch->normaliser.clock);
}
