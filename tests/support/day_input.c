#include "tests/support/day_words.h"

#include <stdio.h>
#include <string.h>

struct event_kind {
    const char *word;
    uint8_t kind;
    unsigned needed, allowed; /* enum day_part */
    struct {
        const char *word;
        uint16_t flag; /* set by the word */
        int8_t qty;    /* or: the quantity that it stands for; -1: none */
    } words[2];
};

static const struct event_kind event_kinds[] = {
    {.word = "time", .kind = RY_IN_TIME},
    {.word = "end", .kind = RY_IN_END},
    {.word = "add",
     .kind = RY_IN_ADD,
     .needed = DAY_REF | DAY_SIDE | DAY_QTY | DAY_PRICE,
     .allowed = DAY_INSTRUMENT,
     .words = {{"snapshot", RY_INF_SNAPSHOT, -1}}},
    {.word = "exec",
     .kind = RY_IN_EXEC,
     .needed = DAY_REF | DAY_QTY,
     .allowed = DAY_INSTRUMENT | DAY_PRICE,
     .words = {{"printed", RY_INF_PRINTED, -1}}},
    {.word = "cancel",
     .kind = RY_IN_CANCEL,
     .needed = DAY_REF | DAY_QTY,
     .allowed = DAY_INSTRUMENT,
     .words = {{"all", RY_INF_ALL, -1}}},
    {.word = "replace",
     .kind = RY_IN_REPLACE,
     .needed = DAY_REF | DAY_REF_NEW | DAY_QTY | DAY_PRICE,
     .allowed = DAY_INSTRUMENT},
    {.word = "print",
     .kind = RY_IN_PRINT,
     .needed = DAY_QTY | DAY_PRICE,
     .allowed = DAY_INSTRUMENT},
    {.word = "auction",
     .kind = RY_IN_AUCTION,
     .needed = DAY_REF | DAY_QTY,
     .allowed = DAY_INSTRUMENT | DAY_PRICE,
     .words = {{"printed", RY_INF_PRINTED, -1}}},
    {.word = "last",
     .kind = RY_IN_LAST,
     .needed = DAY_QTY | DAY_PRICE,
     .allowed = DAY_INSTRUMENT | DAY_SIDE},
    {.word = "clear", .kind = RY_IN_CLEAR, .allowed = DAY_INSTRUMENT},
    {.word = "broken", .kind = RY_IN_BROKEN, .needed = DAY_REF, .allowed = DAY_INSTRUMENT},
    {.word = "incomplete", .kind = RY_IN_INCOMPLETE, .needed = DAY_QTY},
    {.word = "state",
     .kind = RY_IN_STATE,
     .allowed = DAY_INSTRUMENT,
     .words =
         {
#define RY_CODE_STATE(enumerator, number, name, sentence, remedy) {name, 0, enumerator},
#include "shm/records/codes.def"
         }},
    {.word = "session",
     .kind = RY_IN_SESSION,
     .words =
         {
#define RY_CODE_SESSION(enumerator, number, name, sentence, remedy) {name, 0, enumerator},
#include "shm/records/codes.def"
         }},
    {.word = "order",
     .kind = RY_IN_ORDER,
     .needed = DAY_AGENT | DAY_CL_ORD_ID | DAY_SIDE | DAY_QTY,
     .allowed = DAY_INSTRUMENT | DAY_PRICE,
     .words = {{"market", RY_INF_MARKET, -1}, {"ioc", RY_INF_IOC, -1}}},
    {.word = "died",
     .kind = RY_IN_AGENT_DIED,
     .needed = DAY_AGENT,
     .words = {{"stalled", RY_INF_STALLED, -1}, {"wall", RY_INF_WALL, -1}}},
    {.word = "input", .kind = RY_IN_NONE, .allowed = DAY_INSTRUMENT},
};

static const struct event_kind cancel_order = {
    .word = "cancel",
    .kind = RY_IN_ORDER_CANCEL,
    .needed = DAY_AGENT | DAY_CL_ORD_ID,
};

static uint16_t source_of(uint8_t kind, uint16_t agent, uint16_t instrument,
                          const struct day_names *names)
{
    switch (kind) {
    case RY_IN_TIME:
    case RY_IN_END: return RY_SOURCE_CLOCK;
    case RY_IN_AGENT_DIED: return RY_SOURCE_CONTROL;
    case RY_IN_ORDER:
    case RY_IN_ORDER_CANCEL: return (uint16_t)(RY_SOURCE_AGENT + agent);
    default: return instrument < names->instruments ? names->source[instrument] : RY_SOURCE_FEED;
    }
}

static const struct event_kind *event_find(const char *word, const struct day_phrase *phrase)
{
    if (strcmp(word, "cancel") == 0 && (phrase->parts & DAY_AGENT) != 0)
        return &cancel_order;
    for (unsigned i = 0; i < sizeof event_kinds / sizeof event_kinds[0]; i++)
        if (strcmp(event_kinds[i].word, word) == 0)
            return &event_kinds[i];
    return NULL;
}

/* The words of the kind: flags, or the state that the quantity says. */
static bool event_words(const struct event_kind *kind, struct day_phrase *phrase,
                        struct ry_input *event, char *why)
{
    bool qty_missing = false;
    for (unsigned i = 0; i < 2 && kind->words[i].word != NULL; i++) {
        bool is_qty = kind->words[i].qty >= 0;
        bool there = day_phrase_take(phrase, kind->words[i].word);
        if (is_qty && !there) {
            qty_missing = i == 0 ? true : qty_missing;
        } else if (is_qty) {
            qty_missing = false;
            event->qty = (uint32_t)kind->words[i].qty;
        } else if (there) {
            event->head.flags |= kind->words[i].flag;
        }
    }
    return qty_missing ? day_why(why, "'%s' needs '%s' or '%s'", kind->word, kind->words[0].word,
                                 kind->words[1].word)
                       : true;
}

static bool event_read(const char *word, struct day_phrase *phrase, const struct day_reader *reader,
                       struct ry_input *event, char *why)
{
    const struct event_kind *kind = event_find(word, phrase);
    if (kind == NULL)
        return day_why(why, "'%s' is no input", word);
    if (!day_phrase_parts(phrase, kind->needed, kind->allowed, why))
        return false;
    event->head = (struct ry_input_head){
        .kind = kind->kind,
        .slots = 1,
        .instrument = phrase->instrument,
        .source = source_of(kind->kind, phrase->agent, phrase->instrument, &reader->names),
        .time = reader->time,
    };
    bool is_command = kind->kind == RY_IN_ORDER || kind->kind == RY_IN_ORDER_CANCEL;
    event->ref = is_command ? phrase->cl_ord_id : phrase->ref;
    event->ref_new = phrase->ref_new;
    event->price = phrase->price;
    event->qty = kind->kind == RY_IN_AGENT_DIED ? phrase->agent : phrase->qty;
    event->side = (uint8_t)phrase->side;
    if (!event_words(kind, phrase, event, why))
        return false;
    bool has_price = (phrase->parts & DAY_PRICE) != 0;
    if ((kind->kind == RY_IN_EXEC || kind->kind == RY_IN_AUCTION) && has_price)
        event->head.flags |= RY_INF_PRICED;
    if (kind->kind == RY_IN_ORDER && !has_price && (event->head.flags & RY_INF_MARKET) == 0)
        return day_why(why, "an order has a price or is 'market'");
    return day_phrase_finish(phrase, &day_record_event, event, why);
}

static bool decision_read(struct day_phrase *phrase, const struct day_reader *reader,
                          struct ry_input_decision *decision, char *why)
{
    *decision = (struct ry_input_decision){
        .head = {.kind = RY_IN_DECISION,
                 .slots = 2,
                 .source = (uint16_t)(RY_SOURCE_AGENT + phrase->agent),
                 .time = reader->time},
        .ref = phrase->cl_ord_id,
    };
    return day_phrase_parts(phrase, DAY_AGENT, DAY_CL_ORD_ID, why) &&
           day_phrase_finish(phrase, &day_record_decision, decision, why);
}

static bool battle_read(struct day_phrase *phrase, const struct day_reader *reader,
                        struct ry_input_battle *battle, char *why)
{
    *battle = (struct ry_input_battle){
        .head = {.kind = RY_IN_BATTLE,
                 .slots = 3,
                 .source = RY_SOURCE_CONTROL,
                 .time = reader->time},
        .trade_to = RY_TIME_NEVER,
        .orders_max = 64,
        .instruments = (uint16_t)reader->instruments,
        .agents = (uint16_t)reader->agents,
        .market = RY_MARKET_MERGED,
        .name = "day",
    };
    return day_phrase_parts(phrase, 0, 0, why) &&
           day_phrase_finish(phrase, &day_record_battle, battle, why);
}

static bool instrument_read(struct day_phrase *phrase, bool malformed, struct day_reader *reader,
                            struct ry_input_instrument *instrument, char *why)
{
    struct day_names *names = &reader->names;
    const char *symbol = day_phrase_next(phrase);
    if (symbol == NULL || strlen(symbol) >= RY_SYMBOL_BYTES)
        return day_why(why, "an instrument has a symbol of 1..%d letters", RY_SYMBOL_BYTES - 1);
    if (names->instruments == DAY_INSTRUMENTS_MAX)
        return day_why(why, "a day has %d instruments at most", DAY_INSTRUMENTS_MAX);
    *instrument = (struct ry_input_instrument){
        .head = {.kind = RY_IN_INSTRUMENT,
                 .slots = 3,
                 .instrument = (uint16_t)names->instruments,
                 .source = RY_SOURCE_FEED,
                 .time = reader->time},
        .currency = "USD",
        .tick_size = 1,
        .money_per_unit = 1,
    };
    memcpy(instrument->symbol, symbol, strlen(symbol));
    if (!day_phrase_parts(phrase, 0, 0, why) ||
        !day_phrase_finish(phrase, &day_record_instrument, instrument, why))
        return false;
    if (!malformed) {
        memcpy(names->instrument[names->instruments], instrument->symbol, RY_SYMBOL_BYTES);
        names->source[names->instruments] = instrument->head.source;
        names->money_per_unit[names->instruments++] = instrument->money_per_unit;
    }
    return true;
}

static bool agent_read(struct day_phrase *phrase, bool malformed, struct day_reader *reader,
                       struct ry_input_agent *agent, char *why)
{
    struct day_names *names = &reader->names;
    const char *name = day_phrase_next(phrase);
    if (name == NULL || strlen(name) >= RY_NAME_BYTES)
        return day_why(why, "an agent has a new name of 1..%d letters", RY_NAME_BYTES - 1);
    if (names->agents == DAY_AGENTS_MAX)
        return day_why(why, "a day has %d agents at most", DAY_AGENTS_MAX);
    *agent = (struct ry_input_agent){
        .head = {.kind = RY_IN_AGENT,
                 .slots = 2,
                 .source = (uint16_t)(RY_SOURCE_AGENT + names->agents),
                 .time = reader->time},
        .cash = 1000000,
        .notional_max = INT64_MAX,
        .position_max = INT64_C(1000000000000),
        .quantity_max = 1000000,
        .open_orders_max = 64,
        .rate_max = 1000000,
        .collar_ppm = 1000000,
        .loss_max = INT64_MAX,
    };
    memcpy(agent->name, name, strlen(name));
    if (!day_phrase_parts(phrase, 0, 0, why) ||
        !day_phrase_finish(phrase, &day_record_agent, agent, why))
        return false;
    if (!malformed)
        memcpy(names->agent[names->agents++], agent->name, RY_NAME_BYTES);
    return true;
}

bool day_input_read(const char *line, bool malformed, struct day_reader *reader,
                    union ry_input_any *input, char *why)
{
    memset(input, 0, sizeof *input);
    struct day_phrase phrase;
    if (!day_phrase_read(line, &reader->names, &phrase, why))
        return false;
    const char *word = day_phrase_next(&phrase);
    bool good;
    if (word == NULL)
        good = day_why(why, "an input begins with its kind");
    else if (strcmp(word, "battle") == 0)
        good = battle_read(&phrase, reader, &input->battle, why);
    else if (strcmp(word, "instrument") == 0)
        good = instrument_read(&phrase, malformed, reader, &input->instrument, why);
    else if (strcmp(word, "agent") == 0)
        good = agent_read(&phrase, malformed, reader, &input->agent, why);
    else if (strcmp(word, "decision") == 0)
        good = decision_read(&phrase, reader, &input->decision, why);
    else
        good = event_read(word, &phrase, reader, &input->event, why);
    uint16_t source = input->head.source;
    if (good && source < sizeof reader->source_seq / sizeof reader->source_seq[0] &&
        input->head.source_seq == 0)
        input->head.source_seq = ++reader->source_seq[source];
    return good;
}
