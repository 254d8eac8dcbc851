/*
 * Feed records are another process' word: checked here, on exec's own copy, before they become
 * inputs. What passes is never malformed to the machine, but for its place in the sequence.
 */
#ifndef RY_CORE_EXEC_EVENT_H
#define RY_CORE_EXEC_EVENT_H

#include "core/battle/battle.h"
#include "shm/records/input.h"

/* What one feed may say next. */
struct ry_exec_event_rules {
    const uint8_t *feed_of; /* for each instrument, the index of its feed */
    uint16_t instruments;
    uint8_t feed;
    int64_t time;        /* of its last record, at first warmup_from */
    uint64_t source_seq; /* of its last record, at first 0 */
};

/* NULL, or what is wrong with a record of `slots` slots of the ring, as a phrase for the log. */
const char *ry_exec_event_wrong(const struct ry_exec_event_rules *rules,
                                const struct ry_input *event, unsigned slots);

#endif
