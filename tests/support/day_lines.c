#include "tests/support/day_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A comment is a `#` that begins no order id, to the end of the line. */
static void strip(char *line)
{
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '#' && !isdigit((unsigned char)at[1])) {
            *at = '\0';
            break;
        }
    }
    size_t length = strlen(line);
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    size_t blanks = strspn(line, " \t");
    memmove(line, line + blanks, blanks > length ? 1 : length + 1 - blanks);
}

bool day_lines_load(const char *path, char line[DAY_LINES_MAX][DAY_LINE_BYTES], unsigned *lines,
                    char *why)
{
    FILE *file = fopen(path, "r");
    *lines = 0;
    if (file == NULL)
        return day_why(why, "%s", strerror(errno));
    bool good = true;
    while (good && *lines < DAY_LINES_MAX && fgets(line[*lines], DAY_LINE_BYTES, file) != NULL)
        if (strchr(line[*lines], '\n') == NULL && !feof(file))
            good = day_why(why, "longer than %d bytes", DAY_LINE_BYTES - 2);
        else
            strip(line[(*lines)++]);
    if (good && !feof(file))
        good = day_why(why, "more than %d lines", DAY_LINES_MAX - 1);
    fclose(file);
    return good;
}
