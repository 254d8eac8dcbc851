/* Agents, their limits, fees and the game. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/battle/convert.h"
#include "core/battle/suggest.h"

/* The limits, as far as they are given. */
#define LIMITS (RY_BATTLE_K_RISK_LOSS_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX + 1)

struct limits {
    int64_t value[LIMITS];
    bool given[LIMITS]; /* or wrong, and said so */
};

static enum ry_battle_key_id limit_id(unsigned i)
{
    return (enum ry_battle_key_id)(RY_BATTLE_K_RISK_QUANTITY_MAX + i);
}

/* What the section that was read last says goes over what `limits` has. */
static void overlay(struct limits *limits, const struct ry_battle_sections *sections)
{
    for (unsigned i = 0; i < LIMITS; i++) {
        const struct ry_battle_value *value = &sections->value[limit_id(i)];
        if (value->node != NULL || value->wrong) {
            limits->given[i] = true;
            limits->value[i] = value->number;
        }
    }
}

static void take_limits(struct ry_battle_agent *agent, const struct limits *limits)
{
    const int64_t *value = limits->value;
    agent->quantity_max =
        (uint32_t)value[RY_BATTLE_K_RISK_QUANTITY_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->notional_max = value[RY_BATTLE_K_RISK_NOTIONAL_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->position_max = value[RY_BATTLE_K_RISK_POSITION_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->open_orders_max =
        (uint32_t)value[RY_BATTLE_K_RISK_OPEN_ORDERS_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->rate_max = (uint32_t)value[RY_BATTLE_K_RISK_RATE_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->collar_ppm =
        (uint32_t)value[RY_BATTLE_K_RISK_COLLAR_PPM - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->collar_ticks =
        (uint32_t)value[RY_BATTLE_K_RISK_COLLAR_TICKS - RY_BATTLE_K_RISK_QUANTITY_MAX];
    agent->loss_max = value[RY_BATTLE_K_RISK_LOSS_MAX - RY_BATTLE_K_RISK_QUANTITY_MAX];
}

/* Each limit that is missing is said once, for the first agent that lacks it. */
struct missing {
    const struct ry_battle_node *place;
    bool said[LIMITS];
};

static void need_limits(struct ry_battle_reader *reader, struct missing *missing, const char *where,
                        const struct limits *limits)
{
    for (unsigned i = 0; i < LIMITS; i++) {
        const struct ry_battle_key *key = &ry_battle_keys[limit_id(i)];
        if (key->default_text == NULL && !limits->given[i] && !missing->said[i]) {
            char name[RY_BATTLE_ERROR_KEY_BYTES], allowed[256];
            snprintf(name, sizeof name, "risk.%s", key->name);
            ry_battle_key_allowed(key, allowed, sizeof allowed);
            ry_battle_values_error(reader, missing->place, name,
                                   "is missing, and %srisk has none; allowed: %s", where, allowed);
            missing->said[i] = true;
        }
    }
}

/* Whether the battle file's own folder has that file. */
static bool lies_beside(const struct ry_battle_reader *reader, const char *name, const char *ending)
{
    char path[RY_BATTLE_PATH_BYTES];
    struct stat status;
    return snprintf(path, sizeof path, "%s/%s%s", reader->directory, name, ending) <
               (int)sizeof path &&
           stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* A name that no folder of strategies has. */
static void refuse_strategy(struct ry_battle_reader *reader, const char *name,
                            const struct ry_battle_value *value)
{
    char names[160];
    const char *text = value->text;
    struct ry_battle_nearest nearest;
    if (strcmp(text, RY_BATTLE_STRATEGY_EMBEDDED) == 0) {
        ry_battle_values_error(reader, value->node, name,
                               "\"" RY_BATTLE_STRATEGY_EMBEDDED
                               "\" is the program that embeds the battle (royale/embedded.h), and "
                               "this battle is run without one; allowed: an installed strategy, or "
                               "a file, with a slash: ./mine.so");
        return;
    }
    size_t length = strlen(text);
    bool is_file =
        (length > 3 && strcmp(text + length - 3, ".so") == 0) || lies_beside(reader, text, "");
    ry_battle_nearest_begin(&nearest, text);
    ry_battle_suggest_strategies(reader->strategies, &nearest, names, sizeof names);
    if (is_file || lies_beside(reader, text, ".so")) {
        ry_battle_values_error(reader, value->node, name,
                               "\"%.64s\" has no slash: that is the name of an installed strategy; "
                               "for a file write ./%.64s%s",
                               text, text, is_file ? "" : ".so");
        return;
    }
    ry_battle_values_error(
        reader, value->node, name,
        "\"%.64s\" is no installed strategy%s; allowed: %s%sa file, with a slash: ./mine.so", text,
        nearest.said, names, names[0] == '\0' ? "" : ", or ");
}

static void find_strategy(struct ry_battle_reader *reader, const char *name,
                          const struct ry_battle_value *value, char path[RY_BATTLE_PATH_BYTES])
{
    const char *const *folder = reader->strategies;
    if (reader->embedded && value->node != NULL &&
        strcmp(value->text, RY_BATTLE_STRATEGY_EMBEDDED) == 0) {
        strcpy(path, RY_BATTLE_STRATEGY_EMBEDDED);
        return;
    }
    if (value->node == NULL || strchr(value->text, '/') != NULL || folder == NULL) {
        ry_battle_convert_path(reader, name, value, path);
        return;
    }
    for (; *folder != NULL; folder++) {
        int wanted = snprintf(path, RY_BATTLE_PATH_BYTES, "%s/%s.so", *folder, value->text);
        if (wanted >= RY_BATTLE_PATH_BYTES) {
            ry_battle_values_error(
                reader, value->node, name,
                "is too long with the strategies' folder before it; allowed: %d bytes "
                "in all",
                RY_BATTLE_PATH_BYTES - 1);
            return;
        }
        if (access(path, F_OK) == 0)
            return;
    }
    refuse_strategy(reader, name, value);
}

static void convert_agent(struct ry_battle_reader *reader,
                          const struct ry_battle_sections *sections, const char *where,
                          struct ry_battle_agent *agent)
{
    const struct ry_battle_value *value = sections->value;
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    ry_battle_convert_text(agent->name, sizeof agent->name, &value[RY_BATTLE_K_AGENT_NAME]);
    snprintf(name, sizeof name, "%sstrategy", where);
    find_strategy(reader, name, &value[RY_BATTLE_K_AGENT_STRATEGY], agent->strategy);
    agent->cash = value[RY_BATTLE_K_AGENT_CASH].number;
    agent->latency_ns = value[RY_BATTLE_K_AGENT_LATENCY_US].number * 1000;
    agent->jitter_ns = value[RY_BATTLE_K_AGENT_JITTER_US].number * 1000;
    if (value[RY_BATTLE_K_AGENT_PARAMS].node != NULL) {
        snprintf(name, sizeof name, "%sparams", where);
        (void)ry_battle_values_params(reader, name, value[RY_BATTLE_K_AGENT_PARAMS].node,
                                      agent->params);
    }
}

static void refuse_twin(struct ry_battle_reader *reader, const char *where,
                        const struct ry_battle_node *place, const struct ry_battle *battle,
                        const char *agent)
{
    for (unsigned i = 0; i < battle->agents; i++) {
        if (agent[0] != '\0' && strcmp(battle->agent[i].name, agent) == 0) {
            char name[48];
            snprintf(name, sizeof name, "%sname", where);
            ry_battle_values_error(reader, place, name,
                                   "%s is the name of agent %u too; allowed: a name of its own",
                                   agent, i);
            return;
        }
    }
}

/* Enters an agent `count` times; with a number each if they are more than one. */
static void enter(struct ry_battle_reader *reader, const char *where,
                  const struct ry_battle_node *place, const struct ry_battle_agent *agent,
                  unsigned count, struct ry_battle *battle)
{
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    if (battle->agents + count > RY_AGENTS_MAX) {
        snprintf(name, sizeof name, "%scount", where);
        ry_battle_values_error(reader, place, name,
                               "makes more agents than there may be; allowed: %d in all",
                               RY_AGENTS_MAX);
        return;
    }
    for (unsigned i = 1; i <= count; i++) {
        struct ry_battle_agent entered = *agent;
        int wanted = count == 1 ? 0
                                : snprintf(entered.name, sizeof entered.name, "%.*s-%u",
                                           RY_NAME_BYTES - 1, agent->name, i);
        if (wanted >= RY_NAME_BYTES) {
            snprintf(name, sizeof name, "%sname", where);
            ry_battle_values_error(reader, place, name,
                                   "is too long with -%u behind it; allowed: %d characters in all",
                                   i, RY_NAME_BYTES - 1);
            return;
        }
        refuse_twin(reader, where, place, battle, entered.name);
        battle->agent[battle->agents++] = entered;
    }
}

static void convert_list(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                         const struct ry_battle_node *list, const struct limits *common,
                         struct missing *missing, struct ry_battle *battle)
{
    unsigned entries = ry_battle_convert_count(reader, list, RY_BATTLE_K_AGENTS, "agents");
    const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, list->first);
    for (unsigned i = 0; i < entries; i++, item = ry_battle_node_at(&reader->tree, item->next)) {
        struct ry_battle_agent agent = {.cash = 0};
        struct limits limits = *common;
        char where[32], risk[48];
        snprintf(where, sizeof where, "agents[%u].", i);
        snprintf(risk, sizeof risk, "%srisk.", where);
        ry_battle_values_read(reader, RY_BATTLE_SECTION_AGENT, where, item, sections->value);
        if (sections->value[RY_BATTLE_K_AGENT_RISK].node != NULL) {
            ry_battle_values_read(reader, RY_BATTLE_SECTION_RISK, risk,
                                  sections->value[RY_BATTLE_K_AGENT_RISK].node, sections->value);
            overlay(&limits, sections);
        }
        need_limits(reader, missing, where, &limits);
        convert_agent(reader, sections, where, &agent);
        take_limits(&agent, &limits);
        const struct ry_battle_value *name = &sections->value[RY_BATTLE_K_AGENT_NAME];
        const struct ry_battle_value *count = &sections->value[RY_BATTLE_K_AGENT_COUNT];
        enter(reader, where, name->node != NULL ? name->node : item, &agent,
              count->wrong ? 1 : (unsigned)count->number, battle);
    }
}

static void convert_game(const struct ry_battle_sections *sections, struct ry_battle *battle)
{
    const struct ry_battle_value *value = sections->value;
    battle->fee_maker_ppm = (int32_t)value[RY_BATTLE_K_FEES_MAKER_PPM].number;
    battle->fee_taker_ppm = (int32_t)value[RY_BATTLE_K_FEES_TAKER_PPM].number;
    battle->round_ns = value[RY_BATTLE_K_GAME_ROUND].number;
    battle->min_fills = (uint32_t)value[RY_BATTLE_K_GAME_MIN_FILLS].number;
    battle->haircut_ticks = (uint32_t)value[RY_BATTLE_K_GAME_HAIRCUT_TICKS].number;
    battle->haircut_ppm = (uint32_t)value[RY_BATTLE_K_GAME_HAIRCUT_PPM].number;
    battle->stall_s = (uint32_t)value[RY_BATTLE_K_GAME_STALL_S].number;
    battle->load_s = (uint32_t)value[RY_BATTLE_K_GAME_LOAD_S].number;
    battle->commands_max = (uint32_t)value[RY_BATTLE_K_GAME_COMMANDS_MAX].number;
}

void ry_battle_convert_agents(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                              struct ry_battle *battle)
{
    static const enum ry_battle_key_id beside[] = {RY_BATTLE_K_RISK, RY_BATTLE_K_FEES,
                                                   RY_BATTLE_K_GAME};
    const struct ry_battle_value *value = sections->value;
    const struct ry_battle_node *list = value[RY_BATTLE_K_AGENTS].node;
    if (list == NULL) {
        for (unsigned i = 0; i < 3 && !value[RY_BATTLE_K_AGENTS].wrong; i++) {
            if (value[beside[i]].node != NULL) {
                ry_battle_values_error(reader, value[beside[i]].node,
                                       ry_battle_keys[beside[i]].name,
                                       "means nothing without agents; allowed: with agents");
            }
        }
        return;
    }
    struct limits common = {.value = {0}};
    struct missing missing = {
        .place = value[RY_BATTLE_K_RISK].node != NULL ? value[RY_BATTLE_K_RISK].node : list};
    overlay(&common, sections);
    for (unsigned i = 0; i < LIMITS && value[RY_BATTLE_K_RISK].wrong; i++)
        common.given[i] = true; /* what is wrong with the section has been said */
    convert_game(sections, battle);
    convert_list(reader, sections, list, &common, &missing, battle);
}
