/* The stream's clients: real sockets, slow and hostile ones, and a maker in another thread. */
#include "tests/support/test.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/web/ear.h"
#include "tools/web/stream.h"

#define CLIENTS       24
#define EVENTS        64
#define BODY_BYTES    2000
#define SECOND_NS     INT64_C(1000000000)
#define READ_BYTES    65536
#define THREAD_FRAMES 2000

static struct ry_web_stream stream;
static struct ry_web_outlet outlet;
static int epoll;
static int64_t now_ns = SECOND_NS;

/* The far end of a client. */
struct far {
    int fd;
    enum ry_web_wire wire;
    bool gone;
    char *text; /* everything that it got */
    size_t bytes, room;
};

static void on_gone(void *owner, enum ry_web_wire wire)
{
    struct far *far = owner;
    ck_assert(!far->gone);
    ck_assert_int_eq(wire, far->wire);
    far->gone = true;
}

static void open_stream(void)
{
    (void)ry_clock_init();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    ck_assert_int_eq(ry_web_outlet_open(&outlet), 0);
    ck_assert_int_eq(ry_web_stream_open(&stream, epoll, &outlet, on_gone), 0);
}

static void close_stream(void)
{
    ry_web_stream_close(&stream);
    ry_web_outlet_close(&outlet);
    close(epoll);
}

static struct ry_web_client *add(struct far *far, enum ry_web_wire wire, const char *since)
{
    int fd[2];
    const int few = 4096; /* the kernel takes little, so that slow is slow soon */
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
    (void)setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &few, sizeof few);
    *far = (struct far){.fd = fd[1], .wire = wire};
    struct ry_web_client *client = ry_web_stream_add(&stream, fd[0], wire, since, far, now_ns);
    ck_assert_ptr_nonnull(client);
    return client;
}

static void leave(struct far *far, int near)
{
    close(far->fd);
    close(near);
    free(far->text);
}

static void put(uint64_t number, bool whole)
{
    char cursor[RY_WEB_CURSOR_BYTES], since[RY_WEB_CURSOR_BYTES], body[BODY_BYTES];
    const int head = snprintf(body, sizeof body, "\"n\":%llu,\"x\":\"", (unsigned long long)number);
    memset(body + head, 'x', sizeof body - (size_t)head);
    memcpy(body + sizeof body - 2, "\"", 2);
    ry_web_cursor(cursor, "01234567", number, number);
    ry_web_cursor(since, "01234567", number - 1, number - 1);
    ry_web_outlet_put(&outlet, whole ? ry_web_frame_snapshot(cursor, number, number, body)
                                     : ry_web_frame_delta(cursor, since, number, number, body));
}

/* Everything that is to be done now. */
static void turn(void)
{
    struct epoll_event events[EVENTS];
    bool more = true;
    while (more) {
        const int count = epoll_wait(epoll, events, EVENTS, 0);
        for (int i = 0; i < count; i++)
            if (events[i].data.ptr != &stream)
                ry_web_stream_event(&stream, events[i].data.ptr, events[i].events, now_ns);
        more = ry_web_stream_turn(&stream, now_ns) || count > 0;
    }
}

/* Reads at most `most` bytes of what has come. */
static size_t read_far(struct far *far, size_t most)
{
    if (far->room - far->bytes < READ_BYTES) {
        far->room = 2 * far->room + READ_BYTES;
        far->text = realloc(far->text, far->room);
    }
    const ssize_t count =
        recv(far->fd, far->text + far->bytes, most < READ_BYTES ? most : READ_BYTES, 0);
    if (count <= 0)
        return 0;
    far->bytes += (size_t)count;
    return (size_t)count;
}

static void read_all(struct far *far)
{
    do
        turn();
    while (read_far(far, READ_BYTES) > 0);
}

/* Where the text of the next whole frame begins; NULL: there is none. Controls are counted apart.
 */
static const char *next_frame(const struct far *far, size_t *at, unsigned *controls)
{
    while (*at < far->bytes) {
        const uint8_t *head = (const uint8_t *)far->text + *at;
        if (far->wire == RY_WEB_SSE) {
            const char *end = memmem(head, far->bytes - *at, "\n\n", 2);
            if (end == NULL)
                return NULL;
            *at = (size_t)(end + 2 - far->text);
            const char *text = memmem(head, (size_t)(end - (const char *)head), "data: ", 6);
            if (text != NULL)
                return text + 6;
            (*controls)++;
            continue;
        }
        const unsigned more = head[1] < 126 ? 0 : head[1] == 126 ? 2 : 8;
        size_t length = more == 0 ? head[1] : 0;
        for (unsigned i = 0; i < more; i++)
            length = length << 8 | head[2 + i];
        if (far->bytes - *at < 2 + more + length)
            return NULL;
        *at += 2 + more + length;
        if (head[0] == 0x81)
            return (const char *)head + 2 + more;
        (*controls)++;
    }
    return NULL;
}

struct told {
    uint64_t last;
    unsigned snapshots, lapped, deltas, controls;
};

/* Each frame is the one behind the last, or a snapshot. */
static struct told told(const struct far *far)
{
    struct told told = {.last = 0};
    const char *text;
    size_t at = 0;
    while ((text = next_frame(far, &at, &told.controls)) != NULL) {
        const bool whole = strncmp(text, "{\"type\":\"snapshot\"", 18) == 0;
        const char *number = strstr(text, "\"n\":");
        const uint64_t n = strtoull(number + 4, NULL, 10);
        ck_assert(whole || n == told.last + 1);
        told.snapshots += whole;
        const char *lapped = strstr(text, "\"lapped\":true");
        told.lapped += lapped != NULL && lapped < number;
        told.deltas += !whole;
        told.last = n;
    }
    ck_assert_uint_eq(at, far->bytes);
    return told;
}

/* ---- readers --------------------------------------------------------------------------------- */

/* A WebSocket's last frame when the server ends. */
START_TEST(ends_in_order)
{
    static const char going[] = {(char)0x88, 2, 0x03, (char)0xe9};
    struct far far;
    open_stream();
    const int near = add(&far, RY_WEB_WEBSOCKET, NULL)->fd;
    put(1, true);
    read_all(&far);
    close_stream();
    ck_assert_uint_eq(read_far(&far, READ_BYTES), sizeof going);
    ck_assert_mem_eq(far.text + far.bytes - sizeof going, going, sizeof going);
    leave(&far, near);
}
END_TEST

START_TEST(everybody_gets_everything_once)
{
    struct far far[CLIENTS];
    int near[CLIENTS];
    open_stream();
    put(1, true);
    for (unsigned i = 0; i < CLIENTS; i++)
        near[i] = add(&far[i], i % RY_WEB_WIRES, NULL)->fd;
    for (uint64_t n = 2; n < 100; n++) {
        put(n, false);
        for (unsigned i = 0; i < CLIENTS; i++)
            read_all(&far[i]);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        const struct told all = told(&far[i]);
        ck_assert_uint_eq(all.snapshots, 1);
        ck_assert_uint_eq(all.lapped, 0);
        ck_assert_uint_eq(all.last, 99);
        ck_assert(!far[i].gone);
    }
    ck_assert_uint_eq(stream.counts.frames, CLIENTS * 99);
    close_stream();
    for (unsigned i = 0; i < CLIENTS; i++) {
        ck_assert(far[i].gone);
        leave(&far[i], near[i]);
    }
}
END_TEST

/* One that reads nothing keeps nobody; it finishes the frame that it had begun, is told, and goes
 * on from a snapshot that it had to ask for. */
START_TEST(a_slow_one_is_lapped_and_keeps_nobody)
{
    struct far slow, quick;
    bool wanted;
    open_stream();
    put(1, true);
    const int near[] = {add(&slow, (enum ry_web_wire)_i, NULL)->fd,
                        add(&quick, RY_WEB_WEBSOCKET, NULL)->fd};
    for (uint64_t n = 2; n <= 3 * RY_WEB_FRAMES; n++) {
        put(n, false);
        read_all(&quick);
    }
    ck_assert_uint_eq(told(&quick).last, 3 * RY_WEB_FRAMES);
    read_all(&slow);
    ck_assert_uint_eq(ry_web_outlet_readers(&outlet, &wanted), 2);
    ck_assert(wanted);
    put(3 * RY_WEB_FRAMES, true);
    read_all(&slow);
    put(3 * RY_WEB_FRAMES + 1, false);
    read_all(&slow);
    const struct told all = told(&slow);
    ck_assert_uint_eq(all.lapped, 1);
    ck_assert_uint_eq(all.snapshots, 2);
    ck_assert_uint_eq(all.last, 3 * RY_WEB_FRAMES + 1);
    ck_assert_uint_eq(stream.counts.lapped, 1);
    close_stream();
    leave(&slow, near[0]);
    leave(&quick, near[1]);
}
END_TEST

/* Drop by drop: every frame is cut at every place that the kernel likes. */
START_TEST(a_frame_in_parts_is_whole)
{
    struct far far;
    open_stream();
    put(1, true);
    const int near = add(&far, (enum ry_web_wire)_i, NULL)->fd;
    unsigned seed = 1;
    for (uint64_t n = 2; n < 200; n++) {
        put(n, false);
        turn();
        seed = seed * 1103515245 + 12345;
        (void)read_far(&far, 1 + seed / 65536 % 3000);
    }
    read_all(&far);
    const struct told all = told(&far);
    ck_assert_uint_eq(all.last, 199);
    ck_assert_uint_eq(all.deltas, 198);
    close_stream();
    leave(&far, near);
}
END_TEST

START_TEST(who_comes_back_goes_on)
{
    static const struct {
        const char *since;
        unsigned snapshots, lapped, deltas;
    } cases[] = {{"01234567-40-40", 0, 0, 10},  {"01234567-50-50", 0, 0, 0},
                 {"01234567-41-40", 1, 1, 0},   {"", 1, 1, 0},
                 {"01234567-999-999", 1, 1, 0}, {NULL, 1, 0, 0}};
    struct far far;
    open_stream();
    put(1, true);
    for (uint64_t n = 2; n <= 50; n++)
        put(n, false);
    put(50, true);
    turn();
    const int near = add(&far, (enum ry_web_wire)(_i % RY_WEB_WIRES), cases[_i].since)->fd;
    read_all(&far);
    put(51, false);
    /* It has frame 50, one way or the other. */
    read_all(&far);
    size_t at = 0;
    unsigned controls = 0, snapshots = 0, lapped = 0, deltas = 0;
    static const char mark[] = "\"cursor\":\"01234567-50-50\",\"lapped\":true";
    const char *text;
    while ((text = next_frame(&far, &at, &controls)) != NULL) {
        snapshots += strncmp(text, "{\"type\":\"snapshot\"", 18) == 0;
        deltas += strncmp(text, "{\"type\":\"delta\"", 15) == 0;
        lapped += strncmp(strstr(text, "\"cursor\""), mark, strlen(mark)) == 0;
    }
    ck_assert_uint_eq(snapshots, cases[_i].snapshots);
    ck_assert_uint_eq(lapped, cases[_i].lapped);
    ck_assert_uint_eq(deltas, cases[_i].deltas + 1);
    close_stream();
    leave(&far, near);
}
END_TEST

START_TEST(a_quiet_stream_has_a_heartbeat)
{
    struct far far;
    open_stream();
    put(1, true);
    const int near = add(&far, (enum ry_web_wire)_i, NULL)->fd;
    read_all(&far);
    for (unsigned i = 0; i < 3; i++) {
        now_ns += RY_WEB_BEAT_NS;
        read_all(&far);
    }
    ck_assert_uint_eq(told(&far).controls, 3);
    close_stream();
    leave(&far, near);
}
END_TEST

START_TEST(one_that_takes_nothing_for_a_minute_goes)
{
    struct far far;
    open_stream();
    put(1, true);
    const int near = add(&far, RY_WEB_SSE, NULL)->fd;
    turn();
    for (uint64_t n = 2; n < 50; n++)
        put(n, false);
    turn();
    now_ns += RY_WEB_STALL_NS - 1;
    turn();
    ck_assert(!far.gone);
    now_ns += 1 + RY_WEB_BEAT_NS;
    turn();
    ck_assert(far.gone);
    ck_assert_uint_eq(stream.counts.stalled, 1);
    close_stream();
    leave(&far, near);
}
END_TEST

/* Many go in the middle of a sweep; the others miss nothing. */
START_TEST(who_goes_takes_nobody_along)
{
    static struct far far[3 * RY_WEB_SWEEP_CLIENTS];
    static int near[3 * RY_WEB_SWEEP_CLIENTS];
    open_stream();
    put(1, true);
    for (unsigned i = 0; i < 3 * RY_WEB_SWEEP_CLIENTS; i++)
        near[i] = add(&far[i], i % RY_WEB_WIRES, NULL)->fd;
    turn();
    put(2, false);
    (void)ry_web_stream_turn(&stream, now_ns); /* a part of them */
    for (unsigned i = 0; i < 3 * RY_WEB_SWEEP_CLIENTS; i += 3)
        (void)shutdown(far[i].fd, SHUT_RDWR);
    put(3, false);
    for (unsigned i = 0; i < 3 * RY_WEB_SWEEP_CLIENTS; i++) {
        read_all(&far[i]);
        ck_assert_int_eq(far[i].gone, i % 3 == 0);
        if (i % 3 != 0)
            ck_assert_uint_eq(told(&far[i]).last, 3);
    }
    close_stream();
    for (unsigned i = 0; i < 3 * RY_WEB_SWEEP_CLIENTS; i++)
        leave(&far[i], near[i]);
}
END_TEST

/* ---- what clients say ------------------------------------------------------------------------ */

#define MASKED(opcode, length) (char)(0x80 | (opcode)), (char)(0x80 | (length)), 1, 2, 3, 4

static const struct {
    char bytes[16];
    size_t count;
    uint8_t answer[8]; /* header and first bytes */
    size_t answered;
    bool goes;
} says[] = {
    {{MASKED(9, 0)}, 6, {0x8a, 0}, 2, false},
    {{MASKED(9, 3), 'a' ^ 1, 'b' ^ 2, 'c' ^ 3}, 9, {0x8a, 3, 'a', 'b', 'c'}, 5, false},
    {{MASKED(10, 1), 0}, 7, {0}, 0, false},                                    /* a pong */
    {{MASKED(8, 2), 3 ^ 1, (char)(0xe8 ^ 2)}, 8, {0x88, 2, 3, 0xe8}, 4, true}, /* 1000 */
    {{MASKED(8, 0)}, 6, {0x88, 0}, 2, true},
    {{MASKED(1, 1), 0}, 7, {0x88, 2, 3, 0xf0}, 4, true}, /* text: 1008 */
    {{MASKED(2, 1), 0}, 7, {0x88, 2, 3, 0xf0}, 4, true}, /* binary */
    {{MASKED(0, 1), 0}, 7, {0x88, 2, 3, 0xf0}, 4, true}, /* the rest of nothing */
    {{(char)0x89, 0}, 2, {0x88, 2, 3, 0xea}, 4, true},   /* unmasked: 1002 */
    {{MASKED(11, 0)}, 6, {0x88, 2, 3, 0xea}, 4, true},   /* no opcode */
    {{(char)0xc9, (char)0x80, 1, 2, 3, 4}, 6, {0x88, 2, 3, 0xea}, 4, true}, /* a reserved bit */
    {{0x09, (char)0x80, 1, 2, 3, 4}, 6, {0x88, 2, 3, 0xea}, 4, true},       /* a ping in parts */
};

/* Each in one piece, and byte by byte. */
START_TEST(a_client_says_little)
{
    for (unsigned parts = 0; parts < 2; parts++) {
        struct far far;
        open_stream();
        struct ry_web_client *client = add(&far, RY_WEB_WEBSOCKET, NULL);
        const int near = client->fd;
        for (size_t i = 0; i < says[_i].count; i += parts ? 1 : says[_i].count) {
            ck_assert_int_gt(send(far.fd, says[_i].bytes + i, parts ? 1 : says[_i].count, 0), 0);
            turn();
        }
        ck_assert_int_eq(far.gone, says[_i].goes);
        if (!far.gone)
            ck_assert_ptr_null(client->ear);
        read_all(&far);
        ck_assert_uint_eq(far.bytes, says[_i].answered);
        ck_assert_mem_eq(far.text, says[_i].answer, says[_i].answered);
        close_stream();
        leave(&far, near);
    }
}
END_TEST

START_TEST(a_flood_of_pings_is_no_client)
{
    struct far far;
    char pings[6 * 2000];
    open_stream();
    const int near = add(&far, RY_WEB_WEBSOCKET, NULL)->fd;
    for (unsigned i = 0; i < 2000; i++)
        memcpy(pings + 6 * i, (char[]){MASKED(9, 0)}, 6);
    ck_assert_int_gt(send(far.fd, pings, sizeof pings, 0), 5000);
    turn();
    ck_assert(far.gone);
    ck_assert_uint_eq(stream.counts.wrong, 1);
    close_stream();
    leave(&far, near);
}
END_TEST

START_TEST(events_hear_nothing)
{
    struct far far;
    open_stream();
    const int near = add(&far, RY_WEB_SSE, NULL)->fd;
    turn();
    ck_assert(!far.gone);
    ck_assert_int_eq(send(far.fd, "GET", 3, 0), 3);
    turn();
    ck_assert(far.gone);
    close_stream();
    leave(&far, near);
}
END_TEST

/* ---- two threads ----------------------------------------------------------------------------- */

static void *make_frames(void *context)
{
    uint64_t n = 1;
    bool wanted;
    (void)context;
    put(n++, true);
    while (n <= THREAD_FRAMES) {
        (void)ry_web_outlet_readers(&outlet, &wanted);
        if (wanted)
            put(n - 1, true);
        put(n++, false);
        usleep(50);
    }
    return NULL;
}

START_TEST(a_maker_in_another_thread)
{
    struct far far[CLIENTS];
    int near[CLIENTS];
    pthread_t thread;
    unsigned done = 0;
    bool wanted;
    open_stream();
    for (unsigned i = 0; i < CLIENTS; i++)
        near[i] = add(&far[i], i % RY_WEB_WIRES, NULL)->fd;
    ck_assert_int_eq(pthread_create(&thread, NULL, make_frames, NULL), 0);
    while (stream.ring.next < THREAD_FRAMES)
        for (unsigned i = 0; i < CLIENTS; i++) {
            turn();
            if (i % 4 != 3 || stream.ring.next % 512 == 0)
                (void)read_far(&far[i], READ_BYTES);
        }
    pthread_join(thread, NULL);
    for (unsigned round = 0; round < 1000 && done < CLIENTS; round++) {
        done = 0;
        turn();
        (void)ry_web_outlet_readers(&outlet, &wanted);
        if (wanted)
            put(THREAD_FRAMES, true);
        for (unsigned i = 0; i < CLIENTS; i++) {
            read_all(&far[i]);
            done += stream.client[i]->has == THREAD_FRAMES && stream.client[i]->sending == NULL;
        }
    }
    for (unsigned i = 0; i < CLIENTS; i++)
        ck_assert_uint_eq(told(&far[i]).last, THREAD_FRAMES);
    close_stream();
    for (unsigned i = 0; i < CLIENTS; i++)
        leave(&far[i], near[i]);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_stream");
    TCase *t = tcase_create("web_stream");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, everybody_gets_everything_once);
    tcase_add_test(t, ends_in_order);
    tcase_add_loop_test(t, a_slow_one_is_lapped_and_keeps_nobody, 0, RY_WEB_WIRES);
    tcase_add_loop_test(t, a_frame_in_parts_is_whole, 0, RY_WEB_WIRES);
    tcase_add_loop_test(t, who_comes_back_goes_on, 0, 6);
    tcase_add_loop_test(t, a_quiet_stream_has_a_heartbeat, 0, RY_WEB_WIRES);
    tcase_add_test(t, one_that_takes_nothing_for_a_minute_goes);
    tcase_add_test(t, who_goes_takes_nobody_along);
    tcase_add_loop_test(t, a_client_says_little, 0, sizeof says / sizeof *says);
    tcase_add_test(t, a_flood_of_pings_is_no_client);
    tcase_add_test(t, events_hear_nothing);
    tcase_add_test(t, a_maker_in_another_thread);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
