/*
 * A key's text: "ryk_" ID "_" SECRET, ID 8 hexadecimal digits that name the key, SECRET 64 of 256
 * random bits.
 *
 * What is kept of it is its hash by crypto_generichash (BLAKE2b, 256 bits). No slow hash for
 * passwords: those stretch what people can remember; nobody guesses 256 random bits, however fast a
 * guess is, and a slow hash a request would be a way to keep the server busy.
 */
#ifndef RY_TOOLS_KEYS_KEY_H
#define RY_TOOLS_KEYS_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/keys/keys.h"

#define RY_KEYS_KEY_PREFIX    "ryk_"
#define RY_KEYS_SECRET_DIGITS 64
#define RY_KEYS_KEY_DIGITS    (4 + 8 + 1 + RY_KEYS_SECRET_DIGITS)
#define RY_KEYS_KEY_BYTES     (RY_KEYS_KEY_DIGITS + 1)

/* Random digits. */
void ry_keys_make_id(char id[RY_KEYS_ID_BYTES]);
/* A new secret for the key `id`. The caller wipes it (sodium_memzero) when it was shown. */
void ry_keys_make(char text[RY_KEYS_KEY_BYTES], const char *id);

/* Whether it has a key's form. */
bool ry_keys_is_key(const char *text, size_t bytes);

/* Of a text with a key's form. */
void ry_keys_hash(unsigned char hash[RY_KEYS_HASH_BYTES], const char *text);

/* Writes `bytes` of text, cut to the room, with stars for the digits of whatever could be a secret.
 * Returns `out`. */
const char *ry_keys_without_secrets(char *out, size_t room, const char *text, size_t bytes);

#endif
