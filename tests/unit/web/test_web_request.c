/* What comes from outside: the header Accept, and the address to listen on. */
#include "tests/support/test.h"

#include <string.h>

#include "tools/web/accept.h"
#include "tools/web/listen.h"

#define OPEN "application/openmetrics-text"

static const struct {
    const char *header;
    enum ry_web_format format;
} accepts[] = {
    {"", RY_WEB_PROMETHEUS},
    {"*/*", RY_WEB_PROMETHEUS},
    {"application/*", RY_WEB_PROMETHEUS},
    {"text/html", RY_WEB_PROMETHEUS},
    {OPEN, RY_WEB_OPENMETRICS},
    {"Application/OpenMetrics-Text ; Version=1.0.0", RY_WEB_OPENMETRICS},
    {OPEN ";version=\"1.0.0\"", RY_WEB_OPENMETRICS},
    {OPEN ";version=0.0.1", RY_WEB_PROMETHEUS},
    {OPEN ";version=1.0.0,text/plain;version=0.0.4", RY_WEB_OPENMETRICS},
    /* as Prometheus 2.42 and 3 ask */
    {OPEN ";version=1.0.0," OPEN ";version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
     RY_WEB_OPENMETRICS},
    {OPEN ";version=1.0.0;escaping=allow-utf-8;q=0.5," OPEN
          ";version=0.0.1;q=0.4,text/plain;version=1.0.0;"
          "escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
     RY_WEB_OPENMETRICS},
    {OPEN ";q=0.5,text/plain", RY_WEB_PROMETHEUS},
    {OPEN ";q=0.5,text/plain;q=0.499", RY_WEB_OPENMETRICS},
    {OPEN ";q=0.5,text/*;q=0.6", RY_WEB_PROMETHEUS},
    {OPEN ";q=0.5,*/*;q=0.6", RY_WEB_PROMETHEUS},
    {OPEN ";q=0.5,text/plain;q=0.1,*/*", RY_WEB_OPENMETRICS}, /* the exact range counts */
    {OPEN ";q=0", RY_WEB_PROMETHEUS},
    {OPEN ";q=0.000", RY_WEB_PROMETHEUS},
    {OPEN ";q=1.5", RY_WEB_PROMETHEUS},
    {OPEN ";q=0.1234", RY_WEB_PROMETHEUS},
    {OPEN ";q=x", RY_WEB_PROMETHEUS},
    {OPEN ";q=", RY_WEB_PROMETHEUS},
    {"text/plain;a=\"," OPEN ",\"", RY_WEB_PROMETHEUS}, /* within quotes */
    {"text/plain;q=0.1;a=\"\\\",\"," OPEN, RY_WEB_OPENMETRICS},
    {",,;;=,\"," OPEN, RY_WEB_PROMETHEUS},
    {" , " OPEN " ,", RY_WEB_OPENMETRICS},
};

START_TEST(accept_chooses_the_format)
{
    ck_assert_int_eq(ry_web_accept(accepts[_i].header, strlen(accepts[_i].header)),
                     accepts[_i].format);
}
END_TEST

static const struct {
    const char *text;
    bool is, loopback;
} addresses[] = {
    {"127.0.0.1:9474", true, true},
    {"127.1.2.3:1", true, true},
    {"[::1]:9474", true, true},
    {"localhost:65535", true, true},
    {"0.0.0.0:9474", true, false},
    {"[::]:9474", true, false},
    {"192.0.2.7:80", true, false},
    {"[2001:db8::1]:80", true, false},
    {"127.0.0.1:0", true, true},
    {"", false, false},
    {":9474", false, false},
    {"127.0.0.1", false, false},
    {"127.0.0.1:", false, false},
    {"127.0.0.1:65536", false, false},
    {"127.0.0.1:9474x", false, false},
    {"127.0.0.1:-1", false, false},
    {"::1:9474", false, false},
    {"[127.0.0.1]:80", false, false},
    {"[::1:80", false, false},
    {"example.org:80", false, false},
    {"127.1:80", false, false},
    {"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc]:80", false, false},
};

START_TEST(an_address_is_read_or_refused)
{
    struct ry_web_address address;
    ck_assert_int_eq(ry_web_address_read(&address, addresses[_i].text), addresses[_i].is);
    if (addresses[_i].is)
        ck_assert_int_eq(address.loopback, addresses[_i].loopback);
}
END_TEST

START_TEST(an_address_is_written_as_in_a_url)
{
    struct ry_web_address address;
    char text[RY_WEB_ADDRESS_BYTES];
    ck_assert(ry_web_address_read(&address, "[0:0:0:0:0:0:0:1]:80"));
    ck_assert_str_eq(ry_web_address_text(text, &address), "[::1]:80");
    ck_assert(ry_web_address_read(&address, "localhost:8080"));
    ck_assert_str_eq(ry_web_address_text(text, &address), "127.0.0.1:8080");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_request");
    TCase *t = tcase_create("web_request");
    tcase_add_loop_test(t, accept_chooses_the_format, 0, sizeof accepts / sizeof *accepts);
    tcase_add_loop_test(t, an_address_is_read_or_refused, 0, sizeof addresses / sizeof *addresses);
    tcase_add_test(t, an_address_is_written_as_in_a_url);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
