#include "tools/text/time.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "shm/base.h"

const char *ry_text_time(char text[RY_TEXT_TIME_BYTES], int64_t ns)
{
    int64_t part = ns % RY_NS_PER_SECOND;
    time_t seconds = (time_t)(ns / RY_NS_PER_SECOND);
    if (part < 0) {
        part += RY_NS_PER_SECOND;
        seconds--;
    }
    struct tm fields;
    if (gmtime_r(&seconds, &fields) == NULL)
        return "?";
    size_t n = strftime(text, RY_TEXT_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &fields);
    snprintf(text + n, RY_TEXT_TIME_BYTES - n, ".%09" PRId64 "Z", part);
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
