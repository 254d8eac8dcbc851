/*
 * The table of malformed inputs in docs/MATCHING.md against what both machines do: of each row, for
 * each kind, a value just outside what is allowed is counted as malformed and has no effect, one
 * just inside is taken; the row's line stands in a day, as malformed. What has no row is not looked
 * at.
 */
#include <assert.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/day_words.h"
#include "tests/support/rules.h"
#include "tests/support/test.h"

#define ROWS_MAX    64
#define CELL_BYTES  256
#define RANGES_MAX  4
#define OUTPUTS_MAX 64
#define TURNS       5

/* --- The table. --- */

struct range {
    int64_t low, high;
};

struct row {
    char rule[CELL_BYTES], kinds[CELL_BYTES], field[CELL_BYTES], allowed[CELL_BYTES],
        line[CELL_BYTES];
    struct range range[RANGES_MAX];
    unsigned ranges;
};

static struct row row[ROWS_MAX];
static unsigned rows;

/* What a name in the column "allowed" is in the battle of this test: two instruments, two agents,
 * one of each named when its turn comes. */
static const struct {
    const char *name;
    int64_t value;
} names[] = {
    {"RY_ORDERS_MAX", RY_ORDERS_MAX},
    {"RY_INSTRUMENTS_MAX", RY_INSTRUMENTS_MAX},
    {"RY_AGENTS_MAX", RY_AGENTS_MAX},
    {"RY_PRICE_ABS_MAX", RY_PRICE_ABS_MAX},
    {"-RY_PRICE_ABS_MAX", -RY_PRICE_ABS_MAX},
    {"RY_MARKET_MERGED", RY_MARKET_MERGED},
    {"NONE", RY_SIDE_NONE},
    {"BUY", RY_BUY},
    {"SELL", RY_SELL},
    {"TRADING", RY_STATE_TRADING},
    {"HALTED", RY_STATE_HALTED},
    {"FLAGGED", RY_INCOMPLETE_FLAGGED},
    {"GAP", RY_INCOMPLETE_GAP},
    {"RY_TICKS_MAX", RY_TICKS_MAX},
    {"OPEN", RY_SESSION_OPEN},
    {"CLOSED", RY_SESSION_CLOSED},
    {"RY_SOURCE_AGENT", RY_SOURCE_AGENT},
    {"RY_SOURCE_AGENT + agents - 1", RY_SOURCE_AGENT + 1},
    {"RY_SOURCE_AGENT + the next id", RY_SOURCE_AGENT + 1},
    {"agents - 1", 1},
    {"instruments - 1", 1},
    {"the next id", 1},
    {"the last T", 10},
    {"warmup_from", 5},
    {"trade_from", 10},
    {"trade_to", 20},
};

static int64_t value_of(const char *word)
{
    int64_t number;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, word) == 0)
            return names[i].value;
    if (!day_number(word, &number)) {
        printf("Bail out! the table says '%s'\n", word);
        abort();
    }
    return number;
}

static void read_ranges(struct row *to)
{
    char text[CELL_BYTES], *at = text, *word;
    snprintf(text, sizeof text, "%s", to->allowed);
    while ((word = strsep(&at, ",")) != NULL) {
        assert(to->ranges < RANGES_MAX);
        struct range *range = &to->range[to->ranges++];
        word += strspn(word, " ");
        char *dots = strstr(word, "..");
        if (dots == NULL) {
            range->low = range->high = value_of(word);
            continue;
        }
        *dots = '\0';
        range->low = *word == '\0' ? INT64_MIN : value_of(word);
        range->high = dots[2] == '\0' ? INT64_MAX : value_of(dots + 2);
    }
}

/* The next cell of a row of the table, without stars, backticks and outer blanks. */
static void read_cell(char **at, char cell[CELL_BYTES])
{
    char *text = strsep(at, "|");
    assert(text != NULL);
    text += strspn(text, " *`");
    snprintf(cell, CELL_BYTES, "%s", text);
    for (size_t end = strlen(cell); end > 0 && strchr(" *`", cell[end - 1]) != NULL;)
        cell[--end] = '\0';
}

/* Before the tests: they count its rows. */
static void read_table(void)
{
    char *page = ry_test_file_text("docs/MATCHING.md");
    assert(page != NULL);
    rows = 0;
    for (char *at = page, *line; (line = strsep(&at, "\n")) != NULL;) {
        if (strncmp(line, "| **MAL-", 8) != 0 && strncmp(line, "| MAL-", 6) != 0)
            continue;
        assert(rows < ROWS_MAX);
        struct row *to = &row[rows++];
        line++;
        *to = (struct row){.ranges = 0};
        read_cell(&line, to->rule);
        read_cell(&line, to->kinds);
        read_cell(&line, to->field);
        read_cell(&line, to->allowed);
        read_cell(&line, to->line);
        read_ranges(to);
    }
    free(page);
}

/* --- Inputs: one of each kind that is good in its turn. --- */

static const struct sample {
    const char *kind, *line;
    const struct day_record *record;
    unsigned turn;
} samples[] = {
    {"BATTLE", "battle warmup_from=5 trade_from=10 trade_to=20", &day_record_battle, 1},
    {"INSTRUMENT", "instrument NQ", &day_record_instrument, 2},
    {"AGENT", "agent bob", &day_record_agent, 3},
    {"TIME", "time", &day_record_event, 4},
    {"END", "end", &day_record_event, 4},
    {"ADD", "add r2 sell 1 @ 100", &day_record_event, 4},
    {"EXEC", "exec r1 1", &day_record_event, 4},
    {"EXEC PRICED", "exec r1 1 @ 100", &day_record_event, 4},
    {"CANCEL", "cancel r1 1", &day_record_event, 4},
    {"CANCEL ALL", "cancel r1 0 all", &day_record_event, 4},
    {"REPLACE", "replace r1 r2 1 @ 100", &day_record_event, 4},
    {"PRINT", "print 1 @ 100", &day_record_event, 4},
    {"AUCTION", "auction r1 1", &day_record_event, 4},
    {"AUCTION PRICED", "auction r1 1 @ 100", &day_record_event, 4},
    {"LAST", "last 1 @ 100", &day_record_event, 4},
    {"CLEAR", "clear", &day_record_event, 4},
    {"STATE", "state halted", &day_record_event, 4},
    {"SESSION", "session closed", &day_record_event, 4},
    {"BROKEN", "broken r7", &day_record_event, 4},
    {"INCOMPLETE", "incomplete 3", &day_record_event, 4},
    {"ORDER", "order alice c1 buy 1 @ 100", &day_record_event, 4},
    {"ORDER_CANCEL", "cancel alice c1", &day_record_event, 4},
    {"DECISION", "decision alice c1", &day_record_decision, 4},
    {"AGENT_DIED", "died alice", &day_record_event, 4},
};

#define SAMPLES (sizeof samples / sizeof samples[0])

/* What comes before, and in which turn each line leaves the battle. */
static const struct {
    unsigned turn;
    const char *line;
} before[] = {
    {2, "battle warmup_from=5 trade_from=10 trade_to=20"},
    {2, "instrument ES"},
    {3, "instrument NQ"},
    {3, "agent alice"},
    {4, "agent bob"},
    {4, "time"},
    {4, "last 1 @ 100"},
    {4, "add r1 sell 5 @ 100"},
    {5, "end"},
};

#define BEFORE (sizeof before / sizeof before[0])

static union ry_input_any read_input(struct day_reader *reader, const char *line)
{
    union ry_input_any input;
    char why[DAY_WHY_BYTES];
    ck_assert_msg(day_input_read(line, false, reader, &input, why), "%s: %s", line, why);
    return input;
}

static struct day_reader fresh_reader(void)
{
    return (struct day_reader){.time = 10, .instruments = 2, .agents = 2};
}

static union ry_input_any sample_input(const struct sample *sample)
{
    struct day_reader reader = fresh_reader();
    for (unsigned i = 0; i < BEFORE && before[i].turn <= sample->turn; i++)
        read_input(&reader, before[i].line);
    return read_input(&reader, sample->line);
}

/* `kinds` is a list, or "all but KIND". */
static bool is_listed(const char *kinds, const char *kind)
{
    char list[CELL_BYTES], *at = list, *word;
    snprintf(list, sizeof list, "%s", kinds);
    if (strncmp(list, "all but ", 8) == 0)
        return strcmp(list + 8, kind) != 0;
    while ((word = strsep(&at, ",")) != NULL)
        if (strcmp(word + strspn(word, " "), kind) == 0)
            return true;
    return false;
}

/* A row of a kind counts for its inputs with a flag too, but for the quantity of a CANCEL. */
static bool is_row_of(const struct row *from, const struct sample *sample)
{
    if (is_listed(from->kinds, sample->kind))
        return true;
    char plain[CELL_BYTES];
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(sample->kind, " "), sample->kind);
    const bool flagged = strcmp(plain, sample->kind) != 0;
    const bool own = strcmp(sample->kind, "CANCEL ALL") == 0 && strcmp(from->field, "qty") == 0;
    return flagged && !own && is_listed(from->kinds, plain);
}

static const struct day_field *field_of(const struct sample *sample, const char *name)
{
    static const char *const short_names[][2] = {
        {"fee_maker_ppm", "maker"}, {"fee_taker_ppm", "taker"}, {"round_ns", "round"},
        {"haircut_ppm", "haircut"}, {"tick_size", "tick"},      {"money_per_unit", "money"},
        {"price_scale", "scale"},
    };
    for (size_t i = 0; i < sizeof short_names / sizeof short_names[0]; i++)
        if (strcmp(name, short_names[i][0]) == 0)
            name = short_names[i][1];
    for (const struct day_field *field = sample->record->fields; field->name != NULL; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

/* --- Machines. --- */

struct outputs {
    struct day_output output[OUTPUTS_MAX];
    unsigned count;
};

static struct day_output *next_output(struct outputs *outputs, enum day_stream stream)
{
    ck_assert_uint_lt(outputs->count, OUTPUTS_MAX);
    struct day_output *output = &outputs->output[outputs->count++];
    memset(output, 0, sizeof *output);
    output->stream = stream;
    return output;
}

static void on_report(void *context, const struct ry_report *report)
{
    next_output(context, DAY_REPORT)->report = *report;
}

static void on_market(void *context, const struct ry_market *market)
{
    next_output(context, DAY_MARKET)->market = *market;
}

static void on_game(void *context, const struct ry_game *game)
{
    next_output(context, DAY_GAME)->game = *game;
}

static bool apply(const struct ry_test_day_machine *machine, void *state,
                  const union ry_input_any *input, struct outputs *outputs)
{
    const struct ry_arena_sink sink = {
        .context = outputs, .report = on_report, .market = on_market, .game = on_game};
    outputs->count = 0;
    return machine->apply(state, input, &sink) == RY_ARENA_APPLIED;
}

/* A machine in a turn; for a BATTLE, made for that one if it is good. */
static void *machine_in(const struct ry_test_day_machine *machine, unsigned turn,
                        const union ry_input_any *battle)
{
    struct outputs outputs;
    struct day_reader reader = fresh_reader();
    union ry_input_any input = read_input(&reader, before[0].line);
    reader = fresh_reader();
    void *state = battle != NULL ? machine->create(&battle->battle) : NULL;
    if (state == NULL)
        state = machine->create(&input.battle);
    ck_assert_ptr_nonnull(state);
    for (unsigned i = 0; i < BEFORE && before[i].turn <= turn; i++) {
        input = read_input(&reader, before[i].line);
        ck_assert(apply(machine, state, &input, &outputs));
    }
    return state;
}

static void want_same_outputs(const struct outputs *a, const struct outputs *b, const char *what)
{
    bool same = a->count == b->count;
    for (unsigned i = 0; same && i < a->count; i++)
        same = day_output_equal(&a->output[i], &b->output[i]);
    ck_assert_msg(same, "%s leaves a trace in the outputs", what);
}

/* Malformed, and everything afterwards is as if it had not come. */
static void want_malformed(const struct sample *sample, const union ry_input_any *bad,
                           unsigned turn, const char *what)
{
    const union ry_input_any good = sample_input(sample);
    struct outputs outputs, other;
    for (const struct ry_test_day_machine *machine = ry_test_day_machines; machine->name != NULL;
         machine++) {
        void *state = machine_in(machine, turn, NULL);
        void *twin = machine_in(machine, turn, NULL);
        ck_assert_msg(!apply(machine, state, bad, &outputs), "%s: %s is taken", machine->name,
                      what);
        ck_assert_msg(outputs.count == 0, "%s: %s has outputs", machine->name, what);
        apply(machine, state, &good, &outputs);
        apply(machine, twin, &good, &other);
        want_same_outputs(&outputs, &other, what);
        struct ry_arena_counters counters = *machine->counters(state);
        counters.inputs--;
        counters.malformed--;
        ck_assert_msg(memcmp(&counters, machine->counters(twin), sizeof counters) == 0,
                      "%s: %s leaves a trace in the counters", machine->name, what);
        machine->destroy(state);
        machine->destroy(twin);
    }
}

static void want_taken(const struct sample *sample, const union ry_input_any *input,
                       const char *what)
{
    struct outputs outputs;
    for (const struct ry_test_day_machine *machine = ry_test_day_machines; machine->name != NULL;
         machine++) {
        void *state = machine_in(machine, sample->turn, sample->turn == 1 ? input : NULL);
        ck_assert_msg(apply(machine, state, input, &outputs), "%s: %s is malformed", machine->name,
                      what);
        machine->destroy(state);
    }
}

/* --- Row by row. --- */

static bool is_allowed(const struct row *from, int64_t value)
{
    for (unsigned i = 0; i < from->ranges; i++)
        if (value >= from->range[i].low && value <= from->range[i].high)
            return true;
    return false;
}

/* One value of the row's field; false: the field cannot hold it. */
static bool try_value(const struct row *from, const struct sample *sample, int64_t value)
{
    char what[3 * CELL_BYTES];
    union ry_input_any input = sample_input(sample);
    const struct day_field *field = field_of(sample, from->field);
    ck_assert_msg(field != NULL, "%s has no field %s", sample->kind, from->field);
    if (!day_field_set(field, &input, value))
        return false;
    snprintf(what, sizeof what, "%s of %s=%lld", sample->kind, from->field, (long long)value);
    if (is_allowed(from, value))
        want_taken(sample, &input, what);
    else
        want_malformed(sample, &input, sample->turn, what);
    return true;
}

static unsigned try_row(const struct row *from, const struct sample *sample)
{
    unsigned outside = 0;
    for (unsigned i = 0; i < from->ranges; i++) {
        const struct range *range = &from->range[i];
        if (range->low > INT64_MIN) {
            ck_assert(try_value(from, sample, range->low));
            outside += try_value(from, sample, range->low - 1) && !is_allowed(from, range->low - 1);
        }
        if (range->high < INT64_MAX) {
            ck_assert(try_value(from, sample, range->high));
            outside +=
                try_value(from, sample, range->high + 1) && !is_allowed(from, range->high + 1);
        }
    }
    return outside;
}

static void try_turns(const struct row *from, const struct sample *sample)
{
    const union ry_input_any input = sample_input(sample);
    for (unsigned turn = 1; turn <= TURNS; turn++) {
        char what[CELL_BYTES];
        snprintf(what, sizeof what, "%s in turn %u", sample->kind, turn);
        ck_assert_msg(is_allowed(from, turn) == (turn == sample->turn), "%s", what);
        if (turn == sample->turn)
            want_taken(sample, &input, what);
        else
            want_malformed(sample, &input, turn, what);
    }
}

START_TEST(a_row_is_what_the_machines_do)
{
    const struct row *from = &row[_i];
    unsigned outside = 0, kinds = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (!is_row_of(from, &samples[i]))
            continue;
        kinds++;
        if (strcmp(from->field, "turn") == 0)
            try_turns(from, &samples[i]);
        else
            outside += try_row(from, &samples[i]);
    }
    ck_assert_msg(kinds > 0, "%s: no input is of the kinds '%s'", from->rule, from->kinds);
    ck_assert_msg(outside > 0 || strcmp(from->field, "turn") == 0,
                  "%s, %s: nothing is outside of '%s'", from->rule, from->field, from->allowed);
}
END_TEST

START_TEST(a_row_stands_in_a_day)
{
    glob_t days;
    char line[CELL_BYTES + 2];
    bool found = false;
    snprintf(line, sizeof line, "\n%s", row[_i].line);
    ck_assert_int_eq(glob("tests/days/*.day", 0, NULL, &days), 0);
    for (size_t i = 0; i < days.gl_pathc && !found; i++) {
        char *text = ry_test_file_text(days.gl_pathv[i]);
        ck_assert_ptr_nonnull(text);
        for (char *at = text; !found && (at = strstr(at, line)) != NULL; at++) {
            const char *end = at + strlen(line);
            end += strspn(end, " ");
            end += *end == '#' ? strcspn(end, "\n") : 0;
            found = strncmp(end, "\n> malformed\n", 13) == 0;
        }
        free(text);
    }
    globfree(&days);
    ck_assert_msg(found, "no day has '%s', malformed", row[_i].line);
}
END_TEST

/* --- What the table does not say. --- */

START_TEST(a_kind_without_slots_is_malformed)
{
    bool known[UINT8_MAX + 1] = {false};
    for (size_t s = 0; s < SAMPLES; s++)
        for (unsigned r = 0; r < rows; r++)
            if (strcmp(row[r].field, "slots") == 0 && is_row_of(&row[r], &samples[s]))
                known[sample_input(&samples[s]).head.kind] = true;
    for (unsigned kind = 0; kind <= UINT8_MAX; kind++) {
        union ry_input_any input = sample_input(&samples[SAMPLES - 1]);
        char what[CELL_BYTES];
        snprintf(what, sizeof what, "kind %u", kind);
        input.head.kind = (uint8_t)kind;
        for (uint8_t slots = 1; !known[kind] && slots <= RY_INPUT_SLOTS_MAX; slots++) {
            input.head.slots = slots;
            want_malformed(&samples[SAMPLES - 1], &input, 4, what);
        }
    }
}
END_TEST

static bool has_row(const struct sample *sample, const struct day_field *field)
{
    for (unsigned r = 0; r < rows; r++)
        if (is_row_of(&row[r], sample) && field_of(sample, row[r].field) == field)
            return true;
    return false;
}

START_TEST(a_field_without_a_row_is_not_looked_at)
{
    static const int64_t values[] = {0,         1,          UINT8_MAX, UINT16_MAX,
                                     INT32_MIN, UINT32_MAX, INT64_MIN, INT64_MAX};
    const struct sample *sample = &samples[_i];
    unsigned tried = 0;
    for (const struct day_field *field = sample->record->fields; field->name != NULL; field++) {
        /* Another kind, or another flag, is another input. */
        if (strcmp(field->name, "kind") == 0 || strcmp(field->name, "flags") == 0 ||
            has_row(sample, field))
            continue;
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            union ry_input_any input = sample_input(sample);
            char what[CELL_BYTES];
            snprintf(what, sizeof what, "%s of %s=%lld", sample->kind, field->name,
                     (long long)values[i]);
            if (!day_field_set(field, &input, values[i]))
                continue;
            tried++;
            want_taken(sample, &input, what);
        }
    }
    ck_assert_uint_gt(tried, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("malformed");
    TCase *c = tcase_create("malformed");
    read_table();
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, a_row_is_what_the_machines_do, 0, (int)rows);
    tcase_add_loop_test(c, a_row_stands_in_a_day, 0, (int)rows);
    tcase_add_test(c, a_kind_without_slots_is_malformed);
    tcase_add_loop_test(c, a_field_without_a_row_is_not_looked_at, 0, (int)SAMPLES);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
