#include <stdio.h>
#include <string.h>

#include "tools/explain/grammar.h"
#include "tools/text/json.h"

/* {"type": "string", "enum": [..]} of the openings, or of all details. */
static json_t *strings(const struct ry_explain_grammar *g, bool openings)
{
    json_t *list = ry_text_json_whole(json_array());
    json_t *schema = ry_text_json_whole(json_pack("{ss}", "type", "string"));
    for (unsigned i = 0; i < g->phrases; i++)
        if ((g->phrase[i].topic == RY_EXPLAIN_OPENING) == openings)
            ry_text_json_add(list, ry_text_json_string(g->phrase[i].text, RY_EXPLAIN_PHRASE_BYTES));
    ry_text_json_set(schema, "enum", list);
    return schema;
}

json_t *ry_explain_schema(const struct ry_explain_grammar *g)
{
    return ry_text_json_whole(json_pack("{ss s{so s{ss so si si}} s[ss] sb}", "type", "object",
                                        "properties", "opening", strings(g, true), "details",
                                        "type", "array", "items", strings(g, false), "minItems", 1,
                                        "maxItems", RY_EXPLAIN_DETAILS_MAX, "required", "opening",
                                        "details", "additionalProperties", 0));
}

static bool append(char sentence[RY_EXPLAIN_SENTENCE_BYTES], const char *before, const char *text)
{
    size_t at = strlen(sentence), room = RY_EXPLAIN_SENTENCE_BYTES - at;
    return text != NULL && (size_t)snprintf(sentence + at, room, "%s%s", before, text) < room;
}

/* Whether a detail before it has said its topic. What is no detail is the checker's to refuse. */
static bool is_said(const struct ry_explain_grammar *g, const char *detail, uint32_t *topics)
{
    for (unsigned i = 0; detail != NULL && i < g->phrases; i++) {
        const uint32_t topic = UINT32_C(1) << g->phrase[i].topic;
        if (g->phrase[i].topic == RY_EXPLAIN_OPENING || strcmp(g->phrase[i].text, detail) != 0)
            continue;
        const bool said = (*topics & topic) != 0;
        *topics |= topic;
        return said;
    }
    return false;
}

int ry_explain_spelled(char sentence[RY_EXPLAIN_SENTENCE_BYTES], const struct ry_explain_grammar *g,
                       const char *text, size_t bytes)
{
    json_t *document = json_loadb(text, bytes, 0, NULL), *detail;
    json_t *details = json_object_get(document, "details");
    uint32_t topics = 0;
    size_t i;
    sentence[0] = '\0';
    bool whole = append(sentence, "", json_string_value(json_object_get(document, "opening")));
    json_array_foreach(details, i, detail)
    {
        const char *said = json_string_value(detail);
        whole = whole && (is_said(g, said, &topics) || append(sentence, "; ", said));
    }
    whole = whole && append(sentence, "", ".");
    json_decref(document);
    return whole ? 0 : -1;
}
