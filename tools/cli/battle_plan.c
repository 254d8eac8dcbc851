#include "tools/cli/battle_plan.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/absolute.h"
#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "core/battle/wall.h"
#include "core/supervisor/supervisor.h"
#include "tools/cli/battle_export.h"
#include "tools/text/exit.h"
#include "tools/text/money.h"
#include "tools/text/price.h"

#define TIME_BYTES        96
#define INSTRUMENTS_SHOWN 20

static int plan_cores(struct ry_cli_plan *plan, const char *path)
{
    unsigned missing = 0;
    memset(&plan->placement, 0, sizeof plan->placement);
    const struct ry_tuning_machine *machine = plan->machine.cpus > 0 ? &plan->machine : NULL;
    ry_supervisor_topology_place(&ry_supervisor_topology, plan->battle, &plan->placement);
    if (ry_tuning_placement_plan(&plan->placement, machine, &missing) == -2) {
        const struct ry_tuning_placed *process = &plan->placement.process[missing];
        fprintf(stderr, "%s: placement: %s: core %d is no core that royale may use here\n", path,
                process->name, process->wanted);
        return RY_EXIT_USAGE;
    }
    return RY_EXIT_OK;
}

int ry_cli_place(enum ry_place_part part, char path[PATH_MAX])
{
    if (ry_place_find(part, path) == 0)
        return RY_EXIT_OK;
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot read /proc/self/exe: %s", strerror(errno));
}

#define STRATEGY_FOLDERS 2

/* $ROYALE_STRATEGIES and those of the house, absolute; a relative one starts where this process
 * does. */
static int find_strategies(char whole[STRATEGY_FOLDERS][PATH_MAX],
                           const char *folders[STRATEGY_FOLDERS + 1])
{
    char installed[PATH_MAX];
    const char *given = getenv("ROYALE_STRATEGIES");
    unsigned count = 0;
    const int code = ry_cli_place(RY_PLACE_STRATEGIES, installed);
    if (code != RY_EXIT_OK)
        return code;
    const char *const candidates[STRATEGY_FOLDERS] = {given, installed};
    for (unsigned i = 0; i < STRATEGY_FOLDERS; i++) {
        if (candidates[i] != NULL && candidates[i][0] != '\0') {
            if (realpath(candidates[i], whole[count]) == NULL)
                snprintf(whole[count], PATH_MAX, "%.*s", PATH_MAX - 1, candidates[i]);
            folders[count] = whole[count];
            count++;
        }
    }
    folders[count] = NULL;
    return RY_EXIT_OK;
}

/* What is written out must be the same battle: other paths than those of the file have no name in
 * UTF-8. */
static void write_paths_out(struct ry_cli_plan *plan, const struct ry_battle_source *source)
{
    struct ry_battle_errors errors;
    size_t bytes;
    char *text = ry_battle_absolute(plan->text, plan->text_bytes, source->directory, &bytes);
    struct ry_battle *battle = ry_battle_parse(text, bytes, source, &errors);
    plan->relative = battle == NULL ||
                     memcmp(battle, plan->battle, ry_battle_bytes(plan->battle->instruments)) != 0;
    free(battle);
    if (plan->relative) {
        free(text);
        return;
    }
    free(plan->text);
    plan->text = text;
    plan->text_bytes = bytes;
}

int ry_cli_plan_open(struct ry_cli_plan *plan, const char *path)
{
    return ry_cli_plan_open_for(plan, path, NULL);
}

/* Without hwloc a battle runs on this machine, but nothing can be said of another. */
static int look_at_machine(struct ry_cli_plan *plan, const char *topology, cpu_set_t *cores)
{
    char why[RY_TUNING_MACHINE_ERROR_BYTES];
    CPU_ZERO(cores);
    if (ry_tuning_machine_look(&plan->machine, topology, why) == 0) {
        for (unsigned i = 0; i < plan->machine.cpus; i++)
            if (plan->machine.cpu[i].allowed && plan->machine.cpu[i].online)
                CPU_SET((size_t)plan->machine.cpu[i].cpu, cores);
        return RY_EXIT_OK;
    }
    plan->machine.cpus = 0;
    if (topology != NULL)
        return ry_text_fail(RY_EXIT_USAGE, "--topology: %s", why);
    fprintf(stderr, "placement: %s; nobody is bound to a core\n", why);
    return RY_EXIT_OK;
}

int ry_cli_plan_open_for(struct ry_cli_plan *plan, const char *path, const char *topology)
{
    struct ry_battle_errors errors;
    char folder[RY_BATTLE_PATH_BYTES];
    char whole[STRATEGY_FOLDERS][PATH_MAX];
    const char *strategies[STRATEGY_FOLDERS + 1];
    cpu_set_t cores;
    *plan = (struct ry_cli_plan){.text = NULL};
    int found = ry_cli_place(RY_PLACE_PROGRAMS, plan->binaries);
    if (found != RY_EXIT_OK)
        return found;
    found = look_at_machine(plan, topology, &cores);
    if (found == RY_EXIT_OK)
        found = find_strategies(whole, strategies);
    if (found != RY_EXIT_OK)
        return found;
    plan->text = ry_battle_load(path, &plan->text_bytes, &errors);
    if (plan->text == NULL) {
        ry_battle_errors_print(stderr, path, &errors);
        return RY_EXIT_USAGE;
    }
    if (!ry_battle_folder(path, folder)) {
        fprintf(stderr, "%s: lies in a folder with too long a path; allowed: %d bytes\n", path,
                RY_BATTLE_PATH_BYTES - 1);
        return RY_EXIT_USAGE;
    }
    struct ry_battle_source source = {.directory = folder, .strategies = strategies};
    if (plan->machine.cpus > 0)
        source.cores = &cores;
    plan->battle = ry_battle_parse(plan->text, plan->text_bytes, &source, &errors);
    if (plan->battle == NULL) {
        ry_battle_errors_print(stderr, path, &errors);
        return RY_EXIT_USAGE;
    }
    write_paths_out(plan, &source);
    return plan_cores(plan, path);
}

int ry_cli_plan_one_process(struct ry_cli_plan *plan, const char *path)
{
    plan->battle->processes = RY_BATTLE_PROCESSES_ONE;
    return plan_cores(plan, path);
}

void ry_cli_plan_close(struct ry_cli_plan *plan)
{
    free(plan->text);
    free(plan->battle);
}

static void print_limits(FILE *file, const struct ry_battle_agent *agent)
{
    char notional[RY_TEXT_MONEY_BYTES], loss[RY_TEXT_MONEY_BYTES];
    fprintf(file,
            "  limits: order %" PRIu32 " lots and %s, position %" PRId64 " lots, %" PRIu32
            " open orders, %" PRIu32 " commands a second, collar %" PRIu32 " ppm or %" PRIu32
            " ticks, loss %s\n",
            agent->quantity_max, ry_text_money_plain(notional, agent->notional_max),
            agent->position_max, agent->open_orders_max, agent->rate_max, agent->collar_ppm,
            agent->collar_ticks, ry_text_money_plain(loss, agent->loss_max));
}

static bool same_limits(const struct ry_battle_agent *a, const struct ry_battle_agent *b)
{
    return a->quantity_max == b->quantity_max && a->notional_max == b->notional_max &&
           a->position_max == b->position_max && a->open_orders_max == b->open_orders_max &&
           a->rate_max == b->rate_max && a->collar_ppm == b->collar_ppm &&
           a->collar_ticks == b->collar_ticks && a->loss_max == b->loss_max;
}

/* A collar narrower than a tick leaves an order the price of the last trade alone. By how many
 * ticks prices must be below for that: no instrument's prices are known here, but few are lower. */
#define COLLAR_TICKS_LOW 100

static void warn_of_collar(FILE *file, const struct ry_battle *battle,
                           const struct ry_battle_agent *agent)
{
    char text[RY_TEXT_PRICE_BYTES];
    const char *below = "";
    const struct ry_battle_instrument *first = &battle->instrument[0];
    if (agent->collar_ticks > 0 || (uint64_t)agent->collar_ppm * COLLAR_TICKS_LOW > RY_PPM)
        return;
    if (agent->collar_ppm > 0) {
        __int128 price = (__int128)first->tick_size * RY_PPM / agent->collar_ppm;
        below = ry_text_price(text, price, first->price_scale);
    }
    fprintf(file,
            "warning: a collar of %" PRIu32
            " ppm is less than a tick of %s%s%s%s: there only the last "
            "trade's own price is taken;\n  set risk.collar_ticks, or a larger collar_ppm\n",
            agent->collar_ppm, first->symbol, below[0] == '\0' ? "" : " below ", below,
            battle->instruments > 1 ? ", and so for the others" : "");
}

static void print_params(FILE *file, const char *params)
{
    for (const char *end; (end = strchr(params, '\n')) != NULL; params = end + 1)
        fprintf(file, " %.*s", (int)(end - params), params);
}

/* Limits are printed where they are others than those of the agent before. */
static void print_agents(FILE *file, const struct ry_battle *battle)
{
    char cash[RY_TEXT_MONEY_BYTES];
    for (unsigned i = 0; i < battle->agents; i++) {
        const struct ry_battle_agent *agent = &battle->agent[i];
        fprintf(file, "agent %u: %s, strategy %s", i, agent->name, agent->strategy);
        print_params(file, agent->params);
        fprintf(file, ", cash %s %s, latency %" PRId64, ry_text_money_plain(cash, agent->cash),
                battle->currency, agent->latency_ns / 1000);
        if (agent->jitter_ns > 0)
            fprintf(file, " to %" PRId64, (agent->latency_ns + agent->jitter_ns) / 1000);
        fputs(" us\n", file);
        if (i == 0 || !same_limits(agent, agent - 1)) {
            print_limits(file, agent);
            warn_of_collar(file, battle, agent);
        }
    }
}

static void print_game(FILE *file, const struct ry_battle *battle)
{
    if (battle->agents == 0) {
        fputs("no agents: the market is replayed as it was\n", file);
        return;
    }
    if (battle->round_ns == 0) {
        fputs("rounds: one, until the end", file);
    } else {
        fprintf(file, "rounds: %" PRId64, battle->round_ns / RY_NS_PER_SECOND);
        if (battle->round_ns % RY_NS_PER_SECOND != 0)
            fprintf(file, ".%09" PRId64, battle->round_ns % RY_NS_PER_SECOND);
        fputs(" s each, the last of each is out", file);
        if (battle->trade_to != RY_TIME_NEVER) {
            fprintf(file, ", %" PRId64 " until the end of trading",
                    (battle->trade_to - battle->trade_from) / battle->round_ns);
        }
    }
    fprintf(file, "; at least %" PRIu32 " fills, haircut %" PRIu32 " ppm", battle->min_fills,
            battle->haircut_ppm);
    if (battle->haircut_ticks != 0)
        fprintf(file, " or %" PRIu32 " ticks, whichever is more", battle->haircut_ticks);
    fprintf(file,
            ", fees %" PRId32 " (maker) and %" PRId32 " (taker) ppm\nan agent has %" PRIu32
            " s of wall time to load, %" PRIu32 " s to answer, a callback %" PRIu32 " commands\n",
            battle->fee_maker_ppm, battle->fee_taker_ppm, battle->load_s, battle->stall_s,
            battle->commands_max);
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
    if (battle->instruments > INSTRUMENTS_SHOWN)
        fprintf(file, "and %u instruments more\n", battle->instruments - INSTRUMENTS_SHOWN);
}

void ry_cli_plan_print(FILE *file, const struct ry_cli_plan *plan)
{
    const struct ry_battle *battle = plan->battle;
    char warmup[TIME_BYTES], from[TIME_BYTES], to[TIME_BYTES] = "the end of the feeds";
    ry_battle_wall_print(battle->warmup_from, battle->zone, warmup, sizeof warmup);
    ry_battle_wall_print(battle->trade_from, battle->zone, from, sizeof from);
    if (battle->trade_to != RY_TIME_NEVER)
        ry_battle_wall_print(battle->trade_to, battle->zone, to, sizeof to);
    fprintf(file, "battle %s: %s market, seed %" PRIu64 ", room for %u orders\n", battle->name,
            ry_battle_key_word_of(RY_BATTLE_K_MARKET_MODE, battle->market), battle->seed,
            battle->orders_max);
    if (battle->agents > 0 && battle->seed < RY_SUPERVISOR_SEED_GUESSABLE) {
        fputs(
            "warning: a strategy could find this seed by trying, and with it the others' draws; if you do not\n"
            "  know all of them, set battle.seed to a number of 2^32 or more: shuf -n1 -i 4294967296-9223372036854775807\n",
            file);
    }
    fprintf(file, "warm-up from %s\ntrading from %s\ntrading to   %s\n", warmup, from, to);
    for (unsigned i = 0; i < battle->feeds; i++) {
        const struct ry_battle_feed *feed = &battle->feed[i];
        fprintf(file, "feed%u: %s, %s by %s from %s\n", i, feed->name,
                ry_battle_key_word_of(RY_BATTLE_K_FEED_FORMAT, feed->format),
                ry_battle_key_word_of(RY_BATTLE_K_FEED_PORT, feed->port),
                feed->path[0] != '\0' ? feed->path : feed->device);
    }
    print_instruments(file, battle);
    print_agents(file, battle);
    print_game(file, battle);
    ry_cli_export_print(file, plan);
    ry_tuning_placement_print(file, &plan->placement);
}
