#include "tests/support/day_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void day_append(char *text, size_t text_bytes, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, text_bytes - used, format, arguments);
    va_end(arguments);
}

bool day_why(char *why, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, DAY_WHY_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

void day_agent_write(uint16_t agent, const struct day_names *names, char *text, size_t text_bytes)
{
    if (agent < names->agents)
        day_append(text, text_bytes, "%s", names->agent[agent]);
    else
        day_append(text, text_bytes, "agent%u", agent);
}

bool day_number(const char *word, int64_t *number)
{
    if (strcmp(word, "never") == 0) {
        *number = RY_TIME_NEVER;
        return true;
    }
    bool minus = *word == '-';
    __int128 value = 0;
    word += minus;
    if (*word < '0' || *word > '9')
        return false;
    for (; *word != '\0'; word++) {
        if (*word == '_')
            continue;
        if (*word < '0' || *word > '9')
            return false;
        value = value * 10 + (*word - '0');
        if (value > (__int128)INT64_MAX + minus)
            return false;
    }
    *number = (int64_t)(minus ? -value : value);
    return true;
}

static bool unsigned_number(const char *word, int64_t max, int64_t *number)
{
    return day_number(word, number) && *number >= 0 && *number <= max;
}

/* An instrument by symbol or number. */
static bool find_instrument(const struct day_names *names, const char *word, uint16_t *instrument)
{
    for (unsigned i = 0; i < names->instruments; i++) {
        if (strcmp(names->instrument[i], word) == 0) {
            *instrument = (uint16_t)i;
            return true;
        }
    }
    int64_t number = 0;
    bool found = unsigned_number(word, UINT16_MAX, &number);
    *instrument = (uint16_t)number;
    return found;
}

/* An agent by name, or agent7. */
static bool find_agent(const struct day_names *names, const char *word, uint16_t *agent)
{
    for (unsigned i = 0; i < names->agents; i++) {
        if (strcmp(names->agent[i], word) == 0) {
            *agent = (uint16_t)i;
            return true;
        }
    }
    int64_t number = 0;
    bool found = strncmp(word, "agent", 5) == 0 && unsigned_number(word + 5, UINT16_MAX, &number);
    *agent = (uint16_t)number;
    return found;
}

static bool set_part(struct day_phrase *phrase, unsigned part, const char *word, char *why)
{
    if ((phrase->parts & part) != 0)
        return day_why(why, "'%s' is one too many of its kind", word);
    phrase->parts |= part;
    return true;
}

static bool read_reference(struct day_phrase *phrase, const char *word, int64_t number, char *why)
{
    if ((phrase->parts & DAY_REF) == 0) {
        phrase->ref = (uint64_t)number;
        return set_part(phrase, DAY_REF, word, why);
    }
    phrase->ref_new = (uint64_t)number;
    return set_part(phrase, DAY_REF_NEW, word, why);
}

/* Words that stand alone. Sets *known; what is not known is left for the kind of line to take. */
static bool read_word(const char *word, const struct day_names *names, struct day_phrase *phrase,
                      bool *known, char *why)
{
    int64_t number;
    uint8_t side;
    *known = true;
    if (word[0] == 'r' && unsigned_number(word + 1, INT64_MAX, &number))
        return read_reference(phrase, word, number, why);
    if (word[0] == 'c' && unsigned_number(word + 1, INT64_MAX, &number)) {
        phrase->cl_ord_id = (uint64_t)number;
        return set_part(phrase, DAY_CL_ORD_ID, word, why);
    }
    if (word[0] == '#' && unsigned_number(word + 1, UINT32_MAX, &number)) {
        phrase->order = (uint32_t)number;
        return set_part(phrase, DAY_ORDER, word, why);
    }
    if (unsigned_number(word, UINT32_MAX, &number)) {
        phrase->qty = (uint32_t)number;
        return set_part(phrase, DAY_QTY, word, why);
    }
    if (day_code_find(day_sides, word, &side) && side != RY_SIDE_NONE) {
        phrase->side = side;
        return set_part(phrase, DAY_SIDE, word, why);
    }
    if ((phrase->parts & DAY_AGENT) == 0 && find_agent(names, word, &phrase->agent))
        return set_part(phrase, DAY_AGENT, word, why);
    *known = false;
    return true;
}

/* Words that need the one after them: `@ 100`, `in NQ`. */
static bool read_pair(const char *word, const char *next, const struct day_names *names,
                      struct day_phrase *phrase, char *why)
{
    if (next == NULL)
        return day_why(why, "'%s' ends the line", word);
    if (word[0] == '@') {
        return day_number(next, &phrase->price) ? set_part(phrase, DAY_PRICE, word, why)
                                                : day_why(why, "'%s' is no price", next);
    }
    return find_instrument(names, next, &phrase->instrument)
               ? set_part(phrase, DAY_INSTRUMENT, word, why)
               : day_why(why, "'%s' is no instrument", next);
}

static bool read_key(char *word, char *equals, struct day_phrase *phrase, char *why)
{
    *equals = '\0';
    phrase->key[phrase->keys] = word;
    if (!day_number(equals + 1, &phrase->value[phrase->keys]))
        return day_why(why, "%s=%s: no number", word, equals + 1);
    phrase->keys++;
    return true;
}

bool day_phrase_read(const char *line, const struct day_names *names, struct day_phrase *phrase,
                     char *why)
{
    *phrase = (struct day_phrase){.parts = 0};
    snprintf(phrase->text, sizeof phrase->text, "%s", line);
    char *word[DAY_WORDS_MAX + 1] = {NULL};
    unsigned count = 0;
    char *rest = phrase->text;
    for (char *next; (next = strtok_r(rest, " \t", &rest)) != NULL; count++) {
        if (count == DAY_WORDS_MAX)
            return day_why(why, "more than %d words", DAY_WORDS_MAX);
        word[count] = next;
    }
    for (unsigned i = 0; i < count; i++) {
        char *equals = strchr(word[i], '=');
        bool known = true;
        if (strcmp(word[i], "@") == 0 || strcmp(word[i], "in") == 0) {
            if (!read_pair(word[i], word[i + 1], names, phrase, why))
                return false;
            i++;
        } else if (equals != NULL) {
            if (!read_key(word[i], equals, phrase, why))
                return false;
        } else if (!read_word(word[i], names, phrase, &known, why)) {
            return false;
        } else if (!known) {
            phrase->word[phrase->words++] = word[i];
        }
    }
    return true;
}

bool day_phrase_take(struct day_phrase *phrase, const char *word)
{
    for (unsigned i = 0; i < phrase->words; i++) {
        if (phrase->word[i] != NULL && strcmp(phrase->word[i], word) == 0) {
            phrase->word[i] = NULL;
            return true;
        }
    }
    return false;
}

const char *day_phrase_next(struct day_phrase *phrase)
{
    for (unsigned i = 0; i < phrase->words; i++) {
        const char *word = phrase->word[i];
        if (word != NULL) {
            phrase->word[i] = NULL;
            return word;
        }
    }
    return NULL;
}

bool day_phrase_parts(const struct day_phrase *phrase, unsigned needed, unsigned allowed, char *why)
{
    static const char *const names[] = {"side", "quantity",   "price",         "rN",   "second rN",
                                        "cN",   "#N (order)", "in INSTRUMENT", "agent"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsigned part = 1u << i;
        if ((needed & part) != 0 && (phrase->parts & part) == 0)
            return day_why(why, "the %s is missing", names[i]);
        if ((phrase->parts & part & ~(needed | allowed)) != 0)
            return day_why(why, "a %s has no place here", names[i]);
    }
    return true;
}

bool day_phrase_finish(struct day_phrase *phrase, const struct day_record *kind, void *record,
                       char *why)
{
    const char *left = day_phrase_next(phrase);
    if (left != NULL)
        return day_why(why, "'%s' has no place here", left);
    for (unsigned i = 0; i < phrase->keys; i++) {
        const struct day_field *field = kind->fields;
        while (field->name != NULL && strcmp(field->name, phrase->key[i]) != 0)
            field++;
        if (field->name == NULL)
            return day_why(why, "no field is called '%s'", phrase->key[i]);
        if (!day_field_set(field, record, phrase->value[i])) {
            return day_why(why, "%s=%lld does not fit", phrase->key[i],
                           (long long)phrase->value[i]);
        }
    }
    return true;
}
