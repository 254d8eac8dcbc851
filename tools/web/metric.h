/*
 * What a figure of a battle is called as a metric, by the rules of Prometheus and OpenMetrics.
 *
 * Example: the counter `commit_ns` (GAUGE, "ns") of the role export is the gauge
 * royale_export_commit_seconds; `damaged_short` (COUNTER, "messages") of a feed is the counter
 * royale_feed_damaged_short_messages, whose samples end in _total. The rules:
 *   royale_ROLE_NAME        ROLE without its number; "process" for those of the run loop, which all
 *                           processes have
 *   _UNIT                   unless NAME has that word; none for what is counted in "times",
 *                           "calls" or "steps" and for "bool"
 *   ns                      becomes seconds, permille a ratio: nine and three decimals, exact
 *   HASH                    a metric of the kind info: its label `hash` has the 16 digits
 */
#ifndef RY_TOOLS_WEB_METRIC_H
#define RY_TOOLS_WEB_METRIC_H

#include "shm/counter.h"

#define RY_WEB_NAME_BYTES 128 /* "royale_", a role, a counter's name, a unit, the final NUL */
#define RY_WEB_UNIT_BYTES 24

enum ry_web_kind {
    RY_WEB_COUNTER = 1,
    RY_WEB_GAUGE,
    RY_WEB_INFO, /* its labels say something, its value is 1 */
};

struct ry_web_metric {
    char name[RY_WEB_NAME_BYTES]; /* of the family: without _total and _info */
    char unit[RY_WEB_UNIT_BYTES]; /* with which the name ends; "": none */
    enum ry_web_kind kind;
    unsigned decimals; /* a value of 1500 with 3 of them is 1.5 */
    const char *help;  /* the counter's own sentence */
};

/* Of the counter of a process that is called `process` ("feed0"). */
void ry_web_metric_of(struct ry_web_metric *metric, const char *process,
                      const struct ry_counter *counter);

#endif
