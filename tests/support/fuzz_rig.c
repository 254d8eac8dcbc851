#include "tests/support/fuzz_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exec/event.h"

#define FUZZ_INSTRUMENTS 3u

void fuzz_feed_begin(struct fuzz_feed *feed, unsigned wire_decimals)
{
    static const char *const symbols[FUZZ_INSTRUMENTS] = {"AAPL", "BRK.A", "ESH4"};
    static const uint8_t scales[FUZZ_INSTRUMENTS] = {4, 2, 6};
    memset(feed, 0, sizeof *feed);
    feed->battle = calloc(1, ry_battle_bytes(FUZZ_INSTRUMENTS));
    assert(feed->battle != NULL);
    feed->battle->instruments = FUZZ_INSTRUMENTS;
    feed->battle->feeds = 1;
    feed->battle->orders_max = 256;
    feed->battle->midnight = INT64_C(1577682000000000000);
    feed->battle->warmup_from = feed->battle->midnight;
    feed->battle->trade_to = RY_TIME_NEVER;
    feed->time = feed->battle->warmup_from;
    for (unsigned i = 0; i < FUZZ_INSTRUMENTS; i++) {
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
                     c->dbn_symbol_mapping + c->dbn_status + c->dbn_error + c->dbn_system +
                     c->dbn_other;
#define X(type, length, name) known += c->itch_##name;
    RY_WIRE_ITCH50_TYPES(X)
#undef X
    assert(known == c->messages);
    ry_normalise_instruments_free(&feed->instruments);
    free(feed->battle);
}

/* What exec takes is what may come out; the rest is this rig's own. The pipeline numbers events, so
 * here each is the first. */
void fuzz_event(struct fuzz_feed *feed, const struct ry_input *event)
{
    static const uint8_t feed_of[FUZZ_INSTRUMENTS];
    const struct ry_exec_event_rules rules = {
        .feed_of = feed_of, .instruments = FUZZ_INSTRUMENTS, .time = feed->time};
    struct ry_input copy = *event;
    copy.head.source_seq = 1;
    const char *wrong = ry_exec_event_wrong(&rules, &copy, copy.head.slots);
    if (wrong != NULL)
        fprintf(stderr, "an event of kind %u: %s\n", event->head.kind, wrong);
    assert(wrong == NULL && event->head.kind != RY_IN_FEED_END && event->head.source == 0);
    assert(event->zero[0] == 0 && event->zero[1] == 0 && event->zero[2] == 0);
    feed->time = event->head.time;
    feed->refs += event->ref + event->ref_new;
}
