/*
 * For tests of explanations: records as they may come, sentences of their grammars, and what liars
 * make of them.
 */
#ifndef RY_TESTS_SUPPORT_EXPLAIN_RIG_H
#define RY_TESTS_SUPPORT_EXPLAIN_RIG_H

#include "tests/support/arena_rig.h"
#include "tools/explain/grammar.h"

/* A record with the fields of tools/explain/fields.def: small numbers, which often are equal, and
 * names that are meant to break out of a sentence. */
void explain_record(struct ry_explain_record *record, struct ry_test_rng *rng);

/* The same kind again, with the same names, some values others. */
void explain_record_like(struct ry_explain_record *other, const struct ry_explain_record *record,
                         struct ry_test_rng *rng);

/* One of a fill that is always the same: maker-1 sold 15 lots of RYA at 100.2500. */
void explain_record_fixed(struct ry_explain_record *record);

/* A field as tools/why would put it; a COMPARE of it and of those that are there. */
void explain_put(struct ry_explain_record *record, enum ry_explain_type type, const char *name,
                 const char *text, __int128 value, uint8_t scale);
void explain_compare(struct ry_explain_record *record, const char *left, const char *right);

/* The type of the kind's field of that name; 0: it has none. */
enum ry_explain_type explain_type(enum ry_explain_kind kind, const char *name);

/* A sentence drawn from the grammar. */
void explain_draw(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                  const struct ry_explain_grammar *grammar, struct ry_test_rng *rng);

/* Changes the sentence in one of the ways of liars and of bad luck; it may stay as it was. Returns
 * which way, below EXPLAIN_WAYS. */
#define EXPLAIN_WAYS 18
unsigned explain_mutate(char sentence[2 * RY_EXPLAIN_SENTENCE_BYTES],
                        const struct ry_explain_record *record, struct ry_test_rng *rng);

#endif
