#include "tools/kafka/league_read.h"

#include <string.h>

#include "tools/kafka/decode.h"
#include "tools/text/money.h"
#include "tools/text/row_codes.h"
#include "tools/text/row_value.h"

#define ID_CHARS (RY_TEXT_ID_BYTES - 1)

/* "BATTLE_ID|AGENT" */
static bool read_key(struct ry_kafka_league_row *row, const char *key, size_t bytes)
{
    char id[RY_TEXT_ID_BYTES] = "";
    if (key == NULL || bytes <= ID_CHARS + 1 || key[ID_CHARS] != '|' ||
        bytes - ID_CHARS - 1 >= sizeof row->agent || memchr(key, 0, bytes) != NULL)
        return false;
    memcpy(id, key, ID_CHARS);
    memcpy(row->agent, key + ID_CHARS + 1, bytes - ID_CHARS - 1);
    return ry_text_row_id_read(&row->battle_id, id);
}

/* ---- members --------------------------------------------------------------------------------- */

static bool read_count(const json_t *value, uint64_t max, uint64_t *count)
{
    json_int_t integer = json_integer_value(value);
    if (!json_is_integer(value) || integer < 0 || (uint64_t)integer > max)
        return false;
    *count = (uint64_t)integer;
    return true;
}

static bool read_bool(const json_t *value, bool *truth)
{
    *truth = json_is_true(value);
    return json_is_boolean(value);
}

static bool read_pnl(const json_t *value, __int128 *pnl)
{
    return json_is_string(value) && ry_text_money_read(json_string_value(value), pnl) &&
           *pnl <= RY_KAFKA_LEAGUE_MONEY_MAX && *pnl >= -RY_KAFKA_LEAGUE_MONEY_MAX;
}

static bool read_out(const json_t *value, unsigned *out)
{
    const char *word = json_string_value(value);
    *out = RY_OUT_NONE;
    if (json_is_null(value))
        return true;
    if (word == NULL)
        return false;
    for (*out = RY_OUT_NONE + 1; *out < RY_OUTS; ++*out)
        if (strcmp(word, ry_text_row_word(RY_RESULTS_TYPE_OUT, *out)) == 0)
            return true;
    return true; /* RY_KAFKA_LEAGUE_OUT_UNKNOWN */
}

/* The exporter says none, or one. */
static bool read_appliance(const json_t *value, char appliance[RY_KAFKA_LEAGUE_NAME_BYTES])
{
    if (value == NULL || json_is_null(value))
        return true;
    size_t bytes = json_string_length(value);
    if (!json_is_string(value) || bytes >= RY_KAFKA_LEAGUE_NAME_BYTES)
        return false;
    memcpy(appliance, json_string_value(value), bytes + 1);
    return true;
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* What stays so in every format: (battle, input, n) names a row. */
static bool read_name(struct ry_kafka_league_row *row, const json_t *value)
{
    char id[RY_TEXT_ID_BYTES];
    return is_text(json_object_get(value, "battle_id"), ry_text_row_id(id, &row->battle_id)) &&
           read_count(json_object_get(value, "input"), INT64_MAX, &row->input) &&
           read_count(json_object_get(value, "n"), INT64_MAX, &row->n);
}

static bool read_standing(struct ry_kafka_league_row *row, const json_t *value)
{
    return is_text(json_object_get(value, "agent"), row->agent) &&
           read_appliance(json_object_get(value, "appliance"), row->appliance) &&
           read_count(json_object_get(value, "agents"), RY_KAFKA_LEAGUE_AGENTS_MAX, &row->agents) &&
           read_count(json_object_get(value, "rank"), row->agents, &row->rank) &&
           read_out(json_object_get(value, "out"), &row->out) &&
           read_pnl(json_object_get(value, "pnl"), &row->pnl) &&
           read_bool(json_object_get(value, "ended"), &row->ended) &&
           read_bool(json_object_get(value, "stopped"), &row->stopped) &&
           read_bool(json_object_get(value, "stamped"), &row->stamped) &&
           read_bool(json_object_get(value, "incomplete"), &row->incomplete);
}

static enum ry_kafka_league_read read_row(struct ry_kafka_league_row *row, const json_t *value,
                                          uint64_t version)
{
    if (!is_text(json_object_get(value, "type"), ry_results_rows[RY_RESULTS_ROW_STANDING].name))
        return RY_KAFKA_LEAGUE_OTHER;
    if (!read_name(row, value))
        return RY_KAFKA_LEAGUE_MALFORMED;
    row->later = version > RY_RESULTS_ROWS_FORMAT;
    return row->later || read_standing(row, value) ? RY_KAFKA_LEAGUE_ROW
                                                   : RY_KAFKA_LEAGUE_MALFORMED;
}

enum ry_kafka_league_read ry_kafka_league_read(struct ry_kafka_league_row *row,
                                               const struct ry_kafka_league_message *message)
{
    *row = (struct ry_kafka_league_row){.seen_ms = message->seen_ms};
    bool keyed = read_key(row, message->key, message->key_bytes);
    if (message->value == NULL)
        return keyed ? RY_KAFKA_LEAGUE_FORGET : RY_KAFKA_LEAGUE_MALFORMED;
    json_t *value = ry_kafka_decode(message->format, message->value, message->value_bytes);
    if (value == NULL)
        return RY_KAFKA_LEAGUE_MALFORMED;
    enum ry_kafka_league_read read = read_row(row, value, message->version);
    json_decref(value);
    return read == RY_KAFKA_LEAGUE_ROW && !keyed ? RY_KAFKA_LEAGUE_MALFORMED : read;
}
