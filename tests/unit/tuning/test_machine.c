/* The machine: descriptions of others, folders that are like one, and this one. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"
#include "tuning/machine.h"

static struct ry_tuning_machine machine;
static char error[RY_TUNING_MACHINE_ERROR_BYTES];
static char text[RY_TUNING_CPUS_TEXT_BYTES];

static void describe(const char *description)
{
    ck_assert_msg(ry_tuning_machine_look(&machine, description, error) == 0, "%s", error);
}

static const char *those(bool (*which)(const struct ry_tuning_cpu *cpu))
{
    struct ry_tuning_cpus set = {.word = {0}};
    for (unsigned i = 0; i < machine.cpus; i++)
        if (which(&machine.cpu[i]))
            ry_tuning_cpus_add(&set, machine.cpu[i].cpu);
    return ry_tuning_cpus_list(&set, text);
}

static bool is_allowed(const struct ry_tuning_cpu *cpu)
{
    return cpu->allowed;
}

static bool is_isolated(const struct ry_tuning_cpu *cpu)
{
    return cpu->isolated;
}

static bool is_online(const struct ry_tuning_cpu *cpu)
{
    return cpu->online;
}

static bool is_slow(const struct ry_tuning_cpu *cpu)
{
    return cpu->kind > 0;
}

#define EXAMPLE "an example: pack:2 numa:1 l3:4 core:8 pu:2"

/* ---- descriptions ---------------------------------------------------------------------------- */

START_TEST(a_synthetic_one)
{
    describe("pack:2 numa:2 l3:2 core:3 pu:2");
    ck_assert(machine.described && !machine.guest && machine.l3_known);
    ck_assert_uint_eq(machine.cpus, 48);
    ck_assert_uint_eq(machine.cores, 24);
    ck_assert_uint_eq(machine.l3s, 8);
    ck_assert_uint_eq(machine.nodes, 4);
    ck_assert_uint_eq(machine.packages, 2);
    ck_assert_uint_eq(machine.kinds, 1);
    ck_assert_uint_eq(machine.possible, 48);
    const struct ry_tuning_cpu *cpu = ry_tuning_machine_cpu(&machine, 27);
    ck_assert_uint_eq(cpu->core, 13);
    ck_assert_uint_eq(cpu->thread, 1);
    ck_assert_uint_eq(cpu->l3, 4);
    ck_assert_uint_eq(cpu->node, 2);
    ck_assert_uint_eq(cpu->package, 1);
    struct ry_tuning_cpus siblings = ry_tuning_machine_siblings(&machine, 27);
    ck_assert_str_eq(ry_tuning_cpus_list(&siblings, text), "26-27");
    ck_assert_ptr_null(ry_tuning_machine_cpu(&machine, 48));
    siblings = ry_tuning_machine_siblings(&machine, 48);
    ck_assert_uint_eq(ry_tuning_cpus_count(&siblings), 0);
}
END_TEST

START_TEST(without_caches)
{
    describe("pack:2 core:2 pu:1");
    ck_assert(!machine.l3_known);
    ck_assert_uint_eq(machine.l3s, machine.nodes);
    describe("pu:4"); /* threads are cores */
    ck_assert_uint_eq(machine.cores, 4);
}
END_TEST

START_TEST(words_in_brackets)
{
    describe("pack:2 [numa(memory=1GB)] l3:1 core:4 pu:2 [isolated=2-5 offline=15 absent=1,3 nic=1 "
             "allowed=0,2,4-9,15  nic=0:0000:3b:00.0 nic=1:ens1f0 kind:1=4-7]");
    ck_assert_uint_eq(machine.cpus, 14);
    ck_assert_uint_eq(machine.cores, 8);
    ck_assert_uint_eq(machine.node_bytes[1], 1000000000u);
    ck_assert_str_eq(those(is_isolated), "2,4-5");
    ck_assert_str_eq(those(is_online), "0,2,4-14");
    ck_assert_str_eq(those(is_allowed), "0,2,4-9,15");
    ck_assert_str_eq(those(is_slow), "4-7");
    ck_assert_str_eq(ry_tuning_cpus_list(&machine.offline, text), "15");
    ck_assert_uint_eq(machine.kinds, 2);
    ck_assert_uint_eq(machine.cards, 3);
    ck_assert_int_eq(machine.card[0].node, 1);
    ck_assert_str_eq(machine.card[0].pci, "");
    ck_assert_str_eq(machine.card[1].pci, "0000:3b:00.0");
    ck_assert_int_eq(machine.card[1].node, 0);
    ck_assert_str_eq(machine.card[2].interface, "ens1f0");
}
END_TEST

/* The second thread of a core is the first if the first is absent. */
START_TEST(absent_threads)
{
    describe("core:2 pu:2 [absent=0,3]");
    ck_assert_uint_eq(machine.cpus, 2);
    ck_assert_uint_eq(machine.cpu[0].cpu, 1);
    ck_assert_uint_eq(machine.cpu[0].thread, 0);
    describe("core:2 pu:2 [absent=0-1]");
    ck_assert_uint_eq(machine.cores, 1);
    ck_assert_uint_eq(machine.cpu[0].core, 0);
}
END_TEST

START_TEST(not_understood)
{
    static const char *const bad[][2] = {
        {"nonsense", "nonsense: \"nonsense\" is neither a file nor understood there; " EXAMPLE},
        {"", "an empty description; " EXAMPLE},
        {"core:2", "core:2: there is no pu: (threads of a core) at its end; " EXAMPLE},
        {"core:2 [nic=0]", "core:2: there is no pu: (threads of a core) at its end; " EXAMPLE},
        {"pack:2 kore:2 pu:2",
         "pack:2 kore:2 pu:2: \"kore:2\" is neither a file nor understood there; " EXAMPLE},
        {"/nowhere/box.xml", "/nowhere/box.xml: No such file or directory"},
        {"core:2 pu:2(indexes=0,1,0,3)", "indexes=0,1,0,3: number 0 is there twice"},
        {"pu:4 [isolated=4]", "[isolated=4]: the machine has no CPU 4"},
        {"pu:4 [isolated=]", "[isolated=]: no list of CPUs, as 2-7,9"},
        {"pu:4 [isolate=1]",
         "[isolate=1]: unknown; known: isolated, offline, absent, allowed, nic, kind:N"},
        {"pu:4 [x]", "[x]: no KEY=VALUE"},
        {"pu:4 [nic=1]", "[nic=1]: no memory node of this machine"},
        {"pu:4 [nic=]", "[nic=]: no memory node of this machine"},
        {"pu:4 [kind:8=1]", "[kind:8=1]: no kind of CPUs, as kind:1=8-15"},
        {"pu:4 [kind:=1]", "[kind:=1]: no kind of CPUs, as kind:1=8-15"},
        {"core:1025 pu:1", "core:1025 pu:1: a CPU has a number above what is planned for (1023)"},
        {"core:2 pu:1 [absent=0-1]",
         "core:2 pu:1 [absent=0-1]: no CPU is left that runs and may be used"},
        {"core:2 pu:1 [offline=0-1]",
         "core:2 pu:1 [offline=0-1]: no CPU is left that runs and may be used"},
        {"core:2 pu:1 [offline=0 allowed=0]",
         "core:2 pu:1 [offline=0 allowed=0]: no CPU is left that runs and may be used"},
        {"/dev/null", "/dev/null: no topology of lstopo (lstopo --of xml FILE)"},
        {"pu:4 [allowed=1 ] core:2",
         "pu:4 [allowed=1 ] core:2: \"[allowed=1 ]\" is neither a file nor understood there; " EXAMPLE},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(ry_tuning_machine_look(&machine, bad[i][0], error) == -1, "%s", bad[i][0]);
        ck_assert_str_eq(error, bad[i][1]);
    }
}
END_TEST

/* What lstopo writes, with a fast and a slow kind and two cards. */
START_TEST(an_xml_file)
{
    describe("tests/unit/tuning/hybrid.xml [isolated=2-3]");
    ck_assert(machine.described);
    ck_assert_str_eq(machine.name, "12th Gen Some Processor");
    ck_assert_uint_eq(machine.cpus, 6);
    ck_assert_uint_eq(machine.cores, 4);
    ck_assert_uint_eq(machine.kinds, 2);
    ck_assert_str_eq(those(is_slow), "4-5");
    ck_assert_str_eq(those(is_isolated), "2-3");
    ck_assert_uint_eq(machine.cards, 1);
    ck_assert_str_eq(machine.card[0].pci, "0000:3b:00.0");
    ck_assert_str_eq(machine.card[0].interface, "ens1f0");
    ck_assert_int_eq(machine.card[0].node, 0);
    ck_assert_uint_eq(machine.l3_bytes, 25165824);
}
END_TEST

/* ---- a folder that is like a machine --------------------------------------------------------- */

static struct ry_test_host fake;

static void put(const char *path, const char *content)
{
    ry_test_host_file(&fake, path, content);
}

/* One socket, `cpus` CPUs of which each two are a core. */
static void make_machine(unsigned cpus)
{
    char path[128], value[64];
    ry_test_host_open(&fake);
    snprintf(value, sizeof value, "0-%u\n", cpus - 1);
    put("/sys/devices/system/cpu/possible", value);
    put("/sys/devices/system/cpu/present", value);
    put("/sys/devices/system/cpu/online", value);
    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        static const char *const files[] = {"core_id", "physical_package_id"};
        for (unsigned i = 0; i < 2; i++) {
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/%s", cpu, files[i]);
            snprintf(value, sizeof value, "%u\n", i == 0 ? cpu / 2 : 0);
            put(path, value);
        }
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/thread_siblings", cpu);
        snprintf(value, sizeof value, "%08x\n", 3u << (cpu / 2 * 2));
        put(path, value);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/core_siblings", cpu);
        snprintf(value, sizeof value, "%08x\n", (1u << cpus) - 1);
        put(path, value);
    }
}

static void look_under(void)
{
    ck_assert_msg(ry_tuning_machine_look_under(&machine, fake.host.root, error) == 0, "%s", error);
    ck_assert_ptr_null(getenv("HWLOC_FSROOT"));
}

START_TEST(under_another_root)
{
    make_machine(8);
    put("/sys/devices/system/cpu/possible", "0-15\n");
    put("/sys/devices/system/cpu/present", "0-8\n");
    put("/sys/devices/system/cpu/isolated", "6-7\n");
    put("/proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Fast  One\nflags\t\t: fpu hypervisor sse\n");
    look_under();
    ck_assert_uint_eq(machine.cpus, 8);
    ck_assert_uint_eq(machine.cores, 4);
    ck_assert_uint_eq(machine.possible, 16);
    ck_assert(!machine.described && machine.guest);
    ck_assert_str_eq(ry_tuning_cpus_list(&machine.offline, text), "8");
    ck_assert_str_eq(those(is_isolated), "6-7");
    ck_assert_str_eq(those(is_allowed), "0-7");
    put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse\n");
    look_under();
    ck_assert(!machine.guest);
    put("/sys/class/dmi/id/sys_vendor", "QEMU\n");
    look_under();
    ck_assert(machine.guest);
    ry_test_host_close(&fake);
}
END_TEST

/* A partition that works is isolated and may be entered; one that is only asked for is nothing. */
START_TEST(our_partition)
{
    make_machine(8);
    put(RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated\n");
    put(RY_TUNING_PARTITION "/cpuset.cpus.effective", "2-5\n");
    put(RY_TUNING_PARTITION "/cgroup.procs", "");
    put("/sys/fs/cgroup/cgroup.procs", "");
    look_under();
    ck_assert_str_eq(those(is_isolated), "2-5");
    ck_assert_str_eq(those(is_allowed), "0-7");
    ck_assert_str_eq(ry_tuning_cpus_list(&machine.partition, text), "2-5");
    ck_assert_uint_eq(ry_tuning_cpus_count(&machine.shut), 0);
    put(RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated invalid (Cpu list in ...)\n");
    look_under();
    ck_assert_str_eq(those(is_isolated), "");
    ck_assert_uint_eq(ry_tuning_cpus_count(&machine.partition), 0);
    ry_test_host_close(&fake);
}
END_TEST

/* Unless its cgroup.procs and the root's can be written its CPUs are not ours. */
START_TEST(a_partition_that_is_shut)
{
    make_machine(8);
    put(RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated\n");
    put(RY_TUNING_PARTITION "/cpuset.cpus.effective", "2-5\n");
    put(_i == 0 ? "/sys/fs/cgroup/cgroup.procs" : RY_TUNING_PARTITION "/cgroup.procs", "");
    look_under();
    ck_assert_str_eq(those(is_isolated), "2-5");
    ck_assert_str_eq(those(is_allowed), "0-1,6-7");
    ck_assert_str_eq(ry_tuning_cpus_list(&machine.shut, text), "2-5");
    ck_assert_uint_eq(ry_tuning_cpus_count(&machine.partition), 0);
    ry_test_host_close(&fake);
}
END_TEST

START_TEST(isolated_by_others)
{
    make_machine(8);
    put("/sys/fs/cgroup/cpuset.cpus.isolated", "4-5\n");
    look_under();
    ck_assert_str_eq(those(is_isolated), "4-5");
    ry_test_host_close(&fake);
}
END_TEST

START_TEST(cards)
{
    make_machine(2);
    put("/sys/bus/pci/devices/0000:00:01.0/class", "0x010802\n"); /* a disk */
    put("/sys/bus/pci/devices/0000:3b:00.1/class", "0x020000\n");
    put("/sys/bus/pci/devices/0000:3b:00.1/numa_node", "1\n");
    put("/sys/bus/pci/devices/0000:3b:00.0/class", "0x020000\n");
    put("/sys/bus/pci/devices/0000:3b:00.0/numa_node", "-1\n");
    put("/sys/bus/pci/devices/0000:3b:00.0/net/ens1f0/mtu", "1500\n");
    put("/sys/bus/pci/devices/0000:05:00.0/class", "0x020000\n");
    put("/sys/bus/pci/devices/0000:05:00.0/virtio3/net/eth3/mtu", "1500\n");
    put("/sys/class/net/ens1f0/device/numa_node", "0\n");
    put("/sys/class/net/usb0/device/x", "\n");
    put("/sys/class/net/lo/mtu", "65536\n");
    look_under();
    static const struct ry_tuning_card expected[] = {{"0000:05:00.0", "eth3", -1},
                                                     {"0000:3b:00.0", "ens1f0", -1},
                                                     {"0000:3b:00.1", "", 1},
                                                     {"", "usb0", -1}};
    ck_assert_uint_eq(machine.cards, 4);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_str_eq(machine.card[i].pci, expected[i].pci);
        ck_assert_str_eq(machine.card[i].interface, expected[i].interface);
        ck_assert_int_eq(machine.card[i].node, expected[i].node);
    }
    ry_test_host_close(&fake);
}
END_TEST

START_TEST(a_root_without_a_machine)
{
    ck_assert_int_eq(ry_tuning_machine_look_under(&machine, "/nowhere", error), -1);
    ck_assert_str_eq(error, "no machine: there is no sys/devices/system/cpu/online under /nowhere");
}
END_TEST

/* ---- this machine ---------------------------------------------------------------------------- */

START_TEST(this_machine)
{
    ck_assert_int_eq(ry_tuning_machine_look(&machine, NULL, error), 0);
    ck_assert(!machine.described);
    ck_assert_int_eq(machine.cpus, sysconf(_SC_NPROCESSORS_ONLN));
    ck_assert_uint_ge(machine.possible, machine.cpus);
    ck_assert_uint_ge(machine.nodes, 1);
    ck_assert(machine.name[0] != 0);
}
END_TEST

/* Who was bound on purpose is held to it. */
START_TEST(bound_by_taskset)
{
    cpu_set_t all, one;
    ck_assert_int_eq(sched_getaffinity(0, sizeof all, &all), 0);
    if (CPU_COUNT(&all) < 2) {
        ry_test_skip("one CPU");
        return;
    }
    unsigned cpu = 0;
    while (!CPU_ISSET(cpu, &all))
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    ck_assert_int_eq(ry_tuning_machine_look(&machine, NULL, error), 0);
    char expected[16];
    snprintf(expected, sizeof expected, "%u", cpu);
    ck_assert_str_eq(those(is_allowed), expected);
    ck_assert_int_eq(sched_setaffinity(0, sizeof all, &all), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("machine");
    TCase *t = tcase_create("machine");
    tcase_add_test(t, a_synthetic_one);
    tcase_add_test(t, without_caches);
    tcase_add_test(t, words_in_brackets);
    tcase_add_test(t, absent_threads);
    tcase_add_test(t, not_understood);
    tcase_add_test(t, an_xml_file);
    tcase_add_test(t, under_another_root);
    tcase_add_test(t, our_partition);
    tcase_add_loop_test(t, a_partition_that_is_shut, 0, 2);
    tcase_add_test(t, isolated_by_others);
    tcase_add_test(t, cards);
    tcase_add_test(t, a_root_without_a_machine);
    tcase_add_test(t, this_machine);
    tcase_add_test(t, bound_by_taskset);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
