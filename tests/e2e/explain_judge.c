/* Reads the rows of `royale explain --json`: whether each sentence in a model's words is true by
 * the row's facts. Prints how many, and the false ones; exit code 1 if there is one. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/explain_model.h"
#include "tests/support/explain_rig.h"

#define LINE_BYTES 65536

/* "-100.2500" as -1002500 of scale 4 */
static __int128 read_decimal(const char *text, uint8_t *scale)
{
    __int128 value = 0;
    bool behind = false;
    *scale = 0;
    for (const char *at = text + (*text == '-'); isdigit((unsigned char)*at) || *at == '.'; at++) {
        if (*at == '.') {
            behind = true;
            continue;
        }
        value = value * 10 + (*at - '0');
        *scale = (uint8_t)(*scale + behind);
    }
    return *text == '-' ? -value : value;
}

static __int128 read_duration(const char *text)
{
    uint8_t scale;
    __int128 value = read_decimal(text, &scale);
    const char *unit = strchr(text, ' ');
    unsigned digits = unit == NULL               ? 0
                      : strcmp(unit, " us") == 0 ? 3
                      : strcmp(unit, " ms") == 0 ? 6
                      : strcmp(unit, " s") == 0  ? 9
                                                 : 0;
    for (; digits > scale; digits--)
        value *= 10;
    return value;
}

static void read_record(struct ry_explain_record *record, const char *kind, json_t *facts)
{
    const char *name;
    json_t *fact;
    *record = (struct ry_explain_record){.kind = strcmp(kind, "fill") == 0  ? RY_EXPLAIN_FILL
                                                 : strcmp(kind, "out") == 0 ? RY_EXPLAIN_OUT
                                                                            : RY_EXPLAIN_REJECT};
    json_object_foreach(facts, name, fact)
    {
        enum ry_explain_type type = explain_type(record->kind, name);
        const char *text = json_string_value(fact);
        uint8_t scale = 0;
        __int128 value = 0;
        if (type == 0 || text == NULL) /* a comparison, which follows from the numbers */
            continue;
        if (type == RY_EXPLAIN_DURATION)
            value = read_duration(text);
        else if (type >= RY_EXPLAIN_LOTS && type <= RY_EXPLAIN_MONEY)
            value = read_decimal(text, &scale);
        explain_put(record, type, name, text, value, scale);
    }
}

int main(void)
{
    static char line[LINE_BYTES];
    unsigned model = 0, template = 0, wrong = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *kind, *sentence, *source;
        json_t *facts, *row = json_loads(line, 0, NULL);
        struct ry_explain_record record;
        if (row == NULL || json_unpack(row, "{ss ss ss so}", "of", &kind, "sentence", &sentence,
                                       "source", &source, "facts", &facts) != 0) {
            printf("no row: %s", line);
            return EXIT_FAILURE;
        }
        read_record(&record, kind, facts);
        template += strcmp(source, "template") == 0;
        if (strcmp(source, "model") == 0) {
            model++;
            if (!ry_test_explain_true(&record, sentence, strlen(sentence))) {
                wrong++;
                printf("false: %s", line);
            }
        }
        json_decref(row);
    }
    printf("%u model, %u template, %u false\n", model, template, wrong);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
