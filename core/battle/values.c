#include "core/battle/values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core/battle/keep.h"
#include "core/battle/suggest.h"

#define SHOWN "\"%.40s\"" /* so much of a wrong value is repeated */

static const char *kind_name(const struct ry_battle_node *node)
{
    return node->kind == RY_BATTLE_NODE_LIST ? "is a list" : "is a mapping";
}

static bool wrong(struct ry_battle_reader *reader, const char *name,
                  const struct ry_battle_node *node, const struct ry_battle_key *key,
                  const char *what)
{
    char allowed[256];
    ry_battle_key_allowed(key, allowed, sizeof allowed);
    ry_battle_values_error(reader, node, name, "%s; allowed: %s", what, allowed);
    return false;
}

static bool wrong_text(struct ry_battle_reader *reader, const char *name,
                       const struct ry_battle_node *node, const struct ry_battle_key *key,
                       const char *what)
{
    char text[256];
    snprintf(text, sizeof text, SHOWN " %s", ry_battle_node_text(&reader->tree, node), what);
    return wrong(reader, name, node, key, text);
}

/* The same, with what it may have been meant to be; "": nothing comes near. */
static bool wrong_perhaps(struct ry_battle_reader *reader, const char *name,
                          const struct ry_battle_node *node, const struct ry_battle_key *key,
                          const char *what, const char *perhaps)
{
    char text[192];
    snprintf(text, sizeof text, "%s%s%s", what, perhaps[0] == '\0' ? "" : ", perhaps ", perhaps);
    return wrong_text(reader, name, node, key, text);
}

enum number_result {
    NUMBER_OK,
    NUMBER_NONE,  /* no whole number */
    NUMBER_LARGE, /* one, but beyond 64 bits */
};

static enum number_result read_number(const char *text, int64_t *number)
{
    bool negative = *text == '-';
    uint64_t value = 0;
    bool large = false;
    text += negative;
    if (*text == '\0')
        return NUMBER_NONE;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return NUMBER_NONE;
        large = large || value > (uint64_t)INT64_MAX / 10;
        value = large ? 0 : value * 10 + (uint64_t)(*text - '0');
        large = large || value > (uint64_t)INT64_MAX;
    }
    *number = negative ? -(int64_t)(large ? 0 : value) : (int64_t)(large ? 0 : value);
    return large ? NUMBER_LARGE : NUMBER_OK;
}

static bool value_number(struct ry_battle_reader *reader, const char *name,
                         const struct ry_battle_node *node, const struct ry_battle_key *key,
                         int64_t *number)
{
    enum number_result result = read_number(ry_battle_node_text(&reader->tree, node), number);
    if (result == NUMBER_NONE)
        return wrong_text(reader, name, node, key, "is not a whole number");
    if (result == NUMBER_LARGE || *number < key->min || *number > key->max)
        return wrong_text(reader, name, node, key, "is out of range");
    return true;
}

/* Up to nine digits before and behind the point; exactly, in 10^-9. */
static bool read_decimal(const char *text, int64_t *number)
{
    int64_t whole = 0, fraction = 0, unit = INT64_C(1000000000);
    unsigned digits = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        whole = whole * 10 + (*text - '0');
        if (++digits > 9)
            return false;
    }
    if (digits == 0)
        return false;
    if (*text == '.') {
        text++;
        if (*text == '\0')
            return false;
        for (; *text >= '0' && *text <= '9'; text++) {
            if (unit == 1)
                return false;
            unit /= 10;
            fraction += (*text - '0') * unit;
        }
    }
    *number = whole * INT64_C(1000000000) + fraction;
    return *text == '\0' && *number > 0;
}

/* Digits and at most `places` decimals, exactly, in 10^-places; false also beyond 64 bits. */
static bool read_fixed(const char *text, unsigned places, int64_t *number)
{
    __int128 value = 0;
    unsigned digits = 0, decimals = 0;
    bool point = false;
    for (; *text != '\0'; text++) {
        if (*text == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || (point && ++decimals > places) || ++digits > 18 + places)
            return false;
        value = value * 10 + (*text - '0');
    }
    for (; decimals < places; decimals++)
        value *= 10;
    *number = (int64_t)value;
    return digits > 0 && text[-1] != '.' && value <= INT64_MAX;
}

static bool value_money(struct ry_battle_reader *reader, const char *name,
                        const struct ry_battle_node *node, const struct ry_battle_key *key,
                        int64_t *number)
{
    if (!read_fixed(ry_battle_node_text(&reader->tree, node), 6, number))
        return wrong_text(reader, name, node, key, "is no such amount");
    if (*number < key->min || *number > key->max)
        return wrong_text(reader, name, node, key, "is out of range");
    return true;
}

static bool value_duration(struct ry_battle_reader *reader, const char *name,
                           const struct ry_battle_node *node, const struct ry_battle_key *key,
                           int64_t *number)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    struct ry_battle_wall wall;
    if (strchr(text, ':') == NULL) {
        if (!read_fixed(text, 9, number))
            return wrong_text(reader, name, node, key, "is no duration");
    } else if (strchr(text, 'T') == NULL &&
               ry_battle_wall_read_time(text, (struct ry_battle_wall){0}, &wall)) {
        *number = wall.seconds * RY_NS_PER_SECOND + wall.ns;
    } else {
        return wrong_text(reader, name, node, key, "is no duration");
    }
    if (*number < key->min || *number > key->max)
        return wrong_text(reader, name, node, key, "is out of range");
    return true;
}

static bool name_characters(const char *text)
{
    for (; *text != '\0'; text++) {
        bool word = (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z') ||
                    (*text >= '0' && *text <= '9') || *text == '_' || *text == '-';
        if (!word)
            return false;
    }
    return true;
}

/* A space within is part of a symbol ("BRN FMZ0024"); one at an end is a feed's filler. */
static bool symbol_characters(const char *text)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return length == 0 || (text[0] != ' ' && text[length - 1] != ' ');
}

static bool currency_characters(const char *text)
{
    for (unsigned i = 0; i < 3; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    return text[3] == '\0';
}

static bool read_address(const char *text, int64_t *number)
{
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1 || address.s_addr == INADDR_ANY)
        return false;
    *number = ntohl(address.s_addr);
    return true;
}

static bool value_text(struct ry_battle_reader *reader, const char *name,
                       const struct ry_battle_node *node, const struct ry_battle_key *key)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    int64_t length = node->text_bytes;
    if (length < key->min)
        return wrong(reader, name, node, key, "is empty");
    if (length > key->max)
        return wrong_text(reader, name, node, key, "is too long");
    if ((key->type == RY_BATTLE_KEY_NAME && !name_characters(text)) ||
        (key->type == RY_BATTLE_KEY_SYMBOL && !symbol_characters(text)))
        return wrong_text(reader, name, node, key, "has other characters");
    return true;
}

static bool value_word(struct ry_battle_reader *reader, const char *name,
                       const struct ry_battle_node *node, const struct ry_battle_key *key,
                       int64_t *number)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    enum ry_battle_key_id id = (enum ry_battle_key_id)(key - ry_battle_keys);
    int value = ry_battle_key_word(id, text);
    *number = value;
    if (value >= 0)
        return true;
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, text);
    ry_battle_key_word_nearest(id, &nearest);
    return wrong_perhaps(reader, name, node, key, "is none of the words", nearest.found);
}

static bool value_currency(struct ry_battle_reader *reader, const char *name,
                           const struct ry_battle_node *node, const struct ry_battle_key *key)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    char capitals[4] = "";
    if (currency_characters(text))
        return true;
    for (unsigned i = 0; strlen(text) == 3 && i < 3; i++)
        capitals[i] = (char)toupper((unsigned char)text[i]);
    return wrong_perhaps(reader, name, node, key, "is no currency code",
                         currency_characters(capitals) ? capitals : "");
}

static bool value_date(struct ry_battle_reader *reader, const char *name,
                       const struct ry_battle_node *node, const struct ry_battle_key *key,
                       int64_t *number)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    struct ry_battle_wall wall;
    char date[RY_BATTLE_DATE_BYTES];
    if (!ry_battle_wall_read_date(text, &wall)) {
        ry_battle_suggest_date(text, date);
        return wrong_perhaps(reader, name, node, key, "is no date", date);
    }
    *number = wall.seconds;
    return true;
}

static bool value_zone(struct ry_battle_reader *reader, const char *name,
                       const struct ry_battle_node *node, const struct ry_battle_key *key)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    char zone[RY_BATTLE_ZONE_BYTES];
    if (ry_battle_wall_zone_exists(text))
        return true;
    ry_battle_suggest_zone(text, zone);
    return wrong_perhaps(reader, name, node, key, "is no time zone that this machine knows", zone);
}

/* "0-3, 6"; what has no room is "...". */
static void core_list(const cpu_set_t *cores, char *text, size_t bytes)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned first = 0; first < RY_BATTLE_CORES_MAX; first++) {
        if (!CPU_ISSET(first, cores))
            continue;
        unsigned last = first;
        while (last + 1 < RY_BATTLE_CORES_MAX && CPU_ISSET(last + 1, cores))
            last++;
        char range[32];
        int n = snprintf(range, sizeof range, last > first ? "%s%u-%u" : "%s%u",
                         used > 0 ? ", " : "", first, last);
        bool fits = used + (size_t)n + sizeof ", ..." <= bytes;
        used += (size_t)snprintf(text + used, bytes - used, "%s", fits ? range : ", ...");
        if (!fits)
            return;
        first = last;
    }
}

bool ry_battle_values_core(struct ry_battle_reader *reader, const char *name,
                           const struct ry_battle_node *node, const struct ry_battle_key *key,
                           int64_t *core)
{
    if (node->kind != RY_BATTLE_NODE_SCALAR || node->empty)
        return wrong(reader, name, node, key, node->empty ? "has no value" : kind_name(node));
    if (!value_number(reader, name, node, key, core))
        return false;
    if (reader->cores != NULL && !CPU_ISSET((size_t)*core, reader->cores)) {
        char cores[160];
        core_list(reader->cores, cores, sizeof cores);
        ry_battle_values_error(reader, node, name,
                               SHOWN " is no core that royale may use here; allowed: %s",
                               ry_battle_node_text(&reader->tree, node), cores);
        return false;
    }
    return true;
}

static bool is_text(enum ry_battle_key_type type)
{
    return type == RY_BATTLE_KEY_NAME || type == RY_BATTLE_KEY_SYMBOL ||
           type == RY_BATTLE_KEY_TEXT || type == RY_BATTLE_KEY_PATH || type == RY_BATTLE_KEY_ZONE;
}

/* Values of one scalar, beyond that it is one. */
static bool value_scalar(struct ry_battle_reader *reader, const char *name,
                         const struct ry_battle_node *node, const struct ry_battle_key *key,
                         int64_t *number)
{
    const char *text = ry_battle_node_text(&reader->tree, node);
    struct ry_battle_wall wall;
    struct ry_battle_keep keep;
    switch (key->type) {
    case RY_BATTLE_KEY_NUMBER: return value_number(reader, name, node, key, number);
    case RY_BATTLE_KEY_DECIMAL:
        return read_decimal(text, number) ||
               wrong_text(reader, name, node, key, "is no such number with at most 9 decimals");
    case RY_BATTLE_KEY_WORD: return value_word(reader, name, node, key, number);
    case RY_BATTLE_KEY_ADDRESS:
        return read_address(text, number) ||
               wrong_text(reader, name, node, key, "is no such address");
    case RY_BATTLE_KEY_CURRENCY: return value_currency(reader, name, node, key);
    case RY_BATTLE_KEY_DATE: return value_date(reader, name, node, key, number);
    case RY_BATTLE_KEY_ZONE: return value_zone(reader, name, node, key);
    case RY_BATTLE_KEY_TIME:
        return ry_battle_wall_read_time(text, (struct ry_battle_wall){0}, &wall) ||
               wrong_text(reader, name, node, key, "is no time");
    case RY_BATTLE_KEY_MONEY: return value_money(reader, name, node, key, number);
    case RY_BATTLE_KEY_DURATION: return value_duration(reader, name, node, key, number);
    case RY_BATTLE_KEY_CORE:
    case RY_BATTLE_KEY_CORES: return ry_battle_values_core(reader, name, node, key, number);
    case RY_BATTLE_KEY_KEEP:
        return ry_battle_keep_read(text, &keep) ||
               wrong_text(reader, name, node, key, "is no such number");
    case RY_BATTLE_KEY_SECTION:
    case RY_BATTLE_KEY_SECTIONS:
    case RY_BATTLE_KEY_PARAMS:
    case RY_BATTLE_KEY_NAME:
    case RY_BATTLE_KEY_TEXT:
    case RY_BATTLE_KEY_PATH:
    case RY_BATTLE_KEY_SYMBOL: return true;
    }
    return true;
}

static bool value(struct ry_battle_reader *reader, const char *name,
                  const struct ry_battle_node *node, const struct ry_battle_key *key,
                  int64_t *number)
{
    bool list = key->type == RY_BATTLE_KEY_SECTIONS ||
                (key->type == RY_BATTLE_KEY_CORES && node->kind != RY_BATTLE_NODE_SCALAR);
    uint8_t kind = RY_BATTLE_NODE_SCALAR;
    if (list)
        kind = RY_BATTLE_NODE_LIST;
    else if (key->type == RY_BATTLE_KEY_SECTION || key->type == RY_BATTLE_KEY_PARAMS)
        kind = RY_BATTLE_NODE_MAPPING;
    if (node->kind == RY_BATTLE_NODE_SCALAR && node->empty)
        return wrong(reader, name, node, key, "has no value");
    if (node->kind != kind) {
        if (node->kind == RY_BATTLE_NODE_SCALAR)
            return wrong_text(reader, name, node, key, "is a single value");
        return wrong(reader, name, node, key, kind_name(node));
    }
    if (kind != RY_BATTLE_NODE_SCALAR)
        return true;
    if (strlen(ry_battle_node_text(&reader->tree, node)) != node->text_bytes)
        return wrong_text(reader, name, node, key, "has a zero byte");
    if (is_text(key->type) && !value_text(reader, name, node, key))
        return false;
    return value_scalar(reader, name, node, key, number);
}

static void unknown_key(struct ry_battle_reader *reader, enum ry_battle_key_section section,
                        const char *name, const struct ry_battle_node *node, const char *text)
{
    struct ry_battle_nearest nearest;
    char names[256];
    ry_battle_key_names(section, names, sizeof names);
    ry_battle_nearest_begin(&nearest, text);
    ry_battle_key_nearest(section, &nearest);
    const bool kafka = section == RY_BATTLE_SECTION_EXPORT && nearest.found[0] == 0;
    ry_battle_values_error(reader, node, name, "unknown key%s; allowed: %s%s", nearest.said, names,
                           kafka ? "; brokers, passwords and what else Kafka needs stand in the "
                                   "file of export.config"
                                 : "");
}

static void read_pair(struct ry_battle_reader *reader, enum ry_battle_key_section section,
                      const char *where, const struct ry_battle_node *name_node,
                      const struct ry_battle_node *value_node,
                      struct ry_battle_value values[RY_BATTLE_KEYS])
{
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    if (name_node->kind != RY_BATTLE_NODE_SCALAR) {
        ry_battle_values_error(reader, name_node, "", "a key %s; allowed: a word",
                               kind_name(name_node));
        return;
    }
    const char *text = ry_battle_node_text(&reader->tree, name_node);
    snprintf(name, sizeof name, "%s%.40s", where, text);
    const struct ry_battle_key *key = ry_battle_key_find(section, text);
    if (key == NULL || strlen(text) != name_node->text_bytes) {
        unknown_key(reader, section, name, name_node, text);
        return;
    }
    struct ry_battle_value *into = &values[key - ry_battle_keys];
    if (into->node != NULL || into->wrong) {
        ry_battle_values_error(reader, name_node, name, "given twice; allowed: once");
        return;
    }
    if (value(reader, name, value_node, key, &into->number)) {
        into->node = value_node;
        into->text = value_node->kind == RY_BATTLE_NODE_SCALAR
                         ? ry_battle_node_text(&reader->tree, value_node)
                         : NULL;
    } else {
        into->number = 0; /* nobody calculates with what is out of range */
        into->wrong = true;
    }
}

/* Defaults are the table's own words, read by the same readers. */
static void use_default(const struct ry_battle_key *key, struct ry_battle_value *into)
{
    into->text = key->default_text;
    if (key->type == RY_BATTLE_KEY_NUMBER)
        (void)read_number(key->default_text, &into->number);
    else if (key->type == RY_BATTLE_KEY_DECIMAL)
        (void)read_decimal(key->default_text, &into->number);
    else if (key->type == RY_BATTLE_KEY_WORD)
        into->number =
            ry_battle_key_word((enum ry_battle_key_id)(key - ry_battle_keys), key->default_text);
}

static void fill_gaps(struct ry_battle_reader *reader, enum ry_battle_key_section section,
                      const char *where, const struct ry_battle_node *mapping,
                      struct ry_battle_value values[RY_BATTLE_KEYS])
{
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        const struct ry_battle_key *key = &ry_battle_keys[i];
        if (key->section != section || values[i].node != NULL || values[i].wrong)
            continue;
        if (key->required) {
            snprintf(name, sizeof name, "%s%s", where, key->name);
            (void)wrong(reader, name, mapping, key, "is missing");
            values[i].wrong = true;
        } else if (key->default_text != NULL) {
            use_default(key, &values[i]);
        }
    }
}

void ry_battle_values_read(struct ry_battle_reader *reader, enum ry_battle_key_section section,
                           const char *where, const struct ry_battle_node *mapping,
                           struct ry_battle_value values[RY_BATTLE_KEYS])
{
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
        if (ry_battle_keys[i].section == section)
            values[i] = (struct ry_battle_value){.node = NULL};
    if (mapping != NULL) {
        const struct ry_battle_node *name = ry_battle_node_at(&reader->tree, mapping->first);
        while (name != NULL) {
            const struct ry_battle_node *given = ry_battle_node_at(&reader->tree, name->next);
            read_pair(reader, section, where, name, given, values);
            name = ry_battle_node_at(&reader->tree, given->next);
        }
    }
    static const struct ry_battle_node top = {
        .kind = RY_BATTLE_NODE_MAPPING, .line = 1, .column = 1};
    fill_gaps(reader, section, where, mapping == NULL ? &top : mapping, values);
}

/* ---- parameters ------------------------------------------------------------------------------ */

static bool param_texts(struct ry_battle_reader *reader, const char *name,
                        const struct ry_battle_node *key, const struct ry_battle_node *given)
{
    const struct ry_battle_key *table = &ry_battle_keys[RY_BATTLE_K_AGENT_PARAMS];
    if (key->kind != RY_BATTLE_NODE_SCALAR ||
        !name_characters(ry_battle_node_text(&reader->tree, key)) || key->text_bytes == 0 ||
        strlen(ry_battle_node_text(&reader->tree, key)) != key->text_bytes) {
        ry_battle_values_error(reader, key, name,
                               "a key that is no word; allowed: letters, digits, _ and -");
        return false;
    }
    if (given->kind != RY_BATTLE_NODE_SCALAR)
        return wrong(reader, name, given, table, kind_name(given));
    if (given->empty)
        return wrong(reader, name, given, table, "has no value");
    const char *text = ry_battle_node_text(&reader->tree, given);
    for (uint32_t i = 0; i < given->text_bytes; i++)
        if (text[i] < ' ' || text[i] > '~')
            return wrong(reader, name, given, table, "has characters that are no plain text");
    return true;
}

static bool has_line(const char *params, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = params; line != NULL && *line != '\0';) {
        if (strncmp(line, key, length) == 0 && line[length] == '=')
            return true;
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return false;
}

bool ry_battle_values_params(struct ry_battle_reader *reader, const char *name,
                             const struct ry_battle_node *mapping,
                             char params[RY_BATTLE_PARAMS_BYTES])
{
    size_t used = 0;
    params[0] = '\0';
    for (const struct ry_battle_node *key = ry_battle_node_at(&reader->tree, mapping->first),
                                     *given;
         key != NULL; key = ry_battle_node_at(&reader->tree, given->next)) {
        char own[RY_BATTLE_ERROR_KEY_BYTES];
        given = ry_battle_node_at(&reader->tree, key->next);
        const char *text =
            key->kind == RY_BATTLE_NODE_SCALAR ? ry_battle_node_text(&reader->tree, key) : "";
        snprintf(own, sizeof own, "%s.%.40s", name, text);
        if (!param_texts(reader, own, key, given))
            return false;
        if (has_line(params, text)) {
            ry_battle_values_error(reader, key, own, "given twice; allowed: once");
            return false;
        }
        used += (size_t)snprintf(params + used, RY_BATTLE_PARAMS_BYTES - used, "%s=%s\n", text,
                                 ry_battle_node_text(&reader->tree, given));
        if (used >= RY_BATTLE_PARAMS_BYTES)
            return wrong(reader, own, key, &ry_battle_keys[RY_BATTLE_K_AGENT_PARAMS],
                         "is too much");
    }
    return true;
}
