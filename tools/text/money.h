/*
 * Money as text, from exact to short.
 */
#ifndef RY_TOOLS_TEXT_MONEY_H
#define RY_TOOLS_TEXT_MONEY_H

#include <stdbool.h>

#define RY_TEXT_MONEY_DIGITS 6 /* RY_MONEY_UNIT */
#define RY_TEXT_MONEY_BYTES  64

/* 1234500000 as "1234.500000", all six digits; returns where in `text`. */
const char *ry_text_money(char text[RY_TEXT_MONEY_BYTES], __int128 money);

/* The way back, of exactly that form: "1234.500000", at most 30 digits before the point. False: it
 * is another; `*money` is as it was. */
bool ry_text_money_read(const char *text, __int128 *money);

/* As ry_text_money without the zeros behind: "1234.5". */
const char *ry_text_money_plain(char text[RY_TEXT_MONEY_BYTES], __int128 money);

/* In at most `cells` characters (3 or more): 1234.57, 1235, 12.3k, 4M and so on, rounded half away
 * from zero; "#" where nothing fits. */
void ry_text_money_short(char text[RY_TEXT_MONEY_BYTES], __int128 money, unsigned cells);

#endif
