#include "tools/cli/battle_export.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/export/counters.h"
#include "tools/text/exit.h"

#define PROGRAM_BYTES (PATH_MAX + 64)

/* A folder of the battle file is the battle's directory's, but for an absolute one. */
static bool in_directory(const struct ry_battle_export *export)
{
    return export->out[0] != '/';
}

void ry_cli_export_print(FILE *out, const struct ry_cli_plan *plan)
{
    const struct ry_battle_export *export = &plan->battle->export;
    switch ((enum ry_battle_sink) export->sink) {
    case RY_BATTLE_SINK_NONE: return;
    case RY_BATTLE_SINK_JSONL:
        fprintf(out, "export: JSON lines to %s%s, a new file from %" PRIu64 " bytes on",
                in_directory(export) ? "the battle's directory, " : "", export->out,
                export->rotate_bytes);
        if (export->appliance[0] != '\0')
            fprintf(out, ", appliance %s", export->appliance);
        break;
    case RY_BATTLE_SINK_KAFKA:
        fprintf(out, "export: Kafka, settings %s (`royale kafka init` makes the topics)",
                export->config);
        break;
    }
    fprintf(out, "; goes on %" PRIu32 " s at most when the battle is over\n", export->end_s);
}

/* `program`, which alone knows what they mean, says what is wrong with the settings in `config`.
 * False: something is. */
static bool check_settings(const char *program, const char *config)
{
    char name[] = "royale", kafka[] = "kafka", settings[] = "settings", check[] = "--check";
    char file[RY_BATTLE_PATH_BYTES];
    snprintf(file, sizeof file, "%s", config);
    char *arguments[] = {name, kafka, settings, check, file, NULL};
    pid_t pid;
    int status = -1;
    fflush(stdout);
    int failed = posix_spawn(&pid, program, NULL, NULL, arguments, environ);
    if (failed != 0)
        return ry_text_fail(false, "export: cannot execute %s: %s", program, strerror(failed));
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
        ;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == RY_EXIT_OK;
    return ry_text_fail(false, "export: config: %s could not be looked at: %s died", config,
                        program);
}

unsigned ry_cli_export_files(const struct ry_cli_plan *plan)
{
    const struct ry_battle_export *export = &plan->battle->export;
    char program[PROGRAM_BYTES];
    unsigned wrong = 0;
    if (export->sink == RY_BATTLE_SINK_NONE)
        return 0;
    snprintf(program, sizeof program, "%s/" RY_CLI_EXPORT, plan->binaries);
    if (access(program, X_OK) != 0) {
        (void)ry_text_fail(
            RY_EXIT_ENVIRONMENT,
            "export: cannot execute %s: %s; install it beside the other programs, or "
            "leave out the section export",
            program, strerror(errno));
        wrong++;
    }
    if (export->config[0] != '\0' && access(export->config, R_OK) != 0) {
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "export: config: cannot read %s: %s",
                           export->config, strerror(errno));
        wrong++;
    }
    if (wrong == 0 && export->config[0] != '\0')
        wrong += !check_settings(program, export->config);
    return wrong;
}

/* As a shell reads it back. */
static void print_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:,=+@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word != '\0'; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

void ry_cli_export_command(FILE *out, const struct ry_battle *battle, const char *directory)
{
    const struct ry_battle_export *export = &battle->export;
    char folder[2 * RY_BATTLE_PATH_BYTES];
    fputs(RY_CLI_EXPORT " --sink ", out);
    if (export->sink == RY_BATTLE_SINK_KAFKA) {
        fputs("kafka --config ", out);
        print_word(out, export->config);
    } else {
        snprintf(folder, sizeof folder, "%s%s%s", in_directory(export) ? directory : "",
                 in_directory(export) ? "/" : "", export->out);
        fputs("jsonl --out ", out);
        print_word(out, folder);
        fprintf(out, " --rotate %" PRIu64, export->rotate_bytes);
        if (export->appliance[0] != '\0') {
            fputs(" --appliance ", out);
            print_word(out, export->appliance);
        }
    }
    fputc(' ', out);
    print_word(out, directory);
}

static const struct ry_supervisor_member *exporter(const struct ry_supervisor_result *result)
{
    for (unsigned i = 0; i < result->count; i++)
        if (result->role[i].row->number == RY_ROLE_IF_EXPORT)
            return &result->role[i];
    return NULL;
}

/* Inputs up to which the target has all rows, as the exporter has said last. */
static uint64_t exported(const struct ry_supervisor_member *role)
{
    if (role->counters_count < RY_EXPORT_COUNTERS)
        return 0;
    return role->counters[RY_EXPORT_COUNTER_durable_input];
}

bool ry_cli_export_lacks(const struct ry_supervisor_result *result)
{
    const struct ry_supervisor_member *role = exporter(result);
    return role != NULL && !role->done;
}

void ry_cli_export_result(FILE *out, const struct ry_battle *battle, const char *directory,
                          const struct ry_supervisor_result *result, uint64_t inputs)
{
    const struct ry_supervisor_member *role = exporter(result);
    if (role == NULL)
        return;
    if (role->restarts > 0)
        fprintf(out, "export: started again %u time%s, see %s\n", role->restarts,
                role->restarts == 1 ? "" : "s", role->log.path);
    if (role->done) {
        fprintf(out, "export: complete, the target has all rows of the battle's %" PRIu64 " inputs",
                inputs);
        if (role->restarts == 0 && role->counters_count >= RY_EXPORT_COUNTERS)
            fprintf(out, ", %" PRIu64 " rows", role->counters[RY_EXPORT_COUNTER_rows]);
        fputc('\n', out);
        return;
    }
    const uint64_t there = exported(role);
    fprintf(out,
            "warning: the export is not complete: the target has the rows of the first %" PRIu64
            " of %" PRIu64 " inputs, as far as is known;\n  the others are exported by ",
            there < inputs ? there : inputs, inputs);
    ry_cli_export_command(out, battle, directory);
    fputc('\n', out);
}
