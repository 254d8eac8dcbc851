#include "tools/why/list.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/follow/follow.h"
#include "core/results/follow.h"
#include "shm/printable.h"
#include "tools/text/json.h"
#include "tools/text/price.h"
#include "tools/why/tracker.h"
#include "tools/why/why.h"

#define ROOM_FIRST 256u

struct list {
    const struct ry_why_scan *scan;
    struct ry_why_tracker tracker;
    struct ry_why_list_entry *entry;
    size_t count, room;
};

static void append(struct list *list, const struct ry_why_order *order, bool rejected, uint8_t code)
{
    if (order->agent != list->scan->agent || (!rejected && order->filled == order->qty))
        return;
    if (list->count == list->room) {
        list->room = list->room == 0 ? ROOM_FIRST : 2 * list->room;
        list->entry = realloc(list->entry, list->room * sizeof *list->entry);
        assert(list->entry != NULL);
    }
    list->entry[list->count++] = (struct ry_why_list_entry){.cl_ord_id = order->cl_ord_id,
                                                            .arrival = order->arrival,
                                                            .time = list->tracker.results.time,
                                                            .qty = order->qty,
                                                            .filled = order->filled,
                                                            .limit = order->limit,
                                                            .instrument = order->instrument,
                                                            .side = order->side,
                                                            .rejected = rejected,
                                                            .code = code};
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct list *list = context;
    const struct ry_why_order *order = NULL;
    if (row->kind == RY_RESULTS_ROW_CANCEL)
        order = ry_why_tracker_order(&list->tracker, row->cancel.agent, row->cancel.cl_ord_id);
    if (order != NULL)
        append(list, order, false, row->cancel.reason);
    /* The code of cancels alone is of no order of its own. */
    if (row->kind != RY_RESULTS_ROW_REJECT || row->reject.reason == RY_REJECT_UNKNOWN_ORDER)
        return;
    order = ry_why_tracker_order(&list->tracker, row->reject.agent, row->reject.cl_ord_id);
    if (order != NULL)
        append(list, order, true, row->reject.reason);
}

static int read_all(struct list *list, const struct ry_why_battle *battle, const char *directory,
                    char *error)
{
    static struct ry_follow follow; /* large */
    struct ry_why_tracker *t = &list->tracker;
    if (ry_follow_open(&follow, directory, error, RY_WHY_ERROR_BYTES) != 0)
        return -1;
    ry_follow_until(&follow, list->scan->inputs, RY_TIME_NEVER);
    ry_why_tracker_open(t, battle, &follow.reader.file.battle_id);
    t->row = on_row;
    t->context = list;
    do {
        t->arena = ry_follow_arena(&follow);
        if (ry_results_step(&t->results, &follow, 1) != 1)
            break;
        ry_why_tracker_settle(t);
    } while (true);
    for (unsigned i = 0; list->scan->ended && i < t->orders; i++)
        append(list, &t->order[i], false, RY_CANCEL_NONE);
    t->arena = NULL;
    ry_follow_close(&follow);
    return 0;
}

static const char *end_of(const struct ry_why_list_entry *entry)
{
    if (entry->rejected)
        return ry_code_name(RY_CODES_REJECT, entry->code);
    return entry->code == RY_CANCEL_NONE ? "battle_over"
                                         : ry_code_name(RY_CODES_CANCEL, entry->code);
}

/* "refused (quantity): the quantity is 0, or above quantity_max" */
static void put_end(FILE *out, const struct ry_why_list_entry *entry)
{
    if (entry->rejected)
        fprintf(out, "refused (%s): %s\n", end_of(entry),
                ry_code(RY_CODES_REJECT, entry->code)->sentence);
    else if (entry->code == RY_CANCEL_NONE)
        fputs("stood in the book when the battle ended\n", out);
    else
        fprintf(out, "cancelled: %s\n", ry_code(RY_CODES_CANCEL, entry->code)->sentence);
}

static const char *price_of(char text[RY_TEXT_PRICE_BYTES], const struct list *list,
                            const struct ry_why_list_entry *entry)
{
    const struct ry_results *r = &list->tracker.results;
    if (entry->instrument >= r->instruments || entry->limit == RY_RESULTS_NO_PRICE)
        return "-";
    return ry_text_price(text, entry->limit, r->instrument[entry->instrument].price_scale);
}

static void put_line(FILE *out, struct list *list, const struct ry_why_list_entry *entry)
{
    char time[RY_TEXT_MOMENT_BYTES], price[RY_TEXT_PRICE_BYTES], symbol[RY_SYMBOL_BYTES];
    const struct ry_results *r = &list->tracker.results;
    bool known = entry->instrument < r->instruments;
    fprintf(out, "%s/%-8" PRIu64 " %s  %-4s %8" PRId64 " of %-8s at %-12s filled %-8" PRId64 " ",
            list->scan->asked.agent, entry->cl_ord_id,
            ry_text_moment_column(time, &list->tracker.moments, entry->arrival),
            ry_code_name(RY_CODES_SIDE, entry->side), entry->qty,
            known ? ry_printable(symbol, r->instrument[entry->instrument].symbol, sizeof symbol)
                  : "-",
            price_of(price, list, entry), entry->filled);
    put_end(out, entry);
}

static json_t *entry_json(const struct list *list, const struct ry_why_list_entry *entry)
{
    char price[RY_TEXT_PRICE_BYTES];
    const struct ry_results *r = &list->tracker.results;
    json_t *object = ry_text_json_whole(json_object());
    bool known = entry->instrument < r->instruments;
    const char *limit = price_of(price, list, entry);
    ry_text_json_set(object, "cl_ord_id", ry_text_json_u64(entry->cl_ord_id));
    ry_text_json_set_time(object, "arrival", entry->arrival);
    ry_text_json_set_time(object, "end_time", entry->time);
    ry_text_json_set(
        object, "instrument",
        known ? ry_text_json_string(r->instrument[entry->instrument].symbol, RY_SYMBOL_BYTES)
              : json_null());
    ry_text_json_set(object, "side", json_string(ry_code_name(RY_CODES_SIDE, entry->side)));
    ry_text_json_set(object, "price",
                     limit[0] == '-' && limit[1] == '\0' ? json_null() : json_string(limit));
    ry_text_json_set(object, "qty", ry_text_json_integer(entry->qty));
    ry_text_json_set(object, "filled", ry_text_json_integer(entry->filled));
    ry_text_json_set(object, "rejected", json_boolean(entry->rejected));
    ry_text_json_set(object, "end", json_string(end_of(entry)));
    return object;
}

static void put_all(FILE *out, json_t *json, struct list *list, uint64_t max)
{
    size_t first = list->count > max ? list->count - max : 0;
    for (size_t i = first; i < list->count; i++)
        if (json != NULL)
            ry_text_json_add(json, entry_json(list, &list->entry[i]));
        else
            put_line(out, list, &list->entry[i]);
    if (json != NULL)
        return;
    if (first > 0)
        fprintf(out, "and %zu before them: --all lists them\n", first);
    if (list->count == 0)
        fprintf(out, "%s: none of its orders ended without being filled whole, none was refused\n",
                list->scan->asked.agent);
}

int ry_why_list(FILE *out, json_t *json, const struct ry_why_scan *scan,
                const struct ry_why_battle *battle, const char *directory, uint64_t max,
                char *error)
{
    struct list *list = calloc(1, sizeof *list);
    assert(list != NULL);
    list->scan = scan;
    int result = read_all(list, battle, directory, error);
    if (result == 0) {
        put_all(out, json, list, max);
        ry_why_tracker_close(&list->tracker);
    }
    free(list->entry);
    free(list);
    return result;
}
