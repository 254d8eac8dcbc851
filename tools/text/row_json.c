#include "tools/text/row_json.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "tools/text/price.h"
#include "tools/text/row_value.h"
#include "tools/text/time.h"

/* ---- how long a row may be ------------------------------------------------------------------- */

#define ESCAPED       6 /* "\u001f" */
#define BYTES_NAME(n) (ESCAPED * (n))
#define BYTES_INTEGER 22 /* of 64 bits, as a string */
#define BYTES_WORD    64 /* codes.def; a test looks */
#define BYTES_LIST    (RY_FEATURES_MAX * (BYTES_INTEGER + 1))
#define BYTES_MEMBER  6 /* ,"": and the quotes of a value */

#define BYTES_TEXT       BYTES_NAME(RY_RESULTS_TEXT_BYTES)
#define BYTES_ID         RY_TEXT_ID_BYTES
#define BYTES_COUNT      BYTES_INTEGER
#define BYTES_LOTS       BYTES_INTEGER
#define BYTES_U64        BYTES_INTEGER
#define BYTES_I64S       BYTES_LIST
#define BYTES_MONEY      RY_TEXT_PRICE_BYTES
#define BYTES_PRICE      RY_TEXT_PRICE_BYTES
#define BYTES_TIME       (RY_TEXT_TIME_BYTES + BYTES_INTEGER + 32) /* and NAME_ns */
#define BYTES_BOOL       5
#define BYTES_AGENT      BYTES_NAME(RY_NAME_BYTES)
#define BYTES_INSTRUMENT BYTES_NAME(RY_SYMBOL_BYTES)
#define BYTES_SIDE       BYTES_WORD
#define BYTES_LIQUIDITY  BYTES_WORD
#define BYTES_CAUSE      BYTES_WORD
#define BYTES_REJECT     BYTES_WORD
#define BYTES_CANCEL     BYTES_WORD
#define BYTES_OUT        BYTES_WORD
#define BYTES_INCOMPLETE BYTES_WORD

/* The longest row of each kind. */
union longest {
#define RY_KEY(tag, column, type, unit, sentence) +sizeof #column + BYTES_MEMBER + BYTES_##type
    char key[2
#include "core/results/rows.def"
    ];
#define RY_ROW(tag, id, row, sentence) char row[sizeof #row + sizeof "\"type\":\"\""
#define RY_COLUMN(row, tag, column, type, nulls, unit, sentence)                                   \
    +sizeof #column + BYTES_MEMBER + BYTES_##type
#define RY_ROW_END(row)                                                                            \
    ]                                                                                              \
    ;
#include "core/results/rows.def"
};

#define KEY_BYTES sizeof(((union longest *)0)->key)
_Static_assert(KEY_BYTES + sizeof(union longest) <= RY_TEXT_ROW_BYTES, "a row fits");

/* ---- values ---------------------------------------------------------------------------------- */

static char *put(char *at, const char *text, size_t bytes)
{
    memcpy(at, text, bytes);
    return at + bytes;
}

static char *put_escaped(char *at, unsigned char c)
{
    static const char digit[] = "0123456789ABCDEF";
    static const char letter[32] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    *at++ = '\\';
    if (c >= 0x20) {
        *at++ = (char)c;
    } else if (letter[c] != 0) {
        *at++ = letter[c];
    } else {
        at = put(at, "u00", 3);
        *at++ = digit[c >> 4];
        *at++ = digit[c & 15];
    }
    return at;
}

static char *put_string(char *at, const char *text, size_t bytes)
{
    *at++ = '"';
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == '"' || c == '\\')
            at = put_escaped(at, c);
        else
            *at++ = (char)c;
    }
    *at++ = '"';
    return at;
}

/* A string if `quoted`. */
static char *put_integer(char *at, __int128 value, bool quoted)
{
    char text[RY_TEXT_PRICE_BYTES];
    const char *digits = ry_text_price(text, value, 0);
    if (quoted)
        *at++ = '"';
    at = put(at, digits, (size_t)(text + sizeof text - 1 - digits));
    if (quoted)
        *at++ = '"';
    return at;
}

static char *put_list(char *at, const struct ry_results_i64s *list)
{
    assert(list->count <= RY_FEATURES_MAX);
    *at++ = '[';
    for (unsigned i = 0; i < list->count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put_integer(at, list->value[i], true);
    }
    *at++ = ']';
    return at;
}

static bool is_exact(int64_t value)
{
    return value >= -RY_RESULTS_INTEGER_MAX && value <= RY_RESULTS_INTEGER_MAX;
}

static char *put_value(char *at, const struct ry_text_row_value *value)
{
    switch (value->kind) {
    case RY_TEXT_ROW_NULL: return put(at, "null", 4);
    case RY_TEXT_ROW_TEXT: return put_string(at, value->text, value->bytes);
    case RY_TEXT_ROW_COUNT:
        return put_integer(at, value->count, value->count > RY_RESULTS_INTEGER_MAX);
    case RY_TEXT_ROW_U64: return put_integer(at, value->count, true);
    case RY_TEXT_ROW_INTEGER: return put_integer(at, value->integer, !is_exact(value->integer));
    case RY_TEXT_ROW_BOOL: return value->truth ? put(at, "true", 4) : put(at, "false", 5);
    case RY_TEXT_ROW_LIST: return put_list(at, value->list);
    case RY_TEXT_ROW_MOMENT: /* two members: put_moment */
    case RY_TEXT_ROW_LEFT_OUT: break;
    }
    assert(false);
    return at;
}

/* ---- members --------------------------------------------------------------------------------- */

static char *put_name(char *at, const char *name, const char *suffix)
{
    at = put(at, ",\"", 2);
    at = put(at, name, strlen(name));
    at = put(at, suffix, strlen(suffix));
    return put(at, "\":", 2);
}

static char *put_moment(char *at, const char *name, const struct ry_text_row_value *value)
{
    at = put_name(at, name, "_ns");
    if (value->kind == RY_TEXT_ROW_NULL)
        return put(put_name(put(at, "null", 4), name, ""), "null", 4);
    at = put_name(put_integer(at, value->integer, true), name, "");
    *at++ = '"';
    at += strlen(ry_text_time(at, value->integer));
    *at++ = '"';
    return at;
}

static char *put_columns(char *at, const struct ry_results *r,
                         const struct ry_results_row_about *about, const struct ry_results_row *row)
{
    struct ry_text_row_value value;
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        ry_text_row_value(&value, r, row, column);
        if (column->type == RY_RESULTS_TYPE_TIME)
            at = put_moment(at, column->name, &value);
        else if (value.kind != RY_TEXT_ROW_LEFT_OUT)
            at = put_value(put_name(at, column->name, ""), &value);
    }
    return at;
}

size_t ry_text_row_json(char out[RY_TEXT_ROW_BYTES], const struct ry_results *r,
                        const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    char *at = put(out, "{\"type\":\"", 9);
    at = put(at, about->name, strlen(about->name));
    *at++ = '"';
    at = put_columns(at, r, &ry_results_key_about, row);
    at = put_columns(at, r, about, row);
    *at++ = '}';
    return (size_t)(at - out);
}

int ry_text_row_line(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    char line[RY_TEXT_ROW_BYTES + 1];
    size_t bytes = ry_text_row_json(line, r, row);
    line[bytes++] = '\n';
    errno = 0;
    if (fwrite(line, 1, bytes, out) == bytes)
        return 0;
    errno = errno != 0 ? errno : EIO;
    return -1;
}
