#include "feeds/pipeline.h"

#include <stdarg.h>
#include <stdio.h>

const struct ry_feed_pipeline ry_feed_pipelines[] = {
    {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_FILE, ry_feed_itch50_file_open,
     ry_feed_itch50_file_next, ry_feed_itch50_file_span, ry_feed_itch50_file_close},
    {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_PCAP, ry_feed_itch50_packets_open,
     ry_feed_itch50_packets_next, ry_feed_itch50_packets_span, ry_feed_itch50_packets_close},
    {RY_BATTLE_FORMAT_ITCH50, RY_BATTLE_PORT_DPDK, ry_feed_itch50_packets_open,
     ry_feed_itch50_packets_next, ry_feed_itch50_packets_span, ry_feed_itch50_packets_close},
    {RY_BATTLE_FORMAT_DBN, RY_BATTLE_PORT_FILE, ry_feed_dbn_file_open, ry_feed_dbn_file_next, NULL,
     ry_feed_dbn_file_close},
};

const unsigned ry_feed_pipelines_count = sizeof ry_feed_pipelines / sizeof ry_feed_pipelines[0];

const struct ry_feed_pipeline *ry_feed_pipeline_of(const struct ry_battle_feed *feed)
{
    for (unsigned i = 0; i < ry_feed_pipelines_count; i++)
        if (ry_feed_pipelines[i].format == feed->format && ry_feed_pipelines[i].port == feed->port)
            return &ry_feed_pipelines[i];
    return NULL;
}

/* ---- what they share ------------------------------------------------------------------------- */

void ry_feed_say(struct ry_feed_handler *handler, enum ry_log_level level, const char *format, ...)
{
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (handler->log.line != NULL)
        handler->log.line(handler->log.context, level, text);
}

enum ry_feed_handler_result ry_feed_fail(struct ry_feed_handler *handler, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(handler->error, sizeof handler->error, format, arguments);
    va_end(arguments);
    return RY_FEED_HANDLER_FAILED;
}

enum ry_feed_handler_result ry_feed_too_fine(struct ry_feed_handler *handler,
                                             const struct ry_normalise_instruments *instruments,
                                             const struct ry_normalise_too_fine *too_fine,
                                             const char *what, const char *place, uint64_t number,
                                             bool made)
{
    char where[64], text[RY_NORMALISE_TOO_FINE_BYTES];
    snprintf(where, sizeof where, "%s at %s %llu", what, place, (unsigned long long)number);
    ry_normalise_too_fine_explain(instruments, too_fine, where, text);
    handler->failed = true;
    (void)ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), text);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_FAILED;
}

enum ry_feed_handler_result ry_feed_incomplete(struct ry_feed_handler *handler,
                                               enum ry_incomplete why,
                                               const struct ry_normalise_clock *clock,
                                               struct ry_input *event, const char *format, ...)
{
    const bool ends = handler->feed->incomplete == RY_BATTLE_INCOMPLETE_END;
    handler->counters.incomplete++;
    if (!ends && (handler->incomplete & 1u << why) != 0)
        return RY_FEED_HANDLER_QUIET;
    char text[RY_FEED_HANDLER_ERROR_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (ends)
        return ry_feed_fail(handler,
                            "%s: the record is incomplete: %s; take a whole one, or write "
                            "incomplete: warn for this feed, which stamps the result",
                            ry_feed_source(handler), text);
    handler->incomplete |= 1u << why;
    ry_feed_say(handler, RY_LOG_WARN, "%s: the record is incomplete: %s; the result is stamped",
                ry_feed_source(handler), text);
    ry_normalise_event(event, RY_IN_INCOMPLETE, 0, clock->last)->qty = (uint32_t)why;
    return RY_FEED_HANDLER_EVENT;
}

const char *ry_feed_source(const struct ry_feed_handler *handler)
{
    const struct ry_battle_feed *feed = handler->feed;
    return feed->path[0] != '\0' ? feed->path : feed->device[0] != '\0' ? feed->device : feed->name;
}

struct ry_port_file *ry_feed_open_file(struct ry_feed_handler *handler)
{
    char error[RY_PORT_ERROR_BYTES];
    struct ry_port_file *file = ry_port_file_open(handler->feed->path, error);
    if (file == NULL)
        (void)ry_feed_fail(handler, "%s", error);
    else
        ry_feed_say(handler, RY_LOG_INFO, "%s: %s", handler->feed->path,
                    ry_port_file_kind_name(ry_port_file_kind(file)));
    return file;
}

void ry_feed_tell_members(struct ry_feed_handler *handler, const struct ry_port_file *file)
{
    const unsigned members = ry_port_file_members(file);
    if (members > 1)
        ry_feed_say(handler, RY_LOG_INFO, "%s: %s of %u parts, read one behind the other",
                    ry_feed_source(handler), ry_port_file_kind_name(ry_port_file_kind(file)),
                    members);
}

void ry_feed_tell_damage(struct ry_feed_handler *handler, uint64_t before, const char *what,
                         const char *place, uint64_t number)
{
    if (before == 0 && ry_feed_damaged(&handler->counters) != 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: the %s at %s %llu is damaged and dropped; further ones are counted only",
                    ry_feed_source(handler), what, place, (unsigned long long)number);
}

enum ry_feed_handler_result ry_feed_end(struct ry_input *event,
                                        const struct ry_normalise_clock *clock)
{
    ry_normalise_event(event, RY_IN_FEED_END, 0, clock->last);
    return RY_FEED_HANDLER_END;
}
