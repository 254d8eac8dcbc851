/*
 * What lies around the generator's messages: the packets of the pcap, the options, the files'
 * coming and going. The messages themselves: test_generate.c.
 */
#include "tests/support/test.h"
#include "tools/generate/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------------------------- */

struct bytes {
    uint8_t *at;
    size_t size;
};

static char folder[] = "/tmp/royale-generate-XXXXXX";

static const char *path_of(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {0};
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    bytes.size = (size_t)ftell(file);
    rewind(file);
    bytes.at = malloc(bytes.size + 1);
    ck_assert_uint_eq(fread(bytes.at, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

static uint64_t big(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static uint64_t little(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

static void make(const struct ry_generate_options *options, struct ry_generate_report *report)
{
    char error[512] = "";
    int result = ry_generate_files(options, report, error, sizeof error);
    ck_assert_msg(result == RY_GENERATE_OK, "%s", error);
}

/* ---- the pcap -------------------------------------------------------------------------------- */

static uint16_t folded(const uint8_t *at, size_t bytes, uint64_t sum)
{
    for (size_t i = 0; i < bytes; i++)
        sum += (uint64_t)at[i] << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

struct wire {
    struct bytes itch;
    size_t itch_at;
    uint64_t sequence, last_ns, heartbeats, ends, packets;
};

/* The messages of a packet are the file's next ones. */
static void check_mold(struct wire *w, const uint8_t *mold, size_t bytes, uint64_t ns)
{
    ck_assert(memcmp(mold, "TESTING   ", 10) == 0);
    ck_assert_uint_eq(big(mold + 10, 8), w->sequence);
    uint64_t count = big(mold + 18, 2);
    size_t at = 20;
    w->heartbeats += count == 0;
    w->ends += count == 0xffff;
    if (count == 0xffff)
        count = 0;
    else
        ck_assert_uint_eq(w->ends, 0);
    for (uint64_t n = 0; n < count; n++) {
        size_t length = 2 + big(mold + at, 2);
        ck_assert_uint_le(at + length, bytes);
        ck_assert(memcmp(mold + at, w->itch.at + w->itch_at, length) == 0);
        uint64_t message_ns = big(mold + at + 2 + 5, 6);
        ck_assert_uint_le(message_ns, ns);
        ck_assert_uint_le(ns - message_ns, 10000);
        if (n + 1 == count)
            ck_assert_uint_eq(message_ns, ns);
        at += length;
        w->itch_at += length;
    }
    ck_assert_uint_eq(at, bytes);
    w->sequence += count;
}

static void check_frame_bytes(struct wire *w, const uint8_t *frame, size_t bytes, uint64_t ns)
{
    static const uint8_t group_mac[] = {0x01, 0x00, 0x5e, 0x36, 0x0c, 0x6f};
    ck_assert(memcmp(frame, group_mac, 6) == 0);
    ck_assert_uint_eq(frame[6] & 1, 0);
    ck_assert_uint_eq(big(frame + 12, 2), 0x0800);
    const uint8_t *ip = frame + 14;
    ck_assert_uint_eq(ip[0], 0x45);
    ck_assert_uint_eq(big(ip + 2, 2), bytes - 14);
    ck_assert_uint_eq(ip[9], 17);
    ck_assert_uint_eq(folded(ip, 20, 0), 0xffff);
    ck_assert_uint_eq(big(ip + 16, 4), 233u << 24 | 54 << 16 | 12 << 8 | 111);
    const uint8_t *udp = ip + 20;
    ck_assert_uint_eq(big(udp + 2, 2), 26477);
    ck_assert_uint_eq(big(udp + 4, 2), bytes - 34);
    ck_assert_uint_eq(folded(udp, bytes - 34, folded(ip + 12, 8, 17 + bytes - 34)), 0xffff);
    ck_assert_uint_le(bytes - 42, 1400);
    ck_assert_uint_ge(ns, w->last_ns);
    ck_assert(w->packets == 0 || ns - w->last_ns <= UINT64_C(10000010000)); /* and a hold */
    w->last_ns = ns;
    w->packets++;
    check_mold(w, udp + 8, bytes - 42, ns);
}

START_TEST(pcap_carries_the_same_messages)
{
    struct ry_generate_options options = {.messages = 50000,
                                          .instruments = 5,
                                          .seed = 3,
                                          .date = "2024-02-29",
                                          .session = "TESTING",
                                          .itch = path_of("wire.itch"),
                                          .pcap = path_of("wire.pcap"),
                                          .force = true};
    struct ry_generate_report report;
    make(&options, &report);
    struct wire w = {.itch = read_file(options.itch), .sequence = 1};
    struct bytes pcap = read_file(options.pcap);
    const uint64_t midnight = UINT64_C(1709164800); /* 2024-02-29 00:00 UTC */

    ck_assert_uint_ge(pcap.size, 24);
    ck_assert_uint_eq(little(pcap.at, 4), 0xa1b23c4d); /* nanoseconds */
    ck_assert_uint_eq(little(pcap.at + 20, 4), 1);     /* Ethernet */
    size_t at = 24;
    while (at < pcap.size) {
        ck_assert_uint_le(at + 16, pcap.size);
        uint64_t s = little(pcap.at + at, 4);
        uint64_t ns = little(pcap.at + at + 4, 4);
        size_t bytes = little(pcap.at + at + 8, 4);
        ck_assert_uint_eq(little(pcap.at + at + 12, 4), bytes);
        ck_assert_uint_le(at + 16 + bytes, pcap.size);
        ck_assert(s >= midnight && ns < 1000000000 && bytes >= 62);
        check_frame_bytes(&w, pcap.at + at + 16, bytes, (s - midnight) * 1000000000 + ns);
        at += 16 + bytes;
    }
    ck_assert_uint_eq(w.itch_at + 2, w.itch.size);
    ck_assert_uint_eq(w.sequence, options.messages + 1);
    ck_assert_uint_eq(w.ends, 3);
    ck_assert_uint_gt(w.heartbeats, 100);
    ck_assert_uint_eq(w.packets, report.packets);
    ck_assert_uint_lt(w.packets - w.heartbeats, options.messages);
    free(pcap.at);
    free(w.itch.at);
    ry_generate_report_free(&report);
}
END_TEST

/* ---- options and files ----------------------------------------------------------------------- */

static void refused(struct ry_generate_options options, int expected, const char *option)
{
    char error[512] = "";
    struct ry_generate_report report;
    ck_assert_int_eq(ry_generate_files(&options, &report, error, sizeof error), expected);
    ck_assert_msg(strstr(error, option) != NULL, "%s", error);
    ck_assert_ptr_null(report.instrument);
}

START_TEST(wrong_options_are_named)
{
    const char *file = path_of("wrong.itch");
    struct ry_generate_options good = {.messages = 2000, .seed = 1, .itch = file};
    struct ry_generate_options bad = good;
    bad.messages = 1399;
    refused(bad, RY_GENERATE_USAGE, "--messages 1399");
    bad.messages = RY_GENERATE_MESSAGES_MAX + 1;
    refused(bad, RY_GENERATE_USAGE, "--messages");
    bad = good;
    bad.instruments = 9001;
    refused(bad, RY_GENERATE_USAGE, "--instruments 9001");
    static const char *const dates[] = {"2026-02-29", "2026-13-01", "2026-1-05", "today",
                                        "2026-01-05x"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        bad = good;
        bad.date = dates[i];
        refused(bad, RY_GENERATE_USAGE, "--date");
    }
    static const char *const closes[] = {"", "9:40", "09:39", "16:01", "10:60", "10:5x", "10:540"};
    for (size_t i = 0; i < sizeof closes / sizeof closes[0]; i++) {
        bad = good;
        bad.close = closes[i];
        refused(bad, RY_GENERATE_USAGE, "--close");
    }
    static const char *const sessions[] = {"", "ELEVENCHARS", "A B"};
    for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++) {
        bad = good;
        bad.session = sessions[i];
        refused(bad, RY_GENERATE_USAGE, "--session");
    }
    bad = good;
    bad.pcap = file;
    refused(bad, RY_GENERATE_USAGE, "--pcap");
    bad = good;
    bad.itch = NULL;
    refused(bad, RY_GENERATE_USAGE, "--itch");
    bad.itch = "";
    refused(bad, RY_GENERATE_USAGE, "--itch");
    ck_assert(!exists(file));
}
END_TEST

START_TEST(files_are_whole_or_not_there)
{
    const char *file = path_of("whole.itch");
    struct ry_generate_options options = {.messages = 2000, .seed = 1, .itch = file};
    make(&options, NULL);
    ck_assert(exists(file) && !exists(path_of("whole.itch.tmp")));
    refused(options, RY_GENERATE_USAGE, "--force");
    options.force = true;
    make(&options, NULL);

    /* A folder, and a device, are never replaced. */
    options.itch = folder;
    refused(options, RY_GENERATE_USAGE, "not a regular file");
    options.itch = "/dev/null";
    refused(options, RY_GENERATE_USAGE, "not a regular file");

    /* The second file cannot be begun: the first one goes too. */
    options.itch = path_of("first.itch");
    options.pcap = path_of("absent/second.pcap");
    refused(options, RY_GENERATE_IO, "--pcap");
    ck_assert(!exists(path_of("first.itch")) && !exists(path_of("first.itch.tmp")));
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
    if (!exists("/dev/full")) {
        ry_test_skip("no /dev/full");
        return;
    }
    struct ry_generate_options options = {
        .messages = 100000, .seed = 1, .itch = path_of("full.itch"), .pcap = path_of("full.pcap")};
    /* The temporary name leads to a device without room. */
    ck_assert_int_eq(symlink("/dev/full", path_of("full.itch.tmp")), 0);
    refused(options, RY_GENERATE_IO, "full.itch");
    ck_assert_int_eq(symlink("/dev/full", path_of("full.pcap.tmp")), 0);
    refused(options, RY_GENERATE_IO, "full.pcap");
    ck_assert(!exists(options.itch) && !exists(options.pcap));
    ck_assert(!exists(path_of("full.itch.tmp")));
}
END_TEST

static int run(const char *words[], int count)
{
    char *argv[16] = {0};
    for (int i = 0; i < count; i++)
        argv[i] = (char *)(uintptr_t)words[i];
    fflush(stdout);
    /* What it prints is not TAP. */
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    FILE *nowhere = fopen("/dev/null", "we");
    dup2(fileno(nowhere), STDOUT_FILENO);
    int result = ry_generate_main(count, argv);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    fclose(nowhere);
    close(out);
    close(err);
    return result;
}

START_TEST(command_reads_its_options)
{
    const char *file = path_of("command.itch");
    const char *good[] = {"generate", "--messages", "3000",        "--instruments", "2",
                          "--seed",   "5",          "--date",      "2026-01-06",    "--itch",
                          file,       "--no-halt",  "--no-auction"};
    ck_assert_int_eq(run(good, 13), RY_GENERATE_OK);
    ck_assert(exists(file));
    const char *again[] = {"generate", "--itch", file};
    ck_assert_int_eq(run(again, 3), RY_GENERATE_USAGE);
    const char *help[] = {"generate", "--help"};
    ck_assert_int_eq(run(help, 2), RY_GENERATE_OK);
    const char *none[] = {"generate"};
    ck_assert_int_eq(run(none, 1), RY_GENERATE_USAGE);
    const char *number[] = {"generate", "--messages", "1e6", "--itch", file};
    ck_assert_int_eq(run(number, 5), RY_GENERATE_USAGE);
    const char *unknown[] = {"generate", "--what"};
    ck_assert_int_eq(run(unknown, 2), RY_GENERATE_USAGE);
    const char *word[] = {"generate", "file"};
    ck_assert_int_eq(run(word, 2), RY_GENERATE_USAGE);
    const char *folderless[] = {"generate", "--itch", path_of("absent/x.itch")};
    ck_assert_int_eq(run(folderless, 3), RY_GENERATE_IO);
}
END_TEST

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static Suite *generate_files_suite(void)
{
    Suite *suite = suite_create("generate_files");
    TCase *tests = tcase_create("files");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, pcap_carries_the_same_messages);
    tcase_add_test(tests, wrong_options_are_named);
    tcase_add_test(tests, files_are_whole_or_not_there);
    tcase_add_test(tests, a_full_disk_is_an_error);
    tcase_add_test(tests, command_reads_its_options);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(generate_files_suite)
