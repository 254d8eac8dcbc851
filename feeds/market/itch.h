/*
 * ITCH 5.0 messages to events. A message makes one event or none.
 *
 * What a stock locate means today R says, and where R is missing the first message with a symbol.
 * Orders are not remembered. Remaining quantities are the machine's to know: D is a CANCEL with
 * RY_INF_ALL.
 *
 * Sessions: NASDAQ matches continuously from the start of system hours ('S', 4:00) to their end
 * ('E', 20:00); the regular session between ('Q', 'M') changes the crosses, not the continuous
 * book. So 'S' opens, 'E' and the start of messages ('O') close. Files that begin within the day
 * have no 'S': a machine that is told nothing counts the session as open.
 *
 * States: H (halted, paused, quotation only) and h (this venue's operational halt) are remembered
 * apart; an instrument trades when neither halts it. Each H makes a STATE, also one that repeats
 * what holds; h makes one where the state changes.
 *
 * Trades bear the venue's match number, by which B (broken trade) takes one back: E and printable C
 * in ref_new, P and Q in ref.
 *
 * Codes of system events, trading states and crosses are from the exchange's specification "Nasdaq
 * TotalView-ITCH 5.0". Times on the wire count from local midnight of the battle's date.
 */
#ifndef RY_FEEDS_MARKET_ITCH_H
#define RY_FEEDS_MARKET_ITCH_H

#include "feeds/market/normalise.h"
#include "feeds/market/price.h"
#include "feeds/wire/itch50.h"

/* Who has halted an instrument; what one of them lifts, the other does not. */
enum ry_normalise_itch_halt {
    RY_NORMALISE_ITCH_HALT_MARKET = 1u << 0, /* H: all venues */
    RY_NORMALISE_ITCH_HALT_VENUE = 1u << 1,  /* h: this one */
};

/* One feed's, in its pipeline. 160 KiB: not for the stack. */
struct ry_normalise_itch {
    const struct ry_normalise_instruments *instruments;
    struct ry_feed_counters *counters;
    int64_t midnight; /* ns UTC */
    struct ry_normalise_clock clock;
    struct ry_normalise_too_fine too_fine;
    uint8_t
        halts[RY_INSTRUMENTS_MAX];   /* by id: why it does not trade, enum ry_normalise_itch_halt */
    bool named[RY_INSTRUMENTS_MAX];  /* by id: a message has had its symbol */
    bool messages_ended;             /* the system event 'C', the last message of a day, has come */
    uint16_t locate[UINT16_MAX + 1]; /* id + 1; 0: not known yet; UINT16_MAX: not in the battle */
};

void ry_normalise_itch_init(struct ry_normalise_itch *normaliser,
                            const struct ry_normalise_instruments *instruments,
                            struct ry_feed_counters *counters);

/* Decodes and counts one message; true if it made an event. */
bool ry_normalise_itch(struct ry_normalise_itch *normaliser, const uint8_t *message, size_t length,
                       struct ry_input *event);

#endif
