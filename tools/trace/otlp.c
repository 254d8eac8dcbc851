#include "tools/trace/otlp.h"

#include <inttypes.h>
#include <stdio.h>

#include "tools/text/json.h"
#include "tools/text/version.h"
#include "tools/trace/tree.h"

#define SPAN_KIND_INTERNAL 1 /* of opentelemetry.proto.trace.v1.Span.SpanKind */
#define TEXT_BYTES         96

/* ---- values ---------------------------------------------------------------------------------- */

static void add_attribute(json_t *attributes, const char *key, const char *kind, json_t *value)
{
    json_t *any = json_object(), *attribute = json_object();
    ry_text_json_set(any, kind, value);
    ry_text_json_set(attribute, "key", json_string(key));
    ry_text_json_set(attribute, "value", any);
    ry_text_json_add(attributes, attribute);
}

static void add_text(json_t *attributes, const char *key, const char *text)
{
    add_attribute(attributes, key, "stringValue", ry_text_json_string(text, TEXT_BYTES));
}

static void add_number(json_t *attributes, const char *key, uint64_t value)
{
    add_attribute(attributes, key, "intValue", ry_text_json_u64(value));
}

static void set_hex(json_t *object, const char *key, const uint8_t *bytes, unsigned count)
{
    char text[2 * RY_TRACE_ID_BYTES + 1];
    for (unsigned i = 0; i < count; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    ry_text_json_set(object, key, json_string(text));
}

static void set_id(json_t *object, const char *key, uint64_t id)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, id);
    ry_text_json_set(object, key, json_string(text));
}

/* ---- one span -------------------------------------------------------------------------------- */

/* The numbers that a hop has beside its input. */
static void add_numbers(json_t *attributes, const struct ry_span *span)
{
    switch ((enum ry_hop)span->hop) {
    case RY_HOP_WAKE:
    case RY_HOP_CALLBACK:
    case RY_HOP_ANSWER: add_number(attributes, "royale.wake", span->number); return;
    case RY_HOP_COMMAND:
        add_number(attributes, "royale.wake", span->wake);
        add_number(attributes, "royale.command", span->number);
        return;
    case RY_HOP_APPLY:
        if (span->number != 0)
            add_number(attributes, "royale.command", span->number);
        return;
    case RY_HOP_FEED:
    case RY_HOP_MERGE:
    case RY_HOP_JOURNAL:
    case RY_HOP_DURABLE:
    case RY_HOP_REPORT:
    case RY_HOPS: return;
    }
}

static json_t *attributes_of(const struct ry_trace_scene *scene, const struct ry_span *span)
{
    const struct ry_trace_names *names = scene->names;
    json_t *attributes = json_array();
    char source[RY_NAME_BYTES];
    snprintf(source, sizeof source, "feed%u", span->source - (unsigned)RY_SOURCE_FEED);
    add_text(attributes, "royale.source", source);
    add_number(attributes, "royale.source_seq", span->source_seq);
    if (span->input != 0)
        add_number(attributes, "royale.input", span->input);
    if (span->instrument < names->instruments)
        add_text(attributes, "royale.instrument", names->symbol[span->instrument]);
    if (span->agent < names->agents)
        add_text(attributes, "royale.agent", names->agent[span->agent]);
    add_numbers(attributes, span);
    return attributes;
}

static json_t *span_of(const struct ry_trace_scene *scene, const struct ry_span *span)
{
    struct ry_trace_ids ids;
    json_t *object = json_object();
    ry_trace_ids(&ids, &scene->names->id, span);
    set_hex(object, "traceId", ids.trace, sizeof ids.trace);
    set_id(object, "spanId", ids.span);
    if (ids.parent != 0)
        set_id(object, "parentSpanId", ids.parent);
    ry_text_json_set(object, "name", json_string(ry_trace_hops[span->hop].name));
    ry_text_json_set(object, "kind", json_integer(SPAN_KIND_INTERNAL));
    ry_text_json_set(object, "startTimeUnixNano",
                     ry_text_json_i64(span->begin_ns + scene->unix_ns));
    ry_text_json_set(object, "endTimeUnixNano", ry_text_json_i64(span->end_ns + scene->unix_ns));
    ry_text_json_set(object, "attributes", attributes_of(scene, span));
    return object;
}

/* ---- the request ----------------------------------------------------------------------------- */

static json_t *resource_of(const struct ry_trace_scene *scene, unsigned ring)
{
    const char *process = scene->process(scene->context, ring);
    json_t *resource = json_object(), *attributes = json_array();
    char instance[2 * RY_BATTLE_ID_BYTES + 1 + RY_NAME_BYTES];
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
        snprintf(instance + 2 * i, 3, "%02x", scene->names->id.byte[i]);
    snprintf(instance + 2 * RY_BATTLE_ID_BYTES, 1 + RY_NAME_BYTES, "-%s", process);
    add_text(attributes, "service.name", process);
    add_text(attributes, "service.namespace", "royale");
    add_text(attributes, "service.instance.id", instance);
    add_text(attributes, "royale.battle", scene->names->battle);
    ry_text_json_set(resource, "attributes", attributes);
    return resource;
}

/* Of one process; `spans` is what the caller adds to. */
static json_t *resource_spans(const struct ry_trace_scene *scene, unsigned ring, json_t *spans)
{
    json_t *object = json_object(), *scopes = json_array(), *one = json_object(),
           *scope = json_object();
    ry_text_json_set(scope, "name", json_string("royale-trace"));
    ry_text_json_set(scope, "version", json_string(RY_VERSION));
    ry_text_json_set(one, "scope", scope);
    ry_text_json_set(one, "spans", spans);
    ry_text_json_add(scopes, one);
    ry_text_json_set(object, "resource", resource_of(scene, ring));
    ry_text_json_set(object, "scopeSpans", scopes);
    return object;
}

json_t *ry_trace_otlp(const struct ry_trace_scene *scene, const struct ry_trace_item *item,
                      unsigned count)
{
    json_t *request = json_object(), *resources = json_array();
    bool done[RY_TRACE_BATCH] = {false};
    for (unsigned first = 0; first < count; first++) {
        if (done[first])
            continue;
        json_t *spans = ry_text_json_whole(json_array());
        for (unsigned i = first; i < count; i++) {
            if (item[i].ring != item[first].ring)
                continue;
            done[i] = true;
            ry_text_json_add(spans, span_of(scene, &item[i].span));
        }
        ry_text_json_add(resources, resource_spans(scene, item[first].ring, spans));
    }
    ry_text_json_set(request, "resourceSpans", resources);
    return request;
}
