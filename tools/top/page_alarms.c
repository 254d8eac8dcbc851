/* What is wrong, each in words with what to do; and the help. */
#include <inttypes.h>
#include <stdio.h>

#include "tools/top/lines.h"
#include "tools/top/pages.h"

#define INDENT 10

static void say_alarms(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    const struct ry_watch_alarms *alarms = &sheet->scene->watch->alarms;
    for (unsigned i = 0; i < alarms->count; i++) {
        const struct ry_watch_alarm *alarm = &alarms->alarm[i];
        char text[RY_WATCH_ALARM_BYTES + 2 * INDENT];
        snprintf(text, sizeof text, "%-*s%s", INDENT, ry_watch_severity_name(alarm->severity),
                 alarm->text);
        ry_top_line_whole(lines,
                          alarm->severity == RY_WATCH_CRITICAL  ? RY_TOP_RED | RY_TOP_BOLD
                          : alarm->severity == RY_WATCH_WARNING ? RY_TOP_YELLOW
                                                                : RY_TOP_PLAIN,
                          INDENT, text);
    }
    if (alarms->count == 0)
        ry_top_line(lines, RY_TOP_GREEN, "no alarm: nothing that is known here is wrong");
    if (alarms->more > 0)
        ry_top_line(lines, RY_TOP_DIM, "and %" PRIu64 " more, none worse than these", alarms->more);
}

void ry_top_page_alarms(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    ry_top_lines(area, sheet, say_alarms);
}

/* Fits 80x24, title and keys included. */
static const char *const help[] = {
    "1 .. 6      board, processes, feeds, alarms, rounds, instruments; also Tab, arrows",
    "Enter       the agent's page (board, processes), the instrument's (instruments)",
    "Esc         back (Backspace too); drops a filter",
    "up, down, PgUp, PgDn, Home, End   move the cursor, scroll",
    "s, S        sort by the next column; turn the order round",
    "/           only names with this text in them",
    "space       pause: all pages show this one moment; the battle goes on",
    "q           leave",
    "",
    "this round  growth of its value since the round began: the last goes out",
    "gain        of the whole battle: market + agents + rebates - fees - haircut",
    "drawdown    the largest fall of its equity from a peak so far",
    "pos         instruments that it holds lots of",
    "equity      its course so far; of one that is out: in which round, and why",
    "ahead       lots in front of an order at its price, in the queue",
    "beat        since the process copied its counters out; stands: a second and more",
    "busy        time in which it had work, of all",
    "behind      what it still has to read",
    "lost        gaps, overruns, what had no room: not to be had again",
    "stale       for how long no data have come",
    "speed       seconds of market time a second; -: not known yet",
};

static void say_help(struct ry_top_lines *lines, const struct ry_top_sheet *sheet)
{
    (void)sheet;
    for (unsigned i = 0; i < sizeof help / sizeof *help; i++)
        ry_top_line_whole(lines, RY_TOP_PLAIN, 12, help[i]);
}

void ry_top_page_help(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    struct ry_top_lines lines = {.area = *area};
    say_help(&lines, sheet);
}
