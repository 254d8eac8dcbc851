/*
 * The past of a battle: its state at any input or moment, its rows from any place, its film.
 *
 *     past = ry_past_open(dir, &options, error, sizeof error);
 *     while (ry_past_advance(past, 65536) > 0) ...       the first pass; again whenever there may
 * be more ry_past_seek_input(past, 1000, &view);             look at view.results, view.arena
 *     ry_past_close(past);
 *
 * The first pass (ry_past_advance) runs a follower over the journal, whether the battle is over or
 * still runs, records the film and makes a copy of the machine and of the results every so many
 * inputs. A jump (seek, rows, a film of a range) takes a second machine of its own: the nearest
 * copy before the place, and the inputs from there on. So what a jump has given stands while the
 * first pass goes on.
 *
 * Only the journal is read: no link, no door. A block that is still on its way looks like the
 * journal's end, or like damage, until it is there; ry_past_advance looks again when the file has
 * changed. A cut or damaged journal gives what is whole.
 *
 * Memory: the copies have at most `copies_bytes_max`, then every second one goes and the distance
 * between them doubles; pages that did not change are shared between them. Besides them: two
 * machines, two results, and the film.
 *
 * Not thread-safe: belongs to one thread.
 */
#ifndef RY_TOOLS_PAST_PAST_H
#define RY_TOOLS_PAST_PAST_H

#include "core/results/results.h"
#include "tools/film/film.h"
#include "tools/text/row_filter.h"

#define RY_PAST_BYTES_MAX        ((size_t)512 << 20) /* of copies, unless the caller says */
#define RY_PAST_EVERY_INPUTS     UINT64_C(16384)     /* between copies at first */
#define RY_PAST_PAGE_INPUTS_MAX  (UINT64_C(1) << 18) /* that one page of rows looks at */
#define RY_PAST_PAGE_ROWS_MAX    1000u
#define RY_PAST_RANGE_INPUTS_MAX UINT64_C(4194304) /* of a film of a range */
#define RY_PAST_TEXT_BYTES       512

struct ry_past;

struct ry_past_options {
    size_t copies_bytes_max; /* 0: RY_PAST_BYTES_MAX */
    uint64_t every_inputs;   /* 0: RY_PAST_EVERY_INPUTS */
};

enum ry_past_code {
    RY_PAST_OK = 0,
    RY_PAST_EMPTY, /* there is nothing yet: no input that describes the battle, or none so early */
    RY_PAST_NOT_YET,   /* the first pass has not come that far: advance */
    RY_PAST_BEYOND,    /* the battle has not so many inputs, or (it runs) not yet */
    RY_PAST_TOO_WIDE,  /* more inputs than RY_PAST_RANGE_INPUTS_MAX lie in the range */
    RY_PAST_BAD_ASKED, /* a filter's name that the battle does not have, a range without width, a
                          limit out of range */
    RY_PAST_BROKEN,    /* the journal is not any more what it was, or cannot be read */
    RY_PAST_NO_MEMORY,
};

/* How the first pass stands. */
enum ry_past_state {
    RY_PAST_READS = 0, /* there is more to read */
    RY_PAST_TAIL,      /* all of what is there was read, and it is not the battle's end: the battle
                          runs, or the journal was cut here; ry_past_text says where */
    RY_PAST_ENDED,     /* the battle's END was read */
    RY_PAST_DAMAGED,   /* ry_past_text says where; what is before it can be looked at. Of a battle
                          that runs it may be mended by the next ry_past_advance */
};

struct ry_past_progress {
    enum ry_past_state state;
    uint64_t inputs; /* read so far */
    int64_t time;    /* market time of the last; INT64_MIN: none */
    uint64_t copies, copies_bytes, every_inputs;
    uint64_t copies_dropped; /* to stay within the bytes */
};

/* Opens DIR's journal; `options` may be NULL. NULL with the reason in `error`. */
struct ry_past *ry_past_open(const char *directory, const struct ry_past_options *options,
                             char *error, size_t error_bytes);
void ry_past_close(struct ry_past *past);

/* Whether DIR now has another journal than the one that was opened (the next battle began), or
 * none. */
bool ry_past_replaced(const struct ry_past *past);

/* The first pass: reads up to `inputs_max` on; returns how many it read. Fewer: `state` says why.
 */
uint64_t ry_past_advance(struct ry_past *past, uint64_t inputs_max);

void ry_past_progress(const struct ry_past *past, struct ry_past_progress *progress);

/* The results at the first pass's place: names, prices' scales, the battle. NULL: nothing was read
 * of the battle. */
const struct ry_results *ry_past_results(const struct ry_past *past);

/* What went wrong last, or where the journal is cut or damaged; "" if nothing. */
const char *ry_past_text(const struct ry_past *past);

/* ---- jumps ----------------------------------------------------------------------------------- */

/* A moment of the battle, between two inputs; valued (ry_results_value). Stands until the next jump
 * of the same past. */
struct ry_past_view {
    const struct ry_results *results;
    const struct ry_arena *arena;
    const uint8_t *price_scale; /* by instrument */
    uint64_t input;             /* the last one applied */
    int64_t time;               /* its market time */
};

/* As it was when input `input`, from 1, had been applied. */
enum ry_past_code ry_past_seek_input(struct ry_past *past, uint64_t input,
                                     struct ry_past_view *view);

/* As it was when all inputs with T <= `time` had been applied. Behind the last input of what was
 * read: as that left it; but NOT_YET while the first pass has not read all. */
enum ry_past_code ry_past_seek_time(struct ry_past *past, int64_t time, struct ry_past_view *view);

/* ---- rows ------------------------------------------------------------------------------------ */

/* Stands behind row `n` of `input`; all zero: before everything. As text: INPUT.N in decimal. */
struct ry_past_cursor {
    uint64_t input;
    uint32_t n;
};

#define RY_PAST_CURSOR_BYTES 32

/* False: it is no cursor. "5" is "5.0": before the rows of input 5. */
bool ry_past_cursor_read(struct ry_past_cursor *cursor, const char *text);
void ry_past_cursor_write(char text[RY_PAST_CURSOR_BYTES], const struct ry_past_cursor *cursor);

struct ry_past_asked {
    struct ry_text_row_filter filter;
    struct ry_past_cursor after;
    unsigned limit; /* rows, 1 .. RY_PAST_PAGE_ROWS_MAX */
};

struct ry_past_page {
    unsigned rows;
    struct ry_past_cursor next; /* where the next page goes on */
    bool at_end;                /* nothing is behind `next` at present */
    bool complete;              /* nor will be: the battle is over */
};

/* Gives each row to `take` as `royale tail` would print it (ry_text_row_json). A page looks at
 * RY_PAST_PAGE_INPUTS_MAX inputs at most, so it may be short, or empty, without being at the end.
 */
enum ry_past_code ry_past_rows(struct ry_past *past, const struct ry_past_asked *asked,
                               void (*take)(void *context, const struct ry_results *results,
                                            const struct ry_results_row *row),
                               void *context, struct ry_past_page *page);

/* ---- film ------------------------------------------------------------------------------------ */

/* Of the whole battle, as far as the first pass came. NULL: the battle is not described yet. Stands
 * until the next ry_past_advance. */
const struct ry_film *ry_past_film(struct ry_past *past);

/* Records [from, to] anew with `columns` columns, unless the last one was of the same. The film is
 * the past's, until another range is asked for. */
enum ry_past_code ry_past_film_range(struct ry_past *past, int64_t from, int64_t to,
                                     unsigned columns, const struct ry_film **film);

#endif
