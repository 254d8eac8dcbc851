#include "tests/support/day_words.h"

#include <string.h>

#define FIELD(type, field, name_)                                                                  \
    .name = name_, .offset = offsetof(type, field), .bytes = sizeof(((type *)0)->field),           \
    .is_signed = (__typeof__(((type *)0)->field))-1 < 1
#define SAME(type, field) FIELD(type, field, #field)
#define HEAD                                                                                       \
    {SAME(struct ry_input_head, kind)}, {SAME(struct ry_input_head, slots)},                       \
        {SAME(struct ry_input_head, instrument)}, {SAME(struct ry_input_head, source)},            \
        {SAME(struct ry_input_head, flags)}, {SAME(struct ry_input_head, time)},                   \
    {                                                                                              \
        SAME(struct ry_input_head, source_seq)                                                     \
    }

static const struct day_field event_fields[] = {
    HEAD,
    {SAME(struct ry_input, ref)},
    {SAME(struct ry_input, ref_new)},
    {SAME(struct ry_input, price)},
    {SAME(struct ry_input, qty)},
    {SAME(struct ry_input, side)},
    {.name = NULL},
};
static const struct day_field battle_fields[] = {
    HEAD,
    {SAME(struct ry_input_battle, seed)},
    {SAME(struct ry_input_battle, warmup_from)},
    {SAME(struct ry_input_battle, trade_from)},
    {SAME(struct ry_input_battle, trade_to)},
    {SAME(struct ry_input_battle, orders_max)},
    {SAME(struct ry_input_battle, instruments)},
    {SAME(struct ry_input_battle, agents)},
    {FIELD(struct ry_input_battle, fee_maker_ppm, "maker")},
    {FIELD(struct ry_input_battle, fee_taker_ppm, "taker")},
    {SAME(struct ry_input_battle, market)},
    {FIELD(struct ry_input_battle, round_ns, "round")},
    {SAME(struct ry_input_battle, min_fills)},
    {FIELD(struct ry_input_battle, haircut_ppm, "haircut")},
    {SAME(struct ry_input_battle, haircut_ticks)},
    {.name = NULL},
};
static const struct day_field instrument_fields[] = {
    HEAD,
    {FIELD(struct ry_input_instrument, price_scale, "scale")},
    {FIELD(struct ry_input_instrument, tick_size, "tick")},
    {FIELD(struct ry_input_instrument, money_per_unit, "money")},
    {.name = NULL},
};
static const struct day_field agent_fields[] = {
    HEAD,
    {SAME(struct ry_input_agent, cash)},
    {SAME(struct ry_input_agent, notional_max)},
    {SAME(struct ry_input_agent, position_max)},
    {SAME(struct ry_input_agent, quantity_max)},
    {SAME(struct ry_input_agent, open_orders_max)},
    {SAME(struct ry_input_agent, rate_max)},
    {FIELD(struct ry_input_agent, collar_ppm, "collar")},
    {SAME(struct ry_input_agent, collar_ticks)},
    {SAME(struct ry_input_agent, loss_max)},
    {.name = NULL},
};
static const struct day_field decision_fields[] = {
    HEAD,
    {SAME(struct ry_input_decision, ref)},
    {SAME(struct ry_input_decision, intent)},
    {SAME(struct ry_input_decision, count)},
    {FIELD(struct ry_input_decision, feature[0], "feature")},
    {.name = NULL},
};
static const struct day_field report_fields[] = {
    {SAME(struct ry_report, kind)},       {SAME(struct ry_report, slots)},
    {SAME(struct ry_report, instrument)}, {SAME(struct ry_report, side)},
    {SAME(struct ry_report, flags)},      {SAME(struct ry_report, code)},
    {SAME(struct ry_report, cause)},      {SAME(struct ry_report, seq)},
    {SAME(struct ry_report, group)},      {SAME(struct ry_report, time)},
    {SAME(struct ry_report, cl_ord_id)},  {SAME(struct ry_report, price)},
    {SAME(struct ry_report, qty)},        {SAME(struct ry_report, leaves)},
    {SAME(struct ry_report, order)},      {SAME(struct ry_report, agent)},
    {SAME(struct ry_report, fee)},        {SAME(struct ry_report, cash)},
    {SAME(struct ry_report, position)},   {.name = NULL},
};
static const struct day_field market_fields[] = {
    {SAME(struct ry_market, kind)},
    {SAME(struct ry_market, slots)},
    {SAME(struct ry_market, instrument)},
    {SAME(struct ry_market, side)},
    {SAME(struct ry_market, flags)},
    {SAME(struct ry_market, group)},
    {SAME(struct ry_market, time)},
    {SAME(struct ry_market, price)},
    {SAME(struct ry_market, order)},
    {SAME(struct ry_market, qty)},
    {.name = NULL},
};
static const struct day_field game_fields[] = {
    {SAME(struct ry_game, kind)},  {SAME(struct ry_game, slots)},   {SAME(struct ry_game, agent)},
    {SAME(struct ry_game, code)},  {SAME(struct ry_game, time)},    {SAME(struct ry_game, score)},
    {SAME(struct ry_game, value)}, {SAME(struct ry_game, rank)},    {SAME(struct ry_game, round)},
    {SAME(struct ry_game, fills)}, {SAME(struct ry_game, rejects)}, {.name = NULL},
};
static const struct day_field state_fields[] = {
    {SAME(struct ry_test_day_game, round)},
    {SAME(struct ry_test_day_game, decided)},
    {SAME(struct ry_test_day_game, moment)},
    {.name = NULL},
};
static const struct day_field book_fields[] = {
    {SAME(struct ry_arena_book_order, rec)},
    {SAME(struct ry_arena_book_order, surplus)},
    {.name = NULL},
};
static const struct day_field counter_fields[] = {
#define RY_COUNTER(name, kind, unit, sentence, remedy) {SAME(struct ry_arena_counters, name)},
#include "core/arena/counters.def"
#undef RY_COUNTER
    {.name = NULL},
};

const struct day_record day_record_event = {sizeof(struct ry_input), event_fields};
const struct day_record day_record_battle = {sizeof(struct ry_input_battle), battle_fields};
const struct day_record day_record_instrument = {sizeof(struct ry_input_instrument),
                                                 instrument_fields};
const struct day_record day_record_agent = {sizeof(struct ry_input_agent), agent_fields};
const struct day_record day_record_decision = {sizeof(struct ry_input_decision), decision_fields};
const struct day_record day_record_game = {sizeof(struct ry_game), game_fields};
const struct day_record day_record_state = {sizeof(struct ry_test_day_game), state_fields};
const struct day_record day_record_report = {sizeof(struct ry_report), report_fields};
const struct day_record day_record_market = {sizeof(struct ry_market), market_fields};
const struct day_record day_record_book = {sizeof(struct ry_arena_book_order), book_fields};
const struct day_record day_record_counters = {sizeof(struct ry_arena_counters), counter_fields};

#define WORD(enumerator, number, name, sentence, remedy) {name, enumerator},
static const struct day_code rejects[] = {
#define RY_CODE_REJECT WORD
#include "shm/records/codes.def"
    {NULL, 0},
};
static const struct day_code cancels[] = {
#define RY_CODE_CANCEL WORD
#include "shm/records/codes.def"
    {NULL, 0},
};
static const struct day_code causes[] = {
#define RY_CODE_CAUSE WORD
#include "shm/records/codes.def"
    {NULL, 0},
};
static const struct day_code outs[] = {
#define RY_CODE_OUT WORD
#include "shm/records/codes.def"
    {NULL, 0},
};
const struct day_code day_sides[] = {
#define RY_CODE_SIDE WORD
#include "shm/records/codes.def"
    {NULL, 0},
};
#undef WORD

/* A report never says the first, none. */
const struct day_code *const day_rejects = rejects + 1;
const struct day_code *const day_cancels = cancels + 1;
const struct day_code *const day_causes = causes + 1;
const struct day_code *const day_outs = outs + 1;

int64_t day_field_get(const struct day_field *field, const void *record)
{
    uint64_t value = 0;
    memcpy(&value, (const char *)record + field->offset,
           field->bytes); /* little endian, as all of royale */
    if (field->is_signed && field->bytes < 8) {
        unsigned shift = 64 - 8 * (unsigned)field->bytes;
        return (int64_t)(value << shift) >> shift;
    }
    return (int64_t)value;
}

bool day_field_set(const struct day_field *field, void *record, int64_t value)
{
    memcpy((char *)record + field->offset, &value, field->bytes);
    return day_field_get(field, record) == value;
}

const char *day_code_word(const struct day_code *codes, uint8_t code)
{
    for (; codes->word != NULL; codes++)
        if (codes->code == code)
            return codes->word;
    return NULL;
}

bool day_code_find(const struct day_code *codes, const char *word, uint8_t *code)
{
    for (; codes->word != NULL; codes++) {
        if (strcmp(codes->word, word) == 0) {
            *code = codes->code;
            return true;
        }
    }
    return false;
}
