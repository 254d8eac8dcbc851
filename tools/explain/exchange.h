/*
 * What is asked of a server with the API of OpenAI's chat completions, and what its answer is
 * worth. Pure: no network.
 */
#ifndef RY_TOOLS_EXPLAIN_EXCHANGE_H
#define RY_TOOLS_EXPLAIN_EXCHANGE_H

#include "tools/explain/grammar.h"
#include "tools/explain/outcome.h"

/* How a grammar is told. */
enum ry_explain_dialect {
    RY_EXPLAIN_AUTO = 0,
    RY_EXPLAIN_GBNF,   /* member `grammar`: llama.cpp */
    RY_EXPLAIN_SCHEMA, /* member `response_format`: OpenAI, vLLM, Ollama, llama.cpp */
};

/* The request's body, JSON; to be freed. `model` may be NULL: the server has one. */
char *ry_explain_request(const struct ry_explain_record *record,
                         const struct ry_explain_grammar *grammar, enum ry_explain_dialect dialect,
                         const char *model);

/* The record's facts: {"price": "100.2500", ..}. A new reference. */
json_t *ry_explain_facts(const struct ry_explain_record *record);

/* Judges the body of an answer with status 200, any bytes. RY_EXPLAIN_MODEL with the sentence, put
 * together from the grammar's phrases, not from the answer's bytes; else GRAMMAR, TRUNCATED or
 * NO_ANSWER. */
enum ry_explain_outcome ry_explain_judge(char sentence[RY_EXPLAIN_SENTENCE_BYTES],
                                         const struct ry_explain_grammar *grammar,
                                         enum ry_explain_dialect dialect, const char *body,
                                         size_t bytes);

#endif
