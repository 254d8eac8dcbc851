/*
 * The bytes are what a WebSocket's client says. Whole, and cut at any place, they are heard alike:
 * the first byte says where.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/web/ear.h"

#define EVENTS_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    unsigned events;
    enum ry_web_heard event[EVENTS_MAX];
    size_t bytes[EVENTS_MAX];
    uint8_t payload[EVENTS_MAX][RY_WEB_CONTROL_BYTES];
};

static bool ends(enum ry_web_heard heard)
{
    return heard == RY_WEB_HEARD_CLOSE || heard == RY_WEB_HEARD_DATA || heard == RY_WEB_HEARD_WRONG;
}

/* False: the connection is over. */
static bool hear(struct ry_web_ear *ear, struct heard *heard, const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size); /* the sanitizer sees what is read behind them */
    assert(exact != NULL || size == 0);
    if (size > 0)
        memcpy(exact, data, size);
    ry_web_ear_give(ear, exact, size);
    enum ry_web_heard now;
    while ((now = ry_web_ear_next(ear)) != RY_WEB_HEARD_ALL && now != RY_WEB_HEARD_PART &&
           heard->events < EVENTS_MAX) {
        const unsigned i = heard->events++;
        heard->event[i] = now;
        const uint8_t *payload = ry_web_ear_payload(ear, &heard->bytes[i]);
        assert(heard->bytes[i] <= RY_WEB_CONTROL_BYTES);
        memcpy(heard->payload[i], payload, heard->bytes[i]);
        if (ends(now))
            break;
    }
    free(exact);
    return heard->events == 0 || !ends(heard->event[heard->events - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct heard whole, cut;
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    const size_t part = 1 + data[0] % 16;
    data++;
    size--;
    memset(&whole, 0, sizeof whole);
    memset(&cut, 0, sizeof cut);
    struct ry_web_ear *ear = ry_web_ear_new(), *other = ry_web_ear_new();
    assert(ear != NULL && other != NULL);
    (void)hear(ear, &whole, data, size);
    for (size_t at = 0; at < size; at += part)
        if (!hear(other, &cut, data + at, size - at < part ? size - at : part))
            break;
    /* What is wrong may be found sooner where the bytes come in parts, never anything else. */
    const unsigned events = whole.events < cut.events ? whole.events : cut.events;
    for (unsigned i = 0; i < events; i++)
        if (!ends(whole.event[i])) {
            assert(whole.event[i] == cut.event[i] && whole.bytes[i] == cut.bytes[i]);
            assert(memcmp(whole.payload[i], cut.payload[i], whole.bytes[i]) == 0);
        }
    ry_web_ear_free(ear);
    ry_web_ear_free(other);
    return 0;
}
