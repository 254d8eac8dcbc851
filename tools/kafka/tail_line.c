#include "tools/kafka/tail_line.h"

#include <stdlib.h>
#include <string.h>

#include "core/results/rows.h"
#include "shm/printable.h"
#include "tools/kafka/decode.h"

#define TEXT_BYTES   256
#define BATTLE_CHARS 8

static const char *text_of(void *row, const struct ry_results_column *column)
{
    return json_string_value(json_object_get(row, column->name));
}

bool ry_kafka_tail_shows(const struct ry_kafka_tail_filter *filter, json_t *row)
{
    const char *battle = json_string_value(json_object_get(row, "battle_id"));
    enum ry_results_row_kind kind;
    if (filter->battle != NULL &&
        (battle == NULL || strncmp(battle, filter->battle, strlen(filter->battle)) != 0))
        return false;
    if (!ry_kafka_decode_kind(row, &kind))
        kind = RY_RESULTS_ROWS;
    return ry_text_row_filter_shows(&filter->rows, kind, text_of, row);
}

/* At most `max` bytes of it. */
static void put_text(FILE *out, const char *text, size_t max)
{
    char printable[TEXT_BYTES];
    fputs(ry_printable(printable, text, max < sizeof printable ? max + 1 : sizeof printable), out);
}

static void put_value(FILE *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: put_text(out, json_string_value(value), TEXT_BYTES); break;
    case JSON_INTEGER: fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value)); break;
    case JSON_TRUE: fputs("true", out); break;
    case JSON_FALSE: fputs("false", out); break;
    case JSON_NULL: fputc('-', out); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
    case JSON_REAL: { /* a list, or a column of another's */
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
        fputs(text != NULL ? text : "?", out);
        free(text);
        break;
    }
    }
}

/* What stands at the line's beginning, or twice in the row. */
static bool is_told(const char *name)
{
    static const char *const told[] = {"type", "appliance", "battle_id", "time", "time_ns"};
    for (unsigned i = 0; i < sizeof told / sizeof *told; i++)
        if (strcmp(name, told[i]) == 0)
            return true;
    return false;
}

static void put_head(FILE *out, const json_t *row, const char *name, const char *absent, size_t max)
{
    const char *text = json_string_value(json_object_get(row, name));
    if (text == NULL)
        text = absent;
    if (text == NULL)
        return;
    put_text(out, text, max);
    fputc(' ', out);
}

void ry_kafka_tail_line(FILE *out, json_t *row)
{
    put_head(out, row, "time", "-", TEXT_BYTES);
    put_head(out, row, "appliance", NULL, TEXT_BYTES);
    put_head(out, row, "battle_id", "-", BATTLE_CHARS);
    put_text(out, json_string_value(json_object_get(row, "type")), TEXT_BYTES);
    for (void *at = json_object_iter(row); at != NULL; at = json_object_iter_next(row, at)) {
        const char *name = json_object_iter_key(at);
        if (is_told(name))
            continue;
        fputc(' ', out);
        put_text(out, name, TEXT_BYTES);
        fputc('=', out);
        put_value(out, json_object_iter_value(at));
    }
    fputc('\n', out);
}
