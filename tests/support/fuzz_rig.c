#include "tests/support/fuzz_rig.h"

#include <stdlib.h>
#include <string.h>

void fuzz_feed_begin(struct fuzz_feed *feed, unsigned wire_decimals)
{
    static const char *const symbols[] = {"AAPL", "BRK.A", "ESH4"};
    static const uint8_t scales[] = {4, 2, 6};
    memset(feed, 0, sizeof *feed);
    feed->battle = calloc(1, ry_battle_bytes(3));
    assert(feed->battle != NULL);
    feed->battle->instruments = 3;
    feed->battle->feeds = 1;
    feed->battle->orders_max = 256;
    feed->battle->midnight = INT64_C(1577682000000000000);
    feed->battle->warmup_from = feed->battle->midnight;
    feed->battle->trade_to = RY_TIME_NEVER;
    feed->time = feed->battle->warmup_from;
    for (unsigned i = 0; i < 3; i++) {
        strcpy(feed->battle->instrument[i].symbol, symbols[i]);
        feed->battle->instrument[i].price_scale = scales[i];
    }
    assert(ry_normalise_instruments_init(&feed->instruments, feed->battle, 0, wire_decimals) == 0);
}

void fuzz_feed_end(struct fuzz_feed *feed)
{
    const struct ry_feed_counters *c = &feed->counters;
    uint64_t known = c->damaged_short + c->damaged_unknown_type + c->damaged_bad_length +
                     c->damaged_bad_field + c->dbn_add + c->dbn_cancel + c->dbn_modify +
                     c->dbn_clear + c->dbn_trade + c->dbn_fill + c->dbn_none +
                     c->dbn_symbol_mapping + c->dbn_other;
#define X(type, length, name) known += c->itch_##name;
    RY_WIRE_ITCH50_TYPES(X)
#undef X
    assert(known == c->messages);
    ry_normalise_instruments_free(&feed->instruments);
    free(feed->battle);
}

void fuzz_event(struct fuzz_feed *feed, const struct ry_input *event)
{
    const uint8_t kind = event->head.kind;
    const bool all = (event->head.flags & RY_INF_ALL) != 0;
    assert(event->head.slots == 1 && event->head.instrument < 3 && event->head.source == 0);
    assert(event->head.time >= feed->time && event->head.time != RY_TIME_NEVER);
    assert(event->price >= -RY_PRICE_ABS_MAX && event->price <= RY_PRICE_ABS_MAX);
    assert(kind >= RY_IN_ADD && kind < RY_IN_FEED_END);
    assert(!all || kind == RY_IN_CANCEL);
    if (kind == RY_IN_ADD)
        assert(event->side == RY_BUY || event->side == RY_SELL);
    assert(event->side <= RY_SELL);
    if (kind == RY_IN_STATE || kind == RY_IN_SESSION)
        assert(event->qty <= 1);
    else if (kind != RY_IN_CLEAR)
        assert((event->qty == 0) == all);
    assert(event->zero[0] == 0 && event->zero[1] == 0 && event->zero[2] == 0);
    feed->time = event->head.time;
    feed->refs += event->ref + event->ref_new;
}
