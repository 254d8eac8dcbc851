/*
 * The bytes are messages of the leaderboard's topic: a row is in the league's ranges and counts in
 * its table, or it is refused.
 *
 * Each message: a byte (bit 0: Protobuf, bit 1: of a later format, bit 2: no value), a byte with
 * the key's length and the key, two bytes with the value's length and the value.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/rows.h"
#include "tests/support/fuzz_limit.h"
#include "tools/kafka/league_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *at;
    size_t left;
};

/* Exactly so many: the sanitizer sees what is read behind them. */
static uint8_t *take_bytes(struct bytes *from, size_t wanted, size_t *taken)
{
    *taken = wanted < from->left ? wanted : from->left;
    uint8_t *copy = malloc(*taken);
    if (*taken > 0)
        memcpy(copy, from->at, *taken);
    from->at += *taken;
    from->left -= *taken;
    return copy;
}

static unsigned take_number(struct bytes *from, unsigned bytes)
{
    unsigned number = 0;
    for (; bytes > 0 && from->left > 0; bytes--, from->left--)
        number = number << 8 | *from->at++;
    return number;
}

static void one(struct ry_kafka_league *league, struct bytes *from)
{
    struct ry_kafka_league_row row;
    unsigned flags = take_number(from, 1);
    struct ry_kafka_league_message message = {.format =
                                                  flags & 1 ? RY_KAFKA_PROTOBUF : RY_KAFKA_JSON,
                                              .version = RY_RESULTS_ROWS_FORMAT + (flags >> 1 & 1)};
    uint8_t *key = take_bytes(from, take_number(from, 1), &message.key_bytes);
    uint8_t *value = take_bytes(from, take_number(from, 2), &message.value_bytes);
    message.key = key;
    message.value = flags & 4 ? NULL : value;
    switch (ry_kafka_league_read(&row, &message)) {
    case RY_KAFKA_LEAGUE_ROW: (void)ry_kafka_league_take(league, &row); break;
    case RY_KAFKA_LEAGUE_FORGET:
        (void)ry_kafka_league_drop(league, &row.battle_id, row.agent);
        break;
    case RY_KAFKA_LEAGUE_OTHER:
    case RY_KAFKA_LEAGUE_MALFORMED: break;
    }
    free(key);
    free(value);
}

static void check(const struct ry_kafka_league *league)
{
    struct ry_kafka_league_table table;
    uint64_t rows = 0;
    ry_kafka_league_table(league, &table);
    for (size_t i = 0; i < table.lines; i++) {
        const struct ry_kafka_league_line *line = &table.line[i];
        rows += line->battles + line->unranked + line->running + line->out[RY_OUT_DIED] +
                line->out[RY_OUT_STALLED];
        assert(ry_kafka_league_beaten(line) <= ry_kafka_league_rivals(line));
        assert(ry_kafka_league_share(line) <= 1000 && line->wins <= line->battles);
    }
    assert(rows + table.later == league->count);
    assert(table.ranked + table.unranked + table.running <= league->count);
    ry_kafka_league_table_close(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct ry_kafka_league league;
    struct bytes from = {data, size};
    ry_kafka_league_open(&league);
    while (from.left > 0)
        one(&league, &from);
    check(&league);
    ry_kafka_league_close(&league);
    return 0;
}
