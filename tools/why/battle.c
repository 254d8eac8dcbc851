#include "tools/why/battle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/read.h"
#include "core/exec/horizon.h"

static void take(struct ry_why_battle *battle, const struct ry_battle *read)
{
    memcpy(battle->zone, read->zone, sizeof battle->zone);
    battle->known = true;
    for (unsigned i = 0; i < read->agents; i++) {
        battle->latency[i] = read->agent[i].latency_ns;
        battle->jitter[i] = read->agent[i].jitter_ns;
    }
}

void ry_why_battle_read(struct ry_why_battle *battle, const char *directory)
{
    char path[RY_BATTLE_PATH_BYTES], folder[RY_BATTLE_PATH_BYTES];
    struct ry_battle_errors errors;
    size_t bytes;
    *battle = (struct ry_why_battle){.zone = "UTC"};
    snprintf(path, sizeof path, "%s/battle.yaml", directory);
    char *text = ry_battle_load(path, &bytes, &errors);
    if (text != NULL && ry_battle_folder(path, folder)) {
        /* Strategies, cores and what else the machine that it ran on had are not asked for. */
        struct ry_battle_source source = {.directory = folder};
        struct ry_battle *read = ry_battle_parse(text, bytes, &source, &errors);
        if (read != NULL)
            take(battle, read);
        free(read);
    }
    free(text);
    if (!battle->known)
        snprintf(battle->unknown, sizeof battle->unknown, "%s/battle.yaml:%u: %s", directory,
                 errors.count > 0 ? errors.error[0].line : 0,
                 errors.count > 0 ? errors.error[0].text : "cannot be read");
}

int64_t ry_why_latency(const struct ry_why_battle *battle, uint64_t seed, uint16_t agent,
                       uint64_t k)
{
    if (!battle->known || agent >= RY_AGENTS_MAX)
        return -1;
    int64_t latency = battle->latency[agent];
    return ry_exec_horizon_latency(seed, agent, k,
                                   latency < RY_LATENCY_NS_MIN ? RY_LATENCY_NS_MIN : latency,
                                   battle->jitter[agent]);
}

void ry_why_wake_next(struct ry_why_wake *wake, int64_t arrival, int64_t latency)
{
    int64_t before = wake->arrival;
    wake->arrival = arrival;
    if (latency < 0) {
        wake->earliest = wake->latest = INT64_MIN;
        return;
    }
    wake->latest = arrival - latency;
    if (before == INT64_MIN || arrival > before)
        wake->earliest = wake->latest;
}
