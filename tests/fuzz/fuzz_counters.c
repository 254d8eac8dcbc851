/* The bytes are what another process wrote into its region: how many counters, their labels, the
 * texts. */
#include <assert.h>
#include <string.h>

#include "shm/counter.h"
#include "tests/support/fuzz_limit.h"

static struct ry_counters region;
static struct ry_counters_description description;

/* Puts up to `bytes` of the input at `to`. */
static void take(void *to, size_t bytes, const uint8_t **data, size_t *size)
{
    const size_t n = bytes < *size ? bytes : *size;
    memcpy(to, *data, n);
    *data += n;
    *size -= n;
}

static void check_text(const char *text)
{
    const char *first = description.labels.text, *end = first + sizeof description.labels.text;
    assert(text >= first && text < end && memchr(text, '\0', (size_t)(end - text)) != NULL);
    for (; *text != '\0'; text++)
        assert(*text >= ' ' && *text <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    uint16_t count = 0;
    char *labels = (char *)&region + offsetof(struct ry_counters, labels);
    memset(&region, 0, sizeof region);
    take(&count, sizeof count, &data, &size);
    const size_t used =
        (count < RY_COUNTERS_MAX ? count : RY_COUNTERS_MAX) * sizeof(struct ry_counter_label);
    ry_store_relaxed(&region.count, count);
    take(labels, used, &data, &size);
    take(labels + offsetof(struct ry_counters_labels, text), RY_COUNTERS_TEXT_BYTES, &data, &size);

    if (!ry_counters_describe(&region, &description)) {
        assert(description.count == 0);
        return 0;
    }
    assert(description.count == count && count > 0 && count <= RY_COUNTERS_MAX);
    for (unsigned i = 0; i < count; i++) {
        const struct ry_counter counter = ry_counters_described(&description, i);
        check_text(counter.name);
        check_text(counter.unit);
        check_text(counter.sentence);
        check_text(counter.remedy);
        assert(counter.name[0] != '\0' && strlen(counter.name) <= RY_COUNTER_NAME_MAX);
        assert(counter.kind >= RY_COUNTER_KIND_COUNTER && counter.kind <= RY_COUNTER_KIND_HASH);
    }
    return 0;
}
