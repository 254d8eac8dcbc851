#include "core/battle/keys.h"

#include <inttypes.h>
#include <string.h>

const struct ry_battle_key ry_battle_keys[RY_BATTLE_KEYS] = {
#define RY_KEY(id, section, key, type, min, max, default_text, required, help)                     \
    [RY_BATTLE_K_##id] = {RY_BATTLE_SECTION_##section,                                             \
                          key,                                                                     \
                          RY_BATTLE_KEY_##type,                                                    \
                          min,                                                                     \
                          max,                                                                     \
                          default_text,                                                            \
                          required,                                                                \
                          help},
#include "core/battle/keys.def"
};

static const struct ry_battle_key_word words[] = {
#define RY_WORD(key, word, value, help) {RY_BATTLE_K_##key, word, value, help},
#include "core/battle/keys.def"
};
#define WORDS (sizeof words / sizeof words[0])

const struct ry_battle_key *ry_battle_key_find(enum ry_battle_key_section section, const char *name)
{
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
        if (ry_battle_keys[i].section == section && strcmp(ry_battle_keys[i].name, name) == 0)
            return &ry_battle_keys[i];
    return NULL;
}

void ry_battle_key_nearest(enum ry_battle_key_section section, struct ry_battle_nearest *nearest)
{
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
        if (ry_battle_keys[i].section == section)
            (void)ry_battle_nearest_offer(nearest, ry_battle_keys[i].name);
}

int ry_battle_key_word(enum ry_battle_key_id key, const char *word)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (words[i].key == key && strcmp(words[i].word, word) == 0)
            return words[i].value;
    return -1;
}

void ry_battle_key_word_nearest(enum ry_battle_key_id key, struct ry_battle_nearest *nearest)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (words[i].key == key)
            (void)ry_battle_nearest_offer(nearest, words[i].word);
}

const char *ry_battle_key_word_of(enum ry_battle_key_id key, int value)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (words[i].key == key && words[i].value == value)
            return words[i].word;
    return "?";
}

static void append(char *text, size_t bytes, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, bytes - used, "%s", more);
}

static void allowed_words(enum ry_battle_key_id key, char *text, size_t bytes)
{
    text[0] = '\0';
    for (unsigned i = 0; i < WORDS; i++) {
        if (words[i].key == key) {
            append(text, bytes, text[0] == '\0' ? "" : ", ");
            append(text, bytes, words[i].word);
        }
    }
}

void ry_battle_key_allowed(const struct ry_battle_key *key, char *text, size_t bytes)
{
    switch (key->type) {
    case RY_BATTLE_KEY_SECTION: snprintf(text, bytes, "a mapping of keys"); break;
    case RY_BATTLE_KEY_SECTIONS:
        snprintf(text, bytes, "a list of %" PRId64 " to %" PRId64 " mappings", key->min, key->max);
        break;
    case RY_BATTLE_KEY_NAME:
        snprintf(text, bytes, "%" PRId64 " to %" PRId64 " letters, digits, _ and -", key->min,
                 key->max);
        break;
    case RY_BATTLE_KEY_SYMBOL:
        snprintf(text, bytes,
                 "%" PRId64 " to %" PRId64 " printable characters, no space first or last",
                 key->min, key->max);
        break;
    case RY_BATTLE_KEY_TEXT:
        snprintf(text, bytes, "%" PRId64 " to %" PRId64 " bytes of text", key->min, key->max);
        break;
    case RY_BATTLE_KEY_PATH:
        snprintf(text, bytes, "a path of at most %" PRId64 " bytes", key->max);
        break;
    case RY_BATTLE_KEY_NUMBER:
        snprintf(text, bytes, "a whole number, %" PRId64 " to %" PRId64, key->min, key->max);
        break;
    case RY_BATTLE_KEY_DECIMAL:
        snprintf(text, bytes, "a decimal number above 0, such as 0.01");
        break;
    case RY_BATTLE_KEY_WORD:
        allowed_words((enum ry_battle_key_id)(key - ry_battle_keys), text, bytes);
        break;
    case RY_BATTLE_KEY_CURRENCY: snprintf(text, bytes, "three capital letters, such as USD"); break;
    case RY_BATTLE_KEY_DATE: snprintf(text, bytes, "a date YYYY-MM-DD, 1970 to 2199"); break;
    case RY_BATTLE_KEY_ZONE:
        snprintf(text, bytes, "a zone of the IANA database, such as America/New_York");
        break;
    case RY_BATTLE_KEY_TIME:
        snprintf(text, bytes,
                 "HH:MM[:SS[.fraction]], HH 0 to 47, or YYYY-MM-DDTHH:MM[:SS[.fraction]]");
        break;
    case RY_BATTLE_KEY_CORE: snprintf(text, bytes, "the number of a core of this machine"); break;
    case RY_BATTLE_KEY_CORES:
        snprintf(text, bytes,
                 "the number of a core of this machine, or a list with one for each %s",
                 key == &ry_battle_keys[RY_BATTLE_K_PLACEMENT_AGENTS] ? "agent" : "feed");
        break;
    case RY_BATTLE_KEY_MONEY:
        snprintf(text, bytes, "an amount of %s to %" PRId64 " of the currency, to 6 decimals",
                 key->min == 0 ? "0" : "0.000001", key->max / RY_MONEY_UNIT);
        break;
    case RY_BATTLE_KEY_DURATION:
        snprintf(text, bytes, "seconds, such as 300 or 0.5, or HH:MM:SS; 0.001 to %" PRId64,
                 key->max / RY_NS_PER_SECOND);
        break;
    case RY_BATTLE_KEY_ADDRESS:
        snprintf(text, bytes, "an IPv4 address, such as 233.54.12.111");
        break;
    case RY_BATTLE_KEY_KEEP:
        snprintf(text, bytes,
                 "a number of battles, days or GiB, such as 20, 30 days or 200 GiB; or one of "
                 "each of several kinds, such as 20, 200 GiB");
        break;
    case RY_BATTLE_KEY_PARAMS:
        snprintf(text, bytes, "a mapping of words to single values, %" PRId64 " bytes in all",
                 key->max);
        break;
    }
}

void ry_battle_key_names(enum ry_battle_key_section section, char *text, size_t bytes)
{
    text[0] = '\0';
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        if (ry_battle_keys[i].section == section) {
            append(text, bytes, text[0] == '\0' ? "" : ", ");
            append(text, bytes, ry_battle_keys[i].name);
        }
    }
}

static const struct section {
    enum ry_battle_key_section section;
    const char *title;
    const char *where; /* what stands before the key's name */
} sections[] = {
    {RY_BATTLE_SECTION_TOP, "THE FILE", ""},
    {RY_BATTLE_SECTION_BATTLE, "BATTLE", "battle."},
    {RY_BATTLE_SECTION_MARKET, "MARKET", "market."},
    {RY_BATTLE_SECTION_INSTRUMENT, "INSTRUMENTS", "market.instruments[]."},
    {RY_BATTLE_SECTION_FEED, "FEEDS", "feeds[]."},
    {RY_BATTLE_SECTION_AGENT, "AGENTS", "agents[]."},
    {RY_BATTLE_SECTION_RISK, "RISK", "risk."},
    {RY_BATTLE_SECTION_FEES, "FEES", "fees."},
    {RY_BATTLE_SECTION_GAME, "GAME", "game."},
    {RY_BATTLE_SECTION_RUN, "RUN", "run."},
    {RY_BATTLE_SECTION_JOURNAL, "JOURNAL", "journal."},
    {RY_BATTLE_SECTION_EXPORT, "EXPORT", "export."},
    {RY_BATTLE_SECTION_TRACE, "TRACE", "trace."},
    {RY_BATTLE_SECTION_PLACEMENT, "PLACEMENT", "placement."},
};
#define SECTIONS (sizeof sections / sizeof sections[0])

static void print_words(FILE *file, enum ry_battle_key_id key, const char *before,
                        const char *between)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (words[i].key == key)
            fprintf(file, "%s%s%s%s\n", before, words[i].word, between, words[i].help);
}

static void print_key(FILE *file, const struct section *section, enum ry_battle_key_id id)
{
    const struct ry_battle_key *key = &ry_battle_keys[id];
    char allowed[256];
    ry_battle_key_allowed(key, allowed, sizeof allowed);
    fprintf(file, "%s%s%s\n    %s\n    %s", section->where, key->name,
            key->required ? " (required)" : "", key->help, allowed);
    if (key->default_text != NULL)
        fprintf(file, "; default: %s", key->default_text);
    fputc('\n', file);
    print_words(file, id, "      ", ": ");
}

void ry_battle_keys_print(FILE *file)
{
    for (unsigned s = 0; s < SECTIONS; s++) {
        for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
            if (ry_battle_keys[i].section == sections[s].section)
                print_key(file, &sections[s], (enum ry_battle_key_id)i);
    }
}

/* Text for roff: a leading dot or quote would be a request, a backslash an escape. */
static void roff(FILE *file, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        fputs("\\&", file);
    for (; *text != '\0'; text++)
        if (*text == '\\')
            fputs("\\e", file);
        else if (*text == '-')
            fputs("\\-", file);
        else
            fputc(*text, file);
}

static void man_key(FILE *file, enum ry_battle_key_id id)
{
    const struct ry_battle_key *key = &ry_battle_keys[id];
    char allowed[256];
    ry_battle_key_allowed(key, allowed, sizeof allowed);
    fputs(".TP\n.B ", file);
    roff(file, key->name);
    fputs(key->required ? " \\fR(required)\n" : "\n", file);
    roff(file, key->help);
    fputs(".\n.br\n", file);
    roff(file, allowed);
    if (key->default_text != NULL) {
        fputs("; default: ", file);
        roff(file, key->default_text);
    }
    fputs(".\n", file);
    for (unsigned i = 0; i < WORDS; i++) {
        if (words[i].key == id) {
            fprintf(file, ".br\n\\fB%s\\fR: ", words[i].word);
            roff(file, words[i].help);
            fputs(".\n", file);
        }
    }
}

void ry_battle_keys_print_man(FILE *file)
{
    fputs(
        ".\\\" Made by `royale keys --man` from core/battle/keys.def.\n"
        ".TH ROYALE\\-BATTLE 5 \"\" royale \"File formats\"\n"
        ".SH NAME\nroyale\\-battle \\- the battle file\n"
        ".SH DESCRIPTION\n"
        "A battle file is one YAML document. It says what is traded, when, where the market data\n"
        "comes from, and who trades.\n.B royale check\nreads it and names mistakes, 20 at most, with line and "
        "column; an\n"
        "unknown key is a mistake. Aliases and anchors are refused.\n.PP\n"
        "Times are wall clock times of the market's zone. When clocks go back, a time that comes "
        "twice\n"
        "is the first one; when they go forward, a time that is left out is refused.\n.PP\n"
        "Money is an amount of the battle's currency; six decimals are exact.\n",
        file);
    for (unsigned s = 0; s < SECTIONS; s++) {
        fprintf(file, ".SH %s\n", sections[s].title);
        if (sections[s].where[0] != '\0') {
            fputs("Keys of\n.BR ", file);
            size_t length = strlen(sections[s].where) - 1; /* without the last dot */
            fprintf(file, "%.*s :\n", (int)length, sections[s].where);
        }
        for (unsigned i = 0; i < RY_BATTLE_KEYS; i++)
            if (ry_battle_keys[i].section == sections[s].section)
                man_key(file, (enum ry_battle_key_id)i);
    }
    fputs(".SH EXAMPLE\n.nf\n"
          "battle:\n  name: demo\nmarket:\n  date: 2026\\-01\\-05\n  zone: America/New_York\n"
          "  trade_from: 09:30\n  trade_to: 16:00\n  instruments:\n    \\- symbol: RYA\nfeeds:\n"
          "  \\- name: itch\n    format: itch50\n    path: day.itch.gz\n"
          "agents:\n  \\- name: crowd\n    strategy: noise\n    cash: 100000\n    count: 7\n"
          "    params: {instrument: RYA, size_max: 20}\n"
          "  \\- {name: maker, strategy: maker, cash: 100000, latency_us: 20, risk: "
          "{rate_max: 200}}\n"
          "risk: {quantity_max: 1000, notional_max: 50000, position_max: 5000, open_orders_max: "
          "50,\n"
          "  rate_max: 100, collar_ppm: 50000, loss_max: 20000}\n"
          "game: {round: 00:30:00}\n.fi\n"
          ".SH SEE ALSO\n.BR royale (1)\n",
          file);
}
