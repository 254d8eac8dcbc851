#include "core/battle/node.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Where the next node is hung up. */
struct builder {
    struct ry_battle_node_tree *tree;
    struct ry_battle_errors *errors;
    uint32_t open[RY_BATTLE_NODE_DEPTH_MAX]; /* lists and mappings that have not ended */
    uint32_t last[RY_BATTLE_NODE_DEPTH_MAX]; /* their last child so far */
    unsigned depth;
    unsigned documents;
};

static void *grow(void *memory, uint32_t *room, uint32_t needed, size_t each)
{
    if (needed <= *room)
        return memory;
    uint32_t now = *room == 0 ? 256 : *room;
    while (now < needed)
        now *= 2;
    memory = realloc(memory, now * each);
    assert(memory != NULL);
    *room = now;
    return memory;
}

static int refuse(struct builder *builder, const yaml_event_t *event, const char *what)
{
    ry_battle_error(builder->errors, (uint32_t)event->start_mark.line + 1,
                    (uint32_t)event->start_mark.column + 1, "", "%s", what);
    return -1;
}

static uint32_t new_node(struct builder *builder, const yaml_event_t *event,
                         enum ry_battle_node_kind kind)
{
    struct ry_battle_node_tree *tree = builder->tree;
    if (tree->count == RY_BATTLE_NODES_MAX) {
        char what[64];
        snprintf(what, sizeof what, "the file is too large; allowed: %u nodes",
                 RY_BATTLE_NODES_MAX);
        refuse(builder, event, what);
        return RY_BATTLE_NODE_NONE;
    }
    tree->node = grow(tree->node, &tree->room, tree->count + 1, sizeof tree->node[0]);
    uint32_t index = tree->count++;
    tree->node[index] = (struct ry_battle_node){
        .kind = (uint8_t)kind,
        .line = (uint32_t)event->start_mark.line + 1,
        .column = (uint32_t)event->start_mark.column + 1,
        .begin = (uint32_t)event->start_mark.index,
        .end = (uint32_t)event->end_mark.index,
    };
    if (builder->depth > 0) {
        unsigned level = builder->depth - 1;
        if (builder->last[level] == RY_BATTLE_NODE_NONE)
            tree->node[builder->open[level]].first = index;
        else
            tree->node[builder->last[level]].next = index;
        builder->last[level] = index;
    }
    return index;
}

static int begin(struct builder *builder, const yaml_event_t *event, enum ry_battle_node_kind kind)
{
    if (builder->depth == RY_BATTLE_NODE_DEPTH_MAX) {
        return refuse(builder, event,
                      "nested too deeply; allowed: " RY_STRING(RY_BATTLE_NODE_DEPTH_MAX) " levels");
    }
    uint32_t index = new_node(builder, event, kind);
    if (index == RY_BATTLE_NODE_NONE)
        return -1;
    builder->open[builder->depth] = index;
    builder->last[builder->depth] = RY_BATTLE_NODE_NONE;
    builder->depth++;
    return 0;
}

static int scalar(struct builder *builder, const yaml_event_t *event)
{
    struct ry_battle_node_tree *tree = builder->tree;
    uint32_t index = new_node(builder, event, RY_BATTLE_NODE_SCALAR);
    if (index == RY_BATTLE_NODE_NONE)
        return -1;
    const char *value = (const char *)event->data.scalar.value;
    uint32_t length = (uint32_t)event->data.scalar.length; /* the whole file is shorter than 2^31 */
    tree->texts = grow(tree->texts, &tree->texts_room, tree->texts_bytes + length + 1, 1);
    struct ry_battle_node *node = &tree->node[index];
    node->text = tree->texts_bytes;
    node->text_bytes = length;
    memcpy(tree->texts + node->text, value, length);
    tree->texts[node->text + length] = '\0';
    tree->texts_bytes += length + 1;
    node->empty = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                  (length == 0 || strcmp(value, "~") == 0 || strcmp(value, "null") == 0);
    return 0;
}

static int refuse_names(struct builder *builder, const yaml_event_t *event,
                        const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(builder, event, "anchors and aliases are refused; write the value out");
    return tag != NULL ? refuse(builder, event, "tags are refused; write the value alone") : 0;
}

static int take(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return ++builder->documents > 1 ? refuse(builder, event, "a second document; allowed: one")
                                        : 0;
    case YAML_ALIAS_EVENT: return refuse_names(builder, event, event->data.alias.anchor, NULL);
    case YAML_SCALAR_EVENT:
        return refuse_names(builder, event, event->data.scalar.anchor, event->data.scalar.tag) |
               scalar(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return refuse_names(builder, event, event->data.sequence_start.anchor,
                            event->data.sequence_start.tag) |
               begin(builder, event, RY_BATTLE_NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return refuse_names(builder, event, event->data.mapping_start.anchor,
                            event->data.mapping_start.tag) |
               begin(builder, event, RY_BATTLE_NODE_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: builder->depth--; return 0;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: return 0;
    }
    return 0;
}

static void syntax_error(struct builder *builder, const yaml_parser_t *parser, const char *text,
                         size_t bytes)
{
    const size_t at = parser->problem_mark.index;
    const bool at_tab = at < bytes && text[at] == '\t';
    const char *problem = parser->problem == NULL ? "cannot be read as YAML" : parser->problem;
    const char *context = parser->context == NULL ? "" : parser->context;
    ry_battle_error(builder->errors, (uint32_t)parser->problem_mark.line + 1,
                    (uint32_t)parser->problem_mark.column + 1, "", "no valid YAML: %s%s%s%s",
                    context, context[0] == '\0' ? "" : ": ", problem,
                    at_tab ? " (a tab): indent by spaces" : "");
}

int ry_battle_node_tree_read(struct ry_battle_node_tree *tree, const char *text, size_t bytes,
                             struct ry_battle_errors *errors)
{
    struct builder builder = {.tree = tree, .errors = errors};
    *tree = (struct ry_battle_node_tree){.count = 1};
    tree->node = grow(NULL, &tree->room, 1, sizeof tree->node[0]);
    tree->node[0] = (struct ry_battle_node){.kind = RY_BATTLE_NODE_SCALAR};
    yaml_parser_t parser;
    int initialised = yaml_parser_initialize(&parser);
    assert(initialised == 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, bytes);
    int result = 0;
    for (bool end = false; result == 0 && !end;) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) != 1) {
            syntax_error(&builder, &parser, text, bytes);
            result = -1;
            break;
        }
        end = event.type == YAML_STREAM_END_EVENT;
        result = take(&builder, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return result;
}

void ry_battle_node_tree_free(struct ry_battle_node_tree *tree)
{
    free(tree->node);
    free(tree->texts);
    *tree = (struct ry_battle_node_tree){.count = 0};
}

const struct ry_battle_node *ry_battle_node_find(const struct ry_battle_node_tree *tree,
                                                 const struct ry_battle_node *mapping,
                                                 const char *key)
{
    if (mapping == NULL || mapping->kind != RY_BATTLE_NODE_MAPPING)
        return NULL;
    const struct ry_battle_node *name = ry_battle_node_at(tree, mapping->first);
    while (name != NULL) {
        const struct ry_battle_node *value = ry_battle_node_at(tree, name->next);
        if (strcmp(ry_battle_node_text(tree, name), key) == 0)
            return value;
        name = ry_battle_node_at(tree, value->next);
    }
    return NULL;
}
