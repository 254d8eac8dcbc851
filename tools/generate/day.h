/*
 * The day's plan: which phase when, how many messages in which minute, when a halt, who acts at
 * what time.
 */
#ifndef RY_TOOLS_GENERATE_DAY_H
#define RY_TOOLS_GENERATE_DAY_H

#include "tools/generate/market.h"

struct ry_generate_day {
    uint64_t messages; /* at least RY_GENERATE_MESSAGES_MIN; the day has exactly so many */
    bool auction;
    bool halt;
    uint32_t halted; /* out: stock locate of the halted instrument, 0 for none */
};

/* Runs a started market through a day; stops early when market->failed. */
void ry_generate_day_run(struct ry_generate_day *day, struct ry_generate_market *market);

#endif
