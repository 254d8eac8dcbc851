#include "tools/film/write.h"

#include <stdlib.h>
#include <string.h>

#include "tools/text/json.h"

#define ROOM_LOW   4096u
#define I64_DIGITS 20u

void ry_film_put_bytes(struct ry_film_write *w, const void *bytes, size_t count)
{
    if (w->failed)
        return;
    if (count > w->room - w->used) {
        size_t room = w->room > 0 ? 2 * w->room : ROOM_LOW;
        while (room - w->used < count)
            room *= 2;
        char *more = realloc(w->at, room);
        if (more == NULL) {
            w->failed = true;
            return;
        }
        w->at = more;
        w->room = room;
    }
    memcpy(w->at + w->used, bytes, count);
    w->used += count;
}

void ry_film_put(struct ry_film_write *w, const char *text)
{
    ry_film_put_bytes(w, text, strlen(text));
}

void ry_film_put_i64(struct ry_film_write *w, int64_t value)
{
    char text[I64_DIGITS];
    size_t at = sizeof text;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        text[--at] = '-';
    ry_film_put_bytes(w, text + at, sizeof text - at);
}

void ry_film_put_string(struct ry_film_write *w, const char *text, size_t max)
{
    json_t *string = ry_text_json_string(text, max);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);
    if (quoted == NULL)
        w->failed = true;
    else
        ry_film_put(w, quoted);
    free(quoted);
    json_decref(string);
}
