#include "tools/cli/queue.h"

#include <stddef.h>
#include <stdio.h>

#include "tools/cli/verb.h"
#include "tools/queue/queue.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

#define WAIT_S_MAX (30u * 86400u)

struct options {
    const char *battles, *state, *why;
    bool direct, anew, json;
    uint64_t wait_s;
};

#define NOT_TO_WAIT UINT64_MAX

#define OPTION_BATTLES                                                                             \
    .name = "battles", .argument = "DIR", .kind = RY_TEXT_WORD,                                    \
    .offset = offsetof(struct options, battles),                                                   \
    .help = "the folder of battle files; " RY_QUEUE_BATTLES " if it is not given"
#define OPTION_STATE                                                                               \
    .name = "state", .argument = "DIR", .kind = RY_TEXT_WORD,                                      \
    .offset = offsetof(struct options, state),                                                     \
    .help = "the folder of the hold, of how far the queue is, and of the library,\n"               \
            "DIR/" RY_QUEUE_LIBRARY "; " RY_QUEUE_STATE " if it is not given"
#define OPTION_JSON                                                                                \
    .name = "json", .kind = RY_TEXT_FLAG, .offset = offsetof(struct options, json),                \
    .help = "as JSON; royale-queue(8) has its fields"

static const struct ry_text_option run_options[] = {
    {.name = "anew",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, anew),
     .help = "all battles, also those that a queue that was interrupted has done"},
    {.name = "direct",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, direct),
     .help = "battles are processes of the queue, not units of systemd"},
    {OPTION_BATTLES},
    {OPTION_STATE},
};
static const struct ry_text_option hold_options[] = {
    {.name = "wait",
     .argument = "SECONDS",
     .kind = RY_TEXT_NUMBER,
     .offset = offsetof(struct options, wait_s),
     .max = WAIT_S_MAX,
     .help = "until no battle runs, so long at most"},
    {.name = "why",
     .argument = "TEXT",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, why),
     .help = "for those who ask"},
    {OPTION_STATE},
};
static const struct ry_text_option release_options[] = {{OPTION_STATE}};
static const struct ry_text_option status_options[] = {
    {OPTION_JSON}, {OPTION_BATTLES}, {OPTION_STATE}};
static const struct ry_text_option list_options[] = {{OPTION_JSON}, {OPTION_BATTLES}};

#define TABLE(table) .option = (table), .options = sizeof(table) / sizeof *(table)

static int do_run(const struct ry_queue *queue, const struct options *options)
{
    return ry_queue_run(queue, options->anew);
}

static int do_hold(const struct ry_queue *queue, const struct options *options)
{
    return ry_queue_hold(queue, options->why,
                         options->wait_s == NOT_TO_WAIT ? -1 : (long)options->wait_s);
}

static int do_release(const struct ry_queue *queue, const struct options *options)
{
    (void)options;
    return ry_queue_release(queue);
}

static int do_status(const struct ry_queue *queue, const struct options *options)
{
    return ry_queue_status(queue, options->json);
}

static int do_list(const struct ry_queue *queue, const struct options *options)
{
    return ry_queue_list(queue, options->json);
}

static const struct verb {
    const char *name;
    int (*run)(const struct ry_queue *queue, const struct options *options);
    struct ry_text_command command;
} verbs[] = {
    {"run",
     do_run,
     {.name = "royale queue run",
      .about =
          "Runs the battles of the battle files NAME.yaml, one after the other in the order of their names,\n"
          "each as systemd's unit royale@NAME. One that fails is said, and the next begins. A queue that was\n"
          "held, stopped or killed goes on with the battles whose end it has not seen.\n",
      .ends =
          "SIGTERM ends the queue; a battle that is a unit goes on, one of --direct ends in order.\n"
          "Exit codes: 0 all battles have ended, 1 some of them failed, 2 wrong arguments, 3 it cannot run, or\n"
          "another one does, 8 held, and battles are left, 143 stopped.\n",
      TABLE(run_options)}},
    {"hold",
     do_hold,
     {.name = "royale queue hold",
      .about =
          "From now on no battle begins: not by the queue, not as royale@NAME, not through royale-web's API.\n"
          "Those that run go on.\n",
      .ends =
          "Exit codes: 0 held, and with --wait no battle runs, 2 wrong arguments, 3 it cannot be held, or what\n"
          "runs cannot be told, 7 held, and a battle still runs after SECONDS, 130 held, and stopped from waiting.\n",
      TABLE(hold_options)}},
    {"release",
     do_release,
     {.name = "royale queue release",
      .about =
          "Battles begin again. royale-queue.service, if the hold has interrupted it, goes on.\n",
      .ends =
          "Exit codes: 0 released, or it was not held, 2 wrong arguments, 3 it cannot be released.\n",
      TABLE(release_options)}},
    {"status",
     do_status,
     {.name = "royale queue status",
      .about = "Whether battles are held, what runs, and how far the queue is.\n",
      .ends = "Exit codes: 0 ok, 2 wrong arguments, 3 a folder cannot be read.\n",
      TABLE(status_options)}},
    {"list",
     do_list,
     {.name = "royale queue list",
      .about = "The battles of the queue in their order.\n",
      .ends = "Exit codes: 0 ok, 2 wrong arguments, 3 a folder cannot be read.\n",
      TABLE(list_options)}},
};
#define VERBS (sizeof verbs / sizeof *verbs)

static void print_usage(FILE *out)
{
    fputs("usage: royale queue COMMAND [OPTIONS]\n"
          "  run      battles one after the other\n"
          "  hold     no battle begins any more; --wait: and none runs\n"
          "  release  battles begin again\n"
          "  status   what is held, what runs, how far the queue is\n"
          "  list     the battles in their order\n"
          "`royale queue COMMAND --help` and royale-queue(8) say more.\n",
          out);
}

static const char *verb_name(unsigned verb)
{
    return verbs[verb].name;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct options options = {
        .battles = RY_QUEUE_BATTLES, .state = RY_QUEUE_STATE, .wait_s = NOT_TO_WAIT};
    const int code = ry_text_options(&verb->command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    const struct ry_queue queue = {
        .battles = options.battles, .state = options.state, .direct = options.direct};
    return verb->run(&queue, &options);
}

int ry_cli_queue(int argc, char **argv)
{
    const struct ry_cli_verbs all = {"queue", verb_name, VERBS, print_usage};
    unsigned verb;
    const int code = ry_cli_verb(&all, argc, argv, &verb);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    return run_verb(&verbs[verb], argc - 1, argv + 1);
}
