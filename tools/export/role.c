/* The role "export": the export of a running battle, behind exec.inputs, as its battle file says.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/role/role.h"
#include "tools/export/export.h"
#include "tools/export/sinks.h"

#define NICE 10

struct role {
    struct ry_export export;
    struct ry_export_target target;
    char out[2 * RY_BATTLE_PATH_BYTES];
    struct ry_role_link inputs, journal; /* read here */
    bool opened;
};

/* A failure that a new start would meet again. */
static int fail(struct ry_role_process *process, const char *why)
{
    process->exit_code = RY_ROLE_EXIT_FINAL;
    return ry_role_fail(process, "%s", why);
}

static void say(void *context, enum ry_log_level level, const char *line)
{
    struct ry_role_process *process = context;
    ry_role_log(process, level, "export: %s", line);
}

static enum ry_export_sinks sink_of(enum ry_battle_sink sink)
{
    return sink == RY_BATTLE_SINK_KAFKA ? RY_EXPORT_KAFKA : RY_EXPORT_JSONL;
}

/* Where cores are shared, whoever trades comes first: a thread of librdkafka may take a whole core
 * while a broker is away. Threads that are made later are as nice. */
static void give_way(struct ry_role_process *process)
{
    errno = 0;
    if (nice(NICE) == -1 && errno != 0)
        ry_role_log(process, RY_LOG_WARN, "export: cannot give way to others: %s", strerror(errno));
}

static int role_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    const struct ry_battle_export *of = &process->battle->export;
    struct ry_export *export = &role->export;
    snprintf(role->out, sizeof role->out, "%s%s%s", of->out[0] == '/' ? "" : process->directory,
             of->out[0] == '/' ? "" : "/", of->out);
    role->target = (struct ry_export_target){
        .out = role->out,
        .rotate_bytes = of->rotate_bytes,
        .config = of->config[0] == 0 ? NULL : of->config,
        .say = say,
        .context = process,
    };
    give_way(process);
    export->directory = process->directory;
    export->appliance = of->appliance[0] == 0 ? NULL : of->appliance;
    export->waits = true;
    process->counters = export->counters.value;
    process->counter_table = &ry_export_counter_table;
    ry_export_sink_make(&export->sink, sink_of((enum ry_battle_sink)of->sink));
    if (export->sink.check != NULL && export->sink.check(&export->sink, &role->target) != 0)
        return fail(process, export->sink.error);
    return 0;
}

static int role_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_join(process, &role->inputs, "exec.inputs") != 0)
        return -1;
    return ry_role_join(process, &role->journal, "journal.positions");
}

/* In the first step, not in join: the journal makes its file when it joins. */
static int start(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_export *export = &role->export;
    bool missing;
    if (ry_export_open(export, &role->target, &missing) != 0)
        return fail(process, export->error);
    role->opened = true;
    ry_follow_join(&export->follow, &role->inputs, &role->journal);
    return 0;
}

static int role_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_export *export = &role->export;
    if (!role->opened && start(process) != 0)
        return RY_ROLE_FAILED;
    unsigned did = ry_export_step(export);
    switch (export->status) {
    case RY_EXPORT_MORE: return did > 0;
    case RY_EXPORT_END: return RY_ROLE_DONE;
    case RY_EXPORT_STUCK:
        process->exit_code = RY_ROLE_EXIT_AGAIN;
        (void)ry_role_fail(process, "%s", export->error);
        break;
    case RY_EXPORT_DAMAGED: (void)fail(process, export->follow.text); break;
    case RY_EXPORT_CUT:
    case RY_EXPORT_UNNAMED:
    case RY_EXPORT_ERROR: (void)fail(process, export->error); break;
    }
    return RY_ROLE_FAILED;
}

static void role_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_export *export = &role->export;
    if (!role->opened)
        return;
    if (ry_export_close(export) != 0)
        ry_role_log(process, RY_LOG_ERROR, "export: %s", export->error);
    ry_role_log(
        process, RY_LOG_INFO, "export: %llu rows; the target has all up to row %llu of input %llu",
        (unsigned long long)export->sink.counts.rows, (unsigned long long)export->sink.durable.n,
        (unsigned long long)export->sink.durable.input);
}

int ry_export_role_main(int argc, char **argv)
{
    static const struct ry_role export_role = {
        .bytes = sizeof(struct role),
        .open = role_open,
        .join = role_join,
        .step = role_step,
        .close = role_close,
    };
    return ry_role_main(&export_role, argc, argv);
}
