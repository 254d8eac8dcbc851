/* Orders in book order, references, ids: section 1 of docs/MATCHING.md. */
#include "tests/model/observer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void ry_model_grow(void *array, size_t count, size_t *room, size_t element_bytes)
{
    if (count < *room)
        return;
    void *old;
    memcpy(&old, array, sizeof old);
    *room = *room == 0 ? 16 : *room * 2;
    void *grown = realloc(old, *room * element_bytes);
    assert(grown != NULL);
    memcpy(array, &grown, sizeof grown);
}

bool ry_model_at_or_better(enum ry_side side, int64_t price, int64_t other)
{
    return side == RY_BUY ? price >= other : price <= other;
}

bool ry_model_is_trading(const struct ry_model *model, uint16_t instrument)
{
    const struct ry_model_instrument *in = &model->instrument[instrument];
    return !in->closed && !in->halted && model->begun;
}

uint64_t ry_model_live(const struct ry_model *model)
{
    uint64_t live = 0;
    for (uint32_t i = 0; i < model->instruments; i++)
        live += model->instrument[i].side[RY_BUY].count + model->instrument[i].side[RY_SELL].count;
    return live;
}

struct ry_model_order *ry_model_find(const struct ry_model *model, uint16_t instrument,
                                     uint64_t ref)
{
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[instrument].side[side];
        for (size_t i = 0; i < book->count; i++) {
            struct ry_model_order *order = book->order[i];
            if (order->owner == RY_OWNER_RECORDED && order->ref == ref && order->rec > 0)
                return order;
        }
    }
    return NULL;
}

bool ry_model_recorded_best(const struct ry_model *model, uint16_t instrument, enum ry_side side,
                            int64_t *price)
{
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    for (size_t i = 0; i < book->count; i++) {
        if (book->order[i]->rec > 0) {
            *price = book->order[i]->price;
            return true;
        }
    }
    return false;
}

/* The id given back last; if there is none, the smallest never used. */
static uint32_t take_id(struct ry_model *model)
{
    if (model->given_back_count > 0)
        return model->given_back[--model->given_back_count];
    return ++model->ids_used;
}

static void give_back_id(struct ry_model *model, uint32_t id)
{
    ry_model_grow(&model->given_back, model->given_back_count, &model->given_back_room,
                  sizeof *model->given_back);
    model->given_back[model->given_back_count++] = id;
}

struct ry_model_order *ry_model_rest(struct ry_model *model, const struct ry_model_order *order)
{
    struct ry_model_side *book = &model->instrument[order->instrument].side[order->side];
    struct ry_model_order *resting = malloc(sizeof *resting);
    assert(resting != NULL);
    *resting = *order;
    resting->id = take_id(model);
    resting->arrival = ++model->arrivals;

    size_t at = 0; /* behind all whose price is its own or better */
    while (at < book->count &&
           ry_model_at_or_better(order->side, book->order[at]->price, order->price))
        at++;
    ry_model_grow(&book->order, book->count, &book->room, sizeof(struct ry_model_order *));
    for (size_t i = book->count; i > at; i--)
        book->order[i] = book->order[i - 1];
    book->order[at] = resting;
    book->count++;
    ry_model_observe(model, RY_MODEL_SEEN_RESTED, (struct ry_model_facts){.order = resting});
    if (resting->open > 0)
        ry_model_change(model, resting, RY_MKF_NEW);
    return resting;
}

void ry_model_leave(struct ry_model *model, struct ry_model_order *order)
{
    ry_model_observe(model, RY_MODEL_SEEN_LEFT, (struct ry_model_facts){.order = order});
    if (order->open > 0) {
        order->open = 0;
        ry_model_change(model, order, 0);
    }
    struct ry_model_side *book = &model->instrument[order->instrument].side[order->side];
    size_t at = 0;
    while (book->order[at] != order) {
        at++;
        assert(at < book->count);
    }
    book->count--;
    for (size_t i = at; i < book->count; i++)
        book->order[i] = book->order[i + 1];
    give_back_id(model, order->id);
    free(order);
}

bool ry_model_leave_if_spent(struct ry_model *model, struct ry_model_order *order)
{
    const bool recorded = order->owner == RY_OWNER_RECORDED;
    if (recorded ? order->rec > 0 || order->surplus > 0 : order->open > 0)
        return false;
    ry_model_leave(model, order);
    return true;
}
