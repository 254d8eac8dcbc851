#include "tests/support/collector_rig.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOK_MS 10

struct ry_test_collector {
    int listener;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    bool ends;
    unsigned status, requests;
    const char *answer;
    char url[64];
    char head[RY_TEST_COLLECTOR_HEAD], body[RY_TEST_COLLECTOR_BODY];
};

static bool ends(struct ry_test_collector *collector)
{
    pthread_mutex_lock(&collector->lock);
    const bool result = collector->ends;
    pthread_mutex_unlock(&collector->lock);
    return result;
}

/* Waits for something to read; false: the test is over. */
static bool readable(struct ry_test_collector *collector, int fd)
{
    struct pollfd look = {.fd = fd, .events = POLLIN};
    while (!ends(collector))
        if (poll(&look, 1, LOOK_MS) > 0)
            return true;
    return false;
}

static size_t content_length(const char *head)
{
    const char *at = strcasestr(head, "\r\nContent-Length:");
    return at != NULL ? strtoul(at + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

/* A whole request; false: the other side is gone, or the test is over. */
static bool read_request(struct ry_test_collector *collector, int fd, char *text, size_t room)
{
    size_t bytes = 0;
    for (;;) {
        const char *end = strstr(text, "\r\n\r\n");
        if (end != NULL && bytes >= (size_t)(end + 4 - text) + content_length(text))
            return true;
        if (bytes + 1 == room || !readable(collector, fd))
            return false;
        const ssize_t n = read(fd, text + bytes, room - bytes - 1);
        if (n <= 0)
            return false;
        bytes += (size_t)n;
        text[bytes] = '\0';
    }
}

/* Keeps the request; returns how it is to be answered. */
static unsigned keep(struct ry_test_collector *collector, const char *text, const char **answer)
{
    const char *body = strstr(text, "\r\n\r\n") + 4;
    pthread_mutex_lock(&collector->lock);
    snprintf(collector->head, sizeof collector->head, "%.*s", (int)(body - text), text);
    snprintf(collector->body, sizeof collector->body, "%s", body);
    collector->requests++;
    const unsigned status = collector->status;
    *answer = collector->answer;
    pthread_mutex_unlock(&collector->lock);
    return status;
}

static void serve(struct ry_test_collector *collector, int fd)
{
    static const size_t room = RY_TEST_COLLECTOR_HEAD + RY_TEST_COLLECTOR_BODY;
    char *text = calloc(1, room), head[128];
    const char *answer;
    if (read_request(collector, fd, text, room)) {
        const unsigned status = keep(collector, text, &answer);
        if (status == 0) {
            (void)readable(collector, fd); /* until the client has had enough */
        } else {
            const int length = snprintf(head, sizeof head,
                                        "HTTP/1.1 %u What\r\nContent-Length: %zu\r\n"
                                        "Connection: close\r\n\r\n",
                                        status, strlen(answer));
            (void)!write(fd, head, (size_t)length);
            (void)!write(fd, answer, strlen(answer));
        }
    }
    free(text);
    close(fd);
}

static void *run(void *context)
{
    struct ry_test_collector *collector = context;
    while (readable(collector, collector->listener)) {
        const int fd = accept(collector->listener, NULL, NULL);
        if (fd >= 0)
            serve(collector, fd);
    }
    return NULL;
}

struct ry_test_collector *ry_test_collector_open(unsigned status, const char *body)
{
    struct ry_test_collector *collector = calloc(1, sizeof *collector);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    ck_assert_ptr_nonnull(collector);
    collector->status = status;
    collector->answer = body;
    collector->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(collector->listener, 0);
    ck_assert_int_eq(bind(collector->listener, (struct sockaddr *)&address, bytes), 0);
    ck_assert_int_eq(listen(collector->listener, 8), 0);
    ck_assert_int_eq(getsockname(collector->listener, (struct sockaddr *)&address, &bytes), 0);
    snprintf(collector->url, sizeof collector->url, "http://127.0.0.1:%u/v1/traces",
             ntohs(address.sin_port));
    pthread_mutex_init(&collector->lock, NULL);
    ck_assert_int_eq(pthread_create(&collector->thread, NULL, run, collector), 0);
    return collector;
}

void ry_test_collector_answers(struct ry_test_collector *collector, unsigned status,
                               const char *body)
{
    pthread_mutex_lock(&collector->lock);
    collector->status = status;
    collector->answer = body;
    pthread_mutex_unlock(&collector->lock);
}

const char *ry_test_collector_url(const struct ry_test_collector *collector)
{
    return collector->url;
}

unsigned ry_test_collector_requests(struct ry_test_collector *collector, char *head, char *body)
{
    pthread_mutex_lock(&collector->lock);
    const unsigned requests = collector->requests;
    if (head != NULL)
        memcpy(head, collector->head, sizeof collector->head);
    if (body != NULL)
        memcpy(body, collector->body, sizeof collector->body);
    pthread_mutex_unlock(&collector->lock);
    return requests;
}

void ry_test_collector_close(struct ry_test_collector *collector)
{
    pthread_mutex_lock(&collector->lock);
    collector->ends = true;
    pthread_mutex_unlock(&collector->lock);
    pthread_join(collector->thread, NULL);
    close(collector->listener);
    free(collector);
}
