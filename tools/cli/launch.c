#include "tools/cli/launch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/battle/nearest.h"
#include "tools/cli/battle_plan.h"
#include "tools/text/exit.h"

#define PATH_BYTES (PATH_MAX + 64)
/* The programs of a build lie so many folders below the source tree, at most. */
#define FOLDERS_UP 4

#define FIRST_MAX 3

/* What another program is started with. */
struct as {
    const char *name;             /* argv[0], which its messages begin with: what was typed */
    const char *first[FIRST_MAX]; /* before what stands behind our argv[0]; NULL: no more */
    const char *without;          /* of which this is left out; NULL: nothing */
};

static char *copied(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        abort(); /* no memory */
    return copy;
}

/* This process becomes `program`. Returns only if that fails. */
static int become(const char *program, const struct as *as, int argc, char **argv)
{
    char *copy[1 + FIRST_MAX] = {copied(as->name)};
    char **list = calloc((size_t)argc + 1 + FIRST_MAX, sizeof *list);
    int count = 1;
    if (list == NULL)
        abort(); /* no memory */
    for (; count <= FIRST_MAX && as->first[count - 1] != NULL; count++)
        copy[count] = copied(as->first[count - 1]);
    memcpy(list, copy, (size_t)count * sizeof *list);
    for (int i = 1; i < argc; i++)
        if (as->without == NULL || strcmp(argv[i], as->without) != 0)
            list[count++] = argv[i];
    execv(program, list);
    int why = errno;
    for (unsigned i = 0; i < sizeof copy / sizeof *copy; i++)
        free(copy[i]);
    free(list);
    errno = why;
    return -1;
}

/* This process becomes the program `name`, one of those that royale starts. */
static int become_program(const char *name, const struct as *as, int argc, char **argv)
{
    char folder[PATH_MAX], program[PATH_BYTES];
    int code = ry_cli_place(RY_PLACE_PROGRAMS, folder);
    if (code != RY_EXIT_OK)
        return code;
    snprintf(program, sizeof program, "%s/%s", folder, name);
    (void)become(program, as, argc, argv);
    return ry_text_fail(RY_EXIT_ENVIRONMENT,
                        "cannot execute %s: %s; it is a part of royale: install it among the other "
                        "programs, or say where they lie with ROYALE_LIBEXEC",
                        program, strerror(errno));
}

static int export(const struct as *as, int argc, char **argv)
{
    return become_program(RY_CLI_EXPORT, as, argc, argv);
}

int ry_cli_trace(int argc, char **argv)
{
    static const struct as as = {.name = "royale trace"};
    return become_program("royale-trace", &as, argc, argv);
}

int ry_cli_top(int argc, char **argv)
{
    static const struct as as = {.name = "royale top"};
    return become_program("royale-top", &as, argc, argv);
}

int ry_cli_web(int argc, char **argv)
{
    static const struct as as = {.name = "royale web"};
    return become_program("royale-web", &as, argc, argv);
}

int ry_cli_export_html(int argc, char **argv)
{
    static const struct as as = {.name = "royale export html", .first = {"--html"}};
    if (argc > 1 && strcmp(argv[1], "html") == 0)
        return become_program("royale-web", &as, argc - 1, argv + 1);
    const bool helps = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (argc > 1 && !helps)
        return ry_text_fail(RY_EXIT_USAGE,
                            "export: there is no %s to export to, only html; rows go out by "
                            "`royale-export`, or the section export of the battle file",
                            argv[1]);
    fputs(
        "usage: royale export html [--out FILE] DIR\n"
        "The finished battle in DIR as one page in one file; `royale export html --help` says more.\n",
        helps ? stdout : stderr);
    return helps ? RY_EXIT_OK : RY_EXIT_USAGE;
}

int ry_cli_explain(int argc, char **argv)
{
    static const struct as as = {.name = "royale explain"};
    return become_program("royale-explain", &as, argc, argv);
}

int ry_cli_kafka(int argc, char **argv)
{
    static const struct as as = {.name = "royale kafka", .first = {"kafka"}};
    return export(&as, argc, argv);
}

int ry_cli_league(int argc, char **argv)
{
    static const struct as as = {.name = "royale league", .first = {"league"}};
    return export(&as, argc, argv);
}

static bool says(int argc, char **argv, const char *option)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], option) == 0)
            return true;
    return false;
}

/* Whether an option of `royale tail DIR` is said: "--from=5" and "--fr 5" are --from, as
 * getopt_long reads them. */
static bool is_option(const char *said, const char *name)
{
    size_t length = strcspn(said, "=");
    return length > strlen("--") && strncmp(said, "--", 2) == 0 &&
           strncmp(said + 2, name, length - 2) == 0;
}

static bool is_number(const char *text)
{
    return text[0] != 0 && text[strspn(text, "0123456789")] == 0;
}

/* What `royale tail DIR`, which only reads, is not to be told. NULL: nothing of that kind. */
static const char *not_of_a_directory(int argc, char **argv)
{
    static const char *const others[] = {"config", "brokers", "topic",    "battle",
                                         "count",  "json",    "until-end"};
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *value = strchr(argv[i], '=');
        value = value != NULL ? value + 1 : i + 1 < argc ? argv[i + 1] : "";
        if (is_option(argv[i], "sink"))
            return "--sink";
        if (is_option(argv[i], "from") && strlen(argv[i]) > strlen("--f") && !is_number(value))
            return "--from that is not a number";
        for (unsigned o = 0; o < sizeof others / sizeof *others; o++)
            if (is_option(argv[i], others[o]))
                return argv[i];
    }
    return NULL;
}

static int tail_directory(int argc, char **argv)
{
    static const struct as as = {.name = "royale tail", .first = {"--sink", "jsonl", "--follow"}};
    const char *other = not_of_a_directory(argc, argv);
    if (other == NULL)
        return export(&as, argc, argv);
    if (strcmp(other, "--sink") == 0)
        return ry_text_fail(RY_EXIT_USAGE,
                            "tail: --sink: it prints rows and sends them nowhere; `royale-export "
                            "--sink kafka DIR` does that");
    return ry_text_fail(RY_EXIT_USAGE,
                        "tail: %s is for rows from Kafka's topics: `royale tail --kafka [OPTIONS]`",
                        other);
}

int ry_cli_tail(int argc, char **argv)
{
    static const struct as kafka = {.name = "royale tail", .first = {"tail"}, .without = "--kafka"};
    if (says(argc, argv, "--kafka"))
        return export(&kafka, argc, argv);
    if (argc > 1 && !says(argc, argv, "--help") && !says(argc, argv, "-h"))
        return tail_directory(argc, argv);
    fputs(
        "usage: royale tail [OPTIONS] DIR\n"
        "       royale tail --kafka [OPTIONS]\n"
        "Prints the rows of a battle as they come, one JSON object a line: of the battle in DIR, finished or\n"
        "running, until it ends; or what all battles write to Kafka's topics.\n"
        "  --agent NAME         rows with this agent in them alone\n"
        "  --instrument SYMBOL  rows of this instrument alone\n"
        "  --type ROW,..        rows of these names alone: fill,reject; `royale rows` lists them\n"
        "  --from SEQ           of DIR: leave out the rows of inputs before number SEQ\n"
        "Other OPTIONS: those of royale-export that print; `royale-export --help`, `royale tail --kafka --help`\n"
        "list them.\n",
        argc > 1 ? stdout : stderr);
    return argc > 1 ? RY_EXIT_OK : RY_EXIT_USAGE;
}

/* ---- dev ------------------------------------------------------------------------------------- */

/* The script, where it is installed, or in the source tree that the programs were built in. */
static bool find_script(const char *programs, char path[PATH_BYTES])
{
    char up[3 * FOLDERS_UP + 1] = "";
    snprintf(path, PATH_BYTES, "%s/kafka.sh", programs);
    if (access(path, X_OK) == 0)
        return true;
    for (unsigned i = 0; i < FOLDERS_UP; i++) {
        strcat(up, "/..");
        snprintf(path, PATH_BYTES, "%s%s/tools/dev/kafka.sh", programs, up);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static int dev_kafka(int argc, char **argv)
{
    char folder[PATH_MAX], script[PATH_BYTES];
    int code = ry_cli_place(RY_PLACE_PROGRAMS, folder);
    if (code != RY_EXIT_OK)
        return code;
    if (!find_script(folder, script))
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "there is no script kafka.sh: neither in %s, where `make install` "
                            "puts it, nor tools/dev/kafka.sh of a source tree above",
                            folder);
    const struct as as = {.name = script};
    (void)become(script, &as, argc, argv);
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot execute %s: %s", script, strerror(errno));
}

int ry_cli_dev(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "kafka") == 0)
        return dev_kafka(argc - 1, argv + 1);
    bool helps = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (argc > 1 && !helps) {
        struct ry_battle_nearest nearest;
        ry_battle_nearest_begin(&nearest, argv[1]);
        (void)ry_battle_nearest_offer(&nearest, "kafka");
        return ry_text_fail(RY_EXIT_USAGE, "dev: nothing is called %s%s; `royale dev --help`",
                            argv[1], nearest.said);
    }
    fputs(
        "usage: royale dev kafka up|down|status [OPTIONS]\n"
        "For trying things out on this machine. kafka: Apache Kafka on 127.0.0.1, with nothing to set up.\n"
        "`royale dev kafka --help` says more.\n",
        helps ? stdout : stderr);
    return helps ? RY_EXIT_OK : RY_EXIT_USAGE;
}
