/*
 * The engine over stages of this file's own, which stand in for the table of tuning/table.c: a
 * setting of each kind and form, killed at each step, after a boot, on a damaged journal.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/support/fake_engine.h"
#include "tests/support/test.h"

#define VALUES 1u
#define THINGS 2u
#define FACTS  4u
#define OTHERS 8u
#define BOOT   "/proc/sys/kernel/random/boot_id"
#define DEFRAG "/sys/kernel/mm/defrag"

static const char *const limits = "@royale - memlock unlimited\n";

static void values(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                   const struct ry_tuning_findings *findings)
{
    (void)target;
    const char *none = "there is none";
    ry_tuning_tell(host, findings, RY_TUNING_CHOICE, DEFRAG, "never", none);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/vm/swappiness", "0", none);
    ry_tuning_tell(host, findings, RY_TUNING_FIRST, "/proc/sys/kernel/printk", "3", none);
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/net/eth0.1/budget", "600", none);
    ry_tuning_tell(host, findings, RY_TUNING_LIST, "/proc/irq/24/smp_affinity_list", "0,4", none);
    ry_tuning_tell(host, findings, RY_TUNING_LIST, "/proc/irq/25/smp_affinity_list", "0,4", none);
    ry_tuning_tell(host, findings, RY_TUNING_MASK, "/sys/class/net/eth0/queues/rx-0/rps_cpus", "11",
                   none);
    ry_tuning_tell(host, findings, RY_TUNING_AT_LEAST, "/sys/huge/nr_hugepages", "512", none);
    ry_tuning_tell(host, findings, RY_TUNING_PLAIN, "/sys/nowhere", "1", none);
    ry_tuning_tell(host, findings, RY_TUNING_PLAIN, "/sys/nowhere/either", "1", NULL);
}

static void tell(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                 enum ry_tuning_kind kind, enum ry_tuning_form form, const char *path,
                 const char *want)
{
    struct ry_tuning_setting setting = {.kind = kind, .form = form};
    snprintf(setting.path, sizeof setting.path, "%s", path);
    snprintf(setting.want, sizeof setting.want, "%s", want);
    ry_tuning_tell_setting(host, findings, &setting);
}

static void things(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                   const struct ry_tuning_findings *findings)
{
    (void)target;
    tell(host, findings, RY_TUNING_FILE, RY_TUNING_WORD, "/sys/fs/cgroup/cgroup.subtree_control",
         "+cpuset");
    tell(host, findings, RY_TUNING_DIRECTORY, RY_TUNING_PLAIN, "/sys/fs/cgroup/royale", "folder");
    tell(host, findings, RY_TUNING_FILE, RY_TUNING_LIST, "/sys/fs/cgroup/royale/cpuset.cpus",
         "1-3,5-7");
    tell(host, findings, RY_TUNING_FILE, RY_TUNING_FIRST,
         "/sys/fs/cgroup/royale/cpuset.cpus.partition", "isolated");
    tell(host, findings, RY_TUNING_DIRECTORY, RY_TUNING_PLAIN, "/dev/shm/huge", "folder");
    tell(host, findings, RY_TUNING_MOUNT, RY_TUNING_PLAIN, "/dev/shm/huge",
         "hugetlbfs pagesize=1024M");
    tell(host, findings, RY_TUNING_DRIVER, RY_TUNING_PLAIN, "/sys/bus/pci/devices/0000:5e:00.0",
         "vfio-pci");
    tell(host, findings, RY_TUNING_DRIVER, RY_TUNING_PLAIN, "/sys/bus/pci/devices/0000:5f:00.0",
         "vfio-pci");
    tell(host, findings, RY_TUNING_NIC, RY_TUNING_PLAIN, "eth0 ring", "rx 4096 tx 4096");
    tell(host, findings, RY_TUNING_IRQBALANCE, RY_TUNING_PLAIN, "irqbalance", "1-3,5-7");
    tell(host, findings, RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "/etc/security/limits.d/royale.conf",
         limits);
    tell(host, findings, RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "/etc/here.conf", "ours\n");
    tell(host, findings, RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "/etc/systemd/new.d/royale.conf",
         "new\n");
}

static void facts(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                  const struct ry_tuning_findings *findings)
{
    (void)host;
    (void)target;
    ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, "/proc/sys/kernel/randomize_va_space", "2",
                        "", "memory lies elsewhere at each start");
    ry_tuning_tell_fact(findings, RY_TUNING_YOURS, "/proc/cmdline", "quiet", "isolcpus=1-3",
                        "put it there and reboot");
}

/* A file in a folder that stage things may have made. */
static void others(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                   const struct ry_tuning_findings *findings)
{
    (void)target;
    if (ry_tuning_host_exists(host, "/fake/others"))
        tell(host, findings, RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "/etc/systemd/others.conf",
             "others\n");
}

const struct ry_tuning_stage ry_tuning_stages[] = {
    {"values", "Values", "", values},
    {"things", "Things", "", things},
    {"facts", "Facts", "", facts},
    {"others", "Others", "", others},
};
const unsigned ry_tuning_stages_count = 4;

static struct ry_test_host fake;
static struct ry_tuning_target target;
static char *before;

static void open_fake(void)
{
    ry_test_host_open(&fake);
    ry_test_host_tree(&fake, "engine");
    ry_test_target(&target);
    before = ry_test_host_whole(&fake);
}

static void close_fake(void)
{
    free(before);
    ry_test_host_close(&fake);
}

static void is_as_before(void)
{
    ry_test_host_is(&fake, before, "at the end", 1);
    ck_assert(!ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
}

static void reads(const char *path, const char *text)
{
    const char *now = ry_test_host_text(&fake, path);
    ck_assert_msg(now != NULL && strcmp(now, text) == 0, "%s reads %s", path, now);
}

START_TEST(test_killed_at_every_step)
{
    struct ry_test_deeds deeds = ry_test_host_kill_everywhere(&fake, &target, RY_TUNING_ALL, 1);
    /* 7 values, 13 things, the folders systemd, new.d and tmpfiles.d, the two files that are kept.
     */
    ck_assert_uint_eq(deeds.told[RY_TUNING_SET], 25);
    ck_assert_uint_eq(deeds.told[RY_TUNING_FAILED], 1);
    ck_assert_str_eq(deeds.why, "values /proc/irq/25/smp_affinity_list: cannot be set: "
                                "Input/output error");
    is_as_before();
}
END_TEST

START_TEST(test_checked)
{
    struct ry_test_deeds deeds = ry_test_host_check(&fake, &target, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 21);
    ck_assert_uint_eq(deeds.state[RY_TUNING_CANNOT], 1); /* /sys/nowhere, not what is not told */
    ck_assert_uint_eq(deeds.state[RY_TUNING_REPORTED], 1);
    ck_assert_uint_eq(deeds.state[RY_TUNING_YOURS], 1);
    deeds = ry_test_host_check(&fake, &target, FACTS);
    ck_assert_uint_eq(deeds.told[RY_TUNING_LOOKED], 2);
    is_as_before();
}
END_TEST

START_TEST(test_applied)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    reads(DEFRAG, "always defer madvise [never]\n");
    reads("/proc/sys/kernel/printk", "3 4 1 7\n");
    reads("/sys/fs/cgroup/cgroup.subtree_control", "cpu io memory cpuset\n");
    reads("/sys/fs/cgroup/royale/cpuset.cpus.partition", "isolated\n");
    reads("/proc/self/mounts",
          "tmpfs /run tmpfs rw 0 0\n"
          "royale /dev/shm/huge hugetlbfs rw,nosuid,nodev,pagesize=1024M 0 0\n");
    reads("/sys/bus/pci/devices/0000:5e:00.0/driver_override", "vfio-pci\n");
    reads("/fake/nic/eth0/ring", "rx 4096 tx 4096\n");
    reads("/fake/irqbalance", "SLEEP 10 BANNED 000000ee\n");
    reads("/etc/security/limits.d/royale.conf", limits);
    char driver[32];
    ck_assert(ry_tuning_host_link(&fake.host, "/sys/bus/pci/devices/0000:5e:00.0/driver", driver,
                                  sizeof driver));
    ck_assert_str_eq(driver, "vfio-pci");
}
END_TEST

/* sysctl takes a path where a name has a dot; interrupts, mounts, devices, cards go with a boot. */
START_TEST(test_kept_over_a_boot)
{
    const char *head =
        "# What `royale tune apply` set, for each boot; `royale tune revert` takes this file away.\n";
    char text[RY_TUNING_TEXT_BYTES];
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    snprintf(text, sizeof text, "%svm.swappiness = 0\nkernel.printk = 3\nnet/eth0.1/budget = 600\n",
             head);
    reads(RY_TUNING_SYSCTL_PATH, text);
    snprintf(text, sizeof text,
             "%sw " DEFRAG " - - - - never\n"
             "w /sys/class/net/eth0/queues/rx-0/rps_cpus - - - - 11\n"
             "w /sys/huge/nr_hugepages - - - - 512\n"
             "w /sys/fs/cgroup/cgroup.subtree_control - - - - +cpuset\n"
             "d /sys/fs/cgroup/royale 0755 root root -\n"
             "w /sys/fs/cgroup/royale/cpuset.cpus - - - - 1-3,5-7\n"
             "w /sys/fs/cgroup/royale/cpuset.cpus.partition - - - - isolated\n",
             head);
    reads(RY_TUNING_TMPFILES_PATH, text);
}
END_TEST

/* One stage back: its own changes, and its lines in what is kept. */
START_TEST(test_one_stage_back)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, VALUES).error, 0);
    reads(DEFRAG, "always defer [madvise] never\n");
    reads("/sys/fs/cgroup/royale/cpuset.cpus.partition", "isolated\n");
    ck_assert_ptr_null(ry_test_host_text(&fake, RY_TUNING_SYSCTL_PATH));
    ck_assert_ptr_null(strstr(ry_test_host_text(&fake, RY_TUNING_TMPFILES_PATH), DEFRAG));
    ck_assert_ptr_nonnull(
        strstr(ry_test_host_text(&fake, RY_TUNING_TMPFILES_PATH), "cpuset.cpus.partition"));
    struct ry_test_deeds deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, 0);
    reads(DEFRAG, "always defer madvise [never]\n");
    ck_assert_ptr_nonnull(ry_test_host_text(&fake, RY_TUNING_SYSCTL_PATH));
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* A folder that one stage made and another came to use goes with the last of them. */
START_TEST(test_folder_of_two_stages)
{
    ry_test_host_file(&fake, "/fake/others", "\n");
    free(before);
    before = ry_test_host_whole(&fake);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    struct ry_test_deeds deeds = ry_test_host_revert(&fake, THINGS);
    ck_assert_msg(deeds.error == 0 && deeds.told[RY_TUNING_FAILED] == 0, "%s", deeds.why);
    ck_assert_ptr_null(ry_test_host_text(&fake, "/etc/systemd/new.d/royale.conf"));
    reads("/etc/systemd/others.conf", "others\n");
    if (_i == 1)
        ck_assert_int_eq(ry_test_host_apply(&fake, &target, THINGS).error, 0);
    else if (_i == 2)
        ck_assert_int_eq(ry_test_host_revert(&fake, OTHERS).error, 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* What is no file of text there, is not ours to replace: a link (to /dev/null: how one masks it), a
 * file with bytes that the journal could not give back. */
START_TEST(test_not_a_file_of_text)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    const char *path = _i < 2 ? "/etc/here.conf" : RY_TUNING_SYSCTL_PATH;
    ck_assert(ry_tuning_host_path(&fake.host, path, full));
    ry_test_host_remove(&fake, "/etc/here.conf");
    if (_i % 2 == 0) {
        ry_test_host_link(&fake, path, "/dev/null");
    } else {
        FILE *file = fopen(full, "we");
        ck_assert_uint_eq(fwrite("a\0b\n", 1, 4, file), 4);
        fclose(file);
    }
    free(before);
    before = ry_test_host_whole(&fake);
    struct ry_test_deeds deeds = ry_test_host_apply(&fake, &target, RY_TUNING_ALL);
    ck_assert_int_eq(deeds.error, 0);
    /* The interrupt and what is nowhere besides. */
    ck_assert_uint_eq(deeds.told[RY_TUNING_FAILED] + deeds.state[RY_TUNING_CANNOT], 3);
    if (_i == 2)
        ck_assert_ptr_nonnull(strstr(deeds.why, "a link"));
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

START_TEST(test_verify_sees_what_changed_since)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    ry_test_host_file(&fake, "/proc/sys/vm/swappiness", "10\n");
    struct ry_test_deeds deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 1);
    ry_test_host_remove(&fake, RY_TUNING_SYSCTL_PATH);
    deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 2);
    ck_assert_uint_eq(ry_test_host_verify(&fake, THINGS).state[RY_TUNING_MISSING], 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* The machine as a boot leaves it: /etc and the journal stay, all else is as it was at first; then
 * what is kept is set by the system. */
static void boot(bool kept)
{
    ry_test_host_file(&fake, BOOT, "99999999-2222-3333-4444-555555555555\n");
    ry_test_host_file(&fake, DEFRAG,
                      kept ? "always defer madvise [never]\n" : "always defer [madvise] never\n");
    ry_test_host_file(&fake, "/proc/sys/vm/swappiness", kept ? "0\n" : "60\n");
    ry_test_host_file(&fake, "/proc/irq/24/smp_affinity_list", "3\n"); /* another device's now */
    ry_test_host_file(&fake, "/fake/nic/eth0/ring", "rx 512 tx 512\n");
    ry_test_host_file(&fake, "/proc/self/mounts", "tmpfs /run tmpfs rw 0 0\n");
    ry_test_host_remove(&fake, "/dev/shm/huge");
}

START_TEST(test_reverted_after_a_boot)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    boot(_i == 1);
    struct ry_test_deeds deeds = ry_test_host_revert(&fake, RY_TUNING_ALL);
    ck_assert_msg(deeds.error == 0 && deeds.told[RY_TUNING_FAILED] == 0, "%s", deeds.why);
    /* The interrupt, two drivers, the card, the folder in /dev, the mount and irqbalance's bans. */
    ck_assert_uint_eq(deeds.told[RY_TUNING_FORGOTTEN], 7);
    reads(DEFRAG, "always defer [madvise] never\n");
    reads("/proc/sys/vm/swappiness", "60\n");
    reads("/proc/irq/24/smp_affinity_list", "3\n");
    reads("/etc/here.conf", "of somebody\nelse\n");
    ck_assert_ptr_null(ry_test_host_text(&fake, RY_TUNING_SYSCTL_PATH));
    ck_assert_ptr_null(ry_test_host_text(&fake, RY_TUNING_TMPFILES_PATH));
    ck_assert(!ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
}
END_TEST

START_TEST(test_applied_again_after_a_boot)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    boot(true);
    struct ry_test_deeds deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 4); /* interrupt, card, folder, mount */
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    deeds = ry_test_host_verify(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.state[RY_TUNING_MISSING], 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    reads("/proc/irq/24/smp_affinity_list", "3\n");
    reads(DEFRAG, "always defer [madvise] never\n");
    ck_assert(!ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
}
END_TEST

/* A cgroup in which processes are stays, is told, and goes when they are gone. */
START_TEST(test_in_use)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, THINGS).error, 0);
    ry_test_host_file(&fake, "/sys/fs/cgroup/royale/cgroup.procs", "4711\n");
    struct ry_test_deeds deeds = ry_test_host_revert(&fake, RY_TUNING_ALL);
    ck_assert_int_eq(deeds.error, 0);
    ck_assert_uint_eq(deeds.told[RY_TUNING_FAILED], 1);
    ck_assert_str_eq(deeds.why, "things /sys/fs/cgroup/royale: cannot be put back: it is in use");
    ck_assert(ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
    ry_test_host_file(&fake, "/sys/fs/cgroup/royale/cgroup.procs", "");
    ck_assert_uint_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).told[RY_TUNING_RESTORED], 1);
    is_as_before();
}
END_TEST

/* What there was of a file of somebody else's comes back with its mode. */
START_TEST(test_mode_of_a_file)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat status;
    ck_assert(ry_tuning_host_path(&fake.host, "/etc/here.conf", full));
    ck_assert_int_eq(chmod(full, 0640), 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, THINGS).error, 0);
    ck_assert_int_eq(chmod(full, 0600), 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    ck_assert_int_eq(stat(full, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
    reads("/etc/here.conf", "of somebody\nelse\n");
}
END_TEST

/* Another process has the lock: nothing is done. */
START_TEST(test_locked)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_STATE_FOLDER, full));
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, -EWOULDBLOCK);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, -EWOULDBLOCK);
    close(fd);
    is_as_before();
}
END_TEST

/* What others could have written is not believed: it says what root writes where. */
START_TEST(test_not_trusted)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_STATE_FOLDER, full));
    ck_assert_int_eq(chmod(full, 0777), 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, -EUCLEAN);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, -EUCLEAN);
    ck_assert_int_eq(chmod(full, 0755), 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, 0);
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, full));
    ck_assert_int_eq(chmod(full, 0664), 0);
    ck_assert_int_eq(ry_test_host_verify(&fake, RY_TUNING_ALL).error, -EUCLEAN);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, -EUCLEAN);
    ck_assert_int_eq(chmod(full, 0644), 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* Nor what lies in somebody else's folder. */
START_TEST(test_somebody_elses)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    if (geteuid() != 0)
        ry_test_skip("only root can give a folder away");
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_STATE_FOLDER, full));
    ck_assert_int_eq(chown(full, 65534, 65534), 0);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, RY_TUNING_ALL).error, -EUCLEAN);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, -EUCLEAN);
    is_as_before();
}
END_TEST

static void change_journal(const char *how, long at)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, full));
    FILE *file = fopen(full, "r+e");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    if (how != NULL)
        fputs(how, file);
    else
        ck_assert_int_eq(ftruncate(fileno(file), ftell(file)), 0);
    fclose(file);
}

/* A line that was being written is passed over: what it spoke of was not begun. */
START_TEST(test_torn_line)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, 0);
    char full[2 * RY_TUNING_PATH_BYTES];
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, full));
    FILE *file = fopen(full, "ae");
    fputs("0123456789abcdef\tset\t99\tvalues\tfi", file);
    fclose(file);
    ck_assert_uint_eq(ry_test_host_apply(&fake, &target, VALUES).told[RY_TUNING_SET], 0);
    ck_assert_uint_eq(ry_test_host_apply(&fake, &target, THINGS).told[RY_TUNING_FAILED], 0);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* A damaged line in the middle: apply does not begin, revert puts back the others and says it. */
START_TEST(test_damaged_line)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, 0);
    change_journal("x", 40);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, -EBADMSG);
    ck_assert_int_eq(ry_test_host_verify(&fake, RY_TUNING_ALL).error, -EBADMSG);
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, -EBADMSG);
    reads(DEFRAG, "always defer madvise [never]\n"); /* it was the first */
    reads("/proc/sys/vm/swappiness", "60\n");
    ck_assert(ry_tuning_host_exists(&fake.host, RY_TUNING_SAVED_PATH));
}
END_TEST

static const char *const elsewhere[] = {
    "file\tplain\t-\t0:0:0\tb\t/../etc/passwd\tx\ty",
    "file\tplain\t-\t0:0:0\tb\t/sys/..\tx\ty",
    "own-file\tplain\ta\t0:0:0\tb\t-beside\t\ty",
    "directory\tplain\ta\t0:0:0\tb\t\t\tfolder",
    "driver\tplain\tb\t0:0:0\tb\t/sys/bus/pci/devices/0000:5e:00.0\t../../x\tice",
    "file\tword\t-\t0:0:0\tb\t/sys/fs/cgroup/cgroup.subtree_control\tcpu\t", /* no word */
    "fact\tplain\t-\t0:0:0\tb\t/sys\tx\ty",
};

/* A record whose check is right and whose path leads elsewhere is none. */
START_TEST(test_elsewhere)
{
    struct ry_tuning_saved saved;
    char full[2 * RY_TUNING_PATH_BYTES], line[256];
    ck_assert(ry_tuning_host_path(&fake.host, RY_TUNING_SAVED_PATH, full));
    FILE *file = fopen(full, "we");
    ck_assert_ptr_nonnull(file);
    for (unsigned i = 0; i < 2; i++) {
        const char *record = i == 0 ? elsewhere[_i] : "file\tplain\t-\t0:0:0\tb\t/sys/..x\tx\ty";
        int n = snprintf(line, sizeof line, "\tset\t%u\tvalues\t%s", i + 1, record);
        fprintf(file, "%016" PRIx64 "%s\n", (uint64_t)XXH3_64bits(line, (size_t)n), line);
    }
    fclose(file);
    ck_assert_int_eq(ry_tuning_saved_read(&saved, &fake.host), 0);
    ck_assert_uint_eq(saved.damaged, 1);
    ck_assert_uint_eq(saved.count, 1);
    ck_assert_uint_eq(saved.change[0].number, 2);
    ry_tuning_saved_close(&saved);
}
END_TEST

/* Cut off anywhere: never more than the last change is forgotten, and what remains is put back. */
START_TEST(test_cut_anywhere)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, 0);
    for (long cut = 1; cut <= 60; cut += 7) {
        change_journal(NULL, -cut);
        ck_assert_int_eq(ry_test_host_verify(&fake, RY_TUNING_ALL).error, 0);
    }
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    reads(DEFRAG, "always defer [madvise] never\n");
}
END_TEST

/* Fewer huge pages than wanted are better than none; the reason names both. */
START_TEST(test_fewer_than_wanted)
{
    ry_test_host_limit(&fake, "/sys/huge/nr_hugepages", 300);
    struct ry_test_deeds deeds = ry_test_host_apply(&fake, &target, VALUES);
    ck_assert_uint_eq(deeds.told[RY_TUNING_FAILED], 2); /* and the interrupt */
    reads("/sys/huge/nr_hugepages", "300\n");
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

/* Pages that a battle has: they go back when it has ended. */
START_TEST(test_pages_in_use)
{
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, VALUES).error, 0);
    fake.held = 28;
    ry_test_host_limit(&fake, "/sys/huge/nr_hugepages", 512);
    struct ry_test_deeds deeds = ry_test_host_revert(&fake, RY_TUNING_ALL);
    ck_assert_uint_eq(deeds.told[RY_TUNING_FAILED], 1);
    ck_assert_str_eq(deeds.why, "values /sys/huge/nr_hugepages: cannot be put back: it reads as "
                                "\"28\", not as \"3\"; if a process holds them, revert again when "
                                "it has ended");
    fake.held = 0;
    ck_assert_uint_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).told[RY_TUNING_FAILED], 0);
    is_as_before();
}
END_TEST

/* Paths and values with every byte that the journal has to escape. */
START_TEST(test_escapes)
{
    ry_test_host_file(&fake, "/etc/here.conf", "tab\there, \\n is no newline\x01\x7f\n\nend");
    free(before);
    before = ry_test_host_whole(&fake);
    ck_assert_int_eq(ry_test_host_apply(&fake, &target, THINGS).error, 0);
    reads("/etc/here.conf", "ours\n");
    ck_assert_int_eq(ry_test_host_revert(&fake, RY_TUNING_ALL).error, 0);
    is_as_before();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("engine");
    TCase *c = tcase_create("engine");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, open_fake, close_fake);
    tcase_add_test(c, test_killed_at_every_step);
    tcase_add_test(c, test_checked);
    tcase_add_test(c, test_applied);
    tcase_add_test(c, test_kept_over_a_boot);
    tcase_add_test(c, test_one_stage_back);
    tcase_add_loop_test(c, test_folder_of_two_stages, 0, 3);
    tcase_add_loop_test(c, test_not_a_file_of_text, 0, 4);
    tcase_add_test(c, test_verify_sees_what_changed_since);
    tcase_add_loop_test(c, test_reverted_after_a_boot, 0, 2);
    tcase_add_test(c, test_applied_again_after_a_boot);
    tcase_add_test(c, test_in_use);
    tcase_add_test(c, test_mode_of_a_file);
    tcase_add_test(c, test_locked);
    tcase_add_test(c, test_not_trusted);
    tcase_add_test(c, test_somebody_elses);
    tcase_add_test(c, test_torn_line);
    tcase_add_test(c, test_damaged_line);
    tcase_add_loop_test(c, test_elsewhere, 0, sizeof elsewhere / sizeof *elsewhere);
    tcase_add_test(c, test_cut_anywhere);
    tcase_add_test(c, test_fewer_than_wanted);
    tcase_add_test(c, test_pages_in_use);
    tcase_add_test(c, test_escapes);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
