#include "tools/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "tools/text/row_json.h"

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_export *export = context;
    if (export->failed || row->key.input < export->from)
        return;
    json_t *value = ry_text_row_json(&export->results, row);
    char *json = json_dumps(value, JSON_COMPACT);
    if (json == NULL)
        abort(); /* no memory */
    const struct ry_export_record record = {
        .type = ry_results_rows[row->kind].name,
        .input = row->key.input,
        .n = (uint32_t)row->key.n,
        .time = row->key.time,
        .json = json,
        .json_bytes = strlen(json),
    };
    export->failed = export->sink->write(export->sink, &record);
    export->records++;
    free(json);
    json_decref(value);
}

void ry_export_open(struct ry_export *export, struct ry_export_sink *sink,
                    const struct ry_battle_id *id, uint64_t from)
{
    *export = (struct ry_export){.sink = sink, .from = from};
    ry_results_open(&export->results, id, NULL);
    export->results.row = on_row;
    export->results.context = export;
}

void ry_export_close(struct ry_export *export)
{
    ry_results_close(&export->results);
}
