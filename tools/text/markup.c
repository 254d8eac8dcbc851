#include "tools/text/markup.h"

#include <string.h>

void ry_text_markdown(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\|*<", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

void ry_text_man(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out); /* else it would be a request */
    for (; *text != '\0'; text++)
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
}
