/* What disturbs cores, on trees of /proc as kernels of many machines write them. */
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tuning/noise.h"

static struct ry_tuning_host host;
static struct ry_tuning_cpus cores;
static struct ry_tuning_noise_process process[4];
static unsigned processes;
static struct ry_tuning_noise_look *before, *after;
static struct ry_tuning_noise noise;
static char root[64];

static void put(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A file of the machine, and the folders that lead there. */
static void put(const char *path, const char *format, ...)
{
    char whole[512];
    va_list arguments;
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *at = whole + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        ck_assert(mkdir(whole, 0755) == 0 || errno == EEXIST);
        *at = '/';
    }
    FILE *file = fopen(whole, "w");
    ck_assert_ptr_nonnull(file);
    va_start(arguments, format);
    vfprintf(file, format, arguments);
    va_end(arguments);
    ck_assert_int_eq(fclose(file), 0);
}

static void gone(const char *path)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    ck_assert_int_eq(unlink(whole), 0);
}

static void put_task(int pid, const char *name, int cpu, bool kernel, unsigned ticks,
                     unsigned started)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    put(path,
        "%d (%s) S %d 0 0 0 -1 %u 0 0 0 0 %u 0 0 0 20 0 1 0 %u 0 0 18446744073709551615 0 "
        "0 0 0 0 0 0 2147483647 0 0 0 0 17 %d 0 0 0 0 0\n",
        pid, name, kernel ? 2 : 1, kernel ? 0x00208040u : 0x00400100u, ticks, started, cpu);
}

static void put_status(const char *folder, const char *allowed, unsigned given_up, unsigned forced)
{
    char path[128];
    snprintf(path, sizeof path, "%s/status", folder);
    put(path,
        "Name:\tx\nUmask:\t0022\nState:\tS (sleeping)\nCpus_allowed:\tff\nCpus_allowed_list:\t%s\n"
        "voluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n",
        allowed, given_up, forced);
}

static void put_kernel_thread(int pid, const char *name, int cpu, const char *allowed,
                              unsigned switches)
{
    char folder[64];
    snprintf(folder, sizeof folder, "/proc/%d", pid);
    put_task(pid, name, cpu, true, 0, (unsigned)pid);
    put_status(folder, allowed, switches, 0);
}

/* A quiet machine of four CPUs, 3 of which is asked for. */
static void setup(void)
{
    strcpy(root, "/tmp/royale-noise-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ry_tuning_host_open(&host, root);
    put("/proc/interrupts", "           CPU0       CPU1       CPU2       CPU3       \n"
                            "LOC:         10         10         10         10   Local timer "
                            "interrupts\n");
    put("/proc/softirqs", "                    CPU0       CPU1       CPU2       CPU3       \n"
                          "       TIMER:          1          1          1          1\n");
    put("/proc/schedstat", "version 15\ntimestamp 4295\ncpu0 0 0 0 0 0 0 1 2 3\n"
                           "cpu3 0 0 0 0 0 0 1000 2000 50\n");
    put("/proc/stat", "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n"
                      "cpu3 1 2 3 4 5 6 7 8 9 10\nintr 5 6 7\nctxt 8\n");
    put_kernel_thread(2, "kthreadd", 0, "0-3", 5);
    ry_tuning_cpus_add(&cores, 3);
}

static int drop(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static void teardown(void)
{
    ry_tuning_noise_forget(before);
    ry_tuning_noise_forget(after);
    ry_tuning_noise_free(&noise);
    nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static void look_before(void)
{
    before = ry_tuning_noise_look(&host, &cores, process, processes);
    ck_assert_ptr_nonnull(before);
}

static void look_after(void)
{
    after = ry_tuning_noise_look(&host, &cores, process, processes);
    ck_assert_ptr_nonnull(after);
    ck_assert(ry_tuning_noise_between(&noise, before, after));
}

static void is_row(const struct ry_tuning_noise_rows *rows, unsigned i, const char *id,
                   const char *name, uint64_t times)
{
    ck_assert_uint_gt(rows->count, i);
    ck_assert_str_eq(rows->row[i].id, id);
    ck_assert_str_eq(rows->row[i].name, name);
    ck_assert_uint_eq(rows->row[i].times, times);
}

/* ---- interrupts ------------------------------------------------------------------------------ */

START_TEST(nothing_happened)
{
    look_before();
    look_after();
    ck_assert_uint_eq(noise.cores, 1);
    ck_assert_str_eq(noise.why, "");
    const struct ry_tuning_noise_core *core = &noise.core[0];
    ck_assert_uint_eq(core->core, 3);
    ck_assert(core->online && core->interrupts.known && core->softirqs.known);
    ck_assert(core->arrivals_known && core->stolen_known && core->threads_known);
    ck_assert_uint_eq(core->interrupts.times + core->softirqs.times + core->arrivals, 0);
    ck_assert_uint_eq(core->interrupts.count + core->softirqs.count + core->threads, 0);
    ck_assert_uint_eq(core->stolen_ms, 0);
}
END_TEST

static void put_interrupts(unsigned network, unsigned timer, unsigned others, unsigned elsewhere)
{
    put("/proc/interrupts",
        "           CPU0       CPU1       CPU2       CPU3       \n"
        "  8:          0          0          0          0   IO-APIC   8-edge      rtc0\n"
        " 36:     %u    2354869          7     %u IR-PCI-MSIX-0000:3b:00.0   1-edge      "
        "mlx5_comp0@pci:0000:3b:00.0\n"
        "LOC:     %u          0          0     %u   Local timer interrupts\n"
        "RES:          0          0          0     %u   Rescheduling interrupts\n"
        "IWI:          0          0          0          4   IRQ work interrupts\n"
        "ERR:     %u\nMIS:          0\n",
        elsewhere, network, elsewhere, timer, others, elsewhere);
}

START_TEST(interrupts_of_the_core_are_counted_by_name)
{
    put_interrupts(100, 1000, 3, 0);
    look_before();
    put_interrupts(140, 1009, 5, 777);
    look_after();
    const struct ry_tuning_noise_rows *rows = &noise.core[0].interrupts;
    ck_assert_uint_eq(rows->times, 51);
    ck_assert_uint_eq(rows->count, 3);
    is_row(rows, 0, "36", "mlx5_comp0@pci:0000:3b:00.0", 40);
    is_row(rows, 1, "LOC", "local timer", 9);
    is_row(rows, 2, "RES", "rescheduling", 2);
}
END_TEST

/* As kernels of several ages and machines print a row, and what it is called. */
static const struct {
    const char *head, *row, *id, *name;
} kernels[] = {
    {"CPU0 CPU1 CPU2 CPU3", "IWI: 0 0 0 1 IRQ work interrupts", "IWI", "IRQ work"},
    {"CPU0 CPU1 CPU2 CPU3", "TLB: 0 0 0 1   TLB shootdowns", "TLB", "TLB shootdowns"},
    {"CPU0 CPU1 CPU2 CPU3", "  9: 0 0 0 1   IO-APIC   9-fasteoi   acpi", "9", "acpi"},
    {"CPU0 CPU1 CPU2 CPU3", " 16: 0 0 0 1  IR-IO-APIC   16-fasteoi   i801_smbus, ehci_hcd:usb1",
     "16", "i801_smbus, ehci_hcd:usb1"},
    {"CPU0 CPU1 CPU2 CPU3", " 27: 0 0 0 1  PCI-MSI 524288-edge      eth0-TxRx-0", "27",
     "eth0-TxRx-0"},
    {"CPU0 CPU1 CPU2 CPU3", " 24: 0 0 0 1  Hyper-V PCIe MSI 4611686018427518976-edge      nvme0q1",
     "24", "nvme0q1"},
    {"CPU0 CPU1 CPU2 CPU3",
     " 11:          0          0          0          1     GICv3  27 Level "
     "    arch_timer",
     "11", "arch_timer"},
    {"CPU0 CPU1 CPU2 CPU3",
     "IPI0:         0          0          0          1       Rescheduling "
     "interrupts",
     "IPI0", "rescheduling"},
    {"CPU0 CPU1 CPU2 CPU3", " 30:  0  0  0  1  PCI-MSIX-0000:00:01.0   1-edge", "30", "1-edge"},
    {"CPU0 CPU1 CPU2 CPU3", " 31:  0  0  0  1", "31", "31"},
    {"CPU0 CPU1 CPU2 CPU3", "DFR: 0 0 0 1   Deferred \033[31mError APIC interrupts", "DFR",
     "deferred ?[31mError APIC"},
    /* CPU 1 is offline: it has no column. */
    {"CPU0 CPU2 CPU3", "LOC: 0 0 1   Local timer interrupts", "LOC", "local timer"},
    {"CPU3", "LOC: 1   Local timer interrupts", "LOC", "local timer"},
    {"CPU3", "1234567890123456789: 1   x  an id that is too long", "123456789012345",
     "an id that is too long"},
    {"CPU3",
     "40: 1   MSI  a-name-that-is-longer-than-any-driver-would-give-to-an-interrupt-of-its-own",
     "40", "a-name-that-is-longer-than-any-driver-would-give-to-an-interrup"},
};

START_TEST(rows_of_many_kernels)
{
    put("/proc/interrupts", "   %s\n%.0s RES: 0 0 0 0\n", kernels[_i].head, kernels[_i].row);
    look_before();
    put("/proc/interrupts", "   %s\n%s\n RES: 0 0 0 0\n", kernels[_i].head, kernels[_i].row);
    look_after();
    ck_assert_uint_eq(noise.core[0].interrupts.times, 1);
    is_row(&noise.core[0].interrupts, 0, kernels[_i].id, kernels[_i].name, 1);
}
END_TEST

/* Errors of the whole machine have one column, like everything where there is one CPU. */
START_TEST(errors_of_the_machine_are_no_cores)
{
    cores = (struct ry_tuning_cpus){.word = {1}};
    put("/proc/interrupts", "   CPU0\nLOC: 1 Local timer interrupts\nERR: 1\nMIS: 1\nErr: 1\n");
    look_before();
    put("/proc/interrupts", "   CPU0\nLOC: 2 Local timer interrupts\nERR: 9\nMIS: 9\nErr: 9\n");
    look_after();
    ck_assert_uint_eq(noise.core[0].interrupts.times, 1);
}
END_TEST

static const struct {
    uint64_t before, after, times;
} moves[] = {
    {4294967290u, 5, 11},                 /* 32 bits wrap */
    {UINT32_MAX, 0, 1},                   /* likewise */
    {1000, 3, 3},                         /* given back, and taken anew */
    {5000000000, 5000000007, 7},          /* wider than we know them to be */
    {2000000000, 1999999999, 1999999999}, /* no wrap: that would be 4 billion */
    {0, 4000000000u, 4000000000u},
};

START_TEST(counts_wrap_or_begin_anew)
{
    put("/proc/interrupts", "   CPU3\n 36: %llu  x  eth0\n", (unsigned long long)moves[_i].before);
    look_before();
    put("/proc/interrupts", "   CPU3\n 36: %llu  x  eth0\n", (unsigned long long)moves[_i].after);
    look_after();
    ck_assert_uint_eq(noise.core[0].interrupts.times, moves[_i].times);
}
END_TEST

/* One that came meanwhile counts from 0; one that went is gone; rows may change places. */
START_TEST(interrupts_come_and_go)
{
    put("/proc/interrupts", "   CPU3\n 1: 5  x  a\n 2: 50  x  b\n 3: 500  x  c\n");
    look_before();
    put("/proc/interrupts", "   CPU3\n 3: 501  x  c\n 4: 7  x  d\n 1: 7  x  a\n");
    look_after();
    ck_assert_uint_eq(noise.core[0].interrupts.count, 3);
    is_row(&noise.core[0].interrupts, 0, "4", "d", 7);
    is_row(&noise.core[0].interrupts, 1, "1", "a", 2);
    is_row(&noise.core[0].interrupts, 2, "3", "c", 1);
}
END_TEST

/* More of them than are kept: the most frequent are, and the sum is of all. */
START_TEST(the_most_frequent_are_kept)
{
    char text[4096] = "   CPU3\n";
    const unsigned rows = RY_TUNING_NOISE_ROWS_MAX + 10;
    put("/proc/interrupts", "   CPU3\n 0: 0\n");
    look_before();
    for (unsigned i = 1; i <= rows; i++) /* 1, .., each once, in no order */
        sprintf(text + strlen(text), " %u: %u  x  eth%u\n", i, 1 + i * 13 % rows, i);
    put("/proc/interrupts", "%s", text);
    look_after();
    const struct ry_tuning_noise_rows *kept = &noise.core[0].interrupts;
    ck_assert_uint_eq(kept->count, RY_TUNING_NOISE_ROWS_MAX);
    ck_assert_uint_eq(kept->more, 10);
    ck_assert_uint_eq(kept->times, rows * (rows + 1) / 2);
    for (unsigned i = 0; i < kept->count; i++)
        ck_assert_uint_eq(kept->row[i].times, rows - i);
}
END_TEST

/* 1,024 CPUs, each line of it 12 KB, and a file larger than what is read at first. */
START_TEST(a_machine_with_many_cpus)
{
    char *text = NULL;
    size_t bytes = 0;
    cores = (struct ry_tuning_cpus){.word = {0}};
    ry_tuning_cpus_add(&cores, 0);
    ry_tuning_cpus_add(&cores, 700);
    ry_tuning_cpus_add(&cores, 1023);
    for (unsigned step = 0; step < 2; step++) {
        FILE *file = open_memstream(&text, &bytes);
        for (unsigned cpu = 0; cpu < 1024; cpu++)
            fprintf(file, "       CPU%u", cpu);
        for (unsigned row = 0; row < 30; row++) {
            fprintf(file, "\n%4u:", row);
            for (unsigned cpu = 0; cpu < 1024; cpu++)
                fprintf(file, " %10u", step * (row * 10000 + cpu));
            fprintf(file, "  PCI-MSI-0000:00:00.0   1-edge      nvme%u", row);
        }
        fputc('\n', file);
        fclose(file);
        put("/proc/interrupts", "%s", text);
        free(text);
        if (step == 0)
            look_before();
    }
    look_after();
    ck_assert_uint_gt(bytes, 300000);
    ck_assert_str_eq(noise.why, "");
    ck_assert_uint_eq(noise.cores, 3);
    ck_assert_uint_eq(noise.core[1].core, 700);
    ck_assert_uint_eq(noise.core[0].interrupts.times, 29 * 30 / 2 * 10000);
    ck_assert_uint_eq(noise.core[1].interrupts.times, 29 * 30 / 2 * 10000 + 30 * 700);
    is_row(&noise.core[2].interrupts, 0, "29", "nvme29", 291023);
}
END_TEST

START_TEST(a_core_that_is_offline)
{
    put("/proc/interrupts", "   CPU0 CPU1 CPU2 CPU3\nLOC: 1 2 3 4 Local timer interrupts\n");
    look_before();
    put("/proc/interrupts", "   CPU0 CPU1 CPU2\nLOC: 1 2 3 Local timer interrupts\n");
    look_after();
    ck_assert(!noise.core[0].online);
    ck_assert_uint_eq(noise.core[0].interrupts.times, 0);
}
END_TEST

/* What it counted before it went offline is none of this. */
START_TEST(a_core_that_comes_back)
{
    put("/proc/interrupts", "   CPU0 CPU1 CPU2\nLOC: 1 2 3 Local timer interrupts\n");
    look_before();
    put("/proc/interrupts", "   CPU0 CPU1 CPU2 CPU3\nLOC: 1 2 3 4000 Local timer interrupts\n");
    look_after();
    ck_assert(!noise.core[0].online);
    ck_assert_uint_eq(noise.core[0].interrupts.times, 0);
}
END_TEST

/* ---- softirqs, arrivals, stolen time --------------------------------------------------------- */

START_TEST(softirqs_arrivals_and_stolen_time)
{
    look_before();
    put("/proc/softirqs", "                    CPU0       CPU1       CPU2       CPU3       \n"
                          "          HI:          9          9          9          0\n"
                          "       TIMER:          1          1          1          4\n"
                          "      NET_RX:          0          0          0          8\n");
    put("/proc/schedstat", "version 17\ncpu0 0 0 0 0 0 0 1 2 300\ndomain0 f 1 2 3 4 5 6 7 8 9 10\n"
                           "cpu3 0 0 0 0 0 0 2000 3000 62\n");
    put("/proc/stat", "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 800 9 10\n"
                      "cpu3 1 2 3 4 5 6 7 11 9 10\n");
    look_after();
    const struct ry_tuning_noise_core *core = &noise.core[0];
    ck_assert_uint_eq(core->softirqs.times, 11);
    is_row(&core->softirqs, 0, "NET_RX", "NET_RX", 8);
    is_row(&core->softirqs, 1, "TIMER", "TIMER", 3);
    ck_assert_uint_eq(core->arrivals, 12);
    ck_assert_uint_eq(core->stolen_ms, 30); /* 3 ticks */
}
END_TEST

START_TEST(what_is_not_known_says_why)
{
    gone("/proc/schedstat");
    put("/proc/interrupts", "interrupts are counted elsewhere\n");
    look_before();
    gone("/proc/softirqs");
    look_after();
    const struct ry_tuning_noise_core *core = &noise.core[0];
    ck_assert(!core->interrupts.known && !core->softirqs.known && !core->arrivals_known);
    ck_assert(core->stolen_known && core->threads_known);
    ck_assert_str_eq(noise.why, "interrupts (/proc/interrupts: not as the kernel writes it), "
                                "softirqs (/proc/softirqs: No such file or directory), "
                                "arrivals (/proc/schedstat: No such file or directory)");
}
END_TEST

/* In a container no kernel thread is to be seen: that is not "none ran". */
START_TEST(kernel_threads_that_are_hidden)
{
    put_task(2, "bash", 0, false, 0, 2);
    look_before();
    look_after();
    ck_assert(!noise.core[0].threads_known);
    ck_assert_str_eq(noise.why, "kernel threads (/proc: Operation not permitted)");
}
END_TEST

/* ---- kernel threads -------------------------------------------------------------------------- */

START_TEST(kernel_threads_that_ran_there)
{
    put_kernel_thread(20, "ksoftirqd/3", 3, "3", 100);
    put_kernel_thread(21, "ksoftirqd/2", 2, "2", 100);   /* another core's */
    put_kernel_thread(22, "migration/3", 3, "3", 40);    /* does not run */
    put_kernel_thread(23, "kworker/u8:1", 0, "0-3", 60); /* comes here */
    put_kernel_thread(24, "kworker/u8:2", 3, "0-3", 60); /* goes away */
    put_kernel_thread(25, "old", 3, "0-3", 1000);        /* its number is given to another */
    look_before();
    put_kernel_thread(20, "ksoftirqd/3", 3, "3", 130);
    put_kernel_thread(21, "ksoftirqd/2", 2, "2", 900);
    put_kernel_thread(23, "kworker/u8:1", 3, "0-3", 80);
    put_kernel_thread(24, "kworker/u8:2", 1, "0-3", 70);
    put_task(25, "new) S 1 (", 3, true, 25, 9999);
    put_status("/proc/25", "0-1,3", 3, 1);
    put_kernel_thread(26, "kworker/3:1-events", 3, "3", 5); /* came meanwhile */
    look_after();
    static const struct ry_tuning_noise_thread expected[] = {
        {.pid = 20, .name = "ksoftirqd/3", .bound = true, .switches = 30},
        {.pid = 23, .name = "kworker/u8:1", .moved = true, .switches = 20},
        {.pid = 26, .name = "kworker/3:1-events", .bound = true, .switches = 5},
        {.pid = 25, .name = "new) S 1 (", .switches = 4, .ran_ms = 250},
    };
    const struct ry_tuning_noise_core *core = &noise.core[0];
    ck_assert_uint_eq(core->threads, sizeof expected / sizeof expected[0]);
    for (unsigned i = 0; i < core->threads; i++) {
        ck_assert_int_eq(core->thread[i].pid, expected[i].pid);
        ck_assert_str_eq(core->thread[i].name, expected[i].name);
        ck_assert(core->thread[i].kernel);
        ck_assert_int_eq(core->thread[i].bound, expected[i].bound);
        ck_assert_int_eq(core->thread[i].moved, expected[i].moved);
        ck_assert_uint_eq(core->thread[i].switches, expected[i].switches);
        ck_assert_uint_eq(core->thread[i].ran_ms, expected[i].ran_ms);
    }
}
END_TEST

/* Processes of others too, but not those of the battle. */
START_TEST(strangers_show_and_the_watched_do_not)
{
    process[processes++] = (struct ry_tuning_noise_process){.name = "exec", .pid = 50, .core = 3};
    put_task(50, "royale-exec", 3, false, 10, 50);
    put_status("/proc/50", "3", 10, 0);
    put_status("/proc/50/task/50", "3", 10, 0);
    put_task(51, "sshd", 3, false, 10, 51);
    put_status("/proc/51", "0-3", 10, 0);
    look_before();
    put_task(50, "royale-exec", 3, false, 1000, 50);
    put_status("/proc/50/task/50", "3", 12, 1);
    put_task(51, "sshd", 3, false, 10, 51);
    put_status("/proc/51", "0-3", 11, 1);
    look_after();
    const struct ry_tuning_noise_core *core = &noise.core[0];
    ck_assert_uint_eq(core->threads, 1);
    ck_assert_str_eq(core->thread[0].name, "sshd");
    ck_assert(!core->thread[0].kernel);
    ck_assert_uint_eq(core->thread[0].switches, 2);
    ck_assert(noise.process[0].known);
    ck_assert_uint_eq(noise.process[0].given_up, 2);
    ck_assert_uint_eq(noise.process[0].forced, 1);
}
END_TEST

START_TEST(more_threads_than_are_kept)
{
    const unsigned threads = RY_TUNING_NOISE_ROWS_MAX + 3;
    for (unsigned i = 0; i < threads; i++)
        put_kernel_thread((int)(100 + i), "kworker/3:0", 3, "3", 0);
    look_before();
    for (unsigned i = 0; i < threads; i++)
        put_kernel_thread((int)(100 + i), "kworker/3:0", 3, "3", 1 + i);
    look_after();
    ck_assert_uint_eq(noise.core[0].threads, RY_TUNING_NOISE_ROWS_MAX);
    ck_assert_uint_eq(noise.core[0].threads_more, 3);
    for (unsigned i = 0; i < RY_TUNING_NOISE_ROWS_MAX; i++)
        ck_assert_uint_eq(noise.core[0].thread[i].switches, threads - i);
}
END_TEST

/* ---- switches of the watched ----------------------------------------------------------------- */

START_TEST(switches_of_all_threads)
{
    process[processes++] = (struct ry_tuning_noise_process){.name = "feed0", .pid = 60, .core = 2};
    process[processes++] = (struct ry_tuning_noise_process){.name = "exec", .pid = 61, .core = 3};
    process[processes++] = (struct ry_tuning_noise_process){.name = "lost", .pid = 62, .core = 1};
    put_status("/proc/60/task/60", "2", 100, 10);
    put_status("/proc/60/task/63", "2", 1000, 1);
    put_status("/proc/60/task/64", "2", 5000, 5); /* ends meanwhile */
    put_status("/proc/61/task/61", "3", 7, 8);
    look_before();
    put_status("/proc/60/task/60", "2", 101, 12);
    put_status("/proc/60/task/63", "2", 1003, 1);
    put_status("/proc/60/task/65", "2", 4, 0); /* begins meanwhile */
    gone("/proc/60/task/64/status");
    gone("/proc/61/task/61/status"); /* and so has exec, of which wait4 says: */
    after = ry_tuning_noise_look(&host, &cores, process, processes);
    ry_tuning_noise_ended(after, 1, 27, 9);
    ck_assert(ry_tuning_noise_between(&noise, before, after));
    ck_assert_uint_eq(noise.processes, 3);
    ck_assert_str_eq(noise.process[0].process.name, "feed0");
    ck_assert(noise.process[0].known);
    ck_assert_uint_eq(noise.process[0].given_up, 1 + 3 + 4);
    ck_assert_uint_eq(noise.process[0].forced, 2);
    ck_assert(noise.process[1].known);
    ck_assert_uint_eq(noise.process[1].given_up, 20);
    ck_assert_uint_eq(noise.process[1].forced, 1);
    ck_assert(!noise.process[2].known);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("noise");
    TCase *tcase = tcase_create("noise");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, nothing_happened);
    tcase_add_test(tcase, interrupts_of_the_core_are_counted_by_name);
    tcase_add_loop_test(tcase, rows_of_many_kernels, 0, sizeof kernels / sizeof kernels[0]);
    tcase_add_test(tcase, errors_of_the_machine_are_no_cores);
    tcase_add_loop_test(tcase, counts_wrap_or_begin_anew, 0, sizeof moves / sizeof moves[0]);
    tcase_add_test(tcase, interrupts_come_and_go);
    tcase_add_test(tcase, the_most_frequent_are_kept);
    tcase_add_test(tcase, a_machine_with_many_cpus);
    tcase_add_test(tcase, a_core_that_is_offline);
    tcase_add_test(tcase, a_core_that_comes_back);
    tcase_add_test(tcase, softirqs_arrivals_and_stolen_time);
    tcase_add_test(tcase, what_is_not_known_says_why);
    tcase_add_test(tcase, kernel_threads_that_are_hidden);
    tcase_add_test(tcase, kernel_threads_that_ran_there);
    tcase_add_test(tcase, strangers_show_and_the_watched_do_not);
    tcase_add_test(tcase, more_threads_than_are_kept);
    tcase_add_test(tcase, switches_of_all_threads);
    suite_add_tcase(s, tcase);
    return s;
}

RY_TEST_MAIN(suite)
