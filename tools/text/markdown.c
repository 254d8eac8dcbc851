#include "tools/text/markdown.h"

#include <string.h>

void ry_text_markdown(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\|*<", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}
