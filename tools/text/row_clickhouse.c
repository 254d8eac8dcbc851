#include "tools/text/row_clickhouse.h"

#include "core/results/rows.h"

/* A price of any scale: 19 digits of an int64_t, 18 of them behind the point or none. */
static const char *type_of(enum ry_results_type type)
{
    switch ((int)type) {
    case RY_RESULTS_TYPE_COUNT:
    case RY_RESULTS_TYPE_U64: return "UInt64";
    case RY_RESULTS_TYPE_LOTS:
    case RY_RESULTS_TYPE_TIME: return "Int64";
    case RY_RESULTS_TYPE_I64S: return "Array(Int64)";
    case RY_RESULTS_TYPE_MONEY: return "Decimal(38, 6)";
    case RY_RESULTS_TYPE_PRICE: return "Decimal(38, 18)";
    case RY_RESULTS_TYPE_BOOL: return "Bool";
    default: return NULL; /* a word or a name */
    }
}

static void put_type(FILE *out, const struct ry_results_column *column)
{
    const char *type = type_of(column->type);
    if (type == NULL)
        fprintf(out,
                column->nullable ? "LowCardinality(Nullable(String))" : "LowCardinality(String)");
    else
        fprintf(out, column->nullable ? "Nullable(%s)" : "%s", type);
}

static void put_text(FILE *out, const char *text)
{
    for (const char *at = text; *at != 0; at++) {
        if (*at == '\'' || *at == '\\')
            fputc('\\', out);
        fputc(*at, out);
    }
}

static void put_comment(FILE *out, const struct ry_results_column *column)
{
    fputs(" COMMENT '", out);
    put_text(out, column->sentence);
    if (column->unit[0] != 0)
        fprintf(out, "; in %s", column->unit);
    fputs("',\n", out);
}

/* A moment is two columns: what JSON says in ns, and the same for people and for functions of
 * time, reckoned from it. */
static void put_columns(FILE *out, const struct ry_results_row_about *about)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        bool time = column->type == RY_RESULTS_TYPE_TIME;
        fprintf(out, "    `%s%s` ", column->name, time ? "_ns" : "");
        put_type(out, column);
        put_comment(out, column);
        if (time) {
            fprintf(out,
                    "    `%s` DateTime64(9, 'UTC') MATERIALIZED "
                    "fromUnixTimestamp64Nano(%s_ns, 'UTC')",
                    column->name, column->name);
            put_comment(out, column);
        }
    }
}

static void put_table(FILE *out, const struct ry_results_row_about *about)
{
    fprintf(out, "\nCREATE TABLE IF NOT EXISTS royale_%s (\n", about->name);
    put_columns(out, &ry_results_key_about);
    put_columns(out, about);
    fputs("    PRIMARY KEY (battle_id, input, n)\n"
          ") ENGINE = ReplacingMergeTree ORDER BY (battle_id, input, n)\nCOMMENT '",
          out);
    put_text(out, about->sentence);
    fputs("';\n", out);
}

static void put_extracts(FILE *out, const struct ry_results_row_about *about, const char *comma)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        const char *ns = column->type == RY_RESULTS_TYPE_TIME ? "_ns" : "";
        fprintf(out, "%s\n    JSONExtract(line, '%s%s', '", comma, column->name, ns);
        put_type(out, column);
        fprintf(out, "') AS `%s%s`", column->name, ns);
        comma = ",";
    }
}

/* Out of a line into the row's table. JSONExtract reads a string of digits into a number or a
 * Decimal exactly. */
static void put_view(FILE *out, const struct ry_results_row_about *about)
{
    fprintf(out, "\nCREATE MATERIALIZED VIEW IF NOT EXISTS royale_%s_in TO royale_%s AS SELECT",
            about->name, about->name);
    put_extracts(out, &ry_results_key_about, "");
    put_extracts(out, about, ",");
    fprintf(out, "\nFROM royale_lines WHERE JSONExtractString(line, 'type') = '%s';\n",
            about->name);
}

void ry_text_row_clickhouse(FILE *out)
{
    fprintf(out,
            "-- Rows of royale, format %d. Printed by `royale rows --clickhouse`.\n"
            "--\n"
            "-- Lines of JSON go into royale_lines, which keeps nothing: from there each row goes\n"
            "-- into the table of its type. A file: INSERT INTO royale_lines FORMAT LineAsString;\n"
            "-- Kafka: docs/examples/consumers/clickhouse/kafka.sql.\n"
            "-- Rows that came twice become one when parts are merged; SELECT ... FINAL sees one\n"
            "-- at once.\n\n"
            "CREATE TABLE IF NOT EXISTS royale_lines (line String) ENGINE = Null;\n",
            RY_RESULTS_ROWS_FORMAT);
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        put_table(out, &ry_results_rows[i]);
        put_view(out, &ry_results_rows[i]);
    }
}
