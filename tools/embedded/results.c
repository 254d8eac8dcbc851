/* What `royale run` leaves of a battle that has ended, made from its journal. */
#include "tools/embedded/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/journal/read.h"
#include "core/results/follow.h"
#include "tools/text/books.h"
#include "tools/text/hashes.h"
#include "tools/text/verdict.h"
#include "tools/text/whole.h"
#include "tools/view/files.h"

#define RESULT_FILE "result.txt"
#define LEVELS      1 /* `royale replay` shows more */

struct telling {
    struct ry_follow follow;
    struct ry_results results;
    struct ry_view_files files;
};

static void on_row(void *context, const struct ry_results_row *row)
{
    struct telling *t = context;
    ry_view_files_row(&t->files, &t->results, row);
}

static bool same(const struct ry_arena *arena, const struct ry_embedded_result *result)
{
    return ry_arena_input_hash(arena) == result->input_hash &&
           ry_arena_output_hash(arena) == result->output_hash &&
           ry_arena_book_hash(arena) == result->book_hash &&
           ry_arena_state_hash(arena) == result->state_hash;
}

/* The journal is applied again, and must come to the same. */
static int follow(struct ry_embedded *e, struct telling *t, const struct ry_embedded_result *result)
{
    while (ry_results_step(&t->results, &t->follow, RY_RESULTS_STEP_INPUTS) > 0)
        ;
    const struct ry_arena *arena = ry_follow_arena(&t->follow);
    if (t->follow.status != RY_FOLLOW_END)
        return ry_embedded_fail(e, "%s: the journal is not whole: %s", e->directory,
                                t->follow.text);
    if (!same(arena, result))
        return ry_embedded_fail(e, "%s: the journal gives other hashes", e->directory);
    if (!ry_arena_conserves(arena))
        return ry_embedded_fail(e, "%s: cash or shares do not sum to what was paid in",
                                e->directory);
    return 0;
}

static int write_text(struct ry_embedded *e, const struct telling *t)
{
    struct ry_text_whole whole;
    const struct ry_arena *arena = ry_follow_arena(&t->follow);
    if (ry_text_whole_open(&whole, e->directory, RESULT_FILE, 0) != 0)
        return ry_embedded_fail(e, "%s", whole.error);
    fprintf(whole.file, "result of %s\n", e->battle->name);
    ry_text_isolated(whole.file, &t->results);
    ry_text_best(whole.file, &t->results, arena);
    ry_text_refusals(whole.file, &t->results);
    (void)ry_text_not_played(whole.file, &t->results);
    ry_text_stamps(whole.file, &t->results);
    (void)ry_text_empty(whole.file, &t->results);
    ry_text_books(whole.file, arena, t->follow.price_scale, LEVELS);
    ry_text_hashes(whole.file, arena);
    fputs("verified: the journal gives the same hash\n", whole.file);
    fprintf(whole.file, "journal: %s/" RY_JOURNAL_FILE "\n", e->directory);
    return ry_text_whole_keep(&whole) == 0 ? 0 : ry_embedded_fail(e, "%s", whole.error);
}

static int tell(struct ry_embedded *e, struct telling *t, const struct ry_embedded_result *result)
{
    if (follow(e, t, result) != 0)
        return -1;
    ry_results_value(&t->results, ry_follow_arena(&t->follow));
    if (e->battle->agents > 0 &&
        ry_view_files_finish(&t->files, &t->results, ry_follow_arena(&t->follow), NULL) != 0)
        return ry_embedded_fail(e, "%s", t->files.error);
    return write_text(e, t);
}

static int open_files(struct ry_embedded *e, struct telling *t)
{
    if (e->battle->agents == 0)
        return 0;
    if (ry_view_files_open(&t->files, e->directory, 0) != 0)
        return ry_embedded_fail(e, "%s", t->files.error);
    t->results.row = on_row;
    t->results.context = t;
    return 0;
}

int ry_embedded_write(struct ry_embedded *e, const struct ry_embedded_result *result)
{
    char error[512];
    struct telling *t = ry_one_reserve(sizeof *t);
    if (t == NULL)
        return ry_embedded_fail(e, "no memory for the results");
    if (ry_follow_open(&t->follow, e->directory, error, sizeof error) != 0) {
        ry_one_release(t, sizeof *t);
        return ry_embedded_fail(e, "%s", error);
    }
    ry_results_open(&t->results, &t->follow.reader.file.battle_id, NULL);
    t->results.isolated = (enum ry_isolated)t->follow.reader.file.isolated;
    const int written = open_files(e, t) == 0 ? tell(e, t, result) : -1;
    ry_view_files_close(&t->files);
    ry_results_close(&t->results);
    ry_follow_close(&t->follow);
    ry_one_release(t, sizeof *t);
    return written;
}
