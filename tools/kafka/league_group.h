/*
 * A member of a consumer group that reads one topic whole: the brokers give each member a share of
 * the partitions, and whenever that share changes, it is read from the beginning again. So nothing
 * is kept between lives, and no offset is ever committed: the topic itself is the state.
 */
#ifndef RY_TOOLS_KAFKA_LEAGUE_GROUP_H
#define RY_TOOLS_KAFKA_LEAGUE_GROUP_H

#include "tools/kafka/reach.h"

struct ry_kafka_league_group {
    struct ry_kafka_reach reach; /* first: the library's callbacks find the group by it */
    const struct ry_kafka_settings *settings;
    rd_kafka_t *rk;
    rd_kafka_topic_partition_list_t *share; /* the partitions that this member has; NULL: none yet.
                                               An element's `opaque` is not NULL once its end was
                                               reached */
    unsigned partitions_all;
    bool dropped; /* the share changed: what was read is to be forgotten. The caller resets it */
    bool away;    /* no broker can be reached at the moment */
    char error[RY_KAFKA_ERROR_BYTES];
};

/* Joins. `settings` stay until close, and the struct where it is. 0, or -1 with `error`: no broker
 * answers, the topic is missing; then nothing is open. */
int ry_kafka_league_group_open(struct ry_kafka_league_group *group,
                               const struct ry_kafka_settings *settings, const char *name,
                               const char *topic);

/* Leaves, so that the others take its share over at once. */
void ry_kafka_league_group_close(struct ry_kafka_league_group *group);

/* The next message of the share, or NULL: none within `wait_ms`, or with `error` not empty: reading
 * cannot go on. The caller destroys it. */
rd_kafka_message_t *ry_kafka_league_group_next(struct ry_kafka_league_group *group, int wait_ms);

/* Each partition of the share was read to its end once. */
bool ry_kafka_league_group_ready(const struct ry_kafka_league_group *group);

#endif
