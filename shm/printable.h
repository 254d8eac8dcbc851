/*
 * Text from elsewhere that ends on somebody's terminal: what could move a cursor, change a colour,
 * hide or turn letters around is written over.
 */
#ifndef RY_SHM_PRINTABLE_H
#define RY_SHM_PRINTABLE_H

#include <stddef.h>

/* Writes `instead` over each byte that is neither printable ASCII nor part of a UTF-8 letter:
 * control characters (C0, DEL, C1), formatting ones (U+200B to U+200F, U+2028 to U+202F, U+2060 to
 * U+206F, U+FEFF) and what is no UTF-8. */
void ry_make_printable(char *text, size_t length, char instead);

/* A copy of `text`, up to its NUL or to max - 1 bytes, with '?' written so; returns `out`. */
const char *ry_printable(char *out, const char *text, size_t max);

#endif
