#include "core/battle/read.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/convert.h"
#include "core/battle/keep.h"

static void read_section(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                         enum ry_battle_key_id id, enum ry_battle_key_section section,
                         const char *where)
{
    const struct ry_battle_value *value = &sections->value[id];
    if (value->node != NULL || (!value->wrong && !ry_battle_keys[id].required))
        ry_battle_values_read(reader, section, where, value->node, sections->value);
}

static struct ry_battle *convert(struct ry_battle_reader *reader,
                                 struct ry_battle_sections *sections)
{
    const struct ry_battle_value *value = sections->value;
    const struct ry_battle_node *list = value[RY_BATTLE_K_MARKET_INSTRUMENTS].node;
    uint32_t instruments =
        list == NULL ? 0
                     : ry_battle_convert_count(reader, list, RY_BATTLE_K_MARKET_INSTRUMENTS,
                                               "market.instruments");
    struct ry_battle *battle = calloc(1, ry_battle_bytes(instruments));
    assert(battle != NULL);
    battle->abi = RY_BATTLE_ABI;
    battle->instruments = (uint16_t)instruments;
    ry_battle_convert_text(battle->name, sizeof battle->name, &value[RY_BATTLE_K_BATTLE_NAME]);
    battle->seed = (uint64_t)value[RY_BATTLE_K_BATTLE_SEED].number;
    ry_battle_convert_text(battle->currency, sizeof battle->currency,
                           &value[RY_BATTLE_K_MARKET_CURRENCY]);
    battle->orders_max = (uint32_t)value[RY_BATTLE_K_MARKET_ORDERS_MAX].number;
    battle->market = (uint8_t)value[RY_BATTLE_K_MARKET_MODE].number;
    battle->allow_empty = value[RY_BATTLE_K_MARKET_ALLOW_EMPTY].number != 0;
    battle->journal_block_bytes = (uint32_t)value[RY_BATTLE_K_JOURNAL_BLOCK_KIB].number * 1024;
    battle->processes = (uint8_t)value[RY_BATTLE_K_RUN_PROCESSES].number;
    battle->compress = (uint8_t)value[RY_BATTLE_K_JOURNAL_COMPRESS].number;
    if (value[RY_BATTLE_K_KEEP].text != NULL)
        (void)ry_battle_keep_read(value[RY_BATTLE_K_KEEP].text, &battle->keep);
    battle->trace_every = (uint32_t)value[RY_BATTLE_K_TRACE_EVERY].number;
    ry_battle_convert_hours(reader, sections, battle);
    ry_battle_convert_feeds(reader, sections, battle);
    ry_battle_convert_agents(reader, sections, battle);
    ry_battle_convert_placement(reader, sections, battle);
    ry_battle_convert_export(reader, sections, battle);
    ry_battle_convert_instruments(reader, sections, battle);
    return battle;
}

static void read_sections(struct ry_battle_reader *reader, struct ry_battle_sections *sections)
{
    const struct ry_battle_node *root = reader->tree.count > 1 ? &reader->tree.node[1] : NULL;
    if (root != NULL && root->kind != RY_BATTLE_NODE_MAPPING && !root->empty) {
        ry_battle_values_error(reader, root, "",
                               "the file is no mapping; allowed: battle, market, feeds, ...");
        return;
    }
    if (root != NULL && root->kind != RY_BATTLE_NODE_MAPPING)
        root = NULL;
    ry_battle_values_read(reader, RY_BATTLE_SECTION_TOP, "", root, sections->value);
    read_section(reader, sections, RY_BATTLE_K_BATTLE, RY_BATTLE_SECTION_BATTLE, "battle.");
    read_section(reader, sections, RY_BATTLE_K_MARKET, RY_BATTLE_SECTION_MARKET, "market.");
    read_section(reader, sections, RY_BATTLE_K_RISK, RY_BATTLE_SECTION_RISK, "risk.");
    read_section(reader, sections, RY_BATTLE_K_FEES, RY_BATTLE_SECTION_FEES, "fees.");
    read_section(reader, sections, RY_BATTLE_K_GAME, RY_BATTLE_SECTION_GAME, "game.");
    read_section(reader, sections, RY_BATTLE_K_RUN, RY_BATTLE_SECTION_RUN, "run.");
    read_section(reader, sections, RY_BATTLE_K_JOURNAL, RY_BATTLE_SECTION_JOURNAL, "journal.");
    if (sections->value[RY_BATTLE_K_EXPORT].node != NULL)
        read_section(reader, sections, RY_BATTLE_K_EXPORT, RY_BATTLE_SECTION_EXPORT, "export.");
    read_section(reader, sections, RY_BATTLE_K_TRACE, RY_BATTLE_SECTION_TRACE, "trace.");
    read_section(reader, sections, RY_BATTLE_K_PLACEMENT, RY_BATTLE_SECTION_PLACEMENT,
                 "placement.");
}

struct ry_battle *ry_battle_parse(const char *text, size_t bytes,
                                  const struct ry_battle_source *source,
                                  struct ry_battle_errors *errors)
{
    struct ry_battle_reader reader = {.errors = errors,
                                      .directory = source->directory,
                                      .cores = source->cores,
                                      .strategies = source->strategies,
                                      .embedded = source->embedded};
    static const struct ry_battle_sections none;
    struct ry_battle_sections *sections = malloc(sizeof *sections);
    struct ry_battle *battle = NULL;
    assert(sections != NULL);
    *sections = none;
    *errors = (struct ry_battle_errors){.count = 0};
    if (bytes > RY_BATTLE_FILE_BYTES_MAX) {
        ry_battle_error(errors, 0, 0, "", "the file is too large; allowed: %u bytes",
                        RY_BATTLE_FILE_BYTES_MAX);
    } else if (ry_battle_node_tree_read(&reader.tree, text, bytes, errors) == 0) {
        read_sections(&reader, sections);
        battle = convert(&reader, sections);
    }
    ry_battle_node_tree_free(&reader.tree);
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

bool ry_battle_folder(const char *path, char folder[RY_BATTLE_PATH_BYTES])
{
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL)
        return false;
    char *last = strrchr(whole, '/');
    last[last == whole ? 1 : 0] = '\0';
    return (size_t)snprintf(folder, RY_BATTLE_PATH_BYTES, "%s", whole) < RY_BATTLE_PATH_BYTES;
}

struct ry_battle *ry_battle_read(const char *path, struct ry_battle_errors *errors)
{
    size_t bytes;
    char folder[RY_BATTLE_PATH_BYTES];
    cpu_set_t cores;
    char *text = ry_battle_load(path, &bytes, errors);
    if (text == NULL)
        return NULL;
    if (!ry_battle_folder(path, folder)) {
        ry_battle_error(errors, 0, 0, "",
                        "lies in a folder with too long a path; allowed: %d bytes",
                        RY_BATTLE_PATH_BYTES - 1);
        free(text);
        return NULL;
    }
    struct ry_battle_source source = {.directory = folder};
    if (sched_getaffinity(0, sizeof cores, &cores) == 0)
        source.cores = &cores;
    struct ry_battle *battle = ry_battle_parse(text, bytes, &source, errors);
    free(text);
    return battle;
}
