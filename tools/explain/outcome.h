/*
 * What became of a record: the model's sentence, or why it is the template's.
 */
#ifndef RY_TOOLS_EXPLAIN_OUTCOME_H
#define RY_TOOLS_EXPLAIN_OUTCOME_H

/* ROW(enumerator, name, in words, for counts). */
#define RY_EXPLAIN_OUTCOMES_LIST(ROW)                                                              \
    ROW(MODEL, "model", "in the model's words")                                                    \
    ROW(GRAMMAR, "grammar", "not a sentence of the grammar")                                       \
    ROW(TRUNCATED, "truncated", "cut off")                                                         \
    ROW(NO_ANSWER, "no_answer", "no text in the answer")                                           \
    ROW(HTTP, "http", "an HTTP error")                                                             \
    ROW(TIMEOUT, "timeout", "too late")                                                            \
    ROW(UNREACHABLE, "unreachable", "no whole answer from the server")                             \
    ROW(GIVEN_UP, "given_up", "not asked, as the server failed several times in a row")            \
    ROW(LIMIT, "limit", "not asked, as the time for all was over")                                 \
    ROW(STOPPED, "stopped", "stopped")                                                             \
    ROW(UNSAYABLE, "unsayable", "no phrase fits the record")

enum ry_explain_outcome {
#define RY_EXPLAIN_OUTCOME(enumerator, name, words) RY_EXPLAIN_##enumerator,
    RY_EXPLAIN_OUTCOMES_LIST(RY_EXPLAIN_OUTCOME)
#undef RY_EXPLAIN_OUTCOME
        RY_EXPLAIN_OUTCOMES
};

const char *ry_explain_outcome_name(enum ry_explain_outcome outcome);
const char *ry_explain_outcome_words(enum ry_explain_outcome outcome);

#endif
