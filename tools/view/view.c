#include "tools/view/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/text/json.h"
#include "tools/text/results_json.h"
#include "tools/text/row_json.h"
#include "tools/view/lines.h"

/* ---- what comes ------------------------------------------------------------------------------ */

static void show_row(struct ry_view *v, const struct ry_results_row *row)
{
    bool game = row->kind == RY_RESULTS_ROW_RANK || row->kind == RY_RESULTS_ROW_OUT ||
                row->kind == RY_RESULTS_ROW_STAMP || row->kind == RY_RESULTS_ROW_INCOMPLETE;
    if (!game || row->key.input <= v->shown)
        return;
    if (v->mode == RY_VIEW_LINES)
        ry_view_line(v->out, &v->results, row);
    else if (v->mode == RY_VIEW_JSON)
        (void)ry_text_row_line(v->out, &v->results, row);
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_view *v = context;
    if (v->writes)
        ry_view_files_row(&v->files, &v->results, row);
    show_row(v, row);
}

/* ---- its life -------------------------------------------------------------------------------- */

int ry_view_open(struct ry_view *v, char *error, size_t error_bytes)
{
    if (ry_follow_open(&v->follow, v->directory, error, error_bytes) != 0)
        return -1;
    if (v->writes && ry_view_files_open(&v->files, v->directory, RY_VIEW_RESULTS_RESERVE) != 0) {
        snprintf(error, error_bytes, "%s", v->files.error);
        ry_follow_close(&v->follow);
        return -1;
    }
    ry_results_open(&v->results, &v->follow.reader.file.battle_id, NULL);
    v->results.isolated = (enum ry_isolated)v->follow.reader.file.isolated;
    v->results.row = on_row;
    v->results.context = v;
    return 0;
}

/* A reader that is gone does not come back. */
static void flush(struct ry_view *v)
{
    if (fflush(v->out) != 0 || ferror(v->out)) {
        v->unread = true;
        v->mode = RY_VIEW_QUIET;
    }
}

unsigned ry_view_step(struct ry_view *v, unsigned n)
{
    unsigned applied = ry_results_step(&v->results, &v->follow, n);
    if (applied > 0 && (v->mode == RY_VIEW_LINES || v->mode == RY_VIEW_JSON))
        flush(v);
    return applied;
}

void ry_view_close(struct ry_view *v)
{
    if (v->writes)
        ry_view_files_close(&v->files);
    ry_results_close(&v->results);
    ry_follow_close(&v->follow);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Why there is no more; NULL: there is not, the battle has ended. */
static const char *partial_of(const struct ry_view *v, char text[RY_VIEW_ERROR_BYTES])
{
    if (v->follow.status == RY_FOLLOW_END)
        return NULL;
    snprintf(text, RY_VIEW_ERROR_BYTES, "%s, after input %" PRIu64,
             v->follow.text[0] != 0 ? v->follow.text : "stopped before the battle's end",
             v->follow.inputs);
    return text;
}

static void show_end(struct ry_view *v, const char *partial)
{
    static struct ry_results_board board;
    const struct ry_arena *arena = ry_follow_arena(&v->follow);
    if (v->mode == RY_VIEW_LINES && !v->sums_up_elsewhere) {
        ry_results_board_make(&board, &v->results, arena);
        ry_view_lines_end(v->out, &v->results, &board);
    } else if (v->mode == RY_VIEW_JSON) {
        json_t *results = ry_text_results_json(&v->results, arena, partial);
        ry_text_json_set(results, "type", json_string("results"));
        (void)ry_text_json_line(v->out, results);
    }
}

int ry_view_finish(struct ry_view *v, char *error, size_t error_bytes)
{
    const struct ry_arena *arena = ry_follow_arena(&v->follow);
    if (arena == NULL || ry_arena_battle(arena) == NULL)
        return 0; /* not even a battle: nothing to say of it */
    ry_results_value(&v->results, arena);
    char text[RY_VIEW_ERROR_BYTES];
    const char *partial = partial_of(v, text);
    int result = v->writes ? ry_view_files_finish(&v->files, &v->results, arena, partial) : 0;
    if (result != 0)
        snprintf(error, error_bytes, "%s", v->files.error);
    show_end(v, partial);
    flush(v);
    return result;
}
