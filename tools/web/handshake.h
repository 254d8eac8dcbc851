/* The handshake of a WebSocket, RFC 6455, 4.2. */
#ifndef RY_TOOLS_WEB_HANDSHAKE_H
#define RY_TOOLS_WEB_HANDSHAKE_H

#include <stdbool.h>

#define RY_WEB_ACCEPT_BYTES 29 /* 28 of base64 and NUL */
#define RY_WEB_VERSION      "13"

/* Of a request, NULL where it has none. */
struct ry_web_handshake {
    const char *upgrade, *connection, *key, *version; /* the headers */
};

enum ry_web_greeting {
    RY_WEB_GREETING_NONE = 0, /* it asks for no WebSocket */
    RY_WEB_GREETING_OK,
    RY_WEB_GREETING_VERSION, /* of another version than RY_WEB_VERSION: 426 */
    RY_WEB_GREETING_WRONG,   /* no key, or none of 16 bytes: 400 */
};

enum ry_web_greeting ry_web_handshake_judge(const struct ry_web_handshake *asked);

/* What Sec-WebSocket-Accept answers to `key`. */
void ry_web_handshake_accept(char accept[RY_WEB_ACCEPT_BYTES], const char *key);

/* Whether the list "a, b" of a header has `token`, whatever its case. `list` may be NULL. */
bool ry_web_header_has(const char *list, const char *token);

#endif
