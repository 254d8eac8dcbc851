#include "tools/tune/told.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64

void ry_tune_take(void *context, const char *stage, const struct ry_tuning_setting *setting,
                  enum ry_tuning_deed deed, const char *was)
{
    struct ry_tune_told *told = context;
    if (told->count == told->room) {
        unsigned room = told->room == 0 ? ROOM_FIRST : 2 * told->room;
        void *grown = realloc(told->line, room * sizeof *told->line);
        assert(grown != NULL);
        told->line = grown;
        told->room = room;
    }
    struct ry_tune_line *line = &told->line[told->count++];
    line->setting = *setting;
    line->deed = deed;
    snprintf(line->stage, sizeof line->stage, "%s", stage);
    snprintf(line->was, sizeof line->was, "%s", was);
}

void ry_tune_forget(struct ry_tune_told *told)
{
    free(told->line);
    *told = (struct ry_tune_told){.count = 0};
}

const char *ry_tune_title(const char *stage)
{
    const struct ry_tuning_stage *found = ry_tuning_stage_named(stage);
    if (found != NULL)
        return found->title;
    return strcmp(stage, RY_TUNING_KEPT) == 0 ? "Kept over a boot" : stage;
}

static unsigned weight(enum ry_tuning_state state)
{
    switch (state) {
    case RY_TUNING_MISSING: return 4;
    case RY_TUNING_YOURS: return 3;
    case RY_TUNING_CANNOT: return 2;
    case RY_TUNING_REPORTED: return 1;
    case RY_TUNING_OK: break;
    }
    return 0;
}

bool ry_tune_sum(const struct ry_tune_told *told, unsigned *next, struct ry_tune_sum *sum)
{
    if (*next >= told->count)
        return false;
    const struct ry_tune_line *first = &told->line[*next];
    *sum = (struct ry_tune_sum){.stage = first->stage,
                                .title = ry_tune_title(first->stage),
                                .state = first->setting.state,
                                .first = first};
    for (; *next < told->count && strcmp(told->line[*next].stage, sum->stage) == 0; ++*next) {
        const struct ry_tune_line *line = &told->line[*next];
        sum->settings++;
        sum->in[line->setting.state]++;
        bool plainer =
            line->setting.state == sum->state && sum->first->setting.quiet && !line->setting.quiet;
        if (plainer || weight(line->setting.state) > weight(sum->state)) {
            sum->state = line->setting.state;
            sum->first = line;
        }
    }
    /* What one machine has not is no fault of what else is right. */
    if ((sum->state == RY_TUNING_CANNOT || sum->state == RY_TUNING_REPORTED) &&
        sum->in[RY_TUNING_OK] > 0)
        sum->state = RY_TUNING_OK;
    return true;
}

unsigned ry_tune_count_deed(const struct ry_tune_told *told, enum ry_tuning_deed deed)
{
    unsigned count = 0;
    for (unsigned i = 0; i < told->count; i++)
        count += told->line[i].deed == deed;
    return count;
}

unsigned ry_tune_count_state(const struct ry_tune_told *told, enum ry_tuning_state state)
{
    unsigned count = 0;
    for (unsigned i = 0; i < told->count; i++)
        count += told->line[i].setting.state == state;
    return count;
}
