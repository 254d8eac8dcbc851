#include "tools/text/time.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "shm/base.h"

#define DAY_SECONDS   INT64_C(86400)
#define ERA_DAYS      INT64_C(146097) /* 400 years */
#define MARCH_0_DAYS  INT64_C(719468) /* from 0000-03-01 to 1970-01-01 */
#define YEAR_DAYS     365
#define MONTHS_DAYS_5 153 /* of five months from March or August on */

static char *put(char *at, int64_t value, unsigned digits)
{
    uint32_t left = (uint32_t)value; /* at most nine digits */
    for (unsigned i = digits; i-- > 0; left /= 10)
        at[i] = (char)('0' + left % 10);
    return at + digits;
}

/* The date of a day counted from 1970-01-01, by years that begin in March: so a leap day is a
 * year's last. */
static char *put_date(char *at, int64_t day)
{
    int64_t from_0 = day + MARCH_0_DAYS; /* above 0: the year is at least 1677 */
    int64_t era = from_0 / ERA_DAYS, of_era = from_0 % ERA_DAYS;
    int64_t year = (of_era - of_era / (4 * YEAR_DAYS) + of_era / (100 * YEAR_DAYS + 24) -
                    of_era / (ERA_DAYS - 1)) /
                   YEAR_DAYS;
    int64_t of_year = of_era - (YEAR_DAYS * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / MONTHS_DAYS_5; /* 0: March */
    at = put(at, era * 400 + year + (month >= 10), 4);
    *at++ = '-';
    at = put(at, month < 10 ? month + 3 : month - 9, 2);
    *at++ = '-';
    return put(at, of_year - (MONTHS_DAYS_5 * month + 2) / 5 + 1, 2);
}

/* By hand, not by gmtime_r and strftime: each exported row has a moment, and they take half as
 * long as all the rest of it. */
const char *ry_text_time(char text[RY_TEXT_TIME_BYTES], int64_t ns)
{
    int64_t part = ns % RY_NS_PER_SECOND, seconds = ns / RY_NS_PER_SECOND;
    if (part < 0) {
        part += RY_NS_PER_SECOND;
        seconds--;
    }
    int64_t of_day = seconds % DAY_SECONDS, day = seconds / DAY_SECONDS;
    if (of_day < 0) {
        of_day += DAY_SECONDS;
        day--;
    }
    char *at = put_date(text, day);
    *at++ = 'T';
    at = put(at, of_day / 3600, 2);
    *at++ = ':';
    at = put(at, of_day / 60 % 60, 2);
    *at++ = ':';
    at = put(at, of_day % 60, 2);
    *at++ = '.';
    at = put(at, part, 9);
    *at++ = 'Z';
    *at = 0;
    return text;
}

bool ry_text_time_read(const char *text, int64_t *time)
{
    struct tm fields = {.tm_isdst = 0};
    const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &fields);
    if (at == NULL)
        return false;
    int64_t ns = 0, unit = RY_NS_PER_SECOND;
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at) && unit > 1; at++)
            ns += (*at - '0') * (unit /= 10);
    if (strcmp(at, "Z") != 0 || at[-1] == '.')
        return false;
    int64_t seconds = timegm(&fields);
    return !__builtin_mul_overflow(seconds, RY_NS_PER_SECOND, time) &&
           !__builtin_add_overflow(*time, ns, time);
}
