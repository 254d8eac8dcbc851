#include "tools/cli/rows.h"

#include <stdio.h>

#include "core/results/rows.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/row_clickhouse.h"
#include "tools/text/row_markdown.h"
#include "tools/text/row_proto.h"
#include "tools/text/row_schema.h"

struct options {
    bool markdown, schema, proto, clickhouse;
};

static const struct ry_text_option option_table[] = {
    {.name = "markdown",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, markdown),
     .help = "as tables, which RECORDS.md has from here"},
    {.name = "schema",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, schema),
     .help = "as a JSON Schema (draft 2020-12) of one row"},
    {.name = "proto",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, proto),
     .help = "as a .proto file (proto3), for Kafka topics whose format is protobuf"},
    {.name = "clickhouse",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, clickhouse),
     .help = "as tables of ClickHouse, one a row, and what fills them from lines of JSON"},
};

static const struct ry_text_command command = {
    .name = "royale rows",
    .about =
        "Prints the rows of royale-export, trades.jsonl and `royale-view --json`, and the columns of\n"
        "each: for people, as RECORDS.md has them, or for programs in one of the forms below.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static void print_columns(FILE *out, const struct ry_results_row_about *about)
{
    fprintf(out, "%s: %s\n", about->name, about->sentence);
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        fprintf(out, "  %-15s %-8s %s\n", column->name, column->unit, column->sentence);
    }
}

static void print_plain(FILE *out)
{
    print_columns(out, &ry_results_key_about);
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        fputc('\n', out);
        print_columns(out, &ry_results_rows[i]);
    }
}

static void print_schema(FILE *out)
{
    json_t *schema = ry_text_row_schema();
    (void)json_dumpf(schema, out, JSON_INDENT(2)); /* ry_text_end sees what failed */
    fputc('\n', out);
    json_decref(schema);
}

int ry_cli_rows(int argc, char **argv)
{
    struct options options = {.schema = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.schema)
        print_schema(stdout);
    else if (options.proto)
        ry_text_row_proto(stdout, false);
    else if (options.clickhouse)
        ry_text_row_clickhouse(stdout);
    else if (options.markdown)
        ry_text_row_markdown(stdout);
    else
        print_plain(stdout);
    return RY_EXIT_OK;
}
