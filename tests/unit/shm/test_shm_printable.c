#include "tests/support/test.h"

#include <string.h>

#include "shm/printable.h"

static const struct {
    const char *before, *after;
} texts[] = {
    {"", ""},
    {"plain ~ text", "plain ~ text"},
    {"a\nb\tc\r\x7f", "a?b?c??"},
    {"\x1b[31mred\x1b]0;title\a", "?[31mred?]0;title?"},
    {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8e", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8e"},
    {"\x9b"
     "31m",
     "?31m"}, /* CSI of one byte */
    {"\xc2\x9b"
     "31m",
     "??31m"},                       /* and in UTF-8 */
    {"\xc2\xa0.", "\xc2\xa0."},      /* the first letter after them */
    {"\xe2\x80\xae.txt", "???.txt"}, /* right to left */
    {"\xc0\x8a", "??"},              /* a newline, written too long */
    {"\xe0\x80\x9b", "???"},         /* likewise */
    {"\xed\xa0\x80", "???"},         /* half of a pair */
    {"\xf4\x90\x80\x80", "????"},    /* beyond the last letter */
    {"\xff\xfe", "??"},
    {"cut \xe2\x82", "cut ??"},
    {"\xe2(\xa1", "?(?"},
};

START_TEST(what_may_be_shown)
{
    char text[64];
    strcpy(text, texts[_i].before);
    ry_make_printable(text, strlen(text), '?');
    ck_assert_str_eq(text, texts[_i].after);
}
END_TEST

/* A letter that is cut by the end of the text is not looked for behind it. */
START_TEST(nothing_behind_the_end)
{
    char text[] = "\xc3\xa9";
    ry_make_printable(text, 1, ' ');
    ck_assert_str_eq(text, " \xa9");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_printable");
    TCase *t = tcase_create("printable");
    tcase_add_loop_test(t, what_may_be_shown, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(t, nothing_behind_the_end);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
