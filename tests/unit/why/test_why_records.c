/*
 * Records and sentences of every fill, reject and elimination of random battles: what must hold of
 * all of them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/flow.h"
#include "tests/model/model.h"
#include "tests/support/results_rig.h"
#include "tools/why/tracker.h"

struct known {
    enum ry_explain_kind kind;
    const char *name;
    enum ry_explain_type type;
    bool always;
};

enum { MAYBE, ALWAYS };

/* In their order; COMPAREs as "left:right". */
static const struct known table[] = {
#define RY_FIELD(kind, name, type, when, sentence)                                                 \
    {RY_EXPLAIN_##kind, #name, RY_EXPLAIN_##type, (when) == ALWAYS},
#define RY_COMPARE(kind, left, right, when, sentence)                                              \
    {RY_EXPLAIN_##kind, #left ":" #right, RY_EXPLAIN_COMPARE, (when) == ALWAYS},
#include "tools/explain/fields.def"
};
#define KNOWN (sizeof table / sizeof *table)

/* ---- one record ------------------------------------------------------------------------------ */

static void check_fields(const struct ry_explain_record *record)
{
    unsigned at = 0;
    for (unsigned i = 0; i < KNOWN; i++) {
        const struct known *known = &table[i];
        if (known->kind != record->kind)
            continue;
        const struct ry_explain_field *field = at < record->fields ? &record->field[at] : NULL;
        bool has = field != NULL && strcmp(field->name, known->name) == 0;
        if (has && field->type != known->type)
            ck_abort_msg("%s is of another type", known->name);
        if (!has && known->always)
            ck_abort_msg("a record of kind %d lacks %s", (int)record->kind, known->name);
        at += has;
    }
    if (at != record->fields)
        ck_abort_msg("%s is no field of the table, or out of its order", record->field[at].name);
}

static void check_compare(const struct ry_explain_record *record,
                          const struct ry_explain_field *compare)
{
    char name[RY_EXPLAIN_NAME_BYTES * 2];
    const struct ry_explain_field *left = &record->field[compare->left];
    const struct ry_explain_field *right = &record->field[compare->right];
    snprintf(name, sizeof name, "%s:%s", left->name, right->name);
    int relation = left->value < right->value ? -1 : left->value > right->value;
    if (strcmp(name, compare->name) != 0 || left->type != right->type ||
        left->scale != right->scale || compare->relation != relation)
        ck_abort_msg("%s does not compare what it says", compare->name);
}

/* What a failed check compared must be what it fails for. */
static void check_failed(const struct ry_explain_record *record, const char *reason,
                         const char *compare, int relation)
{
    const struct ry_explain_field *is = ry_explain_field(record, "reason");
    const struct ry_explain_field *field = ry_explain_field(record, compare);
    if (record->kind != RY_EXPLAIN_REJECT || strcmp(is->text, reason) != 0)
        return;
    if (field == NULL || field->relation != relation)
        ck_abort_msg("%s: %s is %d, not %d", reason, compare, field == NULL ? 9 : field->relation,
                     relation);
}

static void check_reject(const struct ry_explain_record *record)
{
    check_failed(record, "notional", "notional:notional_max", 1);
    check_failed(record, "position", "exposure:position_max", 1);
    check_failed(record, "rate", "commands:rate_max", 1);
    const struct ry_explain_field *reason = ry_explain_field(record, "reason");
    const struct ry_explain_field *qty = ry_explain_field(record, "qty");
    if (reason == NULL)
        return;
    if (strcmp(reason->text, "quantity") == 0 && qty->value != 0)
        check_failed(record, "quantity", "qty:quantity_max", 1);
    const struct ry_explain_field *open = ry_explain_field(record, "open_orders:open_orders_max");
    if (strcmp(reason->text, "open_orders") == 0 && (open == NULL || open->relation < 0))
        ck_abort_msg("open_orders below the limit");
    const struct ry_explain_field *number = ry_explain_field(record, "cl_ord_id:cl_ord_id_max");
    if (strcmp(reason->text, "duplicate") == 0 && (number == NULL || number->relation > 0))
        ck_abort_msg("a number that was not used is no duplicate");
    if (strcmp(reason->text, "collar") == 0) {
        bool low = ry_explain_field(record, "collar_low") != NULL;
        check_failed(record, "collar", low ? "price:collar_low" : "price:collar_high",
                     low ? -1 : 1);
    }
}

static void check_out(const struct ry_explain_record *record)
{
    const struct ry_explain_field *equity = ry_explain_field(record, "equity:equity_min");
    const struct ry_explain_field *loss = ry_explain_field(record, "loss:loss_max");
    const struct ry_explain_field *rank = ry_explain_field(record, "score:next_score");
    const struct ry_explain_field *by = ry_explain_field(record, "decided_by");
    if (equity != NULL && equity->relation != -1)
        ck_abort_msg("out with enough equity");
    if (loss != NULL && loss->relation != 1)
        ck_abort_msg("out without such a loss");
    if (by != NULL && strcmp(by->text, "score") == 0 && rank->relation != -1)
        ck_abort_msg("the better score went out");
}

/* ---- its sentence ---------------------------------------------------------------------------- */

/* Writes over what fields that are no numbers say, so that no digit of theirs is left. */
static void blank(char *sentence, const char *text)
{
    size_t length = strlen(text);
    for (char *at = sentence; length > 0 && (at = strstr(at, text)) != NULL; at += length)
        memset(at, '_', length);
}

static bool is_number(const struct ry_explain_field *field)
{
    return field->type == RY_EXPLAIN_LOTS || field->type == RY_EXPLAIN_COUNT ||
           field->type == RY_EXPLAIN_PRICE || field->type == RY_EXPLAIN_MONEY ||
           field->type == RY_EXPLAIN_DURATION;
}

static bool has_number(const struct ry_explain_record *record, const char *number)
{
    for (unsigned i = 0; i < record->fields; i++) {
        const struct ry_explain_field *field = &record->field[i];
        size_t length = strcspn(field->text, " ");
        if (is_number(field) && strlen(number) == length &&
            strncmp(field->text, number, length) == 0)
            return true;
    }
    return false;
}

static void check_numbers(const struct ry_explain_record *record, const char *sentence)
{
    char rest[RY_EXPLAIN_SENTENCE_BYTES];
    snprintf(rest, sizeof rest, "%s", sentence);
    for (unsigned i = 0; i < record->fields; i++)
        if (record->field[i].type == RY_EXPLAIN_MOMENT ||
            record->field[i].type == RY_EXPLAIN_PHRASE)
            blank(rest, record->field[i].text);
    for (unsigned i = 0; i < record->fields; i++) /* short ones may stand within the others */
        if (record->field[i].type == RY_EXPLAIN_NAME)
            blank(rest, record->field[i].text);
    for (char *at = rest; *at != '\0';) {
        size_t length = strspn(at, "-0123456789.");
        if (strcspn(at, "0123456789") >= length) {
            at++;
            continue;
        }
        while (at[length - 1] == '.')
            length--;
        char number[RY_EXPLAIN_TEXT_BYTES];
        snprintf(number, sizeof number, "%.*s", (int)length, at);
        if (!has_number(record, number))
            ck_abort_msg("%s is no field of the record: %s", number, sentence);
        at += length;
    }
}

static void check_sentence(const struct ry_explain_record *record, const char *sentence)
{
    size_t length = strlen(sentence);
    if (length == 0 || length >= RY_EXPLAIN_SENTENCE_BYTES || sentence[length - 1] != '.' ||
        sentence[length - 2] == '.' || !isupper((unsigned char)sentence[0]))
        ck_abort_msg("not a sentence: %s", sentence);
    if (strstr(sentence, "{") != NULL || strstr(sentence, "  ") != NULL)
        ck_abort_msg("something is left over: %s", sentence);
    check_numbers(record, sentence);
}

/* The template states every fact: with another text in any field the sentence is another. */
static void check_states_all(const struct ry_explain_record *record, const char *sentence)
{
    char other[RY_EXPLAIN_SENTENCE_BYTES];
    struct ry_explain_record changed = *record;
    for (unsigned i = 0; i < record->fields; i++) {
        struct ry_explain_field *field = &changed.field[i];
        if (field->type == RY_EXPLAIN_COMPARE)
            continue; /* of two that are stated */
        memcpy(field->text, "other", 6);
        if (strcmp(ry_explain_template(other, &changed), sentence) == 0)
            ck_abort_msg("%s is not stated: %s", field->name, sentence);
        *field = record->field[i];
    }
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct said {
    uint64_t hash; /* of the sentence */
    struct ry_explain_record *record;
};

struct battle {
    struct ry_model *model;
    struct ry_model_flow flow;
    struct ry_test_arena rig;
    struct ry_why_tracker tracker;
    uint64_t rows[RY_EXPLAIN_KINDS], records[RY_EXPLAIN_KINDS], reason[RY_REJECTS], outs[RY_OUTS];
    uint64_t maker;
    struct said *said;
    size_t count, room;
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

static void on_record(void *context, const struct ry_explain_record *record)
{
    struct battle *b = context;
    char sentence[RY_EXPLAIN_SENTENCE_BYTES];
    b->records[record->kind]++;
    check_fields(record);
    for (unsigned i = 0; i < record->fields; i++)
        if (record->field[i].type == RY_EXPLAIN_COMPARE)
            check_compare(record, &record->field[i]);
    check_reject(record);
    check_out(record);
    check_sentence(record, ry_explain_template(sentence, record));
    if (record->kind == RY_EXPLAIN_OUT || b->count % 8 == 0)
        check_states_all(record, sentence);
    b->maker += ry_explain_field(record, "ahead") != NULL;
    const struct ry_explain_field *reason = ry_explain_field(record, "reason");
    if (record->kind == RY_EXPLAIN_REJECT)
        b->reason[reason->value]++;
    if (record->kind == RY_EXPLAIN_OUT)
        b->outs[reason->value]++;
    if (b->count == b->room) {
        b->room = b->room == 0 ? 4096 : 2 * b->room;
        b->said = realloc(b->said, b->room * sizeof *b->said);
    }
    struct ry_explain_record *kept = malloc(sizeof *kept);
    *kept = *record;
    b->said[b->count++] = (struct said){hash_of(sentence), kept};
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct battle *b = context;
    b->rows[RY_EXPLAIN_FILL] += row->kind == RY_RESULTS_ROW_FILL;
    b->rows[RY_EXPLAIN_REJECT] += row->kind == RY_RESULTS_ROW_REJECT;
    b->rows[RY_EXPLAIN_OUT] += row->kind == RY_RESULTS_ROW_OUT;
}

static bool on_intent(void *context, uint16_t agent, uint64_t cl_ord_id, uint32_t *intent)
{
    (void)context;
    *intent = (uint32_t)(cl_ord_id * 7 + agent);
    return cl_ord_id % 3 == 0;
}

static void run_day(struct battle *b, uint64_t seed, enum ry_model_flow_profile profile)
{
    struct ry_why_battle battle = {.zone = "America/New_York", .known = seed % 2 == 0};
    union ry_input_any in;
    memset(&in, 0, sizeof in);
    for (unsigned i = 0; i < RY_AGENTS_MAX; i++) {
        battle.latency[i] = 1000 + 1500 * i;
        battle.jitter[i] = 7 * i;
    }
    b->model = ry_model_create();
    ry_model_flow_init(&b->flow, seed, profile);
    do
        ck_assert(ry_model_flow_next(&b->flow, b->model, &in));
    while (in.head.kind != RY_IN_BATTLE || ry_arena_footprint(&in.battle) == 0);
    b->rig = ry_test_arena_open(&in.battle);
    struct ry_why_tracker *t = &b->tracker;
    ry_why_tracker_open(t, &battle, &stage_id);
    t->each = on_record;
    t->row = on_row;
    t->intent = on_intent;
    t->context = b;
    t->arena = b->rig.arena;
    do {
        ry_model_apply(b->model, &in, NULL);
        ry_results_before(&t->results, ++b->rig.seq, &in);
        bool applied = ry_arena_apply(b->rig.arena, &in, &t->results.sink) == RY_ARENA_APPLIED;
        ck_assert_int_eq(ry_results_after(&t->results, b->rig.arena, &in, applied), 0);
        ry_why_tracker_settle(t);
    } while (ry_model_flow_next(&b->flow, b->model, &in));
    ry_why_tracker_close(t);
    ry_test_arena_close(&b->rig);
    ry_model_destroy(b->model);
}

static int by_hash(const void *left, const void *right)
{
    const struct said *x = left, *y = right;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static void check_apart(const struct said *x, const struct said *y)
{
    char one[RY_EXPLAIN_SENTENCE_BYTES];
    for (unsigned i = 0; i < x->record->fields; i++) {
        const struct ry_explain_field *field = &x->record->field[i];
        const struct ry_explain_field *other = ry_explain_field(y->record, field->name);
        if (field->type == RY_EXPLAIN_COMPARE)
            continue; /* of two that are stated */
        if (other == NULL || strcmp(field->text, other->text) != 0)
            ck_abort_msg("%s is %s in one record and %s in another: %s", field->name, field->text,
                         other == NULL ? "nothing" : other->text,
                         ry_explain_template(one, x->record));
    }
}

/* The template states every fact: no two records that differ have one sentence. */
static void check_all_apart(struct battle *b)
{
    qsort(b->said, b->count, sizeof *b->said, by_hash);
    for (size_t i = 1; i < b->count; i++)
        if (b->said[i].hash == b->said[i - 1].hash)
            check_apart(&b->said[i - 1], &b->said[i]);
}

static void close_battle(struct battle *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->said[i].record);
    free(b->said);
    free(b);
}

START_TEST(random_battles)
{
    struct battle *b = calloc(1, sizeof *b);
    const uint64_t days = ry_test_long() ? 1000 : 25;
    for (uint64_t day = 0; day < days; day++)
        for (int profile = 0; profile < RY_MODEL_FLOW_RECORD; profile++)
            run_day(b, 400 + day, (enum ry_model_flow_profile)profile);
    printf("# %lu fills (%lu maker), %lu rejects, %lu outs\n", b->records[RY_EXPLAIN_FILL],
           b->maker, b->records[RY_EXPLAIN_REJECT], b->records[RY_EXPLAIN_OUT]);
    for (unsigned kind = RY_EXPLAIN_FILL; kind < RY_EXPLAIN_KINDS; kind++) {
        ck_assert_uint_eq(b->records[kind], b->rows[kind]);
        ck_assert_uint_gt(b->records[kind], 100);
    }
    ck_assert_uint_gt(b->maker, 100);
    for (unsigned i = RY_REJECT_MALFORMED; i < RY_REJECTS; i++)
        ck_assert_msg(b->reason[i] > 0, "no reject of %s", ry_code_name(RY_CODES_REJECT, i));
    for (unsigned i = RY_OUT_LAST; i < RY_OUTS; i++)
        ck_assert_msg(b->outs[i] > 0, "none out for %s", ry_code_name(RY_CODES_OUT, i));
    check_all_apart(b);
    close_battle(b);
}
END_TEST

static Suite *why_records_suite(void)
{
    Suite *suite = suite_create("why_records");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, random_battles);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(why_records_suite)
