/* The file of a battle: its answers packed, and the page around them. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/page/html.h"
#include "tools/page/store.h"

#define LARGE (3u * RY_PAGE_PACKED_BYTES + 7)

static struct ry_page_store store; /* large */

/* Bytes that do not pack well. */
static void fill(uint8_t *bytes, size_t count)
{
    uint32_t seed = 1;
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

/* What the letters hold, as a browser unpacks them; the caller's to free. */
static uint8_t *unpack(const char *text, size_t *bytes)
{
    uint8_t *packed = malloc(strlen(text)), *out = malloc(2 * LARGE);
    size_t count;
    z_stream z = {.next_in = packed};
    ck_assert_int_eq(sodium_base642bin(packed, strlen(text), text, strlen(text), NULL, &count, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
    z.avail_in = (uInt)count;
    z.next_out = out;
    z.avail_out = 2 * LARGE;
    ck_assert_int_eq(inflateInit2(&z, 31), Z_OK);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    *bytes = z.total_out;
    ck_assert_int_eq(inflateEnd(&z), Z_OK);
    free(packed);
    return out;
}

START_TEST(answers_come_back)
{
    char *text = NULL;
    size_t letters, bytes;
    uint8_t *large = malloc(LARGE);
    FILE *out = open_memstream(&text, &letters);
    fill(large, LARGE);
    ck_assert(ry_page_store_open(&store, out));
    ry_page_store_put(&store, "depth/X", large, LARGE);
    ry_page_store_put(&store, "", "{}", 2);
    ck_assert(ry_page_store_close(&store));
    ck_assert_int_eq(fclose(out), 0);
    uint8_t *back = unpack(text, &bytes);
    ck_assert_uint_eq(bytes, 8 + 7 + LARGE + 8 + 2);
    ck_assert_mem_eq(back, "\7\0\0\0", 4);
    ck_assert_uint_eq(back[4] | back[5] << 8 | back[6] << 16, LARGE);
    ck_assert_mem_eq(back + 8, "depth/X", 7);
    ck_assert_mem_eq(back + 15, large, LARGE);
    ck_assert_mem_eq(back + 15 + LARGE, "\0\0\0\0\2\0\0\0{}", 10);
    ck_assert_uint_eq(store.bytes, LARGE + 2);
    free(back);
    free(text);
    free(large);
}
END_TEST

START_TEST(a_disk_that_is_full_is_seen)
{
    FILE *out = fopen("/dev/full", "w");
    uint8_t *large = malloc(LARGE);
    ck_assert_ptr_nonnull(out);
    setvbuf(out, NULL, _IONBF, 0);
    fill(large, LARGE);
    ck_assert(ry_page_store_open(&store, out));
    ry_page_store_put(&store, "x", large, LARGE);
    ck_assert(!ry_page_store_close(&store));
    (void)fclose(out);
    free(large);
}
END_TEST

/* ---- the page ------------------------------------------------------------------------------ */

static char folder[] = "/tmp/royale-page-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    ck_assert_int_eq(fclose(out), 0);
}

static void make_folder(const char *index)
{
    snprintf(folder, sizeof folder, "/tmp/royale-page-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_file("index.html", index);
    write_file("a.js", "say('</script><!-- x');");
    write_file("b.css", "p { color: red }");
}

static void remove_folder(void)
{
    static const char *const names[] = {"index.html", "a.js", "b.css", ""};
    for (unsigned i = 0; i < 4; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)remove(path);
    }
}

/* The words between the first `begin` and the `end` behind it are allowed by their hash. */
static void is_allowed(const char *page, const char *begin, const char *end, const char *policy)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    char hash[64], wanted[128];
    const char *from = strstr(page, begin) + strlen(begin), *to = strstr(from, end);
    crypto_hash_sha256(digest, (const uint8_t *)from, (size_t)(to - from));
    sodium_bin2base64(hash, sizeof hash, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    snprintf(wanted, sizeof wanted, "%s 'sha256-%s'", policy, hash);
    ck_assert_msg(strstr(page, wanted) != NULL, "no %s in %s", wanted, page);
}

START_TEST(the_page_has_all_inside)
{
    struct ry_page_html html;
    char why[256] = "", *page = NULL;
    size_t bytes;
    make_folder(
        "<head>\n<meta charset=\"utf-8\">\n<script type=\"module\" crossorigin src=\"./a.js\"></script>\n"
        "<link rel=\"stylesheet\" crossorigin href=\"./b.css\">\n</head><body><p></p></body>\n");
    ck_assert_msg(ry_page_html_read(&html, folder, why, sizeof why), "%s", why);
    FILE *out = open_memstream(&page, &bytes);
    ry_page_html_begin(&html, "a\"<b>&", out);
    fputs("ANSWERS", out);
    ry_page_html_end(&html, out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_ptr_null(strstr(page, "a.js"));
    ck_assert_ptr_null(strstr(page, "b.css"));
    ck_assert_ptr_nonnull(strstr(page, "data-battle=\"a&quot;&lt;b>&amp;\">ANSWERS</script>"));
    ck_assert_ptr_nonnull(strstr(page, "say('<\\/script><\\!-- x');"));
    ck_assert_ptr_nonnull(strstr(page, "default-src 'none'"));
    is_allowed(page, "<script type=\"module\">", "</script>", "script-src");
    is_allowed(page, "<style>", "</style>", "style-src");
    ck_assert(strstr(page, "Content-Security-Policy") < strstr(page, "<style>"));
    free(page);
    ry_page_html_free(&html);
    remove_folder();
}
END_TEST

START_TEST(a_page_of_another_build_is_refused)
{
    struct ry_page_html html;
    char why[256] = "";
    make_folder("<head><meta charset=\"utf-8\"></head><body></body>");
    ck_assert(!ry_page_html_read(&html, folder, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "another royale"));
    remove_folder();
    ck_assert(!ry_page_html_read(&html, "/nowhere", why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "/nowhere/index.html"));
}
END_TEST

static Suite *page_file(void)
{
    Suite *suite = suite_create("page_file");
    TCase *tests = tcase_create("file");
    tcase_add_test(tests, answers_come_back);
    tcase_add_test(tests, a_disk_that_is_full_is_seen);
    tcase_add_test(tests, the_page_has_all_inside);
    tcase_add_test(tests, a_page_of_another_build_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(page_file)
