/*
 * Text and figures in a page: nothing that comes from outside becomes markup.
 */
#ifndef RY_TOOLS_PROOF_HTML_H
#define RY_TOOLS_PROOF_HTML_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#define RY_PROOF_NS_BYTES 32

/* In an element or between double quotes. */
void ry_proof_put(FILE *out, const char *text);

/* "740 ns", "1.24 µs", "31.0 ms", "2.50 s": three digits, rounded down. Returns `text`. */
const char *ry_proof_say_ns(char text[RY_PROOF_NS_BYTES], int64_t ns);
const char *ry_proof_say_ps(char text[RY_PROOF_NS_BYTES], int64_t ps);

/* "740 ppm", and from a hundredth on "1.2 %". */
const char *ry_proof_say_ppm(char text[RY_PROOF_NS_BYTES], int64_t ppm);

/* <td>, of a figure. */
void ry_proof_cell_ns(FILE *out, int64_t ns);
void ry_proof_cell(FILE *out, int64_t figure);
void ry_proof_cell_text(FILE *out, const char *text);
void ry_proof_cell_long(FILE *out, const char *text); /* a sentence, a value: it may be broken */

/* A table within a frame that scrolls by itself, with its caption and heads, of which each that
 * begins with '#' is of figures; NULL ends them. Rows are the caller's. */
void ry_proof_table_begin(FILE *out, const char *caption, const char *const *heads);
void ry_proof_table_end(FILE *out);

/* <section> with its heading; closed by fputs("</section>\n"). */
void ry_proof_section(FILE *out, const char *id, const char *heading);

#endif
