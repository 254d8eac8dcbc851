/* ITCH 5.0: every type by its bytes, every wrong length refused. */
#include <stdlib.h>
#include <string.h>

#include "feeds/wire/itch50.h"
#include "tests/support/test.h"
#include "tests/support/wire_rig.h"

#define NS UINT64_C(34200123456789)

static struct ry_wire_itch50 decoded(const struct wire *w)
{
    struct ry_wire_itch50 out;
    ck_assert_int_eq(ry_wire_itch50_decode(w->bytes, w->length, &out), RY_WIRE_ITCH50_OK);
    return out;
}

static void check_head(const struct ry_wire_itch50 *m, char type, unsigned locate)
{
    ck_assert_int_eq(m->type, type);
    ck_assert_uint_eq(m->locate, locate);
    ck_assert_uint_eq(m->ns, NS);
}

static struct wire w;

static void fresh(void)
{
    w.length = 0;
}

START_TEST(test_add)
{
    static const char types[] = "AFP";
    for (const char *type = types; *type != '\0'; type++) {
        fresh();
        itch_add(&w, *type, 0xa1b2, NS, UINT64_C(0x0102030405060708), 'S', 0xfffefdfcu, "BRK.A",
                 0x80706050u);
        const struct ry_wire_itch50 m = decoded(&w);
        check_head(&m, *type, 0xa1b2);
        ck_assert_uint_eq(m.ref, UINT64_C(0x0102030405060708));
        ck_assert_uint_eq(m.side, RY_SELL);
        ck_assert_uint_eq(m.shares, 0xfffefdfcu);
        ck_assert_mem_eq(m.symbol, "BRK.A   ", 8);
        ck_assert_uint_eq(m.price, 0x80706050u);
        w.bytes[19] = 'B';
        ck_assert_uint_eq(decoded(&w).side, RY_BUY);
    }
}
END_TEST

START_TEST(test_order_messages)
{
    fresh();
    itch_executed(&w, 3, NS, 77, 1234567);
    struct ry_wire_itch50 m = decoded(&w);
    check_head(&m, 'E', 3);
    ck_assert(m.ref == 77 && m.shares == 1234567 && m.price == 0 && m.match == ITCH_MATCH);
    fresh();
    itch_executed_price(&w, 3, NS, 78, 9, 'N', 123);
    m = decoded(&w);
    check_head(&m, 'C', 3);
    ck_assert(m.ref == 78 && m.shares == 9 && m.code == 'N' && m.price == 123 &&
              m.match == ITCH_MATCH);
    fresh();
    itch_cancel(&w, 4, NS, 79, 10);
    m = decoded(&w);
    check_head(&m, 'X', 4);
    ck_assert(m.ref == 79 && m.shares == 10);
    fresh();
    itch_delete(&w, 4, NS, 80);
    m = decoded(&w);
    check_head(&m, 'D', 4);
    ck_assert(m.ref == 80 && m.shares == 0);
    fresh();
    itch_replace(&w, 4, NS, 81, 82, 11, 12);
    m = decoded(&w);
    check_head(&m, 'U', 4);
    ck_assert(m.ref == 81 && m.ref_new == 82 && m.shares == 11 && m.price == 12);
}
END_TEST

START_TEST(test_other_messages)
{
    fresh();
    itch_cross(&w, 5, NS, UINT64_C(5000000000), "AAPL", 1234500);
    struct ry_wire_itch50 m = decoded(&w);
    check_head(&m, 'Q', 5);
    ck_assert(m.shares == UINT64_C(5000000000) && m.price == 1234500 && m.match == ITCH_MATCH);
    ck_assert_mem_eq(m.symbol, "AAPL    ", 8);
    fresh();
    itch_system(&w, NS, 'Q');
    m = decoded(&w);
    check_head(&m, 'S', 0);
    ck_assert_int_eq(m.code, 'Q');
    fresh();
    itch_directory(&w, 9, NS, "ZVZZT");
    m = decoded(&w);
    check_head(&m, 'R', 9);
    ck_assert_mem_eq(m.symbol, "ZVZZT   ", 8);
    fresh();
    itch_action(&w, 9, NS, "ZVZZT", 'P');
    m = decoded(&w);
    check_head(&m, 'H', 9);
    ck_assert_int_eq(m.code, 'P');
    ck_assert_mem_eq(m.symbol, "ZVZZT   ", 8);
    fresh();
    itch_operational_halt(&w, 9, NS, "ZVZZT", 'H');
    m = decoded(&w);
    check_head(&m, 'h', 9);
    ck_assert_int_eq(m.code, 'H');
    ck_assert_mem_eq(m.symbol, "ZVZZT   ", 8);
    fresh();
    itch_trade(&w, 9, NS, 5, "ZVZZT", 100, UINT64_C(0x0102030405060708));
    ck_assert_uint_eq(decoded(&w).match, UINT64_C(0x0102030405060708));
    fresh();
    itch_broken_trade(&w, 9, NS, UINT64_C(0x0102030405060708));
    m = decoded(&w);
    check_head(&m, 'B', 9);
    ck_assert_uint_eq(m.match, UINT64_C(0x0102030405060708));
}
END_TEST

/* What announces a state without being one. */
START_TEST(test_announcements)
{
    fresh();
    itch_breaker(&w, NS, '2');
    struct ry_wire_itch50 m = decoded(&w);
    check_head(&m, 'W', 0);
    ck_assert_int_eq(m.code, '2');
    fresh();
    itch_collar(&w, 9, NS, "ZVZZT", 100, 90, 110);
    m = decoded(&w);
    check_head(&m, 'J', 9);
    ck_assert_mem_eq(m.symbol, "ZVZZT   ", 8);
    ck_assert(m.price == 100 && m.price_low == 90 && m.price_high == 110);
    fresh();
    itch_ipo(&w, 9, NS, "ZVZZT", 36000, 'C', 120000);
    m = decoded(&w);
    check_head(&m, 'K', 9);
    ck_assert_mem_eq(m.symbol, "ZVZZT   ", 8);
    ck_assert(m.release_s == 36000 && m.code == 'C' && m.price == 120000);
}
END_TEST

/* Lengths from the specification, not from the table under test. */
static const struct {
    char type;
    unsigned length;
} specification[] = {
    {'S', 12}, {'R', 39}, {'H', 25}, {'Y', 20}, {'L', 26}, {'V', 35}, {'W', 12}, {'K', 28},
    {'J', 35}, {'h', 21}, {'A', 36}, {'F', 40}, {'E', 31}, {'C', 36}, {'X', 23}, {'D', 19},
    {'U', 35}, {'P', 44}, {'Q', 40}, {'B', 19}, {'I', 50}, {'N', 20}, {'O', 48},
};
#define TYPES (sizeof specification / sizeof specification[0])

START_TEST(test_every_length)
{
    ck_assert_uint_eq(TYPES, RY_WIRE_ITCH50_TYPES_COUNT);
    for (unsigned i = 0; i < TYPES; i++) {
        const unsigned length = specification[i].length;
        struct ry_wire_itch50 out;
        fresh();
        itch_other(&w, specification[i].type, length);
        if (strchr("AFP", specification[i].type) != NULL)
            w.bytes[19] = 'B';
        if (specification[i].type == 'C')
            w.bytes[31] = 'Y';
        ck_assert_uint_eq(ry_wire_itch50_length((uint8_t)specification[i].type), length);
        ck_assert_int_eq(ry_wire_itch50_index((uint8_t)specification[i].type), (int)i);
        ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, length, &out), RY_WIRE_ITCH50_OK);
        ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, length + 1, &out),
                         RY_WIRE_ITCH50_BAD_LENGTH);
        for (unsigned shorter = 0; shorter < length; shorter++) {
            uint8_t *exact = wire_room(shorter);
            memcpy(exact, w.bytes, shorter);
            ck_assert_int_eq(ry_wire_itch50_decode(exact, shorter, &out), RY_WIRE_ITCH50_SHORT);
            free(exact);
        }
    }
}
END_TEST

START_TEST(test_unknown_types)
{
    unsigned known = 0;
    struct ry_wire_itch50 out;
    fresh();
    wire_zeros(&w, 64);
    for (unsigned type = 0; type < 256; type++) {
        w.bytes[0] = (uint8_t)type;
        if (ry_wire_itch50_length((uint8_t)type) != 0) {
            known++;
            continue;
        }
        ck_assert_int_eq(ry_wire_itch50_index((uint8_t)type), -1);
        ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, 40, &out), RY_WIRE_ITCH50_UNKNOWN_TYPE);
    }
    ck_assert_uint_eq(known, TYPES);
}
END_TEST

START_TEST(test_bad_fields)
{
    struct ry_wire_itch50 out;
    fresh();
    itch_add(&w, 'A', 1, NS, 1, 'b', 1, "A", 1);
    ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, w.length, &out), RY_WIRE_ITCH50_BAD_FIELD);
    fresh();
    itch_executed_price(&w, 1, NS, 1, 1, 'y', 1);
    ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, w.length, &out), RY_WIRE_ITCH50_BAD_FIELD);
    fresh();
    itch_delete(&w, 1, RY_WIRE_ITCH50_NS_MAX, 1);
    ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, w.length, &out), RY_WIRE_ITCH50_BAD_FIELD);
    fresh();
    itch_delete(&w, 1, RY_WIRE_ITCH50_NS_MAX - 1, 1);
    ck_assert_int_eq(ry_wire_itch50_decode(w.bytes, w.length, &out), RY_WIRE_ITCH50_OK);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("wire_itch50");
    TCase *tcase = tcase_create("bytes");
    tcase_add_test(tcase, test_add);
    tcase_add_test(tcase, test_order_messages);
    tcase_add_test(tcase, test_other_messages);
    tcase_add_test(tcase, test_announcements);
    tcase_add_test(tcase, test_every_length);
    tcase_add_test(tcase, test_unknown_types);
    tcase_add_test(tcase, test_bad_fields);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
