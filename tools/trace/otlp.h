/*
 * Spans as OTLP/JSON: an ExportTraceServiceRequest, as collectors take it at POST /v1/traces and as
 * the file exporter of OpenTelemetry writes it, one request a line.
 *
 * By the protocol's rules for JSON: names in lowerCamelCase, ids in hexadecimal, 64-bit integers as
 * decimal strings, enums as numbers. A resource a process: service.name "exec", service.namespace
 * "royale", service.instance.id the battle's id and the process.
 */
#ifndef RY_TOOLS_TRACE_OTLP_H
#define RY_TOOLS_TRACE_OTLP_H

#include <jansson.h>

#include "shm/records/span.h"
#include "tools/trace/names.h"

#define RY_TRACE_BATCH 512 /* spans of one request, at most */

struct ry_trace_item {
    struct ry_span span;
    unsigned ring; /* of which process: its index in `process` below */
};

/* What spans alone do not say. */
struct ry_trace_scene {
    const struct ry_trace_names *names;
    const char *(*process)(const void *context, unsigned ring); /* "agent3" */
    const void *context;
    int64_t unix_ns; /* what a span's time is from the Unix epoch: its ns and this */
};

/* A new reference; the process ends if there is no memory. count: 1..RY_TRACE_BATCH. */
json_t *ry_trace_otlp(const struct ry_trace_scene *scene, const struct ry_trace_item *item,
                      unsigned count);

#endif
