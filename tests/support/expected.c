#include "tests/support/expected.h"

#include <stdio.h>

#include "tests/support/test.h"

json_t *ry_test_expected(const char *folder)
{
    char name[256];
    json_error_t error;
    snprintf(name, sizeof name, "%s/EXPECTED.json", folder);
    const char *path = ry_test_data(name);
    if (path == NULL)
        return NULL;
    json_t *root = json_load_file(path, 0, &error);
    ck_assert_msg(root != NULL, "%s:%d: %s", path, error.line, error.text);
    return root;
}

uint64_t ry_test_expected_u64(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    ck_assert(value == NULL || json_is_integer(value));
    return (uint64_t)json_integer_value(value);
}
