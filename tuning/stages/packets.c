/*
 * Receive packet steering spreads the work on arrived packets over the CPUs of each queue's mask,
 * by interrupts from CPU to CPU; transmit packet steering says which CPUs use which queue, so whose
 * cache its lock and its completions touch. Documentation/networking/scaling.rst; the mask of
 * interfaces yet to come, from 6.3 on: Documentation/admin-guide/sysctl/net.rst,
 * "rps_default_mask".
 *
 * An empty mask means: where the interrupt came (which stage irqs sees to), and for sending: any
 * queue. So a mask of nothing but hot CPUs becomes empty. xps_cpus of a card with one queue cannot
 * be read (ENOENT) and needs nothing.
 */
#include "tuning/stages/spare.h"

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    const struct ry_tuning_findings *findings;
};

static const struct ry_tuning_cpus none;

static void tell_queue(void *context, const char *path)
{
    const struct looking *looking = context;
    ry_tuning_stages_spare(looking->host, looking->target, looking->findings,
                           &(struct ry_tuning_spare){
                               .path = path,
                               .form = RY_TUNING_MASK,
                               .rest = &none,
                               .quiet = true,
                               .gone_with_boot = true, /* a card may come after tmpfiles.d's time */
                           });
}

void ry_tuning_stage_packets(const struct ry_tuning_host *host,
                             const struct ry_tuning_target *target,
                             const struct ry_tuning_findings *findings)
{
    struct looking looking = {host, target, findings};
    ry_tuning_stages_spare(host, target, findings,
                           &(struct ry_tuning_spare){.path = "/proc/sys/net/core/rps_default_mask",
                                                     .form = RY_TUNING_MASK,
                                                     .rest = &none});
    (void)ry_tuning_host_glob(host, "/sys/class/net/*/queues/rx-*/rps_cpus", tell_queue, &looking);
    (void)ry_tuning_host_glob(host, "/sys/class/net/*/queues/tx-*/xps_cpus", tell_queue, &looking);
}
