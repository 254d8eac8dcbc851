/* The proof page: figures that are known, where they stand in it, and that no text is markup. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/proof_rig.h"
#include "tests/support/test.h"
#include "tools/proof/chart.h"
#include "tools/proof/html.h"
#include "tools/proof/reading.h"

static json_t *now, *before;
static char *page;

static void setup(void)
{
    now = ry_test_proof_report();
    before = NULL;
    page = NULL;
}

static void teardown(void)
{
    json_decref(now);
    json_decref(before);
    free(page);
}

static void make(void)
{
    free(page);
    page = ry_test_proof_page(now, before);
}

static void has(const char *text)
{
    ck_assert_msg(strstr(page, text) != NULL, "the page does not have: %s", text);
}

static void lacks(const char *text)
{
    ck_assert_msg(strstr(page, text) == NULL, "the page has: %s", text);
}

static unsigned times(const char *text)
{
    unsigned count = 0;
    for (const char *at = page; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

/* ---- words ----------------------------------------------------------------------------------- */

static const struct {
    int64_t ns;
    const char *says;
} durations[] = {
    {0, "0 ns"},          {7, "7 ns"},           {999, "999 ns"},        {1000, "1.00 µs"},
    {1239, "1.23 µs"},    {12399, "12.3 µs"},    {123999, "123 µs"},     {999999, "999 µs"},
    {1000000, "1.00 ms"}, {31000000, "31.0 ms"}, {2500000000, "2.50 s"}, {1234567890123, "1234 s"},
};

START_TEST(durations_are_said_in_their_unit)
{
    char text[RY_PROOF_NS_BYTES];
    ck_assert_str_eq(ry_proof_say_ns(text, durations[_i].ns), durations[_i].says);
}
END_TEST

START_TEST(picoseconds_and_shares_too)
{
    char text[RY_PROOF_NS_BYTES];
    ck_assert_str_eq(ry_proof_say_ppm(text, 9999), "9999 ppm");
    ck_assert_str_eq(ry_proof_say_ppm(text, 932775), "93.2 %");
    ck_assert_str_eq(ry_proof_say_ps(text, 61700), "61.7 ns");
    ck_assert_str_eq(ry_proof_say_ps(text, 999), "0.99 ns");
    ck_assert_str_eq(ry_proof_say_ps(text, 1500000), "1.50 µs");
}
END_TEST

/* ---- figures --------------------------------------------------------------------------------- */

START_TEST(figures_are_of_hot_cores_alone)
{
    ck_assert_int_eq(ry_proof_longest_ns(now), 8123);
    ck_assert_int_eq(ry_proof_stolen_ppm(now), 10);
    ck_assert_int_eq(ry_proof_interrupts(now, "battle"), 12);
    ck_assert_int_eq(ry_proof_interrupts(now, "gaps"), 20);
    ck_assert_int_eq(ry_proof_switches(now, "battle"), 7);
    ck_assert_int_eq(ry_proof_switches(now, "gaps"), -1);
    ck_assert_int_eq(ry_proof_longest_ns(NULL), -1);
}
END_TEST

START_TEST(the_cards_say_them)
{
    make();
    has("<h3>Longest gap on a hot core</h3><p class=\"figure\">8.12 µs</p>");
    has("<h3>Time taken from a hot core</h3><p class=\"figure\">10 ppm</p>");
    has("<h3>Interrupts on hot cores</h3><p class=\"figure\">12</p>");
    has("<h3>Context switches of bound processes</h3><p class=\"figure\">7</p>");
    has("<h3>Settings</h3><p class=\"figure\">1 of 3</p>");
    lacks("class=\"was\"");
}
END_TEST

START_TEST(what_makes_them_mean_less_is_said_at_once)
{
    make();
    has("Read these figures with care");
    has("<b>all</b>: this is a virtual machine");
    has("<b>rtla</b>: there is no tracefs");
    ck_assert(strstr(page, "id=\"machine\"") > strstr(page, "this is a virtual machine"));
}
END_TEST

START_TEST(every_section_has_its_figures)
{
    make();
    has("data-cpu=\"1\""); /* the machine's picture */
    has("<th scope=\"row\">exec</th><td class=\"n\">1</td><td>spin</td><td class=\"long\">a core of its own</td>");
    has("<th scope=\"row\">view</th><td class=\"n\">any</td>");
    has("<td class=\"h0\">62</td>"); /* ping-pong */
    has("<th scope=\"row\">in one last-level cache</th><td>now</td><td class=\"n\">1</td>");
    has("<td class=\"n\">98.7 ns</td>"); /* memory */
    has("<td>0 to 1</td><td>now</td><td class=\"n\">10</td><td class=\"n\">1.50 µs</td>");
    has("<th scope=\"row\">timerlat</th><td>irq</td>");
    has("local timer 9, rescheduling 3</td><td class=\"long\">ksoftirqd/1</td>");
    has("<span class=\"state s-missing\">missing</span>");
    has("put nohz_full=1 there");
    has("<code>ro quiet isolcpus=1</code>");
    has("<dt>hwloc</dt><dd><code>2.9.0</code>");
}
END_TEST

START_TEST(a_stage_is_worth_what_two_measurements_of_the_same_do_not_explain)
{
    make();
    has("<td class=\"better\">21.0 µs less with it</td>");
    has("<td class=\"n\">11/s</td><td class=\"n\">12/s</td><td>no difference</td>");
    has("<td colspan=\"5\">it has nothing set</td>");
    json_t *figure = json_array_get(
        json_object_get(json_array_get(json_object_get(now, "ablation"), 0), "figures"), 1);
    ck_assert_int_eq(json_object_set_new(figure, "without", json_integer(4)), 0);
    make();
    has("<td class=\"worse\">6/s more with it</td>");
    /* Of each measurement with all of them, whichever stage it was taken for. */
    json_t *other = ry_test_proof_json(
        "{'stage': 'swap', 'title': 'Swapping', 'why': null, 'figures': ["
        " {'name': 'longest gap', 'unit': 'ns', 'with': 9000, 'without': 8500, 'again': 31000}]}");
    ck_assert_int_eq(json_array_append_new(json_object_get(now, "ablation"), other), 0);
    make();
    lacks("21.0 µs less with it");
    has("3 measurements of the same");
    has("<a href=\"#worth\">");
}
END_TEST

/* ---- before and after ------------------------------------------------------------------------ */

static json_t *core_of(json_t *report, size_t i)
{
    return json_array_get(json_object_get(json_object_get(report, "gaps"), "cores"), i);
}

START_TEST(before_lies_under_now)
{
    before = ry_test_proof_report();
    ck_assert_int_eq(json_object_set_new(core_of(before, 1), "longest_ns", json_string("1200000")),
                     0);
    make();
    has("<p class=\"was\">before: 1.20 ms</p>");
    ck_assert_uint_eq(times("<path class=\"before\""), 2); /* a line in each core's picture */
    ck_assert_uint_eq(times("<rect class=\"now\" x="), 3);
    has("<summary>The same before</summary>");
    has("<dt>kernel line before</dt>");
}
END_TEST

START_TEST(a_bar_is_as_long_as_its_gaps_are_many)
{
    struct ry_proof_scale scale;
    ry_proof_scale_begin(&scale);
    ry_proof_scale_take(&scale, core_of(now, 0)); /* 1.5 a second, up to 3 ms */
    ck_assert_int_eq(scale.last, 7);
    ck_assert_int_eq(scale.lowest, 0);
    ry_proof_scale_take(&scale, core_of(now, 1)); /* 0.5 a second */
    ck_assert_int_eq(scale.lowest, -1);
    ck_assert_int_eq(scale.highest, 1);
}
END_TEST

/* ---- what comes from outside ----------------------------------------------------------------- */

#define HOSTILE "</title></style><script>alert(1)</script>\"onload='x' &amp; \x01"

/* Every text of the report, wherever it stands. */
static void poison(json_t *value)
{
    const char *key;
    json_t *each;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach(value, i, each) if (json_is_string(each))
            json_array_set_new(value, i, json_string(HOSTILE));
        else poison(each);
        return;
    }
    json_object_foreach(value, key, each) if (!json_is_string(each)) poison(each);
    else if (strstr(key, "_ns") == NULL && strcmp(key, "use") != 0 && strcmp(key, "state") != 0)
        json_object_set_new(value, key, json_string(HOSTILE));
}

START_TEST(no_text_becomes_markup)
{
    before = ry_test_proof_report();
    poison(now);
    poison(before);
    json_t *stage = json_array_get(json_object_get(now, "stages"), 0);
    ck_assert_int_eq(json_object_set_new(stage, "state", json_string(HOSTILE)), 0);
    make();
    lacks("<script");
    lacks("</title></style>");
    lacks("\"onload");
    lacks("\x01");
    has("&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;onload=&#39;x&#39; &amp;amp;");
    ck_assert_uint_eq(times("<title>&lt;/title&gt;"), 1);
}
END_TEST

START_TEST(nothing_is_loaded)
{
    make();
    has("content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"");
    ck_assert_uint_eq(times("http://"), times("xmlns=\"http://www.w3.org/2000/svg\"")); /* a name */
    lacks("https://");
    lacks("@import");
    lacks("url(");
    lacks("src=");
}
END_TEST

START_TEST(a_report_with_nothing_in_it_is_a_page)
{
    static const char *const lists[] = {"uses",   "versions", "meaning", "not_measured",
                                        "stages", "calls",    "memory",  "rtla",
                                        "counts", "ablation", "applied"};
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++)
        ck_assert_int_eq(json_object_set_new(now, lists[i], json_array()), 0);
    ck_assert_int_eq(json_object_set_new(now, "gaps", json_null()), 0);
    ck_assert_int_eq(json_object_set_new(now, "pingpong", json_null()), 0);
    ck_assert_int_eq(json_object_set_new(now, "plan", json_null()), 0);
    make();
    has("<p class=\"figure\">not measured</p>");
    has("Without a battle file");
    lacks("Read these figures with care");
    lacks("id=\"worth\"");
    lacks("href=\"#worth\"");
}
END_TEST

START_TEST(numbers_that_no_machine_has_are_no_crash)
{
    json_t *cpu = json_array_get(json_object_get(json_object_get(now, "machine"), "cpus"), 0);
    static const char *const keys[] = {"cpu", "core", "thread", "l3", "node", "package", "kind"};
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_int_eq(json_object_set_new(cpu, keys[i], json_integer(INT64_MAX - i)), 0);
    ck_assert_int_eq(json_object_set_new(core_of(now, 0), "ran_ns", json_string("-5")), 0);
    ck_assert_int_eq(
        json_object_set_new(core_of(now, 1), "stolen_ns", json_string("9223372036854775807")), 0);
    make();
    has("</html>");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("proof_page");
    TCase *t = tcase_create("page");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, durations_are_said_in_their_unit, 0,
                        sizeof durations / sizeof *durations);
    tcase_add_test(t, picoseconds_and_shares_too);
    tcase_add_test(t, figures_are_of_hot_cores_alone);
    tcase_add_test(t, the_cards_say_them);
    tcase_add_test(t, what_makes_them_mean_less_is_said_at_once);
    tcase_add_test(t, every_section_has_its_figures);
    tcase_add_test(t, a_stage_is_worth_what_two_measurements_of_the_same_do_not_explain);
    tcase_add_test(t, before_lies_under_now);
    tcase_add_test(t, a_bar_is_as_long_as_its_gaps_are_many);
    tcase_add_test(t, no_text_becomes_markup);
    tcase_add_test(t, nothing_is_loaded);
    tcase_add_test(t, a_report_with_nothing_in_it_is_a_page);
    tcase_add_test(t, numbers_that_no_machine_has_are_no_crash);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
