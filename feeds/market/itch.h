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

/* How a type is taken without a look at what it is: where its fields stand, and what of them
 * counts. A field that it has not is read from within its head, and masked away. */
struct ry_normalise_itch_quick {
    uint64_t head;        /* the first word of its event, but for the instrument */
    uint32_t length;      /* UINT32_MAX: it is not taken that way */
    uint16_t counter;     /* enum ry_feed_counter */
    bool about;           /* it makes an event if its instrument is the battle's */
    uint8_t ref, ref_new; /* where the event's are */
    uint8_t quantity, price;
    uint8_t code;                 /* a field that can only be the one or the other */
    uint8_t one, other;           /* .. */
    uint8_t one_side, other_side; /* what the event's side is then */
    uint32_t quantity_mask, price_mask;
    uint64_t ref_new_mask;
    uint32_t no_quantity; /* not 0: a quantity of 0 is none that is missing */
};

#define RY_NORMALISE_ITCH_UNKNOWN UINT16_MAX
_Static_assert(RY_INSTRUMENTS_MAX < RY_NORMALISE_ITCH_UNKNOWN, "no id is the mark of no id");

/* One feed's, in its pipeline. 170 KiB: not for the stack. */
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
    uint16_t foreign;                /* in `locate`: of no instrument of the battle's */
    uint16_t locate[UINT16_MAX + 1]; /* an id, `foreign`, or RY_NORMALISE_ITCH_UNKNOWN: not yet */
    struct ry_normalise_itch_quick quick[256]; /* by type */
};

void ry_normalise_itch_init(struct ry_normalise_itch *normaliser,
                            const struct ry_normalise_instruments *instruments,
                            struct ry_feed_counters *counters);

/* What ry_normalise_itch_span took. */
struct ry_normalise_itch_taken {
    size_t bytes; /* with the lengths before the messages */
    unsigned messages;
    unsigned events;
};

/* Takes messages, each behind its length (as in BinaryFILE and MoldUDP64), from the beginning of
 * `bytes` on, until `room` events are made: the same as ry_normalise_itch for each, in one pass and
 * without a branch for what they say. Stops before the first message that is not whole, or has
 * something about it that is for ry_normalise_itch to judge: a status, a locate that is not known,
 * damage, a price or quantity that does not fit, a printable flag that is not Y; also before a
 * record's first time has come. */
struct ry_normalise_itch_taken ry_normalise_itch_span(struct ry_normalise_itch *normaliser,
                                                      const uint8_t *bytes, size_t length,
                                                      struct ry_input *events, unsigned room);

/* Decodes and counts one message; true if it made an event. */
bool ry_normalise_itch(struct ry_normalise_itch *normaliser, const uint8_t *message, size_t length,
                       struct ry_input *event);

#endif
