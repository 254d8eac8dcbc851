#include "tools/web/handshake.h"

#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <string.h>
#include <strings.h>

#define GUID      "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 24 /* base64 of 16 bytes */
#define BLANKS    " \t"

bool ry_web_header_has(const char *list, const char *token)
{
    const size_t bytes = strlen(token);
    while (list != NULL && *list != '\0') {
        list += strspn(list, BLANKS ",");
        const size_t item = strcspn(list, BLANKS ",");
        if (item == bytes && strncasecmp(list, token, bytes) == 0)
            return true;
        list += item;
        list += strcspn(list, ",");
    }
    return false;
}

static bool is_key(const char *key)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key != NULL && strlen(key) == KEY_BYTES && strspn(key, letters) == KEY_BYTES - 2 &&
           strcmp(key + KEY_BYTES - 2, "==") == 0;
}

enum ry_web_greeting ry_web_handshake_judge(const struct ry_web_handshake *asked)
{
    if (!ry_web_header_has(asked->upgrade, "websocket"))
        return RY_WEB_GREETING_NONE;
    if (!ry_web_header_has(asked->connection, "upgrade") || !is_key(asked->key))
        return RY_WEB_GREETING_WRONG;
    return asked->version != NULL && strcmp(asked->version, RY_WEB_VERSION) == 0
               ? RY_WEB_GREETING_OK
               : RY_WEB_GREETING_VERSION;
}

void ry_web_handshake_accept(char accept[RY_WEB_ACCEPT_BYTES], const char *key)
{
    struct sha1_ctx sha;
    uint8_t digest[SHA1_DIGEST_SIZE];
    sha1_init(&sha);
    sha1_update(&sha, strlen(key), (const uint8_t *)key);
    sha1_update(&sha, strlen(GUID), (const uint8_t *)GUID);
    sha1_digest(&sha, sizeof digest, digest);
    base64_encode_raw(accept, sizeof digest, digest);
    accept[RY_WEB_ACCEPT_BYTES - 1] = '\0';
}
