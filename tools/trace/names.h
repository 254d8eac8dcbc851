/*
 * What a battle's journal says of it in its first inputs: its id and its name, the names of its
 * agents and its instruments.
 */
#ifndef RY_TOOLS_TRACE_NAMES_H
#define RY_TOOLS_TRACE_NAMES_H

#include "core/battle/battle.h"
#include "core/journal/read.h"

struct ry_trace_names {
    struct ry_battle_id id;
    char battle[RY_NAME_BYTES];
    unsigned agents, instruments;
    char agent[RY_AGENTS_MAX][RY_NAME_BYTES];
    char symbol[RY_INSTRUMENTS_MAX][RY_SYMBOL_BYTES];
};

/* 1: read; 0: the journal is there, and its first inputs are not yet: ask again; -1: `why`. */
int ry_trace_names_read(struct ry_trace_names *names, const char *directory,
                        char why[RY_JOURNAL_TEXT_BYTES]);

#endif
