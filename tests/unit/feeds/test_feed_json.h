/*
 * A small JSON reader for the figures beside the real market data (EXPECTED.json). Trusts its
 * input: the files are ours. Strings are taken as they stand, without escapes.
 */
#ifndef RY_TESTS_UNIT_FEEDS_TEST_FEED_JSON_H
#define RY_TESTS_UNIT_FEEDS_TEST_FEED_JSON_H

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json {
    char type;       /* '{', '[', '"', '0' number, 'n' null or a truth value */
    const char *key; /* of a member */
    unsigned key_length;
    const char *text; /* of a string or number */
    unsigned text_length;
    unsigned count; /* of children */
    struct json *child, *next;
};

static inline const char *json_space(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static inline const char *json_parse(const char *p, struct json **out);

static inline const char *json_children(const char *p, struct json *parent)
{
    const char close = parent->type == '{' ? '}' : ']';
    struct json **tail = &parent->child;
    for (p = json_space(p + 1); *p != close; p = json_space(*p == ',' ? p + 1 : p)) {
        const char *key = NULL;
        unsigned key_length = 0;
        if (close == '}') {
            assert(*p == '"');
            key = p + 1;
            key_length = (unsigned)strcspn(key, "\"");
            p = json_space(key + key_length + 1);
            assert(*p == ':');
            p = json_space(p + 1);
        }
        p = json_space(json_parse(p, tail));
        (*tail)->key = key;
        (*tail)->key_length = key_length;
        tail = &(*tail)->next;
        parent->count++;
    }
    return p + 1;
}

static inline const char *json_parse(const char *p, struct json **out)
{
    struct json *node = calloc(1, sizeof *node); /* freed by the end of the test */
    assert(node != NULL);
    *out = node;
    node->type = *p;
    if (*p == '{' || *p == '[')
        return json_children(p, node);
    if (*p == '"') {
        node->text = p + 1;
        node->text_length = (unsigned)strcspn(p + 1, "\"");
        return p + node->text_length + 2;
    }
    node->text = p;
    node->text_length = (unsigned)strcspn(p, ",]} \t\r\n");
    node->type = *p == '-' || (*p >= '0' && *p <= '9') ? '0' : 'n';
    return p + node->text_length;
}

static inline void json_free(struct json *node)
{
    while (node != NULL) {
        struct json *next = node->next;
        json_free(node->child);
        free(node);
        node = next;
    }
}

/* The root of a file; *text must be freed after the tree. NULL if there is no such file. */
static inline struct json *json_read(const char *path, char **text)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    const size_t room = 1u << 20;
    *text = calloc(1, room);
    assert(*text != NULL);
    const size_t length = fread(*text, 1, room - 1, file);
    assert(length < room - 1);
    fclose(file);
    struct json *root;
    json_parse(json_space(*text), &root);
    return root;
}

/* NULL without it. */
static inline const struct json *json_get(const struct json *node, const char *key)
{
    const size_t length = strlen(key);
    for (const struct json *child = node == NULL ? NULL : node->child; child != NULL;
         child = child->next)
        if (child->key_length == length && memcmp(child->key, key, length) == 0)
            return child;
    return NULL;
}

/* What must be there: a file of expected figures without it is another file. */
static inline const struct json *json_need(const struct json *node, const char *key)
{
    const struct json *value = json_get(node, key);
    assert(value != NULL);
    return value;
}

static inline const struct json *json_at(const struct json *node, unsigned index)
{
    const struct json *child = node->child;
    while (index-- > 0)
        child = child->next;
    return child;
}

/* The number under a key; 0 without it. */
static inline uint64_t json_u64(const struct json *node, const char *key)
{
    const struct json *value = json_get(node, key);
    return value == NULL || value->type != '0' ? 0 : strtoull(value->text, NULL, 10);
}

static inline double json_double(const struct json *value)
{
    return strtod(value->text, NULL);
}

#endif
