/*
 * What the feed targets share: a battle, and the check of every event that comes out. An event must
 * be one that exec takes: see core/exec/event.h.
 */
#ifndef RY_TESTS_SUPPORT_FUZZ_RIG_H
#define RY_TESTS_SUPPORT_FUZZ_RIG_H

#include <assert.h>

#include "feeds/market/dbn.h"
#include "feeds/market/itch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_feed {
    struct ry_battle *battle;
    struct ry_normalise_instruments instruments;
    struct ry_feed_counters counters;
    uint16_t events;
    int64_t time;
    uint64_t refs; /* keeps the fields read */
};

void fuzz_feed_begin(struct fuzz_feed *feed, unsigned wire_decimals);

void fuzz_feed_end(struct fuzz_feed *feed);

void fuzz_event(struct fuzz_feed *feed, const struct ry_input *event);

#endif
