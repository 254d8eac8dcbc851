/*
 * The bytes are where a page of rows goes on, INPUT.N, as a client sends it: two numbers that fit,
 * or a refusal. What was read is what was written.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tools/past/past.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Without the zeros that it may begin with. */
static const char *number(const char *text)
{
    text += strspn(text, "0");
    return *text >= '1' && *text <= '9' ? text : text - 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ry_past_cursor cursor, again;
    char *text = malloc(size + 1), written[RY_PAST_CURSOR_BYTES];
    memcpy(text, data, size);
    text[size] = '\0';
    if (ry_past_cursor_read(&cursor, text)) {
        const char *point = strchr(text, '.'), *input = number(text);
        ry_past_cursor_write(written, &cursor);
        assert(ry_past_cursor_read(&again, written));
        assert(again.input == cursor.input && again.n == cursor.n);
        const size_t length = strcspn(written, ".");
        assert(strncmp(input, written, length) == 0);
        assert(point == NULL ? input[length] == '\0' : input + length == point);
        if (point != NULL)
            assert(strcmp(number(point + 1), written + length + 1) == 0);
        else
            assert(cursor.n == 0);
    }
    free(text);
    return 0;
}
