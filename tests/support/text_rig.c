#include "tests/support/text_rig.h"

#include <stdlib.h>

#include "tests/support/test.h"

char *text_written;
static size_t bytes;

FILE *text_begin(void)
{
    text_written = NULL;
    FILE *out = open_memstream(&text_written, &bytes);
    ck_assert_ptr_nonnull(out);
    return out;
}

void text_want(FILE *out, const char *text)
{
    fclose(out);
    ck_assert_str_eq(text_written, text);
    free(text_written);
}
