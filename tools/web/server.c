#include "tools/web/server.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/web/join.h"
#include "tools/web/metrics.h"
#include "tools/web/request.h"

#define EVENTS      256 /* at a time */
#define LOOK_MS     500 /* a loop lasts at most */
#define LOOK_NS     (LOOK_MS * INT64_C(1000000))
#define PART        4 /* of the connections that are kept for who does not stream */
#define NUL         "%00"
#define DRAIN_TURNS 8 /* of the library, in which it closes what it is given back */

/* ---- connections ----------------------------------------------------------------------------- */

static void on_connection(void *context, struct MHD_Connection *connection, void **of_socket,
                          enum MHD_ConnectionNotificationCode what)
{
    struct ry_web_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        ry_web_visitor_free(*of_socket);
        *of_socket = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != NULL)
        *of_socket = ry_web_visitor_new(&server->visitors, info->connect_fd, ry_clock_ns());
}

/* As many descriptors as the process may have. Returns how many clients that is. */
static unsigned find_room(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return RY_WEB_CONNECTIONS_MAX / PART;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur > RY_WEB_CONNECTIONS_MAX + RY_WEB_DESCRIPTORS_KEPT)
        return RY_WEB_CONNECTIONS_MAX;
    return limit.rlim_cur > 2 * RY_WEB_DESCRIPTORS_KEPT
               ? (unsigned)limit.rlim_cur - RY_WEB_DESCRIPTORS_KEPT
               : RY_WEB_DESCRIPTORS_KEPT / PART;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static int wait_ms(struct ry_web_server *server, bool more)
{
    MHD_UNSIGNED_LONG_LONG library_ms;
    if (more)
        return 0;
    if (MHD_get_timeout(server->daemon, &library_ms) == MHD_YES && library_ms < LOOK_MS)
        return (int)library_ms;
    return LOOK_MS;
}

/* What the epoll's data is: NULL the library's, the stream itself its outlet, the server its stop;
 * else a client of the stream. */
static bool handle(struct ry_web_server *server, const struct epoll_event *event)
{
    void *what = event->data.ptr;
    if (what == server)
        return false;
    if (what != NULL && what != &server->stream)
        ry_web_stream_event(&server->stream, what, event->events, ry_clock_ns());
    return true;
}

static void *run(void *context)
{
    struct ry_web_server *server = context;
    struct epoll_event events[EVENTS];
    bool goes_on = true, more = false;
    while (goes_on) {
        const int count = epoll_wait(server->epoll, events, EVENTS, wait_ms(server, more));
        for (int i = 0; i < count; i++)
            goes_on &= handle(server, &events[i]);
        (void)MHD_run(server->daemon);
        const int64_t now_ns = ry_clock_ns();
        more = ry_web_stream_turn(&server->stream, now_ns);
        if (now_ns - server->looked_ns >= LOOK_NS) {
            server->looked_ns = now_ns;
            ry_web_visitors_look(&server->visitors, now_ns);
        }
    }
    ry_web_stream_close(&server->stream);
    for (unsigned i = 0; i < DRAIN_TURNS; i++)
        (void)MHD_run(server->daemon);
    return NULL;
}

/* ---- its life -------------------------------------------------------------------------------- */

/* What the library would print of clients that break off or send nonsense. */
static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

/* As the library does it, but %00, behind which a text would end unseen, stays as it is: no name
 * and no value has it. */
static size_t decode(void *context, struct MHD_Connection *connection, char *text)
{
    char *to = text, *rest = text;
    (void)context, (void)connection;
    for (;;) {
        char *nul = strstr(rest, NUL);
        if (nul != NULL)
            *nul = '\0';
        const size_t bytes = MHD_http_unescape(rest);
        memmove(to, rest, bytes + 1);
        to += bytes;
        if (nul == NULL)
            return (size_t)(to - text);
        memcpy(to, NUL, strlen(NUL));
        to += strlen(NUL);
        rest = nul + strlen(NUL);
    }
}

/* Its own descriptors in one epoll with ours. */
static struct MHD_Daemon *start_library(struct ry_web_server *server, int listener,
                                        unsigned connections)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
        NULL, ry_web_request, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, decode, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_NOTIFY_COMPLETED, ry_web_request_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, server, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)RY_WEB_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)RY_WEB_REQUEST_BYTES, MHD_OPTION_END);
    if (daemon == NULL) {
        close(listener);
        return NULL;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info != NULL && epoll_ctl(server->epoll, EPOLL_CTL_ADD, info->epoll_fd, &event) == 0)
        return daemon;
    MHD_stop_daemon(daemon);
    return NULL;
}

/* Signals are the main thread's. */
static int start_thread(struct ry_web_server *server)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const int result = pthread_create(&server->thread, NULL, run, server);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result == 0 ? 0 : -1;
}

static int open_loop(struct ry_web_server *server, struct ry_web_outlet *outlet)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = server};
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (server->epoll >= 0 && server->stop >= 0 &&
        epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->stop, &event) == 0 &&
        ry_web_stream_open(&server->stream, server->epoll, outlet, ry_web_join_gone) == 0) {
        server->stream.may = ry_web_join_may;
        return 0;
    }
    close(server->epoll);
    close(server->stop);
    return -1;
}

static void close_loop(struct ry_web_server *server)
{
    close(server->epoll);
    close(server->stop);
}

int ry_web_server_start(struct ry_web_server *server, const struct ry_web_server_of *of)
{
    *server = (struct ry_web_server){
        .state = of->state, .pages = of->pages, .keys = of->keys, .api = of->api};
    const unsigned connections = find_room();
    server->streams_max = connections - connections / PART;
    if (server->streams_max > RY_WEB_STREAMS_MAX)
        server->streams_max = RY_WEB_STREAMS_MAX;
    ry_web_visitors_open(&server->visitors);
    if (open_loop(server, of->outlet) != 0) {
        close(of->listener);
        return -1;
    }
    server->daemon = start_library(server, of->listener, connections);
    if (server->daemon != NULL && start_thread(server) == 0)
        return 0;
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    ry_web_stream_close(&server->stream);
    close_loop(server);
    return -1;
}

void ry_web_server_stop(struct ry_web_server *server)
{
    (void)eventfd_write(server->stop, 1);
    (void)pthread_join(server->thread, NULL);
    if (server->api != NULL)
        ry_api_close(server->api); /* so that no connection is suspended any more */
    MHD_stop_daemon(server->daemon);
    ry_web_metrics_close(server);
    close_loop(server);
}
