/* The first byte chooses a record and the dialect, the rest is a server's answer, JSON or not: a
 * sentence that comes of it is true. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/support/explain_model.h"
#include "tests/support/explain_rig.h"
#include "tests/support/fuzz_limit.h"
#include "tools/explain/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    char sentence[RY_EXPLAIN_SENTENCE_BYTES];
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (size == 0)
        return 0;
    struct ry_test_rng rng = {data[0] / 2};
    explain_record(&record, &rng);
    if (!ry_explain_grammar(&grammar, &record))
        return 0;
    enum ry_explain_dialect dialect = data[0] % 2 == 0 ? RY_EXPLAIN_GBNF : RY_EXPLAIN_SCHEMA;
    enum ry_explain_outcome outcome =
        ry_explain_judge(sentence, &grammar, dialect, (const char *)data + 1, size - 1);
    if (outcome == RY_EXPLAIN_MODEL)
        assert(ry_test_explain_true(&record, sentence, strlen(sentence)));
    return 0;
}
