/* The copy of a battle file: relative paths written out, everything else to the byte. */
#include <stdlib.h>
#include <string.h>

#include "core/battle/absolute.h"
#include "tests/support/test.h"

#define BEFORE                                                                                     \
    "# a comm\303\251nt\n"                                                                         \
    "market: {date: 2026-01-05, zone: UTC, instruments: [{symbol: A}]}\n"

static void comes_out(const char *text, const char *folder, const char *wanted)
{
    size_t bytes = 0;
    char *now = ry_battle_absolute(text, strlen(text), folder, &bytes);
    ck_assert_uint_eq(bytes, strlen(now));
    ck_assert_str_eq(now, wanted);
    free(now);
}

START_TEST(relative_paths_are_written_out)
{
    comes_out(BEFORE "feeds:\n  - {name: a, path: day.itch} # here\n  - path:   '../it''s.itch'\n",
              "/data",
              BEFORE "feeds:\n  - {name: a, path: \"/data/day.itch\"} # here\n  - path:   "
                     "\"/data/../it's.itch\"\n");
}
END_TEST

START_TEST(absolute_paths_and_names_stay)
{
    static const char text[] =
        BEFORE "feeds: [{name: a, path: /x/day.itch}]\nagents: [{name: b, strategy: noise}]\n";
    comes_out(text, "/data", text);
}
END_TEST

/* The later section may come first. */
START_TEST(strategies_with_a_slash_are_files)
{
    comes_out("agents:\n- strategy: ./mine.so\n- strategy: noise\n- strategy: sub/b.so\n"
              "feeds: [{path: d}]\n",
              "/s",
              "agents:\n- strategy: \"/s/./mine.so\"\n- strategy: noise\n- strategy: "
              "\"/s/sub/b.so\"\nfeeds: [{path: \"/s/d\"}]\n");
}
END_TEST

START_TEST(odd_characters_are_escaped)
{
    comes_out("\xef\xbb\xbf"
              "feeds:\n- path: \"a \\\"b\\\" \\t\\\\\"\n- {path: \303\274ber.itch}\n",
              "/\303\244/q\"",
              "\xef\xbb\xbf"
              "feeds:\n- path: \"/\303\244/q\\\"/a \\\"b\\\" \\x09\\\\\"\n"
              "- {path: \"/\303\244/q\\\"/\303\274ber.itch\"}\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *all = suite_create("battle_absolute");
    TCase *each = tcase_create("copy");
    tcase_add_test(each, relative_paths_are_written_out);
    tcase_add_test(each, absolute_paths_and_names_stay);
    tcase_add_test(each, strategies_with_a_slash_are_files);
    tcase_add_test(each, odd_characters_are_escaped);
    suite_add_tcase(all, each);
    return all;
}

RY_TEST_MAIN(suite)
