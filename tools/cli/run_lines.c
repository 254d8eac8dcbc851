#include "tools/cli/run_lines.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

struct ry_cli_run_line {
    struct ry_cli_run_line *next;
    FILE *out;
    char *text;
};

void ry_cli_run_lines_hold(struct ry_cli_run_lines *lines)
{
    lines->held = true;
}

__attribute__((format(printf, 3, 0))) static void keep(struct ry_cli_run_lines *lines, FILE *out,
                                                       const char *format, va_list arguments)
{
    struct ry_cli_run_line *line = calloc(1, sizeof *line);
    if (line == NULL || vasprintf(&line->text, format, arguments) < 0)
        abort(); /* no memory */
    line->out = out;
    if (lines->last != NULL)
        lines->last->next = line;
    else
        lines->first = line;
    lines->last = line;
}

void ry_cli_run_lines_say(struct ry_cli_run_lines *lines, FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (lines->held && isatty(fileno(out)) == 1) {
        keep(lines, out, format, arguments);
    } else {
        vfprintf(out, format, arguments);
        fputc('\n', out);
        fflush(out);
    }
    va_end(arguments);
}

void ry_cli_run_lines_release(struct ry_cli_run_lines *lines)
{
    for (struct ry_cli_run_line *line = lines->first, *next; line != NULL; line = next) {
        next = line->next;
        fprintf(line->out, "%s\n", line->text);
        fflush(line->out);
        free(line->text);
        free(line);
    }
    *lines = (struct ry_cli_run_lines){.held = false};
}
