/*
 * The table of the battle file's keys (keys.def), and what is printed from it.
 */
#ifndef RY_CORE_BATTLE_KEYS_H
#define RY_CORE_BATTLE_KEYS_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "core/battle/nearest.h"

#define RY_BATTLE_CORES_MAX 1024 /* CPU_SETSIZE */

enum ry_battle_key_section {
    RY_BATTLE_SECTION_TOP,
    RY_BATTLE_SECTION_BATTLE,
    RY_BATTLE_SECTION_MARKET,
    RY_BATTLE_SECTION_INSTRUMENT,
    RY_BATTLE_SECTION_FEED,
    RY_BATTLE_SECTION_AGENT,
    RY_BATTLE_SECTION_RISK, /* risk, and agents[].risk */
    RY_BATTLE_SECTION_FEES,
    RY_BATTLE_SECTION_GAME,
    RY_BATTLE_SECTION_RUN,
    RY_BATTLE_SECTION_JOURNAL,
    RY_BATTLE_SECTION_EXPORT,
    RY_BATTLE_SECTION_TRACE,
    RY_BATTLE_SECTION_PLACEMENT,
};

enum ry_battle_key_type {
    RY_BATTLE_KEY_SECTION,  /* a mapping */
    RY_BATTLE_KEY_SECTIONS, /* a list of min..max mappings */
    RY_BATTLE_KEY_NAME,     /* min..max of [A-Za-z0-9_-] */
    RY_BATTLE_KEY_SYMBOL,   /* min..max printable ASCII characters without space */
    RY_BATTLE_KEY_TEXT,     /* min..max bytes */
    RY_BATTLE_KEY_PATH,     /* the same */
    RY_BATTLE_KEY_NUMBER,   /* whole, min..max */
    RY_BATTLE_KEY_DECIMAL,  /* digits with a point, above 0 */
    RY_BATTLE_KEY_WORD,     /* one of the key's words */
    RY_BATTLE_KEY_CURRENCY, /* three capital letters */
    RY_BATTLE_KEY_DATE,     /* YYYY-MM-DD */
    RY_BATTLE_KEY_ZONE,     /* a name of the IANA time zone database */
    RY_BATTLE_KEY_TIME,     /* local: HH:MM[:SS[.fraction]] or YYYY-MM-DDTHH:MM[:SS[.fraction]] */
    RY_BATTLE_KEY_CORE,     /* min..max, and the machine has it */
    RY_BATTLE_KEY_CORES,    /* one, or a list with one for each feed or agent */
    RY_BATTLE_KEY_MONEY,    /* of the battle's currency, exact; min..max in money, 1e-6 of it */
    RY_BATTLE_KEY_DURATION, /* seconds with a fraction, or HH:MM:SS[.fraction]; min..max in ns */
    RY_BATTLE_KEY_ADDRESS,  /* of IPv4, four numbers; not 0.0.0.0 */
    RY_BATTLE_KEY_KEEP,     /* core/battle/keep.h */
    RY_BATTLE_KEY_PARAMS,   /* a mapping of scalars, max bytes as "key=value" lines */
};

enum ry_battle_key_id {
#define RY_KEY(id, section, key, type, min, max, default_text, required, help) RY_BATTLE_K_##id,
#include "core/battle/keys.def"
    RY_BATTLE_KEYS
};

struct ry_battle_key {
    enum ry_battle_key_section section;
    const char *name;
    enum ry_battle_key_type type;
    int64_t min, max;
    const char *default_text; /* NULL: none, or as `help` says */
    bool required;
    const char *help;
};

struct ry_battle_key_word {
    enum ry_battle_key_id key;
    const char *word;
    int value;
    const char *help;
};

extern const struct ry_battle_key ry_battle_keys[RY_BATTLE_KEYS];

/* NULL: that section has no such key. */
const struct ry_battle_key *ry_battle_key_find(enum ry_battle_key_section section,
                                               const char *name);

/* Offers each key of the section, each word of a key. */
void ry_battle_key_nearest(enum ry_battle_key_section section, struct ry_battle_nearest *nearest);
void ry_battle_key_word_nearest(enum ry_battle_key_id key, struct ry_battle_nearest *nearest);

/* The value of a word, -1 if the key has no such word. */
int ry_battle_key_word(enum ry_battle_key_id key, const char *word);
/* The word of a value, for printing. */
const char *ry_battle_key_word_of(enum ry_battle_key_id key, int value);

/* What the key allows, in a few words: "a whole number, 4 to 1024". */
void ry_battle_key_allowed(const struct ry_battle_key *key, char *text, size_t bytes);

/* The names of a section's keys, "name, seed". */
void ry_battle_key_names(enum ry_battle_key_section section, char *text, size_t bytes);

/* The table for people, and as royale-battle(5) in roff. */
void ry_battle_keys_print(FILE *file);
void ry_battle_keys_print_man(FILE *file);

#endif
