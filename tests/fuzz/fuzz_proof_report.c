/* The JSON that `royale tune report --from` and --before read: refused with a reason, or a page can
 * be made of it, in which no text is markup. Behind 'j' it stands there; otherwise the bytes change
 * some values of a report that is right: (which, 1 byte; what, 1 byte; a figure, 8 bytes)... */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tests/support/proof_rig.h"
#include "tools/proof/fields.h"
#include "tools/proof/page.h"

#define CHANGE_BYTES 10

struct change {
    unsigned left; /* leaves until it is its turn */
    json_t *value; /* NULL: done */
};

static json_t *changed(const uint8_t *data)
{
    char text[32];
    int64_t figure;
    memcpy(&figure, data + 2, sizeof figure);
    switch (data[1] % 5) {
    case 0: return json_integer(figure);
    case 1: snprintf(text, sizeof text, "%lld", (long long)figure); return json_string(text);
    case 2: return json_string("<script>&\"'");
    case 3: return json_array();
    default: return json_null();
    }
}

/* The leaf whose turn it is becomes the value. */
static void walk(json_t *json, struct change *change)
{
    const char *key;
    void *next;
    json_t *value;
    size_t i;
    json_object_foreach_safe(json, next, key, value)
    {
        if (json_is_object(value) || json_is_array(value)) {
            walk(value, change);
        } else if (change->value != NULL && change->left-- == 0) {
            json_object_set_new(json, key, change->value);
            change->value = NULL;
        }
    }
    json_array_foreach(json, i, value)
    {
        if (json_is_object(value) || json_is_array(value)) {
            walk(value, change);
        } else if (change->value != NULL && change->left-- == 0) {
            json_array_set_new(json, i, change->value);
            change->value = NULL;
        }
    }
}

static json_t *report_of(const uint8_t *data, size_t size)
{
    if (data[0] == 'j')
        return json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL);
    json_t *report = ry_test_proof_report();
    for (size_t at = 1; at + CHANGE_BYTES <= size; at += CHANGE_BYTES) {
        struct change change = {.left = data[at], .value = changed(data + at)};
        walk(report, &change);
        json_decref(change.value);
    }
    return report;
}

static void check_page(const json_t *now, const json_t *before)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert(out != NULL);
    ry_proof_page_write(&(struct ry_proof_page){.out = out, .now = now, .before = before});
    fclose(out);
    assert(strstr(text, "<script") == NULL);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static json_t *right;
    char why[RY_PROOF_WHY_BYTES] = "";
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    if (right == NULL)
        right = ry_test_proof_report();
    json_t *report = report_of(data, size);
    if (report == NULL)
        return 0;
    if (ry_proof_fields_hold(report, why)) {
        check_page(report, right);
        check_page(right, report);
    } else {
        assert(why[0] != '\0' && memchr(why, '\0', sizeof why) != NULL);
    }
    json_decref(report);
    return 0;
}
