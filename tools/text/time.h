/*
 * Moments as text: RFC 3339 in UTC.
 */
#ifndef RY_TOOLS_TEXT_TIME_H
#define RY_TOOLS_TEXT_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* "2019-01-29T14:30:00.000000000Z" into `text`; returns it. Any int64_t: the years 1677 to 2262. */
#define RY_TEXT_TIME_BYTES 40
const char *ry_text_time(char text[RY_TEXT_TIME_BYTES], int64_t time);

/* The way back: YYYY-MM-DDTHH:MM:SS[.fraction]Z, a fraction of any length, of which nine digits
 * count. False: it is none, or no int64_t; `*time` may have changed. */
bool ry_text_time_read(const char *text, int64_t *time);

#endif
