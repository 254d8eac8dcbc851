#include "feeds/hours.h"

#include <stdio.h>
#include <time.h>

#include "core/battle/wall.h"
#include "feeds/pipeline.h"

#define SLACK_NS     (60 * RY_NS_PER_SECOND) /* a quiet market is no fault of the record */
#define DAY_NS       (86400 * RY_NS_PER_SECOND)
#define MOMENT_BYTES 96
#define SPAN_BYTES   (2 * MOMENT_BYTES + 16)

/* To the second: "2026-01-05 09:30:00 EST (14:30:00 UTC)". */
static void print_moment(const struct ry_feed_handler *handler, int64_t ns, char text[MOMENT_BYTES])
{
    int64_t rest = ns % RY_NS_PER_SECOND;
    rest += rest < 0 ? RY_NS_PER_SECOND : 0;
    ry_battle_wall_print(ns - rest, handler->battle->zone, text, MOMENT_BYTES);
}

/* "from .. to .."; to RY_TIME_NEVER: "from .. on". */
static void print_span(const struct ry_feed_handler *handler, int64_t from, int64_t to,
                       char text[SPAN_BYTES])
{
    char first[MOMENT_BYTES], last[MOMENT_BYTES];
    print_moment(handler, from, first);
    if (to == RY_TIME_NEVER) {
        snprintf(text, SPAN_BYTES, "from %s on", first);
        return;
    }
    print_moment(handler, to, last);
    snprintf(text, SPAN_BYTES, "from %s to %s", first, last);
}

static int64_t floor_days(int64_t ns)
{
    return ns / DAY_NS - (ns % DAY_NS < 0);
}

/* The date, another than the battle's, under which its hours lie over the record's for the longest;
 * empty: there is none. */
static void fitting_date(const struct ry_battle *battle, int64_t first, int64_t last,
                         char date[RY_BATTLE_DATE_BYTES])
{
    const int64_t from = battle->trade_from;
    int64_t to = battle->trade_to, most = -1, shift = 0;
    struct ry_battle_wall day;
    date[0] = '\0';
    if (to == RY_TIME_NEVER)
        to = from + DAY_NS - 1;
    const int64_t earliest = floor_days(first - to);
    for (int64_t days = earliest; days <= earliest + 2; days++) {
        const int64_t begin = from + days * DAY_NS, end = to + days * DAY_NS;
        const int64_t common = (end < last ? end : last) - (begin > first ? begin : first);
        if (common > most) {
            most = common;
            shift = days;
        }
    }
    if (most < 0 || shift == 0 || !ry_battle_wall_read_date(battle->date, &day))
        return;
    const time_t moment = (time_t)(day.seconds + shift * 86400);
    struct tm fields;
    if (gmtime_r(&moment, &fields) != NULL)
        strftime(date, RY_BATTLE_DATE_BYTES, "%Y-%m-%d", &fields);
}

/* Nothing of the record can happen while agents trade; the remedy stands before the figures, which
 * may be cut. False: the feed is over. */
static bool nothing_within(struct ry_feed_handler *handler, const char *what, int64_t first,
                           int64_t last)
{
    const struct ry_battle *battle = handler->battle;
    char date[RY_BATTLE_DATE_BYTES] = "", hours[SPAN_BYTES], text[2 * SPAN_BYTES + 128];
    if (handler->hours.dated)
        fitting_date(battle, first, last, date);
    print_span(handler, battle->trade_from, battle->trade_to, hours);
    snprintf(text, sizeof text,
             "nothing in it lies in the battle's hours (%s%s): %s; agents trade %s",
             date[0] != '\0' ? "this would fit: market.date: "
                             : "write trade_from and trade_to within it, or take another",
             date, what, hours);
    handler->hours.empty = true;
    if (battle->allow_empty) {
        ry_feed_say(handler, RY_LOG_WARN, "%s: %s", ry_feed_source(handler), text);
        return true;
    }
    (void)ry_feed_fail(handler, "%s: %s; market.allow_empty: true lets it pass",
                       ry_feed_source(handler), text);
    return false;
}

static bool lies_outside(struct ry_feed_handler *handler, int64_t first, int64_t last)
{
    char span[SPAN_BYTES], what[SPAN_BYTES + 32];
    print_span(handler, first, last, span);
    snprintf(what, sizeof what, "it goes %s", span);
    return nothing_within(handler, what, first, last);
}

int ry_feed_hours_claim(struct ry_feed_handler *handler, int64_t from, int64_t to)
{
    const struct ry_battle *battle = handler->battle;
    handler->hours.claim_to = to == RY_TIME_NEVER ? 0 : to;
    if (from <= battle->trade_to && (to == RY_TIME_NEVER || to > battle->trade_from))
        return 0;
    return lies_outside(handler, from, to) ? 0 : -1;
}

/* The record begins late: until then agents see an empty or a frozen book. */
static void tell_begins(struct ry_feed_handler *handler, int64_t first)
{
    const struct ry_battle *battle = handler->battle;
    char begins[MOMENT_BYTES], from[MOMENT_BYTES], date[RY_BATTLE_DATE_BYTES];
    print_moment(handler, first, begins);
    print_moment(handler, battle->trade_from, from);
    fitting_date(battle, first, first, date);
    const bool other_day = first >= battle->trade_from + DAY_NS && date[0] != '\0';
    ry_feed_say(handler, RY_LOG_WARN,
                "%s: the record begins at %s, and agents trade from %s: until then their book "
                "stands still; write a later trade_from%s%s",
                ry_feed_source(handler), begins, from, other_day ? ", or market.date: " : "",
                other_day ? date : "");
}

bool ry_feed_hours_begin(struct ry_feed_handler *handler)
{
    const struct ry_battle *battle = handler->battle;
    struct ry_feed_hours *hours = &handler->hours;
    const int64_t first = hours->clock->first;
    hours->begun = true;
    if (hours->empty)
        return true;
    if (first > battle->trade_to) {
        const int64_t day = first + DAY_NS - 1; /* how long it goes on is not known */
        char begins[MOMENT_BYTES], what[MOMENT_BYTES + 32];
        if (hours->claim_to > first)
            return lies_outside(handler, first, hours->claim_to);
        print_moment(handler, first, begins);
        snprintf(what, sizeof what, "it begins at %s", begins);
        return nothing_within(handler, what, first, day);
    }
    if (hours->dated && first >= battle->trade_from + SLACK_NS)
        tell_begins(handler, first);
    return true;
}

bool ry_feed_hours_end(struct ry_feed_handler *handler)
{
    const struct ry_battle *battle = handler->battle;
    const struct ry_feed_hours *hours = &handler->hours;
    if (hours->empty)
        return true;
    if (!hours->begun)
        return nothing_within(handler, "it has no message with a time", 0, -1);
    const int64_t first = hours->clock->first, last = hours->clock->latest;
    if (last < battle->trade_from)
        return lies_outside(handler, first, last);
    if (battle->trade_to != RY_TIME_NEVER && last <= battle->trade_to - SLACK_NS) {
        char ends[MOMENT_BYTES], to[MOMENT_BYTES];
        print_moment(handler, last, ends);
        print_moment(handler, battle->trade_to, to);
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: the record ends at %s, before trade_to (%s): the battle ends with it",
                    ry_feed_source(handler), ends, to);
    }
    return true;
}
