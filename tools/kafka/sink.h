/*
 * The sink "kafka" of royale-export: exactly once, by transactions of rows and cursor. How: the
 * headers of sender, producer, reader and cursor in this folder; what a consumer may rely on:
 * docs/KAFKA.md.
 */
#ifndef RY_TOOLS_KAFKA_SINK_H
#define RY_TOOLS_KAFKA_SINK_H

#include "tools/export/sink.h"

void ry_kafka_sink(struct ry_export_sink *sink);

#endif
