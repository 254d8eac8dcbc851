/* The battle file: what is read, and every mistake with its exact words. */
#include <stdlib.h>
#include <string.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "core/battle/suggest.h"
#include "tests/support/test.h"

#define HEAD   "battle:\n  name: demo\n"
#define MARKET "market:\n  date: 2026-01-05\n  zone: America/New_York\n"
#define ONE    "  instruments:\n    - symbol: RYA\n"
#define FEEDS  "feeds:\n  - name: itch\n    format: itch50\n    path: day.itch\n"

static struct ry_battle_errors errors;

static struct ry_battle *parse_with(const char *text, const cpu_set_t *cores)
{
    struct ry_battle_source source = {.directory = "/where", .cores = cores};
    return ry_battle_parse(text, strlen(text), &source, &errors);
}

static struct ry_battle *parse(const char *text)
{
    return parse_with(text, NULL);
}

/* All of the errors as they are printed for a file "f". */
static const char *refused(const char *text)
{
    static char printed[1 << 16];
    struct ry_battle *battle = parse(text);
    ck_assert_ptr_null(battle);
    ck_assert_uint_gt(errors.count, 0);
    memset(printed, 0, sizeof printed);
    FILE *file = fmemopen(printed, sizeof printed - 1, "w");
    ry_battle_errors_print(file, "f", &errors);
    fclose(file);
    return printed;
}

static struct ry_battle *accepted(const char *text)
{
    struct ry_battle *battle = parse(text);
    if (battle == NULL)
        ry_battle_errors_print(stdout, "f", &errors);
    ck_assert_ptr_nonnull(battle);
    return battle;
}

START_TEST(defaults_are_those_of_the_table)
{
    struct ry_battle *battle = accepted(HEAD MARKET ONE FEEDS);
    ck_assert_uint_eq(battle->abi, RY_BATTLE_ABI);
    ck_assert_str_eq(battle->name, "demo");
    ck_assert_uint_eq(battle->seed, 1);
    ck_assert_str_eq(battle->currency, "USD");
    ck_assert_str_eq(battle->date, "2026-01-05");
    ck_assert_str_eq(battle->zone, "America/New_York");
    ck_assert_int_eq(battle->midnight, INT64_C(1767589200000000000)); /* 05:00 UTC */
    ck_assert_int_eq(battle->warmup_from, battle->midnight);
    ck_assert_int_eq(battle->trade_from, battle->midnight);
    ck_assert_int_eq(battle->trade_to, RY_TIME_NEVER);
    ck_assert_uint_eq(battle->orders_max, 1048576);
    ck_assert_uint_eq(battle->market, RY_MARKET_MERGED);
    ck_assert_uint_eq(battle->feeds, 1);
    ck_assert_uint_eq(battle->instruments, 1);
    ck_assert_uint_eq(battle->journal_block_bytes, 65536);
    ck_assert_int_eq(battle->core_exec, RY_BATTLE_CORE_NONE);
    ck_assert_int_eq(battle->core_feed[0], RY_BATTLE_CORE_NONE);
    ck_assert_int_eq(battle->core_feed[3], RY_BATTLE_CORE_NONE);
    ck_assert_str_eq(battle->feed[0].name, "itch");
    ck_assert_uint_eq(battle->feed[0].format, RY_BATTLE_FORMAT_ITCH50);
    ck_assert_uint_eq(battle->feed[0].port, RY_BATTLE_PORT_FILE);
    ck_assert_str_eq(battle->feed[0].path, "/where/day.itch");
    ck_assert_str_eq(battle->instrument[0].symbol, "RYA");
    ck_assert_uint_eq(battle->instrument[0].price_scale, 4);
    ck_assert_int_eq(battle->instrument[0].tick_size, 100);
    ck_assert_int_eq(battle->instrument[0].money_per_unit, 100);
    free(battle);
}
END_TEST

START_TEST(everything_can_be_said)
{
    struct ry_battle *battle = accepted(
        "battle: {name: Full_1-2, seed: 9223372036854775807}\n"
        "market:\n  mode: merged\n  date: 2023-12-25\n  zone: UTC\n  warmup_from: 23:00:00\n"
        "  trade_from: 2023-12-25T23:00:00.2\n  trade_to: 25:00\n  currency: EUR\n  orders_max: "
        "67108864\n"
        "  instruments:\n"
        "    - {symbol: ESH4, price_scale: 2, tick_size: '0.25', multiplier: 50, feed: b}\n"
        "    - {symbol: X.Y, price_scale: 9, tick_size: 0.000000001, multiplier: 1000}\n"
        "    - {symbol: X Y-71, price_scale: 0, tick_size: 1, multiplier: 1000000}\n"
        "feeds:\n  - {name: a, format: itch50, port: dpdk, device: '0000:01:00.0', udp_port: "
        "26477, group: 233.54.12.111}\n"
        "  - {name: b, format: dbn, path: /abs/x.dbn.zst}\n"
        "journal: {block_kib: 1024, compress: zstd}\nkeep: 20, 200 GiB\nplacement: {supervisor: 0, feed: [1, 2], exec: 3, journal: "
        "1023}\n");
    ck_assert_uint_eq(battle->seed, INT64_MAX);
    ck_assert_int_eq(battle->midnight, INT64_C(1703462400000000000));
    ck_assert_int_eq(battle->warmup_from, INT64_C(1703545200000000000));
    ck_assert_int_eq(battle->trade_from, INT64_C(1703545200200000000));
    ck_assert_int_eq(battle->trade_to, INT64_C(1703552400000000000));
    ck_assert_str_eq(battle->currency, "EUR");
    ck_assert_int_eq(battle->instrument[0].tick_size, 25);
    ck_assert_int_eq(battle->instrument[0].money_per_unit, 500000);
    ck_assert_uint_eq(battle->instrument[0].feed, 1);
    ck_assert_int_eq(battle->instrument[1].tick_size, 1);
    ck_assert_int_eq(battle->instrument[1].money_per_unit, 1);
    ck_assert_uint_eq(battle->instrument[1].feed, 0);
    ck_assert_int_eq(battle->instrument[2].tick_size, 1);
    ck_assert_int_eq(battle->instrument[2].money_per_unit, INT64_C(1000000000000));
    ck_assert_uint_eq(battle->feed[0].port, RY_BATTLE_PORT_DPDK);
    ck_assert_str_eq(battle->feed[0].device, "0000:01:00.0");
    ck_assert_str_eq(battle->feed[0].path, "");
    ck_assert_uint_eq(battle->feed[0].udp_port, 26477);
    ck_assert_uint_eq(battle->feed[0].group, 0xe9360c6fu);
    ck_assert_uint_eq(battle->feed[1].format, RY_BATTLE_FORMAT_DBN);
    ck_assert_str_eq(battle->feed[1].path, "/abs/x.dbn.zst");
    ck_assert_str_eq(battle->instrument[2].symbol, "X Y-71");
    ck_assert_uint_eq(battle->journal_block_bytes, 1048576);
    ck_assert_uint_eq(battle->compress, RY_BATTLE_COMPRESS_ZSTD);
    ck_assert_uint_eq(battle->keep.battles, 20);
    ck_assert_uint_eq(battle->keep.days, 0);
    ck_assert_uint_eq(battle->keep.gib, 200);
    ck_assert_int_eq(battle->core_supervisor, 0);
    ck_assert_int_eq(battle->core_feed[0], 1);
    ck_assert_int_eq(battle->core_feed[1], 2);
    ck_assert_int_eq(battle->core_feed[2], RY_BATTLE_CORE_NONE);
    ck_assert_int_eq(battle->core_exec, 3);
    ck_assert_int_eq(battle->core_journal, 1023);
    free(battle);
}
END_TEST

/* One mistake each: the file, and what is said. */
static const struct mistake {
    const char *text, *said;
} mistakes[] = {
    {"", "f:1:1: battle: is missing; allowed: a mapping of keys\n"
         "f:1:1: market: is missing; allowed: a mapping of keys\n"
         "f:1:1: feeds: is missing; allowed: a list of 1 to 4 mappings\n"},
    {"- 1\n", "f:1:1: the file is no mapping; allowed: battle, market, feeds, ...\n"},
    {"word\n", "f:1:1: the file is no mapping; allowed: battle, market, feeds, ...\n"},
    {HEAD MARKET ONE FEEDS "jurnal: {}\n", "f:12:1: jurnal: unknown key, perhaps journal; allowed: "
                                           "battle, market, feeds, agents, risk, fees, game, "
                                           "run, journal, keep, export, trace, placement\n"},
    {HEAD "  sed: 4\n" MARKET ONE FEEDS,
     "f:3:3: battle.sed: unknown key, perhaps seed; allowed: name, seed\n"},
    {HEAD "  colour: 4\n" MARKET ONE FEEDS,
     "f:3:3: battle.colour: unknown key; allowed: name, seed\n"},
    {HEAD "  \"name\\0x\": 4\n" MARKET ONE FEEDS,
     "f:3:3: battle.name: unknown key, perhaps name; allowed: name, seed\n"},
    {HEAD "  name: b\n" MARKET ONE FEEDS, "f:3:3: battle.name: given twice; allowed: once\n"},
    {"battle:\n  seed: 1\n" MARKET ONE FEEDS,
     "f:2:3: battle.name: is missing; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name:\n" MARKET ONE FEEDS,
     "f:2:8: battle.name: has no value; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: ~\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: has no value; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: ''\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: is empty; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: [a]\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: is a list; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: {a: 1}\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: is a mapping; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: a b\n" MARKET ONE FEEDS, "f:2:9: battle.name: \"a b\" has other characters; "
                                                "allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: \"a\\0b\"\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: \"a\" has a zero byte; allowed: 1 to 23 letters, digits, _ and -\n"},
    {"battle:\n  name: \"a\\e[31m\"\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: \"a?[31m\" has other characters; allowed: 1 to 23 letters, digits, _ and "
     "-\n"},
    {"battle:\n  name: abcdefghijklmnopqrstuvwx\n" MARKET ONE FEEDS,
     "f:2:9: battle.name: \"abcdefghijklmnopqrstuvwx\" is too long; allowed: 1 to 23 letters, "
     "digits, _ and -\n"},
    {"battle: demo\n" MARKET ONE FEEDS,
     "f:1:9: battle: \"demo\" is a single value; allowed: a mapping of keys\n"},
    {"battle:\n" MARKET ONE FEEDS, "f:1:8: battle: has no value; allowed: a mapping of keys\n"},
    {HEAD "  seed: -1\n" MARKET ONE FEEDS, "f:3:9: battle.seed: \"-1\" is out of range; allowed: a "
                                           "whole number, 0 to 9223372036854775807\n"},
    {HEAD "  seed: 9223372036854775808\n" MARKET ONE FEEDS,
     "f:3:9: battle.seed: \"9223372036854775808\" is out of range; allowed: a whole number, 0 to "
     "9223372036854775807\n"},
    {HEAD "  seed: 1e3\n" MARKET ONE FEEDS, "f:3:9: battle.seed: \"1e3\" is not a whole number; "
                                            "allowed: a whole number, 0 to 9223372036854775807\n"},
    {HEAD "  ? [a]\n  : 1\n" MARKET ONE FEEDS, "f:3:5: a key is a list; allowed: a word\n"},
    {HEAD "  seed: &s 3\n" MARKET ONE FEEDS,
     "f:3:9: anchors and aliases are refused; write the value out\n"},
    {HEAD "  seed: *s\n" MARKET ONE FEEDS,
     "f:3:9: anchors and aliases are refused; write the value out\n"},
    {HEAD "  seed: !!int 3\n" MARKET ONE FEEDS, "f:3:9: tags are refused; write the value alone\n"},
    {HEAD MARKET ONE FEEDS "---\na: 1\n", "f:12:1: a second document; allowed: one\n"},
    {HEAD "  seed: [[[[[[1]]]]]]\n" MARKET ONE FEEDS,
     "f:3:13: nested too deeply; allowed: 6 levels\n"},
    {"battle: {name: a\n",
     "f:2:1: no valid YAML: while parsing a flow mapping: did not find expected ',' or '}'\n"},
    {"a:\n\tb: 1\n",
     "f:2:1: no valid YAML: while scanning for the next token: found character that "
     "cannot start any token (a tab): indent by spaces\n"},
    {"a: \xff\n", "f:1:1: no valid YAML: invalid leading UTF-8 octet\n"},
    {HEAD MARKET "  mode: shadow\n" ONE FEEDS,
     "f:6:9: market.mode: \"shadow\" is none of the words; allowed: merged\n"},
    {HEAD "market:\n  date: 2026-02-30\n  zone: UTC\n" ONE FEEDS,
     "f:4:9: market.date: \"2026-02-30\" is no date, perhaps 2026-02-28; allowed: a date YYYY-MM-DD, 1970 to 2199\n"},
    {HEAD "market:\n  date: 2026-1-5\n  zone: UTC\n" ONE FEEDS,
     "f:4:9: market.date: \"2026-1-5\" is no date, perhaps 2026-01-05; allowed: a date YYYY-MM-DD, 1970 to 2199\n"},
    {HEAD "market:\n  date: 2026-01-05\n  zone: America/Nowhere\n" ONE FEEDS,
     "f:5:9: market.zone: \"America/Nowhere\" is no time zone that this machine knows; allowed: a "
     "zone of the "
     "IANA database, such as America/New_York\n"},
    {HEAD "market:\n  date: 2026-01-05\n  zone: ../../../etc/passwd\n" ONE FEEDS,
     "f:5:9: market.zone: \"../../../etc/passwd\" is no time zone that this machine knows; "
     "allowed: a zone of "
     "the IANA database, such as America/New_York\n"},
    {HEAD "market:\n  date: 2018-11-04\n  zone: America/Sao_Paulo\n" ONE FEEDS,
     "f:4:9: market.date: 2018-11-04 has no midnight in America/Sao_Paulo; allowed: a day that "
     "begins at "
     "00:00\n"},
    {HEAD "market:\n  date: 2026-03-08\n  zone: America/New_York\n  trade_from: 02:30\n" ONE FEEDS,
     "f:6:15: market.trade_from: does not exist in America/New_York on that day: clocks go forward "
     "over it; "
     "allowed: a time that the clocks there show\n"},
    {HEAD MARKET "  trade_from: 9:3\n" ONE FEEDS,
     "f:6:15: market.trade_from: \"9:3\" is no time; allowed: HH:MM[:SS[.fraction]], HH 0 to 47, or "
     "YYYY-MM-DDTHH:MM[:SS[.fraction]]\n"},
    {HEAD MARKET "  trade_from: 48:00\n" ONE FEEDS,
     "f:6:15: market.trade_from: \"48:00\" is no time; allowed: HH:MM[:SS[.fraction]], HH 0 to 47, "
     "or "
     "YYYY-MM-DDTHH:MM[:SS[.fraction]]\n"},
    {HEAD MARKET "  warmup_from: 10:00\n  trade_from: 09:30\n" ONE FEEDS,
     "f:7:15: market.trade_from: is before warmup_from; allowed: warmup_from or later\n"},
    {HEAD MARKET "  trade_from: 09:30\n  trade_to: 09:30\n" ONE FEEDS,
     "f:7:13: market.trade_to: is not after trade_from; allowed: later than trade_from\n"},
    {HEAD MARKET "  currency: usd\n" ONE FEEDS,
     "f:6:13: market.currency: \"usd\" is no currency code, perhaps USD; allowed: three capital letters, such "
     "as USD\n"},
    {HEAD MARKET "  orders_max: 0\n" ONE FEEDS,
     "f:6:15: market.orders_max: \"0\" is out of range; allowed: a whole number, 1 to 67108864\n"},
    {HEAD MARKET FEEDS,
     "f:4:3: market.instruments: is missing; allowed: a list of 1 to 16384 mappings\n"},
    {HEAD MARKET "  instruments: []\n" FEEDS,
     "f:6:16: market.instruments: has 0 entries; allowed: 1 to 16384\n"},
    {HEAD MARKET "  instruments:\n    - RYA\n" FEEDS,
     "f:7:7: market.instruments: entry 0 is no mapping; allowed: keys with values\n"},
    {HEAD MARKET ONE "    - symbol: RYA\n" FEEDS,
     "f:8:7: market.instruments[1].symbol: RYA is the symbol of instruments[0] too; allowed: each "
     "once\n"},
    {HEAD MARKET "  instruments:\n    - symbol: 'RA '\n" FEEDS,
     "f:7:15: market.instruments[0].symbol: \"RA \" has other characters; allowed: 1 to 71 "
     "printable characters, no space first or last\n"},
    {HEAD MARKET "  instruments:\n    - symbol: ' RA'\n" FEEDS,
     "f:7:15: market.instruments[0].symbol: \" RA\" has other characters; allowed: 1 to 71 "
     "printable characters, no space first or last\n"},
    {HEAD MARKET ONE "      tick_size: 0.00001\n" FEEDS,
     "f:8:18: market.instruments[0].tick_size: 0.00001 is no multiple of the price unit 10^-4; "
     "allowed: such a "
     "multiple, or a larger price_scale\n"},
    {HEAD MARKET ONE "      price_scale: 1\n" FEEDS,
     "f:7:7: market.instruments[0].tick_size: 0.01 is no multiple of the price unit 10^-1; "
     "allowed: such a "
     "multiple, or a larger price_scale\n"},
    {HEAD MARKET ONE "      tick_size: 0\n" FEEDS,
     "f:8:18: market.instruments[0].tick_size: \"0\" is no such number with at most 9 decimals; "
     "allowed: a "
     "decimal number above 0, such as 0.01\n"},
    {HEAD MARKET ONE "      tick_size: 900000000\n" FEEDS,
     "f:8:18: market.instruments[0].tick_size: 900000000 is beyond every price; allowed: up to "
     "2000000000 price "
     "units\n"},
    {HEAD MARKET ONE "      price_scale: 8\n" FEEDS,
     "f:8:20: market.instruments[0].price_scale: 10^-8 times multiplier 1 is no whole number of "
     "millionths; "
     "allowed: price_scale to 6, or a multiplier that is a multiple of 100\n"},
    {HEAD MARKET ONE "      multiplier: 1000001\n" FEEDS,
     "f:8:19: market.instruments[0].multiplier: \"1000001\" is out of range; allowed: a whole "
     "number, 1 to "
     "1000000\n"},
    {HEAD MARKET ONE "      feed: other\n" FEEDS,
     "f:8:13: market.instruments[0].feed: other is no feed of this file; allowed: a name under "
     "feeds\n"},
    {HEAD MARKET ONE "feeds: []\n", "f:8:8: feeds: has 0 entries; allowed: 1 to 4\n"},
    {HEAD MARKET ONE "feeds:\n  - name: a\n    path: x\n",
     "f:9:5: feeds[0].format: is missing; allowed: itch50, dbn\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50}\n",
     "f:9:5: feeds[0].path: is missing; allowed: the file to read\n"},
    {HEAD MARKET ONE FEEDS "  - {name: itch, format: dbn, path: x}\n",
     "f:12:12: feeds[1].name: itch is the name of feeds[0] too; allowed: a name of its own\n"},
    {HEAD MARKET ONE FEEDS "    device: x\n",
     "f:12:13: feeds[0].device: means nothing to port file; allowed: with port dpdk\n"},
    {HEAD MARKET ONE FEEDS "    udp_port: 1\n",
     "f:12:15: feeds[0].udp_port: means nothing to port file; allowed: with port pcap or dpdk\n"},
    {HEAD MARKET ONE FEEDS "    group: 233.54.12.111\n",
     "f:12:12: feeds[0].group: means nothing to port file; allowed: with port pcap or dpdk\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50, port: pcap}\n",
     "f:9:5: feeds[0].path: is missing; allowed: the capture to read\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50, port: pcap, path: x, device: y}\n",
     "f:9:60: feeds[0].device: means nothing to port pcap; allowed: with port dpdk\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50, port: pcap, path: x, group: 0.0.0.0}\n",
     "f:9:59: feeds[0].group: \"0.0.0.0\" is no such address; allowed: an IPv4 address, such as "
     "233.54.12.111\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: dbn, port: pcap, path: x}\n",
     "f:9:34: feeds[0].port: has no packets of format dbn; allowed: file\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50, port: dpdk}\n",
     "f:9:5: feeds[0].device: is missing; allowed: a device, or path with a pcap to play\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: itch50, port: dpdk, path: x, device: y}\n",
     "f:9:60: feeds[0].device: beside path; allowed: one of the two\n"},
    {HEAD MARKET ONE "feeds:\n  - {name: a, format: dbn, port: dpdk, path: x}\n",
     "f:9:34: feeds[0].port: has no packets of format dbn; allowed: file\n"},
    {HEAD MARKET ONE FEEDS "journal: {block_kib: 3}\n",
     "f:12:22: journal.block_kib: \"3\" is out of range; allowed: a whole number, 4 to 1024\n"},
    {HEAD MARKET ONE FEEDS "keep: 0\n",
     "f:12:7: keep: \"0\" is no such number; allowed: a number of battles, days or GiB, such as 20, "
     "30 days or 200 GiB; or one of each of several kinds, such as 20, 200 GiB\n"},
    {HEAD MARKET ONE FEEDS "keep: 2, 5\n",
     "f:12:7: keep: \"2, 5\" is no such number; allowed: a number of battles, days or GiB, such as "
     "20, 30 days or 200 GiB; or one of each of several kinds, such as 20, 200 GiB\n"},
    {HEAD MARKET ONE FEEDS "placement: {feed: [0, 1]}\n",
     "f:12:19: placement.feed: has 2 cores for 1 feeds; allowed: one for each feed\n"},
    {HEAD MARKET ONE FEEDS "placement: {exec: 1024}\n",
     "f:12:19: placement.exec: \"1024\" is out of range; allowed: the number of a core of this "
     "machine\n"},
};

START_TEST(each_mistake_has_its_words)
{
    ck_assert_str_eq(refused(mistakes[_i].text), mistakes[_i].said);
}
END_TEST

START_TEST(mistakes_come_together_in_order)
{
    ck_assert_str_eq(
        refused("feeds: 3\nbattle:\n  seed: x\nmarket:\n  date: y\n  zone: UTC\n" ONE),
        "f:1:8: feeds: \"3\" is a single value; allowed: a list of 1 to 4 mappings\n"
        "f:3:3: battle.name: is missing; allowed: 1 to 23 letters, digits, _ and -\n"
        "f:3:9: battle.seed: \"x\" is not a whole number; allowed: a whole number, 0 to "
        "9223372036854775807\n"
        "f:5:9: market.date: \"y\" is no date; allowed: a date YYYY-MM-DD, 1970 to 2199\n");
}
END_TEST

START_TEST(no_more_than_twenty_are_listed)
{
    char text[4096] = HEAD MARKET "  instruments:\n";
    for (int i = 0; i < 30; i++)
        strcat(text, "    - {}\n");
    strcat(text, FEEDS);
    const char *said = refused(text);
    ck_assert_uint_eq(errors.count, RY_BATTLE_ERRORS_MAX);
    ck_assert_uint_eq(errors.more, 10);
    ck_assert_ptr_nonnull(strstr(said, "f: and 10 more\n"));
}
END_TEST

START_TEST(cores_must_be_there)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(2, &cores);
    struct ry_battle *battle = parse_with(HEAD MARKET ONE FEEDS "placement: {exec: 2}\n", &cores);
    ck_assert_ptr_nonnull(battle);
    ck_assert_int_eq(battle->core_exec, 2);
    free(battle);
    ck_assert_ptr_null(parse_with(HEAD MARKET ONE FEEDS "placement: {feed: [3]}\n", &cores));
    ck_assert_str_eq(errors.error[0].key, "placement.feed[0]");
    ck_assert_str_eq(errors.error[0].text, "\"3\" is no core that royale may use here; allowed: 2");
    for (unsigned core = 5; core < 800; core++)
        if (core != 9 && core % 2 == (core > 10))
            CPU_SET(core, &cores);
    CPU_SET(6, &cores);
    CPU_SET(7, &cores);
    ck_assert_ptr_null(parse_with(HEAD MARKET ONE FEEDS "placement: {exec: 3}\n", &cores));
    const char *said = errors.error[0].text;
    ck_assert_ptr_nonnull(strstr(said, "allowed: 2, 6-8, 10-11, 13, 15, "));
    ck_assert_str_eq(said + strlen(said) - 5, ", ...");
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
    ck_assert_ptr_null(ry_battle_read("/nowhere/battle.yaml", &errors));
    ck_assert_uint_eq(errors.count, 1);
    ck_assert_str_eq(errors.error[0].text, "cannot be read: No such file or directory");
    ck_assert_ptr_null(ry_battle_read("/", &errors));
    ck_assert_uint_eq(errors.count, 1);
}
END_TEST

START_TEST(many_instruments)
{
    size_t room = 1 << 20;
    char *text = malloc(room);
    char *end = text + sprintf(text, "%s", HEAD MARKET "  instruments:\n");
    for (int i = 0; i < RY_INSTRUMENTS_MAX; i++)
        end += sprintf(end, "    - {symbol: S%d}\n", i);
    strcpy(end, FEEDS);
    struct ry_battle *battle = accepted(text);
    ck_assert_uint_eq(battle->instruments, RY_INSTRUMENTS_MAX);
    ck_assert_str_eq(battle->instrument[RY_INSTRUMENTS_MAX - 1].symbol, "S16383");
    free(battle);
    free(text);
}
END_TEST

static const char *zone_near(const char *text)
{
    static char zone[RY_BATTLE_ZONE_BYTES];
    ry_battle_suggest_zone(text, zone);
    return zone;
}

START_TEST(zones_are_suggested)
{
    ck_assert_str_eq(zone_near("America/NewYork"), "America/New_York");
    ck_assert_str_eq(zone_near("america/new_york"), "America/New_York");
    ck_assert_str_eq(zone_near("New York"), "America/New_York");
    ck_assert_str_eq(zone_near("Chicgo"), "America/Chicago");
    ck_assert_str_eq(zone_near("Buenos Aires"), "America/Argentina/Buenos_Aires");
    ck_assert_str_eq(zone_near("utc"), "UTC");
    ck_assert_str_eq(zone_near("Mars/Olympus"), "");
    ck_assert_str_eq(zone_near(""), "");
}
END_TEST

static const char *date_near(const char *text)
{
    static char date[RY_BATTLE_DATE_BYTES];
    ry_battle_suggest_date(text, date);
    return date;
}

START_TEST(dates_are_suggested)
{
    ck_assert_str_eq(date_near("2026/1/5"), "2026-01-05");
    ck_assert_str_eq(date_near("20260105"), "2026-01-05");
    ck_assert_str_eq(date_near("2026-04-31"), "2026-04-30");
    ck_assert_str_eq(date_near("2025.2.29"), "2025-02-28");
    ck_assert_str_eq(date_near("5.1.2026"), "2026-01-05");
    ck_assert_str_eq(date_near("25/12/2026"), "2026-12-25");
    ck_assert_str_eq(date_near("12/25/2026"), "2026-12-25");
    static const char *const unclear[] = {
        "1/5/2026", "2026-13-01", "2026-01-32", "2026-01/05", "2026-01-05x",
        "",         "monday",     "9999-01-01", "1-2-3",      "99999999999999999999-1-1"};
    for (unsigned i = 0; i < sizeof unclear / sizeof *unclear; i++)
        ck_assert_str_eq(date_near(unclear[i]), "");
}
END_TEST

START_TEST(the_nearest_word_is_found)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, "Format");
    ck_assert(!ry_battle_nearest_offer(&nearest, "name"));
    ck_assert_str_eq(nearest.said, "");
    ck_assert(ry_battle_nearest_offer(&nearest, "form"));
    ck_assert(ry_battle_nearest_offer(&nearest, "format"));
    ck_assert(!ry_battle_nearest_offer(&nearest, "formal"));
    ck_assert_str_eq(nearest.said, ", perhaps format");
    ry_battle_nearest_begin(&nearest, "ab");
    ck_assert(!ry_battle_nearest_offer(&nearest, "c")); /* nothing of it would be left */
}
END_TEST

START_TEST(edits_are_counted)
{
    ck_assert_uint_eq(ry_battle_edit_distance("", ""), 0);
    ck_assert_uint_eq(ry_battle_edit_distance("seed", "sed"), 1);
    ck_assert_uint_eq(ry_battle_edit_distance("fromat", "format"), 1);
    ck_assert_uint_eq(ry_battle_edit_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(ry_battle_edit_distance("abc", ""), 3);
    ck_assert_uint_eq(ry_battle_edit_distance("USD", "usd"), 0);
}
END_TEST

/* Every key of the table is in the manual page; every key that is in it can be found by its name.
 */
START_TEST(the_manual_has_every_key)
{
    static char page[1 << 16];
    FILE *file = fmemopen(page, sizeof page - 1, "w");
    ry_battle_keys_print_man(file);
    fclose(file);
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        char heading[64];
        snprintf(heading, sizeof heading, ".B %s", ry_battle_keys[i].name);
        ck_assert_msg(strstr(page, heading) != NULL, "%s is not in the page", heading);
        ck_assert_ptr_eq(ry_battle_key_find(ry_battle_keys[i].section, ry_battle_keys[i].name),
                         &ry_battle_keys[i]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle");
    TCase *t = tcase_create("battle");
    tcase_add_test(t, defaults_are_those_of_the_table);
    tcase_add_test(t, everything_can_be_said);
    tcase_add_loop_test(t, each_mistake_has_its_words, 0,
                        (int)(sizeof mistakes / sizeof mistakes[0]));
    tcase_add_test(t, mistakes_come_together_in_order);
    tcase_add_test(t, no_more_than_twenty_are_listed);
    tcase_add_test(t, cores_must_be_there);
    tcase_add_test(t, a_file_that_is_not_there);
    tcase_add_test(t, many_instruments);
    tcase_add_test(t, edits_are_counted);
    tcase_add_test(t, zones_are_suggested);
    tcase_add_test(t, dates_are_suggested);
    tcase_add_test(t, the_nearest_word_is_found);
    tcase_add_test(t, the_manual_has_every_key);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
