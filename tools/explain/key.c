#include "tools/explain/key.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(char key[RY_EXPLAIN_KEY_BYTES], char why[RY_EXPLAIN_WHY_BYTES], const char *from,
                 const char *what)
{
    explicit_bzero(key, RY_EXPLAIN_KEY_BYTES);
    snprintf(why, RY_EXPLAIN_WHY_BYTES, "%s: %s", from, what);
    return -1;
}

/* The file's first bytes, one more than a key may have; -1: errno. */
static ssize_t read_file(char key[RY_EXPLAIN_KEY_BYTES], const char *file)
{
    FILE *in = fopen(file, "re");
    if (in == NULL)
        return -1;
    setbuf(in, NULL); /* no copy of it stays behind */
    size_t bytes = fread(key, 1, RY_EXPLAIN_KEY_BYTES, in);
    bool bad = ferror(in) != 0;
    fclose(in);
    return bad ? -1 : (ssize_t)bytes;
}

/* Likewise; afterwards it stands there no more. */
static ssize_t take_environment(char key[RY_EXPLAIN_KEY_BYTES])
{
    char *said = getenv(RY_EXPLAIN_KEY_VARIABLE);
    size_t bytes = strnlen(said, RY_EXPLAIN_KEY_BYTES);
    memcpy(key, said, bytes);
    explicit_bzero(said, strlen(said));
    unsetenv(RY_EXPLAIN_KEY_VARIABLE);
    return (ssize_t)bytes;
}

int ry_explain_key_read(char key[RY_EXPLAIN_KEY_BYTES], const char *file,
                        char why[RY_EXPLAIN_WHY_BYTES])
{
    const char *from = file != NULL ? file : RY_EXPLAIN_KEY_VARIABLE;
    if (file == NULL && getenv(RY_EXPLAIN_KEY_VARIABLE) == NULL) {
        key[0] = '\0';
        return 0;
    }
    ssize_t bytes = file != NULL ? read_file(key, file) : take_environment(key);
    if (bytes < 0)
        return wrong(key, why, from, strerror(errno));
    if (bytes == RY_EXPLAIN_KEY_BYTES)
        return wrong(key, why, from, "the key is too long");
    key[bytes] = '\0';
    if (strlen(key) != (size_t)bytes)
        return wrong(key, why, from, "the key has a byte 0 in it");
    key[strcspn(key, "\r\n")] = '\0';
    if (key[0] == '\0')
        return wrong(key, why, from, "there is no key in its first line");
    for (const char *letter = key; *letter != '\0'; letter++)
        if (*letter <= ' ' || *letter > '~')
            return wrong(key, why, from, "the key has a blank or another letter than ASCII's");
    return 0;
}
