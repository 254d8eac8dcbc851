#include "tools/export/export.h"

#include <stdlib.h>
#include <string.h>

/* The place of the next record; lines are counted also where they are left out, so that their
 * numbers stay. */
static uint32_t next_line(struct ry_export *export)
{
    if (export->line_of != export->results.input)
        export->line = 0;
    export->line_of = export->results.input;
    return ++export->line;
}

static bool wanted(const struct ry_export *export)
{
    return !export->failed && export->results.input >= export->from;
}

static void put(struct ry_export *export, const char *type, json_t *value)
{
    char *json = json_dumps(value, JSON_COMPACT);
    if (json == NULL)
        abort(); /* no memory */
    const struct ry_export_record record = {
        .type = type,
        .input = export->results.input,
        .line = export->line,
        .time = export->results.time,
        .json = json,
        .json_bytes = strlen(json),
    };
    export->failed = export->sink->write(export->sink, &record);
    export->records++;
    free(json);
    json_decref(value);
}

static void on_report(void *context, const struct ry_report *report)
{
    struct ry_export *export = context;
    if (report->kind != RY_RP_FILL)
        return;
    uint32_t line = next_line(export);
    if (wanted(export))
        put(export, "fill", ry_results_json_fill(&export->results, report, line));
}

static void on_market(void *context, const struct ry_market *market)
{
    struct ry_export *export = context;
    if (market->kind != RY_MK_TRADE && market->kind != RY_MK_END)
        return;
    uint32_t line = next_line(export);
    if (!wanted(export))
        return;
    if (market->kind == RY_MK_TRADE)
        put(export, "trade", ry_results_json_print(&export->results, market, line));
    else
        put(export, "end", ry_results_json_end(&export->results, line));
}

static void on_game(void *context, const struct ry_game *game)
{
    struct ry_export *export = context;
    uint32_t line = next_line(export);
    if (wanted(export))
        put(export, game->kind == RY_GM_OUT ? "out" : "rank",
            ry_results_json_game(&export->results, game, line));
}

static void on_stamp(void *context, uint16_t agent)
{
    struct ry_export *export = context;
    uint32_t line = next_line(export);
    if (wanted(export))
        put(export, "stamp", ry_results_json_stamp(&export->results, agent, line));
}

void ry_export_open(struct ry_export *export, struct ry_export_sink *sink, uint64_t from)
{
    const struct ry_arena_sink next = {
        .context = export, .report = on_report, .market = on_market, .game = on_game};
    *export = (struct ry_export){.sink = sink, .from = from};
    ry_results_open(&export->results, &next);
    export->results.stamp = on_stamp;
}

void ry_export_close(struct ry_export *export)
{
    ry_results_close(&export->results);
}
