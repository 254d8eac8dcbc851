#include "tools/text/row_proto.h"

#include <ctype.h>

#include "core/results/rows.h"

/* "market_trade" as "MarketTrade". */
static void put_message_name(FILE *out, const char *name)
{
    bool first = true;
    for (const char *at = name; *at != 0; at++) {
        if (*at != '_')
            fputc(first ? toupper((unsigned char)*at) : *at, out);
        first = *at == '_';
    }
}

static const char *type_of(enum ry_results_type type)
{
    switch ((int)type) {
    case RY_RESULTS_TYPE_COUNT:
    case RY_RESULTS_TYPE_U64: return "uint64";
    case RY_RESULTS_TYPE_LOTS:
    case RY_RESULTS_TYPE_I64S:
    case RY_RESULTS_TYPE_TIME: return "int64";
    case RY_RESULTS_TYPE_BOOL: return "bool";
    default: return "string"; /* as in JSON */
    }
}

/* Null and zero are two things: what may be null has presence of its own. */
static bool has_presence(const struct ry_results_column *column)
{
    return column->nullable || column->type == RY_RESULTS_TYPE_TEXT ||
           column->type == RY_RESULTS_TYPE_TIME;
}

static void put_column(FILE *out, const struct ry_results_column *column, bool oneofs)
{
    bool presence = has_presence(column);
    const char *label = column->type == RY_RESULTS_TYPE_I64S ? "repeated "
                        : presence && !oneofs                ? "optional "
                                                             : "";
    fprintf(out, "  // %s%s%s\n  ", column->sentence, column->unit[0] != 0 ? "; in " : "",
            column->unit);
    if (presence && oneofs)
        fprintf(out, "oneof has_%s { ", column->name);
    fprintf(out, "%s%s %s%s = %u;%s\n", label, type_of(column->type), column->name,
            column->type == RY_RESULTS_TYPE_TIME ? "_ns" : "", column->tag,
            presence && oneofs ? " }" : "");
}

static void put_columns(FILE *out, const struct ry_results_row_about *about, bool oneofs)
{
    for (unsigned i = 0; i < about->columns; i++)
        put_column(out, &about->column[i], oneofs);
}

static void put_row(FILE *out, bool oneofs)
{
    fputs("message Row {\n", out);
    put_columns(out, &ry_results_key_about, oneofs);
    fputs("  oneof row {\n", out);
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        fputs("    ", out);
        put_message_name(out, ry_results_rows[i].name);
        fprintf(out, " %s = %u;\n", ry_results_rows[i].name, ry_results_rows[i].tag);
    }
    fputs("  }\n}\n", out);
}

void ry_text_row_proto(FILE *out, bool oneofs)
{
    fprintf(
        out,
        "// Rows of royale, format %d. Printed by `royale rows --proto`.\n"
        "//\n"
        "// Money, prices and words are strings as in JSON: exact decimals, names of codes. A number\n"
        "// of a column or a row never gets another meaning; readers pass over those that they do\n"
        "// not know.\n"
        "syntax = \"proto3\";\n\n"
        "package royale.v1;\n\n",
        RY_RESULTS_ROWS_FORMAT);
    put_row(out, oneofs);
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++) {
        fprintf(out, "\n// %s\nmessage ", ry_results_rows[i].sentence);
        put_message_name(out, ry_results_rows[i].name);
        fputs(" {\n", out);
        put_columns(out, &ry_results_rows[i], oneofs);
        fputs("}\n", out);
    }
}
