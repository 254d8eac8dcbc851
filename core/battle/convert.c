#include "core/battle/convert.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void ry_battle_convert_text(char *to, size_t bytes, const struct ry_battle_value *value)
{
    if (value->text != NULL)
        snprintf(to, bytes, "%s", value->text);
}

/* The items of a list of mappings, counted and checked to be mappings. */
uint32_t ry_battle_convert_count(struct ry_battle_reader *reader, const struct ry_battle_node *list,
                                 enum ry_battle_key_id id, const char *name)
{
    uint32_t count = 0;
    bool whole = true;
    for (const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, list->first);
         item != NULL; item = ry_battle_node_at(&reader->tree, item->next)) {
        if (item->kind != RY_BATTLE_NODE_MAPPING) {
            ry_battle_values_error(reader, item, name,
                                   "entry %u is no mapping; allowed: keys with values", count);
            whole = false;
        }
        count++;
    }
    if (count < ry_battle_keys[id].min || count > ry_battle_keys[id].max) {
        ry_battle_values_error(reader, list, name,
                               "has %u entries; allowed: %" PRId64 " to %" PRId64, count,
                               ry_battle_keys[id].min, ry_battle_keys[id].max);
        whole = false;
    }
    return whole ? count : 0;
}

/* ---- market: day and hours ------------------------------------------------------------------- */

static bool to_utc(struct ry_battle_reader *reader, const char *name,
                   const struct ry_battle_node *node, struct ry_battle_wall wall, const char *zone,
                   int64_t *ns)
{
    if (ry_battle_wall_twice(wall, zone)) {
        ry_battle_values_error(
            reader, node, name,
            "comes twice in %s on that day: clocks go back over it; allowed: a time "
            "that the clocks there show once",
            zone);
        return false;
    }
    if (ry_battle_wall_to_utc(wall, zone, ns) == RY_BATTLE_WALL_OK)
        return true;
    ry_battle_values_error(
        reader, node, name,
        "does not exist in %s on that day: clocks go forward over it; allowed: a time that "
        "the clocks there show",
        zone);
    return false;
}

/* A time of day; `otherwise` if the key is absent. False if it is wrong. */
static bool convert_time(struct ry_battle_reader *reader, const struct ry_battle_sections *sections,
                         enum ry_battle_key_id id, int64_t otherwise, int64_t *ns)
{
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    const struct ry_battle_value *value = &sections->value[id];
    *ns = otherwise;
    if (value->node == NULL)
        return !value->wrong;
    struct ry_battle_wall wall,
        midnight = {.seconds = sections->value[RY_BATTLE_K_MARKET_DATE].number};
    bool read = ry_battle_wall_read_time(value->text, midnight, &wall);
    assert(read);
    snprintf(name, sizeof name, "market.%s", ry_battle_keys[id].name);
    return to_utc(reader, name, value->node, wall, sections->value[RY_BATTLE_K_MARKET_ZONE].text,
                  ns);
}

static const struct ry_battle_node *place_of(const struct ry_battle_sections *sections,
                                             enum ry_battle_key_id id)
{
    const struct ry_battle_node *node = sections->value[id].node;
    return node != NULL ? node : sections->value[RY_BATTLE_K_MARKET].node;
}

void ry_battle_convert_hours(struct ry_battle_reader *reader,
                             const struct ry_battle_sections *sections, struct ry_battle *battle)
{
    const struct ry_battle_value *date = &sections->value[RY_BATTLE_K_MARKET_DATE];
    const struct ry_battle_value *zone = &sections->value[RY_BATTLE_K_MARKET_ZONE];
    if (date->node == NULL || zone->node == NULL)
        return;
    ry_battle_convert_text(battle->date, sizeof battle->date, date);
    ry_battle_convert_text(battle->zone, sizeof battle->zone, zone);
    struct ry_battle_wall midnight = {.seconds = date->number};
    if (ry_battle_wall_to_utc(midnight, zone->text, &battle->midnight) != RY_BATTLE_WALL_OK) {
        ry_battle_values_error(reader, date->node, "market.date",
                               "%s has no midnight in %s; allowed: a day that begins at 00:00",
                               date->text, zone->text);
        return;
    }
    bool whole = convert_time(reader, sections, RY_BATTLE_K_MARKET_WARMUP_FROM, battle->midnight,
                              &battle->warmup_from);
    whole &= convert_time(reader, sections, RY_BATTLE_K_MARKET_TRADE_FROM, battle->warmup_from,
                          &battle->trade_from);
    whole &= convert_time(reader, sections, RY_BATTLE_K_MARKET_TRADE_TO, RY_TIME_NEVER,
                          &battle->trade_to);
    if (whole && battle->trade_from < battle->warmup_from) {
        ry_battle_values_error(reader, place_of(sections, RY_BATTLE_K_MARKET_TRADE_FROM),
                               "market.trade_from",
                               "is before warmup_from; allowed: warmup_from or later");
    }
    if (whole && battle->trade_to <= battle->trade_from) {
        ry_battle_values_error(reader, place_of(sections, RY_BATTLE_K_MARKET_TRADE_TO),
                               "market.trade_to",
                               "is not after trade_from; allowed: later than trade_from");
    }
}

/* ---- feeds ----------------------------------------------------------------------------------- */

void ry_battle_convert_path(struct ry_battle_reader *reader, const char *name,
                            const struct ry_battle_value *value, char path[RY_BATTLE_PATH_BYTES])
{
    if (value->node == NULL)
        return;
    bool absolute = value->text[0] == '/';
    int wanted = snprintf(path, RY_BATTLE_PATH_BYTES, "%s%s%s", absolute ? "" : reader->directory,
                          absolute ? "" : "/", value->text);
    if (wanted >= RY_BATTLE_PATH_BYTES) {
        ry_battle_values_error(
            reader, value->node, name,
            "is too long with the battle file's folder before it; allowed: %d bytes in all",
            RY_BATTLE_PATH_BYTES - 1);
    }
}

void ry_battle_convert_refuse(struct ry_battle_reader *reader, const char *where,
                              const struct ry_battle_sections *sections, enum ry_battle_key_id id,
                              const char *why)
{
    if (sections->value[id].node != NULL) {
        char name[RY_BATTLE_ERROR_KEY_BYTES];
        snprintf(name, sizeof name, "%s%s", where, ry_battle_keys[id].name);
        ry_battle_values_error(reader, sections->value[id].node, name, "%s", why);
    }
}

/* What a port needs and what means nothing to it. */
static void check_port(struct ry_battle_reader *reader, const char *where,
                       const struct ry_battle_sections *sections,
                       const struct ry_battle_node *mapping, const struct ry_battle_feed *feed)
{
    const struct ry_battle_value *path = &sections->value[RY_BATTLE_K_FEED_PATH];
    const struct ry_battle_value *device = &sections->value[RY_BATTLE_K_FEED_DEVICE];
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    if (feed->format != RY_BATTLE_FORMAT_DBN) {
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_PUBLISHER,
                                 "means nothing to this format; allowed: with format dbn");
    }
    if (feed->port == RY_BATTLE_PORT_FILE) {
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_DEVICE,
                                 "means nothing to port file; allowed: with port dpdk");
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_UDP_PORT,
                                 "means nothing to port file; allowed: with port pcap or dpdk");
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_GROUP,
                                 "means nothing to port file; allowed: with port pcap or dpdk");
        if (path->node == NULL && !path->wrong) {
            snprintf(name, sizeof name, "%spath", where);
            ry_battle_values_error(reader, mapping, name, "is missing; allowed: the file to read");
        }
        return;
    }
    if (feed->format == RY_BATTLE_FORMAT_DBN) {
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_PORT,
                                 "has no packets of format dbn; allowed: file");
    }
    if (feed->port == RY_BATTLE_PORT_PCAP) {
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_DEVICE,
                                 "means nothing to port pcap; allowed: with port dpdk");
        if (path->node == NULL && !path->wrong) {
            snprintf(name, sizeof name, "%spath", where);
            ry_battle_values_error(reader, mapping, name,
                                   "is missing; allowed: the capture to read");
        }
        return;
    }
    if (path->node != NULL && device->node != NULL) {
        ry_battle_convert_refuse(reader, where, sections, RY_BATTLE_K_FEED_DEVICE,
                                 "beside path; allowed: one of the two");
    }
    if (path->node == NULL && device->node == NULL && !path->wrong && !device->wrong) {
        snprintf(name, sizeof name, "%sdevice", where);
        ry_battle_values_error(reader, mapping, name,
                               "is missing; allowed: a device, or path with a pcap to play");
    }
}

static void convert_feed(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                         const char *where, const struct ry_battle_node *mapping,
                         struct ry_battle_feed *feed)
{
    ry_battle_values_read(reader, RY_BATTLE_SECTION_FEED, where, mapping, sections->value);
    const struct ry_battle_value *value = sections->value;
    ry_battle_convert_text(feed->name, sizeof feed->name, &value[RY_BATTLE_K_FEED_NAME]);
    ry_battle_convert_text(feed->device, sizeof feed->device, &value[RY_BATTLE_K_FEED_DEVICE]);
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    snprintf(name, sizeof name, "%spath", where);
    ry_battle_convert_path(reader, name, &value[RY_BATTLE_K_FEED_PATH], feed->path);
    feed->udp_port = (uint16_t)value[RY_BATTLE_K_FEED_UDP_PORT].number;
    feed->group = (uint32_t)value[RY_BATTLE_K_FEED_GROUP].number;
    feed->incomplete = (uint8_t)value[RY_BATTLE_K_FEED_INCOMPLETE].number;
    ry_battle_convert_text(feed->publisher, sizeof feed->publisher,
                           &value[RY_BATTLE_K_FEED_PUBLISHER]);
    if (value[RY_BATTLE_K_FEED_FORMAT].wrong || value[RY_BATTLE_K_FEED_PORT].wrong)
        return;
    feed->format = (uint8_t)value[RY_BATTLE_K_FEED_FORMAT].number;
    feed->port = (uint8_t)value[RY_BATTLE_K_FEED_PORT].number;
    check_port(reader, where, sections, mapping, feed);
}

void ry_battle_convert_feeds(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                             struct ry_battle *battle)
{
    const struct ry_battle_node *list = sections->value[RY_BATTLE_K_FEEDS].node;
    if (list == NULL)
        return;
    battle->feeds = (uint8_t)ry_battle_convert_count(reader, list, RY_BATTLE_K_FEEDS, "feeds");
    const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, list->first);
    for (unsigned i = 0; i < battle->feeds;
         i++, item = ry_battle_node_at(&reader->tree, item->next)) {
        char where[32];
        snprintf(where, sizeof where, "feeds[%u].", i);
        convert_feed(reader, sections, where, item, &battle->feed[i]);
        for (unsigned j = 0; j < i; j++) {
            if (battle->feed[i].name[0] != '\0' &&
                strcmp(battle->feed[i].name, battle->feed[j].name) == 0) {
                char name[48];
                snprintf(name, sizeof name, "%sname", where);
                ry_battle_values_error(
                    reader, sections->value[RY_BATTLE_K_FEED_NAME].node, name,
                    "%s is the name of feeds[%u] too; allowed: a name of its own",
                    battle->feed[i].name, j);
                break;
            }
        }
    }
}

/* ---- placement ------------------------------------------------------------------------------- */

static int16_t core_of(const struct ry_battle_value *value)
{
    return value->node == NULL ? RY_BATTLE_CORE_NONE : (int16_t)value->number;
}

/* One core or a list of `wanted`, of which each goes where core_at says. */
static void convert_cores(struct ry_battle_reader *reader, const struct ry_battle_value *value,
                          const char *key, const char *of, unsigned wanted,
                          struct ry_battle *battle,
                          int16_t *(*core_at)(struct ry_battle *battle, unsigned index))
{
    if (value->node == NULL)
        return;
    if (value->node->kind == RY_BATTLE_NODE_SCALAR) {
        *core_at(battle, 0) = core_of(value);
        return;
    }
    unsigned count = 0;
    for (const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, value->node->first);
         item != NULL; item = ry_battle_node_at(&reader->tree, item->next), count++) {
        int64_t core;
        char name[48];
        snprintf(name, sizeof name, "placement.%s[%u]", key, count);
        if (count >= wanted)
            continue;
        if (ry_battle_values_core(reader, name, item, &ry_battle_keys[RY_BATTLE_K_PLACEMENT_EXEC],
                                  &core))
            *core_at(battle, count) = (int16_t)core;
    }
    if (count != wanted && wanted > 0) {
        char name[48];
        snprintf(name, sizeof name, "placement.%s", key);
        ry_battle_values_error(reader, value->node, name,
                               "has %u cores for %u %ss; allowed: one for each %s", count, wanted,
                               of, of);
    }
}

static int16_t *core_of_feed(struct ry_battle *battle, unsigned index)
{
    return &battle->core_feed[index];
}

static int16_t *core_of_agent(struct ry_battle *battle, unsigned index)
{
    return &battle->agent[index].core;
}

void ry_battle_convert_placement(struct ry_battle_reader *reader,
                                 const struct ry_battle_sections *sections,
                                 struct ry_battle *battle)
{
    const struct ry_battle_value *value = sections->value;
    battle->core_exec = core_of(&value[RY_BATTLE_K_PLACEMENT_EXEC]);
    battle->core_journal = core_of(&value[RY_BATTLE_K_PLACEMENT_JOURNAL]);
    battle->core_supervisor = core_of(&value[RY_BATTLE_K_PLACEMENT_SUPERVISOR]);
    for (unsigned i = 0; i < RY_FEEDS_MAX; i++)
        battle->core_feed[i] = RY_BATTLE_CORE_NONE;
    for (unsigned i = 0; i < battle->agents; i++)
        battle->agent[i].core = RY_BATTLE_CORE_NONE;
    convert_cores(reader, &value[RY_BATTLE_K_PLACEMENT_FEED], "feed", "feed", battle->feeds, battle,
                  core_of_feed);
    if (sections->value[RY_BATTLE_K_AGENTS].node == NULL) {
        ry_battle_convert_refuse(reader, "placement.", sections, RY_BATTLE_K_PLACEMENT_AGENTS,
                                 "means nothing without agents; allowed: with agents");
        return;
    }
    convert_cores(reader, &value[RY_BATTLE_K_PLACEMENT_AGENTS], "agents", "agent", battle->agents,
                  battle, core_of_agent);
}
