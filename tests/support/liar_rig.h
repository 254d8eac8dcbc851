/*
 * A language model's server that lies, on loopback: it answers each request in the way that its
 * list says, the last way again and again. For tests, a child process of the one that starts it.
 */
#ifndef RY_TESTS_SUPPORT_LIAR_RIG_H
#define RY_TESTS_SUPPORT_LIAR_RIG_H

#include <stdint.h>
#include <sys/types.h>

enum explain_liar_way {
    EXPLAIN_LIAR_GRAMMAR = 1, /* a sentence of the request's grammar: its first alternatives */
    EXPLAIN_LIAR_SCHEMA,      /* a document of the request's schema: its first strings */
    EXPLAIN_LIAR_EITHER,      /* whichever the request has */
    EXPLAIN_LIAR_REFUSES,     /* status 400 if it has a grammar, else as SCHEMA */
    EXPLAIN_LIAR_SAYS,        /* `text`, as the model's words */
    EXPLAIN_LIAR_CUT,         /* the beginning of a sentence of the grammar */
    EXPLAIN_LIAR_BODY,        /* `text` is the whole body, status 200 */
    EXPLAIN_LIAR_STATUS,      /* `text` is the status line and more headers: "302 Found\r\n.." */
    EXPLAIN_LIAR_RAW,         /* `text` is all that is sent, then the connection is closed */
    EXPLAIN_LIAR_SLOW,        /* a byte now and then, for ever */
    EXPLAIN_LIAR_SILENT,      /* nothing, for ever */
    EXPLAIN_LIAR_HUGE,        /* a body without an end */
    EXPLAIN_LIAR_SHORT,       /* a body that ends before its length */
};

struct explain_liar_answer {
    enum explain_liar_way way;
    const char *text;
};

struct explain_liar {
    pid_t process;
    uint16_t port; /* on 127.0.0.1 */
};

/* Ends the test if it cannot be started. `count` answers; they stay the caller's. */
struct explain_liar explain_liar_start(const struct explain_liar_answer *answer, unsigned count);
void explain_liar_end(const struct explain_liar *liar);

/* The server itself, in this process, for ever: prints its port in a line. */
int explain_liar_serve(const struct explain_liar_answer *answer, unsigned count);

#endif
