#include "tests/support/past_rig.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/results/follow.h"

#define BLOCK_BYTES 16384
#define REFS        400
#define PRICES      60
#define TICK        5

struct ry_input_battle ry_test_past_battle(uint16_t instruments, uint16_t agents, int64_t to)
{
    struct ry_input_battle battle = ry_test_arena_battle(2000, instruments, agents);
    battle.trade_from = 10 * RY_NS_PER_SECOND;
    battle.trade_to = to;
    battle.round_ns = 100 * RY_NS_PER_SECOND;
    battle.haircut_ppm = 10000;
    return battle;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write_input(struct ry_test_past *past, const union ry_input_any *input)
{
    void *room;
    while ((room = ry_journal_writer_room(past->writer)) == NULL)
        ck_assert_int_ge(ry_journal_writer_poll(past->writer, 0), 0);
    memcpy(room, input, sizeof *input);
    ck_assert_int_eq(ry_journal_writer_took(past->writer, input->head.slots, past->slot, 0), 0);
    past->slot += input->head.slots;
}

static void put(struct ry_test_past *past, const union ry_input_any *input)
{
    stage_put(past->stage, input);
    write_input(past, input);
}

static void put_at(struct ry_test_past *past, uint8_t kind, int64_t time)
{
    const union ry_input_any input = {.head = {.kind = kind, .slots = 1, .time = time}};
    past->stage->rig.time = time;
    put(past, &input);
}

void ry_test_past_open(struct ry_test_past *past, uint64_t seed,
                       const struct ry_input_battle *battle)
{
    struct ry_journal_options options = journal_options(false);
    memset(past, 0, sizeof *past);
    past->folder = journal_folder_make();
    past->writer = calloc(1, sizeof *past->writer);
    past->stage = calloc(1, sizeof *past->stage);
    ck_assert(past->writer != NULL && past->stage != NULL);
    past->flow = (struct ry_test_flow){.rng = {.x = seed * 2 + 1},
                                       .refs = REFS,
                                       .prices = PRICES,
                                       .instruments = battle->instruments,
                                       .agents = battle->agents,
                                       .tick = TICK};
    options.battle_id = stage_id;
    options.block_bytes = BLOCK_BYTES;
    ck_assert_int_eq(ry_journal_writer_open(past->writer, past->folder.path, &options), 0);
    stage_open(past->stage, battle, NULL);
    stage_describe(past->stage, battle, INT64_MAX);
    ck_assert_uint_le(past->stage->inputs, STAGE_KEPT);
    for (uint64_t i = 0; i < past->stage->inputs; i++)
        write_input(past, &past->stage->kept[i]);
}

void ry_test_past_add(struct ry_test_past *past, unsigned inputs)
{
    const struct ry_arena *arena = past->stage->rig.arena;
    int64_t time = past->stage->rig.time;
    for (unsigned i = 0; i < inputs; i++) {
        if (ry_test_rng_below(&past->flow.rng, 3) == 0)
            time += ry_test_rng_below(&past->flow.rng, 1000000000);
        if (time > past->stage->results.battle.trade_to)
            break;
        while (ry_arena_next_moment(arena) <= time)
            put_at(past, RY_IN_TIME, ry_arena_next_moment(arena));
        past->stage->rig.time = time;
        const union ry_input_any input = ry_test_flow_next(&past->flow, time);
        put(past, &input);
    }
    ck_assert_int_eq(ry_journal_writer_flush(past->writer, 0), 0);
}

void ry_test_past_end(struct ry_test_past *past)
{
    const int64_t to = past->stage->results.battle.trade_to, time = past->stage->rig.time;
    const int64_t end = to == RY_TIME_NEVER ? time : to;
    while (ry_arena_next_moment(past->stage->rig.arena) <= end)
        put_at(past, RY_IN_TIME, ry_arena_next_moment(past->stage->rig.arena));
    put_at(past, RY_IN_END, end);
    while (!ry_journal_writer_finished(past->writer))
        ck_assert_int_ge(ry_journal_writer_poll(past->writer, 0), 0);
    past->ended = true;
}

void ry_test_past_close(struct ry_test_past *past)
{
    ry_journal_writer_close(past->writer);
    stage_close(past->stage);
    free(past->writer);
    free(past->stage);
    journal_folder_remove(&past->folder);
}

/* ---- looking on ------------------------------------------------------------------------------ */

struct ry_past *ry_test_past_look(const struct ry_test_past *past, uint64_t every)
{
    const struct ry_past_options options = {.every_inputs = every};
    char error[RY_JOURNAL_TEXT_BYTES];
    struct ry_past *opened = ry_past_open(past->folder.path, &options, error, sizeof error);
    ck_assert_msg(opened != NULL, "%s", error);
    return opened;
}

json_t *ry_test_past_course(const struct ry_film *film, unsigned columns)
{
    char *body;
    size_t bytes;
    json_error_t error;
    ck_assert_int_eq(ry_film_course_json(film, columns, &body, &bytes), RY_FILM_OK);
    json_t *course = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(course != NULL, "%s at %d", error.text, error.position);
    free(body);
    return course;
}

/* ---- from the start -------------------------------------------------------------------------- */

struct ry_test_past_state ry_test_past_state_valued(const struct ry_results *results,
                                                    const struct ry_arena *arena)
{
    const uint64_t figures[] = {results->input,   results->n,     results->round,
                                results->samples, results->looks, (uint64_t)results->time,
                                results->ended};
    return (struct ry_test_past_state){
        .state = ry_arena_state_hash(arena),
        .book = ry_arena_book_hash(arena),
        .results = XXH3_64bits_withSeed(results->memory, results->memory_bytes,
                                        XXH3_64bits(figures, sizeof figures))};
}

struct ry_test_past_state ry_test_past_state_of(struct ry_results *results,
                                                const struct ry_arena *arena)
{
    ry_results_value(results, arena);
    return ry_test_past_state_valued(results, arena);
}

struct taker {
    const struct ry_results *results;
    void (*row)(void *context, const struct ry_results *results, const struct ry_results_row *row);
    void *context;
};

static void on_row(void *context, const struct ry_results_row *row)
{
    const struct taker *taker = context;
    if (taker->row != NULL)
        taker->row(taker->context, taker->results, row);
}

void ry_test_past_follow(const char *directory,
                         void (*look)(void *context, uint64_t input, struct ry_results *results,
                                      const struct ry_arena *arena),
                         void (*row)(void *context, const struct ry_results *results,
                                     const struct ry_results_row *row),
                         void *context)
{
    struct ry_follow *follow = calloc(1, sizeof *follow);
    struct ry_results results;
    struct taker taker = {.results = &results, .row = row, .context = context};
    char error[RY_JOURNAL_TEXT_BYTES];
    ck_assert_ptr_nonnull(follow);
    ck_assert_msg(ry_follow_open(follow, directory, error, sizeof error) == 0, "%s", error);
    ry_results_open(&results, &follow->reader.file.battle_id, NULL);
    results.row = on_row;
    results.context = &taker;
    while (ry_results_step(&results, follow, 1) == 1)
        if (look != NULL)
            look(context, follow->inputs, &results, ry_follow_arena(follow));
    ry_results_close(&results);
    ry_follow_close(follow);
    free(follow);
}
