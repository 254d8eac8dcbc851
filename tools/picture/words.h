/*
 * Rows, names and prices in words, as displays say them.
 *
 * Text is put into the caller's buffer and returned. What comes from others (names, symbols) is
 * printable in it.
 */
#ifndef RY_TOOLS_PICTURE_WORDS_H
#define RY_TOOLS_PICTURE_WORDS_H

#include "core/results/results.h"
#include "tools/text/amount.h"

#define RY_PICTURE_ROW_WORDS 512

/* What the row says, without its time: "bought 20 RYA at 100.25 (rested), 80 left". */
const char *ry_picture_row_words(char text[RY_PICTURE_ROW_WORDS], const struct ry_results *r,
                                 const struct ry_results_row *row);

/* The agent's name, the instrument's symbol, printable; "?" for none. */
const char *ry_picture_agent(char text[RY_NAME_BYTES], const struct ry_results *r, uint16_t agent);
const char *ry_picture_symbol(char text[RY_SYMBOL_BYTES], const struct ry_results *r,
                              uint16_t instrument);

/* "100.2500"; "market" for none. */
const char *ry_picture_price(char text[RY_TEXT_AMOUNT_BYTES], const struct ry_results *r,
                             uint16_t instrument, int64_t price);

#endif
