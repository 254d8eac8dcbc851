/* The first byte chooses the form (even: JSON, odd: Protobuf); the rest is a value from a topic. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/fuzz_limit.h"
#include "tools/kafka/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct ry_kafka_message_key key;
    if (size == 0)
        return 0;
    enum ry_kafka_format format = data[0] % 2 == 0 ? RY_KAFKA_JSON : RY_KAFKA_PROTOBUF;
    if (!ry_kafka_message_read(&key, format, data + 1, size - 1))
        return 0;
    assert(key.kind < RY_RESULTS_ROWS);
    assert(key.input > 0 && key.n > 0);
    return 0;
}
