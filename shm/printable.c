#include "shm/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool harmless(uint32_t letter)
{
    return letter >= 0xa0 && letter <= 0x10ffff && !(letter >= 0xd800 && letter <= 0xdfff) &&
           !(letter >= 0x200b && letter <= 0x200f) && !(letter >= 0x2028 && letter <= 0x202f) &&
           !(letter >= 0x2060 && letter <= 0x206f) && letter != 0xfeff;
}

/* Bytes of the letter that `text` begins with; 0: none, or one that is not to be shown. */
static size_t letter_at(const unsigned char *text, size_t length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = text[0];
    if (first < 0x80)
        return first >= ' ' && first != 0x7f;
    size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc0 || first > 0xf7 || bytes > length)
        return 0;
    uint32_t letter = first & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        letter = letter << 6 | (text[i] & 0x3f);
    }
    return letter >= least[bytes] && harmless(letter) ? bytes : 0;
}

void ry_make_printable(char *text, size_t length, char instead)
{
    for (size_t i = 0; i < length;) {
        size_t bytes = letter_at((const unsigned char *)text + i, length - i);
        if (bytes == 0)
            text[i++] = instead;
        else
            i += bytes;
    }
}

const char *ry_printable(char *out, const char *text, size_t max)
{
    size_t length = strnlen(text, max - 1);
    memcpy(out, text, length);
    out[length] = 0;
    ry_make_printable(out, length, '?');
    return out;
}
