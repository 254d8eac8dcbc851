/* What strangers send about themselves: Authorization, protocols, Host, Origin, forwarding. */
#include "tests/support/test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tools/keys/credentials.h"
#include "tools/keys/key.h"

#define ID     "ryk_0123abcd_"
#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEY    ID DIGITS

static const char *const bearers[][2] = {
    {"Bearer x", "x"}, {"bearer  x ", "x"},   {" BEARER " KEY, KEY},
    {"Basic x", NULL}, {"Bearer", NULL},      {"", NULL},
    {"Bearerx", NULL}, {"Bearer a b", "a b"}, {"x Bearer y", NULL},
};

START_TEST(bearer_is_behind_its_scheme)
{
    const struct ry_keys_span key = ry_keys_bearer(bearers[_i][0]);
    const char *wanted = bearers[_i][1];
    ck_assert_int_eq(key.at == NULL, wanted == NULL);
    if (wanted != NULL) {
        ck_assert_uint_eq(key.bytes, strlen(wanted));
        ck_assert_int_eq(memcmp(key.at, wanted, key.bytes), 0);
    }
}
END_TEST

static const char *const protocols[][2] = {
    {"royale.v1, " KEY, KEY},
    {KEY, KEY},
    {"royale.v1", NULL},
    {"", NULL},
    {",,", NULL},
    {"ryk_", NULL},
    {"ryk_1,ryk_2", "ryk_1"},
    {"RYK_1", NULL},
    {"a b , ryk_x ", "ryk_x"},
};

START_TEST(a_key_is_one_of_the_protocols)
{
    const struct ry_keys_span key = ry_keys_of_protocols(protocols[_i][0]);
    const char *wanted = protocols[_i][1];
    ck_assert_int_eq(key.at == NULL, wanted == NULL);
    if (wanted != NULL) {
        ck_assert_uint_eq(key.bytes, strlen(wanted));
        ck_assert_int_eq(memcmp(key.at, wanted, key.bytes), 0);
    }
}
END_TEST

static const struct {
    const char *host;
    bool local;
} hosts[] = {
    {"localhost", true},
    {"localhost:9474", true},
    {"LocalHost:1", true},
    {"127.0.0.1:9474", true},
    {"[::1]:9474", true},
    {"[::1]", true},
    {"127.0.0.1.evil.example", false},
    {"localhost.evil.example:80", false},
    {"evil.example", false},
    {"", false},
    {":80", false},
    {"::1", false},
    {"[::1", false},
    {"[::1]x", false},
    {"localhost:80x", false},
    {"localhost@evil", false},
    {"127.0.0.2", false},
    {"localhost, evil.example", false},
};

START_TEST(host_is_this_machine_or_not)
{
    ck_assert_int_eq(ry_keys_host_is_local(hosts[_i].host), hosts[_i].local);
}
END_TEST

static const struct {
    const char *origin, *host;
    bool same;
} origins[] = {
    {"http://127.0.0.1:9474", "127.0.0.1:9474", true},
    {"https://box.example", "box.example", true},
    {"https://box.example", "box.example:443", true},
    {"https://box.example:443", "box.example", true},
    {"http://box.example", "BOX.example:80", true},
    {"https://box.example:8443", "box.example:8443", true},
    {"http://[::1]:9474", "[::1]:9474", true},
    {"https://box.example", "box.example:80", false},
    {"https://box.example:8443", "box.example", false},
    {"https://evil.example", "box.example", false},
    {"https://box.example.evil", "box.example", false},
    {"null", "null", false},
    {"null", "box.example", false},
    {"", "", false},
    {"https://", "", false},
    {"ftp://box.example", "box.example", false},
    {"https://box.example/", "box.example", false},
    {"https://box.example", NULL, false},
};

START_TEST(origin_is_the_host_or_not)
{
    ck_assert_int_eq(ry_keys_origin_is_host(origins[_i].origin, origins[_i].host),
                     origins[_i].same);
}
END_TEST

static const char *const forwards[][2] = {
    {"192.0.2.7", "192.0.2.7"},
    {"10.0.0.1, 192.0.2.7", "192.0.2.7"},
    {" 192.0.2.7 ", "192.0.2.7"},
    {"192.0.2.7:4711", "192.0.2.7"},
    {"2001:db8::1", "2001:db8::1"},
    {"[2001:db8::1]:80", "2001:db8::1"},
    {"[2001:db8::1]", "2001:db8::1"},
    {"for=192.0.2.7", "192.0.2.7"},
    {"For=\"[2001:db8::1]:4711\";proto=https", "2001:db8::1"},
    {"for=10.0.0.1, proto=https;for=192.0.2.7;by=10.0.0.9", "192.0.2.7"},
    {"for=\"a,b\", for=192.0.2.7", "192.0.2.7"},
    {"for=192.0.2.7;;", "192.0.2.7"},
    {"for=192.0.2.7; ; ;by=x", "192.0.2.7"},
    {";;", NULL},
    {"a;;b; ;", NULL},
    {"for=_hidden", NULL},
    {"for=unknown", NULL},
    {"1.1 proxy.example", NULL},
    {"https", NULL},
    {"", NULL},
    {",", NULL},
    {"for=", NULL},
    {"for=\"", NULL},
    {"[", NULL},
    {"[]", NULL},
    {"192.0.2.7,", NULL},
    {"256.0.0.1", NULL},
};

START_TEST(the_last_forwarded_address_counts)
{
    struct ry_keys_address address;
    char text[RY_KEYS_ADDRESS_BYTES];
    const char *wanted = forwards[_i][1];
    ck_assert_int_eq(ry_keys_forwarded_for(forwards[_i][0], &address), wanted != NULL);
    if (wanted != NULL)
        ck_assert_str_eq(ry_keys_address_text(text, &address), wanted);
}
END_TEST

static const struct {
    const char *text;
    bool six, local;
} peers[] = {
    {"127.0.0.1", false, true}, {"127.9.9.9", false, true},       {"128.0.0.1", false, false},
    {"::1", true, true},        {"::ffff:127.0.0.1", true, true}, {"::ffff:192.0.2.7", true, false},
    {"fe80::1", true, false},   {"0.0.0.0", false, false},        {"::", true, false},
};

START_TEST(peers_are_local_or_not)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct ry_keys_address address;
    void *where = peers[_i].six ? (void *)&six.sin6_addr : (void *)&four.sin_addr;
    ck_assert_int_eq(inet_pton(peers[_i].six ? AF_INET6 : AF_INET, peers[_i].text, where), 1);
    ck_assert(ry_keys_address_of(peers[_i].six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
                                 &address));
    ck_assert_int_eq(ry_keys_address_is_local(&address), peers[_i].local);
}
END_TEST

START_TEST(a_peer_without_an_address_has_none)
{
    const struct sockaddr unix_socket = {.sa_family = AF_UNIX};
    struct ry_keys_address address;
    ck_assert(!ry_keys_address_of(NULL, &address));
    ck_assert(!ry_keys_address_of(&unix_socket, &address));
}
END_TEST

/* ---- keys ------------------------------------------------------------------------------------ */

START_TEST(a_key_has_its_form_and_no_other)
{
    static const char others[] = {'g', 'Z', ' ', 0, '_'};
    char text[RY_KEYS_KEY_BYTES + 1] = KEY;
    ck_assert(ry_keys_is_key(text, RY_KEYS_KEY_DIGITS));
    ck_assert(!ry_keys_is_key(text, RY_KEYS_KEY_DIGITS - 1));
    for (unsigned i = 0; i < RY_KEYS_KEY_DIGITS; i++) {
        const char was = text[i];
        for (const char *other = others; other < &others[sizeof others]; other++) {
            text[i] = *other;
            ck_assert_int_eq(ry_keys_is_key(text, RY_KEYS_KEY_DIGITS), was == *other);
        }
        text[i] = was;
    }
}
END_TEST

START_TEST(made_keys_are_keys_and_differ)
{
    char id[RY_KEYS_ID_BYTES], a[RY_KEYS_KEY_BYTES], b[RY_KEYS_KEY_BYTES];
    unsigned char first[RY_KEYS_HASH_BYTES], second[RY_KEYS_HASH_BYTES];
    ry_keys_make_id(id);
    ry_keys_make(a, id);
    ry_keys_make(b, id);
    ck_assert(ry_keys_is_key(a, strlen(a)) && ry_keys_is_key(b, strlen(b)));
    ck_assert_int_eq(memcmp(a, b, strlen("ryk_") + 8), 0);
    ck_assert_str_ne(a, b);
    ry_keys_hash(first, a);
    ry_keys_hash(second, b);
    ck_assert_int_ne(memcmp(first, second, sizeof first), 0);
    ry_keys_hash(second, a);
    ck_assert_int_eq(memcmp(first, second, sizeof first), 0);
}
END_TEST

START_TEST(secrets_become_stars)
{
    char out[256];
    const char *text = "/v1/" KEY "/x";
    ry_keys_without_secrets(out, sizeof out, text, strlen(text));
    ck_assert_ptr_null(strstr(out, "01234567"));
    ck_assert_ptr_nonnull(strstr(out, "/v1/" ID "****"));
    ck_assert_ptr_nonnull(strstr(out, "*/x"));
    ck_assert_uint_eq(strlen(out), strlen(text));
    ry_keys_without_secrets(out, 6, text, strlen(text));
    ck_assert_str_eq(out, "/v1/r");
    ry_keys_without_secrets(out, sizeof out, "/v1/battles", 11);
    ck_assert_str_eq(out, "/v1/battles");
}
END_TEST

static Suite *credentials(void)
{
    Suite *suite = suite_create("keys_credentials");
    TCase *tests = tcase_create("credentials");
#define EACH(test, table)                                                                          \
    tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof *(table)))
    EACH(bearer_is_behind_its_scheme, bearers);
    EACH(a_key_is_one_of_the_protocols, protocols);
    EACH(host_is_this_machine_or_not, hosts);
    EACH(origin_is_the_host_or_not, origins);
    EACH(the_last_forwarded_address_counts, forwards);
    EACH(peers_are_local_or_not, peers);
    tcase_add_test(tests, a_peer_without_an_address_has_none);
    tcase_add_test(tests, a_key_has_its_form_and_no_other);
    tcase_add_test(tests, made_keys_are_keys_and_differ);
    tcase_add_test(tests, secrets_become_stars);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(credentials)
