#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/past/internal.h"

/* ---- cursors --------------------------------------------------------------------------------- */

/* Decimal digits without a sign; false: there are none, or it is too large. */
static bool read_number(const char **at, uint64_t max, uint64_t *number)
{
    const char *begin = *at;
    *number = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        const unsigned digit = (unsigned)(**at - '0');
        if (*number > (max - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return *at != begin;
}

bool ry_past_cursor_read(struct ry_past_cursor *cursor, const char *text)
{
    uint64_t input, n = 0;
    if (!read_number(&text, UINT64_MAX, &input))
        return false;
    if (*text == '.') {
        text++;
        if (!read_number(&text, UINT32_MAX, &n))
            return false;
    }
    *cursor = (struct ry_past_cursor){.input = input, .n = (uint32_t)n};
    return *text == 0;
}

void ry_past_cursor_write(char text[RY_PAST_CURSOR_BYTES], const struct ry_past_cursor *cursor)
{
    snprintf(text, RY_PAST_CURSOR_BYTES, "%" PRIu64 ".%" PRIu32, cursor->input, cursor->n);
}

/* ---- pages ----------------------------------------------------------------------------------- */

struct ry_past_rows {
    const struct ry_past_asked *asked;
    void (*take)(void *context, const struct ry_results *results, const struct ry_results_row *row);
    void *context;
    unsigned rows;
    bool full;
    struct ry_past_cursor last; /* taken */
};

static void on_row(struct ry_past *past, const struct ry_results_row *row)
{
    struct ry_past_rows *rows = past->rows;
    const struct ry_past_cursor *after = &rows->asked->after;
    const bool behind =
        row->key.input > after->input || (row->key.input == after->input && row->key.n > after->n);
    if (!behind || rows->full)
        return;
    if (!ry_text_row_filter_shows_row(&rows->asked->filter, &past->jump.results, row))
        return;
    rows->take(rows->context, &past->jump.results, row);
    rows->last = (struct ry_past_cursor){.input = row->key.input, .n = (uint32_t)row->key.n};
    rows->full = ++rows->rows == rows->asked->limit;
}

static enum ry_past_code check(struct ry_past *past, const struct ry_past_asked *asked)
{
    char error[RY_TEXT_ROW_FILTER_BYTES];
    if (asked->limit == 0 || asked->limit > RY_PAST_PAGE_ROWS_MAX)
        return ry_past_say(past, RY_PAST_BAD_ASKED, "limit must be 1 to %u", RY_PAST_PAGE_ROWS_MAX);
    if (past->film == NULL) /* names may be missing */
        return ry_past_say(past, past->state == RY_PAST_READS ? RY_PAST_NOT_YET : RY_PAST_EMPTY,
                           "the battle is not described yet");
    if (!ry_text_row_filter_known(&asked->filter, &past->first.results, error))
        return ry_past_say(past, RY_PAST_BAD_ASKED, "%s", error);
    return RY_PAST_OK;
}

/* Where the reading begins: before input after.input, of which there may be more rows; behind it if
 * the machine stands there and has said all that it has. */
static enum ry_past_code begin(struct ry_past *past, const struct ry_past_cursor *after)
{
    const struct ry_past_runner *jump = &past->jump;
    const uint64_t inputs = past->first.follow.inputs;
    if (after->input == 0)
        return ry_past_jump(past, 0, RY_TIME_NEVER);
    if (past->jump_open && jump->follow.status != RY_FOLLOW_DAMAGED &&
        jump->follow.inputs == after->input && after->n >= jump->results.n)
        return RY_PAST_OK;
    return ry_past_jump(past, after->input - 1 < inputs ? after->input - 1 : inputs, RY_TIME_NEVER);
}

/* Input by input: a page is full in the middle of one, and the next one begins right there. */
static enum ry_past_code read_on(struct ry_past *past, struct ry_past_rows *rows)
{
    const uint64_t inputs = past->first.follow.inputs;
    enum ry_past_code code = RY_PAST_OK;
    past->rows = rows;
    past->row = on_row;
    for (uint64_t looked = 0; looked < RY_PAST_PAGE_INPUTS_MAX && !rows->full; looked++)
        if (ry_past_go_on(past, 1, inputs, RY_TIME_NEVER, &code) == 0)
            break;
    past->row = NULL;
    past->rows = NULL;
    return code;
}

enum ry_past_code ry_past_rows(struct ry_past *past, const struct ry_past_asked *asked,
                               void (*take)(void *context, const struct ry_results *results,
                                            const struct ry_results_row *row),
                               void *context, struct ry_past_page *page)
{
    struct ry_past_rows rows = {.asked = asked, .take = take, .context = context};
    const struct ry_past_runner *jump = &past->jump;
    enum ry_past_code code = check(past, asked);
    if (code == RY_PAST_OK)
        code = begin(past, &asked->after);
    if (code == RY_PAST_OK)
        code = read_on(past, &rows);
    if (code != RY_PAST_OK)
        return code;
    struct ry_past_cursor here = {.input = jump->follow.inputs, .n = jump->results.n};
    if (here.input < asked->after.input)
        here = asked->after;
    *page = (struct ry_past_page){.rows = rows.rows, .next = rows.full ? rows.last : here};
    page->at_end = past->state != RY_PAST_READS && here.input >= past->first.follow.inputs &&
                   page->next.input == here.input && page->next.n == here.n;
    page->complete = page->at_end && past->state == RY_PAST_ENDED;
    return RY_PAST_OK;
}
