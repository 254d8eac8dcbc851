/* Recorded trades, the last of them, and those that are broken: section 2 of docs/MATCHING.md. */
#include "tests/model/internal.h"
#include "tests/model/record.h"

void ry_model_record_trade(struct ry_model *model, uint16_t instrument, uint64_t match,
                           int64_t price, uint32_t qty)
{
    struct ry_model_instrument *in = &model->instrument[instrument];
    ry_model_grow(&model->trade, model->trade_count, &model->trade_room, sizeof *model->trade);
    in->has_last = true;
    in->last = model->trade_count;
    in->volume += qty;
    in->turnover += (__int128)price * qty;
    model->trade[model->trade_count++] = (struct ry_model_trade){
        .match = match, .price = price, .qty = qty, .instrument = instrument};
}

void ry_model_record_printed(struct ry_model *model, const struct ry_input *input,
                             const struct ry_model_order *order)
{
    const bool priced = (input->head.flags & RY_INF_PRICED) != 0;
    if ((input->head.flags & RY_INF_PRINTED) != 0)
        ry_model_record_trade(model, input->head.instrument, input->ref_new,
                              priced ? input->price : order->price, input->qty);
}

/* The place of the oldest trade that is remembered. */
static size_t oldest(const struct ry_model *model)
{
    return model->trade_count > RY_TRADES_KEPT ? model->trade_count - RY_TRADES_KEPT : 0;
}

bool ry_model_find_trade(const struct ry_model *model, uint16_t instrument, const uint64_t *match,
                         size_t *place)
{
    for (size_t i = model->trade_count; i > oldest(model); i--) {
        const struct ry_model_trade *trade = &model->trade[i - 1];
        if (trade->instrument == instrument && !trade->is_broken &&
            (match == NULL || trade->match == *match)) {
            *place = i - 1;
            return true;
        }
    }
    return false;
}

bool ry_model_match(const struct ry_model *model, uint16_t instrument, size_t back, uint64_t *match)
{
    for (size_t i = model->trade_count; i > oldest(model); i--) {
        const struct ry_model_trade *trade = &model->trade[i - 1];
        if (trade->instrument != instrument || trade->is_broken || back-- > 0)
            continue;
        *match = trade->match;
        return true;
    }
    return false;
}

void ry_model_broken(struct ry_model *model, const struct ry_input *input)
{
    const uint16_t instrument = input->head.instrument;
    struct ry_model_instrument *in = &model->instrument[instrument];
    size_t place;
    if (input->ref == 0 || !ry_model_find_trade(model, instrument, &input->ref, &place)) {
        model->counters.unknown_broken++;
        return;
    }
    struct ry_model_trade *trade = &model->trade[place];
    trade->is_broken = true;
    in->volume -= trade->qty;
    in->turnover -= (__int128)trade->price * trade->qty;
    if (in->last == place)
        in->has_last = ry_model_find_trade(model, instrument, NULL, &in->last);
}
