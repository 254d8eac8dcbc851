/*
 * A list on a page: a head, rows that scroll under it, a cursor, columns that come and go with the
 * width, sorting and filtering. A page says what stands in a cell and what a row is called; the
 * rest is the same on every page.
 */
#ifndef RY_TOOLS_TOP_TABLE_H
#define RY_TOOLS_TOP_TABLE_H

#include "tools/top/view.h"

#define RY_TOP_COLUMNS_MAX 16
#define RY_TOP_FIELD_BYTES 512

struct ry_top_column {
    const char *head;
    unsigned cells;  /* of its width; of the one that stretches the least */
    bool right;      /* numbers */
    bool stretches;  /* takes what is left; the last of them that there is room for */
    unsigned leaves; /* where there is no room the largest goes first; 0: never */
    bool names;      /* those of agents made by `count` differ at their ends: cut before them */
    unsigned most;   /* stretches: no wider than this; 0: any width */
};

/* What stands in one cell. */
struct ry_top_field {
    char text[RY_TOP_FIELD_BYTES];
    unsigned look;
    unsigned cells; /* told: its width */
};

/* What a row is sorted by: text if there is one, else the number. */
struct ry_top_sorter {
    __int128 number;
    const char *text;
};

struct ry_top_table {
    const struct ry_top_column *column;
    unsigned columns;
    unsigned count;
    const void *context;
    const char *nothing; /* what is said where there is no row */
    void (*field)(const void *context, unsigned row, unsigned column, struct ry_top_field *field);
    void (*sorter)(const void *context, unsigned row, unsigned column,
                   struct ry_top_sorter *sorter);
    const char *(*name)(const void *context, unsigned row); /* for the filter; NULL: no filter */
    unsigned (*look)(const void *context, unsigned row);    /* of the whole row; NULL: plain */
};

/* Draws it into the area with the place of view->page; sets count, room and columns of the view.
 * Returns the row under the cursor, RY_TOP_NONE if there is none. */
unsigned ry_top_table(const struct ry_top_area *area, const struct ry_top_table *table,
                      struct ry_top_view *view);

/* The same without cursor, sorting and filter, for a list beside a page's own. */
void ry_top_table_plain(const struct ry_top_area *area, const struct ry_top_table *table);

#endif
