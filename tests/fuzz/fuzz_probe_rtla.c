/* What rtla printed, whatever it printed: figures of each core once, and text that can be shown. */
#include <assert.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tuning/probe/rtla.h"

static struct ry_probe_rtla_result result; /* large */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    result = (struct ry_probe_rtla_result){.cut = size >= sizeof result.text};
    if (result.cut)
        size = sizeof result.text - 1;
    memcpy(result.text, data, size);
    ry_probe_rtla_read(&result);
    assert(result.cores <= RY_PROBE_RTLA_CORES_MAX);
    for (unsigned i = 0; i < result.cores; i++)
        for (unsigned j = 0; j < i; j++)
            assert(result.core[i].core != result.core[j].core);
    for (const char *at = result.text; *at != '\0'; at++)
        assert((unsigned char)*at >= ' ' || *at == '\n');
    return 0;
}
