/*
 * What the headers of a request say about who asks: read as what a stranger sent. Nothing is
 * copied, nothing is looked up; a text that breaks a header's grammar says nothing.
 */
#ifndef RY_TOOLS_KEYS_CREDENTIALS_H
#define RY_TOOLS_KEYS_CREDENTIALS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define RY_KEYS_ADDRESS_BYTES INET6_ADDRSTRLEN

/* A part of a header's value; `at` NULL: none. */
struct ry_keys_span {
    const char *at;
    size_t bytes;
};

/* An address of either kind; IPv4 as ::ffff:a.b.c.d. */
struct ry_keys_address {
    struct in6_addr number;
};

/* "Bearer KEY" (RFC 6750, 2.1), the scheme in any case: KEY. */
struct ry_keys_span ry_keys_bearer(const char *authorization);

/* Of "royale.v1, ryk_..." (RFC 6455, 4.1): the first protocol that looks like a key. */
struct ry_keys_span ry_keys_of_protocols(const char *protocols);

/* Host without its port is localhost, 127.0.0.1 or [::1]. */
bool ry_keys_host_is_local(const char *host);

/* Origin ("https://box.example:8443", RFC 6454) is a page of that Host ("box.example:8443"); the
 * port that the scheme means anyway may stand in both, either, or neither. "null" is none. */
bool ry_keys_origin_is_host(const char *origin, const char *host);

/* The last address of X-Forwarded-For ("192.0.2.7, 198.51.100.2"), of X-Real-IP, or of Forwarded
 * (`for="[2001:db8::1]:4711";proto=https`, RFC 7239). False: there is none, such as in Via. */
bool ry_keys_forwarded_for(const char *forwarded, struct ry_keys_address *address);

/* False: the peer has no address of the internet (a Unix socket), or is NULL. */
bool ry_keys_address_of(const struct sockaddr *peer, struct ry_keys_address *address);

/* 127.0.0.0/8 or ::1. */
bool ry_keys_address_is_local(const struct ry_keys_address *address);

/* "192.0.2.7", "2001:db8::1". */
const char *ry_keys_address_text(char text[RY_KEYS_ADDRESS_BYTES],
                                 const struct ry_keys_address *address);

#endif
