#include "shm/log.h"

#include "shm/clock.h"
#include "shm/printable.h"

const char *ry_log_level_name(enum ry_log_level level)
{
    static const char *const name[] = {"ERROR", "WARN", "INFO", "DEBUG"};
    return (unsigned)level <= RY_LOG_DEBUG ? name[level] : "?";
}

__attribute__((format(printf, 2, 0))) static void fill_text(struct ry_log_record *record,
                                                            const char *format, va_list arguments)
{
    char line[RY_LOG_TEXT_MAX + 1] = {0};
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length < 0)
        length = snprintf(line, sizeof line, "a line could not be formatted: %s", format);
    if (length > RY_LOG_TEXT_MAX) {
        memcpy(line + RY_LOG_TEXT_MAX - strlen(RY_LOG_CUT), RY_LOG_CUT, strlen(RY_LOG_CUT));
        length = RY_LOG_TEXT_MAX;
    }
    while (length > 0 && line[length - 1] == '\n')
        length--;
    record->length = (uint16_t)length;
    memcpy(record->text, line, (size_t)length);
    ry_make_printable(record->text, (size_t)length, ' ');
}

void ry_log_v(struct ry_ring_writer *writer, enum ry_log_level level, const char *format,
              va_list arguments)
{
    struct ry_log_record record = {.level = (uint16_t)level, .wall_ns = ry_clock_wall_ns()};
    fill_text(&record, format, arguments);
    if (writer == NULL) {
        ry_log_print(stderr, &record);
        return;
    }
    size_t bytes = offsetof(struct ry_log_record, text) + record.length;
    ry_ring_write(writer, &record, (unsigned)((bytes + RY_RING_PAYLOAD - 1) / RY_RING_PAYLOAD));
}

void ry_log(struct ry_ring_writer *writer, enum ry_log_level level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ry_log_v(writer, level, format, arguments);
    va_end(arguments);
}

int ry_log_next(struct ry_ring_reader *reader, struct ry_log_record *record)
{
    int slots = ry_ring_read(reader, record);
    if (slots <= 0)
        return slots;
    size_t text_bytes = (size_t)slots * RY_RING_PAYLOAD - offsetof(struct ry_log_record, text);
    if (record->length > text_bytes)
        record->length = (uint16_t)text_bytes;
    if (record->level > RY_LOG_DEBUG)
        record->level = RY_LOG_DEBUG;
    ry_make_printable(record->text, record->length, ' ');
    return 1;
}

void ry_log_print(FILE *file, const struct ry_log_record *record)
{
    int64_t second = record->wall_ns / RY_NS_PER_SECOND, rest = record->wall_ns % RY_NS_PER_SECOND;
    int64_t of_day = second % 86400;
    if (record->wall_ns < 0)
        of_day = rest = 0;
    fprintf(file, "%02d:%02d:%02d.%06d %-5s %.*s\n", (int)(of_day / 3600), (int)(of_day / 60 % 60),
            (int)(of_day % 60), (int)(rest / 1000),
            ry_log_level_name((enum ry_log_level)record->level), (int)record->length, record->text);
}
