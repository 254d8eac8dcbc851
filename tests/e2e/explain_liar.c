/* A server as of language models that lies (tests/support/liar_rig.h): `explain_liar WAY ..`, one
 * for each request, the last again and again; "says:TEXT" says TEXT. Prints its port. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/liar_rig.h"

#define ANSWERS_MAX 64

static const struct {
    const char *name;
    enum explain_liar_way way;
} ways[] = {{"grammar", EXPLAIN_LIAR_GRAMMAR}, {"schema", EXPLAIN_LIAR_SCHEMA},
            {"either", EXPLAIN_LIAR_EITHER},   {"refuses", EXPLAIN_LIAR_REFUSES},
            {"cut", EXPLAIN_LIAR_CUT},         {"says:", EXPLAIN_LIAR_SAYS},
            {"status:", EXPLAIN_LIAR_STATUS},  {"silent", EXPLAIN_LIAR_SILENT}};

int main(int argc, char **argv)
{
    static struct explain_liar_answer answer[ANSWERS_MAX];
    unsigned count = 0;
    for (int i = 1; i < argc && count < ANSWERS_MAX; i++)
        for (unsigned k = 0; k < sizeof ways / sizeof *ways; k++)
            if (strncmp(argv[i], ways[k].name, strlen(ways[k].name)) == 0) {
                answer[count].way = ways[k].way;
                answer[count++].text = argv[i] + strlen(ways[k].name);
                break;
            }
    if (count == 0 || count != (unsigned)argc - 1) {
        fprintf(stderr, "usage: explain_liar WAY ..\n");
        return EXIT_FAILURE;
    }
    return explain_liar_serve(answer, count);
}
