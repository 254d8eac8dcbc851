/* The checker against liars: what it lets through is true, by a judge that knows no grammar. */
#include "tests/support/explain_model.h"
#include "tests/support/explain_rig.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#define RECORDS   2000
#define SENTENCES 5  /* drawn of each */
#define LIES      12 /* made of each sentence */
#define LIKE      4  /* other records that each sentence is tried on */

static enum ry_explain_verdict verdict(const struct ry_explain_grammar *grammar, const char *text)
{
    struct ry_explain_checked checked;
    ry_explain_check(&checked, grammar, text, strlen(text));
    return checked.verdict;
}

struct counts {
    unsigned sentences, lies, passed, foreign, foreign_passed;
};

/* What is tried passes only if it is true; counts what passed. */
static void try(const struct ry_explain_record *record, const struct ry_explain_grammar *grammar,
                const char *text, unsigned *passed)
{
    if (verdict(grammar, text) != RY_EXPLAIN_TRUE)
        return;
    const char *end = text + strlen(text), *from = text + strspn(text, " \n\r\t");
    while (end > from && strchr(" \n\r\t", end[-1]) != NULL)
        end--;
    ck_assert_msg(ry_test_explain_true(record, from, (size_t)(end - from)), "passed: %s", text);
    ++*passed;
}

static void lie_about(const struct ry_explain_record *record,
                      const struct ry_explain_grammar *grammar, const char *sentence,
                      struct ry_test_rng *rng, struct counts *counts)
{
    for (unsigned i = 0; i < LIES; i++) {
        char text[2 * RY_EXPLAIN_SENTENCE_BYTES];
        snprintf(text, sizeof text, "%s", sentence);
        for (unsigned n = 1 + ry_test_rng_below(rng, 2); n > 0; n--)
            (void)explain_mutate(text, record, rng);
        counts->lies++;
        try(record, grammar, text, &counts->passed);
    }
}

/* A sentence that is true of one record, said of another. */
static void lie_with_the_truth(const struct ry_explain_record *record, const char *sentence,
                               struct ry_test_rng *rng, struct counts *counts)
{
    static struct ry_explain_grammar grammar;
    for (unsigned i = 0; i < LIKE; i++) {
        struct ry_explain_record other;
        explain_record_like(&other, record, rng);
        if (!ry_explain_grammar(&grammar, &other))
            continue;
        counts->foreign++;
        try(&other, &grammar, sentence, &counts->foreign_passed);
    }
}

START_TEST(no_lie_passes)
{
    static struct ry_explain_grammar grammar;
    struct ry_test_rng rng = {20260105};
    struct counts counts = {0};
    for (unsigned i = 0; i < RECORDS; i++) {
        struct ry_explain_record record;
        explain_record(&record, &rng);
        if (!ry_explain_grammar(&grammar, &record))
            continue;
        for (unsigned k = 0; k < SENTENCES; k++) {
            char sentence[RY_EXPLAIN_SENTENCE_BYTES];
            explain_draw(sentence, &grammar, &rng);
            ck_assert_msg(verdict(&grammar, sentence) == RY_EXPLAIN_TRUE, "refused: %s", sentence);
            ck_assert_msg(ry_test_explain_true(&record, sentence, strlen(sentence)), "false: %s",
                          sentence);
            counts.sentences++;
            lie_about(&record, &grammar, sentence, &rng, &counts);
            lie_with_the_truth(&record, sentence, &rng, &counts);
        }
    }
    printf("# %u sentences; %u changed ones, of which %u are still true and passed; %u said of "
           "other records, %u passed\n",
           counts.sentences, counts.lies, counts.passed, counts.foreign, counts.foreign_passed);
    ck_assert_uint_ge(counts.lies, 100000);
    ck_assert_uint_ge(counts.foreign, 30000);
    /* Most change the meaning, some do not: both happen, else nothing was tried. */
    ck_assert_uint_lt(counts.passed, counts.lies / 5);
    ck_assert_uint_gt(counts.foreign_passed, 0);
}
END_TEST

/* ---- lies by name ---------------------------------------------------------------------------- */

static const char *const truths[] = {
    "maker-1 sold 15 lots of RYA at 100.2500; maker-1 was the maker of the trade.",
    "maker-1's sell order 12 was filled for 15 lots of RYA at 100.2500; 37 lots had been ahead of "
    "the order at its price; maker-1 earned a rebate of 0.3; after it 25 lots of the order "
    "remained unfilled.",
    "At 09:30:01.25 EST maker-1 sold 15 lots of RYA at 100.2500; the price was above the order's "
    "limit of 100.2000.",
    " \nmaker-1 sold 15 lots of RYA at 100.2500; the price was better than the order's limit of "
    "100.2000.\n",
    "maker-1 sold 15 lots of RYA at 100.2500; 37 lots had been ahead of the order and 52 lots of "
    "others traded at its price, more than had been ahead.",
    "maker-1 sold 15 lots of RYA at 100.2500; maker-1 was then short 15 lots of RYA.",
};

#define SOLD "maker-1 sold 15 lots of RYA at 100.2500"

static const char *const lies[] = {
    "",
    ".",
    SOLD,
    SOLD ".",
    SOLD ";",
    SOLD "; .",
    /* fields in each other's place */
    "maker-1 sold 15 lots of RYA at 100.2000; the order's limit was 100.2000.",
    SOLD "; the order's limit was 100.2500.",
    "maker-1 sold 25 lots of RYA at 100.2500; after it 15 lots of the order remained unfilled.",
    SOLD "; 52 lots had been ahead of the order at its price.",
    SOLD "; while the order waited, 37 lots of others traded at its price.",
    "RYA sold 15 lots of maker-1 at 100.2500; the order's limit was 100.2000.",
    /* side and liquidity */
    "maker-1 bought 15 lots of RYA at 100.2500; maker-1 was the maker of the trade.",
    SOLD "; maker-1 was the taker of the trade.",
    SOLD "; maker-1 took liquidity as the taker.",
    SOLD "; maker-1 earned a rebate of 0.3; maker-1 then held 15 lots of RYA.",
    /* comparisons */
    SOLD "; the price was below the order's limit of 100.2000.",
    SOLD "; the price was equal to the order's limit of 100.2000.",
    SOLD "; the price was exactly the order's limit of 100.2000.",
    SOLD "; 37 lots had been ahead of the order and 52 lots of others traded at its price, fewer "
         "than had been ahead.",
    SOLD "; the fill was the whole of the 40 lots ordered.",
    /* negations */
    "maker-1 sold not 15 lots of RYA at 100.2500; the order's limit was 100.2000.",
    "maker-1's sell order 12 was not filled for 15 lots of RYA at 100.2500; maker-1 was the maker "
    "of the trade.",
    SOLD "; nothing of the order was left open.",
    SOLD "; after it 25 lots of the order stayed open.", /* an IOC's rest does not */
    /* units and numbers */
    "maker-1 sold 15 dollars of RYA at 100.2500; the order's limit was 100.2000.",
    "maker-1 sold 15 lots of RYA for 100.2500; the order's limit was 100.2000.",
    "maker-1 sold 1 5 lots of RYA at 100.2500; the order's limit was 100.2000.",
    "maker-1 sold 15 lots of RYA at 100.25001; the order's limit was 100.2000.",
    "maker-1 sold 15 lots of RYA at 100.2500100.2000; the order's limit was 100.2000.",
    "maker-1 sold fifteen lots of RYA at 100.2500; the order's limit was 100.2000.",
    "maker-1 sold \xef\xbc\x91\xef\xbc\x95 lots of RYA at 100.2500; the order's limit was 100.2000.",
    "m\xd0\xb0ker-1 sold 15 lots of RYA at 100.2500; the order's limit was 100.2000.",
    SOLD "; maker-1 earned a rebate of -0.3.",
    SOLD "; maker-1 paid a fee of 0.3.",
    SOLD "; the fill came 1.25 s after the order had arrived.",
    /* more than a sentence, and what no field says */
    SOLD "; the order's limit was 100.2000. The market fell.",
    SOLD " because the market fell; the order's limit was 100.2000.",
    SOLD "; the order's limit was 100.2000, so it was a good trade.",
    "Probably maker-1 sold 15 lots of RYA at 100.2500; the order's limit was 100.2000.",
    SOLD "; the order's limit was about 100.2000.",
    SOLD "; the order's limit was 100.2000; the order's limit was 100.2000.",
    "Sure! " SOLD "; the order's limit was 100.2000.",
    "\"" SOLD "; the order's limit was 100.2000.\"",
    SOLD "; maker-1 was then short 15 lots of RYA; maker-1 was the maker of the trade; the order's "
         "limit was 100.2000; the fill came 1.25 ms after the order had arrived.",
};

START_TEST(truths_pass)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    explain_record_fixed(&record);
    ck_assert(ry_explain_grammar(&grammar, &record));
    ck_assert_int_eq(verdict(&grammar, truths[_i]), RY_EXPLAIN_TRUE);
}
END_TEST

START_TEST(lies_do_not)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    explain_record_fixed(&record);
    ck_assert(ry_explain_grammar(&grammar, &record));
    ck_assert_msg(verdict(&grammar, lies[_i]) != RY_EXPLAIN_TRUE, "%s", lies[_i]);
}
END_TEST

/* The judge of the other test is none if it believes everything, or nothing. */
START_TEST(judge_tells_them_apart)
{
    struct ry_explain_record record;
    unsigned believed = 0;
    explain_record_fixed(&record);
    for (unsigned i = 0; i < sizeof lies / sizeof *lies; i++)
        believed += ry_test_explain_true(&record, lies[i], strlen(lies[i]));
    ck_assert_uint_eq(believed, 2); /* a detail said twice, and one too many: true all the same */
    const char *other = "maker-1 sold 15 lots of RYA at 100.25; the order's limit was 100.2.";
    ck_assert(ry_test_explain_true(&record, other, strlen(other)));
}
END_TEST

/* A byte 0, and what no sentence can be. */
START_TEST(bytes_are_no_sentence)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    struct ry_explain_checked checked;
    char text[4096];
    explain_record_fixed(&record);
    ck_assert(ry_explain_grammar(&grammar, &record));
    int bytes = snprintf(text, sizeof text, "%s%c%s", truths[0], 0, truths[0]);
    ry_explain_check(&checked, &grammar, text, (size_t)bytes);
    ck_assert_int_eq(checked.verdict, RY_EXPLAIN_OTHER);
    memset(text, 'm', sizeof text);
    ry_explain_check(&checked, &grammar, text, sizeof text);
    ck_assert_int_eq(checked.verdict, RY_EXPLAIN_OTHER);
    ry_explain_check(&checked, &grammar, SOLD "; the or", strlen(SOLD "; the or"));
    ck_assert_int_eq(checked.verdict, RY_EXPLAIN_CUT);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("explain_check");
    TCase *t = tcase_create("check");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, truths_pass, 0, sizeof truths / sizeof *truths);
    tcase_add_loop_test(t, lies_do_not, 0, sizeof lies / sizeof *lies);
    tcase_add_test(t, judge_tells_them_apart);
    tcase_add_test(t, bytes_are_no_sentence);
    tcase_add_test(t, no_lie_passes);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
