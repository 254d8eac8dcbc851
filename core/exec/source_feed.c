#include "core/exec/source_feed.h"

#include "shm/log.h"

static void wrong_record(struct ry_exec_feed_source *feed, const struct ry_input *event,
                         const char *wrong)
{
    ++*feed->invalid;
    if (*feed->invalid <= RY_EXEC_FEED_WRONG_TOLD)
        ry_log(feed->log, RY_LOG_WARN,
               "%s: record skipped (kind %u, sequence %llu, instrument %u): %s%s", feed->name,
               event->head.kind, (unsigned long long)event->head.source_seq, event->head.instrument,
               wrong,
               *feed->invalid == RY_EXEC_FEED_WRONG_TOLD ? "; further ones are counted only" : "");
    if (event->head.source_seq > feed->rules.source_seq)
        feed->rules.source_seq = event->head.source_seq;
}

static void take_in(struct ry_exec_feed_source *feed, const struct ry_input *event, unsigned slots)
{
    if (event->head.kind == RY_IN_FEED_END && slots == 1) {
        feed->end_read = true;
        return;
    }
    const char *wrong = ry_exec_event_wrong(&feed->rules, event, slots);
    if (wrong != NULL) {
        wrong_record(feed, event, wrong);
        return;
    }
    const unsigned at = (feed->first + feed->count) % RY_EXEC_FEED_WINDOW;
    struct ry_input *record = &feed->window[at];
    if (feed->trace != NULL)
        feed->read_ns[at] = ry_exec_trace_read(feed->trace, event->head.source_seq);
    *record = *event;
    record->head.source = (uint16_t)(RY_SOURCE_FEED + feed->rules.feed);
    feed->rules.time = event->head.time;
    feed->rules.source_seq = event->head.source_seq;
    feed->count++;
    ry_arena_hint(feed->arena, (const union ry_input_any *)record);
}

static void fill_window(struct ry_exec_feed_source *feed)
{
    union {
        struct ry_input event;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    uint64_t before = ry_ring_next(&feed->ring);
    while (feed->count < RY_EXEC_FEED_WINDOW && !feed->end_read) {
        int slots = ry_ring_read(&feed->ring, &copy);
        if (slots == RY_RING_EMPTY)
            break;
        if (slots == RY_RING_OVERRUN) {
            feed->lapped = true;
            break;
        }
        take_in(feed, &copy.event, (unsigned)slots);
    }
    if (ry_ring_next(&feed->ring) != before)
        ry_ring_position_store(feed->position, ry_ring_next(&feed->ring));
}

static void set_key(struct ry_exec_feed_source *feed)
{
    struct ry_exec_merge_source *source = &feed->source;
    source->ready = feed->count > 0;
    feed->ended = !source->ready && feed->end_read;
    if (feed->ended) {
        source->key = ry_exec_key_never(source->key.source);
        return;
    }
    int64_t time = feed->time;
    if (source->ready) {
        struct ry_input *record = &feed->window[feed->first];
        source->next = (const union ry_input_any *)record;
        time = record->head.time;
        source->key.source_seq = record->head.source_seq;
    } else {
        source->key.source_seq = feed->source_seq + 1;
    }
    if (time != source->key.time) {
        source->key.time = time;
        source->key.tie = ry_exec_key_tie(feed->seed, time, source->key.source);
    }
}

static void poll_feed(struct ry_exec_merge_source *source)
{
    struct ry_exec_feed_source *feed = source->context;
    if (feed->ended || feed->lapped || feed->count > RY_EXEC_FEED_WINDOW / 2)
        return;
    fill_window(feed);
    set_key(feed);
}

static void advance_feed(struct ry_exec_merge_source *source)
{
    struct ry_exec_feed_source *feed = source->context;
    feed->time = source->key.time;
    feed->source_seq = source->key.source_seq;
    ++*feed->events;
    feed->first = (feed->first + 1) % RY_EXEC_FEED_WINDOW;
    feed->count--;
    if (feed->count == RY_EXEC_FEED_WINDOW / 2)
        fill_window(feed);
    set_key(feed);
}

void ry_exec_feed_source_start(struct ry_exec_feed_source *feed)
{
    feed->time = feed->rules.time;
    feed->source = (struct ry_exec_merge_source){
        .key = {.time = feed->time,
                .source_seq = 1,
                .source = (uint16_t)(RY_SOURCE_FEED + feed->rules.feed)},
        .context = feed,
        .advance = advance_feed,
        .poll = poll_feed,
    };
    feed->source.key.tie = ry_exec_key_tie(feed->seed, feed->time, feed->source.key.source);
}

bool ry_exec_feed_source_broken(struct ry_exec_feed_source *feed)
{
    if ((!feed->died && !feed->lapped) || feed->ended || feed->source.ready)
        return false;
    feed->source.poll(&feed->source);
    return !feed->source.ready && !feed->ended;
}
