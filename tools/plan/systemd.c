#include "tools/plan/systemd.h"

#include <string.h>

#include "tuning/machine.h"

/* ---- cores ----------------------------------------------------------------------------------- */

static void put_places(FILE *out, const struct ry_tuning_placement *placement)
{
    const char *before = " ";
    for (unsigned i = 0; i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        if (process->core < 0)
            continue;
        fprintf(out, "%s%s to %d", before, process->name, process->core);
        before = ", ";
    }
}

static void put_cores(FILE *out, const struct ry_tuning_placement *placement)
{
    char house[RY_TUNING_CPUS_TEXT_BYTES];
    if (placement->oversubscribed || ry_tuning_cpus_count(&placement->house) == 0) {
        fprintf(out,
                "# %u cores are too few for a core for each hot process: all share all of them, "
                "CPUAffinity= stays away.\n",
                placement->cores);
        return;
    }
    (void)ry_tuning_cpus_list(&placement->house, house);
    fputs("# The supervisor begins with the house and binds the others:", out);
    put_places(out, placement);
    fprintf(out, ".\nCPUAffinity=%s\nEnvironment=" RY_TUNING_HOUSE_VARIABLE "=%s\n", house, house);
}

static void put_partition(FILE *out, const struct ry_tuning_placement *placement)
{
    bool enter = false;
    for (unsigned i = 0; i < placement->count; i++)
        enter |= placement->process[i].enter;
    if (enter)
        fputs("# Cores lie in an isolated partition, whose cgroup processes enter.\n"
              "ProtectControlGroups=no\n",
              out);
}

/* ---- feeds ----------------------------------------------------------------------------------- */

static bool is_vdev(const char *device, const char *driver)
{
    return strncmp(device, driver, strlen(driver)) == 0;
}

static void put_feed(FILE *out, const struct ry_battle_feed *feed, unsigned index)
{
    if (feed->port != RY_BATTLE_PORT_DPDK || feed->device[0] == '\0')
        return;
    const char *device = feed->device;
    const bool packet = is_vdev(device, "net_af_packet") || is_vdev(device, "net_tap"),
               xdp = is_vdev(device, "net_af_xdp");
    if (packet || xdp) {
        fprintf(out,
                "# feed%u reads a network interface through the kernel.\n"
                "CapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN%s\n"
                "RestrictAddressFamilies=AF_PACKET AF_NETLINK%s\n%s",
                index, xdp ? " CAP_BPF CAP_SYS_RESOURCE" : "", xdp ? " AF_XDP" : "",
                xdp ? "SystemCallFilter=bpf\n" : "DeviceAllow=/dev/net/tun rw\n");
    } else if (!is_vdev(device, "net_")) {
        fprintf(out,
                "# feed%u reads the network card %s.\n"
                "DeviceAllow=/dev/vfio/vfio rw\nDeviceAllow=char-vfio rw\n",
                index, device);
    } else {
        return;
    }
    fputs("# A live market goes on after a failure.\nRestartForceExitStatus=1\n", out);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool lies_in(const char *path, const char *folder)
{
    const size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* What a path of the battle needs; each line once. */
struct files {
    bool home, temporary;
};

static void look_at(struct files *files, const char *path)
{
    files->home |= lies_in(path, "/home") || lies_in(path, "/root") || lies_in(path, "/run/user");
    files->temporary |= lies_in(path, "/tmp") || lies_in(path, "/var/tmp");
}

/* As one word, whatever is in it, systemd.syntax(7). */
static void put_word(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if (*text == '%')
            fputc('%', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_files(FILE *out, const struct ry_battle *battle)
{
    struct files files = {.home = false};
    for (unsigned i = 0; i < battle->feeds; i++)
        look_at(&files, battle->feed[i].path);
    for (unsigned i = 0; i < battle->agents; i++)
        look_at(&files, battle->agent[i].strategy);
    look_at(&files, battle->export.config);
    look_at(&files, battle->export.out);
    if (files.home)
        fputs("# Files of the battle lie in homes.\nProtectHome=read-only\n", out);
    if (files.temporary)
        fputs("# Files of the battle lie in /tmp.\nPrivateTmp=no\n", out);
    if (battle->export.out[0] == '/') {
        fputs("# Rows are exported there.\nReadWritePaths=", out);
        put_word(out, battle->export.out);
        fputc('\n', out);
    }
}

void ry_plan_systemd(FILE *out, const struct ry_battle *battle,
                     const struct ry_tuning_placement *placement)
{
    fprintf(out,
            "# royale plan --systemd: what royale@ lacks for the battle %s on this machine.\n"
            "[Service]\n",
            battle->name);
    put_cores(out, placement);
    put_partition(out, placement);
    for (unsigned i = 0; i < battle->feeds; i++)
        put_feed(out, &battle->feed[i], i);
    put_files(out, battle);
}
