/* The role "view": the viewer of a running battle, behind exec.inputs. */
#include <stdlib.h>
#include <string.h>

#include "core/results/board.h"
#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/view/counters.h"
#include "tools/view/view.h"

#define STANDS_EVERY_NS RY_NS_PER_SECOND
#define STEP_INPUTS     4096 /* at most, before a look at the clock and at the heartbeat */

struct role {
    struct ry_view viewer;
    struct ry_role_link inputs, journal; /* read here */
    bool opened, finished;
    struct ry_view_counters counters;
    int64_t stood_ns; /* when it was last looked at how the battle stands */
};

/* The supervisor hands no options down; who wants something else than lines says so in ROYALE_VIEW.
 */
static int choose_mode(struct ry_role_process *process, struct ry_view *v)
{
    static const struct {
        const char *name;
        enum ry_view_mode mode;
    } modes[] = {{"lines", RY_VIEW_LINES}, {"json", RY_VIEW_JSON}, {"quiet", RY_VIEW_QUIET}};
    const char *wish = getenv("ROYALE_VIEW");
    v->out = stdout;
    v->mode = RY_VIEW_LINES;
    if (wish == NULL || wish[0] == 0)
        return 0;
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(wish, modes[i].name) == 0) {
            v->mode = modes[i].mode;
            return 0;
        }
    }
    return ry_role_fail(process, "ROYALE_VIEW is %.20s, not lines, json or quiet", wish);
}

static int view_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    role->viewer.directory = process->directory;
    role->viewer.writes = true;
    process->counter_table = &ry_view_counter_table;
    process->counters = role->counters.value;
    role->viewer.sums_up_elsewhere = true; /* `royale run` prints the result */
    return choose_mode(process, &role->viewer);
}

static int view_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_join(process, &role->inputs, "exec.inputs") != 0)
        return -1;
    return ry_role_join(process, &role->journal, "journal.positions");
}

/* In the first step, not in join: the journal makes its file when it joins. */
static int start(struct ry_role_process *process)
{
    struct role *role = process->role;
    char error[RY_VIEW_ERROR_BYTES];
    if (ry_view_open(&role->viewer, error, sizeof error) != 0)
        return ry_role_fail(process, "%s", error);
    role->opened = true;
    ry_follow_join(&role->viewer.follow, &role->inputs, &role->journal);
    return 0;
}

static int finish(struct ry_role_process *process)
{
    struct role *role = process->role;
    char error[RY_VIEW_ERROR_BYTES];
    role->finished = true;
    return ry_view_finish(&role->viewer, error, sizeof error) == 0
               ? 0
               : ry_role_fail(process, "%s", error);
}

/* For who has no machine of its own to ask: the supervisor's status line. */
static void look_how_it_stands(struct role *role)
{
    static struct ry_results_board board; /* large */
    const struct ry_arena *arena = ry_follow_arena(&role->viewer.follow);
    const int64_t now = ry_clock_ns();
    if (now - role->stood_ns < STANDS_EVERY_NS || arena == NULL || ry_arena_battle(arena) == NULL)
        return;
    role->stood_ns = now;
    ry_results_board_make(&board, &role->viewer.results, arena);
    role->counters.round = board.round;
    role->counters.agents_in = 0;
    for (unsigned i = 0; i < board.count; i++)
        role->counters.agents_in += board.row[i].out == RY_OUT_NONE;
    role->counters.leader = board.round > 0 && board.count > 0 ? board.row[0].agent + 1u : 0;
}

static int view_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_view *v = &role->viewer;
    if (!role->opened && start(process) != 0)
        return RY_ROLE_FAILED;
    unsigned applied = ry_view_step(v, STEP_INPUTS);
    look_how_it_stands(role);
    if (v->follow.status == RY_FOLLOW_DAMAGED) {
        ry_role_fail(process, "%s", v->follow.text);
        return RY_ROLE_FAILED;
    }
    if (v->follow.status == RY_FOLLOW_END)
        return finish(process) == 0 ? RY_ROLE_DONE : RY_ROLE_FAILED;
    return (int)applied;
}

static void view_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_view *v = &role->viewer;
    if (role->opened) {
        if (!role->finished && v->follow.status != RY_FOLLOW_DAMAGED) {
            ry_role_log(process, RY_LOG_WARN, "view: stopped before the end, after input %llu",
                        (unsigned long long)v->follow.inputs);
            (void)finish(process);
        }
        if (v->follow.lapped > 0)
            ry_role_log(process, RY_LOG_INFO, "view: lapped %llu times, read on from the journal",
                        (unsigned long long)v->follow.lapped);
        ry_view_close(v);
    }
}

int ry_view_role_main(int argc, char **argv)
{
    static const struct ry_role view_role = {
        .bytes = sizeof(struct role),
        .open = view_open,
        .join = view_join,
        .step = view_step,
        .close = view_close,
    };
    return ry_role_main(&view_role, argc, argv);
}
