/*
 * The sink `jsonl`: whatever stood there of an export that was cut at any byte, who goes on makes
 * the same files as one that nothing interrupted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tools/export/jsonl.h"

#define INPUTS_MAX 12
#define FILES_MAX  64
#define FILE_BYTES 8192
#define ROTATE     400 /* two rows or three */

static char folder[64], out[96];
static struct ry_results results;
static char said[RY_EXPORT_ERROR_BYTES];
static unsigned says;

static void say(void *context, enum ry_log_level level, const char *line)
{
    (void)context;
    ck_assert_int_eq(level, RY_LOG_WARN);
    snprintf(said, sizeof said, "%s", line);
    says++;
}

static void set_up(void)
{
    strcpy(folder, "/dev/shm/test-rows-XXXXXX"); /* an fsync costs nothing there */
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ry_results_open(&results, &stage_id, NULL);
    says = 0;
}

static void tear_down(void)
{
    char command[128];
    ry_results_close(&results);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- rows and files -------------------------------------------------------------------------- */

/* Rows of input `i`: one to three; every other has another length. */
static unsigned rows_of(uint64_t input)
{
    return 1 + (unsigned)(input * 7 % 3);
}

static struct ry_results_row row_of(uint64_t input, uint64_t n)
{
    struct ry_results_row row = {.kind = RY_RESULTS_ROW_END};
    row.key.battle_id = stage_id;
    row.key.input = input;
    row.key.n = n;
    row.key.time = (int64_t)(input * 1000 + n);
    return row;
}

static struct ry_export_target target_of(enum ry_export_there there)
{
    return (struct ry_export_target){
        .battle_id = stage_id,
        .battle = folder,
        .out = out,
        .rotate_bytes = ROTATE,
        .there = there,
        .say = say,
    };
}

/* What whoever exports does, up to input `last`. False: the sink has failed. */
static bool export_to(struct ry_export_sink *sink, uint64_t last)
{
    struct ry_export_cursor at = sink->cursor;
    for (uint64_t input = 1; input <= last; input++) {
        while (!sink->room(sink)) {
            (void)sink->step(sink, false);
            if (sink->state != RY_EXPORT_READY)
                return false;
        }
        for (uint64_t n = 1; n <= rows_of(input); n++) {
            const struct ry_results_row row = row_of(input, n);
            const struct ry_export_cursor next = {.input = input, .n = n};
            if (ry_export_behind(&next, &at))
                ck_assert_int_eq(sink->write(sink, &results, &row), 0);
        }
        (void)sink->step(sink, input % 2 == 0);
    }
    sink->finish(sink);
    (void)sink->step(sink, true);
    return sink->state == RY_EXPORT_READY;
}

static void export_all(uint64_t last)
{
    const struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    struct ry_export_sink sink;
    ry_export_jsonl(&sink);
    ck_assert_msg(sink.open(&sink, &target) == 0, "%s", sink.error);
    ck_assert_int_eq(sink.state, RY_EXPORT_READY);
    ck_assert(export_to(&sink, last));
    ck_assert_uint_eq(sink.durable.input, last);
    ck_assert_uint_eq(sink.durable.n, rows_of(last));
    ck_assert_int_eq(sink.close(&sink), 0);
}

struct file {
    char path[128];
    char bytes[FILE_BYTES];
    size_t count;
};

struct files {
    struct file file[FILES_MAX];
    unsigned count;
    size_t bytes;
};

static void read_file(struct files *files, const char *path)
{
    struct file *file = &files->file[files->count++];
    snprintf(file->path, sizeof file->path, "%s", path);
    FILE *in = fopen(path, "re");
    ck_assert_ptr_nonnull(in);
    file->count = fread(file->bytes, 1, FILE_BYTES, in);
    ck_assert_uint_lt(file->count, FILE_BYTES);
    fclose(in);
    files->bytes += file->count;
}

/* All of the target, in the order of the names. */
static void read_target(struct files *files)
{
    struct dirent **entry;
    *files = (struct files){.count = 0};
    if (out[strlen(out) - 1] != '/') {
        read_file(files, out);
        return;
    }
    int entries = scandir(out, &entry, NULL, alphasort);
    ck_assert_int_ge(entries, 0);
    for (int i = 0; i < entries; i++) {
        char path[sizeof out + 300];
        snprintf(path, sizeof path, "%s%s", out, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.')
            read_file(files, path);
        free(entry[i]);
    }
    free(entry);
}

/* The target as a process leaves it that ends after `bytes` of all: later files are not there. If
 * a file has just been finished the next may be there, empty. */
static void write_cut(const struct files *whole, size_t bytes, bool next)
{
    bool finished = false;
    for (unsigned i = 0; i < whole->count; i++) {
        const struct file *file = &whole->file[i];
        size_t count = bytes < file->count ? bytes : file->count;
        bytes -= count;
        if (count == 0 && !(next && finished)) {
            ck_assert(unlink(file->path) == 0 || errno == ENOENT);
            continue;
        }
        FILE *to = fopen(file->path, "we");
        ck_assert_ptr_nonnull(to);
        ck_assert_uint_eq(fwrite(file->bytes, 1, count, to), count);
        fclose(to);
        finished = count == file->count;
    }
}

static void same(const struct files *a, const struct files *b, size_t at)
{
    ck_assert_uint_eq(a->count, b->count);
    for (unsigned i = 0; i < a->count; i++) {
        ck_assert_str_eq(a->file[i].path, b->file[i].path);
        ck_assert_msg(a->file[i].count == b->file[i].count &&
                          memcmp(a->file[i].bytes, b->file[i].bytes, a->file[i].count) == 0,
                      "%s differs after a cut at byte %zu", a->file[i].path, at);
    }
}

/* ---- going on -------------------------------------------------------------------------------- */

/* 0: a file, 1: a folder, 2: a folder in which the next file is there already, empty. */
START_TEST(test_cut_anywhere)
{
    static struct files whole, now;
    snprintf(out, sizeof out, _i == 0 ? "%s/rows" : "%s/rows/", folder);
    export_all(INPUTS_MAX);
    read_target(&whole);
    ck_assert_uint_eq(says, 0);
    ck_assert_int_eq(whole.count > 3, _i > 0);
    for (size_t bytes = 0; bytes <= whole.bytes; bytes++) {
        write_cut(&whole, bytes, _i == 2);
        export_all(INPUTS_MAX);
        read_target(&now);
        same(&now, &whole, bytes);
    }
    ck_assert_uint_gt(says, 100);
    ck_assert_ptr_nonnull(strstr(said, "its last line was torn, "));
}
END_TEST

/* A file system may have made the file longer and not have the bytes when the power went. */
START_TEST(test_power_cut)
{
    static struct files whole, now;
    snprintf(out, sizeof out, "%s/rows", folder);
    export_all(INPUTS_MAX);
    read_target(&whole);
    for (size_t bytes = 0; bytes <= whole.bytes; bytes += 17) {
        ck_assert_int_eq(truncate(out, (off_t)bytes), 0);
        ck_assert_int_eq(truncate(out, (off_t)bytes + 100), 0); /* zeros */
        export_all(INPUTS_MAX);
        read_target(&now);
        same(&now, &whole, bytes);
    }
}
END_TEST

/* A file is finished at an input's end, and holds whole inputs. */
START_TEST(test_rotation)
{
    static struct files files, more;
    snprintf(out, sizeof out, "%s/rows/", folder);
    export_all(INPUTS_MAX);
    read_target(&files);
    for (unsigned i = 0; i < files.count; i++) {
        const char *first = strstr(files.file[i].bytes, "\"n\":1,");
        char name[64];
        const char *at = strstr(files.file[i].bytes, "\"input\":");
        ck_assert_ptr_nonnull(at);
        ck_assert(first != NULL && first < strchr(files.file[i].bytes, '\n'));
        snprintf(name, sizeof name, "/rows-%020lu.jsonl", strtoul(at + 8, NULL, 10));
        ck_assert_ptr_nonnull(strstr(files.file[i].path, name));
        if (i + 1 < files.count)
            ck_assert_uint_ge(files.file[i].count, ROTATE);
    }
    /* Going on touches no finished file. */
    struct stat before, after;
    ck_assert_int_eq(stat(files.file[0].path, &before), 0);
    export_all(2 * INPUTS_MAX);
    ck_assert_int_eq(stat(files.file[0].path, &after), 0);
    ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    ck_assert_int_eq((int)before.st_ino, (int)after.st_ino);
    read_target(&more);
    ck_assert_uint_gt(more.count, files.count);
}
END_TEST

START_TEST(test_cursor_and_counts)
{
    struct ry_export_sink sink;
    const struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    snprintf(out, sizeof out, "%s/rows", folder);
    export_all(4);
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), 0);
    ck_assert_uint_eq(sink.cursor.input, 4);
    ck_assert_uint_eq(sink.cursor.n, rows_of(4));
    ck_assert_uint_eq(sink.durable.input, 4);
    /* A row alone waits for more, until there is nothing else to do. */
    const struct ry_results_row row = row_of(5, 1);
    ck_assert_int_eq(sink.write(&sink, &results, &row), 0);
    ck_assert_uint_eq(sink.step(&sink, false), 0);
    ck_assert_uint_eq(sink.durable.input, 4);
    ck_assert_uint_eq(sink.step(&sink, true), 1);
    ck_assert_uint_eq(sink.durable.input, 5);
    ck_assert_uint_eq(sink.counts.rows, 1);
    ck_assert_uint_eq(sink.counts.batches, 1);
    ck_assert_uint_gt(sink.counts.bytes, 100);
    ck_assert_int_eq(sink.close(&sink), 0);
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static void refused(const struct ry_export_target *target, const char *why)
{
    struct ry_export_sink sink;
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, target), -1);
    ck_assert_msg(strstr(sink.error, why) != NULL, "%s, not: %s", sink.error, why);
}

static void put(const char *path, const char *text)
{
    FILE *to = fopen(path, "we");
    ck_assert_ptr_nonnull(to);
    fputs(text, to);
    fclose(to);
}

/* Nothing that is not rows of this battle is cut, continued or written over. */
START_TEST(test_refused)
{
    static const char *const others[] = {
        "a letter\n",
        "a letter without an end",
        "{\"type\":\"end\"}\n",
        "{\"type\":\"end\",\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":0,\"n\":1}\n",
        "\n",
        ("{\"type\":\"end\",\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":1,\"n\":1}\n"
         "and then a letter"),
    };
    static const char another[] =
        "{\"type\":\"end\",\"battle_id\":\"6aa00000000000000000000000000000\",\"input\":1,\"n\":1}\n";
    struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    static struct files files;
    snprintf(out, sizeof out, "%s/rows", folder);
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        put(out, others[i]);
        refused(&target, "does not end in rows of a battle: name another target, or move it away");
        read_target(&files);
        ck_assert_uint_eq(files.file[0].count, strlen(others[i]));
    }
    put(out, another);
    refused(&target,
            "has rows of another battle (6aa00000000000000000000000000000, this one is 5aa0");
    target.there = RY_EXPORT_THERE_REFUSE;
    refused(&target, "is there already: name another target, or --force writes over it");
    target.out = "/nowhere/rows";
    refused(&target, "cannot write /nowhere/rows: No such file");
    target.out = "/nowhere/rows/";
    refused(&target, "cannot make /nowhere/rows/: No such file");
    target.there = RY_EXPORT_THERE_RESUME;
    snprintf(out, sizeof out, "%s/rows/", folder);
    target.out = out;
    refused(&target, "cannot open");
}
END_TEST

START_TEST(test_drop)
{
    static struct files files;
    struct ry_export_target target = target_of(RY_EXPORT_THERE_DROP);
    struct ry_export_sink sink;
    char notes[160];
    snprintf(out, sizeof out, "%s/rows", folder);
    put(out, "a letter\n");
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), 0);
    ck_assert_uint_eq(sink.cursor.input, 0);
    ck_assert_int_eq(sink.close(&sink), 0);
    ck_assert_int_eq(unlink(out), 0);
    /* Of a folder: the files of rows, nothing else. */
    snprintf(out, sizeof out, "%s/rows/", folder);
    export_all(INPUTS_MAX);
    snprintf(notes, sizeof notes, "%snotes", out);
    put(notes, "mine\n");
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), 0);
    ck_assert_uint_eq(sink.cursor.input, 0);
    ck_assert_int_eq(sink.close(&sink), 0);
    read_target(&files);
    ck_assert_uint_eq(files.count, 1);
    ck_assert_str_eq(files.file[0].path, notes);
}
END_TEST

START_TEST(test_two_exporters)
{
    struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    struct ry_export_sink first;
    snprintf(out, sizeof out, _i == 0 ? "%s/rows" : "%s/rows/", folder);
    ry_export_jsonl(&first);
    ck_assert_int_eq(first.open(&first, &target), 0);
    refused(&target, "another exporter writes to");
    target.there = RY_EXPORT_THERE_DROP;
    refused(&target, "another exporter writes to");
    ck_assert_int_eq(first.close(&first), 0);
    export_all(1);
}
END_TEST

/* A finished file that is torn: somebody's hand. */
START_TEST(test_torn_before)
{
    static struct files whole;
    snprintf(out, sizeof out, "%s/rows/", folder);
    export_all(INPUTS_MAX);
    read_target(&whole);
    const struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    ck_assert_int_eq(truncate(whole.file[whole.count - 1].path, 0), 0);
    ck_assert_int_eq(truncate(whole.file[whole.count - 2].path, 5), 0);
    refused(&target, "is torn, though a file follows it: move that file and rows-");
}
END_TEST

/* ---- what cannot be written ------------------------------------------------------------------ */

/* The disk takes so many bytes of a file and no more: what is there is whole rows, and with room
 * again the file becomes what it would have been. */
START_TEST(test_disk_full)
{
    static struct files whole, now;
    snprintf(out, sizeof out, "%s/rows", folder);
    export_all(INPUTS_MAX);
    read_target(&whole);
    const struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    struct rlimit before, limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t bytes = 1; bytes < whole.bytes; bytes += 13) {
        struct ry_export_sink sink;
        ck_assert_int_eq(unlink(out), 0);
        limit = before;
        limit.rlim_cur = bytes;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ry_export_jsonl(&sink);
        ck_assert_int_eq(sink.open(&sink, &target), 0);
        ck_assert(!export_to(&sink, INPUTS_MAX));
        ck_assert_int_eq(sink.state, RY_EXPORT_FAILED);
        ck_assert_ptr_nonnull(strstr(sink.error, "cannot write "));
        ck_assert(!sink.room(&sink));
        struct ry_export_cursor durable = sink.durable;
        (void)sink.close(&sink);
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
        read_target(&now);
        ck_assert_uint_le(now.bytes, bytes);
        ck_assert(now.bytes == 0 || now.file[0].bytes[now.bytes - 1] == '\n');
        ry_export_jsonl(&sink);
        ck_assert_int_eq(sink.open(&sink, &target), 0);
        ck_assert_uint_eq(sink.cursor.input, durable.input);
        ck_assert_uint_eq(sink.cursor.n, durable.n);
        ck_assert_int_eq(sink.close(&sink), 0);
        export_all(INPUTS_MAX);
        read_target(&now);
        same(&now, &whole, bytes);
    }
    ck_assert_uint_eq(says, 0);
}
END_TEST

START_TEST(test_device_full)
{
    struct ry_export_sink sink;
    struct ry_export_target target = target_of(RY_EXPORT_THERE_REFUSE);
    target.out = "/dev/full";
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), 0);
    ck_assert(!export_to(&sink, 1));
    ck_assert_str_eq(sink.error, "cannot write /dev/full: No space left on device");
    ck_assert_int_eq(sink.close(&sink), 0);
}
END_TEST

/* A pipe whose reader does not read keeps nobody, and loses nothing. */
START_TEST(test_pipe)
{
    struct ry_export_sink sink;
    struct ry_export_target target = target_of(RY_EXPORT_THERE_RESUME);
    snprintf(out, sizeof out, "%s/pipe", folder);
    ck_assert_int_eq(mkfifo(out, S_IRWXU), 0);
    int reader = open(out, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ry_export_jsonl(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), 0);
    uint64_t lines = 0, wanted = 0, input = 0, full = 0;
    while (full < 2) {
        if (!sink.room(&sink)) {
            full += sink.step(&sink, true) == 0;
            continue;
        }
        const struct ry_results_row row = row_of(++input, 1);
        ck_assert_int_eq(sink.write(&sink, &results, &row), 0);
        wanted++;
    }
    ck_assert_uint_eq(sink.durable.input, 0);
    while (sink.durable.input != input) {
        static char bytes[65536];
        (void)sink.step(&sink, true);
        for (ssize_t got; (got = read(reader, bytes, sizeof bytes)) > 0;)
            for (ssize_t i = 0; i < got; i++)
                lines += bytes[i] == '\n';
    }
    ck_assert_uint_eq(lines, wanted);
    ck_assert_int_eq(sink.close(&sink), 0);
    close(reader);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("jsonl");
    TCase *c = tcase_create("jsonl");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, test_cut_anywhere, 0, 3);
    tcase_add_test(c, test_power_cut);
    tcase_add_test(c, test_rotation);
    tcase_add_test(c, test_cursor_and_counts);
    tcase_add_test(c, test_refused);
    tcase_add_test(c, test_drop);
    tcase_add_loop_test(c, test_two_exporters, 0, 2);
    tcase_add_test(c, test_torn_before);
    tcase_add_test(c, test_disk_full);
    tcase_add_test(c, test_device_full);
    tcase_add_test(c, test_pipe);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
