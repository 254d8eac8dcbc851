#include "feeds/handler.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "feeds/pipeline.h"

int ry_feed_handler_open(struct ry_feed_handler *handler, const struct ry_battle *battle,
                         unsigned index, const struct ry_port_frames *frames,
                         const struct ry_log_sink *log)
{
    const struct ry_battle_feed *feed = &battle->feed[index];
    assert(frames == NULL || feed->port != RY_BATTLE_PORT_FILE);
    *handler =
        (struct ry_feed_handler){.battle = battle, .feed = feed, .index = index, .opened = true};
    if (log != NULL)
        handler->log = *log;
    if (frames != NULL)
        handler->frames = *frames;
    handler->pipeline = ry_feed_pipeline_of(feed);
    if (handler->pipeline == NULL)
        return ry_feed_fail(handler, "feed %s: no pipeline for format %u by port %u", feed->name,
                            feed->format, feed->port);
    return handler->pipeline->open(handler);
}

/* Looks at the first time and at the end. False: the record is not the battle's, noted. */
static bool within_hours(struct ry_feed_handler *handler, enum ry_feed_handler_result result)
{
    const struct ry_feed_hours *hours = &handler->hours;
    if (hours->clock == NULL)
        return true;
    if (!hours->begun && hours->clock->first != RY_TIME_NEVER && !ry_feed_hours_begin(handler))
        return false;
    return result != RY_FEED_HANDLER_END || ry_feed_hours_end(handler);
}

enum ry_feed_handler_result ry_feed_handler_next(struct ry_feed_handler *handler,
                                                 struct ry_input *event)
{
    if (handler->ended)
        return RY_FEED_HANDLER_END;
    if (handler->failed)
        return RY_FEED_HANDLER_FAILED;
    const enum ry_feed_handler_result result = handler->pipeline->next(handler, event);
    if (result != RY_FEED_HANDLER_FAILED && !within_hours(handler, result)) {
        handler->failed = true;
        return RY_FEED_HANDLER_FAILED;
    }
    if (result == RY_FEED_HANDLER_EVENT)
        handler->counters.events++;
    else if (result == RY_FEED_HANDLER_END)
        handler->ended = true;
    else
        return result;
    event->head.source_seq = ++handler->source_seq;
    return RY_FEED_HANDLER_EVENT;
}

/* Messages that need no more than their events, if the next ones are such. */
static unsigned take_span(struct ry_feed_handler *handler, struct ry_input *events, unsigned room)
{
    const struct ry_feed_hours *hours = &handler->hours;
    if (handler->pipeline->span == NULL || handler->ended || handler->failed ||
        (hours->clock != NULL && !hours->begun))
        return 0;
    const unsigned made = handler->pipeline->span(handler, events, room);
    for (unsigned i = 0; i < made; i++)
        events[i].head.source_seq = ++handler->source_seq;
    handler->counters.events += made;
    return made;
}

enum ry_feed_handler_result ry_feed_handler_take(struct ry_feed_handler *handler,
                                                 struct ry_input *events, unsigned room,
                                                 unsigned *made)
{
    const struct ry_feed_counters *counters = &handler->counters;
    const uint64_t before = counters->messages + counters->packets;
    unsigned count = 0;
    *made = 0;
    while (count < room && counters->messages + counters->packets - before < RY_FEED_HANDLER_LOOK) {
        count += take_span(handler, events + count, room - count);
        *made = count;
        if (count == room)
            break;
        const enum ry_feed_handler_result result = ry_feed_handler_next(handler, &events[count]);
        if (result != RY_FEED_HANDLER_EVENT && result != RY_FEED_HANDLER_QUIET)
            return result;
        count += result == RY_FEED_HANDLER_EVENT;
        *made = count;
    }
    return count > 0 ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

/* What a book may lack, in a line: the names of counters and their values. */
static void tell_dropped(struct ry_feed_handler *handler)
{
    static const enum ry_feed_counter dropped[] = {
        RY_FEED_COUNTER_packets_fragment,   RY_FEED_COUNTER_packets_short,
        RY_FEED_COUNTER_packets_cut,        RY_FEED_COUNTER_packets_bad_length,
        RY_FEED_COUNTER_damaged_short,      RY_FEED_COUNTER_damaged_unknown_type,
        RY_FEED_COUNTER_damaged_bad_length, RY_FEED_COUNTER_damaged_bad_field,
        RY_FEED_COUNTER_dropped_locate,     RY_FEED_COUNTER_dropped_price,
        RY_FEED_COUNTER_dropped_quantity,   RY_FEED_COUNTER_replaces_cut,
        RY_FEED_COUNTER_orders_full,
    };
    const uint64_t *value = handler->counters.value;
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    size_t n = 0;
    for (unsigned i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (value[dropped[i]] != 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s %s %llu", n == 0 ? "" : ",",
                                  ry_feed_counter_table.counter[dropped[i]].name,
                                  (unsigned long long)value[dropped[i]]);
    if (n > 0)
        ry_feed_say(handler, RY_LOG_WARN, "%s: dropped:%s", ry_feed_source(handler), text);
}

void ry_feed_handler_close(struct ry_feed_handler *handler)
{
    if (!handler->opened)
        return;
    tell_dropped(handler);
    if (handler->state != NULL)
        handler->pipeline->close(handler);
    handler->state = NULL;
    handler->hours.clock = NULL;
    handler->opened = false;
}
