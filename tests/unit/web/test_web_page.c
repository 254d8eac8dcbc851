/* The page's files, the handshake of a WebSocket, and slow visitors. */
#include "tests/support/test.h"

#include <limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/web/handshake.h"
#include "tools/web/pages.h"
#include "tools/web/visitors.h"

/* ---- files ----------------------------------------------------------------------------------- */

static char folder[] = "/tmp/web_page_XXXXXX";

static void write_file(const char *name, const char *text, unsigned times)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (unsigned i = 0; i < times; i++)
        fputs(text, file);
    fclose(file);
}

static void make_folder(void)
{
    char path[PATH_MAX];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/assets", folder);
    ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void remove_folder(void)
{
    char command[PATH_MAX];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static const char *header(struct MHD_Response *response, const char *name)
{
    const char *value = MHD_get_response_header(response, name);
    return value != NULL ? value : "";
}

START_TEST(files_are_read_once)
{
    static struct ry_web_pages pages;
    char why[PATH_MAX + 64] = "";
    make_folder();
    write_file("index.html", "<p>", 1000);
    write_file("assets/a-1f.js", "x", 10);
    write_file(".hidden", "x", 1);
    ck_assert_int_eq(ry_web_pages_open(&pages, folder, why, sizeof why), 0);
    remove_folder();
    const struct ry_web_page *page = ry_web_pages_find(&pages, "/"),
                             *asset = ry_web_pages_find(&pages, "/assets/a-1f.js");
    ck_assert_uint_eq(pages.count, 2);
    ck_assert_ptr_eq(page, ry_web_pages_find(&pages, "/index.html"));
    ck_assert_ptr_nonnull(page->packed);
    ck_assert_ptr_null(asset->packed); /* nothing would be gained */
    ck_assert_str_eq(header(page->packed, "Content-Encoding"), "gzip");
    ck_assert_str_eq(header(page->plain, "Content-Encoding"), "");
    ck_assert_str_eq(header(page->plain, "Content-Type"), "text/html; charset=utf-8");
    ck_assert_str_eq(header(page->plain, "Cache-Control"), "no-cache");
    ck_assert_str_eq(header(page->plain, "ETag"), page->etag);
    ck_assert_str_eq(header(asset->plain, "Cache-Control"), "public, max-age=31536000, immutable");
    ck_assert_str_ne(page->etag, asset->etag);
    static const char *const wanted[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
         "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'"}};
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_str_eq(header(page->packed, wanted[i][0]), wanted[i][1]);
    static const char *const nowhere[] = {"/.hidden", "/..", "/assets",    "/assets/",
                                          "",         "//",  "/index.htm", "/assets/../index.html"};
    for (unsigned i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        ck_assert_ptr_null(ry_web_pages_find(&pages, nowhere[i]));
    ry_web_pages_close(&pages);
}
END_TEST

START_TEST(a_page_that_is_not_built_is_no_mistake)
{
    static struct ry_web_pages pages;
    char why[RY_WEB_PAGES_FOLDER_BYTES] = "";
    ck_assert_int_eq(ry_web_pages_open(&pages, "/nonexistent/page", why, sizeof why), 0);
    ck_assert_uint_eq(pages.count, 0);
    ck_assert_ptr_null(ry_web_pages_find(&pages, "/"));
    ck_assert_int_eq(ry_web_pages_open(&pages, "/dev/null", why, sizeof why), -1);
    ck_assert_str_ne(why, "");
    setenv("ROYALE_PAGE", "/somewhere", 1);
    ry_web_pages_folder(why);
    ck_assert_str_eq(why, "/somewhere");
    unsetenv("ROYALE_PAGE");
    ry_web_pages_folder(why);
    ck_assert_ptr_nonnull(strstr(why, "/share/royale/page"));
}
END_TEST

/* ---- the handshake --------------------------------------------------------------------------- */

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static const struct {
    struct ry_web_handshake asked;
    enum ry_web_greeting greeting;
} greetings[] = {
    {{"websocket", "Upgrade", KEY, "13"}, RY_WEB_GREETING_OK},
    {{"WebSocket", "keep-alive, upgrade", KEY, "13"}, RY_WEB_GREETING_OK},
    {{"h2c, websocket", ",,Upgrade ,", KEY, "13"}, RY_WEB_GREETING_OK},
    {{NULL, "Upgrade", KEY, "13"}, RY_WEB_GREETING_NONE},
    {{"h2c", "Upgrade", KEY, "13"}, RY_WEB_GREETING_NONE},
    {{"websockets", "Upgrade", KEY, "13"}, RY_WEB_GREETING_NONE},
    {{"", "", "", ""}, RY_WEB_GREETING_NONE},
    {{"websocket", NULL, KEY, "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "close", KEY, "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", NULL, "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", "", "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ=", "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ===", "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", "dGhlIHNhbXBsZSBub25j!Q==", "13"}, RY_WEB_GREETING_WRONG},
    {{"websocket", "Upgrade", KEY, "8"}, RY_WEB_GREETING_VERSION},
    {{"websocket", "Upgrade", KEY, NULL}, RY_WEB_GREETING_VERSION},
};

START_TEST(a_handshake_is_judged)
{
    ck_assert_int_eq(ry_web_handshake_judge(&greetings[_i].asked), greetings[_i].greeting);
}
END_TEST

/* The example of RFC 6455, 1.3. */
START_TEST(a_handshake_is_answered)
{
    char accept[RY_WEB_ACCEPT_BYTES];
    ry_web_handshake_accept(accept, KEY);
    ck_assert_str_eq(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
END_TEST

/* ---- visitors -------------------------------------------------------------------------------- */

static bool is_shut(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

START_TEST(who_does_not_ask_in_time_is_shut)
{
    struct ry_web_visitors visitors;
    struct ry_web_visitor *visitor[3];
    int fd[3][2];
    ry_web_visitors_open(&visitors);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd[i]), 0);
        visitor[i] = ry_web_visitor_new(&visitors, fd[i][0], 1 + i);
    }
    ry_web_visitor_asked(visitor[1]);
    ry_web_visitors_look(&visitors, RY_WEB_REQUEST_NS);
    ck_assert(!is_shut(fd[0][1]));
    ry_web_visitors_look(&visitors, RY_WEB_REQUEST_NS + 2);
    ck_assert(is_shut(fd[0][1]));
    ck_assert(!is_shut(fd[1][1]) && !is_shut(fd[2][1]));
    ry_web_visitor_waits(&visitors, visitor[1], 10 + RY_WEB_REQUEST_NS);
    ry_web_visitors_look(&visitors, RY_WEB_REQUEST_NS + 3);
    ck_assert(!is_shut(fd[1][1]) && is_shut(fd[2][1]));
    ry_web_visitors_look(&visitors, 10 + 2 * RY_WEB_REQUEST_NS);
    ck_assert(is_shut(fd[1][1]));
    ck_assert_uint_eq(visitors.slow, 3);
    for (unsigned i = 0; i < 3; i++) {
        ry_web_visitor_free(visitor[i]);
        close(fd[i][0]);
        close(fd[i][1]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_page");
    TCase *t = tcase_create("web_page");
    tcase_add_test(t, files_are_read_once);
    tcase_add_test(t, a_page_that_is_not_built_is_no_mistake);
    tcase_add_loop_test(t, a_handshake_is_judged, 0, sizeof greetings / sizeof *greetings);
    tcase_add_test(t, a_handshake_is_answered);
    tcase_add_test(t, who_does_not_ask_in_time_is_shut);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
