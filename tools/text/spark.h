/*
 * Sparklines: the course of a figure in a few cells.
 */
#ifndef RY_TOOLS_TEXT_SPARK_H
#define RY_TOOLS_TEXT_SPARK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define RY_TEXT_SPARK_CELLS_MAX 128
#define RY_TEXT_SPARK_LEVELS    8

/* The height, 0..7, of each of `cells` cells: the last sample of each stretch, scaled between the
 * smallest and the largest of all; all alike: the middle. Returns how many cells there are, at most
 * one a sample. */
unsigned ry_text_spark_levels(const int64_t *sample, unsigned samples, unsigned cells,
                              uint8_t *level);

/* Prints them, and spaces up to `cells`. */
void ry_text_spark(FILE *out, const int64_t *sample, unsigned samples, unsigned cells,
                   bool unicode);

#endif
