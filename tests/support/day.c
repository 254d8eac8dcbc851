#include "tests/support/day.h"
#include "tests/support/day_words.h"
#include "tests/support/rules.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOOK_MAX 256 /* orders of one side */

/* One run of one day. */
struct day {
    const char *path;
    const struct ry_test_day_machine *machine; /* NULL: syntax only */
    void *state;
    char *error;
    size_t error_bytes;
    char line[DAY_LINES_MAX][DAY_LINE_BYTES];
    unsigned lines;
    struct day_reader reader;
    struct day_rules rules;
    union ry_input_any input;
    struct day_rules rules_before; /* the input */
    struct day_output expected[DAY_OUTPUTS_MAX], came[DAY_OUTPUTS_MAX];
    unsigned expected_line[DAY_OUTPUTS_MAX]; /* index of the line */
    unsigned expected_count, came_count;
    struct ry_arena_book_order book[BOOK_MAX];
    unsigned book_count;
    uint64_t inputs, malformed, reports, market_records;
};

/* All errors: "path:line: ...". `index` counts lines from 0. False. */
static bool fail(struct day *day, unsigned index, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct day *day, unsigned index, const char *format, ...)
{
    char text[2 * DAY_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(day->error, day->error_bytes, "%s:%u: %s", day->path, index + 1, text);
    return false;
}

/* --- Lines. --- */

static bool begins_with(const char *line, const char *word)
{
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && (line[length] == '\0' || line[length] == ' ');
}

/* The text behind the mark of a `>` or `=` line. */
static const char *behind(const char *line)
{
    return line + 1 + strspn(line + 1, " \t");
}

/* The next line that is not empty; day->lines: none. */
static unsigned next_line(const struct day *day, unsigned index)
{
    while (index < day->lines && day->line[index][0] == '\0')
        index++;
    return index;
}

static bool is_malformed(const struct day *day, unsigned index)
{
    unsigned next = next_line(day, index + 1);
    return next < day->lines && day->line[next][0] == '>' &&
           strcmp(behind(day->line[next]), "malformed") == 0;
}

/* Counts what BATTLE announces and makes the machine for the first BATTLE that is good. */
static bool begin(struct day *day)
{
    unsigned battle = day->lines;
    for (unsigned i = 0; i < day->lines; i++) {
        bool good = !is_malformed(day, i);
        day->reader.instruments += good && begins_with(day->line[i], "instrument");
        day->reader.agents += good && begins_with(day->line[i], "agent");
        if (good && battle == day->lines && begins_with(day->line[i], "battle"))
            battle = i;
    }
    if (battle == day->lines)
        return fail(day, 0, "a day has a 'battle'");
    static struct day_reader reader;
    union ry_input_any input;
    char why[DAY_WHY_BYTES];
    reader = day->reader;
    if (!day_input_read(day->line[battle], false, &reader, &input, why))
        return fail(day, battle, "%s", why);
    day->rules.fee_maker_ppm = input.battle.fee_maker_ppm;
    day->rules.fee_taker_ppm = input.battle.fee_taker_ppm;
    if (day->machine != NULL) {
        day->state = day->machine->create(&input.battle);
        if (day->state == NULL)
            return fail(day, battle, "%s: no machine came of it", day->machine->name);
    }
    return true;
}

/* --- One input and its outputs. --- */

static struct day_output *came_next(struct day *day, enum day_stream stream)
{
    /* A flood ends in the last place: always more than any day can expect. */
    unsigned place = day->came_count < DAY_OUTPUTS_MAX ? day->came_count++ : DAY_OUTPUTS_MAX - 1;
    struct day_output *output = &day->came[place];
    memset(output, 0, sizeof *output);
    output->stream = stream;
    return output;
}

static void on_report(void *context, const struct ry_report *report)
{
    came_next(context, DAY_REPORT)->report = *report;
}

static void on_market(void *context, const struct ry_market *market)
{
    came_next(context, DAY_MARKET)->market = *market;
}

static void on_game(void *context, const struct ry_game *game)
{
    came_next(context, DAY_GAME)->game = *game;
}

static void write_outputs(struct day *day, const struct day_output *outputs, unsigned count)
{
    day_outputs_write(outputs, count, &day->reader.names, &day->input.head, &day->rules_before,
                      day->error, day->error_bytes);
}

/* LAST moves when an output is missing or superfluous: then that is the one to name. */
static bool is_same_line(const struct day *day, unsigned i)
{
    struct day_output expected = day->expected[i], came = day->came[i];
    if (day->expected_count != day->came_count && expected.stream == DAY_MARKET &&
        came.stream == DAY_MARKET) {
        expected.market.flags &= (uint8_t)~RY_MKF_LAST;
        came.market.flags &= (uint8_t)~RY_MKF_LAST;
    }
    return day_output_equal(&expected, &came);
}

/* The one line that differs, then all that came: it can be pasted over what the day has. */
static bool fail_outputs(struct day *day, unsigned input_line)
{
    unsigned i = 0;
    while (i < day->expected_count && i < day->came_count && is_same_line(day, i))
        i++;
    if (i < day->expected_count) {
        fail(day, day->expected_line[i], "expected '%s', %s; after '%s' came\n",
             day->line[day->expected_line[i]],
             i < day->came_count ? "something else came" : "nothing more came",
             day->line[input_line]);
    } else {
        fail(day, input_line, "more came than was expected, %u instead of %u; after '%s' came\n",
             day->came_count, day->expected_count, day->line[input_line]);
    }
    write_outputs(day, day->came, day->came_count);
    day_append(day->error, day->error_bytes, "where these were expected\n");
    write_outputs(day, day->expected, day->expected_count);
    return false;
}

static bool apply(struct day *day, unsigned input_line, bool malformed)
{
    const struct ry_arena_sink sink = {
        .context = day, .report = on_report, .market = on_market, .game = on_game};
    enum ry_arena_applied applied = day->machine->apply(day->state, &day->input, &sink);
    if ((applied == RY_ARENA_APPLIED_MALFORMED) != malformed) {
        fail(day, input_line, "'%s' %s; it gave\n", day->line[input_line],
             malformed ? "should have been malformed" : "was malformed");
        write_outputs(day, day->came, day->came_count);
        return false;
    }
    bool same = day->expected_count == day->came_count;
    for (unsigned i = 0; same && i < day->came_count; i++)
        same = day_output_equal(&day->expected[i], &day->came[i]);
    return same ? true : fail_outputs(day, input_line);
}

/* An agent brings its cash when its input has been applied. */
static void pay_in(struct day *day, bool malformed)
{
    if (day->input.head.kind == RY_IN_AGENT && !malformed)
        day->rules.cash[day->reader.names.agents - 1] = day->input.agent.cash;
}

/* *index: the input's line; afterwards the first line behind its outputs. */
static bool run_input(struct day *day, unsigned *index)
{
    unsigned input_line = *index;
    bool malformed = is_malformed(day, input_line);
    char why[DAY_WHY_BYTES];
    if (!day_input_read(day->line[input_line], malformed, &day->reader, &day->input, why))
        return fail(day, input_line, "%s", why);
    day->expected_count = day->came_count = 0;
    day->rules_before = day->rules;
    unsigned i = next_line(day, input_line + 1);
    for (; i < day->lines && day->line[i][0] == '>'; i = next_line(day, i + 1)) {
        if (malformed && strcmp(behind(day->line[i]), "malformed") == 0)
            continue;
        if (malformed || day->expected_count == DAY_OUTPUTS_MAX - 1) {
            return fail(day, i,
                        malformed ? "a malformed input has no outputs" : "too many outputs");
        }
        if (!day_output_read(behind(day->line[i]), &day->reader.names, &day->input.head,
                             &day->rules, &day->expected[day->expected_count], why))
            return fail(day, i, "%s", why);
        day->reports += day->expected[day->expected_count].stream == DAY_REPORT;
        day->market_records += day->expected[day->expected_count].stream == DAY_MARKET;
        day->expected_line[day->expected_count++] = i;
    }
    day_outputs_close(day->expected, day->expected_count, &day->rules);
    day->inputs++;
    day->malformed += malformed;
    *index = i;
    bool good = day->machine == NULL || apply(day, input_line, malformed);
    pay_in(day, malformed);
    return good;
}

/* --- What stands: the `=` lines. --- */

static bool on_order(void *context, const struct ry_arena_book_order *order)
{
    struct day *day = context;
    assert(day->book_count < BOOK_MAX);
    day->book[day->book_count++] = *order;
    return true;
}

static bool fail_book(struct day *day, unsigned index, const char *what)
{
    fail(day, index, "%s '%s'; the side is\n", what, day->line[index]);
    for (unsigned i = 0; i < day->book_count; i++) {
        day_book_write(&day->book[i], &day->reader.names, day->error, day->error_bytes);
        day_append(day->error, day->error_bytes, "\n");
    }
    if (day->book_count == 0) {
        day_append(day->error, day->error_bytes, "= %s none\n",
                   strstr(day->line[index], "buy") ? "buy" : "sell");
    }
    return false;
}

/* The lines of one side of one instrument, from *index on: all its orders. */
static bool check_book(struct day *day, unsigned *index)
{
    struct ry_arena_book_order side = {.order = 0};
    unsigned count = 0, first = *index;
    bool none = false;
    for (unsigned i = first; i < day->lines && day->line[i][0] == '='; i = next_line(day, i + 1)) {
        const char *line = behind(day->line[i]);
        if (!begins_with(line, "buy") && !begins_with(line, "sell"))
            break;
        struct ry_arena_book_order order;
        bool spent;
        char why[DAY_WHY_BYTES];
        if (!day_book_read(line, &day->reader.names, &order, &spent, &none, why))
            return fail(day, i, "%s", why);
        if (i == first) {
            side = order;
            day->book_count = 0;
            if (day->machine != NULL) {
                day->machine->walk(day->state, order.instrument, (enum ry_side)order.side, on_order,
                                   day);
            }
        } else if (order.side != side.side || order.instrument != side.instrument) {
            break;
        }
        *index = i;
        if (none || day->machine == NULL)
            continue;
        if (count == day->book_count)
            return fail_book(day, i, "expected one order more,");
        if (spent)
            order.ref = day->book[count].ref; /* it names nothing */
        if (memcmp(&order, &day->book[count++], sizeof order) != 0)
            return fail_book(day, i, "expected");
    }
    return count == day->book_count || day->machine == NULL
               ? true
               : fail_book(day, *index, "expected nothing behind");
}

static bool run_check(struct day *day, unsigned *index)
{
    const char *line = behind(day->line[*index]);
    if (begins_with(line, "buy") || begins_with(line, "sell"))
        return check_book(day, index);
    struct day_phrase phrase;
    char why[DAY_WHY_BYTES];
    if (!day_phrase_read(line, &day->reader.names, &phrase, why))
        return fail(day, *index, "%s", why);
    return day_state_check(&phrase, &day->reader.names, &day->rules, day->machine, day->state, why)
               ? true
               : fail(day, *index, "%s", why);
}

/* --- The whole day. --- */

/* `rules: ADD-1 EXEC-3`: which rules of docs/MATCHING.md the day shows, before its first input. */
static bool run_rules(struct day *day, unsigned index)
{
    const char *at = day->line[index] + strlen("rules:");
    char id[RY_TEST_RULE_BYTES];
    if (day->inputs > 0)
        return fail(day, index, "rules stand before the first input");
    for (at += strspn(at, " "); *at != '\0'; at += strspn(at, " ")) {
        const char *word = at;
        if (!ry_test_rule_next(&at, id) || strncmp(word, id, strlen(id)) != 0)
            return fail(day, index, "'%s' is no rule's id", word);
    }
    return true;
}

/* `at 1000`: T of what follows. */
static bool run_at(struct day *day, unsigned index)
{
    const char *number = day->line[index] + 2;
    number += strspn(number, " \t");
    return day_number(number, &day->reader.time) ? true
                                                 : fail(day, index, "'%s' is no time", number);
}

/* What every day says without a line: the counters of records, and the accounts as its fills make
 * them. */
static bool check_end(struct day *day)
{
    const struct day_rules *rules = &day->rules;
    for (uint16_t agent = 0; agent < day->reader.names.agents; agent++) {
        if (day->machine->cash(day->state, agent) != rules->cash[agent]) {
            return fail(day, day->lines, "at the end cash of %s is not what its fills make",
                        day->reader.names.agent[agent]);
        }
        for (uint16_t i = 0; i < day->reader.names.instruments; i++) {
            if (day->machine->position(day->state, agent, i) != rules->position[agent][i]) {
                return fail(day, day->lines,
                            "at the end the position of %s in %s is not what its fills make",
                            day->reader.names.agent[agent], day->reader.names.instrument[i]);
            }
        }
    }
    if (day->machine->counters == NULL)
        return true;
    const struct ry_arena_counters *counters = day->machine->counters(day->state);
    if (counters->inputs != day->inputs || counters->malformed != day->malformed ||
        counters->groups != rules->groups || counters->market_records != day->market_records ||
        counters->reports != day->reports) {
        return fail(
            day, day->lines,
            "at the end expected inputs=%llu malformed=%llu groups=%llu market_records=%llu "
            "reports=%llu, counted are %llu, %llu, %llu, %llu, %llu",
            (unsigned long long)day->inputs, (unsigned long long)day->malformed,
            (unsigned long long)rules->groups, (unsigned long long)day->market_records,
            (unsigned long long)day->reports, (unsigned long long)counters->inputs,
            (unsigned long long)counters->malformed, (unsigned long long)counters->groups,
            (unsigned long long)counters->market_records, (unsigned long long)counters->reports);
    }
    return true;
}

static bool run(struct day *day)
{
    char why[DAY_WHY_BYTES];
    if (!day_lines_load(day->path, day->line, &day->lines, why))
        return fail(day, day->lines, "%s", why);
    if (!begin(day))
        return false;
    for (unsigned i = next_line(day, 0); i < day->lines;) {
        char mark = day->line[i][0];
        if (mark == '>')
            return fail(day, i, "an output stands directly below its input");
        bool header = begins_with(day->line[i], "rules:");
        if (mark != '=' && !header && !begins_with(day->line[i], "at")) {
            if (!run_input(day, &i))
                return false;
            continue;
        }
        if (header ? !run_rules(day, i) : mark == '=' ? !run_check(day, &i) : !run_at(day, i))
            return false;
        i = next_line(day, i + 1);
    }
    return day->machine == NULL || check_end(day);
}

int ry_test_day_run(const char *path, const struct ry_test_day_machine *machine, char *error,
                    size_t error_bytes)
{
    struct day *day = calloc(1, sizeof *day);
    assert(day != NULL && error_bytes > 0);
    day->path = path;
    day->machine = machine;
    day->error = error;
    day->error_bytes = error_bytes;
    error[0] = '\0';
    bool good = run(day);
    if (day->state != NULL)
        machine->destroy(day->state);
    free(day);
    return good ? 0 : -1;
}
