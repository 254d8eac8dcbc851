/*
 * The stream of royale-web to many WebSockets: 5,000 at 20 frames a second, and 10,000 at 10; each
 * beside a baseline of the same run, a bare epoll loop that writes the same bytes.
 *
 *   age       from the moment in which a frame is made to that in which a reader has it
 *   CPU       of the serving process, of one core, with the kernel's part for its sockets
 *   bytes     of user space for a reader: how much more is resident with the crowd than without
 *
 * The server is tools/web/server.c as royale-web has it, with a maker of frames of FRAME_BYTES that
 * stands in for the watcher. Server, readers and what measures are processes of their own, the
 * first two with a core each. The targets: age p99 under 100 ms, under 10 KiB a reader.
 *
 *   bench_web [readers frames_a_second [seconds]]
 */
#include <assert.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/bench.h"
#include "tests/support/bench_bare.h"
#include "tests/support/bench_crowd.h"
#include "tools/web/server.h"

#define SECONDS     10
#define WARM_UP_S   2
#define FRAME_BYTES 1200 /* of a delta's text: a few agents and instruments that changed */
#define WAIT_US     20000
#define WAITS       3000
#define CORES       2
#define BATTLE      "00000000"
#define NO_KEYS     "/nonexistent/keys"
#define SCALE       100 /* percent */

/* What the serving process says of itself, and is told. */
struct serving {
    ry_atomic_u32 port, stop;
    unsigned frames_a_second;
};

/* ---- frames ---------------------------------------------------------------------------------- */

static struct ry_web_frame *make_frame(uint64_t number, bool whole)
{
    char cursor[RY_WEB_CURSOR_BYTES], since[RY_WEB_CURSOR_BYTES], body[FRAME_BYTES + 1];
    const int head = snprintf(body, sizeof body, "\"%s\":{\"%s\":\"%0*" PRIu64 "\",\"rest\":\"",
                              whole ? "state" : "patch", whole ? "begun" : "at",
                              RY_BENCH_CROWD_DIGITS, ry_clock_ticks());
    memset(body + head, 'x', sizeof body - (size_t)head);
    memcpy(body + sizeof body - 3, "\"}", 3);
    ry_web_cursor(cursor, BATTLE, number, number);
    ry_web_cursor(since, BATTLE, number - 1, number - 1);
    struct ry_web_frame *frame = whole ? ry_web_frame_snapshot(cursor, number, number, body)
                                       : ry_web_frame_delta(cursor, since, number, number, body);
    assert(frame != NULL);
    return frame;
}

/* Makes frames at the pace until it is told to stop; a ring full of them at once, so that the
 * crowd's memory is all that changes. */
static void make_frames(const struct serving *serving, struct ry_web_outlet *outlet)
{
    struct timespec next;
    uint64_t number = 1;
    bool wanted;
    for (; number <= RY_WEB_FRAMES + 1; number++)
        ry_web_outlet_put(outlet, make_frame(number, number == 1));
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (ry_load_relaxed(&serving->stop) == 0) {
        next.tv_nsec += 1000000000 / (long)serving->frames_a_second;
        next.tv_sec += next.tv_nsec / 1000000000;
        next.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        ry_web_outlet_put(outlet, make_frame(number, false));
        (void)ry_web_outlet_readers(outlet, &wanted);
        if (wanted)
            ry_web_outlet_put(outlet, make_frame(number, true));
        number++;
    }
}

/* ---- who serves ------------------------------------------------------------------------------ */

static int open_listener(struct serving *serving)
{
    struct ry_web_address address;
    (void)ry_web_address_read(&address, "127.0.0.1:0");
    const int listener = ry_web_listen(&address);
    const struct sockaddr_in *four = (const void *)&address.address;
    assert(listener >= 0);
    ry_store_relaxed(&serving->port, ntohs(four->sin_port));
    return listener;
}

static void serve(struct serving *serving)
{
    static struct ry_web_state state;
    static struct ry_web_server server;
    static struct ry_web_pages pages;
    static struct ry_web_outlet outlet;
    const struct ry_keys_settings settings = {.path = NO_KEYS};
    char why[RY_KEYS_WHY_BYTES];
    (void)pthread_mutex_init(&state.lock, NULL);
    const struct ry_web_server_of of = {.state = &state,
                                        .outlet = &outlet,
                                        .pages = &pages,
                                        .keys = ry_keys_open(&settings, why),
                                        .listener = open_listener(serving)};
    const int failed = of.keys == NULL || ry_web_outlet_open(&outlet) != 0 ||
                       ry_web_server_start(&server, &of) != 0;
    assert(!failed);
    make_frames(serving, &outlet);
    ry_web_server_stop(&server);
}

static void serve_bare(struct serving *serving)
{
    static struct ry_web_outlet outlet;
    const int failed = ry_web_outlet_open(&outlet);
    assert(!failed);
    ry_bench_bare_start(&outlet, open_listener(serving));
    make_frames(serving, &outlet);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static pid_t start(unsigned core, void (*run)(void *), void *context)
{
    fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) {
        ry_bench_pin(core);
        run(context);
        _exit(EXIT_SUCCESS);
    }
    assert(pid > 0);
    return pid;
}

struct run {
    const char *what;
    void (*serve)(struct serving *serving);
    unsigned readers, seconds;
    struct serving *serving;
    struct ry_bench_crowd *crowd;
};

static void run_server(void *context)
{
    const struct run *run = context;
    run->serve(run->serving);
}

static void run_crowd(void *context)
{
    const struct run *run = context;
    if (!ry_bench_crowd_run(run->crowd, (uint16_t)ry_load_relaxed(&run->serving->port),
                            run->readers))
        _exit(EXIT_FAILURE);
}

static bool wait_for(const ry_atomic_u32 *word, uint32_t least)
{
    for (unsigned i = 0; i < WAITS && ry_load_relaxed(word) < least; i++)
        usleep(WAIT_US);
    return ry_load_relaxed(word) >= least;
}

static int64_t cpu_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec now = {0};
    if (clock_getcpuclockid(pid, &clock) == 0)
        (void)clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static long resident_bytes(pid_t pid)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RssAnon: %ld", &kib) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kib * 1024;
}

static void say(const struct run *run, double cpu_percent, double bytes)
{
    struct ry_bench_samples samples = {
        .ticks = run->crowd->age_ticks, .count = run->crowd->count, .room = run->crowd->count};
    char what[96];
    const uint64_t frames = ry_load_relaxed(&run->crowd->frames);
    snprintf(what, sizeof what, "%s, %u readers at %u/s: age", run->what, run->readers,
             run->serving->frames_a_second);
    const double due = (double)run->readers * run->serving->frames_a_second * run->seconds;
    printf("%s, %u readers: CPU %.1f %% of a core, %.0f bytes a reader, %.1f %% of the frames in "
           "time, %u broken%s\n",
           run->what, run->readers, cpu_percent, bytes, SCALE * (double)frames / due,
           ry_load_relaxed(&run->crowd->broken), ry_bench_oversubscribed() ? ", busy" : "");
    ry_bench_latency(what, &samples, 0);
}

static bool measure(struct run *run)
{
    run->crowd = ry_bench_crowd_new();
    assert(run->crowd != NULL);
    ry_store_relaxed(&run->serving->port, 0);
    ry_store_relaxed(&run->serving->stop, 0);
    const pid_t server = start(0, run_server, run);
    bool well = wait_for(&run->serving->port, 1);
    usleep(SCALE * WAIT_US);
    const long before = resident_bytes(server);
    const pid_t crowd = start(1, run_crowd, run);
    well = well && wait_for(&run->crowd->connected, run->readers);
    sleep(WARM_UP_S);
    const double bytes = (double)(resident_bytes(server) - before) / run->readers;
    const int64_t cpu = cpu_ns(server), began = ry_clock_ns();
    ry_store_relaxed(&run->crowd->measures, 1);
    sleep(run->seconds);
    ry_store_relaxed(&run->crowd->measures, 0);
    const double percent = SCALE * (double)(cpu_ns(server) - cpu) / (double)(ry_clock_ns() - began);
    ry_store_relaxed(&run->crowd->stop, 1);
    (void)waitpid(crowd, NULL, 0);
    ry_store_relaxed(&run->serving->stop, 1);
    (void)waitpid(server, NULL, 0);
    if (well)
        say(run, percent, bytes);
    else
        printf("%s: only %u of %u readers could connect\n", run->what,
               ry_load_relaxed(&run->crowd->connected), run->readers);
    ry_bench_crowd_free(run->crowd);
    return well;
}

static bool compare(struct serving *serving, unsigned readers, unsigned frames_a_second,
                    unsigned seconds)
{
    struct run bare = {.what = "a bare loop",
                       .serve = serve_bare,
                       .readers = readers,
                       .seconds = seconds,
                       .serving = serving};
    struct run web = bare;
    web.what = "royale-web";
    web.serve = serve;
    serving->frames_a_second = frames_a_second;
    return measure(&bare) && measure(&web);
}

static bool enough_descriptors(unsigned readers)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max >= readers + RY_WEB_DESCRIPTORS_KEPT)
        return true;
    printf("skipped: %u readers need more descriptors than the %llu that a process may have here\n",
           readers, (unsigned long long)limit.rlim_max);
    return false;
}

int main(int argc, char **argv)
{
    static const unsigned cases[][2] = {{5000, 20}, {10000, 10}};
    struct serving *serving =
        mmap(NULL, sizeof *serving, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const unsigned seconds = argc > 3 ? (unsigned)atoi(argv[3]) : SECONDS;
    bool well = serving != MAP_FAILED;
    ry_bench_begin("web", CORES);
    printf("frames of %u bytes, WebSockets, over the loopback; server and readers a core each\n",
           FRAME_BYTES);
    if (argc > 2)
        well = enough_descriptors((unsigned)atoi(argv[1])) &&
               compare(serving, (unsigned)atoi(argv[1]), (unsigned)atoi(argv[2]), seconds);
    for (unsigned i = 0; argc <= 2 && i < sizeof cases / sizeof *cases; i++)
        if (enough_descriptors(cases[i][0]))
            well = compare(serving, cases[i][0], cases[i][1], seconds) && well;
    const int code = ry_bench_end();
    return well ? code : EXIT_FAILURE;
}
