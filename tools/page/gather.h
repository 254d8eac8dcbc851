/*
 * What a file of a battle has to hold, asked and put into the store:
 *
 *     state                  the battle's end, as GET state
 *     states                 [[input, patch], ..]: every RY_PAGE_STATES_WHOLE-th is a whole state,
 * the others merge patches of the one before course                 as GET course,
 * RY_PAGE_COURSE_COLUMNS columns depth/SYMBOL           as GET depth, RY_PAGE_DEPTH_COLUMNS
 * columns, of each instrument filmed rows                   [row, ..] of the game: rounds, ranks,
 * who went out rows/AGENT             [row, ..] of an agent explanations/AGENT     [explanation,
 * ..] why                    {"INPUT": [{"text", "facts"}, ..]} file
 * {"format": 1, "battle": NAME, "limits": ["what was left out", ..]}
 */
#ifndef RY_TOOLS_PAGE_GATHER_H
#define RY_TOOLS_PAGE_GATHER_H

#include "tools/page/ask.h"
#include "tools/page/store.h"

#define RY_PAGE_FORMAT         1
#define RY_PAGE_STATES_EVEN    240  /* moments, evenly over the course, and those of events */
#define RY_PAGE_STATES_MAX     1024 /* of both together; events that do not fit have none */
#define RY_PAGE_STATES_WHOLE   32
#define RY_PAGE_COURSE_COLUMNS 1024
#define RY_PAGE_DEPTH_COLUMNS  1024
#define RY_PAGE_ROWS_BYTES_MAX ((size_t)64 << 20) /* of all agents' rows, unpacked */
#define RY_PAGE_WHY_BYTES_MAX  ((size_t)32 << 20) /* of all reasons, unpacked */

struct ry_page_gather {
    const char *directory;
    struct ry_page_asker *asker;
    struct ry_page_store *store;
    json_t *state;    /* of the end */
    const char *name; /* of the battle, in it */
    json_t *limits;   /* sentences: what was left out */
    uint64_t moments, instruments, rows, reasons;
};

/* False: asker->why. */
bool ry_page_gather(struct ry_page_gather *g);

/* whys.c: the entry `why`. False: `why`. */
bool ry_page_gather_whys(struct ry_page_gather *g, char *why, size_t why_bytes);

#endif
