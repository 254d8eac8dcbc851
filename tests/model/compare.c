#include "tests/model/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* One output record of any kind, as its bytes. */
struct record {
    size_t bytes;
    bool is_game;
    union {
        struct ry_report report;
        struct ry_market market;
        struct ry_game game;
        unsigned char byte[sizeof(struct ry_report)];
    };
};

struct output {
    struct record *record;
    size_t count, room;
};

struct ry_compare {
    void *memory;
    size_t bytes;
    struct ry_arena *arena;
    struct ry_model *model;
    struct output arena_out, model_out;
    uint64_t inputs;
    char error[4096];
};

static struct record *output_next(struct output *output)
{
    if (output->count == output->room) {
        output->room = output->room == 0 ? 1024 : 2 * output->room;
        output->record = realloc(output->record, output->room * sizeof *output->record);
        if (output->record == NULL)
            abort();
    }
    return &output->record[output->count++];
}

static void on_report(void *context, const struct ry_report *report)
{
    struct record *record = output_next(context);
    record->bytes = sizeof *report;
    record->is_game = false;
    memcpy(record->byte, report, sizeof *report);
}

static void on_market(void *context, const struct ry_market *market)
{
    struct record *record = output_next(context);
    record->bytes = sizeof *market;
    record->is_game = false;
    memcpy(record->byte, market, sizeof *market);
}

static void on_game(void *context, const struct ry_game *game)
{
    struct record *record = output_next(context);
    record->bytes = sizeof *game;
    record->is_game = true;
    memcpy(record->byte, game, sizeof *game);
}

struct ry_compare *ry_model_compare_create(const struct ry_input_battle *battle)
{
    size_t bytes = ry_arena_footprint(battle);
    if (bytes == 0)
        return NULL;
    struct ry_compare *compare = calloc(1, sizeof *compare);
    if (compare == NULL)
        abort();
    compare->bytes = bytes;
    compare->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (compare->memory == MAP_FAILED)
        abort();
    compare->arena = ry_arena_create(compare->memory, bytes, battle);
    compare->model = ry_model_create();
    if (compare->arena == NULL || compare->model == NULL)
        abort();
    return compare;
}

void ry_model_compare_destroy(struct ry_compare *compare)
{
    if (compare == NULL)
        return;
    ry_model_destroy(compare->model);
    munmap(compare->memory, compare->bytes);
    free(compare->arena_out.record);
    free(compare->model_out.record);
    free(compare);
}

static int print_record(char *text, size_t room, const struct record *record)
{
    if (record->is_game) {
        const struct ry_game *g = &record->game;
        return snprintf(
            text, room,
            "    game kind %u agent %u code %u T %lld score %lld value %lld rank %u round %u fills %u rejects %u\n",
            g->kind, g->agent, g->code, (long long)g->time, (long long)g->score,
            (long long)g->value, g->rank, g->round, g->fills, g->rejects);
    }
    if (record->bytes == sizeof(struct ry_market)) {
        const struct ry_market *m = &record->market;
        return snprintf(
            text, room,
            "    market kind %u instrument %u side %u flags %u group %llu T %lld price %lld order %u qty %u\n",
            m->kind, m->instrument, m->side, m->flags, (unsigned long long)m->group,
            (long long)m->time, (long long)m->price, m->order, m->qty);
    }
    const struct ry_report *r = &record->report;
    return snprintf(
        text, room,
        "    report kind %u agent %u instrument %u side %u flags %u code %u cause %u seq %llu group %llu "
        "cl %llu price %lld qty %u leaves %u order %u fee %lld cash %lld position %lld\n",
        r->kind, r->agent, r->instrument, r->side, r->flags, r->code, r->cause,
        (unsigned long long)r->seq, (unsigned long long)r->group, (unsigned long long)r->cl_ord_id,
        (long long)r->price, r->qty, r->leaves, r->order, (long long)r->fee, (long long)r->cash,
        (long long)r->position);
}

#define TELL_RECORDS_MAX 6

static size_t tell_output(char *text, size_t room, const char *who, const struct output *output,
                          size_t from)
{
    size_t used =
        (size_t)snprintf(text, room, "  %s: %zu records, from the first that differs (%zu):\n", who,
                         output->count, from);
    for (size_t i = from; i < output->count && i < from + TELL_RECORDS_MAX && used < room; i++)
        used += (size_t)print_record(text + used, room - used, &output->record[i]);
    return used < room ? used : room;
}

static bool differ(struct ry_compare *compare, const union ry_input_any *input, const char *what,
                   size_t from)
{
    const struct ry_input *e = &input->event;
    size_t room = sizeof compare->error;
    size_t used = (size_t)snprintf(
        compare->error, room,
        "input %llu: kind %u source %u instrument %u flags %u T %lld ref %llu ref_new %llu side %u price %lld qty %u: %s\n",
        (unsigned long long)compare->inputs, e->head.kind, e->head.source, e->head.instrument,
        e->head.flags, (long long)e->head.time, (unsigned long long)e->ref,
        (unsigned long long)e->ref_new, e->side, (long long)e->price, e->qty, what);
    used += tell_output(compare->error + used, room - used, "arena", &compare->arena_out, from);
    tell_output(compare->error + used, room - used, "model", &compare->model_out, from);
    return false;
}

bool ry_model_compare_apply(struct ry_compare *compare, const union ry_input_any *input)
{
    const struct ry_arena_sink arena_sink = {&compare->arena_out, on_report, on_market, on_game};
    const struct ry_arena_sink model_sink = {&compare->model_out, on_report, on_market, on_game};
    compare->arena_out.count = compare->model_out.count = 0;
    compare->inputs++;
    ry_arena_hint(compare->arena, input);
    enum ry_arena_applied a = ry_arena_apply(compare->arena, input, &arena_sink);
    enum ry_arena_applied m = ry_model_apply(compare->model, input, &model_sink);
    const struct output *x = &compare->arena_out, *y = &compare->model_out;
    for (size_t i = 0; i < x->count && i < y->count; i++)
        if (x->record[i].bytes != y->record[i].bytes ||
            x->record[i].is_game != y->record[i].is_game ||
            memcmp(x->record[i].byte, y->record[i].byte, x->record[i].bytes) != 0)
            return differ(compare, input, "outputs differ", i);
    if (x->count != y->count)
        return differ(compare, input, "one has more outputs",
                      x->count < y->count ? x->count : y->count);
    if (a != m)
        return differ(compare, input,
                      a == RY_ARENA_APPLIED ? "only the model calls it malformed"
                                            : "only the arena calls it malformed",
                      0);
    if (ry_arena_output_hash(compare->arena) != ry_model_output_hash(compare->model))
        return differ(compare, input, "output hashes differ", 0);
    if (ry_arena_next_moment(compare->arena) != ry_model_next_moment(compare->model))
        return differ(compare, input, "next moments differ", 0);
    return true;
}

static bool tell(struct ry_compare *compare, const char *what, unsigned a, unsigned b)
{
    snprintf(compare->error, sizeof compare->error, "after input %llu: %s (%u, %u)",
             (unsigned long long)compare->inputs, what, a, b);
    return false;
}

struct book {
    struct ry_arena_book_order *order;
    size_t count, room;
};

static bool on_order(void *context, const struct ry_arena_book_order *order)
{
    struct book *book = context;
    if (book->count == book->room) {
        book->room = book->room == 0 ? 256 : 2 * book->room;
        book->order = realloc(book->order, book->room * sizeof *book->order);
        if (book->order == NULL)
            abort();
    }
    book->order[book->count++] = *order;
    return true;
}

static bool look_book(struct ry_compare *compare, uint16_t instrument)
{
    bool same = true;
    for (unsigned side = RY_BUY; side <= RY_SELL && same; side++) {
        struct book a = {0}, m = {0};
        ry_arena_walk(compare->arena, instrument, (enum ry_side)side, on_order, &a);
        ry_model_walk(compare->model, instrument, (enum ry_side)side, on_order, &m);
        same = a.count == m.count &&
               (a.count == 0 || memcmp(a.order, m.order, a.count * sizeof *a.order) == 0);
        free(a.order);
        free(m.order);
        if (!same)
            return tell(compare, "books differ (instrument, side)", instrument, side);
    }
    struct ry_arena_market state;
    ry_arena_instrument(compare->arena, instrument, &state);
    int64_t last = 0;
    bool has_last = ry_model_last_price(compare->model, instrument, &last);
    if (state.trading != ry_model_trading(compare->model, instrument) ||
        state.has_last != has_last || (has_last && state.last_price != last) ||
        state.recorded_volume != ry_model_volume(compare->model, instrument) ||
        state.recorded_turnover != ry_model_turnover(compare->model, instrument))
        return tell(compare, "trading, last, volume or turnover differ (instrument)", instrument,
                    0);
    return true;
}

static bool look_account(struct ry_compare *compare, uint16_t agent, unsigned instruments)
{
    struct ry_arena_account account;
    ry_arena_account(compare->arena, agent, &account);
    if (account.cash != ry_model_cash(compare->model, agent))
        return tell(compare, "cash differs (agent)", agent, 0);
    if (agent != RY_OWNER_RECORDED &&
        (account.open_orders != ry_model_open_orders(compare->model, agent) ||
         account.killed != ry_model_killed(compare->model, agent)))
        return tell(compare, "open orders or the kill state differ (agent)", agent, 0);
    if (agent != RY_OWNER_RECORDED && (account.equity != ry_model_equity(compare->model, agent) ||
                                       account.value != ry_model_value(compare->model, agent)))
        return tell(compare, "equity or liquidation value differ (agent)", agent, 0);
    if (agent != RY_OWNER_RECORDED &&
        (account.out != ry_model_out(compare->model, agent) ||
         account.fills != ry_model_round_fills(compare->model, agent) ||
         account.rejects != ry_model_round_rejects(compare->model, agent)))
        return tell(compare, "why it is out, fills or rejects differ (agent)", agent, 0);
    for (unsigned i = 0; i < instruments; i++)
        if (ry_arena_position(compare->arena, agent, (uint16_t)i) !=
            ry_model_position(compare->model, agent, (uint16_t)i))
            return tell(compare, "positions differ (agent, instrument)", agent, i);
    return true;
}

bool ry_model_compare_look(struct ry_compare *compare)
{
    const struct ry_input_battle *battle = ry_model_battle(compare->model);
    unsigned instruments = battle == NULL ? 0 : battle->instruments;
    unsigned agents = battle == NULL ? 0 : battle->agents;
    for (unsigned i = 0; i < instruments; i++)
        if (ry_model_instrument(compare->model, (uint16_t)i) != NULL &&
            !look_book(compare, (uint16_t)i))
            return false;
    for (unsigned i = 0; i < agents; i++)
        if (!look_account(compare, (uint16_t)i, instruments))
            return false;
    if (battle != NULL && !look_account(compare, RY_OWNER_RECORDED, instruments))
        return false;
    if (ry_arena_fees(compare->arena) != ry_model_fees(compare->model))
        return tell(compare, "fees differ", 0, 0);
    if (!ry_arena_conserves(compare->arena) || !ry_model_conserves(compare->model))
        return tell(compare, "money or shares are not conserved", 0, 0);
    if (memcmp(ry_arena_counters(compare->arena), ry_model_counters(compare->model),
               sizeof(struct ry_arena_counters)) != 0) {
        const uint64_t *a = ry_arena_counters(compare->arena)->value;
        const uint64_t *m = ry_model_counters(compare->model)->value;
        unsigned i = 0;
        while (a[i] == m[i])
            i++;
        snprintf(compare->error, sizeof compare->error,
                 "after input %llu: counter %s: arena %llu, model %llu",
                 (unsigned long long)compare->inputs, ry_arena_counter_table.counter[i].name,
                 (unsigned long long)a[i], (unsigned long long)m[i]);
        return false;
    }
    if (ry_arena_input_hash(compare->arena) != ry_model_input_hash(compare->model) ||
        ry_arena_book_hash(compare->arena) != ry_model_book_hash(compare->model))
        return tell(compare, "the hash of the inputs or of the book differs", 0, 0);
    if (ry_arena_decided(compare->arena) != ry_model_decided(compare->model) ||
        ry_arena_round(compare->arena) != ry_model_round(compare->model))
        return tell(compare, "decided or the round differ (rounds)", ry_arena_round(compare->arena),
                    ry_model_round(compare->model));
    if (ry_arena_ended(compare->arena) != ry_model_ended(compare->model))
        return tell(compare, "only one has ended", 0, 0);
    return true;
}

const char *ry_model_compare_error(const struct ry_compare *compare)
{
    return compare->error;
}

const struct ry_model *ry_model_compare_model(const struct ry_compare *compare)
{
    return compare->model;
}
