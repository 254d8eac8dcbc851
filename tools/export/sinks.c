#include "tools/export/sinks.h"

#include <string.h>

#include "tools/export/jsonl.h"
#include "tools/kafka/sink.h"

static const struct {
    const char *name;
    void (*make)(struct ry_export_sink *sink);
} sinks[RY_EXPORT_SINKS] = {
    [RY_EXPORT_JSONL] = {"jsonl", ry_export_jsonl},
    [RY_EXPORT_KAFKA] = {"kafka", ry_kafka_sink},
};

enum ry_export_sinks ry_export_sink_named(const char *name)
{
    unsigned i = 0;
    while (i < RY_EXPORT_SINKS && strcmp(sinks[i].name, name) != 0)
        i++;
    return (enum ry_export_sinks)i;
}

void ry_export_sink_make(struct ry_export_sink *sink, enum ry_export_sinks which)
{
    memset(sink, 0, sizeof *sink);
    sink->name = sinks[which].name;
    sinks[which].make(sink);
}
