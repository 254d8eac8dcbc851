/*
 * The maker of frames: from the state of a battle at one moment after the other, and the rows in
 * between, to what the stream sends (tools/web/frame.h). The watcher's thread alone.
 *
 *     each row of the battle      ry_web_maker_row(&maker, row);
 *     RY_WEB_FRAME_NS after RY_WEB_FRAME_NS
 *                                 if (ry_web_maker_due(&maker, now_ns))
 *                                     ry_web_maker_turn(&maker, ry_picture_make(..), ..);
 *
 * BODY of a snapshot: "state":S. BODY of a delta: "patch":{merge patch, RFC 7396},"rows":[at most
 * RY_WEB_FRAME_ROWS, as `royale tail` writes them],"rows_left_out":N. Rows that matter most to who
 * looks are kept first: the game's, what agents did and suffered, the market's trades, the rest.
 *
 * Nobody reads, nothing is made: but for RY_WEB_LINGER_NS, in which a reader that was cut off comes
 * back and goes on. After that whoever comes back is told that it was lapped.
 */
#ifndef RY_TOOLS_WEB_MAKER_H
#define RY_TOOLS_WEB_MAKER_H

#include <jansson.h>

#include "core/results/results.h"
#include "tools/web/outlet.h"

#define RY_WEB_FRAME_NS    INT64_C(50000000)
#define RY_WEB_LINGER_NS   INT64_C(15000000000) /* longer than the ring reaches */
#define RY_WEB_FRAME_ROWS  200
#define RY_WEB_ROW_CLASSES 4

struct ry_web_rows {
    uint64_t count; /* since the last frame; kept are the first RY_WEB_FRAME_ROWS */
    struct ry_results_row row[RY_WEB_FRAME_ROWS];
};

struct ry_web_maker {
    struct ry_web_outlet *outlet;
    json_t *state; /* behind the last frame; NULL: there was none */
    char battle[RY_WEB_BATTLE_BYTES], cursor[RY_WEB_CURSOR_BYTES];
    uint64_t input, number;
    int64_t read_ns; /* when somebody was seen to read; 0: never */
    bool wanted;     /* a snapshot is owed */
    bool gap;        /* a frame is missing: nobody read, or no memory */
    struct ry_web_rows rows[RY_WEB_ROW_CLASSES];
};

/* `number`: above those of every process before, so that no cursor of theirs is taken for one of
 * ours; milliseconds since 1970 are. Large: static. */
void ry_web_maker_open(struct ry_web_maker *maker, struct ry_web_outlet *outlet, uint64_t number);
void ry_web_maker_close(struct ry_web_maker *maker);

void ry_web_maker_row(struct ry_web_maker *maker, const struct ry_results_row *row);

/* Whether somebody reads, did so lately, or needs a snapshot. */
bool ry_web_maker_due(struct ry_web_maker *maker, int64_t now_ns);

/* Takes `state` over. `battle`: the id's first digits; another one, or an `input` that was before
 * (the journal was opened anew), begins anew with a snapshot. `r` has the rows' names; NULL: there
 * is no battle yet. */
void ry_web_maker_turn(struct ry_web_maker *maker, json_t *state, const char *battle,
                       uint64_t input, const struct ry_results *r);

#endif
