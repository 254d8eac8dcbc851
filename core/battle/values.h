/*
 * The values of a section: each key of the table looked up in a mapping and checked by its type.
 * What goes beyond one key (times of a date, sums, names that must exist) is core/battle/read.c.
 */
#ifndef RY_CORE_BATTLE_VALUES_H
#define RY_CORE_BATTLE_VALUES_H

#include <sched.h>

#include "core/battle/keys.h"
#include "core/battle/node.h"
#include "core/battle/wall.h"

#define RY_BATTLE_DECIMAL_PLACES 9

struct ry_battle_value {
    const struct ry_battle_node *node; /* NULL: absent or wrong, and said so if wrong */
    const char *text;                  /* as given, or the default; NULL: neither, or no scalar */
    bool wrong;                        /* given, but an error has been said about it */
    int64_t number; /* NUMBER, WORD, CORE; DECIMAL: in 10^-RY_BATTLE_DECIMAL_PLACES; DATE: its wall
                       seconds; MONEY: money; DURATION: ns; ADDRESS: its 32 bits */
};

struct ry_battle_reader {
    struct ry_battle_node_tree tree;
    struct ry_battle_errors *errors;
    const char *directory;         /* what relative paths start from */
    const cpu_set_t *cores;        /* that may be used; NULL: not checked */
    const char *const *strategies; /* folders of installed strategies, NULL at the end; or NULL */
    bool embedded;                 /* a program that embeds the battle can be an agent */
};

/* Fills values[id] of all keys of the section. `where` stands before key names in messages, such as
 * "market."; `mapping` may be of any kind: a wrong one is an error. */
void ry_battle_values_read(struct ry_battle_reader *reader, enum ry_battle_key_section section,
                           const char *where, const struct ry_battle_node *mapping,
                           struct ry_battle_value values[RY_BATTLE_KEYS]);

/* One core number of the list of a CORES key. */
bool ry_battle_values_core(struct ry_battle_reader *reader, const char *name,
                           const struct ry_battle_node *node, const struct ry_battle_key *key,
                           int64_t *core);

/* "key=value" lines of a mapping of a PARAMS key; false if it is wrong, and said so. */
bool ry_battle_values_params(struct ry_battle_reader *reader, const char *name,
                             const struct ry_battle_node *mapping,
                             char params[RY_BATTLE_PARAMS_BYTES]);

/* An error at a node. */
#define ry_battle_values_error(reader, at, ...)                                                    \
    ry_battle_error((reader)->errors, (at)->line, (at)->column, __VA_ARGS__)

#endif
