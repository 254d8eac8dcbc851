/*
 * A sentence's details may come in any order, and no topic twice. So there is a rule for each set
 * of topics that have been said: sBITS goes on from there. Example, with two topics:
 *
 *     root ::= t0 s1
 *     s1 ::= "; " t1 s3 | "; " t2 s5      s1: only the opening has been said
 *     s3 ::= "." | "; " t2 "."            the opening and topic 1
 *     s5 ::= "." | "; " t1 "."
 *     t1 ::= "the fee was 0.3" | "maker-1 paid a fee of 0.3"
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/explain/grammar.h"

static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_topics(FILE *out, const struct ry_explain_grammar *g)
{
    for (unsigned i = 0; i < g->phrases; i++) {
        unsigned topic = g->phrase[i].topic;
        if (i == 0 || g->phrase[i - 1].topic != topic)
            fprintf(out, "\nt%u ::= ", topic);
        else
            fputs(" | ", out);
        write_text(out, g->phrase[i].text);
    }
    fputc('\n', out);
}

/* The rule of the set `said`, of which `details` are details, and the rules that it leads to. A set
 * is reached in several orders: its rule is written in the one where topics ascend, `last` being
 * the highest. */
static void write_rest(FILE *out, const struct ry_explain_grammar *g, uint32_t said,
                       unsigned details, unsigned last)
{
    const char *before = "";
    fprintf(out, "s%" PRIx32 " ::= ", said);
    if (details > 0) {
        fputs("\".\"", out);
        before = " | ";
    }
    for (unsigned topic = 1; topic < g->topics; topic++) {
        uint32_t more = said | UINT32_C(1) << topic;
        if (more == said)
            continue;
        fprintf(out, "%s\"; \" t%u ", before, topic);
        if (details + 1 == RY_EXPLAIN_DETAILS_MAX)
            fputs("\".\"", out);
        else
            fprintf(out, "s%" PRIx32, more);
        before = " | ";
    }
    fputc('\n', out);
    if (details + 1 < RY_EXPLAIN_DETAILS_MAX)
        for (unsigned topic = last + 1; topic < g->topics; topic++)
            write_rest(out, g, said | UINT32_C(1) << topic, details + 1, topic);
}

char *ry_explain_gbnf(const struct ry_explain_grammar *g)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    fputs("root ::= t0 s1\n", out);
    write_rest(out, g, 1, 0, RY_EXPLAIN_OPENING);
    write_topics(out, g);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
