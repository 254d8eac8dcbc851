#include "tests/support/bench_bare.h"

#include <assert.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS      256
#define CLIENTS_MAX 20000
#define ASKED_BYTES 4096
#define DESCRIPTORS 65536
#define HEAD        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

struct bare {
    struct ry_web_outlet *outlet;
    int listener, epoll;
    unsigned clients;
    int fd[CLIENTS_MAX];
    bool greeted[DESCRIPTORS];
};

static void watch(const struct bare *bare, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    const int failed = epoll_ctl(bare->epoll, EPOLL_CTL_ADD, fd, &event);
    assert(!failed);
}

static void accept_all(struct bare *bare)
{
    int fd;
    while ((fd = accept4(bare->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        watch(bare, fd);
}

static void send_frames(struct bare *bare)
{
    struct ry_web_frame *frame;
    while ((frame = ry_web_outlet_take(bare->outlet)) != NULL) {
        const struct ry_web_bytes *bytes = &frame->wire[RY_WEB_WEBSOCKET];
        for (unsigned i = 0; i < bare->clients; i++)
            (void)send(bare->fd[i], bytes->at, bytes->bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
        ry_web_frame_drop(frame);
    }
}

/* The first time it asks; the second, it has gone. */
static void hear(struct bare *bare, int fd)
{
    char asked[ASKED_BYTES];
    const ssize_t bytes = recv(fd, asked, sizeof asked, MSG_DONTWAIT);
    if (bytes > 0 && !bare->greeted[fd] && bare->clients < CLIENTS_MAX) {
        bare->greeted[fd] = true;
        bare->fd[bare->clients++] = fd;
        (void)send(fd, HEAD, strlen(HEAD), MSG_NOSIGNAL | MSG_DONTWAIT);
    } else if (bytes <= 0)
        (void)epoll_ctl(bare->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static void *run(void *context)
{
    struct bare *bare = context;
    struct epoll_event events[EVENTS];
    int count;
    while ((count = epoll_wait(bare->epoll, events, EVENTS, -1)) >= 0)
        for (int i = 0; i < count; i++)
            if (events[i].data.fd == bare->listener)
                accept_all(bare);
            else if (events[i].data.fd == bare->outlet->ready)
                send_frames(bare);
            else
                hear(bare, events[i].data.fd);
    return NULL;
}

void ry_bench_bare_start(struct ry_web_outlet *outlet, int listener)
{
    static struct bare bare;
    pthread_t thread;
    bare.outlet = outlet;
    bare.listener = listener;
    bare.epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(&bare, listener);
    watch(&bare, outlet->ready);
    const int failed = pthread_create(&thread, NULL, run, &bare);
    assert(!failed);
}
