#include "tools/explain/grammar.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* Every topic of phrases.def; the opening comes first. */
enum topic {
    TOPIC_opening,
    TOPIC_role,
    TOPIC_other,
    TOPIC_limit,
    TOPIC_rest,
    TOPIC_queue,
    TOPIC_better,
    TOPIC_age,
    TOPIC_fee,
    TOPIC_holding,
    TOPIC_cash,
    TOPIC_decision,
    TOPIC_order,
    TOPIC_reason,
    TOPIC_around,
    TOPIC_remedy,
    TOPIC_rank,
    TOPIC_score,
    TOPIC_value,
    TOPIC_fills,
    TOPIC_rejects,
    TOPIC_next,
    TOPIC_COUNT,
};

static const struct {
    enum ry_explain_kind kind;
    enum topic topic;
    const char *text;
} table[] = {
#define RY_PHRASE(phrase_kind, phrase_topic, phrase_text)                                          \
    {.kind = RY_EXPLAIN_##phrase_kind, .topic = TOPIC_##phrase_topic, .text = phrase_text},
#include "tools/explain/phrases.def"
};

#define TABLE (sizeof table / sizeof *table)

struct phrase {
    const struct ry_explain_record *record;
    char *text;
    size_t length;
};

static bool put(struct phrase *p, const char *text, size_t bytes)
{
    if (bytes >= RY_EXPLAIN_PHRASE_BYTES - p->length)
        return false;
    for (size_t i = 0; i < bytes; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    memcpy(p->text + p->length, text, bytes);
    p->length += bytes;
    p->text[p->length] = '\0';
    return true;
}

static bool put_string(struct phrase *p, const char *text)
{
    return put(p, text, strlen(text));
}

/* Whether a phrase has it as a word: an agent called "nothing" is no nothing. */
static bool is_said(const char *name)
{
    const size_t bytes = strlen(name);
    for (unsigned i = 0; i < TABLE; i++)
        for (const char *at = table[i].text; (at = strcasestr(at, name)) != NULL; at++)
            if ((at == table[i].text || !isalnum((unsigned char)at[-1])) &&
                !isalnum((unsigned char)at[bytes]))
                return true;
    return false;
}

/* Others stand in quotes. */
static bool is_plain_name(const char *name)
{
    if (!isalpha((unsigned char)name[0]) || is_said(name))
        return false;
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && strchr("_.-", *name) == NULL)
            return false;
    return true;
}

static bool put_name(struct phrase *p, const char *name)
{
    if (is_plain_name(name))
        return put_string(p, name);
    if (!put_string(p, "\""))
        return false;
    for (; *name != '\0'; name++) {
        if ((*name == '"' || *name == '\\') && !put_string(p, "\\"))
            return false;
        if (!put(p, name, 1))
            return false;
    }
    return put_string(p, "\"");
}

/* The field whose name has `bytes` bytes; NULL: the record has none. */
static const struct ry_explain_field *field_of(const struct phrase *p, const char *name,
                                               size_t bytes)
{
    char copy[RY_EXPLAIN_NAME_BYTES];
    assert(bytes < sizeof copy);
    memcpy(copy, name, bytes);
    copy[bytes] = '\0';
    return ry_explain_field(p->record, copy);
}

/* ---- what stands in braces: from `hole`, `bytes` bytes --------------------------------------- */

/* "cause=agent" and "order_type!=market" */
static bool put_condition(struct phrase *p, const char *hole, size_t bytes, const char *equals)
{
    bool is = equals[-1] != '!';
    const struct ry_explain_field *field =
        field_of(p, hole, (size_t)(equals - hole) - (is ? 0 : 1));
    size_t left = bytes - (size_t)(equals + 1 - hole);
    return field != NULL &&
           (strlen(field->text) == left && memcmp(field->text, equals + 1, left) == 0) == is;
}

/* Which of the words of "side|bought|sold" it is to be; -1: none. */
static int choice_of(const struct ry_explain_field *field)
{
    switch (field->type) {
    case RY_EXPLAIN_SIDE:
        return strcmp(field->text, "buy") == 0 ? 0 : strcmp(field->text, "sell") == 0 ? 1 : -1;
    case RY_EXPLAIN_LIQUIDITY:
        return strcmp(field->text, "maker") == 0 ? 0 : strcmp(field->text, "taker") == 0 ? 1 : -1;
    case RY_EXPLAIN_COMPARE: return field->relation < 0 ? 0 : field->relation == 0 ? 1 : 2;
    case RY_EXPLAIN_NAME:
    case RY_EXPLAIN_WORD:
    case RY_EXPLAIN_PHRASE:
    case RY_EXPLAIN_LOTS:
    case RY_EXPLAIN_COUNT:
    case RY_EXPLAIN_PRICE:
    case RY_EXPLAIN_MONEY:
    case RY_EXPLAIN_DURATION:
    case RY_EXPLAIN_MOMENT: break;
    }
    return -1;
}

static bool put_choice(struct phrase *p, const char *hole, size_t bytes, const char *bar)
{
    const char *end = hole + bytes;
    const struct ry_explain_field *field = field_of(p, hole, (size_t)(bar - hole));
    int choice = field == NULL ? -1 : choice_of(field);
    if (choice < 0)
        return false;
    for (; choice > 0; choice--) {
        bar = memchr(bar + 1, '|', (size_t)(end - bar - 1));
        assert(bar != NULL);
    }
    const char *next = memchr(bar + 1, '|', (size_t)(end - bar - 1));
    size_t word = (size_t)((next == NULL ? end : next) - bar - 1);
    return word > 0 && put(p, bar + 1, word);
}

/* "qty", "qty:lot", "fee-", "position-:lot", "leaves0" */
static bool put_field(struct phrase *p, const char *hole, size_t bytes)
{
    const char *noun = memchr(hole, ':', bytes);
    size_t name = noun == NULL ? bytes : (size_t)(noun - hole);
    char sign = strchr("+-0", hole[name - 1]) != NULL ? hole[name - 1] : ' ';
    const struct ry_explain_field *field = field_of(p, hole, name - (sign != ' '));
    if (field == NULL || (sign == '+' && field->value <= 0) || (sign == '-' && field->value >= 0) ||
        (sign == '0' && field->value != 0))
        return false;
    if (sign == '0')
        return true;
    if (field->type == RY_EXPLAIN_NAME)
        return put_name(p, field->text);
    if (!put_string(p, field->text + (sign == '-' && field->text[0] == '-')))
        return false;
    if (noun == NULL)
        return true;
    return put_string(p, " ") && put(p, noun + 1, bytes - name - 1) &&
           (field->value == 1 || put_string(p, "s"));
}

static bool put_hole(struct phrase *p, const char *hole, size_t bytes)
{
    const char *bar = memchr(hole, '|', bytes), *equals = memchr(hole, '=', bytes);
    if (hole[0] == '?')
        return field_of(p, hole + 1, bytes - 1) != NULL;
    if (bar != NULL)
        return put_choice(p, hole, bytes, bar);
    if (equals != NULL)
        return put_condition(p, hole, bytes, equals);
    return put_field(p, hole, bytes);
}

/* False: it is not to be said of that record. */
static bool fill(struct phrase *p, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        if (!put(p, text, plain))
            return false;
        text += plain;
        if (*text == '\0')
            break;
        size_t hole = strcspn(text, "}") - 1;
        if (!put_hole(p, text + 1, hole))
            return false;
        text += hole + 2;
    }
    return true;
}

bool ry_explain_grammar(struct ry_explain_grammar *grammar, const struct ry_explain_record *record)
{
    grammar->topics = grammar->phrases = 0;
    for (unsigned topic = 0; topic < TOPIC_COUNT; topic++) {
        unsigned before = grammar->phrases;
        for (unsigned i = 0; i < TABLE; i++) {
            if (table[i].kind != record->kind || table[i].topic != topic)
                continue;
            assert(grammar->phrases < RY_EXPLAIN_PHRASES_MAX);
            struct ry_explain_phrase *phrase = &grammar->phrase[grammar->phrases];
            struct phrase p = {.record = record, .text = phrase->text};
            phrase->topic = grammar->topics;
            if (fill(&p, table[i].text))
                grammar->phrases++;
        }
        if (topic == RY_EXPLAIN_OPENING && grammar->phrases == before)
            return false;
        grammar->topics += grammar->phrases > before;
    }
    assert(grammar->topics <= RY_EXPLAIN_TOPICS_MAX);
    return grammar->topics > 1;
}
