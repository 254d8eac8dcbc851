/* A battle file with stored agents added to its list of agents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "tools/writes/internal.h"

#define TEXT_MAX (8u << 20) /* as much as `royale run` reads */

static int add_text(yaml_document_t *d, const char *text)
{
    return yaml_document_add_scalar(d, NULL, (const yaml_char_t *)text, -1, YAML_ANY_SCALAR_STYLE);
}

static int add_value(yaml_document_t *d, const json_t *value);

static int add_pair(yaml_document_t *d, int mapping, const char *key, const json_t *value)
{
    const int name = add_text(d, key), of = add_value(d, value);
    return name != 0 && of != 0 ? yaml_document_append_mapping_pair(d, mapping, name, of) : 0;
}

/* 0: no memory. Only what ry_writes_agent_put lets in. */
static int add_value(yaml_document_t *d, const json_t *value)
{
    char text[32];
    const char *key;
    json_t *of;
    switch (json_typeof(value)) {
    case JSON_STRING: return add_text(d, json_string_value(value));
    case JSON_INTEGER:
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return add_text(d, text);
    case JSON_TRUE: return add_text(d, "true");
    case JSON_FALSE: return add_text(d, "false");
    case JSON_OBJECT: break;
    case JSON_ARRAY:
    case JSON_REAL:
    case JSON_NULL: return 0;
    }
    const int mapping = yaml_document_add_mapping(d, NULL, YAML_FLOW_MAPPING_STYLE);
    json_object_foreach((json_t *)(uintptr_t)value, key, of)
    {
        if (mapping == 0 || add_pair(d, mapping, key, of) == 0)
            return 0;
    }
    return mapping;
}

/* The list of agents of the document; made if there is none. 0: there can be none. */
static int find_agents(yaml_document_t *d)
{
    yaml_node_t *root = yaml_document_get_root_node(d);
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        return 0;
    const int at = 1;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(d, pair->key);
        const yaml_node_t *value = yaml_document_get_node(d, pair->value);
        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, "agents") == 0)
            return value->type == YAML_SEQUENCE_NODE ? pair->value : 0;
    }
    const int list = yaml_document_add_sequence(d, NULL, YAML_BLOCK_SEQUENCE_STYLE);
    const int name = add_text(d, "agents");
    return list != 0 && name != 0 && yaml_document_append_mapping_pair(d, at, name, list) != 0
               ? list
               : 0;
}

/* False, answered if it is the request's mistake. */
static bool add_agents(const struct ry_writes *writes, yaml_document_t *d, const json_t *agents,
                       struct ry_writes_answer *answer)
{
    size_t i;
    json_t *name;
    const int list = find_agents(d);
    if (list == 0)
        return false;
    json_array_foreach((json_t *)(uintptr_t)agents, i, name)
    {
        char path[RY_WRITES_PATH_BYTES];
        json_t *settings = ry_writes_agent_settings(writes, json_string_value(name));
        if (settings == NULL) {
            ry_writes_fail(answer, "no_agent", NULL, "no agent %s is stored here",
                           json_string_value(name));
            return false;
        }
        snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS "/%s.so", writes->library,
                 json_string_value(name));
        json_t *strategy = json_string(path);
        const int agent = add_value(d, settings);
        const bool added = agent != 0 && strategy != NULL &&
                           add_pair(d, agent, "name", name) != 0 &&
                           add_pair(d, agent, "strategy", strategy) != 0 &&
                           yaml_document_append_sequence_item(d, list, agent) != 0;
        json_decref(strategy);
        json_decref(settings);
        if (!added)
            return false;
    }
    return true;
}

static bool load(yaml_document_t *d, const char *path)
{
    yaml_parser_t parser;
    FILE *file = fopen(path, "re");
    bool loaded = false;
    if (file != NULL && yaml_parser_initialize(&parser) != 0) {
        yaml_parser_set_input_file(&parser, file);
        loaded = yaml_parser_load(&parser, d) != 0;
        yaml_parser_delete(&parser);
    }
    if (file != NULL)
        fclose(file);
    return loaded;
}

/* Lets go of the document. */
static char *dump(yaml_document_t *d, size_t *bytes)
{
    yaml_emitter_t emitter;
    char *text = malloc(TEXT_MAX);
    bool dumped = false;
    if (text != NULL && yaml_emitter_initialize(&emitter) != 0) {
        yaml_emitter_set_output_string(&emitter, (unsigned char *)text, TEXT_MAX, bytes);
        yaml_emitter_set_unicode(&emitter, 1);
        yaml_emitter_set_width(&emitter, -1);
        dumped = yaml_emitter_dump(&emitter, d) != 0;
        yaml_emitter_delete(&emitter);
    } else {
        yaml_document_delete(d);
    }
    if (!dumped) {
        free(text);
        return NULL;
    }
    return text;
}

char *ry_writes_compose(const struct ry_writes *writes, const char *path, const json_t *agents,
                        size_t *bytes, struct ry_writes_answer *answer)
{
    yaml_document_t document;
    char *text = NULL;
    answer->error = NULL;
    if (load(&document, path)) {
        if (add_agents(writes, &document, agents, answer))
            text = dump(&document, bytes);
        else
            yaml_document_delete(&document);
    }
    if (text == NULL && answer->error == NULL)
        ry_writes_fail(answer, "failed", NULL, "cannot add agents to %.256s", path);
    return text;
}
