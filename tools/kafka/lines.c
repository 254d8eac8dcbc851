#include "tools/kafka/lines.h"

#include <inttypes.h>

void ry_kafka_lines_open(struct ry_kafka_lines *lines)
{
    *lines = (struct ry_kafka_lines){.mutex = PTHREAD_MUTEX_INITIALIZER};
}

void ry_kafka_lines_close(struct ry_kafka_lines *lines)
{
    pthread_mutex_destroy(&lines->mutex);
}

void ry_kafka_lines_put(void *context, enum ry_log_level level, const char *text)
{
    struct ry_kafka_lines *lines = context;
    pthread_mutex_lock(&lines->mutex);
    if (lines->count == RY_KAFKA_LINES_MAX) {
        lines->lost++;
    } else {
        struct ry_kafka_line *line =
            &lines->line[(lines->first + lines->count++) % RY_KAFKA_LINES_MAX];
        line->level = level;
        snprintf(line->text, sizeof line->text, "%s", text);
    }
    pthread_mutex_unlock(&lines->mutex);
}

/* Into `line`; false: there is none. */
static bool take(struct ry_kafka_lines *lines, struct ry_kafka_line *line)
{
    bool some = true;
    pthread_mutex_lock(&lines->mutex);
    if (lines->count > 0) {
        *line = lines->line[lines->first];
        lines->first = (lines->first + 1) % RY_KAFKA_LINES_MAX;
        lines->count--;
    } else if (lines->lost > 0) {
        line->level = RY_LOG_WARN;
        snprintf(line->text, sizeof line->text, "kafka: %" PRIu64 " more lines came too fast",
                 lines->lost);
        lines->lost = 0;
    } else {
        some = false;
    }
    pthread_mutex_unlock(&lines->mutex);
    return some;
}

unsigned ry_kafka_lines_take(struct ry_kafka_lines *lines,
                             void (*say)(void *context, enum ry_log_level level, const char *text),
                             void *context)
{
    struct ry_kafka_line line;
    unsigned taken = 0;
    for (; taken < RY_KAFKA_LINES_MAX && take(lines, &line); taken++)
        if (say != NULL)
            say(context, line.level, line.text);
    return taken;
}
