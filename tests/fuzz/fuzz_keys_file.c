/* The bytes are a file of keys. What is taken is written and read again the same, and is no key for
 * a hash that it does not have. */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tools/keys/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ry_keys_file file, again;
    static const unsigned char hash[RY_KEYS_HASH_BYTES] = {1};
    char why[RY_KEYS_WHY_BYTES] = "";
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    if (!ry_keys_file_parse(&file, (const char *)data, size, why)) {
        assert(file.count == 0 && why[0] != '\0');
        return 0;
    }
    json_t *json = ry_keys_file_json(&file);
    char *text = json_dumps(json, 0);
    assert(ry_keys_file_parse(&again, text, strlen(text), why));
    assert(again.count == file.count);
    assert(memcmp(again.key, file.key, file.count * sizeof file.key[0]) == 0);
    for (unsigned i = 0; i < file.count; i++) {
        const struct ry_keys_key *key = &file.key[i];
        assert(ry_keys_is_name(key->name) && ry_keys_scope_name(key->scope) != NULL);
        assert(ry_keys_file_find(&file, key->id) == key);
        if (memcmp(key->hash, hash, sizeof hash) != 0 &&
            memcmp(key->old_hash, hash, sizeof hash) != 0)
            assert(!ry_keys_file_good(key, hash, 0));
        assert(ry_keys_file_good(key, key->hash, INT64_MAX) == (key->revoked_ns == 0));
    }
    free(text);
    json_decref(json);
    return 0;
}
