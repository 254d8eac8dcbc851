#include "tools/web/maker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/picture/picture.h"
#include "tools/text/row_json.h"

/* ---- rows ------------------------------------------------------------------------------------ */

/* What is kept first where there is no room for all. */
static unsigned class_of(enum ry_results_row_kind kind)
{
    switch (kind) {
    case RY_RESULTS_ROW_OUT:
    case RY_RESULTS_ROW_ROUND:
    case RY_RESULTS_ROW_RANK:
    case RY_RESULTS_ROW_STAMP:
    case RY_RESULTS_ROW_INCOMPLETE:
    case RY_RESULTS_ROW_END: return 0;
    case RY_RESULTS_ROW_FILL:
    case RY_RESULTS_ROW_TRADE:
    case RY_RESULTS_ROW_REJECT:
    case RY_RESULTS_ROW_DECISION: return 1;
    case RY_RESULTS_ROW_MARKET_TRADE: return 2;
    case RY_RESULTS_ROW_STATE:
    case RY_RESULTS_ROW_ORDER:
    case RY_RESULTS_ROW_CANCEL_REQUEST:
    case RY_RESULTS_ROW_ACK:
    case RY_RESULTS_ROW_RESTED:
    case RY_RESULTS_ROW_CANCEL:
    case RY_RESULTS_ROW_HANDED_OVER:
    case RY_RESULTS_ROW_STANDING:
    case RY_RESULTS_ROWS: break;
    }
    return 3;
}

void ry_web_maker_row(struct ry_web_maker *maker, const struct ry_results_row *row)
{
    struct ry_web_rows *rows = &maker->rows[class_of(row->kind)];
    if (rows->count < RY_WEB_FRAME_ROWS)
        rows->row[rows->count] = *row;
    rows->count++;
}

static void forget_rows(struct ry_web_maker *maker)
{
    for (unsigned i = 0; i < RY_WEB_ROW_CLASSES; i++)
        maker->rows[i].count = 0;
}

static uint64_t rows_count(const struct ry_web_maker *maker)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < RY_WEB_ROW_CLASSES; i++)
        count += maker->rows[i].count;
    return count;
}

static int compare(const void *a, const void *b)
{
    const struct ry_results_key *x = &(*(const struct ry_results_row *const *)a)->key,
                                *y = &(*(const struct ry_results_row *const *)b)->key;
    if (x->input != y->input)
        return x->input < y->input ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

/* Those that go out, in the order in which they were made; returns how many. */
static unsigned choose(const struct ry_web_maker *maker,
                       const struct ry_results_row *chosen[RY_WEB_FRAME_ROWS])
{
    unsigned count = 0;
    for (unsigned i = 0; i < RY_WEB_ROW_CLASSES; i++)
        for (uint64_t j = 0; j < maker->rows[i].count && count < RY_WEB_FRAME_ROWS; j++)
            chosen[count++] = &maker->rows[i].row[j];
    qsort(chosen, count, sizeof *chosen, compare);
    return count;
}

static void put_rows(FILE *out, const struct ry_web_maker *maker, const struct ry_results *r)
{
    const struct ry_results_row *chosen[RY_WEB_FRAME_ROWS];
    char text[RY_TEXT_ROW_BYTES];
    const unsigned count = r != NULL ? choose(maker, chosen) : 0;
    fputs("\"rows\":[", out);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            fputc(',', out);
        fwrite(text, 1, ry_text_row_json(text, r, chosen[i]), out);
    }
    fprintf(out, "],\"rows_left_out\":%" PRIu64, rows_count(maker) - count);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static int put_text(const char *text, size_t bytes, void *out)
{
    return fwrite(text, 1, bytes, out) == bytes ? 0 : -1;
}

static bool put_json(FILE *out, const char *name, const json_t *value)
{
    fprintf(out, "\"%s\":", name);
    return json_dump_callback(value, put_text, out, JSON_COMPACT) == 0;
}

static char *snapshot_body(const json_t *state)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    const bool whole = put_json(out, "state", state);
    if (fclose(out) == 0 && whole)
        return text;
    free(text);
    return NULL;
}

static char *delta_body(const struct ry_web_maker *maker, const json_t *patch,
                        const struct ry_results *r)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    bool whole = true;
    if (patch != NULL)
        whole = put_json(out, "patch", patch);
    else
        fputs("\"patch\":{}", out);
    fputc(',', out);
    put_rows(out, maker, r);
    if (fclose(out) == 0 && whole)
        return text;
    free(text);
    return NULL;
}

static void hand_over(struct ry_web_maker *maker, struct ry_web_frame *frame)
{
    if (frame == NULL)
        maker->gap = true; /* readers go on behind the next snapshot */
    else
        ry_web_outlet_put(maker->outlet, frame);
}

/* Of the state that it has now, behind the frame `number`. */
static void make_snapshot(struct ry_web_maker *maker)
{
    char *body = snapshot_body(maker->state);
    maker->wanted = false;
    hand_over(maker, body != NULL
                         ? ry_web_frame_snapshot(maker->cursor, maker->input, maker->number, body)
                         : NULL);
    free(body);
}

static void make_delta(struct ry_web_maker *maker, const json_t *patch, const char *since,
                       const struct ry_results *r)
{
    char *body = delta_body(maker, patch, r);
    hand_over(maker, body != NULL ? ry_web_frame_delta(maker->cursor, since, maker->input,
                                                       maker->number, body)
                                  : NULL);
    free(body);
}

/* The state becomes that of frame `number`. */
static void move_on(struct ry_web_maker *maker, json_t *state, uint64_t input, uint64_t number)
{
    json_decref(maker->state);
    maker->state = state;
    maker->input = input;
    maker->number = number;
    ry_web_cursor(maker->cursor, maker->battle, input, number);
}

/* A snapshot in the place of a delta; where a frame is missing, one number is left out, so that
 * nobody who lacks that frame goes on. */
static void begin_anew(struct ry_web_maker *maker, json_t *state, const char *battle,
                       uint64_t input)
{
    snprintf(maker->battle, sizeof maker->battle, "%.8s", battle);
    forget_rows(maker);
    move_on(maker, state, input, maker->number + (maker->gap ? 2 : 1));
    maker->gap = false;
    make_snapshot(maker);
}

/* ---- its life -------------------------------------------------------------------------------- */

void ry_web_maker_open(struct ry_web_maker *maker, struct ry_web_outlet *outlet, uint64_t number)
{
    *maker = (struct ry_web_maker){.outlet = outlet, .number = number};
}

void ry_web_maker_close(struct ry_web_maker *maker)
{
    json_decref(maker->state);
}

bool ry_web_maker_due(struct ry_web_maker *maker, int64_t now_ns)
{
    bool wanted;
    const unsigned readers = ry_web_outlet_readers(maker->outlet, &wanted);
    maker->wanted |= wanted;
    if (readers > 0 || maker->wanted)
        maker->read_ns = now_ns;
    if (maker->read_ns != 0 && now_ns - maker->read_ns < RY_WEB_LINGER_NS)
        return true;
    maker->gap = maker->state != NULL;
    return false;
}

void ry_web_maker_turn(struct ry_web_maker *maker, json_t *state, const char *battle,
                       uint64_t input, const struct ry_results *r)
{
    char since[RY_WEB_CURSOR_BYTES];
    if (maker->state == NULL || maker->gap || input < maker->input ||
        strncmp(battle, maker->battle, RY_WEB_BATTLE_BYTES - 1) != 0) {
        begin_anew(maker, state, battle, input);
        return;
    }
    json_t *patch = ry_picture_patch(maker->state, state);
    if (patch != NULL || input != maker->input || rows_count(maker) > 0) {
        memcpy(since, maker->cursor, sizeof since);
        move_on(maker, state, input, maker->number + 1);
        make_delta(maker, patch, since, r);
        forget_rows(maker);
    } else
        json_decref(state);
    json_decref(patch);
    if (maker->wanted && !maker->gap)
        make_snapshot(maker);
}
