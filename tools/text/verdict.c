#include "tools/text/verdict.h"

#include <inttypes.h>
#include <string.h>

#include "core/results/board.h"
#include "shm/printable.h"
#include "tools/text/money.h"
#include "tools/text/time.h"

const char *ry_text_agent(char name[RY_NAME_BYTES], const struct ry_results *r, uint16_t agent)
{
    return ry_printable(name, r->agent[agent].name, RY_NAME_BYTES);
}

const char *ry_text_out(uint8_t out, bool idle)
{
    return idle ? "too few fills" : ry_code_name(RY_CODES_OUT, out);
}

const char *ry_text_fate(char text[RY_TEXT_FATE_BYTES], uint8_t out, bool idle, uint32_t round)
{
    snprintf(text, RY_TEXT_FATE_BYTES, "out: %s, round %" PRIu32, ry_text_out(out, idle), round);
    return text;
}

void ry_text_isolated(FILE *out, const struct ry_results *r)
{
    const struct ry_code *code = ry_code(RY_CODES_ISOLATION, r->isolated);
    if (r->agents == 0)
        return;
    if (code == NULL)
        code = ry_code(RY_CODES_ISOLATION, RY_ISOLATED_UNKNOWN);
    fprintf(out, "isolation: %s%s%s\n", code->sentence, code->remedy[0] == '\0' ? "" : "; ",
            code->remedy);
}

void ry_text_best(FILE *out, const struct ry_results *r, const struct ry_arena *arena)
{
    uint16_t winner = ry_results_winner(r, arena), most = ry_results_earned_most(r);
    char name[RY_NAME_BYTES], profit[RY_TEXT_MONEY_BYTES];
    if (most == RY_RESULTS_NONE)
        return;
    if (winner != RY_RESULTS_NONE)
        fprintf(out, "winner: %s\n", ry_text_agent(name, r, winner));
    fprintf(out, "earned most: %s, %s", ry_text_agent(name, r, most),
            ry_text_money(profit, r->agent[most].pnl));
    if (winner == most)
        fputs(", the winner\n", out);
    else if (winner != RY_RESULTS_NONE)
        fprintf(out, "; not the winner: %s survived the rounds, with %s\n",
                ry_text_agent(name, r, winner), ry_text_money(profit, r->agent[winner].pnl));
    else
        fputc('\n', out);
}

const char *ry_text_refused(char text[RY_TEXT_REFUSED_BYTES], uint64_t rejects, enum ry_reject code,
                            uint64_t most)
{
    const struct ry_code *why = ry_code(RY_CODES_REJECT, code);
    char of[48] = "all";
    if (most < rejects)
        snprintf(of, sizeof of, "%" PRIu64 " of them", most);
    snprintf(text, RY_TEXT_REFUSED_BYTES, "%" PRIu64 " refused, %s %s: %s (%s)", rejects, of,
             why->name, why->remedy, why->sentence);
    return text;
}

/* Agents with the same most frequent reason. */
struct alike {
    unsigned agents;
    uint64_t rejects, most; /* the sums */
    uint16_t worst;         /* with most of them */
};

static void put_refused(FILE *out, const struct ry_results *r, uint16_t id, const struct alike *of)
{
    const struct ry_results_agent *agent = &r->agent[id];
    const enum ry_reject code = ry_results_reject_most(agent);
    char name[RY_NAME_BYTES], text[RY_TEXT_REFUSED_BYTES];
    if (of->agents > RY_TEXT_ALIKE)
        fprintf(out, "%u agents: %s; most: %s %" PRIu64 "\n", of->agents,
                ry_text_refused(text, of->rejects, code, of->most),
                ry_text_agent(name, r, of->worst), r->agent[of->worst].rejects[code]);
    else
        fprintf(out, "%s: %s\n", ry_text_agent(name, r, id),
                ry_text_refused(text, ry_results_rejects(agent), code, agent->rejects[code]));
}

void ry_text_refusals(FILE *out, const struct ry_results *r)
{
    struct alike alike[RY_REJECTS] = {{.agents = 0}};
    uint16_t order[RY_AGENTS_MAX];
    bool said[RY_REJECTS] = {false};
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++) {
        const struct ry_results_agent *agent = &r->agent[order[i]];
        const enum ry_reject code = ry_results_reject_most(agent);
        struct alike *of = &alike[code];
        if (of->agents++ == 0 || agent->rejects[code] > r->agent[of->worst].rejects[code])
            of->worst = order[i];
        of->rejects += ry_results_rejects(agent);
        of->most += agent->rejects[code];
    }
    for (unsigned i = 0; i < r->agents; i++) {
        const enum ry_reject code = ry_results_reject_most(&r->agent[order[i]]);
        if (code == RY_REJECT_NONE || said[code])
            continue;
        put_refused(out, r, order[i], &alike[code]);
        said[code] = alike[code].agents > RY_TEXT_ALIKE;
    }
}

void ry_text_idle(FILE *out, const struct ry_results *r)
{
    uint16_t order[RY_AGENTS_MAX];
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++) {
        const struct ry_results_agent *agent = &r->agent[order[i]];
        char name[RY_NAME_BYTES];
        if (agent->rounds == 0 || !ry_results_played(agent))
            continue;
        const struct ry_results_round *last = &agent->round[agent->rounds - 1];
        if (last->rank > 1 && last->fills < r->battle.min_fills &&
            !(r->ended && ry_results_round_unplayed(r, last->round, r->time)))
            fprintf(out,
                    "%s: %" PRIu32 " fills in round %" PRIu32 ", game.min_fills is %" PRIu32
                    ": it ranks behind all who had enough\n",
                    ry_text_agent(name, r, order[i]), last->fills, last->round,
                    r->battle.min_fills);
    }
}

unsigned ry_text_not_played(FILE *out, const struct ry_results *r)
{
    unsigned count = 0;
    for (uint16_t id = 0; id < r->agents; id++) {
        const struct ry_results_agent *agent = &r->agent[id];
        char name[RY_NAME_BYTES], fate[RY_TEXT_FATE_BYTES];
        if (ry_results_played(agent))
            continue;
        fprintf(out, "did not play: %s (%s)\n", ry_text_agent(name, r, id),
                ry_text_fate(fate, agent->out, false, agent->out_round));
        count++;
    }
    return count;
}

static void print_incomplete(FILE *out, const struct ry_results *r)
{
    for (unsigned feed = 0; feed < RY_FEEDS_MAX; feed++) {
        for (unsigned reason = 0; reason < RY_INCOMPLETES; reason++) {
            const struct ry_code *code = ry_code(RY_CODES_INCOMPLETE, reason);
            if (r->incomplete[feed][reason] > 0)
                fprintf(out, RY_RESULTS_INCOMPLETE_STAMP ": feed%u, %" PRIu64 " times: %s: %s\n",
                        feed, r->incomplete[feed][reason], code->sentence, code->remedy);
        }
    }
}

void ry_text_stamps(FILE *out, const struct ry_results *r)
{
    char time[RY_TEXT_TIME_BYTES], name[RY_NAME_BYTES];
    if (r->stopped)
        fprintf(out, RY_RESULTS_STOPPED_STAMP ", at %s\n", ry_text_time(time, r->time));
    for (uint16_t id = 0; id < r->agents; id++) {
        const struct ry_results_agent *agent = &r->agent[id];
        if (agent->wall)
            fprintf(out, "not reproducible: agent %s %s at wall time, applied at %s\n",
                    ry_text_agent(name, r, id), agent->out == RY_OUT_STALLED ? "stalled" : "died",
                    ry_text_time(time, agent->out_time));
    }
    print_incomplete(out, r);
}

/* ---- nothing happened ------------------------------------------------------------------------ */

const struct ry_text_reason *ry_text_silent(void)
{
    static const struct ry_text_reason reason = {
        "no recorded event between trade_from and the battle's end",
        "compare market.date, zone, the hours and the symbol with what the feed's file holds"};
    return &reason;
}

const struct ry_text_reason *ry_text_no_trade(enum ry_results_no_trade no_trade)
{
    static const struct ry_text_reason reasons[] = {
        [RY_RESULTS_NO_TRADE_NOT] = {"agents could trade", ""},
        [RY_RESULTS_NO_TRADE_NEVER] =
            {"no agent could trade: the last recorded event lies before trade_from",
             "compare market.date, zone and trade_from with what the feed's file holds"},
        [RY_RESULTS_NO_TRADE_CLOSED] = {"no agent could trade: every instrument was halted or "
                                        "closed from trade_from to trade_to",
                                        "choose hours in which the market is open"},
        [RY_RESULTS_NO_TRADE_UNREFERRED] =
            {"no agent could trade: each order was refused, for the instrument did not trade or "
             "had no recorded price",
             "begin trading after the first recorded trade, or where the book has both sides"},
    };
    return &reasons[no_trade];
}

static void print_symbols(FILE *out, const struct ry_results *r, unsigned silent)
{
    unsigned shown = 0;
    for (uint16_t i = 0; i < r->instruments && shown < RY_TEXT_SHOWN; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        char symbol[RY_SYMBOL_BYTES];
        if (instrument->events > 0)
            continue;
        fprintf(out, "%s%s", shown++ == 0 ? "" : ", ",
                ry_printable(symbol, instrument->symbol, sizeof symbol));
        if (instrument->elsewhere > 0)
            fprintf(out, " (%" PRIu64 " at other times)", instrument->elsewhere);
    }
    if (shown < silent)
        fprintf(out, " and %u more", silent - shown);
}

bool ry_text_empty(FILE *out, const struct ry_results *r)
{
    struct ry_results_empty empty;
    if (!ry_results_empty(r, &empty))
        return false;
    if (empty.silent > 0) {
        fprintf(out, "nothing happened: %s of ", ry_text_silent()->sentence);
        print_symbols(out, r, empty.silent);
        fprintf(out, ": %s\n", ry_text_silent()->remedy);
    }
    if (empty.no_trade != RY_RESULTS_NO_TRADE_NOT) {
        const struct ry_text_reason *reason = ry_text_no_trade(empty.no_trade);
        fprintf(out, "nothing happened: %s: %s\n", reason->sentence, reason->remedy);
    }
    return true;
}
