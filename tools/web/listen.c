#include "tools/web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG  4096 /* a crowd that comes at once; the kernel has a limit of its own */
#define PORT_MAX 65535

/* The number behind the last colon; -1: there is none. */
static int read_port(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    const long port = strtol(text, NULL, 10);
    return digits == 0 || digits > 5 || text[digits] != '\0' || port > PORT_MAX ? -1 : (int)port;
}

static void set_four(struct ry_web_address *address, struct in_addr number, int port)
{
    const struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = number};
    memcpy(&address->address, &four, sizeof four);
    address->bytes = sizeof four;
    address->loopback = ntohl(number.s_addr) >> 24 == 127;
}

static void set_six(struct ry_web_address *address, struct in6_addr number, int port)
{
    const struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = number};
    memcpy(&address->address, &six, sizeof six);
    address->bytes = sizeof six;
    address->loopback = IN6_IS_ADDR_LOOPBACK(&number);
}

bool ry_web_address_read(struct ry_web_address *address, const char *text)
{
    char host[INET6_ADDRSTRLEN];
    struct in_addr four;
    struct in6_addr six;
    const char *colon = strrchr(text, ':');
    const int port = colon == NULL ? -1 : read_port(colon + 1);
    *address = (struct ry_web_address){.bytes = 0};
    if (port < 0)
        return false;
    size_t bytes = (size_t)(colon - text);
    const bool brackets = bytes > 2 && text[0] == '[' && text[bytes - 1] == ']';
    if (brackets) {
        text++;
        bytes -= 2;
    }
    if (bytes >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)bytes, text);
    if (!brackets && strcmp(host, "localhost") == 0)
        snprintf(host, sizeof host, "127.0.0.1");
    if (!brackets && inet_pton(AF_INET, host, &four) == 1)
        set_four(address, four, port);
    else if (brackets && inet_pton(AF_INET6, host, &six) == 1)
        set_six(address, six, port);
    return address->bytes > 0;
}

int ry_web_listen(struct ry_web_address *address)
{
    const int on = 1;
    const int fd =
        socket(address->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&address->address, address->bytes) == 0 &&
        listen(fd, BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)&address->address, &address->bytes) == 0)
        return fd;
    const int why = errno;
    close(fd);
    errno = why;
    return -1;
}

const char *ry_web_address_text(char text[RY_WEB_ADDRESS_BYTES],
                                const struct ry_web_address *address)
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (address->address.ss_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, &address->address, sizeof six);
        (void)inet_ntop(AF_INET6, &six.sin6_addr, host, sizeof host);
        snprintf(text, RY_WEB_ADDRESS_BYTES, "[%s]:%u", host, ntohs(six.sin6_port));
    } else {
        struct sockaddr_in four;
        memcpy(&four, &address->address, sizeof four);
        (void)inet_ntop(AF_INET, &four.sin_addr, host, sizeof host);
        snprintf(text, RY_WEB_ADDRESS_BYTES, "%s:%u", host, ntohs(four.sin_port));
    }
    return text;
}
