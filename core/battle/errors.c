#include "core/battle/errors.h"

#include <stdarg.h>

/* What came out of the file must not steer a terminal. */
static void tame(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

void ry_battle_error(struct ry_battle_errors *errors, uint32_t line, uint32_t column,
                     const char *key, const char *format, ...)
{
    if (errors->count == RY_BATTLE_ERRORS_MAX) {
        errors->more++;
        return;
    }
    struct ry_battle_error *error = &errors->error[errors->count++];
    error->line = line;
    error->column = column;
    snprintf(error->key, sizeof error->key, "%s", key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    tame(error->key);
    tame(error->text);
}

static bool before(const struct ry_battle_error *a, const struct ry_battle_error *b)
{
    return a->line < b->line || (a->line == b->line && a->column < b->column);
}

/* By insertion: few, and those of one place keep their order. */
void ry_battle_errors_sort(struct ry_battle_errors *errors)
{
    for (unsigned i = 1; i < errors->count; i++) {
        struct ry_battle_error moved = errors->error[i];
        unsigned at = i;
        for (; at > 0 && before(&moved, &errors->error[at - 1]); at--)
            errors->error[at] = errors->error[at - 1];
        errors->error[at] = moved;
    }
}

void ry_battle_errors_print(FILE *out, const char *file_name, const struct ry_battle_errors *errors)
{
    for (unsigned i = 0; i < errors->count; i++) {
        const struct ry_battle_error *error = &errors->error[i];
        fprintf(out, "%s:", file_name);
        if (error->line > 0)
            fprintf(out, "%u:%u:", error->line, error->column);
        fprintf(out, " %s%s%s\n", error->key, error->key[0] == '\0' ? "" : ": ", error->text);
    }
    if (errors->more > 0)
        fprintf(out, "%s: and %u more\n", file_name, errors->more);
}
