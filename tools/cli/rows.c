#include "tools/cli/rows.h"

#include <stdio.h>

#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/row_markdown.h"
#include "tools/text/row_schema.h"

struct options {
    bool schema;
};

static const struct ry_text_option option_table[] = {
    {.name = "schema",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, schema),
     .help = "as a JSON Schema (draft 2020-12) of one row"},
};

static const struct ry_text_command command = {
    .name = "royale rows",
    .about =
        "Prints the rows of royale-export, trades.jsonl and `royale-view --json`, and the columns of\n"
        "each, as the tables of RECORDS.md.\n",
    .ends = "",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

int ry_cli_rows(int argc, char **argv)
{
    struct options options = {.schema = false};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.schema) {
        json_t *schema = ry_text_row_schema();
        (void)json_dumpf(schema, stdout, JSON_INDENT(2)); /* ry_text_written sees what failed */
        putchar('\n');
        json_decref(schema);
    } else {
        ry_text_row_markdown(stdout);
    }
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}
