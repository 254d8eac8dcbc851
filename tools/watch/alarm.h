/*
 * What is wrong with a battle at this moment, worst first, each in one line with what to do.
 *
 * From: odd counters (a counter with a remedy that is not zero, shm/counter.h), heartbeats that
 * stand still, feeds that are silent, a result that is not reproducible or not whole, a journal
 * that is not durable, lines of WARN and ERROR in the processes' logs.
 */
#ifndef RY_TOOLS_WATCH_ALARM_H
#define RY_TOOLS_WATCH_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#define RY_WATCH_ALARMS_MAX  64
#define RY_WATCH_ALARM_BYTES 512

enum ry_watch_severity {
    RY_WATCH_INFO = 1, /* good to know */
    RY_WATCH_WARNING,  /* the result stands, something should be done */
    RY_WATCH_CRITICAL, /* the battle stands still, or its result is not what it seems */
};

struct ry_watch_alarm {
    enum ry_watch_severity severity;
    char text[RY_WATCH_ALARM_BYTES]; /* printable: "feed0 (itch): gaps 3 (holes in the sequence):
                                        listen again .." */
};

struct ry_watch_alarms {
    unsigned count;
    uint64_t more; /* that had no room: none of them is worse than the last one here */
    struct ry_watch_alarm alarm[RY_WATCH_ALARMS_MAX];
};

/* "info", "warning", "critical" */
const char *ry_watch_severity_name(enum ry_watch_severity severity);

#endif
