#include "tools/why/decisions.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/why/why.h"

#define ROOM_FIRST 1024u

static void take(struct ry_why_decisions *d, const union ry_input_any *input, uint64_t number)
{
    const uint16_t agent = (uint16_t)(input->head.source - RY_SOURCE_AGENT);
    if (input->head.source < RY_SOURCE_AGENT || agent >= RY_AGENTS_MAX)
        return;
    if (input->head.kind == RY_IN_AGENT && input->head.slots == 2) {
        memcpy(d->agent[agent], input->agent.name, RY_NAME_BYTES);
        d->agent[agent][RY_NAME_BYTES - 1] = '\0';
        d->agents = agent >= d->agents ? agent + 1u : d->agents;
    }
    if (input->head.kind != RY_IN_DECISION || input->decision.ref == 0)
        return;
    if (d->count == d->room) {
        d->room = d->room == 0 ? ROOM_FIRST : 2 * d->room;
        d->decision = realloc(d->decision, d->room * sizeof *d->decision);
        assert(d->decision != NULL);
    }
    d->decision[d->count++] = (struct ry_why_decision){.cl_ord_id = input->decision.ref,
                                                       .input = number,
                                                       .intent = input->decision.intent,
                                                       .agent = agent};
}

static int by_order(const void *left, const void *right)
{
    const struct ry_why_decision *x = left, *y = right;
    if (x->agent != y->agent)
        return x->agent < y->agent ? -1 : 1;
    return (x->cl_ord_id > y->cl_ord_id) - (x->cl_ord_id < y->cl_ord_id);
}

static int by_order_and_input(const void *left, const void *right)
{
    const struct ry_why_decision *x = left, *y = right;
    int order = by_order(left, right);
    return order != 0 ? order : (x->input > y->input) - (x->input < y->input);
}

static void keep_last(struct ry_why_decisions *d)
{
    size_t kept = 0;
    if (d->count > 0) /* else there may be no memory */
        qsort(d->decision, d->count, sizeof *d->decision, by_order_and_input);
    for (size_t i = 0; i < d->count; i++)
        if (i + 1 == d->count || by_order(&d->decision[i], &d->decision[i + 1]) != 0)
            d->decision[kept++] = d->decision[i];
    d->count = kept;
}

int ry_why_decisions_read(struct ry_why_decisions *d, const char *directory, char *error)
{
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    memset(d, 0, sizeof *d);
    if (ry_journal_open(&reader, directory) != 0) {
        snprintf(error, RY_WHY_ERROR_BYTES, "%s", reader.text);
        return -1;
    }
    while (ry_journal_next(&reader, &input) == RY_JOURNAL_INPUT)
        take(d, input, reader.inputs);
    d->inputs = reader.inputs;
    ry_journal_close(&reader);
    keep_last(d);
    return 0;
}

bool ry_why_decisions_find(const struct ry_why_decisions *d, uint16_t agent, uint64_t cl_ord_id,
                           uint32_t *intent)
{
    const struct ry_why_decision wanted = {.cl_ord_id = cl_ord_id, .agent = agent};
    const struct ry_why_decision *found =
        d->count == 0 ? NULL
                      : bsearch(&wanted, d->decision, d->count, sizeof *d->decision, by_order);
    if (found == NULL)
        return false;
    *intent = found->intent;
    return true;
}

void ry_why_decisions_close(struct ry_why_decisions *d)
{
    free(d->decision);
    d->decision = NULL;
}
