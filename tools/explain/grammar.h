/*
 * The grammar of the sentences that are true of one record: the phrases of
 * tools/explain/phrases.def with the record's facts in them.
 *
 *     sentence = opening, 1 to 3 times ("; ", detail), "."
 *
 * An opening and a detail are one of the phrases, byte for byte; details are of different topics.
 * Example, of a record about a fill: "maker-1 sold 15 lots of RYA at 100.2500; the fee was 0.3; 37
 * lots had been ahead of the order at its price."
 *
 * As each phrase has its facts in it, a sentence of the grammar has each number, side, liquidity,
 * name and comparison where the phrase says what it is: price and limit cannot be swapped, nothing
 * can be turned round, denied, or added. A language model under the grammar chooses what to say, in
 * which order and with which words.
 *
 * A name that is no plain word (a letter, then letters, digits and any of _.-), or is a word of the
 * phrases ("nothing", "maker"), stands in quotes, with a backslash before each quote and backslash
 * of its own: it cannot end its phrase and go on as another one.
 */
#ifndef RY_TOOLS_EXPLAIN_GRAMMAR_H
#define RY_TOOLS_EXPLAIN_GRAMMAR_H

#include <jansson.h>
#include <stddef.h>

#include "tools/explain/record.h"

#define RY_EXPLAIN_PHRASES_MAX  56
#define RY_EXPLAIN_TOPICS_MAX   16
#define RY_EXPLAIN_PHRASE_BYTES 448
#define RY_EXPLAIN_DETAILS_MAX  3
#define RY_EXPLAIN_OPENING      0 /* the topic of openings */

struct ry_explain_phrase {
    unsigned topic; /* dense: each below `topics` has a phrase */
    char text[RY_EXPLAIN_PHRASE_BYTES];
};

struct ry_explain_grammar {
    unsigned topics, phrases;
    struct ry_explain_phrase phrase[RY_EXPLAIN_PHRASES_MAX]; /* by topic */
};

/* False: the record has not what an opening and a detail need, or a text that is no printable
 * ASCII: there is no sentence about it but the template's. */
bool ry_explain_grammar(struct ry_explain_grammar *grammar, const struct ry_explain_record *record);

/* What an answer is to the grammar. */
enum ry_explain_verdict {
    RY_EXPLAIN_TRUE = 1, /* a sentence of it */
    RY_EXPLAIN_CUT,      /* the beginning of one */
    RY_EXPLAIN_OTHER,
};

struct ry_explain_checked {
    enum ry_explain_verdict verdict;
    unsigned details;                            /* TRUE */
    unsigned phrase[1 + RY_EXPLAIN_DETAILS_MAX]; /* the opening's, the details' */
    size_t good_bytes;                           /* so far it could have been one */
};

/* Parses `bytes` bytes at `answer`, which may be any. Blanks around it are passed over. */
void ry_explain_check(struct ry_explain_checked *checked, const struct ry_explain_grammar *grammar,
                      const char *answer, size_t bytes);

/* The grammar for llama.cpp (GBNF, its grammars/README.md); to be freed. NULL: no memory. */
char *ry_explain_gbnf(const struct ry_explain_grammar *grammar);

/* The same as a JSON schema, for servers that have only that: {"opening": .., "details": [..]}. A
 * schema cannot say that the details are of different topics: ry_explain_spelled takes the first of
 * each. A new reference. */
json_t *ry_explain_schema(const struct ry_explain_grammar *grammar);

/* The sentence that such a document spells, without details whose topic one before them has said;
 * -1: it spells none, or one that is too long. Whether it is true is ry_explain_check's to say. */
int ry_explain_spelled(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                       const struct ry_explain_grammar *grammar, const char *text, size_t bytes);

#endif
