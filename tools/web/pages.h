/*
 * The page's files: read once when the server starts, and answered from memory, also compressed.
 *
 * They lie in $ROYALE_PAGE, else in share/royale/page (tools/place). A name below assets/
 * has a hash of its contents in it (the page's build sees to that) and may be kept for good; others
 * are asked for again by their etag. No path of a request ever reaches the file system.
 */
#ifndef RY_TOOLS_WEB_PAGES_H
#define RY_TOOLS_WEB_PAGES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define RY_WEB_PAGES_MAX          256
#define RY_WEB_PAGES_BYTES_MAX    (64u << 20) /* of all files together */
#define RY_WEB_PAGE_PATH_BYTES    256
#define RY_WEB_PAGES_FOLDER_BYTES (PATH_MAX + 8)
#define RY_WEB_ETAG_BYTES         32

struct MHD_Response;

struct ry_web_page {
    char path[RY_WEB_PAGE_PATH_BYTES];               /* "/assets/index-4fa3.js" */
    char etag[RY_WEB_ETAG_BYTES];                    /* with its quotes */
    struct MHD_Response *plain, *packed, *unchanged; /* packed NULL: it is not smaller */
};

struct ry_web_pages {
    unsigned count; /* 0: no page was built */
    size_t bytes;
    struct ry_web_page page[RY_WEB_PAGES_MAX];
};

/* Where the files lie. */
void ry_web_pages_folder(char folder[RY_WEB_PAGES_FOLDER_BYTES]);

/* Reads them. 0, also if there is no such folder; -1: what is wrong with it is said in `why`. */
int ry_web_pages_open(struct ry_web_pages *pages, const char *folder, char *why, size_t why_bytes);
void ry_web_pages_close(struct ry_web_pages *pages);

/* NULL: there is none. "/" is "/index.html". */
const struct ry_web_page *ry_web_pages_find(const struct ry_web_pages *pages, const char *path);

#endif
