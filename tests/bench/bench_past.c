/*
 * Jumps into the past of a battle: how long from the asking until the machine and the results stand
 * at a random input, beside what it costs without copies (a follower from the start, in the same
 * run); what the first pass costs beside a follower that makes neither copies nor a film; how large
 * the copies are; and how long the film's two views take.
 *
 * The battle is the demo's, run here (from its day as a file), or the one of DIR. Run it from the
 * tree's top.
 *
 *   bench_past [DIR [copies_bytes_max]]
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/follow.h"
#include "shm/clock.h"
#include "tests/support/arena_rig.h"
#include "tests/support/bench.h"
#include "tests/support/bench_battle.h"
#include "tools/past/past.h"

#define DEMO        "docs/examples/demo.yaml"
#define JUMPS       500u
#define FROM_START  8u
#define RUNS        3u
#define PAGES       200u
#define PAGE_ROWS   200u
#define RANGES      50u
#define RANGE_PARTS 100 /* of the session in one range */
#define VIEWS       20u
#define STEP        65536u
#define LINE_BYTES  512

/* ---- the battle ------------------------------------------------------------------------------ */

/* The demo's file, its day out of a file in place of packets. */
static bool write_demo(void)
{
    char path[PATH_MAX], line[LINE_BYTES];
    FILE *from = fopen(DEMO, "r"), *to = fopen(ry_bench_path(path, "demo.yaml"), "w");
    if (from == NULL || to == NULL) {
        fprintf(stderr,
                "bench_past: no " DEMO " here; run it from the tree's top, or name a DIR\n");
        return false;
    }
    while (fgets(line, sizeof line, from) != NULL)
        if (strstr(line, "port: dpdk") != NULL)
            fputs("    port: file\n", to);
        else if (strstr(line, "path: day.pcap") != NULL)
            fputs("    path: day.itch\n", to);
        else
            fputs(line, to);
    fclose(from);
    fclose(to);
    return true;
}

static bool run_demo(void)
{
    char *const generate[] = {(char[]){"royale"}, (char[]){"generate"}, (char[]){"--itch"},
                              (char[]){"day.itch"}, NULL};
    char *const run[] = {(char[]){"royale"},
                         (char[]){"run"},
                         (char[]){"--quiet"},
                         (char[]){"--dir"},
                         (char[]){"demo"},
                         (char[]){"demo.yaml"},
                         NULL};
    return write_demo() && ry_bench_run("generated", generate) && ry_bench_run("ran", run);
}

/* ---- without copies -------------------------------------------------------------------------- */

/* Seconds of a follower with results from the start to an input. */
static double from_start(const char *directory, uint64_t input)
{
    struct ry_follow follow;
    struct ry_results results;
    char error[LINE_BYTES];
    const int64_t began = ry_clock_ns();
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0)
        return 0;
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    ry_follow_until(&follow, input, RY_TIME_NEVER);
    while (ry_results_step(&results, &follow, STEP) > 0)
        ;
    ry_results_value(&results, ry_follow_arena(&follow));
    const double seconds = (double)(ry_clock_ns() - began) / 1e9;
    assert(follow.inputs == input);
    ry_results_close(&results);
    ry_follow_close(&follow);
    return seconds;
}

/* ---- the first pass -------------------------------------------------------------------------- */

static struct ry_past *pass(const char *directory, const struct ry_past_options *options,
                            double *seconds)
{
    char error[LINE_BYTES];
    const int64_t began = ry_clock_ns();
    struct ry_past *past = ry_past_open(directory, options, error, sizeof error);
    if (past == NULL) {
        fprintf(stderr, "bench_past: %s\n", error);
        return NULL;
    }
    while (ry_past_advance(past, STEP) > 0)
        ;
    *seconds = (double)(ry_clock_ns() - began) / 1e9;
    return past;
}

static struct ry_past *measure_pass(const char *directory, const struct ry_past_options *options,
                                    struct ry_past_progress *progress)
{
    double with[RUNS], without[RUNS], seconds;
    struct ry_past *past = NULL;
    for (unsigned i = 0; i < RUNS; i++) {
        ry_past_close(past);
        past = pass(directory, options, &seconds);
        if (past == NULL)
            return NULL;
        ry_past_progress(past, progress);
        with[i] = (double)progress->inputs / seconds / 1e3;
        without[i] = (double)progress->inputs / from_start(directory, progress->inputs) / 1e3;
    }
    printf("%" PRIu64 " inputs; %" PRIu64 " copies, one each %" PRIu64
           " inputs, of %.1f MiB together; %" PRIu64 " dropped\n",
           progress->inputs, progress->copies, progress->every_inputs,
           (double)progress->copies_bytes / (1 << 20), progress->copies_dropped);
    ry_bench_rate("a follower with results", "k inputs/s", without, RUNS);
    ry_bench_rate("the first pass: copies and film too", "k inputs/s", with, RUNS);
    return past;
}

/* ---- jumps ----------------------------------------------------------------------------------- */

static struct ry_test_rng rng = {.x = 88172645463325252ULL};

static void measure_seeks(struct ry_past *past, uint64_t inputs)
{
    struct ry_bench_samples samples;
    struct ry_past_view view;
    ry_bench_samples_open(&samples, JUMPS);
    for (unsigned i = 0; i < JUMPS; i++) {
        const uint64_t input = 1 + ry_test_rng_next(&rng) % inputs;
        const uint64_t began = ry_clock_ticks();
        const enum ry_past_code code = ry_past_seek_input(past, input, &view);
        ry_bench_sample(&samples, ry_clock_ticks() - began);
        assert(code == RY_PAST_OK && view.input == input);
    }
    ry_bench_latency("a jump to a random input", &samples, 0);
    samples.count = 0;
    const struct ry_input_battle *battle = &ry_past_results(past)->battle;
    const uint64_t width = (uint64_t)(ry_past_results(past)->time - battle->trade_from);
    for (unsigned i = 0; i < JUMPS; i++) {
        const int64_t time = battle->trade_from + (int64_t)(ry_test_rng_next(&rng) % width);
        const uint64_t began = ry_clock_ticks();
        const enum ry_past_code code = ry_past_seek_time(past, time, &view);
        ry_bench_sample(&samples, ry_clock_ticks() - began);
        assert(code == RY_PAST_OK && view.time <= time);
    }
    ry_bench_latency("a jump to a random moment", &samples, 0);
    ry_bench_samples_close(&samples);
}

static void measure_from_start(const char *directory, uint64_t inputs)
{
    double ms[FROM_START];
    for (unsigned i = 0; i < FROM_START; i++)
        ms[i] = from_start(directory, 1 + ry_test_rng_next(&rng) % inputs) * 1e3;
    ry_bench_rate("baseline: from the start to a random input", "ms", ms, FROM_START);
}

static void no_row(void *context, const struct ry_results *results,
                   const struct ry_results_row *row)
{
    (void)results;
    ry_bench_keep(row);
    ry_bench_keep(context);
}

static void measure_rows(struct ry_past *past, uint64_t inputs)
{
    struct ry_bench_samples samples;
    ry_bench_samples_open(&samples, PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        const struct ry_past_asked asked = {.after = {.input = ry_test_rng_next(&rng) % inputs},
                                            .limit = PAGE_ROWS};
        struct ry_past_page page;
        const uint64_t began = ry_clock_ticks();
        const enum ry_past_code code = ry_past_rows(past, &asked, no_row, NULL, &page);
        ry_bench_sample(&samples, ry_clock_ticks() - began);
        assert(code == RY_PAST_OK);
    }
    ry_bench_latency("a page of 200 rows from a random input", &samples, 0);
    ry_bench_samples_close(&samples);
}

/* ---- film ------------------------------------------------------------------------------------ */

static void measure_ranges(struct ry_past *past)
{
    struct ry_bench_samples samples;
    const struct ry_results *results = ry_past_results(past);
    const int64_t from = results->battle.trade_from, width = results->time - from;
    ry_bench_samples_open(&samples, RANGES);
    for (unsigned i = 0; i < RANGES; i++) {
        const int64_t at = from + (int64_t)(ry_test_rng_next(&rng) % (uint64_t)width);
        const struct ry_film *film;
        const uint64_t began = ry_clock_ticks();
        const enum ry_past_code code =
            ry_past_film_range(past, at, at + width / RANGE_PARTS, RY_FILM_COLUMNS, &film);
        ry_bench_sample(&samples, ry_clock_ticks() - began);
        assert(code == RY_PAST_OK);
    }
    ry_bench_latency("a film anew of 1/100 of the day", &samples, 0);
    ry_bench_samples_close(&samples);
}

static void measure_views(struct ry_past *past)
{
    double course[VIEWS], depth[VIEWS];
    char symbol[RY_SYMBOL_BYTES + 1] = "";
    size_t bytes = 0;
    memcpy(symbol, ry_past_results(past)->instrument[0].symbol, RY_SYMBOL_BYTES);
    for (unsigned i = 0; i < VIEWS; i++) {
        char *json;
        uint8_t *body;
        int64_t began = ry_clock_ns();
        enum ry_film_code code =
            ry_film_course_json(ry_past_film(past), RY_FILM_COLUMNS, &json, &bytes);
        course[i] = (double)(ry_clock_ns() - began) / 1e6;
        assert(code == RY_FILM_OK);
        began = ry_clock_ns();
        code = ry_film_depth(ry_past_film(past), symbol, RY_FILM_COLUMNS_MAX, &body, &bytes);
        depth[i] = (double)(ry_clock_ns() - began) / 1e6;
        assert(code == RY_FILM_OK);
        free(json);
        free(body);
    }
    ry_bench_rate("the course of 512 columns as JSON", "ms", course, VIEWS);
    ry_bench_rate("the depth of 2048 columns as bytes", "ms", depth, VIEWS);
}

int main(int argc, char **argv)
{
    char directory[PATH_MAX];
    struct ry_past_options options = {.copies_bytes_max =
                                          argc > 2 ? strtoull(argv[2], NULL, 10) : 0};
    struct ry_past_progress progress;
    if (!ry_bench_folder_open()) {
        fprintf(stderr, "bench_past: nowhere to write\n");
        return 2;
    }
    ry_bench_begin("past", 1);
    bool ok = argc > 1 || run_demo();
    snprintf(directory, sizeof directory, "%s",
             argc > 1 ? argv[1] : ry_bench_path((char[PATH_MAX]){0}, "demo"));
    ry_bench_pin(0);
    struct ry_past *past = ok ? measure_pass(directory, &options, &progress) : NULL;
    if (past != NULL) {
        measure_seeks(past, progress.inputs);
        measure_from_start(directory, progress.inputs);
        measure_rows(past, progress.inputs);
        measure_ranges(past);
        measure_views(past);
    }
    ry_past_close(past);
    ry_bench_folder_remove();
    return past == NULL ? 1 : ry_bench_end();
}
