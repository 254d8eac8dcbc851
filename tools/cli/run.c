#include "tools/cli/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli/battle_export.h"
#include "tools/cli/battle_files.h"
#include "tools/cli/battle_plan.h"
#include "tools/cli/run_directory.h"
#include "tools/cli/run_fast.h"
#include "tools/cli/run_lines.h"
#include "tools/cli/run_notify.h"
#include "tools/cli/run_progress.h"
#include "tools/cli/run_result.h"
#include "tools/cli/run_screen.h"
#include "tools/cli/run_tidy.h"
#include "tools/library/lock.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/whole.h"
#include "tools/view/files.h"

#define WEB_DEFAULT "127.0.0.1:9474" /* as RY_WEB_LISTEN_DEFAULT */
#define TAIL_LINES  8                /* of the log of a role that died */

struct options {
    const char *file;
    const char *web; /* "127.0.0.1:9474"; NULL: no page */
    struct ry_cli_run_directory directory;
    bool quiet, counters, fast;
};

static bool read_directory(void *context, const char *text)
{
    return ry_cli_run_directory_is(&((struct options *)context)->directory, text);
}

static bool read_library(void *context, const char *text)
{
    return ry_cli_run_directory_in(&((struct options *)context)->directory, text);
}

static const struct ry_text_option option_table[] = {
    {.name = "dir",
     .argument = "DIR",
     .kind = RY_TEXT_READ,
     .read = read_directory,
     .help = "where journal, logs and a copy of the file go; must be new or empty;\n"
             "default ./royale-NAME-DATE-TIME, -2 and so on behind it if that is there"},
    {.name = "library",
     .argument = "DIR",
     .kind = RY_TEXT_READ,
     .read = read_library,
     .help =
         "in place of --dir: a new folder DIR/NAME-YYYYMMDDTHHMMSSZ, beside the battles before;\n"
         "DIR is made if it is not there"},
    {.name = "quiet",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, quiet),
     .help = "the result alone: no screen, no plan, no progress"},
    {.name = "fast",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, fast),
     .help =
         "all in one process and one thread, for one's own strategies: nothing isolates them from\n"
         "each other or from the market, which the result says; the same hashes. No live feed"},
    {.name = "web",
     .argument = "ADDRESS:PORT",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, web),
     .fallback = WEB_DEFAULT,
     .help = "a page of the battle while it runs, at http://ADDRESS:PORT/;\n" WEB_DEFAULT
             " if it is not said"},
    {.name = "counters",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, counters),
     .help = "with the result, what each process has counted; `royale counters DIR` prints it too"},
};

static const struct ry_text_command command = {
    .name = "royale run",
    .operand = "FILE",
    .about = "Runs the battle of a battle file and prints its result.\n",
    .ends =
        "Ctrl-C (SIGINT, SIGTERM) ends the battle in order, with its result; a second one at once.\n"
        "Exit codes: 0 ok, 1 the run failed, 2 a mistake in the arguments or in FILE, or no such file,\n"
        "3 another file, a directory or a binary is not what it should be, or the disk has no room, 4 an agent\n"
        "did not play (it crashed, left, stalled, or did not load), 5 nothing happened in trading hours, 130 and 143 stopped\n"
        "in order by SIGINT and SIGTERM. Of several the first: 1, 130 or 143, 5, 4.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* ---- the run --------------------------------------------------------------------------------- */

static FILE *in_memory(char **text, size_t *bytes)
{
    FILE *memory = open_memstream(text, bytes);
    if (memory == NULL)
        abort(); /* no memory */
    return memory;
}

struct watching {
    const struct ry_battle *battle;
    const char *directory;
    struct ry_cli_run_progress progress;
    struct ry_cli_run_screen screen;
    struct ry_cli_run_lines lines;
    struct ry_cli_run_notify notify;
    bool quiet;
    bool started;    /* said so */
    bool view_talks; /* on this terminal, where it says all that a line of progress says */
};

static bool view_lives(const struct ry_supervisor_member *roles, unsigned count)
{
    bool lives = false;
    for (unsigned i = 0; i < count; i++)
        lives |= roles[i].row->speaks && roles[i].child.pid > 0;
    return lives;
}

static void say_started(const struct ry_supervisor_member *roles, unsigned count)
{
    fputs("started:", stdout);
    for (unsigned i = 0; i < count; i++)
        printf("%s %s (process %d)", i == 0 ? "" : ",", roles[i].name, (int)roles[i].pid);
    putchar('\n');
    fflush(stdout);
}

/* A line for people about what happens meanwhile. */
static void say(void *context, const char *line)
{
    struct watching *watching = context;
    ry_cli_run_progress_end(&watching->progress);
    ry_cli_run_lines_say(&watching->lines, stderr, "%s: %s", program_invocation_short_name, line);
}

/* The battle goes on: said at once, and again in the result. */
static void say_died(void *context, const struct ry_supervisor_member *role)
{
    struct watching *watching = context;
    say(watching, role->death);
    if (role->row->number == RY_ROLE_IF_EXPORT) {
        char *how = NULL;
        size_t bytes;
        FILE *text = in_memory(&how, &bytes);
        ry_cli_export_command(text, watching->battle, watching->directory);
        fclose(text);
        ry_cli_run_lines_say(&watching->lines, stderr,
                             "royale: what it lacks can be exported by %s", how);
        free(how);
    }
}

static void show(void *context, const struct ry_supervisor_member *roles, unsigned count)
{
    struct watching *watching = context;
    ry_cli_run_notify_show(&watching->notify, roles, count);
    if (ry_cli_run_screen_gone(&watching->screen, roles, count))
        ry_cli_run_lines_release(&watching->lines);
    if (watching->quiet)
        return;
    if (watching->screen.on)
        return;
    if (!watching->started && !watching->battle->screen)
        say_started(roles, count); /* the screen's page of processes says more */
    watching->started = true;
    if (!watching->view_talks || !view_lives(roles, count))
        ry_cli_run_progress_show(&watching->progress, roles, count);
}

/* A screen, if this terminal can be one; who could expect one and gets lines is told why. */
static void choose_screen(struct watching *watching, const struct ry_cli_plan *plan)
{
    char why[RY_CLI_SCREEN_WHY_BYTES];
    watching->view_talks = isatty(STDOUT_FILENO) == 1;
    if (watching->quiet)
        return;
    if (ry_cli_run_screen_can(plan->binaries, why)) {
        ry_cli_run_screen_begin(&watching->screen);
        plan->battle->screen = watching->screen.on;
        watching->view_talks = !watching->screen.on;
    } else if (why[0] != '\0') {
        printf("no screen, lines instead: %s\n", why);
    }
}

/* The page (royale-web) is a role of the battle; how it fares stands in DIR/log. */
static int take_web(const struct options *options, const struct ry_cli_plan *plan)
{
    if (options->web == NULL)
        return RY_EXIT_OK;
    if (strlen(options->web) >= sizeof plan->battle->web)
        return ry_text_fail(RY_EXIT_USAGE, "--web=%s: an address and a port, such as " WEB_DEFAULT,
                            options->web);
    snprintf(plan->battle->web, sizeof plan->battle->web, "%s", options->web);
    return RY_EXIT_OK;
}

static void say_who_died(const struct ry_supervisor_result *result)
{
    (void)ry_text_fail(RY_EXIT_FAILED, "%s", result->text);
    if (result->culprit >= 0) {
        const struct ry_supervisor_member *role = &result->role[result->culprit];
        (void)ry_text_fail(RY_EXIT_FAILED, "the last lines of %s:", role->log.path);
        ry_supervisor_role_log_tail(&role->log, stderr, "    ", TAIL_LINES);
    }
}

static int write_result(const char *directory, const char *text, size_t bytes)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, directory, "result.txt", 0) == 0) {
        (void)fwrite(text, 1, bytes, whole.file);
        if (ry_text_whole_keep(&whole) == 0)
            return RY_EXIT_OK;
    }
    return ry_text_fail(RY_EXIT_FAILED, "%s", whole.error);
}

/* In the directory, and then on standard output: who does not read must not keep it from being
 * written. A terminal that closes is no reason to stop now. */
static int print_result(const struct options *options, const struct ry_supervisor_plan *plan,
                        const struct ry_supervisor_result *result, const struct ry_cli_pulse *pulse)
{
    char *all = NULL, *brief = NULL;
    size_t all_bytes = 0, brief_bytes = 0;
    const struct ry_cli_run_result_out out = {.all = in_memory(&all, &all_bytes),
                                              .brief = in_memory(&brief, &brief_bytes),
                                              .counters = options->counters,
                                              .pulse = *pulse};
    signal(SIGHUP, SIG_IGN);
    int code =
        ry_cli_run_result_print(&out, plan->battle, options->directory.path, result, plan->noise);
    fclose(out.all);
    fclose(out.brief);
    if (all_bytes > 0 && write_result(options->directory.path, all, all_bytes) != RY_EXIT_OK)
        code = RY_EXIT_FAILED;
    (void)fwrite(brief, 1, brief_bytes, stdout);
    free(all);
    free(brief);
    return code;
}

/* A battle that broke off: what there is of its result. */
static int finish_died(const struct options *options, const struct ry_cli_plan *plan,
                       const struct ry_supervisor_plan *what,
                       const struct ry_supervisor_result *result, const struct ry_cli_pulse *pulse)
{
    say_who_died(result);
    int code = ry_cli_run_result_died(result);
    if (code == RY_EXIT_ENVIRONMENT)
        ry_cli_run_directory_drop(&options->directory, plan, result);
    if (code == RY_EXIT_FAILED || code == RY_EXIT_EMPTY)
        (void)print_result(options, what, result, pulse);
    return code;
}

static int finish(const struct options *options, const struct ry_cli_plan *plan,
                  const struct ry_supervisor_plan *what, const struct ry_supervisor_result *result,
                  const struct ry_cli_pulse *pulse)
{
    if (result->outcome != RY_SUPERVISOR_OUTCOME_DONE)
        return finish_died(options, plan, what, result, pulse);
    if (!result->in_order) {
        return ry_text_fail(RY_EXIT_SIGNAL + result->signal,
                            "stopped by signal %d before the battle could end in order",
                            result->signal);
    }
    int code = print_result(options, what, result, pulse);
    if (result->signal != 0)
        printf("stopped by signal %d: this is the result until then\n", result->signal);
    return result->signal != 0 && code != RY_EXIT_FAILED ? RY_EXIT_SIGNAL + result->signal : code;
}

/* Of a battle that somebody stopped the journal is left for the next one of its name: he waits. */
static void tidy(struct options *options, const struct ry_cli_plan *plan,
                 const struct ry_supervisor_result *result, const struct ry_cli_pulse *pulse)
{
    if (ry_cli_export_lacks(result))
        ry_cli_run_tidy_keep(&options->directory, plan->battle);
    if (result->outcome == RY_SUPERVISOR_OUTCOME_DONE && result->signal == 0)
        ry_cli_run_tidy_after(&options->directory, plan->battle, options->quiet, pulse);
}

/* Without a view nobody else keeps room on the disk for results.json while the journal grows. */
static void keep_room(struct ry_text_whole *room, const struct options *options,
                      const struct ry_supervisor_plan *what)
{
    if (what->unwatched && what->battle->agents > 0)
        (void)ry_text_whole_open(room, options->directory.path, RY_VIEW_RESULTS_FILE,
                                 RY_VIEW_RESULTS_RESERVE);
}

static int run(struct options *options, const struct ry_cli_plan *plan)
{
    static struct ry_supervisor_result result; /* large */
    struct ry_tuning_noise noise = {.cores = 0};
    struct watching watching = {
        .battle = plan->battle, .directory = options->directory.path, .quiet = options->quiet};
    struct ry_supervisor_plan what = {
        .battle = plan->battle,
        .directory = options->directory.path,
        .binaries = plan->binaries,
        .placement = &plan->placement,
        .hooks = {.context = &watching, .progress = show, .died = say_died, .say = say},
        .noise = &noise,
    };
    signal(SIGPIPE, SIG_IGN); /* who reads the output may go; the battle goes on, its end says so */
    ry_cli_run_progress_init(&watching.progress, plan->battle, stderr);
    ry_cli_run_notify_init(&watching.notify, plan->battle, &result);
    what.unwatched = options->quiet && !watching.notify.on; /* a unit's status says who leads */
    if (!options->quiet) {
        ry_cli_plan_print(stdout, plan);
        printf("running in %s\n", options->directory.path);
        if (options->web != NULL)
            printf("page: http://%s/ until its end, then royale web %s\n", options->web,
                   options->directory.path);
    }
    choose_screen(&watching, plan);
    fflush(stdout);
    if (watching.screen.on)
        ry_cli_run_lines_hold(&watching.lines);
    struct ry_text_whole room = {.file = NULL};
    keep_room(&room, options, &what);
    ry_supervisor_run(&what, &result);
    ry_text_whole_drop(&room);
    ry_cli_run_notify_end(&watching.notify);
    ry_cli_run_screen_end(&watching.screen, result.role, result.count);
    ry_cli_run_progress_end(&watching.progress);
    ry_cli_run_lines_release(&watching.lines);
    const struct ry_cli_pulse pulse = {.beat = ry_cli_run_notify_after,
                                       .context = &watching.notify};
    int code = finish(options, plan, &what, &result, &pulse);
    ry_tuning_noise_free(&noise);
    bool written = ry_text_written(stdout); /* nobody waits for it while a journal is compressed */
    tidy(options, plan, &result, &pulse);
    written = written && ry_text_written(stdout);
    return written || code == RY_EXIT_ENVIRONMENT ? code : RY_EXIT_FAILED;
}

/* `royale queue hold --wait` sees by it that a battle runs in this folder. It goes with the
 * process; without it the battle runs all the same. */
static void share_folder(const char *directory)
{
    char folder[RY_CLI_RUN_DIRECTORY_BYTES + 4];
    snprintf(folder, sizeof folder, "%s/..", directory);
    if (ry_library_lock_share(folder) < 0)
        fprintf(stderr, "%s: %s: %s; `royale queue hold --wait` will not wait for this battle\n",
                program_invocation_short_name, folder, strerror(errno));
}

int ry_cli_run(int argc, char **argv)
{
    struct options options = {.file = NULL};
    struct ry_cli_plan plan;
    int code = ry_text_options(&command, argc, argv, &options, &options.file);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    code = ry_cli_plan_open(&plan, options.file);
    if (code == RY_EXIT_OK)
        code = ry_cli_run_fast(&plan, options.file, options.fast);
    if (code == RY_EXIT_OK &&
        ry_cli_battle_files(plan.battle, false) + ry_cli_export_files(&plan) > 0)
        code = RY_EXIT_ENVIRONMENT;
    if (code == RY_EXIT_OK)
        code = take_web(&options, &plan);
    if (code == RY_EXIT_OK)
        code = ry_cli_run_directory_make(&options.directory, &plan);
    if (code == RY_EXIT_OK) {
        share_folder(options.directory.path);
        code = ry_cli_run_tidy_before(&options.directory, plan.battle);
        if (code != RY_EXIT_OK)
            ry_cli_run_directory_drop(&options.directory, &plan, NULL);
    }
    if (code == RY_EXIT_OK)
        code = run(&options, &plan);
    ry_cli_plan_close(&plan);
    return code;
}
