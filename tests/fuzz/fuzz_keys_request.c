/* The bytes are the headers of a request, a line each: Authorization, Sec-WebSocket-Protocol, Host,
 * Origin, forwarding. Who has no key must be local, by all that they say; what has a key's form is
 * found whole. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/keys/credentials.h"
#include "tools/keys/key.h"

#define HEADERS 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly so many bytes: the sanitizer sees what is read behind them. */
static char *line(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *newline = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    const size_t bytes = (size_t)((newline != NULL ? newline : end) - *at);
    char *text = malloc(bytes + 1);
    if (bytes > 0)
        memcpy(text, *at, bytes);
    text[bytes] = '\0';
    *at = newline != NULL ? newline + 1 : end;
    return text;
}

static void inside(struct ry_keys_span span, const char *text)
{
    if (span.at == NULL)
        return;
    assert(span.at >= text && span.at + span.bytes <= text + strlen(text));
    (void)ry_keys_is_key(span.at, span.bytes);
}

/* No run of 64 digits behind a key's beginning is left, however the text is cut. */
static void hidden(const char *text)
{
    char out[128];
    ry_keys_without_secrets(out, sizeof out, text, strlen(text));
    for (const char *at = out; (at = strstr(at, RY_KEYS_KEY_PREFIX)) != NULL; at++)
        assert(!ry_keys_is_key(at, strnlen(at, RY_KEYS_KEY_DIGITS)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *header[HEADERS], written[RY_KEYS_ADDRESS_BYTES];
    const uint8_t *at = data;
    struct ry_keys_address address, again;
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    for (unsigned i = 0; i < HEADERS; i++)
        header[i] = line(&at, data + size);
    inside(ry_keys_bearer(header[0]), header[0]);
    inside(ry_keys_of_protocols(header[1]), header[1]);
    if (ry_keys_host_is_local(header[2]))
        assert(strcasestr(header[2], "localhost") != NULL ||
               strstr(header[2], "127.0.0.1") != NULL || strstr(header[2], "[::1]") != NULL);
    if (ry_keys_origin_is_host(header[3], header[2]))
        assert(strcasestr(header[3], "://") != NULL && header[2][0] != '\0');
    if (ry_keys_forwarded_for(header[4], &address)) {
        /* Written and read again it is the same. */
        assert(ry_keys_forwarded_for(ry_keys_address_text(written, &address), &again));
        assert(memcmp(&address, &again, sizeof address) == 0);
    }
    for (unsigned i = 0; i < HEADERS; i++) {
        hidden(header[i]);
        free(header[i]);
    }
    return 0;
}
