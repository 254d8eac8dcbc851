#include "tools/cli/run_result_warnings.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"
#include "shm/ring.h"
#include "tools/text/price.h"

#define TIME_CHARS 15 /* "12:34:56.123456", then a space and the level: ry_log_print */
#define LINE_BYTES 512

/* ---- the logs -------------------------------------------------------------------------------- */

struct line {
    char role[RY_NAME_BYTES];
    char text[LINE_BYTES];
};

struct lines {
    struct line line[RY_CLI_WARNINGS_SHOWN]; /* the oldest first */
    unsigned count;
    uint64_t more;
};

static bool is_warning(const char *text)
{
    static const char form[] = "00:00:00.000000 ";
    for (unsigned i = 0; i < sizeof form - 1; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    const char *level = text + TIME_CHARS + 1;
    return strncmp(level, "WARN ", 5) == 0 || strncmp(level, "ERROR ", 6) == 0;
}

/* Among the last, by time; what does not fit any more is counted. */
static void keep(struct lines *lines, const char *role, const char *text)
{
    unsigned at = lines->count;
    while (at > 0 && memcmp(lines->line[at - 1].text, text, TIME_CHARS) > 0)
        at--;
    if (lines->count == RY_CLI_WARNINGS_SHOWN) {
        lines->more++;
        if (at == 0)
            return;
        at--;
        memmove(&lines->line[0], &lines->line[1], at * sizeof lines->line[0]);
    } else {
        memmove(&lines->line[at + 1], &lines->line[at],
                (lines->count - at) * sizeof lines->line[0]);
        lines->count++;
    }
    snprintf(lines->line[at].role, sizeof lines->line[at].role, "%s", role);
    snprintf(lines->line[at].text, sizeof lines->line[at].text, "%s", text);
}

static void read_log(struct lines *lines, const struct ry_supervisor_member *role)
{
    char *text = NULL;
    size_t room = 0;
    FILE *file = fopen(role->log.path, "re");
    if (file == NULL)
        return;
    while (getline(&text, &room, file) > 0) {
        text[strcspn(text, "\n")] = 0;
        ry_make_printable(text, strlen(text), '?'); /* another process wrote it */
        if (is_warning(text))
            keep(lines, role->name, text);
    }
    free(text);
    fclose(file);
}

void ry_cli_run_result_log(FILE *out, const char *directory,
                           const struct ry_supervisor_member *roles, unsigned count)
{
    static struct lines lines;
    lines = (struct lines){.count = 0};
    for (unsigned i = 0; i < count; i++)
        read_log(&lines, &roles[i]);
    if (lines.count > 0)
        fputs("warnings:\n", out);
    for (unsigned i = 0; i < lines.count; i++)
        fprintf(out, "  %s: %s\n", lines.line[i].role, lines.line[i].text);
    if (lines.more > 0)
        fprintf(out, "  %" PRIu64 " more in %s/log\n", lines.more, directory);
    for (unsigned i = 0; i < count; i++)
        if (roles[i].log.lost > 0)
            fprintf(out,
                    "warning: the log of %s lacks lines, %" PRIu64
                    " KiB: they came faster than they could be written down; print less\n",
                    roles[i].name, roles[i].log.lost * RY_RING_SLOT_BYTES / 1024 + 1);
}

/* ---- the books when trading begins ----------------------------------------------------------- */

static bool first_recorded(void *context, const struct ry_arena_book_order *order)
{
    struct ry_arena_book_order *first = context;
    if (order->rec == 0)
        return true;
    *first = *order;
    return false;
}

static bool look(FILE *out, const struct ry_follow *follow, uint16_t id, bool show)
{
    struct ry_arena_book_order bid = {.rec = 0}, ask = {.rec = 0};
    struct ry_arena_market instrument;
    char symbol[RY_SYMBOL_BYTES], bid_text[RY_TEXT_PRICE_BYTES], ask_text[RY_TEXT_PRICE_BYTES];
    ry_arena_walk(follow->arena, id, RY_BUY, first_recorded, &bid);
    ry_arena_walk(follow->arena, id, RY_SELL, first_recorded, &ask);
    if (bid.rec == 0 || ask.rec == 0 || bid.price < ask.price)
        return false;
    ry_arena_instrument(follow->arena, id, &instrument);
    if (show)
        fprintf(out, "warning: the book of %s is %s at trade_from: bid %s, ask %s\n",
                ry_printable(symbol, instrument.symbol, sizeof symbol),
                bid.price == ask.price ? "locked" : "crossed",
                ry_text_price(bid_text, bid.price, follow->price_scale[id]),
                ry_text_price(ask_text, ask.price, follow->price_scale[id]));
    return true;
}

void ry_cli_run_result_open(FILE *out, struct ry_follow *follow, struct ry_results *results,
                            const struct ry_cli_pulse *pulse)
{
    if (ry_results_step(results, follow, 1) != 1)
        return;
    const struct ry_input_battle *battle = ry_arena_battle(follow->arena);
    if (battle == NULL || battle->trade_from == battle->warmup_from)
        return; /* there is no book yet */
    /* of equal time the TIME input is the first */
    ry_follow_until(follow, UINT64_MAX, battle->trade_from - 1);
    while (ry_results_step(results, follow, RY_RESULTS_STEP_INPUTS) > 0)
        ry_cli_pulse_beat(pulse, RY_CLI_RESULT_READING);
    unsigned found = 0;
    if (follow->status == RY_FOLLOW_UNTIL)
        for (uint16_t id = 0; id < battle->instruments; id++)
            found += look(out, follow, id, found < RY_CLI_WARNINGS_SHOWN);
    if (found > RY_CLI_WARNINGS_SHOWN)
        fprintf(out, "warning: and those of %u more instruments\n", found - RY_CLI_WARNINGS_SHOWN);
    ry_follow_until(follow, UINT64_MAX, RY_TIME_NEVER);
}
