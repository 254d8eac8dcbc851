/*
 * A file that is whole or absent: written as NAME.tmp beside its place, made durable, and renamed.
 * Whoever dies in the middle leaves a NAME.tmp at most, never a NAME that looks finished.
 *
 *     if (ry_text_whole_open(&w, directory, "results.json", 0) == 0) {
 *         fprintf(w.file, ...);
 *         ry_text_whole_keep(&w);       or ry_text_whole_drop(&w)
 *     }
 */
#ifndef RY_TOOLS_TEXT_WHOLE_H
#define RY_TOOLS_TEXT_WHOLE_H

#include <stdio.h>

#define RY_TEXT_WHOLE_PATH_BYTES  4200
#define RY_TEXT_WHOLE_ERROR_BYTES 512

struct ry_text_whole {
    FILE *file; /* NULL: not open */
    char temporary[RY_TEXT_WHOLE_PATH_BYTES];
    char path[RY_TEXT_WHOLE_PATH_BYTES];
    char error[RY_TEXT_WHOLE_ERROR_BYTES];
};

/* `reserve` bytes of the disk are the file's until it is kept, so that it can be written when the
 * disk has become full. 0, or -1 with `error`; then nothing is open. */
int ry_text_whole_open(struct ry_text_whole *whole, const char *directory, const char *name,
                       size_t reserve);

/* Puts it into its place. 0, or -1 with `error`; then there is neither file. */
int ry_text_whole_keep(struct ry_text_whole *whole);

/* Lets go of it; nothing if it is not open. */
void ry_text_whole_drop(struct ry_text_whole *whole);

#endif
