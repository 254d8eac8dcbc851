#include "tools/top/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/battle/wall.h"

#define QUARTER_NS (INT64_C(900) * RY_NS_PER_SECOND)
#define WALL_BYTES 96 /* of ry_battle_wall_print */
#define DAY_CHARS  10 /* "2026-01-05" */

/* ---- times ----------------------------------------------------------------------------------- */

static int64_t floor_of(int64_t ns, int64_t unit)
{
    return ns / unit - (ns % unit < 0);
}

/* The zone's offset at that moment. */
static void ask(struct ry_top_clock *clock, int64_t ns)
{
    char text[WALL_BYTES], day[DAY_CHARS + 1], time[9];
    struct ry_battle_wall midnight, wall;
    int64_t quarter = floor_of(ns, QUARTER_NS), second = floor_of(ns, RY_NS_PER_SECOND);
    if (clock->known && clock->quarter == quarter)
        return;
    clock->known = true;
    clock->quarter = quarter;
    clock->offset_s = 0;
    strcpy(clock->name, "UTC");
    ry_battle_wall_print(second * RY_NS_PER_SECOND, clock->zone, text, sizeof text);
    char name[sizeof clock->name];
    if (sscanf(text, "%10s %8s %15s", day, time, name) == 3 &&
        ry_battle_wall_read_date(day, &midnight) &&
        ry_battle_wall_read_time(time, midnight, &wall)) {
        clock->offset_s = wall.seconds - second;
        strcpy(clock->name, name);
    }
}

/* Milliseconds on the zone's wall, since the epoch there. */
static int64_t wall_ms(struct ry_top_clock *clock, int64_t ns)
{
    ask(clock, ns);
    return floor_of(ns, RY_NS_PER_SECOND / 1000) + clock->offset_s * 1000;
}

const char *ry_top_time(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns)
{
    int64_t ms = wall_ms(clock, ns), day = ms - floor_of(ms, 86400000) * 86400000;
    snprintf(text, RY_TOP_WORD_BYTES, "%02d:%02d:%02d.%03d", (int)(day / 3600000),
             (int)(day / 60000 % 60), (int)(day / 1000 % 60), (int)(day % 1000));
    return text;
}

const char *ry_top_moment(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns)
{
    char wall[WALL_BYTES];
    ask(clock, ns);
    int64_t second = floor_of(ns, RY_NS_PER_SECOND) + clock->offset_s;
    ry_battle_wall_print(second * RY_NS_PER_SECOND, "UTC", wall, sizeof wall);
    snprintf(text, RY_TOP_WORD_BYTES, "%.19s %s", wall, clock->name);
    return text;
}

const char *ry_top_lasting(char text[RY_TOP_WORD_BYTES], int64_t ns)
{
    int64_t s = ns / RY_NS_PER_SECOND;
    if (s >= 3600)
        snprintf(text, RY_TOP_WORD_BYTES, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60),
                 (int)(s % 60));
    else
        snprintf(text, RY_TOP_WORD_BYTES, "%d:%02d", (int)(s / 60), (int)(s % 60));
    return text;
}

const char *ry_top_age(char text[RY_TOP_WORD_BYTES], int64_t ns)
{
    if (ns < 0)
        strcpy(text, "-");
    else if (ns < RY_NS_PER_SECOND / 1000)
        snprintf(text, RY_TOP_WORD_BYTES, "%d us", (int)(ns / 1000));
    else if (ns < RY_NS_PER_SECOND)
        snprintf(text, RY_TOP_WORD_BYTES, "%d ms", (int)(ns / 1000000));
    else if (ns < 60 * RY_NS_PER_SECOND)
        snprintf(text, RY_TOP_WORD_BYTES, "%d.%d s", (int)(ns / RY_NS_PER_SECOND),
                 (int)(ns % RY_NS_PER_SECOND / 100000000));
    else
        ry_top_lasting(text, ns);
    return text;
}
