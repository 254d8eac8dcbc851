/*
 * foresee: looks for the future. In each callback it reads all of its process's memory that can be
 * read, exec's link among it, and counts the words that are a T later than ry_now: what exec has
 * applied ahead of this agent, up to its latency, must be nowhere. It trades all the while.
 *
 * Two such words are no secret and are passed over: its own timer, and trade_to. So is what lies on
 * a link whose last record is there, OUT or END: exec writes it whatever is owed, what was held
 * back before it, and reads no answer any more. It comes while a callback runs or not at all, since
 * exec stands still for an answer that counts; so where something is found, the callback waits for
 * it.
 *
 * Parameters                                                                             default
 *   interest     orders: every record calls; top: its own three levels do; timer: nothing of the
 *                market does                                                             orders
 *   interval_us  between two timers                                                      100000
 *   plant        1: lays a later T into its own memory in each callback, which it must find  0
 *
 * Its last lines: how many callbacks and bytes there were, of the link and in all, and how many
 * words were found.
 */
#define _GNU_SOURCE
#include <royale/agent.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_BYTES (1u << 20) /* read at a time */
/* Of shm/ring.h and shm/records/output.h, whose names are those of agent.h. */
#define SLOT_BYTES 64
#define KIND_END   4 /* RY_MK_END, of one slot */
#define KIND_OUT   6 /* RY_RP_OUT, of two */
#define DAY_NS     (INT64_C(86400) * 1000000000)
#define SHOWN_MAX  10 /* of what was found */
#define LAST_WAITS 50 /* of 10 ms: for a link's last record */

enum callback { START, MARKET, REPORT, TIMER, CALLBACKS };

static const char *const callback_name[CALLBACKS] = {"start", "market", "report", "timer"};

static struct {
    unsigned long callbacks[CALLBACKS], found[CALLBACKS];
    bool leaked;               /* the link once had what is no last record's */
    unsigned long passed_over; /* on the link, whose last record was there */
    unsigned long long bytes, link_bytes, unread_bytes;
    int64_t timer;
    uint64_t planted; /* lies here, in the library's own data */
    unsigned shown;
} seen;

static int64_t words[CHUNK_BYTES / sizeof(int64_t)];

static void look_at(struct ry_agent *agent, enum callback callback, size_t count, const char *where)
{
    const int64_t now = ry_now(agent), trade_to = ry_trade_to(agent);
    for (size_t i = 0; i < count; i++) {
        if (words[i] <= now || words[i] > now + DAY_NS || words[i] == seen.timer ||
            words[i] == trade_to)
            continue;
        seen.found[callback]++;
        if (seen.shown++ < SHOWN_MAX)
            ry_print(agent, "foresee: in %s: %lld ns ahead, in %s", callback_name[callback],
                     (long long)(words[i] - now), where);
    }
}

/* One chunk of a mapping. The bytes that were read. */
static size_t read_chunk(unsigned long from, size_t bytes)
{
    const struct iovec own = {.iov_base = words, .iov_len = bytes},
                       there = {.iov_base = (void *)from, .iov_len = bytes};
    const ssize_t got = process_vm_readv(getpid(), &own, 1, &there, 1, 0);
    return got > 0 ? (size_t)got : 0;
}

static void search_mapping(struct ry_agent *agent, enum callback callback, unsigned long from,
                           unsigned long to, const char *name)
{
    while (from < to) {
        const size_t bytes = to - from < CHUNK_BYTES ? to - from : CHUNK_BYTES;
        const size_t got = read_chunk(from, bytes);
        if (got > 0) {
            look_at(agent, callback, got / sizeof *words, name);
            seen.bytes += got;
            if (strstr(name, "exec.link") != NULL)
                seen.link_bytes += got;
        } else {
            seen.unread_bytes += bytes;
        }
        from += bytes;
    }
}

/* OUT or END stands on the link: a slot says how long its record is, and begins with what it is. */
static bool has_last(unsigned long from, unsigned long to)
{
    for (; from < to; from += CHUNK_BYTES) {
        const size_t got = read_chunk(from, to - from < CHUNK_BYTES ? to - from : CHUNK_BYTES);
        for (size_t at = 0; at + SLOT_BYTES <= got; at += SLOT_BYTES) {
            const uint64_t *slot = (const uint64_t *)&words[at / sizeof *words];
            const unsigned slots = slot[0] & 15, kind = slot[1] & 255;
            if ((slots == 1 && kind == KIND_END) || (slots == 2 && kind == KIND_OUT))
                return true;
        }
    }
    return false;
}

static bool gets_last(unsigned long from, unsigned long to)
{
    bool there = has_last(from, to);
    for (unsigned i = 0; !there && i < LAST_WAITS; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        there = has_last(from, to);
    }
    return there;
}

static void search_link(struct ry_agent *agent, enum callback callback, unsigned long from,
                        unsigned long to, const char *name)
{
    const unsigned long before = seen.found[callback];
    search_mapping(agent, callback, from, to, name);
    if (seen.found[callback] == before)
        return;
    seen.leaked = seen.leaked || !gets_last(from, to);
    if (seen.leaked)
        return;
    seen.passed_over += seen.found[callback] - before;
    seen.found[callback] = before;
}

static void search(struct ry_agent *agent, enum callback callback)
{
    char line[512];
    FILE *file = fopen("/proc/self/maps", "re");
    seen.callbacks[callback]++;
    if (ry_param_int(agent, "plant", 0) != 0)
        seen.planted = (uint64_t)ry_now(agent) + 12345;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long from, to;
        char mode[8], name[256] = "no file";
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &from, &to, mode, name) >= 3 &&
            mode[0] == 'r' && strstr(name, "[v") == NULL) /* the kernel's clock: vvar, vsyscall */
            (strstr(name, "exec.link") != NULL ? search_link : search_mapping)(agent, callback,
                                                                               from, to, name);
    }
    if (file != NULL)
        fclose(file);
}

static void trade(struct ry_agent *agent)
{
    struct ry_open_order open;
    struct ry_level best;
    const enum ry_side side = ry_position(agent, 0) > 0 ? RY_SELL : RY_BUY;
    if (ry_open_orders(agent, &open, 1) > 0)
        ry_cancel(agent, open.cl_ord_id);
    else if (ry_best(agent, 0, side, &best))
        ry_order(agent, 0, side, 1, best.price, RY_LIMIT);
}

static void timer(struct ry_agent *agent)
{
    search(agent, TIMER);
    trade(agent);
    seen.timer = ry_now(agent) + ry_param_int(agent, "interval_us", 100000) * 1000;
    ry_timer(agent, seen.timer);
}

static void market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    (void)event;
    (void)count;
    search(agent, MARKET);
}

static void report(struct ry_agent *agent, const struct ry_report_event *event)
{
    if (event->kind != RY_REPORT_OUT)
        search(agent, REPORT);
}

static void start(struct ry_agent *agent)
{
    const char *interest = ry_param(agent, "interest", "orders");
    if (strcmp(interest, "top") == 0)
        ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK);
    else if (strcmp(interest, "timer") == 0)
        ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(1));
    search(agent, START);
    seen.timer = ry_now(agent) + 1000;
    ry_timer(agent, seen.timer);
}

static void stop(struct ry_agent *agent)
{
    unsigned long found = 0;
    for (unsigned i = 0; i < CALLBACKS; i++) {
        ry_print(agent, "foresee: %lu in %lu callbacks of %s", seen.found[i], seen.callbacks[i],
                 callback_name[i]);
        found += seen.found[i];
    }
    ry_print(agent, "foresee: read %llu bytes, %llu of the link; %llu could not be read",
             seen.bytes, seen.link_bytes, seen.unread_bytes);
    ry_print(agent, "foresee: %lu passed over", seen.passed_over);
    ry_print(agent, found == 0 ? "foresee: nothing" : "foresee: found %lu", found);
}

RY_STRATEGY(.start = start, .market = market, .report = report, .timer = timer, .stop = stop);
