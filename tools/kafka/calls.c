#include "tools/kafka/calls.h"

#include <string.h>
#include <time.h>

#include "shm/clock.h"

#define NS_PER_MS 1000000

/* By the library's threads. */
static void hear(void *context, enum ry_log_level level, const char *line)
{
    struct ry_kafka_calls *calls = context;
    char reason[RY_KAFKA_REASON_BYTES], text[RY_EXPORT_ERROR_BYTES];
    bool told = ry_kafka_reach_reason(reason, level, line);
    pthread_mutex_lock(&calls->mutex);
    if (told)
        memcpy(calls->reason, reason, sizeof reason);
    calls->errors += level == RY_LOG_ERROR;
    calls->away |= ry_kafka_reach_none(line);
    pthread_mutex_unlock(&calls->mutex);
    snprintf(text, sizeof text, "librdkafka: %s", line);
    ry_kafka_lines_put(&calls->lines, RY_LOG_DEBUG, text);
}

void ry_kafka_calls_open(struct ry_kafka_calls *calls, const struct ry_kafka_settings *settings)
{
    pthread_condattr_t attributes;
    *calls = (struct ry_kafka_calls){.settings = settings};
    ry_kafka_lines_open(&calls->lines);
    calls->ear = (struct ry_kafka_ear){.say = hear, .context = calls};
    pthread_mutex_init(&calls->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&calls->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

void ry_kafka_calls_close(struct ry_kafka_calls *calls)
{
    ry_kafka_lines_close(&calls->lines);
    pthread_cond_destroy(&calls->wake);
    pthread_mutex_destroy(&calls->mutex);
}

void ry_kafka_calls_enter(struct ry_kafka_calls *calls, const char *in, int64_t limit_ms)
{
    pthread_mutex_lock(&calls->mutex);
    calls->in = in;
    calls->since_ns = ry_clock_ns();
    calls->limit_ns = (limit_ms + calls->settings->call_ms) * NS_PER_MS;
    pthread_mutex_unlock(&calls->mutex);
}

void ry_kafka_calls_leave(struct ry_kafka_calls *calls)
{
    pthread_mutex_lock(&calls->mutex);
    calls->in = NULL;
    pthread_mutex_unlock(&calls->mutex);
}

const char *ry_kafka_calls_hung(struct ry_kafka_calls *calls, int64_t *late_ms)
{
    pthread_mutex_lock(&calls->mutex);
    const char *in = calls->in;
    int64_t late_ns = ry_clock_ns() - calls->since_ns - calls->limit_ns;
    pthread_mutex_unlock(&calls->mutex);
    *late_ms = late_ns / NS_PER_MS;
    return in != NULL && late_ns > 0 ? in : NULL;
}

void ry_kafka_calls_stop(struct ry_kafka_calls *calls)
{
    pthread_mutex_lock(&calls->mutex);
    calls->stop = true;
    pthread_cond_signal(&calls->wake);
    pthread_mutex_unlock(&calls->mutex);
}

bool ry_kafka_calls_stopped(struct ry_kafka_calls *calls)
{
    pthread_mutex_lock(&calls->mutex);
    bool stopped = calls->stop;
    pthread_mutex_unlock(&calls->mutex);
    return stopped;
}

struct timespec ry_kafka_calls_until(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t ns = at.tv_nsec + ms % 1000 * NS_PER_MS;
    at.tv_sec += ms / 1000 + ns / RY_NS_PER_SECOND;
    at.tv_nsec = ns % RY_NS_PER_SECOND;
    return at;
}

void ry_kafka_calls_pause(struct ry_kafka_calls *calls, int64_t ms)
{
    struct timespec until = ry_kafka_calls_until(ms);
    int waited = 0;
    pthread_mutex_lock(&calls->mutex);
    while (!calls->stop && waited == 0)
        waited = pthread_cond_timedwait(&calls->wake, &calls->mutex, &until);
    pthread_mutex_unlock(&calls->mutex);
}

void ry_kafka_calls_complain(struct ry_kafka_calls *calls, const char *format, ...)
{
    char text[RY_EXPORT_ERROR_BYTES];
    int64_t now = ry_clock_ns();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&calls->mutex);
    bool says = !calls->stop && (strcmp(text, calls->complaint) != 0 ||
                                 now - calls->complained_ns >= RY_KAFKA_COMPLAIN_NS);
    if (says) {
        memcpy(calls->complaint, text, sizeof text);
        calls->complained_ns = now;
    }
    pthread_mutex_unlock(&calls->mutex);
    if (says)
        ry_kafka_lines_put(&calls->lines, RY_LOG_WARN, text);
}

/* "Connection refused" of "HOST: Connect to ADDRESS failed: Connection refused". */
static const char *in_short(const char *reason)
{
    static const char failed[] = " failed: ";
    const char *connect = strstr(reason, ": Connect to ");
    const char *why = connect != NULL ? strstr(connect, failed) : NULL;
    return why != NULL ? why + sizeof failed - 1 : reason;
}

bool ry_kafka_calls_away(struct ry_kafka_calls *calls)
{
    char reason[RY_KAFKA_REASON_BYTES];
    int64_t now = ry_clock_ns();
    pthread_mutex_lock(&calls->mutex);
    bool away = calls->away && calls->reason[0] != 0;
    bool says = away && (calls->waited_ns == 0 || now - calls->waited_ns >= RY_KAFKA_COMPLAIN_NS);
    if (says)
        calls->waited_ns = now;
    memcpy(reason, calls->reason, sizeof reason);
    pthread_mutex_unlock(&calls->mutex);
    if (says)
        ry_kafka_calls_complain(calls, "kafka: no broker of %.120s answers: %s; waiting for it",
                                ry_kafka_reach_brokers(calls->settings), in_short(reason));
    return away;
}

void ry_kafka_calls_watch(struct ry_kafka_calls *calls)
{
    pthread_mutex_lock(&calls->mutex);
    bool waits = calls->in != NULL && ry_clock_ns() - calls->since_ns >= RY_KAFKA_SILENT_NS;
    pthread_mutex_unlock(&calls->mutex);
    if (waits)
        (void)ry_kafka_calls_away(calls);
}

void ry_kafka_calls_well(struct ry_kafka_calls *calls)
{
    pthread_mutex_lock(&calls->mutex);
    calls->reason[0] = 0;
    calls->away = false;
    pthread_mutex_unlock(&calls->mutex);
}

void ry_kafka_calls_reason(struct ry_kafka_calls *calls,
                           char text[RY_KAFKA_REASON_BYTES + sizeof RY_KAFKA_SAYS])
{
    pthread_mutex_lock(&calls->mutex);
    bool some = calls->reason[0] != 0;
    snprintf(text, RY_KAFKA_REASON_BYTES + sizeof RY_KAFKA_SAYS, "%s%s", some ? RY_KAFKA_SAYS : "",
             calls->reason);
    pthread_mutex_unlock(&calls->mutex);
}
