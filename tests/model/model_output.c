/* Reports, market records and hashes: section 7 of docs/MATCHING.md. */
#include "tests/model/observer.h"

#include <assert.h>
#include <xxhash.h>

uint64_t ry_model_hash(uint64_t seed, const void *record, size_t bytes)
{
    return XXH3_64bits_withSeed(record, bytes, seed);
}

void *ry_model_running(void)
{
    XXH3_state_t *running = XXH3_createState();
    assert(running != NULL);
    XXH3_64bits_reset_withSeed(running, 1);
    return running;
}

void ry_model_running_add(void *running, const void *record, size_t bytes)
{
    XXH3_64bits_update(running, record, bytes);
}

uint64_t ry_model_running_hash(const void *running)
{
    return XXH3_64bits_digest(running);
}

void ry_model_running_end(void *running)
{
    XXH3_freeState(running);
}

/* What counts in a round, and whom insolvency is looked at for. */
static void count_report(struct ry_model_agent *to, uint8_t kind)
{
    if (kind == RY_RP_REJECTED) {
        to->rejects++;
    } else if (kind == RY_RP_FILL) {
        to->fills++;
        if (to->out == RY_OUT_NONE)
            to->look = true;
    }
}

void ry_model_report(struct ry_model *model, uint16_t agent, struct ry_report report)
{
    struct ry_model_agent *to = &model->agent[agent];
    count_report(to, report.kind);
    report.slots = sizeof report / RY_SLOT_PAYLOAD;
    report.agent = agent;
    report.seq = ++to->reports;
    report.group = model->counters.groups; /* this input's own is counted when it is delivered */
    report.time = model->time;
    report.cash = ry_model_clamp(to->account.cash);
    report.position = ry_model_position(model, agent, report.instrument);
    model->counters.reports++;
    ry_model_running_add(model->said_hash, &report, sizeof report);
    ry_model_observe(model, RY_MODEL_SEEN_REPORT, (struct ry_model_facts){.report = &report});
    if (model->sink != NULL)
        model->sink->report(model->sink->context, &report);
}

void ry_model_market(struct ry_model *model, struct ry_market record)
{
    record.slots = sizeof record / RY_SLOT_PAYLOAD;
    record.time = model->time;
    ry_model_grow(&model->group, model->group_count, &model->group_room, sizeof *model->group);
    model->group[model->group_count++] = record;
    ry_model_observe(model, RY_MODEL_SEEN_MARKET, (struct ry_model_facts){.market = &record});
}

void ry_model_game(struct ry_model *model, struct ry_game record)
{
    record.slots = sizeof record / RY_SLOT_PAYLOAD;
    record.time = model->time;
    ry_model_running_add(model->said_hash, &record, sizeof record);
    ry_model_observe(model, RY_MODEL_SEEN_GAME, (struct ry_model_facts){.game = &record});
    if (model->sink != NULL && model->sink->game != NULL)
        model->sink->game(model->sink->context, &record);
}

void ry_model_change(struct ry_model *model, const struct ry_model_order *order, uint8_t flags)
{
    ry_model_market(model, (struct ry_market){.kind = RY_MK_CHANGE,
                                              .instrument = order->instrument,
                                              .side = (uint8_t)order->side,
                                              .flags = flags,
                                              .price = order->price,
                                              .order = order->id,
                                              .qty = order->open});
}

void ry_model_trade(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty,
                    enum ry_side aggressor)
{
    ry_model_market(model, (struct ry_market){.kind = RY_MK_TRADE,
                                              .instrument = instrument,
                                              .side = (uint8_t)aggressor,
                                              .price = price,
                                              .qty = qty});
}

void ry_model_state(struct ry_model *model, uint16_t instrument, bool trading)
{
    ry_model_market(
        model,
        (struct ry_market){.kind = RY_MK_STATE, .instrument = instrument, .qty = trading ? 1 : 0});
}

void ry_model_flush(struct ry_model *model)
{
    if (model->group_count == 0)
        return;
    model->counters.groups++;
    model->group[model->group_count - 1].flags |= RY_MKF_LAST;
    for (size_t i = 0; i < model->group_count; i++) {
        struct ry_market *record = &model->group[i];
        record->group = model->counters.groups;
        model->counters.market_records++;
        ry_model_running_add(model->market_hash, record, sizeof *record);
        if (model->sink != NULL)
            model->sink->market(model->sink->context, record);
    }
    model->group_count = 0;
}
