/*
 * `royale export html`: a finished battle as one page that opens from a folder, without a server.
 *
 * The page is the one that royale-web serves, with its script and its styles inside, and a policy
 * (Content-Security-Policy) that lets it load nothing else. What it shows are answers of the API
 * (tools/api) to the questions that it would ask a server, asked when the file is written; the file
 * holds them packed (tools/page/store.h). tools/web/page/src/source/file.ts reads it.
 *
 * The same battle gives the same bytes.
 */
#ifndef RY_TOOLS_PAGE_PAGE_H
#define RY_TOOLS_PAGE_PAGE_H

/* The command line of `royale export html`: argv[0] is the command's name. `page` is the folder
 * with the built page. Returns the exit code; what failed is said. */
int ry_page_main(int argc, char **argv, const char *page);

#endif
