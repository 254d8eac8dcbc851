#include "tests/support/fake_host.h"

#include <check.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/fake_kernel.h"

#define TREES "tests/unit/tuning/trees/"
#define STATE "/var/lib/royale-tune"
#define FULL  (2 * RY_TUNING_PATH_BYTES)

static void step(const struct ry_tuning_host *host)
{
    struct ry_test_host *fake = host->context;
    if (fake->steps_left > 0 && --fake->steps_left == 0)
        raise(SIGKILL);
}

static void full_path(const struct ry_test_host *fake, const char *path, char full[FULL])
{
    ck_assert(ry_tuning_host_path(&fake->host, path, full));
}

static void make_parents(const struct ry_test_host *fake, const char *path)
{
    char full[FULL];
    full_path(fake, path, full);
    for (char *slash = full + strlen(fake->host.root) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = 0;
        (void)mkdir(full, 0755);
        *slash = '/';
    }
}

void ry_test_host_open(struct ry_test_host *fake)
{
    /* In memory where that can be: each change waits for the disk otherwise. */
    char root[32];
    memset(fake, 0, sizeof *fake);
    snprintf(root, sizeof root, "%s/test-host-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ry_tuning_host_open(&fake->host, root);
    fake->host.calls = &ry_test_kernel_calls;
    fake->host.context = fake;
    fake->host.step = step;
    make_parents(fake, STATE "/");
    make_parents(fake, "/etc/");
    ry_test_host_file(fake, "/proc/self/mounts", "");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void ry_test_host_close(struct ry_test_host *fake)
{
    ck_assert_int_eq(nftw(fake->host.root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void ry_test_host_file(struct ry_test_host *fake, const char *path, const char *text)
{
    char full[FULL];
    make_parents(fake, path);
    full_path(fake, path, full);
    FILE *file = fopen(full, "we");
    ck_assert_msg(file != NULL, "%s", full);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

void ry_test_host_link(struct ry_test_host *fake, const char *path, const char *target)
{
    char full[FULL];
    make_parents(fake, path);
    full_path(fake, path, full);
    ck_assert_int_eq(symlink(target, full), 0);
}

void ry_test_host_remove(struct ry_test_host *fake, const char *path)
{
    char full[FULL];
    full_path(fake, path, full);
    ck_assert_int_eq(nftw(full, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void ry_test_host_refuse(struct ry_test_host *fake, const char *path)
{
    ck_assert_uint_lt(fake->refused, RY_TEST_HOST_REFUSED_MAX);
    snprintf(fake->refuse[fake->refused++], RY_TUNING_PATH_BYTES, "%s", path);
}

void ry_test_host_limit(struct ry_test_host *fake, const char *path, long long limit)
{
    snprintf(fake->limited, sizeof fake->limited, "%s", path);
    fake->limit = limit;
}

/* "a\nb": two lines, "a\tb": a tab between; a newline at the end. */
static void unescape(const char *from, char *to)
{
    for (; *from != 0; from++) {
        bool newline = from[0] == '\\' && from[1] == 'n';
        bool tab = from[0] == '\\' && from[1] == 't';
        *to++ = newline ? '\n' : tab ? '\t' : *from;
        from += newline || tab;
    }
    *to++ = '\n';
    *to = 0;
}

static void add_line(struct ry_test_host *fake, char *line)
{
    char text[RY_TUNING_TEXT_BYTES + 2];
    char *path = line, *blank = strchr(line, ' ');
    ck_assert_msg(blank != NULL && path[0] == '/', "%s", line);
    char *what = blank + 1;
    *blank = 0;
    if (strncmp(what, "-> ", 3) == 0) {
        ry_test_host_link(fake, path, what + 3);
    } else if (strcmp(what, "/") == 0) {
        char folder[RY_TUNING_PATH_BYTES];
        snprintf(folder, sizeof folder, "%s/", path);
        make_parents(fake, folder);
    } else {
        size_t mark = strcspn(what, " ");
        ck_assert_msg(what[0] == '=' && mark <= 2, "%s %s", path, what);
        unescape(what + mark + (what[mark] != 0), text);
        ry_test_host_file(fake, path, text);
        if (what[1] == '!')
            ry_test_host_refuse(fake, path);
    }
}

/* A line of a tree: "{0-3}" in it makes four. */
static void add_lines(struct ry_test_host *fake, const char *line)
{
    unsigned first = 0, last = 0;
    const char *open = strchr(line, '{'), *close = open == NULL ? NULL : strchr(open, '}');
    char one[RY_TUNING_TEXT_BYTES];
    if (close == NULL || sscanf(open, "{%u-%u}", &first, &last) != 2) {
        snprintf(one, sizeof one, "%s", line);
        add_line(fake, one);
        return;
    }
    for (unsigned i = first; i <= last; i++) {
        snprintf(one, sizeof one, "%.*s%u%s", (int)(open - line), line, i, close + 1);
        add_line(fake, one);
    }
}

void ry_test_host_tree(struct ry_test_host *fake, const char *name)
{
    char path[256], line[RY_TUNING_TEXT_BYTES];
    snprintf(path, sizeof path, TREES "%s.tree", name);
    FILE *file = fopen(path, "re");
    ck_assert_msg(file != NULL, "%s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] != 0 && line[0] != '#')
            add_lines(fake, line);
    }
    fclose(file);
}

const char *ry_test_host_text(const struct ry_test_host *fake, const char *path)
{
    static char text[RY_TUNING_TEXT_BYTES];
    return ry_tuning_host_read(&fake->host, path, text, sizeof text) < 0 ? NULL : text;
}

/* nftw() has no context. */
static struct {
    const char *root;
    unsigned count;
    char *line[RY_TEST_HOST_PATHS_MAX];
} listing;

static size_t content(const char *path, int kind, char *text, size_t bytes)
{
    if (kind == FTW_SL) {
        ssize_t n = readlink(path, text, bytes);
        return n < 0 ? 0 : (size_t)n;
    }
    FILE *file = kind == FTW_F ? fopen(path, "re") : NULL;
    size_t n = file == NULL ? 0 : fread(text, 1, bytes, file);
    if (file != NULL)
        fclose(file);
    return n;
}

static int list_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)place;
    const char *below = path + strlen(listing.root);
    char text[RY_TUNING_TEXT_BYTES];
    size_t bytes = 0;
    if (strncmp(below, STATE, strlen(STATE)) == 0)
        return 0;
    ck_assert_uint_lt(listing.count, RY_TEST_HOST_PATHS_MAX);
    FILE *out = open_memstream(&listing.line[listing.count++], &bytes);
    fprintf(out, "%s %o ", below, status->st_mode);
    size_t n = content(path, kind, text, sizeof text);
    for (size_t i = 0; i < n; i++)
        fprintf(out, text[i] == '\n' ? "\\n" : "%c", text[i]);
    fputc('\n', out);
    fclose(out);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *ry_test_host_whole(const struct ry_test_host *fake)
{
    char *text = NULL;
    size_t bytes = 0;
    listing.root = fake->host.root;
    listing.count = 0;
    ck_assert_int_eq(nftw(fake->host.root, list_one, 16, FTW_PHYS), 0);
    qsort(listing.line, listing.count, sizeof *listing.line, by_text);
    FILE *out = open_memstream(&text, &bytes);
    for (unsigned i = 0; i < listing.count; i++) {
        fputs(listing.line[i], out);
        free(listing.line[i]);
    }
    fclose(out);
    return text;
}

static void take(void *context, const struct ry_tuning_setting *setting)
{
    struct ry_test_findings *findings = context;
    ck_assert_uint_lt(findings->count, RY_TEST_FINDINGS_MAX);
    findings->setting[findings->count++] = *setting;
}

void ry_test_host_look(const struct ry_test_host *fake, const struct ry_tuning_target *target,
                       const char *stage, struct ry_test_findings *findings)
{
    const struct ry_tuning_stage *found = ry_tuning_stage_named(stage);
    struct ry_tuning_findings taker = {.take = take, .context = findings};
    ck_assert_msg(found != NULL, "no stage %s", stage);
    findings->count = 0;
    found->look(&fake->host, target, &taker);
}

static const struct ry_tuning_setting *find(const struct ry_test_findings *findings,
                                            const char *path)
{
    for (unsigned i = 0; i < findings->count; i++)
        if (strcmp(findings->setting[i].path, path) == 0)
            return &findings->setting[i];
    return NULL;
}

const struct ry_tuning_setting *ry_test_finding(const struct ry_test_findings *findings,
                                                const char *path)
{
    const struct ry_tuning_setting *found = find(findings, path);
    ck_assert_msg(found != NULL, "nothing was told of %s", path);
    return found;
}

void ry_test_finding_is(const struct ry_test_findings *findings, const char *path,
                        enum ry_tuning_state state, const char *want)
{
    const struct ry_tuning_setting *found = ry_test_finding(findings, path);
    ck_assert_msg(found->state == state, "%s: state %d, now %s, want %s, %s", path,
                  (int)found->state, found->now, found->want, found->why);
    if (state == RY_TUNING_MISSING)
        ck_assert_str_eq(found->want, want);
    if (state == RY_TUNING_CANNOT)
        ck_assert_str_ne(found->why, "");
}

bool ry_test_finding_told(const struct ry_test_findings *findings, const char *path)
{
    return find(findings, path) != NULL;
}

void ry_test_target(struct ry_tuning_target *target)
{
    memset(target, 0, sizeof *target);
    snprintf(target->battle, sizeof target->battle, "duel");
    struct ry_tuning_machine *machine = &target->machine;
    snprintf(machine->name, sizeof machine->name, "a fake machine");
    machine->cpus = machine->possible = 8;
    machine->cores = 4;
    machine->l3s = machine->nodes = machine->packages = machine->kinds = 1;
    machine->node_bytes[0] = (size_t)64 << 30;
    for (unsigned i = 0; i < 8; i++) {
        machine->cpu[i] = (struct ry_tuning_cpu){.cpu = i / 2 + i % 2 * 4,
                                                 .core = i / 2,
                                                 .thread = i % 2,
                                                 .online = true,
                                                 .allowed = true};
        bool hot = i / 2 != 0;
        ry_tuning_cpus_add(hot ? &target->hot : &target->house, machine->cpu[i].cpu);
        if (hot && i % 2 == 1)
            ry_tuning_cpus_add(&target->siblings, machine->cpu[i].cpu);
    }
    target->huge_bytes[0] = (size_t)1 << 30;
    target->nics = 2;
    target->nic[0] = (struct ry_tuning_nic){.pci = "0000:3b:00.0", .interface = "eth0", .node = 0};
    target->nic[1] = (struct ry_tuning_nic){.pci = "0000:5e:00.0", .node = 0, .vfio = true};
}
