/* The command line: one table, read and printed. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

struct options {
    bool loud;
    const char *out;
    uint64_t levels;
    char letter;
};

static bool read_letter(void *context, const char *text)
{
    struct options *options = context;
    options->letter = text[0];
    return text[0] != 0 && text[1] == 0;
}

static const struct ry_text_option table[] = {
    {.name = "loud",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, loud),
     .help = "more"},
    {.name = "out",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help = "where to,\nin two lines"},
    {.name = "levels",
     .argument = "N",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, levels),
     .min = 2,
     .max = 10,
     .help = "2 to 10"},
    {.name = "letter", .argument = "C", .kind = RY_TEXT_READ, .read = read_letter, .help = "one"},
};

static struct ry_text_command command = {
    .name = "royale test",
    .operand = "DIR",
    .about = "Does nothing.\n",
    .ends = "Ends.\n",
    .option = table,
    .options = sizeof table / sizeof *table,
};

static char said[4096], complained[4096];

/* What goes to a descriptor while `run` runs. */
static void capture(int descriptor, char *text, void (*run)(void *), void *context)
{
    char path[] = "/tmp/royale-test-XXXXXX";
    int file = mkstemp(path), kept = dup(descriptor);
    ck_assert_int_ge(file, 0);
    fflush(NULL);
    dup2(file, descriptor);
    run(context);
    fflush(NULL);
    dup2(kept, descriptor);
    close(kept);
    ssize_t bytes = pread(file, text, sizeof said - 1, 0);
    text[bytes > 0 ? bytes : 0] = 0;
    close(file);
    unlink(path);
}

struct call {
    char *argv[12];
    int argc, code;
    struct options options;
    const char *operand;
};

static void read_them(void *context)
{
    struct call *call = context;
    call->code = ry_text_options(&command, call->argc, call->argv, &call->options, &call->operand);
}

static void read_quietly(void *context)
{
    capture(STDERR_FILENO, complained, read_them, context);
}

static struct call with(const char *words)
{
    static char copy[256];
    struct call call = {.options = {.levels = 5}};
    snprintf(copy, sizeof copy, "test %s", words);
    char *rest = copy;
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (word[0] != 0)
            call.argv[call.argc++] = word;
    capture(STDOUT_FILENO, said, read_quietly, &call);
    return call;
}

START_TEST(test_read)
{
    struct call call = with("--levels 7 --loud d --out=f --letter x");
    ck_assert_int_eq(call.code, RY_EXIT_OK);
    ck_assert(call.options.loud);
    ck_assert_uint_eq(call.options.levels, 7);
    ck_assert_str_eq(call.options.out, "f");
    ck_assert_int_eq(call.options.letter, 'x');
    ck_assert_str_eq(call.operand, "d");
    call = with("e");
    ck_assert_int_eq(call.code, RY_EXIT_OK);
    ck_assert_uint_eq(call.options.levels, 5);
    ck_assert(!call.options.loud && call.options.out == NULL);
    ck_assert_str_eq(call.operand, "e");
    ck_assert_str_eq(said, "");
    ck_assert_str_eq(complained, "");
}
END_TEST

START_TEST(test_refuse)
{
    static const struct {
        const char *words, *reason;
    } cases[] = {
        {"--levels 1 d", "royale test: --levels 1: must be a whole number, 2 to 10\n"},
        {"--levels 11 d", "must be a whole number"},
        {"--levels -3 d", "must be a whole number"},
        {"--levels 3x d", "must be a whole number"},
        {"--levels 99999999999999999999 d", "must be a whole number"},
        {"--letter xy d", "royale test: --letter does not understand xy\n"},
        {"--nonsense d", "unrecognized option"},
        {"d --levels", "requires an argument"},
        {"", "royale test: there must be one DIR\n"},
        {"d e", "royale test: there must be one DIR\n"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(with(cases[i].words).code, RY_EXIT_USAGE);
        ck_assert_msg(strstr(complained, cases[i].reason) != NULL, "%s", complained);
        static const char see[] = "see `royale test --help`\n";
        const char *line = strchr(complained, '\n');
        ck_assert_msg(line != NULL && strcmp(line + 1, see) == 0, "%s", complained);
        ck_assert_str_eq(said, "");
    }
    command.operand = NULL;
    ck_assert_int_eq(with("d").code, RY_EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(complained, "royale test takes options alone\n"));
    ck_assert_int_eq(with("").code, RY_EXIT_OK);
    command.operand = "DIR";
    command.many = true;
    ck_assert_int_eq(with("--loud d e f").code, RY_EXIT_OK);
    ck_assert_int_eq(optind, 2);
    command.many = false;
}
END_TEST

START_TEST(test_help)
{
    static const char *const asks[] = {"--help", "-h", "--levels 7 --help d e"};
    for (unsigned i = 0; i < sizeof asks / sizeof *asks; i++) {
        ck_assert_int_eq(with(asks[i]).code, RY_TEXT_HELPED);
        ck_assert_str_eq(complained, "");
        ck_assert_str_eq(said,
                         "usage: royale test [--loud] [--out FILE] [--levels N] [--letter C] DIR\n"
                         "Does nothing.\n"
                         "  --loud      more\n"
                         "  --out FILE  where to,\n"
                         "              in two lines\n"
                         "  --levels N  2 to 10\n"
                         "  --letter C  one\n"
                         "  --help      this\n"
                         "Ends.\n");
    }
}
END_TEST

/* A command without options, of which no more is to be said. */
START_TEST(test_bare)
{
    command.option = NULL;
    command.options = 0;
    command.operand = command.ends = NULL;
    ck_assert_int_eq(with("--help").code, RY_TEXT_HELPED);
    ck_assert_str_eq(said, "usage: royale test\nDoes nothing.\n  --help  this\n");
    ck_assert_int_eq(with("").code, RY_EXIT_OK);
    ck_assert_int_eq(with("--loud").code, RY_EXIT_USAGE);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("text_options");
    TCase *c = tcase_create("options");
    tcase_add_test(c, test_read);
    tcase_add_test(c, test_refuse);
    tcase_add_test(c, test_help);
    tcase_add_test(c, test_bare);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
