/* Why: the life of an order, what happened at an input, and explanations. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/api/pasts.h"
#include "tools/picture/words.h"
#include "tools/text/row_json.h"
#include "tools/why/life.h"
#include "tools/why/why.h"

#define DECIMAL 10

/* ---- an order -------------------------------------------------------------------------------- */

static json_t *text_of(struct ry_why_life *life)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return ry_text_json_whole(NULL);
    ry_why_life_text(out, life);
    fclose(out);
    json_t *string = ry_text_json_string(text, bytes);
    free(text);
    return string;
}

static void tell(struct ry_api_call *call, const char *directory, struct ry_why_life *life)
{
    char error[RY_WHY_ERROR_BYTES];
    const struct ry_why_asked *asked = &life->scan.asked;
    if (life->scan.agent < 0) {
        ry_api_refuse(call->answer, RY_API_E_no_agent, NULL, "the battle has no agent %s",
                      asked->agent);
        return;
    }
    if (!life->scan.found) {
        ry_api_refuse(call->answer, RY_API_E_no_order, NULL,
                      "%s has no order %" PRIu64 "; its last one is %" PRIu64, asked->agent,
                      asked->cl_ord_id, life->scan.cl_ord_id_max);
        return;
    }
    if (ry_why_life_read(life, directory, error) != 0) {
        ry_api_refuse(call->answer, RY_API_E_failed, NULL, "%s", error);
        return;
    }
    if (life->reached) {
        ry_why_life_sum_up(life);
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "text", text_of(life));
        ry_text_json_set(object, "facts", ry_why_life_json(life));
        ry_api_json(call, 200, object);
    } else {
        ry_api_refuse(call->answer, RY_API_E_failed, NULL, "input %" PRIu64 " could not be applied",
                      life->scan.input);
    }
    ry_why_life_close(life);
}

static void tell_order(struct ry_api_call *call, const char *directory, const char *agent,
                       uint64_t cl_ord_id)
{
    char error[RY_WHY_ERROR_BYTES];
    struct ry_why_asked asked = {.one = true, .cl_ord_id = cl_ord_id};
    struct ry_why_life *life = calloc(1, sizeof *life);
    if (life == NULL)
        (void)ry_text_json_whole(NULL);
    snprintf(asked.agent, sizeof asked.agent, "%s", agent);
    ry_why_battle_read(&life->battle, directory);
    if (ry_why_scan(&life->scan, directory, &asked, &life->battle, error) == 0)
        tell(call, directory, life);
    else
        ry_api_refuse(call->answer, RY_API_E_damaged, NULL, "%s", error);
    free(life);
}

/* ---- an input -------------------------------------------------------------------------------- */

struct input {
    uint64_t number;
    char agent[RY_NAME_BYTES]; /* the first row of an order names it */
    uint64_t cl_ord_id;        /* 0: none does */
    bool out;                  /* somebody went out, which says more than any order of his */
    FILE *words;
    json_t *rows;
};

/* The number in a column of the row; false: it has none of that name. */
static bool column_of(const struct ry_results_row *row, const char *name, uint64_t *number)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    for (unsigned i = 0; i < about->columns; i++) {
        if (strcmp(about->column[i].name, name) != 0)
            continue;
        const void *at = ry_results_row_at(row, &about->column[i]);
        *number = about->column[i].type == RY_RESULTS_TYPE_AGENT ? *(const uint16_t *)at
                                                                 : *(const uint64_t *)at;
        return true;
    }
    return false;
}

/* Rows of the market do not name it, those of an order not its agent: displays have them under
 * that name. */
static void put_words(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    char words[RY_PICTURE_ROW_WORDS], symbol[RY_SYMBOL_BYTES], name[RY_NAME_BYTES];
    uint64_t agent, cl_ord_id;
    if (ry_picture_row_words(words, r, row)[0] == 0)
        return;
    if (row->kind == RY_RESULTS_ROW_MARKET_TRADE)
        fprintf(out, "%s traded: ", ry_picture_symbol(symbol, r, row->market_trade.instrument));
    else if (column_of(row, "cl_ord_id", &cl_ord_id) && column_of(row, "agent", &agent))
        fprintf(out, "%s: ", ry_picture_agent(name, r, (uint16_t)agent));
    fprintf(out, "%s\n", words);
}

static void take_row(void *context, const struct ry_results *r, const struct ry_results_row *row)
{
    char text[RY_TEXT_ROW_BYTES + 1];
    struct input *input = context;
    uint64_t agent, cl_ord_id;
    if (row->key.input != input->number)
        return;
    input->out |= row->kind == RY_RESULTS_ROW_OUT;
    if (input->cl_ord_id == 0 && column_of(row, "agent", &agent) && agent < r->agents &&
        column_of(row, "cl_ord_id", &cl_ord_id) && cl_ord_id != 0) {
        memcpy(input->agent, r->agent[agent].name, sizeof input->agent);
        input->cl_ord_id = cl_ord_id;
    }
    put_words(input->words, r, row);
    const size_t bytes = ry_text_row_json(text, r, row);
    ry_text_json_add(input->rows, json_loadb(text, bytes, 0, NULL));
}

/* Why agents went out at the input, a sentence each, in front of what happened there. */
static json_t *outs_of(struct ry_api_call *call, const struct ry_library_battle *battle,
                       const struct input *input, const char *words)
{
    char error[RY_WHY_ERROR_BYTES], *text = NULL;
    size_t bytes = 0;
    struct ry_api_explained *e = &call->pasts->explained;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return ry_text_json_whole(NULL);
    const size_t count = ry_api_explained_look(e, battle, error) == 0 ? e->count : 0;
    for (size_t i = 0; i < count; i++)
        if (e->one[i].at.input == input->number && e->one[i].kind == RY_EXPLAIN_OUT)
            fprintf(out, "%s\n", e->texts + e->one[i].text);
    fprintf(out, "%s", words);
    fclose(out);
    json_t *string = ry_text_json_string(text, bytes);
    free(text);
    return string;
}

static void tell_input(struct ry_api_call *call, const struct ry_library_battle *battle,
                       uint64_t number)
{
    struct ry_past_page page;
    char *words = NULL;
    size_t bytes = 0;
    const struct ry_past_asked asked = {.after = {.input = number}, .limit = RY_PAST_PAGE_ROWS_MAX};
    struct input input = {.number = number, .rows = ry_text_json_whole(json_array())};
    struct ry_api_past *past = ry_api_past_of(call, battle);
    if (past == NULL) {
        json_decref(input.rows);
        return;
    }
    input.words = open_memstream(&words, &bytes);
    if (input.words == NULL)
        (void)ry_text_json_whole(NULL);
    const enum ry_past_code code = ry_past_rows(past->past, &asked, take_row, &input, &page);
    fclose(input.words);
    if (code != RY_PAST_OK) {
        ry_api_past_refuse(call, past, code);
    } else if (json_array_size(input.rows) == 0) {
        ry_api_refuse(call->answer, RY_API_E_no_order, NULL,
                      "at input %" PRIu64 " nothing happened that has a row", number);
    } else if (input.cl_ord_id != 0 && !input.out) {
        tell_order(call, battle->directory, input.agent, input.cl_ord_id);
    } else {
        json_t *object = ry_text_json_whole(json_object()),
               *facts = ry_text_json_whole(json_object());
        ry_text_json_set(facts, "input", ry_text_json_count(number));
        ry_text_json_set(facts, "rows", json_incref(input.rows));
        ry_text_json_set(object, "text",
                         input.out ? outs_of(call, battle, &input, words)
                                   : ry_text_json_string(words, bytes));
        ry_text_json_set(object, "facts", facts);
        ry_api_json(call, 200, object);
    }
    json_decref(input.rows);
    free(words);
}

/* ---- /why ------------------------------------------------------------------------------------ */

static bool read_number(const char *text, uint64_t *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *number = strtoull(text, &end, DECIMAL);
    return errno == 0 && *end == 0 && *number > 0;
}

void ry_api_do_why(struct ry_api_call *call)
{
    const char *agent = ry_api_text(call, "agent"), *order = ry_api_text(call, "cl_ord_id");
    uint64_t cl_ord_id = 0;
    const bool by_input = ry_api_given(call, "input");
    if (by_input ? agent != NULL || order != NULL : agent == NULL || order == NULL) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "agent with cl_ord_id, or input alone, is asked for");
        return;
    }
    if (!by_input && !read_number(order, &cl_ord_id)) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "cl_ord_id=%.60s: allowed is a number from 1", order);
        return;
    }
    const struct ry_library_battle *battle = ry_api_battle(call);
    if (battle == NULL)
        return;
    if (by_input)
        tell_input(call, battle, (uint64_t)ry_api_number(call, "input"));
    else
        tell_order(call, battle->directory, agent, cl_ord_id);
}

/* ---- explanations ---------------------------------------------------------------------------- */

static json_t *explanation_of(const struct ry_api_explained *e,
                              const struct ry_api_explanation *one)
{
    static const char *const kinds[RY_EXPLAIN_KINDS] = {
        [RY_EXPLAIN_FILL] = "fill", [RY_EXPLAIN_REJECT] = "reject", [RY_EXPLAIN_OUT] = "out"};
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "input", ry_text_json_count(one->at.input));
    ry_text_json_set(object, "n", ry_text_json_count(one->at.n));
    ry_text_json_set_time(object, "time", one->time);
    ry_text_json_set(object, "kind", json_string(kinds[one->kind]));
    ry_text_json_set(object, "agent",
                     one->agent < e->agents
                         ? ry_text_json_string(e->name[one->agent], RY_NAME_BYTES)
                         : json_null());
    ry_text_json_set(object, "text",
                     ry_text_json_string(e->texts + one->text, RY_EXPLAIN_SENTENCE_BYTES));
    return object;
}

static bool is_behind(const struct ry_past_cursor *at, const struct ry_past_cursor *after)
{
    return at->input != after->input ? at->input > after->input : at->n > after->n;
}

/* Where the page ends is where the next one goes on. True: nothing is behind it. */
static bool fill_page(json_t *array, const struct ry_api_explained *e, const char *agent,
                      unsigned limit, struct ry_past_cursor *after)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct ry_api_explanation *one = &e->one[i];
        const bool other = agent != NULL && (one->agent >= e->agents ||
                                             strncmp(agent, e->name[one->agent], RY_NAME_BYTES));
        if (other || !is_behind(&one->at, after))
            continue;
        if (json_array_size(array) == limit)
            return false;
        ry_text_json_add(array, explanation_of(e, one));
        *after = one->at;
    }
    return true;
}

/* False: answered. */
static bool has_agent(struct ry_api_call *call, const struct ry_library_battle *battle,
                      const char *agent)
{
    const struct ry_api_past *past = ry_api_past_of(call, battle);
    const struct ry_results *r = past != NULL ? ry_past_results(past->past) : NULL;
    if (past == NULL)
        return false;
    for (uint16_t i = 0; r != NULL && i < r->agents; i++)
        if (strncmp(agent, r->agent[i].name, RY_NAME_BYTES) == 0)
            return true;
    ry_api_refuse(call->answer, RY_API_E_no_agent, NULL, "the battle has no agent %.100s", agent);
    return false;
}

void ry_api_do_explanations(struct ry_api_call *call)
{
    char error[RY_WHY_ERROR_BYTES], cursor[RY_PAST_CURSOR_BYTES];
    const char *text = ry_api_text(call, "after"), *agent = ry_api_text(call, "agent");
    struct ry_past_cursor after = {.input = 0};
    if (text != NULL && !ry_past_cursor_read(&after, text)) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "after=%.60s: allowed is INPUT.N, the next of the page before", text);
        return;
    }
    const struct ry_library_battle *battle = ry_api_battle(call);
    struct ry_api_explained *e = &call->pasts->explained;
    if (battle == NULL || (agent != NULL && !has_agent(call, battle, agent)))
        return;
    if (ry_api_explained_look(e, battle, error) != 0) {
        ry_api_refuse(call->answer, RY_API_E_failed, NULL, "%s", error);
        return;
    }
    json_t *array = ry_text_json_whole(json_array());
    const bool last = fill_page(array, e, agent, (unsigned)ry_api_number(call, "limit"), &after);
    const bool over = last && battle->ended && e->inputs == battle->inputs;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "explanations", array);
    ry_past_cursor_write(cursor, &after);
    ry_text_json_set(object, "next", over ? json_null() : json_string(cursor));
    ry_text_json_set(object, "complete", json_boolean(over && e->whole));
    ry_api_json(call, 200, object);
}
