#include "tools/why/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/why/why.h"

bool ry_why_asked_read(struct ry_why_asked *asked, const char *text)
{
    const char *slash = strrchr(text, '/');
    size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);
    *asked = (struct ry_why_asked){.one = slash != NULL};
    if (length == 0 || length >= sizeof asked->agent)
        return false;
    memcpy(asked->agent, text, length);
    if (slash == NULL)
        return true;
    const char *digits = slash + 1;
    if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    errno = 0;
    asked->cl_ord_id = strtoull(digits, NULL, 10);
    return errno == 0 && asked->cl_ord_id > 0;
}

static void take_name(struct ry_why_scan *scan, uint16_t agent, const struct ry_input_agent *in)
{
    memcpy(scan->name[agent], in->name, RY_NAME_BYTES);
    scan->name[agent][RY_NAME_BYTES - 1] = '\0';
    if (agent >= scan->agents)
        scan->agents = agent + 1u;
    if (strcmp(scan->name[agent], scan->asked.agent) == 0)
        scan->agent = agent;
}

static void take_command(struct ry_why_scan *scan, const struct ry_why_battle *battle,
                         struct ry_why_wake *wake, const union ry_input_any *input, uint64_t number)
{
    const int64_t latency =
        ry_why_latency(battle, scan->seed, (uint16_t)scan->agent, input->head.source_seq);
    ry_why_wake_next(wake, input->head.time, latency);
    if (input->head.kind == RY_IN_DECISION && input->decision.ref == scan->asked.cl_ord_id) {
        scan->decided = true;
        scan->decision = input->decision;
    }
    if (input->head.kind != RY_IN_ORDER)
        return;
    if (input->event.ref > scan->cl_ord_id_max)
        scan->cl_ord_id_max = input->event.ref;
    if (scan->found || input->event.ref != scan->asked.cl_ord_id)
        return;
    scan->found = true;
    scan->input = number;
    scan->k = input->head.source_seq;
    scan->arrival = input->head.time;
    scan->latency = latency;
    scan->wake = *wake;
}

static void take(struct ry_why_scan *scan, const struct ry_why_battle *battle,
                 struct ry_why_wake *wake, const union ry_input_any *input, uint64_t number)
{
    const uint16_t agent = (uint16_t)(input->head.source - RY_SOURCE_AGENT);
    if (input->head.kind == RY_IN_BATTLE)
        scan->seed = input->battle.seed;
    if (input->head.source < RY_SOURCE_AGENT || agent >= RY_AGENTS_MAX)
        return;
    if (input->head.kind == RY_IN_AGENT)
        take_name(scan, agent, &input->agent);
    else if (scan->agent == agent && input->head.kind != RY_IN_AGENT_DIED)
        take_command(scan, battle, wake, input, number);
}

int ry_why_scan(struct ry_why_scan *scan, const char *directory, const struct ry_why_asked *asked,
                const struct ry_why_battle *battle, char *error)
{
    struct ry_journal_reader reader;
    struct ry_why_wake wake = {.arrival = INT64_MIN};
    const union ry_input_any *input;
    enum ry_journal_next next;
    memset(scan, 0, sizeof *scan);
    scan->asked = *asked;
    scan->agent = -1;
    if (ry_journal_open(&reader, directory) != 0) {
        snprintf(error, RY_WHY_ERROR_BYTES, "%s", reader.text);
        return -1;
    }
    while ((next = ry_journal_next(&reader, &input)) == RY_JOURNAL_INPUT)
        take(scan, battle, &wake, input, reader.inputs);
    scan->inputs = reader.inputs;
    scan->ended = next == RY_JOURNAL_END;
    scan->damaged = next == RY_JOURNAL_ERROR;
    snprintf(scan->text, sizeof scan->text, "%s", reader.text);
    ry_journal_close(&reader);
    return 0;
}
