#include "tuning/irqbalance.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tuning/cpus.h"

#define SOCKETS          "/run/irqbalance/irqbalance*.sock"
#define SETTINGS         "settings cpus "
#define OWN_CHOICE       "NULL"
#define SLEEPS_MAX       3     /* of its own, before it has to have answered, or obeyed */
#define SLEEP_MS_DEFAULT 10000 /* as long as it has not said how long it sleeps */
#define LOOK_MS          200

struct caller {
    const struct ry_tuning_host *host;
    int fd;
};

/* A socket that a dead one left behind refuses: the next is tried. */
static void try_socket(void *context, const char *path)
{
    struct caller *caller = context;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char full[2 * RY_TUNING_PATH_BYTES];
    if (caller->fd >= 0 || !ry_tuning_host_path(caller->host, path, full) ||
        strlen(full) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, full, strlen(full));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        caller->fd = fd;
        return;
    }
    if (fd >= 0)
        close(fd);
}

/* What it says until it hangs up, which it does after each request. */
static int listen_to(int fd, int patience_ms, char *text, size_t bytes)
{
    size_t got = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int said = poll(&ready, 1, patience_ms);
        if (said == 0)
            return -ETIMEDOUT;
        if (said < 0)
            return -errno;
        ssize_t n = recv(fd, text + got, bytes - 1 - got, 0);
        if (n < 0)
            return -errno;
        got += (size_t)n;
        text[got] = 0;
        if (n == 0)
            return 0;
        if (got == bytes - 1)
            return -EFBIG;
    }
}

static int ask_once(const struct ry_tuning_host *host, const char *ask, int patience_ms, char *text,
                    size_t bytes)
{
    struct caller caller = {.host = host, .fd = -1};
    text[0] = 0;
    (void)ry_tuning_host_glob(host, SOCKETS, try_socket, &caller);
    if (caller.fd < 0)
        return -ENOENT;
    int error = 0;
    if (send(caller.fd, ask, strlen(ask), MSG_NOSIGNAL) != (ssize_t)strlen(ask))
        error = -errno;
    if (error == 0)
        error = listen_to(caller.fd, patience_ms, text, bytes);
    close(caller.fd);
    return error;
}

static int ask_setup(const struct ry_tuning_host *host, int patience_ms, char *text, size_t bytes)
{
    int error = ask_once(host, "setup", patience_ms, text, bytes);
    /* It hangs up on who is not root. */
    return error == 0 && text[0] == 0 ? -EACCES : error;
}

static int patience_ms(const char *setup)
{
    int seconds;
    if (sscanf(setup, "SLEEP %d", &seconds) != 1 || seconds < 1 || seconds > 3600)
        return SLEEPS_MAX * SLEEP_MS_DEFAULT;
    return SLEEPS_MAX * 1000 * seconds;
}

static bool has_banned(const char *setup, const struct ry_tuning_cpus *wanted)
{
    struct ry_tuning_cpus banned;
    const char *mask = strstr(setup, "BANNED ");
    return mask != NULL && ry_tuning_cpus_read_mask(&banned, mask + strlen("BANNED ")) &&
           ry_tuning_cpus_same(&banned, wanted);
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until it says that it has the list. */
static int await(const struct ry_tuning_host *host, const struct ry_tuning_cpus *wanted,
                 int limit_ms)
{
    char setup[RY_TUNING_TEXT_BYTES];
    long long until = now_ms() + limit_ms;
    while (now_ms() < until) {
        int error = ask_setup(host, limit_ms, setup, sizeof setup);
        if (error != 0)
            return error;
        if (has_banned(setup, wanted))
            return 0;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    return -ETIMEDOUT;
}

int ry_tuning_irqbalance_ask(const struct ry_tuning_host *host, const char *ask, char *text,
                             size_t bytes)
{
    struct ry_tuning_cpus wanted;
    char setup[RY_TUNING_TEXT_BYTES];
    int error = ask_setup(host, SLEEPS_MAX * SLEEP_MS_DEFAULT, setup, sizeof setup);
    if (error != 0 || strcmp(ask, "setup") == 0) {
        if (error == 0 && snprintf(text, bytes, "%s", setup) >= (int)bytes)
            error = -EFBIG;
        return error;
    }
    text[0] = 0;
    error = ask_once(host, ask, patience_ms(setup), text, bytes);
    const char *list = strncmp(ask, SETTINGS, strlen(SETTINGS)) == 0 ? ask + strlen(SETTINGS) : "";
    /* Its own choice is asked for where nothing was banned before, by it neither. */
    if (error != 0 || !ry_tuning_cpus_read_list(&wanted, strcmp(list, OWN_CHOICE) == 0 ? "" : list))
        return error;
    return await(host, &wanted, patience_ms(setup));
}
