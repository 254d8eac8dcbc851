/*
 * What a past holds. Private to tools/past.
 */
#ifndef RY_TOOLS_PAST_INTERNAL_H
#define RY_TOOLS_PAST_INTERNAL_H

#include <sys/stat.h>

#include "core/follow/mark.h"
#include "core/results/copy.h"
#include "core/results/follow.h"
#include "tools/film/record.h"
#include "tools/past/past.h"

#define RY_PAST_PATH_BYTES 4096

/* A machine and its results. */
struct ry_past_runner {
    struct ry_follow follow;
    struct ry_results results;
};

struct ry_past_copy {
    struct ry_follow_mark mark;
    struct ry_results_copy results;
    int64_t time; /* market time of the last input in it; INT64_MIN: none */
};

/* Rises by inputs; the first one is of before the first input. */
struct ry_past_copies {
    struct ry_follow_store store;
    size_t bytes_max;
    struct ry_past_copy *copy;
    size_t count, room;
    uint64_t every_inputs, next; /* the next one is due when so many inputs were applied */
    uint64_t dropped;
};

struct ry_past {
    char directory[RY_PAST_PATH_BYTES]; /* of the battle */
    struct stat looked;                 /* the file when its end was looked at last */
    struct ry_past_runner first, jump;
    bool jump_open;
    enum ry_past_state state;
    struct ry_past_copies copies;
    struct ry_film *film, *range;
    struct ry_film_of range_of; /* of the range, when the first pass had read so much: */
    uint64_t range_inputs;
    /* Who wants the rows of the jump's machine; NULL: nobody. */
    void (*row)(struct ry_past *past, const struct ry_results_row *row);
    struct ry_past_rows *rows; /* of rows.c */
    char text[RY_PAST_TEXT_BYTES];
};

/* "" for RY_PAST_OK; returns the code. */
__attribute__((format(printf, 3, 4))) enum ry_past_code
ry_past_say(struct ry_past *past, enum ry_past_code code, const char *format, ...);

/* Market time of the runner's last input; INT64_MIN: it has applied none. */
int64_t ry_past_time(const struct ry_past_runner *runner);

/* How many inputs describe the battle, the first ones; 0: not known yet. */
uint64_t ry_past_described(const struct ry_past *past);

/* ---- copies.c -------------------------------------------------------------------------------- */

void ry_past_copies_open(struct ry_past_copies *copies, const struct ry_past_options *options);
void ry_past_copies_close(struct ry_past_copies *copies);

/* Makes a copy, and drops others if there are more bytes than may be. Without memory there is none:
 * counted as dropped. */
void ry_past_copies_take(struct ry_past_copies *copies, const struct ry_past_runner *runner);

/* The last one with no more inputs and no later time. */
const struct ry_past_copy *ry_past_copies_before(const struct ry_past_copies *copies,
                                                 uint64_t input, int64_t time);

size_t ry_past_copies_bytes(const struct ry_past_copies *copies);

/* ---- jump.c ---------------------------------------------------------------------------------- */

/* Brings the jump's machine to behind the last input with a number <= `input` and T <= `time`.
 * `input`: at most what the first pass has read. */
enum ry_past_code ry_past_jump(struct ry_past *past, uint64_t input, int64_t time);

/* Applies up to `n` inputs more, up to `input` and `time` as above; returns how many. Fewer: there
 * are no more, or `*code` is not RY_PAST_OK. */
uint64_t ry_past_go_on(struct ry_past *past, uint64_t n, uint64_t input, int64_t time,
                       enum ry_past_code *code);

#endif
