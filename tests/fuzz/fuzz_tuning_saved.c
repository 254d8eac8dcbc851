/* A journal of changes that says anything, reverted on a machine of files: whatever was read leads
 * nowhere outside of the machine, nothing beside it is touched, and a second revert finds what the
 * first left. A line is the rest of a record, to which its check is added; behind '!' it stands as
 * it is. */
#include <assert.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/support/fuzz_limit.h"
#include "tuning/engine.h"

#define PATH_BYTES 128

static const char *const folders[] = {"",
                                      "/root",
                                      "/root/etc",
                                      "/root/var",
                                      "/root/var/lib",
                                      "/root/sys",
                                      "/root/dev",
                                      "/root/sys/bus",
                                      "/root/sys/bus/pci",
                                      "/root/sys/bus/pci/drivers",
                                      "/root/sys/bus/pci/drivers/ice",
                                      "/root/sys/bus/pci/devices",
                                      "/root/sys/bus/pci/devices/5e",
                                      "/root/proc",
                                      "/root/proc/sys",
                                      "/root/proc/self",
                                      "/root/var/lib/royale-tune"};
static const struct {
    const char *path, *text;
} files[] = {
    {"/beside", "not yours\n"},
    {"/root/sys/choice", "always [madvise] never\n"},
    {"/root/sys/number", "60\n"},
    {"/root/sys/list", "0-3\n"},
    {"/root/sys/words", "cpu io\n"},
    {"/root/proc/sys/first", "4 4 1 7\n"},
    {"/root/proc/self/mounts", "none /dev/huge hugetlbfs rw,pagesize=2M 0 0\n"},
    {"/root/etc/own.conf", "ours\n"},
    {"/root/sys/bus/pci/drivers/ice/bind", ""},
    {"/root/sys/bus/pci/devices/5e/driver_override", "(null)\n"},
};
static char outer[32];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void drop_machine(void)
{
    (void)nftw(outer, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *text, size_t bytes)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s%s", outer, name);
    FILE *file = fopen(path, "we");
    assert(file != NULL);
    (void)fwrite(text, 1, bytes, file);
    fclose(file);
}

static void make_machine(void)
{
    char path[PATH_BYTES];
    if (outer[0] == '\0') {
        snprintf(outer, sizeof outer, "/dev/shm/fuzz-saved-XXXXXX");
        const char *made = mkdtemp(outer);
        assert(made != NULL);
        (void)atexit(drop_machine);
    } else {
        drop_machine();
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s%s", outer, folders[i]);
        (void)mkdir(path, 0755);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        put(files[i].path, files[i].text, strlen(files[i].text));
}

static void put_journal(const char *data, size_t size)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert(out != NULL);
    for (const char *line = data, *end = data + size; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const size_t n = (size_t)((newline != NULL ? newline : end) - line);
        if (line[0] != '!')
            fprintf(out, "%016" PRIx64, (uint64_t)XXH3_64bits(line, n));
        (void)fwrite(line + (line[0] == '!'), 1, n - (line[0] == '!'), out);
        if (newline != NULL)
            fputc('\n', out);
        line += n + 1;
    }
    fclose(out);
    put("/root" RY_TUNING_SAVED_PATH, text, bytes);
    free(text);
}

static void check_inside(const char *path)
{
    char whole[RY_TUNING_PATH_BYTES + 1];
    assert(path[0] == '/');
    snprintf(whole, sizeof whole, "%s/", path);
    assert(strstr(whole, "/../") == NULL);
}

/* In front of any revert: a journal that led out would lead into this machine. */
static void check_journal(const struct ry_tuning_host *host)
{
    struct ry_tuning_saved saved;
    assert(ry_tuning_saved_read(&saved, host) == 0);
    for (unsigned i = 0; i < saved.count; i++) {
        const struct ry_tuning_change *change = &saved.change[i];
        assert(change->number > 0 && change->number <= saved.last);
        if (change->kind != RY_TUNING_NIC && change->kind != RY_TUNING_IRQBALANCE)
            check_inside(change->path);
    }
    ry_tuning_saved_close(&saved);
}

static int write_inside(const struct ry_tuning_host *host, const char *path, const char *text)
{
    struct ry_tuning_host plain;
    check_inside(path);
    ry_tuning_host_open(&plain, host->root);
    return ry_tuning_effect_set(&plain, RY_TUNING_FILE, path, text);
}

static int load_module(const struct ry_tuning_host *host, const char *module)
{
    (void)host;
    assert(strchr(module, '/') == NULL);
    return -1;
}

static void tell(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was)
{
    (void)context;
    (void)deed;
    assert(memchr(stage, '\0', RY_TUNING_STAGE_BYTES) != NULL && was != NULL);
    assert(memchr(setting->why, '\0', sizeof setting->why) != NULL);
    assert(memchr(setting->now, '\0', sizeof setting->now) != NULL);
}

static void check_beside(void)
{
    char path[PATH_BYTES], text[64] = "";
    snprintf(path, sizeof path, "%s%s", outer, files[0].path);
    FILE *file = fopen(path, "re");
    assert(file != NULL);
    (void)!fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert(strcmp(text, files[0].text) == 0);
    struct stat status;
    assert(stat(outer, &status) == 0 && status.st_nlink == 3); /* root/ alone */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ry_tuning_calls calls = {.write = write_inside, .load_module = load_module};
    const struct ry_tuning_told told = {.tell = tell};
    struct ry_tuning_host host;
    char root[PATH_BYTES];
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    make_machine();
    put_journal((const char *)data, size);
    snprintf(root, sizeof root, "%s/root", outer);
    ry_tuning_host_open(&host, root);
    host.calls = &calls;
    check_journal(&host);
    (void)ry_tuning_verify(&host, RY_TUNING_ALL, &told);
    (void)ry_tuning_revert(&host, RY_TUNING_ALL, &told);
    check_beside();
    if (ry_tuning_host_exists(&host, RY_TUNING_SAVED_PATH)) {
        check_journal(&host);
        (void)ry_tuning_revert(&host, RY_TUNING_ALL, &told);
        check_beside();
    }
    return 0;
}
