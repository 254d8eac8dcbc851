#include "tools/keys/key.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SECRET_BYTES (RY_KEYS_SECRET_DIGITS / 2)
#define ID_DIGITS    (RY_KEYS_ID_BYTES - 1)

static const char digits[] = "0123456789abcdef";

void ry_keys_make_id(char id[RY_KEYS_ID_BYTES])
{
    unsigned char random[ID_DIGITS / 2];
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(id, RY_KEYS_ID_BYTES, random, sizeof random);
}

void ry_keys_make(char text[RY_KEYS_KEY_BYTES], const char *id)
{
    unsigned char random[SECRET_BYTES];
    const int head = snprintf(text, RY_KEYS_KEY_BYTES, RY_KEYS_KEY_PREFIX "%.8s_", id);
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(text + head, RY_KEYS_KEY_BYTES - (size_t)head, random, sizeof random);
    sodium_memzero(random, sizeof random);
}

/* How many characters from `at` on are digits of a key, `max` at most. */
static size_t span_of_digits(const char *at, const char *end, size_t max)
{
    size_t count = 0;
    while (at < end && count < max && *at != '\0' && strchr(digits, *at) != NULL) {
        at++;
        count++;
    }
    return count;
}

bool ry_keys_is_key(const char *text, size_t bytes)
{
    const char *end = text + bytes, *id = text + strlen(RY_KEYS_KEY_PREFIX);
    if (bytes != RY_KEYS_KEY_DIGITS ||
        memcmp(text, RY_KEYS_KEY_PREFIX, strlen(RY_KEYS_KEY_PREFIX)) != 0)
        return false;
    return span_of_digits(id, end, ID_DIGITS) == ID_DIGITS && id[ID_DIGITS] == '_' &&
           span_of_digits(id + ID_DIGITS + 1, end, RY_KEYS_SECRET_DIGITS) == RY_KEYS_SECRET_DIGITS;
}

void ry_keys_hash(unsigned char hash[RY_KEYS_HASH_BYTES], const char *text)
{
    (void)crypto_generichash(hash, RY_KEYS_HASH_BYTES, (const unsigned char *)text,
                             RY_KEYS_KEY_DIGITS, NULL, 0);
}

const char *ry_keys_without_secrets(char *out, size_t room, const char *text, size_t bytes)
{
    size_t kept = 0, hidden = 0; /* hidden: the next characters, while they could be a secret's */
    for (size_t i = 0; i < bytes && kept + 1 < room; i++) {
        if (bytes - i >= strlen(RY_KEYS_KEY_PREFIX) &&
            memcmp(text + i, RY_KEYS_KEY_PREFIX, strlen(RY_KEYS_KEY_PREFIX)) == 0)
            hidden = RY_KEYS_KEY_DIGITS;
        const size_t at = hidden > 0 ? RY_KEYS_KEY_DIGITS - hidden : 0;
        out[kept++] = at >= RY_KEYS_KEY_DIGITS - RY_KEYS_SECRET_DIGITS ? '*' : text[i];
        hidden -= hidden > 0;
    }
    out[kept] = '\0';
    return out;
}
