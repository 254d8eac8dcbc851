/*
 * Cards that the kernel drives: receive rings as long as the driver takes them (or as the battle
 * says), so that a burst waits in the card and is not dropped, and an interrupt for each packet at
 * once instead of after a while. Sending is left as it is: what waits there are completions.
 *
 * "ring" and "coalesce" as in tuning/ethtool.h. The kernel refuses what a driver does not know, and
 * a driver that knows frames shows a number other than 0: there one frame means at once, since 0
 * and 0 would mean never.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"

#define TEXT_BYTES 256
#define CHANGES    3

struct change {
    const char *word;
    unsigned long value;
};

/* The number behind a word: "rx 512 tx 512", tx: 512. */
static bool number_of(const char *text, const char *word, unsigned long *number)
{
    char name[32];
    int taken = 0;
    for (; sscanf(text, "%31s %lu%n", name, number, &taken) == 2; text += taken)
        if (strcmp(name, word) == 0)
            return true;
    return false;
}

/* The text with other numbers behind some of its words. */
static void with(const char *text, const struct change change[CHANGES], char want[TEXT_BYTES])
{
    char name[32];
    unsigned long number;
    int taken = 0;
    size_t used = 0;
    want[0] = 0;
    for (; used < TEXT_BYTES && sscanf(text, "%31s %lu%n", name, &number, &taken) == 2;
         text += taken) {
        for (unsigned i = 0; i < CHANGES && change[i].word != NULL; i++)
            if (strcmp(change[i].word, name) == 0)
                number = change[i].value;
        used += (size_t)snprintf(want + used, TEXT_BYTES - used, "%s%s %lu", used == 0 ? "" : " ",
                                 name, number);
    }
}

static void tell(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                 const char *interface, const char *what, const char *want)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_NIC, .gone_with_boot = true};
    snprintf(setting.path, sizeof setting.path, "%s %s", interface, what);
    snprintf(setting.want, sizeof setting.want, "%s", want);
    ry_tuning_tell_setting(host, findings, &setting);
}

static void cannot(const struct ry_tuning_findings *findings, const char *interface,
                   const char *what, int error)
{
    char path[RY_TUNING_PATH_BYTES], why[RY_TUNING_SENTENCE_BYTES];
    snprintf(path, sizeof path, "%s %s", interface, what);
    if (error == -EOPNOTSUPP)
        snprintf(why, sizeof why, "its driver has no such thing to set");
    else if (error == -ENODEV)
        snprintf(why, sizeof why, "there is no such interface (ip link lists them)");
    else
        snprintf(why, sizeof why, "it cannot be asked: %s", strerror(-error));
    ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, path, "", "", why);
}

static void look_at_ring(const struct ry_tuning_host *host,
                         const struct ry_tuning_findings *findings, const struct ry_tuning_nic *nic)
{
    char now[TEXT_BYTES], most[TEXT_BYTES], want[TEXT_BYTES];
    unsigned long rx = 0, rx_max = 0;
    int error = ry_tuning_host_nic_get(host, nic->interface, "ring", now, sizeof now);
    if (error == 0)
        error = ry_tuning_host_nic_get(host, nic->interface, "ring-max", most, sizeof most);
    if (error == 0 &&
        (!number_of(now, "rx", &rx) || !number_of(most, "rx", &rx_max) || rx_max == 0))
        error = -EOPNOTSUPP;
    if (error != 0) {
        cannot(findings, nic->interface, "ring", error);
        return;
    }
    unsigned long asked = nic->rx_ring == 0 || nic->rx_ring > rx_max ? rx_max : nic->rx_ring;
    with(now, (struct change[CHANGES]){{"rx", rx > asked ? rx : asked}}, want);
    tell(host, findings, nic->interface, "ring", want);
}

static void look_at_interrupts(const struct ry_tuning_host *host,
                               const struct ry_tuning_findings *findings,
                               const struct ry_tuning_nic *nic)
{
    char now[TEXT_BYTES], want[TEXT_BYTES];
    unsigned long frames = 0;
    int error = ry_tuning_host_nic_get(host, nic->interface, "coalesce", now, sizeof now);
    if (error != 0) {
        cannot(findings, nic->interface, "coalesce", error);
        return;
    }
    (void)number_of(now, "rx-frames", &frames);
    with(now,
         (struct change[CHANGES]){
             {"rx-usecs", 0}, {"rx-frames", frames == 0 ? 0 : 1}, {"adaptive-rx", 0}},
         want);
    tell(host, findings, nic->interface, "coalesce", want);
}

void ry_tuning_stage_nics(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    unsigned cards = 0;
    for (unsigned i = 0; i < target->nics; i++) {
        const struct ry_tuning_nic *nic = &target->nic[i];
        if (nic->vfio || nic->interface[0] == 0)
            continue;
        cards++;
        look_at_ring(host, findings, nic);
        look_at_interrupts(host, findings, nic);
    }
    if (cards == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_OK, "/sys/class/net", "", "",
                            "no card of the battle is the kernel's");
}
