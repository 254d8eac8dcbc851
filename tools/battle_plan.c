#include "tools/battle_plan.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "core/battle/wall.h"

#define TIME_BYTES        96
#define INSTRUMENTS_SHOWN 20

static void add_process(struct ry_placement *placement, const char *name, unsigned index,
                        bool numbered, int16_t core)
{
    assert(placement->count < RY_PLACEMENT_MAX);
    struct ry_placed *process = &placement->process[placement->count++];
    *process = (struct ry_placed){.wanted = core};
    if (numbered) {
        snprintf(process->name, sizeof process->name, "%s%u", name, index);
    } else {
        snprintf(process->name, sizeof process->name, "%s", name);
    }
}

/* exec gets its core first, then the feeds, the journal, the supervisor. */
static int plan_cores(struct ry_battle_plan *plan, const char *path)
{
    const struct ry_battle *battle = plan->battle;
    unsigned missing = 0;
    add_process(&plan->placement, "exec", 0, false, battle->core_exec);
    for (unsigned i = 0; i < battle->feeds; i++) {
        add_process(&plan->placement, "feed", i, true, battle->core_feed[i]);
    }
    add_process(&plan->placement, "journal", 0, false, battle->core_journal);
    add_process(&plan->placement, "supervisor", 0, false, battle->core_supervisor);
    if (ry_placement_plan(&plan->placement, NULL, &missing) == -2) {
        const struct ry_placed *process = &plan->placement.process[missing];
        fprintf(stderr, "%s: placement: %s: core %d is no core that royale may use here\n", path,
                process->name, process->wanted);
        return RY_EXIT_USAGE;
    }
    return RY_EXIT_OK;
}

int ry_battle_plan_open(struct ry_battle_plan *plan, const char *path)
{
    struct ry_battle_errors errors;
    char folder[RY_PATH_BYTES];
    cpu_set_t cores;
    *plan = (struct ry_battle_plan){.text = NULL};
    plan->text = ry_battle_load(path, &plan->text_bytes, &errors);
    if (plan->text == NULL) {
        ry_battle_errors_print(stderr, path, &errors);
        return RY_EXIT_USAGE;
    }
    if (!ry_battle_folder(path, folder)) {
        fprintf(stderr, "%s: lies in a folder with too long a path; allowed: %d bytes\n", path,
                RY_PATH_BYTES - 1);
        return RY_EXIT_USAGE;
    }
    struct ry_battle_source source = {.directory = folder};
    if (sched_getaffinity(0, sizeof cores, &cores) == 0) {
        source.cores = &cores;
    }
    plan->battle = ry_battle_parse(plan->text, plan->text_bytes, &source, &errors);
    if (plan->battle == NULL) {
        ry_battle_errors_print(stderr, path, &errors);
        return RY_EXIT_USAGE;
    }
    return plan_cores(plan, path);
}

void ry_battle_plan_close(struct ry_battle_plan *plan)
{
    free(plan->text);
    free(plan->battle);
}

int ry_battle_plan_feeds(const struct ry_battle_plan *plan)
{
    int result = RY_EXIT_OK;
    for (unsigned i = 0; i < plan->battle->feeds; i++) {
        const struct ry_battle_feed *feed = &plan->battle->feed[i];
        if (feed->path[0] != '\0' && access(feed->path, R_OK) != 0) {
            fprintf(stderr, "royale: feed %s: %s cannot be read: %s\n", feed->name, feed->path,
                    strerror(errno));
            result = RY_EXIT_ENVIRONMENT;
        }
    }
    return result;
}

static void print_instruments(FILE *file, const struct ry_battle *battle)
{
    for (unsigned i = 0; i < battle->instruments && i < INSTRUMENTS_SHOWN; i++) {
        const struct ry_battle_instrument *instrument = &battle->instrument[i];
        fprintf(file,
                "instrument %u: %s, feed %s, price unit 10^-%u %s, tick %" PRId64 " units, %" PRId64
                " millionths of %s a unit and lot\n",
                i, instrument->symbol, battle->feed[instrument->feed].name, instrument->price_scale,
                battle->currency, instrument->tick_size, instrument->money_per_unit,
                battle->currency);
    }
    if (battle->instruments > INSTRUMENTS_SHOWN) {
        fprintf(file, "and %u instruments more\n", battle->instruments - INSTRUMENTS_SHOWN);
    }
}

void ry_battle_plan_print(FILE *file, const struct ry_battle_plan *plan)
{
    const struct ry_battle *battle = plan->battle;
    char warmup[TIME_BYTES], from[TIME_BYTES], to[TIME_BYTES] = "the end of the feeds";
    ry_wall_print(battle->warmup_from, battle->zone, warmup, sizeof warmup);
    ry_wall_print(battle->trade_from, battle->zone, from, sizeof from);
    if (battle->trade_to != RY_TIME_NEVER) {
        ry_wall_print(battle->trade_to, battle->zone, to, sizeof to);
    }
    fprintf(file, "battle %s: %s market, seed %" PRIu64 ", room for %u orders\n", battle->name,
            ry_key_word_of(RY_K_MARKET_MODE, battle->market), battle->seed, battle->orders_max);
    fprintf(file, "warm-up from %s\ntrading from %s\ntrading to   %s\n", warmup, from, to);
    for (unsigned i = 0; i < battle->feeds; i++) {
        const struct ry_battle_feed *feed = &battle->feed[i];
        fprintf(file, "feed%u: %s, %s by %s from %s\n", i, feed->name,
                ry_key_word_of(RY_K_FEED_FORMAT, feed->format),
                ry_key_word_of(RY_K_FEED_PORT, feed->port),
                feed->path[0] != '\0' ? feed->path : feed->device);
    }
    print_instruments(file, battle);
    ry_placement_print(file, &plan->placement);
}
