/*
 * Counts and money in a few cells, for displays.
 */
#ifndef RY_TOOLS_TEXT_AMOUNT_H
#define RY_TOOLS_TEXT_AMOUNT_H

#include <stdint.h>

#define RY_TEXT_AMOUNT_BYTES 64

/* "9999", "41.3k", "1.36M" into `text`; returns it. */
const char *ry_text_count(char text[RY_TEXT_AMOUNT_BYTES], uint64_t count);

/* "+312.40", "-5.00", "0.00" into `text`, at most `cells` (4 or more); returns it. */
const char *ry_text_money_signed(char text[RY_TEXT_AMOUNT_BYTES], __int128 money, unsigned cells);

#endif
