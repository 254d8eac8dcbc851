#include "tools/text/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/results/rows.h"
#include "tools/text/money.h"
#include "tools/text/price.h"
#include "tools/text/time.h"

#define NAME_BYTES 64
#define TEXT_BYTES 512

json_t *ry_text_json_whole(json_t *value)
{
    if (value == NULL) {
        fputs("royale: no memory for JSON\n", stderr);
        abort();
    }
    return value;
}

void ry_text_json_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, ry_text_json_whole(value)) != 0)
        (void)ry_text_json_whole(NULL);
}

void ry_text_json_add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, ry_text_json_whole(value)) != 0)
        (void)ry_text_json_whole(NULL);
}

json_t *ry_text_json_i64(int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return json_string(text);
}

json_t *ry_text_json_u64(uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    return json_string(text);
}

json_t *ry_text_json_integer(int64_t value)
{
    bool exact = value >= -RY_RESULTS_INTEGER_MAX && value <= RY_RESULTS_INTEGER_MAX;
    return exact ? json_integer(value) : ry_text_json_i64(value);
}

json_t *ry_text_json_count(uint64_t count)
{
    return count <= RY_RESULTS_INTEGER_MAX ? json_integer((json_int_t)count)
                                           : ry_text_json_u64(count);
}

json_t *ry_text_json_decimal(__int128 value, unsigned scale)
{
    char text[RY_TEXT_PRICE_BYTES];
    return json_string(ry_text_price(text, value, scale));
}

json_t *ry_text_json_money(__int128 money)
{
    char text[RY_TEXT_MONEY_BYTES];
    return json_string(ry_text_money(text, money));
}

json_t *ry_text_json_string(const char *text, size_t max)
{
    char utf8[2 * TEXT_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < max && text[i] != 0 && n + 2 <= sizeof utf8; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            utf8[n++] = (char)(0xc0 | c >> 6);
        utf8[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    return ry_text_json_whole(json_stringn(utf8, n));
}

void ry_text_json_set_time(json_t *object, const char *name, int64_t time)
{
    char name_ns[NAME_BYTES], text[RY_TEXT_TIME_BYTES];
    bool never = time == RY_TIME_NEVER;
    snprintf(name_ns, sizeof name_ns, "%s_ns", name);
    ry_text_json_set(object, name_ns, never ? json_null() : ry_text_json_i64(time));
    ry_text_json_set(object, name, never ? json_null() : json_string(ry_text_time(text, time)));
}

int ry_text_json_line(FILE *out, json_t *value)
{
    errno = 0;
    int result = json_dumpf(value, out, JSON_COMPACT);
    json_decref(value);
    if (result == 0 && fputc('\n', out) != EOF)
        return 0;
    errno = errno != 0 ? errno : EIO;
    return -1;
}
