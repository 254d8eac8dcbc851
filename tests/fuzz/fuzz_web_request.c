/*
 * The bytes are what a request says that this server reads itself: a cursor (Last-Event-ID, since),
 * and the headers of a WebSocket's handshake; lines apart, the first is the cursor.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/web/handshake.h"
#include "tools/web/listen.h"
#include "tools/web/ring.h"

#define LINES  6
#define FRAMES 8
#define BATTLE "01234567"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A ring with frames of small numbers, which a fuzzer finds. */
static void fill(struct ry_web_ring *ring)
{
    char cursor[RY_WEB_CURSOR_BYTES], since[RY_WEB_CURSOR_BYTES];
    for (uint64_t n = 1; n <= FRAMES; n++) {
        ry_web_cursor(cursor, BATTLE, n, n);
        ry_web_cursor(since, BATTLE, n - 1, n - 1);
        const bool put =
            ry_web_ring_put(ring, n == 1 ? ry_web_frame_snapshot(cursor, n, n, "\"a\":1")
                                         : ry_web_frame_delta(cursor, since, n, n, "\"a\":1"));
        assert(put);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ry_web_ring ring;
    char *line[LINES] = {NULL}, cursor[RY_WEB_CURSOR_BYTES], accept[RY_WEB_ACCEPT_BYTES];
    struct ry_web_address address;
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (ring.next == 0)
        fill(&ring);
    char *text = malloc(size + 1), *rest = text;
    assert(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (unsigned i = 0; i < LINES; i++)
        line[i] = strsep(&rest, "\n");
    const uint64_t has = ry_web_ring_find(&ring, line[0]);
    if (has != RY_WEB_HAS_OTHER) {
        ry_web_cursor(cursor, BATTLE, has, has); /* the only text that is that cursor */
        assert(has >= 1 && has <= FRAMES && strcmp(cursor, line[0]) == 0);
    }
    const struct ry_web_handshake asked = {
        .upgrade = line[1], .connection = line[2], .key = line[3], .version = line[4]};
    if (ry_web_handshake_judge(&asked) == RY_WEB_GREETING_OK) {
        ry_web_handshake_accept(accept, asked.key);
        assert(strlen(accept) == RY_WEB_ACCEPT_BYTES - 1);
    }
    (void)ry_web_header_has(line[1], "gzip");
    if (line[5] != NULL)
        (void)ry_web_address_read(&address, line[5]);
    free(text);
    return 0;
}
