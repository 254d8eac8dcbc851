#include "tools/kafka/league_group.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

_Static_assert(offsetof(struct ry_kafka_league_group, reach) == 0 &&
                   offsetof(struct ry_kafka_reach, ear) == 0,
               "an ear leads to its group");

static void forget_share(struct ry_kafka_league_group *group)
{
    if (group->share != NULL)
        rd_kafka_topic_partition_list_destroy(group->share);
    group->share = NULL;
    group->dropped = true;
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t error,
                         rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct ry_kafka_league_group *group = opaque; /* its first member's first member */
    forget_share(group);
    if (error != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        (void)rd_kafka_assign(rk, NULL);
        return;
    }
    for (int i = 0; i < partitions->cnt; i++)
        partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
    (void)rd_kafka_assign(rk, partitions);
    group->share = rd_kafka_topic_partition_list_new(partitions->cnt);
    for (int i = 0; i < partitions->cnt; i++)
        rd_kafka_topic_partition_list_add(group->share, partitions->elems[i].topic,
                                          partitions->elems[i].partition);
}

/* In ry_kafka_league_group_next's thread. */
static void on_error(rd_kafka_t *rk, int error, const char *reason, void *opaque)
{
    (void)rk;
    (void)reason;
    struct ry_kafka_league_group *group = opaque;
    group->away |= error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

static rd_kafka_t *open_client(struct ry_kafka_league_group *group, const char *name)
{
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_conf_t *conf =
        ry_kafka_conf(group->settings, RY_KAFKA_CONSUMER, name, &group->reach.ear, group->error);
    if (conf == NULL)
        return NULL;
    /* One that gives every member a whole new share: on_rebalance knows no other. */
    rd_kafka_conf_res_t set = rd_kafka_conf_set(conf, "partition.assignment.strategy",
                                                "range,roundrobin", said, sizeof said);
    assert(set == RD_KAFKA_CONF_OK);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, said, sizeof said);
    if (rk != NULL)
        return rk;
    rd_kafka_conf_destroy(conf);
    ry_kafka_settings_scrub(group->settings, said);
    snprintf(group->error, sizeof group->error, "%.300s", said);
    return NULL;
}

static int find_topic(struct ry_kafka_league_group *group, const char *topic)
{
    const rd_kafka_metadata_t *metadata =
        ry_kafka_reach_metadata(&group->reach, group->rk, group->settings, group->error);
    if (metadata == NULL)
        return -1;
    const rd_kafka_metadata_topic_t *there = ry_kafka_reach_topic(metadata, topic);
    if (there == NULL)
        ry_kafka_reach_missing(group->settings, topic, group->error);
    else
        group->partitions_all = (unsigned)there->partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    return there != NULL ? 0 : -1;
}

static int subscribe(struct ry_kafka_league_group *group, const char *topic)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(group->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    snprintf(group->error, sizeof group->error, "cannot read %.250s: %s", topic,
             rd_kafka_err2str(error));
    return -1;
}

int ry_kafka_league_group_open(struct ry_kafka_league_group *group,
                               const struct ry_kafka_settings *settings, const char *name,
                               const char *topic)
{
    *group = (struct ry_kafka_league_group){.settings = settings};
    ry_kafka_reach_open(&group->reach);
    group->rk = open_client(group, name);
    if (group->rk != NULL && rd_kafka_poll_set_consumer(group->rk) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        find_topic(group, topic) == 0 && subscribe(group, topic) == 0)
        return 0;
    ry_kafka_league_group_close(group);
    return -1;
}

void ry_kafka_league_group_close(struct ry_kafka_league_group *group)
{
    if (group->rk != NULL)
        rd_kafka_destroy(group->rk); /* leaves the group first */
    group->rk = NULL;
    forget_share(group);
    ry_kafka_reach_close(&group->reach);
}

static void reached(struct ry_kafka_league_group *group, const rd_kafka_message_t *message)
{
    rd_kafka_topic_partition_t *entry =
        group->share == NULL
            ? NULL
            : rd_kafka_topic_partition_list_find(group->share, rd_kafka_topic_name(message->rkt),
                                                 message->partition);
    if (entry != NULL)
        entry->opaque = group;
    group->away = false;
}

static bool ends_reading(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL ||
           error == RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT || error == RD_KAFKA_RESP_ERR__FATAL;
}

rd_kafka_message_t *ry_kafka_league_group_next(struct ry_kafka_league_group *group, int wait_ms)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(group->rk, wait_ms);
    if (message == NULL)
        return NULL;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        group->away = false;
        return message;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        reached(group, message);
    else if (ends_reading(message->err))
        snprintf(group->error, sizeof group->error, "cannot read as a group of %.150s: %.200s",
                 ry_kafka_reach_brokers(group->settings), rd_kafka_message_errstr(message));
    rd_kafka_message_destroy(message);
    return NULL;
}

bool ry_kafka_league_group_ready(const struct ry_kafka_league_group *group)
{
    for (int i = 0; group->share != NULL && i < group->share->cnt; i++)
        if (group->share->elems[i].opaque == NULL)
            return false;
    return group->share != NULL;
}
