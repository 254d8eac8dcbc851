/* The bytes are DIR/counters.txt: whatever they say, there are counters that can be shown, and
 * alarms that are text. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/watch/internal.h"

static struct ry_watch w;

static void check_text(const struct ry_counters_description *are, const char *text)
{
    const char *first = are->labels.text, *end = first + sizeof are->labels.text;
    assert(text >= first && text < end && memchr(text, '\0', (size_t)(end - text)) != NULL);
    for (; *text != '\0'; text++)
        assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void check_process(const struct ry_watch_process *process)
{
    assert(process->counters == process->description->count);
    assert(process->counters <= RY_COUNTERS_MAX && process->state == RY_WATCH_ENDED);
    assert(memchr(process->own, 0, sizeof process->own) != NULL);
    for (unsigned i = 0; i < process->counters; i++) {
        const struct ry_counter counter = ry_counters_described(process->description, i);
        check_text(process->description, counter.name);
        check_text(process->description, counter.unit);
        check_text(process->description, counter.sentence);
        check_text(process->description, counter.remedy);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
    memset(&w, 0, sizeof w);
    w.processes.process = calloc(RY_WATCH_PROCESSES_MAX, sizeof *w.processes.process);
    assert(file != NULL && w.processes.process != NULL);
    ry_watch_kept_read(&w, file);
    fclose(file);
    assert(w.processes.count <= RY_WATCH_PROCESSES_MAX);
    for (unsigned i = 0; i < w.processes.count; i++)
        check_process(&w.processes.process[i]);
    ry_watch_processes_look(&w, 1, 1);
    ry_watch_alarms_make(&w, 1);
    for (unsigned i = 0; i < w.alarms.count; i++)
        assert(memchr(w.alarms.alarm[i].text, 0, RY_WATCH_ALARM_BYTES) != NULL);
    ry_watch_processes_close(&w.processes);
    return 0;
}
