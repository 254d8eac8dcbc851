#include "tools/explain/outcome.h"

static const struct {
    const char *name, *words;
} table[RY_EXPLAIN_OUTCOMES] = {
#define ROW(enumerator, outcome_name, outcome_words)                                               \
    [RY_EXPLAIN_##enumerator] = {.name = outcome_name, .words = outcome_words},
    RY_EXPLAIN_OUTCOMES_LIST(ROW)
#undef ROW
};

const char *ry_explain_outcome_name(enum ry_explain_outcome outcome)
{
    return table[outcome].name;
}

const char *ry_explain_outcome_words(enum ry_explain_outcome outcome)
{
    return table[outcome].words;
}
