#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/log.h"

static struct ry_ring_writer writer;
static struct ry_ring_reader reader;
static struct ry_log_record record;

static void new_log(uint64_t slots)
{
    /* lives as long as the test */
    void *memory = aligned_alloc(RY_ISOLATION, ry_ring_footprint(slots));
    ry_ring_create(&writer, memory, slots);
    ck_assert_int_eq(ry_ring_join(&reader, memory, ry_ring_footprint(slots)), 0);
}

/* The next line as text in a static buffer. */
static const char *next_text(void)
{
    static char text[RY_LOG_TEXT_MAX + 1];
    ck_assert_int_eq(ry_log_next(&reader, &record), 1);
    ck_assert_uint_le(record.length, RY_LOG_TEXT_MAX);
    memcpy(text, record.text, record.length);
    text[record.length] = '\0';
    return text;
}

START_TEST(lines_come_in_order)
{
    new_log(64);
    ck_assert_int_eq(ry_log_next(&reader, &record), 0);
    ry_log(&writer, RY_LOG_WARN, "gap of %d at %s", 7, "feed0");
    ry_log(&writer, RY_LOG_ERROR, "second\n");
    ry_log(&writer, RY_LOG_DEBUG, "%s", "");
    ck_assert_str_eq(next_text(), "gap of 7 at feed0");
    ck_assert_int_eq(record.level, RY_LOG_WARN);
    ck_assert_int_gt(record.wall_ns, 0);
    ck_assert_str_eq(next_text(), "second");
    ck_assert_int_eq(record.level, RY_LOG_ERROR);
    ck_assert_str_eq(next_text(), "");
    ck_assert_int_eq(ry_log_next(&reader, &record), 0);
}
END_TEST

START_TEST(each_length_to_the_limit)
{
    new_log(64);
    char line[RY_LOG_TEXT_MAX + 2];
    for (size_t length = 0; length <= RY_LOG_TEXT_MAX; length++) {
        memset(line, 'a' + (int)(length % 26), length);
        line[length] = '\0';
        ry_log(&writer, RY_LOG_INFO, "%s", line);
        ck_assert_uint_eq(ry_ring_written(&writer) - ry_ring_next(&reader),
                          (16 + length + 55) / 56);
        ck_assert_str_eq(next_text(), line);
    }
}
END_TEST

START_TEST(a_long_line_is_cut_and_marked)
{
    new_log(64);
    char line[2000], wanted[RY_LOG_TEXT_MAX + 1];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    memset(wanted, 'x', RY_LOG_TEXT_MAX);
    strcpy(wanted + RY_LOG_TEXT_MAX - strlen(RY_LOG_CUT), RY_LOG_CUT);
    ry_log(&writer, RY_LOG_INFO, "%s", line);
    ck_assert_str_eq(next_text(), wanted);
    line[RY_LOG_TEXT_MAX + 1] = '\0';
    ry_log(&writer, RY_LOG_INFO, "%s", line);
    ck_assert_str_eq(next_text(), wanted);
}
END_TEST

START_TEST(a_line_stays_one_line)
{
    new_log(64);
    ry_log(&writer, RY_LOG_INFO, "a\nb\tc\x1b[31m\x7f\xc3\xa9");
    ck_assert_str_eq(next_text(), "a b c [31m \xc3\xa9");
    ry_log(&writer, RY_LOG_INFO,
           "\x9b"
           "1m\xc2\x9b"
           "2m");
    ck_assert_str_eq(next_text(), " 1m  2m");
}
END_TEST

START_TEST(lapped_lines_are_told)
{
    new_log(64);
    for (int i = 0; i < 100; i++)
        ry_log(&writer, RY_LOG_INFO, "%d", i);
    ck_assert_int_eq(ry_log_next(&reader, &record), -1);
    ck_assert_uint_ge(reader.lost, 36);
    unsigned lines = 0;
    while (ry_log_next(&reader, &record) == 1)
        lines++;
    ck_assert_uint_eq(lines + reader.lost, 100);
}
END_TEST

START_TEST(records_are_not_trusted)
{
    new_log(64);
    struct ry_log_record false_record = {.level = 99, .length = UINT16_MAX, .wall_ns = INT64_MIN};
    memset(false_record.text, '\n', sizeof false_record.text);
    for (unsigned n = 1; n <= RY_RING_RECORD_SLOTS_MAX; n++) {
        ry_ring_write(&writer, &false_record, n);
        ck_assert_int_eq(ry_log_next(&reader, &record), 1);
        ck_assert_uint_eq(record.length, n * RY_RING_PAYLOAD - 16);
        ck_assert_uint_le(record.level, RY_LOG_DEBUG);
        ck_assert_ptr_null(memchr(record.text, '\n', record.length));
        char *text = NULL;
        size_t bytes = 0;
        FILE *file = open_memstream(&text, &bytes);
        ry_log_print(file, &record);
        fclose(file);
        ck_assert_int_eq(strncmp(text, "00:00:00.000000 DEBUG ", 22), 0);
        free(text);
    }
}
END_TEST

START_TEST(printed_form)
{
    struct ry_log_record line = {.level = RY_LOG_WARN, .length = 4, .text = "texts"};
    line.wall_ns = INT64_C(1700000000) * RY_NS_PER_SECOND + 123456789; /* 2023-11-14 22:13:20 UTC */
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    ry_log_print(file, &line);
    fclose(file);
    ck_assert_str_eq(text, "22:13:20.123456 WARN  text\n");
    free(text);
    ck_assert_str_eq(ry_log_level_name(RY_LOG_ERROR), "ERROR");
    ck_assert_str_eq(ry_log_level_name(RY_LOG_DEBUG), "DEBUG");
    ck_assert_str_eq(ry_log_level_name((enum ry_log_level)4), "?");
}
END_TEST

START_TEST(without_a_writer_to_standard_error)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    int saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    ry_log(NULL, RY_LOG_ERROR, "no region yet: %d", 5);
    dup2(saved, STDERR_FILENO);
    char text[200] = {0};
    ck_assert_int_gt((int)read(ends[0], text, sizeof text - 1), 0);
    ck_assert_str_eq(text + strlen("12:34:56.123456 "), "ERROR no region yet: 5\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_log");
    TCase *t = tcase_create("log");
    tcase_add_test(t, lines_come_in_order);
    tcase_add_test(t, each_length_to_the_limit);
    tcase_add_test(t, a_long_line_is_cut_and_marked);
    tcase_add_test(t, a_line_stays_one_line);
    tcase_add_test(t, lapped_lines_are_told);
    tcase_add_test(t, records_are_not_trusted);
    tcase_add_test(t, printed_form);
    tcase_add_test(t, without_a_writer_to_standard_error);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
