#include <string.h>

#include "tuning/placement_parts.h"

bool ry_tuning_is_hot(enum ry_tuning_role role)
{
    return role == RY_TUNING_EXEC || role == RY_TUNING_FEED || role == RY_TUNING_AGENT;
}

enum ry_tuning_distance ry_tuning_distance(const struct ry_tuning_cpu *a,
                                           const struct ry_tuning_cpu *b)
{
    if (a->l3 == b->l3)
        return RY_TUNING_SAME_L3;
    if (a->node == b->node)
        return RY_TUNING_SAME_NODE;
    return a->package == b->package ? RY_TUNING_SAME_PACKAGE : RY_TUNING_OTHER_PACKAGE;
}

int ry_tuning_card_node(const struct ry_tuning_machine *machine, const char *card)
{
    const struct ry_tuning_card *known = ry_tuning_machine_card(machine, card);
    return known == NULL ? RY_TUNING_PLACEMENT_NONE : known->node;
}

/* ---- one process ----------------------------------------------------------------------------- */

static bool is_free(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                    unsigned core)
{
    return board->core[core].users == 0 && !try->taken[core] && (int)core != board->keep;
}

/* What a core lacks, the gravest first; the smaller, the better. */
#define LACKS 5
typedef unsigned lacks[LACKS];

static bool better(const unsigned *a, const unsigned *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

static void put(struct ry_tuning_try *try, unsigned process, int core)
{
    try->at[process] = core;
    if (core >= 0)
        try->taken[core] = true;
}

/* The best free core for a process that is near `centre` and on memory node `node` (NONE: any). */
static int best_core(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                     const struct ry_tuning_cpu *centre, int node)
{
    int best = RY_TUNING_NOWHERE;
    lacks least = {0};
    for (unsigned i = 0; i < board->cores; i++) {
        const struct ry_tuning_board_core *core = &board->core[i];
        const lacks own = {!core->cpu->isolated, core->cpu->kind,
                           node >= 0 && core->cpu->node != (unsigned)node,
                           (unsigned)ry_tuning_distance(core->cpu, centre), !core->whole};
        if (!is_free(board, try, i) || (best >= 0 && !better(own, least, LACKS)))
            continue;
        best = (int)i;
        memcpy(least, own, sizeof least);
    }
    return best;
}

/* Exec does not leave the L3. */
static int best_core_in(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                        unsigned l3)
{
    int best = RY_TUNING_NOWHERE;
    lacks least = {0};
    for (unsigned i = 0; i < board->cores; i++) {
        const struct ry_tuning_board_core *core = &board->core[i];
        const lacks own = {!core->cpu->isolated, core->cpu->kind, !core->whole, core->first};
        if (core->cpu->l3 != l3 || !is_free(board, try, i) ||
            (best >= 0 && !better(own, least, LACKS)))
            continue;
        best = (int)i;
        memcpy(least, own, sizeof least);
    }
    return best;
}

/* ---- the agents, alike ----------------------------------------------------------------------- */

/* A group of cores that are alike for an agent: whether isolated, of which kind, how far from exec;
 * ANY: whichever. */
struct alike {
    int isolated, kind, distance;
};
#define ANY (-1)

static bool belongs(const struct ry_tuning_board_core *core, const struct ry_tuning_cpu *centre,
                    const struct alike *alike)
{
    return (alike->isolated == ANY || core->cpu->isolated == (alike->isolated != 0)) &&
           (alike->kind == ANY || core->cpu->kind == (unsigned)alike->kind) &&
           (alike->distance == ANY ||
            ry_tuning_distance(core->cpu, centre) == (enum ry_tuning_distance)alike->distance);
}

static unsigned room(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                     const struct ry_tuning_cpu *centre, const struct alike *alike)
{
    unsigned count = 0;
    for (unsigned i = 0; i < board->cores; i++)
        count += is_free(board, try, i) && belongs(&board->core[i], centre, alike);
    return count;
}

/* The narrowest group that holds all: of one kind, the fastest; then at one distance, the nearest;
 * wider where none does. */
static bool narrow(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                   const struct ry_tuning_cpu *centre, unsigned agents, struct alike *alike)
{
    for (int kind = 0; kind < (int)board->machine->kinds; kind++) {
        alike->kind = kind;
        for (int distance = 0; distance < RY_TUNING_DISTANCES; distance++) {
            alike->distance = distance;
            if (room(board, try, centre, alike) >= agents)
                return true;
        }
        alike->distance = ANY;
        if (room(board, try, centre, alike) >= agents)
            return true;
    }
    alike->kind = ANY;
    return room(board, try, centre, alike) >= agents;
}

/* All on isolated cores, or none, or as it comes. */
static struct alike group_of(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                             const struct ry_tuning_cpu *centre, unsigned agents)
{
    static const int isolated[] = {true, false};
    struct alike alike = {ANY, ANY, ANY};
    for (unsigned i = 0; i < 2; i++) {
        alike = (struct alike){isolated[i], ANY, ANY};
        if (narrow(board, try, centre, agents, &alike))
            return alike;
    }
    alike.isolated = ANY;
    (void)narrow(board, try, centre, agents, &alike);
    return alike;
}

static int best_of_group(const struct ry_tuning_board *board, const struct ry_tuning_try *try,
                         const struct ry_tuning_cpu *centre, const struct alike *alike)
{
    int best = RY_TUNING_NOWHERE;
    lacks least = {0};
    for (unsigned i = 0; i < board->cores; i++) {
        const struct ry_tuning_board_core *core = &board->core[i];
        const lacks own = {!core->cpu->isolated, core->cpu->kind,
                           (unsigned)ry_tuning_distance(core->cpu, centre), !core->whole};
        if (!is_free(board, try, i) || !belongs(core, centre, alike) ||
            (best >= 0 && !better(own, least, LACKS)))
            continue;
        best = (int)i;
        memcpy(least, own, sizeof least);
    }
    return best;
}

static void place_agents(const struct ry_tuning_board *board, const struct ry_tuning_cpu *centre,
                         struct ry_tuning_try *try)
{
    const struct ry_tuning_placement *placement = board->placement;
    unsigned agents = 0;
    for (unsigned i = 0; i < placement->count; i++)
        agents += placement->process[i].role == RY_TUNING_AGENT && try->at[i] < 0;
    if (agents == 0)
        return;
    const struct alike alike = group_of(board, try, centre, agents);
    for (unsigned i = 0; i < placement->count; i++)
        if (placement->process[i].role == RY_TUNING_AGENT && try->at[i] < 0)
            put(try, i, best_of_group(board, try, centre, &alike));
}

/* ---- all, and how good it is ----------------------------------------------------------------- */

static void place_role(const struct ry_tuning_board *board, const struct ry_tuning_cpu *centre,
                       enum ry_tuning_role role, struct ry_tuning_try *try)
{
    const struct ry_tuning_placement *placement = board->placement;
    for (unsigned i = 0; i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        if (process->role == role && try->at[i] < 0)
            put(try, i,
                best_core(board, try, centre, ry_tuning_card_node(board->machine, process->card)));
    }
}

/* What does not depend on where exec is (how many are isolated, or on fast cores) is no part. */
enum part {
    EXEC_NOT_ISOLATED,
    EXEC_SLOWER,     /* on a slower kind */
    OFF_CARD,        /* feeds on another node than their card */
    OFF_L3,          /* feeds in another L3 than exec */
    AGENT_DISTANCES, /* different ones; then how far */
    AGENT_FAR,
    JOURNAL_FAR,
    NOT_WHOLE, /* cores that somebody else may use a thread of */
};
_Static_assert(NOT_WHOLE + 1 == RY_TUNING_SCORE_PARTS, "each part of a score has its place");

static void judge_one(const struct ry_tuning_board *board, const struct ry_tuning_cpu *centre,
                      unsigned i, struct ry_tuning_try *try)
{
    const struct ry_tuning_placed *process = &board->placement->process[i];
    const struct ry_tuning_board_core *core = &board->core[try->at[i]];
    const struct ry_tuning_cpu *cpu = core->cpu;
    unsigned far = (unsigned)ry_tuning_distance(cpu, centre);
    int node = ry_tuning_card_node(board->machine, process->card);
    bool exec = process->role == RY_TUNING_EXEC;
    try->score[EXEC_NOT_ISOLATED] += exec && !cpu->isolated;
    try->score[EXEC_SLOWER] += exec ? cpu->kind : 0;
    try->score[OFF_CARD] += node >= 0 && cpu->node != (unsigned)node;
    try->score[OFF_L3] += process->role == RY_TUNING_FEED && far != RY_TUNING_SAME_L3;
    try->score[AGENT_FAR] += process->role == RY_TUNING_AGENT ? far : 0;
    try->score[JOURNAL_FAR] += process->role == RY_TUNING_JOURNAL ? far : 0;
    try->score[NOT_WHOLE] += !core->whole;
}

static void judge(const struct ry_tuning_board *board, const struct ry_tuning_cpu *centre,
                  struct ry_tuning_try *try)
{
    struct ry_tuning_cpus distances = {.word = {0}};
    memset(try->score, 0, sizeof try->score);
    for (unsigned i = 0; i < board->placement->count; i++) {
        if (try->at[i] < 0)
            continue;
        judge_one(board, centre, i, try);
        const struct ry_tuning_cpu *cpu = board->core[try->at[i]].cpu;
        if (board->placement->process[i].role == RY_TUNING_AGENT)
            ry_tuning_cpus_add(&distances, (unsigned)ry_tuning_distance(cpu, centre));
    }
    try->score[AGENT_DISTANCES] = ry_tuning_cpus_count(&distances);
}

/* Where everything else is near to: exec's core, or without exec a core of that L3. */
static const struct ry_tuning_cpu *centre_of(const struct ry_tuning_board *board,
                                             const struct ry_tuning_try *try, unsigned l3)
{
    if (board->exec >= 0)
        return try->at[board->exec] < 0 ? NULL : board->core[try->at[board->exec]].cpu;
    for (unsigned i = 0; i < board->cores; i++)
        if (board->core[i].cpu->l3 == l3 && is_free(board, try, i))
            return board->core[i].cpu;
    return NULL;
}

bool ry_tuning_try_l3(const struct ry_tuning_board *board, unsigned l3, struct ry_tuning_try *try)
{
    *try = (struct ry_tuning_try){.at = {0}};
    memcpy(try->at, board->named, sizeof try->at);
    if (board->exec >= 0 && try->at[board->exec] < 0)
        put(try, (unsigned)board->exec, best_core_in(board, try, l3));
    const struct ry_tuning_cpu *centre = centre_of(board, try, l3);
    if (centre == NULL || centre->l3 != l3)
        return false;
    place_role(board, centre, RY_TUNING_FEED, try);
    place_agents(board, centre, try);
    place_role(board, centre, RY_TUNING_JOURNAL, try);
    judge(board, centre, try);
    return true;
}
