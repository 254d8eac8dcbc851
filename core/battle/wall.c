#include "core/battle/wall.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONEINFO     "/usr/share/zoneinfo"
#define NEARBY_HOURS 26 /* no zone is further from UTC, no change is larger */

static bool zone_characters(const char *zone)
{
    for (const char *c = zone; *c != '\0'; c++) {
        bool word =
            (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (!word && strchr("/_+-", *c) == NULL)
            return false;
    }
    return zone[0] != '\0' && zone[0] != '/';
}

const char *ry_battle_wall_zones(void)
{
    const char *root = getenv("TZDIR");
    return root == NULL ? ZONEINFO : root;
}

bool ry_battle_wall_zone_exists(const char *zone)
{
    char path[256], magic[4];
    if (!zone_characters(zone))
        return false;
    int wanted = snprintf(path, sizeof path, "%s/%s", ry_battle_wall_zones(), zone);
    if (wanted < 0 || (size_t)wanted >= sizeof path)
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool found =
        read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(fd);
    return found;
}

/* Exactly `digits` digits at *at, moving it on. */
static bool read_digits(const char **at, unsigned digits, int64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool read_mark(const char **at, char mark)
{
    if (**at != mark)
        return false;
    (*at)++;
    return true;
}

static bool read_day(const char **at, struct ry_battle_wall *midnight)
{
    int64_t year, month, day;
    if (!read_digits(at, 4, &year) || !read_mark(at, '-') || !read_digits(at, 2, &month) ||
        !read_mark(at, '-') || !read_digits(at, 2, &day))
        return false;
    if (year < RY_BATTLE_WALL_YEAR_MIN || year > RY_BATTLE_WALL_YEAR_MAX)
        return false;
    struct tm fields = {.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};
    midnight->seconds = timegm(&fields);
    midnight->ns = 0;
    /* timegm carries 2026-02-30 over into March: then it is no date. */
    return fields.tm_mon == (int)month - 1 && fields.tm_mday == (int)day;
}

bool ry_battle_wall_read_date(const char *text, struct ry_battle_wall *midnight)
{
    return read_day(&text, midnight) && *text == '\0';
}

static bool read_fraction(const char **at, int64_t *ns)
{
    int64_t unit = RY_NS_PER_SECOND;
    *ns = 0;
    const char *first = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        if (unit == 1)
            return false; /* a tenth digit */
        unit /= 10;
        *ns += (**at - '0') * unit;
    }
    return *at != first;
}

static bool read_clock(const char **at, int64_t hours_max, struct ry_battle_wall *since_midnight)
{
    int64_t hours, minutes, seconds = 0;
    since_midnight->ns = 0;
    unsigned digits = **at != '\0' && (*at)[1] == ':' ? 1 : 2;
    if (!read_digits(at, digits, &hours) || !read_mark(at, ':') || !read_digits(at, 2, &minutes))
        return false;
    if (read_mark(at, ':')) {
        if (!read_digits(at, 2, &seconds))
            return false;
        if (read_mark(at, '.') && !read_fraction(at, &since_midnight->ns))
            return false;
    }
    since_midnight->seconds = (hours * 60 + minutes) * 60 + seconds;
    return hours <= hours_max && minutes < 60 && seconds < 60;
}

bool ry_battle_wall_read_time(const char *text, struct ry_battle_wall midnight,
                              struct ry_battle_wall *time)
{
    const char *at = text;
    int64_t hours_max = RY_BATTLE_WALL_HOURS_MAX;
    if (strchr(text, 'T') != NULL) {
        hours_max = 23;
        if (!read_day(&at, &midnight) || !read_mark(&at, 'T'))
            return false;
    }
    if (!read_clock(&at, hours_max, time) || *at != '\0')
        return false;
    time->seconds += midnight.seconds;
    return true;
}

struct zone_held {
    char *before; /* TZ as it was; NULL: none */
};

static void enter_zone(struct zone_held *held, const char *zone)
{
    char value[64];
    const char *before = getenv("TZ");
    held->before = before == NULL ? NULL : strdup(before);
    snprintf(value, sizeof value, ":%s", zone);
    setenv("TZ", value, 1);
    tzset();
}

static void leave_zone(struct zone_held *held)
{
    if (held->before == NULL)
        unsetenv("TZ");
    else
        setenv("TZ", held->before, 1);
    tzset();
    free(held->before);
}

/* What the wall shows at a moment, in the manner of struct ry_battle_wall. */
static int64_t wall_at(int64_t utc)
{
    time_t moment = (time_t)utc;
    struct tm fields;
    if (localtime_r(&moment, &fields) == NULL)
        return INT64_MIN;
    return timegm(&fields);
}

enum ry_battle_wall_result ry_battle_wall_to_utc(struct ry_battle_wall wall, const char *zone,
                                                 int64_t *ns)
{
    struct zone_held held;
    enter_zone(&held, zone);
    /* The offset is that of before or of after a change nearby; the earlier moment that fits is it.
     */
    enum ry_battle_wall_result result = RY_BATTLE_WALL_SKIPPED;
    for (int side = 1; side >= -1; side -= 2) {
        int64_t near = wall.seconds + side * NEARBY_HOURS * 3600;
        int64_t utc = wall.seconds - (wall_at(near) - near);
        if (wall_at(utc) == wall.seconds &&
            (result == RY_BATTLE_WALL_SKIPPED || utc < (*ns - wall.ns) / RY_NS_PER_SECOND)) {
            *ns = utc * RY_NS_PER_SECOND + wall.ns;
            result = RY_BATTLE_WALL_OK;
        }
    }
    leave_zone(&held);
    return result;
}

bool ry_battle_wall_twice(struct ry_battle_wall wall, const char *zone)
{
    struct zone_held held;
    enter_zone(&held, zone);
    int64_t before = wall.seconds - NEARBY_HOURS * 3600, after = wall.seconds + NEARBY_HOURS * 3600;
    int64_t first = wall.seconds - (wall_at(before) - before);
    int64_t second = wall.seconds - (wall_at(after) - after);
    bool twice =
        first != second && wall_at(first) == wall.seconds && wall_at(second) == wall.seconds;
    leave_zone(&held);
    return twice;
}

static void print_fraction(int64_t ns, char text[16])
{
    text[0] = '\0';
    if (ns == 0)
        return;
    snprintf(text, 16, ".%09d", (int)ns);
    for (size_t last = strlen(text) - 1; text[last] == '0'; last--)
        text[last] = '\0';
}

void ry_battle_wall_print(int64_t ns, const char *zone, char *text, size_t bytes)
{
    int64_t rest = ns % RY_NS_PER_SECOND;
    if (rest < 0)
        rest += RY_NS_PER_SECOND;
    time_t moment = (time_t)((ns - rest) / RY_NS_PER_SECOND);
    struct tm local, utc;
    char local_text[64] = "", utc_text[32] = "", name[16] = "", fraction[16];
    struct zone_held held;
    enter_zone(&held, zone);
    if (localtime_r(&moment, &local) != NULL && gmtime_r(&moment, &utc) != NULL) {
        strftime(local_text, sizeof local_text, "%Y-%m-%d %H:%M:%S", &local);
        strftime(name, sizeof name, "%Z", &local);
        bool same_day = local.tm_mday == utc.tm_mday;
        strftime(utc_text, sizeof utc_text, same_day ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &utc);
    }
    leave_zone(&held);
    print_fraction(rest, fraction);
    if (strcmp(name, "UTC") == 0)
        snprintf(text, bytes, "%s%s UTC", local_text, fraction);
    else
        snprintf(text, bytes, "%s%s %s (%s%s UTC)", local_text, fraction, name, utc_text, fraction);
}

int64_t ry_battle_wall_offset(int64_t ns, const char *zone, char name[RY_BATTLE_WALL_NAME_BYTES])
{
    int64_t seconds = ns / RY_NS_PER_SECOND - (ns % RY_NS_PER_SECOND < 0);
    time_t moment = (time_t)seconds;
    struct tm local;
    struct zone_held held;
    int64_t offset = 0;
    snprintf(name, RY_BATTLE_WALL_NAME_BYTES, "UTC");
    enter_zone(&held, zone);
    if (localtime_r(&moment, &local) != NULL) {
        offset = local.tm_gmtoff;
        snprintf(name, RY_BATTLE_WALL_NAME_BYTES, "%.15s", local.tm_zone);
    }
    leave_zone(&held);
    return offset;
}
