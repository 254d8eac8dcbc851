#include "tools/text/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define QUARTER_NS (INT64_C(900) * RY_NS_PER_SECOND)
#define DAY_S      INT64_C(86400)

static int64_t floor_div(int64_t x, int64_t by)
{
    return x / by - (x % by < 0);
}

/* Seconds of the wall since its epoch. */
static int64_t wall_of(struct ry_text_moments *m, int64_t ns)
{
    int64_t quarter = floor_div(ns, QUARTER_NS);
    if (m->quarter != quarter) {
        m->quarter = quarter;
        m->offset = ry_battle_wall_offset(ns, m->zone, m->name);
    }
    return floor_div(ns, RY_NS_PER_SECOND) + m->offset;
}

void ry_text_moments_open(struct ry_text_moments *m, const char *zone, int64_t start)
{
    *m = (struct ry_text_moments){.quarter = INT64_MIN, .day = INT64_MIN};
    snprintf(m->zone, sizeof m->zone, "%s", zone);
    m->day = floor_div(wall_of(m, start), DAY_S);
}

/* Digits of a fraction without the zeros behind them, the point included; nothing of 0. */
static const char *fraction_of(char text[16], int64_t part, int digits)
{
    int length = snprintf(text, 16, ".%0*" PRId64, digits, part);
    while (length > 1 && text[length - 1] == '0')
        length--;
    text[length == 1 ? 0 : length] = '\0';
    return text;
}

static int64_t part_of(int64_t ns)
{
    return ns - floor_div(ns, RY_NS_PER_SECOND) * RY_NS_PER_SECOND;
}

static const char *put_moment(char text[RY_TEXT_MOMENT_BYTES], struct ry_text_moments *m,
                              int64_t ns, const char *fraction)
{
    time_t wall = (time_t)wall_of(m, ns);
    char clock[32] = "";
    struct tm fields;
    bool dated = floor_div((int64_t)wall, DAY_S) != m->day;
    if (gmtime_r(&wall, &fields) != NULL)
        strftime(clock, sizeof clock, dated ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &fields);
    snprintf(text, RY_TEXT_MOMENT_BYTES, "%s%s %s", clock, fraction, m->name);
    return text;
}

const char *ry_text_moment(char text[RY_TEXT_MOMENT_BYTES], struct ry_text_moments *m, int64_t ns)
{
    char fraction[16];
    return put_moment(text, m, ns, fraction_of(fraction, part_of(ns), 9));
}

const char *ry_text_moment_column(char text[RY_TEXT_MOMENT_BYTES], struct ry_text_moments *m,
                                  int64_t ns)
{
    char fraction[16];
    snprintf(fraction, sizeof fraction, ".%09" PRId64, part_of(ns));
    return put_moment(text, m, ns, fraction);
}

const char *ry_text_duration(char text[RY_TEXT_DURATION_BYTES], int64_t ns)
{
    static const struct {
        int64_t ns;
        int digits;
        const char *name;
    } units[] = {{RY_NS_PER_SECOND, 9, "s"}, {1000000, 6, "ms"}, {1000, 3, "us"}};
    char fraction[16];
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++) {
        if (ns < units[i].ns && ns != 0)
            continue;
        snprintf(text, RY_TEXT_DURATION_BYTES, "%" PRId64 "%s %s", ns / units[i].ns,
                 fraction_of(fraction, ns % units[i].ns, units[i].digits), units[i].name);
        return text;
    }
    snprintf(text, RY_TEXT_DURATION_BYTES, "%" PRId64 " ns", ns);
    return text;
}
