#include "tools/page/gather.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/picture/picture.h"
#include "tools/text/json.h"

#define NAME_BYTES   (RY_API_NAME_BYTES + 32)
#define NUMBER_BYTES 24

/* Rows of the game, of nobody alone; rows of an agent. */
#define GAME_ROWS "round,rank,out,stamp,incomplete,standing,end"
#define AGENT_ROWS                                                                                 \
    "order,ack,reject,rested,fill,cancel_request,cancel,decision,handed_over,out,rank"

static void put_json(struct ry_page_gather *g, const char *name, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    if (text == NULL)
        (void)ry_text_json_whole(NULL);
    ry_page_store_put(g->store, name, text, strlen(text));
    free(text);
}

__attribute__((format(printf, 2, 3))) static void leave_out(struct ry_page_gather *g,
                                                            const char *format, ...)
{
    char sentence[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    ry_text_json_add(g->limits, json_string(sentence));
}

/* ---- moments --------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The inputs whose moments the file has, in order; how many. */
static size_t moments_of(struct ry_page_gather *g, const json_t *course,
                         uint64_t moment[RY_PAGE_STATES_MAX])
{
    const json_t *input = json_object_get(course, "input"), *event;
    const size_t columns = json_array_size(input);
    size_t count = 0, i, left_out = 0;
    for (i = 0; i < RY_PAGE_STATES_EVEN && columns > 0; i++) {
        const size_t column = i * (columns - 1) / (RY_PAGE_STATES_EVEN - 1);
        moment[count++] = (uint64_t)json_integer_value(json_array_get(input, column));
    }
    json_array_foreach(json_object_get(course, "events"), i, event)
    {
        if (count < RY_PAGE_STATES_MAX)
            moment[count++] = (uint64_t)json_integer_value(json_object_get(event, "input"));
        else
            left_out++;
    }
    if (left_out > 0)
        leave_out(g, "%zu later events have no moment of their own: the one before them is shown",
                  left_out);
    qsort(moment, count, sizeof *moment, by_number);
    size_t kept = 0;
    for (i = 0; i < count; i++)
        if (moment[i] > 0 && (kept == 0 || moment[i] != moment[kept - 1]))
            moment[kept++] = moment[i];
    return kept;
}

static bool put_states(struct ry_page_gather *g, const json_t *course)
{
    uint64_t moment[RY_PAGE_STATES_MAX];
    const size_t count = moments_of(g, course, moment);
    json_t *states = ry_text_json_whole(json_array()), *before = NULL;
    for (size_t i = 0; i < count; i++) {
        char number[NUMBER_BYTES];
        const struct ry_api_pair query[] = {{"input", number}, {.name = NULL}};
        snprintf(number, sizeof number, "%" PRIu64, moment[i]);
        json_t *state = ry_page_ask_json(g->asker, "state", query);
        if (state == NULL)
            break; /* g->moments says so */
        json_t *patch =
            i % RY_PAGE_STATES_WHOLE == 0 ? json_incref(state) : ry_picture_patch(before, state);
        json_t *entry = ry_text_json_whole(json_array());
        ry_text_json_add(entry, ry_text_json_count(moment[i]));
        ry_text_json_add(entry,
                         json_incref(json_object_get(json_object_get(state, "battle"), "time_ns")));
        ry_text_json_add(entry, patch != NULL ? patch : json_object());
        ry_text_json_add(states, entry);
        json_decref(before);
        before = state;
        g->moments++;
    }
    json_decref(before);
    put_json(g, "states", states);
    json_decref(states);
    return g->moments == count;
}

/* ---- depth ----------------------------------------------------------------------------------- */

static bool put_depths(struct ry_page_gather *g, const json_t *course)
{
    char columns[NUMBER_BYTES], name[NAME_BYTES];
    json_t *instruments = json_object_get(course, "instruments"), *instrument;
    const char *symbol;
    snprintf(columns, sizeof columns, "%u", RY_PAGE_DEPTH_COLUMNS);
    json_object_foreach(instruments, symbol, instrument)
    {
        const struct ry_api_pair query[] = {
            {"instrument", symbol}, {"columns", columns}, {.name = NULL}};
        struct ry_api_answer answer;
        if (!ry_page_ask(g->asker, "depth", query, &answer))
            return false;
        snprintf(name, sizeof name, "depth/%s", symbol);
        ry_page_store_put(g->store, name, answer.body, answer.bytes);
        free(answer.body);
        g->instruments++;
    }
    return true;
}

/* ---- pages of rows and explanations ---------------------------------------------------------- */

/* All pages of one question, as one list; stops when `*bytes` are used up (`*whole` false then). */
static json_t *all_pages(struct ry_page_gather *g, const char *of, const char *member,
                         const char *type, const char *agent, size_t *bytes, bool *whole)
{
    json_t *all = ry_text_json_whole(json_array());
    char after[NUMBER_BYTES * 2] = "0.0";
    *whole = true;
    for (;;) {
        struct ry_api_pair query[RY_PAGE_ASKED_MAX] = {{"after", after}, {"limit", "1000"}};
        unsigned n = 2;
        if (type != NULL)
            query[n++] = (struct ry_api_pair){"type", type};
        if (agent != NULL)
            query[n++] = (struct ry_api_pair){"agent", agent};
        struct ry_api_answer answer;
        if (!ry_page_ask(g->asker, of, query, &answer))
            break;
        json_t *page = json_loadb(answer.body, answer.bytes, 0, NULL);
        const size_t size = answer.bytes;
        free(answer.body);
        const char *next = json_string_value(json_object_get(page, "next"));
        const bool goes_on = next != NULL && strcmp(next, after) != 0;
        *whole = size <= *bytes;
        if (*whole) {
            *bytes -= size;
            (void)json_array_extend(all, json_object_get(page, member));
        }
        if (goes_on)
            snprintf(after, sizeof after, "%s", next);
        json_decref(page);
        if (!goes_on || !*whole)
            return all;
    }
    json_decref(all);
    return NULL;
}

static bool put_rows(struct ry_page_gather *g)
{
    size_t bytes = RY_PAGE_ROWS_BYTES_MAX;
    bool whole;
    const char *agent;
    json_t *each, *rows = all_pages(g, "rows", "rows", GAME_ROWS, NULL, &bytes, &whole);
    if (rows == NULL)
        return false;
    put_json(g, "rows", rows);
    g->rows += json_array_size(rows);
    json_decref(rows);
    json_object_foreach(json_object_get(g->state, "agents"), agent, each)
    {
        char name[NAME_BYTES];
        rows = all_pages(g, "rows", "rows", AGENT_ROWS, agent, &bytes, &whole);
        if (rows == NULL)
            return false;
        if (!whole)
            leave_out(
                g,
                "the rows of %s end before the battle does: the file has room for %zu MiB of rows",
                agent, RY_PAGE_ROWS_BYTES_MAX >> 20);
        snprintf(name, sizeof name, "rows/%s", agent);
        put_json(g, name, rows);
        g->rows += json_array_size(rows);
        json_decref(rows);
    }
    return true;
}

static bool put_explanations(struct ry_page_gather *g)
{
    size_t bytes = RY_PAGE_WHY_BYTES_MAX;
    bool whole;
    const char *agent;
    json_t *each;
    json_object_foreach(json_object_get(g->state, "agents"), agent, each)
    {
        char name[NAME_BYTES];
        json_t *all = all_pages(g, "explanations", "explanations", NULL, agent, &bytes, &whole);
        if (all == NULL)
            return false;
        if (!whole)
            leave_out(
                g,
                "the explanations of %s end before the battle does: the file has room for %zu MiB of them",
                agent, RY_PAGE_WHY_BYTES_MAX >> 20);
        snprintf(name, sizeof name, "explanations/%s", agent);
        put_json(g, name, all);
        json_decref(all);
    }
    return true;
}

bool ry_page_gather(struct ry_page_gather *g)
{
    char columns[NUMBER_BYTES];
    const struct ry_api_pair query[] = {{"columns", columns}, {.name = NULL}};
    snprintf(columns, sizeof columns, "%u", RY_PAGE_COURSE_COLUMNS);
    json_t *course = ry_page_ask_json(g->asker, "course", query);
    if (course == NULL)
        return false;
    put_json(g, "state", g->state);
    put_json(g, "course", course);
    const bool done = put_depths(g, course) && put_states(g, course) && put_rows(g) &&
                      put_explanations(g) &&
                      ry_page_gather_whys(g, g->asker->why, sizeof g->asker->why);
    json_decref(course);
    if (!done)
        return false;
    json_t *file = ry_text_json_whole(json_object());
    ry_text_json_set(file, "format", ry_text_json_count(RY_PAGE_FORMAT));
    ry_text_json_set(file, "battle", json_string(g->name));
    ry_text_json_set(file, "limits", json_incref(g->limits));
    put_json(g, "file", file);
    json_decref(file);
    return true;
}
