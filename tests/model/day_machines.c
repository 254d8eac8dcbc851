/* The machines that the scripted days are run against. */
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/model/model.h"
#include "tests/support/day.h"

struct arena_box {
    void *memory;
    size_t bytes;
    struct ry_arena *arena;
};

static void *arena_create(const struct ry_input_battle *battle)
{
    size_t bytes = ry_arena_footprint(battle);
    struct arena_box *box = calloc(1, sizeof *box);
    if (bytes == 0 || box == NULL)
        goto fail;
    box->bytes = bytes;
    box->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (box->memory == MAP_FAILED)
        goto fail;
    box->arena = ry_arena_create(box->memory, bytes, battle);
    return box;
fail:
    free(box);
    return NULL;
}

static void arena_destroy(void *machine)
{
    struct arena_box *box = machine;
    munmap(box->memory, box->bytes);
    free(box);
}

static enum ry_arena_applied arena_apply(void *machine, const union ry_input_any *input,
                                         const struct ry_arena_sink *sink)
{
    return ry_arena_apply(((struct arena_box *)machine)->arena, input, sink);
}

static void arena_walk(void *machine, uint16_t instrument, enum ry_side side,
                       bool (*visit)(void *context, const struct ry_arena_book_order *order),
                       void *context)
{
    ry_arena_walk(((struct arena_box *)machine)->arena, instrument, side, visit, context);
}

static __int128 arena_cash(void *machine, uint16_t agent)
{
    struct ry_arena_account account;
    ry_arena_account(((struct arena_box *)machine)->arena, agent, &account);
    return account.cash;
}

static int64_t arena_position(void *machine, uint16_t agent, uint16_t instrument)
{
    return ry_arena_position(((struct arena_box *)machine)->arena, agent, instrument);
}

static void arena_account(void *machine, uint16_t agent, struct ry_arena_account *out)
{
    ry_arena_account(((struct arena_box *)machine)->arena, agent, out);
}

static void arena_game(void *machine, struct ry_test_day_game *out)
{
    const struct ry_arena *arena = ((struct arena_box *)machine)->arena;
    *out = (struct ry_test_day_game){.round = ry_arena_round(arena),
                                     .decided = ry_arena_decided(arena),
                                     .moment = ry_arena_next_moment(arena)};
}

static const struct ry_arena_counters *arena_counters(void *machine)
{
    return ry_arena_counters(((struct arena_box *)machine)->arena);
}

static void *model_create(const struct ry_input_battle *battle)
{
    (void)battle;
    return ry_model_create();
}

static void model_destroy(void *machine)
{
    ry_model_destroy(machine);
}

static enum ry_arena_applied model_apply(void *machine, const union ry_input_any *input,
                                         const struct ry_arena_sink *sink)
{
    return ry_model_apply(machine, input, sink);
}

static void model_walk(void *machine, uint16_t instrument, enum ry_side side,
                       bool (*visit)(void *context, const struct ry_arena_book_order *order),
                       void *context)
{
    ry_model_walk(machine, instrument, side, visit, context);
}

static __int128 model_cash(void *machine, uint16_t agent)
{
    return ry_model_cash(machine, agent);
}

static int64_t model_position(void *machine, uint16_t agent, uint16_t instrument)
{
    return ry_model_position(machine, agent, instrument);
}

static void model_account(void *machine, uint16_t agent, struct ry_arena_account *out)
{
    *out = (struct ry_arena_account){.cash = ry_model_cash(machine, agent),
                                     .equity = ry_model_equity(machine, agent),
                                     .value = ry_model_value(machine, agent),
                                     .open_orders = ry_model_open_orders(machine, agent),
                                     .killed = ry_model_killed(machine, agent),
                                     .out = (uint8_t)ry_model_out(machine, agent),
                                     .fills = ry_model_round_fills(machine, agent),
                                     .rejects = ry_model_round_rejects(machine, agent)};
}

static void model_game(void *machine, struct ry_test_day_game *out)
{
    *out = (struct ry_test_day_game){.round = ry_model_round(machine),
                                     .decided = ry_model_decided(machine),
                                     .moment = ry_model_next_moment(machine)};
}

static const struct ry_arena_counters *model_counters(void *machine)
{
    return ry_model_counters(machine);
}

const struct ry_test_day_machine ry_test_day_machines[] = {
    {"core/arena", arena_create, arena_destroy, arena_apply, arena_walk, arena_cash, arena_position,
     arena_account, arena_game, arena_counters},
    {"tests/model", model_create, model_destroy, model_apply, model_walk, model_cash,
     model_position, model_account, model_game, model_counters},
    {0},
};
