/* The first byte chooses a record, the rest is an answer: what the checker lets through is true. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/explain_model.h"
#include "tests/support/explain_rig.h"
#include "tests/support/fuzz_limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    struct ry_explain_checked checked;
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    struct ry_test_rng rng = {data[0]};
    explain_record(&record, &rng);
    if (!ry_explain_grammar(&grammar, &record))
        return 0;
    const char *text = (const char *)data + 1;
    ry_explain_check(&checked, &grammar, text, size - 1);
    if (checked.verdict != RY_EXPLAIN_TRUE)
        return 0;
    size_t first = 0, end = size - 1;
    while (text[first] == ' ' || (text[first] >= '\t' && text[first] <= '\r'))
        first++;
    while (text[end - 1] != '.')
        end--;
    assert(ry_test_explain_true(&record, text + first, end - first));
    return 0;
}
