/*
 * The table of sinks: what `--sink NAME` and the battle file's `export: {sink: NAME}` mean.
 */
#ifndef RY_TOOLS_EXPORT_SINKS_H
#define RY_TOOLS_EXPORT_SINKS_H

#include "tools/export/sink.h"

enum ry_export_sinks {
    RY_EXPORT_JSONL = 0,
    RY_EXPORT_KAFKA,
    RY_EXPORT_SINKS,
};

/* RY_EXPORT_SINKS: there is none of that name. */
enum ry_export_sinks ry_export_sink_named(const char *name);

void ry_export_sink_make(struct ry_export_sink *sink, enum ry_export_sinks which);

#endif
