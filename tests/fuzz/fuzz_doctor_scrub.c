/* The first line is a secret that is known, the rest a text that may have it. It ends, the secret
 * is gone, also where it stands in or beside what is scrubbed otherwise, and a text that lost
 * nothing is as long as it was. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/doctor/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The known line as the scrub knows it, without blanks at its ends; 0: too short to be known. */
static size_t trimmed(const char **line, size_t length)
{
    while (length > 0 && strchr(" \t\r\v\f", (*line)[length - 1]) != NULL)
        length--;
    for (; length > 0 && strchr(" \t\r\v\f", **line) != NULL; length--)
        (*line)++;
    return length < RY_DOCTOR_KNOWN_CHARS ? 0 : length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct ry_doctor_scrub scrub = {.count = 0};
    const uint8_t *newline = memchr(data, '\n', size);
    size_t first = newline != NULL ? (size_t)(newline - data) : size;
    char *line = malloc(first + 1), *text = malloc(size - first + 1);
    memcpy(line, data, first);
    memcpy(text, data + first, size - first); /* exactly so many: the sanitizer sees the end */
    line[first] = '\0';
    ry_doctor_scrub_know(&scrub, line, first);
    ry_doctor_scrub_know_properties(&scrub, line, "/");
    size_t bytes = size - first;
    unsigned gone;
    char *plain = ry_doctor_scrub(&scrub, text, &bytes, &gone);
    const char *known = line;
    size_t length = memchr(line, '\0', first) == NULL ? trimmed(&known, first) : 0;
    if (length > 0 && memchr(known, '*', length) == NULL) /* stars stand for what is gone */
        assert(memmem(plain, bytes, known, length) == NULL);
    assert(gone > 0 || bytes == size - first);
    free(plain);
    free(text);
    free(line);
    ry_doctor_scrub_close(&scrub);
    return 0;
}
