/*
 * What the engine told, kept in its order.
 */
#ifndef RY_TOOLS_TUNE_TOLD_H
#define RY_TOOLS_TUNE_TOLD_H

#include "tools/tune/tune.h"

struct ry_tune_line {
    char stage[RY_TUNING_STAGE_BYTES];
    struct ry_tuning_setting setting;
    enum ry_tuning_deed deed;
    char was[RY_TUNING_VALUE_BYTES];
};

struct ry_tune_told {
    unsigned count, room;
    bool damaged; /* of changes: the journal was, and there may be more */
    struct ry_tune_line *line;
};

/* What of a stage is shown in one line: how many settings are in each state, and the first of the
 * worst. */
struct ry_tune_sum {
    const char *stage, *title;
    unsigned settings, in[5]; /* by enum ry_tuning_state */
    enum ry_tuning_state state;
    const struct ry_tune_line *first;
};

/* Takes what an engine tells, into a struct ry_tune_told. */
void ry_tune_take(void *context, const char *stage, const struct ry_tuning_setting *setting,
                  enum ry_tuning_deed deed, const char *was);
void ry_tune_forget(struct ry_tune_told *told);

/* Of the lines with the stage of line `*next`, which moves behind them. False: there is none left.
 * Missing is worst, then what is the user's, then what cannot be. */
bool ry_tune_sum(const struct ry_tune_told *told, unsigned *next, struct ry_tune_sum *sum);

unsigned ry_tune_count_deed(const struct ry_tune_told *told, enum ry_tuning_deed deed);
unsigned ry_tune_count_state(const struct ry_tune_told *told, enum ry_tuning_state state);

/* "Interrupts" of "irqs". */
const char *ry_tune_title(const char *stage);

/* Of `told`, and for VERIFY of the changes in the journal, which else are empty. */
void ry_tune_text(FILE *out, const struct ry_tune_asked *asked, const struct ry_tune_told *told,
                  const struct ry_tune_told *changes);
void ry_tune_json(FILE *out, const struct ry_tune_asked *asked, const struct ry_tune_told *told,
                  const struct ry_tune_told *changes);

#endif
