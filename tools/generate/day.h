/*
 * The day's plan: which phase when, how many messages in which minute, when a halt, who acts at
 * what time.
 */
#ifndef RY_TOOLS_GENERATE_DAY_H
#define RY_TOOLS_GENERATE_DAY_H

#include "tools/generate/market.h"

#define RY_GENERATE_CLOSE_MIN 580u /* 09:40 */
#define RY_GENERATE_CLOSE_MAX 960u /* 16:00 */

struct ry_generate_day {
    uint64_t messages;     /* at least RY_GENERATE_MESSAGES_MIN; the day has exactly so many */
    uint32_t close_minute; /* since midnight: RY_GENERATE_CLOSE_MIN to RY_GENERATE_CLOSE_MAX */
    bool auction;
    bool halt;
    uint32_t halted; /* out: stock locate of the halted instrument, 0 for none */
};

/* Runs a started market through a day; stops early when market->failed. */
void ry_generate_day_run(struct ry_generate_day *day, struct ry_generate_market *market);

#endif
