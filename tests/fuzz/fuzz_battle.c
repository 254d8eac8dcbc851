/*
 * The bytes are a battle file: it is refused with a mistake that has a place, or it is a battle
 * that keeps every promise of core/battle/battle.h.
 *
 * The mutator begins with a whole battle file and puts in words of the table of keys, so no seed
 * file is needed.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "tests/support/fuzz_limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

static const char first[] =
    "battle: {name: demo, seed: 1}\n"
    "market:\n  mode: merged\n  date: 2026-01-05\n  zone: America/New_York\n  warmup_from: 04:00\n"
    "  trade_from: 09:30:00.5\n  trade_to: 2026-01-05T16:00\n  currency: USD\n  orders_max: 1000\n"
    "  instruments:\n    - {symbol: RYA, price_scale: 2, tick_size: 0.25, multiplier: 50, feed: "
    "b}\n"
    "    - symbol: RYB\n"
    "feeds:\n  - {name: a, format: itch50, port: dpdk, device: net_null0, udp_port: 7}\n"
    "  - {name: b, format: dbn, path: x}\n"
    "agents:\n  - {name: maker, strategy: maker, cash: 1000000, latency_us: 20, jitter_us: 5,\n"
    "     params: {instrument: RYA, size: 20}}\n"
    "  - {name: crowd, strategy: ./own.so, cash: 0.5, count: 3, risk: {rate_max: 9}}\n"
    "risk: {quantity_max: 1000, notional_max: 500000.25, position_max: 5000, open_orders_max: 50,\n"
    "  rate_max: 100, collar_ppm: 50000, loss_max: 100000}\nfees: {maker_ppm: -20, taker_ppm: 30}\n"
    "game: {round: 00:45:00, min_fills: 1, haircut_ppm: 10000, stall_s: 30, load_s: 60,\n"
    "  commands_max: 64}\n"
    "journal: {block_kib: 64}\nplacement: {supervisor: 0, feed: [1, 2], exec: 3, journal: 3}\n";

static const char *const values[] = {"2026-03-08",
                                     "02:30",
                                     "47:59:59.999999999",
                                     "UTC",
                                     "Europe/Lisbon",
                                     "0.000000001",
                                     "999999999.9",
                                     "9223372036854775807",
                                     "-1",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     ": ",
                                     "\n- ",
                                     "\n    ",
                                     "&a ",
                                     "*a ",
                                     "--- ",
                                     "!!str ",
                                     "? ",
                                     "| ",
                                     "\"\\0\"",
                                     "~",
                                     "1970-01-01T00:00"};
#define VALUES (sizeof values / sizeof values[0])

static void check_agents(const struct ry_battle *battle)
{
    assert(battle->agents <= RY_AGENTS_MAX);
    if (battle->agents == 0)
        return;
    assert(battle->stall_s >= 1 && battle->load_s >= 1);
    assert(battle->commands_max >= 1 && battle->commands_max <= RY_BATTLE_COMMANDS_MAX);
    assert(battle->round_ns == 0 || battle->round_ns >= RY_ROUND_NS_MIN);
    for (unsigned i = 0; i < battle->agents; i++) {
        const struct ry_battle_agent *agent = &battle->agent[i];
        assert(agent->name[0] != '\0' && agent->strategy[0] == '/');
        assert(agent->cash >= 0 && agent->cash <= RY_BATTLE_MONEY_MAX);
        assert(agent->latency_ns >= RY_LATENCY_NS_MIN && agent->jitter_ns >= 0);
        assert(agent->quantity_max >= 1 && agent->rate_max >= 1 && agent->open_orders_max >= 1);
        assert(memchr(agent->params, '\0', sizeof agent->params) != NULL);
    }
}

static void check_export(const struct ry_battle_export *export)
{
    const size_t out = strlen(export->out);
    assert(export->sink <= RY_BATTLE_SINK_KAFKA && export->end_s <= RY_BATTLE_EXPORT_END_S);
    assert((export->config[0] == '/') == (export->sink == RY_BATTLE_SINK_KAFKA));
    assert((out > 0) == (export->sink == RY_BATTLE_SINK_JSONL));
    assert(out == 0 || (export->out[out - 1] == '/' && export->rotate_bytes >= 4096));
}

static void check(const struct ry_battle *battle)
{
    assert(battle->abi == RY_BATTLE_ABI && battle->name[0] != '\0' && battle->seed <= INT64_MAX);
    assert(battle->feeds >= 1 && battle->feeds <= RY_FEEDS_MAX);
    assert(battle->instruments >= 1 && battle->instruments <= RY_INSTRUMENTS_MAX);
    assert(battle->warmup_from <= battle->trade_from && battle->trade_from < battle->trade_to);
    assert(battle->orders_max >= 1 && battle->orders_max <= RY_ORDERS_MAX);
    assert(battle->journal_block_bytes >= 4096 && battle->journal_block_bytes <= 1 << 20);
    assert(strlen(battle->currency) == 3 && strlen(battle->date) == 10 && battle->zone[0] != '\0');
    for (unsigned i = 0; i < battle->feeds; i++) {
        const struct ry_battle_feed *feed = &battle->feed[i];
        assert(feed->name[0] != '\0');
        assert(feed->format == RY_BATTLE_FORMAT_ITCH50 || feed->format == RY_BATTLE_FORMAT_DBN);
        assert(feed->port == RY_BATTLE_PORT_FILE
                   ? feed->path[0] == '/' && feed->device[0] == '\0'
                   : (feed->path[0] == '/') != (feed->device[0] != '\0'));
        assert(battle->core_feed[i] >= RY_BATTLE_CORE_NONE &&
               battle->core_feed[i] < RY_BATTLE_CORES_MAX);
    }
    for (unsigned i = 0; i < battle->instruments; i++) {
        const struct ry_battle_instrument *instrument = &battle->instrument[i];
        assert(instrument->symbol[0] != '\0' && instrument->feed < battle->feeds &&
               instrument->price_scale <= 9);
        assert(instrument->tick_size >= 1 && instrument->tick_size <= RY_PRICE_ABS_MAX);
        assert(instrument->money_per_unit >= 1 &&
               instrument->money_per_unit <= INT64_C(1000000000000));
    }
    check_agents(battle);
    check_export(&battle->export);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    static struct ry_battle_errors errors;
    struct ry_battle_source source = {.directory = "/where"};
    struct ry_battle *battle = ry_battle_parse((const char *)data, size, &source, &errors);
    assert((battle != NULL) == (errors.count == 0));
    for (unsigned i = 0; i < errors.count; i++) {
        assert(errors.error[i].line >= 1 && errors.error[i].column >= 1 &&
               errors.error[i].text[0] != '\0');
    }
    if (battle != NULL)
        check(battle);
    free(battle);
    return 0;
}

static size_t put_in(uint8_t *data, size_t size, size_t max_size, size_t at, const char *word)
{
    size_t length = strlen(word);
    if (size + length > max_size)
        return size;
    memmove(data + at + length, data + at, size - at);
    memcpy(data + at, word, length);
    return size + length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (size < sizeof first / 4 && max_size >= sizeof first) {
        memcpy(data, first, sizeof first - 1);
        return sizeof first - 1;
    }
    size_t at = (seed >> 8) % (size + 1);
    switch (seed % 4) {
    case 0:
        return put_in(data, size, max_size, at, ry_battle_keys[(seed >> 4) % RY_BATTLE_KEYS].name);
    case 1: return put_in(data, size, max_size, at, values[(seed >> 4) % VALUES]);
    default: return LLVMFuzzerMutate(data, size, max_size);
    }
}
