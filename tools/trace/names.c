#include "tools/trace/names.h"

#include <stdio.h>
#include <string.h>

static void copy(char *to, size_t room, const char *from, size_t max)
{
    snprintf(to, room, "%.*s", (int)strnlen(from, max), from);
}

/* False: of something that the battle does not have. */
static bool take(struct ry_trace_names *names, const union ry_input_any *input)
{
    const struct ry_input_head *head = &input->head;
    const unsigned agent = head->source - (unsigned)RY_SOURCE_AGENT;
    if (head->kind == RY_IN_BATTLE) {
        copy(names->battle, sizeof names->battle, input->battle.name, RY_NAME_BYTES);
        names->agents = input->battle.agents;
        names->instruments = input->battle.instruments;
        return names->agents <= RY_AGENTS_MAX && names->instruments <= RY_INSTRUMENTS_MAX;
    }
    if (head->kind == RY_IN_INSTRUMENT && head->instrument < names->instruments) {
        copy(names->symbol[head->instrument], RY_SYMBOL_BYTES, input->instrument.symbol,
             RY_SYMBOL_BYTES);
        return true;
    }
    if (head->kind != RY_IN_AGENT || agent >= names->agents)
        return false;
    copy(names->agent[agent], RY_NAME_BYTES, input->agent.name, RY_NAME_BYTES);
    return true;
}

static int read_inputs(struct ry_trace_names *names, struct ry_journal_reader *reader,
                       char why[RY_JOURNAL_TEXT_BYTES])
{
    for (unsigned i = 0; i < 1 + names->instruments + names->agents; i++) {
        const union ry_input_any *input;
        const enum ry_journal_next next = ry_journal_next(reader, &input);
        if (next == RY_JOURNAL_TAIL)
            return 0;
        if (next == RY_JOURNAL_INPUT && take(names, input))
            continue;
        snprintf(why, RY_JOURNAL_TEXT_BYTES, "%s",
                 next == RY_JOURNAL_ERROR ? reader->text
                                          : "the journal does not begin with the battle");
        return -1;
    }
    return 1;
}

int ry_trace_names_read(struct ry_trace_names *names, const char *directory,
                        char why[RY_JOURNAL_TEXT_BYTES])
{
    struct ry_journal_reader reader;
    memset(names, 0, sizeof *names);
    if (ry_journal_open(&reader, directory) != 0) {
        memcpy(why, reader.text, RY_JOURNAL_TEXT_BYTES);
        return -1;
    }
    names->id = reader.file.battle_id;
    const int result = read_inputs(names, &reader, why);
    ry_journal_close(&reader);
    return result;
}
