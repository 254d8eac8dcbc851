#include "tools/why/why.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/why/decisions.h"
#include "tools/why/facts.h"
#include "tools/why/tracker.h"

struct reading {
    const char *agent; /* NULL: all */
    bool (*each)(void *context, const struct ry_results *results,
                 const struct ry_explain_record *record);
    void *context;
    const struct ry_why_decisions *decisions;
    struct ry_why_tracker tracker;
    bool enough;
};

static bool intent(void *context, uint16_t agent, uint64_t cl_ord_id, uint32_t *code)
{
    const struct reading *reading = context;
    return ry_why_decisions_find(reading->decisions, agent, cl_ord_id, code);
}

static void on_record(void *context, const struct ry_explain_record *record)
{
    struct reading *reading = context;
    const struct ry_explain_field *agent = ry_explain_field(record, "agent");
    assert(agent != NULL);
    const char *name = reading->tracker.results.agent[agent->value].name;
    if (reading->enough || (reading->agent != NULL && strcmp(reading->agent, name) != 0))
        return;
    reading->enough = !reading->each(reading->context, &reading->tracker.results, record);
}

static bool is_agent(const struct ry_why_decisions *decisions, const char *agent, char *error)
{
    for (unsigned i = 0; agent != NULL && i < decisions->agents; i++)
        if (strcmp(decisions->agent[i], agent) == 0)
            return true;
    if (agent != NULL)
        snprintf(error, RY_WHY_ERROR_BYTES, "the battle has no agent %.*s", RY_NAME_BYTES, agent);
    return agent == NULL;
}

static int read_all(struct reading *reading, const char *directory, uint64_t inputs, char *error)
{
    static struct ry_follow follow; /* large */
    static struct ry_why_battle battle;
    struct ry_why_tracker *t = &reading->tracker;
    if (ry_follow_open(&follow, directory, error, RY_WHY_ERROR_BYTES) != 0)
        return -1;
    ry_follow_until(&follow, inputs, RY_TIME_NEVER);
    ry_why_battle_read(&battle, directory);
    ry_why_tracker_open(t, &battle, &follow.reader.file.battle_id);
    t->each = on_record;
    t->intent = intent;
    t->context = reading;
    while (!reading->enough) {
        t->arena = ry_follow_arena(&follow);
        if (ry_results_step(&t->results, &follow, 1) != 1)
            break;
        ry_why_tracker_settle(t);
    }
    ry_why_tracker_close(t);
    ry_follow_close(&follow);
    return 0;
}

int ry_why_records(const char *directory, const char *agent,
                   bool (*each)(void *context, const struct ry_results *results,
                                const struct ry_explain_record *record),
                   void *context, char *error)
{
    struct ry_why_decisions decisions;
    struct reading *reading = calloc(1, sizeof *reading);
    assert(reading != NULL);
    if (ry_why_decisions_read(&decisions, directory, error) != 0) {
        free(reading);
        return -1;
    }
    reading->agent = agent;
    reading->each = each;
    reading->context = context;
    reading->decisions = &decisions;
    int result = is_agent(&decisions, agent, error)
                     ? read_all(reading, directory, decisions.inputs, error)
                     : -1;
    ry_why_decisions_close(&decisions);
    free(reading);
    return result;
}
