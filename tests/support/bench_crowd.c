#include "tests/support/bench_crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shm/clock.h"

#define EVENTS     512
#define READ_BYTES (256u << 10)
#define WAIT_MS    100
#define MARK       "\"at\":\""
#define REQUEST                                                                                    \
    "GET /v1/battles/current/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"         \
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"                       \
    "Sec-WebSocket-Version: 13\r\n\r\n"

struct reader {
    int fd;
    bool greeted;  /* the answer's head is over */
    uint64_t skip; /* bytes of a frame that are not looked at */
    unsigned held; /* bytes of a head that came in parts */
    char head[RY_BENCH_CROWD_HEAD];
};

struct ry_bench_crowd *ry_bench_crowd_new(void)
{
    struct ry_bench_crowd *crowd = mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return crowd == MAP_FAILED ? NULL : crowd;
}

void ry_bench_crowd_free(struct ry_bench_crowd *crowd)
{
    (void)munmap(crowd, sizeof *crowd);
}

/* ---- what it reads --------------------------------------------------------------------------- */

static void take_age(struct ry_bench_crowd *crowd, const char *head, size_t bytes, uint64_t now)
{
    const char *mark = memmem(head, bytes, MARK, strlen(MARK));
    if (mark == NULL || ry_load_relaxed(&crowd->measures) == 0)
        return;
    const uint64_t at = strtoull(mark + strlen(MARK), NULL, 10);
    (void)ry_fetch_add_relaxed(&crowd->frames, 1);
    if (crowd->count < RY_BENCH_CROWD_ROOM)
        crowd->age_ticks[crowd->count++] = now - at;
}

/* A frame's length with its header; 0: more of the header is to come. */
static uint64_t frame_bytes(const uint8_t *at, size_t bytes, size_t *header)
{
    if (bytes < 2)
        return 0;
    const unsigned more = at[1] < 126 ? 0 : at[1] == 126 ? 2 : 8;
    if (bytes < 2 + more)
        return 0;
    uint64_t length = more == 0 ? at[1] : 0;
    for (unsigned i = 0; i < more; i++)
        length = length << 8 | at[2 + i];
    *header = 2 + more;
    return 2 + more + length;
}

/* Takes the frames at `at`; returns how many bytes are a head that is not whole. */
static size_t take_frames(struct ry_bench_crowd *crowd, struct reader *reader, const char *at,
                          size_t bytes, uint64_t now)
{
    while (bytes > 0) {
        if (reader->skip > 0) {
            const size_t part = reader->skip < bytes ? (size_t)reader->skip : bytes;
            reader->skip -= part;
            at += part;
            bytes -= part;
            continue;
        }
        size_t header = 0;
        const uint64_t whole = frame_bytes((const uint8_t *)at, bytes, &header);
        const size_t looked = whole < RY_BENCH_CROWD_HEAD ? (size_t)whole : RY_BENCH_CROWD_HEAD;
        if (whole == 0 || bytes < looked)
            return bytes;
        take_age(crowd, at, looked, now);
        reader->skip = whole;
    }
    return 0;
}

/* Bytes of the answer's head at the front; 0: it is not whole. */
static size_t greeting_bytes(const char *at, size_t bytes)
{
    const char *end = memmem(at, bytes, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - at) + 4;
}

static bool read_some(struct ry_bench_crowd *crowd, struct reader *reader)
{
    static char room[RY_BENCH_CROWD_HEAD + READ_BYTES];
    memcpy(room, reader->head, reader->held);
    const ssize_t count = recv(reader->fd, room + reader->held, READ_BYTES, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    const uint64_t now = ry_clock_ticks();
    const char *at = room;
    size_t bytes = reader->held + (size_t)count;
    if (!reader->greeted) {
        const size_t greeting = greeting_bytes(room, bytes);
        reader->greeted = greeting > 0;
        if (reader->greeted)
            (void)ry_fetch_add_relaxed(&crowd->connected, 1);
        at += greeting;
        bytes -= greeting;
    }
    const size_t left = reader->greeted ? take_frames(crowd, reader, at, bytes, now) : bytes;
    if (left >= sizeof reader->head)
        return false;
    memmove(reader->head, at + bytes - left, left);
    reader->held = (unsigned)left;
    return count > 0;
}

/* ---- connections ----------------------------------------------------------------------------- */

/* The next crowd needs the ports: no connection waits for its last packets. */
static void hang_up(int fd)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

static bool join(struct reader *reader, int epoll, const struct sockaddr_in *address)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = reader};
    reader->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (reader->fd < 0)
        return false;
    return connect(reader->fd, (const struct sockaddr *)address, sizeof *address) == 0 &&
           send(reader->fd, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) == (ssize_t)strlen(REQUEST) &&
           fcntl(reader->fd, F_SETFL, O_NONBLOCK) == 0 &&
           epoll_ctl(epoll, EPOLL_CTL_ADD, reader->fd, &event) == 0;
}

static void turn(struct ry_bench_crowd *crowd, int epoll, int wait_ms)
{
    struct epoll_event events[EVENTS];
    const int count = epoll_wait(epoll, events, EVENTS, wait_ms);
    for (int i = 0; i < count; i++) {
        struct reader *reader = events[i].data.ptr;
        if (read_some(crowd, reader))
            continue;
        (void)ry_fetch_add_relaxed(&crowd->broken, 1);
        (void)epoll_ctl(epoll, EPOLL_CTL_DEL, reader->fd, NULL);
    }
}

bool ry_bench_crowd_run(struct ry_bench_crowd *crowd, uint16_t port, unsigned clients)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct reader *all = calloc(clients, sizeof *all);
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    unsigned joined = 0;
    bool well = all != NULL && epoll >= 0;
    while (well && joined < clients) {
        well = join(&all[joined++], epoll, &address);
        turn(crowd, epoll, 0);
    }
    if (!well)
        perror("a reader cannot connect");
    while (well && ry_load_relaxed(&crowd->stop) == 0)
        turn(crowd, epoll, WAIT_MS);
    for (unsigned i = 0; i < joined; i++)
        if (all[i].fd >= 0)
            hang_up(all[i].fd);
    close(epoll);
    free(all);
    return well;
}
