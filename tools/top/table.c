#include "tools/top/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is shown of a table in an area. */
struct layout {
    bool shown[RY_TOP_COLUMNS_MAX];
    unsigned cells[RY_TOP_COLUMNS_MAX];
};

static unsigned width_of(const struct ry_top_table *table, const struct layout *layout)
{
    unsigned width = 0;
    for (unsigned i = 0; i < table->columns; i++)
        width += layout->shown[i] ? layout->cells[i] + 1 : 0;
    return width > 0 ? width - 1 : 0;
}

/* Columns leave until the others fit; what is left over goes to one that stretches. */
static void lay_out(const struct ry_top_table *table, unsigned width, struct layout *layout)
{
    memset(layout, 0, sizeof *layout);
    for (unsigned i = 0; i < table->columns; i++) {
        layout->shown[i] = true;
        layout->cells[i] = table->column[i].cells;
    }
    while (width_of(table, layout) > width) {
        unsigned least = table->columns;
        for (unsigned i = 0; i < table->columns; i++)
            if (layout->shown[i] && table->column[i].leaves > 0 &&
                (least == table->columns || table->column[i].leaves > table->column[least].leaves))
                least = i;
        if (least == table->columns)
            break; /* cut at the border */
        layout->shown[least] = false;
    }
    unsigned used = width_of(table, layout), left = width > used ? width - used : 0;
    for (unsigned i = table->columns; i-- > 0 && left > 0;) {
        const struct ry_top_column *column = &table->column[i];
        if (!layout->shown[i] || !column->stretches)
            continue;
        unsigned room = column->most > column->cells ? column->most - column->cells : left;
        unsigned more = column->most == 0 || room > left ? left : room;
        layout->cells[i] += more;
        left -= more;
    }
}

static unsigned at_most(unsigned value, unsigned limit)
{
    return value < limit ? value : limit;
}

static void put_head(const struct ry_top_area *area, const struct ry_top_table *table,
                     const struct layout *layout, const struct ry_top_place *place)
{
    unsigned x = 0;
    for (unsigned i = 0; i < table->columns; i++) {
        char head[RY_TOP_FIELD_BYTES];
        bool sorts = place != NULL && place->sort == i && (i > 0 || place->reverse);
        if (!layout->shown[i])
            continue;
        const char mark = place != NULL && place->reverse ? '^' : 'v';
        const bool right = table->column[i].right;
        snprintf(head, sizeof head, "%s", table->column[i].head);
        if (sorts && !right)
            snprintf(head, sizeof head, "%s %c", table->column[i].head, mark);
        ry_top_put_field(area, x, 0, layout->cells[i], table->column[i].right,
                         RY_TOP_UNDERLINE | (sorts ? RY_TOP_BOLD : RY_TOP_DIM), head);
        if (sorts && right) /* in the gap behind it; at the border its last letter gives way */
            ry_top_put(area, at_most(x + layout->cells[i], area->width - 1), 0, RY_TOP_BOLD, "%c",
                       mark);
        x += layout->cells[i] + 1;
    }
}

#define NAME_END 5 /* cells of a cut name from its cut on */

static void cut_name(char text[RY_TOP_FIELD_BYTES], unsigned cells)
{
    const size_t length = strlen(text);
    if (length <= cells || cells <= NAME_END)
        return;
    for (const char *at = text; *at != 0; at++)
        if ((unsigned char)*at >= 0x80) /* letters of several bytes: cut as any field */
            return;
    text[cells - NAME_END] = '~';
    memmove(text + cells - NAME_END + 1, text + length - (NAME_END - 1), NAME_END);
}

static void put_row(const struct ry_top_area *area, unsigned y, const struct ry_top_table *table,
                    const struct layout *layout, unsigned row)
{
    unsigned x = 0, look = table->look != NULL ? table->look(table->context, row) : RY_TOP_PLAIN;
    for (unsigned i = 0; i < table->columns; i++) {
        struct ry_top_field field = {.look = look, .cells = layout->cells[i]};
        if (!layout->shown[i])
            continue;
        table->field(table->context, row, i, &field);
        if (table->column[i].names)
            cut_name(field.text, field.cells);
        ry_top_put_field(area, x, y, layout->cells[i], table->column[i].right, field.look,
                         field.text);
        x += layout->cells[i] + 1;
    }
}

/* ---- sorting --------------------------------------------------------------------------------- */

struct sorted {
    struct ry_top_sorter key;
    uint16_t row;
};

static int compare(const void *left, const void *right)
{
    const struct sorted *x = left, *y = right;
    if (x->key.text != NULL && y->key.text != NULL) {
        int order = strcmp(x->key.text, y->key.text);
        if (order != 0)
            return order;
    } else if (x->key.number != y->key.number) {
        return x->key.number > y->key.number ? -1 : 1; /* the largest first */
    }
    return x->row < y->row ? -1 : 1;
}

static bool has(const char *name, const char *filter)
{
    size_t length = strlen(filter);
    for (; *name != 0; name++)
        if (strncasecmp(name, filter, length) == 0)
            return true;
    return length == 0;
}

/* Rows that the filter lets through, in the order that was chosen. */
static unsigned choose(const struct ry_top_table *table, const struct ry_top_view *view,
                       const struct ry_top_place *place, struct sorted *chosen)
{
    unsigned count = 0;
    for (unsigned row = 0; row < table->count && count < RY_INSTRUMENTS_MAX; row++) {
        if (table->name != NULL && !has(table->name(table->context, row), view->filter))
            continue;
        chosen[count] = (struct sorted){.row = (uint16_t)row};
        if (place->sort > 0 && table->sorter != NULL)
            table->sorter(table->context, row, place->sort, &chosen[count].key);
        count++;
    }
    if (place->sort > 0 && table->sorter != NULL)
        qsort(chosen, count, sizeof *chosen, compare);
    return count;
}

/* ---- what pages call ------------------------------------------------------------------------- */

/* Cursor and first row stay within the list, and the cursor within what is shown. */
static void settle(struct ry_top_place *place, unsigned count, unsigned room)
{
    if (place->cursor >= count)
        place->cursor = count > 0 ? count - 1 : 0;
    if (place->first > place->cursor)
        place->first = place->cursor;
    if (room > 0 && place->cursor >= place->first + room)
        place->first = place->cursor - room + 1;
    if (place->first + room > count)
        place->first = count > room ? count - room : 0;
}

unsigned ry_top_table(const struct ry_top_area *area, const struct ry_top_table *table,
                      struct ry_top_view *view)
{
    static struct sorted chosen[RY_INSTRUMENTS_MAX]; /* large */
    struct ry_top_place *place = &view->place[view->page];
    struct layout layout;
    lay_out(table, area->width, &layout);
    if (place->sort >= table->columns)
        place->sort = 0;
    view->columns = table->sorter != NULL ? table->columns : 0;
    view->count = choose(table, view, place, chosen);
    view->room = area->height > 1 ? area->height - 1 : 0;
    settle(place, view->count, view->room);
    put_head(area, table, &layout, place);
    for (unsigned i = 0; i < view->room && place->first + i < view->count; i++) {
        unsigned at = place->first + i;
        put_row(area, 1 + i, table, &layout,
                chosen[place->reverse ? view->count - 1 - at : at].row);
        if (at == place->cursor)
            ry_top_mark(area, 1 + i, RY_TOP_REVERSE);
    }
    if (view->count == 0)
        ry_top_put(area, 0, 1, RY_TOP_DIM, "%s",
                   table->count > 0 ? "nothing has that name: / changes the filter, Esc drops it"
                                    : table->nothing);
    if (view->count == 0)
        return RY_TOP_NONE;
    return chosen[place->reverse ? view->count - 1 - place->cursor : place->cursor].row;
}

void ry_top_table_plain(const struct ry_top_area *area, const struct ry_top_table *table)
{
    struct layout layout;
    lay_out(table, area->width, &layout);
    put_head(area, table, &layout, NULL);
    for (unsigned row = 0; row < table->count && row + 1 < area->height; row++)
        put_row(area, 1 + row, table, &layout, row);
    if (table->count == 0)
        ry_top_put(area, 0, 1, RY_TOP_DIM, "%s", table->nothing);
}
