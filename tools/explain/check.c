/* A parser of the grammar that descends and comes back: where two phrases fit, because one begins
 * with the other, both are tried. */
#include <string.h>

#include "tools/explain/grammar.h"

#define PART "; "
#define END  "."

struct parser {
    const struct ry_explain_grammar *grammar;
    const char *text;
    size_t bytes;
    struct ry_explain_checked *checked;
};

/* Bytes of `wanted` at `at`, all of it or none; how far the text agrees is kept. */
static size_t fits(struct parser *p, size_t at, const char *wanted)
{
    size_t length = strlen(wanted), same = 0;
    while (same < length && at + same < p->bytes && p->text[at + same] == wanted[same])
        same++;
    if (at + same > p->checked->good_bytes)
        p->checked->good_bytes = at + same;
    return same == length ? length : 0;
}

static bool details(struct parser *p, size_t at, unsigned said, uint32_t topics)
{
    const struct ry_explain_grammar *g = p->grammar;
    if (said > 0 && fits(p, at, END) > 0 && at + strlen(END) == p->bytes) {
        p->checked->details = said;
        return true;
    }
    if (said == RY_EXPLAIN_DETAILS_MAX || fits(p, at, PART) == 0)
        return false;
    at += strlen(PART);
    for (unsigned i = 0; i < g->phrases; i++) {
        uint32_t topic = UINT32_C(1) << g->phrase[i].topic;
        size_t length = (topics & topic) != 0 ? 0 : fits(p, at, g->phrase[i].text);
        p->checked->phrase[1 + said] = i;
        if (length > 0 && details(p, at + length, said + 1, topics | topic))
            return true;
    }
    return false;
}

static bool sentence(struct parser *p)
{
    const struct ry_explain_grammar *g = p->grammar;
    for (unsigned i = 0; i < g->phrases && g->phrase[i].topic == RY_EXPLAIN_OPENING; i++) {
        size_t length = fits(p, 0, g->phrase[i].text);
        p->checked->phrase[0] = i;
        if (length > 0 && details(p, length, 0, UINT32_C(1) << RY_EXPLAIN_OPENING))
            return true;
    }
    return false;
}

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t';
}

void ry_explain_check(struct ry_explain_checked *checked, const struct ry_explain_grammar *grammar,
                      const char *answer, size_t bytes)
{
    struct parser p = {.grammar = grammar, .text = answer, .bytes = bytes, .checked = checked};
    *checked = (struct ry_explain_checked){.verdict = RY_EXPLAIN_OTHER};
    while (p.bytes > 0 && is_blank(p.text[0])) {
        p.text++;
        p.bytes--;
    }
    while (p.bytes > 0 && is_blank(p.text[p.bytes - 1]))
        p.bytes--;
    if (p.bytes >= RY_EXPLAIN_SENTENCE_BYTES)
        return;
    if (sentence(&p))
        checked->verdict = RY_EXPLAIN_TRUE;
    else if (p.bytes > 0 && checked->good_bytes == p.bytes)
        checked->verdict = RY_EXPLAIN_CUT;
}
