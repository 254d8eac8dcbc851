#include "core/exec/event.h"

enum {
    NEEDS_INSTRUMENT = 1u << 0,
    NEEDS_QTY = 1u << 1,   /* above 0 */
    NEEDS_PRICE = 1u << 2, /* within its limits */
    PRICED = 1u << 3,      /* price counts with RY_INF_PRICED */
    NEEDS_SIDE = 1u << 4,  /* buy or sell */
    SIDE_OR_NONE = 1u << 5,
    TWO_STATES = 1u << 6, /* qty is 0 or 1 */
    ALL_OR_QTY = 1u << 7, /* with RY_INF_ALL qty is 0, above 0 otherwise */
    LACKS = 1u << 8,      /* qty is what the record lacks */
};

static const uint16_t needs_of[] = {
    [RY_IN_ADD] = NEEDS_INSTRUMENT | NEEDS_QTY | NEEDS_PRICE | NEEDS_SIDE,
    [RY_IN_EXEC] = NEEDS_INSTRUMENT | NEEDS_QTY | PRICED,
    [RY_IN_CANCEL] = NEEDS_INSTRUMENT | ALL_OR_QTY,
    [RY_IN_REPLACE] = NEEDS_INSTRUMENT | NEEDS_QTY | NEEDS_PRICE,
    [RY_IN_PRINT] = NEEDS_INSTRUMENT | NEEDS_QTY | NEEDS_PRICE,
    [RY_IN_AUCTION] = NEEDS_INSTRUMENT | NEEDS_QTY | PRICED,
    [RY_IN_LAST] = NEEDS_INSTRUMENT | NEEDS_QTY | NEEDS_PRICE | SIDE_OR_NONE,
    [RY_IN_CLEAR] = NEEDS_INSTRUMENT,
    [RY_IN_STATE] = NEEDS_INSTRUMENT | TWO_STATES,
    [RY_IN_SESSION] = TWO_STATES,
    [RY_IN_FEED_END] = 0,
    [RY_IN_BROKEN] = NEEDS_INSTRUMENT,
    [RY_IN_INCOMPLETE] = LACKS,
};

static const char *place_wrong(const struct ry_exec_event_rules *rules,
                               const struct ry_input_head *head, unsigned slots)
{
    if (head->kind < RY_IN_ADD || head->kind > RY_IN_INCOMPLETE)
        return "it is of a kind that no feed sends";
    if (slots != 1 || head->slots != 1)
        return "it is not one slot long";
    if (head->source_seq != rules->source_seq + 1)
        return "its sequence number is not the next one";
    if (head->time < rules->time)
        return "its time is before that of the record before";
    if (head->time == RY_TIME_NEVER)
        return "its time is no time";
    return NULL;
}

static const char *values_wrong(const struct ry_input *event, unsigned needs)
{
    bool all = event->head.flags & RY_INF_ALL;
    bool priced = needs & NEEDS_PRICE || (needs & PRICED && event->head.flags & RY_INF_PRICED);
    if (needs & NEEDS_QTY && event->qty == 0)
        return "its quantity is 0";
    if (needs & ALL_OR_QTY && all != (event->qty == 0))
        return all ? "it cancels all and names a quantity" : "its quantity is 0";
    if (needs & TWO_STATES && event->qty > 1)
        return "it names a state that does not exist";
    if (needs & LACKS && (event->qty == RY_INCOMPLETE_NONE || event->qty >= RY_INCOMPLETES))
        return "it lacks nothing that there is a code for";
    if (priced && (event->price < -RY_PRICE_ABS_MAX || event->price > RY_PRICE_ABS_MAX))
        return "its price is out of range";
    if (needs & NEEDS_SIDE && event->side != RY_BUY && event->side != RY_SELL)
        return "it has no side";
    if (needs & SIDE_OR_NONE && event->side > RY_SELL)
        return "its side does not exist";
    return NULL;
}

const char *ry_exec_event_wrong(const struct ry_exec_event_rules *rules,
                                const struct ry_input *event, unsigned slots)
{
    const char *wrong = place_wrong(rules, &event->head, slots);
    if (wrong != NULL)
        return wrong;
    unsigned needs = needs_of[event->head.kind];
    if (needs & NEEDS_INSTRUMENT && event->head.instrument >= rules->instruments)
        return "its instrument does not exist";
    if (needs & NEEDS_INSTRUMENT && rules->feed_of[event->head.instrument] != rules->feed)
        return "its instrument belongs to another feed";
    return values_wrong(event, needs);
}
