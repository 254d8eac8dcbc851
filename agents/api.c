/* The host's side of the strategy API: opening, what is seen, callbacks, the end. */
#include "agents/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shm/log.h"

void ry_host_api_fail(struct ry_host_api *api, const char *format, ...)
{
    if (api->failed)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(api->reason, sizeof api->reason, format, arguments);
    va_end(arguments);
    api->failed = true;
}

static void fill_limits(struct ry_host_api *api)
{
    const struct ry_battle_agent *entry = api->entry;
    api->limits = (struct ry_limits){
        .notional_max = entry->notional_max,
        .position_max = entry->position_max,
        .loss_max = entry->loss_max,
        .quantity_max = entry->quantity_max,
        .open_orders_max = entry->open_orders_max,
        .rate_max = entry->rate_max,
        .collar_ppm = entry->collar_ppm,
        .collar_ticks = entry->collar_ticks,
        .commands_max = api->battle->commands_max,
    };
}

static void fill_instruments(struct ry_host_api *api)
{
    for (unsigned i = 0; i < api->battle->instruments; i++) {
        const struct ry_battle_instrument *from = &api->battle->instrument[i];
        api->instrument[i] = (struct ry_instrument_info){
            .tick_size = from->tick_size,
            .money_per_unit = from->money_per_unit,
            .price_scale = from->price_scale,
        };
        memcpy(api->instrument[i].symbol, from->symbol, sizeof api->instrument[i].symbol - 1);
    }
}
_Static_assert(sizeof(((struct ry_instrument_info *)0)->symbol) == RY_SYMBOL_BYTES,
               "symbols are cut nowhere");

static int make_room(struct ry_host_api *api)
{
    const struct ry_battle *battle = api->battle;
    api->instrument = calloc(battle->instruments, sizeof *api->instrument);
    api->position = calloc(battle->instruments, sizeof *api->position);
    api->mistakes = calloc(battle->instruments + 1u, sizeof *api->mistakes);
    if (ry_host_book_open(&api->view, battle->orders_max, battle->instruments,
                          api->entry->open_orders_max) != 0 ||
        ry_host_api_events_open(api) != 0 || api->instrument == NULL || api->position == NULL ||
        api->mistakes == NULL) {
        ry_host_api_fail(api, "no memory for the agent's book: %s", strerror(errno));
        return -1;
    }
    return 0;
}

int ry_host_api_open(struct ry_host_api *api, const struct ry_battle *battle, unsigned index,
                     struct ry_host *host, struct ry_ring_writer *log)
{
    *api = (struct ry_host_api){
        .self = api,
        .battle = battle,
        .entry = &battle->agent[index],
        .host = host,
        .log = log,
        .cash = battle->agent[index].cash,
        .timer = RY_TIME_NEVER,
        .told_until = INT64_MIN,
    };
    if (ry_host_api_params_open(api, api->entry->params) != 0 || make_room(api) != 0)
        return -1;
    fill_limits(api);
    fill_instruments(api);
    ry_host_api_random_open(&api->random, battle->seed, index);
    return 0;
}

int ry_host_api_attach(struct ry_host_api *api, const struct ry_strategy *strategy)
{
    api->strategy = strategy;
    if (strategy->state_bytes > 0) {
        api->agent.state = api->state = calloc(1, strategy->state_bytes);
        if (api->state == NULL) {
            ry_host_api_fail(api, "no memory for the strategy's state, %zu bytes",
                             strategy->state_bytes);
            return -1;
        }
    }
    return 0;
}

void ry_host_api_close(struct ry_host_api *api)
{
    ry_host_api_events_close(api);
    free(api->state);
    free(api->instrument);
    free(api->position);
    free(api->mistakes);
    ry_host_book_close(&api->view);
    *api = (struct ry_host_api){0};
}

/* ---- what is seen ---------------------------------------------------------------------------- */

static void keep_time(struct ry_host_api *api, int64_t time)
{
    if (api->began && time > api->told_until)
        api->told_until = time;
}

void ry_host_api_see(void *context, const union ry_told_any *record)
{
    struct ry_host_api *api = context;
    if (api->failed)
        return;
    /* A level has these fields where a record of the market has them. */
    const struct ry_market *market = &record->market;
    if (!ry_host_book_market(&api->view, record)) {
        ry_host_api_fail(api,
                         "market record of group %llu makes no sense: kind %u, instrument %u, side "
                         "%u, price %lld",
                         (unsigned long long)market->group, market->kind, market->instrument,
                         market->side, (long long)market->price);
        return;
    }
    keep_time(api, market->time);
    if (api->wants_events)
        ry_host_api_events_add(api, record);
}
_Static_assert(offsetof(struct ry_market, group) == offsetof(struct ry_told_level, group) &&
                   offsetof(struct ry_market, time) == offsetof(struct ry_told_level, time) &&
                   offsetof(struct ry_market, side) == offsetof(struct ry_told_level, side) &&
                   offsetof(struct ry_market, price) == offsetof(struct ry_told_level, price) &&
                   offsetof(struct ry_market, instrument) ==
                       offsetof(struct ry_told_level, instrument),
               "a level begins as a record of the market does");

/* A reject repeats what was asked for, whatever that was. */
static void take_report(struct ry_host_api *api, const struct ry_report *report)
{
    const bool somewhere =
        report->instrument < api->battle->instruments || report->kind == RY_RP_REJECTED;
    if (!somewhere || !ry_host_book_report(&api->view, report)) {
        ry_host_api_fail(api, "report %llu makes no sense: kind %u, ClOrdID %llu",
                         (unsigned long long)report->seq, report->kind,
                         (unsigned long long)report->cl_ord_id);
        return;
    }
    api->cash = report->cash;
    if (report->kind != RY_RP_REJECTED && report->kind != RY_RP_OUT)
        api->position[report->instrument] = report->position;
}

void ry_host_api_see_report(void *context, const struct ry_report *report)
{
    struct ry_host_api *api = context;
    if (api->failed)
        return;
    keep_time(api, report->time);
    take_report(api, report);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static void enter(const struct ry_host_api *api, enum ry_role_callback callback)
{
    if (api->words != NULL)
        ry_role_words_enter(api->words, callback, api->now);
}

static void leave(const struct ry_host_api *api)
{
    if (api->words != NULL)
        ry_role_words_leave(api->words);
}

static void call_report(struct ry_host_api *api, const struct ry_report *report)
{
    if (api->strategy->report == NULL)
        return;
    const struct ry_report_event event = {
        .kind = report->kind,
        .side = report->side,
        .code = report->code,
        .cause = report->cause,
        .maker = (report->flags & RY_RPF_MAKER) != 0,
        .instrument = report->instrument,
        .cl_ord_id = report->cl_ord_id,
        .price = report->price,
        .qty = report->qty,
        .leaves = report->leaves,
        .fee = report->fee,
        .cash = report->cash,
        .position = report->position,
    };
    enter(api, RY_ROLE_CALLBACK_REPORT);
    api->strategy->report(&api->agent, &event);
    leave(api);
}
_Static_assert((int)RY_REPORT_ACCEPTED == (int)RY_RP_ACCEPTED &&
                   (int)RY_REPORT_REJECTED == (int)RY_RP_REJECTED &&
                   (int)RY_REPORT_FILL == (int)RY_RP_FILL &&
                   (int)RY_REPORT_RESTED == (int)RY_RP_RESTED &&
                   (int)RY_REPORT_CANCELED == (int)RY_RP_CANCELED &&
                   (int)RY_REPORT_OUT == (int)RY_RP_OUT,
               "kinds of report events are kinds of reports");

/* Whether some callback can come yet, but stop. An author who has only `start`, and orders there,
 * means that. */
static bool can_be_called(const struct ry_host_api *api)
{
    const struct ry_strategy *strategy = api->strategy;
    const bool ordered = api->cl_ord_id > 0,
               has_others = strategy->timer != NULL || strategy->market != NULL;
    return (strategy->timer != NULL && api->timer != RY_TIME_NEVER) ||
           (strategy->market != NULL && ry_host_woken_by_market(api->host)) ||
           (ordered && (strategy->report != NULL || !has_others));
}

/* What the view keeps from here on. Without `market` nothing of it may wake: said in one word for
 * all instruments, and one for each that differs. */
static void settle(struct ry_host_api *api)
{
    const bool calls = api->strategy->market != NULL;
    const unsigned instruments = api->battle->instruments;
    for (unsigned i = 0; i < instruments; i++) {
        const unsigned interest = ry_host_interest_of(api->host, (uint16_t)i);
        ry_host_book_keep(&api->view, i, calls ? interest : interest & ~RY_INTEREST_WAKE_BITS);
    }
    if (!calls)
        ry_host_interest(api->host, RY_INTEREST_EVERY, api->view.instrument[0].interest);
    for (unsigned i = 1; !calls && i < instruments; i++)
        if (api->view.instrument[i].interest != api->view.instrument[0].interest)
            ry_host_interest(api->host, (uint16_t)i, api->view.instrument[i].interest);
    api->began = true;
    api->wants_events = calls && ry_host_woken_by_market(api->host);
}

/* Trades that were asked for and are shown nowhere: an oversight, as they stand in no book. (All
 * that counts without a word is no wish.) */
static void warn_of_trades(const struct ry_host_api *api)
{
    unsigned i = 0;
    while (i < api->battle->instruments && !(api->view.instrument[i].interest & RY_INTEREST_TRADES))
        i++;
    if (!api->asked || api->wants_events || i == api->battle->instruments)
        return;
    if (api->strategy->market == NULL)
        ry_log(api->log, RY_LOG_WARN,
               "instrument %u: trades are asked for, but there is no market callback: no trade is "
               "ever shown; ask for no trades, or add the callback and RY_INTEREST_WAKE_TRADES",
               i);
    else
        ry_log(api->log, RY_LOG_WARN,
               "instrument %u: trades are asked for, but nothing calls market: no trade is ever "
               "shown; add RY_INTEREST_WAKE_TRADES",
               i);
}

void ry_host_api_started(struct ry_host_api *api)
{
    if (api->failed)
        return;
    settle(api);
    ry_host_api_params_warn(api);
    warn_of_trades(api);
    if (!can_be_called(api))
        ry_log(api->log, RY_LOG_WARN,
               "nothing will call this strategy until the end: after start it has %s, %s and %s",
               api->strategy->timer == NULL ? "no timer callback" : "no timer set",
               api->strategy->market == NULL ? "no market callback" : "no interest in the market",
               api->cl_ord_id == 0 ? "no order" : "no report callback");
}

static void call_start(struct ry_host_api *api)
{
    if (api->strategy->start != NULL) {
        enter(api, RY_ROLE_CALLBACK_START);
        api->strategy->start(&api->agent);
        leave(api);
    }
    if (!api->starts_later)
        ry_host_api_started(api);
}

static void call_market(struct ry_host_api *api, const struct ry_host_wake *wake)
{
    const unsigned count = ry_host_api_events_take(api, wake);
    if (count == 0) {
        ry_host_api_fail(api, "woken by records of the market that did not come");
        return;
    }
    enter(api, RY_ROLE_CALLBACK_MARKET);
    api->strategy->market(&api->agent, api->group.event, count);
    leave(api);
}

/* What exec told before the wake: nothing of a later T, and each TOP as a whole. */
static bool is_sound(struct ry_host_api *api, const struct ry_host_wake *wake)
{
    if (api->told_until > wake->now)
        ry_host_api_fail(api, "told of T %lld, which is later than that of the wake, %lld",
                         (long long)api->told_until, (long long)wake->now);
    else if (!ry_host_book_complete(&api->view))
        ry_host_api_fail(api, "told of more levels than its interest in a TOP has");
    return !api->failed;
}

void ry_host_api_wake(struct ry_host_api *api, const struct ry_host_wake *wake)
{
    if (api->failed || !is_sound(api, wake))
        return;
    api->now = wake->now;
    switch (wake->kind) {
    case RY_WAKE_START: call_start(api); return;
    case RY_WAKE_MARKET:
    case RY_WAKE_TOP: call_market(api, wake); return;
    case RY_WAKE_REPORT: call_report(api, &wake->report); return;
    case RY_WAKE_TIMER:
        if (api->strategy->timer != NULL) {
            enter(api, RY_ROLE_CALLBACK_TIMER);
            api->strategy->timer(&api->agent);
            leave(api);
        }
        return;
    }
}

/* The round is the one that ran at T of the report; at a round's very end that is the one that
 * ends. */
static void say_out(const struct ry_host_api *api, const struct ry_report *out)
{
    const struct ry_code *code = ry_code(RY_CODES_OUT, out->code); /* exec says so: not trusted */
    const int64_t from = api->battle->trade_from, round_ns = api->battle->round_ns;
    if (code == NULL || out->time < from)
        ry_log(api->log, RY_LOG_INFO, "out: %s, before trading", ry_out_name(out->code));
    else
        ry_log(api->log, RY_LOG_INFO, "out: %s, round %lld: %s; what to do: %s", code->name,
               (long long)(round_ns > 0 && out->time > from ? (out->time - from - 1) / round_ns + 1
                                                            : 1),
               code->sentence, code->remedy);
}

void ry_host_api_stop(struct ry_host_api *api, const struct ry_report *out)
{
    if (api->failed)
        return;
    if (out != NULL) {
        say_out(api, out);
        api->now = out->time;
        take_report(api, out);
        if (!api->failed)
            call_report(api, out);
    } else {
        ry_log(api->log, RY_LOG_INFO, "the battle has ended");
    }
    if (!api->failed && api->strategy->stop != NULL) {
        enter(api, RY_ROLE_CALLBACK_STOP);
        api->strategy->stop(&api->agent);
        leave(api);
    }
}
