#include "tools/proof/fields.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/text/markup.h"

#define PATH_BYTES    256
#define NS_DIGITS_MAX 19 /* of an int64_t */
/* Of any figure, either way: eleven days in ns. A page adds up and multiplies what it reads. */
#define FIGURE_MAX INT64_C(1000000000000000)

enum sort {
    WHOLE,
    WHOLE_OR_NULL,
    NS,
    STAMP,
    BOOL,
    TEXT,
    TEXT_OR_NULL,
    LIST,
    LIST_OR_NULL,
    OBJECT,
    OBJECT_OR_NULL
};

static const char *const sort_names[] = {
    [WHOLE] = "integer",
    [WHOLE_OR_NULL] = "integer or null",
    [NS] = "string of nanoseconds",
    [STAMP] = "string of nanoseconds",
    [BOOL] = "true or false",
    [TEXT] = "string",
    [TEXT_OR_NULL] = "string or null",
    [LIST] = "list",
    [LIST_OR_NULL] = "list or null",
    [OBJECT] = "object",
    [OBJECT_OR_NULL] = "object or null",
};

struct field {
    const char *path;
    enum sort sort;
    const char *meaning;
};

static const struct field fields[] = {
#define RY_PROOF_FIELD(path, sort, meaning) {path, sort, meaning},
#include "tools/proof/fields.def"
#undef RY_PROOF_FIELD
};
#define FIELDS (sizeof fields / sizeof *fields)

static bool is_figure(int64_t figure)
{
    return figure >= -FIGURE_MAX && figure <= FIGURE_MAX;
}

static bool is_whole(const json_t *value)
{
    return json_is_integer(value) && is_figure(json_integer_value(value));
}

static bool is_ns(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return false;
    const char *digits = text[0] == '-' ? text + 1 : text;
    const size_t count = strspn(digits, "0123456789");
    return count >= 1 && count <= NS_DIGITS_MAX && digits[count] == '\0' &&
           json_string_length(value) == strlen(text);
}

static bool is_of(const json_t *value, enum sort sort)
{
    switch (sort) {
    case WHOLE: return is_whole(value);
    case WHOLE_OR_NULL: return is_whole(value) || json_is_null(value);
    case NS: return is_ns(value) && is_figure(strtoll(json_string_value(value), NULL, 10));
    case STAMP: return is_ns(value);
    case BOOL: return json_is_boolean(value);
    case TEXT: return json_is_string(value);
    case TEXT_OR_NULL: return json_is_string(value) || json_is_null(value);
    case LIST: return json_is_array(value);
    case LIST_OR_NULL: return json_is_array(value) || json_is_null(value);
    case OBJECT: return json_is_object(value);
    case OBJECT_OR_NULL: return json_is_object(value) || json_is_null(value);
    }
    return false;
}

static bool lacks(const struct field *field, const json_t *value, char why[RY_PROOF_WHY_BYTES])
{
    snprintf(why, RY_PROOF_WHY_BYTES, value == NULL ? "%s is not there" : "%s is no %s",
             field->path, sort_names[field->sort]);
    return false;
}

/* `value` is what `path` is to be looked for in. Below what is null or of another sort there is
 * nothing to look for: the row of that one has judged it. */
static bool holds(const struct field *field, const json_t *value, const char *path, char *why)
{
    char key[PATH_BYTES];
    if (path[0] == '\0')
        return is_of(value, field->sort) || lacks(field, value, why);
    if (path[0] == '[') {
        size_t i;
        const json_t *each;
        json_array_foreach(value, i, each) if (!holds(field, each, path + 2, why)) return false;
        return true;
    }
    if (path[0] == '.')
        path++;
    const size_t bytes = strcspn(path, ".[");
    snprintf(key, sizeof key, "%.*s", (int)bytes, path);
    if (!json_is_object(value))
        return true;
    return holds(field, json_object_get(value, key), path + bytes, why);
}

bool ry_proof_fields_hold(const json_t *report, char why[RY_PROOF_WHY_BYTES])
{
    if (!json_is_object(report)) {
        snprintf(why, RY_PROOF_WHY_BYTES, "it is no object of JSON");
        return false;
    }
    for (size_t i = 0; i < FIELDS; i++)
        if (!holds(&fields[i], report, fields[i].path, why))
            return false;
    const long long format = json_integer_value(json_object_get(report, "format"));
    if (format != RY_PROOF_FORMAT)
        snprintf(why, RY_PROOF_WHY_BYTES, "its format is %lld, and this royale reads %d", format,
                 RY_PROOF_FORMAT);
    return format == RY_PROOF_FORMAT;
}

void ry_proof_fields_print(FILE *out)
{
    fputs("| field | | |\n|---|---|---|\n", out);
    for (size_t i = 0; i < FIELDS; i++) {
        fprintf(out, "| `%s` | %s | ", fields[i].path, sort_names[fields[i].sort]);
        ry_text_markdown(out, fields[i].meaning);
        fputs(" |\n", out);
    }
}
