/*
 * The page around a battle's answers: index.html of the built page, its one script and its one
 * style sheet written into it, and a policy that names them by their hashes and allows nothing
 * else.
 */
#ifndef RY_TOOLS_PAGE_HTML_H
#define RY_TOOLS_PAGE_HTML_H

#include <stdbool.h>
#include <stdio.h>

struct ry_page_html {
    char *head, *tail; /* each ends with its NUL */
};

/* From the folder with the built page. False: `why` says what is wrong. */
bool ry_page_html_read(struct ry_page_html *html, const char *folder, char *why, size_t why_bytes);

/* What stands before the answers, which tools/page/store.h writes, and what stands behind them. */
void ry_page_html_begin(const struct ry_page_html *html, const char *battle, FILE *out);
void ry_page_html_end(const struct ry_page_html *html, FILE *out);
void ry_page_html_free(struct ry_page_html *html);

#endif
