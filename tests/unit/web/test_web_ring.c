/* Frames, the ring that they lie in, and whoever reads them: always exactly the state. */
#include "tests/support/test.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/maker.h"
#include "tools/web/ring.h"

#define BATTLE "0123456789abcdef0123456789abcdef"
#define FIRST  UINT64_C(1790000000000)
#define KEYS   6
#define DEPTH  3

static struct ry_web_ring ring;
static struct ry_web_outlet outlet;
static struct ry_web_maker maker;

static void open_all(void)
{
    memset(&ring, 0, sizeof ring);
    ck_assert_int_eq(ry_web_outlet_open(&outlet), 0);
    ry_web_maker_open(&maker, &outlet, FIRST);
}

static void close_all(void)
{
    ry_web_maker_close(&maker);
    ry_web_ring_close(&ring);
    ry_web_outlet_close(&outlet);
}

static void take_all(void)
{
    struct ry_web_frame *frame;
    while ((frame = ry_web_outlet_take(&outlet)) != NULL)
        ck_assert(ry_web_ring_put(&ring, frame));
}

/* ---- what a reader makes of a frame ---------------------------------------------------------- */

/* RFC 7396, 2; a member that is null is one that is not there. */
static json_t *merged(json_t *target, json_t *patch)
{
    const char *key;
    json_t *value;
    if (!json_is_object(patch))
        return json_incref(patch);
    json_t *result = json_is_object(target) ? json_copy(target) : json_object();
    json_object_foreach(patch, key, value)
    {
        if (json_is_null(value))
            json_object_del(result, key);
        else
            json_object_set_new(result, key, merged(json_object_get(result, key), value));
    }
    return result;
}

/* Without the members that are null. */
static json_t *without_nulls(json_t *value)
{
    json_t *patch = json_incref(value), *result = merged(NULL, patch);
    json_decref(patch);
    return result;
}

static json_t *text_of(const struct ry_web_frame *frame)
{
    const struct ry_web_bytes *sse = &frame->wire[RY_WEB_SSE];
    const char *begin = memmem(sse->at, sse->bytes, "\ndata: ", 7);
    ck_assert_ptr_nonnull(begin);
    begin += 7;
    json_t *text = json_loadb(begin, sse->bytes - (size_t)(begin - sse->at) - 2, 0, NULL);
    ck_assert_ptr_nonnull(text);
    return text;
}

struct reader {
    uint64_t has;
    json_t *state;
    char cursor[RY_WEB_CURSOR_BYTES];
    unsigned deltas, snapshots, lapped;
};

static void read_frame(struct reader *reader, const struct ry_web_frame *frame)
{
    json_t *text = text_of(frame), *before = reader->state;
    const char *since = json_string_value(json_object_get(text, "since"));
    if (frame->kind == RY_WEB_DELTA) {
        ck_assert_str_eq(since, reader->cursor);
        ck_assert_uint_eq(frame->number, reader->has + 1);
        reader->state = merged(before, json_object_get(text, "patch"));
        reader->deltas++;
    } else {
        ck_assert_ptr_null(since);
        reader->state = without_nulls(json_object_get(text, "state"));
        reader->snapshots++;
        reader->lapped += json_is_true(json_object_get(text, "lapped"));
    }
    snprintf(reader->cursor, sizeof reader->cursor, "%s",
             json_string_value(json_object_get(text, "cursor")));
    ck_assert_str_eq(reader->cursor, frame->cursor);
    reader->has = frame->number;
    json_decref(before);
    json_decref(text);
}

/* Reads what there is, at most `most` frames; asks for a snapshot where it needs one. */
static void read_on(struct reader *reader, unsigned most)
{
    struct ry_web_frame *frame;
    for (unsigned i = 0; i < most; i++)
        switch (ry_web_ring_next(&ring, reader->has, &frame)) {
        case RY_WEB_NEXT_NONE: return;
        case RY_WEB_NEXT_FRAME: read_frame(reader, frame); break;
        case RY_WEB_NEXT_LAPPED: read_frame(reader, ry_web_frame_lapped(frame)); break;
        case RY_WEB_NEXT_WAIT: ry_web_outlet_ask(&outlet, 1, true); return;
        }
}

/* ---- resuming -------------------------------------------------------------------------------- */

static void make(uint64_t input)
{
    ry_web_maker_turn(&maker, json_pack("{s:I}", "n", (json_int_t)input), BATTLE, input, NULL);
    take_all();
}

START_TEST(a_reader_goes_on_behind_every_frame_there_is)
{
    static char cursor[3 * RY_WEB_FRAMES][RY_WEB_CURSOR_BYTES];
    struct ry_web_frame *next;
    open_all();
    for (unsigned i = 0; i < 3 * RY_WEB_FRAMES; i++) {
        make(i + 1);
        snprintf(cursor[i], RY_WEB_CURSOR_BYTES, "%s", maker.cursor);
    }
    for (unsigned i = 0; i < 3 * RY_WEB_FRAMES; i++) {
        const uint64_t has = ry_web_ring_find(&ring, cursor[i]);
        if (i + 1 < 2 * RY_WEB_FRAMES) {
            ck_assert_uint_eq(has, RY_WEB_HAS_OTHER);
            ck_assert_int_eq(ry_web_ring_next(&ring, has, &next), RY_WEB_NEXT_WAIT);
            continue;
        }
        ck_assert_uint_eq(has, FIRST + 1 + i);
        if (i + 1 == 3 * RY_WEB_FRAMES) {
            ck_assert_int_eq(ry_web_ring_next(&ring, has, &next), RY_WEB_NEXT_NONE);
            continue;
        }
        ck_assert_int_eq(ry_web_ring_next(&ring, has, &next), RY_WEB_NEXT_FRAME);
        ck_assert_str_eq(next->since, cursor[i]);
    }
    close_all();
}
END_TEST

START_TEST(what_is_no_cursor_is_told)
{
    static const char *const wrong[] = {"",
                                        "-",
                                        "x",
                                        "01234567",
                                        "01234567-1",
                                        "01234567-1-",
                                        "01234567-1-1790000000001x",
                                        "01234567-2-1790000000001",
                                        "01234568-1-1790000000001",
                                        "01234567-1-1790000000000",
                                        "01234567-1-18446744073709551615",
                                        "01234567-1-18446744073709551614",
                                        "01234567-1-99999999999999999999999",
                                        "01234567-1- 1790000000001",
                                        "01234567-1-+1790000000001",
                                        "01234567-1-0x1"};
    struct ry_web_frame *next;
    struct reader reader = {.has = 0};
    open_all();
    ck_assert_uint_eq(ry_web_ring_find(&ring, "01234567-1-1790000000001"), RY_WEB_HAS_OTHER);
    make(1);
    ck_assert_uint_eq(ry_web_ring_find(&ring, "01234567-1-1790000000001"), FIRST + 1);
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        reader.has = ry_web_ring_find(&ring, wrong[i]);
        ck_assert_uint_eq(reader.has, RY_WEB_HAS_OTHER);
        ck_assert_int_eq(ry_web_ring_next(&ring, reader.has, &next), RY_WEB_NEXT_LAPPED);
    }
    read_on(&reader, 1);
    ck_assert_uint_eq(reader.lapped, 1);
    json_decref(reader.state);
    close_all();
}
END_TEST

/* Nobody reads for a while: who comes back then is told, since nothing was made meanwhile. */
START_TEST(a_pause_without_readers_is_a_gap)
{
    int64_t now_ns = 1;
    struct reader reader = {.has = 0};
    open_all();
    ck_assert(!ry_web_maker_due(&maker, now_ns));
    ry_web_outlet_ask(&outlet, 1, true);
    ck_assert(ry_web_maker_due(&maker, now_ns));
    make(1);
    read_on(&reader, 1);
    ry_web_outlet_ask(&outlet, 0, false);
    now_ns += RY_WEB_LINGER_NS - 1;
    ck_assert(ry_web_maker_due(&maker, now_ns));
    make(2);
    ck_assert_uint_eq(ry_web_ring_find(&ring, reader.cursor), reader.has);
    ck_assert(!ry_web_maker_due(&maker, now_ns + 1));
    ry_web_outlet_ask(&outlet, 1, false);
    ck_assert(ry_web_maker_due(&maker, now_ns + 2));
    make(3);
    ck_assert_uint_eq(ry_web_ring_find(&ring, reader.cursor), RY_WEB_HAS_OTHER);
    read_on(&reader, 10);
    ck_assert_uint_eq(reader.lapped, 1);
    ck_assert_int_eq(json_integer_value(json_object_get(reader.state, "n")), 3);
    json_decref(reader.state);
    close_all();
}
END_TEST

START_TEST(another_battle_in_the_same_place_is_a_snapshot_for_all)
{
    struct reader reader = {.has = 0};
    open_all();
    make(7);
    read_on(&reader, 10);
    ry_web_maker_turn(&maker, json_pack("{s:i}", "n", 1), "fedcba9876543210", 9, NULL);
    take_all();
    read_on(&reader, 10);
    ck_assert_uint_eq(reader.snapshots, 2);
    ck_assert_uint_eq(reader.lapped, 0);
    ry_web_maker_turn(&maker, json_pack("{s:i}", "n", 2), "fedcba9876543210", 8, NULL);
    take_all();
    read_on(&reader, 10);
    ck_assert_uint_eq(reader.snapshots, 3); /* its journal was opened anew */
    ck_assert_int_eq(json_integer_value(json_object_get(reader.state, "n")), 2);
    json_decref(reader.state);
    close_all();
}
END_TEST

/* ---- any sequence ---------------------------------------------------------------------------- */

static uint64_t seed;

static unsigned chance(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % below;
}

static json_t *any_value(unsigned depth)
{
    switch (chance(depth > 0 ? 7 : 5)) {
    case 0: return json_null();
    case 1: return json_integer(chance(3));
    case 2: return json_string(chance(2) ? "a \"b\"\n" : "\xc3\xa9");
    case 3: return json_pack("[i, n, {s:i}]", (int)chance(3), "x", (int)chance(2));
    case 4: return json_boolean(chance(2));
    default: break;
    }
    json_t *object = json_object();
    for (unsigned i = 0; i < KEYS; i++)
        if (chance(2))
            json_object_set_new(object, (char[]){(char)('a' + i), 0}, any_value(depth - 1));
    return object;
}

/* A state a little unlike the last. */
static json_t *next_state(const json_t *last)
{
    json_t *state = last != NULL ? json_deep_copy(last) : json_object();
    const char key[] = {(char)('a' + chance(KEYS)), 0};
    if (chance(4) == 0)
        json_object_del(state, key);
    else
        json_object_set_new(state, key, any_value(DEPTH));
    return state;
}

#define READERS 8
#define TURNS   4000

/* A maker, a ring, and readers that read when they like, are cut off, come back by their cursor or
 * anew, and sleep through whole rings; battles follow one another. The slow model is the state. */
START_TEST(a_reader_has_exactly_the_state)
{
    static struct reader reader[READERS];
    json_t *state = NULL;
    uint64_t input = 1;
    unsigned battle = 0;
    char id[33];
    seed = UINT64_C(88172645463325252) + (uint64_t)_i;
    memset(reader, 0, sizeof reader);
    open_all();
    for (unsigned turn = 0; turn < TURNS; turn++) {
        json_t *next =
            chance(10) ? next_state(state) : json_incref(state != NULL ? state : json_null());
        if (!json_is_object(next)) {
            json_decref(next);
            next = json_object();
        }
        json_decref(state);
        state = json_incref(next);
        input += chance(3);
        battle += chance(500) == 0;
        snprintf(id, sizeof id, "%032x", battle);
        memmove(id, id + 24, 9);
        ry_web_outlet_ask(&outlet, READERS, false);
        ck_assert(ry_web_maker_due(&maker, 1 + turn));
        maker.gap |= maker.state != NULL && chance(700) == 0;
        ry_web_maker_turn(&maker, next, id, input, NULL);
        take_all();
        for (unsigned i = 0; i < READERS; i++) {
            struct reader *r = &reader[i];
            if (chance(RY_WEB_FRAMES * i / 4 + 1) != 0)
                continue;
            if (chance(8) == 0)
                r->has = r->has == 0 || chance(4) == 0 ? 0 : ry_web_ring_find(&ring, r->cursor);
            read_on(r, 1 + chance(400));
            if (r->has != maker.number)
                continue;
            json_t *wanted = without_nulls(state);
            ck_assert_msg(json_equal(r->state, wanted), "reader %u, turn %u: %s\nnot %s", i, turn,
                          json_dumps(r->state, 0), json_dumps(wanted, 0));
            json_decref(wanted);
        }
    }
    unsigned lapped = 0, deltas = 0;
    for (unsigned i = 0; i < READERS; i++) {
        lapped += reader[i].lapped;
        deltas += reader[i].deltas;
        json_decref(reader[i].state);
    }
    ck_assert_uint_gt(lapped, 3); /* all that can happen did */
    ck_assert_uint_gt(deltas, TURNS);
    json_decref(state);
    close_all();
}
END_TEST

/* ---- rows ------------------------------------------------------------------------------------ */

static void tell(enum ry_results_row_kind kind, uint64_t input)
{
    struct ry_results_row row = {.kind = kind, .key = {.input = input, .n = 1}};
    ry_web_maker_row(&maker, &row);
}

/* More rows than a frame has: what matters first is kept, in the order in which it happened, and
 * the others are counted. */
START_TEST(rows_that_matter_are_kept_first)
{
    static struct ry_results_instrument instrument = {.symbol = "A"};
    static struct ry_results results = {.instruments = 1, .instrument = &instrument};
    struct ry_web_frame *frame;
    open_all();
    make(1);
    for (unsigned i = 0; i < 3 * RY_WEB_FRAME_ROWS; i++) {
        tell(RY_RESULTS_ROW_ACK, 10 + 4 * i);
        tell(RY_RESULTS_ROW_MARKET_TRADE, 11 + 4 * i);
        if (i < 50)
            tell(RY_RESULTS_ROW_ROUND, 12 + 40 * i);
    }
    ry_web_maker_turn(&maker, json_pack("{s:i}", "n", 1), BATTLE, 5000, &results);
    take_all();
    ck_assert_int_eq(ry_web_ring_next(&ring, FIRST + 1, &frame), RY_WEB_NEXT_FRAME);
    json_t *text = text_of(frame), *rows = json_object_get(text, "rows");
    ck_assert_uint_eq(json_array_size(rows), RY_WEB_FRAME_ROWS);
    ck_assert_int_eq(json_integer_value(json_object_get(text, "rows_left_out")),
                     6 * RY_WEB_FRAME_ROWS + 50 - RY_WEB_FRAME_ROWS);
    unsigned rounds = 0;
    json_int_t last = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *type = json_string_value(json_object_get(row, "type"));
        const json_t *number = json_object_get(row, "input");
        const json_int_t input =
            json_is_string(number) ? atoll(json_string_value(number)) : json_integer_value(number);
        ck_assert_int_gt(input, last);
        last = input;
        rounds += strcmp(type, "round") == 0;
        ck_assert_str_ne(type, "ack");
    }
    ck_assert_uint_eq(rounds, 50);
    json_decref(text);
    close_all();
}
END_TEST

/* ---- bytes ----------------------------------------------------------------------------------- */

static const size_t lengths[] = {0, 1, 20, 21, 60, 65400, 65535, 65536, 70000, 200000};

/* RFC 6455, 5.2, and the event stream of HTML, 9.2.6. */
START_TEST(both_forms_have_the_same_text)
{
    char *body = calloc(1, lengths[_i] + 8);
    strcpy(body, "\"x\":\"");
    memset(body + 5, 'y', lengths[_i]);
    strcat(body, "\"");
    struct ry_web_frame *frame = ry_web_frame_delta("01234567-2-3", "01234567-1-2", 2, 3, body);
    const struct ry_web_bytes *ws = &frame->wire[RY_WEB_WEBSOCKET], *sse = &frame->wire[RY_WEB_SSE];
    const uint8_t *at = (const uint8_t *)ws->at;
    const unsigned more = at[1] < 126 ? 0 : at[1] == 126 ? 2 : 8;
    uint64_t length = more == 0 ? at[1] : 0;
    for (unsigned i = 0; i < more; i++)
        length = length << 8 | at[2 + i];
    ck_assert_uint_eq(at[0], 0x81);
    ck_assert_uint_eq(ws->bytes, 2 + more + length);
    ck_assert(more == 0 || (more == 2 && length > 125) || length > 65535);
    const char head[] = "id: 01234567-2-3\nevent: delta\ndata: ";
    ck_assert_uint_eq(sse->bytes, strlen(head) + length + 2);
    ck_assert_mem_eq(sse->at, head, strlen(head));
    ck_assert_mem_eq(sse->at + strlen(head), ws->at + 2 + more, length);
    ck_assert_mem_eq(sse->at + sse->bytes - 2, "\n\n", 2);
    ry_web_frame_drop(frame);
    free(body);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_ring");
    TCase *t = tcase_create("web_ring");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, a_reader_goes_on_behind_every_frame_there_is);
    tcase_add_test(t, what_is_no_cursor_is_told);
    tcase_add_test(t, a_pause_without_readers_is_a_gap);
    tcase_add_test(t, another_battle_in_the_same_place_is_a_snapshot_for_all);
    tcase_add_loop_test(t, a_reader_has_exactly_the_state, 0, 6);
    tcase_add_test(t, rows_that_matter_are_kept_first);
    tcase_add_loop_test(t, both_forms_have_the_same_text, 0, sizeof lengths / sizeof *lengths);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
