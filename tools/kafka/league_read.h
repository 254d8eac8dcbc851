/*
 * A message of the leaderboard's topic as a row of the league. The bytes may be anybody's.
 */
#ifndef RY_TOOLS_KAFKA_LEAGUE_READ_H
#define RY_TOOLS_KAFKA_LEAGUE_READ_H

#include "tools/kafka/league.h"
#include "tools/kafka/settings.h"

struct ry_kafka_league_message {
    const void *key, *value; /* value NULL: the key is to be forgotten */
    size_t key_bytes, value_bytes;
    enum ry_kafka_format format;
    uint64_t version; /* of the rows' format, by its header; 0: it has none */
    int64_t seen_ms;
};

enum ry_kafka_league_read {
    RY_KAFKA_LEAGUE_ROW = 1,   /* `row` */
    RY_KAFKA_LEAGUE_FORGET,    /* `row` has a battle and an agent alone: it is to be dropped */
    RY_KAFKA_LEAGUE_OTHER,     /* a row of another kind: nothing of the league's */
    RY_KAFKA_LEAGUE_MALFORMED, /* no row, or not of the battle and the agent that its key says */
};

/* Fills `row`. Columns that are not known are passed over. Of a row of a later format, what names
 * it is enough: it is `later`. */
enum ry_kafka_league_read ry_kafka_league_read(struct ry_kafka_league_row *row,
                                               const struct ry_kafka_league_message *message);

#endif
