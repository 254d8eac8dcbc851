/* DBN: headers and records of versions 1, 2 and 3, every truncated length refused. */
#include <stdlib.h>
#include <string.h>

#include "feeds/wire/dbn.h"
#include "feeds/wire/dbn_publishers.h"
#include "tests/support/test.h"
#include "tests/support/wire_rig.h"

static struct wire w;

static const struct dbn_symbol symbols[] = {
    {"ESH4", "17077", 20231225, 20231226},
    {"NQH4", "4294967295", 20231225, 20231227},
};

START_TEST(test_header)
{
    const unsigned version = (unsigned)_i;
    w.length = 0;
    dbn_header(&w, version, 0, 1, 0, version == 3, symbols, 2);
    struct ry_wire_dbn_prelude prelude;
    ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, w.length, &prelude), RY_WIRE_DBN_OK);
    ck_assert_uint_eq(prelude.version, version);
    ck_assert_uint_eq(prelude.metadata_bytes, w.length - 8);
    struct ry_wire_dbn_metadata m;
    ck_assert_int_eq(ry_wire_dbn_metadata(prelude.version, w.bytes + 8, prelude.metadata_bytes, &m),
                     RY_WIRE_DBN_OK);
    ck_assert_str_eq(m.dataset, "TEST.SET");
    ck_assert(m.schema == 0 && m.start == 1000 && m.end == UINT64_MAX && m.limit == 0);
    ck_assert(m.stype_in == 1 && m.stype_out == 0 && m.ts_out == (version == 3));
    ck_assert_uint_eq(m.symbol_bytes, version == 1 ? 22 : 71);
    for (unsigned i = 0; i < 2; i++) {
        struct ry_wire_dbn_mapping mapping;
        uint32_t id;
        ck_assert_int_eq(ry_wire_dbn_mapping_next(&m.mappings, &mapping), 1);
        ck_assert_uint_eq(mapping.in_length, strlen(symbols[i].in));
        ck_assert_mem_eq(mapping.in, symbols[i].in, mapping.in_length);
        ck_assert(ry_wire_dbn_instrument_id(mapping.out, mapping.out_length, &id));
        ck_assert_uint_eq(id, i == 0 ? 17077 : UINT32_MAX);
        ck_assert_uint_eq(mapping.first_day, symbols[i].first_day);
        ck_assert_uint_eq(mapping.end_day, symbols[i].end_day);
    }
    ck_assert_int_eq(ry_wire_dbn_mapping_next(&m.mappings, &(struct ry_wire_dbn_mapping){0}), 0);
}
END_TEST

START_TEST(test_header_cut)
{
    w.length = 0;
    dbn_header(&w, (unsigned)_i, 0, 1, 0, 0, symbols, 2);
    struct ry_wire_dbn_prelude prelude;
    for (size_t cut = 0; cut < 8; cut++)
        ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, cut, &prelude), RY_WIRE_DBN_SHORT);
    for (size_t cut = 0; cut < w.length - 8; cut++) {
        uint8_t *exact = wire_room(cut);
        memcpy(exact, w.bytes + 8, cut);
        struct ry_wire_dbn_metadata m;
        struct ry_wire_dbn_mapping mapping;
        int more = -1;
        if (ry_wire_dbn_metadata((uint8_t)_i, exact, cut, &m) == RY_WIRE_DBN_OK)
            while ((more = ry_wire_dbn_mapping_next(&m.mappings, &mapping)) > 0)
                ;
        ck_assert_msg(more == -1, "whole after %zu bytes", cut);
        free(exact);
    }
}
END_TEST

START_TEST(test_header_wrong)
{
    struct ry_wire_dbn_prelude prelude;
    w.length = 0;
    dbn_header(&w, 1, 0, 1, 0, 0, symbols, 1);
    for (unsigned version = 0; version < 256; version++) {
        w.bytes[3] = (uint8_t)version;
        ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, w.length, &prelude),
                         version >= 1 && version <= 3 ? RY_WIRE_DBN_OK : RY_WIRE_DBN_VERSION);
    }
    w.bytes[3] = 1;
    w.bytes[0] = 'd';
    ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, w.length, &prelude), RY_WIRE_DBN_NOT_DBN);
    w.bytes[0] = 'D';
    memcpy(w.bytes + 4, "\x67\0\0\0", 4); /* 103: less than the fixed part */
    ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, w.length, &prelude), RY_WIRE_DBN_BAD_LENGTH);
    memcpy(w.bytes + 4, "\xff\xff\xff\xff", 4);
    ck_assert_int_eq(ry_wire_dbn_prelude(w.bytes, w.length, &prelude), RY_WIRE_DBN_BAD_LENGTH);
}
END_TEST

START_TEST(test_instrument_ids)
{
    uint32_t id;
    ck_assert(ry_wire_dbn_instrument_id("0", 1, &id) && id == 0);
    ck_assert(ry_wire_dbn_instrument_id("4294967295", 10, &id) && id == UINT32_MAX);
    ck_assert(!ry_wire_dbn_instrument_id("4294967296", 10, &id));
    ck_assert(!ry_wire_dbn_instrument_id("", 0, &id));
    ck_assert(!ry_wire_dbn_instrument_id("12a", 3, &id));
    ck_assert(!ry_wire_dbn_instrument_id("00000000001", 11, &id));
}
END_TEST

START_TEST(test_mbo)
{
    const unsigned ts_out = (unsigned)_i;
    w.length = 0;
    dbn_mbo(&w,
            (struct dbn_record){.action = 'M',
                                .side = 'A',
                                .order = UINT64_C(0x1122334455667788),
                                .price = -123456789012,
                                .size = 77,
                                .ts_recv = 1703545202840352288,
                                .ts_event = 1703545202840189467,
                                .flags = 130,
                                .instrument_id = 17077},
            ts_out);
    ck_assert_uint_eq(w.length, ts_out ? 64 : 56);
    ck_assert_uint_eq(ry_wire_dbn_record_bytes(w.bytes[0]), w.length);
    struct ry_wire_dbn_mbo m;
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_OK);
    ck_assert(m.order_id == UINT64_C(0x1122334455667788) && m.price == -123456789012 &&
              m.size == 77);
    ck_assert(m.ts_recv == 1703545202840352288 && m.ts_event == 1703545202840189467);
    ck_assert(m.instrument_id == 17077 && m.flags == 130 && m.action == 'M' && m.side == RY_SELL &&
              m.sequence == 1);
    for (size_t cut = 0; cut < w.length; cut++)
        ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, cut, ts_out, &m), RY_WIRE_DBN_SHORT);
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length + 4, ts_out, &m), RY_WIRE_DBN_BAD_LENGTH);
    w.bytes[39] = 'N'; /* a modify has a side */
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_BAD_FIELD);
    w.bytes[38] = 'T'; /* an auction's trade has none */
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_OK);
    ck_assert_uint_eq(m.side, RY_SIDE_NONE);
    w.bytes[39] = 'x';
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_BAD_FIELD);
    w.bytes[39] = 'B';
    w.bytes[38] = 'x';
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_BAD_FIELD);
    w.bytes[38] = 'C';
    memset(w.bytes + 40, 0xff, 8); /* an undefined time */
    ck_assert_int_eq(ry_wire_dbn_mbo(w.bytes, w.length, ts_out, &m), RY_WIRE_DBN_BAD_FIELD);
}
END_TEST

START_TEST(test_symbol_mapping)
{
    for (unsigned version = 1; version <= 3; version++)
        for (unsigned ts_out = 0; ts_out < 2; ts_out++) {
            w.length = 0;
            dbn_symbol_mapping(&w, version, 42, "ES.FUT", "ESH4", ts_out);
            ck_assert_uint_eq(ry_wire_dbn_record_bytes(w.bytes[0]), w.length);
            struct ry_wire_dbn_symbol_mapping m;
            ck_assert_int_eq(
                ry_wire_dbn_symbol_mapping((uint8_t)version, w.bytes, w.length, ts_out, &m),
                RY_WIRE_DBN_OK);
            ck_assert(m.instrument_id == 42 && m.in_length == 6 && m.out_length == 4);
            ck_assert_mem_eq(m.in, "ES.FUT", 6);
            ck_assert_mem_eq(m.out, "ESH4", 4);
            for (size_t cut = 0; cut < w.length; cut++)
                ck_assert_int_eq(
                    ry_wire_dbn_symbol_mapping((uint8_t)version, w.bytes, cut, ts_out, &m),
                    RY_WIRE_DBN_SHORT);
        }
    ck_assert_uint_eq(ry_wire_dbn_record_bytes(3), 0);
    ck_assert_uint_eq(ry_wire_dbn_record_bytes(4), 16);
}
END_TEST

START_TEST(test_status)
{
    struct ry_wire_dbn_status m;
    w.length = 0;
    dbn_status(&w,
               (struct dbn_record){
                   .instrument_id = 17077, .publisher = 43, .ts_recv = 2000, .ts_event = 1900},
               RY_WIRE_DBN_ACTION_HALT, 'N');
    ck_assert_uint_eq(ry_wire_dbn_record_bytes(w.bytes[0]), w.length);
    ck_assert_int_eq(ry_wire_dbn_status(w.bytes, w.length, false, &m), RY_WIRE_DBN_OK);
    ck_assert(m.instrument_id == 17077 && m.publisher == 43 && m.action == 8);
    ck_assert(m.ts_recv == 2000 && m.ts_event == 1900 && m.is_trading == 'N');
    for (size_t cut = 0; cut < w.length; cut++)
        ck_assert_int_eq(ry_wire_dbn_status(w.bytes, cut, false, &m), RY_WIRE_DBN_SHORT);
    ck_assert_int_eq(ry_wire_dbn_status(w.bytes, w.length, true, &m), RY_WIRE_DBN_SHORT);
    ck_assert_int_eq(ry_wire_dbn_status(w.bytes, w.length + 8, false, &m), RY_WIRE_DBN_BAD_LENGTH);
    memset(w.bytes + 16, 0xff, 8); /* an undefined time */
    ck_assert_int_eq(ry_wire_dbn_status(w.bytes, w.length, false, &m), RY_WIRE_DBN_BAD_FIELD);
}
END_TEST

START_TEST(test_notice)
{
    static const unsigned rtypes[] = {RY_WIRE_DBN_RTYPE_ERROR, RY_WIRE_DBN_RTYPE_SYSTEM};
    for (unsigned version = 1; version <= 3; version++)
        for (unsigned i = 0; i < 2; i++) {
            struct ry_wire_dbn_notice m;
            w.length = 0;
            dbn_notice(&w, version, rtypes[i], "slow client", 7);
            ck_assert_uint_eq(ry_wire_dbn_record_bytes(w.bytes[0]), w.length);
            ck_assert_int_eq(ry_wire_dbn_notice((uint8_t)version, w.bytes, w.length, false, &m),
                             RY_WIRE_DBN_OK);
            ck_assert_uint_eq(m.text_length, 11);
            ck_assert_mem_eq(m.text, "slow client", 11);
            ck_assert_uint_eq(m.code, version == 1 ? RY_WIRE_DBN_CODE_UNSET : 7);
            for (size_t cut = 0; cut < w.length; cut++) {
                uint8_t *exact = wire_room(cut + 2); /* the rtype is the caller's to have read */
                memcpy(exact, w.bytes, cut);
                ck_assert_int_eq(ry_wire_dbn_notice((uint8_t)version, exact, cut, false, &m),
                                 RY_WIRE_DBN_SHORT);
                free(exact);
            }
        }
}
END_TEST

START_TEST(test_publishers)
{
    char text[RY_WIRE_DBN_PUBLISHER_BYTES];
    uint16_t number;
    static const struct {
        const char *name;
        uint16_t number;
        bool hidden;
    } known[] = {
        {"GLBX.MDP3.GLBX", 1, false},
        {"XNAS.ITCH.XNAS", 2, true},
        {"XNAS.ITCH", 2, true},
        {"ARCX.PILLAR", 43, true},
        {"IFEU.IMPACT.IFEU", 57, false},
        {"XEUR.EOBI.XEUR", 101, false},
        {"EQUS.ALL.XNAS", 66, true},
        {"7", 7, true},
        {"97", 97, false},
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        ck_assert_msg(ry_wire_dbn_publisher_find(known[i].name, &number), "%s", known[i].name);
        ck_assert_uint_eq(number, known[i].number);
        ck_assert_uint_eq(ry_wire_dbn_publisher(number)->number, number);
        ck_assert_uint_eq(ry_wire_dbn_publisher(number)->hidden, known[i].hidden);
    }
    ck_assert_str_eq(ry_wire_dbn_publisher_name(2, text), "XNAS.ITCH.XNAS (2)");
    ck_assert_str_eq(ry_wire_dbn_publisher_name(999, text), "unknown (999)");
    ck_assert_ptr_null(ry_wire_dbn_publisher(0));
    ck_assert_ptr_null(ry_wire_dbn_publisher(999));
    ck_assert(ry_wire_dbn_publisher_find("999", &number) && number == 999);
    static const char *const unknown[] = {"",      "XNAS",        "EQUS.ALL", "0",
                                          "65536", "99999999999", "2x"};
    for (unsigned i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        ck_assert_msg(!ry_wire_dbn_publisher_find(unknown[i], &number), "%s", unknown[i]);
}
END_TEST

START_TEST(test_schema_names)
{
    ck_assert_str_eq(ry_wire_dbn_schema_name(0), "mbo");
    ck_assert_str_eq(ry_wire_dbn_schema_name(4), "trades");
    ck_assert_str_eq(ry_wire_dbn_schema_name(11), "status");
    ck_assert_str_eq(ry_wire_dbn_schema_name(19), "bbo-1m");
    ck_assert_str_eq(ry_wire_dbn_schema_name(20), "unknown");
    ck_assert_str_eq(ry_wire_dbn_schema_name(RY_WIRE_DBN_SCHEMA_MIXED), "a live recording");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("wire_dbn");
    TCase *tcase = tcase_create("bytes");
    tcase_add_loop_test(tcase, test_header, 1, 4);
    tcase_add_loop_test(tcase, test_header_cut, 1, 4);
    tcase_add_test(tcase, test_header_wrong);
    tcase_add_test(tcase, test_instrument_ids);
    tcase_add_loop_test(tcase, test_mbo, 0, 2);
    tcase_add_test(tcase, test_symbol_mapping);
    tcase_add_test(tcase, test_status);
    tcase_add_test(tcase, test_notice);
    tcase_add_test(tcase, test_publishers);
    tcase_add_test(tcase, test_schema_names);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
