#include "tools/export/export.h"

#include <stdio.h>
#include <string.h>

/* Of one step, while a sink that takes every row as it comes is looked at in between. */
#define STEP_INPUTS 1024

/* With the first row all names of the battle are known. */
static bool shows(struct ry_export *export, const struct ry_results_row *row)
{
    _Static_assert(sizeof export->error >= RY_TEXT_ROW_FILTER_BYTES, "room for its reason");
    if (!export->named &&
        !ry_text_row_filter_known(&export->filter, &export->results, export->error)) {
        export->status = RY_EXPORT_UNNAMED;
        return false;
    }
    export->named = true;
    return ry_text_row_filter_shows_row(&export->filter, &export->results, row);
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_export *export = context;
    const struct ry_export_cursor at = {.input = row->key.input, .n = row->key.n};
    if (export->status != RY_EXPORT_MORE || !ry_export_behind(&at, &export->skip) ||
        !shows(export, row))
        return;
    if (export->sink.write(&export->sink, &export->results, row) != 0) {
        export->status = RY_EXPORT_ERROR;
        return;
    }
    export->written = export->skip = at;
    export->rows++;
}

static int open_journal(struct ry_export *export)
{
    if (ry_follow_open(&export->follow, export->directory, export->error, sizeof export->error) !=
        0)
        return -1;
    ry_results_open(&export->results, &export->follow.reader.file.battle_id, NULL);
    export->results.appliance = export->appliance;
    export->results.row = on_row;
    export->results.context = export;
    export->opened = true;
    return 0;
}

static void close_journal(struct ry_export *export)
{
    if (export->opened) {
        ry_results_close(&export->results);
        ry_follow_close(&export->follow);
    }
    export->opened = false;
}

int ry_export_open(struct ry_export *export, const struct ry_export_target *target, bool *missing)
{
    struct ry_export_target of_battle = *target;
    *missing = open_journal(export) != 0;
    if (*missing)
        return -1;
    of_battle.battle_id = export->follow.reader.file.battle_id;
    of_battle.battle = export->directory;
    if (export->sink.open(&export->sink, &of_battle) != 0) {
        snprintf(export->error, sizeof export->error, "%s", export->sink.error);
        close_journal(export);
        return -1;
    }
    if (export->appliance == NULL)
        export->results.appliance = export->sink.appliance;
    return 0;
}

int ry_export_again(struct ry_export *export)
{
    const char *appliance = export->results.appliance;
    close_journal(export);
    export->status = RY_EXPORT_MORE;
    if (open_journal(export) != 0)
        return -1;
    export->results.appliance = appliance;
    return 0;
}

/* ---- stepping -------------------------------------------------------------------------------- */

/* Inputs while the sink has room: it always has for the rows of one more. */
static unsigned follow(struct ry_export *export)
{
    unsigned applied = 0;
    if (export->follow.live)
        ry_follow_until(&export->follow, ry_follow_written(&export->follow), RY_TIME_NEVER);
    while (applied < STEP_INPUTS && export->status == RY_EXPORT_MORE &&
           export->sink.room(&export->sink) &&
           ry_results_step(&export->results, &export->follow, 1) == 1)
        applied++;
    return applied;
}

static bool all_durable(const struct ry_export *export)
{
    return !ry_export_behind(&export->written, &export->sink.durable);
}

static void judge_sink(struct ry_export *export)
{
    const struct ry_export_sink *sink = &export->sink;
    if (sink->state == RY_EXPORT_FAILED)
        export->status = RY_EXPORT_ERROR;
    else if (sink->state == RY_EXPORT_HUNG)
        export->status = RY_EXPORT_STUCK;
    if (export->status == RY_EXPORT_ERROR || export->status == RY_EXPORT_STUCK)
        snprintf(export->error, sizeof export->error, "%s", sink->error);
}

/* No input is left: what that means, once the sink has everything. */
static void judge_follow(struct ry_export *export)
{
    enum ry_follow_status status = export->follow.status;
    bool over = status == RY_FOLLOW_END || status == RY_FOLLOW_DAMAGED ||
                (status == RY_FOLLOW_CUT && !export->waits);
    if (!over || (status == RY_FOLLOW_DAMAGED && export->waits)) {
        if (status == RY_FOLLOW_DAMAGED)
            export->status = RY_EXPORT_DAMAGED;
        return;
    }
    if (!export->finished)
        export->sink.finish(&export->sink);
    export->finished = true;
    if (all_durable(export))
        export->status = status == RY_FOLLOW_END   ? RY_EXPORT_END
                         : status == RY_FOLLOW_CUT ? RY_EXPORT_CUT
                                                   : RY_EXPORT_DAMAGED;
}

static void begin_behind_cursor(struct ry_export *export)
{
    const struct ry_export_cursor *cursor = &export->sink.cursor;
    if (ry_export_behind(cursor, &export->skip))
        export->skip = *cursor;
    export->written = *cursor;
    export->begun = true;
}

/* ---- counters -------------------------------------------------------------------------------- */

/* Behind a cursor the follower is late at first. */
static uint64_t durable_input(const struct ry_export *export)
{
    uint64_t durable = export->sink.durable.input, followed = export->follow.inputs;
    return all_durable(export) && followed > durable ? followed : durable;
}

static uint64_t lag_inputs(const struct ry_export *export)
{
    uint64_t known = export->follow.inputs, there = durable_input(export);
    if (export->follow.live)
        known = ry_follow_written(&export->follow);
    return known > there ? known - there : 0;
}

static void count(struct ry_export *export)
{
    const struct ry_export_counts *counts = &export->sink.counts;
    struct ry_export_counters *counters = &export->counters;
    counters->inputs = export->follow.inputs;
    counters->rows = counts->rows;
    counters->bytes = counts->bytes;
    counters->batches = counts->batches;
    counters->batches_lost = counts->batches_lost;
    counters->reconnects = counts->reconnects;
    counters->hangs = counts->hangs;
    counters->fenced = counts->fenced;
    counters->errors = counts->errors;
    counters->commit_ns = counts->commit_ns;
    if (counts->commit_ns > counters->commit_ns_max)
        counters->commit_ns_max = counts->commit_ns;
    counters->durable_input = durable_input(export);
    counters->lag_inputs = lag_inputs(export);
    counters->backlog_rows = export->rows - counts->rows;
    counters->lapped = export->follow.lapped;
    if (counters->lag_inputs == 0)
        export->behind_ns = 0;
    else if (export->behind_ns == 0)
        export->behind_ns = ry_clock_ns();
    counters->age_ns = export->behind_ns == 0 ? 0 : (uint64_t)(ry_clock_ns() - export->behind_ns);
}

unsigned ry_export_step(struct ry_export *export)
{
    struct ry_export_sink *sink = &export->sink;
    unsigned applied = 0;
    if (sink->state == RY_EXPORT_READY) {
        if (!export->begun)
            begin_behind_cursor(export);
        applied = follow(export);
    }
    unsigned moved = sink->step(sink, applied < STEP_INPUTS);
    judge_sink(export);
    bool ended = applied == 0 && export->begun && sink->room(sink);
    if (export->status == RY_EXPORT_MORE && ended)
        judge_follow(export);
    count(export);
    return applied + moved;
}

int ry_export_close(struct ry_export *export)
{
    int result = 0;
    if (export->sink.state != RY_EXPORT_HUNG)
        result = export->sink.close(&export->sink);
    if (result != 0)
        snprintf(export->error, sizeof export->error, "%s", export->sink.error);
    close_journal(export);
    return result;
}
