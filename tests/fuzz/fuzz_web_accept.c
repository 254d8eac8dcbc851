/* The bytes are the header Accept of a request. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/web/accept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char named[] = "openmetrics-text";
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    char *header = malloc(size); /* exactly so many: the sanitizer sees what is read behind them */
    if (size > 0)
        memcpy(header, data, size);
    if (ry_web_accept(header, size) == RY_WEB_OPENMETRICS) {
        /* It is there, in whatever case. */
        for (size_t i = 0; i < size; i++)
            header[i] |= header[i] >= 'A' && header[i] <= 'Z' ? 0x20 : 0;
        assert(memmem(header, size, named, sizeof named - 1) != NULL);
    }
    free(header);
    return 0;
}
