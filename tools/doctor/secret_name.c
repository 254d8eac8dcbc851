/* Which names say that what they name is a secret. */
#include <ctype.h>
#include <string.h>

#include "tools/doctor/scrub.h"

#define NAME_CHARS 64 /* of a name that are looked at, from its end */

/* As they stand in a name without its blanks, dots and dashes, in small letters. */
static const char *const words[] = {
    "password",  "passwd",        "passphrase", "secret",   "token",  "credential",        "apikey",
    "accesskey", "privatekey",    "accountkey", "jaas",     "cookie", "oauthbearerconfig", "bearer",
    "keypem",    "authorization", "signature",  "passcode",
};

static bool is_joint(char c)
{
    return c == '_' || c == '.' || c == '-' || c == ' ';
}

/* "route_key", "routeKey", but neither "key" nor "monkey". */
static bool ends_in(const char *name, size_t length, const char *word)
{
    size_t last = strlen(word);
    if (length <= last || strncasecmp(name + length - last, word, last) != 0)
        return false;
    char before = name[length - last - 1];
    return (is_joint(before) && before != ' ') ||
           (islower((unsigned char)before) && isupper((unsigned char)name[length - last]));
}

static bool is_word(const char *name, size_t length, const char *word)
{
    return length == strlen(word) && strncasecmp(name, word, length) == 0;
}

/* "pass" alone is one, in a mount's options on the kernel line, "pin", and npm's "_auth"; "bypass"
 * is none. */
static bool is_short(const char *name, size_t length)
{
    return ends_in(name, length, "pass") || ends_in(name, length, "auth") ||
           is_word(name, length, "pass") || is_word(name, length, "auth") ||
           is_word(name, length, "pin");
}

/* PWD, as a shell writes it, is the folder that it is in. */
static bool has_pwd(const char *name, size_t length, const char *plain)
{
    bool folder = (length == 3 && memcmp(name, "PWD", length) == 0) ||
                  (length == 6 && memcmp(name, "OLDPWD", length) == 0);
    return strstr(plain, "pwd") != NULL && !folder;
}

bool ry_doctor_is_secret_name(const char *name, size_t length)
{
    char plain[NAME_CHARS + 1];
    size_t count = 0;
    const char *from = length > NAME_CHARS ? name + length - NAME_CHARS : name;
    for (const char *at = from; at < name + length; at++)
        if (!is_joint(*at))
            plain[count++] = (char)tolower((unsigned char)*at);
    plain[count] = '\0';
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(plain, words[i]) != NULL)
            return true;
    return ends_in(name, length, "key") || is_short(name, length) || has_pwd(name, length, plain);
}
