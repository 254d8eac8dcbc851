/* The inputs, as the journal has them. */
#include <stdlib.h>
#include <string.h>

#include "core/journal/read.h"
#include "tools/api/pasts.h"

/* What an input is called. */
static const char *kind_of(uint8_t kind)
{
    switch ((enum ry_input_kind)kind) {
    case RY_IN_NONE: break;
    case RY_IN_BATTLE: return "battle";
    case RY_IN_INSTRUMENT: return "instrument";
    case RY_IN_AGENT: return "agent";
    case RY_IN_TIME: return "time";
    case RY_IN_END: return "end";
    case RY_IN_ADD: return "add";
    case RY_IN_EXEC: return "exec";
    case RY_IN_CANCEL: return "cancel";
    case RY_IN_REPLACE: return "replace";
    case RY_IN_PRINT: return "print";
    case RY_IN_AUCTION: return "auction";
    case RY_IN_LAST: return "last";
    case RY_IN_CLEAR: return "clear";
    case RY_IN_STATE: return "state";
    case RY_IN_SESSION: return "session";
    case RY_IN_FEED_END: return "feed_end";
    case RY_IN_BROKEN: return "broken";
    case RY_IN_INCOMPLETE: return "incomplete";
    case RY_IN_ORDER: return "order";
    case RY_IN_ORDER_CANCEL: return "order_cancel";
    case RY_IN_DECISION: return "decision";
    case RY_IN_AGENT_DIED: return "agent_died";
    case RY_IN_FEED_BLOCK: return "feed_block";
    }
    return "unknown";
}

struct names {
    uint8_t scale[RY_INSTRUMENTS_MAX];
    char symbol[RY_INSTRUMENTS_MAX][RY_SYMBOL_BYTES];
    char agent[RY_AGENTS_MAX][RY_NAME_BYTES];
    unsigned instruments, agents;
};

/* The battle's first inputs name its instruments and agents. */
static void take_names(struct names *names, const union ry_input_any *in)
{
    if (in->head.kind == RY_IN_INSTRUMENT && names->instruments < RY_INSTRUMENTS_MAX) {
        names->scale[names->instruments] = in->instrument.price_scale;
        memcpy(names->symbol[names->instruments++], in->instrument.symbol, RY_SYMBOL_BYTES);
    } else if (in->head.kind == RY_IN_AGENT && names->agents < RY_AGENTS_MAX) {
        memcpy(names->agent[names->agents++], in->agent.name, RY_NAME_BYTES);
    }
}

static json_t *source_of(const struct names *names, uint16_t source)
{
    char text[RY_API_ALLOW_BYTES];
    if (source == RY_SOURCE_CLOCK)
        return json_string("clock");
    if (source >= RY_SOURCE_AGENT && source - RY_SOURCE_AGENT < (int)names->agents)
        return ry_text_json_string(names->agent[source - RY_SOURCE_AGENT], RY_NAME_BYTES);
    if (source < RY_SOURCE_FEED)
        return json_string("control");
    snprintf(text, sizeof text, "feed%d", source - RY_SOURCE_FEED);
    return json_string(text);
}

static json_t *flags_of(uint16_t flags)
{
    static const char *const words[] = {"printed",  "priced", "market", "ioc",
                                        "snapshot", "all",    "wall",   "stalled"};
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((flags >> i & 1) != 0)
            ry_text_json_add(array, json_string(words[i]));
    return array;
}

static void set_decision(json_t *object, const struct ry_input_decision *decision)
{
    json_t *features = ry_text_json_whole(json_array());
    for (uint32_t i = 0; i < decision->count && i < RY_FEATURES_MAX; i++)
        ry_text_json_add(features, ry_text_json_i64(decision->feature[i]));
    ry_text_json_set(object, "ref", ry_text_json_u64(decision->ref));
    ry_text_json_set(object, "intent", ry_text_json_count(decision->intent));
    ry_text_json_set(object, "features", features);
}

static void set_event(json_t *object, const struct names *names, const struct ry_input *in)
{
    const uint16_t id = in->head.instrument;
    const bool known = id < names->instruments;
    ry_text_json_set(object, "instrument",
                     known ? ry_text_json_string(names->symbol[id], RY_SYMBOL_BYTES) : json_null());
    ry_text_json_set(object, "side",
                     in->side == RY_SIDE_NONE ? json_null()
                                              : json_string(ry_code_name(RY_CODES_SIDE, in->side)));
    ry_text_json_set(object, "price",
                     known ? ry_text_json_decimal(in->price, names->scale[id]) : json_null());
    ry_text_json_set(object, "qty", ry_text_json_count(in->qty));
    ry_text_json_set(object, "ref", ry_text_json_u64(in->ref));
    ry_text_json_set(object, "ref_new", ry_text_json_u64(in->ref_new));
}

static json_t *input_of(const struct names *names, uint64_t number, const union ry_input_any *in)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "number", ry_text_json_count(number));
    ry_text_json_set(object, "kind", json_string(kind_of(in->head.kind)));
    ry_text_json_set(object, "source", source_of(names, in->head.source));
    ry_text_json_set(object, "source_seq", ry_text_json_u64(in->head.source_seq));
    ry_text_json_set_time(object, "time", in->head.time);
    ry_text_json_set(object, "flags", flags_of(in->head.flags));
    const uint8_t kind = in->head.kind;
    if (kind == RY_IN_BATTLE)
        ry_text_json_set(object, "name", ry_text_json_string(in->battle.name, RY_NAME_BYTES));
    else if (kind == RY_IN_INSTRUMENT)
        ry_text_json_set(object, "name",
                         ry_text_json_string(in->instrument.symbol, RY_SYMBOL_BYTES));
    else if (kind == RY_IN_AGENT)
        ry_text_json_set(object, "name", ry_text_json_string(in->agent.name, RY_NAME_BYTES));
    else if (kind == RY_IN_DECISION)
        set_decision(object, &in->decision);
    else
        set_event(object, names, &in->event);
    return object;
}

struct asked {
    uint64_t from;
    unsigned limit;
};

/* True: the page is full. */
static bool read_page(struct ry_journal_reader *reader, const struct asked *asked, json_t *array,
                      enum ry_journal_next *end)
{
    const union ry_input_any *in;
    struct names *names = calloc(1, sizeof *names);
    if (names == NULL)
        (void)ry_text_json_whole(NULL);
    bool full = false;
    while (!full && (*end = ry_journal_next(reader, &in)) == RY_JOURNAL_INPUT) {
        take_names(names, in);
        full = reader->inputs >= asked->from && json_array_size(array) == asked->limit;
        if (!full && reader->inputs >= asked->from)
            ry_text_json_add(array, input_of(names, reader->inputs, in));
    }
    free(names);
    return full;
}

void ry_api_do_journal(struct ry_api_call *call)
{
    static struct ry_journal_reader reader; /* the worker's */
    const struct asked asked = {.from = (uint64_t)ry_api_number(call, "from"),
                                .limit = (unsigned)ry_api_number(call, "limit")};
    const struct ry_library_battle *battle = ry_api_battle(call);
    enum ry_journal_next end = RY_JOURNAL_INPUT;
    if (battle == NULL)
        return;
    if (ry_journal_open(&reader, battle->directory) != 0) {
        ry_api_refuse(call->answer, RY_API_E_damaged, NULL, "%s", reader.text);
        return;
    }
    json_t *array = ry_text_json_whole(json_array());
    const bool full = read_page(&reader, &asked, array, &end);
    const bool over = !full && end == RY_JOURNAL_END;
    const uint64_t next = asked.from + json_array_size(array);
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "inputs", array);
    ry_text_json_set(object, "next", over ? json_null() : ry_text_json_count(next));
    ry_text_json_set(object, "complete", json_boolean(over));
    ry_journal_close(&reader);
    ry_api_json(call, 200, object);
}
