#include "tools/one/feed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shm/log.h"

/* What is between feed and exec stays in the caches of the core that does both. */
#define EVENTS_SLOTS 256

static void log_line(void *context, enum ry_log_level level, const char *text)
{
    struct ry_one_feed *feed = context;
    ry_log(&feed->log.ring.writer, level, "%s", text);
}

int ry_one_feed_open(struct ry_one_feed *feed, const struct ry_battle *battle, unsigned index,
                     const char *directory, struct ry_role_part *part)
{
    char name[RY_NAME_BYTES];
    const struct ry_log_sink log = {.line = log_line, .context = feed};
    snprintf(name, sizeof name, "feed%u", index);
    feed->part = part;
    if (ry_one_log_open(&feed->log, directory, name, false) != 0 ||
        ry_one_ring_make(&feed->events, EVENTS_SLOTS) != 0) {
        snprintf(feed->handler.error, sizeof feed->handler.error, "its ring or log: %s",
                 strerror(errno));
        return -1;
    }
    feed->opened = true;
    if (part != NULL)
        ry_counters_create(&part->counters, &ry_feed_counter_table, NULL);
    return ry_feed_handler_open(&feed->handler, battle, index, NULL, &log);
}

unsigned ry_one_feed_take(struct ry_one_feed *feed, const struct ry_ring_position *read)
{
    struct ry_input event[EVENTS_SLOTS];
    unsigned made;
    const unsigned room = (unsigned)ry_ring_room(&feed->events.writer, read, EVENTS_SLOTS);
    if (room == 0 || feed->ended || feed->failed)
        return 0;
    const enum ry_feed_handler_result result =
        ry_feed_handler_take(&feed->handler, event, room, &made);
    for (unsigned i = 0; i < made; i++)
        ry_ring_write(&feed->events.writer, &event[i], 1);
    feed->ended = made > 0 && event[made - 1].head.kind == RY_IN_FEED_END;
    feed->failed = result == RY_FEED_HANDLER_FAILED;
    return made > 0 || result != RY_FEED_HANDLER_IDLE;
}

void ry_one_feed_close(struct ry_one_feed *feed)
{
    if (feed->opened) {
        ry_feed_handler_close(&feed->handler);
        const uint64_t *value = feed->handler.counters.value;
        for (unsigned i = 0; i < RY_FEED_COUNTERS; i++)
            if (value[i] != 0)
                ry_log(&feed->log.ring.writer, RY_LOG_INFO, "%s %llu",
                       ry_feed_counter_table.counter[i].name, (unsigned long long)value[i]);
        if (feed->part != NULL)
            ry_counters_publish(&feed->part->counters, 0, value, RY_FEED_COUNTERS);
    }
    ry_one_log_close(&feed->log);
    ry_one_ring_free(&feed->events);
}
