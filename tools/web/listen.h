/*
 * Where royale-web listens: "127.0.0.1:9474", "[::1]:9474", "localhost:9474". Numbers alone: no
 * name is looked up. Port 0 takes one that is free.
 */
#ifndef RY_TOOLS_WEB_LISTEN_H
#define RY_TOOLS_WEB_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

#define RY_WEB_LISTEN_DEFAULT "127.0.0.1:9474"
#define RY_WEB_ADDRESS_BYTES  64

struct ry_web_address {
    struct sockaddr_storage address;
    socklen_t bytes;
    bool loopback; /* only this machine reaches it */
};

/* False: it is no address. */
bool ry_web_address_read(struct ry_web_address *address, const char *text);

/* A listening socket; `address` then has the port that it got. -1 with errno. */
int ry_web_listen(struct ry_web_address *address);

/* "127.0.0.1:9474", as it stands in a URL. */
const char *ry_web_address_text(char text[RY_WEB_ADDRESS_BYTES],
                                const struct ry_web_address *address);

#endif
