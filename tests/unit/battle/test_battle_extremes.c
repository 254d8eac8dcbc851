/* Each number of the battle file at the ends of its range and of 64 bits: taken, or refused with
 * its range, and nothing else said. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "tests/support/test.h"

#define VALUE_BYTES 48

static struct ry_battle_errors errors;

/* The keys of a section, "KEY: VALUE, ": the one under test has `value`, others `otherwise`, or do
 * without. */
static void put_section(FILE *out, enum ry_battle_key_section section, enum ry_battle_key_id tested,
                        const char *value, const char *otherwise)
{
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        const char *says = i == tested ? value : otherwise;
        if (ry_battle_keys[i].section == section && says != NULL)
            fprintf(out, "%s: %s, ", ry_battle_keys[i].name, says);
    }
}

static const struct {
    enum ry_battle_key_section section;
    const char *begin;     /* what stands before the keys of the section */
    const char *otherwise; /* what those have that are not under test */
} sections[] = {
    {RY_BATTLE_SECTION_BATTLE, "{battle: {name: t, ", NULL},
    {RY_BATTLE_SECTION_MARKET, "}, market: {date: 2026-01-05, zone: UTC, ", NULL},
    {RY_BATTLE_SECTION_INSTRUMENT, "instruments: [{symbol: A, ", NULL},
    {RY_BATTLE_SECTION_FEED, "}]}, feeds: [{name: f, format: itch50, ", NULL},
    {RY_BATTLE_SECTION_AGENT, "}], agents: [{name: a, strategy: s, ", NULL},
    {RY_BATTLE_SECTION_RISK, "}], risk: {", "1"},
    {RY_BATTLE_SECTION_FEES, "}, fees: {", NULL},
    {RY_BATTLE_SECTION_GAME, "}, game: {", NULL},
    {RY_BATTLE_SECTION_JOURNAL, "}, journal: {", NULL},
    {RY_BATTLE_SECTION_EXPORT, "}, export: {sink: jsonl, ", NULL},
    {RY_BATTLE_SECTION_TRACE, "}, trace: {", NULL},
    {RY_BATTLE_SECTION_PLACEMENT, "}, placement: {", NULL},
};

/* What a section needs beside the key under test. */
static const char *beside(enum ry_battle_key_section section, enum ry_battle_key_id tested)
{
    if (section == RY_BATTLE_SECTION_FEED)
        return tested == RY_BATTLE_K_FEED_UDP_PORT ? "port: dpdk, device: x, " : "path: p, ";
    if (section == RY_BATTLE_SECTION_AGENT && tested != RY_BATTLE_K_AGENT_CASH)
        return "cash: 1, ";
    if (section == RY_BATTLE_SECTION_INSTRUMENT && tested == RY_BATTLE_K_INSTRUMENT_PRICE_SCALE)
        return "tick_size: 1, ";
    return "";
}

/* A battle file that is right but for that value. */
static struct ry_battle *parse(enum ry_battle_key_id tested, const char *value)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    for (unsigned i = 0; i < sizeof sections / sizeof *sections; i++) {
        fputs(sections[i].begin, out);
        fputs(beside(sections[i].section, tested), out);
        put_section(out, sections[i].section, tested, value, sections[i].otherwise);
    }
    fputs("}}\n", out);
    fclose(out);
    struct ry_battle_source source = {.directory = "/where"};
    struct ry_battle *battle = ry_battle_parse(text, bytes, &source, &errors);
    free(text);
    return battle;
}

static void takes(enum ry_battle_key_id key, const char *value)
{
    struct ry_battle *battle = parse(key, value);
    ck_assert_msg(battle != NULL, "%s: %s: %s: %s", ry_battle_keys[key].name, value,
                  errors.error[0].key, errors.error[0].text);
    free(battle);
}

static void refuses(enum ry_battle_key_id key, const char *value)
{
    char allowed[256];
    ry_battle_key_allowed(&ry_battle_keys[key], allowed, sizeof allowed);
    ck_assert_msg(parse(key, value) == NULL, "%s: %s is taken", ry_battle_keys[key].name, value);
    ck_assert_msg(errors.count == 1 && errors.more == 0, "%s: %s: %u errors",
                  ry_battle_keys[key].name, value, errors.count);
    ck_assert_msg(strstr(errors.error[0].key, ry_battle_keys[key].name) != NULL, "%s: %s: of %s",
                  ry_battle_keys[key].name, value, errors.error[0].key);
    ck_assert_msg(strstr(errors.error[0].text, allowed) != NULL, "%s: %s: %s",
                  ry_battle_keys[key].name, value, errors.error[0].text);
}

/* Whole numbers and what is counted in units of 10^-places, as one writes them. */
static const char *written(char text[VALUE_BYTES], __int128 number, unsigned places)
{
    char digits[VALUE_BYTES];
    bool negative = number < 0;
    unsigned count = 0, used = 0;
    for (number = negative ? -number : number; number > 0 || count <= places; number /= 10)
        digits[count++] = (char)('0' + (int)(number % 10));
    if (negative)
        text[used++] = '-';
    while (count > 0) {
        if (count == places && places > 0)
            text[used++] = '.';
        text[used++] = digits[--count];
    }
    text[used] = '\0';
    return text;
}

static bool is_number(enum ry_battle_key_type type, unsigned *places)
{
    *places = type == RY_BATTLE_KEY_MONEY ? 6 : type == RY_BATTLE_KEY_DURATION ? 9 : 0;
    return type == RY_BATTLE_KEY_NUMBER || type == RY_BATTLE_KEY_CORE ||
           type == RY_BATTLE_KEY_CORES || *places > 0;
}

START_TEST(the_ends_of_each_range)
{
    unsigned numbers = 0, places;
    char text[VALUE_BYTES];
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        const struct ry_battle_key *key = &ry_battle_keys[i];
        enum ry_battle_key_id id = (enum ry_battle_key_id)i;
        if (!is_number(key->type, &places))
            continue;
        numbers++;
        takes(id, written(text, key->min, places));
        if (id != RY_BATTLE_K_INSTRUMENT_PRICE_SCALE) /* there it needs a multiplier, too */
            takes(id, written(text, key->max, places));
        refuses(id, written(text, (__int128)key->min - 1, places));
        refuses(id, written(text, (__int128)key->max + 1, places));
    }
    ck_assert_uint_gt(numbers, 25);
}
END_TEST

START_TEST(the_ends_of_64_bits)
{
    static const char *const ends[] = {"9223372036854775807", "9223372036854775808",
                                       "-9223372036854775808", "18446744073709551616",
                                       "999999999999999999999999999999999999999999"};
    unsigned places;
    for (unsigned i = 0; i < RY_BATTLE_KEYS; i++) {
        const struct ry_battle_key *key = &ry_battle_keys[i];
        bool decimal = key->type == RY_BATTLE_KEY_DECIMAL;
        if (!is_number(key->type, &places) && !decimal)
            continue;
        for (unsigned k = key->max == INT64_MAX ? 1 : 0; k < sizeof ends / sizeof *ends; k++)
            refuses((enum ry_battle_key_id)i, ends[k]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle_extremes");
    TCase *t = tcase_create("numbers");
    tcase_add_test(t, the_ends_of_each_range);
    tcase_add_test(t, the_ends_of_64_bits);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
