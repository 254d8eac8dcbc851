#include "tests/support/day_words.h"

#include <string.h>

bool day_book_read(const char *line, const struct day_names *names,
                   struct ry_arena_book_order *order, bool *spent, bool *none, char *why)
{
    struct day_phrase phrase;
    if (!day_phrase_read(line, names, &phrase, why))
        return false;
    *spent = day_phrase_take(&phrase, "spent");
    *none = day_phrase_take(&phrase, "none");
    bool is_agents = (phrase.parts & DAY_AGENT) != 0;
    unsigned owner = is_agents ? DAY_AGENT | DAY_CL_ORD_ID : DAY_REF;
    unsigned needed = DAY_SIDE | DAY_QTY | DAY_PRICE | DAY_ORDER | (*spent ? 0 : owner);
    if (!day_phrase_parts(&phrase, *none ? DAY_SIDE : needed, DAY_INSTRUMENT, why))
        return false;
    memset(order, 0, sizeof *order);
    order->ref = is_agents ? phrase.cl_ord_id : phrase.ref;
    order->price = phrase.price;
    order->order = phrase.order;
    order->rec = is_agents || *spent ? 0 : phrase.qty;
    order->open = phrase.qty;
    order->instrument = phrase.instrument;
    order->owner = is_agents ? phrase.agent : RY_OWNER_RECORDED;
    order->side = (uint8_t)phrase.side;
    return day_phrase_finish(&phrase, &day_record_book, order, why);
}

void day_book_write(const struct ry_arena_book_order *order, const struct day_names *names,
                    char *text, size_t text_bytes)
{
    const char *side = day_code_word(day_sides, order->side);
    day_append(text, text_bytes, "= %s %u @ %lld #%u", side == NULL ? "side?" : side, order->open,
               (long long)order->price, order->order);
    if (order->owner == RY_OWNER_RECORDED) {
        if (order->rec == 0)
            day_append(text, text_bytes, " spent");
        else
            day_append(text, text_bytes, " r%llu", (unsigned long long)order->ref);
        if (order->rec != 0 && order->rec != order->open)
            day_append(text, text_bytes, " rec=%u", order->rec);
    } else {
        day_append(text, text_bytes, " ");
        day_agent_write(order->owner, names, text, text_bytes);
        day_append(text, text_bytes, " c%llu", (unsigned long long)order->ref);
        if (order->rec != 0)
            day_append(text, text_bytes, " rec=%u", order->rec);
    }
    if (order->surplus != 0)
        day_append(text, text_bytes, " surplus=%u", order->surplus);
    if (order->instrument != 0) {
        day_append(text, text_bytes, " in %s",
                   order->instrument < names->instruments ? names->instrument[order->instrument]
                                                          : "?");
    }
}
