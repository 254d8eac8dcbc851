/*
 * What a display says first: who leads and why, who goes next, who earned most, what the box does;
 * each in one sentence, the same on every display.
 *
 * A sentence is built of pieces. One that does not fit whole into the room is left out, and all
 * behind it; the first is never left out. Text of others is printable in it.
 */
#ifndef RY_TOOLS_PICTURE_SAID_H
#define RY_TOOLS_PICTURE_SAID_H

#include "core/results/board.h"
#include "tools/watch/watch.h"

#define RY_PICTURE_SAID_BYTES 1024

/* All zero but these: a sentence that is not begun. */
struct ry_picture_said {
    unsigned cells; /* the room; 0: as much as it takes */
    unsigned (*cells_of)(const void *screen, const char *text); /* NULL: a byte is a cell */
    const void *screen;                                         /* its */
    /* Theirs: */
    char text[RY_PICTURE_SAID_BYTES];
    size_t bytes;
    bool full;
};

/* The battle has ended, or one at most is left: who leads is first for good. */
bool ry_picture_decided(const struct ry_results_board *board);

/* "twap-buy +11.99 this round, gain +13.14: market +12.45, fees +0.69; 3.40 ahead of maker". After
 * ry_results_value; the board has a row. */
void ry_picture_say_leads(struct ry_picture_said *s, const struct ry_results *r,
                          const struct ry_results_board *board);

/* "crowd-1 -3.20 this round, 1.10 behind crowd-2, 4 rejects" */
void ry_picture_say_next_out(struct ry_picture_said *s, const struct ry_results *r,
                             const struct ry_results_board *board, const struct ry_arena *arena);

/* "most: twap-buy +344.15, who is first too". After ry_results_value. */
void ry_picture_say_earned(struct ry_picture_said *s, const struct ry_results *r,
                           const struct ry_results_board *board);

/* "12 processes run; exec busy 42 %, 41.3k events/s"; `over`: the battle has ended. After
 * ry_watch_look. */
void ry_picture_say_box(struct ry_picture_said *s, const struct ry_watch *w, bool over);

#endif
