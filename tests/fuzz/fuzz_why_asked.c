/*
 * The bytes are what a user asks `royale why` for: an agent's name that fits, and a number from 1,
 * or a refusal. What was read is what was written.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/why/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ry_why_asked asked;
    char *text = malloc(size + 1), digits[24];
    memcpy(text, data, size);
    text[size] = '\0';
    if (ry_why_asked_read(&asked, text)) {
        size_t length = strlen(asked.agent);
        assert(length > 0 && length < sizeof asked.agent);
        assert(strncmp(text, asked.agent, length) == 0);
        assert(asked.one == (text[length] == '/') && (asked.one || text[length] == '\0'));
        snprintf(digits, sizeof digits, "%" PRIu64, asked.cl_ord_id);
        if (asked.one) {
            const char *number = text + length + 1 + strspn(text + length + 1, "0");
            assert(asked.cl_ord_id > 0 && strcmp(number, digits) == 0);
        }
    }
    free(text);
    return 0;
}
