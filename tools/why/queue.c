#include "tools/why/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64u

static bool better(uint8_t side, int64_t price, int64_t than)
{
    return side == RY_BUY ? price > than : price < than;
}

/* ---- counting -------------------------------------------------------------------------------- */

struct count {
    const struct ry_why_place *place;
    struct ry_why_ahead *ahead;
    bool found;
};

static void add(struct ry_why_ahead *ahead, bool is_better, uint64_t lots)
{
    *(is_better ? &ahead->better : &ahead->lots) += lots;
    *(is_better ? &ahead->better_orders : &ahead->orders) += lots > 0;
}

/* False: it is the order itself, or stands behind where it should be. */
static bool in_front(const struct ry_why_place *place, const struct ry_arena_book_order *order,
                     bool *found)
{
    *found = order->order == place->order && order->price == place->price;
    return !*found && !better(place->side, place->price, order->price);
}

static bool count_one(void *context, const struct ry_arena_book_order *order)
{
    struct count *count = context;
    if (!in_front(count->place, order, &count->found))
        return false;
    add(count->ahead, order->price != count->place->price, (uint64_t)order->open + order->surplus);
    return true;
}

bool ry_why_ahead(const struct ry_arena *arena, const struct ry_why_place *place,
                  struct ry_why_ahead *ahead)
{
    struct count count = {.place = place, .ahead = ahead};
    *ahead = (struct ry_why_ahead){.lots = 0};
    ry_arena_walk(arena, place->instrument, (enum ry_side)place->side, count_one, &count);
    return count.found;
}

/* ---- following ------------------------------------------------------------------------------- */

struct gather {
    const struct ry_why_place *place;
    struct ry_why_line *line;
    bool found;
};

static bool gather_one(void *context, const struct ry_arena_book_order *order)
{
    struct gather *gather = context;
    struct ry_why_line *line = gather->line;
    if (!in_front(gather->place, order, &gather->found))
        return false;
    if (order->open == 0 && order->surplus == 0)
        return true;
    if (line->count == line->room) {
        line->room = line->room == 0 ? ROOM_FIRST : 2 * line->room;
        line->one = realloc(line->one, line->room * sizeof *line->one);
        assert(line->one != NULL);
    }
    line->one[line->count++] = (struct ry_why_one){.ref = order->ref,
                                                   .price = order->price,
                                                   .order = order->order,
                                                   .lots = order->open + order->surplus};
    return true;
}

/* False: the order stands there no more. */
static bool gather(struct ry_why_line *line, const struct ry_arena *arena,
                   const struct ry_why_place *place)
{
    struct gather context = {.place = place, .line = line};
    line->count = 0;
    ry_arena_walk(arena, place->instrument, (enum ry_side)place->side, gather_one, &context);
    return context.found;
}

static void sum(struct ry_why_queue *queue)
{
    queue->ahead = (struct ry_why_ahead){.lots = 0};
    for (unsigned i = 0; i < queue->line.count; i++)
        add(&queue->ahead, queue->line.one[i].price != queue->place.price, queue->line.one[i].lots);
}

void ry_why_queue_begin(struct ry_why_queue *queue, const struct ry_arena *arena,
                        const struct ry_why_place *place)
{
    queue->place = *place;
    (void)gather(&queue->line, arena, place);
    sum(queue);
}

void ry_why_queue_traded(struct ry_why_queue *queue, uint32_t order, uint32_t lots)
{
    for (unsigned i = 0; i < queue->line.count; i++)
        if (queue->line.one[i].order == order)
            queue->line.one[i].traded += lots;
}

struct stepping {
    const struct ry_why_queue *queue;
    struct ry_why_step *step;
    bool demand, any;
};

static void changed(struct stepping *s, int64_t price, enum ry_why_change what, uint32_t lots)
{
    if (lots == 0)
        return;
    struct ry_why_changed *change = &s->step->change[price != s->queue->place.price][what];
    change->lots += lots;
    change->orders++;
    s->any = true;
}

static void went(struct stepping *s, const struct ry_why_one *one, uint32_t now)
{
    uint32_t gone = one->lots - now;
    uint32_t traded = one->traded < gone ? one->traded : gone;
    changed(s, one->price, RY_WHY_TRADED, traded);
    changed(s, one->price, s->demand ? RY_WHY_ABSORBED : RY_WHY_LEFT, gone - traded);
}

static bool same(const struct ry_why_one *x, const struct ry_why_one *y)
{
    return x->order == y->order && x->ref == y->ref && x->price == y->price;
}

/* Orders keep their places among one another, and who comes stands behind all at its price: of two
 * lines only what is new at a better price stands before what was there. */
static void compare(struct stepping *s, const struct ry_why_line *before,
                    const struct ry_why_line *now)
{
    static const struct ry_why_one none; /* a line that is empty may have no memory */
    uint8_t side = s->queue->place.side;
    unsigned i = 0, j = 0;
    while (i < before->count || j < now->count) {
        const struct ry_why_one *old = i < before->count ? &before->one[i] : &none,
                                *one = j < now->count ? &now->one[j] : &none;
        if (i == before->count || (j < now->count && better(side, one->price, old->price))) {
            changed(s, one->price, RY_WHY_CAME, one->lots);
            j++;
        } else if (j < now->count && same(old, one)) {
            if (one->lots > old->lots)
                changed(s, one->price, RY_WHY_CAME, one->lots - old->lots);
            else
                went(s, old, one->lots);
            i++;
            j++;
        } else {
            went(s, old, 0);
            i++;
        }
    }
}

bool ry_why_queue_step(struct ry_why_queue *queue, const struct ry_arena *arena, bool demand,
                       struct ry_why_step *step)
{
    struct stepping s = {.queue = queue, .step = step, .demand = demand};
    *step = (struct ry_why_step){.change[0][0].lots = 0};
    if (gather(&queue->next, arena, &queue->place)) {
        compare(&s, &queue->line, &queue->next);
    } else {
        queue->next.count = 0;
        for (unsigned i = 0; i < queue->line.count; i++)
            changed(&s, queue->line.one[i].price, RY_WHY_TRADED, queue->line.one[i].traded);
    }
    struct ry_why_line before = queue->line;
    queue->line = queue->next;
    queue->next = before;
    sum(queue);
    return s.any;
}

void ry_why_queue_end(struct ry_why_queue *queue)
{
    free(queue->line.one);
    free(queue->next.one);
    *queue = (struct ry_why_queue){.line.one = NULL};
}
