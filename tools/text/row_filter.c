#include "tools/text/row_filter.h"

#include <stdio.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "shm/printable.h"
#include "tools/text/row_value.h"

_Static_assert(RY_RESULTS_ROWS <= 64, "a bit for each kind of row");

/* ---- texts of a row -------------------------------------------------------------------------- */

struct looked_at {
    const struct ry_results *r;
    const struct ry_results_row *row;
    char text[2 * RY_SYMBOL_BYTES + 1];
};

static const char *text_of(void *context, const struct ry_results_column *column)
{
    struct looked_at *at = context;
    struct ry_text_row_value value;
    ry_text_row_value(&value, at->r, at->row, column);
    if (value.kind != RY_TEXT_ROW_TEXT || value.bytes >= sizeof at->text)
        return NULL;
    memcpy(at->text, value.text, value.bytes);
    at->text[value.bytes] = 0;
    return at->text;
}

/* The text of its first column of that type; "": it has none. */
static const char *first_of(struct looked_at *at, enum ry_results_type type)
{
    const struct ry_results_row_about *about = &ry_results_rows[at->row->kind];
    for (unsigned i = 0; i < about->columns; i++) {
        const char *text = about->column[i].type == type ? text_of(at, &about->column[i]) : NULL;
        if (text != NULL)
            return text;
    }
    return "";
}

/* ---- names ----------------------------------------------------------------------------------- */

static unsigned find_row(const char *name, size_t length)
{
    unsigned kind = 0;
    while (kind < RY_RESULTS_ROWS && (strlen(ry_results_rows[kind].name) != length ||
                                      memcmp(ry_results_rows[kind].name, name, length) != 0))
        kind++;
    return kind;
}

static void say_no_row(char error[RY_TEXT_ROW_FILTER_BYTES], const char *name, size_t length)
{
    char word[RY_BATTLE_NEAREST_BYTES], printable[RY_BATTLE_NEAREST_BYTES];
    struct ry_battle_nearest nearest;
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    ry_battle_nearest_begin(&nearest, word);
    for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++)
        (void)ry_battle_nearest_offer(&nearest, ry_results_rows[kind].name);
    snprintf(error, RY_TEXT_ROW_FILTER_BYTES, "no row is called \"%s\"%s; `royale rows` lists them",
             ry_printable(printable, word, sizeof printable), nearest.said);
}

bool ry_text_row_filter_types(struct ry_text_row_filter *filter, const char *list,
                              char error[RY_TEXT_ROW_FILTER_BYTES])
{
    for (const char *at = list;; at++) {
        const size_t length = strcspn(at, ",");
        const unsigned kind = find_row(at, length);
        if (kind == RY_RESULTS_ROWS) {
            say_no_row(error, at, length);
            return false;
        }
        filter->types |= UINT64_C(1) << kind;
        at += length;
        if (*at == 0)
            return true;
    }
}

/* One name more of the battle; true: it is the one. */
static bool offer(struct ry_battle_nearest *nearest, struct looked_at *at,
                  enum ry_results_type type)
{
    const char *name = first_of(at, type);
    (void)ry_battle_nearest_offer(nearest, name);
    return strcmp(name, nearest->word) == 0;
}

static bool unknown(char error[RY_TEXT_ROW_FILTER_BYTES], const char *what,
                    const struct ry_battle_nearest *nearest)
{
    char word[RY_BATTLE_NEAREST_BYTES], said[sizeof nearest->said];
    snprintf(error, RY_TEXT_ROW_FILTER_BYTES, "the battle has no %s \"%s\"%s", what,
             ry_printable(word, nearest->word, sizeof word),
             ry_printable(said, nearest->said, sizeof said));
    return false;
}

/* Names as rows show them: those of a row that could be. */
bool ry_text_row_filter_known(const struct ry_text_row_filter *filter, const struct ry_results *r,
                              char error[RY_TEXT_ROW_FILTER_BYTES])
{
    struct ry_results_row row = {.kind = RY_RESULTS_ROW_FILL};
    struct looked_at at = {.r = r, .row = &row};
    struct ry_battle_nearest nearest;
    bool found = filter->agent == NULL;
    ry_battle_nearest_begin(&nearest, found ? "" : filter->agent);
    for (row.fill.agent = 0; row.fill.agent < r->agents && !found; row.fill.agent++)
        found = offer(&nearest, &at, RY_RESULTS_TYPE_AGENT);
    if (!found)
        return unknown(error, "agent", &nearest);
    found = filter->instrument == NULL;
    ry_battle_nearest_begin(&nearest, found ? "" : filter->instrument);
    for (row.fill.instrument = 0; row.fill.instrument < r->instruments && !found;
         row.fill.instrument++)
        found = offer(&nearest, &at, RY_RESULTS_TYPE_INSTRUMENT);
    return found || unknown(error, "instrument", &nearest);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool has_name(const struct ry_results_row_about *about, enum ry_results_type type,
                     const char *name, ry_text_row_filter_text text, void *row)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        const char *there = column->type == type ? text(row, column) : NULL;
        if (there != NULL && strcmp(there, name) == 0)
            return true;
    }
    return false;
}

bool ry_text_row_filter_shows(const struct ry_text_row_filter *filter,
                              enum ry_results_row_kind kind, ry_text_row_filter_text text,
                              void *row)
{
    const bool named = filter->agent != NULL || filter->instrument != NULL;
    if (kind == RY_RESULTS_ROWS)
        return filter->types == 0 && !named;
    const struct ry_results_row_about *about = &ry_results_rows[kind];
    if (filter->types != 0 && (filter->types >> kind & 1) == 0)
        return false;
    if (filter->agent != NULL && !has_name(about, RY_RESULTS_TYPE_AGENT, filter->agent, text, row))
        return false;
    return filter->instrument == NULL ||
           has_name(about, RY_RESULTS_TYPE_INSTRUMENT, filter->instrument, text, row);
}

bool ry_text_row_filter_shows_row(const struct ry_text_row_filter *filter,
                                  const struct ry_results *r, const struct ry_results_row *row)
{
    struct looked_at at = {.r = r, .row = row};
    return ry_text_row_filter_shows(filter, row->kind, text_of, &at);
}
