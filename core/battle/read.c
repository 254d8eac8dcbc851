#include "core/battle/read.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/values.h"

/* Values of each section; instruments and feeds are read one at a time. */
struct sections {
    struct ry_value value[RY_KEYS];
};

static void copy_text(char *to, size_t bytes, const struct ry_value *value)
{
    if (value->text != NULL) {
        snprintf(to, bytes, "%s", value->text);
    }
}

static void read_section(struct ry_reader *reader, struct sections *sections, enum ry_key_id id,
                         enum ry_key_section section, const char *where)
{
    const struct ry_value *value = &sections->value[id];
    if (value->node != NULL || (!value->wrong && !ry_keys[id].required)) {
        ry_values_read(reader, section, where, value->node, sections->value);
    }
}

/* ---- market: day and hours ------------------------------------------------------------------------ */

static bool to_utc(struct ry_reader *reader, const char *name, const struct ry_node *node,
                   struct ry_wall wall, const char *zone, int64_t *ns)
{
    if (ry_wall_to_utc(wall, zone, ns) == RY_WALL_OK) {
        return true;
    }
    ry_values_error(reader, node, name,
                    "does not exist in %s on that day: clocks go forward over it; allowed: a time that "
                    "the clocks there show",
                    zone);
    return false;
}

/* A time of day; `otherwise` if the key is absent. False if it is wrong. */
static bool convert_time(struct ry_reader *reader, const struct sections *sections, enum ry_key_id id,
                         int64_t otherwise, int64_t *ns)
{
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    const struct ry_value *value = &sections->value[id];
    *ns = otherwise;
    if (value->node == NULL) {
        return !value->wrong;
    }
    struct ry_wall wall, midnight = {.seconds = sections->value[RY_K_MARKET_DATE].number};
    bool read = ry_wall_read_time(value->text, midnight, &wall);
    assert(read);
    snprintf(name, sizeof name, "market.%s", ry_keys[id].name);
    return to_utc(reader, name, value->node, wall, sections->value[RY_K_MARKET_ZONE].text, ns);
}

static const struct ry_node *place_of(const struct sections *sections, enum ry_key_id id)
{
    const struct ry_node *node = sections->value[id].node;
    return node != NULL ? node : sections->value[RY_K_MARKET].node;
}

static void convert_hours(struct ry_reader *reader, const struct sections *sections,
                          struct ry_battle *battle)
{
    const struct ry_value *date = &sections->value[RY_K_MARKET_DATE];
    const struct ry_value *zone = &sections->value[RY_K_MARKET_ZONE];
    if (date->node == NULL || zone->node == NULL) {
        return;
    }
    copy_text(battle->date, sizeof battle->date, date);
    copy_text(battle->zone, sizeof battle->zone, zone);
    struct ry_wall midnight = {.seconds = date->number};
    if (ry_wall_to_utc(midnight, zone->text, &battle->midnight) != RY_WALL_OK) {
        ry_values_error(reader, date->node, "market.date",
                        "%s has no midnight in %s; allowed: a day that begins at 00:00", date->text,
                        zone->text);
        return;
    }
    bool whole = convert_time(reader, sections, RY_K_MARKET_WARMUP_FROM, battle->midnight,
                              &battle->warmup_from);
    whole &= convert_time(reader, sections, RY_K_MARKET_TRADE_FROM, battle->warmup_from,
                          &battle->trade_from);
    whole &= convert_time(reader, sections, RY_K_MARKET_TRADE_TO, RY_TIME_NEVER, &battle->trade_to);
    if (whole && battle->trade_from < battle->warmup_from) {
        ry_values_error(reader, place_of(sections, RY_K_MARKET_TRADE_FROM), "market.trade_from",
                        "is before warmup_from; allowed: warmup_from or later");
    }
    if (whole && battle->trade_to <= battle->trade_from) {
        ry_values_error(reader, place_of(sections, RY_K_MARKET_TRADE_TO), "market.trade_to",
                        "is not after trade_from; allowed: later than trade_from");
    }
}

/* ---- feeds ----------------------------------------------------------------------------------------- */

static void convert_path(struct ry_reader *reader, const char *where, const struct ry_value *value,
                         char path[RY_PATH_BYTES])
{
    if (value->node == NULL) {
        return;
    }
    bool absolute = value->text[0] == '/';
    int wanted = snprintf(path, RY_PATH_BYTES, "%s%s%s", absolute ? "" : reader->directory,
                          absolute ? "" : "/", value->text);
    if (wanted >= RY_PATH_BYTES) {
        char name[RY_BATTLE_ERROR_KEY_BYTES];
        snprintf(name, sizeof name, "%spath", where);
        ry_values_error(reader, value->node, name,
                        "is too long with the battle file's folder before it; allowed: %d bytes in all",
                        RY_PATH_BYTES - 1);
    }
}

static void refuse_key(struct ry_reader *reader, const char *where, const struct sections *sections,
                       enum ry_key_id id, const char *why)
{
    if (sections->value[id].node != NULL) {
        char name[RY_BATTLE_ERROR_KEY_BYTES];
        snprintf(name, sizeof name, "%s%s", where, ry_keys[id].name);
        ry_values_error(reader, sections->value[id].node, name, "%s", why);
    }
}

/* What a port needs and what means nothing to it. */
static void check_port(struct ry_reader *reader, const char *where, const struct sections *sections,
                       const struct ry_node *mapping, const struct ry_battle_feed *feed)
{
    const struct ry_value *path = &sections->value[RY_K_FEED_PATH];
    const struct ry_value *device = &sections->value[RY_K_FEED_DEVICE];
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    if (feed->port == RY_PORT_FILE) {
        refuse_key(reader, where, sections, RY_K_FEED_DEVICE,
                   "means nothing to port file; allowed: with port dpdk");
        refuse_key(reader, where, sections, RY_K_FEED_UDP_PORT,
                   "means nothing to port file; allowed: with port dpdk");
        if (path->node == NULL && !path->wrong) {
            snprintf(name, sizeof name, "%spath", where);
            ry_values_error(reader, mapping, name, "is missing; allowed: the file to read");
        }
        return;
    }
    if (feed->format == RY_FORMAT_DBN) {
        refuse_key(reader, where, sections, RY_K_FEED_PORT, "has no packets of format dbn; allowed: file");
    }
    if (path->node != NULL && device->node != NULL) {
        refuse_key(reader, where, sections, RY_K_FEED_DEVICE, "beside path; allowed: one of the two");
    }
    if (path->node == NULL && device->node == NULL && !path->wrong && !device->wrong) {
        snprintf(name, sizeof name, "%sdevice", where);
        ry_values_error(reader, mapping, name, "is missing; allowed: a device, or path with a pcap to play");
    }
}

static void convert_feed(struct ry_reader *reader, struct sections *sections, const char *where,
                         const struct ry_node *mapping, struct ry_battle_feed *feed)
{
    ry_values_read(reader, RY_SECTION_FEED, where, mapping, sections->value);
    const struct ry_value *value = sections->value;
    copy_text(feed->name, sizeof feed->name, &value[RY_K_FEED_NAME]);
    copy_text(feed->device, sizeof feed->device, &value[RY_K_FEED_DEVICE]);
    convert_path(reader, where, &value[RY_K_FEED_PATH], feed->path);
    feed->udp_port = (uint16_t)value[RY_K_FEED_UDP_PORT].number;
    if (value[RY_K_FEED_FORMAT].wrong || value[RY_K_FEED_PORT].wrong) {
        return;
    }
    feed->format = (uint8_t)value[RY_K_FEED_FORMAT].number;
    feed->port = (uint8_t)value[RY_K_FEED_PORT].number;
    check_port(reader, where, sections, mapping, feed);
}

/* The items of a list of mappings, counted and checked to be mappings. */
static uint32_t count_items(struct ry_reader *reader, const struct ry_node *list, enum ry_key_id id,
                            const char *name)
{
    uint32_t count = 0;
    bool whole = true;
    for (const struct ry_node *item = ry_node_at(&reader->tree, list->first); item != NULL;
         item = ry_node_at(&reader->tree, item->next)) {
        if (item->kind != RY_NODE_MAPPING) {
            ry_values_error(reader, item, name, "entry %u is no mapping; allowed: keys with values", count);
            whole = false;
        }
        count++;
    }
    if (count < ry_keys[id].min || count > ry_keys[id].max) {
        ry_values_error(reader, list, name, "has %u entries; allowed: %" PRId64 " to %" PRId64, count,
                        ry_keys[id].min, ry_keys[id].max);
        whole = false;
    }
    return whole ? count : 0;
}

static void convert_feeds(struct ry_reader *reader, struct sections *sections, struct ry_battle *battle)
{
    const struct ry_node *list = sections->value[RY_K_FEEDS].node;
    if (list == NULL) {
        return;
    }
    battle->feeds = (uint8_t)count_items(reader, list, RY_K_FEEDS, "feeds");
    const struct ry_node *item = ry_node_at(&reader->tree, list->first);
    for (unsigned i = 0; i < battle->feeds; i++, item = ry_node_at(&reader->tree, item->next)) {
        char where[32];
        snprintf(where, sizeof where, "feeds[%u].", i);
        convert_feed(reader, sections, where, item, &battle->feed[i]);
        for (unsigned j = 0; j < i; j++) {
            if (battle->feed[i].name[0] != '\0' && strcmp(battle->feed[i].name, battle->feed[j].name) == 0) {
                char name[48];
                snprintf(name, sizeof name, "%sname", where);
                ry_values_error(reader, sections->value[RY_K_FEED_NAME].node, name,
                                "%s is the name of feeds[%u] too; allowed: a name of its own",
                                battle->feed[i].name, j);
                break;
            }
        }
    }
}

/* ---- instruments ------------------------------------------------------------------------------------ */

static int64_t power_of_ten(int64_t exponent)
{
    int64_t power = 1;
    for (; exponent > 0; exponent--) {
        power *= 10;
    }
    return power;
}

#define MONEY_DECIMALS 6 /* of RY_MONEY_UNIT */

static void convert_money(struct ry_reader *reader, const char *where, const struct ry_node *place,
                          int64_t scale, int64_t multiplier, struct ry_battle_instrument *instrument)
{
    if (scale <= MONEY_DECIMALS) {
        instrument->money_per_unit = multiplier * power_of_ten(MONEY_DECIMALS - scale);
        return;
    }
    int64_t part = power_of_ten(scale - MONEY_DECIMALS);
    if (multiplier % part != 0) {
        char name[RY_BATTLE_ERROR_KEY_BYTES];
        snprintf(name, sizeof name, "%sprice_scale", where);
        ry_values_error(reader, place, name,
                        "10^-%" PRId64 " times multiplier %" PRId64 " is no whole number of millionths; "
                        "allowed: price_scale to 6, or a multiplier that is a multiple of %" PRId64,
                        scale, multiplier, part);
        return;
    }
    instrument->money_per_unit = multiplier / part;
}

static void convert_tick(struct ry_reader *reader, const char *where, const struct ry_node *place,
                         const struct ry_value *tick, int64_t scale, struct ry_battle_instrument *instrument)
{
    int64_t unit = power_of_ten(RY_DECIMAL_PLACES - scale);
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    snprintf(name, sizeof name, "%stick_size", where);
    if (tick->number % unit != 0) {
        ry_values_error(reader, place, name,
                        "%s is no multiple of the price unit 10^-%" PRId64 "; allowed: such a multiple, or a "
                        "larger price_scale",
                        tick->text, scale);
    } else if (tick->number / unit > RY_PRICE_ABS_MAX) {
        ry_values_error(reader, place, name, "%s is beyond every price; allowed: up to %" PRId64 " price units",
                        tick->text, RY_PRICE_ABS_MAX);
    }
    instrument->tick_size = tick->number / unit;
}

static void find_feed(struct ry_reader *reader, const char *where, const struct ry_value *value,
                      const struct ry_battle *battle, struct ry_battle_instrument *instrument)
{
    if (value->node == NULL || battle->feeds == 0) {
        return;
    }
    for (unsigned i = 0; i < battle->feeds; i++) {
        if (strcmp(battle->feed[i].name, value->text) == 0) {
            instrument->feed = (uint8_t)i;
            return;
        }
    }
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    snprintf(name, sizeof name, "%sfeed", where);
    ry_values_error(reader, value->node, name, "%s is no feed of this file; allowed: a name under feeds",
                    value->text);
}

static void convert_instrument(struct ry_reader *reader, struct sections *sections, const char *where,
                               const struct ry_node *mapping, const struct ry_battle *battle,
                               struct ry_battle_instrument *instrument)
{
    ry_values_read(reader, RY_SECTION_INSTRUMENT, where, mapping, sections->value);
    const struct ry_value *value = sections->value;
    copy_text(instrument->symbol, sizeof instrument->symbol, &value[RY_K_INSTRUMENT_SYMBOL]);
    find_feed(reader, where, &value[RY_K_INSTRUMENT_FEED], battle, instrument);
    const struct ry_value *scale = &value[RY_K_INSTRUMENT_PRICE_SCALE];
    const struct ry_value *tick = &value[RY_K_INSTRUMENT_TICK_SIZE];
    const struct ry_value *multiplier = &value[RY_K_INSTRUMENT_MULTIPLIER];
    if (scale->wrong) {
        return;
    }
    instrument->price_scale = (uint8_t)scale->number;
    if (!multiplier->wrong) {
        convert_money(reader, where, scale->node != NULL ? scale->node : mapping, scale->number,
                      multiplier->number, instrument);
    }
    if (!tick->wrong) {
        convert_tick(reader, where, tick->node != NULL ? tick->node : mapping, tick, scale->number,
                     instrument);
    }
}

static int compare_symbols(const void *a, const void *b)
{
    const struct ry_battle_instrument *const *x = a, *const *y = b;
    int order = strcmp((*x)->symbol, (*y)->symbol);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

static void refuse_twins(struct ry_reader *reader, const struct ry_node *list, const struct ry_battle *battle)
{
    const struct ry_battle_instrument **sorted = calloc(battle->instruments + 1u, sizeof sorted[0]);
    assert(sorted != NULL);
    for (unsigned i = 0; i < battle->instruments; i++) {
        sorted[i] = &battle->instrument[i];
    }
    qsort(sorted, battle->instruments, sizeof sorted[0], compare_symbols);
    for (unsigned i = 1; i < battle->instruments; i++) {
        if (sorted[i]->symbol[0] == '\0' || strcmp(sorted[i]->symbol, sorted[i - 1]->symbol) != 0) {
            continue;
        }
        long later = sorted[i] - battle->instrument;
        const struct ry_node *item = ry_node_at(&reader->tree, list->first);
        for (long n = 0; n < later; n++) {
            item = ry_node_at(&reader->tree, item->next);
        }
        char name[64];
        snprintf(name, sizeof name, "market.instruments[%ld].symbol", later);
        ry_values_error(reader, item, name, "%s is the symbol of instruments[%ld] too; allowed: each once",
                        sorted[i]->symbol, (long)(sorted[i - 1] - battle->instrument));
    }
    free(sorted);
}

/* ---- placement ---------------------------------------------------------------------------------------- */

static int16_t core_of(const struct ry_value *value)
{
    return value->node == NULL ? RY_CORE_NONE : (int16_t)value->number;
}

static void convert_feed_cores(struct ry_reader *reader, const struct ry_value *value,
                               struct ry_battle *battle)
{
    if (value->node == NULL) {
        return;
    }
    if (value->node->kind == RY_NODE_SCALAR) {
        battle->core_feed[0] = core_of(value);
        return;
    }
    unsigned count = 0;
    for (const struct ry_node *item = ry_node_at(&reader->tree, value->node->first); item != NULL;
         item = ry_node_at(&reader->tree, item->next), count++) {
        int64_t core;
        char name[48];
        snprintf(name, sizeof name, "placement.feed[%u]", count);
        if (count >= battle->feeds) {
            continue;
        }
        if (ry_values_core(reader, name, item, &ry_keys[RY_K_PLACEMENT_EXEC], &core)) {
            battle->core_feed[count] = (int16_t)core;
        }
    }
    if (count != battle->feeds && battle->feeds > 0) {
        ry_values_error(reader, value->node, "placement.feed",
                        "has %u cores for %u feeds; allowed: one for each feed", count, battle->feeds);
    }
}

static void convert_placement(struct ry_reader *reader, const struct sections *sections,
                              struct ry_battle *battle)
{
    const struct ry_value *value = sections->value;
    battle->core_exec = core_of(&value[RY_K_PLACEMENT_EXEC]);
    battle->core_journal = core_of(&value[RY_K_PLACEMENT_JOURNAL]);
    battle->core_supervisor = core_of(&value[RY_K_PLACEMENT_SUPERVISOR]);
    for (unsigned i = 0; i < RY_FEEDS_MAX; i++) {
        battle->core_feed[i] = RY_CORE_NONE;
    }
    convert_feed_cores(reader, &value[RY_K_PLACEMENT_FEED], battle);
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static struct ry_battle *convert(struct ry_reader *reader, struct sections *sections)
{
    const struct ry_value *value = sections->value;
    const struct ry_node *list = value[RY_K_MARKET_INSTRUMENTS].node;
    uint32_t instruments =
        list == NULL ? 0 : count_items(reader, list, RY_K_MARKET_INSTRUMENTS, "market.instruments");
    struct ry_battle *battle = calloc(1, ry_battle_bytes(instruments));
    assert(battle != NULL);
    battle->abi = RY_BATTLE_ABI;
    battle->instruments = (uint16_t)instruments;
    copy_text(battle->name, sizeof battle->name, &value[RY_K_BATTLE_NAME]);
    battle->seed = (uint64_t)value[RY_K_BATTLE_SEED].number;
    copy_text(battle->currency, sizeof battle->currency, &value[RY_K_MARKET_CURRENCY]);
    battle->orders_max = (uint32_t)value[RY_K_MARKET_ORDERS_MAX].number;
    battle->market = (uint8_t)value[RY_K_MARKET_MODE].number;
    battle->journal_block_bytes = (uint32_t)value[RY_K_JOURNAL_BLOCK_KIB].number * 1024;
    convert_hours(reader, sections, battle);
    convert_feeds(reader, sections, battle);
    convert_placement(reader, sections, battle);
    const struct ry_node *item = list == NULL ? NULL : ry_node_at(&reader->tree, list->first);
    for (uint32_t i = 0; i < instruments; i++, item = ry_node_at(&reader->tree, item->next)) {
        char where[48];
        snprintf(where, sizeof where, "market.instruments[%u].", i);
        convert_instrument(reader, sections, where, item, battle, &battle->instrument[i]);
    }
    if (instruments > 1) {
        refuse_twins(reader, list, battle);
    }
    return battle;
}

static void read_sections(struct ry_reader *reader, struct sections *sections)
{
    const struct ry_node *root = reader->tree.count > 1 ? &reader->tree.node[1] : NULL;
    if (root != NULL && root->kind != RY_NODE_MAPPING && !root->empty) {
        ry_values_error(reader, root, "", "the file is no mapping; allowed: battle, market, feeds, ...");
        return;
    }
    if (root != NULL && root->kind != RY_NODE_MAPPING) {
        root = NULL;
    }
    ry_values_read(reader, RY_SECTION_TOP, "", root, sections->value);
    read_section(reader, sections, RY_K_BATTLE, RY_SECTION_BATTLE, "battle.");
    read_section(reader, sections, RY_K_MARKET, RY_SECTION_MARKET, "market.");
    read_section(reader, sections, RY_K_JOURNAL, RY_SECTION_JOURNAL, "journal.");
    read_section(reader, sections, RY_K_PLACEMENT, RY_SECTION_PLACEMENT, "placement.");
}

struct ry_battle *ry_battle_parse(const char *text, size_t bytes, const struct ry_battle_source *source,
                                  struct ry_battle_errors *errors)
{
    struct ry_reader reader = {
        .errors = errors, .directory = source->directory, .cores = source->cores};
    static const struct sections none;
    struct sections *sections = malloc(sizeof *sections);
    struct ry_battle *battle = NULL;
    assert(sections != NULL);
    *sections = none;
    *errors = (struct ry_battle_errors){.count = 0};
    if (bytes > RY_BATTLE_FILE_BYTES_MAX) {
        ry_battle_error(errors, 0, 0, "", "the file is too large; allowed: %u bytes",
                        RY_BATTLE_FILE_BYTES_MAX);
    } else if (ry_node_tree_read(&reader.tree, text, bytes, errors) == 0) {
        read_sections(&reader, sections);
        battle = convert(&reader, sections);
    }
    ry_node_tree_free(&reader.tree);
    free(sections);
    ry_battle_errors_sort(errors);
    if (errors->count > 0) {
        free(battle);
        return NULL;
    }
    return battle;
}

char *ry_battle_load(const char *path, size_t *bytes, struct ry_battle_errors *errors)
{
    *errors = (struct ry_battle_errors){.count = 0};
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        ry_battle_error(errors, 0, 0, "", "cannot be read: %s", strerror(errno));
        return NULL;
    }
    char *text = malloc(RY_BATTLE_FILE_BYTES_MAX + 1);
    assert(text != NULL);
    errno = 0;
    *bytes = fread(text, 1, RY_BATTLE_FILE_BYTES_MAX + 1, file);
    if (ferror(file)) {
        ry_battle_error(errors, 0, 0, "", "cannot be read: %s", strerror(errno));
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

bool ry_battle_folder(const char *path, char folder[RY_PATH_BYTES])
{
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL) {
        return false;
    }
    char *last = strrchr(whole, '/');
    last[last == whole ? 1 : 0] = '\0';
    return (size_t)snprintf(folder, RY_PATH_BYTES, "%s", whole) < RY_PATH_BYTES;
}

struct ry_battle *ry_battle_read(const char *path, struct ry_battle_errors *errors)
{
    size_t bytes;
    char folder[RY_PATH_BYTES];
    cpu_set_t cores;
    char *text = ry_battle_load(path, &bytes, errors);
    if (text == NULL) {
        return NULL;
    }
    if (!ry_battle_folder(path, folder)) {
        ry_battle_error(errors, 0, 0, "", "lies in a folder with too long a path; allowed: %d bytes",
                        RY_PATH_BYTES - 1);
        free(text);
        return NULL;
    }
    struct ry_battle_source source = {.directory = folder};
    if (sched_getaffinity(0, sizeof cores, &cores) == 0) {
        source.cores = &cores;
    }
    struct ry_battle *battle = ry_battle_parse(text, bytes, &source, errors);
    free(text);
    return battle;
}
