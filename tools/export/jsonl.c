#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/export/sink.h"

static int failed(struct ry_export_sink *sink, const char *what)
{
    snprintf(sink->error, sizeof sink->error, "cannot %s: %s", what, strerror(errno));
    return -1;
}

static bool is_file(const char *target)
{
    struct stat status;
    return stat(target, &status) == 0 && S_ISREG(status.st_mode);
}

static int jsonl_open(struct ry_export_sink *sink, const char *target, enum ry_export_there there)
{
    static const char *const modes[] = {[RY_EXPORT_THERE_REFUSE] = "we",
                                        [RY_EXPORT_THERE_RESUME] = "ae",
                                        [RY_EXPORT_THERE_DROP] = "we"};
    if (target != NULL && there == RY_EXPORT_THERE_REFUSE && is_file(target)) {
        snprintf(sink->error, sizeof sink->error,
                 "%.400s is there already: --force writes over it, --from goes on behind it",
                 target);
        return -1;
    }
    FILE *file = target == NULL ? stdout : fopen(target, modes[there]);
    sink->context = file;
    if (file != NULL)
        return 0;
    snprintf(sink->error, sizeof sink->error, "cannot write %.400s: %s", target, strerror(errno));
    return -1;
}

static int jsonl_write(struct ry_export_sink *sink, const struct ry_export_record *record)
{
    FILE *file = sink->context;
    if (fwrite(record->json, 1, record->json_bytes, file) != record->json_bytes ||
        fputc('\n', file) == EOF)
        return failed(sink, "write");
    return 0;
}

static int jsonl_flush(struct ry_export_sink *sink)
{
    return fflush(sink->context) == 0 ? 0 : failed(sink, "write");
}

static int jsonl_close(struct ry_export_sink *sink)
{
    FILE *file = sink->context;
    int result = file == stdout ? fflush(file) : fclose(file);
    sink->context = NULL;
    return result == 0 ? 0 : failed(sink, "write");
}

void ry_export_jsonl(struct ry_export_sink *sink)
{
    *sink = (struct ry_export_sink){
        .open = jsonl_open, .write = jsonl_write, .flush = jsonl_flush, .close = jsonl_close};
}
