/* A list or a mask of CPUs as the kernel writes them: what is understood is printed and read again
 * alike. The first byte says which. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tuning/cpus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ry_tuning_cpus set, again;
    char printed[RY_TUNING_CPUS_TEXT_BYTES];
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    const bool list = data[0] == 'l';
    char *text = malloc(size); /* exactly so many: the sanitizer sees the end */
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (list ? ry_tuning_cpus_read_list(&set, text) : ry_tuning_cpus_read_mask(&set, text)) {
        assert(ry_tuning_cpus_read_list(&again, ry_tuning_cpus_list(&set, printed)));
        assert(ry_tuning_cpus_same(&set, &again));
        (void)ry_tuning_cpus_mask(&set, RY_TUNING_CPUS_MAX, printed);
        assert(ry_tuning_cpus_read_mask(&again, printed));
        assert(ry_tuning_cpus_same(&set, &again));
    }
    free(text);
    return 0;
}
