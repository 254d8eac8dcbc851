/*
 * What an explanation may say: a record of typed facts about one fill, reject or elimination.
 *
 * Whoever explains (the template, a language model under a grammar) chooses words and emphasis;
 * every number, side, liquidity, name and comparison in the sentence is one of these fields.
 * Example: an agent's resting sell of 40 lots was filled for 15 at 100.25 after 37 lots ahead were
 * gone:
 *
 *     agent      NAME       "maker-1"
 *     instrument NAME       "RYA"
 *     side       SIDE       sell
 *     liquidity  LIQUIDITY  maker
 *     qty        LOTS       15
 *     price      PRICE      100.2500
 *     ahead      LOTS       37          in front of it when it came to rest
 *     leaves     LOTS       25
 *     ...
 *     price:limit  COMPARE  price = limit
 *
 * A field's text is the canonical one: what the sentence has to contain, byte for byte. A number
 * has its exact value beside it (value x 10^-scale), so that "100.25" and "100.2500" are the same
 * fact. Fields are made by tools/why (from a journal) alone; a record holds no pointer and may be
 * copied.
 */
#ifndef RY_TOOLS_EXPLAIN_RECORD_H
#define RY_TOOLS_EXPLAIN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#define RY_EXPLAIN_FIELDS_MAX 48
#define RY_EXPLAIN_TEXT_BYTES 192 /* the longest sentence or remedy of a code fits */
#define RY_EXPLAIN_NAME_BYTES 32
/* Of a sentence, with its NUL. */
#define RY_EXPLAIN_SENTENCE_BYTES 1024

enum ry_explain_kind {
    RY_EXPLAIN_FILL = 1,
    RY_EXPLAIN_REJECT,
    RY_EXPLAIN_OUT,
    RY_EXPLAIN_KINDS,
};

enum ry_explain_type {
    RY_EXPLAIN_NAME = 1,  /* of an agent or an instrument */
    RY_EXPLAIN_SIDE,      /* buy, sell */
    RY_EXPLAIN_LIQUIDITY, /* maker, taker */
    RY_EXPLAIN_WORD,      /* a code's name: a reject's reason, a cause, why an agent is out */
    RY_EXPLAIN_PHRASE, /* a code's sentence: what happened, what to do; used whole or not at all */
    RY_EXPLAIN_LOTS,
    RY_EXPLAIN_COUNT, /* a rank, a round, a number of fills */
    RY_EXPLAIN_PRICE,
    RY_EXPLAIN_MONEY,
    RY_EXPLAIN_DURATION, /* ns */
    RY_EXPLAIN_MOMENT,   /* market time, in the battle's zone */
    RY_EXPLAIN_COMPARE,  /* of two other fields of one unit */
};

struct ry_explain_field {
    enum ry_explain_type type;
    char name[RY_EXPLAIN_NAME_BYTES]; /* "price"; alone of its name in the record */
    char text[RY_EXPLAIN_TEXT_BYTES]; /* "100.2500" */
    __int128 value;                   /* numbers: value x 10^-scale; codes: the code */
    uint8_t scale;
    uint8_t left, right; /* COMPARE: indexes of fields; */
    int8_t relation;     /* -1: left < right, 0: equal, 1: left > right */
};

struct ry_explain_record {
    enum ry_explain_kind kind;
    uint64_t input, n; /* the row that it explains: (battle_id, input, n), core/results/rows.h */
    unsigned fields;
    struct ry_explain_field field[RY_EXPLAIN_FIELDS_MAX];
};

/* The field of that name; NULL: the record has none. */
const struct ry_explain_field *ry_explain_field(const struct ry_explain_record *record,
                                                const char *name);

/* The sentence that is always there: from the record alone, by template. */
const char *ry_explain_template(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                                const struct ry_explain_record *record);

#endif
