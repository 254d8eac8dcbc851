#include "tools/kafka/kafka.h"

#include <stdio.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "tools/text/exit.h"

static const struct word {
    const char *word;
    int (*run)(int argc, char **argv);
    const char *help;
} words[] = {
    {"init", ry_kafka_init_main, "make the topics, or see that they are as they should be"},
    {"verify", ry_kafka_verify_main, "compare what the topics have of a battle with its journal"},
    {"settings", ry_kafka_settings_main, "what a settings file may say"},
    {"topics", ry_kafka_topics_main, "what each topic holds"},
};
#define WORDS (sizeof words / sizeof *words)

static void print_usage(FILE *out)
{
    fputs("usage: royale kafka COMMAND [ARGUMENTS]\n", out);
    for (unsigned i = 0; i < WORDS; i++)
        fprintf(out, "  %-8s  %s\n", words[i].word, words[i].help);
    fputs("`royale kafka COMMAND --help` says more; docs/KAFKA.md all.\n", out);
}

int ry_kafka_main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return RY_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return RY_EXIT_OK;
    }
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, argv[1]);
    for (unsigned i = 0; i < WORDS; i++) {
        if (strcmp(argv[1], words[i].word) == 0)
            return words[i].run(argc - 1, argv + 1);
        (void)ry_battle_nearest_offer(&nearest, words[i].word);
    }
    fprintf(stderr, "royale kafka: no command %s%s; `royale kafka --help` lists them\n", argv[1],
            nearest.said);
    return RY_EXIT_USAGE;
}
