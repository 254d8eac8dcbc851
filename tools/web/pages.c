#include "tools/web/pages.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>

#include "tools/place/place.h"
#include "tools/web/answer.h"

#define ENVIRONMENT "ROYALE_PAGE"
#define PAGE        "page"
#define INDEX       "/index.html"
#define HASHED      "/assets/"
#define FOREVER     "public, max-age=31536000, immutable"
#define ASK_AGAIN   "no-cache"
#define DEPTH_MAX   4  /* of folders */
#define GZIP_WINDOW 31 /* 15 bits, and 16 for gzip's header */
#define GZIP_LEVEL  9
#define GZIP_MEMORY 9
#define PACK_FROM   256 /* bytes: a smaller file gains nothing */
#define CONTENT_CSP                                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "                   \
    "frame-ancestors 'none'"

struct bytes {
    char *at;
    size_t count;
};

void ry_web_pages_folder(char folder[RY_WEB_PAGES_FOLDER_BYTES])
{
    char share[PATH_MAX];
    const char *told = getenv(ENVIRONMENT);
    if (told != NULL && told[0] != '\0')
        snprintf(folder, RY_WEB_PAGES_FOLDER_BYTES, "%s", told);
    else if (ry_place_find(RY_PLACE_SHARE, share) == 0)
        snprintf(folder, RY_WEB_PAGES_FOLDER_BYTES, "%s/" PAGE, share);
    else
        snprintf(folder, RY_WEB_PAGES_FOLDER_BYTES, PAGE);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *dot = strrchr(path, '.');
    for (unsigned i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i].end) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static bool read_file(const char *path, size_t size, struct bytes *bytes)
{
    FILE *file = fopen(path, "rb");
    bytes->at = file != NULL ? malloc(size + 1) : NULL;
    bytes->count = bytes->at != NULL ? fread(bytes->at, 1, size, file) : 0;
    const bool whole = bytes->at != NULL && bytes->count == size;
    if (file != NULL)
        fclose(file);
    if (!whole)
        free(bytes->at);
    return whole;
}

/* False: it is not worth it, or there is no memory; then it goes out as it is. */
static bool pack(struct bytes *packed, const struct bytes *plain)
{
    z_stream stream = {0};
    *packed = (struct bytes){NULL, 0};
    if (plain->count < PACK_FROM || deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
                                                 GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    stream.next_in = (Bytef *)plain->at;
    stream.avail_in = (uInt)plain->count;
    stream.avail_out = (uInt)(plain->count - plain->count / 8); /* what an eighth is less than */
    packed->at = malloc(stream.avail_out);
    stream.next_out = (Bytef *)packed->at;
    const bool done = packed->at != NULL && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed->count = stream.total_out;
    (void)deflateEnd(&stream);
    if (!done)
        free(packed->at);
    return done;
}

/* ---- its answers ----------------------------------------------------------------------------- */

static struct MHD_Response *answer_of(const struct ry_web_page *page, struct bytes bytes)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(bytes.count, bytes.at, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(bytes.at);
        return NULL;
    }
    const bool hashed = strncmp(page->path, HASHED, strlen(HASHED)) == 0;
    ry_web_describe(response, type_of(page->path), hashed ? FOREVER : ASK_AGAIN, CONTENT_CSP);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, page->etag);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return response;
}

static bool make(struct ry_web_page *page, struct bytes plain)
{
    struct bytes packed;
    snprintf(page->etag, sizeof page->etag, "\"%016llx\"",
             (unsigned long long)XXH64(plain.at, plain.count, 0));
    if (pack(&packed, &plain)) {
        page->packed = answer_of(page, packed);
        if (page->packed != NULL)
            (void)MHD_add_response_header(page->packed, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    page->unchanged = answer_of(page, (struct bytes){calloc(1, 1), 0});
    page->plain = answer_of(page, plain);
    return page->plain != NULL && page->unchanged != NULL;
}

static int fail(char *why, size_t why_bytes, const char *path, const char *what)
{
    snprintf(why, why_bytes, "%s: %s", path, what);
    return -1;
}

static int add(struct ry_web_pages *pages, const char *file, const char *path, size_t size,
               char *why, size_t why_bytes)
{
    struct bytes plain;
    if (pages->count == RY_WEB_PAGES_MAX || strlen(path) >= RY_WEB_PAGE_PATH_BYTES)
        return fail(why, why_bytes, file, "too many files of the page, or too long a name");
    if (size > RY_WEB_PAGES_BYTES_MAX - pages->bytes)
        return fail(why, why_bytes, file, "the page's files are too large");
    if (!read_file(file, size, &plain))
        return fail(why, why_bytes, file, strerror(errno));
    struct ry_web_page *page = &pages->page[pages->count++];
    snprintf(page->path, sizeof page->path, "%s", path);
    pages->bytes += size;
    return make(page, plain) ? 0 : fail(why, why_bytes, file, "no memory");
}

/* ---- folders --------------------------------------------------------------------------------- */

static int read_folder(struct ry_web_pages *pages, const char *folder, const char *below,
                       unsigned depth, char *why, size_t why_bytes);

static int read_entry(struct ry_web_pages *pages, const char *folder, const char *below,
                      const char *name, unsigned depth, char *why, size_t why_bytes)
{
    char file[PATH_MAX], path[PATH_MAX];
    struct stat status;
    if (name[0] == '.')
        return 0;
    if ((size_t)snprintf(file, sizeof file, "%s/%s", folder, name) >= sizeof file ||
        (size_t)snprintf(path, sizeof path, "%s/%s", below, name) >= sizeof path)
        return fail(why, why_bytes, folder, "too long a path");
    if (stat(file, &status) != 0)
        return fail(why, why_bytes, file, strerror(errno));
    if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
        return read_folder(pages, file, path, depth + 1, why, why_bytes);
    return S_ISREG(status.st_mode) ? add(pages, file, path, (size_t)status.st_size, why, why_bytes)
                                   : 0;
}

static int read_folder(struct ry_web_pages *pages, const char *folder, const char *below,
                       unsigned depth, char *why, size_t why_bytes)
{
    const struct dirent *entry;
    int result = 0;
    DIR *all = opendir(folder);
    if (all == NULL)
        return errno == ENOENT && depth == 0 ? 0 : fail(why, why_bytes, folder, strerror(errno));
    while (result == 0 && (entry = readdir(all)) != NULL)
        result = read_entry(pages, folder, below, entry->d_name, depth, why, why_bytes);
    closedir(all);
    return result;
}

int ry_web_pages_open(struct ry_web_pages *pages, const char *folder, char *why, size_t why_bytes)
{
    *pages = (struct ry_web_pages){.count = 0};
    if (read_folder(pages, folder, "", 0, why, why_bytes) == 0)
        return 0;
    ry_web_pages_close(pages);
    return -1;
}

void ry_web_pages_close(struct ry_web_pages *pages)
{
    for (unsigned i = 0; i < pages->count; i++) {
        struct MHD_Response *const all[] = {pages->page[i].plain, pages->page[i].packed,
                                            pages->page[i].unchanged};
        for (unsigned j = 0; j < sizeof all / sizeof *all; j++)
            if (all[j] != NULL)
                MHD_destroy_response(all[j]);
    }
    pages->count = 0;
}

const struct ry_web_page *ry_web_pages_find(const struct ry_web_pages *pages, const char *path)
{
    if (strcmp(path, "/") == 0)
        path = INDEX;
    for (unsigned i = 0; i < pages->count; i++)
        if (strcmp(pages->page[i].path, path) == 0)
            return &pages->page[i];
    return NULL;
}
