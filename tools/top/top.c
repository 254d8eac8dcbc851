#include "tools/top/top.h"

#include <string.h>

#define DRAW_NS   (RY_NS_PER_SECOND / 10) /* at most so often, but for keys */
#define LOOK_NS   (RY_NS_PER_SECOND / 2)
#define KEYS_STEP 64 /* of one step */

int ry_top_open(struct ry_top *top, struct ry_watch *watch, int in, int out, char *error,
                size_t error_bytes)
{
    memset(top, 0, sizeof *top);
    top->watch = watch;
    top->changed = true;
    if (ry_top_terminal_open(&top->terminal, in, out, error, error_bytes) != 0)
        return -1;
    top->view.unicode = top->terminal.unicode;
    ry_top_terminal_size(&top->screen.width, &top->screen.height);
    return 0;
}

void ry_top_close(struct ry_top *top)
{
    (void)top;
    ry_top_terminal_close();
}

/* ---- the picture ----------------------------------------------------------------------------- */

static bool has_battle(const struct ry_top *top)
{
    return top->watch->results.battle.instruments > 0 &&
           ry_follow_arena(&top->watch->follow) != NULL;
}

static enum ry_top_state state_of(const struct ry_top *top)
{
    if (top->watch->follow.status == RY_FOLLOW_END)
        return RY_TOP_OVER;
    if (top->stops)
        return RY_TOP_STOPS;
    return top->reading ? RY_TOP_READING : RY_TOP_LIVE;
}

/* Cells from what the board says; the market is asked by `compose` alone. */
static void draw(struct ry_top *top)
{
    const struct ry_top_scene scene = {.watch = top->watch,
                                       .board = has_battle(top) ? &top->board : NULL,
                                       .state = state_of(top),
                                       .pace = top->pace,
                                       .note = top->note};
    ry_top_draw(&top->screen, &scene, &top->view);
}

static void compose(struct ry_top *top)
{
    if (has_battle(top)) {
        ry_watch_value(top->watch);
        ry_results_board_make(&top->board, &top->watch->results,
                              ry_follow_arena(&top->watch->follow));
    }
    draw(top);
}

void ry_top_redraw(struct ry_top *top, int64_t now_ns)
{
    ry_top_terminal_size(&top->screen.width, &top->screen.height);
    compose(top);
    ry_top_terminal_show(&top->screen);
    top->changed = false;
    top->drawn_ns = now_ns;
    top->drawn_inputs = top->watch->follow.inputs;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void take_keys(struct ry_top *top)
{
    uint32_t key;
    for (unsigned i = 0; i < KEYS_STEP && (key = ry_top_terminal_key()) != 0; i++) {
        ry_top_press(&top->view, key);
        draw(top); /* what the next key is about */
        top->changed = true;
    }
}

static bool resized(const struct ry_top *top)
{
    unsigned width, height;
    ry_top_terminal_size(&width, &height);
    return width != top->screen.width || height != top->screen.height;
}

bool ry_top_step(struct ry_top *top, int64_t now_ns)
{
    top->changed |= ry_top_terminal_again();
    ry_top_measure(top, now_ns); /* before a key ends a pause: what was missed is not read yet */
    take_keys(top);
    if (top->view.leaves)
        return true;
    if (!top->view.paused && (top->looked_ns == 0 || now_ns - top->looked_ns >= LOOK_NS)) {
        ry_watch_look(top->watch, now_ns);
        top->looked_ns = now_ns;
        top->changed = true;
    }
    bool news = top->watch->follow.inputs != top->drawn_inputs;
    if (top->changed || resized(top) || (news && now_ns - top->drawn_ns >= DRAW_NS))
        ry_top_redraw(top, now_ns);
    return false;
}
