#include "tools/picture/picture.h"
#include "tools/text/json.h"

/* Null and absent are the same. */
static bool is_gone(const json_t *value)
{
    return value == NULL || json_is_null(value);
}

/* Objects whose members of every depth are the same but for those that are null. */
static json_t *patch_objects(json_t *before, json_t *after)
{
    const char *key;
    json_t *value;
    json_t *patch = ry_text_json_whole(json_object());
    json_object_foreach(before, key, value)
    {
        if (!is_gone(value) && is_gone(json_object_get(after, key)))
            ry_text_json_set(patch, key, json_null());
    }
    json_object_foreach(after, key, value)
    {
        json_t *change =
            is_gone(value) ? NULL : ry_picture_patch(json_object_get(before, key), value);
        if (change != NULL)
            ry_text_json_set(patch, key, change);
    }
    if (json_object_size(patch) > 0)
        return patch;
    json_decref(patch);
    return NULL;
}

json_t *ry_picture_patch(json_t *before, json_t *after)
{
    if (json_is_object(before) && json_is_object(after))
        return patch_objects(before, after);
    return before != NULL && json_equal(before, after) ? NULL : json_incref(after);
}
