/* What /proc says of a core and of a task, whatever it says. The first byte says which file. Text
 * of others that is kept can be shown. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/fuzz_limit.h"
#include "tuning/noise_files.h"

#define PID 7

static char root[32];
static struct ry_tuning_host host;

static void drop_root(void)
{
    char path[64];
    static const char *const names[] = {"/proc/7/status", "/proc/7/stat", "/proc/7", "/proc", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        (void)remove(path);
    }
}

static void make_root(void)
{
    char path[64];
    snprintf(root, sizeof root, "/dev/shm/fuzz-noise-XXXXXX");
    const char *made = mkdtemp(root);
    assert(made != NULL);
    snprintf(path, sizeof path, "%s/proc", root);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/proc/7", root);
    (void)mkdir(path, 0700);
    ry_tuning_host_open(&host, root);
    (void)atexit(drop_root);
}

static void put(const char *name, const uint8_t *data, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "%s%s", root, name);
    FILE *file = fopen(path, "we");
    assert(file != NULL);
    (void)fwrite(data, 1, size, file);
    fclose(file);
}

static void check_text(const char *text, size_t bytes)
{
    assert(memchr(text, '\0', bytes) != NULL);
    for (; *text != '\0'; text++)
        assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void read_table(const struct ry_tuning_noise_cpus *cpus)
{
    struct ry_tuning_noise_table table;
    if (ry_tuning_noise_read_table(&host, "/proc/7/stat", cpus, &table) != 0) {
        assert(table.rows == 0);
        return;
    }
    uint64_t sum = 0;
    for (unsigned i = 0; i < table.rows; i++) {
        check_text(table.label[i].id, sizeof table.label[i].id);
        check_text(table.label[i].name, sizeof table.label[i].name);
        for (unsigned j = 0; j < cpus->count; j++)
            sum ^= table.times[i * cpus->count + j]; /* all are there */
    }
    (void)ry_tuning_noise_moved(sum, sum / 2);
    ry_tuning_noise_table_free(&table);
}

static void read_task(void)
{
    struct ry_tuning_noise_task task;
    (void)ry_tuning_noise_read_stat(&host, PID, &task);
    check_text(task.name, sizeof task.name);
    assert(task.cpu >= -1);
    (void)ry_tuning_noise_read_status(&host, "/proc/7", &task);
    assert(task.only_cpu >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ry_tuning_noise_cpus cpus = {.count = 3, .cpu = {0, 2, 900}};
    uint64_t value[3];
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    if (root[0] == '\0')
        make_root();
    put("/proc/7/stat", data + 1, size - 1);
    if (data[0] == 't') {
        put("/proc/7/status", data + 1, size - 1);
        read_task();
    } else if (data[0] == 'f') {
        (void)ry_tuning_noise_read_field(&host, "/proc/7/stat", 9, &cpus, value);
    } else {
        read_table(&cpus);
    }
    return 0;
}
