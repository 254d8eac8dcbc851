/*
 * The league's table for people, and as JSON.
 */
#ifndef RY_TOOLS_KAFKA_LEAGUE_TEXT_H
#define RY_TOOLS_KAFKA_LEAGUE_TEXT_H

#include <jansson.h>
#include <stdio.h>

#include "tools/kafka/league.h"

/* Of which messages the table was made. */
struct ry_kafka_league_source {
    unsigned partitions;     /* that were read, */
    unsigned partitions_all; /* of the topic's */
    uint64_t malformed;      /* messages that are no rows of the league, passed over */
};

void ry_kafka_league_print(FILE *out, const struct ry_kafka_league_table *table,
                           const struct ry_kafka_league_source *source);

/*
 * {"type":"league","ranked":12,"unranked":1,"running":2,"appliances":3,"partitions":4,
 *  "partitions_all":4,"later":0,"malformed":0,"agents":[{"agent":"momentum","battles":2,"wins":1,
 *  "ranks":3,"fields":8,"rank_mean":"1.500","field_mean":"4.000","beaten":5,"rivals":6,
 *  "beaten_share":"0.833","pnl":"7.000000","out":{"last":1,..},"unranked":0,"running":1,
 *  "seen_ns":"..","seen":".."}, ..]}: best first. What is no mean and no share is a count or a sum,
 * so lines of several instances can be added up.
 */
json_t *ry_kafka_league_json(const struct ry_kafka_league_table *table,
                             const struct ry_kafka_league_source *source);

#endif
