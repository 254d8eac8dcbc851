/* Rows, a page at a time: exactly the JSON of `royale tail`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/api/pasts.h"
#include "tools/text/row_json.h"

#define TAIL_BYTES 128

struct page {
    char *text;
    size_t bytes, room;
};

static void append(struct page *page, const char *text, size_t bytes)
{
    if (page->bytes + bytes + 1 > page->room) {
        page->room = 2 * (page->bytes + bytes + 1);
        page->text = realloc(page->text, page->room);
        if (page->text == NULL)
            (void)ry_text_json_whole(NULL);
    }
    memcpy(page->text + page->bytes, text, bytes);
    page->bytes += bytes;
    page->text[page->bytes] = 0;
}

static void take_row(void *context, const struct ry_results *r, const struct ry_results_row *row)
{
    char text[RY_TEXT_ROW_BYTES + 1];
    struct page *page = context;
    const size_t bytes = ry_text_row_json(text, r, row);
    if (page->text[page->bytes - 1] != '[')
        append(page, ",", 1);
    append(page, text, bytes);
}

/* A page's end: "next": null only where nothing comes any more. */
static void finish(struct page *page, const struct ry_past_page *read)
{
    char cursor[RY_PAST_CURSOR_BYTES], tail[TAIL_BYTES];
    ry_past_cursor_write(cursor, &read->next);
    const bool over = read->at_end && read->complete;
    const int bytes =
        snprintf(tail, sizeof tail, "],\"next\":%s%s%s,\"complete\":%s}", over ? "null" : "\"",
                 over ? "" : cursor, over ? "" : "\"", over ? "true" : "false");
    append(page, tail, (size_t)bytes);
}

/* The request's own words are the filter's and the cursor's. False: answered. */
static bool read_asked(struct ry_api_call *call, const char *types, struct ry_past_asked *asked)
{
    char error[RY_TEXT_ROW_FILTER_BYTES];
    const char *after = ry_api_text(call, "after");
    *asked = (struct ry_past_asked){.filter = {.agent = ry_api_text(call, "agent"),
                                               .instrument = ry_api_text(call, "instrument")},
                                    .limit = (unsigned)ry_api_number(call, "limit")};
    if (types != NULL && !ry_text_row_filter_types(&asked->filter, types, error)) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL, "type: %s", error);
        return false;
    }
    if (after != NULL && !ry_past_cursor_read(&asked->after, after)) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "after=%.60s: allowed is INPUT.N, the next of the page before", after);
        return false;
    }
    return true;
}

/* False: answered. */
static bool names_known(struct ry_api_call *call, const struct ry_past_asked *asked,
                        const struct ry_results *r)
{
    char error[RY_TEXT_ROW_FILTER_BYTES];
    if (r == NULL || ry_text_row_filter_known(&asked->filter, r, error))
        return true;
    bool agent = asked->filter.agent == NULL;
    for (uint16_t i = 0; i < r->agents && !agent; i++)
        agent = strncmp(r->agent[i].name, asked->filter.agent, RY_NAME_BYTES) == 0;
    ry_api_refuse(call->answer, agent ? RY_API_E_no_instrument : RY_API_E_no_agent, NULL, "%s",
                  error);
    return false;
}

static void answer_rows(struct ry_api_call *call, const char *types)
{
    struct ry_past_asked asked;
    struct ry_past_page read;
    struct page page = {.text = NULL};
    if (!read_asked(call, types, &asked))
        return;
    struct ry_api_past *past = ry_api_past(call);
    if (past == NULL || !names_known(call, &asked, ry_past_results(past->past)))
        return;
    append(&page, "{\"rows\":[", strlen("{\"rows\":["));
    const enum ry_past_code code = ry_past_rows(past->past, &asked, take_row, &page, &read);
    if (code != RY_PAST_OK) {
        free(page.text);
        ry_api_past_refuse(call, past, code);
        return;
    }
    finish(&page, &read);
    ry_api_bytes(call, RY_API_JSON, page.text, page.bytes);
}

void ry_api_do_rows(struct ry_api_call *call)
{
    answer_rows(call, ry_api_text(call, "type"));
}

void ry_api_do_orders(struct ry_api_call *call)
{
    answer_rows(call, "order,ack,rested,reject,cancel_request,cancel,decision");
}

void ry_api_do_fills(struct ry_api_call *call)
{
    answer_rows(call, "fill");
}

void ry_api_do_trades(struct ry_api_call *call)
{
    answer_rows(call, "market_trade,trade");
}

void ry_api_do_rounds(struct ry_api_call *call)
{
    answer_rows(call, "round,rank,out,standing,end");
}
