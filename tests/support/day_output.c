#include "tests/support/day_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct day_code report_kinds[] = {
    {"accepted", RY_RP_ACCEPTED},
    {"rejected", RY_RP_REJECTED},
    {"fill", RY_RP_FILL},
    {"rested", RY_RP_RESTED},
    {"canceled", RY_RP_CANCELED},
    {"out", RY_RP_OUT},
    {NULL, 0},
};
static const struct day_code market_kinds[] = {
    {"change", RY_MK_CHANGE}, {"trade", RY_MK_TRADE}, {"state", RY_MK_STATE},
    {"end", RY_MK_END},       {"start", RY_MK_START}, {NULL, 0},
};
static const struct day_code game_kinds[] = {
    {"rank", RY_GM_RANK},
    {"out", RY_GM_OUT},
    {NULL, 0},
};

/* ceil(|notional| x ppm / 1e6): against the agent, a rebate too. */
static __int128 fee_of(__int128 notional, int32_t ppm)
{
    __int128 product = (notional < 0 ? -notional : notional) * ppm;
    __int128 quotient = product / RY_PPM; /* towards zero: for a rebate that is up */
    return product > 0 && product % RY_PPM != 0 ? quotient + 1 : quotient;
}

static int64_t clamp(__int128 money)
{
    return money > INT64_MAX ? INT64_MAX : money < INT64_MIN ? INT64_MIN : (int64_t)money;
}

/* What a fill does to its agent's account. */
static void post_fill(struct ry_report *report, const struct day_names *names,
                      struct day_rules *rules)
{
    if (report->instrument >= names->instruments)
        return;
    __int128 notional =
        (__int128)report->price * report->qty * names->money_per_unit[report->instrument];
    bool maker = (report->flags & RY_RPF_MAKER) != 0;
    __int128 fee = fee_of(notional, maker ? rules->fee_maker_ppm : rules->fee_taker_ppm);
    bool buys = report->side == RY_BUY;
    rules->cash[report->agent] += (buys ? -notional : notional) - fee;
    rules->position[report->agent][report->instrument] +=
        buys ? (int64_t)report->qty : -(int64_t)report->qty;
    report->fee = clamp(fee);
}

/* A code that the line must have: one word of `codes`. */
static bool take_code(struct day_phrase *phrase, const struct day_code *codes, uint8_t *code)
{
    for (; codes->word != NULL; codes++) {
        if (day_phrase_take(phrase, codes->word)) {
            *code = codes->code;
            return true;
        }
    }
    return false;
}

/* What the machine could not sell or buy of an agent's positions it took at a price that only the
 * day's line can say: as `cash=`. */
static void take_handed_over(const struct day_phrase *phrase, struct ry_report *report,
                             struct day_rules *rules)
{
    for (unsigned i = 0; i < phrase->keys; i++)
        if (strcmp(phrase->key[i], "cash") == 0)
            rules->cash[report->agent] = phrase->value[i];
    memset(rules->position[report->agent], 0, sizeof rules->position[report->agent]);
}

/* Which parts a report has, its codes, and what follows from its quantity. */
static bool report_details(struct day_phrase *phrase, struct ry_report *report, char *why)
{
    unsigned base = DAY_AGENT | DAY_CL_ORD_ID;
    unsigned full = base | DAY_SIDE | DAY_QTY;
    switch (report->kind) {
    case RY_RP_ACCEPTED:
        report->leaves = report->qty;
        return day_phrase_parts(phrase, full | DAY_PRICE, DAY_INSTRUMENT, why);
    case RY_RP_RESTED:
        report->leaves = report->qty;
        return day_phrase_parts(phrase, full | DAY_PRICE | DAY_ORDER, DAY_INSTRUMENT, why);
    case RY_RP_REJECTED:
        return (take_code(phrase, day_rejects, &report->code) ||
                day_why(why, "a reject has its reason")) &&
               day_phrase_parts(phrase, base, DAY_SIDE | DAY_QTY | DAY_INSTRUMENT, why);
    case RY_RP_CANCELED:
        return (take_code(phrase, day_cancels, &report->code) ||
                day_why(why, "a canceled order has its reason")) &&
               day_phrase_parts(phrase, full, DAY_ORDER | DAY_INSTRUMENT, why);
    case RY_RP_OUT:
        report->instrument = 0;
        return (take_code(phrase, day_outs, &report->code) ||
                day_why(why, "an agent that is out has its reason")) &&
               day_phrase_parts(phrase, DAY_AGENT, 0, why);
    default:
        report->flags = day_phrase_take(phrase, "maker") ? RY_RPF_MAKER : 0;
        return (take_code(phrase, day_causes, &report->cause) ||
                day_why(why, "a fill has its cause")) &&
               day_phrase_parts(phrase, full | DAY_PRICE, DAY_ORDER | DAY_INSTRUMENT, why);
    }
}

static bool report_read(struct day_phrase *phrase, const struct day_names *names,
                        const struct ry_input_head *input, struct day_rules *rules,
                        struct ry_report *report, char *why)
{
    memset(report, 0, sizeof *report);
    const char *kind = day_phrase_next(phrase);
    if (kind == NULL || !day_code_find(report_kinds, kind, &report->kind))
        return day_why(why, "'%s' is no report", kind == NULL ? "" : kind);
    report->slots = 2;
    report->instrument =
        (phrase->parts & DAY_INSTRUMENT) != 0 ? phrase->instrument : input->instrument;
    report->side = (uint8_t)phrase->side;
    report->group = rules->groups;
    report->time = input->time;
    report->cl_ord_id = phrase->cl_ord_id;
    report->price = phrase->price;
    report->qty = phrase->qty;
    report->order = phrase->order;
    report->agent = phrase->agent;
    if (!report_details(phrase, report, why))
        return false;
    if (report->agent < DAY_AGENTS_MAX) {
        report->seq = ++rules->seq[report->agent];
        rules->rejects[report->agent] += report->kind == RY_RP_REJECTED;
        if (report->kind == RY_RP_FILL) {
            rules->fills[report->agent]++;
            post_fill(report, names, rules);
        } else if (report->kind == RY_RP_OUT) {
            take_handed_over(phrase, report, rules);
        }
        report->cash = clamp(rules->cash[report->agent]);
        report->position = report->instrument < DAY_INSTRUMENTS_MAX
                               ? rules->position[report->agent][report->instrument]
                               : 0;
    }
    return day_phrase_finish(phrase, &day_record_report, report, why);
}

static bool market_read(struct day_phrase *phrase, const struct ry_input_head *input,
                        const struct day_rules *rules, struct ry_market *market, char *why)
{
    memset(market, 0, sizeof *market);
    const char *kind = day_phrase_next(phrase);
    if (kind == NULL || !day_code_find(market_kinds, kind, &market->kind))
        return day_why(why, "'%s' is no output", kind == NULL ? "" : kind);
    market->slots = 1;
    market->instrument =
        (phrase->parts & DAY_INSTRUMENT) != 0 ? phrase->instrument : input->instrument;
    market->side = (uint8_t)phrase->side;
    market->group = rules->groups + 1;
    market->time = input->time;
    market->price = phrase->price;
    market->order = phrase->order;
    market->qty = phrase->qty;
    bool good;
    switch (market->kind) {
    case RY_MK_CHANGE:
        market->flags = day_phrase_take(phrase, "new") ? RY_MKF_NEW : 0;
        good = day_phrase_parts(phrase, DAY_SIDE | DAY_QTY | DAY_PRICE | DAY_ORDER, DAY_INSTRUMENT,
                                why);
        break;
    case RY_MK_TRADE:
        good = ((phrase->parts & DAY_SIDE) != 0 || day_phrase_take(phrase, "none") ||
                day_why(why, "a trade has the aggressor's side or 'none'")) &&
               day_phrase_parts(phrase, DAY_QTY | DAY_PRICE, DAY_SIDE | DAY_INSTRUMENT, why);
        break;
    case RY_MK_STATE:
        market->qty = day_phrase_take(phrase, "on");
        good = (market->qty == 1 || day_phrase_take(phrase, "off") ||
                day_why(why, "a state is 'on' or 'off'")) &&
               day_phrase_parts(phrase, 0, DAY_INSTRUMENT, why);
        break;
    default: good = day_phrase_parts(phrase, 0, 0, why); break;
    }
    return good && day_phrase_finish(phrase, &day_record_market, market, why);
}

static void next_round(struct day_rules *rules)
{
    rules->round++;
    rules->round_ended = false;
    memset(rules->fills, 0, sizeof rules->fills);
    memset(rules->rejects, 0, sizeof rules->rejects);
}

static bool game_read(struct day_phrase *phrase, const struct day_names *names,
                      const struct ry_input_head *input, struct day_rules *rules,
                      struct ry_game *game, char *why)
{
    memset(game, 0, sizeof *game);
    const char *kind = day_phrase_next(phrase);
    if (kind == NULL || !day_code_find(game_kinds, kind, &game->kind))
        return day_why(why, "'%s' is no record of the game", kind == NULL ? "" : kind);
    bool is_out = game->kind == RY_GM_OUT;
    if (is_out && !take_code(phrase, day_outs, &game->code))
        return day_why(why, "an agent that is out has its reason");
    if (!day_phrase_parts(phrase, DAY_AGENT | (is_out ? 0 : DAY_QTY), 0, why))
        return false;
    if (!is_out && phrase->qty == 1 && rules->round_ended)
        next_round(rules);
    rules->outs += is_out;
    game->slots = 1;
    game->agent = phrase->agent;
    game->time = input->time;
    game->rank = is_out ? names->agents - rules->outs + 1 : phrase->qty;
    game->round = rules->round;
    if (game->agent < DAY_AGENTS_MAX) {
        game->fills = rules->fills[game->agent];
        game->rejects = rules->rejects[game->agent];
    }
    if (!day_phrase_finish(phrase, &day_record_game, game, why))
        return false;
    rules->round = game->round;
    rules->round_ended |= is_out && game->code == RY_OUT_LAST;
    return true;
}

/* A record by its fields alone: what no words can say. */
static bool raw_read(struct day_phrase *phrase, const struct day_record *kind, void *record,
                     char *why)
{
    return day_phrase_parts(phrase, 0, 0, why) && day_phrase_finish(phrase, kind, record, why);
}

bool day_output_read(const char *line, const struct day_names *names,
                     const struct ry_input_head *input, struct day_rules *rules,
                     struct day_output *output, char *why)
{
    struct day_phrase phrase;
    if (!day_phrase_read(line, names, &phrase, why))
        return false;
    memset(output, 0, sizeof *output);
    if (day_phrase_take(&phrase, "market"))
        return raw_read(&phrase, &day_record_market, &output->market, why);
    if (day_phrase_take(&phrase, "report")) {
        output->stream = DAY_REPORT;
        return raw_read(&phrase, &day_record_report, &output->report, why);
    }
    if (day_phrase_take(&phrase, "game")) {
        output->stream = DAY_GAME;
        return phrase.words == 1 ? raw_read(&phrase, &day_record_game, &output->game, why)
                                 : game_read(&phrase, names, input, rules, &output->game, why);
    }
    if ((phrase.parts & DAY_AGENT) != 0) {
        output->stream = DAY_REPORT;
        return report_read(&phrase, names, input, rules, &output->report, why);
    }
    return market_read(&phrase, input, rules, &output->market, why);
}

void day_outputs_close(struct day_output *outputs, unsigned count, struct day_rules *rules)
{
    bool start = false;
    struct day_output *last = NULL;
    for (unsigned i = 0; i < count; i++) {
        if (outputs[i].stream == DAY_MARKET) {
            start |= outputs[i].market.kind == RY_MK_START;
            last = &outputs[i];
        }
    }
    if (last != NULL) {
        last->market.flags |= RY_MKF_LAST;
        rules->groups++;
    }
    if (rules->round_ended || (start && rules->round == 0))
        next_round(rules);
}

/* The union's members all begin at its first byte. */
static const struct day_record *kind_of(const struct day_output *output)
{
    switch (output->stream) {
    case DAY_REPORT: return &day_record_report;
    case DAY_GAME: return &day_record_game;
    case DAY_MARKET: break;
    }
    return &day_record_market;
}

bool day_output_equal(const struct day_output *a, const struct day_output *b)
{
    return a->stream == b->stream && memcmp(&a->report, &b->report, kind_of(a)->bytes) == 0;
}

/* --- Writing. --- */

static void write_word(const struct day_code *codes, uint8_t code, char *text, size_t text_bytes)
{
    const char *word = day_code_word(codes, code);
    if (word != NULL)
        day_append(text, text_bytes, " %s", word);
}

static void write_instrument(uint16_t instrument, uint16_t usual, const struct day_names *names,
                             char *text, size_t text_bytes)
{
    if (instrument != usual && instrument < names->instruments)
        day_append(text, text_bytes, " in %s", names->instrument[instrument]);
    else if (instrument != usual)
        day_append(text, text_bytes, " in %u", instrument);
}

static void write_report(const struct ry_report *report, const struct day_names *names, char *text,
                         size_t text_bytes)
{
    const char *kind = day_code_word(report_kinds, report->kind);
    day_agent_write(report->agent, names, text, text_bytes);
    if (report->kind == RY_RP_OUT) {
        day_append(text, text_bytes, " out");
        write_word(day_outs, report->code, text, text_bytes);
        return;
    }
    day_append(text, text_bytes, " %s c%llu", kind, (unsigned long long)report->cl_ord_id);
    if (report->side != RY_SIDE_NONE) {
        write_word(day_sides, report->side, text, text_bytes);
        day_append(text, text_bytes, " %u", report->qty);
    }
    bool has_price = report->kind == RY_RP_ACCEPTED || report->kind == RY_RP_RESTED ||
                     report->kind == RY_RP_FILL;
    if (has_price)
        day_append(text, text_bytes, " @ %lld", (long long)report->price);
    if (report->order != 0 || report->kind == RY_RP_RESTED)
        day_append(text, text_bytes, " #%u", report->order);
    if (report->kind == RY_RP_FILL) {
        day_append(text, text_bytes, "%s", (report->flags & RY_RPF_MAKER) != 0 ? " maker" : "");
        write_word(day_causes, report->cause, text, text_bytes);
    } else {
        write_word(report->kind == RY_RP_REJECTED ? day_rejects : day_cancels, report->code, text,
                   text_bytes);
    }
}

static void write_market(const struct ry_market *market, char *text, size_t text_bytes)
{
    day_append(text, text_bytes, "%s", day_code_word(market_kinds, market->kind));
    if (market->kind == RY_MK_STATE) {
        day_append(text, text_bytes, " %s", market->qty == 1 ? "on" : "off");
    } else if (market->kind != RY_MK_END && market->kind != RY_MK_START) {
        write_word(day_sides, market->side, text, text_bytes);
        day_append(text, text_bytes, " %u @ %lld", market->qty, (long long)market->price);
    }
    if (market->kind == RY_MK_CHANGE) {
        day_append(text, text_bytes, " #%u%s", market->order,
                   (market->flags & RY_MKF_NEW) != 0 ? " new" : "");
    }
}

static void write_game(const struct ry_game *game, const struct day_names *names, char *text,
                       size_t text_bytes)
{
    day_append(text, text_bytes, "game %s ", day_code_word(game_kinds, game->kind));
    day_agent_write(game->agent, names, text, text_bytes);
    if (game->kind == RY_GM_OUT)
        write_word(day_outs, game->code, text, text_bytes);
    else
        day_append(text, text_bytes, " %u", game->rank);
}

/* Appends as name=value what the words alone do not say: `said` is what they read back as. */
static void write_rest(const struct day_output *output, const struct day_output *said, char *text,
                       size_t text_bytes)
{
    const struct day_record *kind = kind_of(output);
    const void *came = &output->report;
    struct day_output copy = *said;
    void *mine = &copy.report;
    for (const struct day_field *field = kind->fields; field->name != NULL; field++) {
        int64_t value = day_field_get(field, came);
        if (value != day_field_get(field, mine)) {
            day_append(text, text_bytes, " %s=%lld", field->name, (long long)value);
            day_field_set(field, mine, value);
        }
    }
    if (memcmp(came, mine, kind->bytes) != 0)
        day_append(text, text_bytes, "  (unused bytes are not zero)");
}

static bool is_known_kind(const struct day_output *output)
{
    switch (output->stream) {
    case DAY_REPORT: return day_code_word(report_kinds, output->report.kind) != NULL;
    case DAY_GAME: return day_code_word(game_kinds, output->game.kind) != NULL;
    case DAY_MARKET: break;
    }
    return day_code_word(market_kinds, output->market.kind) != NULL;
}

/* The words of an output of a known kind. */
static void write_known(const struct day_output *output, const struct day_names *names,
                        const struct ry_input_head *input, char *text, size_t text_bytes)
{
    switch (output->stream) {
    case DAY_GAME: write_game(&output->game, names, text, text_bytes); break;
    case DAY_REPORT:
        write_report(&output->report, names, text, text_bytes);
        if (output->report.kind != RY_RP_OUT)
            write_instrument(output->report.instrument, input->instrument, names, text, text_bytes);
        break;
    case DAY_MARKET:
        write_market(&output->market, text, text_bytes);
        write_instrument(output->market.instrument, input->instrument, names, text, text_bytes);
        break;
    }
}

/* The words of one output, and what they read back as: after `rules`, which move on. */
static void write_words(const struct day_output *output, const struct day_names *names,
                        const struct ry_input_head *input, struct day_rules *rules, char *words,
                        size_t words_bytes, struct day_output *said)
{
    char why[DAY_WHY_BYTES];
    struct day_rules before = *rules;
    words[0] = '\0';
    if (is_known_kind(output)) {
        write_known(output, names, input, words, words_bytes);
        if (day_output_read(words, names, input, rules, said, why))
            return;
        *rules = before;
    }
    words[0] = '\0';
    static const char *const streams[] = {"market", "report", "game"};
    day_append(words, words_bytes, "%s", streams[output->stream]);
    bool good = day_output_read(words, names, input, rules, said, why);
    assert(good);
}

void day_outputs_write(const struct day_output *outputs, unsigned count,
                       const struct day_names *names, const struct ry_input_head *input,
                       const struct day_rules *rules, char *text, size_t text_bytes)
{
    static char words[DAY_OUTPUTS_MAX][DAY_LINE_BYTES];
    static struct day_output said[DAY_OUTPUTS_MAX];
    assert(count <= DAY_OUTPUTS_MAX);
    struct day_rules then = *rules;
    for (unsigned i = 0; i < count; i++)
        write_words(&outputs[i], names, input, &then, words[i], sizeof words[i], &said[i]);
    day_outputs_close(said, count, &then);
    for (unsigned i = 0; i < count; i++) {
        write_rest(&outputs[i], &said[i], words[i], sizeof words[i]);
        day_append(text, text_bytes, "> %s\n", words[i]);
    }
}
