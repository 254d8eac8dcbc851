#include "tools/cli/run_ranks.h"

#include <inttypes.h>

#include "core/journal/read.h"
#include "tools/text/report.h"

#define MONEY_DECIMALS 6

static const char *const outs[] = {[RY_OUT_NONE] = "",
                                   [RY_OUT_LAST] = "last of round",
                                   [RY_OUT_INSOLVENT] = "insolvent in round",
                                   [RY_OUT_LOSS] = "beyond loss_max in round",
                                   [RY_OUT_DIED] = "died in round",
                                   [RY_OUT_STALLED] = "stalled in round"};
#define OUTS (sizeof outs / sizeof outs[0])

static void on_report(void *context, const struct ry_report *report)
{
    struct ry_cli_run_ranks *ranks = context;
    if (report->agent < RY_AGENTS_MAX) {
        ranks->agent[report->agent].fills += report->kind == RY_RP_FILL;
        ranks->agent[report->agent].rejects += report->kind == RY_RP_REJECTED;
    }
}

static void on_market(void *context, const struct ry_market *market)
{
    (void)context;
    (void)market;
}

/* The last RANK record of who is never put out is that of the end. */
static void on_game(void *context, const struct ry_game *game)
{
    struct ry_cli_run_ranks *ranks = context;
    if (game->agent >= RY_AGENTS_MAX)
        return;
    struct ry_cli_run_rank *agent = &ranks->agent[game->agent];
    agent->rank = game->rank;
    agent->round = game->round;
    if (game->kind == RY_GM_OUT) {
        agent->out = game->code;
        agent->out_time = game->time;
    }
}

void ry_cli_run_ranks_open(struct ry_cli_run_ranks *ranks, const struct ry_battle *battle)
{
    *ranks = (struct ry_cli_run_ranks){.battle = battle};
    ranks->sink = (struct ry_arena_sink){
        .context = ranks, .report = on_report, .market = on_market, .game = on_game};
}

int ry_cli_run_ranks_stamps(struct ry_cli_run_ranks *ranks, const char *directory)
{
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    enum ry_journal_next next;
    if (ry_journal_open(&reader, directory) != 0) {
        fprintf(stderr, "royale: %s\n", reader.text);
        return -1;
    }
    while ((next = ry_journal_next(&reader, &input)) == RY_JOURNAL_INPUT) {
        if (input->head.kind == RY_IN_AGENT_DIED && (input->head.flags & RY_INF_WALL) != 0 &&
            input->event.qty < RY_AGENTS_MAX)
            ranks->agent[input->event.qty].wall = true;
        if (input->head.kind == RY_IN_END && (input->head.flags & RY_INF_WALL) != 0) {
            ranks->stopped = true;
            ranks->stopped_time = input->head.time;
        }
    }
    if (next != RY_JOURNAL_END)
        fprintf(stderr, "royale: %s\n", reader.text);
    ry_journal_close(&reader);
    return next == RY_JOURNAL_END ? 0 : -1;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* Who was ranked, best first; then who never was. */
static unsigned in_order(const struct ry_cli_run_ranks *ranks, uint16_t order[RY_AGENTS_MAX])
{
    unsigned count = 0;
    for (uint32_t rank = 1; rank <= ranks->battle->agents + 1; rank++) {
        for (uint16_t id = 0; id < ranks->battle->agents; id++) {
            uint32_t own = ranks->agent[id].rank;
            if (own == rank || (own == 0 && rank == ranks->battle->agents + 1))
                order[count++] = id;
        }
    }
    return count;
}

static void print_agent(FILE *out, const struct ry_cli_run_ranks *ranks,
                        const struct ry_arena *arena, uint16_t id)
{
    const struct ry_cli_run_rank *agent = &ranks->agent[id];
    struct ry_arena_account account;
    char value[RY_TEXT_PRICE_BYTES], gain[RY_TEXT_PRICE_BYTES], rank[16];
    ry_arena_account(arena, id, &account);
    snprintf(rank, sizeof rank, agent->rank == 0 ? "-" : "%" PRIu32, agent->rank);
    fprintf(out, "%4s  %-23s %20s %20s %8" PRIu64 " %8" PRIu64, rank, ranks->battle->agent[id].name,
            ry_text_price(value, account.value, MONEY_DECIMALS),
            ry_text_price(gain, account.value - ranks->battle->agent[id].cash, MONEY_DECIMALS),
            agent->fills, agent->rejects);
    if (agent->out != RY_OUT_NONE) {
        fprintf(out, "  out: %s %" PRIu32, agent->out < OUTS ? outs[agent->out] : "?",
                agent->round);
    }
    fputc('\n', out);
}

static void print_stamps(FILE *out, const struct ry_cli_run_ranks *ranks)
{
    char time[RY_TEXT_TIME_BYTES];
    if (ranks->stopped) {
        fprintf(out, "not reproducible: stopped at wall time, at %s\n",
                ry_text_time(time, ranks->stopped_time));
    }
    for (uint16_t id = 0; id < ranks->battle->agents; id++) {
        const struct ry_cli_run_rank *agent = &ranks->agent[id];
        if (agent->wall) {
            fprintf(out, "not reproducible: agent %s %s at wall time, applied at %s\n",
                    ranks->battle->agent[id].name,
                    agent->out == RY_OUT_STALLED ? "stalled" : "died",
                    ry_text_time(time, agent->out_time));
        }
    }
}

static void print_board(FILE *out, const struct ry_cli_run_ranks *ranks,
                        const struct ry_arena *arena)
{
    uint16_t order[RY_AGENTS_MAX];
    unsigned count = in_order(ranks, order);
    if (count == 0)
        return;
    fprintf(out, "%4s  %-23s %20s %20s %8s %8s\n", "rank", "agent", "value", "gain", "fills",
            "rejects");
    for (unsigned i = 0; i < count; i++)
        print_agent(out, ranks, arena, order[i]);
    if (ranks->agent[order[0]].rank == 1 && ranks->agent[order[0]].out == RY_OUT_NONE &&
        ry_arena_decided(arena))
        fprintf(out, "winner: %s\n", ranks->battle->agent[order[0]].name);
}

void ry_cli_run_ranks_print(FILE *out, const struct ry_cli_run_ranks *ranks,
                            const struct ry_arena *arena)
{
    print_board(out, ranks, arena);
    print_stamps(out, ranks);
}
