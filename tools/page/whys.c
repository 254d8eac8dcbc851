/* Why: the facts behind each fill, reject and elimination, in one pass over the journal. */
#include <stdlib.h>
#include <string.h>

#include "tools/explain/exchange.h"
#include "tools/page/gather.h"
#include "tools/text/json.h"
#include "tools/why/why.h"

#define NUMBER_BYTES 24

struct pass {
    struct ry_page_gather *g;
    json_t *whys;
    size_t bytes;
    uint64_t left_out;
};

/* About what it takes in the file. */
static size_t size_of(const json_t *why)
{
    char *text = json_dumps(why, JSON_COMPACT);
    const size_t bytes = text != NULL ? strlen(text) : 0;
    free(text);
    return bytes;
}

static bool take(void *context, const struct ry_results *results,
                 const struct ry_explain_record *record)
{
    struct pass *pass = context;
    char number[NUMBER_BYTES], sentence[RY_EXPLAIN_SENTENCE_BYTES];
    (void)results;
    if (pass->left_out > 0) {
        pass->left_out++;
        return true;
    }
    json_t *why = ry_text_json_whole(json_object());
    ry_text_json_set(why, "text",
                     ry_text_json_string(ry_explain_template(sentence, record), sizeof sentence));
    ry_text_json_set(why, "facts", ry_explain_facts(record));
    const size_t bytes = size_of(why);
    if (pass->bytes + bytes > RY_PAGE_WHY_BYTES_MAX) {
        pass->left_out++;
        json_decref(why);
        return true;
    }
    pass->bytes += bytes;
    pass->g->reasons++;
    snprintf(number, sizeof number, "%llu", (unsigned long long)record->input);
    json_t *of = json_object_get(pass->whys, number);
    if (of == NULL) {
        of = ry_text_json_whole(json_array());
        ry_text_json_set(pass->whys, number, of);
    }
    ry_text_json_add(of, why);
    return true;
}

bool ry_page_gather_whys(struct ry_page_gather *g, char *why, size_t why_bytes)
{
    char error[RY_WHY_ERROR_BYTES], sentence[256];
    struct pass pass = {.g = g, .whys = ry_text_json_whole(json_object())};
    if (ry_why_records(g->directory, NULL, take, &pass, error) != 0) {
        snprintf(why, why_bytes, "%.*s", (int)why_bytes - 1, error);
        json_decref(pass.whys);
        return false;
    }
    if (pass.left_out > 0) {
        snprintf(
            sentence, sizeof sentence,
            "%llu later fills, refusals and eliminations have no reason: the file has room for %zu MiB of them",
            (unsigned long long)pass.left_out, RY_PAGE_WHY_BYTES_MAX >> 20);
        ry_text_json_add(g->limits, json_string(sentence));
    }
    char *text = json_dumps(pass.whys, JSON_COMPACT);
    if (text == NULL)
        (void)ry_text_json_whole(NULL);
    ry_page_store_put(g->store, "why", text, strlen(text));
    free(text);
    json_decref(pass.whys);
    return true;
}
