/*
 * What a test's program prints to a stream, as a string. One stream at a time.
 */
#ifndef RY_TESTS_SUPPORT_TEXT_RIG_H
#define RY_TESTS_SUPPORT_TEXT_RIG_H

#include <stdio.h>

/* What was printed, once the stream is closed (fclose) or flushed; the test frees it. */
extern char *text_written;

FILE *text_begin(void);

/* Closes the stream, holds what was printed to `text`, and frees it. */
void text_want(FILE *out, const char *text);

#endif
