/* The rounds so far: who was first, who was last, who went out and why. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/verdict.h"
#include "tools/top/pages.h"
#include "tools/top/table.h"

enum column { ROUND, AGENTS, FIRST, BEST, FILLS, REJECTS, OUT, COLUMNS };

static const struct ry_top_column columns[COLUMNS] = {
    [ROUND] = {.head = "round", .cells = 5, .right = true},
    [AGENTS] = {.head = "agents", .cells = 6, .right = true, .leaves = 3},
    [FIRST] =
        {.head = "first", .cells = 12, .names = true, .stretches = true, .most = RY_NAME_BYTES},
    [BEST] = {.head = "its score", .cells = 11, .right = true, .leaves = 1},
    [FILLS] = {.head = "fills", .cells = 6, .right = true, .leaves = 4},
    [REJECTS] = {.head = "rejects", .cells = 7, .right = true, .leaves = 5},
    [OUT] = {.head = "who went out", .cells = 16, .stretches = true},
};

struct round {
    uint32_t number;
    unsigned agents; /* in when it began */
    const struct ry_results_agent *first;
    const struct ry_results_round *best; /* NULL: it has not ended */
    uint64_t fills, rejects;
};

/* What `agent` came to in that round; NULL: it was out, or the round runs. */
static const struct ry_results_round *round_of(const struct ry_results_agent *agent,
                                               uint32_t number)
{
    for (unsigned i = 0; i < agent->rounds; i++)
        if (agent->round[i].round == number)
            return &agent->round[i];
    return NULL;
}

static void look_up(const struct ry_results *r, uint32_t number, struct round *round)
{
    *round = (struct round){.number = number};
    for (uint16_t id = 0; id < r->agents; id++) {
        const struct ry_results_agent *agent = &r->agent[id];
        const struct ry_results_round *own = round_of(agent, number);
        round->agents += agent->out == RY_OUT_NONE || agent->out_round >= number;
        if (own == NULL)
            continue;
        round->fills += own->fills;
        round->rejects += own->rejects;
        if (own->rank == 1) {
            round->first = agent;
            round->best = own;
        }
    }
}

/* Rows are the rounds, the one that runs first. */
static struct round row_of(const void *context, unsigned row)
{
    const struct ry_results *r = &((const struct ry_top_sheet *)context)->scene->watch->results;
    struct round round;
    look_up(r, ry_results_rounds(r) - row, &round);
    return round;
}

static void put_out(char text[RY_TOP_FIELD_BYTES], const struct ry_top_sheet *sheet,
                    const struct round *round)
{
    const struct ry_results *r = &sheet->scene->watch->results;
    size_t used = 0;
    text[0] = 0;
    for (uint16_t id = 0; id < r->agents && used < RY_TOP_FIELD_BYTES; id++) {
        const struct ry_results_agent *agent = &r->agent[id];
        const struct ry_results_round *own = round_of(agent, round->number);
        char name[RY_NAME_BYTES], score[RY_TOP_WORD_BYTES] = "";
        if (agent->out == RY_OUT_NONE || agent->out_round != round->number)
            continue;
        if (own != NULL)
            ry_text_money_signed(score, own->score, 14);
        used += (size_t)snprintf(text + used, RY_TOP_FIELD_BYTES - used, "%s%s (%s%s%s)",
                                 used > 0 ? ", " : "", ry_picture_agent(name, r, id),
                                 ry_text_out(agent->out, ry_results_out_idle(r, agent)),
                                 own != NULL ? ", " : "", score);
    }
    if (used == 0)
        strcpy(text, round->best == NULL ? "it runs" : "nobody");
}

static void put_cell(const void *context, unsigned row, unsigned column, struct ry_top_field *field)
{
    const struct round round = row_of(context, row);
    char *text = field->text, name[RY_NAME_BYTES];
    const struct ry_top_sheet *sheet = context;
    strcpy(text, "-");
    switch ((enum column)column) {
    case ROUND: snprintf(text, RY_TOP_FIELD_BYTES, "%" PRIu32, round.number); break;
    case AGENTS: snprintf(text, RY_TOP_FIELD_BYTES, "%u", round.agents); break;
    case FIRST:
        if (round.first != NULL)
            snprintf(
                text, RY_TOP_FIELD_BYTES, "%s",
                ry_picture_agent(name, &sheet->scene->watch->results,
                                 (uint16_t)(round.first - sheet->scene->watch->results.agent)));
        else
            snprintf(text, RY_TOP_FIELD_BYTES, "%s so far", sheet->scene->board->row[0].name);
        break;
    case BEST:
        if (round.best != NULL)
            (void)ry_text_money_signed(text, round.best->score, field->cells);
        else
            (void)ry_text_money_signed(text, sheet->scene->board->row[0].score, field->cells);
        break;
    case FILLS:
        if (round.best != NULL)
            (void)ry_text_count(text, round.fills);
        break;
    case REJECTS:
        if (round.best != NULL)
            (void)ry_text_count(text, round.rejects);
        break;
    case OUT: put_out(text, sheet, &round); break;
    case COLUMNS: break;
    }
}

static unsigned look_of(const void *context, unsigned row)
{
    const struct round round = row_of(context, row);
    return round.best == NULL ? RY_TOP_GREEN : RY_TOP_PLAIN;
}

void ry_top_page_rounds(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_top_table table = {.column = columns,
                                       .columns = COLUMNS,
                                       .count = ry_results_rounds(&sheet->scene->watch->results),
                                       .context = sheet,
                                       .nothing = "no round has begun",
                                       .field = put_cell,
                                       .look = look_of};
    (void)ry_top_table(area, &table, sheet->view);
}
