/*
 * Bytes of an answer, growing. Private to tools/film.
 */
#ifndef RY_TOOLS_FILM_WRITE_H
#define RY_TOOLS_FILM_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ry_film_write {
    char *at;
    size_t used, room;
    bool failed; /* no memory; nothing is written from there on */
};

void ry_film_put_bytes(struct ry_film_write *w, const void *bytes, size_t count);
void ry_film_put(struct ry_film_write *w, const char *text);
void ry_film_put_i64(struct ry_film_write *w, int64_t value);

/* A JSON string of any bytes, as tools/text/json.h says. */
void ry_film_put_string(struct ry_film_write *w, const char *text, size_t max);

#endif
