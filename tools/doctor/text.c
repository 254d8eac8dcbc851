#include "tools/doctor/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

static void make_room(struct ry_doctor_text *text, size_t bytes)
{
    size_t room = text->room > 0 ? text->room : ROOM_FIRST;
    while (room - text->bytes <= bytes)
        room *= 2;
    if (room == text->room)
        return;
    text->at = realloc(text->at, room);
    if (text->at == NULL)
        abort(); /* no memory */
    text->room = room;
}

void ry_doctor_text_put(struct ry_doctor_text *text, const char *part, size_t bytes)
{
    make_room(text, bytes);
    memcpy(text->at + text->bytes, part, bytes);
    text->bytes += bytes;
    text->at[text->bytes] = '\0';
}

void ry_doctor_text_print(struct ry_doctor_text *text, const char *format, ...)
{
    va_list arguments;
    char *line = NULL;
    va_start(arguments, format);
    int bytes = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (bytes < 0)
        abort(); /* no memory */
    ry_doctor_text_put(text, line, (size_t)bytes);
    free(line);
}
