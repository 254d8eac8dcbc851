#include "tools/text/row_markdown.h"

#include <ctype.h>

#include "core/results/rows.h"
#include "tools/text/markup.h"

/* The type as a reader of the tables knows it: lower case. */
static void put_type(FILE *out, enum ry_results_type type)
{
    for (const char *at = ry_results_types[type].name; *at != 0; at++)
        fputc(tolower((unsigned char)*at), out);
}

static void put_table(FILE *out, const struct ry_results_row_about *about)
{
    fputs("| column | type | unit | |\n|---|---|---|---|\n", out);
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        fprintf(out, "| `%s` | ", column->name);
        put_type(out, column->type);
        fprintf(out, "%s | %s | ", column->nullable ? " or null" : "", column->unit);
        ry_text_markdown(out, column->sentence);
        fputs(" |\n", out);
    }
}

void ry_text_row_markdown(FILE *out)
{
    fprintf(out, "Format %d.\n\n## Types\n\n| type | in JSON |\n|---|---|\n",
            RY_RESULTS_ROWS_FORMAT);
    for (unsigned i = 0; i < RY_RESULTS_TYPES; i++) {
        fputs("| ", out);
        put_type(out, (enum ry_results_type)i);
        fputs(" | ", out);
        ry_text_markdown(out, ry_results_types[i].sentence);
        fputs(" |\n", out);
    }
    fprintf(out, "\n## Every row\n\n%s: `type`, the row's name below, and\n\n",
            ry_results_key_about.sentence);
    put_table(out, &ry_results_key_about);
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        fprintf(out, "\n## %s\n\n", ry_results_rows[i].name);
        fprintf(out, "%s.\n\n", ry_results_rows[i].sentence);
        put_table(out, &ry_results_rows[i]);
    }
}
