/* The bytes are labels and names that an agent writes: what is scraped stays a whole text of
 * metrics, in both formats. Kind, then name, unit and sentence, each up to a NUL. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tests/support/metrics_rig.h"
#include "tools/web/scrape.h"

#define COUNTERS 16

static struct ry_web_state state = {.lock = PTHREAD_MUTEX_INITIALIZER};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next text, up to `max` bytes, in `out`. */
static const char *take(char *out, size_t max, const uint8_t **data, size_t *size)
{
    size_t n = 0;
    for (; *size > 0 && **data != 0; (*data)++, (*size)--)
        if (n < max - 1)
            out[n++] = (char)**data;
    if (*size > 0) {
        (*data)++;
        (*size)--;
    }
    out[n] = '\0';
    return out;
}

static void describe(struct ry_web_process *process, const uint8_t **data, size_t *size)
{
    static struct ry_counters region;
    static char text[COUNTERS][3][64];
    struct ry_counter counter[COUNTERS];
    struct ry_counter_table table = {counter, 0};
    while (*size > 0 && table.count < COUNTERS) {
        char(*at)[64] = text[table.count];
        struct ry_counter *new = &counter[table.count++];
        new->kind = (enum ry_counter_kind)(1 + **data % 3);
        (*data)++;
        (*size)--;
        new->name = take(at[0], RY_COUNTER_NAME_MAX + 1, data, size);
        new->unit = take(at[1], sizeof at[1], data, size);
        new->sentence = take(at[2], sizeof at[2], data, size);
        new->remedy = "";
    }
    ry_counters_create(&region, &table, NULL);
    process->counters = ry_counters_describe(&region, &process->description) ? table.count : 0;
    for (unsigned i = 0; i < process->counters; i++)
        process->value[i] = UINT64_MAX - i;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[RY_TEST_METRICS_WHY_BYTES];
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    snprintf(state.battle.id, sizeof state.battle.id, "00ff");
    take(state.battle.name, sizeof state.battle.name, &data, &size);
    take(state.battle.stamp, sizeof state.battle.stamp, &data, &size);
    state.battle.agents = 1;
    take(state.battle.agent[0].name, sizeof state.battle.agent[0].name, &data, &size);
    state.processes = 2;
    for (unsigned i = 0; i < state.processes; i++) {
        struct ry_web_process *process = &state.process[i];
        snprintf(process->name, sizeof process->name, "agent%u", i);
        take(process->own, sizeof process->own, &data, &size);
        describe(process, &data, &size);
    }
    for (unsigned format = 0; format < RY_WEB_FORMATS; format++) {
        struct ry_web_exposition e = {.format = (enum ry_web_format)format};
        ry_web_scrape(&e, &state, 0);
        const bool ok =
            !e.failed && ry_test_metrics_read(e.text, e.bytes, format == RY_WEB_OPENMETRICS, why);
        if (!ok)
            fprintf(stderr, "%s\n", why);
        assert(ok);
        free(e.text);
    }
    return 0;
}
