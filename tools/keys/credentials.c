#include "tools/keys/credentials.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tools/keys/key.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct ry_keys_span trimmed(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    return (struct ry_keys_span){at, (size_t)(end - at)};
}

static struct ry_keys_span whole(const char *text)
{
    return trimmed(text, text + strlen(text));
}

static bool is(struct ry_keys_span span, const char *text)
{
    return span.bytes == strlen(text) && strncasecmp(span.at, text, span.bytes) == 0;
}

static bool begins(struct ry_keys_span span, const char *text)
{
    return span.bytes >= strlen(text) && strncasecmp(span.at, text, strlen(text)) == 0;
}

/* ---- keys ------------------------------------------------------------------------------------ */

struct ry_keys_span ry_keys_bearer(const char *authorization)
{
    static const char scheme[] = "Bearer ";
    const struct ry_keys_span all = whole(authorization);
    if (!begins(all, scheme))
        return (struct ry_keys_span){NULL, 0};
    return trimmed(all.at + strlen(scheme), all.at + all.bytes);
}

struct ry_keys_span ry_keys_of_protocols(const char *protocols)
{
    for (const char *at = protocols;;) {
        const char *end = strchrnul(at, ',');
        const struct ry_keys_span protocol = trimmed(at, end);
        if (protocol.bytes > strlen(RY_KEYS_KEY_PREFIX) &&
            strncmp(protocol.at, RY_KEYS_KEY_PREFIX, strlen(RY_KEYS_KEY_PREFIX)) == 0)
            return protocol;
        if (*end == '\0')
            return (struct ry_keys_span){NULL, 0};
        at = end + 1;
    }
}

/* ---- Host and Origin ------------------------------------------------------------------------- */

struct place {
    struct ry_keys_span host, port; /* port.bytes 0: none */
};

/* "box.example:8443", "[::1]:9474". False: it is neither. */
static bool split(struct ry_keys_span text, struct place *place)
{
    const char *end = text.at + text.bytes, *behind;
    if (text.bytes == 0)
        return false;
    if (text.at[0] == '[') {
        const char *closes = memchr(text.at, ']', text.bytes);
        if (closes == NULL)
            return false;
        behind = closes + 1;
    } else {
        const char *colon = memchr(text.at, ':', text.bytes);
        behind = colon == NULL ? end : colon;
    }
    place->host = (struct ry_keys_span){text.at, (size_t)(behind - text.at)};
    place->port = (struct ry_keys_span){NULL, 0};
    if (behind == end)
        return place->host.bytes > 0;
    place->port = (struct ry_keys_span){behind + 1, (size_t)(end - behind - 1)};
    for (size_t i = 0; i < place->port.bytes; i++)
        if (place->port.at[i] < '0' || place->port.at[i] > '9')
            return false;
    return *behind == ':' && place->host.bytes > 0;
}

bool ry_keys_host_is_local(const char *host)
{
    struct place place;
    if (host == NULL || !split(whole(host), &place))
        return false;
    return is(place.host, "localhost") || is(place.host, "127.0.0.1") || is(place.host, "[::1]");
}

static bool is_port(struct ry_keys_span port, struct ry_keys_span other, const char *meant)
{
    const struct ry_keys_span means = {meant, strlen(meant)};
    const struct ry_keys_span a = port.bytes == 0 ? means : port;
    const struct ry_keys_span b = other.bytes == 0 ? means : other;
    return a.bytes == b.bytes && memcmp(a.at, b.at, a.bytes) == 0;
}

bool ry_keys_origin_is_host(const char *origin, const char *host)
{
    static const char plain[] = "http://", secure[] = "https://";
    struct place from, to;
    if (host == NULL)
        return false;
    const struct ry_keys_span all = whole(origin);
    const bool is_secure = begins(all, secure);
    if (!is_secure && !begins(all, plain))
        return false;
    const size_t scheme = strlen(is_secure ? secure : plain);
    if (!split((struct ry_keys_span){all.at + scheme, all.bytes - scheme}, &from) ||
        !split(whole(host), &to))
        return false;
    return from.host.bytes == to.host.bytes &&
           strncasecmp(from.host.at, to.host.at, to.host.bytes) == 0 &&
           is_port(from.port, to.port, is_secure ? "443" : "80");
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* Behind the last `separator` that is in no quoted string. */
static struct ry_keys_span last(struct ry_keys_span text, char separator)
{
    const char *begin = text.at, *end = text.at + text.bytes;
    bool quoted = false;
    for (const char *at = text.at; at < end; at++)
        if (*at == '"')
            quoted = !quoted;
        else if (quoted && *at == '\\' && at + 1 < end)
            at++;
        else if (!quoted && *at == separator)
            begin = at + 1;
    return trimmed(begin, end);
}

/* The value of `for` in one element of Forwarded; `at` NULL: it has none. */
static struct ry_keys_span for_of(struct ry_keys_span element)
{
    while (element.bytes > 0) {
        const struct ry_keys_span pair = last(element, ';');
        if (begins(pair, "for="))
            return trimmed(pair.at + strlen("for="), pair.at + pair.bytes);
        if (pair.at <= element.at)
            break;
        const char *end = pair.at - 1; /* the separator, or a blank behind it */
        while (end > element.at && *end != ';')
            end--;
        element = trimmed(element.at, end);
    }
    return (struct ry_keys_span){NULL, 0};
}

static bool read_address(struct ry_keys_span text, struct ry_keys_address *address)
{
    char host[INET6_ADDRSTRLEN];
    struct in_addr four;
    struct place place;
    if (text.bytes >= 2 && text.at[0] == '"' && text.at[text.bytes - 1] == '"')
        text = (struct ry_keys_span){text.at + 1, text.bytes - 2};
    /* Bare IPv6 has many colons, and no port. */
    const char *colon = memchr(text.at, ':', text.bytes);
    const bool bare = colon != NULL && text.at[0] != '[' &&
                      memchr(colon + 1, ':', text.bytes - (size_t)(colon + 1 - text.at)) != NULL;
    if (bare)
        place.host = text;
    else if (!split(text, &place))
        return false;
    struct ry_keys_span name = place.host;
    if (!bare && name.at[0] == '[')
        name = (struct ry_keys_span){name.at + 1, name.bytes - 2};
    if (name.bytes >= sizeof host)
        return false;
    memcpy(host, name.at, name.bytes);
    host[name.bytes] = '\0';
    if (inet_pton(AF_INET, host, &four) == 1) {
        address->number = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
        memcpy(&address->number.s6_addr[12], &four, sizeof four);
        return true;
    }
    return inet_pton(AF_INET6, host, &address->number) == 1;
}

bool ry_keys_forwarded_for(const char *forwarded, struct ry_keys_address *address)
{
    const struct ry_keys_span element = last(whole(forwarded), ',');
    const struct ry_keys_span named = for_of(element);
    return read_address(named.at != NULL ? named : element, address);
}

bool ry_keys_address_of(const struct sockaddr *peer, struct ry_keys_address *address)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    if (peer != NULL && peer->sa_family == AF_INET6) {
        memcpy(&six, peer, sizeof six);
        address->number = six.sin6_addr;
        return true;
    }
    if (peer == NULL || peer->sa_family != AF_INET)
        return false;
    memcpy(&four, peer, sizeof four);
    address->number = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
    memcpy(&address->number.s6_addr[12], &four.sin_addr, sizeof four.sin_addr);
    return true;
}

bool ry_keys_address_is_local(const struct ry_keys_address *address)
{
    const struct in6_addr *number = &address->number;
    return IN6_IS_ADDR_LOOPBACK(number) ||
           (IN6_IS_ADDR_V4MAPPED(number) && number->s6_addr[12] == 127);
}

const char *ry_keys_address_text(char text[RY_KEYS_ADDRESS_BYTES],
                                 const struct ry_keys_address *address)
{
    const struct in6_addr *number = &address->number;
    const char *written = IN6_IS_ADDR_V4MAPPED(number)
                              ? inet_ntop(AF_INET, &number->s6_addr[12], text, INET6_ADDRSTRLEN)
                              : inet_ntop(AF_INET6, number, text, INET6_ADDRSTRLEN);
    return written != NULL ? text : "?";
}
