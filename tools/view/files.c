#include "tools/view/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/json.h"
#include "tools/text/results_json.h"
#include "tools/text/row_json.h"

static int fail(struct ry_view_files *files, const char *why)
{
    if (files->error[0] == 0)
        snprintf(files->error, sizeof files->error, "%s", why);
    return -1;
}

int ry_view_files_open(struct ry_view_files *files, const char *directory, size_t reserve)
{
    memset(files, 0, sizeof *files);
    if (ry_text_whole_open(&files->results, directory, RY_VIEW_RESULTS_FILE, reserve) != 0)
        return fail(files, files->results.error);
    if (ry_text_whole_open(&files->trades, directory, RY_VIEW_TRADES_FILE, 0) == 0)
        return 0;
    fail(files, files->trades.error);
    ry_text_whole_drop(&files->results);
    return -1;
}

/* What was written of them helps nobody, and its room may help the rest. */
static void give_up_trades(struct ry_view_files *files)
{
    char why[RY_VIEW_ERROR_BYTES];
    snprintf(why, sizeof why, "cannot write %s: %s", RY_VIEW_TRADES_FILE, strerror(errno));
    fail(files, why);
    ry_text_whole_drop(&files->trades);
}

void ry_view_files_row(struct ry_view_files *files, const struct ry_results *r,
                       const struct ry_results_row *row)
{
    const bool trade = row->kind == RY_RESULTS_ROW_TRADE || row->kind == RY_RESULTS_ROW_HANDED_OVER;
    if (trade && files->trades.file != NULL && ry_text_row_line(files->trades.file, r, row) != 0)
        give_up_trades(files);
}

static int write_results(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena, const char *partial)
{
    json_t *results = ry_text_results_json(r, arena, partial);
    int failed = json_dumpf(results, files->results.file, JSON_INDENT(2));
    failed |= fputc('\n', files->results.file) == EOF;
    json_decref(results);
    if (failed != 0 && !ferror(files->results.file)) {
        ry_text_whole_drop(&files->results);
        return fail(files, "no memory for " RY_VIEW_RESULTS_FILE);
    }
    return ry_text_whole_keep(&files->results) == 0 ? 0 : fail(files, files->results.error);
}

int ry_view_files_finish(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena, const char *partial)
{
    if (files->trades.file != NULL && ry_text_whole_keep(&files->trades) != 0)
        fail(files, files->trades.error);
    if (partial == NULL && files->error[0] != 0)
        partial = files->error;
    (void)write_results(files, r, arena, partial);
    return files->error[0] == 0 ? 0 : -1;
}

void ry_view_files_close(struct ry_view_files *files)
{
    ry_text_whole_drop(&files->trades);
    ry_text_whole_drop(&files->results);
}
