#include "tools/web/snapshot.h"

#include <stdio.h>
#include <string.h>

/* ---- the battle ------------------------------------------------------------------------------ */

static void take_agent(struct ry_web_agent *agent, const struct ry_results_board_row *row,
                       const struct ry_results *r)
{
    *agent = (struct ry_web_agent){.rank = row->rank,
                                   .out = row->out != RY_OUT_NONE,
                                   .goes_next = row->goes_next,
                                   .positions = row->positions,
                                   .profit = row->profit,
                                   .score = row->score,
                                   .drawdown = row->drawdown,
                                   .fills = row->fills,
                                   .rejects = row->rejects};
    memcpy(agent->name, row->name, sizeof agent->name);
    for (uint16_t id = 0; id < r->agents; id++)
        if (strcmp(r->agent[id].name, row->name) == 0)
            agent->equity = row->profit + r->agent[id].cash_start;
}

static void take_board(struct ry_web_battle *battle, const struct ry_watch *watch)
{
    static struct ry_results_board board; /* large */
    ry_results_board_make(&board, &watch->results, ry_follow_arena(&watch->follow));
    battle->time = board.time;
    battle->permille = board.permille;
    battle->round = board.round;
    battle->left_ns = board.left_ns;
    battle->ended = board.ended;
    memcpy(battle->stamp, board.stamp, sizeof battle->stamp);
    battle->agents = board.count;
    for (unsigned i = 0; i < board.count; i++)
        take_agent(&battle->agent[i], &board.row[i], &watch->results);
}

static uint64_t lag_of(const struct ry_follow *follow)
{
    const uint64_t written = follow->live ? ry_follow_written(follow) : 0;
    return written > follow->inputs ? written - follow->inputs : 0;
}

static void take_battle(struct ry_web_battle *battle, const struct ry_watch *watch)
{
    const struct ry_journal_file *file = &watch->follow.reader.file;
    memcpy(battle->name, file->name, sizeof battle->name);
    battle->name[sizeof battle->name - 1] = '\0';
    for (size_t i = 0; i < RY_BATTLE_ID_BYTES; i++)
        snprintf(battle->id + 2 * i, 3, "%02x", file->battle_id.byte[i]);
    battle->inputs = watch->follow.inputs;
    battle->lag = lag_of(&watch->follow);
    for (unsigned i = 0; i < watch->alarms.count; i++)
        battle->alarms[watch->alarms.alarm[i].severity]++;
    if (ry_follow_arena(&watch->follow) != NULL && watch->results.agent != NULL)
        take_board(battle, watch);
}

/* ---- its processes --------------------------------------------------------------------------- */

static bool is_damaged(const struct ry_watch_process *process)
{
    uint64_t first;
    const struct ry_role_watch *watch = process->link.head;
    return process->counters == 0 && ry_counters_read(&watch->counters, &first, 1) > 0;
}

static void take_process(struct ry_web_process *to, const struct ry_watch_process *from)
{
    memcpy(to->name, from->name, sizeof to->name);
    memcpy(to->own, from->own, sizeof to->own);
    to->state = from->state;
    to->beat_age_ns = from->beat_age_ns;
    to->busy_permille = from->busy_permille;
    to->lag = from->lag;
    to->lost = from->lost;
    to->damaged = is_damaged(from);
    to->counters = from->counters;
    memcpy(to->value, from->value, sizeof to->value);
    to->description = *from->description;
}

/* Those that it has the regions of: what a battle that is over keeps in a file has no labels. */
static void take_processes(struct ry_web_state *state, const struct ry_watch_processes *processes)
{
    for (unsigned i = 0; i < processes->count; i++)
        if (ry_role_link_there(&processes->process[i].link))
            take_process(&state->process[state->processes++], &processes->process[i]);
}

void ry_web_snapshot(struct ry_web_state *state, const char *folder, const struct ry_watch *watch,
                     enum ry_web_follower follower, bool up, int64_t now_ns)
{
    static struct ry_web_battle battle; /* large; and one thread calls this */
    battle = (struct ry_web_battle){.permille = -1, .left_ns = -1, .follower = follower};
    if (watch != NULL)
        take_battle(&battle, watch);
    pthread_mutex_lock(&state->lock);
    state->up = up;
    state->looked_ns = now_ns;
    snprintf(state->folder, sizeof state->folder, "%s", folder);
    state->battle = battle;
    state->processes = 0;
    if (watch != NULL)
        take_processes(state, &watch->processes);
    pthread_mutex_unlock(&state->lock);
}
