/* Secrets that are known by how they look, wherever they stand in a line. */
#include <ctype.h>
#include <string.h>

#include "tools/doctor/secret_form.h"
#include "tools/keys/key.h"

#define RANDOM_CHARS   40 /* a word of so many letters of all sorts and digits is nobody's prose */
#define RANDOM_SLASHES 16 /* one in so many: else it is a path */
#define SCHEME_CHARS   8  /* of what stands behind "Bearer " */
#define ADDRESS_CHARS  4096 /* of a URL that are looked at */

static const struct {
    const char *prefix;
    size_t rest; /* characters that stand behind it, at least */
} makers[] = {
    {"eyJ", 20},         {"AKIA", 16},
    {"ASIA", 16},        {"ghp_", 20},
    {"gho_", 20},        {"ghs_", 20},
    {"glpat-", 16},      {"xoxb-", 10},
    {"xoxp-", 10},       {"sk-", 20},
    {"github_pat_", 20}, {"AIza", 30},
    {"hf_", 20},         {"npm_", 20},
    {"db-", 29},         {"hvs.", 20},
    {"sk_live_", 16},    {"ya29.", 20},
    {"xapp-", 10},       {"ghu_", 20},
    {"ghr_", 20},        {"hooks.slack.com/services/", 10},
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_' || c == '-';
}

static bool is_base64(char c)
{
    return c != '\0' && (isalnum((unsigned char)c) != 0 || strchr("+/_-", c) != NULL);
}

static size_t run_of(const char *at, const char *end, bool (*takes)(char))
{
    size_t length = 0;
    while (at + length < end && at[length] != '\0' && takes(at[length]))
        length++;
    return length;
}

static bool is_token(char c)
{
    return is_base64(c) || c == '.' || c == '=';
}

/* ---- one form each --------------------------------------------------------------------------- */

static size_t key_of_ours(const char *at, const char *end)
{
    size_t prefix = strlen(RY_KEYS_KEY_PREFIX);
    if ((size_t)(end - at) < prefix || memcmp(at, RY_KEYS_KEY_PREFIX, prefix) != 0)
        return 0;
    size_t length = prefix + run_of(at + prefix, end, is_word);
    return length > prefix + RY_KEYS_ID_BYTES ? length : 0; /* a part of one too; an id alone not */
}

static size_t key_of_makers(const char *at, const char *end)
{
    for (unsigned i = 0; i < sizeof makers / sizeof *makers; i++) {
        size_t prefix = strlen(makers[i].prefix);
        if ((size_t)(end - at) < prefix || memcmp(at, makers[i].prefix, prefix) != 0)
            continue;
        size_t rest = run_of(at + prefix, end, is_token);
        if (rest >= makers[i].rest)
            return prefix + rest;
    }
    return 0;
}

static size_t random_word(const char *line, const char *at, const char *end)
{
    if (at > line && is_base64(at[-1]))
        return 0; /* the end of a path, whose slashes must count */
    size_t length = run_of(at, end, is_base64), slashes = 0;
    bool upper = false, lower = false, digit = false;
    for (size_t i = 0; i < length; i++) {
        upper |= isupper((unsigned char)at[i]) != 0;
        lower |= islower((unsigned char)at[i]) != 0;
        digit |= isdigit((unsigned char)at[i]) != 0;
        slashes += at[i] == '/';
    }
    while (at + length < end && at[length] == '=')
        length++;
    bool random = length >= RANDOM_CHARS && upper && lower && digit;
    return random && slashes * RANDOM_SLASHES <= length ? length : 0;
}

/* Behind "Bearer ", or the "password " of a .netrc: what has a digit, a capital letter or a sign is
 * no prose. */
static size_t credentials(const char *at, const char *end, size_t *keep)
{
    static const char *const schemes[] = {"bearer ", "basic ", "password ", "token ", "secret "};
    for (unsigned i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t scheme = strlen(schemes[i]);
        if ((size_t)(end - at) <= scheme || strncasecmp(at, schemes[i], scheme) != 0)
            continue;
        size_t length = run_of(at + scheme, end, is_token);
        size_t plain = run_of(at + scheme, end, is_word);
        bool prose = plain == length;
        for (size_t j = 0; j < length; j++)
            prose &= islower((unsigned char)at[scheme + j]) != 0;
        if (length < SCHEME_CHARS || prose)
            continue;
        *keep = scheme;
        return scheme + length;
    }
    return 0;
}

static bool is_address(char c)
{
    return isspace((unsigned char)c) == 0 && strchr("\"'<>`", c) == NULL;
}

/* "://NAME:PASSWORD@HOST": up to the @. A password may have a / that nobody escaped. */
static size_t user_of_url(const char *at, const char *end, size_t *keep)
{
    if (end - at < 4 || memcmp(at, "://", 3) != 0)
        return 0;
    const char *from = at + 3;
    if (end - from > ADDRESS_CHARS)
        end = from + ADDRESS_CHARS;
    size_t whole = 0, host = 0, last = 0;
    while (from + whole < end && is_address(from[whole]) &&
           (end - from - (ptrdiff_t)whole < 3 || memcmp(from + whole, "://", 3) != 0))
        whole++; /* up to the next one: each is looked at once */
    while (host < whole && strchr("/?#", from[host]) == NULL)
        host++;
    const char *colon = memchr(from, ':', host);
    bool port = true; /* what is behind the colon, or there is none */
    for (const char *digit = colon; port && digit != NULL && ++digit < from + host;)
        port = isdigit((unsigned char)*digit) != 0;
    for (size_t i = 0; i < (port ? host : whole); i++)
        last = from[i] == '@' ? i : last;
    *keep = 3;
    return last > 0 ? 3 + last : 0;
}

size_t ry_doctor_secret_form(const char *line, const char *at, const char *end, size_t *keep)
{
    size_t length;
    *keep = 0;
    if ((length = user_of_url(at, end, keep)) > 0)
        return length;
    *keep = 0;
    if (at > line && is_word(at[-1]))
        return 0; /* in the middle of a word */
    if ((length = key_of_ours(at, end)) > 0) {
        *keep = strlen(RY_KEYS_KEY_PREFIX);
        return length;
    }
    if ((length = credentials(at, end, keep)) > 0)
        return length;
    length = key_of_makers(at, end);
    return length > 0 ? length : random_word(line, at, end);
}
