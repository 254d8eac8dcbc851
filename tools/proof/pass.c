#include "tools/proof/pass.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/proof/figures.h"

#define SECOND_NS   INT64_C(1000000000)
#define PERCENT     100
#define RTLA_ROOM_S 20 /* rtla counts in whole seconds: with less time than this it has none */

/* What each probe may take, in percent of the pass. Of a brief one gaps have what is left. */
#define GAPS_SHARE     54
#define PINGPONG_SHARE 14
#define MEMORY_SHARE   16
#define CALL_SHARE     3 /* each of syscall, futex, IPI */
#define RTLA_SHARE     3 /* each of its tools */

static int64_t share(const struct ry_proof_pass *pass, int percent)
{
    return pass->time_ns / PERCENT * percent;
}

static void say(const struct ry_proof_pass *pass, const char *what, int64_t time_ns)
{
    char line[128];
    const unsigned cores = ry_tuning_cpus_count(&pass->cores);
    if (pass->asked->say == NULL)
        return;
    snprintf(line, sizeof line, "measuring %s on %u core%s, %lld.%lld s", what, cores,
             cores == 1 ? "" : "s", (long long)(time_ns / SECOND_NS),
             (long long)(time_ns % SECOND_NS / (SECOND_NS / 10)));
    pass->asked->say(line);
}

/* Between two looks at what the kernel counts. */
static void measure_gaps_of(const struct ry_proof_pass *pass, json_t *part, int64_t time_ns)
{
    const struct ry_probe_gaps_asked asked = {.cores = pass->cores, .time_ns = time_ns};
    struct ry_probe_gaps_result gaps;
    struct ry_tuning_noise noise;
    say(pass, "gaps", time_ns);
    struct ry_tuning_noise_look *before =
        ry_tuning_noise_look(pass->asked->host, &pass->cores, NULL, 0);
    const bool measured = ry_probe_gaps(&asked, &gaps) == 0;
    struct ry_tuning_noise_look *after =
        ry_tuning_noise_look(pass->asked->host, &pass->cores, NULL, 0);
    if (measured) {
        ry_proof_figures_gaps(part, &gaps);
        ry_probe_gaps_free(&gaps);
    } else
        ry_proof_figures_lacks(part, "gaps", "no memory");
    if (before != NULL && after != NULL && ry_tuning_noise_between(&noise, before, after)) {
        ry_proof_figures_noise(part, "gaps", &noise);
        ry_tuning_noise_free(&noise);
    } else
        ry_proof_figures_lacks(part, "counts", "no memory");
    ry_tuning_noise_forget(before);
    ry_tuning_noise_forget(after);
}

static void lacks_other(const struct ry_proof_pass *pass, json_t *part, const char *what)
{
    char why[96];
    snprintf(why, sizeof why, "CPU %d is alone: there is no other core to measure it with",
             ry_tuning_cpus_next(&pass->cores, 0));
    ry_proof_figures_lacks(part, what, why);
}

/* Hot cores first, while those that keep house are free for everybody else, as in a battle: were
 * all filled at once, all that the machine has to do besides would have to come to a hot core. */
static void measure_gaps(const struct ry_proof_pass *pass, json_t *part, int64_t time_ns)
{
    struct ry_proof_pass turn[2] = {*pass, *pass};
    ry_tuning_cpus_both(&turn[0].cores, &pass->cores, &pass->asked->target->hot);
    ry_tuning_cpus_without(&turn[1].cores, &pass->cores, &turn[0].cores);
    const bool both =
        ry_tuning_cpus_count(&turn[0].cores) > 0 && ry_tuning_cpus_count(&turn[1].cores) > 0;
    for (unsigned i = 0; i < 2; i++) {
        json_t *figures = ry_proof_figures();
        if (ry_tuning_cpus_count(&turn[i].cores) > 0)
            measure_gaps_of(&turn[i], figures, both ? time_ns / 2 : time_ns);
        ry_proof_figures_join(part, figures);
        json_decref(figures);
    }
}

/* Two cores between which calls are measured: hot ones as far as there are any. */
static void two_cores(const struct ry_proof_pass *pass, int core[2])
{
    struct ry_tuning_cpus hot, rest;
    ry_tuning_cpus_both(&hot, &pass->cores, &pass->asked->target->hot);
    ry_tuning_cpus_without(&rest, &pass->cores, &hot);
    core[0] = ry_tuning_cpus_next(&hot, 0);
    if (core[0] < 0)
        core[0] = ry_tuning_cpus_next(&rest, 0);
    ry_tuning_cpus_drop(&hot, (unsigned)core[0]);
    ry_tuning_cpus_drop(&rest, (unsigned)core[0]);
    core[1] = ry_tuning_cpus_next(&hot, 0);
    if (core[1] < 0)
        core[1] = ry_tuning_cpus_next(&rest, 0);
}

static void measure_calls(const struct ry_proof_pass *pass, json_t *part)
{
    const int64_t time_ns = share(pass, CALL_SHARE);
    struct {
        struct ry_probe_syscall_result call;
        struct ry_probe_futex_result futex;
        struct ry_probe_ipi_result ipi;
    } *result = calloc(1, sizeof *result);
    int core[2];
    two_cores(pass, core);
    if (result == NULL || core[0] < 0) {
        ry_proof_figures_lacks(part, "calls", result == NULL ? "no memory" : "there is no core");
        free(result);
        return;
    }
    say(pass, "calls", 3 * time_ns);
    const struct ry_probe_syscall_asked call = {.core = (unsigned)core[0], .time_ns = time_ns};
    (void)ry_probe_syscall(&call, &result->call);
    ry_proof_figures_syscall(part, call.core, &result->call);
    if (core[1] < 0) {
        lacks_other(pass, part, "calls, futex");
        lacks_other(pass, part, "calls, ipi");
    } else {
        const struct ry_probe_futex_asked futex = {
            .waker = call.core, .sleeper = (unsigned)core[1], .time_ns = time_ns};
        const struct ry_probe_ipi_asked ipi = {
            .from = call.core, .to = (unsigned)core[1], .time_ns = time_ns};
        (void)ry_probe_futex(&futex, &result->futex);
        ry_proof_figures_futex(part, &futex, &result->futex);
        (void)ry_probe_ipi(&ipi, &result->ipi);
        ry_proof_figures_ipi(part, &ipi, &result->ipi);
    }
    free(result);
}

static void measure_pingpong(const struct ry_proof_pass *pass, json_t *part)
{
    const struct ry_probe_pingpong_asked asked = {.cores = pass->cores,
                                                  .time_ns = share(pass, PINGPONG_SHARE)};
    struct ry_probe_pingpong_result result;
    say(pass, "distances", asked.time_ns);
    if (ry_tuning_cpus_count(&pass->cores) < 2)
        lacks_other(pass, part, "pingpong");
    else if (ry_probe_pingpong(&asked, &result) != 0)
        ry_proof_figures_lacks(part, "pingpong", "no memory");
    else {
        ry_proof_figures_pingpong(part, &result);
        ry_probe_pingpong_free(&result);
    }
}

/* A core of each node, and every node's memory. */
static void measure_memory(const struct ry_proof_pass *pass, json_t *part)
{
    const struct ry_tuning_machine *machine = &pass->asked->target->machine;
    struct ry_probe_memory_asked asked = {.cache_bytes = machine->l3_bytes,
                                          .time_ns = share(pass, MEMORY_SHARE)};
    const unsigned max = sizeof asked.node / sizeof *asked.node;
    struct ry_probe_memory_result *result = calloc(1, sizeof *result);
    uint64_t seen = 0, of_core = 0; /* nodes, a bit each */
    for (unsigned i = 0; i < machine->cpus; i++) {
        const struct ry_tuning_cpu *cpu = &machine->cpu[i];
        const uint64_t bit = UINT64_C(1) << cpu->node % RY_TUNING_NODES_MAX;
        if (!(seen & bit) && asked.nodes < max)
            asked.node[asked.nodes++] = cpu->node;
        seen |= bit;
        if (ry_tuning_cpus_has(&pass->cores, cpu->cpu) && !(of_core & bit) && asked.cores < max) {
            asked.core[asked.cores].core = cpu->cpu;
            asked.core[asked.cores++].node = cpu->node;
            of_core |= bit;
        }
    }
    say(pass, "memory", asked.time_ns);
    if (result == NULL || ry_probe_memory(&asked, result) != 0)
        ry_proof_figures_lacks(part, "memory", "no memory");
    else
        ry_proof_figures_memory(part, result);
    free(result);
}

static void measure_rtla(const struct ry_proof_pass *pass, json_t *part)
{
    static const enum ry_probe_rtla_tool tools[] = {RY_PROBE_RTLA_TIMERLAT, RY_PROBE_RTLA_OSNOISE};
    struct ry_probe_rtla_result *result = calloc(1, sizeof *result);
    for (unsigned i = 0; result != NULL && i < 2; i++) {
        struct ry_probe_rtla_asked asked = {.tool = tools[i],
                                            .host = pass->asked->host,
                                            .cores = pass->cores,
                                            .time_ns = share(pass, RTLA_SHARE)};
        if (pass->time_ns < RTLA_ROOM_S * SECOND_NS) {
            snprintf(result->why, sizeof result->why, "it needs more time: --seconds %lld",
                     (long long)(RTLA_ROOM_S * (pass->asked->time_ns / pass->time_ns)));
            result->ran = false;
        } else {
            asked.time_ns = asked.time_ns < SECOND_NS ? SECOND_NS : asked.time_ns;
            (void)ry_probe_rtla(&asked, result);
        }
        ry_proof_figures_rtla(part, tools[i], result);
    }
    free(result);
}

json_t *ry_proof_pass_run(const struct ry_proof_pass *pass)
{
    json_t *part = ry_proof_figures();
    if (pass->asked->brief) {
        measure_gaps(pass, part, share(pass, PERCENT - 3 * CALL_SHARE));
        measure_calls(pass, part);
        return part;
    }
    measure_gaps(pass, part, share(pass, GAPS_SHARE));
    measure_calls(pass, part);
    measure_pingpong(pass, part);
    measure_memory(pass, part);
    measure_rtla(pass, part);
    return part;
}
